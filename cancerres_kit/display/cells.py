"""Cells and tables of HTML: escaped text, badges with words, links that are checked before made.

One decision: what can be misread never stands by colour alone, and an address is only linked when
it has the form of one; anything else stays text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from datetime import date
from urllib.parse import quote

import numpy as np
import pandas as pd

from cancerres_kit import theme
from cancerres_kit.display.prose import escape

BADGES = {
    "confirmed": "✓",
    "different_details": "≠",
    "no_trace": "✗",
    "not_from_review": "✚",
    "uncited": "○",
}
"""Symbol of each status; the badge also says it in words."""

NOTHING = '<span title="nothing recorded">–</span>'  # noqa: RUF001
STYLE = (
    ".cancerres{border-collapse:collapse}"
    ".cancerres caption{caption-side:top;text-align:left;font-weight:600;padding:.4em 0}"
    ".cancerres th,.cancerres td{padding:.35em .7em;vertical-align:top;white-space:normal;"
    "overflow-wrap:break-word;max-width:32em;line-height:1.4}"
    ".cancerres tbody th{font-weight:600}"
    ".cancerres thead th{border-bottom:2px solid currentColor}"
    ".cancerres tbody tr{border-bottom:1px solid rgba(128,128,128,.4)}"
)

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"'<>\\^`{|}]+")
_CIVIC = re.compile(r"civic\.eid:([1-9]\d{0,8})")
_PMID = re.compile(r"(?:pubmed:)?([1-9]\d{0,8})")
_WORDED = frozenset({"relation", "kind", "source_kind", "target_kind", "of_kind", "level", "via"})
_BADGED = frozenset({"status", "basis"})
_ITEMS = frozenset({"item", "items_for", "items_against", "countering_item"})


def cell(column: str, value: object) -> str:
    """Show one value of a column as HTML."""
    if isinstance(value, tuple | list):
        return "; ".join(cell(column, item) for item in value) or NOTHING
    if value is None or value is pd.NA or value is pd.NaT or value != value or value == "":
        return NOTHING
    if column in _BADGED and str(value) in BADGES:
        return badge(str(value))
    for ending, link in (("doi", doi_link), ("pmid", pmid_link)):
        if column == ending or column.endswith(f"_{ending}"):
            return link(str(value))
    if column in _ITEMS:
        return civic_link(str(value))
    return escape(_text(column, value))


def badge(status: str) -> str:
    """Show a status by symbol and words, in a colour that reads on light and dark pages."""
    fill = theme.colour("status", status)
    look = f"background-color:{fill};color:{theme.ink(fill)};padding:.05em .5em;border-radius:.6em"
    look += ";white-space:nowrap"
    sign = f'<span aria-hidden="true">{BADGES.get(status, "?")}</span>'
    return f'<span style="{look}">{sign} {escape(theme.word(status))}</span>'


def folded(title: str, content: str) -> str:
    """Fold HTML away behind a title that opens it, by mouse or keyboard."""
    return f"<details><summary>{escape(title)}</summary>{content}</details>"


def doi_link(doi: str) -> str:
    """Link a well-formed DOI; anything else stays text."""
    if not _DOI.fullmatch(doi):
        return escape(doi)
    return _link("https://doi.org/" + quote(doi, safe="/:;().-_"), f"doi:{doi}")


def pmid_link(pmid: str) -> str:
    """Link a well-formed PubMed identifier (a number or a CURIE); anything else stays text."""
    found = _PMID.fullmatch(pmid)
    if not found:
        return escape(pmid)
    return _link(f"https://pubmed.ncbi.nlm.nih.gov/{found[1]}/", f"PubMed {found[1]}")


def civic_link(evidence_id: str) -> str:
    """Link an item of CIViC given by its CURIE; the id of any other item stays text."""
    found = _CIVIC.fullmatch(evidence_id)
    if not found:
        return escape(evidence_id)
    return _link(f"https://civicdb.org/links/evidence/{found[1]}", f"CIViC {found[1]}")


def linked(text: object, doi: str | None, pmid: str | None) -> str:
    """Show a citation with the links that lead to it."""
    parts = [cell("", text)]
    parts += [doi_link(doi)] if pd.notna(doi) else []
    parts += [pmid_link(pmid)] if pd.notna(pmid) else []
    return " ".join(parts)


def tabular(
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    caption: str | None,
    numeric: Sequence[bool] = (),
) -> str:
    """Build a table from cells that are HTML already.

    Parameters
    ----------
    headers : sequence of str
        Plain text of the column heads.
    rows : iterable of sequences of str
        Cells as HTML; the first of a row is its head.
    caption : str or None
        Plain text above the table.
    numeric : sequence of bool
        Which columns hold numbers; they stand to the right.
    """
    sides = ["right" if is_number else "left" for is_number in numeric] or ["left"] * len(headers)
    heads = zip(headers, sides, strict=True)
    top = "".join(_cell("th", escape(text), side, ' scope="col"') for text, side in heads)
    body = ["<tr>" + _row(row, sides) + "</tr>" for row in rows]
    if not body:
        body = [f'<tr><td colspan="{len(headers)}">Nothing curated.</td></tr>']
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    # Mathematics between dollar signs would change text that comes from a table.
    # JupyterLab would make all columns equally wide.
    start = '<table class="cancerres mathjax_ignore tex2jax_ignore" style="table-layout:auto">'
    inner = f"{title}<thead><tr>{top}</tr></thead>\n<tbody>\n" + "\n".join(body) + "\n</tbody>"
    return f'<style>{STYLE}</style><div style="overflow-x:auto">{start}{inner}</table></div>'


def _row(cells: Sequence[str], sides: Sequence[str]) -> str:
    first = _cell("th", cells[0], sides[0], ' scope="row"')
    return first + "".join(_cell("td", *rest) for rest in zip(cells[1:], sides[1:], strict=True))


def _cell(tag: str, content: str, side: str, scope: str = "") -> str:
    # Jupyter sets cells to the right and, until it trusts a page, keeps only their own styles.
    return f'<{tag}{scope} style="text-align:{side}">{content}</{tag}>'


def _link(address: str, text: str) -> str:
    rel = 'target="_blank" rel="noopener noreferrer"'
    return f'<a href="{html.escape(address)}" {rel}>{escape(text)}</a>'


def _text(column: str, value: object) -> str:
    if isinstance(value, bool | np.bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, date):  # a timestamp is one too
        return value.isoformat()[:10]
    return theme.word(str(value)) if column in _WORDED else str(value)
