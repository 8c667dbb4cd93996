"""What is curated about one subject: the sentences and tables that reports are made of.

A subject is what a support (claim, evidence item, countermeasure) has to name: a mechanism,
strategy, cancer type or therapy with everything below it in its tree, or a level of mechanisms.
Several hold together, and an empty text asks for nothing, so that templates hand on their
parameters as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cancerres_kit import display, links, schema
from cancerres_kit.links import things
from cancerres_kit.links.references import cite, status_texts
from cancerres_kit.links.supports import holding, members, naming

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

# What a reader of a report needs of a claim; ids and references are in the notebook's own frame.
CLAIM_COLUMNS = ["section", "paragraph", "statement", "relation", "mechanisms", "strategies"]
CLAIM_COLUMNS += ["references"]
MOST_NAMES = 8
SUPPORTS = {"claim": "claim", "evidence": "evidence item", "countermeasure": "countermeasure"}
BASIS_WORDS = {
    "confirmed": "on a confirmed reference",
    "not_from_review": "at best on a reference that the curators added",
    "different_details": "at best on a reference that exists with other details",
    "no_trace": "at best on a reference that left no trace",
    "uncited": "on nothing that is cited",
}


def title(atlas: Atlas, kind: str, id: str) -> str:  # noqa: A002
    """Return the title of the report on one row, plain text.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    kind : str
        ``cancer_type``, ``mechanism``, ``strategy`` or ``therapy``.
    id : str
        Key of the row.

    Returns
    -------
    str
        Such as ``Therapy resistance: Breast cancer``.

    Raises
    ------
    DataError
        If there is no such row.
    """
    return f"Therapy resistance: {things.names(atlas, kind)[things.checked(atlas, kind, id)]}"


def claims(atlas: Atlas, **subject: str) -> pd.DataFrame:
    """Return the claims that name a subject.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    **subject : str
        ``mechanism``, ``strategy``, ``cancer_type``, ``therapy`` (ids) and ``level``.

    Returns
    -------
    pandas.DataFrame
        Columns as `links.claim_table`, and references: text such as ``[2] no trace``.

    Raises
    ------
    DataError
        If an id or level does not exist.
    """
    named = told(atlas, **subject)
    ids = named.loc[named["support"].eq("claim"), "support_id"].unique()
    table, texts = links.claim_table(atlas, claim_ids=ids), status_texts(atlas)
    cited = [cite(texts, filter(None, joined.split("; "))) for joined in table["reference_ids"]]
    return table.assign(references=pd.Series(cited, index=table.index, dtype=schema.TEXT))


def arrows(atlas: Atlas, *, strategy: str = "", **subject: str) -> pd.DataFrame:
    """Return the resistance map of a subject; of a strategy, the arrows that lead up to it.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    strategy : str
        Key of a strategy; others are left out together with mechanisms that do not lead to it.
    **subject : str
        ``mechanism``, ``cancer_type``, ``therapy`` (ids) and ``level``.

    Returns
    -------
    pandas.DataFrame
        Columns as `links.resistance_map`.

    Raises
    ------
    DataError
        If an id or level does not exist.
    """
    given = {name: value for name, value in subject.items() if value}
    found = links.resistance_map(atlas, **given)
    below = things.below(atlas, "strategy", strategy or None)
    if below is None:
        return found
    last = found[found["target_kind"].eq("strategy") & found["target_id"].isin(below)]
    first = found[found["target_id"].isin(last["source_id"])]
    return pd.concat([first, last], ignore_index=True)


def summary(atlas: Atlas, **subject: str) -> str:
    """Say in a few sentences what is curated about a subject and what it rests on.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    **subject : str
        ``mechanism``, ``strategy``, ``cancer_type``, ``therapy`` (ids) and ``level``.

    Returns
    -------
    str
        Markdown; names are escaped.

    Raises
    ------
    DataError
        If an id or level does not exist.
    """
    named, about = told(atlas, **subject), _words(atlas, subject)
    if named.empty:
        nothing = (
            f"**Nothing is curated about {about}.** Nobody has entered a claim or an item of "
            "evidence yet; that says nothing about the disease. The map and the tables below are "
            "empty."
        )
        return "\n\n".join([*_definitions(atlas, subject), nothing, *_wider(atlas, subject)])
    counts = named.groupby("support")["support_id"].nunique()
    found = [
        display.count(int(counts[key]), noun) for key, noun in SUPPORTS.items() if key in counts
    ]
    tied = [text for kind in things.TREES[:2] if (text := _tied(atlas, named, kind, subject))]
    sentence = (
        f"**{about}**: {display.listing(found)}, which name {' and '.join(tied) or 'it alone'}."
    )
    parts = [*_definitions(atlas, subject), sentence, _basis(claims(atlas, **subject))]
    return "\n\n".join([*parts, *_wider(atlas, subject)])


def not_curated(atlas: Atlas, **subject: str) -> pd.DataFrame:
    """List what nothing ties to a subject: not what is known to be absent.

    A heading counts as curated where something below it in its tree is.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    **subject : str
        ``mechanism``, ``strategy``, ``cancer_type``, ``therapy`` (ids) and ``level``.

    Returns
    -------
    pandas.DataFrame
        One row per kind of thing (therapies are too many to list): kind, not_curated (text such as
        ``14 of 23``), names (joined by "; ").

    Raises
    ------
    DataError
        If an id or level does not exist.
    """
    named = told(atlas, **subject)
    kinds = [kind for kind in things.TREES[:3] if not subject.get(kind)]
    return pd.DataFrame([_missing(atlas, named, kind) for kind in kinds])


def told(atlas: Atlas, **subject: str) -> pd.DataFrame:
    """List the members of all supports that name everything of a subject.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    **subject : str
        ``mechanism``, ``strategy``, ``cancer_type``, ``therapy`` (ids) and ``level``.

    Returns
    -------
    pandas.DataFrame
        Columns as `cancerres_kit.links.members`.

    Raises
    ------
    DataError
        If an id or level does not exist.
    """
    listed = members(atlas)
    rows = listed
    for kind, value in subject.items():
        if kind == "level" and value:
            rows = naming(rows, listed, "mechanism", things.of_level(atlas, value))
        elif value:
            rows = naming(rows, listed, kind, things.below(atlas, kind, value))
    return rows


def _words(atlas: Atlas, subject: dict[str, str]) -> str:
    """Say a subject: its names, escaped."""
    given = {kind: value for kind, value in subject.items() if value}
    named = [
        f"{value} mechanisms" if kind == "level" else str(things.names(atlas, kind)[value])
        for kind, value in given.items()
    ]
    return display.escape(" with ".join(named))


def _definitions(atlas: Atlas, subject: dict[str, str]) -> list[str]:
    """Return what the tables say a mechanism or strategy is."""
    kinds = [kind for kind in ("mechanism", "strategy") if subject.get(kind)]
    tables = [getattr(atlas, things.TABLES[kind]).set_index(things.key_of(kind)) for kind in kinds]
    texts = [table["definition"][subject[kind]] for kind, table in zip(kinds, tables, strict=True)]
    return [f"*{display.escape(text)}*" for text in texts]


def _tied(atlas: Atlas, named: pd.DataFrame, kind: str, subject: dict[str, str]) -> str:
    """Say what else of a kind is named together with the subject; empty if nothing is."""
    ids = [key for key in _ids_of(named, kind) if key != subject.get(kind)]
    if not ids:
        return ""
    noun = f"other {things.words(kind)}" if subject.get(kind) else things.words(kind)
    texts = [f"*{display.escape(text)}*" for text in things.names(atlas, kind)[ids]]
    return f"{display.count(len(ids), noun)} ({display.listing(texts, limit=MOST_NAMES)})"


def _basis(curated: pd.DataFrame) -> str:
    """Say how many claims rest on what; empty if there are none."""
    rested = curated["basis"].value_counts()
    parts = [
        f"{rested[key]} {display.agree(rested[key], 'rests', 'rest')} {words}"
        for key, words in BASIS_WORDS.items()
        if rested[key]
    ]
    return f"Of the claims, {display.listing(parts)}." if parts else ""


def _wider(atlas: Atlas, subject: dict[str, str]) -> list[str]:
    """Point to what is said of the heading above a subject, which its report does not repeat."""
    sentences = []
    for kind in things.TREES:
        table = getattr(atlas, things.TABLES[kind]).set_index(things.key_of(kind))
        if subject.get(kind) and pd.notna(wider := table["parent_id"][subject[kind]]):
            name = display.escape(table["name"][wider])
            sentences.append(f"What is said of *{name}* is in the report `{kind} {wider}`.")
    return sentences


def _missing(atlas: Atlas, named: pd.DataFrame, kind: str) -> dict[str, object]:
    texts = things.names(atlas, kind)
    table = getattr(atlas, things.TABLES[kind])
    tied = set(_ids_of(named, kind))
    lacking = [key for key in texts.index if tied.isdisjoint(things.subtree(table, key))]
    return {
        "kind": things.words(kind),
        "not_curated": f"{len(lacking)} of {len(texts)}",
        "names": "; ".join(texts[lacking]),
    }


def _ids_of(named: pd.DataFrame, kind: str) -> list[str]:
    return sorted(holding(named, kind)[things.key_of(kind)].unique())
