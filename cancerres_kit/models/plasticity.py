"""Cells that switch between a sensitive and a tolerant state: persisters, priming, bypass.

One decision: average numbers follow linear equations, so every course is a product of matrix
exponentials and every schedule that repeats has one growth rate; chance matters only for the
question whether no cell is left, which `clearance` answers (module `extinction`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
from scipy.linalg import expm

from cancerres_kit.models.extinction import Events, chance_none_left
from cancerres_kit.models.flows import Progression, at_most_full, moments
from cancerres_kit.models.parameters import MOST_CELLS, Source, refusal
from cancerres_kit.models.plasticity_rates import Doses, PlasticityRates
from cancerres_kit.models.schedules import Schedule

Step = tuple[float, float, Doses, np.ndarray]


@dataclass(frozen=True)
class Plasticity(PlasticityRates):
    """Sensitive cells S and tolerant cells P (persisters) that turn into each other.

    With doses D of the drug, D2 of a second drug against tolerant cells and E of an epigenetic
    drug, each from 0 to 1::

        S' = (lambda_s - k D - a(D)) S + c(D, E) P
        P' = a(D) S + (lambda_p - k2 D2 - c(D, E)) P
        a(D) = a + (a_drug - a) D                     cells become tolerant
        c(D, E) = c + (c_drug - c) D + c_priming E    tolerant cells return

    Persisters have lambda_p near 0. Bypass or adaptive feedback is a_drug above a with lambda_p
    above 0: only the second drug then stops growth. Priming raises the return. Treatment starts
    with `cells` cells in the balance that they reach without drug. Below one cell in all, the
    average is taken for zero and stays there; whether a real tumour is gone is a matter of chance
    (`clearance`).

    Notes
    -----
    Linear two-state switching as used for persisters (doi 10.1371/journal.pcbi.1009348); whether
    pauses help depends on the numbers (doi 10.1103/PhysRevLett.129.108101).
    """

    NAME: ClassVar[str] = "plasticity"
    TITLE: ClassVar[str] = "Switching between a sensitive and a tolerant state"
    DRUGS: ClassVar[tuple[str, ...]] = ("drug", "second", "priming")
    COMPARTMENTS: ClassVar[tuple[str, ...]] = ("sensitive", "tolerant")
    UNITS: ClassVar[tuple[str, ...]] = ("cells", "cells")
    EXACT: ClassVar[tuple[str, ...]] = (
        "growth_rate",
        "persister_fraction",
        "pulse_rate",
        "schedule_rate",
        "surviving_fraction",
        "clearance",
    )
    SOURCES: ClassVar[tuple[Source, ...]] = (
        Source("10.1371/journal.pcbi.1009348", "abstract: context of switching", "secondary"),
        Source("10.1103/PhysRevLett.129.108101", "abstract: cycling may not clear", "secondary"),
    )
    CAVEATS: ClassVar[tuple[str, ...]] = (
        "All rates were chosen for teaching; no number here is measured or published.",
        "Whether pulses beat continuous treatment depends on the rates: move them and see.",
        "Cells do not compete for room, and no cell becomes resistant for good.",
        "Patients of a run differ only in whether chance clears the last cells.",
        "Averages mislead below about 100 cells: look at the chance that none is left.",
        "After a bottleneck, time to progression is that of an average surviving tumour.",
    )

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
                known[key] = expm((stop - start) * self._matrix(doses))
            state = np.minimum(known[key] @ state, MOST_CELLS)
            yield start, stop, doses, state

    def _simulate(
        self,
        schedule: Schedule,
        times: np.ndarray,
        patients: int,
        generator: np.random.Generator,  # noqa: ARG002 - averages know no chance
    ) -> np.ndarray:
        """Keep the averages at the given times; zero once less than one cell is left in all."""
        kept, end = {0.0: self._start()}, float(times[-1])
        course = self._course(schedule, end, times) if end > 0 else ()
        is_gone = False
        for _, stop, _, state in course:
            is_gone = is_gone or state.sum() < 1
            if state.max() >= MOST_CELLS:
                raise refusal(
                    f"cells on day {stop:g}",
                    float(state.sum()),
                    unit="cells",
                    allowed=f"below {MOST_CELLS:g}",
                    remedy="end the run earlier, or treat more",
                )
            kept[stop] = np.zeros(2) if is_gone else state
        rows = np.array([kept[time] for time in times.tolist()])
        return np.broadcast_to(rows, (patients, *rows.shape)).copy()

    def _outcomes(
        self, schedule: Schedule, t_end: float, patients: int, generator: np.random.Generator
    ) -> Mapping[str, np.ndarray]:
        """Draw who is free of cells at the end, and find when the others progress."""
        course = list(self._course(schedule, t_end, None))
        chance = self._cleared(course)
        alive = max(1 - chance, 1e-300)
        seen = Progression(np.log(self.progression * self.cells), np.log(self.cells))
        sizes = [float(state.sum()) for *_, state in course]
        for (_, stop, *_), size in zip(course, sizes, strict=True):
            seen.look(stop, np.log(max(size, 1e-300) / alive))
        cleared = generator.random(patients) < chance
        failed = ~cleared & ~seen.is_open
        return {
            "failed": failed,
            "ttp_days": np.where(failed, seen.days, np.nan),
            "cleared": cleared,
            "clearance_chance": np.full(patients, chance),
            "smallest_cells": np.full(patients, min([self.cells, *sizes])),
        }
