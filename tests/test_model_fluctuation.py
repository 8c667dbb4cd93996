"""Fluctuation: published estimates, the law against draws, limits by theory."""

import math

import numpy as np
import published
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cancerres_kit as ck
from cancerres_kit.models import Fluctuation, none

VARIANTS = [
    {},
    {"fitness": 0.7},
    {"fitness": 1.5, "events": 2},
    {"plating": 0.3},
    {"plating": 0.3, "fitness": 0.7},
    {"inoculum": 0.1},
    {"inoculum": 0.05, "plating": 0.4, "fitness": 1.3, "events": 5},
]


def demerec():
    """Mutants in 30 cultures, as the published cases list them."""
    (case,) = published.rows("luria_delbruck", quantity="MLE m: Demerec, Lea-Coulson")
    return case.values[0].parameters["data"]


@pytest.mark.parametrize("row", published.rows("luria_delbruck"))
def test_published_estimate(row):
    model = Fluctuation(
        fitness=0.9 if "relative fitness 0.9" in row.quantity else 1,
        inoculum=1 - row.parameters.get("phi", 1),  # phi is the part that grew
    )
    found = model.estimate(row.parameters.get("data", demerec()))
    lower, upper = "lower" in row.quantity, "upper" in row.quantity
    column = "lower" if lower else "upper" if upper else "events"
    assert row.equals(found[column].item())


@pytest.mark.parametrize("numbers", VARIANTS)
def test_cultures_follow_the_law(numbers):
    model, count = Fluctuation(**numbers), 20_000
    law = model.distribution(40)["probability"]
    plated = model.cultures(cultures=count, seed=1)["plated"]
    for mutants in (0, 1, 5, 15, 40):
        chance = law[mutants]
        error = 3 * math.sqrt(max(chance, 1 / count) / count)
        assert abs((plated == mutants).mean() - chance) <= error
    below = law.sum()
    assert abs((plated <= 40).mean() - below) <= 3 * math.sqrt(below * (1 - below) / count)


@pytest.mark.parametrize("numbers", VARIANTS)
def test_law_of_a_clone_adds_up_to_what_is_seen(numbers):
    model = Fluctuation(**numbers)
    law = model.clone_law(20_000)
    assert (law > 0).sum() > 50
    tail = law[-1] * 20_000 * model.fitness  # falls with the power 1 + 1 / fitness
    assert law.sum() + (tail if not model.inoculum else 0) == pytest.approx(model.seen, rel=1e-4)


def test_variants_meet_where_they_should():
    plain = Fluctuation(fitness=0.7).clone_law(300)
    nearly = Fluctuation(fitness=0.7, plating=1 - 1e-12).clone_law(300)
    np.testing.assert_allclose(nearly, plain, rtol=1e-9)
    seen = Fluctuation(fitness=1.3, inoculum=0.1, plating=1 - 1e-12).clone_law(300)
    np.testing.assert_allclose(
        seen, Fluctuation(fitness=1.3, inoculum=0.1).clone_law(300), rtol=1e-9
    )


def test_law_without_variants_is_that_of_lea_and_coulson():
    law = Fluctuation().clone_law(50)
    number = np.arange(1, 51)
    np.testing.assert_allclose(law, 1 / (number * (number + 1)), rtol=1e-12)
    assert Fluctuation().exact("no_mutants") == pytest.approx(math.exp(-10))
    assert Fluctuation(plating=0.5).seen == pytest.approx(-0.5 * math.log(0.5) / 0.5)


def test_trajectories_end_where_cultures_do():
    model = Fluctuation(fitness=0.8)
    run = model.simulate(none(), 1, patients=20_000, seed=3, times=[0, 0.4, 0.9, 1])
    last = run.query("time_days == 1 and compartment == 'resistant'")["value"].to_numpy()
    law = model.distribution(20)["probability"]
    for mutants in (1, 5, 20):
        error = 3 * math.sqrt(law[mutants] / 20_000)
        assert abs((last == mutants).mean() - law[mutants]) <= error
    cells = run.pivot_table(index="patient", columns="time_days", values="value", aggfunc="last",
                            observed=True)  # fmt: skip
    assert (np.diff(cells.to_numpy(), axis=1) >= 0).all()
    assert run.query("time_days == 1")["value"].max() >= model.cells


def sizes(model, t_end, times):
    """Sensitive cells of a culture by day."""
    run = model.simulate(none(), t_end, seed=1, times=times)
    return run.query("compartment == 'sensitive'").set_index("time_days")["value"]


