"""What giving both drugs, or the right one, is worth as one number of the model changes.

One decision: worth is the mean time free of progression within a window. It uses the whole curve,
where a median is one point that jumps on a plateau.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cancerres_kit.models.patients import Patients
from cancerres_kit.schema.problems import unknown

VARIED = ("spearman", "accuracy")
SERIES = {
    "combination": "Both drugs",
    "biomarker": "One drug, chosen by biomarker",
    "better_drug": "Better drug for everybody",
}


def over(model: Patients, parameter: str, values: Sequence[float], *, until: float) -> pd.DataFrame:
    """Compute mean times free of progression while one number of the model changes.

    Parameters
    ----------
    model : Patients
        The model.
    parameter : {"spearman", "accuracy"}
        The number that changes.
    values : sequence of float
        Its values.
    until : float
        End of the window [months], within the follow-up.

    Returns
    -------
    pandas.DataFrame
        One row per strategy and value: x (the value), y (mean months free of progression within the
        window), series, kind (``"exact"``).

    Raises
    ------
    DataError
        For another parameter, or a value out of its range.
    """
    if parameter not in VARIED:
        raise unknown(parameter, VARIED, what="number to vary")
    x = np.asarray(values, dtype=float)
    models = [model.with_(**{parameter: value}) for value in x]
    if parameter == "accuracy":
        both = np.full(len(x), model.mean("combination", until))
    else:
        both = np.array([each.mean("combination", until) for each in models])
    # Whoever takes the right drug gains exactly what whoever takes the wrong one loses.
    alone = [model.mean(drug, until) for drug in model.DRUGS]
    accuracy = np.array([each.accuracy for each in models])
    chosen = accuracy * both + (1 - accuracy) * (sum(alone) - both)
    found = {"combination": both, "biomarker": chosen, "better_drug": np.full(len(x), max(alone))}
    parts = [
        pd.DataFrame({"x": x, "y": months, "series": SERIES[strategy], "kind": "exact"})
        for strategy, months in found.items()
    ]
    return pd.concat(parts, ignore_index=True)
