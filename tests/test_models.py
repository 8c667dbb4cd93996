"""What all models share: parameters, schedules, runs, sweeps, cohorts, and every refusal."""

import math
import subprocess
import sys
from dataclasses import FrozenInstanceError, dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cancerres_kit as ck
from cancerres_kit import models
from cancerres_kit.models import (
    Model,
    Parameter,
    Schedule,
    Source,
    adaptive,
    continuous,
    none,
    pulsed,
    sequential,
    simultaneous,
    sweeps,
)
from cancerres_kit.models.parameters import parameter, refusal

OWN = Source("", "made up", "own value")
PAPER = Source("10.1000/a", "Table 1", "text read")
FAMILIES = pytest.mark.parametrize("name", models.FAMILIES)


@dataclass(frozen=True)
class Coin(Model):
    """A model that tosses a coin for every patient, and a burden that shrinks by the dose."""

    NAME: ClassVar[str] = "coin"
    TITLE: ClassVar[str] = "A coin"
    CAVEATS: ClassVar[tuple[str, ...]] = ("It is a coin.",)
    SOURCES: ClassVar[tuple[Source, ...]] = (PAPER,)
    DRUGS: ClassVar[tuple[str, ...]] = ("drug", "other")
    COMPARTMENTS: ClassVar[tuple[str, ...]] = ("tumour", "marker")
    UNITS: ClassVar[tuple[str, ...]] = ("cells", "ng/mL")
    EXACT: ClassVar[tuple[str, ...]] = ("chance",)

    bias: float = parameter(0.5, unit="fraction", low=0, high=1, source=PAPER, label="Bias")
    rate: float = parameter(
        0.1, unit="1/day", low=0, high=10, open_low=True, scale="log", source=OWN, label="Rate"
    )
    sites: float = parameter(
        3, unit="sites", low=0, high=9, scale="integer", source=OWN, label="Sites"
    )

    def chance(self, *, tosses: int, other: float = 1.0) -> float:
        return other * self.bias**tosses

    def _check(self):
        if self.bias == self.rate:
            raise refusal("bias", self.bias, unit="", allowed="unlike rate", remedy="change one")

    def _simulate(self, schedule, times, patients, generator):
        noise = generator.random((patients, 1, 1))
        doses = np.array([sum(self._doses(schedule, t, 1.0)) for t in times])
        return noise * np.exp(-doses)[None, :, None] * np.ones(2)

    def _outcomes(self, schedule, t_end, patients, generator):  # noqa: ARG002
        failed = generator.random(patients) < self.bias
        return {"failed": failed, "ttp_days": np.where(failed, t_end / 2, np.nan)}


COIN = Coin()


def refused(message, call, *args, **kwargs):
    with pytest.raises(ck.DataError) as caught:
        call(*args, **kwargs)
    assert str(caught.value) == message


# --- Sources and parameters


def test_source_says_place_and_grade():
    assert PAPER.text == "doi:10.1000/a, Table 1 (published; the text was read)"
    assert Source("", "", "recalled").text == "recalled, not checked in the original"
    assert [Source("", "", grade).is_published for grade in models.parameters.GRADES] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_source_with_another_grade_is_refused():
    with pytest.raises(ck.DataError, match="unknown grade of a source 'read'"):
        Source("", "", "read")


def test_parameter_carries_everything_about_a_number():
    assert COIN.parameters["rate"] == Parameter(
        "rate", 0.1, "1/day", 0, 10, "log", OWN, "Rate", open_low=True
    )
    assert COIN.with_(rate=1).parameters["rate"].value == 1


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"bias": 1.5},
            "bias = 1.5 [fraction] is not allowed; allowed: from 0 to 1; try 1",
        ),
        ({"bias": -1}, "bias = -1 [fraction] is not allowed; allowed: from 0 to 1; try 0"),
        (
            {"rate": 0},
            "rate = 0 [1/day] is not allowed; allowed: above 0 to 10; give a number in this range",
        ),
        (
            {"sites": 2.4},
            "sites = 2.4 [sites] is not allowed; allowed: a whole number from 0 to 9; try 2",
        ),
        (
            {"bias": math.nan},
            "bias = nan [fraction] is not allowed; allowed: from 0 to 1; give one number",
        ),
        (
            {"bias": "a half"},
            "bias = 'a half' [fraction] is not allowed; allowed: from 0 to 1; give one number",
        ),
        (
            {"rate": math.inf},
            "rate = inf [1/day] is not allowed; allowed: above 0 to 10; give one number",
        ),
        (
            {"bias": True},
            "bias = 1 [fraction] is not allowed; allowed: from 0 to 1; give one number",
        ),
        (
            {"bias": 0.25, "rate": 0.25},
            "bias = 0.25 is not allowed; allowed: unlike rate; change one",
        ),
    ],
)
def test_number_without_meaning_is_refused(values, message):
    refused(message, Coin, **values)
    refused(message, COIN.with_, **values)


