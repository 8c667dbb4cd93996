"""Cells that switch between a sensitive and a tolerant state: persisters, priming, bypass.

One decision: average numbers follow linear equations, so every course is a product of matrix
exponentials and every schedule that repeats has one growth rate; chance matters only for the
question whether no cell is left, which `clearance` answers (module `extinction`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from cancerres_kit.models.flows import Progression
from cancerres_kit.models.parameters import Source
from cancerres_kit.models.plasticity_clearance import PlasticityClearance
from cancerres_kit.models.schedules import Schedule


@dataclass(frozen=True)
class Plasticity(PlasticityClearance):
    """Sensitive cells S and tolerant cells P (persisters) that turn into each other.

    With doses D of the drug, D2 of a second drug against tolerant cells and E of an epigenetic
    drug, each from 0 to 1::

        S' = (lambda_s - k D - a(D)) S + c(D, E) P
        P' = a(D) S + (lambda_p - k2 D2 - c(D, E)) P
        a(D) = a + (a_drug - a) D                     cells become tolerant
        c(D, E) = c + (c_drug - c) D + c_priming E    tolerant cells return

    Persisters have lambda_p near 0. Bypass or adaptive feedback is a_drug above a with lambda_p
    above 0: only the second drug then stops growth. Priming raises the return. Treatment starts
    with `cells` cells in the balance that they reach without drug; growth stops at 1e15. Below one
    cell in all, the average is taken for zero and stays there; whether a real tumour is gone is a
    matter of chance (`clearance`).

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
