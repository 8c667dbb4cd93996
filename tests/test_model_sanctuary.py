"""Sanctuary: the threshold by theory, chances by exact equations, and runs that agree with them."""

import math

import numpy as np
import published
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

import cancerres_kit as ck
from cancerres_kit.models import (
    NOTICE,
    Sanctuary,
    Schedule,
    continuous,
    migration,
    none,
    places,
    pulsed,
    simultaneous,
)

MODEL = Sanctuary()
RATES = st.floats(min_value=1e-4, max_value=0.5)


def binomial_error(chance: float, n: int) -> float:
    """Three standard errors of a share, and of the rule of three near none and all."""
    return 3 * math.sqrt(max(chance * (1 - chance), 1 / n) / n)


# --- The threshold


@pytest.mark.parametrize("row", published.rows("sanctuary"))
def test_own_numbers_stay_as_they_are(row):
    assert row.equals(Sanctuary(**row.parameters).exact(row.quantity))


def test_threshold_of_the_design_values():
    assert MODEL.threshold() == pytest.approx(0.015, rel=1e-12)


@pytest.mark.parametrize(("migration", "chance"), [(0.014, 3.2e-3), (0.016, 1.6e-6)])
def test_escape_falls_at_the_threshold(migration, chance):
    """Own regression values, printed to two figures."""
    found = MODEL.with_(migration=migration).escape(compartment="sanctuary")
    assert found == pytest.approx(chance, abs=0.06 * chance)


@settings(deadline=None)
@given(outside=st.floats(-0.5, -0.02), inside=st.floats(0.001, 0.015))
def test_growth_changes_sign_at_the_threshold(outside, inside):
    kill = 0.02 - outside
    model = Sanctuary(birth=0.14, death=0.12, kill=kill, penetration=(0.02 - inside) / kill)
    threshold = model.threshold()
    assert threshold == pytest.approx(inside * outside / (inside + outside), rel=1e-6)
    assert model.with_(migration=threshold * 0.99).growth_rate() > 0
    assert model.with_(migration=threshold * 1.01).growth_rate() < 0


def test_growth_is_the_dominant_eigenvalue():
    r, s, v = 0.01, -0.03, MODEL.migration
    values = np.linalg.eigvals(np.array([[r - v, v], [v, s - v]]))
    assert MODEL.growth_rate() == pytest.approx(values.max(), abs=1e-15)


def test_threshold_is_infinite_where_the_drug_is_too_weak():
    assert Sanctuary(kill=0.019).threshold() == math.inf
    assert MODEL.threshold(drug=0.0) == math.inf


def test_threshold_is_zero_where_the_drug_reaches_every_cell():
    assert MODEL.with_(penetration=0.3).threshold() == 0
    assert MODEL.threshold(local=1.0) == 0


@settings(deadline=None)
@given(first=st.floats(0, 0.24), second=st.floats(0, 0.24))
def test_better_penetration_lowers_the_threshold(first, second):
    low, high = sorted((first, second))
    lower, higher = (MODEL.with_(penetration=share).threshold() for share in (low, high))
    assert higher <= lower + 1e-15


def test_threshold_is_a_mark_only_where_migration_decides():
    assert MODEL.edge() == {"threshold": MODEL.threshold()}
    assert MODEL.edge(local=1.0) == MODEL.edge(drug=0.0) == {}


def test_rule_says_what_decides():
    assert MODEL.rule() == "die out if they move more often than 0.015 per day"
    assert MODEL.rule(local=1.0) == "die out at any rate of migration"
    assert MODEL.rule(drug=0.0) == "grow at any rate of migration"


def test_growth_of_a_place_is_birth_less_death():
    assert MODEL.place_growth("sanctuary") == pytest.approx(0.01)
    assert MODEL.place_growth("drugged") == pytest.approx(-0.03)
    assert MODEL.place_growth("sanctuary", local=0.5) == pytest.approx(-0.01)


