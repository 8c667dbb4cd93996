"""The numbers of the sanctuary model, and what follows from them without simulation.

One decision: a chance is the largest solution of the branching equations, so that it is exact on
both sides of the threshold; runs of `cancerres_kit.models.sanctuary` draw from the same process.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from cancerres_kit.models.base import Model
from cancerres_kit.models.checks import full_dose, positive
from cancerres_kit.models.parameters import Source, parameter, refusal
from cancerres_kit.models.places import survival
from cancerres_kit.schema.problems import unknown

BOZIC = Source("10.7554/eLife.00747", "Results, parameter values", "text read")
OWN = Source("", "chosen so that the threshold lies within the range of the slider", "own value")
MOST_AT_START = 8e14  # cells; so that progression is seen before the 1e15 where growth stops
PLACES = ("sanctuary", "drugged")
ALMOST_SURE = 1 - 1e-15  # a chance whose complement still has a logarithm
INSTANTS = 2001  # at which the mean numbers of cells are known
LARGEST = 500.0  # exponent with which numbers of cells stay finite


@dataclass(frozen=True)
class Numbers(Model):
    """Numbers of `Sanctuary`, and the exact answers to questions about them.

    Raises
    ------
    DataError
        For values out of range, or where death is not below birth.
    """

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
        0.01,
        unit="1/day",
        low=0,
        high=10,
        scale="log",
        source=OWN,
        label="Migration between the places",
    )
    mutation: float = parameter(
        5e-8, unit="per division", low=0, high=1, scale="log", source=BOZIC, label="Mutation"
    )
    cost: float = parameter(
        0.0, unit="fraction", low=0, high=1, source=OWN, label="Cost of resistance"
    )
    cells: float = parameter(
        1e5,
        unit="cells",
        low=1,
        high=MOST_AT_START,
        scale="log",
        source=OWN,
        label="Cells at start",
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

    def place_growth(self, compartment: str, *, drug: float = 1.0, local: float = 0.0) -> float:
        """Net growth of sensitive cells in one place, if none moved.

        Parameters
        ----------
        compartment : {"sanctuary", "drugged"}
            The place.
        drug, local : float
            Doses [full doses].

        Returns
        -------
        float
            ``r0`` or ``r1`` [1/day].

        Raises
        ------
        DataError
            For a place that does not exist.
        """
        if compartment not in PLACES:
            raise unknown(compartment, PLACES, what="compartment")
        return self._net(drug, local)[PLACES.index(compartment)]

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
        sensitive = self._escapes(drug, local)[PLACES.index(compartment)]
        return self._resistant_escape() if resistant else sensitive

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

    def origin(self, *, days: float = 1000.0, drug: float = 1.0, local: float = 0.0) -> float:
        """Chance that the first resistant cell arises in the sanctuary, if one arises by a day.

        Sensitive cells are taken by their mean numbers, so it holds for large tumours; whether the
        resistant cell has offspring for ever is not asked.

        Parameters
        ----------
        days : float
            The day by which it arises [days].
        drug, local : float
            Constant doses [full doses].

        Returns
        -------
        float
            Probability; NaN where no resistant cell can arise.
        """
        times = np.linspace(0.0, positive("days", days), INSTANTS)
        arising = self.birth * self.mutation * self._means(times, drug, local)
        total = arising.sum(axis=0)
        before = np.concatenate([[0.0], np.cumsum((total[1:] + total[:-1]) / 2)]) * times[1]
        shares = np.trapezoid(arising * np.exp(-before), times, axis=1)
        return float(shares[0] / shares.sum()) if shares.sum() > 0 else math.nan

    def _means(self, times: np.ndarray, drug: float, local: float) -> np.ndarray:
        """Mean numbers of sensitive cells in the two places over time [cells].

        The matrix exponential that `cancerres_kit.models.places.Places.move` explains.
        """
        shelter, outside = self._net(drug, local)
        founders, half = np.array(self._founders(), dtype=float), (shelter - outside) / 2
        wide = max(math.hypot(half, self.migration), 1e-300)
        turn = np.array([[half, self.migration], [self.migration, -half]]) @ founders / wide
        fading = np.exp(-2 * wide * times)
        growth = np.exp(np.minimum(self.growth_rate(drug=drug, local=local) * times, LARGEST))
        even, odd = growth * (1 + fading) / 2, growth * (1 - fading) / 2
        return np.outer(founders, even) + np.outer(turn, odd)

    def _founders(self) -> tuple[int, int]:
        """Sensitive cells at the start in the sanctuary and outside [cells]."""
        sheltered = round(self.cells * self.sheltered)
        return sheltered, round(self.cells) - sheltered

    def _net(self, drug: float, local: float) -> tuple[float, float]:
        """Net growth of sensitive cells in the sanctuary and outside [1/day]."""
        doses = full_dose("drug", drug), full_dose("local", local)
        shelter, outside = self._killing(*doses)
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
