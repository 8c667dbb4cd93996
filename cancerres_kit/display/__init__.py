"""What a person reads in a notebook: tables, references with their status, computed sentences.

One decision: whatever comes from a table is escaped here, once, and the same input always gives the
same text, so that committed notebooks can be compared letter by letter.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cancerres_kit import links, schema, theme
from cancerres_kit.display import cells
from cancerres_kit.display.prose import NOTICE, agree, count, escape, listing, percent
from cancerres_kit.display.spreadsheets import csv, download
from cancerres_kit.schema.problems import quoted

if TYPE_CHECKING:
    from IPython.display import HTML, Markdown

    from cancerres_kit.atlas import Atlas

__all__ = [
    "NOTICE",
    "agree",
    "count",
    "csv",
    "download",
    "escape",
    "glossary",
    "listing",
    "markdown",
    "percent",
    "references",
    "statements",
    "table",
]


def markdown(text: str) -> Markdown:
    """Show a text as Markdown; put `escape` around what comes from a table.

    Parameters
    ----------
    text : str
        Markdown.

    Returns
    -------
    IPython.display.Markdown
        To be the last value of a cell.
    """
    from IPython.display import Markdown  # only notebooks need it

    return Markdown(text)  # type: ignore[no-untyped-call]


def table(
    frame: pd.DataFrame, *, columns: Sequence[str] | None = None, caption: str | None = None
) -> HTML:
    """Show a frame as an accessible table.

    Parameters
    ----------
    frame : DataFrame
        What to show; everything in it is escaped. Status and basis become badges with words, DOIs
        and PubMed identifiers links, tuples lists; a missing value shows as a dash.
    columns : sequence of str, optional
        Columns to show, in this order; all if left out.
    caption : str, optional
        Text above the table.

    Returns
    -------
    IPython.display.HTML
        The same text for the same frame; ``.data`` holds it.

    Raises
    ------
    DataError
        For a column that the frame does not have.
    """
    shown = list(frame.columns) if columns is None else _columns(frame, columns)
    headers = [theme.label(str(name)) for name in shown]
    values = [[cells.cell(name, value) for value in frame[name]] for name in shown]
    types = [frame[name].dtype for name in shown]
    is_number, is_truth = pd.api.types.is_numeric_dtype, pd.api.types.is_bool_dtype
    numeric = [is_number(one) and not is_truth(one) for one in types]
    return _html(
        cells.tabular(headers, zip(*values, strict=True), caption=caption, numeric=numeric)
    )


def references(atlas: Atlas, *reference_ids: str) -> HTML:
    """Show references as printed, what a check found, and what can be read instead.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    *reference_ids : str
        References to show; none shows all.

    Returns
    -------
    IPython.display.HTML
        A table with a row per reference; ``.data`` holds its text.

    Raises
    ------
    DataError
        For an id that is not a reference.
    """
    headers = ["Reference", "As printed", "Status", "As found", "Read instead"]
    listed = links.bibliography(atlas, *reference_ids)
    rows = [
        [
            cells.cell("", row["reference_id"] if pd.isna(row["number"]) else f"[{row['number']}]"),
            cells.cell("", row["as_printed"]),
            cells.badge(row["status"]) + cells.folded("What was checked", _check(row)),
            cells.linked(row["as_resolved"], row["doi"], row["pmid"]),
            cells.linked(row["substitute"], row["substitute_doi"], row["substitute_pmid"]),
        ]
        for row in listed.to_dict("records")
    ]
    return _html(cells.tabular(headers, rows, caption="References and what a check of them found"))


def _check(row: Mapping[Hashable, Any]) -> str:
    """Say what was searched and when, as HTML."""
    return f"{cells.cell('', row['basis'])} ({cells.cell('', row['checked_on'])})"


def statements(atlas: Atlas, claim_ids: Iterable[str]) -> HTML:
    """Show claims with the place where they are made and the references that they rest on.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    claim_ids : iterable of str
        Claims to show.

    Returns
    -------
    IPython.display.HTML
        A table with a row per claim; ``.data`` holds its text.

    Raises
    ------
    DataError
        For an id that is not a claim.
    """
    claims = links.claim_table(atlas, claim_ids=claim_ids)
    cited = links.claims(atlas)
    cited = cited[cited["kind"].eq("reference") & cited["claim_id"].isin(claims["claim_id"])]
    numbers = links.bibliography(atlas).set_index("reference_id")["number"]
    texts: dict[str, list[str]] = {}
    for claim, key, scope, status in cited[["claim_id", "id", "scope", "status"]].itertuples(
        index=False
    ):
        mark = cells.cell("", key if pd.isna(numbers[key]) else f"[{numbers[key]}]")
        where = " by its paragraph" if scope == "paragraph" else ""
        texts.setdefault(claim, []).append(f"{mark}{where} {cells.badge(status)}")
    rows = [
        [
            cells.cell("", f"{row['section']}.{row['paragraph']}"),
            cells.cell("", row["statement"]),
            "<br>".join(texts.get(row["claim_id"], [cells.badge("uncited")])),
        ]
        for row in claims.to_dict("records")
    ]
    return _html(cells.tabular(["Where", "Statement", "References"], rows, caption=None))


def glossary(atlas: Atlas, *terms: str) -> HTML:
    """Show what terms mean.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    *terms : str
        Terms to show, in this order; none shows all.

    Returns
    -------
    IPython.display.HTML
        A table with a row per term; ``.data`` holds its text.

    Raises
    ------
    DataError
        For a term that is not in the glossary.
    """
    listed = atlas.glossary.set_index("term", drop=False)
    for term in terms:
        if term not in listed.index:
            raise schema.unknown(term, listed.index, what="term", where="atlas.glossary")
    shown = listed.loc[list(terms)] if terms else listed.sort_index()
    return table(shown, columns=["term", "definition", "see_also"], caption="Glossary")


def _columns(frame: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    if isinstance(columns, str):
        given = quoted(columns)
        raise schema.DataError(f"columns is a list of names, not one text: write [{given}]")
    for name in columns:
        if name not in frame.columns:
            raise schema.unknown(name, map(str, frame.columns), what="column", where="the frame")
    return list(columns)


def _html(text: str) -> HTML:
    from IPython.display import HTML  # only notebooks need it

    return HTML(text)  # type: ignore[no-untyped-call]
