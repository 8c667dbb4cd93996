"""Checkpoint inhibitors: effector cells that hold a tumour, miss it, or lose sight of it.

One decision: primary and acquired resistance are two ways through the same equations. A poorly
infiltrated tumour (low influx or recruitment) needs more kill than the drug can lift; a tumour that
was held comes back as a clone that effectors do not see.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from cancerres_kit.models import phase_plane
from cancerres_kit.models.effectors import State
from cancerres_kit.models.immune_numbers import PAPER, Numbers
from cancerres_kit.models.parameters import Source
from cancerres_kit.models.responses import judge
from cancerres_kit.models.schedules import Schedule
from cancerres_kit.schema.problems import DataError


@dataclass(frozen=True)
class Immune(Numbers):
    """Effector cells against a tumour under a checkpoint inhibitor.

    Effectors x enter at a constant rate, are recruited by the tumour they see, are inactivated by
    it and die; they kill tumour cells y. The drug lifts the kill from kappa to ``kappa (1 + (lift -
    1) dose)``. A clone that lost its antigen may be there from the start. Rates are scaled: one
    unit of cells is `cells_per_unit` cells and one unit of time `days_per_unit` days, so one cell
    is ``1 / cells_per_unit``; a clone below one cell is cleared and never comes back. Runs are
    deterministic; only `spread` brings in chance.

    Raises
    ------
    DataError
        For a number out of range, a tumour that starts above its capacity, a capacity above 1e15
        cells, or rates too fast to follow.
    """

    NAME: ClassVar[str] = "immune"
    TITLE: ClassVar[str] = "Immune control and its escape"
    CAVEATS: ClassVar[tuple[str, ...]] = (
        "Parameters come from secondary sources, units are recalled; the paper was not read.",
        "They were fitted to a lymphoma in mice (recalled): no sizes or days of a person.",
        "One kind of effector, well-mixed cells: no exhaustion, lymph nodes or suppressor cells.",
        "The antigen-loss clone and the lift by the drug are our additions, with our own values.",
        "There is no chance in small clones: below about 100 cells this is a caricature.",
    )
    SOURCES: ClassVar[tuple[Source, ...]] = (PAPER,)
    DRUGS: ClassVar[tuple[str, ...]] = ("checkpoint_inhibitor",)
    COMPARTMENTS: ClassVar[tuple[str, ...]] = ("effectors", "tumour", "antigen_loss")
    UNITS: ClassVar[tuple[str, ...]] = ("cells", "cells", "cells")
    EXACT: ClassVar[tuple[str, ...]] = (
        "escape_threshold",
        "needed_lift",
        "dormancy_threshold",
        "clearance_threshold",
        "critical_start",
    )

    def steady_states(self, dose: float = 0.0) -> pd.DataFrame:
        """List where effectors and tumour come to rest, without an antigen-loss clone.

        Parameters
        ----------
        dose : float
            Dose of the drug [full doses].

        Returns
        -------
        pandas.DataFrame
            By size of the tumour: state (``tumour-free``, ``dormant``, ``threshold``, ``escape``),
            effectors, tumour (both scaled), stability (``stable``, ``saddle``, ``unstable``), rate
            (of the slowest return, or of leaving) [1/day], effectors_cells, tumour_cells.
        """
        found = phase_plane.states(self.flow(dose))
        found["rate"] /= self.days_per_unit
        found["effectors_cells"] = found["effectors"] * self.cells_per_unit
        found["tumour_cells"] = found["tumour"] * self.cells_per_unit
        return found

    def is_bistable(self, dose: float = 0.0) -> bool:
        """Tell whether the start decides between two stable tumour states.

        Parameters
        ----------
        dose : float
            Dose of the drug [full doses].

        Returns
        -------
        bool
        """
        found = phase_plane.states(self.flow(dose))
        return int((found["stability"] == "stable").sum()) > 1

    def escape_threshold(self) -> float:
        """Return the kill kappa above which no tumour escapes [scaled]; NaN if there is none."""
        return phase_plane.folds(self.flow())[1]

    def dormancy_threshold(self) -> float:
        """Return the kill kappa below which no tumour is held [scaled]; NaN if there is none."""
        return phase_plane.folds(self.flow())[0]

    def clearance_threshold(self) -> float:
        """Return the kill above which effectors clear small tumours, ``alpha delta / sigma``."""
        return math.inf if self.sigma == 0 else self.alpha * self.delta / self.sigma

    def needed_lift(self) -> float:
        """Return the lift past which no tumour escapes [fold].

        Below it the start decides. It is 1 where no tumour escapes without the drug, infinite
        without influx or kill, NaN where escape turns into dormancy gradually.
        """
        if self.sigma == 0 or self.kappa == 0:
            return math.inf
        threshold = self.escape_threshold()
        return threshold if math.isnan(threshold) else max(1.0, threshold / self.kappa)

    def branches(self) -> pd.DataFrame:
        """Trace the steady states with a tumour over all lifts of the kill.

        Returns
        -------
        pandas.DataFrame
            By size of the tumour: state (``dormant``, ``threshold``, ``escape``), kappa, effectors,
            tumour (scaled), stability, lift [fold] (of the kill at which the state rests; below 1
            it needs less than there is), effectors_cells, tumour_cells; empty without influx.
        """
        found = phase_plane.branches(self.flow())
        with np.errstate(divide="ignore"):
            found["lift"] = np.divide(found["kappa"], self.kappa)
        found["effectors_cells"] = found["effectors"] * self.cells_per_unit
        found["tumour_cells"] = found["tumour"] * self.cells_per_unit
        return found

    def variants(
        self, schedule: Schedule, t_end: float, **changed: Mapping[str, float]
    ) -> pd.DataFrame:
        """Follow variants of this tumour, one beside the other, under one schedule.

        Parameters
        ----------
        schedule : Schedule
            When which drug is given; day 0 is the start of treatment.
        t_end : float
            End of the runs [days].
        **changed : mapping of str to float
            By the name of a variant what is changed in it, by name of the number [unit of each].

        Returns
        -------
        pandas.DataFrame
            Rows of `simulate` for each variant, with its name in the column series.

        Raises
        ------
        DataError
            Without a variant, or for any input that has no meaning.
        """
        if not changed:
            raise DataError("variants needs at least one, as in primary={'rho': 0.6}")
        runs = [
            self.with_(**values).simulate(schedule, t_end).assign(series=name)
            for name, values in changed.items()
        ]
        return pd.concat(runs, ignore_index=True)

    def fate(self, run: pd.DataFrame) -> pd.Series[Any]:
        """Tell what became of the tumour of one patient, from its run.

        Parameters
        ----------
        run : pandas.DataFrame
            What `simulate` of this model gives for one patient.

        Returns
        -------
        pandas.Series
            Columns of `outcomes` from failed to antigen_loss_share, seen at the kept times only.
        """
        days = run["time_days"].to_numpy().reshape(3, -1)[0]
        _, seen, unseen = run["value"].to_numpy().reshape(3, -1)
        found = self._judged(zip(days, seen, unseen, strict=True))
        return pd.Series({name: value[()] for name, value in found.items()})

    def separatrix(self, dose: float = 0.0) -> pd.DataFrame:
        """Trace the line between starts that end dormant and starts that escape.

        Parameters
        ----------
        dose : float
            Dose of the drug [full doses].

        Returns
        -------
        pandas.DataFrame
            Along the line: effectors, tumour (both scaled), effectors_cells, tumour_cells; empty if
            there is no such line.
        """
        line = phase_plane.separatrix(self.flow(dose))
        line["effectors_cells"] = line["effectors"] * self.cells_per_unit
        line["tumour_cells"] = line["tumour"] * self.cells_per_unit
        return line

    def critical_start(self, dose: float = 0.0) -> float:
        """Return the smallest tumour that escapes from the effectors at the start.

        Parameters
        ----------
        dose : float
            Dose of the drug from the start on [full doses].

        Returns
        -------
        float
            Size [cells]; NaN if the start does not decide.
        """
        line = self.separatrix(dose)
        ahead = line["effectors_cells"].to_numpy() - self.start_effectors
        crossed = np.flatnonzero(ahead[:-1] * ahead[1:] <= 0)
        if not len(crossed):
            return math.nan
        share = ahead[crossed] / np.where(
            ahead[crossed] == ahead[crossed + 1], 1.0, ahead[crossed] - ahead[crossed + 1]
        )
        sizes = line["tumour_cells"].to_numpy()
        return float((sizes[crossed] + share * (sizes[crossed + 1] - sizes[crossed])).min())

    def _simulate(
        self, schedule: Schedule, times: np.ndarray, patients: int, generator: np.random.Generator
    ) -> np.ndarray:
        """Return cells at the times to keep."""
        sigma = self._influx(patients, generator)
        kept = [
            np.column_stack(np.broadcast_arrays(*at))
            for _, at in self._follow(schedule, times, sigma)
        ]
        return np.broadcast_to(np.stack(kept, axis=1), (patients, len(times), 3))

    def _outcomes(
        self, schedule: Schedule, t_end: float, patients: int, generator: np.random.Generator
    ) -> Mapping[str, np.ndarray]:
        """Add what `responses.judge` tells, and the influx of each patient [scaled]."""
        sigma = self._influx(patients, generator)
        days = np.append(np.arange(0.0, t_end), t_end)
        sizes = ((day, at[1], at[2]) for day, at in self._follow(schedule, days, sigma))
        columns = {**self._judged(sizes), "influx": sigma}
        return {name: np.broadcast_to(column, patients) for name, column in columns.items()}

    def _judged(self, sizes: Iterable[tuple[float, Any, Any]]) -> dict[str, np.ndarray]:
        """Tell how tumours fared, by their size at the start and that of progression."""
        limit = self.progression * self.start_tumour
        return judge(sizes, start=self.start_tumour, limit=limit)

    def _influx(self, patients: int, generator: np.random.Generator) -> Any:
        """Return the influx of each patient; one number for all if they do not differ."""
        if self.spread == 0:
            return self.sigma
        return self.sigma * np.exp(self.spread * generator.standard_normal(patients))

    def _follow(
        self, schedule: Schedule, times: np.ndarray, sigma: Any
    ) -> Iterator[tuple[float, State]]:
        """Yield the cells of all compartments at each of the times."""
        edges = sorted({0.0, *times.tolist(), *schedule.switches(times[-1])})
        kept = set(times.tolist())
        memory: dict[str, Any] = {}
        state = self._start(sigma)
        for now, then in zip(edges, [*edges[1:], edges[-1]], strict=True):
            cells = self._cells(state)
            if now in kept:
                yield now, cells
            (dose,) = self._doses(schedule, now, cells[1] + cells[2], memory)
            flow = replace(self._flow(dose), sigma=sigma)
            state = flow.advance(state, (then - now) / self.days_per_unit)

    def _start(self, sigma: Any) -> State:
        """Return the state at the start, as wide as there are different patients."""
        unit = self.cells_per_unit
        shares = (1 - self.antigen_loss, self.antigen_loss)
        a, b = (math.log(s * self.start_tumour / unit) if s > 0 else -math.inf for s in shares)
        state: State = (self.start_effectors / unit, a, b)
        if np.ndim(sigma):
            x, y, z = (np.full(np.shape(sigma), value) for value in state)
            state = x, y, z
        return replace(self.flow(), sigma=sigma).cleared(state)

    def _cells(self, state: State) -> State:
        """Return the state in cells."""
        unit = self.cells_per_unit
        return state[0] * unit, np.exp(state[1]) * unit, np.exp(state[2]) * unit
