"""Courses of switching cells: average numbers over time, schedules side by side.

One decision: what is compared runs through the same steps, so schedules differ by their doses only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from cancerres_kit.models.flows import at_most_full, moments
from cancerres_kit.models.parameters import MOST_CELLS
from cancerres_kit.models.plasticity_curves import PlasticityCurves
from cancerres_kit.models.plasticity_rates import Doses, exponentials
from cancerres_kit.models.schedules import Schedule

Step = tuple[float, float, Doses, np.ndarray]


@dataclass(frozen=True)
class PlasticityCourses(PlasticityCurves):
    """What becomes of a tumour of `Plasticity` over time."""

    def compared(
        self,
        schedules: Mapping[str, Schedule],
        days: float,
        *,
        most: float = 1e12,
        points: int = 121,
    ) -> pd.DataFrame:
        """Follow the average numbers of cells under several schedules.

        Parameters
        ----------
        schedules : mapping of str to Schedule
            By what each is to be called.
        days : float
            End of the runs [days].
        most : float
            A run ends early where it would have more cells than this [cells].
        points : int
            How many times are kept, evenly.

        Returns
        -------
        pandas.DataFrame
            series, time_days, compartment (also ``"all cells"``), value, unit.
        """
        parts = []
        for name, schedule in schedules.items():
            end = self._room(schedule, days, most)
            run = self.simulate(schedule, end, times=np.linspace(0, end, points).tolist())
            total = run.groupby(["time_days", "unit"], as_index=False)["value"].sum()
            both = pd.concat([run, total.assign(compartment="all cells")])
            parts.append(both.assign(series=name))
        kept = ["series", "time_days", "compartment", "value", "unit"]
        courses: pd.DataFrame = pd.concat(parts, ignore_index=True)[kept]
        return courses

    def _room(self, schedule: Schedule, days: float, most: float) -> float:
        """Return the end of a run, earlier than asked for where there are too many cells."""
        self._admit(schedule, days, 1, 0)
        end = 0.0
        for _, stop, _, state in self._course(schedule, float(days), None):
            if state.sum() > min(most, MOST_CELLS / 2) and end > 0:
                return end
            end = stop
        return end

    def doses(self, schedule: Schedule, days: float) -> pd.DataFrame:
        """List when which drug is given.

        Parameters
        ----------
        schedule : Schedule
            Not a rule.
        days : float
            End of the list [days].

        Returns
        -------
        pandas.DataFrame
            drug, start_days, stop_days, dose [full doses]; one row per interval without a change.
        """
        self._know(schedule.drugs)
        rows: dict[str, list[list[float]]] = {drug: [] for drug in schedule.drugs}
        for start, stop, given in schedule.segments(days):
            for drug, dose in given.items():
                held = rows[drug]
                if held and held[-1][1:] == [start, dose]:
                    held[-1][1] = stop
                elif dose > 0:
                    held.append([start, stop, dose])
        found = [(drug, *row) for drug, held in rows.items() for row in held]
        return pd.DataFrame(found, columns=["drug", "start_days", "stop_days", "dose"])

    def rechallenge(self, *, days: float, pause: float) -> pd.DataFrame:
        """Treat, pause, and treat again, to see whether the offspring of survivors resist.

        Parameters
        ----------
        days : float
            Length of each treatment with the drug [days].
        pause : float
            Length of the pause between them [days].

        Returns
        -------
        pandas.DataFrame
            One row per treatment: exposure (``"first"``, ``"second"``), tolerant_before_percent,
            survivors_percent (of the cells that it began with), tolerant_after_percent.
        """
        schedule = Schedule(
            ((0.0, days, {"drug": 1.0}), (days + pause, 2 * days + pause, {"drug": 1.0}))
        )
        times = [0.0, days, days + pause, 2 * days + pause]
        run = self.with_(cells=1e9).simulate(schedule, times[-1], times=times)
        cells = run.pivot(index="time_days", columns="compartment", values="value")
        total = cells.sum(axis=1).to_numpy()
        tolerant = 100 * cells["tolerant"].to_numpy() / total
        return pd.DataFrame(
            {
                "exposure": ["first", "second"],
                "tolerant_before_percent": tolerant[[0, 2]],
                "survivors_percent": 100 * total[[1, 3]] / total[[0, 2]],
                "tolerant_after_percent": tolerant[[1, 3]],
            }
        )

    def _course(self, schedule: Schedule, t_end: float, times: Any) -> Iterator[Step]:
        """Yield steps of constant doses, a day or less, with the average numbers at their end."""
        plan, switches = moments(schedule, t_end, 0.0, times)
        known: dict[tuple[Doses, float], np.ndarray] = {}
        memory: dict[str, Any] = {}
        state = self._start()
        doses: Doses = (0.0, 0.0, 0.0)
        for start, stop in pairwise(plan):
            if start in switches:
                found = self._doses(schedule, start, float(state.sum()), memory)
                doses = tuple(float(at_most_full(dose, start)) for dose in found)
            key = (doses, round(stop - start, 9))
            if key not in known:
                known[key] = exponentials(self._matrix(doses), stop - start)
            state = known[key] @ state
            state *= min(1.0, MOST_CELLS / max(state.sum(), 1.0))
            yield start, stop, doses, state
