"""Evidence on alterations: which one, in which cancer, makes which treatment fail or work.

One decision: a row is an item and a treatment. Drugs that stand for each other are a treatment
each, drugs given together are one treatment, so that items of both kinds meet where they speak of
the same. Items that differ stay side by side; nothing is averaged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from cancerres_kit import schema
from cancerres_kit.alterations import Alteration, And, Expression, Not, Or, leaves, parse
from cancerres_kit.links.references import cite, status_texts
from cancerres_kit.links.supports import RESISTS
from cancerres_kit.links.things import below, names, one_of

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

FINDINGS = {
    (True, "supports"): "resistance",
    (True, "does_not_support"): "no resistance",
    (False, "supports"): "sensitivity",
    (False, "does_not_support"): "no sensitivity",
}
"""What an item finds, by whether it is about resistance, and its direction."""
JOINED = {
    "combination": (" + ", ""),
    "substitutes": (" or ", ""),
    "sequential": (" and ", " in sequence"),
}
"""What stands between and after the drugs of a therapy set, where it is given."""
NO_MUTATION = ("phosphorylation",)
BACKGROUND = ("fusion", "rearrangement", "wildtype")
"""Kinds that may stand beside a mutation without sharing in what an item says of it."""

_ITEM = ["evidence_id", "profile", "hgnc_ids", "genes", "cancer_type_id", "cancer_type"]
_TREATMENT = ["treatment_id", "treatment", "interaction"]
_FOUND = ["finding", "significance", "level", "rating", "is_flagged", "mechanism_ids", "mechanisms"]
_RESTS_ON = ["reference_id", "year", "references"]
COLUMNS = [*_ITEM, *_TREATMENT, *_FOUND, *_RESTS_ON]


def alteration_items(
    atlas: Atlas, *, gene: str | None = None, cancer_type: str | None = None
) -> pd.DataFrame:
    """Evidence items on alterations, by treatment.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    gene : str, optional
        Keep items on a profile that names this gene: its symbol or its id.
    cancer_type : str, optional
        Keep items on this cancer type or a narrower one.

    Returns
    -------
    DataFrame
        One row per item and treatment, sorted by profile, cancer type, treatment and item:
        evidence_id, profile (normal form of the molecular profile), hgnc_ids, genes (tuples),
        cancer_type_id, cancer_type, treatment_id (ids of its drugs joined by "+"), treatment,
        interaction, finding (``resistance``, ``sensitivity``; ``no resistance`` and ``no
        sensitivity`` where the item speaks against it), significance (as the source words it),
        level, rating, is_flagged, mechanism_ids, mechanisms (tuples), reference_id, year (of
        publication), references (text with status).

    Raises
    ------
    DataError
        For an unknown gene or cancer type.
    """
    table, hgnc_id = atlas.evidence, gene_id(atlas, gene)
    kept = below(atlas, "cancer_type", cancer_type)
    if kept is not None:
        table = table[table["cancer_type_id"].isin(kept)]
    if hgnc_id is not None:
        linked = atlas.evidence_genes
        named = linked.loc[linked["hgnc_id"].eq(hgnc_id), "evidence_id"]
        table = table[table["evidence_id"].isin(named)]
    return _framed(_items(atlas, table))


def mutations(atlas: Atlas, gene: str, *, cancer_type: str | None = None) -> pd.DataFrame:
    """Evidence items on mutations of a gene that name a residue.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    gene : str
        Symbol or id of the gene.
    cancer_type : str, optional
        Keep items on this cancer type or a narrower one.

    Returns
    -------
    DataFrame
        One row per item, treatment and mutation, sorted by position: gene (symbol), mutation
        (normal form without the gene), start, end (residues, counted from 1), only_with (what the
        profile asks for besides it: other mutations, amplifications and the like; missing where
        it asks for nothing, for a fusion, or that something is absent), and the columns of
        `alteration_items`. A mutation that a profile says must be absent has no row.

    Raises
    ------
    DataError
        For an unknown gene or cancer type.
    """
    rows = alteration_items(atlas, gene=gene, cancer_type=cancer_type)
    symbol = names(atlas, "gene")[str(gene_id(atlas, gene))]
    places = [
        {"profile": profile, "gene": symbol, "mutation": one.change, "start": one.start,
         "end": one.end, "only_with": beside}
        for profile in rows["profile"].unique()
        for one, beside in _present(profile).items()
        if symbol in one.genes and one.start is not None and one.kind not in NO_MUTATION
    ]  # fmt: skip
    columns = ["profile", "gene", "mutation", "start", "end", "only_with"]
    placed = pd.DataFrame(places, columns=columns).astype(
        dict.fromkeys(columns, schema.TEXT) | {"start": "Int64", "end": "Int64"}
    )
    by = ["start", "mutation", *_ORDER]
    found = placed.merge(rows, on="profile").sort_values(by, ignore_index=True)
    return found[[*columns[1:], *COLUMNS]]


def gene_id(atlas: Atlas, gene: str | None) -> str | None:
    """Return the id of a gene given by symbol or id; no gene gives ``None``.

    Raises
    ------
    DataError
        If it is not a gene of the tables; names the nearest symbol.
    """
    table = atlas.genes
    if gene is None or gene in set(table["hgnc_id"]):
        return gene
    one_of(gene, table["symbol"], what="gene", where="atlas.genes, column symbol")
    return str(table.loc[table["symbol"].eq(gene), "hgnc_id"].iloc[0])


def treatments(
    drugs: tuple[str, ...], interaction: object, called: pd.Series[str]
) -> Iterator[tuple[str, str]]:
    """List the treatments of a therapy set: id and name of each.

    Parameters
    ----------
    drugs : tuple of str
        Ids of the drugs.
    interaction : str or missing
        How they act together, as the item says.
    called : Series
        Name of each drug, by id.
    """
    if interaction == "substitutes":
        yield from ((drug, called[drug]) for drug in drugs)
    elif drugs:
        yield "+".join(drugs), treatment((called[drug] for drug in drugs), str(interaction))


def treatment(names: Iterable[str], interaction: str) -> str:
    """Name the drugs of a therapy set as they were given.

    Parameters
    ----------
    names : iterable of str
        Names of the drugs, in any order.
    interaction : str
        ``combination``, ``substitutes``, ``sequential``; empty if it is not given.

    Returns
    -------
    str
        Sorted names: ``A + B``, ``A or B``, ``A and B in sequence`` (which came first is not
        kept), and ``A; B`` where it is not given.
    """
    between, after = JOINED.get(interaction, ("; ", ""))
    sorted_names = sorted(set(names), key=str.casefold)
    return between.join(sorted_names) + (after if len(sorted_names) > 1 else "")


def gathered(table: pd.DataFrame, value: str) -> dict[str, tuple[str, ...]]:
    """List the values of a linking table by its first column, each once, sorted."""
    found: dict[str, set[str]] = {}
    for key, one in zip(table.iloc[:, 0], table[value], strict=True):
        found.setdefault(key, set()).add(one)
    return {key: tuple(sorted(ids)) for key, ids in found.items()}


_ORDER = ["profile", "cancer_type_id", "treatment_id", "evidence_id"]


def _items(atlas: Atlas, table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Give each item and treatment as a row."""
    linked, called = _linked(atlas), names(atlas, "therapy")
    drugs = gathered(atlas.evidence_therapies, "therapy_id")
    cancers, texts = names(atlas, "cancer_type"), status_texts(atlas)
    table = table.assign(year=table["reference_id"].map(years(atlas)))
    items: Iterator[Any] = table.itertuples(index=False)
    for item in items:
        cited = [item.reference_id] if pd.notna(item.reference_id) else []
        row = {
            **item._asdict(),
            **linked(item.evidence_id),
            "profile": normal(item.molecular_profile),
            "cancer_type": cancers[item.cancer_type_id],
            "finding": FINDINGS[item.predicate == RESISTS, item.direction],
            "references": cite(texts, cited),
        }
        for id_, name in treatments(drugs.get(item.evidence_id, ()), item.interaction, called):
            yield {**row, "treatment_id": id_, "treatment": name}


