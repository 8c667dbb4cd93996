"""The mutation model against burden: what one, two or three drugs leave to chance.

One decision: exact lines, draws and their intervals come in one tidy frame in which each row says
how its value came about, so that nobody takes the one for the other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cancerres_kit.models import expectations, rates, shares
from cancerres_kit.models.branching import FloatArray
from cancerres_kit.models.dosing import sequential, simultaneous
from cancerres_kit.schema.problems import DataError

if TYPE_CHECKING:
    from cancerres_kit.models.mutation import Mutation
    from cancerres_kit.models.schedules import Schedule

BURDENS = tuple(float(f"{10 ** (power / 5):.3g}") for power in range(25, 66))
"""Cells at which lines are drawn, 1e5 to 1e13."""
MARKED = (1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12)
"""Cells at which tumours are drawn, where that takes little time."""
CLONES = 30_000
"""Mutant clones that are drawn for one mark; a million take about a third of a second."""
FEWEST, MOST = 30, 400
"""Virtual patients of a mark: with fewer there is none."""
COLUMNS = ("x", "y", "low", "high", "series", "kind", "patients")
Row = tuple[float, float, float, float, str, str, int]
WORDS = {1: "One drug", 2: "Two drugs together", 3: "Three drugs together"}
TURNS = "Two drugs in turn (switch on day {:g})"


def failures(
    model: Mutation,
    *,
    drugs: Sequence[int] = (1, 2, 3),
    switch: float | None = None,
    burdens: Sequence[float] = BURDENS,
    marked: Sequence[float] = MARKED,
    clones: float = CLONES,
    seed: int = 0,
) -> pd.DataFrame:
    """Tell how often treatment fails, by burden and number of drugs.

    Parameters
    ----------
    model : Mutation
        Gives all numbers but burden and drugs. A mutation that resists all drugs counts as one
        more where a single drug is given.
    drugs : sequence of int
        How many drugs are given together, for each series.
    switch : float, optional
        Adds two drugs in turn: the day on which the second replaces the first [days].
    burdens : sequence of float
        Where the exact lines are [cells].
    marked : sequence of float
        Where tumours are drawn, if `clones` is enough for a few of them [cells].
    clones : float
        Mutant clones that may be drawn for a mark.
    seed : int
        Makes the draws repeatable.

    Returns
    -------
    pandas.DataFrame
        Columns x (burden) [cells], y (fraction of tumours that treatment does not eradicate), low,
        high (95 % interval of a simulated fraction), series, kind (``"exact"`` by the backward
        equations, ``"simulated"``), patients (drawn for it).

    Raises
    ------
    DataError
        For numbers that have no meaning.
    """
    rows: list[Row] = []
    for name, tumour, schedule in treatments(model, drugs, switch):
        exact = -np.expm1(-expectations.by_size(tumour, "failure", schedule, burdens))
        rows += _line(burdens, exact, name)
        days = max(start for start, _, _ in schedule.intervals) + 1.0  # the last dose is given
        for size, patients in _affordable(tumour, marked, clones):
            one = tumour.with_(burden=size, lesions=1)
            failed = one.outcomes(schedule, days, patients=patients, seed=seed)["failed"]
            rows.append(
                (
                    size,
                    *shares.interval(int(failed.sum()), patients),
                    name,
                    shares.SIMULATED,
                    patients,
                )
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def resistant(
    model: Mutation,
    *,
    drugs: Sequence[int] = (1, 2, 3),
    burdens: Sequence[float] = BURDENS,
    marked: Sequence[float] = MARKED,
    clones: float = CLONES,
    seed: int = 0,
) -> pd.DataFrame:
    """Tell how many cells resist every drug when treatment starts, by burden and number of drugs.

    Parameters
    ----------
    model, drugs, burdens, marked, clones, seed
        As for `failures`.

    Returns
    -------
    pandas.DataFrame
        Columns x (burden) [cells], y [cells], low, high (5th and 95th percentile of the tumours
        drawn), series, kind (``"exact"``: the mean; ``"simulated"``: the median of those drawn,
        left out where it is 0), patients (drawn).

    Raises
    ------
    DataError
        For numbers that have no meaning.
    """
    rows: list[Row] = []
    for name, tumour, schedule in treatments(model, drugs, None):
        exact = expectations.by_size(tumour, "resistant_cells", None, burdens)
        rows += _line(burdens, exact, name)
        for size, patients in _affordable(tumour, marked, clones):
            one = tumour.with_(burden=size, lesions=1)
            drawn = one.outcomes(schedule, 1.0, patients=patients, seed=seed)["resistant_cells"]
            low, middle, high = (float(each) for each in drawn.quantile([0.05, 0.5, 0.95]))
            if middle > 0:
                rows.append((size, middle, max(low, 1.0), high, name, shares.SIMULATED, patients))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def with_drugs(model: Mutation, number: int) -> Mutation:
    """Return the model under another number of drugs.

    Parameters
    ----------
    model : Mutation
        The tumour.
    number : int
        Drugs. Under one, a mutation that resists all drugs is one more that resists it.

    Returns
    -------
    Mutation

    Raises
    ------
    DataError
        If the model has mutations of its own for some drugs, or for a number out of range.
    """
    if model.spectrum:
        raise DataError(
            "a model with a spectrum is bound to its drugs; set mutations and cross_resistance"
        )
    if number > 1:
        return model.with_(drugs=number)
    both = model.mutations + model.cross_resistance
    return model.with_(drugs=number, mutations=both, cross_resistance=0)


def treatments(
    model: Mutation, drugs: Sequence[int], switch: float | None
) -> Iterator[tuple[str, Mutation, Schedule]]:
    """Name treatments, from the weakest on, with the tumour in terms of their drugs.

    Parameters
    ----------
    model, drugs, switch
        As for `failures`.

    Yields
    ------
    str, Mutation, Schedule
    """
    for number in drugs:
        tumour = with_drugs(model, number)
        name = WORDS.get(number, f"{number} drugs together")
        yield name, tumour, simultaneous(*tumour.DRUGS)
        if number == min(drugs) and switch is not None:
            two = with_drugs(model, 2)
            yield TURNS.format(switch), two, sequential(*two.DRUGS, switch=switch)


def _line(burdens: Sequence[float], exact: FloatArray, name: str) -> list[Row]:
    """Rows of an exact line."""
    return [
        (float(x), float(y), math.nan, math.nan, name, "exact", 0)
        for x, y in zip(burdens, exact, strict=True)
    ]


def _affordable(
    model: Mutation, marked: Sequence[float], clones: float
) -> Iterator[tuple[float, int]]:
    """Burdens of marks with the patients that so many clones are enough for."""
    for size in marked:
        growth = rates.growth(model, size)
        each = sum(growth.expected(rate) for rate in growth.chain.flow(0).values())
        patients = min(MOST, int(clones / max(each, 1e-9)))
        if patients >= FEWEST:
            yield size, patients
