"""Plasticity: the regression set, pulses that help and that do not, and chance at the end."""

import math

import numpy as np
import pandas as pd
import published
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

import cancerres_kit as ck
from cancerres_kit.models import (
    Plasticity,
    Schedule,
    adaptive,
    continuous,
    none,
    pulsed,
    simultaneous,
    sweep,
)

MODEL = Plasticity()
DRUG = continuous("drug")
GRID = np.arange(0.5, 15.1, 0.5)
RATES = st.floats(0.001, 1.0)
BYPASS = Plasticity(lambda_p=0.2, a_drug=0.05)


def cells(model, schedule, times):
    """Average numbers (sensitive, tolerant) at some times."""
    run = model.simulate(schedule, times[-1], times=times)
    wide = run.pivot(index="time_days", columns="compartment", values="value")
    return wide[["sensitive", "tolerant"]].to_numpy()


# --- Own regression set: lambda_s .5, lambda_p 0, k 1.5, a .001, c .1 without and .02 on the drug


@pytest.mark.parametrize("row", published.rows("plasticity"))
def test_regression_set(row):
    own = {name: value for name, value in row.parameters.items() if name in MODEL.parameters}
    asked = {name: value for name, value in row.parameters.items() if name not in own}
    assert row.equals(MODEL.with_(**own).exact(row.quantity, **asked))


def test_best_pulse_of_the_regression_set():
    best = MODEL.best_pulse(GRID, GRID)
    assert (best["on_days"], best["off_days"]) == (1.0, 1.5)
    assert best["growth_rate_per_day"] == pytest.approx(-0.066, abs=5e-4)
    table = MODEL.pulse_map(GRID, GRID)
    assert len(table) == len(GRID) ** 2
    row = table.query("on_days == 7 and off_days == 3").iloc[0]
    assert row["growth_rate_per_day"] == pytest.approx(MODEL.pulse_rate(on=7, off=3), abs=1e-12)


# --- When pulses help, and when they do not


def test_pulses_help_where_persisters_return_only_without_drug():
    assert MODEL.best_pulse(GRID, GRID)["growth_rate_per_day"] < MODEL.growth_rate(drug=1)


def test_pulses_lose_where_persisters_return_on_the_drug_as_well():
    steady = MODEL.with_(c_drug=0.1)
    assert steady.best_pulse(GRID, GRID)["growth_rate_per_day"] > steady.growth_rate(drug=1)


def test_the_return_rate_matters_more_than_the_kill():
    kills = [MODEL.with_(k=k).growth_rate(drug=1) for k in (1.5, 3.0)]
    returns = [MODEL.with_(c_drug=c).growth_rate(drug=1) for c in (0.02, 0.04)]
    assert abs(kills[1] - kills[0]) < 1e-4
    assert returns[1] - returns[0] == pytest.approx(-0.02, abs=1e-3)


def test_priming_brings_persisters_back():
    assert MODEL.growth_rate(drug=1, priming=1) < MODEL.growth_rate(drug=1) - 0.1
    assert MODEL.persister_fraction(priming=1) < MODEL.persister_fraction()


def test_bypass_needs_a_second_drug_on_tolerant_cells():
    assert BYPASS.growth_rate(drug=1) > 0
    assert BYPASS.best_pulse(GRID, GRID)["growth_rate_per_day"] > 0
    assert BYPASS.growth_rate(second=1) > 0
    assert BYPASS.growth_rate(drug=1, second=1) < 0


def test_holding_back_loses_against_persisters():
    """Containment, which wins in the competition model, keeps what it should clear."""
    held = MODEL.outcomes(adaptive("drug"), 300, patients=2, seed=1)
    always = MODEL.outcomes(DRUG, 300, patients=2, seed=1)
    assert held["failed"].all()
    assert not always["failed"].any()


# --- Independent checks and limits


