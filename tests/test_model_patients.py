"""Independent action against published trials, curves and their medians, synergy, and limits."""

import csv
import itertools
import math

import numpy as np
import pandas as pd
import published
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from cancerres_kit import schema
from cancerres_kit.models import adaptive, continuous, none, pulsed, sequential, simultaneous
from cancerres_kit.models.comparison import compare
from cancerres_kit.models.copulas import GAUSSIAN, METHODS, RANKS, both_below, ranks, width
from cancerres_kit.models.cross_resistance import shared_resistance, surviving
from cancerres_kit.models.durations import kaplan_meier
from cancerres_kit.models.patients import DAYS_PER_MONTH, STRATEGIES, Patients
from cancerres_kit.models.survival import Curve, median_time
from cancerres_kit.models.synergy import Hill, bliss, expected, hsa, loewe, sham, verdict
from cancerres_kit.schema import DataError

BOTH = simultaneous("drug_a", "drug_b")
ARMS = {"mono 1": "A", "mono 2": "B", "observed combination": "AB"}
# Archived hazard ratios of the observed against the predicted combination. They are listed without
# trial and window; read as the panels of Figure 4 and then Figure 1, over the first year, all five
# agree with ours. One simulated trial of 1,000 per arm has an SD of about .06.
RATIOS = {
    "Figure 4A": 0.992,
    "Figure 4B": 1.140,
    "Figure 4C": 0.996,
    "Figure 4D": 1.025,
    "Figure 1B": 1.003,
}
BETTER_THAN_INDEPENDENT = ("Figure 4E", "Figure 4F", "Figure 4G")
fractions = st.floats(0, 1)
inner = st.floats(0.001, 0.999)


@pytest.fixture(scope="module")
def archived(reference):
    """Durations by sheet and arm [months]; the longest of an arm is the end of its follow-up."""
    table = pd.read_csv(reference / "independent_action_pfs.csv")
    return {key: rows["pfs_months"].to_numpy() for key, rows in table.groupby(["sheet", "role"])}


@pytest.fixture(scope="module")
def trials(archived):
    """Curves by sheet and arm."""
    return {key: Curve.from_durations(t, t < t.max()) for key, t in archived.items()}


@pytest.fixture(scope="module")
def digest():
    """Curves of the shipped digest by figure and arm."""
    path = schema.data_root() / "survival_digest.csv"
    table = pd.read_csv(path).sort_values("month")
    column = "progression_free_fraction"
    return {
        key: Curve(tuple(rows["month"]), tuple(rows[column]))
        for key, rows in table.groupby(["figure", "arm"])
    }


def of_trial(curves, sheet, **more):
    return Patients(curve_a=curves[sheet, "A"], curve_b=curves[sheet, "B"], **more)


def to_half_a_point(*durations):
    """One half, for curves that are known to one part in the number of their points."""
    return 0.5 + 0.5 / min(len(each) for each in durations)


@pytest.mark.parametrize("row", published.rows("independent_action", quantity="median PFS months"))
def test_observed_medians_are_those_published(row, archived):
    arm = next(arm for words, arm in ARMS.items() if words in row.quantity)
    assert row.equals(median_time(archived[row.parameters["sheet"], arm]))


@pytest.mark.parametrize("row", published.rows("independent_action", quantity="predicted median"))
def test_predicted_medians_are_those_published(row, archived, trials):
    sheet = row.parameters["sheet"]
    model = of_trial(
        trials, sheet, spearman=row.parameters["rho_spearman"], method=row.parameters["method"]
    )
    at = to_half_a_point(archived[sheet, "A"], archived[sheet, "B"])
    assert row.equals(model.curve("combination").median(at=at))


def test_every_row_is_one_or_the_other():
    both = ("median PFS months", "predicted median")
    parts = [published.rows("independent_action", quantity=each) for each in both]
    assert sum(map(len, parts)) == len(published.rows("independent_action"))


@pytest.mark.parametrize("sheet", RATIOS)
def test_first_year_is_as_close_to_independence_as_published(sheet, archived, trials):
    assert first_year(sheet, archived, trials) == pytest.approx(RATIOS[sheet], abs=0.06)


@pytest.mark.parametrize("sheet", BETTER_THAN_INDEPENDENT)
def test_some_combinations_are_better_than_independent(sheet, archived, trials):
    assert first_year(sheet, archived, trials) < 0.8


