"""Branching of cells that divide, die and mutate: one type in closed form, all types backward.

One decision: types are ordered so that mutations only ever lead to later ones; then every equation
can be solved type by type.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]
RELATIVE_ERROR = 1e-9
MOST_CALLS = 2_000  # LSODA takes some hundreds, or stalls in steps that never grow
SMALLEST_ERROR = 1e-60  # a resistance to many drugs at once is that rare


@dataclass(frozen=True)
class Lineage:
    """Descendants of one cell that divides, dies, or is marked by the first mutation among them.

    All answers are closed forms of a linear birth-death process with killing: the chance of no
    mark and n cells after a time is geometric in n.

    Parameters
    ----------
    split : float
        Rate at which a cell divides into two of its own type [1/day].
    death : float
        Rate at which a cell dies [1/day].
    mark : float
        Rate at which a cell divides and one daughter is mutated [1/day].
    """

    split: float
    death: float
    mark: float

    @cached_property
    def roots(self) -> tuple[float, float, float]:
        """Spread of the two roots of the extinction equation, and how far each is from 1."""
        growth = self.split - self.death - self.mark
        spread = float(np.sqrt(growth**2 + 4 * self.split * self.mark))
        larger = (spread + abs(growth)) / 2
        smaller = self.split * self.mark / larger if larger else 0.0
        return (spread, larger, smaller) if growth >= 0 else (spread, smaller, larger)

    def _shape(self, days: Any) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return decay, its integral, the share of lines at rest and the scale of sizes."""
        spread, below, above = self.roots
        decay = np.exp(-spread * np.asarray(days, dtype=float))
        if spread:
            integral, rest = (1 - decay) / spread, (above + below * decay) / spread
            short = spread * np.asarray(days) < 1e-3  # where 1 - decay loses digits
            if np.any(short):
                integral = np.where(short, -np.expm1(-spread * np.asarray(days)) / spread, integral)
        else:
            integral, rest = np.asarray(days, dtype=float), np.ones_like(decay)
        return decay, integral, rest, 1 + (self.split - below) * integral

    def marked(self, days: Any) -> FloatArray:
        """Chance that somebody in the lineage has mutated within some time [days]."""
        _, integral, rest, _ = self._shape(days)
        return np.asarray(self.mark * integral / rest)

    def relevant(self, days: Any) -> FloatArray:
        """Chance that the lineage is alive, or has mutated, after some time [days]."""
        _, integral, _, scale = self._shape(days)
        return np.asarray((scale - self.death * integral) / scale)

    def alive(self, days: Any) -> FloatArray:
        """Chance that the lineage is alive and nobody has mutated after some time [days]."""
        decay, _, rest, scale = self._shape(days)
        return np.asarray(decay / (scale * rest))

    def stop(self, days: Any) -> FloatArray:
        """Parameter of the geometric number of cells of a living lineage without mutation."""
        _, _, rest, scale = self._shape(days)
        return np.asarray(np.clip(rest / scale, 1e-300, 1.0))

    def first_mark(self, days: FloatArray, share: FloatArray) -> FloatArray:
        """Time of the first mutation within some days, at a share of its distribution [days]."""
        spread, below, above = self.roots
        chance = share * self.marked(days)
        decay = (self.mark - chance * above) / (self.mark + chance * below)
        with np.errstate(divide="ignore"):
            return np.asarray(np.clip(-np.log(np.maximum(decay, 0.0)) / spread, 0.0, days))


