"""Questions that cross tables, each answered by a tidy frame with names and ids.

One decision: an answer is derived from the rows of the atlas it is asked of, never typed in, so
that whatever it says can be followed back to claims, evidence and references.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from cancerres_kit import schema
from cancerres_kit.links.arrows import (
    mechanism_cancer_types,
    mechanism_strategies,
    mechanism_therapies,
    resistance_map,
    strategies_for,
)
from cancerres_kit.links.chains import chains
from cancerres_kit.links.genes import alteration_items, mutations
from cancerres_kit.links.models import claims_for, models_for
from cancerres_kit.links.neighbourhood import neighbours
from cancerres_kit.links.references import basis_of, bibliography
from cancerres_kit.links.response import rates
from cancerres_kit.links.supports import members, supports
from cancerres_kit.links.things import (
    TABLES,
    TREES,
    checked,
    key_of,
    names,
    names_of,
    one_of,
    subtree,
)
from cancerres_kit.schema.problems import quoted

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

__all__ = [
    "alteration_items",
    "bibliography",
    "chains",
    "claim_table",
    "claims",
    "claims_for",
    "gaps",
    "mechanism_cancer_types",
    "mechanism_strategies",
    "mechanism_therapies",
    "models_for",
    "mutations",
    "name",
    "neighbours",
    "rates",
    "resistance_map",
    "strategies_for",
    "subtree",
]

_ITEMS = (*TREES, "reference")
_ABOUT_CLAIM = ["claim_id", "source_id", "section", "paragraph", "statement"]
_SAID = ["relation", "certainty", "onset"]
_GAP = ("mechanism", "strategy", "cancer_type")


def claims(atlas: Atlas) -> pd.DataFrame:
    """Claims with everything that they link.

    Parameters
    ----------
    atlas : Atlas
        The tables.

    Returns
    -------
    DataFrame
        One row per claim and linked item, by claim, kind and id: claim_id, source_id, section,
        paragraph, statement, relation, certainty, onset, kind (mechanism, strategy, cancer_type,
        therapy, reference), id, name, role (of a mechanism), scope and status (of a reference). A
        claim that links nothing has no row here, but has one in `claim_table`.
    """
    linked = members(atlas)
    linked = linked[linked["support"].eq("claim") & linked["kind"].isin(_ITEMS)]
    linked = linked.rename(columns={"support_id": "claim_id"})
    rows = _plain(atlas.claims[[*_ABOUT_CLAIM, *_SAID]]).merge(linked, on="claim_id")
    rows["name"] = names_of(atlas, rows)
    listed = atlas.references
    status = dict(zip(listed["reference_id"], listed["status"].astype(schema.TEXT), strict=True))
    cited = rows["id"].where(rows["kind"].eq("reference"))
    rows["status"] = cited.map(status).astype(schema.TEXT)
    rows["kind"] = pd.Categorical(rows["kind"], categories=list(_ITEMS))
    rows = rows.sort_values(["claim_id", "kind", "id"], ignore_index=True)
    rows["kind"] = rows["kind"].astype(schema.TEXT)
    return rows[[*_ABOUT_CLAIM, *_SAID, "kind", "id", "name", "role", "scope", "status"]]


def claim_table(atlas: Atlas, *, claim_ids: Iterable[str] | None = None) -> pd.DataFrame:
    """Claims as a person reads them.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    claim_ids : iterable of str, optional
        Claims to list, each once; all if left out.

    Returns
    -------
    DataFrame
        One row per claim, by id: claim_id, section, paragraph, statement, relation, certainty,
        onset, mechanisms, strategies, cancer_types, therapies (names joined by "; "),
        reference_ids (joined by "; "), basis (ordered category: the best of its references).

    Raises
    ------
    DataError
        For an id that is not a claim.
    """
    wanted = _wanted(atlas, claim_ids)
    table = atlas.claims[atlas.claims["claim_id"].isin(wanted)].sort_values("claim_id")
    columns = ["claim_id", "section", "paragraph", "statement", *_SAID]
    rows = _plain(table[columns]).reset_index(drop=True)
    linked = claims(atlas)
    for kind in TREES:
        rows[TABLES[kind]] = _joined(rows, linked[linked["kind"].eq(kind)], "name")
    cited = linked[linked["kind"].eq("reference")]
    rows["reference_ids"] = _joined(rows, cited, "id")
    rested = supports(atlas).dropna(subset=["claim_id"])
    rank = dict(zip(rested["claim_id"], rested["rank"], strict=True))
    return rows.assign(basis=basis_of(rows["claim_id"].map(rank).astype("int64")))


def name(atlas: Atlas, id: str) -> str:  # noqa: A002
    """Name of a mechanism, strategy, cancer type or therapy.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    id : str
        Its key.

    Returns
    -------
    str
        The name for people, as the table gives it.

    Raises
    ------
    DataError
        For an id that is none of these; names the nearest one.
    """
    every = {str(key): label for kind in TREES for key, label in names(atlas, kind).items()}
    where = ", ".join(f"atlas.{TABLES[kind]}" for kind in TREES)
    return str(every[one_of(id, every, what="id", where=where)])


def gaps(atlas: Atlas) -> pd.DataFrame:
    """What nobody curated: not what is known to be absent.

    Parameters
    ----------
    atlas : Atlas
        The tables.

    Returns
    -------
    DataFrame
        One row per gap, sorted: kind (``mechanism_without_strategy``: no arrow starts from this
        very mechanism; ``strategy_without_mechanism``: none ends at this very strategy;
        ``cell_not_curated``: no claim and no resistance item ties this very mechanism to this very
        cancer type), mechanism_id, mechanism, strategy_id, strategy, cancer_type_id, cancer_type
        (missing where they do not apply), covered_below (whether something narrower in the trees is
        curated, as it often is for a heading).
    """
    arrows, cells = mechanism_strategies(atlas), mechanism_cancer_types(atlas)
    parts = [
        _uncovered(atlas, "mechanism_without_strategy", arrows, "mechanism"),
        _uncovered(atlas, "strategy_without_mechanism", arrows, "strategy"),
        _uncovered(atlas, "cell_not_curated", cells, "mechanism", "cancer_type"),
    ]
    rows = pd.concat(parts, ignore_index=True)
    keys = [key_of(kind) for kind in _GAP]
    rows = rows.reindex(columns=["kind", *keys, "covered_below"])
    columns: dict[str, Any] = {"kind": rows["kind"].astype(schema.TEXT)}
    for kind in _GAP:
        ids = rows[key_of(kind)].astype(schema.TEXT)
        columns |= {key_of(kind): ids, kind: ids.map(names(atlas, kind)).astype(schema.TEXT)}
    columns["covered_below"] = rows["covered_below"].astype("bool")
    return pd.DataFrame(columns).sort_values(["kind", *keys], ignore_index=True)


def _uncovered(atlas: Atlas, gap: str, curated: pd.DataFrame, *kinds: str) -> pd.DataFrame:
    """List the combinations of ids that no row holds, and whether a row holds narrower ones."""
    keys = [key_of(kind) for kind in kinds]
    held = set(curated[keys].itertuples(index=False, name=None))
    trees = [getattr(atlas, TABLES[kind]) for kind in kinds]
    above = [_above(table) for table in trees]
    covered: set[tuple[str, ...]] = set()
    for ids in held:
        choices = [lineage[id_] for lineage, id_ in zip(above, ids, strict=True)]
        covered |= set(pd.MultiIndex.from_product(choices))
    every = pd.MultiIndex.from_product([table.iloc[:, 0] for table in trees], names=keys)
    missing = [ids for ids in every if ids not in held]
    rows = pd.DataFrame(missing, columns=keys).astype(schema.TEXT)
    return rows.assign(kind=gap, covered_below=[ids in covered for ids in missing])


def _above(table: pd.DataFrame) -> dict[str, list[str]]:
    """List each node of a tree with everything above it, itself included."""
    lineages: dict[str, list[str]] = {key: [] for key in table.iloc[:, 0]}
    for wider in lineages:
        for narrower in subtree(table, wider):
            lineages[narrower].append(wider)
    return lineages


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Turn categories into text, which merges and concatenates without surprises."""
    enums = frame.select_dtypes("category").columns
    return frame.astype(dict.fromkeys(enums, schema.TEXT))


def _joined(rows: pd.DataFrame, linked: pd.DataFrame, column: str) -> pd.Series[str]:
    texts = linked.groupby("claim_id")[column].agg("; ".join)
    return rows["claim_id"].map(texts).fillna("").astype(schema.TEXT)


def _wanted(atlas: Atlas, claim_ids: Iterable[str] | None) -> list[str]:
    if claim_ids is None:
        return list(atlas.claims["claim_id"])
    if isinstance(claim_ids, str):
        given = quoted(claim_ids)
        raise schema.DataError(f"claim_ids is a list of ids, not one text: write [{given}]")
    return [checked(atlas, "claim", id_) for id_ in claim_ids]
