"""The gene level of a report: items of evidence, and what is known to work against them.

One decision: an item is never shown without its direction, its level and the way to look it up, and
what speaks against something stands in the same table as what speaks for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from cancerres_kit import display, links, schema
from cancerres_kit.links.genes import gathered, treatments
from cancerres_kit.links.supports import OPPOSED, RESISTS, holding, members, supports
from cancerres_kit.links.things import names

if TYPE_CHECKING:
    from IPython.display import HTML, Markdown

    from cancerres_kit.atlas import Atlas

ITEM_COLUMNS = ("item", "profile", "cancer_type", "treatment", "says", "level", "mechanisms")
MEASURE_COLUMNS = ("item", "profile", "cancer_type", "strategy", "with", "scope", "outcome")
FAILED = "its evidence speaks against it"
NOT_FOUND = "resistance not found"


def evidence_ids(atlas: Atlas, named: pd.DataFrame) -> list[str]:
    """List the items behind some supports.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    named : pandas.DataFrame
        Columns support and support_id, as `cancerres_kit.links.members` gives them.

    Returns
    -------
    list of str
        Items that are among the supports, and those whose resistance a countermeasure among them
        answers; sorted.
    """
    own = named.loc[named["support"].eq("evidence"), "support_id"]
    measures = named.loc[named["support"].eq("countermeasure"), "support_id"]
    behind = holding(members(atlas), "evidence")
    behind = behind[behind["support"].eq("countermeasure") & behind["support_id"].isin(measures)]
    return sorted({*own, *behind["evidence_id"]})


def cited(atlas: Atlas, named: pd.DataFrame) -> list[str]:
    """List the references that some supports rest on, sorted; columns as for `evidence_ids`."""
    rested = supports(atlas).merge(named[["support", "support_id"]].drop_duplicates())
    return sorted({one for several in rested["reference_ids"] for one in several})


def sources(atlas: Atlas, named: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of ``atlas.sources`` that some supports come from."""
    behind = atlas.evidence["evidence_id"].isin(evidence_ids(atlas, named))
    claimed = named.loc[named["support"].eq("claim"), "support_id"]
    claims = atlas.claims["claim_id"].isin(claimed)
    used = {*atlas.evidence.loc[behind, "source_id"], *atlas.claims.loc[claims, "source_id"]}
    return atlas.sources[atlas.sources["source_id"].isin(used)]


def items(atlas: Atlas, ids: Iterable[str]) -> pd.DataFrame:
    """List items of evidence as a person reads them.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    ids : iterable of str
        Items to list, each once.

    Returns
    -------
    pandas.DataFrame
        One row per item, sorted by profile, cancer type and treatment: item (id), profile,
        cancer_type, treatment, says (``for resistance``, ``against sensitivity``, ... and whether
        its source flags it), level (with the rating), mechanisms, reference_pmid (else the id of
        the reference).
    """
    rows = links.alteration_items(atlas)
    rows = rows[rows["evidence_id"].isin(set(ids))]
    together = rows.groupby("evidence_id", sort=False)["treatment"].agg(" or ".join)
    rows = rows.drop_duplicates("evidence_id")
    shown = {
        "item": rows["evidence_id"],
        "profile": rows["profile"],
        "cancer_type": rows["cancer_type"],
        "treatment": rows["evidence_id"].map(together),
        "says": [_said(row) for row in rows.to_dict("records")],
        "level": [_level(row) for row in rows.to_dict("records")],
        "mechanisms": ["; ".join(several) for several in rows["mechanisms"]],
        "reference_pmid": rows["reference_id"].map(_addresses(atlas)),
    }
    found = pd.DataFrame(shown).astype(schema.TEXT)
    return found.sort_values(["profile", "cancer_type", "treatment", "item"], ignore_index=True)


