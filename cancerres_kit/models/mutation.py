"""Resistance by mutation: a growing tumour whose cells come to resist one drug after the other.

One decision: rates under treatment are what a drug adds (`kill`) or takes away (`block`), so that
they keep their meaning when the rates without treatment change.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from cancerres_kit.models import expectations, genotypes, rates, treatments, tumours
from cancerres_kit.models.base import MOST_PATIENTS, Model
from cancerres_kit.models.branching import FloatArray
from cancerres_kit.models.checks import generator_of, whole
from cancerres_kit.models.parameters import MOST_CELLS, Source, parameter
from cancerres_kit.models.schedules import Schedule

BOZIC = "10.7554/eLife.00747"
_TEXT = Source(BOZIC, "Results and Materials and methods", "text read")


@dataclass(frozen=True)
class Mutation(Model):
    """Multi-type branching process: cells divide, die, and mutate to resist drugs.

    A tumour grows from one sensitive cell to `burden` cells, then treatment starts (day 0). A
    division has one mutated daughter with chance `mutation_rate` times the number of mutations
    that have the effect. A cell that does not resist every drug given dies faster by `kill` and
    divides less by `block`, times the largest dose it does not resist. Each resistance mutation
    lowers net growth by `cost`. Types are named by the drugs they resist: ``"resistant_1_2"``.
    An early start is a small `burden`; lesions share the burden evenly and grow independently.
    Cells are drawn from one kept time to the next: other `times` of `simulate` are another draw.

    A patient has `failed` in `outcomes` if some cells never die out under the whole schedule, of
    which the last doses go on for ever, also after `t_end`. Rules and schedules that repeat have no
    last doses: there it is progression by `t_end`, to 1.2 times the cells at the start.

    Mutations of unequal numbers, or that resist some drugs at once, are given in `spectrum`:
    ``{"drug_1": 50, "drug_2": 10, "drug_1+drug_2": 1}``; what it does not name follows
    `mutations` and `cross_resistance`.
    """

    NAME: ClassVar[str] = "mutation"
    TITLE: ClassVar[str] = "Secondary mutations and combinations"
    CAVEATS: ClassVar[tuple[str, ...]] = (
        "Cells are well mixed, rates are constant, and only point mutations give resistance.",
        "The mutation rate and the number of resistance mutations are orders of magnitude.",
        "Means of resistant cells are far above typical numbers: a few early mutants found most.",
        "Growth has no limit, but a lesion of 1e12 cells, or 100 times its start, grows no more.",
        "Failed means that some cells outlive the whole schedule, its last doses for ever.",
        "Under a rule or a schedule that repeats, failed means progression within the run.",
    )
    SOURCES: ClassVar[tuple[Source, ...]] = (_TEXT,)
    DRUGS: ClassVar[tuple[str, ...]] = genotypes.drug_names(2)
    COMPARTMENTS: ClassVar[tuple[str, ...]] = genotypes.type_names(2)
    UNITS: ClassVar[tuple[str, ...]] = ("cells",) * 4
    EXACT: ClassVar[tuple[str, ...]] = (
        "failure",
        "eradication",
        "resistance_at_start",
        "resistant_cells",
    )

    # fmt: off
    burden: float = parameter(
        1e9, unit="cells", low=1, high=MOST_CELLS, scale="log",
        source=Source(BOZIC, "Figure 5", "text read"),
        label="Cells when treatment starts, all lesions together",
    )
    lesions: float = parameter(
        1, unit="lesions", low=1, high=1000, scale="integer", label="Lesions of equal size",
        source=Source("", "one lesion to begin with", "own value"),
    )
    birth: float = parameter(
        0.14, unit="1/day", low=0, high=10, source=_TEXT, label="Division rate", open_low=True,
    )
    death: float = parameter(
        0.13, unit="1/day", low=0, high=10, source=_TEXT, label="Death rate without treatment",
    )
    kill: float = parameter(
        0.04, unit="1/day", low=0, high=1e6, label="Death rate that treatment adds",
        source=Source(BOZIC, "Results: death on treatment = division + 0.03", "text read"),
    )
    block: float = parameter(
        0.0, unit="1/day", low=0, high=10, label="Division rate that treatment takes away",
        source=Source(BOZIC, "Results: a drug that kills", "text read"),
    )
    mutation_rate: float = parameter(
        1e-9, unit="per base per division", low=0, high=1, scale="log", source=_TEXT,
        label="Mutation rate",
    )
    drugs: float = parameter(
        2, unit="drugs", low=1, high=genotypes.MOST_DRUGS, scale="integer", label="Drugs",
        source=Source(BOZIC, "Results: dual therapy", "text read"),
    )
    mutations: float = parameter(
        50, unit="mutations", low=0, high=genotypes.MOST_SITES, source=_TEXT,
        label="Mutations that resist one drug, for each drug",
    )
    cross_resistance: float = parameter(
        0, unit="mutations", low=0, high=genotypes.MOST_SITES, source=_TEXT,
        label="Mutations that resist all drugs at once",
    )
    cost: float = parameter(
        0.0, unit="fraction", low=0, high=1, source=Source(BOZIC, "Table 2", "text read"),
        label="Loss of net growth with each resistance mutation",
    )
    # fmt: on
    spectrum: Mapping[str, float] = field(default_factory=dict, kw_only=True, hash=False)

    def _check(self) -> None:
        """Name drugs and types, and refuse tumours that do not grow without treatment."""
        names = genotypes.type_names(int(self.drugs))
        for name, value in (
            ("spectrum", genotypes.read_spectrum(self.spectrum, int(self.drugs))),
            ("DRUGS", genotypes.drug_names(int(self.drugs))),
            ("COMPARTMENTS", names),
            ("UNITS", ("cells",) * len(names)),
        ):
            object.__setattr__(self, name, value)
        genotypes.check_rates(self)

    @property
    def sites(self) -> dict[int, float]:
        """Numbers of mutations by the drugs they resist, as bits (1 drug_1, 2 drug_2, 3 both)."""
        return genotypes.sites(
            self.spectrum, int(self.drugs), self.mutations, self.cross_resistance
        )

    @cached_property
    def types(self) -> genotypes.Types:
        """Types of cells that can arise; what the equations count in."""
        return genotypes.types(
            self.sites, int(self.drugs), self.mutation_rate, costly=self.cost > 0
        )

    @property
    def survival(self) -> float:
        """Chance s = 1 - death/birth that a sensitive lineage survives without treatment."""
        return 1 - self.death / self.birth

    def treated(self, *, birth: float | None = None, death: float | None = None) -> Self:
        """Return the model with given rates of cells that treatment acts on.

        Parameters
        ----------
        birth, death : float, optional
            Division and death rate under treatment, b' and d' [1/day]; unchanged if left out.

        Returns
        -------
        Mutation

        Raises
        ------
        DataError
            If treatment would raise division or lower death, or for anything but a number.
        """
        block, kill = self.block, self.kill
        if birth is not None:
            least = rates.under_treatment("birth", birth, 0.0, self.birth)
            block = round(self.birth - least, 12)
        if death is not None:
            most = self.death + self.parameters["kill"].high
            kill = round(rates.under_treatment("death", death, self.death, most) - self.death, 12)
        return self.with_(block=block, kill=kill)

    def failure(
        self,
        *,
        schedule: Schedule | None = None,
        method: str = "backward",
        sizes: Sequence[float] | None = None,
    ) -> float:
        """Chance that treatment fails: that some descendants never die out.

        Parameters
        ----------
        schedule : Schedule, optional
            Intervals whose last doses go on for ever; all drugs together if left out.
        method : {"backward", "closed"}
            Numerically exact, or the published formula for up to two drugs given together.
        sizes : sequence of float, optional
            Cells of each lesion, instead of `burden` shared by `lesions`.

        Returns
        -------
        float
            Chance, 0 to 1.

        Raises
        ------
        DataError
            For an unknown method, a size out of range, or where no closed form exists.
        """
        return -math.expm1(-expectations.expected(self, "failure", schedule, method, sizes))

    def eradication(
        self,
        *,
        schedule: Schedule | None = None,
        method: str = "backward",
        sizes: Sequence[float] | None = None,
    ) -> float:
        """Chance that treatment eradicates every cell: 1 - `failure`, precise near 0 too.

        Parameters
        ----------
        schedule, method, sizes
            As for `failure`.

        Returns
        -------
        float
        """
        return math.exp(-expectations.expected(self, "failure", schedule, method, sizes))

    def resistance_at_start(
        self, *, method: str = "backward", sizes: Sequence[float] | None = None
    ) -> float:
        """Chance that a cell resists every drug when treatment starts.

        Parameters
        ----------
        method, sizes
            As for `failure`.

        Returns
        -------
        float
        """
        return -math.expm1(-expectations.expected(self, "resistance_at_start", None, method, sizes))

    def resistant_cells(
        self, *, method: str = "backward", sizes: Sequence[float] | None = None
    ) -> float:
        """Mean number of cells that resist every drug when treatment starts.

        Parameters
        ----------
        method, sizes
            As for `failure`.

        Returns
        -------
        float
            Cells.
        """
        return expectations.expected(self, "resistant_cells", None, method, sizes)

    def clones(self, *, patients: int = 1, seed: int | None = None) -> pd.DataFrame:
        """Draw the clones of resistant cells that are alive when treatment starts.

        Parameters
        ----------
        patients : int
            Number of virtual patients.
        seed : int, optional
            Makes the draw repeatable.

        Returns
        -------
        pandas.DataFrame
            One row per clone: model, patient, lesion (both from 1), compartment (its type),
            age_days (since its founding), cells.

        Raises
        ------
        DataError
            For a number or seed that has no meaning, or more than ten million clones.
        """
        count = whole("patients", patients, high=MOST_PATIENTS)
        return tumours.clone_table(self, count, generator_of(seed))

    def _simulate(
        self, schedule: Schedule, times: FloatArray, patients: int, generator: np.random.Generator
    ) -> FloatArray:
        """Return cells of shape (patients, times, compartments)."""
        return treatments.trajectories(self, schedule, times, patients, generator)

    def _outcomes(
        self, schedule: Schedule, t_end: float, patients: int, generator: np.random.Generator
    ) -> Mapping[str, Any]:
        """Return failed, ttp_days, resistant_at_start, resistant_cells, clones by patient."""
        return treatments.fates(self, schedule, t_end, patients, generator)
