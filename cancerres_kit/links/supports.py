"""What supports a link: claims, evidence items, countermeasures, and what each ties together.

One decision: all three are treated alike. A support ties together its members (mechanisms,
strategies, cancer types, therapies, references, genes), says how they are related, and has a basis;
every question that crosses tables is then a question on pairs of members of one support.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cancerres_kit import schema
from cancerres_kit.links.references import UNCITED, basis_of, ranks
from cancerres_kit.links.things import TABLES, TREES, key_of

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

RESISTS, OPPOSED = "predictsResistanceTo", "does_not_support"

_KEY = ["support", "support_id"]
_MEMBER = (*_KEY, "kind", "id", "role", "scope")
_LINKED = (*TREES, "reference")
_NUMBERS = {"claim": "n_claims", "evidence": "n_evidence", "countermeasure": "n_countermeasures"}


def members(atlas: Atlas) -> pd.DataFrame:
    """List what each support ties together.

    Returns
    -------
    DataFrame
        One row per support and member: support (claim, evidence, countermeasure), support_id,
        kind, id, role (of a mechanism; ``countering`` for what a countermeasure uses), scope (of a
        claim's reference).
    """
    linked = [_part(getattr(atlas, f"claim_{TABLES[kind]}"), "claim", kind) for kind in _LINKED]
    sources = _part(atlas.claims, "claim", "source")
    parts = [*linked, sources, *_of_evidence(atlas), *_of_countermeasures(atlas)]
    columns = {name: [cell for part in parts for cell in part[name]] for name in _MEMBER}
    listed = pd.DataFrame(columns).astype(schema.TEXT)
    return listed[listed["id"].notna()].reset_index(drop=True)


def supports(atlas: Atlas) -> pd.DataFrame:
    """List the supports with what they rest on.

    Returns
    -------
    DataFrame
        One row per support: support, support_id, relation (of a claim as curated; the predicate of
        an evidence item; ``overcomes`` for a countermeasure; ``does_not_support`` for an item or a
        countermeasure that its evidence speaks against), rank (place in `BASES`), claim_id,
        evidence_id, countermeasure_id (missing where there is none), reference_ids (sorted tuple).
    """
    evidence = _evidence(atlas)
    parts = [_claims(atlas), evidence, _countermeasures(atlas, evidence)]
    return pd.concat(parts, ignore_index=True)


def pairs(listed: pd.DataFrame, left: str, right: str) -> pd.DataFrame:
    """List which members of two kinds are tied together, once for each support that does so.

    Parameters
    ----------
    listed : DataFrame
        What `members` gives.
    left, right : str
        Kinds.

    Returns
    -------
    DataFrame
        support, support_id, ``<left>_id``, ``<right>_id``.
    """
    return holding(listed, left).merge(holding(listed, right), on=_KEY)


def holding(listed: pd.DataFrame, kind: str) -> pd.DataFrame:
    """List the members of one kind: support, support_id, ``<kind>_id``.

    What a countermeasure uses is left out: it is not what the resistance is about.
    """
    held = listed["kind"].eq(kind) & listed["role"].ne("countering")
    rows = listed.loc[held, [*_KEY, "id"]].rename(columns={"id": key_of(kind)})
    return rows.drop_duplicates(ignore_index=True)


def naming(
    rows: pd.DataFrame, listed: pd.DataFrame, kind: str, ids: Iterable[str] | None
) -> pd.DataFrame:
    """Keep the rows whose support itself names one of the ids of a kind; ``None`` keeps all."""
    if ids is None:
        return rows
    held = holding(listed, kind)
    named = held.loc[held[key_of(kind)].isin(list(ids)), _KEY]
    return rows.merge(named.drop_duplicates(), on=_KEY)


def summarised(rows: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Gather the supports of each combination of the columns `by`.

    Parameters
    ----------
    rows : DataFrame
        Supports, as `supports` gives them, with the columns `by`; each once per combination.
    by : sequence of str
        Columns to group by.

    Returns
    -------
    DataFrame
        One row per combination, sorted: the columns `by`, n_supports, n_claims, claim_ids,
        n_evidence, evidence_ids, n_countermeasures, countermeasure_ids, reference_ids, basis (the
        best of the supports).
    """
    found = rows.groupby(list(by), sort=True).agg(
        claim_ids=("claim_id", _ids),
        evidence_ids=("evidence_id", _ids),
        countermeasure_ids=("countermeasure_id", _ids),
        n_supports=("support_id", "size"),
        reference_ids=("reference_ids", lambda tuples: tuple(sorted(set().union(*tuples)))),
        rank=("rank", "min"),
    )
    found = found.reset_index()
    columns: dict[str, Any] = {name: found[name].astype(schema.TEXT) for name in by}
    columns["n_supports"] = found["n_supports"].astype("int64")
    for kind, number in _NUMBERS.items():
        columns[number] = found[f"{kind}_ids"].map(len).astype("int64")
        columns[f"{kind}_ids"] = found[f"{kind}_ids"].astype(object)
    columns["reference_ids"] = found["reference_ids"].astype(object)
    columns["basis"] = basis_of(found["rank"].astype("int64"))
    return pd.DataFrame(columns)


def _ids(values: pd.Series[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if isinstance(value, str)}))