def first_year(sheet, archived, trials):
    """Hazard ratio of the observed against the predicted combination over 12 months."""
    seen = archived[sheet, "AB"]
    told, progressed = of_trial(trials, sheet).curve("combination").trial(2000)
    found = compare(
        seen, told, first_progressed=seen < seen.max(), second_progressed=progressed, until=12
    )
    return found["hazard_ratio"].iloc[0]


def test_plateau_makes_the_median_jump_but_not_the_curve(trials):
    """The two methods differ by less than .006 anywhere and by more than a month in the median."""
    curves = [
        of_trial(trials, "Figure 1B", method=method).curve("combination") for method in METHODS
    ]
    medians = sorted(curve.median() for curve in curves)
    assert medians == pytest.approx([12.69, 13.99], abs=0.01)
    months = np.linspace(0, 17, 500)
    assert np.abs(curves[0].at(months) - curves[1].at(months)).max() < 0.006
    low, high = curves[0].median_span(0.01)
    assert low < medians[0] < medians[1] <= high
    ratio = compare(*(curve.trial(1938)[0] for curve in curves))["hazard_ratio"].iloc[0]
    assert ratio == pytest.approx(1, abs=0.01)


def test_any_plateau_at_one_half_makes_the_median_jump():
    """Two curves that differ by one patient in 500 (made up)."""
    low, high = (
        Curve((0, 5, 12.7, 14), (1, 0.7, half, 0.3), steps=True) for half in (0.499, 0.501)
    )
    assert (low.median(), high.median()) == (12.7, 14)
    assert low.median_span() == high.median_span() == (12.7, 14)
    durations, progressed = zip(low.trial(1000), high.trial(1000), strict=True)
    found = compare(*durations, first_progressed=progressed[0], second_progressed=progressed[1])
    assert found["hazard_ratio"].iloc[0] == pytest.approx(1, abs=0.01)
    assert found["p_value"].iloc[0] > 0.9


def test_simulated_trials_give_the_exact_median(trials):
    """The procedure of the paper, 20 trials of 1,000 patients, against its limit."""
    model = of_trial(trials, "Figure 4F", method=RANKS)
    found = [model.durations(1000, seed=seed)["combination"].median() for seed in range(20)]
    assert np.mean(found) == pytest.approx(model.median("combination"), abs=0.1)


@pytest.mark.parametrize(
    "figure", sorted({*RATIOS, *BETTER_THAN_INDEPENDENT} - {"Figure 4B", "Figure 4D"})
)
def test_digest_gives_medians_to_its_coarseness(figure, digest):
    """A monthly curve cannot place a median better than its month."""
    rows = [row.values[0] for row in published.rows("independent_action")]
    for row in (each for each in rows if each.parameters["sheet"] == figure):
        arm = next((arm for words, arm in ARMS.items() if words in row.quantity), None)
        if arm is None:
            spearman = row.parameters["rho_spearman"]
            curve = of_trial(digest, figure, spearman=spearman).curve("combination")
        else:
            curve = digest[figure, arm]
        assert curve.median() == pytest.approx(row.value, abs=1.0)


@pytest.mark.parametrize("figure", sorted({*RATIOS, *BETTER_THAN_INDEPENDENT}))
def test_digest_tells_independence_from_more(figure, digest):
    told = of_trial(digest, figure).curve("combination")
    seen = digest[figure, "AB"]
    months = np.arange(1, math.floor(min(12, told.follow_up, seen.follow_up)) + 1)
    gap = (seen.at(months) - told.at(months)).mean()
    assert (gap > 0.05) == (figure in BETTER_THAN_INDEPENDENT)


def test_digest_is_what_the_archive_says(digest, trials):
    """Whoever progresses on the very day of a month may count either way."""
    assert set(digest) == set(trials)
    for key, curve in digest.items():
        months, found = np.array(curve.months), np.array(curve.fraction)
        after, before = trials[key].at(months), trials[key].at(np.maximum(months - 1e-9, 0))
        assert (after - 5.1e-5 <= found).all(), key
        assert (found <= before + 5.1e-5).all(), key


