"""Resting states: where a system can come to rest as one number moves, and where a run ended.

One decision: what holds and what only parts are told by the line. States that a disturbed system
returns to are solid, states that it leaves are dashed; the colour says which state it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from cancerres_kit import theme
from cancerres_kit.figures import plot, words
from cancerres_kit.figures.canvas import blank, canvas, need
from cancerres_kit.schema import unknown

NEEDED = ("x", "y", "state", "stability")
ENDS = ("x", "y", "series")
COURSE = ("time_days", "compartment", "value", "unit")
DASHES = {"stable": "solid", "saddle": "6px,5px", "unstable": "2px,4px"}
WORDS = {"stable": "stable", "saddle": "unstable (saddle)", "unstable": "unstable"}
LEGEND_ROW = 4
"""Names that a row of the legend surely holds; more get room for a second row."""
GAP = 0.09
"""Between the two panels, as a fraction of the width."""
BEYOND = 3.0
"""How far lines go on outside the axis, as a factor, so that they end at its edge."""
TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
ROW = 20.0
"""Height of a row of names above the plot area [px]."""


def resting_states(
    branches: pd.DataFrame,
    *,
    finding: str,
    x_label: str,
    y_label: str,
    x_ends: Sequence[float],
    subtitle: str = "",
    marks: Mapping[str, float] | None = None,
    ends: pd.DataFrame | None = None,
    course: pd.DataFrame | None = None,
    floor: float = 1.0,
) -> go.Figure:
    """Draw resting states against a number that moves them.

    Parameters
    ----------
    branches : pandas.DataFrame
        Columns x, y, state and stability (``"stable"``, ``"saddle"`` or ``"unstable"``), along the
        curve; a change of state or stability begins a new line.
    finding : str
        What the states show, as a sentence: the title.
    x_label, y_label : str
        What the axes are, each with its unit.
    x_ends : sequence of two floats
        Ends of the horizontal axis [unit of x], which goes in powers of ten as the vertical does.
    subtitle : str
        What a reader has to know beside it.
    marks : mapping of str to float, optional
        Vertical lines by their name [unit of x], in a row of names each.
    ends : pandas.DataFrame, optional
        Columns x, y and series: where runs ended, drawn as marks.
    course : pandas.DataFrame, optional
        Columns time_days, compartment, value and unit, as ``Model.simulate`` gives them for one
        patient; drawn at the left on the same vertical axis.
    floor : float
        Smallest value that the vertical axis shows [unit of y]; what is below it is not drawn.

    Returns
    -------
    plotly.graph_objects.Figure
        Traces of the course, of the states and of the ends, in this order.

    Raises
    ------
    DataError
        If a column is missing, or a stability is none.
    """
    need(branches, NEEDED, what="the frame of resting states")
    for kind in plot.in_order(branches["stability"]):
        if kind not in DASHES:
            where = "the frame of resting states"
            raise unknown(kind, DASHES, what="stability", where=where)
    reached = _frame(ends, ENDS, what="the frame of ends")
    run = _frame(course, COURSE, what="the frame of the course")
    if branches.empty and run.empty:
        return blank("There is no resting state to show", why="The frame holds no row.")
    shown = branches["x"].between(x_ends[0] / BEYOND, x_ends[1] * BEYOND)
    kept = branches[shown & (branches["y"] >= floor)]
    pieces = list(_pieces(kept))
    both = not run.empty
    traces = [*_course(run, floor), *_lines(pieces, second=both), *_marks_of(reached, second=both)]
    named = sum(trace.get("showlegend", True) for trace in traces)
    return canvas(
        traces,
        title=finding,
        subtitle=subtitle,
        description=_description(
            finding, subtitle, (x_label, y_label), pieces, run, reached, marks or {}
        ),
        body=plot.BODY,
        head=30 + ROW * (len(marks or {}) + (named > LEGEND_ROW)),
        foot=64,
        layout=_layout(
            (kept["y"], reached["y"], run["value"]),
            labels=(x_label, y_label),
            x_ends=x_ends,
            marks=marks or {},
            both=both,
            floor=floor,
        ),
    )


def _frame(given: pd.DataFrame | None, columns: Sequence[str], *, what: str) -> pd.DataFrame:
    """A frame with the columns that are drawn; empty if none was given."""
    if given is None:
        return pd.DataFrame({name: [] for name in columns})
    need(given, columns, what=what)
    return given


def _pieces(branches: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """State, stability and rows of each unbroken line."""
    key = branches["state"].astype(str) + branches["stability"].astype(str)
    for _, rows in branches.groupby(key.ne(key.shift()).cumsum(), sort=True):
        yield str(rows["state"].iloc[0]), str(rows["stability"].iloc[0]), rows


def _course(run: pd.DataFrame, floor: float) -> Iterator[dict[str, Any]]:
    """A line per compartment over time; what is below the floor is a gap, not a zero."""
    for place, compartment in enumerate(plot.in_order(run["compartment"])):
        rows = run[run["compartment"].astype(str).eq(compartment)]
        name = words.escape(words.sentence(theme.word(compartment)))
        look = plot.look(place + 2)
        yield {
            "type": "scatter",
            "x": rows["time_days"].round(4).tolist(),
            "y": [float(f"{one:.6g}") if one >= floor else None for one in rows["value"]],
            "mode": "lines",
            "name": name,
            "line": {"color": look["colour"], "dash": plot.DASHES[place], "width": 2.5},
            "hovertemplate": f"{name}: %{{y:.4g}} on day %{{x:.4g}}<extra></extra>",
        }


def _lines(
    pieces: list[tuple[str, str, pd.DataFrame]], *, second: bool
) -> Iterator[dict[str, Any]]:
    """A line per piece; pieces alike are named once."""
    held = list(dict.fromkeys(state for state, kind, _ in pieces if kind == "stable"))
    named = set()
    for state, kind, rows in pieces:
        name = words.escape(words.sentence(f"{theme.word(state)}, {WORDS[kind]}"))
        colour = theme.SOFT_INK if kind != "stable" else plot.SERIES[held.index(state) % 2]
        yield {
            "type": "scatter",
            "x": [float(f"{value:.5g}") for value in rows["x"]],
            "y": [float(f"{value:.5g}") for value in rows["y"]],
            "mode": "lines",
            "name": name,
            "showlegend": name not in named,
            "line": {"color": colour, "dash": DASHES[kind], "width": 3},
            "hovertemplate": f"{name}: %{{y:.3g}} at %{{x:.3g}}<extra></extra>",
            **_place(second),
        }
        named.add(name)


def _marks_of(ends: pd.DataFrame, *, second: bool) -> Iterator[dict[str, Any]]:
    """Where runs ended, one kind of mark per series."""
    for place, series in enumerate(plot.in_order(ends["series"])):
        rows = ends[ends["series"].astype(str).eq(series)]
        name = words.escape(series)
        look = plot.look(place)
        yield {
            "type": "scatter",
            "x": [float(f"{value:.5g}") for value in rows["x"]],
            "y": [float(f"{value:.5g}") for value in rows["y"]],
            "mode": "markers",
            "name": name,
            "marker": {
                "symbol": plot.SYMBOLS[place + 1],
                "size": 10,
                "color": "#ffffff",
                "line": {"color": look["colour"], "width": 2.5},
            },
            "hovertemplate": f"{name}: %{{y:.3g}} at %{{x:.3g}}<extra></extra>",
            **_place(second),
        }


def _place(second: bool) -> dict[str, str]:
    """The panel of a trace: the second, at the right of a course, or the only one."""
    return {"xaxis": "x2", "yaxis": "y2"} if second else {}


def _layout(
    values: Sequence[Any],
    *,
    labels: tuple[str, str],
    x_ends: Sequence[float],
    marks: Mapping[str, float],
    both: bool,
    floor: float,
) -> dict[str, Any]:
    """One panel, or two on one vertical axis, with the names of the vertical lines above."""
    x_label, y_label = labels
    held = [float(one) for part in values for one in part if one >= floor]
    ends = plot.log_ends([*held, 1.01 * floor], floor=floor)
    up = plot.axis(y_label, log=True, ends=ends)
    across = plot.axis(
        x_label, log=True, ends=x_ends, tickvals=TICKS, ticktext=[f"{tick:g}" for tick in TICKS]
    )
    panel, at = ("2", "x2") if both else ("", "x")
    shapes, notes = _vertical(marks, at=at, middle=math.sqrt(x_ends[0] * x_ends[1]))
    shown: dict[str, Any] = {
        "legend": plot.key() | {"y": 1 + (ROW * len(marks) + 4) / plot.BODY},
        "showlegend": True,
        "shapes": shapes,
        "annotations": notes,
    }
    if both:
        left = [0, 0.5 - GAP / 2]
        shown["xaxis"] = plot.axis("Time (days)", domain=left)
        shown["yaxis"] = up
        across |= {"domain": [0.5 + GAP / 2, 1], "anchor": "y2"}
        up = up | {"anchor": "x2", "title": {"text": ""}, "matches": "y"}
    return shown | {f"xaxis{panel}": across, f"yaxis{panel}": up}


def _vertical(marks: Mapping[str, float], *, at: str, middle: float) -> tuple[list[Any], list[Any]]:
    """Vertical lines, and their names above the plot area, the first in the lowest row."""
    shapes, notes = [], []
    for row, (name, value) in enumerate(marks.items()):
        line = {"color": theme.INK, "width": 1.5, "dash": "2px,3px"}
        tall = {"yref": f"{at.replace('x', 'y')} domain", "y0": 0, "y1": 1}
        shapes.append({"type": "line", "xref": at, "x0": value, "x1": value, **tall, "line": line})
        place = {"xref": at, "x": math.log10(value), "y": 1, "yshift": ROW * row}
        side = {"xanchor": "left" if value <= middle else "right", "yanchor": "bottom"}
        notes.append({"text": words.escape(name), **place, **side})
    return shapes, notes


def _description(
    finding: str,
    subtitle: str,
    labels: tuple[str, str],
    pieces: list[tuple[str, str, pd.DataFrame]],
    run: pd.DataFrame,
    ends: pd.DataFrame,
    marks: Mapping[str, float],
) -> str:
    """The picture in sentences: the course, each line of states, and where runs ended."""
    parts = [f"{labels[1]} at rest against {labels[0]}. {finding}.", subtitle]
    for compartment in plot.in_order(run["compartment"]):
        rows = run[run["compartment"].astype(str).eq(compartment)]
        units = ("days", str(rows["unit"].iloc[0]))
        over = rows["time_days"].tolist(), rows["value"].tolist()
        parts.append(plot.told(f"Over time, {theme.word(compartment)}", *over, units=units))
    for state, kind, rows in pieces:
        name = f"{words.sentence(theme.word(state))}, {WORDS[kind]}"
        parts.append(plot.told(name, rows["x"].tolist(), rows["y"].tolist(), units=("", "")))
    for series in plot.in_order(ends["series"]):
        rows = ends[ends["series"].astype(str).eq(series)]
        parts.append(plot.told(series, rows["x"].tolist(), rows["y"].tolist(), units=("", "")))
    parts += [f"Marked: {name} at {plot.number(value)}." for name, value in marks.items()]
    return " ".join(part for part in parts if part)
