"""What the shelter explorer draws and says: quantities over migration, or one tumour over time.

One decision: every picture is the same question to the model, `Sanctuary.by_migration`, under
another name; only the course of a single tumour is a run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from cancerres_kit import figures, models
from cancerres_kit.figures.plot import number

if TYPE_CHECKING:
    import plotly.graph_objects as go

RUNS, LONGEST = 60, 900.0  # what a move of a slider has time for
RATES = tuple(10 ** (power / 10) for power in range(-40, 1))  # 1/day
COURSE, DAYS = "course", 720
FIRST_DAYS = 400.0  # for the first resistant cell
STOPS = range(0, DAYS + 1, 12)
CELLS = {
    "sensitive_sanctuary": "sensitive, in the sanctuary",
    "sensitive_drugged": "sensitive, in the drugged place",
    "resistant_sanctuary": "resistant, in the sanctuary",
    "resistant_drugged": "resistant, in the drugged place",
}
DRUGS = {"drug": "drug", "local": "local drug"}
ROUNDED = 12  # decimals
CLOSE = 0.25  # decades within which the names of two marks would lie on each other


class Picture(NamedTuple):
    """A quantity over migration: name, quantity, lines by their name, finding."""

    name: str
    quantity: str
    lines: dict[str, dict[str, Any]]
    finding: str


PICTURES = {
    "growth": Picture(
        "Growth of the sensitive cells",
        "growth_rate",
        {"sensitive cells as a whole": {}},
        "Sensitive cells {rule}",
    ),
    "cell": Picture(
        "Escape of one cell",
        "escape",
        {"cell in the sanctuary": {}, "cell in the drugged place": {"compartment": "drugged"}},
        "A cell in the sanctuary escapes with probability {exact}; sensitive cells {rule}",
    ),
    "tumour": Picture(
        "Escape of the virtual tumour",
        "tumour_escape",
        {"virtual tumour": {}},
        "The virtual tumour escapes with probability {exact}; sensitive cells {rule}",
    ),
    "origin": Picture(
        "Where resistance arises first",
        "origin",
        {"first resistant cell": {"days": FIRST_DAYS}},
        "The first resistant cell arises in the sanctuary with probability {exact}",
    ),
}
NAMES = {
    **{name: picture.name for name, picture in PICTURES.items()},
    COURSE: "One virtual tumour over time",
}


def lines(picture: str, model: models.Sanctuary, local: float) -> pd.DataFrame:
    """Compute the exact lines of a picture, whatever the migration of the model.

    Parameters
    ----------
    picture : str
        Key of `PICTURES`.
    model : Sanctuary
        The other numbers.
    local : float
        Dose of the local drug [full doses].

    Returns
    -------
    pandas.DataFrame
        What `Sanctuary.by_migration` gives.
    """
    shown = PICTURES[picture]
    return model.by_migration(shown.quantity, rates=RATES, variants=shown.lines, local=local)


def over_migration(
    picture: str, model: models.Sanctuary, local: float, exact: pd.DataFrame
) -> tuple[str, go.Figure]:
    """Draw a quantity over migration, with virtual tumours where the slider stands.

    Parameters
    ----------
    picture : str
        Key of `PICTURES`.
    model : Sanctuary
        The numbers.
    local : float
        Dose of the local drug [full doses].
    exact : pandas.DataFrame
        What `lines` gives for it.

    Returns
    -------
    tuple of str and plotly.graph_objects.Figure
        What is seen, in sentences, and the figure.
    """
    shown = PICTURES[picture]
    line, asked = next(iter(shown.lines.items()))
    here = model.exact(shown.quantity, local=local, **asked)
    found = model.by_migration(
        shown.quantity, rates=(), variants={line: asked}, simulated=[model.migration],
        runs=RUNS, seed=1, most_days=LONGEST, local=local,
    )  # fmt: skip
    figure = figures.over_migration(
        pd.concat([exact, found], ignore_index=True),
        shown.quantity,
        finding=shown.finding.format(exact=number(here), rule=model.rule(local=local)),
        subtitle=f"Lines are exact, the filled mark is simulated: {_sample(picture)}.",
        marks=_marks(model, local),
    )
    said = (_answer(picture, model, local), _beside(found))
    return " ".join(sentence for sentence in said if sentence), figure


def course(model: models.Sanctuary, local: float) -> tuple[str, go.Figure]:
    """Follow one virtual tumour and draw its cells over time.

    Parameters
    ----------
    model : Sanctuary
        The numbers.
    local : float
        Dose of the local drug [full doses].

    Returns
    -------
    tuple of str and plotly.graph_objects.Figure
        What is seen, in sentences, and the figure.
    """
    given = {"drug": 1.0, **({"local": local} if local else {})}
    schedule = models.Schedule(((0.0, float(DAYS), given),))
    run = model.simulate(schedule, DAYS, seed=1, times=list(STOPS))
    cells = run.pivot_table(index="time_days", columns="compartment", values="value", observed=True)
    doses = [(DRUGS[drug], 0.0, float(DAYS), dose) for drug, dose in given.items()]
    told = _followed(cells)
    figure = figures.courses(
        run.assign(compartment=run["compartment"].astype(str).map(CELLS)),
        finding=told.split(". ")[0].removesuffix("."),
        subtitle="One simulated tumour; another one differs by chance.",
        doses=pd.DataFrame(doses, columns=["drug", "start_days", "stop_days", "dose"]),
    )
    return told, figure


def rule(model: models.Sanctuary, local: float) -> str:
    """Explain the sensitive cells: growth in each place, threshold, growth as a whole.

    Parameters
    ----------
    model : Sanctuary
        The numbers.
    local : float
        Dose of the local drug [full doses].

    Returns
    -------
    str
        Sentences.
    """
    inside, outside = (
        round(model.place_growth(place, local=local), ROUNDED) + 0.0
        for place in ("sanctuary", "drugged")
    )
    growth = _growth(model, local)
    move = "do not change" if growth == 0 else "grow" if growth > 0 else "shrink"
    return (
        f"Net growth of sensitive cells per day is {number(inside)} in the sanctuary and "
        f"{number(outside)} in the drugged place. They {model.rule(local=local)}; at "
        f"{number(model.migration)} per day the sensitive cells {move}, as a whole by "
        f"{number(abs(growth))} per day."
    )


def _answer(picture: str, model: models.Sanctuary, local: float) -> str:
    """Say the exact value of a picture where the slider stands."""
    if picture == "cell":
        inside, outside = (
            number(model.escape(compartment=place, local=local))
            for place in ("sanctuary", "drugged")
        )
        return (
            f"One cell escapes with probability {inside} from the sanctuary, {outside} from "
            "the drugged place."
        )
    if picture == "tumour":
        size = f"{number(model.cells)} {'cell' if model.cells == 1 else 'cells'}"
        chance = number(model.tumour_escape(local=local))
        return f"The virtual tumour of {size} escapes with probability {chance}."
    if picture == "origin":
        first = model.origin(days=FIRST_DAYS, local=local)
        if np.isnan(first):
            return "No resistant cell arises."
        return (
            f"If a resistant cell arises within {FIRST_DAYS:.0f} days, the first one is "
            f"in the sanctuary with probability {number(first)}."
        )
    return "Growth here needs no resistance at all." if _growth(model, local) > 0 else ""


def _growth(model: models.Sanctuary, local: float) -> float:
    """Growth of the sensitive cells as a whole, without the rounding error of floats [1/day]."""
    return round(model.growth_rate(local=local), ROUNDED) + 0.0


def _beside(found: pd.DataFrame) -> str:
    """Say what virtual tumours showed."""
    if found.empty:
        return (
            f"No simulated mark: within {LONGEST:.0f} days virtual tumours here do not decide it."
        )
    y, low, high = found.iloc[0][["y", "low", "high"]]
    interval = "" if np.isnan(low) else f" (95 % interval {number(low)} to {number(high)})"
    return f"Simulated: {number(y)}{interval}."


def _sample(picture: str) -> str:
    """Say what is followed for a mark."""
    if picture == "growth":
        return "one large virtual tumour"
    if picture == "origin":
        return f"those of {RUNS} virtual tumours in which a resistant cell arose"
    return f"{RUNS} virtual tumours"


def _marks(model: models.Sanctuary, local: float) -> dict[str, float]:
    """Where the threshold is and where the slider stands; one mark where they are close."""
    edge = model.edge(local=local)
    if any(abs(np.log10(at / model.migration)) < CLOSE for at in edge.values()):
        return {"threshold, slider beside it": edge["threshold"]}
    return {**edge, "slider": model.migration}


def _followed(cells: pd.DataFrame) -> str:
    """Say what became of one tumour, and where resistance was first seen."""
    resistant = cells[["resistant_sanctuary", "resistant_drugged"]]
    end = cells.sum(axis=1).iloc[-1]
    fate = f"holds {number(end)} cells on day {DAYS}" if end else f"is gone by day {DAYS}"
    told = f"This virtual tumour {fate}"
    seen = resistant[resistant.sum(axis=1) > 0]
    if seen.empty:
        return f"{told}. No resistant cell was seen."
    first = seen.iloc[0]
    place = "sanctuary" if first.iloc[0] >= first.iloc[1] else "drugged place"
    return (
        f"{told}. A resistant cell was first seen in the {place}, by day {number(seen.index[0])}."
    )
