"""What stands around the bands of the resistance map: labels, headings, key, and the dashes.

One decision: Plotly's Sankey knows no dashed band, so the dashes are shapes below it, along the
very curves that it draws.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from cancerres_kit import theme
from cancerres_kit.figures import map_text, words
from cancerres_kit.figures.canvas import note, swatch
from cancerres_kit.figures.ordering import Layout, Node

LABEL_WIDTH = 34
"""Characters in a line of a label."""
STRATEGY = theme.colour("kind", "strategy")
DASH = {"color": STRATEGY, "width": 1.3, "dash": "5px,3px"}
NODE_HALF = 0.007
"""Half the width of a node in fractions of a plot area about 1000 px wide."""
KEY = {
    "": "resistance through",
    "overcomes": "is overcome by (full arrow)",
    "motivates": "speaks for trying (dashed arrow)",
}
Row = Mapping[str, Any]


def across(columns: Sequence[Sequence[Node]]) -> list[float]:
    """Horizontal place of each column; the middle one leaves room for the longer labels."""
    # Plotly ignores a place of exactly 0.
    return {1: [0.001], 2: [0.001, 0.999], 3: [0.001, 0.4, 0.999]}[len(columns)]


def fill(relation: str, *, opacity: float = 0.5) -> str:
    """Colour of a band: blue where overcome, almost white where it only speaks for, else grey."""
    if relation == "overcomes":
        return theme.faded(STRATEGY, opacity)
    if relation == "motivates":
        return theme.faded(STRATEGY, round(opacity - 0.42, 2))
    return theme.faded(theme.NEUTRAL, round(opacity - 0.18, 2))


def furniture(
    columns: Sequence[Sequence[Node]],
    names: Mapping[Node, str],
    rows: Sequence[Row],
    layout: Layout,
) -> dict[str, Any]:
    """Annotations and shapes of the whole map; the rows are in the order of the bands."""
    notes = [*_labels(columns, names, layout), *_headings(columns)]
    shapes = _dashes(columns, rows, layout)
    drawn = {row["relation"] if row["relation"] in KEY else "" for row in rows}
    for number, relation in enumerate(relation for relation in KEY if relation in drawn):
        left = 250 * number
        line = DASH if relation == "motivates" else {"width": 0}
        shapes.append(swatch(left=left, top=43, fillcolor=fill(relation), line=line))
        notes.append(note(KEY[relation], x=0, y=1, xshift=left + 32, yshift=61))
    return {"annotations": notes, "shapes": shapes}


def _headings(columns: Sequence[Sequence[Node]]) -> list[dict[str, Any]]:
    """The kind of thing that stands in each column."""
    notes = []
    for place, column in zip(across(columns), columns, strict=True):
        kinds = [kind for kind in map_text.KINDS if kind in {node[0] for node in column}]
        heading = words.sentence(words.listing([map_text.KINDS[kind] for kind in kinds]))
        font = {"color": theme.colour("kind", kinds[0]), "weight": 600}
        notes.append(note(heading, x=place, y=1, yshift=26, font=font, **_side(place, 7)))
    return notes


def _labels(
    columns: Sequence[Sequence[Node]], names: Mapping[Node, str], layout: Layout
) -> list[dict[str, Any]]:
    """The names of the nodes, each on a ground that lets the bands shine through."""
    style = {"yanchor": "middle", "bgcolor": "rgba(255,255,255,0.8)"}
    return [
        note(
            words.folded(names[node], LABEL_WIDTH),
            x=place,
            y=round(1 - layout.centre[node] / layout.height, 4),
            **style,
            **_side(place, -10),
        )
        for place, column in zip(across(columns), columns, strict=True)
        for node in column
    ]


def _side(place: float, outward: int) -> dict[str, Any]:
    """Anchor text on the inner side of its column, moved outward by some pixels."""
    if place < 0.9:
        return {"xshift": -outward}
    return {"xanchor": "right", "align": "right", "xshift": outward}


def _dashes(
    columns: Sequence[Sequence[Node]], rows: Sequence[Row], layout: Layout
) -> list[dict[str, Any]]:
    """Both edges of every dashed band, all in one path: so the figure stays small."""
    place = {n: x for x, column in zip(across(columns), columns, strict=True) for n in column}
    started, ended = defaultdict[Node, float](float), defaultdict[Node, float](float)
    tall = layout.tall
    edges = []
    for row in rows:
        source, target, width = row["source"], row["target"], row["width"] * layout.scale
        left = layout.centre[source] - tall[source] / 2 + started[source]
        right = layout.centre[target] - tall[target] / 2 + ended[target]
        started[source] += width
        ended[target] += width
        if row["relation"] == "motivates":
            edges += [
                _curve(place[source], left + part, place[target], right + part, layout.height)
                for part in (0, width)
            ]
    if not edges:
        return []
    return [{"type": "path", "layer": "below", "line": DASH, "path": " ".join(edges)}]


def _curve(x0: float, y0: float, x1: float, y1: float, height: float) -> str:
    """One edge of a band, as Plotly's Sankey bends it, in fractions of the plot area."""
    start, end, middle = 1 - y0 / height, 1 - y1 / height, (x0 + x1) / 2
    x0, x1 = x0 + NODE_HALF, x1 - NODE_HALF
    points = ((x0, start), (middle, start), (middle, end), (x1, end))
    texts = [f"{x:.4g},{y:.4f}" for x, y in points]
    return f"M{texts[0]} C{' '.join(texts[1:])}"