def test_median_convention():
    """Both rules for 16 patients whose middle times are 13.8 and 14.8 months (made up)."""
    durations = [*range(1, 8), 13.8, 14.8, *range(20, 27)]
    assert median_time(durations) == 13.8
    assert median_time(durations, rule="middle") == pytest.approx(14.3)
    assert median_time(durations, rule="middle") == np.median(durations)


@settings(max_examples=60)
@given(st.lists(st.floats(0, 50), min_size=1, max_size=30))
def test_middle_rule_is_the_ordinary_median(durations):
    durations = [round(each, 2) for each in durations]
    assert median_time(durations, rule="middle") == pytest.approx(np.median(durations))
    assert median_time(durations) == sorted(durations)[(len(durations) - 1) // 2]


def test_a_median_past_the_follow_up_is_unknown():
    curve = Curve((0, 10), (1, 0.6))
    assert math.isnan(curve.median())
    assert math.isnan(curve.median(rule="middle"))
    assert np.isnan(curve.at([11])).all()
    assert curve.at(5) == pytest.approx(0.8)
    assert curve.quantiles([0.1, 0.5]).tolist() == pytest.approx([2.5, math.inf])
    assert Curve((0, 10), (1, 0.5), steps=True).median(rule="middle") == 10
    assert Curve((0, 4, 6, 10), (1, 0.5, 0.5, 0)).median(rule="middle") == pytest.approx(5)


def test_kaplan_meier_by_hand():
    found = kaplan_meier([1, 2, 2, 3, 4], [1, 1, 0, 1, 0])
    assert found["month"].tolist() == [0, 1, 2, 3, 4]
    assert found["fraction"].tolist() == pytest.approx([1, 0.8, 0.6, 0.3, 0.3])
    assert found["at_risk"].tolist() == [5, 5, 4, 2, 1]
    inside = found.iloc[1:4]
    assert ((inside["low"] < inside["fraction"]) & (inside["fraction"] < inside["high"])).all()
    assert kaplan_meier([0, 1])["fraction"].tolist() == [0.5, 0]


def test_log_rank_is_that_of_scipy_and_the_ratio_that_of_cox():
    generator = np.random.default_rng(7)
    first, second = (np.ceil(generator.exponential(scale, 60)) for scale in (12, 7))
    events = generator.random(60) < 0.8
    found = compare(first, second, first_progressed=events).iloc[0]
    sample = stats.CensoredData.right_censored(first, ~events)
    assert found["p_value"] == stats.logrank(sample, second).pvalue
    best = optimize.minimize_scalar(
        lambda ratio: -efron(ratio, first, events, second), bracket=(-1, 0)
    ).x
    assert found["hazard_ratio"] == pytest.approx(math.exp(best), rel=1e-4)
    assert found["low"] < found["hazard_ratio"] < found["high"] < 1


def efron(ratio, first, events, second):
    """Log partial likelihood with ties after Efron, term by term."""
    rows = [*((t, e, math.exp(ratio)) for t, e in zip(first, events, strict=True))]
    rows += [(t, True, 1.0) for t in second]
    total = 0.0
    for time in sorted({t for t, e, _ in rows if e}):
        ended = [weight for t, e, weight in rows if e and t == time]
        risk = sum(weight for t, _, weight in rows if t >= time)
        total += sum(math.log(weight) for weight in ended)
        total -= sum(math.log(risk - part / len(ended) * sum(ended)) for part in range(len(ended)))
    return total


def test_groups_swapped_turn_the_ratio_over():
    generator = np.random.default_rng(3)
    first, second = generator.exponential(10, 200), generator.exponential(5, 300)
    one, other = compare(first, second).iloc[0], compare(second, first).iloc[0]
    assert one["hazard_ratio"] == pytest.approx(1 / other["hazard_ratio"])
    assert one["log_rank_z"] == pytest.approx(-other["log_rank_z"])
    assert one["low"] < 0.5 < one["high"]
    same = compare(first, first).iloc[0]
    assert (same["hazard_ratio"], same["p_value"]) == pytest.approx((1, 1))


# Correlated responses


@settings(max_examples=80)
@given(a=fractions, b=fractions, spearman=st.floats(0, 1), method=st.sampled_from(METHODS))
def test_joint_fractions_stay_within_their_bounds(a, b, spearman, method):
    joint = float(both_below(a, b, spearman=spearman, method=method))
    assert max(a + b - 1, 0) - 1e-9 <= joint <= min(a, b) + 1e-9
    assert joint >= a * b - 1e-6  # never below independence
    assert both_below(b, a, spearman=spearman, method=method) == pytest.approx(joint, abs=1e-12)


@pytest.mark.parametrize("spearman", [-0.95, -0.3, 0.08, 0.28, 0.7, 0.999])
def test_gaussian_copula_is_the_joint_normal_distribution(spearman):
    pearson = 2 * math.sin(math.pi * spearman / 6)
    for a, b in itertools.product([1e-6, 0.1, 0.5, 0.8], repeat=2):
        right = stats.multivariate_normal.cdf(
            stats.norm.ppf([a, b]), cov=[[1, pearson], [pearson, 1]], abseps=1e-9
        )
        assert both_below(a, b, spearman=spearman) == pytest.approx(right, abs=1e-6)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("spearman", [0.0, 0.08, 0.28, 0.5, 0.8, 1.0])
def test_drawn_ranks_have_the_correlation_and_the_joint_fractions(method, spearman):
    drawn = ranks(20_000, spearman=spearman, generator=np.random.default_rng(5), method=method)
    assert stats.spearmanr(drawn).statistic == pytest.approx(spearman, abs=0.02)
    for a, b in [(0.2, 0.3), (0.5, 0.5), (0.9, 0.4)]:
        share = ((drawn[:, 0] < a) & (drawn[:, 1] < b)).mean()
        exact = float(both_below(a, b, spearman=spearman, method=method))
        error = math.sqrt(max(exact * (1 - exact), 1e-9) / 20_000)
        assert share == pytest.approx(exact, abs=3 * error + 1e-4)


def test_opposed_ranks():
    drawn = ranks(1000, spearman=-1, generator=np.random.default_rng(1))
    assert drawn.sum(axis=1) == pytest.approx(1)
    assert both_below(0.7, 0.6, spearman=-1) == pytest.approx(0.3)


@settings(max_examples=50)
@given(st.floats(0.01, 1))
def test_width_of_randomisation_gives_the_correlation(spearman):
    w = width(spearman)
    found = 1 / (4 * w) if w >= 0.5 else 1 - 4 * w**2 + 4 * w**3
    assert found == pytest.approx(spearman, abs=1e-6)


# Limits by theory


@pytest.mark.parametrize("method", METHODS)
def test_independent_responses_multiply(method):
    model = Patients(spearman=0, method=method)
    months = [1.0, 5.0, 20.0]
    a, b = (model.curve(drug).at(months) for drug in ("drug_a", "drug_b"))
    assert model.curve("combination").at(months) == pytest.approx(1 - (1 - a) * (1 - b), abs=1e-4)


@pytest.mark.parametrize("method", METHODS)
def test_the_same_patients_responding_to_both_gain_nothing(method):
    model = Patients(spearman=1, method=method)
    months = np.linspace(0, 60, 61)
    better = np.maximum(*(model.curve(drug).at(months) for drug in ("drug_a", "drug_b")))
    assert model.curve("combination").at(months) == pytest.approx(better, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(
    spearman=st.floats(0, 1),
    accuracy=fractions,
    medians=st.tuples(st.floats(0.5, 30), st.floats(0.5, 30)),
    shape=st.floats(0.5, 3),
    method=st.sampled_from(METHODS),
)
def test_strategies_stand_in_order(spearman, accuracy, medians, shape, method):
    model = Patients(
        spearman=spearman,
        accuracy=accuracy,
        median_a=medians[0],
        median_b=medians[1],
        shape=shape,
        method=method,
    )
    wide = model.survival().pivot(index="month", columns="strategy", values="fraction")
    assert ((wide >= -1e-12) & (wide <= 1 + 1e-12)).to_numpy().all()
    singles = wide[["drug_a", "drug_b"]]
    assert (wide["combination"] >= singles.max(axis=1) - 1e-6).all()
    assert (wide["worse_drug"] <= singles.min(axis=1) + 1e-6).all()
    assert (wide["combination"] + wide["worse_drug"]).to_numpy() == pytest.approx(
        singles.sum(axis=1).to_numpy(), abs=1e-6
    )


def test_less_correlation_is_more_benefit():
    medians = [Patients(spearman=each).median("combination") for each in (-1, -0.5, 0, 0.5, 1)]
    assert medians == sorted(medians, reverse=True)
    assert medians[-1] == pytest.approx(7.1, abs=1e-3)


def test_a_perfect_biomarker_is_as_good_as_the_combination_and_a_coin_as_no_choice():
    perfect, coin = Patients(accuracy=1), Patients(accuracy=0.5)
    months = np.arange(0, 40)
    assert perfect.curve("biomarker").fraction == perfect.curve("combination").fraction
    mean = (coin.curve("drug_a").at(months) + coin.curve("drug_b").at(months)) / 2
    assert coin.curve("biomarker").at(months) == pytest.approx(mean, abs=1e-4)


def test_defaults_have_the_medians_they_are_named_for():
    assert Patients().exact("median", strategy="drug_a") == pytest.approx(3.0, abs=1e-3)
    assert Patients().exact("median", strategy="drug_b", rule="middle") == pytest.approx(
        7.1, abs=1e-3
    )
    assert Patients().exact("free", strategy="drug_a", months=6) == pytest.approx(0.25, abs=1e-4)


# Virtual patients


@pytest.mark.parametrize("spearman", [0.0, 0.28, 0.9])
@pytest.mark.parametrize("days", [60, 200])
def test_virtual_patients_agree_with_the_exact_curve(spearman, days):
    model = Patients(spearman=spearman)
    free = 1 - model.outcomes(BOTH, days, patients=20_000, seed=11)["failed"].mean()
    exact = model.free("combination", days / DAYS_PER_MONTH)
    assert free == pytest.approx(exact, abs=3 * math.sqrt(exact * (1 - exact) / 20_000) + 1e-4)


def test_outcomes_tell_both_drugs_and_the_choice():
    found = Patients().outcomes(BOTH, 3000, patients=500, seed=2)
    better = np.where(found["drug_b_days"] > found["drug_a_days"], "drug_b", "drug_a")
    assert (found["better_drug"] == better).all()
    assert (found["biomarker_drug"] == found["better_drug"]).all()
    days = np.maximum(found["drug_a_days"], found["drug_b_days"])
    assert found["ttp_days"].dropna().to_numpy() == pytest.approx(days[found["failed"]].to_numpy())
    wrong = Patients(accuracy=0).outcomes(BOTH, 3000, patients=500, seed=2)
    assert (wrong["biomarker_drug"] != wrong["better_drug"]).all()
    same = Patients().outcomes(BOTH, 3000, patients=500, seed=2)
    assert found.equals(same)


def test_schedules_hold_a_patient_while_a_given_drug_works():
    model = Patients()
    months = model.durations(300, seed=4)
    a, b = (months[drug].to_numpy() * DAYS_PER_MONTH for drug in ("drug_a", "drug_b"))

    def failing(schedule):
        found = model.outcomes(schedule, 5000, patients=300, seed=4)["ttp_days"]
        return found.fillna(5000).to_numpy()

    assert failing(none()) == pytest.approx(0)
    assert failing(continuous("drug_a")) == pytest.approx(np.minimum(a, 5000))
    assert failing(BOTH) == pytest.approx(np.minimum(np.maximum(a, b), 5000))
    then = np.where(a >= 60, np.maximum(60, 60 + b), a)
    assert failing(sequential("drug_a", "drug_b", switch=60)) == pytest.approx(
        np.minimum(then, 5000)
    )
    assert failing(pulsed("drug_a", on=30, off=30)) == pytest.approx(np.minimum(a, 30))


def test_courses_fall_once_and_count_the_same_patients():
    model = Patients()
    days = [0.0, 50.0, 100.0, 400.0]
    run = model.simulate(BOTH, 400, patients=200, seed=9, times=days)
    wide = run.pivot(index="patient", columns="time_days", values="value")
    assert set(np.unique(wide)) == {0.0, 1.0}
    assert (np.diff(wide.to_numpy(), axis=1) <= 0).all()
    progressed = model.outcomes(BOTH, 400, patients=200, seed=9)["failed"].to_numpy()
    assert (wide[400.0].to_numpy() == 0).tolist() == progressed.tolist()
    assert model.simulate(BOTH, 1, seed=9, times=[0.0])["value"].tolist() == [1]


def test_patients_past_the_follow_up_count_as_free():
    model = Patients(curve_a=Curve((0, 10), (1, 0.4)), curve_b=Curve((0, 10), (1, 0.4)))
    found = model.outcomes(BOTH, 4000, patients=2000, seed=1)
    assert found["failed"].mean() == pytest.approx(
        1 - model.free("combination", 10), abs=3 * math.sqrt(0.25 / 2000)
    )
    assert np.isinf(found["drug_a_days"]).any()


# Cells under two drugs


def test_identical_drugs_at_half_effect():
    drug = Hill(ic50=3.0)
    found = expected((drug, drug), (3.0, 3.0)).set_index("reference")["surviving_fraction"]
    assert found.to_dict() == pytest.approx({"Bliss": 0.25, "Loewe": 1 / 3, "HSA": 0.5})


def test_sham_combination_shows_what_each_reference_makes_of_one_drug():
    found = sham(Hill(ic50=1), 1).set_index("reference")["verdict"]
    assert found.to_dict() == {
        "Bliss": "antagonism",
        "Loewe": "no interaction",
        "HSA": "synergy",
    }
    steep = sham(Hill(ic50=1, slope=4), 0.6).set_index("reference")["verdict"]
    assert steep["Bliss"] == "synergy"  # the same flaw with the other sign
    assert verdict(0.2, 0.2) == "no interaction"


@settings(max_examples=80)
@given(
    ic50=st.floats(0.01, 100),
    slope=st.floats(0.3, 5),
    floor=st.floats(0, 0.9),
    doses=st.tuples(st.floats(0, 50), st.floats(0, 50)),
)
def test_loewe_takes_a_drug_for_a_dilution_of_itself(ic50, slope, floor, doses):
    drug = Hill(ic50, slope, floor)
    assert loewe((drug, drug), doses) == pytest.approx(drug.survival(sum(doses)), rel=1e-6)


@settings(max_examples=80)
@given(
    first=st.tuples(st.floats(0.1, 10), st.floats(0.5, 4), st.floats(0, 0.5)),
    second=st.tuples(st.floats(0.1, 10), st.floats(0.5, 4), st.floats(0, 0.5)),
    doses=st.tuples(st.floats(0, 20), st.floats(0, 20)),
)
def test_references_stand_in_order_and_know_no_first_drug(first, second, doses):
    drugs = Hill(*first), Hill(*second)
    alone = [drug.survival(dose) for drug, dose in zip(drugs, doses, strict=True)]
    together = loewe(drugs, doses)
    assert 0 <= bliss(*alone) <= hsa(*alone) <= 1
    assert together <= hsa(*alone) * (1 + 1e-9)
    assert loewe(drugs[::-1], doses[::-1]) == pytest.approx(together, rel=1e-6)
    assert loewe(drugs, (doses[0], 0)) == pytest.approx(alone[0], rel=1e-6)


def test_a_weak_drug_adds_nothing_beyond_its_reach():
    strong, weak = Hill(1.0), Hill(1.0, floor=0.6)
    assert loewe((strong, weak), (99, 5)) == pytest.approx(strong.survival(99))
    assert weak.dose(0.5) == math.inf
    assert weak.dose(0.7) == pytest.approx(3)
    assert loewe((strong, weak), (0, 0)) == 1


@given(parts=st.lists(fractions, min_size=1, max_size=5))
def test_cross_resistance_runs_from_the_product_to_the_best_drug(parts):
    assert surviving(*parts, cross_resistance=0) == pytest.approx(math.prod(parts))
    assert surviving(*parts, cross_resistance=1) == min(parts)


@given(a=st.floats(0.001, 0.99), b=st.floats(0.001, 0.99), xi=fractions)
def test_cross_resistance_is_found_again(a, b, xi):
    assert shared_resistance(a, b, observed=surviving(a, b, cross_resistance=xi)) == pytest.approx(
        xi, abs=1e-9
    )


@pytest.mark.parametrize(("xi", "right"), [(0.016, 0.0002584), (0.69, 0.006931)])
def test_published_cross_resistance_on_two_drugs_that_spare_one_in_a_hundred(xi, right):
    """Clone tracing, and the same drug twice (Palmer 2019): 2.6 and 69 times independence."""
    model = Patients(cross_resistance=xi)
    assert model.exact("surviving_cells") == pytest.approx(right)
    assert shared_resistance(0.01, 0.01, observed=right) == pytest.approx(xi)


def test_default_cross_resistance_is_published():
    described = Patients().parameters["cross_resistance"]
    assert (described.value, described.source.doi) == (0.016, "10.7554/eLife.50036")
    assert described.source.is_published


# Messages


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda: Curve((0, 1), (1,)), "2 months but 1 fractions; give one each"),
        (lambda: Curve((0, 1, 1), (1, 0.5, 0.4)), "months of a curve must ascend"),
        (lambda: Curve((-1, 1), (1, 0.5)), "months of a curve must ascend from 0"),
        (lambda: Curve((0, 1), (100, 50)), "give fractions, not percent"),
        (lambda: Curve((0, 1), (0.5, 0.7)), "must fall from 1 towards 0"),
        (lambda: Curve((0, 1), (0.9, 0.7)), "fraction at month 0 is 0.9; it must be 1"),
        (lambda: Curve((), ()), "months must be a row of finite numbers"),
        (lambda: Curve((0, math.nan), (1, 0.5)), "months must be a row of finite numbers"),
        (lambda: Curve((0, 1), "ab"), "fraction must be a row of finite numbers"),
        (lambda: median_time([1, -2]), r"duration -2 \[months\] is negative"),
        (lambda: median_time([1, 2], [1]), "true or false for each of the 2 durations"),
        (lambda: median_time([1, 2], [1, 2]), "true or false for each of the 2 durations"),
        (lambda: median_time([1, 2], rule="mean"), "unknown rule for a median 'mean'"),
        (lambda: compare([1, 2], [3], second_progressed=[0]), "without any progression"),
        (lambda: compare([1, 2], [3, 4]), "one group always progresses before the other"),
        (lambda: compare([1, 2], [1, 4], until=0), r"until = 0 \[months\].*above 0; leave it out"),
        (lambda: Hill(0), r"ic50 = 0 \[unit of dose\].*above 0"),
        (lambda: Hill(1, slope=-1), "slope = -1 is not allowed"),
        (lambda: Hill(1, floor=1), r"floor = 1 \[fraction\].*from 0 to below 1"),
        (lambda: Hill(1).survival(-1), r"dose = -1 \[unit of dose\].*from 0 on"),
        (lambda: bliss(50, 0.2), r"surviving fraction = 50 \[fraction\].*not percent"),
        (lambda: hsa(), "surviving fraction = 'nothing'"),
        (lambda: surviving(0.1, cross_resistance=2), "surviving fraction = 2"),
        (lambda: shared_resistance(0.1, observed=0.1), "cross-resistance cannot be told"),
        (lambda: loewe([Hill(1)], [1, 2]), "1 drugs but 2 doses"),
        (lambda: Patients(method="gauss"), "unknown method for correlated responses 'gauss'"),
        (lambda: Patients(spearman=-0.5, method=RANKS), r"spearman = -0.5.*use method='gaussian"),
        (lambda: Patients(spearman=2), r"spearman = 2 is not allowed; allowed: from -1 to 1"),
        (lambda: both_below(0.1, 0.1, spearman=2, method=GAUSSIAN), "spearman = 2"),
        (lambda: Patients(curve_a=[1, 2]), r"curve_a is \[1, 2\]; make one by Curve"),
        (lambda: Patients().curve("both"), "unknown strategy 'both'; allowed: 'drug_a'"),
        (lambda: Patients().outcomes(adaptive("drug_a"), 9), "this model needs fixed times"),
        (lambda: Patients().durations(0), "patients = 0 is not allowed"),
    ],
)
def test_what_has_no_meaning_is_refused(build, told):
    with pytest.raises(DataError, match=told):
        build()


def test_strategies_are_all_laid_out():
    found = Patients().survival([0, 1, 2])
    assert list(found.columns) == ["strategy", "month", "fraction"]
    assert tuple(found["strategy"].unique()) == STRATEGIES
    assert (found.loc[found["month"] == 0, "fraction"] == 1).all()


def test_digest_table_names_its_source():
    with (schema.data_root() / "survival_digest.csv").open(encoding="utf-8", newline="") as file:
        assert {row["reference_id"] for row in csv.DictReader(file)} == {"palmer2017"}


@pytest.mark.parametrize("months", ["x", -1, math.inf, None])
def test_a_time_without_meaning_is_refused(months):
    with pytest.raises(DataError, match=r"months = .*allowed: from 0"):
        Patients().free("combination", months)
