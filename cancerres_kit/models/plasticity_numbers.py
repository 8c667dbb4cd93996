"""Numbers of the plasticity model and the equations that they make.

One decision: doses enter in one place, `_rates`, so averages and chances rest on the same rates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cancerres_kit.models.base import Model
from cancerres_kit.models.checks import full_dose
from cancerres_kit.models.extinction import Events
from cancerres_kit.models.parameters import MOST_CELLS, Source, parameter

OURS = Source("", "regression set of this project, chosen to show the effect", "own value")


def _rate(value: float, label: str, *, low: float = 0.0) -> Any:
    """Declare a rate; those that may be negative are net growth."""
    scale = "log" if value > 0 and low == 0 else "linear"
    return parameter(
        value, unit="1/day", low=low, high=100.0, scale=scale, source=OURS, label=label
    )


@dataclass(frozen=True)
class PlasticityNumbers(Model):
    """Numbers of `Plasticity`, which explains them."""

    lambda_s: float = _rate(0.5, "Growth of sensitive cells", low=-100.0)
    lambda_p: float = _rate(0.0, "Growth of tolerant cells", low=-100.0)
    k: float = _rate(1.5, "Kill of sensitive cells by the drug")
    k2: float = _rate(0.5, "Kill of tolerant cells by the second drug")
    a: float = _rate(0.001, "Rate of becoming tolerant")
    a_drug: float = _rate(0.001, "Rate of becoming tolerant on the drug")
    c: float = _rate(0.1, "Rate of return")
    c_drug: float = _rate(0.02, "Rate of return on the drug")
    c_priming: float = _rate(0.2, "Return added by the epigenetic drug")
    death_s: float = _rate(0.0, "Death of sensitive cells without drug")
    death_p: float = _rate(0.0, "Death of tolerant cells without drug")
    cells: float = parameter(
        1e6,
        unit="cells",
        low=1.0,
        high=MOST_CELLS,
        scale="log",
        source=OURS,
        label="Cells at the start",
    )
    progression: float = parameter(
        1.2,
        unit="times the start",
        low=1.0,
        high=1e6,
        open_low=True,
        source=OURS,
        label="Size that counts as progression",
    )

    def _rates(self, doses: tuple[float, ...]) -> tuple[float, float, float, float]:
        """Return kill of S, kill of P, rate of becoming tolerant, rate of return [1/day]."""
        named = zip(("drug", "second", "priming"), doses, strict=True)
        drug, second, priming = (full_dose(name, dose) for name, dose in named)
        tolerant = self.a + (self.a_drug - self.a) * drug
        back = self.c + (self.c_drug - self.c) * drug + self.c_priming * priming
        return self.k * drug, self.k2 * second, tolerant, back

    def _matrix(self, doses: tuple[float, ...]) -> np.ndarray:
        """Return the matrix of the linear equations of (S, P) under constant doses [1/day]."""
        kill_s, kill_p, tolerant, back = self._rates(doses)
        return np.array(
            [
                [self.lambda_s - kill_s - tolerant, back],
                [tolerant, self.lambda_p - kill_p - back],
            ]
        )

    def _events(self, doses: tuple[float, ...]) -> Events:
        """Return division, death and switching of (S, P) under constant doses."""
        kill_s, kill_p, tolerant, back = self._rates(doses)
        divide_s = max(self.lambda_s + self.death_s, 0.0)
        divide_p = max(self.lambda_p + self.death_p, 0.0)
        die = divide_s - self.lambda_s + kill_s, divide_p - self.lambda_p + kill_p
        return Events((divide_s, divide_p), die, (tolerant, back))