@given(ls=RATES, lp=st.floats(-0.5, 0.5), k=RATES, a=RATES, c=RATES, dose=st.floats(0, 1))
@settings(max_examples=30, deadline=None)
def test_courses_agree_with_a_general_solver(ls, lp, k, a, c, dose):
    model = Plasticity(
        lambda_s=ls, lambda_p=lp, k=k, a=a, a_drug=2 * a, c=c, c_drug=c / 2, cells=1e8
    )
    schedule = Schedule(((2.0, 7.5, {"drug": dose, "priming": 0.5}),))
    x = cells(model, schedule, [0, 10])[0]
    for start, stop, d, e in ((0, 2, 0, 0), (2, 7.5, dose, 0.5), (7.5, 10, 0, 0)):
        go, back = a + a * d, c - c / 2 * d + 0.2 * e
        matrix = np.array([[ls - k * d - go, back], [go, lp - back]])
        step = solve_ivp(lambda _t, y, m=matrix: m @ y, (start, stop), x, rtol=1e-10, atol=1e-4)
        x = step.y[:, -1]
    assert cells(model, schedule, [10])[0] == pytest.approx(x, rel=1e-6)


@given(ls=RATES, lp=st.floats(-1, 0.5), a=RATES, c=RATES)
@settings(max_examples=50, deadline=None)
def test_persister_fraction_is_the_balance(ls, lp, a, c):
    model = Plasticity(lambda_s=ls, lambda_p=lp, a=a, c=c)
    rate = model.growth_rate()
    found = model.persister_fraction()
    assert found == pytest.approx(a / (rate + c - lp + a), rel=1e-9)
    assert 0 <= found <= 1
    later = cells(model, none(), [5])[0]
    assert later[1] / later.sum() == pytest.approx(found, rel=1e-6)


def test_persister_fraction_for_rare_switching():
    model = MODEL.with_(a=1e-6)
    assert model.persister_fraction() == pytest.approx(1e-6 / (0.5 + 0.1), rel=1e-4)


@pytest.mark.parametrize(("values", "share"), [({}, 0.0), ({"lambda_p": 0.7}, 1.0)])
def test_without_switching_the_faster_type_stays(values, share):
    model = Plasticity(a=0.0, a_drug=0.0, c=0.0, c_drug=0.0, **values)
    assert model.persister_fraction() == share
    assert model.growth_rate() == max(0.5, model.lambda_p)


def test_return_without_becoming_tolerant():
    model = Plasticity(a=0.0, lambda_s=-0.5, lambda_p=0.2)
    assert model.growth_rate() == pytest.approx(0.1)
    assert model.persister_fraction() == pytest.approx(0.6 / 0.7)


def test_limits_of_pulses_and_schedules():
    assert MODEL.pulse_rate(on=5, off=0) == pytest.approx(MODEL.growth_rate(drug=1))
    assert MODEL.pulse_rate(on=0, off=5) == pytest.approx(MODEL.growth_rate())
    assert MODEL.schedule_rate(schedule=none()) == pytest.approx(MODEL.growth_rate())
    assert MODEL.schedule_rate(schedule=DRUG) == pytest.approx(MODEL.growth_rate(drug=1))
    pulses = pulsed("drug", on=7, off=3)
    assert MODEL.schedule_rate(schedule=pulses) == pytest.approx(MODEL.pulse_rate(on=7, off=3))
    assert MODEL.surviving_fraction(days=0) == pytest.approx(1.0)


def test_long_runs_grow_at_the_rate_of_the_schedule():
    pulses = pulsed("drug", on=7, off=3)
    model = MODEL.with_(cells=1e14)
    sizes = cells(model, pulses, [200, 300]).sum(axis=1)
    assert math.log(sizes[1] / sizes[0]) / 100 == pytest.approx(
        model.schedule_rate(schedule=pulses), rel=1e-9
    )


@given(
    ls=st.floats(-1, 1),
    lp=st.floats(-1, 0.5),
    k=st.floats(0, 5),
    a=st.floats(0, 1),
    c=st.floats(0, 1),
)
@settings(max_examples=40, deadline=None)
def test_numbers_are_never_negative(ls, lp, k, a, c):
    assume(a > 0 or c > 0)
    model = Plasticity(lambda_s=ls, lambda_p=lp, k=k, a=a, c=c, cells=1e4)
    found = cells(model, pulsed("drug", on=2, off=1), list(range(16)))
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert found[0].sum() == pytest.approx(1e4)