# --- Exact chances


@settings(deadline=None)
@given(birth=RATES, share=st.floats(0, 0.99), migration=st.floats(0, 1))
def test_without_drug_a_cell_survives_as_if_it_were_alone(birth, share, migration):
    model = Sanctuary(birth=birth, death=share * birth, migration=migration, mutation=0.0)
    assert model.escape(drug=0.0) == pytest.approx(1 - share, rel=1e-6)
    assert model.escape(drug=0.0, compartment="drugged") == pytest.approx(1 - share, rel=1e-6)


def test_without_migration_the_places_are_independent():
    model = MODEL.with_(migration=0.0, mutation=0.0)
    assert model.escape() == pytest.approx(1 - 0.13 / 0.14, rel=1e-9)
    assert model.escape(compartment="drugged") == 0


def test_without_mutation_nothing_survives_above_the_threshold():
    model = MODEL.with_(mutation=0.0, migration=0.016)
    assert model.escape() == pytest.approx(0, abs=1e-12)
    assert model.tumour_escape() == pytest.approx(0, abs=1e-6)


def test_fast_migration_averages_the_places():
    model = Sanctuary(kill=0.01, migration=10.0, mutation=0.0)
    assert model.escape() == pytest.approx((0.01 - 0.005) / 0.14, rel=1e-3)


def test_infinite_kill_leaves_the_sanctuary_alone():
    """A cell that leaves is dead at once, so moving is one more way of dying."""
    model = Sanctuary(kill=100.0, migration=0.005, mutation=0.0)
    assert model.escape() == pytest.approx((0.01 - 0.005) / 0.14, rel=1e-2)


def test_resistant_cell_survives_by_its_own_rates():
    assert MODEL.escape(resistant=True) == pytest.approx(1 - 0.13 / 0.14)
    assert MODEL.with_(cost=0.5).escape(resistant=True) == 0
    assert MODEL.with_(cost=1.0).escape(resistant=True) == 0


def test_rare_mutants_are_counted_by_their_mean_number():
    """Below the threshold chance is linear in the mutation rate: branching mean of the lineage."""
    model = MODEL.with_(migration=0.03, mutation=1e-12)
    v, mutants = 0.03, 0.14 * 1e-12 * (1 - 0.13 / 0.14)
    days = -np.linalg.solve(np.array([[0.01 - v, v], [v, -0.03 - v]]).T, np.array([1.0, 0.0]))
    assert model.escape() == pytest.approx(mutants * days.sum(), rel=1e-6)


def test_tumour_escapes_if_one_of_its_cells_does():
    model = MODEL.with_(cells=1000, sheltered=0.25, migration=0.02)
    inside, outside = model.escape(), model.escape(compartment="drugged")
    expected = 1 - (1 - inside) ** 250 * (1 - outside) ** 750
    assert model.tumour_escape() == pytest.approx(expected, rel=1e-9)


def test_certain_survival_is_no_error():
    model = Sanctuary(death=0.0, kill=0.0, mutation=0.0)
    assert model.escape() == 1
    assert model.tumour_escape() == pytest.approx(1)


def test_mean_numbers_are_those_of_the_matrix_exponential():
    model = MODEL.with_(cells=1000, sheltered=0.3, migration=0.02)
    matrix = np.array([[0.01 - 0.02, 0.02], [0.02, -0.03 - 0.02]])
    expected = expm(40 * matrix) @ np.array([300.0, 700.0])
    assert model._means(np.array([0.0, 40.0]), 1.0, 0.0)[:, 1] == pytest.approx(expected)


def test_resistance_arises_where_cells_divide():
    """Where rare, in proportion to the mean number of cell-days in each place."""
    model = MODEL.with_(migration=0.03, mutation=1e-12, sheltered=1.0)
    v = 0.03
    days = -np.linalg.solve(np.array([[0.01 - v, v], [v, -0.03 - v]]), np.array([1.0, 0.0]))
    assert model.origin(days=5000) == pytest.approx(days[0] / days.sum(), rel=1e-3)


