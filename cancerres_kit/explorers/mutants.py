"""The mutation explorer: what one, two or three drugs leave to chance, against burden.

One decision: the burden moves along curves that are drawn whole, so that its slider says where a
tumour stands and the other sliders say how the ground under it changes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from cancerres_kit import display, figures, models
from cancerres_kit.explorers.base import View
from cancerres_kit.explorers.choice import Choice
from cancerres_kit.explorers.laboratory import Laboratory
from cancerres_kit.explorers.slider import slider
from cancerres_kit.explorers.texts import section
from cancerres_kit.figures.plot import number

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from cancerres_kit.models.mutation import Mutation

SWITCH = 180.0
"""Day on which the second drug replaces the first, where they are given in turn."""
CLONES = 20_000
"""Mutant clones that are drawn for a mark: what a moving slider leaves time for."""
FLOOR = 1e-3
"""Smallest mean number of cells that is drawn."""
QUANTITIES = [("Failure of treatment", "failure"), ("Resistant cells at the start", "cells")]
RANGES: dict[str, dict[str, Any]] = {
    "burden": {
        "low": 1e6,
        "high": 1e12,
        "label": "Burden at the start",
        "tooltip": "Cells when treatment starts; moves the dotted line along the curves",
    },
    "mutation_rate": {"low": 1e-11, "high": 1e-7, "tooltip": "An order of magnitude, not a datum"},
    "mutations": {
        "low": 1,
        "high": 1000,
        "label": "Resist one drug",
        "tooltip": "Mutations that resist one drug, for each drug",
    },
    "cross_resistance": {
        "low": 0,
        "high": 5,
        "label": "Resist all drugs",
        "tooltip": "Mutations that resist all drugs at once",
    },
    "kill": {
        "low": 0.02,
        "high": 0.2,
        "label": "Kill by treatment",
        "tooltip": "Death rate that treatment adds to cells that do not resist every drug",
    },
}
"""Ends of each slider and what moving it does; the rest is the parameter's own."""
SCALES = {"mutations": "log", "cross_resistance": "integer"}


class Mutants(Laboratory):
    """Failure of one, two and three drugs, and the resistant cells before treatment.

    Parameters
    ----------
    quantity : {"failure", "cells"}, optional
        What the curves are.
    burden : float, optional
        Cells when treatment starts.
    mutation_rate : float, optional
        Mutations [per base per division].
    mutations, cross_resistance : float, optional
        Mutations that resist one drug, for each drug; that resist all drugs at once.
    kill : float, optional
        Death rate that treatment adds [1/day].

    Attributes
    ----------
    quantity, burden, mutation_rate, mutations, cross_resistance, kill : ipywidgets.Widget
        The controls; set ``.value``.
    here : ipywidgets.HTML
        The values at this burden: exact, by the published formula, and as drawn.

    Raises
    ------
    DataError
        For a value out of a slider's range, here or when it is set.

    Examples
    --------
    >>> import cancerres_kit as ck
    >>> explorer = ck.explorers.Mutants()
    >>> explorer.cross_resistance.value = 1
    >>> "one mutation resists all drugs" in explorer.summary
    True
    """

    TITLE: ClassVar[str] = "Mutants"

    def __init__(
        self,
        *,
        quantity: str | None = None,
        burden: float | None = None,
        mutation_rate: float | None = None,
        mutations: float | None = None,
        cross_resistance: float | None = None,
        kill: float | None = None,
    ) -> None:
        begin = {
            "burden": burden,
            "mutation_rate": mutation_rate,
            "mutations": mutations,
            "cross_resistance": cross_resistance,
            "kill": kill,
        }
        known = models.Mutation().parameters
        shown = Choice(
            "Shown",
            QUANTITIES,
            what="quantity",
            where="explorers.Mutants",
            value=quantity,
            tooltip="What the curves are: the fate of treatment, or the cells that decide it",
        )
        super().__init__(
            {
                "quantity": shown,
                **{
                    name: slider(
                        replace(known[name], scale=SCALES.get(name, known[name].scale)),
                        value=value,
                        **RANGES[name],
                    )
                    for name, value in begin.items()
                },
            }
        )

    def view(self, **values: Any) -> View:
        """Answer what becomes of tumours with these numbers."""
        quantity = str(values.pop("quantity"))
        model = models.Mutation(**values)
        failing, cells = _failing(model, quantity), _cells(model, quantity)
        here = _here(model, failing, cells)
        return self.shown(
            model,
            summary=_explained(model, here),
            figure=_failure_figure(failing, model, here)
            if quantity == "failure"
            else _cells_figure(cells, model, here),
            texts={"here": _table(model, here)},
        )


def _failing(model: Mutation, quantity: str) -> pd.DataFrame:
    """Exact failure along the curves and at this burden, with tumours drawn if they are shown."""
    along = models.burdens.BURDENS if quantity == "failure" else ()
    places = sorted({*along, model.burden})
    parts = [models.burdens.failures(model, switch=SWITCH, burdens=places, marked=())]
    if quantity == "failure":
        parts.append(models.burdens.failures(model, **_drawn(model)))
    found: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return found


def _cells(model: Mutation, quantity: str) -> pd.DataFrame:
    """Exact means along the curves and at this burden, with tumours drawn if they are shown."""
    along = models.burdens.BURDENS if quantity == "cells" else ()
    places = sorted({*along, model.burden})
    parts = [models.burdens.resistant(model, drugs=(1, 2), burdens=places, marked=())]
    if quantity == "cells":
        parts.append(models.burdens.resistant(model, **_drawn(model)))
        parts.append(models.burdens.resistant(model, drugs=(3,), burdens=places, marked=()))
    found: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return found


