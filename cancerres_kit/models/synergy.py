"""What two drugs should do together if they do not interact: Bliss, HSA, Loewe.

One decision: every drug is told by the fraction of cells that survive it. Which reference counts as
"no interaction" is a choice, and `sham` shows what each says of a drug combined with itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize

from cancerres_kit.models.parameters import refusal
from cancerres_kit.schema.problems import DataError

LEAST = 1e-300  # surviving fraction that counts as none


@dataclass(frozen=True)
class Hill:
    """How the surviving fraction of cells falls with the dose of one drug.

    ``S = floor + (1 - floor) / (1 + (dose / ic50) ** slope)``

    Parameters
    ----------
    ic50 : float
        Dose of half effect, above 0 [unit of dose].
    slope : float
        Hill coefficient, above 0.
    floor : float
        Fraction that survives any dose, 0 up to below 1.

    Raises
    ------
    DataError
        For a number out of range.
    """

    ic50: float
    slope: float = 1.0
    floor: float = 0.0

    def __post_init__(self) -> None:
        """Check each number."""
        for name, unit in (("ic50", "unit of dose"), ("slope", "")):
            value = getattr(self, name)
            if not 0 < value < math.inf:
                raise refusal(name, value, unit=unit, allowed="above 0", remedy="give one number")
        if not 0 <= self.floor < 1:
            allowed = "from 0 to below 1"
            raise refusal("floor", self.floor, unit="fraction", allowed=allowed, remedy="lower it")

    def survival(self, dose: float) -> float:
        """Return the surviving fraction at a dose.

        Parameters
        ----------
        dose : float
            From 0 on [unit of `ic50`].

        Returns
        -------
        float

        Raises
        ------
        DataError
            For a dose without meaning.
        """
        _dose(dose)
        with np.errstate(over="ignore"):
            effect = float(np.float64(dose / self.ic50) ** self.slope)
        return self.floor + (1 - self.floor) / (1 + effect)

    def dose(self, survival: float) -> float:
        """Return the dose that leaves a surviving fraction.

        Parameters
        ----------
        survival : float
            Surviving fraction.

        Returns
        -------
        float
            Infinite if no dose does [unit of `ic50`].
        """
        if survival <= self.floor:
            return math.inf
        effect = max(0.0, (1 - survival) / (survival - self.floor))
        with np.errstate(over="ignore"):
            return float(self.ic50 * np.float64(effect) ** (1 / self.slope))


def bliss(*fractions: float) -> float:
    """Return the surviving fraction if drugs act with independent chances: the product.

    Parameters
    ----------
    *fractions : float
        Surviving fraction under each drug alone, 0 to 1.

    Returns
    -------
    float

    Raises
    ------
    DataError
        For anything but fractions.
    """
    return float(np.prod(fractions_of(fractions)))


def hsa(*fractions: float) -> float:
    """Return the surviving fraction under the better single drug: the highest single agent.

    Parameters
    ----------
    *fractions : float
        Surviving fraction under each drug alone, 0 to 1.

    Returns
    -------
    float

    Raises
    ------
    DataError
        For anything but fractions.
    """
    return float(fractions_of(fractions).min())


def loewe(drugs: Sequence[Hill], doses: Sequence[float]) -> float:
    """Return the surviving fraction if drugs were dilutions of each other: dose additivity.

    It is the S at which the doses, each as a part of the dose that would do alone what the
    combination does, sum to one. A drug too weak to reach S alone adds nothing.

    Parameters
    ----------
    drugs : sequence of Hill
        Dose-response of each drug.
    doses : sequence of float
        Dose of each [unit of its ic50].

    Returns
    -------
    float

    Raises
    ------
    DataError
        If there is not one dose for each drug, or a dose has no meaning.
    """
    given = [(drug, _dose(dose)) for drug, dose in _pairs(drugs, doses) if dose != 0]
    if not given:
        return 1.0
    best = min(drug.survival(dose) for drug, dose in given)
    floor = min(drug.floor for drug, _ in given)
    low = max(floor, LEAST)
    if best <= low:
        return best

    def excess(log_survival: float) -> float:
        survival = math.exp(log_survival)
        return sum(dose / max(drug.dose(survival), LEAST) for drug, dose in given) - 1

    edges = math.log(low) + 1e-15, math.log(best)
    if excess(edges[1]) <= 0 or excess(edges[0]) >= 0:
        return best if excess(edges[1]) <= 0 else low
    return math.exp(optimize.brentq(excess, *edges, xtol=1e-14))


def expected(drugs: Sequence[Hill], doses: Sequence[float]) -> pd.DataFrame:
    """List what each reference expects of a combination.

    Parameters
    ----------
    drugs : sequence of Hill
        Dose-response of each drug.
    doses : sequence of float
        Dose of each [unit of its ic50].

    Returns
    -------
    pandas.DataFrame
        One row per reference (``Bliss``, ``Loewe``, ``HSA``): reference, surviving_fraction.

    Raises
    ------
    DataError
        If there is not one dose for each drug, or a dose has no meaning.
    """
    alone = [drug.survival(dose) for drug, dose in _pairs(drugs, doses)]
    values = {"Bliss": bliss(*alone), "Loewe": loewe(drugs, doses), "HSA": hsa(*alone)}
    return pd.DataFrame({"reference": list(values), "surviving_fraction": list(values.values())})


def sham(drug: Hill, dose: float) -> pd.DataFrame:
    """Combine a drug with itself: by nature without interaction, whatever a reference says.

    Parameters
    ----------
    drug : Hill
        Dose-response.
    dose : float
        Dose of either half of the combination [unit of the ic50].

    Returns
    -------
    pandas.DataFrame
        As `expected`, and observed (surviving fraction at twice the dose) and verdict (``synergy``,
        ``no interaction``, ``antagonism``).

    Raises
    ------
    DataError
        For a dose without meaning.
    """
    table = expected((drug, drug), (dose, dose))
    table["observed"] = drug.survival(2 * dose)
    table["verdict"] = [
        verdict(seen, said)
        for seen, said in zip(table["observed"], table["surviving_fraction"], strict=True)
    ]
    return table


def verdict(observed: float, reference: float, *, margin: float = 1e-9) -> str:
    """Name an observed survival beside what a reference expects.

    Parameters
    ----------
    observed, reference : float
        Surviving fractions.
    margin : float
        Relative difference that still counts as none.

    Returns
    -------
    str
        ``synergy`` if fewer survive than expected, ``antagonism`` if more, else ``no interaction``.
    """
    if math.isclose(observed, reference, rel_tol=margin, abs_tol=LEAST):
        return "no interaction"
    return "synergy" if observed < reference else "antagonism"


def fractions_of(values: Sequence[float]) -> np.ndarray:
    """Return fractions as an array, if they are some.

    Parameters
    ----------
    values : sequence of float
        What was given.

    Returns
    -------
    ndarray

    Raises
    ------
    DataError
        For nothing, or anything below 0 or above 1.
    """
    row = np.array(values, dtype=float)
    wrong = row[~((row >= 0) & (row <= 1))]
    if not row.size or wrong.size:
        given = wrong[0] if wrong.size else "nothing"
        remedy = "give fractions, not percent, one per drug"
        raise refusal(
            "surviving fraction", given, unit="fraction", allowed="from 0 to 1", remedy=remedy
        )
    return row


def _dose(value: float) -> float:
    """Return a dose, if it is one."""
    if not 0 <= value < math.inf:
        allowed = "from 0 on, finite"
        raise refusal("dose", value, unit="unit of dose", allowed=allowed, remedy="give one number")
    return float(value)


def _pairs(drugs: Sequence[Hill], doses: Sequence[float]) -> list[tuple[Hill, float]]:
    """Return drugs with their doses."""
    if len(drugs) != len(doses) or not len(drugs):
        raise DataError(f"{len(drugs)} drugs but {len(doses)} doses; give one dose for each drug")
    return list(zip(drugs, doses, strict=True))
