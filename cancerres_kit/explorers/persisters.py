"""The persister explorer: cells that switch, a drug with pauses, and what else may be given.

One decision: the same pulse is shown in three ways, over time, among all pulses and as a chance,
because each of them alone misleads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cancerres_kit import figures, models
from cancerres_kit.explorers.base import View
from cancerres_kit.explorers.choice import Choice
from cancerres_kit.explorers.laboratory import Laboratory
from cancerres_kit.explorers.slider import slider
from cancerres_kit.figures.plot import number

if TYPE_CHECKING:
    import plotly.graph_objects as go

    Rhythm = tuple[float, float]

OWN = models.Source("", "rhythm chosen to show the effect", "own value")
RANGES: dict[str, dict[str, Any]] = {
    "k": {
        "low": 0.15,
        "high": 15,
        "label": "Kill by the drug",
        "tooltip": "How fast the drug kills sensitive cells",
    },
    "c": {
        "low": 0.001,
        "high": 1,
        "label": "Return without drug",
        "tooltip": "How fast tolerant cells become sensitive in pauses",
    },
    "c_drug": {
        "low": 0.002,
        "high": 2,
        "label": "Return on the drug",
        "tooltip": "How fast tolerant cells become sensitive while the drug is given",
    },
    "a_drug": {
        "low": 1e-4,
        "high": 1,
        "label": "Turning tolerant on the drug",
        "tooltip": "How fast the drug makes sensitive cells tolerant",
    },
    "lambda_p": {
        "low": -0.1,
        "high": 0.4,
        "tooltip": "Above zero tolerant cells grow on the drug, as by a bypass",
    },
}
"""Ends of each slider and what moving it does; the rest is the parameter's own.

