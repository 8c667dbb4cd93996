"""What decides whether drugs fail: one number moved at a time, and the day of a switch.

One decision: everything here is exact, so a small influence is not lost in the noise of draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from cancerres_kit.models.burdens import with_drugs
from cancerres_kit.models.dosing import sequential

if TYPE_CHECKING:
    from cancerres_kit.models.mutation import Mutation

FACTORS = tuple(float(f"{10 ** (power / 8):.3g}") for power in range(-8, 9))
"""What numbers are multiplied by, 0.1 to 10."""


def influence(
    model: Mutation,
    *,
    names: Sequence[str] = ("burden", "mutation_rate", "kill"),
    factors: Sequence[float] = FACTORS,
) -> pd.DataFrame:
    """Tell how the failure of treatment changes when one number at a time is multiplied.

    Parameters
    ----------
    model : Mutation
        The tumour to start from; all its drugs are given together.
    names : sequence of str
        Numbers of the model.
    factors : sequence of float
        What each is multiplied by.

    Returns
    -------
    pandas.DataFrame
        Columns x (factor), y (fraction of tumours that treatment does not eradicate), series
        (label of the number), kind (``"exact"``), name (of the number).

    Raises
    ------
    DataError
        For a number that the model does not have, or may not have.
    """
    rows = []
    for name in names:
        label = model.with_(**{name: getattr(model, name)}).parameters[name].label
        for factor in factors:
            moved = model.with_(**{name: getattr(model, name) * factor})
            rows.append((factor, moved.failure(), label, "exact", name))
    return pd.DataFrame(rows, columns=["x", "y", "series", "kind", "name"])


def in_turn(model: Mutation, switches: Sequence[float]) -> pd.DataFrame:
    """Tell how two drugs in turn fail, by the day on which the second replaces the first.

    Parameters
    ----------
    model : Mutation
        The tumour.
    switches : sequence of float
        Days of the switch.

    Returns
    -------
    pandas.DataFrame
        Columns switch_days, in_turn, together (fraction of tumours not eradicated).

    Raises
    ------
    DataError
        For a day that has no meaning.
    """
    two = with_drugs(model, 2)
    fails = [two.failure(schedule=sequential(*two.DRUGS, switch=day)) for day in switches]
    return pd.DataFrame({"switch_days": switches, "in_turn": fails, "together": two.failure()})
