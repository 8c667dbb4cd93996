"""What every run is given, checked at the door: times, counts and seeds.

One decision: a check returns the value in the type that the models compute with, so that nothing
behind the door converts or checks again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Integral

import numpy as np

from cancerres_kit.models.parameters import is_number, refusal

TIMES = 201  # kept of a run unless asked otherwise: a smooth curve


def positive(name: str, value: object, *, infinite: bool = False, unit: str = "days") -> float:
    """Return a number that is above zero.

    Parameters
    ----------
    name : str
        What it is for.
    value : object
        What was given [unit].
    infinite : bool
        Whether it may be infinite.
    unit : str
        Unit that the message names.

    Returns
    -------
    float

    Raises
    ------
    DataError
        If it is anything else.
    """
    if not (is_number(value) and value > 0 and (infinite or math.isfinite(value))):
        raise refusal(name, value, unit=unit, allowed="above 0", remedy="give a positive number")
    return float(value)


def full_dose(name: str, value: object) -> float:
    """Return a constant dose, which is at most the full one.

    Parameters
    ----------
    name : str
        What is given: ``"drug"``.
    value : object
        Its dose [full doses].

    Returns
    -------
    float

    Raises
    ------
    DataError
        If it is no number from 0 to 1.
    """
    if not (is_number(value) and 0 <= value <= 1):
        raise refusal(
            f"dose of {name}",
            value,
            unit="full doses",
            allowed="from 0 to 1",
            remedy="give 1 for the full dose; a stronger drug is a number of the model",
        )
    return float(value)


def from_zero(name: str, value: object, *, unit: str = "days") -> float:
    """Return a finite number that is not below zero.

    Parameters
    ----------
    name : str
        What it is for.
    value : object
        What was given [unit].
    unit : str
        Unit that the message names.

    Returns
    -------
    float

    Raises
    ------
    DataError
        If it is anything else.
    """
    if not (is_number(value) and 0 <= value < math.inf):
        raise refusal(name, value, unit=unit, allowed="from 0", remedy="give a finite number")
    return float(value)


def whole(name: str, value: object, *, low: int = 1, high: int) -> int:
    """Return a whole number within limits.

    Parameters
    ----------
    name : str
        What it is for.
    value : object
        What was given.
    low, high : int
        Smallest and largest allowed number.

    Returns
    -------
    int

    Raises
    ------
    DataError
        If it is anything else.
    """
    is_whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not is_whole or not low <= int(value) <= high:  # type: ignore[call-overload]
        allowed = f"a whole number from {low} to {high}"
        raise refusal(name, value, unit="", allowed=allowed, remedy="give a number in this range")
    return int(value)  # type: ignore[call-overload, no-any-return]


def generator_of(seed: object) -> np.random.Generator:
    """Return the generator of random numbers that a seed stands for.

    Parameters
    ----------
    seed : int, numpy.random.SeedSequence or None
        Whole number from 0 on; without one, every run differs.

    Returns
    -------
    numpy.random.Generator

    Raises
    ------
    DataError
        If it is anything else.
    """
    if seed is None or isinstance(seed, np.random.SeedSequence):
        return np.random.default_rng(seed)
    return np.random.default_rng(whole("seed", seed, low=0, high=2**128 - 1))


def kept_times(times: Sequence[float] | None, t_end: float) -> np.ndarray:
    """Return the times of a run to keep.

    Parameters
    ----------
    times : sequence of float or None
        What was given [days]; without it, 201 even ones.
    t_end : float
        End of the run [days].

    Returns
    -------
    ndarray
        Times [days].

    Raises
    ------
    DataError
        Unless they ascend and lie within 0 to `t_end`.
    """
    if times is None:
        return np.linspace(0.0, t_end, TIMES)
    try:
        kept = np.array(times, dtype=float)
    except (TypeError, ValueError):
        kept = np.empty(0)
    is_row = kept.ndim == 1 and kept.size > 0
    if not is_row or not (np.diff(kept) > 0).all() or not (kept[0] >= 0 and kept[-1] <= t_end):
        allowed = f"ascending numbers from 0 to t_end = {t_end:g}"
        raise refusal("times", times, unit="days", allowed=allowed, remedy="sort and cut the times")
    return kept