def test_whole_numbers_stay_whole_and_numpy_numbers_are_taken():
    model = Coin(sites=np.float64(4), bias=np.float32(0.25))
    assert type(model.sites) is int
    assert type(model.bias) is float


def test_scale_and_default_are_checked_where_a_model_is_written():
    with pytest.raises(ck.DataError, match="unknown scale 'logs'; nearest: 'log'"):
        parameter(1, unit="", low=0, high=1, source=OWN, label="", scale="logs")
    with pytest.raises(ck.DataError, match="default = 2 is not allowed; allowed: from 0 to 1"):
        parameter(2, unit="", low=0, high=1, source=OWN, label="")


# --- Models


def test_model_is_frozen_and_with_makes_another():
    with pytest.raises(FrozenInstanceError):
        COIN.bias = 0.2
    assert COIN.with_(bias=0.2).bias == 0.2
    assert COIN.bias == 0.5


def test_unknown_parameter_names_the_nearest():
    with pytest.raises(ck.DataError, match="unknown parameter of coin 'bais'; nearest: 'bias'"):
        COIN.with_(bais=0.2)


def test_model_shows_what_it_rests_on():
    assert COIN.caveats == (models.NOTICE, "It is a coin.")
    assert COIN.sources == (PAPER, OWN)
    table = COIN.with_(bias=0.2).table()
    assert list(table.columns) == [
        *("name", "label", "value", "unit", "low", "high", "scale"),
        *("is_default", "source", "grade"),
    ]
    assert list(table["is_default"]) == [False, True, True]


def test_run_is_a_tidy_frame():
    frame = COIN.simulate(continuous("drug"), 10, patients=2, seed=1, times=[0, 10])
    assert list(frame.columns) == [
        *("model", "patient", "time_days", "compartment", "value", "unit"),
    ]
    assert list(frame["patient"]) == [1] * 4 + [2] * 4
    assert list(frame["time_days"]) == [0, 10] * 4
    assert list(frame["compartment"]) == ["tumour", "tumour", "marker", "marker"] * 2
    assert list(frame["unit"]) == ["cells", "cells", "ng/mL", "ng/mL"] * 2
    assert set(frame["model"]) == {"coin"}


def test_run_keeps_201_times_unless_asked():
    times = COIN.simulate(none(), 10, seed=1)["time_days"].unique()
    assert list(times) == list(np.linspace(0, 10, 201))


def test_outcomes_have_a_row_per_patient():
    frame = COIN.outcomes(none(), 10, patients=5, seed=1)
    assert list(frame.columns) == ["model", "patient", "failed", "ttp_days"]
    assert list(frame["patient"]) == [1, 2, 3, 4, 5]
    assert frame["failed"].dtype == bool
    assert frame["ttp_days"].isna().equals(~frame["failed"])