@dataclass(frozen=True)
class Chain:
    """All types of cells under constant doses.

    Parameters
    ----------
    birth, death : ndarray of float, one per type
        Rates of division and death [1/day].
    chance : ndarray of float, types x types
        Chance that a division of the row's type has one daughter of the column's type.
    """

    birth: FloatArray
    death: FloatArray
    chance: FloatArray

    def __len__(self) -> int:
        """Count the types."""
        return len(self.birth)

    @cached_property
    def loss(self) -> FloatArray:
        """Chance that a division has a mutated daughter, by type."""
        return np.asarray(self.chance.sum(axis=1))

    @cached_property
    def net(self) -> FloatArray:
        """Net growth, by type [1/day]."""
        return self.birth - self.death

    @cached_property
    def drift(self) -> FloatArray:
        """Change of type at a division: the chances of daughters less the chance to lose one."""
        return np.asarray(self.chance - np.diag(self.loss))

    @cached_property
    def lineages(self) -> list[Lineage]:
        """The lineage that a cell of each type founds, up to its first mutation."""
        marks = self.birth * self.loss
        return [
            Lineage(float(birth - mark), float(death), float(mark))
            for birth, death, mark in zip(self.birth, self.death, marks, strict=True)
        ]

    def flow(self, kind: int) -> dict[int, float]:
        """Rates at which a cell of one type has a daughter of others [1/day]."""
        rates = self.birth[kind] * self.chance[kind]
        return {int(other): float(rates[other]) for other in np.flatnonzero(rates)}

    def survival(self) -> FloatArray:
        """Chance that the descendants of one cell never die out, by its type.

        It is the larger root of the quadratic that a fixed point of `slope` obeys.
        """
        chances = np.zeros(len(self))
        for kind in reversed(range(len(self))):
            birth, gain = self.birth[kind], self.birth[kind] * (self.chance[kind] @ chances)
            split = birth * (1 - self.loss[kind])
            linear = birth - self.death[kind] - birth * self.loss[kind] - gain
            root = np.sqrt(linear**2 + 4 * split * gain)
            if linear >= 0:
                chances[kind] = (linear + root) / (2 * split) if split else 0.0
            else:
                chances[kind] = 2 * gain / (root - linear)
        return np.clip(chances, 0.0, 1.0)

    def slope(self, chances: FloatArray) -> FloatArray:
        """Change per day of earlier founding of the chance that a lineage succeeds, by type."""
        drift, net, birth = self._rates
        mutation = (1 - chances) * (drift @ chances)
        changes: FloatArray = net * chances + birth * (mutation - chances * chances)
        return changes

    @cached_property
    def _rates(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """What `slope` needs, looked up once: it is asked some hundreds of times."""
        return self.drift, self.net, self.birth

    def before(self, chances: FloatArray, days: float) -> FloatArray:
        """Chances of success of a cell that lived some days before the given chances hold."""
        solved = _solved(lambda _, now: self.slope(now), np.array([days]), chances)
        return np.clip(solved[:, -1], 0.0, 1.0)

    def hazard(self, chances: FloatArray, growth: float, days: Any) -> FloatArray:
        """Expected successful mutant lineages per sensitive cell at the end of growth.

        Parameters
        ----------
        chances : ndarray of float, one per type
            Chance of success of a cell alive at the end.
        growth : float
            Rate at which sensitive cells grew [1/day].
        days : float or ndarray of float
            How long they grew [days]; times ascend.

        Returns
        -------
        ndarray of float, one per time
            Multiplied by the number of sensitive cells, the mean of a Poisson distribution.
        """
        rates = self.birth[0] * self.chance[0]

        def slope(age: float, now: FloatArray) -> FloatArray:
            changes = np.empty_like(now)
            changes[:-1] = self.slope(now[:-1])
            changes[0] = 0.0  # sensitive cells are counted by the caller
            changes[-1] = math.exp(-growth * age) * (rates @ now[:-1])
            return changes

        start = np.append(chances, 0.0)
        start[0] = 0.0
        times = np.atleast_1d(np.asarray(days, dtype=float))
        return np.asarray(_solved(slope, times, start)[-1])


class _StalledError(Exception):
    """LSODA takes steps that never grow; a last digit of the slope can decide whether it does."""


def _solved(
    slope: Callable[[float, FloatArray], FloatArray], times: FloatArray, start: FloatArray
) -> FloatArray:
    """Integrate from 0 on, and keep ascending times: shape (start, times)."""
    if times[-1] <= 0:
        return np.repeat(start[:, None], len(times), axis=1)
    calls = count()

    def guarded(age: float, now: FloatArray) -> FloatArray:
        if next(calls) > MOST_CALLS:
            raise _StalledError
        return slope(age, now)

    span, errors = (0.0, times[-1]), {"rtol": RELATIVE_ERROR, "atol": SMALLEST_ERROR}
    try:
        solved = solve_ivp(guarded, span, start, method="LSODA", t_eval=times, **errors)
    except _StalledError:
        solved = solve_ivp(slope, span, start, method="DOP853", t_eval=times, **errors)
    return np.asarray(solved.y)
