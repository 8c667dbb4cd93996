"""Mutation: published numbers, exact equations against draws, limits by theory, and a peer."""

import copy
import itertools
import math
import os
import pickle

import numpy as np
import pandas as pd
import published
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cancerres_kit as ck
from cancerres_kit.models import (
    Mutation,
    Schedule,
    adaptive,
    none,
    pulsed,
    rates,
    sequential,
    simultaneous,
    sweep,
)

# Few cells and frequent mutation: every kind of lineage occurs, and a draw takes little time.
SMALL = Mutation(burden=1e4, mutation_rate=1e-4, mutations=10)
SCHEDULE = simultaneous("drug_1", "drug_2")


def published_tumour(parameters):
    """The model under the parameters of a published case."""
    given = parameters | {"n1": parameters.get("n1", 50), "n2": parameters.get("n2", 50)}
    drugs = given.get("k", 2)
    spectrum = {f"drug_{drug}": given["n2"] if drug == 2 else given["n1"] for drug in (1, 2)}
    model = Mutation(
        burden=given["M"],
        lesions=given.get("metastases", 1),
        birth=given["b"],
        death=given["d"],
        mutation_rate=given.get("u", 1e-9),
        drugs=drugs,
        cross_resistance=given.get("n12", 0) if drugs > 1 else 0,
        cost=given.get("cost", 0),
        spectrum={name: sites for name, sites in spectrum.items() if drugs > 1},
    )
    return model.treated(birth=given.get("b_treat"), death=given["d_treat"])


def patients_of_table_1():
    """Burden [cells] and metastases of the 22 published patients, with the other parameters."""
    cases = published.rows("bozic2013", quantity="P(treatment failure) patient")
    known = {
        case.values[0].quantity.split()[3]: case.values[0].parameters | {"n12": 0} for case in cases
    }
    return list(known.values())


def answer(row, method):
    """What the model says to a published case."""
    model = published_tumour(row.parameters)
    if "monotherapy" in row.quantity:
        model = model.with_(drugs=1, spectrum={"drug_1": row.parameters["n"]})
    quantity = "eradication" if "eradication" in row.quantity else "failure"
    return model.exact(quantity, method=method)


def error(chance, number):
    """Three binomial standard errors, with at least one patient."""
    return 3 * math.sqrt(max(chance * (1 - chance), 1 / number) / number)


# --- Published numbers


@pytest.mark.parametrize("row", published.rows("bozic2013", quantity="P("))
def test_published_chance_by_the_closed_form(row):
    if "mean P" in row.quantity:
        chances = [
            published_tumour(row.parameters | {"M": each["M"], "metastases": each["metastases"]})
            for each in patients_of_table_1()
        ]
        assert len(chances) == 22
        found = np.mean([model.exact("failure", method="closed") for model in chances])
    elif "patients with" in row.quantity:
        models = [published_tumour(each) for each in patients_of_table_1()]
        found = sum(model.exact("eradication", method="closed") > 0.95 for model in models)
    else:
        found = answer(row, "closed")
    assert row.equals(found)


@pytest.mark.parametrize("row", published.rows("bozic2013_cost"))
def test_published_simulations_by_the_exact_equations(row):
    assert row.equals(answer(row, "backward"))


@pytest.mark.parametrize("row", published.rows("bozic2013_kdrugs"))
def test_any_number_of_drugs(row):
    assert row.equals(answer(row, "backward"))


# --- Traps


def test_closed_form_and_exact_equations_differ_at_large_burden_and_fast_turnover():
    fast = Mutation(burden=1e11, birth=1, death=0.99)
    assert fast.exact("failure", method="closed") == pytest.approx(0.551, abs=5e-4)
    assert fast.exact("failure") == pytest.approx(0.528, abs=5e-4)


def test_cross_resistance_leaves_an_expected_half_patient_cured():
    cures = [
        published_tumour(each | {"n12": 1}).exact("eradication", method="closed")
        for each in patients_of_table_1()
    ]
    assert sum(cures) == pytest.approx(0.61, abs=0.15)


