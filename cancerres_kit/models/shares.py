"""Shares of virtual tumours: their interval, their words, and exact beside simulated.

One decision: a simulated share never goes without its interval, and no share is rounded to none or
to all, because a rare failure is the point of a combination.
"""

from __future__ import annotations

import math

import pandas as pd

SIMULATED = "simulated"
NORMAL = 1.96  # half-width of a 95 % interval [standard errors]


def interval(n: int, of: int) -> tuple[float, float, float]:
    """Return a share with its 95 % interval by Wilson's score, which stays within 0 and 1.

    Parameters
    ----------
    n, of : int
        How many of how many.

    Returns
    -------
    tuple of float
        Share, low, high.
    """
    share, square = n / of, NORMAL**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = NORMAL * math.sqrt(share * (1 - share) / of + square / (4 * of**2)) / (1 + square / of)
    return share, max(min(share, middle - half), 0.0), min(max(share, middle + half), 1.0)


def share(value: float) -> str:
    """Say a share of virtual tumours as a percentage that is never rounded to none or all.

    Parameters
    ----------
    value : float
        Share, 0 to 1.

    Returns
    -------
    str
    """
    if 0.9995 <= value < 1:
        return "more than 99.9 %"
    if 0 < value < 1e-5:
        return "less than 0.001 %"
    return f"{100 * value:.3g} %"


def beside(frame: pd.DataFrame) -> pd.DataFrame:
    """Put the exact value beside each simulated one.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `burdens.failures`; marks where no line has a point are left out.

    Returns
    -------
    pandas.DataFrame
        Columns x (burden) [cells], series, exact, y (simulated), low, high, patients, held (whether
        the exact value lies in the interval).
    """
    kind = frame["kind"].astype(str)
    exact = frame[kind.eq("exact")][["x", "series", "y"]].rename(columns={"y": "exact"})
    both = exact.merge(frame[kind.eq(SIMULATED)], on=["x", "series"])
    held = both["exact"].between(both["low"], both["high"])
    return both[["x", "series", "exact", "y", "low", "high", "patients"]].assign(held=held)


def told(frame: pd.DataFrame) -> str:
    """Say the exact values of a frame of one burden in words.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `burdens.failures` with a single burden.

    Returns
    -------
    str
        ``"one drug 100 %, two drugs together 0.123 %"``.
    """
    rows = frame[frame["kind"].astype(str).eq("exact")]
    parts = [f"{name[0].lower()}{name[1:]} {share(y)}" for name, y in rows[["series", "y"]].values]
    return ", ".join(parts)
