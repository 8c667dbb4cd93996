"""The dosing explorer: comparison, your turn, and the runs and pictures that both rest on."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cancerres_kit as ck
from cancerres_kit.explorers import AdaptiveTherapy
from cancerres_kit.explorers.dosing_words import final, verdict
from cancerres_kit.models import Competition, adaptive, continuous
from cancerres_kit.models.contests import contest, monthly
from cancerres_kit.models.gains import along, over_grid, recomputed

SAMPLE = settings(
    deadline=None,
    max_examples=8,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
BUILT_IN = {"continuous": continuous("drug"), "adaptive": adaptive("drug")}


@pytest.fixture(scope="module")
def moved():
    """An explorer that every example finds where the last one left it."""
    return AdaptiveTherapy()


def shown(explorer):
    raw = explorer.figure.to_plotly_json()
    traces = [{key: value for key, value in one.items() if key != "uid"} for one in raw["data"]]
    return explorer.summary, explorer.outcomes.value, explorer.numbers.value, str(traces)


def press(explorer, words):
    """Press the button that says so."""
    row = explorer.doses.children[0]
    (button,) = [one for one in row.children if one.description == words]
    button.click()


# --- Runs side by side


@pytest.mark.parametrize("fraction", [0.001, 0.01, 0.1])
def test_a_contest_ends_where_outcomes_says(fraction):
    model = Competition(fR=fraction)
    found = contest(model, BUILT_IN).outcomes
    for name, schedule in BUILT_IN.items():
        told = model.outcomes(schedule, 1500.0).iloc[0]
        assert found.loc[name, "ttp_days"] == pytest.approx(told["ttp_days"], abs=1e-9)
        assert found.loc[name, "full_dose_days"] == pytest.approx(told["full_dose_days"], abs=1.01)


def test_courses_end_with_progression_and_add_up():
    found = contest(Competition(), BUILT_IN).courses
    wide = found.pivot(index=["series", "time_days"], columns="compartment", values="value")
    assert np.allclose(wide["burden"], wide["sensitive"] + wide["resistant"])
    last = wide["burden"].groupby("series").last()
    assert np.allclose(last, 1.2 * 0.75)
    assert wide["burden"].max() == pytest.approx(0.9)


def test_intervals_of_a_contest_hold_the_days_on_drug():
    found = contest(Competition(fR=0.001), {**BUILT_IN, "own": monthly([1, 0.5, 0])})
    rows = found.doses
    given_days = (rows["dose"] * (rows["stop_days"] - rows["start_days"])).groupby(rows["series"])
    assert np.allclose(
        given_days.sum(), found.outcomes["full_dose_days"].loc[given_days.sum().index]
    )
    own = rows[rows["series"].eq("own")]
    assert own["dose"].tolist() == [1.0, 0.5]
    assert own["stop_days"].tolist() == [30.0, 60.0]


def test_a_run_without_progression_says_so():
    found = contest(Competition(), {"continuous": continuous("drug")}, t_end=50).outcomes
    assert math.isnan(found["ttp_days"].iloc[0])
    assert found["end_days"].iloc[0] == 50


def test_room_falls_where_sensitive_cells_are_kept():
    room = contest(Competition(fR=0.001), BUILT_IN).outcomes["room_for_resistant"]
    assert room["adaptive"] < room["continuous"]
    free = contest(Competition(fR=0.001, alpha_rs=0.0), BUILT_IN).outcomes["room_for_resistant"]
    assert free["adaptive"] == pytest.approx(free["continuous"], abs=0.01)


def test_a_contest_needs_a_schedule():
    with pytest.raises(ck.DataError, match="needs a schedule"):
        contest(Competition(), {})


# --- Gains


def test_gains_win_vanish_and_lose():
    grid = {"n0": [0.75], "fR": [0.001, 0.1]}
    crowded, free = over_grid(Competition(), grid), over_grid(Competition(alpha_rs=0.0), grid)
    assert crowded["gain_days"].iloc[0] > 200
    assert crowded["gain_days"].iloc[1] == pytest.approx(0, abs=0.01)
    assert free["gain_days"].iloc[0] < -50
    assert crowded["has_paused"].tolist() == [True, False]  # the same course, day by day


def test_simulated_times_stand_beside_exact_ones():
    found = along(Competition(), "fR", [0.001, 0.01, 0.1])
    sides = found[found["series"].eq("continuous")].pivot(index="x", columns="kind", values="y")
    assert len(sides) == 3
    assert np.allclose(sides["simulated"], sides["exact"], atol=0.05)
    assert "exact" not in set(along(Competition(turnover=0.1), "fR", [0.01])["kind"])


def test_published_times_of_the_same_patient_stand_beside_ours():
    rows = recomputed(ck.load().published_numbers.query("model == 'adaptive_lv'").head(40))
    found = along(Competition(n0=0.25), "fR", [0.001, 0.01, 0.1], published=rows)
    sides = found[found["series"].eq("adaptive")].pivot(index="x", columns="kind", values="y")
    assert len(sides) == 3
    assert (sides["published"] - sides["simulated"]).between(0, 1).all()


def test_published_rows_are_computed_again():
    rows = ck.load().published_numbers.query("model == 'adaptive_lv'").head(12)
    found = recomputed(rows)
    assert (found["ours_days"] - found["value"]).abs().le(found["tolerance"]).all()
    with pytest.raises(ck.DataError, match="CT or AT"):
        recomputed(rows.assign(quantity="burden"))


# --- The map of gains


def test_the_map_tells_gain_and_loss_by_number_and_words():
    frame = pd.DataFrame({"x": [1, 2, 1], "y": [1, 1, 2], "value": [104.4, -4.26, np.nan]})
    figure = ck.figures.gain_map(frame, finding="F", x_label="X", y_label="Y", unit="days")
    texts = [note.text for note in figure.layout.annotations]
    assert texts == ["+104", "\u22124.3", "\u2013", "\u2013"]
    told = ck.figures.describe(figure)
    assert "1 gain, 1 lose" in told
    assert "Worst: \u22124.3 days at 2 and 1" in told
    assert figure.data[0].zmin == -figure.data[0].zmax


def test_the_map_of_nothing_and_of_the_wrong_frame():
    empty = pd.DataFrame(columns=["x", "y", "value"])
    figure = ck.figures.gain_map(empty, finding="F", x_label="X", y_label="Y", unit="days")
    assert "no gain to show" in ck.figures.describe(figure)
    with pytest.raises(ck.DataError, match="lacks 'value'"):
        ck.figures.gain_map(empty[["x", "y"]], finding="F", x_label="X", y_label="Y", unit="days")


# --- The explorer


@SAMPLE
@given(
    fraction=st.sampled_from([0.001, 0.01, 0.1]),
    every=st.sampled_from([1, 30, 60]),
    crowding=st.sampled_from([0.0, 1.0]),
    mode=st.sampled_from(["compare", "your_turn"]),
    doses=st.sampled_from(["", "1, 0.5", ", ".join(["1"] * 20)]),
)
def test_setting_controls_shows_what_building_shows(fraction, every, crowding, mode, doses, moved):
    numbers = {"fR": fraction, "every": every, "alpha_rs": crowding}
    for name, value in {**numbers, "mode": mode, "doses": doses}.items():
        getattr(moved, name).value = value
    assert shown(moved) == shown(AdaptiveTherapy(mode=mode, doses=doses, **numbers))


def test_it_has_one_figure_and_the_notice_under_it():
    explorer = AdaptiveTherapy()
    assert sum(isinstance(one, go.FigureWidget) for one in explorer.children) == 1
    assert ck.models.NOTICE in explorer.notice.value
    assert "8/6" not in explorer.assumptions.value  # no loss of capacity, no trap of time


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({"fR": 0.001}, "took the room"),
        ({"fR": 0.1}, "never fell"),
        ({"fR": 0.001, "alpha_rs": 0.0}, "hold nothing down"),
        ({"every": 60}, "grow back"),
        ({"turnover": 0.25}, "no burden can reach"),
        ({"n0": 0.4, "cost": 0.4, "turnover": 0.3}, "too short"),
    ],
)
def test_the_curve_is_explained(numbers, said):
    assert said in AdaptiveTherapy(**numbers).summary


def test_your_turn_hides_what_the_burden_is_made_of_until_the_end():
    explorer = AdaptiveTherapy(mode="your_turn")
    assert explorer.summary.startswith("Day 0")
    explorer.give(1, 0.5)
    assert explorer.summary.startswith("Month 2, half dose")
    assert len(explorer.figure.data) == 1
    assert "shown when the run is over" in explorer.outcomes.value
    explorer.give(*[1] * 20)
    assert explorer.summary.startswith("The run is over. You: progression on day")
    assert len(explorer.figure.data) == 5
    assert "continuous" in explorer.outcomes.value


def test_the_first_month_waits_on_an_axis_of_its_own_length():
    explorer = AdaptiveTherapy(mode="your_turn")
    assert tuple(explorer.figure.layout.xaxis.range) == (0, 30)
    explorer.give(1, 1)
    assert tuple(explorer.figure.layout.xaxis.range) == (0, 60)


def test_the_end_names_who_held_out_longer_and_who_did_not():
    days = {"you": 450.0, "continuous": 400.0, "adaptive": 450.2, "adaptive once a month": 480.0}
    told = final({name: {"ttp_days": day} for name, day in days.items()})
    assert told == (
        "You: progression on day 450, later than continuous, earlier than adaptive once a month"
    )
    days["adaptive"] = math.nan  # held out to the end of the follow-up
    told = final({name: {"ttp_days": day} for name, day in days.items()})
    assert told.endswith("earlier than adaptive and adaptive once a month")


def test_full_doses_every_month_are_continuous_treatment():
    model = Competition()
    days = contest(model, {**BUILT_IN, "own": monthly([1] * 20)}).outcomes["ttp_days"]
    assert days["own"] == pytest.approx(days["continuous"], abs=1e-6)


def test_buttons_give_undo_and_restart():
    explorer = AdaptiveTherapy(mode="your_turn")
    for words in ("Full dose", "Half dose", "No drug"):
        press(explorer, words)
    assert explorer.doses.value == "1, 0.5, 0"
    press(explorer, "Undo")
    assert explorer.doses.value == "1, 0.5"
    assert explorer.summary.startswith("Month 2")
    press(explorer, "Restart")
    assert explorer.doses.value == ""
    assert explorer.summary.startswith("Day 0")


def test_buttons_stop_at_the_end_of_the_run():
    explorer = AdaptiveTherapy(mode="your_turn", doses=", ".join(["0"] * 3))
    before = explorer.doses.value
    assert explorer.doses.is_over
    press(explorer, "Full dose")
    assert explorer.doses.value == before
    assert "run is over" in explorer.doses.children[2].value
    press(explorer, "Undo")
    assert explorer.doses.children[2].value == ""


def test_typed_doses_are_taken_or_refused_with_words():
    diary = AdaptiveTherapy(mode="your_turn").doses
    field = diary.children[1]
    field.value = "1 .5,0"
    assert diary.value == field.value == "1, 0.5, 0"
    field.value = "plenty"
    assert diary.value == field.value == "1, 0.5, 0"
    assert "separated by commas" in diary.children[2].value


@pytest.mark.parametrize("wrong", ["2", "-1", "nan", "one", ", ".join(["1"] * 31)])
def test_doses_that_are_none_are_refused(wrong):
    explorer = AdaptiveTherapy()
    with pytest.raises(ck.DataError, match="from 0 \\(none\\) to 1"):
        explorer.doses.value = wrong
    assert explorer.doses.value == ""


def test_the_diary_shows_in_your_turn_only_and_reset_empties_it():
    explorer = AdaptiveTherapy()
    assert explorer.doses.layout.display == "none"
    explorer.give(1)
    assert explorer.doses.layout.display is None
    explorer.reset()
    assert (explorer.mode.value, explorer.doses.value) == ("compare", "")
    assert explorer.doses.layout.display == "none"


def test_what_does_not_exist_is_refused():
    with pytest.raises(ck.DataError, match="cost"):
        AdaptiveTherapy(costs=0.1)
    with pytest.raises(ck.DataError, match="your_turn"):
        AdaptiveTherapy(mode="my_turn")


def test_the_patient_is_called_virtual():
    for day in (400.0, 450.0, 350.0):
        fates = {"continuous": {"ttp_days": 400.0}, "adaptive": {"ttp_days": day}}
        assert verdict(fates).endswith("for this virtual patient")
