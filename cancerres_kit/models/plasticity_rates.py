"""Long-term growth of switching cells: constant doses, pulses, schedules that repeat.

One decision: a schedule that repeats is judged by the spectral radius of one period, not by a
run, so thousands of pulses are compared in the time of one run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cancerres_kit.models.checks import from_zero
from cancerres_kit.models.flows import at_most_full
from cancerres_kit.models.parameters import refusal
from cancerres_kit.models.plasticity_numbers import PlasticityNumbers
from cancerres_kit.models.schedules import Schedule
from cancerres_kit.schema.problems import DataError

Doses = tuple[float, ...]
Piece = tuple[float, float, Doses]
DAYS = tuple(0.5 * step for step in range(1, 25))
"""Lengths of treatment and pause that pulses are compared for if none are given [days]."""


@dataclass(frozen=True)
class PlasticityRates(PlasticityNumbers):
    """What can be said of `Plasticity` without following a tumour."""

    def growth_rate(self, *, drug: float = 0.0, second: float = 0.0, priming: float = 0.0) -> float:
        """Long-term growth rate under constant doses [1/day], the dominant eigenvalue.

        Parameters
        ----------
        drug, second, priming : float
            Doses [full doses].
        """
        return float(np.linalg.eigvals(self._matrix((drug, second, priming))).real.max())

    def persister_fraction(
        self, *, drug: float = 0.0, second: float = 0.0, priming: float = 0.0
    ) -> float:
        """Share of tolerant cells in the long run under constant doses, by default none.

        Parameters
        ----------
        drug, second, priming : float
            Doses [full doses].

        Returns
        -------
        float
            Fraction; exactly ``a / (L + c - lambda_p + a)`` without drug, L the growth rate.
            NaN where no single balance is approached, as without any switching.
        """
        matrix = self._matrix((drug, second, priming))
        rate = self.growth_rate(drug=drug, second=second, priming=priming)
        if matrix[1, 0] == 0 and matrix[0, 1] == 0:
            return 0.0 if matrix[0, 0] > matrix[1, 1] else 1.0
        weights = np.array([rate - matrix[1, 1], matrix[1, 0]])
        if weights[0] <= 0 and weights[1] == 0:
            weights = np.array([matrix[0, 1], rate - matrix[0, 0]])
        return float(weights[1] / weights.sum())

    def pulse_rate(
        self, *, on: float, off: float, second: float = 0.0, priming: float = 0.0
    ) -> float:
        """Long-term growth rate of full doses in pulses [1/day].

        Parameters
        ----------
        on, off : float
            How long the drug is given and paused in turn [days]; 0 for never.
        second, priming : float
            Doses of the other two, without pause [full doses].
        """
        if from_zero("on", on) + from_zero("off", off) == 0:
            raise refusal(
                "on, off",
                f"{on}, {off}",
                unit="days",
                allowed="from 0, not both 0",
                remedy="try on=7, off=3",
            )
        pieces = [(0.0, on, (1.0, second, priming)), (on, on + off, (0.0, second, priming))]
        return _log_radius(self._product(pieces)) / (on + off)

    def schedule_rate(self, *, schedule: Schedule) -> float:
        """Long-term growth rate of any schedule that repeats [1/day].

        Log spectral radius of the product of the matrix exponentials of one period, per day.

        Parameters
        ----------
        schedule : Schedule
            With a period, or one that never changes from some day on (its rate from then on).

        Raises
        ------
        DataError
            For a rule, which has no period.
        """
        if schedule.rule is not None:
            raise DataError("schedule_rate needs intervals, not a rule; use outcomes() for rules")
        self._know(schedule.drugs)
        length = schedule.period
        if length == np.inf:
            last = max((stop for _, stop, _ in schedule.intervals if stop < np.inf), default=0.0)
            drug, second, priming = self._doses(schedule, last)
            return self.growth_rate(drug=drug, second=second, priming=priming)
        pieces = [
            (start, stop, self._given(doses)) for start, stop, doses in schedule.segments(length)
        ]
        return _log_radius(self._product(pieces)) / length

    def pulse_map(
        self,
        on: Sequence[float] = DAYS,
        off: Sequence[float] = DAYS,
        *,
        second: float = 0.0,
        priming: float = 0.0,
    ) -> pd.DataFrame:
        """Compute the long-term growth rate of all pulses of a grid.

        Parameters
        ----------
        on, off : sequence of float
            Lengths of treatment and pause [days], above 0.
        second, priming : float
            Doses of the other two, without pause [full doses].

        Returns
        -------
        pandas.DataFrame
            on_days, off_days, growth_rate_per_day; one row per pair.
        """
        given, paused = (np.array([from_zero("on, off", day) for day in row]) for row in (on, off))
        if not ((given > 0).all() and (paused > 0).all() and np.isfinite([*given, *paused]).all()):
            raise DataError("on and off are lengths of time above 0 [days]; pulse_rate takes 0 too")
        treated = exponentials(self._matrix((1.0, second, priming)), given)
        free = exponentials(self._matrix((0.0, second, priming)), paused)
        cycles = free[None, :] @ treated[:, None]
        trace, det = np.trace(cycles, axis1=2, axis2=3), np.linalg.det(cycles)
        radius = (trace + np.sqrt(np.maximum(trace**2 - 4 * det, 0.0))) / 2
        length = given[:, None] + paused[None, :]
        grid = {"on_days": np.repeat(given, len(paused)), "off_days": np.tile(paused, len(given))}
        return pd.DataFrame({**grid, "growth_rate_per_day": (np.log(radius) / length).ravel()})

    def best_pulse(
        self,
        on: Sequence[float] = DAYS,
        off: Sequence[float] = DAYS,
        *,
        second: float = 0.0,
        priming: float = 0.0,
    ) -> dict[str, float]:
        """Find the pulse of a grid with the smallest growth rate.

        Parameters
        ----------
        on, off, second, priming
            As in `pulse_map`.

        Returns
        -------
        dict of str to float
            on_days, off_days, growth_rate_per_day; compare with ``growth_rate(drug=1)``: the best
            pulse may well be worse than no pause.
        """
        found = self.pulse_map(on, off, second=second, priming=priming)
        best = found.to_numpy()[int(found["growth_rate_per_day"].argmin())]
        return dict(zip(found.columns, best.tolist(), strict=True))

    def surviving_fraction(
        self, *, days: float, drug: float = 1.0, second: float = 0.0, priming: float = 0.0
    ) -> float:
        """Average number of cells after some days of constant doses, as a fraction of the start.

        Parameters
        ----------
        days : float
            Time [days].
        drug, second, priming : float
            Doses [full doses].
        """
        piece = [(0.0, from_zero("days", days), (drug, second, priming))]
        return float((self._product(piece) @ self._start()).sum() / self.cells)

    def _start(self) -> np.ndarray:
        """Return (S, P) at the start, in the balance without drug."""
        tolerant = self.persister_fraction()
        return self.cells * np.array([1 - tolerant, tolerant])

    def _given(self, doses: Mapping[str, float]) -> Doses:
        """Return the doses in the order of `DRUGS`."""
        return tuple(float(at_most_full(doses.get(drug, 0.0), 0.0)) for drug in self.DRUGS)

    def _product(self, pieces: Sequence[Piece]) -> np.ndarray:
        """Multiply the matrix exponentials of pieces of constant doses, the first to the right."""
        product = np.eye(2)
        for start, stop, doses in pieces:
            product = exponentials(self._matrix(doses), stop - start) @ product
        return product


def _log_radius(matrix: np.ndarray) -> float:
    """Return the logarithm of the spectral radius."""
    return float(np.log(np.abs(np.linalg.eigvals(matrix)).max()))


def exponentials(matrix: np.ndarray, lengths: float | np.ndarray) -> np.ndarray:
    """Compute the exponential of a matrix of rates times each of some lengths of time.

    In closed form, with the eigenvalues ``m + r`` and ``m - r``, which are real because cells only
    ever turn into the other kind (off-diagonal rates are not negative). No term is negative.

    Parameters
    ----------
    matrix : ndarray of shape (2, 2)
        Rates [1/day].
    lengths : float or ndarray
        Lengths of time [days].

    Returns
    -------
    ndarray of shape (..., 2, 2)

    Source
    ------
    Textbook theory of linear equations.
    """
    time = np.asarray(lengths, dtype=float)
    (one, back), (turn, two) = matrix.tolist()
    middle, half = (one + two) / 2, (one - two) / 2
    radius = float(np.hypot(half, np.sqrt(back * turn)))
    slow = np.exp((middle - radius) * time)
    fast = np.exp((middle + radius) * time)
    if radius * time.max(initial=0.0) > 1e-6:
        # Not 1 - |half| / radius, which loses its digits where switching is rare.
        part = back * turn / (2 * radius * (radius + abs(half)))
        joined = -fast * np.expm1(-2 * radius * time) / (2 * radius)
    else:
        part, joined = 0.5, time * slow
    first, rest = (1 - part, part) if half >= 0 else (part, 1 - part)
    found = np.empty((*time.shape, 2, 2))
    found[..., 0, 0] = first * fast + rest * slow
    found[..., 1, 1] = rest * fast + first * slow
    found[..., 0, 1], found[..., 1, 0] = back * joined, turn * joined
    return found
