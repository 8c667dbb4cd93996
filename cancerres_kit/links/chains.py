"""Dated chains of evidence: what resisted a treatment, what was tried next, what resisted that.

One decision: a chain is put together from separate publications by what they share (alteration,
gene, treatment, cancer type). It says what was found and when, not what happened to a patient in
this order, and not what to do. A step rests on all items that say the same of the same profile,
cancer type and treatment, so that its year is the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from cancerres_kit import schema
from cancerres_kit.links.genes import alteration_items, gathered, treatments, years
from cancerres_kit.links.references import cite, status_texts
from cancerres_kit.links.things import names, subtree

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

SCOPES = ("alteration", "class", "subset", "setting")
"""From the closest: `subset` is shown for some of the alterations only that the item speaks of."""
OUTCOMES = {
    "sensitivity": "worked",
    "no resistance": "resistance not found",
    "no sensitivity": "did not work",
    "resistance": "did not work",
}
"""What became of a treatment, by what the item on it finds; the first speaks most for it."""
_GROUP = ["profile", "cancer_type_id", "treatment_id"]
_FIRST = ["treatment_id", "treatment", "profile", "cancer_type_id", "cancer_type"]
_RESISTED = ["evidence_ids", "references", "year", "is_contested"]
_TRIED = ["next_treatment_id", "next_treatment", "strategy_ids", "strategies", "scope", "outcome"]
_SHOWN = ["countermeasure_ids", "next_evidence_ids", "next_reference_ids", "next_references"]
_THEN = ["next_year", "next_profile", "next_cancer_type_id", "next_cancer_type"]
_RESISTED_THEN = ["next_resistance_ids", "next_resistance_references", "next_resistance_year"]
COLUMNS = [*_FIRST, *_RESISTED, *_TRIED, *_SHOWN, *_THEN, *_RESISTED_THEN, "next_is_contested"]


def chains(atlas: Atlas, gene: str, *, cancer_type: str | None = None) -> pd.DataFrame:
    """Chains of evidence that begin with a resistance against which something was tried.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    gene : str
        Symbol or id of the gene that all resistances of a chain name.
    cancer_type : str, optional
        Keep chains that begin in this cancer type or a narrower one.

    Returns
    -------
    DataFrame
        One row per chain, by the year in which it begins: treatment_id, treatment, profile,
        cancer_type_id, cancer_type, evidence_ids (of the resistance), references (text with
        status), year (of the first publication), is_contested (other items on the same speak
        against it); next_treatment_id, next_treatment, strategy_ids, strategies, scope (the
        closest: ``alteration``, ``class``, ``subset``, ``setting``), outcome (``worked``, else
        ``resistance not found``, else ``did not work``), countermeasure_ids, next_evidence_ids (all
        items that find this), next_reference_ids, next_references, next_year (of the first);
        next_profile, next_cancer_type_id, next_cancer_type, next_resistance_ids,
        next_resistance_references, next_resistance_year, next_is_contested: missing where no
        resistance to the next treatment is curated for this gene in this cancer type, a wider or
        a narrower one. Ids and strategies are tuples.

    Raises
    ------
    DataError
        For an unknown gene or cancer type.
    """
    every = alteration_items(atlas)
    begins = _resisted(alteration_items(atlas, gene=gene, cancer_type=cancer_type))
    later = _resisted(alteration_items(atlas, gene=gene))
    tried, related, texts = _tried(atlas, every), _related(atlas), status_texts(atlas)
    rows = [
        {**first, **step, **then}
        for first in begins
        for step in _steps(first, tried, texts)
        for then in _resistances(step["next_treatment_id"], first["cancer_type_id"], later, related)
    ]
    by = ["year", *_GROUP, "next_year", "next_treatment_id", "next_resistance_year"]
    by += ["next_profile", "next_cancer_type_id"]
    return _framed(rows).sort_values(by, ignore_index=True)


def _framed(rows: list[dict[str, Any]]) -> pd.DataFrame:
    types: dict[str, Any] = dict.fromkeys(COLUMNS, schema.TEXT)
    types |= {name: object for name in COLUMNS if name.endswith("_ids")} | {"strategies": object}
    types |= {name: "Int64" for name in COLUMNS if name.endswith("year")}
    types |= dict.fromkeys(("is_contested", "next_is_contested"), "boolean")
    return pd.DataFrame(rows, columns=COLUMNS).astype(types)


def _resisted(items: pd.DataFrame) -> list[dict[str, Any]]:
    """Gather the items that support a resistance, by profile, cancer type and treatment."""
    found = []
    for _, group in items.groupby(_GROUP, sort=True):
        held = group[group["finding"].eq("resistance")]
        if held.empty:
            continue
        first = held.iloc[0]
        found.append(
            {name: first[name] for name in _FIRST}
            | {
                "evidence_ids": tuple(held["evidence_id"]),
                "references": "; ".join(sorted(set(held["references"]))),
                "year": held["year"].min(),
                "is_contested": bool(group["finding"].isin(["no resistance", "sensitivity"]).any()),
            }
        )
    return found


def _tried(atlas: Atlas, every: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """List what was tried against each item: one row per countermeasure and treatment."""
    drugs = gathered(atlas.countermeasure_therapies, "therapy_id")
    called, strategies, dated = names(atlas, "therapy"), names(atlas, "strategy"), years(atlas)
    joined = dict(zip(atlas.evidence["evidence_id"], atlas.evidence["interaction"], strict=True))
    shown = _shown(every)
    found: dict[str, list[dict[str, Any]]] = {}
    measures: Iterator[Any] = atlas.countermeasures.itertuples(index=False)
    for one in measures:
        used = drugs.get(one.countermeasure_id, ())
        # Without an item, a paper on the drugs together shows the countermeasure.
        given = joined.get(one.countering_evidence_id, "combination")
        for id_, name in treatments(used, given, called):
            alike = shown.get((one.countering_evidence_id, id_), [])
            step = {**_measure(one, alike, dated), "strategy": strategies[one.strategy_id]}
            step |= {"next_treatment_id": id_, "next_treatment": name}
            found.setdefault(one.evidence_id, []).append(step)
    return found


def _shown(every: pd.DataFrame) -> dict[tuple[str, str], list[dict[Any, Any]]]:
    """List for each item and treatment those that find the same of the same, itself included."""
    found: dict[tuple[str, str], list[dict[Any, Any]]] = {}
    for _, group in every.groupby([*_GROUP, "finding"], sort=False):
        alike = group.to_dict("records")
        for row in alike:
            found[row["evidence_id"], row["treatment_id"]] = alike
    return found


def _measure(one: Any, alike: list[dict[Any, Any]], dated: dict[str, Any]) -> dict[str, Any]:
    """Say of a countermeasure what shows it, when, and what came of it."""
    references = [key for key in (one.reference_id, *(row["reference_id"] for row in alike))
                  if pd.notna(key)]  # fmt: skip
    return {
        "countermeasure_id": one.countermeasure_id,
        "strategy_id": one.strategy_id,
        "scope": one.scope,
        "outcome": OUTCOMES[alike[0]["finding"] if alike else "sensitivity"],
        "evidence_ids": [row["evidence_id"] for row in alike],
        "reference_ids": references,
        "years": [dated[key] for key in references if pd.notna(dated[key])],
    }


def _steps(
    first: dict[str, Any], tried: dict[str, list[dict[str, Any]]], texts: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Gather what was tried against the items of a resistance, by treatment."""
    by: dict[str, list[dict[str, Any]]] = {}
    for item in first["evidence_ids"]:
        for row in tried.get(item, []):
            by.setdefault(row["next_treatment_id"], []).append(row)
    for id_, rows in sorted(by.items()):
        dated = [year for row in rows for year in row["years"]]
        references = tuple(sorted({key for row in rows for key in row["reference_ids"]}))
        yield {
            "next_treatment_id": id_,
            "next_treatment": rows[0]["next_treatment"],
            "strategy_ids": _values(rows, "strategy_id"),
            "strategies": _values(rows, "strategy"),
            "scope": min((row["scope"] for row in rows), key=SCOPES.index),
            "outcome": min((row["outcome"] for row in rows), key=list(OUTCOMES.values()).index),
            "countermeasure_ids": _values(rows, "countermeasure_id"),
            "next_evidence_ids": tuple(
                sorted({key for row in rows for key in row["evidence_ids"]})
            ),
            "next_reference_ids": references,
            "next_references": cite(texts, references),
            "next_year": min(dated, default=pd.NA),
        }


