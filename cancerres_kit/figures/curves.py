"""Curves: one quantity against another, exact, simulated and published side by side.

One decision: how a value came about is always to be seen. Exact is a line, simulated a filled mark
with its interval, published an open mark, whatever the colour.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from cancerres_kit import theme
from cancerres_kit.figures import plot, words
from cancerres_kit.figures.canvas import blank, canvas, need
from cancerres_kit.schema import unknown

NEEDED = ("x", "y", "series", "kind")
KINDS = ("exact", "simulated", "published")
Part = tuple[str, str, pd.DataFrame, dict[str, Any]]
ROW, WIDTH, LETTER, SYMBOL = 22, 1000, 7, 50  # of a legend [px]


def curves(
    frame: pd.DataFrame,
    *,
    finding: str,
    x_label: str,
    y_label: str,
    subtitle: str = "",
    x_log: bool = False,
    y_log: bool = False,
    y_ends: Sequence[float] | None = None,
    steps: bool = False,
    marks: Mapping[str, float] | None = None,
    levels: Mapping[str, float] | None = None,
) -> go.Figure:
    """Draw curves of a quantity.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns x, y, series (what is told apart), kind (``"exact"``, ``"simulated"`` or
        ``"published"``); optional low and high, the interval of a simulated value.
    finding : str
        What the curves show, as a sentence: the title.
    x_label, y_label : str
        What the axes are, each with its unit: ``"Tumour burden (cells)"``.
    subtitle : str
        What a reader has to know beside it.
    x_log, y_log : bool
        Whether an axis goes in powers of ten.
    y_ends : sequence of two floats, optional
        Ends of the vertical axis [unit of y].
    steps : bool
        Whether lines go in steps, as survival curves do.
    marks : mapping of str to float, optional
        Vertical lines by their name [unit of x]: where the slider stands, a threshold.
    levels : mapping of str to float, optional
        Horizontal lines by their name [unit of y].

    Returns
    -------
    plotly.graph_objects.Figure
        One trace per series and kind.

    Raises
    ------
    DataError
        If a column is missing, or a kind is none.
    """
    need(frame, NEEDED, what="the frame of curves")
    for kind in plot.in_order(frame["kind"]):
        if kind not in KINDS:
            raise unknown(kind, KINDS, what="kind of value", where="the frame of curves")
    if frame.empty:
        return blank("There is no curve to show", why="The frame holds no row.")
    shapes, notes = plot.level_notes(levels or {}, log=y_log)
    lines, names = _marks(marks or {}, log=x_log)
    parts = _parts(frame)
    above = ROW * (_rows([_name(series, kind) for series, kind, *_ in parts]) - 1)
    vertical = plot.axis(y_label, log=y_log, ends=y_ends)
    if y_log and y_ends is None:
        vertical = plot.axis(y_label, log=True, ends=plot.log_ends(frame["y"], floor=1e-12))
    return canvas(
        [_trace(*part, steps=steps) for part in parts],
        title=finding,
        subtitle=subtitle,
        description=_description(parts, finding, subtitle, (x_label, y_label), marks or {}),
        body=plot.BODY,
        head=(54 if marks else 30) + above,
        foot=64,
        layout={
            "xaxis": plot.axis(x_label, log=x_log),
            "yaxis": vertical,
            "legend": plot.key() | ({"y": 1 + 24 / plot.BODY} if marks else {}),
            "showlegend": True,
            "shapes": [*shapes, *lines],
            "annotations": [*notes, *names],
        },
    )


def _parts(frame: pd.DataFrame) -> list[Part]:
    """Name, kind, rows and look of each trace; a series looks alike in all its kinds."""
    series, kinds = frame["series"].astype(str).to_numpy(), frame["kind"].astype(str).to_numpy()
    places = {name: place for place, name in enumerate(plot.in_order(frame["series"]))}
    held = dict(list(frame.groupby([series, kinds], sort=False)))
    return [
        (name, kind, held[name, kind], plot.look(place))
        for name, place in places.items()
        for kind in KINDS
        if (name, kind) in held
    ]


def _name(series: str, kind: str) -> str:
    """Name of a trace in the legend."""
    return f"{series}, {kind}" if series else kind


def _rows(names: Sequence[str]) -> int:
    """Rows that the legend takes on a page of ordinary width: beyond one, columns are even."""
    widths = [LETTER * len(name) + SYMBOL for name in names]
    if sum(widths) <= WIDTH:
        return 1
    return math.ceil(len(names) / max(1, WIDTH // max(widths)))


def _trace(
    series: str, kind: str, rows: pd.DataFrame, look: dict[str, Any], *, steps: bool
) -> go.Scatter:
    name = _name(series, kind)
    shown: dict[str, Any] = {"mode": "lines" if kind == "exact" else "markers"}
    if kind == "exact":
        shape = "hv" if steps else "linear"
        shown["line"] = {
            "color": look["colour"],
            "dash": look["dash"],
            "width": 2.5,
            "shape": shape,
        }
    else:
        symbol = look["symbol"] + ("-open" if kind == "published" else "")
        size, width = (9, 1) if kind == "simulated" else (13, 2.5)
        line = {"color": look["colour"], "width": width}
        shown["marker"] = {"symbol": symbol, "size": size, "color": look["colour"], "line": line}
    if kind == "simulated" and {"low", "high"} <= set(rows.columns):
        shown["error_y"] = {
            "type": "data",
            "symmetric": False,
            "array": [float(f"{value:.4g}") for value in rows["high"] - rows["y"]],
            "arrayminus": [float(f"{value:.4g}") for value in rows["y"] - rows["low"]],
            "color": look["colour"],
            "thickness": 1.5,
        }
    return go.Scatter(
        x=[float(f"{value:.6g}") for value in rows["x"]],
        y=[None if pd.isna(value) else float(f"{value:.6g}") for value in rows["y"]],
        name=words.escape(name),
        hovertemplate=f"{words.escape(name)}: %{{y:.4g}} at %{{x:.4g}}<extra></extra>",
        **shown,
    )


def _marks(marks: Mapping[str, float], *, log: bool) -> tuple[list[Any], list[Any]]:
    """Vertical lines, and their names above the plot area."""
    shapes, notes = [], []
    for name, value in marks.items():
        line = {"color": theme.INK, "width": 1.5, "dash": "2px,3px"}
        shapes.append(
            {"type": "line", "xref": "x", "x0": value, "x1": value, "y0": 0, "y1": 1, "line": line}
        )
        place = math.log10(value) if log else value
        at = {"xref": "x", "x": place, "y": 1, "xanchor": "center", "yanchor": "bottom"}
        notes.append({"text": words.escape(name), **at})
    return shapes, notes


def _description(
    lines: Sequence[Part],
    finding: str,
    subtitle: str,
    labels: tuple[str, str],
    marks: Mapping[str, float],
) -> str:
    """The picture in sentences, line by line."""
    across, up = labels
    parts = [f"{up} against {across}. {finding}.", subtitle]
    for series, kind, rows, _ in lines:
        name = _name(series, kind)
        parts.append(plot.told(name, rows["x"].tolist(), rows["y"].tolist(), units=("", "")))
    parts += [f"Marked: {name} at {plot.number(value)}." for name, value in marks.items()]
    return " ".join(part for part in parts if part)
