"""Published trials beside independent action, and what a second drug or a test is worth."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cancerres_kit as ck
from cancerres_kit.models import Patients, benefits, combination_trials, cross_resistance
from cancerres_kit.models.survival import Curve
from cancerres_kit.models.verdicts import EDGES, VERDICTS
from cancerres_kit.models.verdicts import said as said_of
from cancerres_kit.schema import DataError

TRIAL = "melanoma_ipilimumab_nivolumab"
MADE_UP = {
    "month": [0, 1, 2, 3, 4] * 3,
    "arm": ["A"] * 5 + ["B"] * 5 + ["AB"] * 5,
    "progression_free_fraction": [1, 0.6, 0.4, 0.2, 0.1] * 2 + [1, 0.8, 0.6, 0.4, 0.2],
}


@pytest.fixture(scope="module")
def atlas():
    return ck.load()


@pytest.fixture(scope="module")
def digest(atlas):
    return atlas.survival_digest


def made_up(observed):
    """A digest of one trial with two equal drugs."""
    table = pd.DataFrame(MADE_UP).assign(trial="made_up")
    table.loc[table["arm"].eq("AB"), "progression_free_fraction"] = observed
    return table


@pytest.mark.parametrize(
    ("observed", "rho"),
    [
        ([1, 0.5, 0.3, 0.1, 0.0], 1.0),
        ([1, 0.75, 0.55, 0.3, 0.15], 0.0),
        ([1, 0.9, 0.7, 0.39, 0.19], -1.0),
        ([1, 1.0, 0.9, 0.8, 0.7], -math.inf),
    ],
)
def test_verdict_names_the_correlation_that_would_do(observed, rho):
    """By hand: complete agreement leaves 1.75 months, none 2.54, opposed responses 2.85."""
    found = combination_trials.compared(made_up(observed), spearman=0.28).iloc[0]
    assert found["verdict"] == VERDICTS[rho]
    assert found["window_months"] == 4
    assert found["better_drug"] == pytest.approx(1.75)
    assert found["uncorrelated"] == pytest.approx(np.trapezoid([1, 0.84, 0.64, 0.36, 0.19]))
    assert found["opposed"] == pytest.approx(np.trapezoid([1, 1, 0.8, 0.4, 0.2]))
    assert found["observed"] == pytest.approx(np.trapezoid(observed))


@pytest.mark.parametrize(
    ("last", "verdict"),
    [
        (0.2, EDGES[-1.0]),  # 2.80 months: opposed responses exactly
        (0.34, EDGES[-1.0]),  # 2.87, within the error of 0.08
        (0.40, VERDICTS[-math.inf]),  # 2.90, beyond it
        (0.02, VERDICTS[-1.0]),  # 2.71, beyond it on the other side
    ],
)
def test_no_verdict_is_closer_than_curves_can_be_read(last, verdict):
    digest = made_up([1, 1.0, 0.8, 0.4, last])
    found = combination_trials.compared(digest, spearman=0.28).iloc[0]
    assert found["error"] == pytest.approx(0.08)
    assert found["verdict"] == verdict


def test_a_verdict_is_said_for_the_correlation_of_the_prediction(digest):
    at = {
        rho: combination_trials.compared(digest, spearman=rho).set_index("trial")
        for rho in (-1.0, 0.28, 1.0)
    }
    said = {rho: said_of(found.loc[TRIAL]) for rho, found in at.items()}
    assert said[0.28] == VERDICTS[0.0]
    assert said[1.0] == said[-1.0]
    assert said[1.0].endswith("this one does not")
    beyond = at[0.28].loc["pancreas_fluorouracil_oxaliplatin"]
    assert said_of(beyond) == VERDICTS[-math.inf]
    edge = at[0.28].loc["colorectal_folfox4_bevacizumab"]
    assert said_of(edge) == EDGES[-1.0]


def test_hazard_ratio_is_one_where_the_prediction_was_observed(digest):
    told = combination_trials.predicted(digest, TRIAL, spearman=0.1).curve("combination")
    own = digest[digest["trial"].eq(TRIAL)].copy()
    both = own["arm"].eq("AB")
    own.loc[both, "progression_free_fraction"] = told.at(own.loc[both, "month"].to_numpy())
    found = combination_trials.compared(own, spearman=0.1).iloc[0]
    assert found["hazard_ratio"] == pytest.approx(1, abs=0.005)
    assert found["observed"] == pytest.approx(found["predicted"], abs=0.005)


def test_three_of_the_eight_trials_go_beyond_two_uncorrelated_chances(digest):
    found = combination_trials.compared(digest, spearman=0.28)
    beyond = found[found["observed"] > found["uncorrelated"]]
    assert len(found) == 8
    assert list(beyond["trial"]) == [
        "colorectal_folfox4_bevacizumab",
        "ovarian_gemcitabine_carboplatin_bevacizumab",
        "pancreas_fluorouracil_oxaliplatin",
    ]
    assert (beyond["hazard_ratio"] < 0.8).all()
    assert found.drop(beyond.index)["hazard_ratio"].between(0.9, 1.2).all()


def test_what_is_laid_side_by_side_agrees(digest):
    model = combination_trials.predicted(digest, TRIAL)
    rows = combination_trials.beside(digest, TRIAL, model, patients=4000, seed=3)
    assert set(rows["kind"]) == {"published", "exact", "simulated"}
    drawn, exact = (rows[rows["kind"].eq(kind)].set_index("x") for kind in ("simulated", "exact"))
    error = np.sqrt(exact["y"] * (1 - exact["y"]) / 4000)
    assert ((drawn["y"] - exact["y"]).dropna().abs() <= 3 * error[drawn.index]).all()
    assert (drawn["low"].lt(drawn["y"]) & drawn["y"].lt(drawn["high"])).all()
    read = rows[rows["kind"].eq("published")]
    assert len(read) == digest["trial"].eq(TRIAL).sum()


def test_trials_are_listed_with_their_regimens(digest):
    listed = combination_trials.trials(digest).set_index("trial")
    assert listed.loc[TRIAL, "combination"] == "Ipilimumab plus Nivolumab"
    assert listed.loc[TRIAL, "follow_up_months"] == 17
    assert listed.notna().all(axis=None)


def test_published_medians_stand_beside_ours(digest, atlas):
    """One reading a month places a median to its month."""
    for trial in digest["trial"].unique():
        found = combination_trials.reported(digest, atlas.published_numbers, trial)
        assert len(found) in (0, 9)
        assert (found["difference"].abs() < 1).all()
        assert found["correlation"].notna().equals(found["method"].notna())
    assert found["grade"].eq("archive read").all()


def test_a_trial_or_arm_that_does_not_exist_is_refused(digest):
    with pytest.raises(DataError, match=f"unknown trial 'melanoma'.*nearest: '{TRIAL}'"):
        combination_trials.predicted(digest, "melanoma")
    with pytest.raises(DataError, match="unknown arm of a trial 'C'"):
        combination_trials.curve(digest, TRIAL, arm="C")


def test_mean_is_the_area_under_the_curve():
    assert Curve((0, 2, 4), (1, 0.5, 0), steps=True).mean(3) == pytest.approx(2.5)
    assert Curve((0, 2, 4), (1, 0.5, 0)).mean(4) == pytest.approx(2)
    assert Curve((0, 2, 4), (1, 0.5, 0)).mean(1) == pytest.approx(0.875)
    assert math.isnan(Curve((0, 2), (1, 0.5)).mean(3))
    with pytest.raises(DataError, match=r"until = 0 \[months\].*allowed: above 0"):
        Curve((0, 2), (1, 0.5)).mean(0)


def test_mean_of_an_exponential_curve_is_known():
    model = Patients(median_a=4, median_b=6)
    for drug, median in (("drug_a", 4), ("drug_b", 6)):
        rate = math.log(2) / median
        assert model.mean(drug, 12) == pytest.approx(-math.expm1(-12 * rate) / rate, rel=1e-4)


@settings(deadline=None, max_examples=25)
@given(st.floats(1, 24), st.floats(1, 24), st.floats(-1, 1))
def test_at_break_even_the_biomarker_does_as_well_as_the_better_drug(first, second, rho):
    model = Patients(median_a=first, median_b=second, spearman=rho)
    needed = model.break_even(12)
    if math.isnan(needed):
        assert model.mean("combination", 12) == pytest.approx(
            model.mean("worse_drug", 12), abs=1e-4
        )
        return
    best = max(model.mean(drug, 12) for drug in model.DRUGS)
    assert 0.5 - 1e-6 <= needed <= 1
    assert model.with_(accuracy=needed).mean("biomarker", 12) == pytest.approx(best, abs=1e-3)


@pytest.mark.parametrize("parameter", ["spearman", "accuracy"])
def test_what_is_computed_along_a_parameter_is_what_the_model_says(parameter, digest):
    values = [0.5, 0.7, 1.0]
    for model in (Patients(accuracy=0.8), combination_trials.predicted(digest, TRIAL)):
        rows = benefits.over(model, parameter, values, until=12)
        for series, part in rows.groupby("series"):
            way = next(way for way, name in benefits.SERIES.items() if name == series)
            ways = model.DRUGS if way == "better_drug" else (way,)
            varied = [model.with_(**{parameter: value}) for value in values]
            told = [max(each.mean(one, 12) for one in ways) for each in varied]
            assert part["y"].tolist() == pytest.approx(told, abs=1e-6)


def test_only_two_numbers_are_varied():
    with pytest.raises(DataError, match="unknown number to vary 'shape'"):
        benefits.over(Patients(), "shape", [1], until=12)


def test_measured_cross_resistance_is_the_default_and_has_a_source():
    found = cross_resistance.measured()
    assert Patients().cross_resistance in found["cross_resistance"].tolist()
    assert found["cross_resistance"].between(0, 1).all()
    assert set(found["grade"]) == {"text read"}


def test_files_behind_the_families_are_imported_when_named():
    assert ck.models.synergy.bliss(0.5, 0.5) == 0.25
    with pytest.raises(AttributeError, match="no attribute 'synergi'"):
        _ = ck.models.synergi