def test_early_resistance_arises_where_the_cells_were():
    model = MODEL.with_(cells=1e12, sheltered=0.8)
    assert model.origin() == pytest.approx(0.8, abs=1e-3)


def test_no_mutation_has_no_origin():
    assert math.isnan(MODEL.with_(mutation=0.0).origin())


@settings(deadline=None)
@given(
    migration=st.floats(0, 10),
    mutation=st.floats(1e-12, 1),
    cells=st.floats(1, 8e14),
    kill=st.floats(0, 100),
    days=st.floats(1, 1e5),
)
def test_origin_is_a_chance(migration, mutation, cells, kill, days):
    model = Sanctuary(migration=migration, mutation=mutation, cells=cells, kill=kill)
    assert math.isnan(model.origin(days=days)) or 0 <= model.origin(days=days) <= 1


# --- Over migration


def beside(quantity, rates, **more):
    """Exact and simulated values at the same rates, side by side."""
    found = MODEL.by_migration(quantity, rates=rates, simulated=rates, seed=3, **more)
    exact = found[found["kind"].eq("exact") & found["x"].isin(rates)].set_index("x")["y"]
    return found[found["kind"].eq("simulated")].set_index("x").join(exact.rename("exact"))


def test_virtual_tumours_grow_as_the_equations_say():
    marks = beside("growth_rate", [0.0002, 0.005, 0.1])
    assert marks["y"].tolist() == pytest.approx(marks["exact"].tolist(), abs=2e-4)


@pytest.mark.parametrize("compartment", ["sanctuary", "drugged"])
def test_virtual_tumours_give_the_chance_of_one_cell(compartment):
    """On both sides of the threshold; 600 of which about half escape, and 3 standard errors."""
    marks = beside("escape", [0.001, 0.008, 0.03, 0.1], runs=600, compartment=compartment)
    assert len(marks) == 4
    assert (abs(marks["y"] / marks["exact"] - 1) < 0.2).all()
    assert (marks["low"] < marks["y"]).all()
    assert (marks["y"] < marks["high"]).all()


def test_virtual_tumours_show_where_resistance_arises():
    marks = beside("origin", [0.003, 0.05], runs=1000)
    assert marks["y"].tolist() == pytest.approx(marks["exact"].tolist(), abs=0.17)
    assert marks["y"].loc[0.003] == pytest.approx(marks["exact"].loc[0.003], abs=0.04)


def test_there_is_no_mark_where_fates_take_too_long():
    assert beside("tumour_escape", [0.005, 0.0149, 0.06], runs=5).index.tolist() == [0.005, 0.06]
    assert beside("origin", [0.06], runs=5, most_days=999).empty
    assert beside("escape", [0.06], runs=5, resistant=True).empty


def test_no_resistant_cell_gives_no_mark():
    found = MODEL.with_(mutation=0.0).by_migration("origin", rates=(), simulated=[0.1], runs=3)
    assert found.empty


def test_extinct_tumours_give_no_growth():
    found = MODEL.with_(kill=2.0, penetration=1.0).by_migration(
        "growth_rate", rates=(), simulated=[0.1]
    )
    assert found.empty


def test_lines_fall_at_the_threshold():
    found = MODEL.by_migration("escape")
    chance = found.set_index("x")["y"]
    assert chance.loc[0.0144] > 500 * chance.loc[0.0156]
    assert len(found) == len(migration.RATES) + len(migration.EDGE)


def test_variants_change_numbers_and_conditions():
    variants = {"as it is": {}, "closed": {"penetration": 0.3}, "local": {"local": 1.0}}
    found = MODEL.by_migration("growth_rate", rates=[0.001], variants=variants)
    value = found.set_index(["series", "x"])["y"]
    assert value["as it is", 0.001] == MODEL.with_(migration=0.001).growth_rate()
    assert value["local", 0.001] == MODEL.with_(migration=0.001).growth_rate(local=1.0)
    assert value["closed", 0.001] == MODEL.with_(migration=0.001, penetration=0.3).growth_rate()


