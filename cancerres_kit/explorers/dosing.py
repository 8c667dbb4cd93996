"""The dosing explorer: schedules compared on one virtual patient, or a schedule of your own.

One decision: in *your turn* only the burden is seen until the run is over, because that is all a
blood test or a scan tells. What became of the other schedules is shown at the end, never before.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from cancerres_kit import display, figures, models
from cancerres_kit.explorers import dosing_words as say
from cancerres_kit.explorers.base import View
from cancerres_kit.explorers.choice import Choice
from cancerres_kit.explorers.diary import Diary, numbers
from cancerres_kit.explorers.laboratory import Laboratory
from cancerres_kit.explorers.slider import slider
from cancerres_kit.explorers.texts import section

if TYPE_CHECKING:
    from cancerres_kit.models.contests import Contest

MOST_MONTHS = 30
FOLLOWED = 30.0 * MOST_MONTHS  # days
REMEMBERED = 64  # runs of built-in schedules that need not be computed again
DRUG = "drug"
Rule = Mapping[str, float]
COMPARE, YOUR_TURN = "compare", "your_turn"
MODES = [("Compare schedules", COMPARE), ("Your turn: dose month by month", YOUR_TURN)]
OWN = models.Source("", "set here; the published rule has 1 day and 0.5", "own value")
RULE = {
    "stop": models.Parameter(
        "stop", 0.5, "of the start", 0.0, 0.95, "linear", OWN, "Adaptive: pause at"
    ),
    "every": models.Parameter("every", 1, "days", 1, 90, "integer", OWN, "Adaptive: decide every"),
}
RANGES: dict[str, dict[str, Any]] = {
    "n0": {
        "label": "Start burden",
        "low": 0.05,
        "high": 0.8,
        "tooltip": "How full the room is when treatment starts",
    },
    "fR": {
        "label": "Resistant at the start",
        "low": 1e-4,
        "high": 0.5,
        "tooltip": "Share of resistant cells at the start",
    },
    "cost": {
        "label": "Cost of resistance",
        "high": 0.5,
        "tooltip": "Growth that resistant cells lose, with or without drug",
    },
    "turnover": {
        "label": "Turnover",
        "high": 0.5,
        "tooltip": "Death of all cells, as a share of growth",
    },
    "alpha_rs": {
        "label": "Crowding of resistant cells",
        "high": 2.0,
        "tooltip": "0: sensitive cells do not hold resistant ones down",
    },
    "stop": {"tooltip": "Fraction of the burden at the start at which the drug is paused"},
    "every": {"tooltip": "How often the adaptive rule looks at the burden"},
}
"""Ends of each slider and what moving it does; the rest is the parameter's own."""