@pytest.mark.parametrize(("mutations", "mean", "median"), [(50, 12_659, 3_685), (1, 253, 17)])
def test_mean_is_far_above_the_typical_patient(mutations, mean, median):
    one = Mutation(drugs=1, mutations=mutations)
    assert one.exact("resistant_cells", method="closed") == pytest.approx(mean, rel=1e-3)
    assert one.exact("resistant_cells") == pytest.approx(mean, rel=1e-3)
    drawn = one.outcomes(simultaneous("drug_1"), 1, patients=10_000, seed=1)
    assert drawn["resistant_cells"].median() == pytest.approx(median, rel=0.1)


def test_large_steps_are_as_exact_as_small_ones():
    """A draw that took Euler steps of a day would lose a twentieth of the cells."""
    model = SMALL.with_(mutation_rate=0, kill=0)
    days = 100.0
    coarse = model.simulate(SCHEDULE, days, patients=400, seed=1, times=[0, days])
    fine = model.simulate(SCHEDULE, days, patients=400, seed=2, times=np.arange(0, 101, 1.0))
    for drawn in (coarse, fine):
        cells = drawn.query("time_days == @days and compartment == 'sensitive'")["value"]
        expected, spread = 1e4 * math.exp(0.01 * days), cells.std() / 20
        assert cells.mean() == pytest.approx(expected, abs=4 * spread)
        variance = 1e4 * (0.27 / 0.01) * math.exp(1) * (math.exp(1) - 1)
        assert cells.var() == pytest.approx(variance, rel=0.3)


# --- Draws against exact equations

CHANCES = (("failed", "failure"), ("resistant_at_start", "resistance_at_start"))

GRID = [
    dict(zip(("burden", "mutation_rate", "cross_resistance", "cost", "drugs"), each, strict=True))
    for each in itertools.product((3e3, 1e5), (2e-6, 3e-5), (0, 1), (0, 0.1), (1, 2, 3))
] + [
    {"burden": 1e9, "mutation_rate": 1e-9, "cross_resistance": joint, "cost": cost, "drugs": 2}
    for joint in (0, 1)
    for cost in (0, 0.1)
]


@pytest.mark.parametrize(
    "numbers", GRID, ids=lambda each: "-".join(f"{x:g}" for x in each.values())
)
def test_draws_agree_with_the_exact_equations(numbers):
    model, number = SMALL.with_(**numbers), 2000
    drawn = model.outcomes(simultaneous(*model.DRUGS), 30, patients=number, seed=1)
    for column, quantity in CHANCES:
        chance = model.exact(quantity)
        assert abs(drawn[column].mean() - chance) <= error(chance, number)


@pytest.mark.parametrize(
    "model",
    [
        SMALL.with_(lesions=4),
        SMALL.with_(birth=1, death=0, kill=1.5),
        SMALL.with_(birth=1, death=0.2, kill=0, block=0.9),
        SMALL.with_(kill=0.02, spectrum={"drug_1": 30, "drug_2": 3, "drug_1+drug_2": 0.2}),
        SMALL.with_(drugs=3, mutations=5, spectrum={"drug_1+drug_3": 2}),
        SMALL.with_(cost=1, mutations=30),
    ],
)
def test_draws_agree_in_unusual_tumours(model):
    drawn = model.outcomes(simultaneous(*model.DRUGS), 5, patients=2000, seed=3)
    chance = model.exact("failure")
    assert abs(drawn["failed"].mean() - chance) <= error(chance, 2000)


@pytest.mark.parametrize("switch", [30.0, 200.0])
def test_draws_agree_under_drugs_in_sequence(switch):
    schedule = sequential("drug_1", "drug_2", switch=switch)
    model = SMALL.with_(mutation_rate=1e-5)
    drawn = model.outcomes(schedule, switch + 1, patients=3000, seed=2)
    chance = model.exact("failure", schedule=schedule)
    assert abs(drawn["failed"].mean() - chance) <= error(chance, 3000)
    assert chance > model.exact("failure") + 0.05


def test_mean_of_draws_is_the_exact_mean():
    model = Mutation(burden=1e3, birth=1, death=0.5, mutation_rate=1e-3, mutations=5)
    cells = model.outcomes(none(), 1e-3, patients=20_000, seed=4)["resistant_cells"]
    expected = model.exact("resistant_cells")
    assert abs(cells.mean() - expected) < 4 * cells.std() / math.sqrt(20_000)


