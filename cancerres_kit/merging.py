"""Putting the tables of a knowledge base beside those of an atlas.

One decision: a thing is the same thing if an identifier or its name says so, and then it goes by
the id that the atlas already gives it; so trees and curated rules reach what comes from outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from cancerres_kit.schema.problems import DataError, Problem, quoted, unknown

if TYPE_CHECKING:
    from collections.abc import Hashable

# Table -> its key, and the columns that tell in this order whether two rows mean the same thing.
THINGS = {
    "sources": ("source_id",),
    "references": ("reference_id", "pmid", "doi"),
    "cancer_types": ("cancer_type_id", "doid", "name"),
    "therapies": ("therapy_id", "ncit", "name"),
    "genes": ("hgnc_id", "symbol"),
}
NEEDED = ("evidence_id", "molecular_profile", "cancer_type_id", "predicate", "direction")
ITEMS = ("evidence", "evidence_genes", "evidence_therapies", "evidence_mechanisms")


def merged(
    own: Mapping[str, pd.DataFrame], added: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Merge the tables of a knowledge base into those of an atlas.

    Parameters
    ----------
    own : mapping of str to DataFrame
        Tables of the atlas, by name.
    added : mapping of str to DataFrame
        Tables with the columns of the atlas (any may be left out but ``evidence``); an evidence
        item that the atlas has too replaces it, while our reading of its mechanism stays.

    Returns
    -------
    dict of str to DataFrame
        The tables that change; column types are those of the atlas.

    Raises
    ------
    DataError
        If there is no table ``evidence``, or one that cannot be merged.
    """
    _refuse_foreign(own, added)
    same = {name: _same(own[name], added[name], keys) for name, keys in _present(added).items()}
    parts = {name: _renamed(added[name], same) for name in added}
    tables = {name: _appended(own[name], parts[name], THINGS[name][:1]) for name in _present(added)}
    replaced = set(parts["evidence"]["evidence_id"])
    for name in ITEMS:
        if name not in parts:
            continue
        # Our reading of a mechanism is no part of a release, so it is never replaced by one.
        kept = own[name]
        if name != "evidence_mechanisms":
            kept = kept[~kept["evidence_id"].isin(replaced)]
        tables[name] = _appended(kept, parts[name], tuple(kept.columns[:2]))
    _refuse_loose(own, tables)
    return tables


def _refuse_foreign(own: Mapping[str, pd.DataFrame], added: object) -> None:
    """Refuse what is no set of tables of evidence with the columns that make one."""
    remedy = "give what civic.load returns"
    if not isinstance(added, Mapping) or "evidence" not in added:
        raise DataError(f"no table 'evidence' to add; {remedy}")
    problems = []
    for name, table in added.items():
        if name not in (*THINGS, *ITEMS):
            raise unknown(name, (*THINGS, *ITEMS), what="table of evidence")
        if not isinstance(table, pd.DataFrame):
            raise DataError(f"table {name!r} is no DataFrame but {quoted(table)}; {remedy}")
        needed = THINGS[name][:1] if name in THINGS else own[name].columns[:2]
        needed = NEEDED if name == "evidence" else needed
        problems += [
            Problem("", None, column, None, f"table {name!r} lacks the column; {remedy}")
            for column in needed
            if column not in table.columns
        ]
    if problems:
        raise DataError(problems)


def _refuse_loose(own: Mapping[str, pd.DataFrame], tables: Mapping[str, pd.DataFrame]) -> None:
    """Refuse ids that stand in no table: what they mean could not be said."""
    links = (("evidence", "cancer_types"), ("evidence_therapies", "therapies"))
    for name, thing in links:
        key = THINGS[thing][0]
        listed = tables.get(thing, own[thing])[key]
        used = tables.get(name, own[name])[key].dropna()
        loose = sorted({*used} - {*listed})
        if loose:
            what = f"{quoted(loose[0])} in table {name!r} stands in no row of {thing!r}"
            raise DataError([Problem("", None, key, str(loose[0]), f"{what}; add the row")])


def _present(added: Mapping[str, pd.DataFrame]) -> dict[str, tuple[str, ...]]:
    return {name: keys for name, keys in THINGS.items() if name in added}


def _same(
    own: pd.DataFrame, added: pd.DataFrame, columns: tuple[str, ...]
) -> dict[Hashable, Hashable]:
    """Return, by the added id, the id under which the atlas lists the same thing."""
    key = columns[0]
    found: dict[Hashable, Hashable] = {}
    for column in columns:
        if column not in added.columns:
            continue
        spelt = own[column].str.casefold()
        known = dict(zip(spelt[spelt.notna()], own.loc[spelt.notna(), key], strict=True))
        for id_, value in zip(added[key], added[column].str.casefold(), strict=True):
            if value in known:
                found.setdefault(id_, known[value])
    return found


def _renamed(table: pd.DataFrame, same: Mapping[str, Mapping[Hashable, Hashable]]) -> pd.DataFrame:
    """Give what the atlas knows the id that it has there, in every column that holds ids."""
    renamed = table.copy()
    for name, ids in same.items():
        key = THINGS[name][0]
        if key in renamed.columns:
            renamed[key] = [ids.get(value, value) for value in renamed[key]]
    return renamed


def _appended(own: pd.DataFrame, added: pd.DataFrame, key: tuple[str, ...]) -> pd.DataFrame:
    try:
        typed = added.reindex(columns=own.columns).astype(own.dtypes.to_dict())
    except (TypeError, ValueError) as error:
        raise DataError(
            f"a column has values of another type than in the atlas ({quoted(str(error))}); "
            "give what civic.load returns"
        ) from error
    if own.empty:
        return typed.drop_duplicates(list(key), ignore_index=True)
    both = pd.concat([own, typed], ignore_index=True)
    return both.drop_duplicates(list(key), ignore_index=True)
