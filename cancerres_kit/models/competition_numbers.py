"""Numbers of the competition model, and how virtual patients differ in them.

One decision: patients differ by even spreads around the numbers of the model, so a model without
spreads is one patient, and the published single cases are cohorts of alike patients.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cancerres_kit.models.base import MOST_PATIENTS, Model
from cancerres_kit.models.checks import generator_of, whole
from cancerres_kit.models.parameters import MOST_CELLS, Source, parameter

STROBL = "10.1158/0008-5472.CAN-20-0806"
TABLES = Source(STROBL, "archived result tables behind Figures 3b and 4f", "archive read")
PLAIN = Source("", "no effect: the model of Strobl et al. 2021 has none", "own value")
ALIKE = Source("", "patients are alike unless a spread is given", "own value")
LIMITS = {"n0": (1e-6, 2.0), "cost": (0.0, 1.0), "turnover": (0.0, 0.99)}


@dataclass(frozen=True)
class CompetitionNumbers(Model):
    """Numbers of `Competition`, which holds the equations they belong to."""

    n0: float = parameter(
        0.75,
        unit="fraction of capacity",
        low=0.0,
        high=2.0,
        open_low=True,
        source=TABLES,
        label="Burden at the start, n0",
    )
    fR: float = parameter(  # noqa: N815 - the symbol of the paper
        0.01,
        unit="fraction",
        low=0.0,
        high=1.0,
        scale="log",
        source=TABLES,
        label="Resistant fraction at the start, fR",
    )
    rS: float = parameter(  # noqa: N815 - the symbol of the paper
        0.027,
        unit="1/day",
        low=0.0,
        high=10.0,
        open_low=True,
        scale="log",
        source=TABLES,
        label="Growth rate of sensitive cells, rS",
    )
    cost: float = parameter(
        0.0,
        unit="fraction",
        low=0.0,
        high=1.0,
        source=TABLES,
        label="Cost of resistance (growth lost)",
    )
    turnover: float = parameter(
        0.0,
        unit="fraction of rS",
        low=0.0,
        high=0.99,
        source=TABLES,
        label="Turnover (death rate over rS)",
    )
    dD: float = parameter(  # noqa: N815 - the symbol of the paper
        1.5,
        unit="fraction of growth",
        low=0.0,
        high=100.0,
        source=TABLES,
        label="Kill by the full dose, dD",
    )
    alpha_sr: float = parameter(
        1.0,
        unit="",
        low=0.0,
        high=100.0,
        source=PLAIN,
        label="Crowding of sensitive by resistant cells",
    )
    alpha_rs: float = parameter(
        1.0,
        unit="",
        low=0.0,
        high=100.0,
        source=PLAIN,
        label="Crowding of resistant by sensitive cells",
    )
    capacity_loss: float = parameter(
        0.0,
        unit="fraction",
        low=0.0,
        high=0.999,
        source=PLAIN,
        label="Room that the full dose takes from sensitive cells",
    )
    progression: float = parameter(
        1.2,
        unit="times n0",
        low=1.0,
        high=1000.0,
        open_low=True,
        source=TABLES,
        label="Burden that counts as progression",
    )
    capacity_cells: float = parameter(
        1e9,
        unit="cells",
        low=1.0,
        high=MOST_CELLS,
        scale="log",
        source=Source("", "about a gram of tumour; sets only what one cell is", "own value"),
        label="Cells at the capacity",
    )
    n0_spread: float = parameter(
        0.0,
        unit="fraction of capacity",
        low=0.0,
        high=1.0,
        source=ALIKE,
        label="Spread of n0 among patients, up and down",
    )
    fR_spread: float = parameter(  # noqa: N815 - belongs to fR
        0.0,
        unit="decades",
        low=0.0,
        high=12.0,
        source=ALIKE,
        label="Spread of fR among patients, up and down",
    )
    cost_spread: float = parameter(
        0.0,
        unit="fraction",
        low=0.0,
        high=1.0,
        source=ALIKE,
        label="Spread of cost among patients, up and down",
    )
    turnover_spread: float = parameter(
        0.0,
        unit="fraction of rS",
        low=0.0,
        high=1.0,
        source=ALIKE,
        label="Spread of turnover among patients, up and down",
    )

    def virtual_patients(self, patients: int = 1, *, seed: Any = None) -> pd.DataFrame:
        """List the numbers of the patients that a run with the same seed follows.

        Parameters
        ----------
        patients : int
            How many, 1 to 1,000,000.
        seed : int, optional
            Makes them repeatable.

        Returns
        -------
        pandas.DataFrame
            One row per patient: patient (from 1), n0 [fraction of capacity], fR, cost, turnover
            [fractions]. Even spread around the value of the model, of fR on a logarithmic scale,
            cut where the value would lose its meaning.
        """
        count = whole("patients", patients, high=MOST_PATIENTS)
        drawn = self._drawn(count, generator_of(seed))
        return pd.DataFrame({"patient": np.arange(1, count + 1), **drawn})

    def _drawn(self, patients: int, generator: np.random.Generator) -> dict[str, np.ndarray]:
        """Draw the numbers in which patients differ: n0, fR, cost, turnover, in this order."""
        unit = generator.uniform(-1.0, 1.0, size=(patients, 4)).T
        drawn = {
            name: _spread(getattr(self, name), getattr(self, f"{name}_spread"), part, limits)
            for (name, limits), part in zip(LIMITS.items(), unit, strict=False)
        }
        decades = _spread(0.0, self.fR_spread, unit[3], (-np.inf, -np.log10(max(self.fR, 1e-99))))
        return {"n0": drawn.pop("n0"), "fR": self.fR * 10.0**decades, **drawn}


def _spread(
    middle: float, spread: float, unit: np.ndarray, limits: tuple[float, float]
) -> np.ndarray:
    """Map even numbers from -1 to 1 to the spread around a value, within its limits."""
    low, high = max(limits[0], middle - spread), min(limits[1], middle + spread)
    return low + (high - low) * (unit + 1) / 2 if spread else np.full(len(unit), middle)
