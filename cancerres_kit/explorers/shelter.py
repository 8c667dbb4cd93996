"""The shelter explorer: a place that the drug hardly reaches, and cells that move in and out.

One decision: the line is exact and stays while migration is moved; the mark on it is virtual
tumours that are followed anew at every setting, from a fixed seed, so that both can be compared.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar

from cancerres_kit import models
from cancerres_kit.explorers import sanctuaries
from cancerres_kit.explorers.base import REMEMBERED, View
from cancerres_kit.explorers.choice import Choice
from cancerres_kit.explorers.laboratory import Laboratory
from cancerres_kit.explorers.slider import slider

LOCAL = models.Parameter(
    name="local",
    value=0.0,
    unit="full doses",
    low=0.0,
    high=1.0,
    scale="linear",
    source=models.Source("", "acts in the sanctuary only", "own value"),
    label="Local drug",
)
RANGES: dict[str, tuple[float, float, str]] = {
    "migration": (1e-4, 1, "Migration"),
    "penetration": (0, 1, "Drug in the sanctuary"),
    "local": (0, 1, "Local drug"),
    "sheltered": (0, 1, "Cells in the sanctuary"),
    "kill": (0, 0.2, "Killing by the drug"),
    "cells": (1, 1e9, "Size at the start"),
    "mutation": (1e-10, 1e-4, "Mutation"),
}
"""Ends of each slider [unit of its number], and its label, short enough to stand beside it."""


class Shelter(Laboratory):
    """A sanctuary beside a drugged place: what migration decides, and what moves the threshold.

    Parameters
    ----------
    picture : {"growth", "cell", "tumour", "origin", "course"}, optional
        What to begin with; the growth of the sensitive cells if left out.
    local : float
        Dose of a local drug that acts in the sanctuary only [full doses].
    **values : float
        Numbers of the model to begin with: migration, kill [1/day], penetration, sheltered
        [fraction], cells, mutation [per division].

    Attributes
    ----------
    picture : Choice
        What is shown.
    migration, penetration, local, sheltered, kill, cells, mutation : ipywidgets.Widget
        The sliders; set ``.value``.

    Raises
    ------
    DataError
        For a choice or number that does not exist, or a value out of range; here, and whenever a
        control is set.

    Examples
    --------
    >>> import cancerres_kit as ck
    >>> explorer = ck.explorers.Shelter(migration=0.01)
    >>> explorer.migration.value = 0.05
    >>> "sensitive cells shrink" in explorer.summary
    True
    """

    TITLE: ClassVar[str] = "Shelter"
    picture: Choice

    def __init__(self, *, picture: str | None = None, local: float = 0.0, **values: float) -> None:
        numbers = {**models.Sanctuary().parameters, "local": LOCAL}
        model = models.Sanctuary().with_(**values)
        chosen = Choice(
            "Show",
            [(label, name) for name, label in sanctuaries.NAMES.items()],
            what="picture",
            where="Shelter",
            value=picture,
            tooltip="Which answer of the model is drawn",
        )
        sliders = {
            name: slider(
                numbers[name],
                low=low,
                high=high,
                value=local if name == "local" else getattr(model, name),
                label=label,
            )
            for name, (low, high, label) in RANGES.items()
        }
        self._lines = lru_cache(maxsize=REMEMBERED)(sanctuaries.lines)
        super().__init__({"picture": chosen, **sliders})

    def view(self, **values: Any) -> View:
        """Answer what a sanctuary with these numbers does."""
        picture, local = str(values.pop("picture")), float(values.pop("local"))
        model = models.Sanctuary(**values)
        if picture == sanctuaries.COURSE:
            told, figure = sanctuaries.course(model, local)
        else:
            lines = self._lines(picture, model.with_(migration=sanctuaries.RATES[0]), local)
            told, figure = sanctuaries.over_migration(picture, model, local, lines)
        summary = f"{sanctuaries.rule(model, local)} {told}"
        return self.shown(model, summary=summary, figure=figure)
