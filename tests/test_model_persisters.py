"""What lesson 32 asks of the plasticity model: frames, the last cell, and cells one by one."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

import cancerres_kit as ck
from cancerres_kit.models import Plasticity, Schedule, adaptive, continuous, none, pulsed
from cancerres_kit.models.cell_events import last_days
from cancerres_kit.models.extinction import Events, chance_none_left, chances_none_left
from cancerres_kit.models.plasticity_rates import exponentials

MODEL = Plasticity()
PLANS = {"no pause": continuous("drug"), "with pauses": pulsed("drug", on=7, off=3)}
RATE = st.floats(-2, 2)
SWITCH = st.one_of(st.just(0.0), st.floats(1e-6, 1))


# --- The closed form of the exponential


@given(one=RATE, two=RATE, back=SWITCH, turn=SWITCH, time=st.floats(0, 20))
@settings(max_examples=80, deadline=None)
def test_exponentials_agree_with_a_general_routine(one, two, back, turn, time):
    matrix = np.array([[one, back], [turn, two]])
    found = exponentials(matrix, [time, 2 * time])
    assert (found >= 0).all()
    for value, length in zip(found, (time, 2 * time), strict=True):
        exact = expm(length * matrix)
        assert value == pytest.approx(exact, rel=1e-6, abs=1e-9 * exact.max())


def test_exponentials_of_equal_and_of_separate_kinds():
    assert exponentials(np.zeros((2, 2)), 5.0) == pytest.approx(np.eye(2))
    assert exponentials(np.diag([-800.0, 1.0]), 1.0) == pytest.approx(np.diag([0, math.e]))


# --- Survivors, kill and return, pulses, answers


def test_offspring_of_survivors_are_sensitive_again():
    told = MODEL.rechallenge(days=9, pause=21)
    first, second = told["survivors_percent"]
    assert first == pytest.approx(100 * MODEL.surviving_fraction(days=9))
    assert second == pytest.approx(first, rel=0.01)
    before, back = told["tolerant_before_percent"]
    assert before == pytest.approx(100 * MODEL.persister_fraction())
    assert back == pytest.approx(before, rel=0.01)
    assert (told["tolerant_after_percent"] > 90).all()


def test_kill_or_return_is_measured_as_it_is_computed():
    found = MODEL.kill_or_return([0.5, 1, 2, 4], runs=[0.5, 1, 2, 4])
    wide = found.pivot(index=["series", "x"], columns="kind", values="y")
    assert wide["simulated"].to_numpy() == pytest.approx(wide["exact"].to_numpy(), rel=1e-3)
    exact = wide["exact"]
    assert exact["kill", 4] == pytest.approx(exact["kill", 1], rel=0.01)
    assert exact["return", 4] == pytest.approx(4 * exact["return", 1], rel=0.01)


def test_a_run_that_loses_its_last_cell_is_left_out():
    found = MODEL.with_(c_drug=0.2).kill_or_return([1], runs=[1, 2])
    kept = found.query("series == 'return' and kind == 'simulated'")["x"]
    assert kept.tolist() == [1]


def test_panels_are_the_maps_of_their_tumours():
    found = MODEL.pulse_panels({"a": {}, "b": {"c_drug": 0.1}}, on=[1, 7], off=[1.5, 3])
    assert found["panel"].tolist() == ["a"] * 4 + ["b"] * 4
    row = found.query("panel == 'a' and on_days == 7 and off_days == 3").iloc[0]
    assert row["growth_rate_per_day"] == pytest.approx(MODEL.pulse_rate(on=7, off=3))
    assert row["no_pause_per_day"] == MODEL.growth_rate(drug=1)
    primed = MODEL.pulse_panels({"a": {}}, on=[7], off=[3], priming=1).iloc[0]
    assert primed["growth_rate_per_day"] == pytest.approx(MODEL.pulse_rate(on=7, off=3, priming=1))


def test_pauses_gain_nothing_where_return_is_as_fast_on_the_drug():
    wide = MODEL.pulse_limits([0.01, 0.05, 0.1, 0.2]).pivot(index="x", columns="series", values="y")
    gain = wide["no pause"] - wide["best pulse"]
    assert (gain[[0.01, 0.05]] > 0.02).all()
    assert (gain[[0.1, 0.2]] < 0).all()


def test_pauses_lose_in_many_tumours_whose_drug_changes_no_switching_but_the_return():
    rng = np.random.default_rng(7)
    for _ in range(200):
        c, a = 10 ** rng.uniform(-3, 0), 10 ** rng.uniform(-5, -1)
        model = Plasticity(
            lambda_s=10 ** rng.uniform(-1.5, 0.3),
            lambda_p=rng.uniform(-0.1, 0.3),
            k=10 ** rng.uniform(-0.5, 1),
            a=a,
            a_drug=a,
            c=c,
            c_drug=c * 10 ** rng.uniform(0, 1),
        )
        assert model.best_pulse()["growth_rate_per_day"] > model.growth_rate(drug=1) - 1e-4


def test_a_drug_that_makes_growing_cells_tolerant_is_the_exception():
    model = Plasticity(
        lambda_s=0.13, lambda_p=0.27, k=0.43, a=1e-4, a_drug=0.54, c=0.12, c_drug=0.14
    )
    assert model.best_pulse()["growth_rate_per_day"] < model.growth_rate(drug=1) - 0.01


def test_answers_fail_one_after_the_other():
    found = MODEL.answers([0, 0.1, 0.3]).pivot(index="x", columns="series", values="y")
    shrinks = (found < 0).sum().to_dict()
    assert shrinks == {
        "best pulse": 1,
        "drug alone": 1,
        "with epigenetic drug": 2,
        "with second drug": 3,
    }


def test_numbers_of_the_atlas_come_out_again():
    numbers = ck.load().published_numbers.query("model == 'plasticity'")
    again = MODEL.recomputed(numbers)
    assert len(again) == 5
    assert again["agrees"].all()
    assert (again["grade"] == "own value").all()
    wrong = MODEL.recomputed(numbers.assign(value=1.0))
    assert not wrong["agrees"].any()


# --- Courses and doses


def test_compared_runs_are_the_runs_of_each_schedule():
    found = MODEL.compared(PLANS, 30, points=4)
    assert found["series"].unique().tolist() == list(PLANS)
    run = MODEL.simulate(PLANS["with pauses"], 30, times=[0, 10, 20, 30])
    total = run.groupby("time_days")["value"].sum()
    mine = found.query("series == 'with pauses' and compartment == 'all cells'")
    assert mine["value"].tolist() == pytest.approx(total.tolist())


def test_a_run_with_too_many_cells_ends_early():
    found = MODEL.compared({"none": none()}, 200, most=1e9, points=5)
    last = found["time_days"].max()
    assert 5 < last < 20
    assert found["value"].max() <= 1e9


def test_doses_list_touching_pieces_once():
    primed = pulsed("drug", on=7, off=3, beside=("priming",))
    found = MODEL.doses(primed, 25)
    rows = found[["drug", "start_days", "stop_days"]].to_numpy().tolist()
    assert ["priming", 0.0, 25.0] in rows
    assert [row for row in rows if row[0] == "drug"] == [
        ["drug", 0.0, 7.0],
        ["drug", 10.0, 17.0],
        ["drug", 20.0, 25.0],
    ]
    assert MODEL.schedule_rate(schedule=primed) == pytest.approx(
        MODEL.pulse_rate(on=7, off=3, priming=1)
    )


# --- The last cell


def test_cycles_add_up_to_the_whole_time():
    events = Events((0.5, 0.1), (1.5, 0.1), (0.01, 0.05))
    each = chances_none_left([(2.0, events)], [20, 5], cycles=3)
    assert each == pytest.approx(
        [chance_none_left([(2.0 * n, events)], [20, 5]) for n in (1, 2, 3)], rel=1e-4
    )


def test_clearance_curve_is_clearance_at_the_end_of_cycles():
    found = MODEL.clearance_curve(PLANS, 360)
    for name, schedule in PLANS.items():
        curve = found[found["series"] == name]
        day, chance = curve[["x", "y"]].iloc[-1]
        exact = MODEL.clearance(schedule=schedule, days=day)
        assert chance == pytest.approx(exact, rel=1e-3)
        assert curve["y"].is_monotonic_increasing


def test_tumours_followed_cell_by_cell_agree_with_the_curve():
    """Intervals of 95 % hold the exact chance, but for one in twenty."""
    found = MODEL.with_(cells=1500).clearance_curve(PLANS, 150, patients=200, seed=3)
    marks = found.query("kind == 'simulated'")
    assert marks["holds"].mean() > 0.85
    again = MODEL.with_(cells=1500).clearance_curve(PLANS, 150, patients=200, seed=3)
    assert again["y"].tolist() == found["y"].tolist()


def test_cells_that_only_die_are_gone_when_they_should_be():
    events = Events((0.0, 0.0), (1.0, 1.0), (0.0, 0.0))
    days = last_days([(50.0, events)], [1, 0], 4000, np.random.default_rng(1))
    assert days.mean() == pytest.approx(1.0, abs=3 / math.sqrt(4000))


def test_cells_without_events_stay_and_no_cells_are_gone_at_once():
    still = Events((0.0, 0.0), (0.0, 0.0), (0.0, 0.0))
    rng = np.random.default_rng(1)
    assert np.isinf(last_days([(9.0, still)], [3, 2], 5, rng)).all()
    assert (last_days([(9.0, still)], [0, 0], 5, rng) == 0).all()


def test_a_growing_tumour_is_not_followed_for_ever():
    events = Events((1.0, 1.0), (0.0, 0.0), (0.1, 0.1))
    days = last_days([(1000.0, events)], [5, 5], 20, np.random.default_rng(1))
    assert np.isinf(days).all()


def test_vanishing_finds_the_first_day_below_one_cell():
    few = MODEL.with_(cells=2000)
    found = few.vanishing(continuous("drug"), days=400)
    assert found["cells"] < 1 < few.cells * few.surviving_fraction(days=found["day"] - 1)
    assert found["chance"] == few.clearance(schedule=continuous("drug"), days=found["day"])
    assert few.vanishing(none(), days=10)["day"] == 10


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        (Schedule(((3.0, 9.0, {"drug": 1.0}),), name="once"), "constant doses, or pulses"),
        (adaptive("drug"), "fixed times"),
        (continuous("drgu"), "nearest: 'drug'"),
    ],
)
def test_a_curve_needs_cycles(schedule, said):
    with pytest.raises(ck.schema.DataError, match=said):
        MODEL.clearance_curve({"x": schedule}, 30)