def test_seed_makes_runs_repeatable():
    first, again, other = (COIN.outcomes(none(), 1, patients=50, seed=s) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"schedule": "continuous"},
            "a schedule is made by continuous, pulsed, ... or Schedule, not 'continuous'",
        ),
        (
            {"schedule": continuous("drog")},
            "unknown drug of coin 'drog'; nearest: 'drug'; allowed: 'drug', 'other'",
        ),
        (
            {"t_end": 0},
            "t_end = 0 [days] is not allowed; allowed: above 0; give a positive number",
        ),
        (
            {"t_end": "long"},
            "t_end = 'long' [days] is not allowed; allowed: above 0; give a positive number",
        ),
        (
            {"t_end": math.inf},
            "t_end = inf [days] is not allowed; allowed: above 0; give a positive number",
        ),
        (
            {"patients": 0},
            (
                "patients = 0 is not allowed; allowed: a whole number from 1 to 1000000; "
                "give a number in this range"
            ),
        ),
        (
            {"patients": 2.5},
            (
                "patients = 2.5 is not allowed; allowed: a whole number from 1 to 1000000; "
                "give a number in this range"
            ),
        ),
        (
            {"seed": -1},
            (
                "seed = -1 is not allowed; allowed: a whole number from 0 to "
                f"{2**128 - 1}; give a number in this range"
            ),
        ),
    ],
)
def test_run_without_meaning_is_refused(changed, message):
    asked = {"schedule": none(), "t_end": 10.0, "patients": 1, "seed": 1} | changed
    schedule, t_end = asked.pop("schedule"), asked.pop("t_end")
    refused(message, COIN.simulate, schedule, t_end, **asked)
    refused(message, COIN.outcomes, schedule, t_end, **asked)


@pytest.mark.parametrize("times", [[], [3, 2], [1, 1], [-1, 2], [0, 11], [0, math.nan], "now", 3])
def test_times_outside_the_run_or_out_of_order_are_refused(times):
    message = r"times = .* \[days\] is not allowed; allowed: ascending numbers from 0 to t_end = 10"
    with pytest.raises(ck.DataError, match=message):
        COIN.simulate(none(), 10, times=times)


def test_run_that_would_fill_the_memory_is_refused():
    message = (
        r"patients x times x compartments = 40200000 \[rows\] is not allowed; "
        "allowed: up to 20000000; keep fewer times, or use outcomes"
    )
    with pytest.raises(ck.DataError, match=message):
        COIN.simulate(none(), 10, patients=100_000)


def test_drug_that_a_rule_invents_is_refused():
    schedule = Schedule(rule=lambda _t, _burden, _state: {"drog": 1})
    with pytest.raises(ck.DataError, match="unknown drug of coin 'drog'; nearest: 'drug'"):
        COIN.simulate(schedule, 1)


def test_exact_asks_the_method_by_name():
    assert COIN.exact("chance", tosses=2) == 0.25
    refused(
        "unknown exact quantity of coin 'chanse'; nearest: 'chance'; allowed: 'chance'",
        COIN.exact,
        "chanse",
    )
    refused(
        "unknown condition of chance 'toses'; nearest: 'tosses'; allowed: 'tosses', 'other'",
        COIN.exact,
        "chance",
        toses=2,
    )
    refused("chance needs tosses; give exact('chance', tosses=...)", COIN.exact, "chance")


def test_model_without_equations_says_so():
    with pytest.raises(NotImplementedError):
        Model().outcomes(none(), 1)
    with pytest.raises(NotImplementedError):
        Model().simulate(none(), 1)


# --- Schedules


def test_intervals_give_doses_from_their_first_day_on():
    schedule = Schedule([(0, 10, {"drug": 1}), (10, 20, {"drug": 0.5, "other": 2})])
    assert schedule.drugs == ("drug", "other")
    assert schedule.doses(0) == {"drug": 1}
    assert schedule.doses(10) == {"drug": 0.5, "other": 2}
    assert schedule.doses(20) == {}
    assert schedule.switches(15) == [10]
    assert schedule.switches(100) == [10, 20]
    assert [piece[:2] for piece in schedule.segments(30)] == [(0, 10), (10, 20), (20, 30)]


def test_schedule_keeps_no_dict_of_others():
    doses = {"drug": 1}
    schedule = Schedule([(0, 10, doses)])
    doses["drug"] = 9
    schedule.doses(1)["drug"] = 9
    assert schedule.doses(1) == {"drug": 1}


def test_makers_do_what_they_say():
    assert none().doses(5) == {}
    assert continuous("drug", "other", dose=0.5).doses(1e6) == {"drug": 0.5, "other": 0.5}
    assert simultaneous("drug", "other").doses(3) == {"drug": 1, "other": 1}
    after = sequential("drug", "other", switch=30)
    assert (after.doses(29.9), after.doses(30), after.doses(1e5)) == (
        {"drug": 1},
        {"other": 1},
        {"other": 1},
    )
    pulse = pulsed("drug", on=2, off=3)
    assert [bool(pulse.doses(day)) for day in range(10)] == [True, True, False, False, False] * 2
    assert pulse.switches(11) == [2, 5, 7, 10]
    assert continuous("drug").name == "drug continuously"


