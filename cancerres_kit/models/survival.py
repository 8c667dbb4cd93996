"""Survival curves, estimated from durations or given as arrays, and their medians.

One decision: a curve ends where its follow-up ends. Nothing is said about later times, so a median
that was not reached is NaN and never a guess.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from cancerres_kit.models.checks import positive
from cancerres_kit.models.durations import kaplan_meier, row
from cancerres_kit.schema.problems import DataError, unknown

RULES = ("first", "middle")
HALF = 0.5
ROUNDING = 1e-12


@dataclass(frozen=True)
class Curve:
    """Fraction of patients free of progression over time.

    Parameters
    ----------
    months : sequence of float
        Times, ascending from 0 on [months].
    fraction : sequence of float
        Fraction free of progression from each time on, never rising; 1 at month 0, which is added
        if it is missing.
    steps : bool
        Whether the curve falls in steps, as one estimated from durations does; otherwise it is
        interpolated, as fits a curve known at a few times.

    Raises
    ------
    DataError
        For times that do not ascend, or fractions that rise or leave 0 to 1.
    """

    months: tuple[float, ...]
    fraction: tuple[float, ...]
    steps: bool = False

    def __post_init__(self) -> None:
        """Check the curve and keep plain numbers."""
        months, fraction = row("months", self.months), row("fraction", self.fraction)
        if len(months) != len(fraction):
            raise DataError(
                f"a curve has {len(months)} months but {len(fraction)} fractions; give one each"
            )
        if months[0] < 0 or (np.diff(months) <= 0).any():
            raise DataError(
                "months of a curve must ascend from 0 on [months]; sort them, once each"
            )
        if fraction[0] > 1 or fraction[-1] < 0 or (np.diff(fraction) > ROUNDING).any():
            raise DataError(
                "fractions of a curve must fall from 1 towards 0; give fractions, not percent, of "
                "patients who are still free of progression"
            )
        if months[0] > 0:
            months, fraction = np.append(0.0, months), np.append(1.0, fraction)
        elif not self.steps and fraction[0] < 1:
            raise DataError(f"fraction at month 0 is {fraction[0]:g}; it must be 1")
        object.__setattr__(self, "months", tuple(months.tolist()))
        object.__setattr__(self, "fraction", tuple(fraction.tolist()))

    @classmethod
    def from_durations(cls, durations: Any, progressed: Any = None) -> Self:
        """Estimate a curve by the method of Kaplan and Meier.

        Parameters
        ----------
        durations : sequence of float
            Time to progression or to the end of observation, per patient [months].
        progressed : sequence of bool, optional
            Whether the duration ended in progression; all did if left out.

        Returns
        -------
        Curve
            In steps, up to the longest duration.

        Raises
        ------
        DataError
            For durations that are negative or not finite, or flags that do not match them.
        """
        found = kaplan_meier(durations, progressed)
        return cls(tuple(found["month"]), tuple(found["fraction"]), steps=True)

    @property
    def follow_up(self) -> float:
        """End of what is known [months]."""
        return self.months[-1]

    def at(self, months: Any) -> np.ndarray:
        """Return the fraction free of progression at given times.

        Parameters
        ----------
        months : float or sequence of float
            Times [months].

        Returns
        -------
        ndarray
            NaN after the end of follow-up and before month 0.
        """
        times = np.asarray(months, dtype=float)
        known = (times >= 0) & (times <= self.follow_up)
        if self.steps:
            place = np.searchsorted(self.months, times, side="right") - 1
            values = np.asarray(self.fraction)[np.clip(place, 0, None)]
        else:
            values = np.interp(times, self.months, self.fraction)
        return np.where(known, values, np.nan)

    def quantiles(self, progressed: Any) -> np.ndarray:
        """Return the times by which given fractions of patients have progressed.

        Parameters
        ----------
        progressed : float or sequence of float
            Fractions, 0 to 1.

        Returns
        -------
        ndarray
            First such time [months]; infinite if it lies after the follow-up.
        """
        shares = np.asarray(progressed, dtype=float)
        lost = 1 - np.asarray(self.fraction)
        place = np.searchsorted(lost, shares - ROUNDING, side="left")
        inside = np.minimum(place, len(lost) - 1)
        times = np.asarray(self.months)[inside]
        if not self.steps:
            before = np.maximum(inside - 1, 0)
            rise = lost[inside] - lost[before]
            back = np.where(rise > 0, (lost[inside] - shares) / np.where(rise > 0, rise, 1), 0.0)
            times = times - np.clip(back, 0, 1) * (times - np.asarray(self.months)[before])
        return np.where(place == len(lost), np.inf, times)

    def median(self, *, rule: str = "first", at: float = HALF) -> float:
        """Return the time at which half of the patients have progressed.

        Parameters
        ----------
        rule : {"first", "middle"}
            ``"first"``: when the curve reaches one half. ``"middle"``: the middle of the stretch on
            which it is exactly one half, as the mean of the two middle times of an even number.
        at : float
            Fraction still free of progression; one half unless a curve is read more finely or
            coarsely, as ``0.5 + 0.5 / n`` for a curve known from n points, to half a point.

        Returns
        -------
        float
            Months; NaN if the curve does not get there.

        Raises
        ------
        DataError
            For another rule.
        """
        if rule not in RULES:
            raise unknown(rule, RULES, what="rule for a median")
        first = float(self.quantiles(1 - at))
        if rule == "first" or math.isinf(first):
            return first if math.isfinite(first) else math.nan
        below = np.flatnonzero(np.asarray(self.fraction) < at - ROUNDING)
        if not len(below):
            return first
        last = self.months[below[0]] if self.steps else float(self.quantiles(1 - at + 2 * ROUNDING))
        return (first + max(first, last)) / 2

    def mean(self, until: float) -> float:
        """Return the mean time free of progression within a window: the area under the curve.

        Parameters
        ----------
        until : float
            End of the window [months], above 0.

        Returns
        -------
        float
            Months, at most `until`; NaN if the follow-up ends before.

        Raises
        ------
        DataError
            For a window without meaning.
        """
        end = positive("until", until, unit="months")
        if end > self.follow_up:
            return math.nan
        inner = np.asarray(self.months)[np.asarray(self.months) < end]
        times = np.append(inner, end)
        values = self.at(times)
        heights = values[:-1] if self.steps else (values[:-1] + values[1:]) / 2
        return float(np.diff(times) @ heights)

    def median_span(self, margin: float = 0.02) -> tuple[float, float]:
        """Return how far the median moves if the curve is off a little: wide on a plateau.

        Parameters
        ----------
        margin : float
            How far the curve may be off [fraction].

        Returns
        -------
        low, high : float
            Months; `high` is NaN if it lies after the follow-up.
        """
        return self.median(at=HALF + margin), self.median(at=HALF - margin)

    def trial(self, n: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the durations of an ideal trial, spread evenly over the curve, without chance.

        Parameters
        ----------
        n : int
            Number of patients.

        Returns
        -------
        durations, progressed : ndarray
            Months, ended by the follow-up; and whether the patient progressed by then.
        """
        times = self.quantiles((np.arange(n) + 0.5) / n)
        return np.minimum(times, self.follow_up), np.isfinite(times)


def median_time(durations: Any, progressed: Any = None, *, rule: str = "first") -> float:
    """Return the median duration; the rule matters in small groups.

    Parameters
    ----------
    durations : sequence of float
        Time to progression or to the end of observation, per patient [months].
    progressed : sequence of bool, optional
        Whether the duration ended in progression; all did if left out.
    rule : {"first", "middle"}
        ``"first"``: first time at which the estimated curve is at or below one half (Kaplan-Meier).
        ``"middle"``: mean of the two middle times of an even number.

    Returns
    -------
    float
        Months; NaN if not reached.

    Raises
    ------
    DataError
        For durations without meaning, or another rule.
    """
    return Curve.from_durations(durations, progressed).median(rule=rule)
