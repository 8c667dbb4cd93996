"""The resistance map: from cancer type or therapy to mechanism to strategy.

One decision: what a strategy is said to overcome is a filled band, what only speaks for trying it
a pale one with dashed edges, so that both are told apart without colour.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from cancerres_kit import theme
from cancerres_kit.figures import map_text, ordering, words
from cancerres_kit.figures.canvas import blank, canvas, need, records
from cancerres_kit.figures.furniture import LABEL_WIDTH, across, fill, furniture
from cancerres_kit.figures.ordering import Arrow, Node
from cancerres_kit.schema import unknown

COLUMN = {"cancer_type": 0, "therapy": 0, "mechanism": 1, "strategy": 2}
NEEDED = (
    "source_id",
    "source",
    "source_kind",
    "target_id",
    "target",
    "target_kind",
    "relation",
    "n_claims",
    "claim_ids",
    "basis",
    "references",
)
BODY = 540.0
"""Height of the map that fits on a projector together with its titles [px]."""
HOVER = (
    "<b>%{source.label}</b><br>%{customdata[0]}<br><b>%{target.label}</b>"
    "<br>%{customdata[1]}<br>References: %{customdata[2]}<extra></extra>"
)


def resistance_map(arrows: pd.DataFrame) -> go.Figure:
    """Draw which mechanisms are met where, and which strategies answer them.

    Parameters
    ----------
    arrows : pandas.DataFrame
        One row per arrow, as `cancerres_kit.links.resistance_map` gives it: source_id, source,
        source_kind, target_id, target, target_kind (cancer_type, therapy, mechanism, strategy),
        relation, n_claims, claim_ids (tuple), basis, references (text); n_evidence and
        n_countermeasures where there are any.

    Returns
    -------
    plotly.graph_objects.Figure
        One Sankey trace. A band is as wide as the number of its supports: claims,
        evidence items and countermeasures.

    Raises
    ------
    DataError
        If a column is missing or a kind is not one of those above.
    """
    need(arrows, NEEDED, what="the frame of arrows")
    for kind in [*arrows["source_kind"], *arrows["target_kind"]]:
        if kind not in COLUMN:
            raise unknown(kind, COLUMN, what="kind of node", where="links.resistance_map")
    rows = _rows(arrows)
    if not rows:
        return blank("Nothing curated for this choice", traces=[go.Sankey(visible=False)])
    names = {row[side]: row[f"{side}_name"] for row in rows for side in ("source", "target")}
    weighted = [(row["source"], row["target"], float(row["width"])) for row in rows]
    values = _values(weighted)
    columns = ordering.order(_columns(names, values), weighted)
    room = {node: 3 + 17.0 * words.depth(words.folded(names[node], LABEL_WIDTH)) for node in names}
    layout = ordering.place(columns, values, room, target=BODY)
    rows = _sorted(rows, columns)
    return canvas(
        [_trace(rows, names, columns, layout)],
        title=map_text.title(rows, names),
        subtitle=map_text.subtitle(rows),
        description=map_text.description(rows, names, columns),
        body=layout.height,
        head=62,
        foot=24,
        layout=furniture(columns, names, rows, layout),
    )


def _rows(arrows: pd.DataFrame) -> list[dict[str, Any]]:
    """The arrows as dictionaries, ends as nodes; what rests on nothing is left out."""
    rows = []
    for row in records(arrows):
        row["width"] = sum(words.tally(row).values())
        for side in ("source", "target"):
            row[f"{side}_name"] = words.plain(row[side])
            row[side] = (str(row[f"{side}_kind"]), str(row[f"{side}_id"]))
        if row["width"] > 0:
            rows.append(row)
    return rows


def _values(arrows: list[Arrow]) -> dict[Node, float]:
    """Height of each node: the larger of what comes in and what goes out."""
    out, into = Counter[Node](), Counter[Node]()
    for source, target, width in arrows:
        out[source] += width  # type: ignore[assignment]
        into[target] += width  # type: ignore[assignment]
    return {node: float(max(out[node], into[node])) for node in [*out, *into]}


def _columns(names: dict[Node, str], values: dict[Node, float]) -> list[list[Node]]:
    """Nodes by column from left to right, the largest first; columns without nodes are left out."""
    ranked = sorted(names, key=lambda node: (-values[node], names[node], node))
    columns = [[node for node in ranked if COLUMN[node[0]] == number] for number in range(3)]
    return [column for column in columns if column]


def _sorted(rows: list[dict[str, Any]], columns: list[list[Node]]) -> list[dict[str, Any]]:
    """The arrows in the order of the nodes at their ends: so bands leave and arrive uncrossed."""
    index = {node: number for number, node in enumerate(n for column in columns for n in column)}
    return sorted(
        rows, key=lambda row: (index[row["source"]], index[row["target"]], row["relation"])
    )


def _trace(
    rows: list[dict[str, Any]],
    names: dict[Node, str],
    columns: list[list[Node]],
    layout: ordering.Layout,
) -> go.Sankey:
    """The Sankey, nodes and bands in the order of the columns."""
    nodes = [node for column in columns for node in column]
    places = {
        "x": [x for x, column in zip(across(columns), columns, strict=True) for _ in column],
        "y": [round(layout.centre[node] / layout.height, 4) for node in nodes],
        "pad": round(ordering.padding(_browser_columns(rows), layout), 3),
    }
    return go.Sankey(
        arrangement="fixed",
        node={
            "label": [words.escape(names[node]) for node in nodes],
            "color": [theme.colour("kind", node[0]) for node in nodes],
            "customdata": [_tally(node, rows) for node in nodes],
            "hovertemplate": "<b>%{label}</b><br>%{customdata}<extra></extra>",
            "align": "center",
            "sort": "input",
            "thickness": 14,
            "line": {"width": 0},
            **places,
        },
        link=_links(rows, nodes),
        # The labels stand in annotations, which can wrap and have a ground to be read on.
        textfont={"color": "rgba(0,0,0,0)", "shadow": "none", "size": 1},
    )


def _links(rows: list[dict[str, Any]], nodes: list[Node]) -> dict[str, Any]:
    """The bands of the Sankey."""
    return {
        "source": [nodes.index(row["source"]) for row in rows],
        "target": [nodes.index(row["target"]) for row in rows],
        "value": [row["width"] for row in rows],
        "customdata": [_hover(row) for row in rows],
        "hovertemplate": HOVER,
        "sort": "input",
        "color": [fill(row["relation"]) for row in rows],
        "hovercolor": [fill(row["relation"], opacity=0.75) for row in rows],
        "line": {"width": 0},
    }


def _browser_columns(rows: list[dict[str, Any]]) -> list[list[Node]]:
    """The columns that Plotly makes of the arrows by itself (alignment ``center``)."""
    depth: dict[Node, int] = {}
    for row in sorted(rows, key=lambda row: COLUMN[row["source"][0]]):
        start = depth.setdefault(row["source"], 0)
        depth[row["target"]] = max(depth.get(row["target"], 0), start + 1)
    reached = {row["target"] for row in rows}
    for node in {row["source"] for row in rows} - reached:
        depth[node] = min(depth[row["target"]] for row in rows if row["source"] == node) - 1
    return [[node for node in depth if depth[node] == d] for d in sorted(set(depth.values()))]


def _hover(row: dict[str, Any]) -> list[str]:
    """What the hover text of a band says beside the names at its ends."""
    phrase = words.escape(map_text.verb(str(row["relation"]), row["source"]))
    ids = words.listing([words.plain(name) for name in row["claim_ids"]], limit=10)
    claims = words.folded(words.tallied(row) + (f": {ids}" if ids else ""), 70)
    basis = words.escape(theme.word(str(row["basis"])))
    return [
        phrase,
        claims,
        f"{words.folded(row['references'] or 'none cited', 70)}<br>Basis: {basis}",
    ]


def _tally(node: Node, rows: list[dict[str, Any]]) -> str:
    """What the hover text of a node says beside its name."""
    incoming = sum(row["target"] == node for row in rows)
    outgoing = sum(row["source"] == node for row in rows)
    tied = [
        words.count(n, "arrow") + where for n, where in ((incoming, " in"), (outgoing, " out")) if n
    ]
    return f"{theme.word(node[0])}, {words.listing(tied)}"
