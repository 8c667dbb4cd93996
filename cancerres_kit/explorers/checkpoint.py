"""The checkpoint explorer: a tumour under effector cells, and where it can come to rest.

One decision: the course of one tumour stands beside all states it could rest in, on one axis of
cells, so that each route of resistance is seen twice: as a course and as a place.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

from cancerres_kit import figures, models
from cancerres_kit.explorers.base import View
from cancerres_kit.explorers.laboratory import Laboratory
from cancerres_kit.explorers.slider import slider
from cancerres_kit.figures.plot import number

if TYPE_CHECKING:
    import pandas as pd

DAYS = 200
DRUG = "checkpoint_inhibitor"
LIFTS = (0.5, 20.0)
FLOOR = 1e3
VISIBLE = "without an antigen-loss clone"
"""What the threshold holds for: effectors see every cell of such a tumour."""
CELLS = {
    "tumour": "tumour cells that effectors see",
    "effectors": "effectors",
    "antigen_loss": "antigen-loss clone",
}
ROUTES = {
    "controlled": "Held",
    "primary": "Primary resistance",
    "acquired": "Acquired resistance",
}
RANGES: dict[str, dict[str, Any]] = {
    "lift": {
        "low": 1,
        "high": 20,
        "tooltip": "How many times the drug multiplies the kill by effectors; 1 is no drug",
    },
    "rho": {"high": 2, "tooltip": "How strongly the tumour draws effectors in"},
    "sigma": {"low": 0.01, "high": 1, "tooltip": "Effectors that enter whatever the tumour does"},
    "start_tumour": {"low": 1e6, "high": 4.5e8, "tooltip": "Size when the drug is first given"},
    "antigen_loss": {
        "low": 1e-9,
        "high": 0.1,
        "home": 1e-9,
        "label": "Antigen-loss clone",
        "tooltip": "Share of the tumour that effectors do not see; 1e-9 is less than one cell",
    },
}
"""Ends of each slider and what moving it does; the rest is the parameter's own."""


class Checkpoint(Laboratory):
    """A tumour under a checkpoint inhibitor: its course, and all states it could rest in.

    Parameters
    ----------
    lift : float, optional
        Lift of the kill by the drug to begin with [fold]; 1 is no drug.
    rho, sigma : float, optional
        Recruitment by the tumour and influx of effectors [scaled].
    start_tumour : float, optional
        Tumour at the start [cells].
    antigen_loss : float, optional
        Antigen-loss clone at the start [fraction]; none if left out.

    Attributes
    ----------
    lift, rho, sigma, start_tumour, antigen_loss : ipywidgets.Widget
        The sliders; set ``.value``.

    Raises
    ------
    DataError
        For a value out of a slider's range, here or when it is set.

    Examples
    --------
    >>> import cancerres_kit as ck
    >>> explorer = ck.explorers.Checkpoint()
    >>> explorer.antigen_loss.value = 1e-4
    >>> "acquired resistance" in explorer.summary
    True
    """

    TITLE: ClassVar[str] = "Checkpoint"

    def __init__(
        self,
        *,
        lift: float | None = None,
        rho: float | None = None,
        sigma: float | None = None,
        start_tumour: float | None = None,
        antigen_loss: float | None = None,
    ) -> None:
        begin = {
            "lift": lift,
            "rho": rho,
            "sigma": sigma,
            "start_tumour": start_tumour,
            "antigen_loss": antigen_loss,
        }
        numbers = models.Immune().parameters
        super().__init__(
            {
                name: slider(numbers[name], value=value, **RANGES[name])
                for name, value in begin.items()
            }
        )

    def view(self, **values: Any) -> View:
        """Answer what becomes of a tumour with these numbers."""
        model = models.Immune(**values)
        run = model.simulate(models.continuous(DRUG), DAYS)
        fate = model.fate(run)
        by_clone = _is_clone(run, fate)
        states = model.branches().rename(columns={"lift": "x", "tumour_cells": "y"})
        figure = figures.resting_states(
            states,
            finding=_finding(model, fate, by_clone=by_clone),
            subtitle="Left: this tumour under the drug. Right: sizes at which a tumour without a "
            "clone can rest, on the same axis; it moves to a solid line and away from a dashed "
            f"one. Below {number(FLOOR)} cells nothing is drawn.",
            x_label="Lift of the kill by the drug (fold); 1 is no drug",
            y_label="Cells",
            x_ends=LIFTS,
            marks={"this drug": model.lift},
            course=_named(run),
            floor=FLOOR,
        )
        return self.shown(model, summary=_explained(model, fate, by_clone=by_clone), figure=figure)


