"""The combination explorer: two drugs for everybody, or the right one for each patient.

One decision: patients and cells stay apart. Correlation is between patients and moves survival
curves; cross-resistance is between cells and moves what is left of a tumour. Each has its picture.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from cancerres_kit import display, models
from cancerres_kit.explorers import two_drugs
from cancerres_kit.explorers.base import REMEMBERED
from cancerres_kit.explorers.choice import EVERYTHING, Choice
from cancerres_kit.explorers.laboratory import Laboratory
from cancerres_kit.explorers.slider import slider
from cancerres_kit.explorers.texts import section

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from cancerres_kit.atlas import Atlas
    from cancerres_kit.explorers.base import View

PICTURES = {
    "curves": "Survival curves",
    "correlation": "What correlation decides",
    "biomarker": "Combination or biomarker",
    "cells": "Cross-resistance of cells",
}
ENDS: dict[str, tuple[float | None, float | None]] = {
    "spearman": (None, None),
    "accuracy": (0.5, None),
    "median_a": (1, 24),
    "median_b": (1, 24),
    "shape": (0.5, 3),
    "surviving_a": (1e-4, 1),
    "surviving_b": (1e-4, 1),
    "cross_resistance": (None, None),
}


class Combination(Laboratory):
    """Two drugs in patients who differ: both together, or one chosen by a biomarker.

    Parameters
    ----------
    atlas : Atlas
        The tables: digest of trials and published numbers.
    picture : {"curves", "correlation", "biomarker", "cells"}, optional
        What to begin with; survival curves if left out.
    trial : str, optional
        Trial whose single arms are the two drugs. Made-up drugs if left out.
    **values : float
        Sliders to begin with: spearman, accuracy, median_a, median_b [months], shape, surviving_a,
        surviving_b, cross_resistance.

    Attributes
    ----------
    picture, trial : Choice
        The choices.
    spearman, accuracy, median_a, median_b, shape, surviving_a, surviving_b, cross_resistance : Any
        The sliders; medians and shape count only for made-up drugs.
    published : ipywidgets.HTML
        Published medians of the trial beside ours.

    Raises
    ------
    DataError
        For a choice or slider that does not exist, or a value out of range; here, and whenever a
        control is set.

    Examples
    --------
    >>> import cancerres_kit as ck
    >>> explorer = ck.explorers.Combination(ck.load())
    >>> explorer.trial.value = "melanoma_ipilimumab_nivolumab"
    >>> explorer.summary.startswith("Ipilimumab plus Nivolumab")
    True
    """

    TITLE: ClassVar[str] = "Combination"
    picture: Choice
    trial: Choice

    def __init__(
        self,
        atlas: Atlas,
        *,
        picture: str | None = None,
        trial: str | None = None,
        **values: float,
    ) -> None:
        self._trials = models.combination_trials
        self._digest, self._numbers = atlas.survival_digest, atlas.published_numbers
        self._facts = self._trials.trials(self._digest).set_index("trial")
        self._compared = lru_cache(maxsize=REMEMBERED)(self._compare)
        self._reported = lru_cache(maxsize=REMEMBERED)(self._report)
        start = models.Patients().with_(**values)
        chosen = {"picture": self._pictures(picture), "trial": self._list(trial)}
        sliders = {
            name: slider(models.Patients().parameters[name], low=low, high=high,
                         value=getattr(start, name))
            for name, (low, high) in ENDS.items()
        }  # fmt: skip
        super().__init__({**chosen, **sliders})

    def view(self, **values: Any) -> View:
        """Answer what is seen for some values of the controls."""
        picture, trial = str(values.pop("picture")), str(values.pop("trial"))
        model = models.Patients(**values)
        single = self._trials.predicted(self._digest, trial) if trial else model
        # Given once, as a picture asks for each curve many times.
        model = model.with_(curve_a=single.curve("drug_a"), curve_b=single.curve("drug_b"))
        summary, figure = self._drawn(picture, model, trial)
        idle = " Medians and shape come from the trial; their sliders do nothing here."
        return self.shown(
            model,
            summary=summary + (idle if trial and picture != "cells" else ""),
            figure=figure,
            texts={"published": self._reported(trial)},
        )

    def _pictures(self, value: str | None) -> Choice:
        """Make the control for the picture."""
        return Choice(
            "Picture",
            [(label, name) for name, label in PICTURES.items()],
            what="picture",
            where="the combination explorer",
            value=value,
            tooltip="What the figure shows",
        )

    def _list(self, value: str | None) -> Choice:
        """Make the control for the trial."""
        options = [("Two made-up drugs", EVERYTHING)]
        options += [(str(row.combination), str(row.Index)) for row in self._facts.itertuples()]
        return Choice(
            "Trial",
            options,
            what="trial",
            where="atlas.survival_digest",
            value=value,
            tooltip="Whose single arms are the two drugs",
        )

    def _drawn(self, picture: str, model: Any, trial: str) -> tuple[str, go.Figure]:
        """Answer the sentences and the figure of a picture."""
        if picture == "cells":
            return two_drugs.cells(model)
        found: Any = self._compared(trial, model.spearman) if trial else None
        window = float(found["window_months"] if trial else self._trials.WINDOW)
        if picture == "correlation":
            return two_drugs.correlation(model, window, found)
        if picture == "biomarker":
            return two_drugs.biomarker(model, window)
        if not trial:
            return two_drugs.made_up(model, window)
        return two_drugs.observed(self._digest, trial, model, found, self._facts.loc[trial])

    def _compare(self, trial: str, spearman: float) -> Any:
        """Compare a trial with its prediction."""
        own = self._digest[self._digest["trial"].eq(trial)]
        return self._trials.compared(own, spearman=spearman).iloc[0]

    def _report(self, trial: str) -> str:
        """Put published medians beside ours, as HTML."""
        title = "Published medians (months) beside ours"
        if not trial:
            return section(title, "<p>Choose a trial to see its published medians.</p>")
        rows = self._trials.reported(self._digest, self._numbers, trial)
        if rows.empty:
            return section(title, "<p>None are curated for this trial.</p>")
        return section(title, display.table(rows.round(2)).data)
