"""A sanctuary: the drug hardly reaches some of the cells, and cells move in and out.

One decision: chances are computed from a two-type branching process and runs are drawn from the
same one, so the threshold that the equations give can be seen in single virtual patients.

Per day, a sensitive cell in the sanctuary grows at net rate r0 and one outside at r1; each moves to
the other place at rate v. If r0 > 0 > r1 and r0 + r1 < 0, the sensitive cells as a whole die out
exactly if v is above ``v* = r0 r1 / (r0 + r1)``: moving more often exposes them more.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from cancerres_kit.models.base import Model
from cancerres_kit.models.parameters import MOST_CELLS, Source, parameter, refusal
from cancerres_kit.models.places import Places, follow, survival
from cancerres_kit.models.schedules import Schedule
from cancerres_kit.schema.problems import unknown

BOZIC = Source("10.7554/eLife.00747", "Results, parameter values", "text read")
IDEA = Source("", "arXiv 1411.6684, abstract: two compartments with migration", "secondary")
OWN = Source("", "chosen so that the threshold lies within the range of the slider", "own value")
PLACES = ("sanctuary", "drugged")
ALMOST_SURE = 1 - 1e-15  # a chance whose complement still has a logarithm
PROGRESSION = 1.2  # of the burden at the start, as in the model of competition


@dataclass(frozen=True)
class Sanctuary(Model):
    """Two places with different drug levels, migration between them, and mutation to resistance.

    A cell divides at rate `birth` and dies at rate `death`; the drug adds `kill` times the dose to
    the death rate of sensitive cells, all of it outside and the share `penetration` of it in the
    sanctuary. The drug ``local`` acts in the sanctuary only. Resistant cells arise at divisions,
    are killed by neither drug and divide at rate ``birth (1 - cost)``.

    Runs draw whole cells, so nothing regrows from a fraction of one; steps are at most 4 days. A
    patient whose tumour passes 1e15 cells is not followed further. Progression is 120 % of the
    burden at the start. Day 0 finds cells in both places evenly unless `sheltered` says otherwise.

    Parameters
    ----------
    birth, death : float
        Rates without drug [1/day].
    kill : float
        Death rate that the full dose adds [1/day].
    penetration : float
        Share of the dose that reaches the sanctuary [fraction].
    migration : float
        Rate at which a cell changes place [1/day].
    mutation : float
        Chance that a division makes one daughter resistant [per division].
    cost : float
        Share of the division rate that resistance costs [fraction].
    cells : float
        Cells at the start, all sensitive [cells].
    sheltered : float
        Share of them in the sanctuary [fraction].

    Raises
    ------
    DataError
        For values out of range, or where death is not below birth.
    """

    NAME: ClassVar[str] = "sanctuary"
    TITLE: ClassVar[str] = "Sanctuary: two places with migration"
    SOURCES: ClassVar[tuple[Source, ...]] = (IDEA, BOZIC)
    DRUGS: ClassVar[tuple[str, ...]] = ("drug", "local")
    COMPARTMENTS: ClassVar[tuple[str, ...]] = (
        "sensitive_sanctuary",
        "sensitive_drugged",
        "resistant_sanctuary",
        "resistant_drugged",
    )
    UNITS: ClassVar[tuple[str, ...]] = ("cells",) * 4
    EXACT: ClassVar[tuple[str, ...]] = ("threshold", "growth_rate", "escape", "tumour_escape")
    CAVEATS: ClassVar[tuple[str, ...]] = (
        "Two well-mixed places of unlimited room; real tissue has gradients, edges and crowding.",
        "Cells move both ways at one rate and regardless of drug.",
        "Resistance is a single mutation and complete; none is there at the start.",
        "Values of the published model were not available: size, migration, penetration are ours.",
    )

    birth: float = parameter(
        0.14, unit="1/day", low=0, high=10, open_low=True, source=BOZIC, label="Division rate"
    )
    death: float = parameter(
        0.13, unit="1/day", low=0, high=10, source=BOZIC, label="Death rate without drug"
    )
    kill: float = parameter(
        0.04, unit="1/day", low=0, high=100, source=BOZIC, label="Killing by the full dose"
    )
    penetration: float = parameter(
        0.0, unit="fraction", low=0, high=1, source=OWN, label="Drug that reaches the sanctuary"
    )
    migration: float = parameter(
        0.01, unit="1/day", low=0, high=10, source=OWN, label="Migration between the places"
    )
    mutation: float = parameter(
        5e-8, unit="per division", low=0, high=1, scale="log", source=BOZIC, label="Mutation"
    )
    cost: float = parameter(
        0.0, unit="fraction", low=0, high=1, source=OWN, label="Cost of resistance"
    )
    cells: float = parameter(
        1e5, unit="cells", low=1, high=MOST_CELLS, scale="log", source=OWN, label="Cells at start"
    )
    sheltered: float = parameter(
        0.5, unit="fraction", low=0, high=1, source=OWN, label="Share of cells in the sanctuary"
    )

    def _check(self) -> None:
        if self.death >= self.birth:
            raise refusal(
                "death",
                self.death,
                unit="1/day",
                allowed=f"below birth = {self.birth:.15g}: the tumour grows without treatment",
                remedy="lower death or raise birth",
            )

    def growth_rate(self, *, drug: float = 1.0, local: float = 0.0) -> float:
        """Growth of the sensitive cells as a whole in the long run.

        Parameters
        ----------
        drug, local : float
            Doses [full doses].

        Returns
        -------
        float
            Larger eigenvalue of ``[[r0 - v, v], [v, r1 - v]]`` [1/day].
        """
        shelter, outside = self._net(drug, local)
        half = (shelter - outside) / 2
        return (shelter + outside) / 2 - self.migration + math.hypot(half, self.migration)

    def threshold(self, *, drug: float = 1.0, local: float = 0.0) -> float:
        """Migration rate above which the sensitive cells die out.

        Parameters
        ----------
        drug, local : float
            Doses [full doses].

        Returns
        -------
        float
            ``v* = r0 r1 / (r0 + r1)`` [1/day]; infinite if they grow at any rate of migration,
            0 if they grow at none.
        """
        shelter, outside = self._net(drug, local)
        if max(shelter, outside) <= 0:
            return 0.0
        total = shelter + outside
        return math.inf if total >= 0 else shelter * outside / total

    def escape(
        self,
        *,
        compartment: str = "sanctuary",
        resistant: bool = False,
        drug: float = 1.0,
        local: float = 0.0,
    ) -> float:
        """Chance that a single cell has offspring for ever.

        A resistant cell survives with probability ``1 - death / (birth (1 - cost))``, or not at
        all; of a sensitive one see `cancerres_kit.models.places.survival`.

        Parameters
        ----------
        compartment : {"sanctuary", "drugged"}
            Where the cell is.
        resistant : bool
            Whether it is resistant; then the place does not matter.
        drug, local : float
            Constant doses [full doses].

        Returns
        -------
        float
            Probability.

        Raises
        ------
        DataError
            For a place that does not exist.
        """
        if compartment not in PLACES:
            raise unknown(compartment, PLACES, what="compartment")
        if resistant:
            return self._resistant_escape()
        return self._escapes(drug, local)[PLACES.index(compartment)]

    def tumour_escape(self, *, drug: float = 1.0, local: float = 0.0) -> float:
        """Chance that at least one of the cells at the start has offspring for ever.

        Parameters
        ----------
        drug, local : float
            Constant doses [full doses].

        Returns
        -------
        float
            Probability.
        """
        pairs = zip(self._founders(), self._escapes(drug, local), strict=True)
        logs = [n * math.log1p(-min(p, ALMOST_SURE)) for n, p in pairs]
        return -math.expm1(sum(logs))

    def _simulate(
        self, schedule: Schedule, times: np.ndarray, patients: int, generator: np.random.Generator
    ) -> np.ndarray:
        kept = np.zeros((patients, len(times), 4))
        position = {float(time): number for number, time in enumerate(times)}
        for time, counts in self._run(schedule, times, patients, generator):
            if time in position:
                kept[:, position[time]] = counts.T
        return kept

    def _outcomes(
        self, schedule: Schedule, t_end: float, patients: int, generator: np.random.Generator
    ) -> Mapping[str, np.ndarray]:
        limit = PROGRESSION * sum(self._founders())
        progressed = np.full(patients, np.nan)
        origin = np.zeros(patients, dtype=int)
        counts = np.empty(0)
        for time, counts in self._run(schedule, np.array([t_end]), patients, generator):
            progressed[np.isnan(progressed) & (counts.sum(axis=0) >= limit)] = time
            newly = (origin == 0) & (counts[2:].sum(axis=0) > 0)
            origin[newly] = np.where(counts[2] >= counts[3], 1, 2)[newly]
        return {
            "failed": ~np.isnan(progressed),
            "ttp_days": progressed,
            "resistance_first_in": np.array(["nowhere", *PLACES])[origin],
            "resistant_cells": counts[2:].sum(axis=0),
            "cells_at_end": counts.sum(axis=0),
        }

    def _run(
        self, schedule: Schedule, times: np.ndarray, patients: int, generator: np.random.Generator
    ) -> Iterator[tuple[float, np.ndarray]]:
        """Follow patients to the last of some times, each of which is met."""
        founders = np.array([*self._founders(), 0, 0], dtype=np.int64)
        births = (self.birth, self.birth * (1 - self.cost))

        def deaths(t: float, burden: np.ndarray, state: dict[str, Any]) -> np.ndarray:
            drug, local = self._doses(schedule, t, burden, state)
            own = np.full(patients, self.death)
            return np.array([*(own + added for added in self._killing(drug, local)), own, own])

        return follow(
            Places(births, self.migration, self.mutation),
            np.repeat(founders[:, None], patients, axis=1),
            deaths,
            changes=schedule.switches(float(times[-1])) if times[-1] > 0 else [],
            stops=[float(time) for time in times],
            generator=generator,
        )

    def _founders(self) -> tuple[int, int]:
        """Sensitive cells at the start in the sanctuary and outside [cells]."""
        sheltered = round(self.cells * self.sheltered)
        return sheltered, round(self.cells) - sheltered

    def _net(self, drug: float, local: float) -> tuple[float, float]:
        """Net growth of sensitive cells in the sanctuary and outside [1/day]."""
        shelter, outside = self._killing(drug, local)
        return self.birth - self.death - shelter, self.birth - self.death - outside

    def _killing(self, drug: Any, local: Any) -> tuple[Any, Any]:
        """Death rate that doses add in the sanctuary and outside [1/day]."""
        return self.kill * (self.penetration * drug + local), self.kill * drug

    def _resistant_escape(self) -> float:
        """Chance that a resistant cell has offspring for ever."""
        birth = self.birth * (1 - self.cost)
        return max(0.0, 1 - self.death / birth) if birth > 0 else 0.0

    def _escapes(self, drug: float, local: float) -> tuple[float, float]:
        """Chance of a sensitive cell in the sanctuary and outside."""
        return survival(
            self._net(drug, local),
            birth=self.birth,
            migration=self.migration,
            mutation=self.birth * self.mutation,
            fate=self._resistant_escape(),
        )