def _part(
    table: pd.DataFrame, support: str, kind: str, *, column: str = "", role: str | None = None
) -> dict[str, list[Any]]:
    """Bring a table that links supports to things of a kind into the columns of `members`."""
    n = len(table)
    has_scope = support == "claim" and "scope" in table.columns
    return {
        "support": [support] * n,
        "support_id": list(table[f"{support}_id"]),
        "kind": [kind] * n,
        "id": list(table[column or key_of(kind)]),
        "role": list(table["role"]) if "role" in table.columns else [role] * n,
        "scope": list(table["scope"]) if has_scope else [None] * n,
    }


def _of_evidence(atlas: Atlas) -> list[dict[str, list[Any]]]:
    linked = [
        _part(getattr(atlas, f"evidence_{TABLES[kind]}"), "evidence", kind)
        for kind in ("mechanism", "gene", "therapy")
    ]
    own = [
        _part(atlas.evidence, "evidence", kind) for kind in ("cancer_type", "reference", "source")
    ]
    return [*linked, *own]


def _of_countermeasures(atlas: Atlas) -> list[dict[str, list[Any]]]:
    """Tie the strategy of a countermeasure to what its resistance item is about."""
    table = atlas.countermeasures
    own = [_part(table, "countermeasure", kind) for kind in ("strategy", "reference", "evidence")]
    items = table[["countermeasure_id", "evidence_id"]]
    about_item = [("mechanism", atlas.evidence_mechanisms), ("therapy", atlas.evidence_therapies)]
    about = [
        _part(items.merge(linked, on="evidence_id"), "countermeasure", kind)
        for kind, linked in [*about_item, ("cancer_type", atlas.evidence)]
    ]
    used = [
        _part(atlas.countermeasure_therapies, "countermeasure", "therapy", role="countering"),
        _part(
            table, "countermeasure", "evidence", column="countering_evidence_id", role="countering"
        ),
    ]
    return [*own, *about, *used]


def _claims(atlas: Atlas) -> pd.DataFrame:
    best, table = ranks(atlas), atlas.claims
    cited = atlas.claim_references.groupby("claim_id")["reference_id"].agg(_ids)
    references = [cited.get(key, ()) for key in table["claim_id"]]
    rank = [min((best[one] for one in several), default=UNCITED) for several in references]
    relation = table["relation"].astype(schema.TEXT)
    return _supports("claim", table["claim_id"], relation, rank, references)


def _evidence(atlas: Atlas) -> pd.DataFrame:
    best, table = ranks(atlas), atlas.evidence
    relation = table["predicate"].astype(schema.TEXT)
    relation = relation.mask(table["direction"].eq(OPPOSED).to_numpy(), OPPOSED)
    references = [(key,) if pd.notna(key) else () for key in table["reference_id"]]
    rank = [best[several[0]] if several else UNCITED for several in references]
    return _supports("evidence", table["evidence_id"], relation, rank, references)


def _countermeasures(atlas: Atlas, evidence: pd.DataFrame) -> pd.DataFrame:
    """Rest a countermeasure on its item and on what shows it at work: the weaker counts."""
    best, table, resisted = ranks(atlas), atlas.countermeasures, _against(atlas)
    rested = zip(evidence["relation"], evidence["rank"], evidence["reference_ids"], strict=True)
    items = dict(zip(evidence["support_id"], rested, strict=True))
    relation, rank, references = [], [], []
    columns = ["evidence_id", "countering_evidence_id", "reference_id"]
    for item, countering, reference in table[columns].itertuples(index=False):
        resists, item_rank, cited = items[item]
        _, shown_rank, shown = items.get(countering, (None, UNCITED, ()))
        own = (reference,) if pd.notna(reference) else ()
        holds = resists == RESISTS and countering not in resisted
        relation.append("overcomes" if holds else OPPOSED)
        rank.append(max(item_rank, min(shown_rank, *(best[one] for one in own), UNCITED)))
        references.append(tuple(sorted({*cited, *shown, *own})))
    keys = table["countermeasure_id"]
    rows = _supports("countermeasure", keys, relation, rank, references)
    # The item is what a reader has to look up, so it is listed with the countermeasure.
    return rows.assign(evidence_id=table["evidence_id"].to_numpy())


def _against(atlas: Atlas) -> set[str]:
    """List the items that speak against their therapies: resistance found, or no response."""
    resists = atlas.evidence["predicate"].eq(RESISTS)
    opposed = atlas.evidence["direction"].eq(OPPOSED)
    return set(atlas.evidence.loc[resists != opposed, "evidence_id"])


def _supports(
    support: str,
    keys: pd.Series[str],
    relation: Iterable[str],
    rank: Iterable[int],
    references: Sequence[tuple[str, ...]],
) -> pd.DataFrame:
    text: dict[str, Any] = {
        "support": support,
        "support_id": keys.to_numpy(),
        "relation": list(relation),
    }
    text |= {f"{kind}_id": keys.to_numpy() if kind == support else None for kind in _NUMBERS}
    rows = pd.DataFrame(text, index=range(len(keys))).astype(schema.TEXT)
    rows["rank"] = pd.Series(list(rank), dtype="int64")
    rows["reference_ids"] = pd.Series(list(references), dtype=object)
    return rows