@settings(deadline=None)
@given(on=st.floats(0.01, 50), off=st.floats(0.01, 50))
def test_pulses_change_at_their_switches(on, off):
    schedule = pulsed("drug", on=on, off=off)
    switches = schedule.switches(20 * (on + off))
    assert [bool(schedule.doses(time)) for time in switches[:39]] == ([False, True] * 20)[:39]
    pieces = schedule.segments(3 * (on + off))
    assert sum(stop - start for start, stop, doses in pieces if doses) == pytest.approx(3 * on)


def test_adaptive_holds_back_until_the_tumour_is_back():
    schedule, state = adaptive("drug"), {}
    given = [schedule.doses(t, burden, state)["drug"] for t, burden in enumerate([1, 0.6, 0.5])]
    assert given == [1, 1, 0]
    given = [schedule.doses(t, burden, state)["drug"] for t, burden in enumerate([0.7, 1, 0.7])]
    assert given == [0, 1, 1]


def test_adaptive_decides_for_each_patient():
    schedule, state = adaptive("drug", dose=2), {}
    schedule.doses(0, np.array([1.0, 10.0]), state)
    assert list(schedule.doses(1, np.array([0.5, 6.0]), state)["drug"]) == [0, 2]


def test_rule_for_one_patient_serves_many():
    def rule(_t, burden, state):
        state["seen"] = state.get("seen", 0) + 1
        return {"drug": state["seen"]} if burden > state["start"] / 2 else {}

    schedule, state = Schedule(rule=rule, decide_every=7), {}
    assert list(schedule.doses(0, np.array([1.0, 8.0]), state)["drug"]) == [1, 1]
    assert list(schedule.doses(7, np.array([1.0, 3.0]), state)["drug"]) == [2, 0]
    assert schedule.switches(21) == [7, 14]
    assert schedule.drugs == ()


def test_same_schedules_are_equal():
    assert adaptive("drug") == adaptive("drug") != adaptive("drug", stop=0.3)
    assert pulsed("drug", on=1, off=2) == pulsed("drug", on=1, off=2)