class AdaptiveTherapy(Laboratory):
    """Continuous and adaptive dosing of one virtual patient, and a mode in which you dose.

    Parameters
    ----------
    mode : str, optional
        ``"compare"`` (also if left out) or ``"your_turn"``.
    doses : str, optional
        Doses of your own to begin with, one a month: ``"1, 0, 0.5"``.
    **numbers : float
        Values to begin with, by the name of a slider.

    Attributes
    ----------
    mode : Choice
        Set ``.value`` to ``"compare"`` or ``"your_turn"``.
    doses : Diary
        Doses of your own; set ``.value`` to ``"1, 0, 0.5"``, or use `give`.
    n0, fR, cost, turnover, alpha_rs, stop, every : ipywidgets.Widget
        The sliders; set ``.value``.
    outcomes : ipywidgets.HTML
        Times to progression side by side.

    Raises
    ------
    DataError
        For a mode, doses or a value that there is not, here or when it is set.

    Examples
    --------
    >>> import cancerres_kit as ck
    >>> explorer = ck.explorers.AdaptiveTherapy(fR=0.001)
    >>> explorer.give(1, 0.5)
    >>> explorer.summary.startswith("Month 2")
    True
    """

    TITLE: ClassVar[str] = "Adaptive therapy"
    mode: Choice
    doses: Diary

    def __init__(
        self, *, mode: str | None = None, doses: str | None = None, **numbers: float
    ) -> None:
        known = {**models.Competition().parameters, **RULE}
        for name in numbers:
            if name not in RANGES:
                raise say.no_slider(name, RANGES)
        sliders = {
            name: slider(known[name], value=numbers.get(name), **ends)
            for name, ends in RANGES.items()
        }
        chosen = Choice("Mode", MODES, what="mode", where="MODES", value=mode, tooltip=say.MODE)
        diary = Diary("Your doses", most=MOST_MONTHS)
        diary.value = doses
        super().__init__({"mode": chosen, **sliders, "doses": diary})

    def give(self, *doses: float) -> None:
        """Take your turn: give doses, one a month, after those so far.

        Parameters
        ----------
        *doses : float
            From 0 (none) to 1 (full dose).

        Raises
        ------
        DataError
            For anything else; the doses stay as they were.
        """
        with self._held():
            self.doses.give(*doses)
            self.mode.value = YOUR_TURN

    def view(self, **values: Any) -> View:
        """Answer what becomes of the patient, in the comparison or in your turn."""
        mode, given = values.pop("mode"), numbers(str(values.pop("doses")))
        rule = {name: values.pop(name) for name in RULE}
        model = models.Competition(**values)
        if mode == COMPARE:
            return self._compared(model, rule)
        months = max(len(given), 1)
        run = model.followed(models.contests.monthly(given), models.contests.MONTH * months)
        progressed = not math.isnan(models.contests.progression_day(model, run))
        if given and (progressed or months >= MOST_MONTHS):
            return self._ended(model, run, rule)
        return self._going_on(model, run, given)

    def _compared(self, model: models.Competition, rule: Rule) -> View:
        """Show the built-in schedules beside each other."""
        found = models.contests.beside(model, _built_in(model, rule))
        figure = figures.courses(
            found.courses[found.courses["compartment"].isin(["burden", "resistant"])],
            finding=say.verdict(_rows(found)),
            subtitle="Each course ends with progression. Burden is sensitive and resistant cells.",
            doses=found.doses,
            levels={"Progression": model.progression * model.n0},
            log=False,
        )
        summary = say.comparison(model, _rows(found), FOLLOWED)
        return self._view(model, summary, figure, found)

    def _going_on(
        self, model: models.Competition, run: pd.DataFrame, given: tuple[float, ...]
    ) -> View:
        """Show the burden so far, and nothing else."""
        own = models.contests.beside(model, {say.YOU: run})
        courses = own.courses[own.courses["compartment"].eq("burden")]
        if not given:
            courses = courses[courses["time_days"].eq(0)]
        levels = {"Progression": model.progression * model.n0, "Start": model.n0}
        figure = figures.courses(
            courses.drop(columns="series").assign(compartment="burden under your doses"),
            finding=say.month_line(given),
            subtitle="You see the burden only. What it is made of is shown when the run is over.",
            doses=own.doses,
            levels=levels,
            log=False,
        )
        return self._view(model, say.status(model, given, own.courses), figure, None)

    def _ended(self, model: models.Competition, run: pd.DataFrame, rule: Rule) -> View:
        """Show what your doses did, beside the built-in schedules."""
        rare = _adaptive(model, rule["stop"], models.contests.MONTH)
        runs = {say.YOU: run, **_built_in(model, rule), say.AS_RARE: rare}
        found = models.contests.beside(model, runs)
        figure = figures.courses(
            _named(found),
            finding=say.final(_rows(found)),
            subtitle="Burden under each schedule until progression; resistant cells under yours.",
            doses=found.doses,
            levels={"Progression": model.progression * model.n0},
            log=False,
        )
        summary = say.ending(model, _rows(found), FOLLOWED)
        return self._view(model, summary, figure, found)

    def _view(
        self, model: models.Competition, summary: str, figure: Any, found: Contest | None
    ) -> View:
        """Put the table of outcomes under the figure, whose time starts with the first dose."""
        last = max(max(line.x) for line in figure.data) or models.contests.MONTH
        figure.update_xaxes(range=[0, last])
        html = f"<p>{say.LATER}</p>"
        if found is not None:
            html = display.table(say.table(_rows(found), FOLLOWED)).data
        texts = {"outcomes": section("Times to progression", html)}
        return self.shown(model, summary=summary, figure=figure, texts=texts)

    def _write(self, view: View) -> None:
        """Fill the texts, and show the diary where it counts."""
        super()._write(view)
        is_yours = self.mode.value == YOUR_TURN
        self.doses.layout.display = None if is_yours else "none"
        self.doses.is_over = is_yours and say.LATER not in view.texts["outcomes"]


def _built_in(model: models.Competition, rule: Rule) -> dict[str, pd.DataFrame]:
    """What becomes of the patient under the schedules that are built in, by name."""
    adaptive = _adaptive(model, rule["stop"], rule["every"])
    return {say.CONTINUOUS: _continuous(model), say.ADAPTIVE: adaptive}


@lru_cache(maxsize=REMEMBERED)
def _continuous(model: models.Competition) -> pd.DataFrame:
    """Run of a patient under the full dose."""
    return model.followed(models.continuous(DRUG), FOLLOWED)


@lru_cache(maxsize=REMEMBERED)
def _adaptive(model: models.Competition, stop: float, every: float) -> pd.DataFrame:
    """Run of a patient under the adaptive rule."""
    return model.followed(models.adaptive(DRUG, stop=stop, every=every), FOLLOWED)


def _rows(found: Contest) -> say.Outcomes:
    """The outcomes by schedule and column, as plain numbers."""
    columns = {str(name): found.outcomes[name].tolist() for name in found.outcomes.columns}
    return {
        str(schedule): {name: float(values[place]) for name, values in columns.items()}
        for place, schedule in enumerate(found.outcomes.index)
    }


def _named(found: Contest) -> pd.DataFrame:
    """Burden of each schedule and the resistant cells of the first, as lines of their own."""
    rows = found.courses
    burden = rows[rows["compartment"].eq("burden")]
    burden = burden.assign(compartment=burden["series"])
    own = rows[rows["compartment"].eq("resistant") & rows["series"].eq(say.YOU)]
    own = own.assign(compartment="resistant cells under your doses")
    return pd.concat([burden, own], ignore_index=True).drop(columns="series")