def test_large_populations_keep_their_means():
    """So many mutations that their times are rounded to classes."""
    model = Mutation(burden=1e6, mutation_rate=1e-6, birth=1, death=0.5)
    run = model.simulate(none(), 8, patients=100, seed=3, times=[0, 8])
    mean = run.groupby(["compartment", "time_days"], observed=True)["value"].mean()
    sensitive = 1e6 * math.exp((0.5 - 1e-4) * 8)
    assert mean["sensitive", 8] == pytest.approx(sensitive, rel=1e-3)
    for name in ("resistant_1", "resistant_2"):
        single = (mean[name, 0] + 1e6 * 5e-5 * 8) * math.exp(0.5 * 8)
        assert mean[name, 8] == pytest.approx(single, rel=0.02)


def test_a_general_simulator_agrees():
    if os.environ.get("CANCERRES_NO_SKIPS"):
        import rebop
    else:
        rebop = pytest.importorskip("rebop")
    model = Mutation(burden=300, birth=1, death=0.5, kill=2, mutation_rate=1e-4, mutations=50)
    grown = [tumour for seed in range(500) if (tumour := peer_growth(rebop, model, seed))]
    resistant = np.mean([tumour["resistant_1_2"] > 0 for tumour in grown])
    failed = np.mean([peer_treated(rebop, model, *each) for each in enumerate(grown)])
    number = len(grown)
    assert number > 150
    for found, quantity in ((resistant, "resistance_at_start"), (failed, "failure")):
        chance = model.exact(quantity)
        assert 0.1 < chance < 0.9
        assert abs(found - chance) <= error(chance, number)


def peer(rebop, model, doses):
    """The reactions of the model for the peer."""
    chain, system = rates.chain(model, doses), rebop.Gillespie()
    for kind, name in enumerate(model.COMPARTMENTS):
        line = chain.lineages[kind]
        system.add_reaction(line.split, [name], [name, name])
        system.add_reaction(line.death, [name], [])
        for mutant, rate in chain.flow(kind).items():
            system.add_reaction(rate, [name], [name, model.COMPARTMENTS[mutant]])
    return system


def peer_growth(rebop, model, seed):
    """Cells when a tumour first reaches its burden; none if it died out or was too slow."""
    end = (math.log(model.burden) + 1) / (model.birth - model.death)
    run = peer(rebop, model, [0, 0]).run({"sensitive": 1}, end, 2000, rng=seed)
    reached = np.flatnonzero(run["sensitive"].values >= model.burden)
    names = model.COMPARTMENTS
    return {name: int(run[name].values[reached[0]]) for name in names} if len(reached) else None


def peer_treated(rebop, model, seed, tumour):
    """Whether resistant cells are alive long after treatment began."""
    run = peer(rebop, model, [1, 1]).run(tumour, 12, 1, rng=seed + 10_000)
    return run["resistant_1_2"].values[-1] > 0


# --- Limits by theory


def test_without_treatment_it_always_fails():
    assert SMALL.exact("failure", schedule=none()) == pytest.approx(1)
    assert SMALL.outcomes(none(), 40, patients=50, seed=1)["failed"].all()
    weak = SMALL.with_(kill=0)
    assert weak.exact("failure") == pytest.approx(1)


def test_without_mutation_treatment_eradicates():
    clean = SMALL.with_(mutation_rate=0)
    assert clean.exact("failure") == 0
    drawn = clean.outcomes(SCHEDULE, 3000, patients=100, seed=1)
    assert not drawn["failed"].any()
    assert drawn["ttp_days"].isna().all()
    assert (drawn["clones"] == 0).all()


def test_infinite_kill_leaves_what_was_there_before():
    """Sensitive cells have no time to mutate; every resistant cell has its usual chance."""
    deadly = Mutation(drugs=1, mutations=1, burden=1e8, kill=1e6)
    arrivals = 1e8 * 1e-9
    assert deadly.exact("failure") == pytest.approx(-math.expm1(-arrivals), rel=1e-4)