@pytest.mark.parametrize(
    ("intervals", "message"),
    [
        (
            [(0, 10, {"drug": 1}), (5, 20, {"drug": 1})],
            (
                "start of interval 2 = 5 [days] is not allowed; allowed: from 10, where interval 1 "
                "stops; list intervals in order of time; drugs given together share one"
            ),
        ),
        (
            [(10, 5, {"drug": 1})],
            (
                "interval 1 = '10 to 5' [days] is not allowed; allowed: from 0 on, with the start "
                "before the stop; swap or correct the two days"
            ),
        ),
        (
            [(-1, 5, {"drug": 1})],
            (
                "interval 1 = '-1 to 5' [days] is not allowed; allowed: from 0 on, with the start "
                "before the stop; swap or correct the two days"
            ),
        ),
        (
            [(0, 5, {"drug": -1})],
            (
                "dose of drug on day 0 = -1 [full doses] is not allowed; allowed: finite and not "
                "negative; give 1 for the full dose, 0 for none"
            ),
        ),
        (
            [(0, 5, {"drug": math.inf})],
            (
                "dose of drug on day 0 = inf [full doses] is not allowed; allowed: finite and not "
                "negative; give 1 for the full dose, 0 for none"
            ),
        ),
        (
            [(0, 5, {"drug": "much"})],
            (
                "dose of drug on day 0 = 'much' [full doses] is not allowed; allowed: finite and "
                "not negative; give 1 for the full dose, 0 for none"
            ),
        ),
        ([(0, 5)], "interval 1 is (0, 5); write (from day, to day, {drug: dose})"),
        ([(0, 5, "drug")], "interval 1 is (0, 5, 'drug'); write (from day, to day, {drug: dose})"),
    ],
)
def test_interval_without_meaning_is_refused(intervals, message):
    refused(message, Schedule, intervals)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: Schedule([(0, 1, {})], rule=print),
            "a schedule has either intervals or one rule(t, burden, state)",
        ),
        (
            lambda: Schedule(rule="adaptive"),
            "a schedule has either intervals or one rule(t, burden, state)",
        ),
        (
            lambda: Schedule([(0, 9, {"drug": 1})], period=7),
            (
                "stop of the last interval = 9 [days] is not allowed; allowed: up to the period, "
                "7; shorten the interval or lengthen the period"
            ),
        ),
        (
            lambda: Schedule(decide_every=0),
            "decide_every = 0 [days] is not allowed; allowed: above 0; give a positive number",
        ),
        (
            lambda: pulsed("drug", on=0, off=1),
            "on = 0 [days] is not allowed; allowed: above 0; give a positive number",
        ),
        (
            lambda: sequential("drug", "other", switch=-3),
            "switch = -3 [days] is not allowed; allowed: above 0; give a positive number",
        ),
        (
            lambda: adaptive("drug", stop=1, resume=0.5),
            (
                "stop, resume = '1, 0.5' [fraction of the burden at the start] is not allowed; "
                "allowed: 0 <= stop < resume; try stop=0.5, resume=1"
            ),
        ),
        (
            lambda: continuous(),
            (
                "drugs are given by name, at least one, not as (); see the DRUGS of the model, or "
                "use none() for no treatment"
            ),
        ),
        (
            lambda: adaptive("drug").doses(3),
            (
                "schedule 'drug, off at 0.5, on again at 1 of the start' decides by the burden; "
                "give doses(t, burden)"
            ),
        ),
        (
            lambda: adaptive("drug").segments(3),
            (
                "schedule 'drug, off at 0.5, on again at 1 of the start' decides by the burden; "
                "this model needs fixed times: use continuous, sequential, simultaneous, pulsed or "
                "intervals"
            ),
        ),
        (
            lambda: Schedule(rule=lambda *_: 1).doses(3, 1.0),
            "doses on day 3 are 1; a rule returns {drug: dose}, {} for none",
        ),
        (
            lambda: pulsed("drug", on=0.001, off=0.001).switches(1e4),
            (
                "t_end = 10000 [days] is not allowed; allowed: up to 1000000 changes of dose; "
                "shorten the run, or lengthen the period or decide_every"
            ),
        ),
    ],
)
def test_schedule_without_meaning_is_refused(call, message):
    refused(message, call)


# --- Sweeps and cohorts


def test_sweep_asks_at_every_combination():
    grid = {"bias": [0.25, 0.75], "sites": [1, 2, 3]}
    found = models.sweep(COIN, None, grid, quantity="chance", tosses=1)
    assert list(found.columns) == ["bias", "sites", "model", "quantity", "value"]
    assert list(found["value"]) == [0.25] * 3 + [0.75] * 3


def test_sweep_follows_the_same_patients_everywhere():
    grid = {"bias": [0.25, 0.75]}
    found = models.sweep(COIN, none(), grid, t_end=1, patients=30, seed=3)
    assert list(found.columns) == ["bias", "model", "patient", "failed", "ttp_days"]
    few, many = (found.loc[found["bias"].eq(bias), "failed"].to_numpy() for bias in (0.25, 0.75))
    assert (few <= many).all()
    part = models.sweep(COIN, none(), {"bias": [0.75]}, t_end=1, patients=30, seed=3)
    assert list(part["failed"]) == list(many)


@pytest.mark.parametrize("piece", [1, 999, 1000, 2500, 10**6])
def test_cohort_does_not_depend_on_its_pieces(piece):
    whole = models.cohort(COIN, none(), t_end=1, patients=3500, seed=7)
    cut = models.cohort(COIN, none(), t_end=1, patients=3500, seed=7, piece=piece)
    pd.testing.assert_frame_equal(whole, cut)


def test_cohort_can_be_spread():
    whole = models.cohort(COIN, none(), t_end=1, patients=3500, seed=7)
    parts = [
        models.cohort(COIN, none(), t_end=1, patients=count, seed=7, first=first)
        for first, count in [(0, 2000), (2000, 1500)]
    ]
    pd.testing.assert_frame_equal(whole, pd.concat(parts, ignore_index=True))
    assert list(whole["patient"]) == list(range(1, 3501))