def test_switching_alone_conserves_cells():
    model = Plasticity(lambda_s=0.0, lambda_p=0.0, k=0.0, a_drug=0.3)
    found = cells(model, pulsed("drug", on=2, off=1), [0, 5, 50]).sum(axis=1)
    assert found == pytest.approx([1e6] * 3)


def test_less_than_one_cell_never_grows_again():
    model = MODEL.with_(cells=1e3)
    schedule = Schedule(((0.0, 60.0, {"drug": 1.0, "second": 1.0}),))
    found = cells(model, schedule, [0, 20, 60, 100]).sum(axis=1)
    assert found[0] == pytest.approx(1e3)
    assert (found[2:] == 0).all()


# --- Chance


@pytest.mark.parametrize(("birth", "death"), [(0.5, 0.9), (0.4, 0.1)])
def test_clearance_of_one_type_is_the_closed_form(birth, death):
    """Linear birth and death: gone by t with chance d(e - 1)/(b e - d)."""
    model = Plasticity(
        lambda_s=birth - death, death_s=death, a=0.0, a_drug=0.0, c=0.0, c_drug=0.0, cells=50
    ).with_(lambda_p=-90.0)
    for t in (0.5, 3.0, 20.0):
        e = math.exp((birth - death) * t)
        exact = (death * (e - 1) / (birth * e - death)) ** 50
        assert model.clearance(schedule=none(), days=t) == pytest.approx(exact, rel=1e-4, abs=1e-12)


def test_clearance_agrees_with_simulated_cells():
    """Cells one event at a time (Gillespie), 600 tumours of 20 cells, all sensitive at first."""
    model = Plasticity(cells=20, a=0.0, a_drug=0.1, c_drug=0.2, death_p=0.05)
    chance = model.exact("clearance", schedule=DRUG, days=8)
    rng = np.random.default_rng(4)
    gone = np.mean([_is_gone(rng, days=8.0) for _ in range(600)])
    assert 0.1 < chance < 0.9
    assert abs(gone - chance) < 3 * math.sqrt(chance * (1 - chance) / 600)


def _is_gone(rng, *, days):
    """Whether 20 cells with these rates die out: divide .5 and .05, die 1.5 and .05, switch."""
    s, p, t = 20, 0, 0.0
    while s + p:
        rates = np.array([0.5 * s, 1.5 * s, 0.1 * s, 0.05 * p, 0.05 * p, 0.2 * p])
        t += rng.exponential(1 / rates.sum())
        if t > days:
            return False
        event = rng.choice(6, p=rates / rates.sum())
        s += (1, -1, -1, 0, 0, 1)[event]
        p += (0, 0, 1, 1, -1, -1)[event]
    return True


@given(k=RATES, k2=RATES, a=RATES, c=RATES, death=st.floats(0, 0.5))
@settings(max_examples=15, deadline=None)
def test_clearance_agrees_with_a_general_solver(k, k2, a, c, death):
    model = Plasticity(k=k, k2=k2, a=0.0, a_drug=a, c_drug=c, death_s=death, death_p=death, cells=9)

    def change(_t, g):
        x, y = g
        b = 0.5 + death
        return [
            (b - death - k - a) * x - b * x * x + a * y,
            (-k2 - c) * y - death * y * y + c * x,
        ]

    alive = solve_ivp(change, (0, 6), [1, 1], rtol=1e-11, atol=1e-13).y[0, -1]
    found = model.clearance(schedule=simultaneous("drug", "second"), days=6)
    assert found == pytest.approx((1 - alive) ** 9, rel=1e-3, abs=1e-9)


def test_clearance_rises_with_time_and_treatment():
    days = [20, 60, 120, 200]
    chances = [MODEL.clearance(schedule=DRUG, days=each) for each in days]
    assert chances == sorted(chances)
    assert MODEL.clearance(schedule=none(), days=60) == 0.0
    better = simultaneous("drug", "second")
    assert MODEL.clearance(schedule=better, days=60) > MODEL.clearance(schedule=DRUG, days=60)