def _values(rows: list[dict[str, Any]], name: str) -> tuple[str, ...]:
    return tuple(sorted({row[name] for row in rows}))


def _resistances(
    treatment_id: str,
    cancer_type_id: str,
    later: list[dict[str, Any]],
    related: dict[str, set[str]],
) -> Iterator[dict[str, Any]]:
    """List the resistances to a treatment in a cancer type or one that it is related to."""
    found = [
        {
            "next_profile": row["profile"],
            "next_cancer_type_id": row["cancer_type_id"],
            "next_cancer_type": row["cancer_type"],
            "next_resistance_ids": row["evidence_ids"],
            "next_resistance_references": row["references"],
            "next_resistance_year": row["year"],
            "next_is_contested": row["is_contested"],
        }
        for row in later
        if row["treatment_id"] == treatment_id and row["cancer_type_id"] in related[cancer_type_id]
    ]
    yield from found or [{"next_resistance_ids": ()}]


def _related(atlas: Atlas) -> dict[str, set[str]]:
    """List each cancer type with itself, what is above it and what is below it."""
    table = atlas.cancer_types
    under = {key: set(subtree(table, key)) for key in table["cancer_type_id"]}
    return {
        key: held | {other for other, inside in under.items() if key in inside}
        for key, held in under.items()
    }