def _linked(atlas: Atlas) -> Callable[[str], dict[str, tuple[str, ...]]]:
    """Prepare to look up genes and mechanisms of an item, ids and names."""
    genes = gathered(atlas.evidence_genes, "hgnc_id")
    mechanisms = gathered(atlas.evidence_mechanisms, "mechanism_id")
    symbols, called = names(atlas, "gene"), names(atlas, "mechanism")

    def look_up(item: str) -> dict[str, tuple[str, ...]]:
        held, read = genes.get(item, ()), mechanisms.get(item, ())
        return {
            "hgnc_ids": held,
            "genes": tuple(symbols[id_] for id_ in held),
            "mechanism_ids": read,
            "mechanisms": tuple(called[id_] for id_ in read),
        }

    return look_up


def _framed(rows: Iterator[dict[str, Any]]) -> pd.DataFrame:
    """Put rows into a frame with the types that do not depend on what it holds."""
    frame = pd.DataFrame(list(rows), columns=COLUMNS)
    tuples = ("hgnc_ids", "genes", "mechanism_ids", "mechanisms")
    types: dict[str, Any] = dict.fromkeys(COLUMNS, schema.TEXT)
    types |= dict.fromkeys(tuples, object)
    types |= {"rating": "Int64", "year": "Int64", "is_flagged": "boolean"}
    return frame.astype(types).sort_values(_ORDER, ignore_index=True)


def normal(profile: str) -> str:
    """Write a molecular profile in normal form; what cannot be read stays as it is worded."""
    try:
        return str(parse(profile))
    except schema.DataError:
        return profile


def years(atlas: Atlas) -> dict[str, Any]:
    """Return the year of each reference: the one that was found, else the one printed."""
    table = atlas.references
    found = table["resolved_year"].fillna(table["printed_year"])
    return dict(zip(table["reference_id"], found, strict=True))


def _present(profile: str) -> dict[Alteration, str | None]:
    """List the alterations of a profile that must be there, with what it asks for besides each."""
    try:
        expression = parse(profile)
    except schema.DataError:
        return {}
    found: dict[Alteration, str | None] = {}
    for one, beside in _held(expression, ()):
        text = str(And(beside)) if len(beside) > 1 else "".join(map(str, beside)) or None
        # In "A OR ( A AND B )" the first is enough.
        found[one] = text if found.get(one, text) else None
    return found


def _held(
    expression: Expression, beside: tuple[Expression, ...]
) -> Iterator[tuple[Alteration, tuple[Expression, ...]]]:
    if isinstance(expression, Alteration):
        yield from ((leaf, beside) for leaf in leaves(expression))
    elif isinstance(expression, Or):
        for part in expression.parts:
            yield from _held(part, beside)
    elif isinstance(expression, And):
        for part in expression.parts:
            others = [one for one in expression.parts if one is not part and _shares(one)]
            yield from _held(part, (*beside, *others))


def _shares(part: Expression) -> bool:
    """Whether a part of a profile may be what an item's finding rests on."""
    return not isinstance(part, Not) and any(one.kind not in BACKGROUND for one in leaves(part))