def test_outcomes_draw_what_clearance_says():
    patients = 2_000
    found = MODEL.outcomes(DRUG, 400, patients=patients, seed=5)
    chance = MODEL.clearance(schedule=DRUG, days=400)
    assert found["clearance_chance"].iloc[0] == pytest.approx(chance)
    assert 0.2 < chance < 0.8
    error = 3 * math.sqrt(chance * (1 - chance) / patients)
    assert abs(found["cleared"].mean() - chance) < error
    pd.testing.assert_frame_equal(found, MODEL.outcomes(DRUG, 400, patients=patients, seed=5))


def test_time_to_progression_follows_the_average():
    untreated = MODEL.outcomes(none(), 30)
    assert untreated["ttp_days"].iloc[0] == pytest.approx(
        math.log(1.2) / MODEL.growth_rate(), rel=1e-6
    )
    bypass = BYPASS.outcomes(DRUG, 100, patients=5, seed=1)
    times = np.linspace(0, 100, 10_001)
    sizes = cells(BYPASS, DRUG, list(times)).sum(axis=1)
    exact = times[np.flatnonzero(sizes >= 1.2e6)[0]]
    assert bypass["ttp_days"].iloc[0] == pytest.approx(exact, abs=0.02)
    assert not bypass["cleared"].any()
    assert (bypass["smallest_cells"] <= 1e6).all()


def test_sweep_of_an_exact_quantity():
    found = sweep(MODEL, None, {"c_drug": [0.02, 0.2]}, quantity="growth_rate", drug=1.0)
    assert found["value"].tolist() == [
        MODEL.growth_rate(drug=1),
        MODEL.with_(c_drug=0.2).growth_rate(drug=1),
    ]


# --- Refusals


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Plasticity(a=-1), ["a = -1", "1/day", "from 0"]),
        (lambda: Plasticity(lambda_s=math.inf), ["lambda_s", "give one number"]),
        (lambda: Plasticity(cells=1e16), ["cells = 1e+16", "1e+15"]),
        (lambda: MODEL.pulse_rate(on=0, off=0), ["on, off", "days", "not both 0"]),
        (lambda: MODEL.pulse_rate(on=-1, off=5), ["on = -1", "from 0"]),
        (lambda: MODEL.pulse_map([1], [0]), ["above 0", "pulse_rate"]),
        (lambda: MODEL.surviving_fraction(days=-1), ["days = -1", "from 0"]),
        (lambda: MODEL.growth_rate(drug=2), ["dose of drug = 2", "from 0 to 1"]),
        (lambda: MODEL.growth_rate(priming=-1), ["dose of priming = -1", "from 0 to 1"]),
        (lambda: MODEL.schedule_rate(schedule=adaptive("drug")), ["not a rule", "outcomes"]),
        (lambda: MODEL.schedule_rate(schedule=continuous("drgu")), ["nearest: 'drug'"]),
        (lambda: MODEL.clearance(schedule=DRUG, days=0), ["t_end = 0", "above 0"]),
        (lambda: MODEL.simulate(continuous("drug", dose=3), 9), ["dose on day 0", "0 to 1"]),
        (lambda: MODEL.growth_rate(drug="a"), ["dose of drug = 'a'", "from 0 to 1"]),
        (lambda: MODEL.pulse_rate(on=1, off=1, second=math.nan), ["dose of second", "0 to 1"]),
        (lambda: MODEL.pulse_rate(on="a", off=1), ["on = 'a' [days]", "from 0"]),
        (lambda: MODEL.pulse_map(["a"], [1]), ["on, off = 'a' [days]", "from 0"]),
        (lambda: MODEL.surviving_fraction(days="a"), ["days = 'a' [days]", "from 0"]),
        (lambda: MODEL.exact("growth"), ["unknown exact quantity", "growth_rate"]),
    ],
)
def test_refusals(call, words):
    with pytest.raises(ck.schema.problems.DataError) as caught:
        call()
    for word in words:
        assert word in str(caught.value)


def test_nothing_is_said_to_be_published():
    assert not any(source.is_published for source in MODEL.sources)
    assert (MODEL.table()["grade"] == "own value").all()
    assert any("chosen for teaching" in text for text in MODEL.caveats)


def test_growth_stops_at_the_largest_population():
    run = MODEL.simulate(none(), 60, times=[30, 50, 60])
    early, late, last = run.groupby("time_days")["value"].sum()
    assert early < late == pytest.approx(1e15)
    assert last == pytest.approx(1e15)