def _named(run: pd.DataFrame) -> pd.DataFrame:
    """Name compartments for people, the tumour first; one that never was is left out."""
    there = run[run["value"].groupby(run["compartment"], observed=True).transform("any")]
    named = there.assign(compartment=there["compartment"].astype(str).map(CELLS))
    return named.sort_values(
        "compartment", key=lambda one: one.map(list(CELLS.values()).index), kind="stable"
    )


def _finding(model: models.Immune, fate: pd.Series[Any], *, by_clone: bool) -> str:
    """Say in one line what became of the tumour, and what brought it about."""
    route = ROUTES[fate["route"]]
    if not fate["failed"]:
        return f"{route}: no progression by day {DAYS}"
    by = "effectors did not hold the tumour"
    if by_clone:
        by = "the antigen-loss clone grew out"
    elif fate["end_cells"] < model.start_tumour:
        by = "the tumour grew before effectors caught up"
    return f"{route}: {by}, progression on day {fate['ttp_days']:.0f}"


def _explained(model: models.Immune, fate: pd.Series[Any], *, by_clone: bool) -> str:
    """Explain the curve: the threshold, the fate and what brought it about."""
    return f"{_reach(model)} {_fate(model, fate, by_clone=by_clone)}"


def _reach(model: models.Immune) -> str:
    """Compare the lift with the threshold past which no tumour without a clone escapes."""
    lift, needed = model.lift, model.needed_lift()
    given = f"The drug lifts the kill {number(lift)}-fold." if lift > 1 else "No drug is given."
    if math.isnan(needed):
        return f"{given} There is no threshold: one tumour state turns gradually into the other."
    if needed == 1:
        return f"{given} With these effectors no tumour {VISIBLE} escapes, drug or not."
    past = f"Past a lift of {number(needed)} no tumour {VISIBLE} escapes"
    if lift > needed:
        return f"{given} {past}, and it is past that."
    short = f"{given} {past}; it is short of that"
    if model.is_bistable(1):
        return f"{short}, so the start decides: the size, and the effectors that the tumour meets."
    return f"{short}, and a tumour of any size escapes."


def _fate(model: models.Immune, fate: pd.Series[Any], *, by_clone: bool) -> str:
    """Say what this tumour did, and which cells it consists of at the end."""
    start, lowest = number(model.start_tumour), number(fate["nadir_cells"])
    if not fate["failed"]:
        return (
            f"This one, of {start} cells at the start, has not progressed by day {DAYS}; it "
            f"ends with {number(fate['end_cells'])} cells."
        )
    day = f"progresses on day {fate['ttp_days']:.0f}"
    if fate["route"] == "acquired":
        told = f"This one falls from {start} to {lowest} cells and then {day}: acquired resistance."
    else:
        told = f"This one, of {start} cells at the start, {day} without having halved: "
        told += "primary resistance."
    if by_clone:
        told += " What grows is the antigen-loss clone: effectors do not see it, so no lift and "
        return told + "no recruitment reaches it."
    if fate["end_cells"] < model.start_tumour:
        return f"{told} Then effectors catch up: it ends with {number(fate['end_cells'])} cells."
    return told


def _is_clone(run: pd.DataFrame, fate: pd.Series[Any]) -> bool:
    """Whether most of the tumour had lost its antigen when it progressed."""
    since = run[run["time_days"] >= fate["ttp_days"]]
    cells = since.groupby("compartment", observed=True)["value"].first()
    return bool(fate["failed"]) and bool(cells["antigen_loss"] > cells["tumour"])
