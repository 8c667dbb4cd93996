"""Everything one step away from a thing, whatever kind of thing its id stands for.

One decision: a step is an edge of the schema: a support that ties two things together, a branch of
a tree, or what a reference belongs to and can be replaced by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from cancerres_kit import schema
from cancerres_kit.links.supports import members, summarised, supports
from cancerres_kit.links.things import TABLES, TREES, names_of, one_of

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

_STEP = ["kind", "id", "via", "relation"]
_SUPPORT = ["support", "support_id"]
_COLUMNS = [
    "of_kind",
    "of_id",
    "kind",
    "id",
    "name",
    "via",
    "relation",
    "claim_ids",
    "evidence_ids",
]


def neighbours(atlas: Atlas, id: str) -> pd.DataFrame:  # noqa: A002
    """Everything one step away from a thing.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    id : str
        Any id: of a mechanism, strategy, cancer type, therapy, reference, claim, source, gene,
        evidence item or countermeasure. Where two tables use the same id, both are answered.

    Returns
    -------
    DataFrame
        One row per neighbour and way to it, sorted: of_kind (what the id stands for), of_id, kind,
        id, name, via (``claim``, ``evidence``, ``countermeasure``: something that ties both
        together; ``parent``, ``child``: in the tree; ``source``; ``substitute``,
        ``substitute_for``), relation (of the supports; missing for the other ways), claim_ids,
        evidence_ids (sorted tuples; empty for the other ways).

    Raises
    ------
    DataError
        For an id that stands for nothing.
    """
    keys = {kind: getattr(atlas, table).iloc[:, 0] for kind, table in TABLES.items()}
    every = [key for column in keys.values() for key in column]
    one_of(id, every, what="id", where="the tables of the atlas")
    kinds = [kind for kind, column in keys.items() if column.eq(id).any()]
    parts = [_supported(atlas, kind, id).assign(of_kind=kind) for kind in kinds]
    parts += [_stepped(atlas, kind, id).assign(of_kind=kind) for kind in kinds]
    rows = pd.concat(parts, ignore_index=True).assign(of_id=id)
    rows["name"] = names_of(atlas, rows)
    texts = dict.fromkeys(["of_kind", "of_id", "name", *_STEP], schema.TEXT)
    rows = rows.astype({**texts, "claim_ids": object, "evidence_ids": object})
    return rows.sort_values(["of_kind", *_STEP], ignore_index=True)[_COLUMNS]


def _supported(atlas: Atlas, kind: str, id: str) -> pd.DataFrame:  # noqa: A002
    """List what supports tie to a thing; a support itself is tied to all its members."""
    listed = members(atlas)
    itself = listed["kind"].eq(kind) & listed["id"].eq(id)
    if kind == "source":
        # A document ties together all that it says, so its step leads to its claims alone.
        found = listed[itself].assign(kind=listed["support"], id=listed["support_id"])
    else:
        found = listed[~itself].merge(listed.loc[itself, _SUPPORT].drop_duplicates())
    own = listed[listed["support"].eq(kind) & listed["support_id"].eq(id)]
    tied = pd.concat([found, own], ignore_index=True)
    tied = tied[[*_SUPPORT, "kind", "id"]].drop_duplicates()
    rows = tied.merge(supports(atlas), on=_SUPPORT).rename(columns={"support": "via"})
    return summarised(rows, _STEP)[[*_STEP, "claim_ids", "evidence_ids"]]


def _stepped(atlas: Atlas, kind: str, id: str) -> pd.DataFrame:  # noqa: A002
    """List what trees and bibliographies lead to from a thing."""
    steps: list[dict[str, Any]] = []

    def step(to: str, ids: pd.Series[str], via: str) -> None:
        steps.extend({"kind": to, "id": value, "via": via} for value in ids.dropna())

    table = getattr(atlas, TABLES[kind])
    itself = table.iloc[:, 0].eq(id)
    if kind in TREES:
        step(kind, table.loc[itself, "parent_id"], "parent")
        step(kind, table.loc[table["parent_id"].eq(id), table.columns[0]], "child")
    elif kind == "reference":
        replaced = table["substitute_reference_id"]
        step("source", table.loc[itself, "source_id"], "source")
        step(kind, replaced[itself], "substitute")
        step(kind, table.loc[replaced.eq(id), "reference_id"], "substitute_for")
    elif kind == "source":
        listed = atlas.references
        step("reference", listed.loc[listed["source_id"].eq(id), "reference_id"], "source")
    rows = pd.DataFrame(steps, columns=["kind", "id", "via"]).assign(relation=None)
    nothing = pd.Series([()] * len(rows), dtype=object)
    return rows.assign(claim_ids=nothing, evidence_ids=nothing)
