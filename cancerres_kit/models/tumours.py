"""Virtual patients of the mutation model: their tumours at the start, and what treatment does.

One decision: a patient is a set of independent lesions, drawn in portions of bounded size, and
followed in steps of constant doses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from cancerres_kit.models import rates
from cancerres_kit.models.branching import IntArray
from cancerres_kit.models.lineages import Clones, Generator, clones
from cancerres_kit.models.parameters import refusal

if TYPE_CHECKING:
    from cancerres_kit.models.mutation import Mutation

MOST_CLONES = 1e9
MOST_ROWS = 10_000_000
PORTION = 2e6  # clones that are drawn at once


class Start(NamedTuple):
    """Tumours at the start of treatment: cells by type, and number of mutant clones."""

    counts: IntArray
    clones: IntArray


def drawn(model: Mutation, patients: int, rng: Generator) -> Iterator[tuple[int, int, Any]]:
    """Draw the clones of all lesions, a portion at a time.

    Parameters
    ----------
    model : Mutation
        The tumours.
    patients : int
        Number of patients.
    rng : numpy.random.Generator
        Source of chance.

    Yields
    ------
    int, int
        First lesion of the portion, and the one after its last.
    dict of int to list of Clones
        From `lineages.clones`.

    Raises
    ------
    DataError
        If there would be more than a billion clones.
    """
    growth, lesions = rates.growth(model), patients * int(model.lesions)
    each = sum(growth.expected(rate) for rate in growth.chain.flow(0).values())
    if each * lesions > MOST_CLONES:
        raise refusal(
            "patients x lesions",
            lesions,
            unit="tumours",
            allowed=f"up to {MOST_CLONES / each:.3g}, of {each:.3g} clones each",
            remedy="lower burden, mutation_rate or patients, or use exact()",
        )
    size = max(1, int(PORTION / max(each, 1.0)))
    for first in range(0, lesions, size):
        last = min(first + size, lesions)
        yield first, last, clones(growth, last - first, rng)


def started(model: Mutation, patients: int, rng: Generator) -> Start:
    """Draw all tumours at the start of treatment.

    Returns
    -------
    Start
        One row per lesion; those of a patient follow each other.
    """
    counts = np.zeros((patients * int(model.lesions), len(model.types.bits)), dtype=np.int64)
    numbers = np.zeros(len(counts), dtype=np.int64)
    counts[:, 0] = round(model.burden / model.lesions)
    for first, last, found in drawn(model, patients, rng):
        for kind, parts in found.items():
            for part in parts:
                counts[first:last, kind] += _summed(part.tumour, part.cells, last - first)
            numbers[first:last] += _distinct(parts, last - first)
    return Start(counts, numbers)


def clone_table(model: Mutation, patients: int, rng: Generator) -> pd.DataFrame:
    """Draw clones at the start of treatment as a table; see `Mutation.clones`."""
    frames, rows, many = [], 0, int(model.lesions)
    for first, _, found in drawn(model, patients, rng):
        for kind, parts in found.items():
            for part in parts:
                lesion = part.tumour + first
                frames.append(
                    (lesion, np.full(len(lesion), model.types.bits[kind]), part.age, part.cells)
                )
                rows += len(lesion)
        if rows > MOST_ROWS:
            raise refusal(
                "patients",
                patients,
                unit="patients",
                allowed=f"up to {MOST_ROWS:,} clones in all",
                remedy="lower patients, burden or mutation_rate; outcomes() counts clones",
            )
    lesion, kind, age, count = (np.concatenate(each) for each in zip(*frames, strict=True))
    parts = pd.DataFrame({"lesion": lesion, "kind": kind, "age_days": age, "cells": count})
    whole = parts.groupby(["lesion", "kind", "age_days"])["cells"].sum().reset_index()
    codes, owner = np.asarray(whole["kind"], dtype=np.int64), np.asarray(whole["lesion"])
    label = np.zeros(len(whole), dtype=np.int8)
    return pd.DataFrame(
        {
            "model": pd.Categorical.from_codes(label, categories=pd.Index([model.NAME])),
            "patient": owner // many + 1,
            "lesion": owner % many + 1,
            "compartment": pd.Categorical.from_codes(
                codes, categories=pd.Index(model.COMPARTMENTS)
            ),
            "age_days": whole["age_days"],
            "cells": whole["cells"],
        }
    )


def _summed(tumour: IntArray, count: IntArray, tumours: int) -> IntArray:
    """Add cells up by tumour."""
    return np.bincount(tumour, count, minlength=tumours).astype(np.int64)


def _distinct(parts: list[Clones], tumours: int) -> IntArray:
    """Count clones by tumour; parts of one clone have the same age."""
    total = np.zeros(tumours, dtype=np.int64)
    for number, part in enumerate(parts):
        owners = part.tumour
        if number:  # only lineages that have mutated come in parts
            owners = owners[np.unique(part.age, return_index=True)[1]]
        total += np.bincount(owners, minlength=tumours)
    return total
