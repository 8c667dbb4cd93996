"""Published trials of two drugs, alone and together, beside what independent action predicts.

One decision: a trial comes as rows of a tidy frame with one reading a month, so curves and means
can be compared, while a median is known to its month only. A reading says nothing about chance:
digitised curves have no numbers at risk, hence no interval stands beside a hazard ratio here.
"""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd

from cancerres_kit.models.comparison import compare
from cancerres_kit.models.patients import Patients
from cancerres_kit.models.survival import Curve
from cancerres_kit.models.verdicts import READING_ERROR, verdict
from cancerres_kit.schema.problems import unknown

ARMS = ("A", "B", "AB")
WINDOW = 12.0  # months in which trials are compared, if they were followed for so long
IDEAL = 1000  # patients that stand for a curve in a hazard ratio; evenly spread, without chance
REPORTED = {"mono 1": "A", "mono 2": "B", "observed combination": "AB"}


def curve(digest: pd.DataFrame, trial: str, *, arm: str) -> Curve:
    """Return progression-free survival in an arm of a trial, interpolated between months.

    Parameters
    ----------
    digest : pandas.DataFrame
        Columns trial, arm, month, progression_free_fraction.
    trial : str
        Name of the trial.
    arm : {"A", "B", "AB"}
        One of the two treatments alone, or both together.

    Returns
    -------
    Curve

    Raises
    ------
    DataError
        For a trial or an arm that does not exist.
    """
    rows = _rows(digest, trial)
    if arm not in ARMS:
        raise unknown(arm, ARMS, what="arm of a trial")
    kept = rows[rows["arm"].astype(str).eq(arm)].sort_values("month")
    return Curve(tuple(kept["month"]), tuple(kept["progression_free_fraction"]))


def predicted(digest: pd.DataFrame, trial: str, **values: Any) -> Patients:
    """Return the model whose two drugs are the two single arms of a trial.

    Parameters
    ----------
    digest : pandas.DataFrame
        As of `curve`.
    trial : str
        Name of the trial.
    **values : float or str
        Other numbers of `Patients`: spearman, accuracy, method, ...

    Returns
    -------
    Patients

    Raises
    ------
    DataError
        For a trial that does not exist, or a number out of range.
    """
    alone = {f"curve_{arm.lower()}": curve(digest, trial, arm=arm) for arm in ("A", "B")}
    return Patients(**{**alone, **values})


def trials(digest: pd.DataFrame) -> pd.DataFrame:
    """List the trials.

    Parameters
    ----------
    digest : pandas.DataFrame
        As of `curve`, and setting, regimen, figure.

    Returns
    -------
    pandas.DataFrame
        One row per trial: trial, setting, drug_a, drug_b, combination (regimens), figure (where the
        trial is shown), follow_up_months (until which both single arms are known).
    """
    arms = digest.drop_duplicates(["trial", "arm"])
    wide = arms.pivot(index="trial", columns="arm", values="regimen")
    wide = wide.astype(object).rename(columns={"A": "drug_a", "B": "drug_b", "AB": "combination"})
    ends = digest.groupby(["trial", "arm"], observed=True)["month"].max().unstack()
    facts = digest.drop_duplicates("trial").set_index("trial")
    listed = facts[["setting", "figure"]].join(wide[["drug_a", "drug_b", "combination"]])
    listed["follow_up_months"] = ends[["A", "B"]].min(axis=1)
    order = ["setting", "drug_a", "drug_b", "combination", "figure", "follow_up_months"]
    return listed[order].reset_index()


def beside(
    digest: pd.DataFrame, trial: str, model: Patients, *, patients: int = 2000, seed: int = 1
) -> pd.DataFrame:
    """Lay the readings of a trial and what a model makes of its single arms side by side.

    Parameters
    ----------
    digest : pandas.DataFrame
        As of `curve`, and regimen.
    trial : str
        Name of the trial.
    model : Patients
        As of `predicted`.
    patients : int
        Virtual patients that the prediction is also simulated with.
    seed : int
        Makes the simulation repeatable.

    Returns
    -------
    pandas.DataFrame
        Columns x (month), y (fraction free of progression), series, kind (``"published"``,
        ``"exact"``, ``"simulated"``), low and high (95 % interval of a simulated fraction).
    """
    rows = _rows(digest, trial).sort_values("month")
    read = pd.concat([rows[rows["arm"].astype(str).eq(arm)] for arm in ARMS])
    published = pd.DataFrame(
        {"x": read["month"], "y": read["progression_free_fraction"], "series": read["regimen"]}
    )
    told = model.curve("combination")
    months = np.arange(math.floor(told.follow_up) + 1.0)
    exact = pd.DataFrame({"x": months, "y": told.at(months), "series": "Better of the two"})
    simulated = sampled(model, months[1:], patients=patients, seed=seed)
    parts = {"published": published, "exact": exact, "simulated": simulated}
    return pd.concat([part.assign(kind=kind) for kind, part in parts.items()], ignore_index=True)