def test_marks_are_repeatable():
    first, again = (
        MODEL.by_migration("tumour_escape", rates=(), simulated=[0.05], runs=20) for _ in range(2)
    )
    assert first.equals(again)


def test_a_local_drug_cannot_be_stopped_too_early():
    """Cells that outlast a short local treatment grow back from the sanctuary."""
    model = MODEL.with_(cells=2000, mutation=0.0, migration=0.003)
    failed = []
    for days in (30.0, 500.0):
        first = (0.0, days, {"drug": 1.0, "local": 1.0})
        schedule = Schedule((first, (days, 1500.0, {"drug": 1.0})))
        failed.append(model.outcomes(schedule, 1500, patients=50, seed=2)["failed"].mean())
    assert failed == [1.0, 0.0]


# --- Runs


@pytest.mark.parametrize("migration", [0.005, 0.02, 0.05])
@pytest.mark.parametrize("mutation", [0.0, 2e-6])
def test_runs_escape_as_often_as_the_equations_say(migration, mutation):
    model = MODEL.with_(
        migration=migration, mutation=mutation, cells=200, death=0.1, kill=0.14, birth=0.14
    )
    n = 2000
    found = model.outcomes(continuous("drug"), 800, patients=n, seed=5)
    chance = model.tumour_escape()
    assert abs((found["cells_at_end"] > 0).mean() - chance) <= binomial_error(chance, n)


@pytest.mark.parametrize("migration", [0.0, 0.01, 0.2, 5.0])
def test_mean_of_runs_is_that_of_the_linear_equations(migration):
    model = Sanctuary(cells=1e9, sheltered=0.3, migration=migration, mutation=0.0)
    v = migration
    matrix = np.array([[0.01 - v, v], [v, -0.03 - v]])
    expected = expm(100 * matrix) @ np.array([3e8, 7e8])
    run = model.simulate(continuous("drug"), 100, seed=1, times=[100])["value"].to_numpy()
    assert run[:2] == pytest.approx(expected, rel=2e-3)


def test_descendants_have_the_mean_and_variance_of_theory():
    generator = np.random.default_rng(3)
    birth, death, days, n = 0.14, 0.13, 20.0, 400_000
    fates = places.fates(np.array(birth), np.array(death), days)
    found = places.offspring(np.ones(n, dtype=np.int64), *fates, generator)
    growth = math.exp((birth - death) * days)
    variance = growth * (growth - 1) * (birth + death) / (birth - death)
    assert found.mean() == pytest.approx(growth, abs=3 * math.sqrt(variance / n))
    assert found.var() == pytest.approx(variance, rel=0.03)


def test_balanced_births_and_deaths_keep_the_mean():
    generator = np.random.default_rng(4)
    cells = np.full(20_000, 10, dtype=np.int64)
    fates = places.fates(np.array(0.1), np.array(0.1), 10.0)
    found = places.offspring(cells, *fates, generator)
    assert found.mean() == pytest.approx(10, abs=3 * math.sqrt(10 * 2.0 / 20_000))


@settings(max_examples=15, deadline=None)
@given(
    migration=st.floats(0, 2),
    mutation=st.floats(0, 1),
    penetration=st.floats(0, 1),
    cost=st.floats(0, 1),
    seed=st.integers(0, 2**32),
)
def test_cells_are_whole_and_never_negative(migration, mutation, penetration, cost, seed):
    model = Sanctuary(
        migration=migration, mutation=mutation, penetration=penetration, cost=cost, cells=500
    )
    found = model.simulate(simultaneous("drug", "local"), 60, patients=3, seed=seed)["value"]
    assert (found >= 0).all()
    assert (found == found.round()).all()


