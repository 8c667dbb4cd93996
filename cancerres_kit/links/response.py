"""Objective response rates of checkpoint inhibitors.

One decision: rates are listed arm by arm as the trials give them and never pooled: arms differ in
line of treatment and selection, which each row says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cancerres_kit import schema
from cancerres_kit.links.genes import years
from cancerres_kit.links.references import cite, status_texts
from cancerres_kit.links.things import below, names, one_of

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

_ARM = ["response_rate_id", "cancer_type_id", "cancer_type", "regimen", "checkpoints"]
_NUMBERS = ["n", "responders", "percent", "interval_low_percent", "interval_high_percent"]
_ABOUT = ["interval_basis", "population", "trial", "reference_id", "year", "references"]


def rates(
    atlas: Atlas, *, cancer_type: str | None = None, checkpoints: str | None = None
) -> pd.DataFrame:
    """Response rates, one trial arm a row.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    cancer_type : str, optional
        Keep arms with this cancer type or a narrower one.
    checkpoints : str, optional
        Keep arms that block exactly these: ``PD-1``, ``PD-1 + CTLA-4``.

    Returns
    -------
    DataFrame
        One row per arm, highest rate first: response_rate_id, cancer_type_id, cancer_type,
        regimen, checkpoints, n, responders (patients), percent, interval_low_percent,
        interval_high_percent (95 % interval), interval_basis (``reported``, ``computed_wilson``,
        ``computed_clopper_pearson``; missing without an interval), population, trial,
        reference_id, year, references (text with status).

    Raises
    ------
    DataError
        For an unknown cancer type, or checkpoints that no arm blocks.
    """
    table = atlas.response_rates
    kept = below(atlas, "cancer_type", cancer_type)
    if kept is not None:
        table = table[table["cancer_type_id"].isin(kept)]
    if checkpoints is not None:
        allowed = sorted(set(atlas.response_rates["checkpoints"]))
        where = "atlas.response_rates, column checkpoints"
        one_of(checkpoints, allowed, what="checkpoints", where=where)
        table = table[table["checkpoints"].eq(checkpoints)]
    texts = status_texts(atlas)
    rows = table.assign(
        cancer_type=table["cancer_type_id"].map(names(atlas, "cancer_type")).astype(schema.TEXT),
        interval_basis=table["interval_basis"].astype(schema.TEXT),
        year=table["reference_id"].map(years(atlas)).astype("Int64"),
        references=pd.Series([cite(texts, [key]) for key in table["reference_id"]], table.index)
        .astype(schema.TEXT),
    )  # fmt: skip
    by = ["percent", "cancer_type", "response_rate_id"]
    rows = rows.sort_values(by, ascending=[False, True, True], ignore_index=True)
    return rows[[*_ARM, *_NUMBERS, *_ABOUT]]