Low ends are whole powers of ten away from where a slider starts, because a page moves a slider to
the nearest of its steps.
"""
LONGEST = 12.0  # days
STEP = 0.5  # days, as in the map of pulses
RHYTHM = {
    "on": models.Parameter("on", 7.0, "days", STEP, LONGEST, "linear", OWN, "Drug given for"),
    "off": models.Parameter("off", 3.0, "days", STEP, LONGEST, "linear", OWN, "Drug paused for"),
}
BESIDE = {
    "": "Nothing else",
    "priming": "Epigenetic drug, without pause",
    "second": "Second drug on tolerant cells, without pause",
}
PICTURES = {"course": "Cells over time", "map": "All pulses at once", "chance": "Chance: none left"}
NO_PAUSE, PAUSES = "no pause", "with pauses"
COURSE_DAYS, CHANCE_DAYS, POINTS = 120, 360, 61
HOW = ("picture", "beside", "on", "off")
TELLS = 5e-4  # 1/day


class Persisters(Laboratory):
    """Switching cells under a drug that is given and paused in turn.

    Parameters
    ----------
    picture : str
        ``"course"`` (cells over time), ``"map"`` (all pulses at once) or ``"chance"`` (that no cell
        is left).
    beside : str, optional
        ``"priming"`` or ``"second"``, given without a pause; nothing if left out.
    on, off : float, optional
        How long the drug is given and paused [days].
    **numbers : float
        Numbers of `models.Plasticity` to begin with: k, c, c_drug, a_drug, lambda_p [1/day].

    Attributes
    ----------
    picture, beside : Choice
        What is seen; what is given as well.
    on, off, k, c, c_drug, a_drug, lambda_p : ipywidgets.Widget
        The sliders; set ``.value``.

    Raises
    ------
    DataError
        For a value out of a slider's range or a choice that there is not, here or when it is set.

    Examples
    --------
    >>> import cancerres_kit as ck
    >>> explorer = ck.explorers.Persisters()
    >>> explorer.c_drug.value = 0.1
    >>> "does better than none" in explorer.summary
    True
    """

    TITLE: ClassVar[str] = "Persisters"

    def __init__(
        self,
        *,
        picture: str = "course",
        beside: str | None = None,
        on: float | None = None,
        off: float | None = None,
        **numbers: float,
    ) -> None:
        own = models.Plasticity().with_(**numbers).parameters
        homes = models.Plasticity().parameters
        rhythm = {"on": on, "off": off}
        super().__init__(
            {
                "picture": _choice("Picture", PICTURES, "picture", picture),
                "beside": _choice("Given as well", BESIDE, "companion", beside),
                **{name: _days(name, value) for name, value in rhythm.items()},
                **{
                    name: slider(homes[name], value=own[name].value, **more)
                    for name, more in RANGES.items()
                },
            }
        )

    def view(self, **values: Any) -> View:
        """Answer what becomes of a tumour with these numbers under this rhythm."""
        picture, beside, on, off = (values.pop(name) for name in HOW)
        model = models.Plasticity(**values)
        extra = {"second": float(beside == "second"), "priming": float(beside == "priming")}
        rates = {
            NO_PAUSE: model.growth_rate(drug=1, **extra),
            PAUSES: model.pulse_rate(on=on, off=off, **extra),
        }
        best = model.best_pulse(second=extra["second"], priming=extra["priming"])
        draw = {"course": _course, "map": _map, "chance": _chance}[picture]
        return self.shown(
            model,
            summary=_summary(model, rates, best, (on, off)),
            figure=draw(model, beside, (on, off), rates),
        )


def _choice(label: str, options: dict[str, str], what: str, value: str | None) -> Choice:
    """Make a list of a few options, the first of which is its home."""
    pairs = [(text, key) for key, text in options.items()]
    where = f"explorers.persisters ({', '.join(filter(None, options))})"
    return Choice(label, pairs, what=what, where=where, value=value)


def _days(name: str, value: float | None) -> Any:
    """Make the slider of a length of time, in the steps of the map."""
    made = slider(RHYTHM[name], value=value)
    made.step = STEP
    return made


def _schedules(beside: str, rhythm: Rhythm) -> dict[str, models.Schedule]:
    """The two that are compared: without and with pauses."""
    on, off = rhythm
    extra = (beside,) if beside else ()
    return {
        NO_PAUSE: models.simultaneous("drug", *extra),
        PAUSES: models.pulsed("drug", on=on, off=off, beside=extra),
    }


def _course(
    model: models.Plasticity, beside: str, rhythm: Rhythm, rates: dict[str, float]
) -> go.Figure:
    """Cells over time: each kind with pauses, all of them without."""
    schedules = _schedules(beside, rhythm)
    runs = model.compared(schedules, COURSE_DAYS, points=POINTS)
    is_total = runs["compartment"].eq("all cells")
    kept = runs[is_total == runs["series"].eq(NO_PAUSE)]
    last = float(kept["time_days"].max())
    return figures.courses(
        kept.sort_values("series", ascending=False, kind="stable"),
        finding=_verdict(rates),
        subtitle="Average numbers. A line ends where less than one cell is left, or a tumour of "
        "a kilogram.",
        doses=model.doses(schedules[PAUSES], last),
    )


def _map(
    model: models.Plasticity,
    beside: str,
    rhythm: Rhythm,
    rates: dict[str, float],  # noqa: ARG001
) -> go.Figure:
    """All pulses, with the one of the sliders."""
    second, priming = float(beside == "second"), float(beside == "priming")
    return figures.pulse_map(
        model.pulse_panels({BESIDE[beside]: {}}, second=second, priming=priming),
        subtitle="Long-term growth rate against no pause. Beyond the dashed line the tumour grows.",
        marks={"your pulse": rhythm},
    )


def _chance(
    model: models.Plasticity, beside: str, rhythm: Rhythm, rates: dict[str, float]
) -> go.Figure:
    """Chance that no cell of a model tumour is left."""
    return figures.curves(
        model.clearance_curve(_schedules(beside, rhythm), CHANCE_DAYS),
        finding=_verdict(rates),
        subtitle="A property of model tumours with these numbers, not of any patient.",
        x_label="Time (days)",
        y_label="Chance that no cell is left",
        y_ends=(-0.03, 1.03),
    )


def _verdict(rates: dict[str, float]) -> str:
    """Whether these pauses help, as the title of a figure."""
    gain = rates[PAUSES] - rates[NO_PAUSE]
    if abs(gain) < TELLS:
        return "These pauses make no difference"
    if gain > 0:
        return "These pauses do worse than no pause"
    return "These pauses do better than no pause" + (
        ", yet the tumour grows" if rates[PAUSES] > 0 else ""
    )


def _summary(
    model: models.Plasticity, rates: dict[str, float], best: dict[str, float], rhythm: Rhythm
) -> str:
    """Explain the numbers behind each picture."""
    share, left = 100 * model.persister_fraction(), 100 * model.surviving_fraction(days=9)
    on, off = rhythm
    told = [
        f"Tolerant cells before treatment: {number(share)} %.",
        f"Nine days of the drug alone leave {number(left)} % of all cells.",
        f"Long-term growth without a pause: {_rate(rates[NO_PAUSE])}.",
        f"With {on:g} on and {off:g} off (days): {_rate(rates[PAUSES])}. {_verdict(rates)}.",
    ]
    if best["growth_rate_per_day"] < rates[NO_PAUSE] - TELLS:
        told.append(
            f"Best pulse up to {LONGEST:g} days, in half days: {best['on_days']:g} on, "
            f"{best['off_days']:g} off, {_rate(best['growth_rate_per_day'])}."
        )
    else:
        told.append(f"No pause of any pulse up to {LONGEST:g} days does better than none.")
    if min(best["growth_rate_per_day"], rates[NO_PAUSE]) > 0:
        told.append("No rhythm of what is given makes this tumour shrink.")
    return " ".join(told)


def _rate(value: float) -> str:
    """A rate with its sign: ``"-0.02 per day"``."""
    return f"{'+' if value > 0 else ''}{number(value)} per day"
