"""Chance that no cell is left of two types that divide, die and turn into each other.

One decision: the equations are solved for the chance of survival of one cell's line, backwards
from the end, because it may be 1e-9 and times a billion cells still matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

REACH = 0.25  # of an e-fold that a step may cover; errs by about 1e-5 of the result


class Events(NamedTuple):
    """Rates at which the cells of two types divide, die and turn into the other type [1/day]."""

    divide: tuple[float, float]
    die: tuple[float, float]
    turn: tuple[float, float]


def chance_none_left(pieces: Sequence[tuple[float, Events]], start: Sequence[float]) -> float:
    """Compute the chance that all lines of independent cells have died out.

    With g_i the chance that the line of one cell of type i lives for a time u to come,
    ``g_i' = (divide_i - die_i - turn_i) g_i - divide_i g_i**2 + turn_i g_j`` and g_i(0) = 1.

    Parameters
    ----------
    pieces : sequence of (float, Events)
        Lengths [days] with constant rates, in order of time.
    start : sequence of float
        Cells of each type at the start.

    Returns
    -------
    float
        Probability at the end of the last piece.

    Source
    ------
    Backward equations of a two-type branching process in continuous time; textbook theory.
    """
    return chances_none_left(pieces, start, cycles=1)[0]


def chances_none_left(
    pieces: Sequence[tuple[float, Events]], start: Sequence[float], *, cycles: int
) -> list[float]:
    """Compute the chance that all lines have died out at the end of each of several equal cycles.

    All cycles together take the time of the last one alone, because each adds the same step back.

    Parameters
    ----------
    pieces : sequence of (float, Events)
        One cycle: lengths [days] with constant rates, in order of time.
    start : sequence of float
        Cells of each type at the start.
    cycles : int
        How often the cycle is gone through.

    Returns
    -------
    list of float
        Probability at the end of the first, second, ... cycle.
    """
    x, y = 1.0, 1.0
    found = []
    for _ in range(cycles):
        for length, events in reversed(pieces):
            x, y = _backwards(x, y, length, events)
        found.append(_chance(x, y, start))
    return found


def _chance(x: float, y: float, start: Sequence[float]) -> float:
    """Return the chance that no line lives, each of which does with chance x or y by its type."""
    alive = np.clip([x, y], 0.0, 1.0)
    with np.errstate(divide="ignore"):
        logs = np.log1p(-alive)
    return float(np.exp(sum(n * log for n, log in zip(start, logs, strict=True) if n > 0)))


def _backwards(x: float, y: float, length: float, events: Events) -> tuple[float, float]:
    """Take the chances of survival one piece of time back, in steps of Runge and Kutta."""
    (b1, b2), (d1, d2), (t1, t2) = events
    n1, n2 = b1 - d1 - t1, b2 - d2 - t2

    def slope(x: float, y: float) -> tuple[float, float]:
        return n1 * x - b1 * x * x + t1 * y, n2 * y - b2 * y * y + t2 * x

    fastest = max(b1 + d1 + t1, b2 + d2 + t2)
    steps = max(1, int(np.ceil(length * fastest / REACH)))
    step = length / steps
    half = step / 2
    for _ in range(steps):
        p1, q1 = slope(x, y)
        p2, q2 = slope(x + half * p1, y + half * q1)
        p3, q3 = slope(x + half * p2, y + half * q2)
        p4, q4 = slope(x + step * p3, y + step * q3)
        x += step / 6 * (p1 + 2 * (p2 + p3) + p4)
        y += step / 6 * (q1 + 2 * (q2 + q3) + q4)
    return x, y