def sampled(model: Patients, months: Any, *, patients: int, seed: int) -> pd.DataFrame:
    """Count virtual patients whom the better of two drugs keeps free of progression.

    Parameters
    ----------
    model : Patients
        The model.
    months : sequence of float
        Times [months], within the follow-up.
    patients : int
        Number of virtual patients.
    seed : int
        Makes the draw repeatable.

    Returns
    -------
    pandas.DataFrame
        One row per time: x (month), y (fraction), series, low, high (95 % interval).
    """
    times = np.asarray(months, dtype=float)
    lasted = np.sort(model.durations(patients, seed=seed)["combination"].to_numpy())
    share = 1 - np.searchsorted(lasted, times, side="right") / patients
    margin = 1.96 * np.sqrt(share * (1 - share) / patients)
    columns = {"x": times, "y": share, "low": share - margin, "high": share + margin}
    return pd.DataFrame(columns).assign(series="Better of the two")


def reported(digest: pd.DataFrame, numbers: pd.DataFrame, trial: str) -> pd.DataFrame:
    """Put medians that were published for a trial beside ours, which come from the digest.

    Parameters
    ----------
    digest : pandas.DataFrame
        As of `curve`, and figure, regimen.
    numbers : pandas.DataFrame
        Published numbers: model, quantity, parameters (JSON), value, tolerance, grade,
        reference_id, location.
    trial : str
        Name of the trial.

    Returns
    -------
    pandas.DataFrame
        One row per number: median (of what: observed or predicted, and the regimen), correlation
        and method (missing for what was observed), published and ours [months], difference,
        tolerance (with which the full curves have to agree), grade, reference_id, location. No row
        where none was published.
    """
    rows = _rows(digest, trial)
    figure = rows["figure"].iloc[0]
    own = numbers[numbers["model"].eq("independent_action")]
    given = pd.Series([json.loads(text) for text in own["parameters"]], index=own.index)
    given = given[[one["sheet"] == figure for one in given]]
    kept = own.loc[given.index]
    kept = kept.assign(
        arm=[_arm(text) for text in kept["quantity"]],
        correlation=[one.get("rho_spearman", math.nan) for one in given],
        method=[one.get("method") for one in given],
    )
    kept["ours"] = [_median(digest, trial, row) for row in kept.itertuples()]
    kept["difference"] = kept["ours"].astype(float) - kept["value"]
    names = rows.drop_duplicates("arm").astype({"arm": str}).set_index("arm")["regimen"]
    how = np.where(kept["method"].isna(), "observed", "predicted")
    kept["median"] = how + pd.Series(", ", kept.index) + kept["arm"].map(names).astype(str)
    kept = kept.rename(columns={"value": "published"})
    columns = ["median", "correlation", "method", "published", "ours", "difference", "tolerance"]
    return kept[[*columns, "grade", "reference_id", "location"]].reset_index(drop=True)


def compared(digest: pd.DataFrame, *, spearman: float) -> pd.DataFrame:
    """Compare each trial with independent action: means within a year, and a hazard ratio.

    Parameters
    ----------
    digest : pandas.DataFrame
        As of `curve`.
    spearman : float
        Correlation of responses for the prediction and the hazard ratio, -1 to 1.

    Returns
    -------
    pandas.DataFrame
        One row per trial: trial, window_months, better_drug, predicted, uncorrelated (correlation
        0), opposed (correlation -1), observed (mean months free of progression in the window),
        error (by which a mean may be off as curves are read [months]), hazard_ratio (of the
        observed against the predicted combination), verdict (which correlation would explain what
        was observed; ``"at the edge"`` where the error could turn it).
    """
    return pd.DataFrame([_compared(digest, str(trial), spearman) for trial in _names(digest)])


def _compared(digest: pd.DataFrame, trial: str, spearman: float) -> dict[str, Any]:
    """Return the row of `compared` for a trial."""
    seen, model = curve(digest, trial, arm="AB"), predicted(digest, trial, spearman=spearman)
    told = model.curve("combination")
    window = min(WINDOW, seen.follow_up, told.follow_up)
    means = {rho: model.with_(spearman=rho).mean("combination", window) for rho in (1.0, 0.0, -1.0)}
    observed, error = seen.mean(window), READING_ERROR * window
    (first, first_ended), (second, second_ended) = seen.trial(IDEAL), told.trial(IDEAL)
    ratio = compare(
        first, second, first_progressed=first_ended, second_progressed=second_ended, until=window
    )
    return {
        "trial": trial,
        "window_months": window,
        "better_drug": max(model.mean(drug, window) for drug in model.DRUGS),
        "predicted": told.mean(window),
        "uncorrelated": means[0.0],
        "opposed": means[-1.0],
        "observed": observed,
        "error": error,
        "hazard_ratio": float(ratio["hazard_ratio"].iloc[0]),
        "verdict": verdict(observed, means, error),
    }


def _median(digest: pd.DataFrame, trial: str, row: Any) -> float:
    """Return our value of a published median."""
    if pd.isna(row.correlation):
        return curve(digest, trial, arm=row.arm).median()
    model = predicted(digest, trial, spearman=row.correlation, method=row.method)
    return model.median("combination")


def _arm(quantity: str) -> str:
    """Name the arm of which a published median tells; a prediction is of both drugs."""
    return next((arm for words, arm in REPORTED.items() if words in quantity), "AB")


def _names(digest: pd.DataFrame) -> list[str]:
    """Trials of a digest, each once."""
    return [str(name) for name in digest["trial"].drop_duplicates()]


def _rows(digest: pd.DataFrame, trial: str) -> pd.DataFrame:
    """Return the rows of a trial."""
    names = _names(digest)
    if trial not in names:
        raise unknown(trial, names, what="trial", where="the survival digest")
    return digest[digest["trial"].astype(str).eq(trial)]