def test_what_is_extinct_stays_extinct():
    model = MODEL.with_(cells=5, kill=1.0, penetration=1.0)
    frame = model.simulate(pulsed("drug", on=60, off=60), 600, patients=50, seed=2)
    total = frame.groupby(["patient", "time_days"])["value"].sum().unstack("time_days")
    gone = total.eq(0).to_numpy()
    assert gone[:, -1].any()
    assert (np.diff(gone.astype(int), axis=1) >= 0).all()


def test_migration_alone_keeps_every_cell():
    cells, still = np.array([[100], [50], [7], [0]]), places.Places((0.0, 0.0), 0.3, 0.0)
    move = still.move(np.zeros((4, 1)), 5.0)
    found = still.step(cells, move, 5.0, np.random.default_rng(1))
    assert found[:2].sum() == 150
    assert found[2:].sum() == 7


@settings(deadline=None)
@given(
    migration=st.floats(0, 10),
    deaths=st.tuples(st.floats(0, 5), st.floats(0, 5)),
    days=st.floats(1e-3, 4),
)
def test_means_of_a_step_are_those_of_the_matrix_exponential(migration, deaths, days):
    alive, last, leaving = places.Places((0.14, 0.1), migration, 0.0).move(
        np.array([[deaths[0]], [deaths[1]], [0.13], [0.13]]), days
    )
    families = (alive / last)[:2, 0]
    stay = np.array([families * (1 - leaving[:2, 0]), families * leaving[:2, 0]])
    matrix = np.array(
        [[0.14 - deaths[0] - migration, migration], [migration, 0.14 - deaths[1] - migration]]
    )
    expected = expm(days * matrix)
    assert stay[0] == pytest.approx(np.diag(expected), rel=1e-6, abs=1e-12)
    assert stay[1] == pytest.approx(expected[[1, 0], [0, 1]], rel=1e-6, abs=1e-12)


def test_hopeless_doses_are_no_numerical_problem():
    found = MODEL.with_(kill=100.0, migration=0.0).outcomes(
        continuous("drug", dose=1000), 20, patients=3, seed=1
    )
    assert (found["cells_at_end"] > 0).all()


def test_tumour_above_the_largest_population_is_not_followed_further():
    model = MODEL.with_(cells=5e14)
    late = model.simulate(none(), 400, seed=1, times=[200, 400])
    total = late.groupby("time_days")["value"].sum()
    assert total[200] == total[400] >= 1e15


def test_resistance_arises_first_in_the_sanctuary():
    """Published claim (abstract): the low-drug place is where resistance tends to start."""
    found = MODEL.with_(mutation=1e-6).outcomes(continuous("drug"), 300, patients=400, seed=8)
    origin = found["resistance_first_in"].value_counts()
    assert origin["sanctuary"] > origin["drugged"] + 3 * math.sqrt(400)


def test_local_therapy_clears_the_sanctuary():
    model = MODEL.with_(cells=2000, mutation=0.0, migration=0.005)
    with_it = model.outcomes(simultaneous("drug", "local"), 800, patients=200, seed=1)
    without = model.outcomes(continuous("drug"), 800, patients=200, seed=1)
    assert not with_it["cells_at_end"].any()
    assert without["failed"].mean() > 0.9


def test_progression_is_first_seen_within_the_run():
    found = MODEL.outcomes(none(), 100, patients=20, seed=1)
    assert found["failed"].all()
    assert found["ttp_days"].between(1, 100).all()
    # 1.2 times the start at 1 % a day, seen at the end of a step of four days.
    assert found["ttp_days"].median() == pytest.approx(math.log(1.2) / 0.01, abs=4)


def test_runs_are_repeatable_and_differ_between_seeds():
    first, again, other = (
        MODEL.simulate(continuous("drug"), 50, seed=seed)["value"].tolist() for seed in (1, 1, 2)
    )
    assert first == again != other


