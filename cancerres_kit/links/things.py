"""What the ids stand for: kinds of things, their tables, their names and their trees.

One decision: an id is checked where a person hands it in, once, and the error names the nearest
one; everything behind that trusts it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from cancerres_kit import schema
from cancerres_kit.schema.problems import quoted

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

# Kind of thing -> table that lists it; its first column is the key.
TABLES = {
    "mechanism": "mechanisms",
    "strategy": "strategies",
    "cancer_type": "cancer_types",
    "therapy": "therapies",
    "reference": "references",
    "claim": "claims",
    "source": "sources",
    "gene": "genes",
    "evidence": "evidence",
    "countermeasure": "countermeasures",
}
TREES = ("mechanism", "strategy", "cancer_type", "therapy")

_NAMES = {"claim": "statement", "source": "title", "gene": "symbol"}
_NAMES |= {"evidence": "molecular_profile", "countermeasure": "countermeasure_id"}


def key_of(kind: str) -> str:
    """Return the column that holds ids of a kind."""
    return "hgnc_id" if kind == "gene" else f"{kind}_id"


def checked(atlas: Atlas, kind: str, id: object) -> str:  # noqa: A002
    """Return an id if it is one of its kind.

    Raises
    ------
    DataError
        If it is not; names the nearest one and the table that lists all.
    """
    table = TABLES[kind]
    return one_of(id, getattr(atlas, table).iloc[:, 0], what=words(kind), where=f"atlas.{table}")


def one_of(value: object, allowed: Iterable[str], *, what: str, where: str) -> str:
    """Return a text if it is allowed.

    Raises
    ------
    DataError
        If it is no text, or not one that is allowed.
    """
    if not isinstance(value, str):
        given = f"{type(value).__name__} {quoted(value)}"
        raise schema.DataError(f"{what} is given as one text, not as {given}; see {where}")
    if value not in set(allowed):
        raise schema.unknown(value, allowed, what=what, where=where)
    return value


def words(kind: str) -> str:
    """Say a kind in words."""
    return kind.replace("_", " ")


def below(atlas: Atlas, kind: str, id: str | None) -> tuple[str, ...] | None:  # noqa: A002
    """List a node of the tree of a kind and everything below it; no id gives ``None``.

    Raises
    ------
    DataError
        For an id that is not one of its kind.
    """
    return None if id is None else subtree(getattr(atlas, TABLES[kind]), checked(atlas, kind, id))


def of_level(atlas: Atlas, level: str | None) -> list[str]:
    """List the mechanisms of a level; no level gives all.

    Raises
    ------
    DataError
        For a level that does not exist.
    """
    table = atlas.mechanisms
    if level is not None:
        levels = pd.Categorical(table["level"]).categories
        one_of(level, levels, what="level", where="atlas.mechanisms, column level")
        table = table[table["level"].eq(level)]
    return list(table["mechanism_id"])


def names(atlas: Atlas, kind: str) -> pd.Series[str]:
    """Return what to call each thing of a kind, by its id."""
    if kind == "reference":
        return labels(atlas)
    table = getattr(atlas, TABLES[kind])
    texts = table[_NAMES.get(kind, "name")].to_numpy()
    return pd.Series(texts, index=table.iloc[:, 0].to_numpy(), dtype=schema.TEXT)


def names_of(atlas: Atlas, rows: pd.DataFrame) -> pd.Series[str]:
    """Return what to call the thing in each row, by its columns kind and id."""
    named = {kind: names(atlas, kind) for kind in rows["kind"].unique()}
    texts = [named[kind][id_] for kind, id_ in zip(rows["kind"], rows["id"], strict=True)]
    return pd.Series(texts, index=rows.index, dtype=schema.TEXT)


def subtree(table: pd.DataFrame, id: str) -> tuple[str, ...]:  # noqa: A002
    """List a node of a tree and everything below it.

    Parameters
    ----------
    table : DataFrame
        A table with a tree: its key is the first column, and it has a column parent_id.
    id : str
        The node.

    Returns
    -------
    tuple of str
        The ids, sorted.

    Raises
    ------
    DataError
        If the id is not a key of the table, or the table has no tree.
    """
    key = str(table.columns[0])
    if "parent_id" not in table.columns:
        raise schema.DataError(f"the table of {key!r} is no tree: it has no column 'parent_id'")
    keys, parents = table[key], table["parent_id"]
    what = words(key.removesuffix("_id"))
    one_of(id, keys, what=what, where=f"column {key}")
    found: set[str] = set()
    newest = {id}
    while newest:
        found |= newest
        newest = set(keys[parents.isin(newest)]) - found
    return tuple(sorted(found))


def labels(atlas: Atlas) -> pd.Series[str]:
    """Return a short name of each reference, such as ``[4] Mechanisms of ...``, by reference_id."""
    table = atlas.references
    title = table["printed_title"].fillna(table["resolved_title"]).fillna(table["reference_id"])
    marks = [f"[{number}] " if pd.notna(number) else "" for number in table["printed_number"]]
    texts = [mark + text for mark, text in zip(marks, title, strict=True)]
    return pd.Series(texts, index=table["reference_id"].to_numpy(), dtype=schema.TEXT)
