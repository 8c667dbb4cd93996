"""Chance that no cell is left of a tumour of switching cells, computed and simulated.

One decision: it rests on the rates of single events, never on averages, which do not reach zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from cancerres_kit.models.cell_events import last_days
from cancerres_kit.models.extinction import Events, chance_none_left, chances_none_left
from cancerres_kit.models.parameters import refusal
from cancerres_kit.models.plasticity_courses import PlasticityCourses, Step
from cancerres_kit.models.schedules import Schedule

MARKS = 10  # simulated values on a curve
POINTS = 60  # of an exact curve where the schedule sets no cycle


@dataclass(frozen=True)
class PlasticityClearance(PlasticityCourses):
    """When the last cell of a tumour of `Plasticity` is gone."""

    def clearance(self, *, schedule: Schedule, days: float) -> float:
        """Chance that no cell is left after some days of a schedule.

        Exact for independent cells that divide, die and switch at constant rates; death without
        drug is `death_s` and `death_p`, division what makes up the growth.

        Parameters
        ----------
        schedule : Schedule
            What is given.
        days : float
            Time [days].

        Returns
        -------
        float
            Probability.
        """
        self._admit(schedule, days, 1, 0)
        return self._cleared(list(self._course(schedule, float(days), None)))

    def vanishing(self, schedule: Schedule, *, days: float) -> dict[str, float]:
        """Find when the average falls below one cell, and what that says of the last cell.

        Parameters
        ----------
        schedule : Schedule
            What is given.
        days : float
            End of the search [days].

        Returns
        -------
        dict of str to float
            day: when the average of all cells is below one first, or the end [days]; cells: the
            average then; chance: that no cell is left then.
        """
        self._admit(schedule, days, 1, 0)
        course = []
        for step in self._course(schedule, float(days), None):
            course.append(step)
            if step[-1].sum() < 1:
                break
        _, day, _, state = course[-1]
        return {"day": day, "cells": float(state.sum()), "chance": self._cleared(course)}

    def clearance_curve(
        self,
        schedules: Mapping[str, Schedule],
        days: float,
        *,
        patients: int = 0,
        seed: int | np.random.SeedSequence | None = None,
    ) -> pd.DataFrame:
        """Compute how the chance that no cell is left rises with time.

        Exact for independent cells; beside it, if asked for, the share of simulated tumours whose
        last cell is gone, cell by cell. Both start with whole cells of each kind.

        Parameters
        ----------
        schedules : mapping of str to Schedule
            By what each is to be called; constant doses, or pulses.
        days : float
            End [days].
        patients : int
            Simulated tumours per schedule; none if 0. Meant for a few thousand cells.
        seed : int, optional
            Makes the simulation repeatable.

        Returns
        -------
        pandas.DataFrame
            x (day; ends of cycles where the schedule has cycles), y (chance), series, kind
            (``"exact"``, ``"simulated"``); of a simulated share low and high, its 95 % interval,
            and holds, whether the exact chance lies in it.

        Raises
        ------
        DataError
            For a rule, or a schedule that changes without ever repeating.
        """
        generator = np.random.default_rng(seed)
        parts = []
        for name, schedule in schedules.items():
            self._admit(schedule, days, 1, 0)
            cycle = self._cycle(schedule, days)
            exact = self._exact_curve(schedule, cycle, days)
            parts.append(exact.assign(series=name, kind="exact"))
            if patients:
                times = exact["x"].to_numpy()[1:]
                times = times[np.unique(np.linspace(0, len(times) - 1, MARKS).astype(int))]
                part = self._simulated_curve(schedule, times, patients, generator)
                line = np.interp(times, exact["x"], exact["y"])
                part["holds"] = part["low"].le(line) & part["high"].ge(line)
                parts.append(part.assign(series=name, kind="simulated"))
        return pd.concat(parts, ignore_index=True)

    def _cleared(self, course: Sequence[Step]) -> float:
        """Compute the chance that no cell is left at the end of a course."""
        lengths: list[tuple[float, Events]] = []
        for start, stop, doses, _ in course:
            events = self._events(doses)
            if lengths and lengths[-1][1] == events:
                lengths[-1] = lengths[-1][0] + stop - start, events
            else:
                lengths.append((stop - start, events))
        return chance_none_left(lengths, self._start().tolist())

    def _cycle(self, schedule: Schedule, days: float) -> float:
        """Return the time after which a schedule repeats itself [days]."""
        if schedule.period < np.inf:
            return schedule.period
        if len(schedule.segments(days)) > 1:
            raise refusal(
                "schedule",
                schedule.name or "intervals",
                unit="of doses",
                allowed="constant doses, or pulses",
                remedy="use clearance(), which takes any intervals, day by day",
            )
        return days / POINTS

    def _exact_curve(self, schedule: Schedule, cycle: float, days: float) -> pd.DataFrame:
        """Compute the chance at the end of each cycle."""
        cycles = max(1, int(days / cycle + 1e-9))
        pieces = self._pieces(schedule, cycle)
        chances = chances_none_left(pieces, self._whole().tolist(), cycles=cycles)
        ends = cycle * np.arange(1, cycles + 1)
        return pd.DataFrame({"x": [0.0, *ends], "y": [0.0, *chances]})

    def _simulated_curve(
        self, schedule: Schedule, times: np.ndarray, patients: int, generator: np.random.Generator
    ) -> pd.DataFrame:
        """Count tumours without a cell at some times, with the interval of Wilson."""
        pieces = self._pieces(schedule, float(times[-1]))
        found = last_days(pieces, self._whole(), patients, generator)
        gone = [int((found <= time).sum()) for time in times]
        ends = [stats.binomtest(n, patients).proportion_ci(method="wilson") for n in gone]
        share = np.array(gone) / patients
        bounds = {"low": [end.low for end in ends], "high": [end.high for end in ends]}
        return pd.DataFrame({"x": times, "y": share, **bounds})

    def _pieces(self, schedule: Schedule, days: float) -> list[tuple[float, Events]]:
        """Return lengths and events of pieces of constant doses."""
        return [
            (stop - start, self._events(self._given(doses)))
            for start, stop, doses in schedule.segments(days)
        ]

    def _whole(self) -> np.ndarray:
        """Return whole cells of each kind at the start."""
        tolerant = round(float(self._start()[1]))
        return np.array([round(self.cells) - tolerant, tolerant])