def test_a_cell_without_death_gives_the_formula_of_goldie_and_coldman():
    pure = Mutation(drugs=1, mutations=50, birth=1, death=0, kill=1e6, burden=1e7)
    assert pure.exact("eradication") == pytest.approx(math.exp(-5e-8 * (1e7 - 1)), rel=1e-5)


def test_one_patient_of_one_cell():
    one = Mutation(burden=1).outcomes(SCHEDULE, 1000, patients=1, seed=1)
    assert len(one) == 1
    assert not one["failed"].item()


def test_tiny_cost_changes_nothing():
    assert SMALL.with_(cost=1e-9).exact("failure") == pytest.approx(
        SMALL.exact("failure"), rel=1e-5
    )


def test_cross_resistance_dominates():
    lost = Mutation(cross_resistance=1).exact("failure") - Mutation().exact("failure")
    stronger = Mutation().exact("failure") - Mutation(kill=0.4).exact("failure")
    assert lost > 0.7
    assert 0 < stronger < 0.001


def test_more_drugs_fail_less_and_an_early_start_helps():
    chances = [Mutation(burden=1e11, drugs=drugs).exact("failure") for drugs in range(1, 5)]
    assert chances == sorted(chances, reverse=True)
    assert Mutation(burden=1e7).exact("failure") < Mutation(burden=1e9).exact("failure") / 50


def test_lesions_multiply():
    both = Mutation(cross_resistance=1).exact("eradication", sizes=[1e8, 5e8])
    each = [Mutation(cross_resistance=1, burden=size).exact("eradication") for size in (1e8, 5e8)]
    assert both == pytest.approx(math.prod(each))


def test_order_of_drugs_does_not_matter_together():
    sites = {"drug_1": 80, "drug_2": 5}
    turned = {"drug_1": 5, "drug_2": 80}
    first, second = (Mutation(spectrum=each, burden=1e10) for each in (sites, turned))
    assert first.exact("failure") == pytest.approx(second.exact("failure"))


# --- Properties


@settings(max_examples=25, deadline=None)
@given(
    burden=st.floats(1, 1e5),
    rate=st.floats(1e-7, 1e-3),
    joint=st.floats(0, 2),
    cost=st.floats(0, 1),
    drugs=st.integers(1, 4),
)
def test_chances_and_cells_make_sense(burden, rate, joint, cost, drugs):
    model = Mutation(
        burden=burden,
        mutation_rate=rate,
        cross_resistance=joint,
        cost=cost,
        drugs=drugs,
        mutations=3,
    )
    failure, eradication = model.exact("failure"), model.exact("eradication")
    assert 0 <= failure <= 1
    assert failure + eradication == pytest.approx(1)
    cells = model.simulate(simultaneous(*model.DRUGS), 50, patients=3, seed=1, times=[0, 10, 50])
    assert (cells["value"] >= 0).all()
    assert (cells["value"] == cells["value"].round()).all()
    start = cells.query("time_days == 0 and compartment == 'sensitive'")["value"]
    assert (start == round(burden)).all()


@settings(max_examples=20, deadline=None)
@given(more=st.floats(1.0, 100), base=st.floats(1, 1e10))
def test_more_cells_fail_more_often(more, base):
    few, many = (Mutation(burden=cells).exact("failure") for cells in (base, base * more))
    assert many >= few * (1 - 1e-6)


def test_results_are_repeatable_and_tidy():
    first, again, other = (SMALL.outcomes(SCHEDULE, 500, patients=50, seed=s) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)
    assert list(first) == [
        "model", "patient", "failed", "ttp_days", "resistant_at_start", "resistant_cells", "clones",
    ]  # fmt: skip
    assert (first["ttp_days"].dropna() > 0).all()
    progressed = first["ttp_days"].notna()
    assert (first.loc[progressed, "failed"]).all()


def test_clones_are_the_cells_of_the_outcomes():
    clones = SMALL.clones(patients=300, seed=5)
    drawn = SMALL.outcomes(SCHEDULE, 1, patients=300, seed=5)
    resistant = clones.query("compartment == 'resistant_1_2'").groupby("patient")["cells"].sum()
    cells = resistant.reindex(drawn["patient"], fill_value=0)
    np.testing.assert_array_equal(cells, drawn["resistant_cells"])
    counted = clones.groupby("patient").size().reindex(drawn["patient"], fill_value=0)
    np.testing.assert_array_equal(counted, drawn["clones"])
    assert (clones["cells"] > 0).all()
    assert clones["age_days"].between(0, rates.growth(SMALL).days).all()


