"""Published cases of mutation beside ours: the patients of a table, the counts of an experiment.

One decision: what was published comes as a frame, the table published_numbers of the atlas, so the
models still know no table and a lesson shows the very rows that the tests check.
"""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from cancerres_kit.models.mutation import Mutation
from cancerres_kit.schema.problems import DataError, unknown

PATIENT = r"^P\(treatment failure\) patient (\w+) dual n12=(\d)$"
SERIES = ("No mutation resists both", "One mutation resists both")


def parameters(numbers: pd.DataFrame, number_id: str) -> dict[str, Any]:
    """Read the values for which a published number holds.

    Parameters
    ----------
    numbers : pandas.DataFrame
        The table published_numbers.
    number_id : str
        Key of the number.

    Returns
    -------
    dict
        Values by name, in the units and symbols of the publication.

    Raises
    ------
    DataError
        For a number that is not in the table.
    """
    found = numbers.loc[numbers["number_id"].eq(number_id), "parameters"]
    if found.empty:
        raise unknown(number_id, numbers["number_id"], what="number", where="published_numbers")
    return dict(json.loads(found.iloc[0]))


def patients(numbers: pd.DataFrame, *, method: str = "closed", **changed: float) -> pd.DataFrame:
    """Rebuild the published table of patients under two drugs.

    Parameters
    ----------
    numbers : pandas.DataFrame
        The table published_numbers.
    method : {"closed", "backward"}
        The published formula, from which the table was computed, or the exact equations.
    **changed : float
        Numbers of the model that differ from the published case, by name [unit of each].

    Returns
    -------
    pandas.DataFrame
        One row per patient, the largest burden first: patient, burden [cells], lesions, and the
        chance that treatment fails without a mutation that resists both drugs and with one:
        published_without, ours_without, published_with, ours_with; agrees (both of ours are
        published within the tolerance), grade (how far the source was checked).

    Raises
    ------
    DataError
        If the table holds no such patient.
    """
    key = numbers["quantity"].str.extract(PATIENT)
    rows = numbers.assign(patient=key[0], joint=key[1])[key[0].notna()]
    if rows.empty:
        raise DataError("no patient under two drugs in the frame; give atlas.published_numbers")
    cases = [_case(row, method, changed) for row in rows.to_dict("records")]
    both = pd.DataFrame(cases).set_index(["patient", "joint"]).unstack()
    first = {name: both[name]["0"] for name in ("burden", "lesions")}
    sides = {
        f"{name}_{word}": both[name][joint]
        for joint, word in (("0", "without"), ("1", "with"))
        for name in ("published", "ours")
    }
    agrees = both["agrees"]["0"] & both["agrees"]["1"]
    table = pd.DataFrame({**first, **sides, "agrees": agrees, "grade": both["grade"]["0"]})
    table = table.sort_values("burden", ascending=False, kind="stable").reset_index()
    return table.astype({"lesions": int})


def marks(table: pd.DataFrame) -> pd.DataFrame:
    """Lay rebuilt patients out as curves.

    Parameters
    ----------
    table : pandas.DataFrame
        From `patients`.

    Returns
    -------
    pandas.DataFrame
        Columns x (burden) [cells], y (chance of failure), series (without a mutation that resists
        both drugs, with one), kind (``"exact"`` for ours, ``"published"``).
    """
    parts = [
        pd.DataFrame({"x": table["burden"], "y": table[f"{name}_{word}"]}).assign(
            series=series, kind=kind
        )
        for word, series in zip(("without", "with"), SERIES, strict=True)
        for name, kind in (("ours", "exact"), ("published", "published"))
    ]
    return pd.concat(parts, ignore_index=True)


def _case(row: dict[Any, Any], method: str, changed: dict[str, float]) -> dict[str, Any]:
    """Compute a published chance of failure."""
    given = json.loads(row["parameters"])
    spectrum = {"drug_1": given["n1"], "drug_2": given["n2"]}
    model = Mutation(
        burden=given["M"],
        lesions=given["metastases"],
        birth=given["b"],
        death=given["d"],
        kill=round(given["d_treat"] - given["d"], 12),
        mutation_rate=given["u"],
        cross_resistance=given["n12"],
        spectrum=spectrum,
    ).with_(**changed)
    ours = model.failure(method=method)
    return {
        "patient": row["patient"],
        "joint": row["joint"],
        "burden": model.burden,
        "lesions": model.lesions,
        "published": row["value"],
        "ours": ours,
        "agrees": abs(ours - row["value"]) <= row["tolerance"] + 1e-12,
        "grade": str(row["grade"]),
    }
