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
