"""What pictures of models share: lines told apart by dash and symbol, axes with units, numbers.

One decision: who draws a curve says the finding, because only a model knows what its numbers mean;
the picture adds to the text alternative what it draws: the start, end and extremes of each line.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from cancerres_kit import theme
from cancerres_kit.figures import words

SERIES = ("#0077bb", "#c4581a", "#3d1a78", "#00493a", "#b5830f", "#8a3d74")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "x")
BODY = 340.0
"""Height of the plot area [px]."""


def number(value: float) -> str:
    """A number as a person reads it: ``"0.263"``, ``"1,200"``, ``"3e+09"``."""
    if not math.isfinite(value):
        return "none"
    if value != 0 and not 1e-3 <= abs(value) < 1e6:
        return f"{value:.2g}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def axis(
    text: str, *, log: bool = False, ends: Sequence[float] | None = None, **more: Any
) -> dict[str, Any]:
    """An axis with quiet grid lines, its title, and its ends in the units of the data."""
    shown: dict[str, Any] = {
        "title": {"text": words.escape(text)},
        "type": "log" if log else "linear",
        "showgrid": True,
        "gridcolor": theme.RULE,
        "fixedrange": True,
    }
    if log:
        shown |= {"exponentformat": "power", "dtick": 1}
    if ends is not None:
        shown["range"] = [math.log10(end) if log else end for end in ends]
    return {**shown, **more}


def log_ends(values: Iterable[float], *, floor: float) -> tuple[float, float]:
    """Powers of ten around positive values, from `floor` on; grid lines fall on both ends."""
    held = [value for value in values if value > floor] or [floor]
    low, high = math.floor(math.log10(min(held))), math.ceil(math.log10(max(held)) + 0.02)
    return 10.0**low, 10.0 ** max(high, low + 1)


def key() -> dict[str, Any]:
    """A legend above the plot area that only explains."""
    return {
        "orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "xanchor": "left",
        "itemclick": False, "itemdoubleclick": False,
    }  # fmt: skip


def look(place: int) -> dict[str, Any]:
    """Colour, dash and symbol of the line at a place; lines differ also without colour."""
    return {
        "colour": SERIES[place % len(SERIES)],
        "dash": DASHES[place % len(DASHES)],
        "symbol": SYMBOLS[place % len(SYMBOLS)],
    }


def in_order(values: pd.Series[Any]) -> list[str]:
    """Names in the order in which they first stand in a column, missing ones left out."""
    return [str(value) for value in values.dropna().unique()]


def told(name: str, x: Sequence[float], y: Sequence[float], *, units: tuple[str, str]) -> str:
    """Say a line in a sentence: where it starts and ends, and its extremes if they lie between."""
    if not len(y):
        return f"{name}: nothing to show."
    (x_unit, y_unit), places = units, range(len(y))
    top, low = max(places, key=y.__getitem__), min(places, key=y.__getitem__)

    def at(place: int) -> str:
        return f"{number(y[place])} {y_unit}".strip() + f" at {number(x[place])} {x_unit}".rstrip()

    text = f"{name}: from {at(0)} to {at(len(y) - 1)}"
    between = {"highest": top, "lowest": low}
    for word, place in between.items():
        if place not in (0, len(y) - 1) and y[place] not in (y[0], y[-1]):
            text += f", {word} {at(place)}"
    return text + "."


def level_notes(levels: Mapping[str, float], *, log: bool) -> tuple[list[Any], list[Any]]:
    """Dashed horizontal lines and their names at the right end."""
    shapes, notes = [], []
    for name, value in levels.items():
        place = math.log10(value) if log else value
        line = {"color": theme.SOFT_INK, "width": 1.2, "dash": "6px,4px"}
        shapes.append(
            {"type": "line", "x0": 0, "x1": 1, "yref": "y", "y0": value, "y1": value, "line": line}
        )
        text = {"text": words.escape(name), "font": {"color": theme.SOFT_INK}}
        end = {"x": 1, "xanchor": "right", "yref": "y", "y": place, "yanchor": "bottom"}
        notes.append({**text, **end})
    return shapes, notes
