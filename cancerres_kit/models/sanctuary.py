"""A sanctuary: the drug hardly reaches some of the cells, and cells move in and out.

One decision: chances are computed from a two-type branching process and runs are drawn from the
same one, so the threshold that the equations give can be seen in single virtual patients.

Per day, a sensitive cell in the sanctuary grows at net rate r0 and one outside at r1; each moves to
the other place at rate v. If r0 > 0 > r1 and r0 + r1 < 0, the sensitive cells as a whole die out
exactly if v is above ``v* = r0 r1 / (r0 + r1)``: moving more often exposes them more.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from cancerres_kit.models import migration
from cancerres_kit.models.flows import Progression
from cancerres_kit.models.parameters import Source
from cancerres_kit.models.places import Places, follow
from cancerres_kit.models.sanctuary_numbers import BOZIC, PLACES, Numbers
from cancerres_kit.models.schedules import Schedule

IDEA = Source("", "arXiv 1411.6684, abstract: two compartments with migration", "secondary")
PROGRESSION = 1.2  # of the burden at the start, as in the model of competition


@dataclass(frozen=True)
class Sanctuary(Numbers):
    """Two places with different drug levels, migration between them, and mutation to resistance.

    A cell divides at rate `birth` and dies at rate `death`; the drug adds `kill` times the dose to
    the death rate of sensitive cells, all of it outside and the share `penetration` of it in the
    sanctuary. The drug ``local`` acts in the sanctuary only. Resistant cells arise at divisions,
    are killed by neither drug and divide at rate ``birth (1 - cost)``.

    Runs draw whole cells, so nothing regrows from a fraction of one; steps are at most 4 days,
    between which a tumour is taken to grow evenly by percentage. A tumour that passes 1e15 cells
    grows no further, but may shrink. Progression is 120 % of the
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
    EXACT: ClassVar[tuple[str, ...]] = (
        "threshold",
        "place_growth",
        "growth_rate",
        "escape",
        "tumour_escape",
        "origin",
    )
    CAVEATS: ClassVar[tuple[str, ...]] = (
        "Two well-mixed places of unlimited room; real tissue has gradients, edges and crowding.",
        "Cells move both ways at one rate and regardless of drug.",
        "Resistance is a single mutation and complete; none is there at the start.",
        "Values of the published model were not available: size, migration, penetration are ours.",
    )

    def edge(self, *, drug: float = 1.0, local: float = 0.0) -> dict[str, float]:
        """Return the threshold as a mark for a figure, if there is one.

        Parameters
        ----------
        drug, local : float
            Doses [full doses].

        Returns
        -------
        dict of str to float
            ``{"threshold": v*}`` [1/day]; empty where migration does not decide.
        """
        found = self.threshold(drug=drug, local=local)
        return {"threshold": found} if 0 < found < math.inf else {}

    def rule(self, *, drug: float = 1.0, local: float = 0.0) -> str:
        """Say when the sensitive cells die out, to follow a word such as "sensitive cells".

        Parameters
        ----------
        drug, local : float
            Doses [full doses].

        Returns
        -------
        str
            ``"die out if they move more often than 0.015 per day"``, or that they grow or die
            out whatever the migration.
        """
        found = self.threshold(drug=drug, local=local)
        if found == 0:
            return "die out at any rate of migration"
        if found == math.inf:
            return "grow at any rate of migration"
        return f"die out if they move more often than {found:.3g} per day"

    def by_migration(
        self,
        quantity: str,
        *,
        rates: Sequence[float] | None = None,
        variants: Mapping[str, Mapping[str, Any]] | None = None,
        simulated: Sequence[float] = (),
        runs: int = 200,
        seed: int = 0,
        most_days: float = 4000.0,
        **conditions: Any,
    ) -> pd.DataFrame:
        """Compute a quantity over rates of migration, exact and in virtual tumours.

        How virtual tumours are asked stands in `cancerres_kit.models.migration`.

        Parameters
        ----------
        quantity : {"growth_rate", "escape", "tumour_escape", "origin"}
            Name of the exact method.
        rates : sequence of float, optional
            Where exact lines are computed [1/day], beside some near the threshold; 81 rates from
            1e-4 to 1 if left out.
        variants : mapping of str to mapping, optional
            By the name of a line what is changed for it: numbers of the model, or conditions.
        simulated : sequence of float
            Where virtual tumours are followed [1/day].
        runs : int
            Virtual tumours at each of these rates.
        seed : int
            Makes them repeatable.
        most_days : float
            Longest run [days]; where a fate takes longer to be decided there is no mark.
        **conditions : Any
            Doses, and what the exact method asks for.

        Returns
        -------
        pandas.DataFrame
            Columns x (rate), y, series, kind (``"exact"``, ``"simulated"``), low, high (95 %
            interval of a simulated share).

        Raises
        ------
        DataError
            For a quantity, number or condition that there is not, or a value that has no meaning.
        """
        return migration.curves(
            self,
            quantity,
            rates=migration.RATES if rates is None else rates,
            variants=variants or {"": {}},
            simulated=simulated,
            sample=migration.Sample(runs, seed, most_days),
            conditions=conditions,
        )

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
        start = math.log(sum(self._founders()))
        seen = Progression(np.full(patients, start + math.log(PROGRESSION)), start)
        origin = np.zeros(patients, dtype=int)
        counts = np.empty(0)
        for time, counts in self._run(schedule, np.array([t_end]), patients, generator):
            seen.look(time, np.log(np.maximum(counts.sum(axis=0), 0.5)))
            newly = (origin == 0) & (counts[2:].sum(axis=0) > 0)
            origin[newly] = np.where(counts[2] >= counts[3], 1, 2)[newly]
        return {
            "failed": ~seen.is_open,
            "ttp_days": seen.days,
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
