"""What every explorer of a model is: sliders, one figure, and what the numbers rest on.

One decision: a laboratory never shows a curve alone. Above it stands the notice, and under it,
always and for every setting, what the model leaves out, and each number with its source and how far
that was checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from cancerres_kit import display, models
from cancerres_kit.explorers.base import Explorer, View
from cancerres_kit.explorers.texts import section

if TYPE_CHECKING:
    import plotly.graph_objects as go

COLUMNS = ["label", "value", "unit", "source"]


class Laboratory(Explorer):
    """Base of the explorers of models.

    A subclass names itself in ``TITLE``, makes its controls (sliders by
    `cancerres_kit.explorers.slider`) and answers ``view`` by `shown`. The summary is what
    explains the curve: sentences computed from the result.
    A reset goes back to the values that the laboratory was built with.

    Attributes
    ----------
    assumptions, numbers : ipywidgets.HTML
        What the model leaves out; its numbers with unit and source.
    """

    NOTICE: ClassVar[str] = models.NOTICE
    NOTICE_FIRST: ClassVar[bool] = True

    def __init__(self, controls: Mapping[str, Any]) -> None:
        for control in controls.values():
            control.home = control.value
        super().__init__(controls)

    def shown(
        self,
        model: models.Model,
        *,
        summary: str,
        figure: go.Figure,
        texts: Mapping[str, str] | None = None,
    ) -> View:
        """Put a view together, with what the model rests on under it.

        Parameters
        ----------
        model : Model
            What was run, with the numbers of the controls.
        summary : str
            Plain sentences that explain the curve.
        figure : plotly.graph_objects.Figure
            The figure, with its text alternative.
        texts : mapping of str to str, optional
            Further HTML, by name; stands before the assumptions.

        Returns
        -------
        View
        """
        below = {"assumptions": assumptions(model), "numbers": numbers(model)}
        return View(summary=summary, figure=figure, texts={**(texts or {}), **below})


def assumptions(model: models.Model) -> str:
    """List what a model leaves out as HTML; the notice stands above the figure."""
    left = [caveat for caveat in model.caveats if caveat != models.NOTICE]
    points = "".join(f"<li>{display.escape(caveat)}</li>" for caveat in left)
    return section("What this model leaves out", f"<ul>{points}</ul>")


def numbers(model: models.Model) -> str:
    """Show the numbers of a model with unit and source as HTML.

    What the controls have changed is marked: it no longer rests on the source of the default.
    """
    table = model.table()
    value = [f"{number:.6g}" for number in table["value"]]
    rows = pd.DataFrame({**table, "value": value})
    return section("Its numbers, and where they are from", display.table(rows[COLUMNS]).data)
