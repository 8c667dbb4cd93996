"""Counted plates against two laws: mutations that were there before the drug, or caused by it.

One decision: laws and counts are compared as the share of cultures with at most so many mutants,
which needs no classes and shows the few cultures with very many.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import pdtr

from cancerres_kit.models.likelihood import counted
from cancerres_kit.models.shares import interval

if TYPE_CHECKING:
    from cancerres_kit.models.fluctuation import Fluctuation

BEFORE, CAUSED, SEEN = "Mutations before the drug", "Mutations caused by the drug", "Cultures"
POINTS, MARKS = 60, 8


def cumulative(
    model: Fluctuation, counts: Sequence[int], *, cultures: int = 1000, seed: int = 0
) -> pd.DataFrame:
    """Tell which share of cultures has at most so many mutants, by either law and as counted.

    Parameters
    ----------
    model : Fluctuation
        Cultures whose mutations arise while they grow.
    counts : sequence of int
        Mutants on the plate of each culture; the law for mutations that the drug causes (Poisson)
        has their mean.
    cultures : int
        Cultures that are drawn for the simulated marks.
    seed : int
        Makes the draw repeatable.

    Returns
    -------
    pandas.DataFrame
        Columns x (mutants), y (share of cultures with at most so many), series, kind
        (``"exact"``, ``"simulated"``, ``"published"`` for the counts), low, high (95 % interval of
        a simulated share).

    Raises
    ------
    DataError
        Unless counts are whole numbers in range.
    """
    numbers, often = counted(counts)
    most = int(numbers[-1])
    places = np.unique(np.geomspace(1, max(most, 2), POINTS).round().astype(int))
    law = np.cumsum(model.distribution(int(places[-1]))["probability"])[places]
    mean = float(numbers @ often / often.sum())
    parts = [_part(places, law, BEFORE, "exact")]
    drawn = model.cultures(cultures=cultures, seed=seed)["plated"].to_numpy()
    marks = np.unique(np.geomspace(1, max(most, 2), MARKS).round().astype(int))
    shares = np.array([interval(int((drawn <= mark).sum()), cultures) for mark in marks])
    simulated = _part(marks, shares[:, 0], BEFORE, "simulated")
    parts.append(simulated.assign(low=shares[:, 1], high=shares[:, 2]))
    parts.append(_part(places, pdtr(places, mean), CAUSED, "exact"))
    parts.append(_part(numbers, np.cumsum(often) / often.sum(), SEEN, "published"))
    return pd.concat(parts, ignore_index=True)


def _part(x: object, y: object, series: str, kind: str) -> pd.DataFrame:
    """Rows of one series."""
    rows = pd.DataFrame({"x": np.asarray(x, dtype=float), "y": np.asarray(y, dtype=float)})
    return rows.assign(series=series, kind=kind, low=math.nan, high=math.nan)
