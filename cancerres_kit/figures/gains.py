"""Gains: where one way is better than another, and where it is worse, over two numbers.

One decision: nothing gained is white, and both directions have the same scale. The number stands in
every cell, so no colour has to be read off.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from cancerres_kit import theme
from cancerres_kit.figures import plot, words
from cancerres_kit.figures.canvas import blank, canvas, need

NEEDED = ("x", "y", "value")
LOSS, NOTHING, GAIN = "#c4581a", "#ffffff", "#0077bb"
ROW = 40.0
"""Height of a row [px]."""
DARK = 0.93
"""Share of the scale from which on white text stands out more than dark text."""
UNKNOWN = "\u2013"
"""Mark of a cell without a value."""


def gain_map(
    frame: pd.DataFrame,
    *,
    finding: str,
    x_label: str,
    y_label: str,
    unit: str,
    subtitle: str = "",
) -> go.Figure:
    """Draw a gain for every pair of two numbers.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns x, y and value: above 0 a gain, below 0 a loss, NaN not known; a row per pair.
    finding : str
        What the map shows, as a sentence: the title.
    x_label, y_label : str
        What the axes are, each with its unit.
    unit : str
        Unit of the values: ``"days"``.
    subtitle : str
        What a reader has to know beside it.

    Returns
    -------
    plotly.graph_objects.Figure
        One heatmap trace; rows and columns ascend from the corner at the bottom left.

    Raises
    ------
    DataError
        If a column is missing.
    """
    need(frame, NEEDED, what="the frame of gains")
    if frame.empty:
        return blank("There is no gain to show", why="The frame holds no row.")
    cells = frame.pivot_table(
        index="y", columns="x", values="value", dropna=False, observed=True
    ).sort_index()
    values = [
        [None if pd.isna(one) else float(f"{one:.6g}") for one in row] for row in cells.values
    ]
    largest = (
        max((abs(one) for row in values for one in row if one is not None), default=0.0) or 1.0
    )
    across = [plot.number(float(one)) for one in cells.columns]
    down = [plot.number(float(one)) for one in cells.index]
    place = f"{words.escape(x_label)}: %{{x}}<br>{words.escape(y_label)}: %{{y}}"
    trace = go.Heatmap(
        x=across,
        y=down,
        z=values,
        zmin=-largest,
        zmax=largest,
        colorscale=[[0, LOSS], [0.5, NOTHING], [1, GAIN]],
        xgap=2,
        ygap=2,
        hoverongaps=False,
        hovertemplate=f"{place}<br>%{{z:+.3g}} {words.escape(unit)}<extra></extra>",
        colorbar={
            "title": {
                "text": words.escape(f"Gain ({unit})"),
                "side": "right",
                "font": {"size": theme.TEXT_SIZE},
            },
            "outlinewidth": 0,
            "thickness": 14,
        },
    )
    kind: dict[str, Any] = {"type": "category", "showgrid": False}
    return canvas(
        [trace],
        title=finding,
        subtitle=subtitle,
        description=_description(frame, finding, subtitle, {"x": x_label, "y": y_label}, unit),
        body=ROW * len(down),
        head=6,
        foot=64,
        layout={
            "xaxis": plot.axis(x_label, **kind),
            "yaxis": plot.axis(y_label, **kind),
            "plot_bgcolor": theme.EMPTY,
            "annotations": _numbers(values, largest),
        },
    )


def _numbers(values: list[list[float | None]], largest: float) -> list[dict[str, Any]]:
    """The number of each cell, in the ink that can be read on it."""
    notes = []
    for y, row in enumerate(values):
        for x, value in enumerate(row):
            is_dark = value is not None and abs(value) > DARK * largest
            place = {"xref": "x", "yref": "y", "xanchor": "center", "yanchor": "middle"}
            ink = {"color": "#ffffff" if is_dark else theme.INK}
            notes.append({"x": x, "y": y, "text": _signed(value), "font": ink, **place})
    return notes


def _signed(value: float | None) -> str:
    """A gain as a person reads it: ``"+104"``, ``"\u22124.3"``, ``"0"``."""
    if value is None:
        return UNKNOWN
    if abs(value) < 0.05:
        return "0"
    size = plot.number(round(abs(value)) if abs(value) >= 10 else round(abs(value), 1))
    return f"{'+' if value > 0 else chr(0x2212)}{size}"


def _description(
    frame: pd.DataFrame, finding: str, subtitle: str, labels: Mapping[str, str], unit: str
) -> str:
    """The picture in sentences: the extremes, and how many pairs gain and lose."""
    known = frame.dropna(subset=["value"])
    parts = [f"Map of gains over {labels['x']} and {labels['y']}. {finding}.", subtitle]
    gained, lost = int((known["value"] >= 0.05).sum()), int((known["value"] <= -0.05).sum())
    parts.append(
        f"Of {words.count(len(frame), 'pair')}, {gained} gain, {lost} lose, "
        f"{len(known) - gained - lost} do neither."
    )
    if len(known):
        ordered = known.sort_values("value")
        for word, row in {"Best": ordered.iloc[-1], "Worst": ordered.iloc[0]}.items():
            where = f"at {plot.number(row['x'])} and {plot.number(row['y'])}"
            parts.append(f"{word}: {_signed(float(row['value']))} {unit} {where}.")
    return " ".join(part for part in parts if part)