def _drawn(model: Mutation) -> dict[str, Any]:
    """Tumours of this burden under one drug and two, as far as time allows."""
    return {"drugs": (1, 2), "burdens": (), "marked": (model.burden,), "clones": CLONES}


def _here(model: Mutation, failing: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Values at this burden by treatment: exact, formula, cells, share and number of draws."""
    exact = failing[failing["x"].eq(model.burden) & failing["kind"].eq("exact")]
    here = exact.set_index("series")[["y"]].rename(columns={"y": "exact"})
    found = cells[cells["x"].eq(model.burden) & cells["kind"].eq("exact")]
    drawn = failing[failing["kind"].eq("simulated")].set_index("series")
    words = models.burdens.WORDS
    formula = {
        words[drugs]: models.burdens.with_drugs(model, drugs).failure(method="closed")
        for drugs in (1, 2)
    }
    return here.assign(
        formula=pd.Series(formula),
        cells=found.set_index("series")["y"],
        share=drawn["y"],
        n=drawn["patients"],
    )


def _failure_figure(frame: pd.DataFrame, model: Mutation, here: pd.DataFrame) -> go.Figure:
    """Draw how often treatments fail."""
    one, two = (_said(here["exact"][models.burdens.WORDS[drugs]]) for drugs in (1, 2))
    return figures.curves(
        frame,
        finding=f"At {number(model.burden)} cells one drug fails in {one}, two together in {two}",
        subtitle="Lines: exact. Marks: tumours drawn at this burden, with 95 % interval, where "
        "few enough mutant clones have to be drawn.",
        x_label="Cells when treatment starts",
        y_label="Fraction not eradicated",
        x_log=True,
        y_ends=(-0.02, 1.02),
        marks={"this tumour": model.burden},
    )


def _cells_figure(frame: pd.DataFrame, model: Mutation, here: pd.DataFrame) -> go.Figure:
    """Draw how many cells resist before treatment."""
    one, two = here["cells"].loc[[models.burdens.WORDS[drugs] for drugs in (1, 2)]]
    return figures.curves(
        frame[frame["y"].ge(FLOOR)],
        finding=f"Of {number(model.burden)} cells, {number(one)} are expected to resist one drug, "
        f"{number(two)} two",
        subtitle="Lines: exact means. Marks: median of tumours drawn at this burden, with 5th and "
        f"95th percentile. Below {number(FLOOR)} cells nothing is drawn.",
        x_label="Cells when treatment starts",
        y_label="Cells that resist every drug",
        x_log=True,
        y_log=True,
        y_ends=(FLOOR, 1e12),
        marks={"this tumour": model.burden},
    )


def _explained(model: Mutation, here: pd.DataFrame) -> str:
    """Explain the curves: the cells that wait, what each treatment leaves, and what decides."""
    one, two, three = (models.burdens.WORDS[drugs] for drugs in (1, 2, 3))
    turns = here.index[1]
    fails = {name: _said(value) for name, value in here["exact"].items()}
    text = (
        f"Before any drug, a tumour of {number(model.burden)} cells holds on average "
        f"{number(here['cells'][one])} cells that resist one drug and "
        f"{number(here['cells'][two])} that resist two. One drug fails in {fails[one]} of virtual "
        f"tumours, two in turn in {fails[turns]}, two together in {fails[two]}, three together in "
        f"{fails[three]}."
    )
    return f"{text} {_shared(model, here['exact'][two])} {_draws(here, two)}".strip()


def _shared(model: Mutation, two: float) -> str:
    """Say what mutations that resist all drugs at once do here."""
    joint = int(model.cross_resistance)
    if not joint:
        return "No mutation resists all drugs at once: each drug needs one of its own."
    without = model.with_(cross_resistance=0).failure()
    ways = "one mutation" if joint == 1 else f"{joint} mutations"
    verb = display.agree(joint, "resists", "resist")
    return (
        f"Here {ways} {verb} all drugs at once; without, two together would fail in "
        f"{_said(without)}, not {_said(two)}, and a further drug changes little."
    )


def _draws(here: pd.DataFrame, name: str) -> str:
    """Compare the exact value of a treatment with the tumours that were drawn."""
    n, found = here["n"][name], here["share"][name]
    if pd.isna(n):
        return ""
    drawn = display.count(int(n), "tumour")
    return f"Of {drawn} drawn under two drugs together, {round(found * n):.0f} failed."


def _table(model: Mutation, here: pd.DataFrame) -> str:
    """Show the values at this burden, each way of computing them beside the others."""
    rows = pd.DataFrame(
        {
            "treatment": here.index,
            "exact": [_said(value) for value in here["exact"]],
            "published formula": [None if pd.isna(v) else _said(v) for v in here["formula"]],
            "drawn": [
                None if pd.isna(n) else f"{_said(value)} of {n:.0f}"
                for value, n in zip(here["share"], here["n"], strict=True)
            ],
        }
    )
    title = f"Failure at {number(model.burden)} cells: the curves are the exact values"
    return section(title, display.table(rows).data)


def _said(value: float) -> str:
    """A share of virtual tumours as a percentage."""
    return str(models.shares.share(value))
