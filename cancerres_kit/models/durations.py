"""Durations until progression, some of them cut short: checked, and estimated by Kaplan and Meier.

One decision: SciPy estimates; this file only says in plain words what it may be given.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from cancerres_kit.schema.problems import DataError


def kaplan_meier(
    durations: Any, progressed: Any = None, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Estimate the fraction free of progression from durations, some of them censored.

    Parameters
    ----------
    durations : sequence of float
        Time to progression or to the end of observation, per patient [months].
    progressed : sequence of bool, optional
        Whether the duration ended in progression; all did if left out.
    confidence : float
        Level of the interval, above 0 and below 1.

    Returns
    -------
    pandas.DataFrame
        One row per distinct duration, and month 0: month, fraction, low, high (log-log interval;
        NaN where it is not defined), at_risk.

    Raises
    ------
    DataError
        For durations that are negative or not finite, or flags that do not match them.
    """
    times, events = group(durations, progressed)
    found = stats.ecdf(stats.CensoredData.right_censored(times, ~events)).sf
    with warnings.catch_warnings():  # where all or none progressed there is no interval
        warnings.simplefilter("ignore", RuntimeWarning)
        band = found.confidence_interval(confidence, method="log-log")
    months = found.quantiles
    at_risk = len(times) - np.searchsorted(np.sort(times), months, side="left")
    rows = pd.DataFrame(
        {
            "month": months,
            "fraction": found.probabilities,
            "low": band.low.probabilities,
            "high": band.high.probabilities,
            "at_risk": at_risk,
        }
    )
    if months[0] == 0:
        return rows
    start = pd.DataFrame(
        {"month": [0.0], "fraction": [1.0], "low": [1.0], "high": [1.0], "at_risk": [len(times)]}
    )
    return pd.concat([start, rows], ignore_index=True)


def group(durations: Any, progressed: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return durations and flags as arrays, if they have a meaning.

    Parameters
    ----------
    durations : sequence of float
        Time to progression or to the end of observation, per patient [months].
    progressed : sequence of bool, optional
        Whether the duration ended in progression; all did if left out.

    Returns
    -------
    durations, progressed : ndarray

    Raises
    ------
    DataError
        For durations that are negative or not finite, or flags that do not match them.
    """
    times = row("durations", durations)
    if (times < 0).any():
        raise DataError(f"duration {times.min():g} [months] is negative; durations start at 0")
    if progressed is None:
        return times, np.ones(len(times), dtype=bool)
    events = np.asarray(progressed)
    if events.shape != times.shape or not np.isin(events, (0, 1)).all():
        raise DataError(f"progressed must say true or false for each of the {len(times)} durations")
    return times, events.astype(bool)


def row(name: str, values: Any) -> np.ndarray:
    """Return values as a row of finite numbers, at least one.

    Parameters
    ----------
    name : str
        What they are.
    values : sequence of float
        What was given.

    Returns
    -------
    ndarray

    Raises
    ------
    DataError
        If they are anything else.
    """
    try:
        numbers = np.array(values, dtype=float)
    except (TypeError, ValueError):
        numbers = np.empty(0)
    if numbers.ndim != 1 or not numbers.size or not np.isfinite(numbers).all():
        raise DataError(
            f"{name} must be a row of finite numbers [months or fractions], at least one"
        )
    return numbers