@pytest.mark.parametrize("numbers", [{}, {"inoculum": 0.3}, {"inoculum": 1e-12}, {"cells": 1}])
def test_cultures_are_founded_by_at_least_one_cell(numbers):
    model = Fluctuation(**numbers)
    founder = max(1, model.inoculum * model.cells)
    cells = sizes(model, 10, np.linspace(0, 10, 4001))
    assert cells.iloc[0] == 0
    assert cells[cells > 0].min() == pytest.approx(founder, rel=0.05)
    assert (cells[cells > 0] >= founder * (1 - 1e-9)).all()
    assert cells.iloc[-1] == model.cells
    resistant = model.simulate(none(), 10, seed=1).query("compartment == 'resistant'")["value"]
    assert (resistant[(cells.reindex(np.linspace(0, 10, 201)) == 0).to_numpy()] == 0).all()


def test_cultures_are_plated_at_the_end_whatever_times_are_kept():
    model = Fluctuation()
    short, long = sizes(model, 10, [0, 9.5]), sizes(model, 10, [0, 9.5, 10])
    assert list(short.index) == [0, 9.5]
    assert short[9.5] == long[9.5] == pytest.approx(1e8 * math.exp(-17 * 0.5))
    assert long[10] == 1e8


def test_outcomes_tell_whether_a_mutant_is_seen():
    found = Fluctuation(events=1, plating=0.5).outcomes(none(), 1, patients=200, seed=1)
    assert (found["failed"] == (found["plated"] > 0)).all()
    assert found["ttp_days"].isna().all()
    assert (found["plated"] <= found["mutants"]).all()
    assert found["mutants"].ge(found["events"]).all()


def test_no_mutation_no_mutants():
    found = Fluctuation(events=0).cultures(cultures=50, seed=1)
    assert (found[["events", "mutants", "plated"]] == 0).all(axis=None)
    assert Fluctuation(events=0).exact("no_mutants") == 1
    none_seen = Fluctuation().estimate([0, 0, 0, 0])
    assert none_seen["events"].item() == none_seen["lower"].item() == 0
    assert none_seen["upper"].item() == pytest.approx(3.841458820694124 / 2 / 4)


def test_median_is_where_half_is_reached():
    median = Fluctuation().exact("median")
    law = Fluctuation().distribution(int(median))["probability"]
    assert law.sum() >= 0.5 > law.sum() - law.iloc[-1]
    assert Fluctuation().exact("probability", mutants=3) == law[3]


def test_mean_of_cultures_is_not_typical():
    found = Fluctuation().cultures(cultures=2000, seed=1)["mutants"]
    assert found.mean() > 2 * found.median()


@settings(max_examples=15, deadline=None)
@given(
    counts=st.lists(st.integers(0, 300), min_size=2, max_size=12),
    fitness=st.floats(0.3, 3),
    plating=st.floats(0.05, 1),
)
def test_interval_holds_the_estimate_and_ignores_order(counts, fitness, plating):
    model = Fluctuation(fitness=fitness, plating=plating)
    found = model.estimate(counts).iloc[0]
    assert found["lower"] <= found["events"] <= found["upper"]
    turned = model.estimate(counts[::-1]).iloc[0]
    assert turned["events"] == pytest.approx(found["events"])
    wider = model.estimate(counts, level=0.99).iloc[0]
    assert wider["lower"] <= found["lower"]
    assert wider["upper"] >= found["upper"]


def test_estimate_finds_what_made_the_cultures():
    model = Fluctuation(events=4, fitness=0.8, plating=0.6)
    plated = model.cultures(cultures=2000, seed=2)["plated"].clip(upper=20_000)
    found = model.estimate(plated, level=0.999).iloc[0]
    assert found["lower"] < 4 < found["upper"]
    assert found["mutation_rate"] == found["events"] / model.cells


@pytest.mark.parametrize(
    ("counts", "level", "message"),
    [
        ([1, -2], 0.95, r"counts = .*\[mutants\] is not allowed; allowed: whole numbers from 0"),
        ([1.5], 0.95, "counts = "),
        ([], 0.95, "counts = "),
        ([30_000], 0.95, "counts = "),
        (["a"], 0.95, "counts = "),
        ([1, 2], 1.0, "level = 1 is not allowed; allowed: above 0 and below 1"),
    ],
)
def test_counts_without_meaning_are_refused(counts, level, message):
    with pytest.raises(ck.DataError, match=message):
        Fluctuation().estimate(counts, level=level)


def test_numbers_out_of_range_are_refused():
    with pytest.raises(ck.DataError, match="most = 50000"):
        Fluctuation().distribution(50_000)
    with pytest.raises(ck.DataError, match="cultures = 0"):
        Fluctuation().cultures(cultures=0)
    with pytest.raises(ck.DataError, match=r"plating = 0 \[fraction\]"):
        Fluctuation(plating=0)
    with pytest.raises(ck.DataError, match="median = 'above 20000'"):
        Fluctuation(events=9000).exact("median")
