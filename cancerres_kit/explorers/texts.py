"""The texts under a figure: claims as a table, their download, references with their status."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from cancerres_kit import display, theme
from cancerres_kit.explorers.claim_index import marked

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

NAMED = 3  # what a sentence names one by one
HEADING = "margin:0.8rem 0 0.3rem;font-size:1.05rem;font-weight:600"
WINDOW = "max-height:22rem;overflow:auto;border-top:1px solid var(--jp-border-color2,#ccc)"
TIES = {
    "overcomes": "Said to overcome resistance by a mechanism here",
    "motivates": "Called for by a mechanism here",
}


def section(title: str, html: str) -> str:
    """A heading and what stands under it; long content scrolls, also by keyboard."""
    name = display.escape(title)
    window = f'<div role="region" aria-label="{name}" tabindex="0" style="{WINDOW}">{html}</div>'
    return page(f'<h4 style="{HEADING}">{name}</h4>{window}')


def page(html: str) -> str:
    """HTML as the notebook shows it in an output, with its links and in its theme."""
    return f'<div class="jp-RenderedHTMLCommon" style="padding-right:0">{html}</div>'


def claims_table(rows: pd.DataFrame, *, columns: Sequence[str], empty: str) -> str:
    """Claims as a table of what a reader needs; all columns are in the download.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of `ClaimIndex.table`.
    columns : sequence of str
        Columns to show.
    empty : str
        What to say where there are none.
    """
    if rows.empty:
        return section("No claim", f"<p>{display.escape(empty)}</p>")
    return section(display.count(len(rows), "claim"), display.table(rows, columns=columns).data)


def references(atlas: Atlas, reference_ids: Sequence[str], *, noun: str = "claim") -> str:
    """References as printed, what they turned out to be, and what can be read instead."""
    if not reference_ids:
        return section("No reference", f"<p>No {noun} here cites a reference.</p>")
    title = f"{display.count(len(reference_ids), 'reference')} behind these {noun}s"
    return section(title, display.references(atlas, *reference_ids).data)


def answers(arrows: pd.DataFrame) -> str:
    """Say in a sentence which strategies a map shows, and how they are tied to mechanisms."""
    parts = []
    for relation, meaning in TIES.items():
        tied = arrows["target_kind"].eq("strategy") & arrows["relation"].eq(relation)
        if tied.any():
            names = sorted(set(arrows.loc[tied, "target"]))
            parts.append(f"{meaning}: {display.listing(names, limit=NAMED)}.")
    if not parts:
        return "No strategy is tied to a mechanism here."
    return " ".join(parts)


def support(atlas: Atlas, rows: pd.DataFrame, reference_ids: Sequence[str]) -> str:
    """Say in a sentence what claims rest on, and what a check of it found."""
    if not reference_ids:
        return "None of this cites a reference."
    if len(reference_ids) <= NAMED:
        marks = marked(atlas)
        cited = display.listing([marks[key] for key in reference_ids])
    else:
        status = atlas.references.set_index("reference_id").loc[list(reference_ids), "status"]
        found = status.astype("str").value_counts().items()
        words = ", ".join(f"{theme.word(str(name))}: {n}" for name, n in found)
        cited = f"{display.count(len(reference_ids), 'reference')} ({words})"
    uncited = int(rows["basis"].eq("uncited").sum())
    cite = display.agree(uncited, "cites", "cite")
    rest = f"; {display.count(uncited, 'claim')} {cite} none" if uncited else ""
    return f"What they rest on: {cited}{rest}."