def test_time_to_progression_is_where_the_trajectory_passes():
    drawn = Mutation(mutation_rate=0).outcomes(none(), 100, seed=1)
    assert drawn["ttp_days"].item() == pytest.approx(math.log(1.2) / 0.01, rel=1e-2)


def test_rules_that_look_at_the_tumour_are_followed():
    held = SMALL.with_(mutation_rate=0).simulate(
        adaptive("drug_1", "drug_2", every=5), 400, seed=1, times=range(401)
    )
    sensitive = held.query("compartment == 'sensitive'")["value"].to_numpy()
    assert 3000 < sensitive[50:].min() < 5000
    assert 9000 < sensitive[50:].max() < 12_000


def test_sweeps_move_every_number():
    grid = {"cross_resistance": [0, 1], "burden": [1e8, 1e9]}
    swept = sweep(Mutation(), None, grid, quantity="failure")
    assert swept["value"].is_unique


# --- What failed means, and tumours at the largest size


@pytest.mark.parametrize("t_end", [97, 99, 100])
def test_failure_does_not_hang_on_the_phase_at_the_end(t_end):
    schedule = pulsed("drug_1", "drug_2", on=7, off=3)
    drawn = Mutation(burden=1e6).outcomes(schedule, t_end, patients=30, seed=1)
    assert not drawn["failed"].any()
    weak = Mutation(burden=1e6, kill=0).outcomes(schedule, t_end, patients=30, seed=1)
    assert weak["failed"].all()
    assert weak["ttp_days"].notna().all()


def test_failure_under_a_rule_is_progression():
    drawn = Mutation(burden=1e6, mutation_rate=1e-7).outcomes(
        adaptive("drug_1"), 300, patients=60, seed=1
    )
    assert (drawn["failed"] == drawn["ttp_days"].notna()).all()


def test_failure_of_intervals_counts_what_is_still_to_come():
    schedule, model = sequential("drug_1", "drug_2", switch=60), SMALL.with_(mutation_rate=1e-5)
    chance = model.exact("failure", schedule=schedule)
    assert 0.05 < chance < 0.95
    for t_end in (10, 60, 61):
        drawn = model.outcomes(schedule, t_end, patients=3000, seed=5)
        assert abs(drawn["failed"].mean() - chance) <= error(chance, 3000)


@pytest.mark.parametrize("burden", [9e14, 1e15])
def test_the_largest_tumours_shrink_and_progress(burden):
    clean = Mutation(burden=burden, mutation_rate=0)
    cells = clean.simulate(SCHEDULE, 100, seed=1, times=[0, 100])["value"].max()
    last = clean.simulate(SCHEDULE, 100, seed=1, times=[100]).query("time_days == 100")
    assert cells == burden
    assert last["value"].max() == pytest.approx(burden * math.exp(-3), rel=1e-3)
    grown = clean.outcomes(none(), 400, seed=1)
    assert grown["ttp_days"].item() == pytest.approx(math.log(1.2) / 0.01, rel=0.02)


def test_a_held_tumour_still_shrinks():
    late = Schedule([(2000, 9000, {"drug_1": 1})])
    run = Mutation(mutation_rate=0).simulate(late, 2100, seed=1, times=[0, 2000, 2100])
    cells = run.query("compartment == 'sensitive'")["value"].to_numpy()
    assert cells[1] > 1e12
    assert cells[2] == pytest.approx(cells[1] * math.exp(-3), rel=1e-3)


# --- Refusals


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"death": 0.14}, r"death = 0.14 \[1/day\] is not allowed; allowed: below 0.14"),
        ({"mutation_rate": 0.5}, r"mutation_rate = 0.5 .* up to 0.01 with 100"),
        ({"mutation_rate": 2}, r"mutation_rate = 2 .* from 0 to 1"),
        ({"burden": 2e15}, r"burden = 2e\+15 \[cells\]"),
        ({"burden": 3, "lesions": 5}, r"burden = 3 \[cells\].*from 5 on"),
        ({"spectrum": 5}, r"spectrum is 5; give numbers of mutations by the drugs"),
        ({"spectrum": {"drug_1": -1}}, r"spectrum\['drug_1'\] = -1 \[mutations\]"),
        ({"spectrum": {"drug_3": 1}}, "unknown drug in spectrum 'drug_3'; nearest"),
    ],
)
def test_tumours_without_meaning_are_refused(numbers, message):
    with pytest.raises(ck.DataError, match=message):
        Mutation(**numbers)


