"""Rates of the mutation model: what its numbers mean for every type of cell.

One decision: treatment acts on a type by the largest dose that it does not resist.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cancerres_kit.models.branching import Chain, FloatArray
from cancerres_kit.models.growth import Growth
from cancerres_kit.models.parameters import is_number, refusal

if TYPE_CHECKING:
    from cancerres_kit.models.mutation import Mutation


def chain(model: Mutation, doses: Sequence[float] | FloatArray) -> Chain:
    """Return the rates of all types under constant doses.

    Parameters
    ----------
    model : Mutation
        The tumour.
    doses : sequence of float
        Dose of each drug [full doses].

    Returns
    -------
    Chain
    """
    kept = (1 - model.cost) ** model.types.steps
    birth = (model.birth - model.death) * kept + model.death
    effect = ((1 - model.types.resisted) * np.asarray(doses, dtype=float)).max(axis=1)
    return Chain(
        np.maximum(birth - effect * model.block, 0.0),
        model.death + effect * model.kill,
        model.types.chance,
    )


def untreated(model: Mutation) -> Chain:
    """Return the rates of all types without treatment."""
    return chain(model, np.zeros(int(model.drugs)))


def growth(model: Mutation, size: float | None = None) -> Growth:
    """Return how a lesion grew from one cell.

    Parameters
    ----------
    model : Mutation
        The tumour.
    size : float, optional
        Cells of the lesion; those that the model says if left out.

    Returns
    -------
    Growth
    """
    cells = model.burden / model.lesions if size is None else size
    rates = untreated(model)
    net = model.birth * (1 - rates.loss[0]) - model.death
    return Growth(rates, cells, net, max(math.log(cells * model.survival), 0.0) / net)


def under_treatment(name: str, value: object, low: float, high: float) -> float:
    """Return a rate of cells that treatment acts on, if treatment can give it.

    Parameters
    ----------
    name : str
        Which rate: birth or death.
    value : object
        What was given [1/day].
    low, high : float
        Smallest and largest rate that treatment can give [1/day].

    Returns
    -------
    float

    Raises
    ------
    DataError
        If it is anything else.
    """
    if not (is_number(value) and low <= value <= high):
        raise refusal(
            f"{name} under treatment",
            value,
            unit="1/day",
            allowed=f"from {low:.15g} to {high:.15g}",
            remedy="treatment lowers division and raises death",
        )
    return float(value)
