"""Mechanism by cancer type: how much is curated in each cell.

One decision: a cell that nobody curated is grey and carries a dash. It is never a zero, which
would say that somebody had looked and found nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from cancerres_kit import theme
from cancerres_kit.figures import words
from cancerres_kit.figures.canvas import blank, canvas, need, note, records, swatch
from cancerres_kit.figures.tree import in_tree_order

NEEDED = ("mechanism_id", "cancer_type_id", "n_claims", "claim_ids", "basis")
SCALE = ("#2f7fbf", "#08306b")
"""Colours of the fewest and of the most claims; both bear white text."""
ROW = 23.0
"""Height of a row [px]."""
DASH = "\u2013"
"""Mark of a cell that is not curated."""
SLANT = -40
"""Angle of the heads of the columns where they do not fit lying flat [degrees]."""
Row = dict[str, Any]
Cells = Mapping[tuple[str, str], Row]


def evidence_heatmap(
    cells: pd.DataFrame, mechanisms: pd.DataFrame, cancer_types: pd.DataFrame
) -> go.Figure:
    """Draw for every mechanism and cancer type how many claims there are.

    Parameters
    ----------
    cells : pandas.DataFrame
        One row per curated cell, as `cancerres_kit.links.mechanism_cancer_types` gives it:
        mechanism_id, cancer_type_id, n_claims, claim_ids, basis; n_evidence where there is any.
    mechanisms : pandas.DataFrame
        The rows of the picture: mechanism_id, parent_id, name.
    cancer_types : pandas.DataFrame
        Its columns: cancer_type_id, parent_id, name.

    Returns
    -------
    plotly.graph_objects.Figure
        Two heatmap traces: cells with claims, and cells that are not curated.

    Raises
    ------
    DataError
        If a column is missing.
    """
    need(cells, NEEDED, what="the frame of cells")
    need(mechanisms, ("mechanism_id", "parent_id", "name"), what="the frame of mechanisms")
    need(cancer_types, ("cancer_type_id", "parent_id", "name"), what="the frame of cancer types")
    down, across = in_tree_order(mechanisms), in_tree_order(cancer_types)
    if not down or not across:
        lack = "mechanism" if not down else "cancer type"
        return blank(f"Nothing curated: there is no {lack} to show", traces=[go.Heatmap()] * 2)
    found = _found(cells, down, across)
    heads, angle, high = _heads([column["name"] for column in across])
    names = [words.folded(row["name"], 48, lines=1) for row in down]
    keys = [[(row["id"], column["id"]) for column in across] for row in down]
    return canvas(
        _traces(keys, {"x": _distinct(heads), "y": _distinct(names)}, found),
        title=_title(down, across, found),
        subtitle=_subtitle(found),
        description=_description(down, across, found),
        body=ROW * len(down),
        head=30.0 + high,
        layout=_layout(angle, high, found),
    )


def _heads(names: list[str]) -> tuple[list[str], int, float]:
    """Heads of the columns, their angle, and the height that they need [px].

    They lie flat as long as their longest word fits into a column of a narrow screen.
    """
    width = max(9, 72 // len(names))
    if all(len(word) <= width for name in names for word in name.split()):
        flat = [words.folded(name, width, lines=4) for name in names]
        return flat, 0, 18.0 * max(words.depth(head) for head in flat)
    slanted = [words.folded(name, 32, lines=1) for name in names]
    return slanted, SLANT, 10 + 4.2 * max(len(head) for head in slanted)


def _found(cells: pd.DataFrame, down: list[Row], across: list[Row]) -> Cells:
    """The curated cells of the rows and columns that are drawn."""
    keys = {(row["id"], column["id"]) for row in down for column in across}
    return {
        key: row
        for row in records(cells)
        if (key := (str(row["mechanism_id"]), str(row["cancer_type_id"]))) in keys
        and words.tally(row)
    }


def _traces(
    keys: list[list[tuple[str, str]]], axes: dict[str, list[str]], found: Cells
) -> list[go.Heatmap]:
    """The curated cells in blue, the others in grey with a dash."""
    totals = [[_total(found, key) for key in line] for line in keys]
    most = max((n for line in totals for n in line if n), default=1)
    shared = {**axes, "xgap": 2, "ygap": 2, "showscale": False, "hoverongaps": False}
    where = "<b>%{y}</b><br>%{x}<br>"
    curated = go.Heatmap(
        z=totals,
        zmin=1,
        zmax=max(most, 2),
        colorscale=[[0, SCALE[0]], [1, SCALE[1]]],
        texttemplate="%{z}",
        textfont={"size": theme.TEXT_SIZE, "color": "#ffffff"},
        customdata=[[_hover(found.get(key)) for key in line] for line in keys],
        hovertemplate=where + "%{customdata}<extra></extra>",
        **shared,
    )
    bare = go.Heatmap(
        z=[[1 if n is None else None for n in line] for line in totals],
        colorscale=[[0, theme.EMPTY], [1, theme.EMPTY]],
        text=[[DASH if n is None else "" for n in line] for line in totals],
        texttemplate="%{text}",
        textfont={"size": theme.TEXT_SIZE, "color": theme.SOFT_INK},
        hovertemplate=where + "not curated<extra></extra>",
        **shared,
    )
    return [curated, bare]


def _total(found: Cells, key: tuple[str, str]) -> int | None:
    """What a cell rests on, in numbers; nothing where it is not curated."""
    return sum(words.tally(found[key]).values()) if key in found else None


def _hover(row: Row | None) -> str | None:
    """What a curated cell says when pointed at, beside the names."""
    if row is None:
        return None
    ids = words.listing([words.plain(name) for name in row["claim_ids"]], limit=6)
    text = words.folded(words.tallied(row) + (f": {ids}" if ids else ""), 60)
    return f"{text}<br>Basis: {words.escape(theme.word(str(row['basis'])))}"


def _distinct(names: list[str]) -> list[str]:
    """The names; of equal ones the later get invisible spaces, or they would share a row."""
    seen = Counter[str]()
    told = []
    for name in names:
        told.append(name + "\u200b" * seen[name])
        seen[name] += 1
    return told


def _layout(angle: int, high: float, found: Cells) -> dict[str, Any]:
    """Axes with names, wide before narrow, and the key to what is not curated."""
    noun = words.support_noun(found.values())
    style = {"font": {"color": theme.SOFT_INK}, "xanchor": "left", "yanchor": "bottom"}
    top = 12 + high
    places = ((0, f"number = {noun}s", SCALE[0]), (150, f"{DASH} = not curated", theme.EMPTY))
    shapes = [
        swatch(left=x, top=top + 3, fillcolor=fill, line={"width": 0}) for x, _, fill in places
    ]
    notes = [note(text, x=0, y=1, xshift=x + 32, yshift=top, **style) for x, text, _ in places]
    return {
        "xaxis": {"side": "top", "tickangle": angle, "fixedrange": True},
        "yaxis": {"autorange": "reversed", "fixedrange": True},
        "annotations": notes,
        "shapes": shapes,
    }


def _title(down: list[Row], across: list[Row], found: Cells) -> str:
    """The finding: how little of the table is curated, and where most of it is."""
    size = len(down) * len(across)
    if not found:
        return f"None of {size} pairs of mechanism and cancer type is curated"
    verb = "is" if len(found) == 1 else "are"
    start = (
        f"{len(found)} of {words.count(size, 'pair')} of mechanism and cancer type {verb} curated"
    )
    per = Counter(key[1] for key in found)
    most = max(per.values())
    leaders = [column["name"] for column in across if per[column["id"]] == most]
    if len(across) == 1 or len(leaders) > 1 or len(found) == 1:
        return start
    return f"{start}; {leaders[0]} has {most} of them"


def _subtitle(found: Cells) -> str:
    """What is shown, with the caution that goes with it."""
    number = f"Number of {words.support_noun(found.values())}s in each pair"
    return f"{number}. Not curated means that no row was entered, not that there is no effect."


def _description(down: list[Row], across: list[Row], found: Cells) -> str:
    """The table in sentences, column by column."""
    size = f"{words.count(len(down), 'mechanism')} by {words.count(len(across), 'cancer type')}"
    parts = [f"Heatmap of {size}. {_title(down, across, found)}. {_subtitle(found)}"]
    for column in across:
        cells = [(row["name"], found.get((row["id"], column["id"]))) for row in down]
        told = [f"{name} ({words.tallied(cell)})" for name, cell in cells if cell is not None]
        bare = len(cells) - len(told)
        rest = f"; {words.count(bare, 'mechanism')} not curated" if told and bare else ""
        parts.append(f"{column['name']}: {words.listing(told) or 'nothing curated'}{rest}.")
    return " ".join(parts)