def test_patients_of_a_cohort_are_independent():
    found = models.cohort(COIN, none(), t_end=1, patients=100_000, seed=1)
    assert len(found) == 100_000
    share = found["failed"].mean()
    assert abs(share - 0.5) <= 3 * math.sqrt(0.25 / 100_000)
    blocks = found["failed"].to_numpy().reshape(100, 1000)
    assert len({block.tobytes() for block in blocks}) == 100


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: models.cohort(COIN, none(), t_end=1, first=1500),
            "first = 1500 [patients] is not allowed; allowed: multiples of 1000; try 1000",
        ),
        (
            lambda: models.cohort(COIN, none(), t_end=1, patients=2_000_000),
            (
                "patients = 2000000 is not allowed; allowed: a whole number from 1 to 1000000; "
                "give a number in this range"
            ),
        ),
        (lambda: models.sweep(COIN, none(), {}), "a grid is {name: values}, not {}"),
        (
            lambda: models.sweep(COIN, none(), {"bais": [1]}),
            "unknown parameter of coin 'bais'; nearest: 'bias'; allowed: 'bias', 'rate', 'sites'",
        ),
        (
            lambda: models.sweep(COIN, none(), {"bias": 0.5}),
            "grid gives bias as 0.5; give a list of numbers",
        ),
        (
            lambda: models.sweep(COIN, none(), {"bias": []}),
            "grid gives bias as []; give a list of numbers",
        ),
        (
            lambda: models.sweep(COIN, none(), {"bias": [0.1]}),
            "a sweep of patients needs a schedule and t_end; or name an exact quantity",
        ),
        (
            lambda: models.sweep(COIN, none(), {"bias": np.linspace(0, 1, 400)}, patients=10**5),
            (
                "combinations x patients = '400 x 100000' [rows] is not allowed; allowed: up to "
                "100000 combinations and 10000000 rows; take fewer values or fewer patients"
            ),
        ),
    ],
)
def test_sweep_without_meaning_is_refused(call, message):
    refused(message, call)


def test_progress_is_shown_only_where_it_takes_long(monkeypatch, capsys):
    monkeypatch.setattr(sweeps, "PATIENCE", 0.0)
    assert list(sweeps.shown([1, 2, 3], label="points", unit="point")) == [1, 2, 3]
    assert "points" in capsys.readouterr().err
    monkeypatch.undo()
    assert list(sweeps.shown([1, 2, 3], label="points", unit="point")) == [1, 2, 3]
    assert capsys.readouterr().err == ""


