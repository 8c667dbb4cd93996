"""Virtual patients whose cells live in two places: whole cells, drawn step by step.

One decision: means are exact at any step. A cell's family over a step gets the mean size that the
linear equations of both places together give, and its members are put where those equations put
them; only that they are placed one by one, and mutate between steps, is approximate. An explicit
step of all rates would be biased, because growth compounds within a step.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from cancerres_kit.models.parameters import MOST_CELLS

LONGEST_STEP = 4.0  # days
OTHER = [1, 0, 3, 2]  # rows of the same cells in the other place
SMALLEST = 1e-300
ITERATIONS = 200
PRECISION = 1e-14  # relative

Move = tuple[np.ndarray, np.ndarray, np.ndarray]
Deaths = Callable[[float, np.ndarray, dict[str, Any]], np.ndarray]


@dataclass(frozen=True)
class Places:
    """Rates that the drug does not change.

    Parameters
    ----------
    births : tuple of float
        Division rates of sensitive and of resistant cells [1/day].
    migration : float
        Rate at which a cell changes place [1/day].
    mutation : float
        Chance that a division makes one daughter resistant [per division].
    """

    births: tuple[float, float]
    migration: float
    mutation: float

    def step(
        self, counts: np.ndarray, move: Move, days: float, generator: np.random.Generator
    ) -> np.ndarray:
        """Let cells mutate, divide, die and move for some days.

        Parameters
        ----------
        counts : ndarray
            Whole numbers of shape (4, patients): sensitive in the sanctuary and outside, resistant
            in the sanctuary and outside [cells].
        move : tuple of ndarray
            What `move` gives for these days.
        days : float
            Length of the step.
        generator : numpy.random.Generator
            Source of chance.

        Returns
        -------
        ndarray
            Counts afterwards.
        """
        alive, last, leaving = move
        grown = offspring(self._mutated(counts, days / 2, generator), alive, last, generator)
        gone = generator.binomial(grown, leaving)
        return self._mutated(grown - gone + gone[OTHER], days / 2, generator)

    def move(self, deaths: np.ndarray, days: float) -> Move:
        """Find the fates of a family that make the means of a step exact.

        With net growth m + h and m - h in the two places, migration v and w = sqrt(h^2 + v^2), the
        matrix exponential is ``e^((m - v) t) (cosh(w t) I + sinh(w t) / w [[h, v], [v, -h]])``. Its
        column sums are the mean family sizes, its columns their distribution over the places.

        Parameters
        ----------
        deaths : ndarray
            Death rates, shape (4, patients) as in `step` [1/day].
        days : float
            Length of the step.

        Returns
        -------
        tuple of ndarray
            What `fates` gives for the family of a cell, and the chance of a member to be elsewhere
            at the end.
        """
        births = np.repeat(self.births, 2)[:, None]
        net = births - deaths
        mean, half = (net + net[OTHER]) / 2, (net - net[OTHER]) / 2
        wide = np.maximum(np.hypot(half, self.migration), SMALLEST)
        # Hyperbolic functions relative to exp(w t) / 2, which alone could overflow.
        fading = np.exp(-2 * wide * days)
        even, odd = 1 + fading, (1 - fading) / wide
        family = np.maximum(even + odd * (half + self.migration), SMALLEST)
        growth = mean - self.migration + wide + np.log(family / 2) / days
        leaving = np.clip(odd * self.migration / family, 0.0, 1.0)
        return *fates(births, births - growth, days), leaving

    def _mutated(
        self, counts: np.ndarray, days: float, generator: np.random.Generator
    ) -> np.ndarray:
        """Turn newborn sensitive cells into resistant ones of the same place."""
        chance = -math.expm1(-self.births[0] * self.mutation * days)
        new = generator.binomial(counts[:2], chance)
        return np.concatenate([counts[:2] - new, counts[2:] + new])


def fates(births: np.ndarray, deaths: np.ndarray, days: float) -> tuple[np.ndarray, np.ndarray]:
    """Chances that describe the family of a cell under constant birth and death rates.

    After t days a cell has descendants with probability 1 - alpha, and then a geometric number of
    them with ratio beta, where ``E = exp((b - d) t)``, ``alpha = d (E - 1) / (b E - d)`` and
    ``beta = b (E - 1) / (b E - d)`` (and ``b t / (1 + b t)`` for both if b = d).

    Parameters
    ----------
    births, deaths : ndarray
        Rates [1/day].
    days : float
        Time.

    Returns
    -------
    tuple of ndarray
        1 - alpha, that there is a family; 1 - beta, that a member is the last to be counted.
    """
    net = births - deaths
    # (E - 1) / net, which is the time itself where births and deaths balance.
    span = np.where(net == 0, days, np.expm1(net * days) / np.where(net == 0, 1.0, net))
    below = 1 + births * span
    return np.clip(1 - deaths * span / below, 0.0, 1.0), 1 / below


def offspring(
    counts: np.ndarray, alive: np.ndarray, last: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    """Draw the exact number of descendants.

    Parameters
    ----------
    counts : ndarray
        Cells at the start.
    alive, last : ndarray
        What `fates` gives.
    generator : numpy.random.Generator
        Source of chance.

    Returns
    -------
    ndarray
        Cells afterwards.
    """
    families = generator.binomial(counts, alive)
    more = generator.negative_binomial(np.maximum(families, 1), last)
    return np.where(families > 0, families + more, 0)


def follow(
    places: Places,
    counts: np.ndarray,
    deaths: Deaths,
    *,
    changes: Iterable[float],
    stops: Iterable[float],
    generator: np.random.Generator,
) -> Iterator[tuple[float, np.ndarray]]:
    """Follow patients from stop to stop.

    Parameters
    ----------
    places : Places
        Rates that the drug does not change.
    counts : ndarray
        Cells at the start, shape (4, patients).
    deaths : callable
        ``deaths(t, burden, state)`` gives the death rates from day t on; asked at every change.
    changes : iterable of float
        Times at which doses may change [days].
    stops : iterable of float
        Times that must be met; the last is the end [days].
    generator : numpy.random.Generator
        Source of chance.

    Yields
    ------
    tuple of float and ndarray
        Time [days] and counts, from day 0 on. A patient above 1e15 cells does not grow.
    """
    asked, state = {0.0, *changes}, dict[str, Any]()
    rates, length, move = np.empty(0), 0.0, None
    yield 0.0, counts
    for begin, end in pairwise(sorted({*asked, *stops})):
        fresh = deaths(begin, counts.sum(axis=0), state) if begin in asked else rates
        pieces = math.ceil((end - begin) / LONGEST_STEP)
        days = (end - begin) / pieces
        if move is None or days != length or not np.array_equal(fresh, rates):
            rates, length, move = fresh, days, places.move(fresh, days)
        for piece in range(1, pieces + 1):
            after = places.step(counts, move, days, generator)
            size = counts.sum(axis=0)
            is_full = (size >= MOST_CELLS) & (after.sum(axis=0) >= size)
            counts = np.where(is_full, counts, after)
            yield (end if piece == pieces else begin + piece * days), counts


def survival(
    net: tuple[float, float], *, birth: float, migration: float, mutation: float, fate: float
) -> tuple[float, float]:
    """Chance that a sensitive cell has offspring for ever, by Newton's method.

    With survival p_i from place i and r_i the net growth there, the branching process gives, for
    the other place j, ``r_i p_i - b p_i^2 + m (1 - p_i)(f - p_i) + v (p_j - p_i) = 0``. From
    certain survival the method comes down to the largest solution, which is the one that is meant.

    Parameters
    ----------
    net : tuple of float
        Net growth in the two places [1/day].
    birth : float
        Division rate [1/day].
    migration : float
        Rate at which a cell changes place [1/day].
    mutation : float
        Rate at which a cell makes resistant daughters [1/day].
    fate : float
        Chance of survival of a resistant cell.

    Returns
    -------
    tuple of float
        Probabilities for a start in the two places.
    """
    (r, s), v, p, q = net, migration, 1.0, 1.0
    for _ in range(ITERATIONS):
        over_p = r * p - birth * p * p + mutation * (1 - p) * (fate - p) + v * (q - p)
        over_q = s * q - birth * q * q + mutation * (1 - q) * (fate - q) + v * (p - q)
        slope_p = r - 2 * birth * p - v - mutation * (1 + fate - 2 * p)
        slope_q = s - 2 * birth * q - v - mutation * (1 + fate - 2 * q)
        scale = slope_p * slope_q - v * v
        if scale == 0:  # exactly at the threshold and without mutation: nothing survives
            break
        fall_p = (over_p * slope_q - over_q * v) / scale
        fall_q = (over_q * slope_p - over_p * v) / scale
        p, q = max(p - fall_p, 0.0), max(q - fall_q, 0.0)
        if abs(fall_p) <= PRECISION * p and abs(fall_q) <= PRECISION * q:
            break
    return p, q
