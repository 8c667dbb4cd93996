"""How far cells that survive one drug survive another: cross-resistance between 0 and 1.

One decision: it is measured on survivors, between two limits that need no model: the product of the
surviving fractions, and the smallest of them.
"""

from __future__ import annotations

import pandas as pd

from cancerres_kit.models.parameters import Source
from cancerres_kit.models.synergy import bliss, fractions_of, hsa
from cancerres_kit.schema.problems import DataError

CLONES = Source("10.7554/eLife.50036", "clone tracing", "text read")
MEASURED = {"drugs of one combination": 0.016, "the same drug twice": 0.69}
"""Cross-resistance measured by `CLONES` [fraction]."""


def surviving(*fractions: float, cross_resistance: float) -> float:
    """Return the fraction of cells that survive a combination whose resistance is partly shared.

    ``(1 - xi) product + xi minimum``: at 0 drugs have nothing in common, at 1 whatever survives
    the best drug survives all.

    Parameters
    ----------
    *fractions : float
        Surviving fraction under each drug alone, 0 to 1.
    cross_resistance : float
        xi, 0 to 1.

    Returns
    -------
    float

    Raises
    ------
    DataError
        For anything but fractions.

    Notes
    -----
    Source: Palmer, Chidley & Sorger 2019, doi:10.7554/eLife.50036.
    """
    fractions_of((cross_resistance,))
    return (1 - cross_resistance) * bliss(*fractions) + cross_resistance * hsa(*fractions)


def shared_resistance(*fractions: float, observed: float) -> float:
    """Return the cross-resistance xi that explains an observed surviving fraction.

    Parameters
    ----------
    *fractions : float
        Surviving fraction under each drug alone, 0 to 1.
    observed : float
        Surviving fraction under all of them, 0 to 1.

    Returns
    -------
    float
        0 for independent drugs, 1 for fully shared resistance; below 0 for fewer survivors than
        independence leaves, above 1 for more than the best drug leaves.

    Raises
    ------
    DataError
        For anything but fractions, or if both limits are the same, as with one drug.

    Notes
    -----
    Source: Palmer, Chidley & Sorger 2019, doi:10.7554/eLife.50036.
    """
    fractions_of((observed,))
    independent, shared = bliss(*fractions), hsa(*fractions)
    if shared == independent:
        raise DataError(
            "cross-resistance cannot be told: independence and full sharing leave the same "
            f"fraction, {shared:g}; give two drugs that both kill some cells, but not all"
        )
    return (observed - independent) / (shared - independent)


def measured() -> pd.DataFrame:
    """List cross-resistance that was measured by tracing clones of cells.

    Returns
    -------
    pandas.DataFrame
        One row per measurement: between, cross_resistance (fraction), doi, grade (how far we
        checked it).
    """
    table = pd.DataFrame({"between": list(MEASURED), "cross_resistance": list(MEASURED.values())})
    return table.assign(doi=CLONES.doi, grade=CLONES.grade)