def countermeasures(atlas: Atlas, ids: Iterable[str]) -> pd.DataFrame:
    """List what is known to work, or was shown not to work, against the resistance of some items.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    ids : iterable of str
        Items of evidence.

    Returns
    -------
    pandas.DataFrame
        One row per countermeasure, by profile and cancer type of its item: countermeasure_id, item
        (whose resistance it answers), profile, cancer_type, strategy_id, strategy, with (its
        drugs), scope, outcome (``overcomes``, ``resistance not found``, or that
        its evidence speaks against it),
        countering_item, reference_id (what shows it at work), reference_pmid.
    """
    table = atlas.countermeasures[atlas.countermeasures["evidence_id"].isin(set(ids))]
    about = items(atlas, table["evidence_id"]).set_index("item")
    rested = supports(atlas)
    failed = set(rested.loc[rested["relation"].eq(OPPOSED), "support_id"])
    outcomes = dict.fromkeys(failed, FAILED) | dict.fromkeys(_not_found(table, atlas), NOT_FOUND)
    shown = {
        "countermeasure_id": table["countermeasure_id"],
        "item": table["evidence_id"],
        "profile": table["evidence_id"].map(about["profile"]),
        "cancer_type": table["evidence_id"].map(about["cancer_type"]),
        "strategy_id": table["strategy_id"],
        "strategy": table["strategy_id"].map(names(atlas, "strategy")),
        "with": _used(atlas, table),
        "scope": table["scope"],
        "outcome": [outcomes.get(key, "overcomes") for key in table["countermeasure_id"]],
        "countering_item": table["countering_evidence_id"],
        "reference_id": _counters(atlas, table),
        "reference_pmid": _counters(atlas, table).map(_addresses(atlas)),
    }
    found = pd.DataFrame(shown).astype(schema.TEXT)
    return found.sort_values(["profile", "cancer_type", "countermeasure_id"], ignore_index=True)


def references(atlas: Atlas, ids: Iterable[str]) -> HTML | Markdown:
    """Show references with their status; say so if there are none.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    ids : iterable of str
        Their ids.
    """
    listed = sorted(set(ids))
    if not listed:
        return display.markdown("None: nothing that is said here cites anything.")
    return display.references(atlas, *listed)


def _said(row: dict[Any, Any]) -> str:
    """What an item says, from its finding: ``no resistance`` speaks against a resistance."""
    finding = str(row["finding"])
    against = finding.startswith("no ")
    flag = "; flagged by its source" if row["is_flagged"] is True else ""
    return f"{'against' if against else 'for'} {finding.removeprefix('no ')}{flag}"


def _level(row: dict[Any, Any]) -> str:
    level = "not given" if pd.isna(row["level"]) else str(row["level"])
    return level + ("" if pd.isna(row["rating"]) else f", {row['rating']} of 5 stars")


def _used(atlas: Atlas, table: pd.DataFrame) -> list[str]:
    """Name the drugs of each countermeasure as the item on them gave them."""
    drugs = gathered(atlas.countermeasure_therapies, "therapy_id")
    items = atlas.evidence
    given = dict(zip(items["evidence_id"], items["interaction"], strict=True))
    called = names(atlas, "therapy")
    keys = zip(table["countermeasure_id"], table["countering_evidence_id"], strict=True)
    return [
        " or ".join(
            name
            for _, name in treatments(drugs.get(key, ()), given.get(item, "combination"), called)
        )
        for key, item in keys
    ]


def _not_found(table: pd.DataFrame, atlas: Atlas) -> list[str]:
    """List the countermeasures whose item looked for resistance, and found none."""
    items = atlas.evidence
    found_none = items["predicate"].eq(RESISTS) & items["direction"].eq(OPPOSED)
    shown = table["countering_evidence_id"].isin(items.loc[found_none, "evidence_id"])
    return list(table.loc[shown, "countermeasure_id"])


def _counters(atlas: Atlas, table: pd.DataFrame) -> pd.Series[str]:
    """Return the reference of each countermeasure: its own, else that of its countering item."""
    of_item = dict(zip(atlas.evidence["evidence_id"], atlas.evidence["reference_id"], strict=True))
    return table["reference_id"].fillna(table["countering_evidence_id"].map(of_item))


def _addresses(atlas: Atlas) -> pd.Series[str]:
    """Return what finds each reference: its PubMed number, else its DOI, else its id."""
    table = atlas.references.set_index("reference_id", drop=False)
    return table["pmid"].fillna("doi:" + table["doi"]).fillna(table["reference_id"])
