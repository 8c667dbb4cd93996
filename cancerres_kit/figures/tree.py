"""The tree of mechanisms, coloured by the level of biology at which each acts.

One decision: a cell is as high as its text needs, so that every name can be read; how often a
mechanism is claimed is a number beside its name, not an area. A level is a colour and, where it
begins, a word.
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

NEEDED = ("mechanism_id", "parent_id", "name", "level")
TEXT_WIDTH = 130
"""Characters across the whole picture on a narrow screen."""
LINE, AIR = 17.0, 9.0
"""Height of a line of text, and what a cell adds to it [px]."""
KEY_STEP, KEY_COLUMNS = 165, 5
"""Distance between two entries of the key [px], and entries in one of its lines."""
Row = dict[str, Any]


def mechanism_tree(
    mechanisms: pd.DataFrame, *, counts: Mapping[str, int] | pd.Series | None = None
) -> go.Figure:
    """Draw the mechanisms from wide to narrow.

    Parameters
    ----------
    mechanisms : pandas.DataFrame
        One row per mechanism: mechanism_id, parent_id (missing at the top, or not among the rows),
        name, level.
    counts : mapping or pandas.Series, optional
        Number of claims by mechanism_id; a mechanism without an entry has no claim. Numbers are
        shown only if counts are given.

    Returns
    -------
    plotly.graph_objects.Figure
        One bar per mechanism, in the order of the tree, and a trace with their texts.

    Raises
    ------
    DataError
        If a column is missing.
    """
    need(mechanisms, NEEDED, what="the frame of mechanisms")
    rows = _rows(mechanisms, counts)
    if not rows:
        return blank(
            "Nothing curated: there is no mechanism to show", traces=[go.Bar(), go.Scatter()]
        )
    height, right = _place(rows), max(row["left"] + row["width"] for row in rows)
    levels = sorted({row["level"] for row in rows}, key=lambda level: (_rank(level), level))
    return canvas(
        _traces(rows),
        title=_title(rows, counted=counts is not None),
        subtitle=_subtitle(rows, counted=counts is not None),
        description=_description(rows, levels, counted=counts is not None),
        body=height,
        head=22.0 * -(-len(levels) // KEY_COLUMNS) + 12,
        layout={
            **_key(levels),
            "xaxis": {"visible": False, "range": [0, right]},
            "yaxis": {"visible": False, "range": [height, 0]},
            "showlegend": False,
        },
    )


def in_tree_order(table: pd.DataFrame) -> list[Row]:
    """Rows of a table with parents, each followed by what is below it, with its depth.

    A parent that is not among the rows does not count. Key is the first ``*_id`` column that is not
    ``parent_id``.
    """
    key = next(name for name in table.columns if name.endswith("_id") and name != "parent_id")
    rows: list[Row] = sorted(
        ({**row, "id": str(row[key]), "name": words.plain(row["name"])} for row in records(table)),
        key=lambda row: (row["name"].casefold(), row["id"]),
    )
    ids = {row["id"] for row in rows}
    below: dict[str, list[Row]] = {}
    for row in rows:
        parent = words.plain(row["parent_id"])
        below.setdefault(parent if parent in ids else "", []).append(row)
    ordered: dict[str, Row] = {}

    def walk(row: Row, depth: int, parent: str) -> None:
        if row["id"] not in ordered:
            ordered[row["id"]] = {**row, "depth": depth, "parent": parent}
            for child in below.get(row["id"], []):
                walk(child, depth + 1, row["id"])

    # Rows on a cycle have no way from the top; the first of them stands in for it.
    for row in [*below.get("", []), *rows]:
        walk(row, 0, "")
    return list(ordered.values())


def _rows(mechanisms: pd.DataFrame, counts: Mapping[str, int] | pd.Series | None) -> list[Row]:
    """Mechanisms in the order of the tree, families of the inner levels first, with their text."""
    rows = in_tree_order(mechanisms)
    levels = {row["id"]: words.plain(row["level"]) for row in rows}
    for row in rows:
        row["level"] = levels[row["id"]]
        row["claims"] = int(counts.get(row["id"], 0)) if counts is not None else 0
        row["shown"] = row["name"] if counts is None else f"{row['name']} · {row['claims']}"
    widths = _widths(rows)
    for row in rows:
        width = widths[row["depth"]]
        row["left"], row["width"] = sum(widths[: row["depth"]]), width
        row["text"] = words.folded(row["shown"], width - 2)
        if row["level"] != levels.get(row["parent"]):
            row["text"] += f"<br><i>{words.folded(row['level'], width - 2)}</i>"
    return rows


def _widths(rows: list[Row]) -> list[int]:
    """Width of each column in characters: its longest name, the widest cut where room is short."""
    longest: dict[int, int] = {}
    for row in rows:
        longest[row["depth"]] = max(longest.get(row["depth"], 16), len(row["shown"]) + 2)
    widths = [longest[depth] for depth in sorted(longest)]
    while sum(widths) > TEXT_WIDTH and max(widths) > 16:
        widths[widths.index(max(widths))] -= 1
    return widths


def _rank(level: str) -> int:
    """Place of a level in the palette, which runs from the gene outwards; others come last."""
    known = list(theme.COLOURS["level"])
    return known.index(level) if level in known else len(known)


def _place(rows: list[Row]) -> float:
    """Give each row its top and height [px]; returns the height of the whole."""
    own = {row["id"]: words.depth(row["text"]) * LINE + AIR for row in rows}
    inner: dict[str, float] = {}
    for row in reversed(rows):
        row["height"] = max(own[row["id"]], inner.get(row["id"], 0.0))
        inner[row["parent"]] = inner.get(row["parent"], 0.0) + row["height"]
    reached: dict[str, float] = {"": 0.0}
    for row in rows:
        row["top"] = reached[row["parent"]]
        reached[row["parent"]] += row["height"]
        reached[row["id"]] = row["top"]
    return inner[""]


def _traces(rows: list[Row]) -> list[Any]:
    """A bar per cell from the left edge of its column to the right, and the texts upon them."""
    colours = [theme.colour("level", row["level"]) for row in rows]
    middle = [row["top"] + row["height"] / 2 for row in rows]
    bars = go.Bar(
        orientation="h",
        base=[row["left"] for row in rows],
        x=[row["width"] for row in rows],
        y=middle,
        width=[row["height"] for row in rows],
        marker={"color": colours, "line": {"color": "#ffffff", "width": 2}},
        customdata=[_hover(row) for row in rows],
        hovertemplate="%{customdata}<extra></extra>",
    )
    texts = go.Scatter(
        x=[row["left"] + 0.6 for row in rows],
        y=middle,
        mode="text",
        text=[row["text"] for row in rows],
        textposition="middle right",
        textfont={"size": theme.TEXT_SIZE, "color": [theme.ink(colour) for colour in colours]},
        hoverinfo="skip",
    )
    return [bars, texts]


def _hover(row: Row) -> str:
    """Name, level and definition of a mechanism."""
    text = f"<b>{words.folded(row['name'], 60)}</b><br>{words.escape(row['level'])}"
    definition = words.plain(row.get("definition"))
    return text + (f"<br>{words.folded(definition, 60, lines=5)}" if definition else "")


def _key(levels: list[str]) -> dict[str, Any]:
    """Swatch and name of each level, in lines above the plot area."""
    lines = -(-len(levels) // KEY_COLUMNS)
    notes, shapes = [], []
    for number, level in enumerate(levels):
        left = KEY_STEP * (number % KEY_COLUMNS)
        top = 22 * (lines - number // KEY_COLUMNS) + 8
        shapes.append(
            swatch(
                left=left, top=top - 13, fillcolor=theme.colour("level", level), line={"width": 0}
            )
        )
        notes.append(
            note(words.folded(level, 17, lines=1), x=0, y=1, xshift=left + 32, yshift=top + 5)
        )
    return {"annotations": notes, "shapes": shapes}


def _title(rows: list[Row], *, counted: bool) -> str:
    """The finding: the mechanism claimed most often, or the level that has most mechanisms."""
    if counted and any(row["claims"] for row in rows):
        most = max(row["claims"] for row in rows)
        leaders = [row["name"] for row in rows if row["claims"] == most]
        claims = words.count(most, "claim")
        if len(leaders) == 1:
            return f"{leaders[0]} is the mechanism claimed most often: {claims}"
        number = words.sentence(words.numeral(len(leaders)))
        return f"{number} mechanisms are claimed most often: {claims} each"
    if len(rows) == 1:
        return f"One mechanism: {rows[0]['name']}, at the {rows[0]['level']} level"
    total = Counter(row["level"] for row in rows)
    level, most = min(total.items(), key=lambda item: (-item[1], _rank(item[0])))
    if list(total.values()).count(most) > 1:
        return f"{len(rows)} mechanisms act at {words.count(len(total), 'level')}; none has most"
    if 2 * most > len(rows):
        return f"Most mechanisms act at the {level} level: {most} of {len(rows)}"
    return f"The {level} level holds more mechanisms than any other: {most} of {len(rows)}"


def _subtitle(rows: list[Row], *, counted: bool) -> str:
    """What is shown."""
    families = sum(row["depth"] == 0 for row in rows)
    size = f"{words.count(len(rows), 'mechanism')} in {words.count(families, 'family', 'families')}"
    number = "; number = claims that name it" if counted else ""
    return f"{size}, from wide (left) to narrow (right), by level{number}."


def _description(rows: list[Row], levels: list[str], *, counted: bool) -> str:
    """The tree in sentences, family by family."""
    names = {row["id"]: row["name"] for row in rows}
    told = {
        row["id"]: f"{row['name']} ({row['level']}"
        + (f", {words.count(row['claims'], 'claim')})" if counted else ")")
        for row in rows
    }
    parts = [f"Tree. {_title(rows, counted=counted)}. {_subtitle(rows, counted=counted)}"]
    parts.append(f"Levels: {words.listing(levels)}.")
    parts.append(f"Widest: {words.listing([told[r['id']] for r in rows if r['depth'] == 0])}.")
    below = {row["id"]: [told[r["id"]] for r in rows if r["parent"] == row["id"]] for row in rows}
    parts += [
        f"{names[key]} includes {words.listing(found)}." for key, found in below.items() if found
    ]
    return " ".join(parts)
