"""Courses: what a model's compartments do over time, with the doses under them.

One decision: doses are part of the picture. A curve without the treatment that bent it misleads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from cancerres_kit import theme
from cancerres_kit.figures import plot, words
from cancerres_kit.figures.canvas import blank, canvas, need, note

NEEDED = ("time_days", "compartment", "value", "unit")
DOSES = ("drug", "start_days", "stop_days", "dose")
STRIP = 40.0
"""Height of the strip of a drug with its name [px]."""


def courses(
    frame: pd.DataFrame,
    *,
    finding: str,
    subtitle: str = "",
    doses: pd.DataFrame | None = None,
    levels: Mapping[str, float] | None = None,
    log: bool = True,
    floor: float = 1.0,
) -> go.Figure:
    """Draw courses over time.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns time_days, compartment, value and unit (one unit for all), as ``Model.simulate``
        gives them for one patient; with a column series, each series is drawn in a dash of its
        own and each compartment in a colour.
    finding : str
        What the courses show, as a sentence: the title.
    subtitle : str
        What a reader has to know beside it.
    doses : pandas.DataFrame, optional
        Columns drug, start_days, stop_days and dose (1 = full), one row per interval of treatment.
    levels : mapping of str to float, optional
        Horizontal lines by their name [unit of the frame]: ``{"progression": 1.2e9}``.
    log : bool
        Whether the axis goes in powers of ten.
    floor : float
        Smallest value that such an axis shows [unit of the frame]; what is below it is not drawn.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace per series and compartment.

    Raises
    ------
    DataError
        If a column is missing.
    """
    need(frame, NEEDED, what="the frame of courses")
    if frame.empty:
        return blank("There is no course to show", why="The run kept no time.")
    given = pd.DataFrame(columns=list(DOSES)) if doses is None else doses
    need(given, DOSES, what="the frame of doses")
    unit = str(frame["unit"].iloc[0])
    lines = _lines(frame)
    shapes, notes = plot.level_notes(levels or {}, log=log)
    strips, names = _strips(given)
    return canvas(
        [_trace(*line, log=log, floor=floor) for line in lines],
        title=finding,
        subtitle=subtitle,
        description=_description(finding, subtitle, lines, given, unit),
        body=plot.BODY,
        head=30,
        foot=64 + STRIP * given["drug"].nunique(),
        layout={
            "xaxis": plot.axis("Time (days)"),
            "yaxis": _y_axis(frame, levels or {}, unit=unit, log=log, floor=floor),
            "legend": plot.key(),
            "showlegend": True,
            "shapes": [*shapes, *strips],
            "annotations": [*notes, *names],
        },
    )


def _lines(frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame, str, str]]:
    """Name, rows, colour and dash of each line, in the order in which they stand."""
    compartments = plot.in_order(frame["compartment"])
    series = plot.in_order(frame["series"]) if "series" in frame.columns else [""]
    found = []
    for one, drawn in enumerate(series):
        rows = frame[frame["series"].astype(str).eq(drawn)] if drawn else frame
        for other, compartment in enumerate(compartments):
            held = rows[rows["compartment"].astype(str).eq(compartment)]
            if held.empty:
                continue
            name = f"{compartment}, {drawn}" if drawn else compartment
            dash = plot.look(one if len(series) > 1 else other)["dash"]
            found.append((theme.word(name), held, plot.look(other)["colour"], dash))
    return found


def _trace(
    name: str, rows: pd.DataFrame, colour: str, dash: str, *, log: bool, floor: float
) -> go.Scatter:
    """A line; on an axis of powers of ten what lies below its floor is a gap, not a zero."""
    value = rows["value"].where(rows["value"] >= floor) if log else rows["value"]
    return go.Scatter(
        x=rows["time_days"].round(4).tolist(),
        y=[None if pd.isna(one) else float(f"{one:.6g}") for one in value],
        mode="lines",
        name=words.escape(words.sentence(name)),
        line={"color": colour, "dash": dash, "width": 2.5},
        hovertemplate=f"{words.escape(name)}: %{{y:.4g}} on day %{{x:.4g}}<extra></extra>",
    )


def _y_axis(
    frame: pd.DataFrame, levels: Mapping[str, float], *, unit: str, log: bool, floor: float
) -> dict[str, Any]:
    """The axis of values, with room for the levels."""
    values = [*frame["value"].dropna(), *levels.values()]
    title = words.sentence(unit) or "Value"
    if log:
        return plot.axis(title, log=True, ends=plot.log_ends(values, floor=floor))
    return plot.axis(title, ends=(min(0.0, *values), 1.05 * max(values) or 1.0))


def _strips(doses: pd.DataFrame) -> tuple[list[Any], list[Any]]:
    """A strip per drug under the time axis: filled while it is given, paler at lower doses."""
    shapes, notes = [], []
    for row, drug in enumerate(plot.in_order(doses["drug"])):
        top = -54 - STRIP * row
        held = doses[doses["drug"].astype(str).eq(drug)]
        for start, stop, dose in held[["start_days", "stop_days", "dose"]].itertuples(index=False):
            opacity = round(0.25 + 0.6 * min(float(dose), 1.0), 2)
            place = {"xref": "x", "x0": float(start), "x1": float(stop)}
            pixels = {"ysizemode": "pixel", "yanchor": 0, "y0": top - 18, "y1": top - 32}
            fill = theme.faded(plot.SERIES[3], opacity)
            shapes.append(
                {"type": "rect", **place, **pixels, "fillcolor": fill, "line": {"width": 0}}
            )
        name = words.escape(words.sentence(f"{theme.word(drug)} given"))
        notes.append(note(name, x=0, y=0, yshift=top))
    return shapes, notes


def _description(
    finding: str, subtitle: str, lines: list[Any], doses: pd.DataFrame, unit: str
) -> str:
    """The picture in sentences, line by line, with the treatment."""
    parts = [f"Courses over time. {finding}.", subtitle]
    parts += [
        plot.told(name, rows["time_days"].tolist(), rows["value"].tolist(), units=("days", unit))
        for name, rows, *_ in lines
    ]
    for drug in plot.in_order(doses["drug"]):
        held = doses[doses["drug"].astype(str).eq(drug)]
        days = float((held["stop_days"] - held["start_days"]).sum())
        spans = words.count(len(held), "interval")
        parts.append(f"{theme.word(drug)} is given for {plot.number(days)} days in {spans}.")
    return " ".join(part for part in parts if part)
