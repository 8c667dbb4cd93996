"""The numbers of the effector-tumour model, each with its source and how far that was checked.

One decision: the published model is scaled, so rates stay scaled here; two further numbers say how
many cells and days a unit is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cancerres_kit.models.base import Model
from cancerres_kit.models.checks import full_dose
from cancerres_kit.models.effectors import Flow
from cancerres_kit.models.parameters import MOST_CELLS, Source, parameter, refusal

PAPER = Source(
    "10.1007/BF02460644", "scaled parameters, from public re-implementations", "secondary"
)
SCALES = Source("10.1007/BF02460644", "units behind the scaled parameters", "recalled")
OWN = Source(
    "", "chosen so that the untreated tumour escapes and the treated one is held", "own value"
)


FASTEST = 1000.0  # rate that a run can still follow [1 / unit of time]


@dataclass(frozen=True)
class Numbers(Model):
    """Numbers of `Immune` and what they have to do with each other.

    Raises
    ------
    DataError
        For a number out of range, a tumour that starts above its capacity, a capacity above 1e15
        cells, or rates too fast to follow.
    """

    sigma: float = parameter(
        0.1181,
        unit="",
        low=0,
        high=100,
        scale="log",
        source=PAPER,
        label="Influx of effectors (scaled)",
    )
    rho: float = parameter(
        1.131, unit="", low=0, high=100, source=PAPER, label="Recruitment by the tumour (scaled)"
    )
    eta: float = parameter(
        20.19,
        unit="",
        low=0,
        high=1e6,
        open_low=True,
        source=PAPER,
        label="Tumour at half of the recruitment (scaled)",
    )
    mu: float = parameter(
        0.00311, unit="", low=0, high=10, source=PAPER, label="Inactivation of effectors (scaled)"
    )
    delta: float = parameter(
        0.3743,
        unit="",
        low=0,
        high=100,
        open_low=True,
        source=PAPER,
        label="Death of effectors (scaled)",
    )
    alpha: float = parameter(
        1.636,
        unit="",
        low=0,
        high=100,
        open_low=True,
        source=PAPER,
        label="Growth of the tumour (scaled)",
    )
    beta: float = parameter(
        0.002,
        unit="",
        low=0,
        high=1,
        open_low=True,
        scale="log",
        source=PAPER,
        label="Inverse of the capacity (scaled)",
    )
    kappa: float = parameter(
        1.0,
        unit="",
        low=0,
        high=1000,
        scale="log",
        source=PAPER,
        label="Kill by effectors (scaled)",
    )
    lift: float = parameter(
        2.0,
        unit="fold",
        low=1,
        high=1000,
        scale="log",
        source=OWN,
        label="Lift of the kill by the drug",
    )
    antigen_loss: float = parameter(
        0.0,
        unit="fraction",
        low=0,
        scale="log",
        high=1,
        source=OWN,
        label="Antigen-loss clone at the start",
    )
    visibility: float = parameter(
        0.0,
        unit="fraction",
        low=0,
        high=1,
        source=OWN,
        label="Visibility of the antigen-loss clone",
    )
    start_tumour: float = parameter(
        3e8,
        unit="cells",
        low=1,
        high=MOST_CELLS,
        scale="log",
        source=OWN,
        label="Tumour at the start",
    )
    start_effectors: float = parameter(
        3.155e5,
        unit="cells",
        low=0,
        high=MOST_CELLS,
        scale="log",
        label="Effectors at the start",
        source=Source("", "their number in a body without tumour", "own value"),
    )
    progression: float = parameter(
        1.2,
        unit="fold",
        low=1,
        high=1000,
        open_low=True,
        source=OWN,
        label="Size of progression",
    )
    spread: float = parameter(
        0.0,
        unit="ln(fold)",
        low=0,
        high=5,
        source=OWN,
        label="Spread of the influx between patients",
    )
    cells_per_unit: float = parameter(
        1e6, unit="cells", low=1, high=1e12, scale="log", source=SCALES, label="Cells in one unit"
    )
    days_per_unit: float = parameter(
        9.08, unit="days", low=0, high=1e4, open_low=True, source=SCALES, label="Days in one unit"
    )

    def flow(self, dose: float = 0.0) -> Flow:
        """Return the rates at a dose.

        Parameters
        ----------
        dose : float
            Dose of the drug [full doses].

        Returns
        -------
        Flow
            In scaled units.

        Raises
        ------
        DataError
            For a dose that is not from 0 to 1.
        """
        return self._flow(full_dose("checkpoint_inhibitor", dose))

    def _flow(self, dose: Any) -> Flow:
        """Return the rates at the dose of one patient, or of each."""
        kappa = self.kappa * (1 + (self.lift - 1) * dose)
        return Flow(
            self.sigma,
            self.rho,
            self.eta,
            self.mu,
            self.delta,
            self.alpha,
            self.beta,
            kappa,
            self.visibility,
            1 / self.cells_per_unit,
        )

    def _check(self) -> None:
        """Refuse a tumour above its capacity, and what no tumour has or no run can follow."""
        capacity = self.cells_per_unit / self.beta
        if capacity > MOST_CELLS:
            raise refusal(
                "beta",
                self.beta,
                unit="",
                allowed=f"from {self.cells_per_unit / MOST_CELLS:.3g} at {self.cells_per_unit:.3g} "
                "cells per unit, a capacity of 1e15 cells",
                remedy="raise beta or lower cells_per_unit",
            )
        if self.start_tumour > capacity:
            raise refusal(
                "start_tumour",
                self.start_tumour,
                unit="cells",
                allowed=f"up to the capacity cells_per_unit / beta = {capacity:.6g}",
                remedy="start smaller or lower beta",
            )
        if self.flow().fastest > FASTEST:
            raise refusal(
                "mu",
                self.mu,
                unit="",
                allowed=f"so that rho + delta + alpha + mu / beta is up to {FASTEST:g} (scaled)",
                remedy="lower mu or raise beta: such fast changes cannot be followed",
            )
