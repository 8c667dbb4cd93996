"""The part of an atlas that rests on one source.

One decision: what a source itself says is kept, then everything that those rows name and, in a
tree, what stands above it; nothing else. So a question to an excerpt is answered from that source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from cancerres_kit.schema.problems import DataError, unknown

RECORDS = {"claims": "claim_id", "evidence": "evidence_id", "response_rates": "response_rate_id"}
# Table of things -> its key and the column that names another thing which it needs.
THINGS = {
    "mechanisms": ("mechanism_id", "parent_id"),
    "strategies": ("strategy_id", "parent_id"),
    "cancer_types": ("cancer_type_id", "parent_id"),
    "therapies": ("therapy_id", "parent_id"),
    "references": ("reference_id", "substitute_reference_id"),
    "genes": ("hgnc_id", ""),
}


def excerpt(tables: Mapping[str, pd.DataFrame], source_id: str) -> dict[str, pd.DataFrame]:
    """Return the tables that change if only one source is listened to.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables of an atlas, by name.
    source_id : str
        The source.

    Returns
    -------
    dict of str to DataFrame
        Claims, evidence, response rates and countermeasures of the source with their links, and
        the mechanisms, strategies, cancer types, therapies, genes and references that they name.

    Raises
    ------
    DataError
        If there is no such source, or it has no claim, evidence or response rate of its own.
    """
    sources = tables["sources"]["source_id"]
    if not isinstance(source_id, str) or source_id not in set(sources):
        raise unknown(source_id, sources, what="source", where="atlas.sources")
    kept = {name: _only(tables[name], "source_id", {source_id}) for name in RECORDS}
    if not any(len(table) for table in kept.values()):
        raise DataError(_nothing_from(tables, source_id))
    kept |= _links(tables, kept)
    for name, (key, above) in THINGS.items():
        ids = _named(key, kept) | (_own(tables, source_id) if name == "references" else set())
        kept[name] = _only(tables[name], key, _with_what_they_need(tables[name], key, above, ids))
    return kept | _of_models(tables, kept)


def _nothing_from(tables: Mapping[str, pd.DataFrame], source_id: str) -> str:
    speaking = sorted({id_ for name in RECORDS for id_ in tables[name]["source_id"].dropna()})
    return (
        f"no claim, evidence item or response rate comes from source {source_id!r}; "
        f"some come from: {', '.join(map(repr, speaking))}"
    )


def _only(table: pd.DataFrame, column: str, ids: Iterable[str]) -> pd.DataFrame:
    return table[table[column].isin(list(ids))].reset_index(drop=True)


def _links(
    tables: Mapping[str, pd.DataFrame], kept: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Keep the links of what is kept; a countermeasure needs both of its items."""
    found = {
        name: _only(table, RECORDS[record], kept[record][RECORDS[record]])
        for name, table in tables.items()
        for record, prefix in (("claims", "claim_"), ("evidence", "evidence_"))
        if name.startswith(prefix)
    }
    items, measures = kept["evidence"]["evidence_id"], tables["countermeasures"]
    shown = measures["countering_evidence_id"]
    both = measures["evidence_id"].isin(items) & (shown.isna() | shown.isin(items))
    found["countermeasures"] = measures[both].reset_index(drop=True)
    used, ids = tables["countermeasure_therapies"], found["countermeasures"]["countermeasure_id"]
    found["countermeasure_therapies"] = _only(used, "countermeasure_id", ids)
    return found


def _named(key: str, tables: Mapping[str, pd.DataFrame]) -> set[str]:
    """Collect the ids that rows of several tables name in their column `key`."""
    return {id_ for table in tables.values() if key in table for id_ in table[key].dropna()}


def _own(tables: Mapping[str, pd.DataFrame], source_id: str) -> set[str]:
    """List the references that a source prints, and the reading that no row of any source names."""
    references, key = tables["references"], "reference_id"
    others = {name: table for name, table in tables.items() if name != "references"}
    printed = references["source_id"].eq(source_id)
    reading = references["source_id"].isna() & ~references[key].isin(_named(key, others))
    return set(references.loc[printed | reading, key])


def _with_what_they_need(table: pd.DataFrame, key: str, above: str, ids: set[str]) -> set[str]:
    """Add to the ids what stands above them in a tree, or takes their place."""
    needs = dict(zip(table[key], table[above], strict=True)) if above else {}
    found: set[str] = set()
    newest = {id_ for id_ in ids if isinstance(id_, str)}
    while newest:
        found |= newest
        newest = {n for id_ in newest if isinstance(n := needs.get(id_), str)} - found
    return found


def _of_models(
    tables: Mapping[str, pd.DataFrame], kept: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    return {
        f"model_{name}": _only(tables[f"model_{name}"], key, kept[name][key])
        for name, key in (("mechanisms", "mechanism_id"), ("strategies", "strategy_id"))
    }