def test_without_the_progress_bar_nothing_is_lost(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert list(sweeps.shown([1, 2, 3], label="points", unit="point")) == [1, 2, 3]
    assert capsys.readouterr().err == ""


# --- The seven models


def test_catalogue_lists_the_models():
    found = models.catalogue()
    assert list(found["class_name"]) == list(models.FAMILIES)
    assert found["model"].is_unique
    assert found["title"].str.len().gt(0).all()
    assert found["n_parameters"].gt(0).all()


@FAMILIES
def test_model_states_what_a_learner_must_see(name):
    model = getattr(models, name)()
    assert name.lower() == model.NAME
    assert len(model.COMPARTMENTS) == len(model.UNITS)
    assert model.caveats[0] == models.NOTICE
    assert len(model.caveats) > 1
    assert model.sources
    table = model.table()
    assert table["label"].str.len().gt(0).all()
    assert table["is_default"].all()
    assert table["value"].between(table["low"], table["high"]).all()
    assert all(callable(getattr(model, quantity)) for quantity in model.EXACT)


@FAMILIES
def test_model_runs_with_its_defaults(name):
    model = getattr(models, name)()
    schedule = continuous(model.DRUGS[0]) if model.DRUGS else none()
    frame = model.simulate(schedule, 30, patients=2, seed=1, times=[0, 15, 30])
    assert len(frame) == 2 * 3 * len(model.COMPARTMENTS)
    assert np.isfinite(frame["value"]).all()
    assert (frame["value"] >= 0).all()
    pd.testing.assert_frame_equal(
        frame, model.simulate(schedule, 30, patients=2, seed=1, times=[0, 15, 30])
    )
    found = model.outcomes(schedule, 30, patients=3, seed=1)
    assert list(found.columns[:4]) == ["model", "patient", "failed", "ttp_days"]
    assert found["failed"].dtype == bool
    assert len(found) == 3
    assert set(found["model"]) == {model.NAME}


@FAMILIES
def test_model_refuses_every_number_beyond_its_range(name):
    model = getattr(models, name)()
    for key, each in model.parameters.items():
        for value in (each.high * 2 + 1, each.low - 1, math.nan, math.inf, "much"):
            with pytest.raises(ck.DataError, match=rf"^{key} = .*allowed: "):
                model.with_(**{key: value})


@FAMILIES
def test_model_refuses_a_drug_that_it_does_not_know(name):
    model = getattr(models, name)()
    with pytest.raises(ck.DataError, match=f"unknown drug of {model.NAME} 'snake_oil'"):
        model.outcomes(continuous("snake_oil"), 10)


# --- Import


def test_models_need_scipy_and_say_so():
    code = (
        "import sys; sys.modules['scipy'] = None\n"
        "import cancerres_kit as ck\n"
        "ck.models.pulsed('drug', on=1, off=1)\n"
        "try:\n    ck.models.Competition\n"
        "except ck.DataError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == (
        "Competition needs SciPy; run: pip install 'cancerres-kit[models]'"
    )


def test_misspelt_name_names_the_nearest():
    with pytest.raises(AttributeError, match="no attribute 'Competiton'; nearest: 'Competition'"):
        _ = models.Competiton


def test_names_are_listed_before_they_are_loaded():
    assert set(models.__all__) <= set(dir(models))


@pytest.mark.parametrize("name", models.FAMILIES)
def test_sweep_has_each_column_once(name):
    """A number that a family tells in its outcomes too is told by the grid alone."""
    model = getattr(models, name)()
    grid = {number: [each.value] for number, each in model.parameters.items()}
    found = sweeps.sweep(model, none(), grid, t_end=5)
    assert found.columns.is_unique
    assert list(found.columns[: len(grid)]) == list(grid)
    assert {"model", "patient", "failed", "ttp_days"} <= set(found.columns)


def test_sweep_can_be_grouped_by_its_grid():
    grid = {"n0": [0.3, 0.5], "cost": [0.0, 0.2]}
    found = sweeps.sweep(models.Competition(), continuous("drug"), grid, t_end=1000)
    assert found.groupby(["n0", "cost"]).size().tolist() == [1, 1, 1, 1]


def test_a_changed_number_does_not_rest_on_the_source_of_its_default():
    default = COIN.parameters["bias"].source
    source = COIN.with_(bias=0.2).parameters["bias"].source
    assert source == Source("", f"set here; default: {default.text}", "own value")
    assert source.text == f"set here; default: {default.text}"
    assert not source.is_published
    assert COIN.with_(bias=0.2).with_(bias=0.5).parameters["bias"].source == default
    table = COIN.with_(bias=0.2).table().set_index("name")
    assert table.loc["bias", "source"] == source.text
    assert table.loc["bias", "grade"] == "own value"


def test_a_parameter_needs_no_label():
    assert Parameter("x", 0.5, "", 0, 1, "linear", OWN).label == ""


@pytest.mark.parametrize(
    ("value", "low", "high", "scale", "message"),
    [
        (math.nan, 0, 1, "linear", "x = nan is not allowed; allowed: from 0 to 1"),
        (5, 0, 1, "linear", "x = 5 is not allowed; allowed: from 0 to 1; try 1"),
        (0.5, 0, 1, "logg", "unknown scale 'logg'; nearest: 'log'"),
        (0.5, 1, 0, "linear", "range of x = '1 to 0' is not allowed; .* low up to high"),
        (0.5, math.nan, 1, "linear", "range of x = 'nan to 1' is not allowed"),
        (0.5, "a", 1, "linear", "range of x = 'a to 1' is not allowed"),
    ],
)
def test_a_parameter_without_meaning_is_refused(value, low, high, scale, message):
    with pytest.raises(ck.DataError, match=message):
        Parameter("x", value, "", low, high, scale, OWN)
