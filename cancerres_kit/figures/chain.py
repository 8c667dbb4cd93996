"""Dated chains of evidence: a drug, what resisted it, what was tried next, what resisted that.

One decision: the steps stand in columns and each carries its year, so that a reader sees at once
where later steps were published earlier. A chain joins publications; it is no patient's course.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from cancerres_kit import theme
from cancerres_kit.figures import predictions, words
from cancerres_kit.figures.canvas import blank, canvas, need, note, records

NEEDED = (
    "treatment_id", "treatment", "profile", "cancer_type_id", "cancer_type", "evidence_ids",
    "references", "year", "is_contested", "next_treatment_id", "next_treatment", "strategies",
    "scope", "outcome", "next_evidence_ids", "next_references", "next_year", "next_profile",
    "next_cancer_type_id", "next_cancer_type", "next_resistance_ids", "next_resistance_references",
    "next_resistance_year", "next_is_contested",
)  # fmt: skip
LINE, AIR, GUTTER = 18.0, 14.0, 5.0
"""Height of a line, what a box adds to it, and the gap between two boxes [px]."""
EDGES = (0.0, 0.17, 0.45, 0.72)
GAP = 0.022
"""Left edges of the columns and the gap for the arrow, as fractions of the width."""
WIDTHS = (18, 31, 31, 34)
"""Characters in a line of each column."""
HEADS = ("Drug", "What resisted it", "What was tried next", "What resisted that")
GROUNDS = ("#f1e4ee", "#f7e2d8", "#dcecf7", "#f7e2d8")
RULES = tuple(
    theme.COLOURS["kind"].get(name) or predictions.COLOURS[name]
    for name in ("therapy", "resistance", "strategy", "resistance")
)
SCOPES = {
    "alteration": "same alteration",
    "class": "same class",
    "subset": "only part of the class",
    "setting": "same setting",
}
Row = dict[str, Any]
Box = dict[str, Any]


def evidence_chain(items: pd.DataFrame) -> go.Figure:
    """Draw chains of evidence from left to right, each step with its year.

    Parameters
    ----------
    items : pandas.DataFrame
        One row per chain with all columns that `cancerres_kit.links.chains` gives; the ids of
        countermeasures, references and strategies are not needed.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace with a point for each box; boxes and their texts are shapes and annotations.

    Raises
    ------
    DataError
        If a column is missing.
    """
    need(items, NEEDED, what="the frame of chains")
    usual = _usual(items)
    rows = [{**row, "usual": usual} for row in records(items)]
    if not rows:
        sentence = "Nothing curated: no resistance has a countermeasure to continue with"
        return blank(sentence, traces=[_points([])])
    boxes, height = _boxes(rows)
    return canvas(
        [_points(boxes)],
        title=_title(rows),
        subtitle=_subtitle(rows),
        description=_description(rows),
        body=height,
        head=30,
        layout=_layout(boxes, height),
    )


def _usual(items: pd.DataFrame) -> str:
    """Cancer type in which most chains begin: it is said once, not in every box."""
    sizes = Counter(words.plain(name) for name in items["cancer_type"])
    return min(sizes, key=lambda name: (-sizes[name], name), default="")


def _drug(row: Row) -> Box:
    return {"key": row["treatment_id"], "name": words.plain(row["treatment"]), "said": ""}


def _resisted(row: Row) -> Box:
    return {
        "key": (row["profile"], row["cancer_type_id"]),
        "name": words.plain(row["profile"]),
        "said": _dated(row, "year", "evidence_ids", "is_contested", "cancer_type"),
        "about": words.plain(row["cancer_type"]),
        "ids": row["evidence_ids"],
        "references": row["references"],
    }


def _tried(row: Row) -> Box:
    where = SCOPES.get(str(row["scope"]), words.plain(row["scope"]))
    return {
        "key": row["next_treatment_id"],
        "name": words.plain(row["next_treatment"]),
        "said": f"{_year(row['next_year'])}: {words.plain(row['outcome'])}, {where}",
        "about": words.listing([words.plain(name) for name in row["strategies"]]),
        "ids": row["next_evidence_ids"],
        "references": row["next_references"],
    }


def _resisted_next(row: Row) -> Box:
    if not (name := words.plain(row["next_profile"])):
        return {"key": "", "name": "", "said": "no resistance curated"}
    named = ("next_resistance_year", "next_resistance_ids", "next_is_contested")
    return {
        "key": (name, row["next_cancer_type_id"]),
        "name": name,
        "said": _dated(row, *named, "next_cancer_type"),
        "about": words.plain(row["next_cancer_type"]),
        "ids": row["next_resistance_ids"],
        "references": row["next_resistance_references"],
    }


STEPS: tuple[Callable[[Row], Box], ...] = (_drug, _resisted, _tried, _resisted_next)


def _year(year: Any) -> str:
    return predictions.whole(year) or "no year"


def _dated(row: Row, year: str, ids: str, contested: str, cancer_type: str) -> str:
    """When a resistance was first published, by how many items, where, and whether all agree."""
    start = f"{_year(row[year])}: {words.count(len(row[ids]), 'item')}"
    disputed = "; others disagree" if row[contested] is True else ""
    where = words.plain(row[cancer_type])
    return start + ("" if where == row["usual"] else f", {where}") + disputed


def _boxes(rows: list[Row]) -> tuple[list[Box], float]:
    """Boxes, equal beginnings of chains joined, and the height of all [px]."""
    groups: dict[Any, Any] = {}
    for row in rows:
        inside = groups
        for column, step in enumerate(STEPS):
            box = step(row)
            box = {**box, "column": column, "text": _lines(box, column)}
            inside = inside.setdefault(box["key"], (box, {}))[1]
    boxes: list[Box] = []
    return boxes, _stack(groups, boxes, top=0.0, least=0.0)


def _stack(groups: dict[Any, Any], boxes: list[Box], *, top: float, least: float) -> float:
    """Place boxes of a column below each other, each as high as what follows it [px].

    What stands in one line with a single following box shares its height.
    """
    reached = top
    for box, inside in groups.values():
        height = max(least, LINE * words.depth(box["text"]) + AIR)
        if inside:
            shared = height if len(inside) == 1 else 0.0
            height = _stack(inside, boxes, top=reached, least=shared)
        boxes.append({**box, "top": reached, "height": height})
        reached += height
    return reached - top


def _lines(box: Box, column: int) -> str:
    """Name and dates of a box, safe and broken into lines."""
    width = WIDTHS[column]
    parts = [f"<b>{words.folded(box['name'], width - 2, lines=2)}</b>"] if box["name"] else []
    return "<br>".join([*parts, words.folded(box["said"], width + 2)] if box["said"] else parts)


def _points(boxes: list[Box]) -> go.Scatter:
    """A point in each box to carry what it says when pointed at."""
    told = [box for box in boxes if "references" in box]
    return go.Scatter(
        x=[EDGES[box["column"]] + GAP for box in told],
        y=[_middle(box) for box in told],
        mode="markers",
        marker={"size": 30, "opacity": 0},
        customdata=[_hover(box) for box in told],
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
    )


def _hover(box: Box) -> str:
    ids = words.listing([words.plain(name) for name in box["ids"]], limit=8)
    parts = [box["about"], box["said"], ids, words.plain(box["references"])]
    lines = [words.folded(part, 60, lines=4) for part in parts if part]
    return "<br>".join([f"<b>{words.folded(box['name'], 60)}</b>", *lines])


def _layout(boxes: list[Box], height: float) -> dict[str, Any]:
    """Boxes, arrows between them, and the heads of the columns."""
    hidden = {"visible": False, "fixedrange": True}
    style = {"yanchor": "bottom", "yshift": 8, "font": {"weight": 600}}
    heads = [note(text, x=x, y=1, **style) for text, x in zip(HEADS, EDGES, strict=True)]
    arrows = [_arrow(box) for box in boxes if box["column"] and box["name"]]
    return {
        "xaxis": {**hidden, "range": [0, 1]},
        "yaxis": {**hidden, "range": [height, 0]},
        "shapes": [_shape(box) for box in boxes],
        "annotations": [*heads, *(_text(box) for box in boxes), *arrows],
    }


def _right(column: int) -> float:
    return EDGES[column + 1] - GAP if column + 1 < len(EDGES) else 1.0


def _shape(box: Box) -> dict[str, Any]:
    """Ground of a box; a dashed one says that nothing is curated."""
    column, air = box["column"], GUTTER / 2
    bare = not box["name"]
    line = {"color": theme.NEUTRAL if bare else RULES[column], "width": 1.5}
    return {
        "type": "rect",
        "yref": "y",
        "x0": EDGES[column],
        "x1": _right(column),
        "y0": box["top"] + air,
        "y1": box["top"] + box["height"] - air,
        "fillcolor": theme.EMPTY if bare else GROUNDS[column],
        "line": {**line, "dash": "dot" if bare else "solid"},
        "layer": "below",
    }


def _text(box: Box) -> dict[str, Any]:
    """Text of a box, at its left edge."""
    x = EDGES[box["column"]] + 0.006
    return note(box["text"], x=x, yref="y", y=_middle(box), yanchor="middle")


def _middle(box: Box) -> float:
    return float(box["top"] + box["height"] / 2)


def _arrow(box: Box) -> dict[str, Any]:
    """Arrow that leads from the step before."""
    middle, x = _middle(box), EDGES[box["column"]] - GAP / 2
    return note("\u2192", x=x, yref="y", y=middle, xanchor="center", yanchor="middle")


def _title(rows: list[Row]) -> str:
    """The finding: how much of what was tried next was resisted in its turn."""
    tried = {row["next_treatment_id"]: words.plain(row["next_treatment"]) for row in rows}
    beaten = {row["next_treatment_id"] for row in rows if words.plain(row["next_profile"])}
    if len(tried) == 1:
        (name,) = tried.values()
        verb = "was resisted in its turn" if beaten else "has no resistance curated yet"
        return f"{name}, tried against resistance, {verb}"
    n = len(tried)
    start = f"of {words.numeral(n)} treatments tried against resistance, "
    if not beaten:
        return words.sentence(f"{start}none has a resistance curated yet")
    verb = "was" if len(beaten) == 1 else "were"
    told = "all" if len(beaten) == n else words.numeral(len(beaten))
    return words.sentence(f"{start}{told} {verb} resisted in turn")


def _subtitle(rows: list[Row]) -> str:
    """What the chains are, and what they are not."""
    chains = words.count(len(rows), "chain")
    return (
        f"{chains} of evidence, not a treatment pathway: joined from separate publications on the "
        "same alteration or drug, not one patient's course. Year = first curated publication. "
        f"In {rows[0]['usual']} unless said otherwise."
    )


def _description(rows: list[Row]) -> str:
    """The chains in sentences, one by one."""
    parts = [f"Chains in four columns. {_title(rows)}. {_subtitle(rows)}"]
    for row in rows:
        first, tried, then = _resisted(row), _tried(row), _resisted_next(row)
        last = f"resisted by {then['name']} ({then['said']})" if then["name"] else then["said"]
        parts.append(
            f"{words.plain(row['treatment'])}: resisted by {first['name']}, {first['about']} "
            f"({first['said']}); tried next: {tried['name']} ({tried['said']}); {last}."
        )
    return " ".join(parts)
