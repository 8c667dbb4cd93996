"""The numbers and curves that virtual patients are made from, each number with its source.

One decision: a curve from a trial takes the place of a median and a shape, so a lesson can start
from two sliders and end with a published trial in the same model.
"""

from __future__ import annotations

from dataclasses import dataclass

from cancerres_kit.models.base import Model
from cancerres_kit.models.copulas import GAUSSIAN, checked
from cancerres_kit.models.cross_resistance import CLONES, MEASURED
from cancerres_kit.models.parameters import Source, parameter
from cancerres_kit.models.survival import Curve
from cancerres_kit.schema.problems import DataError, quoted

TRIALS = Source("10.1016/j.cell.2017.11.009", "archived notebook output, Figure 1B", "archive read")
XENOGRAFTS = Source(
    "10.1016/j.cell.2017.11.009", "correlation of responses in xenografts", "archive read"
)
OWN = Source("", "chosen as a plain start", "own value")


@dataclass(frozen=True)
class Numbers(Model):
    """Numbers and curves of `Patients`.

    Parameters
    ----------
    curve_a, curve_b : Curve, optional
        Progression-free survival on either drug alone, in place of median and shape.
    method : {"gaussian copula", "rank randomisation"}
        Where the correlation of responses comes from.

    Raises
    ------
    DataError
        For a number out of range, another method, or a negative correlation where ranks are
        randomised.
    """

    median_a: float = parameter(
        3.0, unit="months", low=0.01, high=1200, source=TRIALS, label="Median on drug A"
    )
    median_b: float = parameter(
        7.1, unit="months", low=0.01, high=1200, source=TRIALS, label="Median on drug B"
    )
    shape: float = parameter(
        1.0,
        unit="",
        low=0.1,
        high=10,
        scale="log",
        source=OWN,
        label="Shape of both curves (Weibull)",
    )
    spearman: float = parameter(
        0.28,
        unit="",
        low=-1,
        high=1,
        source=XENOGRAFTS,
        label="Correlation of responses (Spearman)",
    )
    accuracy: float = parameter(
        1.0,
        unit="fraction",
        low=0,
        high=1,
        source=OWN,
        label="Accuracy of the biomarker",
    )
    surviving_a: float = parameter(
        0.01,
        unit="fraction",
        low=0,
        high=1,
        scale="log",
        source=OWN,
        label="Cells surviving drug A",
    )
    surviving_b: float = parameter(
        0.01,
        unit="fraction",
        low=0,
        high=1,
        scale="log",
        source=OWN,
        label="Cells surviving drug B",
    )
    cross_resistance: float = parameter(
        MEASURED["drugs of one combination"],
        unit="fraction",
        low=0,
        high=1,
        source=CLONES,
        label="Cross-resistance of cells",
    )
    curve_a: Curve | None = None
    curve_b: Curve | None = None
    method: str = GAUSSIAN

    def _check(self) -> None:
        """Refuse what is no curve, and a correlation that the method cannot give."""
        for name in ("curve_a", "curve_b"):
            if not isinstance(getattr(self, name), Curve | None):
                given = quoted(getattr(self, name))
                raise DataError(f"{name} is {given}; make one by Curve(months, fraction)")
        checked(self.spearman, self.method)
