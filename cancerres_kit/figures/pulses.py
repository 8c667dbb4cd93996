"""Pulses: how fast a tumour grows under every rhythm of treatment and pause, against no pause.

One decision: the colour is a difference from the same tumour without a pause, because a rate that
falls may still be the worse of two; where the tumour neither grows nor shrinks is a line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from cancerres_kit import theme
from cancerres_kit.figures import plot, words
from cancerres_kit.figures.canvas import blank, canvas, need

NEEDED = ("on_days", "off_days", "growth_rate_per_day", "no_pause_per_day", "panel")
BETTER, WORSE = plot.SERIES[0], plot.SERIES[1]
SCALE = [[0, BETTER], [0.5, "#ffffff"], [1, WORSE]]
GAP = 0.06
"""Space between two panels, as a part of the width."""
TELLS = 5e-4
"""Smallest difference of rates that counts as one [1/day]."""


def pulse_map(
    frame: pd.DataFrame, *, subtitle: str = "", marks: Mapping[str, Sequence[float]] | None = None
) -> go.Figure:
    """Draw the long-term growth rate of all pulses, panel by panel.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns on_days, off_days, growth_rate_per_day, no_pause_per_day (rate of the same tumour
        under the drug without a pause) and panel; a full grid per panel, as
        ``Plasticity.pulse_panels`` gives it.
    subtitle : str
        What a reader has to know beside it.
    marks : mapping of str to (float, float), optional
        Pulses by their name, as days with and days without drug; drawn in every panel.

    Returns
    -------
    plotly.graph_objects.Figure
        Per panel a heatmap, the line of no growth, its best pulse and the marks.

    Raises
    ------
    DataError
        If a column is missing.
    """
    need(frame, NEEDED, what="the frame of pulses")
    if frame.empty:
        return blank("There is no pulse to show", why="The frame holds no row.")
    panels = {name: frame[frame["panel"].astype(str).eq(name)] for name in _names(frame)}
    gain = frame["growth_rate_per_day"] - frame["no_pause_per_day"]
    reach = max(float(f"{-1.2 * gain.min():.1g}"), 0.05)
    traces = [
        trace
        for place, rows in enumerate(panels.values(), start=1)
        for trace in _traces(rows, place, reach, marks or {})
    ]
    title = _title(panels)
    return canvas(
        traces,
        title=title,
        subtitle=subtitle,
        description=_description(panels, title, subtitle, marks or {}),
        body=plot.BODY,
        head=54 if len(panels) > 1 else 30,
        foot=64,
        layout=_layout(list(panels), frame),
    )


def _names(frame: pd.DataFrame) -> list[str]:
    return plot.in_order(frame["panel"])


def _traces(
    rows: pd.DataFrame, place: int, reach: float, marks: Mapping[str, Sequence[float]]
) -> list[Any]:
    """Map, line of no growth and marked pulses of one panel."""
    rates = rows.pivot(index="on_days", columns="off_days", values="growth_rate_per_day")
    steady = float(rows["no_pause_per_day"].iloc[0])
    axes: dict[str, Any] = {"xaxis": f"x{place}", "yaxis": f"y{place}"}
    grid = {"x": rates.columns.tolist(), "y": rates.index.tolist()}
    values = [[round(value, 5) for value in line] for line in rates.to_numpy()]
    map_ = go.Heatmap(
        z=[[round(value - steady, 4) for value in line] for line in values],
        **grid,
        **axes,
        zmin=-reach,
        zmax=reach,
        colorscale=SCALE,
        showscale=place == 1,
        colorbar=_bar(reach),
        hovertemplate="%{y} days with, %{x} days without drug: %{z:+.4f} per day against no pause"
        "<extra></extra>",
    )
    line = go.Contour(
        z=values,
        **grid,
        **axes,
        contours={"start": 0, "end": 0, "size": 1, "coloring": "none", "showlabels": False},
        line={"color": "#1a1a1a", "width": 2.5, "dash": "dash"},
        showscale=False,
        hoverinfo="skip",
        name="no growth",
        showlegend=place == 1,
    )
    best = _best(rows)
    star = {"best pulse": (best["on_days"], best["off_days"])} if _helps(rows) else {}
    points = {**star, **marks}.items()
    return [map_, line, *(_mark(name, pulse, place, axes) for name, pulse in points)]


def _mark(name: str, pulse: Sequence[float], place: int, axes: Mapping[str, str]) -> go.Scatter:
    """A pulse on the map."""
    on, off = (float(value) for value in pulse)
    symbol = "star" if name == "best pulse" else "circle-x"
    return go.Scatter(
        x=[off],
        y=[on],
        mode="markers",
        name=words.escape(name),
        showlegend=place == 1,
        marker={
            "symbol": symbol,
            "size": 15,
            "color": "#ffffff",
            "line": {"color": "#1a1a1a", "width": 1.8},
        },
        hovertemplate=f"{words.escape(name)}: %{{y}} days with, %{{x}} days without drug"
        "<extra></extra>",
        cliponaxis=False,
        **axes,
    )


def _bar(reach: float) -> dict[str, Any]:
    """The colour bar, with words at its ends."""
    return {
        "tickvals": [-0.93 * reach, 0, 0.93 * reach],
        "ticktext": [
            f"better by<br>{reach:g} a day",
            "as no<br>pause",
            f"worse by<br>{reach:g} or more",
        ],
        "tickfont": {"size": theme.TEXT_SIZE},
        "thickness": 16,
        "outlinewidth": 1,
        "x": 1.0,
        "xpad": 12,
    }


def _layout(names: list[str], frame: pd.DataFrame) -> dict[str, Any]:
    """Axes side by side, and the names of the panels above them."""
    width = (1 - GAP * (len(names) - 1)) / len(names)
    layout: dict[str, Any] = {"annotations": [], "showlegend": True, "legend": plot.key()}
    for place, name in enumerate(names, start=1):
        left = (place - 1) * (width + GAP)
        ends = {axis: _ends(frame[f"{axis}_days"]) for axis in ("on", "off")}
        layout[f"xaxis{place}"] = plot.axis(
            "Days without drug",
            ends=ends["off"],
            domain=[left, left + width],
            anchor=f"y{place}",
            showgrid=False,
        )
        layout[f"yaxis{place}"] = plot.axis(
            "Days with drug" if place == 1 else "",
            ends=ends["on"],
            anchor=f"x{place}",
            showgrid=False,
        )
        if len(names) > 1:
            at = {"x": left, "y": 1, "xanchor": "left", "yanchor": "bottom"}
            layout["annotations"].append({"text": f"<b>{words.escape(name)}</b>", **at})
    if len(names) > 1:
        layout["legend"] |= {"y": 1 + 24 / plot.BODY}
    return layout


def _ends(days: pd.Series[Any]) -> tuple[float, float]:
    """Ends of an axis: half a cell beyond the outermost values."""
    values = sorted(days.unique())
    half = (values[1] - values[0]) / 2 if len(values) > 1 else 0.5
    return float(values[0] - half), float(values[-1] + half)


def _title(panels: Mapping[str, pd.DataFrame]) -> str:
    """The finding: in which tumours a pause can help."""
    helped = [name for name, rows in panels.items() if _helps(rows)]
    if len(panels) == 1:
        return "Some pauses help" if helped else "No pause does better than none"
    if not helped:
        return "In none of these tumours does a pause do better than none"
    if len(helped) == len(panels):
        return f"Some pauses help in all {len(panels)} tumours"
    told = words.listing([f"\u201c{name}\u201d" for name in helped])
    return f"Some pauses help in {told}, none in the other"


def _best(rows: pd.DataFrame) -> dict[str, float]:
    """The pulse of a panel with the smallest rate."""
    numbers = rows[[name for name in NEEDED if name != "panel"]]
    place = int(numbers["growth_rate_per_day"].to_numpy().argmin())
    return dict(zip(numbers.columns, numbers.to_numpy()[place].tolist(), strict=True))


def _helps(rows: pd.DataFrame) -> bool:
    """Whether a pulse does better than no pause, by more than rounding."""
    best = _best(rows)
    return best["growth_rate_per_day"] < best["no_pause_per_day"] - TELLS


def _description(
    panels: Mapping[str, pd.DataFrame],
    title: str,
    subtitle: str,
    marks: Mapping[str, Sequence[float]],
) -> str:
    """The picture in sentences, panel by panel."""
    parts = [f"Map of pulses, days with drug against days without. {title}.", subtitle]
    for name, rows in panels.items():
        best = _best(rows)
        better = (rows["growth_rate_per_day"] < rows["no_pause_per_day"] - TELLS).sum()
        grows = (rows["growth_rate_per_day"] > 0).sum()
        parts.append(
            f"{name}: without a pause {plot.number(best['no_pause_per_day'])} per day; best pulse, "
            f"in days, {plot.number(best['on_days'])} on and {plot.number(best['off_days'])} off, "
            f"{plot.number(best['growth_rate_per_day'])} per day. Of {len(rows)} pulses {better} "
            f"are better than no pause, and with {grows} the tumour grows."
        )
    parts += [
        f"Marked: {name}, {plot.number(on)} on and {plot.number(off)} off."
        for name, (on, off) in marks.items()
    ]
    return " ".join(part for part in parts if part)
