"""Likelihood of mutants counted in parallel cultures.

One decision: counts are a Poisson number of clones with one law of what is seen of a clone, so one
recursion serves every variant of the Luria-Delbrueck distribution.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import brentq
from scipy.stats import chi2

from cancerres_kit.models.branching import FloatArray, IntArray
from cancerres_kit.models.parameters import refusal
from cancerres_kit.schema.problems import quoted

MOST_COUNTED = 20_000  # colonies on a plate; the recursion takes the square of it
SHARPNESS = 1e-12
GRID = 0.05


def counts_law(events: float, seen: float, clones: FloatArray) -> FloatArray:
    """Return the chances of 0, 1, ... mutants on a plate.

    The generating function is ``exp(events * (g(z) - 1))``; its derivative gives the recursion
    ``n p(n) = events * sum over j of j q(j) p(n - j)``.

    Parameters
    ----------
    events : float
        Expected mutations in a culture.
    seen : float
        Chance that a clone has a cell on the plate.
    clones : ndarray of float
        Chances q that 1, 2, ... cells of a clone are on it.

    Returns
    -------
    ndarray of float
        One more than `clones`.
    """
    law = np.zeros(len(clones) + 1)
    law[0] = np.exp(-events * seen)
    weighted = events * clones * np.arange(1, len(clones) + 1)
    for number in range(1, len(law)):
        law[number] = weighted[:number] @ law[number - 1 :: -1] / number
    return law


def thinned_law(most: int, fitness: float, plating: float, inoculum: float) -> FloatArray:
    """Return the law of a clone where not all cells are seen, up to a constant factor.

    Clones founded when the culture had a fraction x of its final size have a geometric number of
    cells with parameter ``t = x ** fitness``, and what is seen of it is geometric too, with ratio
    ``y = (1 - t) plating / (t + plating (1 - t))``. The integral over y is taken by the
    trapezoidal rule on a doubly exponential grid, at which it is exact to rounding.

    Parameters
    ----------
    most : int
        Largest number of cells.
    fitness, plating, inoculum : float
        As in `Fluctuation`.

    Returns
    -------
    ndarray of float
        Chances of 1, 2, ... cells, times the part of the final size that grew.
    """
    oldest = inoculum**fitness
    scale = oldest + plating * (1 - oldest)
    largest, rest = (1 - oldest) * plating / scale, oldest / scale
    steps = np.arange(-45.0, 6.0, GRID)
    decay = np.exp(steps)
    ratio, gap = largest * np.exp(-decay), rest - largest * np.expm1(-decay)
    lasting = plating * gap / (plating + (1 - plating) * ratio)
    weights = GRID * decay * lasting ** (1 / fitness) / fitness
    powers = ((np.log(largest) - decay) * number for number in range(1, most + 1))
    return np.array([np.exp(power) @ weights for power in powers])


def counted(counts: Sequence[int]) -> tuple[IntArray, IntArray]:
    """Return the different counts, ascending, and how often each occurs.

    Parameters
    ----------
    counts : sequence of int
        Mutants on each plate.

    Returns
    -------
    ndarray of int, ndarray of int

    Raises
    ------
    DataError
        Unless all are whole numbers from 0 to 20,000, and there is one.
    """
    given = np.asarray(counts)
    is_whole = given.dtype.kind in "iuf" and given.ndim == 1 and given.size > 0
    if is_whole:
        is_whole = bool(((given >= 0) & (given <= MOST_COUNTED) & (given == given.round())).all())
    if not is_whole:
        raise refusal(
            "counts",
            quoted(counts),
            unit="mutants",
            allowed=f"whole numbers from 0 to {MOST_COUNTED}, one for each culture",
            remedy="give the colonies of each plate; leave out plates too full to count",
        )
    return np.unique(given.astype(np.int64), return_counts=True)


def fitted(
    numbers: IntArray, often: IntArray, seen: float, clones: FloatArray, level: float
) -> tuple[float, float, float]:
    """Return the most likely number of mutations in a culture and its interval.

    Parameters
    ----------
    numbers, often : ndarray of int
        From `counted`.
    seen : float
        Chance that a clone has a cell on the plate.
    clones : ndarray of float
        Chances that 1, 2, ... cells of a clone are on it.
    level : float
        Level of the likelihood-ratio interval.

    Returns
    -------
    float, float, float
        Estimate, lower and upper end [mutations per culture].
    """

    def fit(events: float) -> tuple[float, float]:
        law = counts_law(events, seen, clones)
        slope = np.convolve(law, np.concatenate([[-seen], clones]))[numbers]
        chances = np.maximum(law[numbers], np.finfo(float).tiny)
        return float(often @ np.log(chances)), float(often @ (slope / chances))

    def excess(events: float) -> float:
        return float((fit(events)[0] if events else 0.0) - target)

    best = _peak(lambda events: fit(events)[1]) if numbers[-1] else 0.0
    target = (fit(best)[0] if best else 0.0) - float(chi2.ppf(level, 1)) / 2
    low, high = best, 2 * best + 1.0
    while excess(high) > 0:
        high *= 2
    while best and excess(low) > 0:
        low /= 2
    ends = [_root(excess, low, best) if best else 0.0, _root(excess, best, high)]
    return best, ends[0], ends[1]


def _peak(slope: Callable[[float], float]) -> float:
    """Return where a slope that falls through zero does so."""
    low = high = 1.0
    while slope(high) > 0:
        high *= 2
    while slope(low) < 0:
        low /= 2
    return _root(slope, low, high)


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """Return the root between two points of different sign."""
    return float(brentq(function, low, high, xtol=SHARPNESS, rtol=SHARPNESS)) if low < high else low
