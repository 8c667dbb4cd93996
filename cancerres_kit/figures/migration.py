"""Quantities over migration: what moving between two places changes, exact and simulated.

One decision: the axis of migration always goes in powers of ten, and each quantity always has the
same axis of its own, so that two such pictures can be laid on each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from cancerres_kit.figures import plot
from cancerres_kit.figures.canvas import need
from cancerres_kit.figures.curves import NEEDED, curves
from cancerres_kit.schema import unknown

TENTH, ABOVE_ONE = 0.1, 1.6  # where an axis of chances ends, rather than at a chance of 10
X_LABEL = "Migration between the places (1/day)"


class Axis(NamedTuple):
    """How a quantity is drawn: its label, whether in powers of ten, ends, and a line to compare."""

    label: str
    log: bool
    ends: tuple[float, float] | None
    levels: Mapping[str, float]


AXES = {
    "growth_rate": Axis(
        "Growth of the sensitive cells (1/day)", False, None, {"neither growth nor decline": 0.0}
    ),
    "escape": Axis("Escape probability of one cell", True, None, {}),
    "tumour_escape": Axis("Escape probability of the tumour", True, None, {}),
    "origin": Axis("Probability of the sanctuary", False, (0.0, 1.05), {"equal chance": 0.5}),
}


def over_migration(
    frame: pd.DataFrame,
    quantity: str,
    *,
    finding: str,
    subtitle: str = "",
    marks: Mapping[str, float] | None = None,
) -> go.Figure:
    """Draw a quantity over migration.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns x (rate of migration) [1/day], y, series, kind (``"exact"`` or ``"simulated"``);
        optional low and high, the interval of a simulated value. As
        ``Sanctuary.by_migration`` gives it. What is not known, or cannot stand on an axis in
        powers of ten, is left out.
    quantity : {"growth_rate", "escape", "tumour_escape", "origin"}
        What y is.
    finding : str
        What the curves show, as a sentence: the title.
    subtitle : str
        What a reader has to know beside it.
    marks : mapping of str to float, optional
        Vertical lines by their name [1/day]: the threshold, where the slider stands.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace per series and kind.

    Raises
    ------
    DataError
        If a column is missing, or there is no such quantity.
    """
    if quantity not in AXES:
        raise unknown(quantity, AXES, what="quantity over migration")
    need(frame, NEEDED, what="the frame of curves")
    axis = AXES[quantity]
    shown = frame[frame["y"].gt(0) if axis.log else frame["y"].notna()]
    has_interval = {"low", "high"} <= set(shown.columns) and shown["low"].notna().any()
    return curves(
        shown if has_interval else shown[list(NEEDED)],
        finding=finding,
        subtitle=subtitle,
        x_label=X_LABEL,
        y_label=axis.label,
        x_log=True,
        y_log=axis.log,
        y_ends=_up_to_one(shown["y"]) if axis.log else axis.ends,
        marks=marks,
        levels=axis.levels,
    )


def _up_to_one(chances: pd.Series[float]) -> tuple[float, float] | None:
    """Ends of an axis of chances that reach 1; none where they stay well below it."""
    if chances.empty or chances.max() <= TENTH:
        return None
    return plot.log_ends(chances, floor=0.0)[0], ABOVE_ONE