@pytest.mark.parametrize(
    ("numbers", "conditions", "message"),
    [
        ({}, {"method": "close"}, "unknown method 'close'; nearest: 'closed'"),
        ({}, {"sizes": [0]}, r"sizes = '?\[.*0.*\[cells\] is not allowed"),
        ({"cost": 0.1}, {"method": "closed"}, "no closed form with cost = 0.1"),
        ({}, {"method": "closed", "schedule": SCHEDULE}, "no closed form with a schedule"),
        ({"drugs": 3}, {"method": "closed"}, "no closed form for drugs = 3"),
        ({"drugs": 3, "cross_resistance": 1}, {"method": "closed"}, "cross-resistance with 3"),
        ({"kill": 0}, {"method": "closed"}, "unless treated cells decline"),
        ({}, {"schedule": pulsed("drug_1", on=5, off=5)}, "repeats for ever"),
    ],
)
def test_questions_without_an_answer_are_refused(numbers, conditions, message):
    with pytest.raises(ck.DataError, match=message):
        Mutation(**numbers).exact("failure", **conditions)


def test_drugs_are_those_of_the_model():
    with pytest.raises(ck.DataError, match="unknown drug of mutation 'drug_3'"):
        Mutation().exact("failure", schedule=simultaneous("drug_3"))
    three = Mutation(drugs=3)
    assert three.outcomes(Schedule(((0, 5, {"drug_3": 1}),)), 10, seed=1).shape[0] == 1


def test_more_clones_than_can_be_drawn_are_refused():
    with pytest.raises(ck.DataError, match=r"patients x lesions = 1000 \[tumours\]"):
        Mutation(burden=1e15).outcomes(SCHEDULE, 10, patients=1000, seed=1)
    with pytest.raises(ck.DataError, match=r"patients = 40000 .* clones in all"):
        Mutation().clones(patients=40_000, seed=1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Mutation().failure(sizes=["a"]), r"sizes = .*\[cells\] is not allowed"),
        (lambda: Mutation().exact("failure", schedule="x"), "a schedule is made by"),
        (lambda: Mutation().treated(death="x"), "death under treatment = 'x'"),
        (
            lambda: Mutation().treated(death=0.1),
            r"death under treatment = 0.1 \[1/day\] is not allowed; allowed: from 0.13",
        ),
        (lambda: Mutation().treated(birth=0.2), "birth under treatment = 0.2 .* from 0 to 0.14"),
        (
            lambda: Mutation(spectrum={"drug_1+drug_2": 3, "drug_2+drug_1": 1}),
            r"spectrum names 'drug_1\+drug_2' twice",
        ),
        (lambda: Mutation(spectrum={"drug_1": True}), r"spectrum\['drug_1'\]"),
        (lambda: Schedule(5), "intervals are 5; write"),
    ],
)
def test_what_has_no_meaning_is_refused_in_words(call, message):
    with pytest.raises(ck.DataError, match=message):
        call()


def test_what_is_frozen_stays_as_it_is():
    model = Mutation(spectrum={"drug_1": np.int64(5)})
    doses = simultaneous("drug_1").intervals[0][2]
    for held in (model.spectrum, doses):
        for change in (
            lambda held=held: held.__setitem__("drug_1", 7),
            lambda held=held: held.update(drug_1=7),
            held.clear,
        ):
            with pytest.raises(TypeError, match="these numbers are fixed"):
                change()
    assert model.spectrum == {"drug_1": 5}
    assert pickle.loads(pickle.dumps(model)) == copy.deepcopy(model) == model
    assert pickle.loads(pickle.dumps(SCHEDULE)) == SCHEDULE
    assert hash(SCHEDULE) == hash(simultaneous("drug_1", "drug_2"))