# --- Input


def test_death_above_birth_is_refused():
    with pytest.raises(ck.DataError) as caught:
        Sanctuary(death=0.2)
    assert str(caught.value) == (
        "death = 0.2 [1/day] is not allowed; allowed: below birth = 0.14: the tumour grows without "
        "treatment; lower death or raise birth"
    )


def test_unknown_place_is_refused():
    with pytest.raises(ck.DataError, match="unknown compartment 'sanctury'; nearest: 'sanctuary'"):
        MODEL.escape(compartment="sanctury")


def test_unknown_place_of_growth_is_refused():
    with pytest.raises(ck.DataError, match="unknown compartment 'drugd'; nearest: 'drugged'"):
        MODEL.place_growth("drugd")


def test_unknown_quantity_over_migration_is_refused():
    with pytest.raises(ck.DataError, match="unknown quantity over migration 'escap'"):
        MODEL.by_migration("escap")


def test_unknown_change_of_a_variant_is_refused():
    with pytest.raises(ck.DataError, match="unknown condition of escape 'penetraton'"):
        MODEL.by_migration("escape", variants={"better": {"penetraton": 0.2}})


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"runs": 0}, "runs"), ({"seed": -1}, "seed"), ({"most_days": 0}, "days")],
)
def test_samples_without_meaning_are_refused(wrong, message):
    with pytest.raises(ck.DataError, match=message):
        MODEL.by_migration("escape", **wrong)


def test_population_above_the_largest_is_refused():
    with pytest.raises(ck.DataError, match=r"cells = 2e\+15 \[cells\] is not allowed"):
        MODEL.with_(cells=2e15)


def test_model_says_what_it_rests_on():
    assert MODEL.caveats[0] == NOTICE
    assert {source.grade for source in MODEL.sources} == {"secondary", "text read", "own value"}


@pytest.mark.parametrize("t_end", [50, 300])
def test_time_to_progression_lies_between_steps(t_end):
    """Net growth of 0.01 per day reaches 120 % after ln 1.2 / 0.01 days, however steps fall."""
    found = MODEL.with_(cells=1e8).outcomes(none(), t_end, patients=20, seed=3)
    assert found["ttp_days"].to_numpy() == pytest.approx(math.log(1.2) / 0.01, abs=0.1)


def test_progression_is_seen_in_the_largest_tumour():
    assert MODEL.with_(cells=8e14).outcomes(none(), 500, seed=1)["failed"].all()
    with pytest.raises(ck.DataError, match=r"cells = 1e\+15 \[cells\].*8000000"):
        MODEL.with_(cells=1e15)


def test_a_tumour_at_the_largest_population_can_shrink():
    late = Schedule(((300, 1000, {"drug": 1.0, "local": 1.0}),))
    run = MODEL.with_(cells=8e14, mutation=0).simulate(late, 600, seed=1, times=[200, 300, 600])
    full, still, treated = run.groupby("time_days")["value"].sum()
    assert full == still >= 1e15
    assert treated < 1e13


@pytest.mark.parametrize("dose", [-1, 1.5, math.nan, math.inf, "a", None, True])
@pytest.mark.parametrize("drug", ["drug", "local"])
def test_a_dose_without_meaning_is_refused(drug, dose):
    asked = {drug: dose}
    for call in (
        lambda: MODEL.threshold(**asked),
        lambda: MODEL.growth_rate(**asked),
        lambda: MODEL.place_growth("sanctuary", **asked),
        lambda: MODEL.escape(**asked),
        lambda: MODEL.escape(resistant=True, **asked),
        lambda: MODEL.tumour_escape(**asked),
        lambda: MODEL.origin(**asked),
        lambda: MODEL.edge(**asked),
        lambda: MODEL.rule(**asked),
    ):
        with pytest.raises(ck.DataError, match=rf"dose of {drug} = .*full doses.*from 0 to 1"):
            call()
