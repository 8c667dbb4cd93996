"""How two groups of patients compare: log-rank test and hazard ratio.

One decision: curves are compared as wholes. A median is one point of a curve and jumps on a
plateau; the hazard ratio does not.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, stats

from cancerres_kit.models.durations import group
from cancerres_kit.models.parameters import refusal
from cancerres_kit.schema.problems import DataError

LARGEST_LOG_RATIO = 20.0
NORMAL_95 = 1.959964  # two-sided 95 % of a normal distribution


def compare(
    first: Any,
    second: Any,
    *,
    first_progressed: Any = None,
    second_progressed: Any = None,
    until: float = math.inf,
) -> pd.DataFrame:
    """Compare two groups by log-rank test and hazard ratio.

    Parameters
    ----------
    first, second : sequence of float
        Durations, per patient [months].
    first_progressed, second_progressed : sequence of bool, optional
        Whether each duration ended in progression; all did if left out.
    until : float
        End of the comparison [months]: whoever progresses later counts as free of progression.

    Returns
    -------
    pandas.DataFrame
        One row: n_first, n_second, log_rank_z, p_value (two-sided), hazard_ratio (of the first
        group against the second: below 1 if the first progresses later), low, high (95 % interval).

    Raises
    ------
    DataError
        For durations without meaning, or if a group has no progression.
    """
    if not until > 0:
        remedy = "leave it out to compare the whole follow-up"
        raise refusal("until", until, unit="months", allowed="above 0", remedy=remedy)
    given = (first, first_progressed), (second, second_progressed)
    groups = [_ended(*group(*each), until) for each in given]
    if not all(events.any() for _, events in groups):
        raise DataError("a group without any progression has no hazard ratio; follow it for longer")
    samples = [stats.CensoredData.right_censored(times, ~events) for times, events in groups]
    test = stats.logrank(*samples)
    ratio, error = _hazard_ratio(*groups)
    return pd.DataFrame(
        {
            "n_first": [len(groups[0][0])],
            "n_second": [len(groups[1][0])],
            "log_rank_z": [float(test.statistic)],
            "p_value": [float(test.pvalue)],
            "hazard_ratio": [math.exp(ratio)],
            "low": [math.exp(ratio - NORMAL_95 * error)],
            "high": [math.exp(ratio + NORMAL_95 * error)],
        }
    )


def _hazard_ratio(
    first: tuple[np.ndarray, np.ndarray], second: tuple[np.ndarray, np.ndarray]
) -> tuple[float, float]:
    """Return log hazard ratio and its standard error: Cox's partial likelihood, ties by Efron."""
    times = np.unique(np.concatenate([t[events] for t, events in (first, second)]))
    risk, ended = [], []
    for t, events in (first, second):
        risk.append(len(t) - np.searchsorted(np.sort(t), times, side="left"))
        done = np.sort(t[events])
        ended.append(np.searchsorted(done, times, side="right") - np.searchsorted(done, times))
    ties = ended[0] + ended[1]
    row = np.repeat(np.arange(len(times)), ties)
    part = (np.arange(len(row)) - np.repeat(np.cumsum(ties) - ties, ties)) / ties[row]
    ahead = [r[row] - part * e[row] for r, e in zip(risk, ended, strict=True)]

    def share(log_ratio: float) -> np.ndarray:
        weighted = ahead[0] * math.exp(log_ratio)
        return np.asarray(weighted / (weighted + ahead[1]))

    def score(log_ratio: float) -> float:
        return float(ended[0].sum() - share(log_ratio).sum())

    if score(-LARGEST_LOG_RATIO) <= 0 or score(LARGEST_LOG_RATIO) >= 0:
        raise DataError("one group always progresses before the other: no finite hazard ratio")
    best = float(optimize.brentq(score, -LARGEST_LOG_RATIO, LARGEST_LOG_RATIO))
    information = float((share(best) * (1 - share(best))).sum())
    return best, information**-0.5


def _ended(times: np.ndarray, events: np.ndarray, until: float) -> tuple[np.ndarray, np.ndarray]:
    """Return durations and flags as they were at a time."""
    return np.minimum(times, until), events & (times <= until)
