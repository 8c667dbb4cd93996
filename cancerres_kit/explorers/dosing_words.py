"""What the dosing explorer says: each sentence is computed from what became of the patient.

One decision: who comes out ahead is never said without the reason, the room that resistant cells
found, and never as a verdict on a schedule in general.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from cancerres_kit.display import count, listing
from cancerres_kit.figures.plot import number
from cancerres_kit.schema import DataError, unknown

if TYPE_CHECKING:
    from cancerres_kit.models import Competition

Outcomes = Mapping[str, Mapping[str, float]]
"""What ``Contest.outcomes`` holds, by schedule and column."""

YOU, CONTINUOUS, ADAPTIVE, AS_RARE = "you", "continuous", "adaptive", "adaptive once a month"
LATER = "They are shown when the run is over."
MODE = "Compare the built-in schedules, or dose the virtual patient yourself"
LEVEL = 0.5  # days; what differs by less counts as the same
DOSE_WORDS = {1.0: "full dose", 0.5: "half dose", 0.0: "no drug"}


def no_slider(name: str, sliders: Iterable[str]) -> DataError:
    """Build the error for a number that the explorer has no slider for."""
    return unknown(name, list(sliders), what="slider", where="AdaptiveTherapy")


def verdict(outcomes: Outcomes) -> str:
    """Say in one line which schedule held out longer for this virtual patient."""
    gain = _gain(outcomes)
    if math.isnan(gain):
        open_ = [name for name, row in outcomes.items() if math.isnan(row["ttp_days"])]
        if len(open_) == len(outcomes):
            return "Neither schedule ends in progression here"
        return (
            f"Only under {'adaptive' if CONTINUOUS in open_ else CONTINUOUS} dosing it progresses"
        )
    if abs(gain) < LEVEL:
        return "Adaptive dosing gains nothing for this virtual patient"
    size = count(round(abs(gain)), "day")
    if gain > 0:
        return f"Adaptive dosing gains {size} for this virtual patient"
    return f"Adaptive dosing loses {size} for this virtual patient"


def comparison(model: Competition, outcomes: Outcomes, t_end: float) -> str:
    """Explain the curves of the comparison."""
    said = [f"{_ended(name, row, t_end)}." for name, row in outcomes.items()]
    said.append(_on_drug(outcomes))
    return " ".join([*said, _room(outcomes), _reason(model, outcomes)])


def month_line(given: tuple[float, ...]) -> str:
    """Say how far the run is, as the title of the figure."""
    if not given:
        return "Your virtual patient waits for the first month's dose"
    return f"Month {len(given)} of your treatment is over"


def status(model: Competition, given: tuple[float, ...], courses: pd.DataFrame) -> str:
    """Say what the last month did, and what the burden is now."""
    burden = courses[courses["compartment"].eq("burden")]
    progression = f"Progression is at {number(model.progression * model.n0)} of the capacity"
    if not given:
        return (
            f"Day 0: the burden is {number(model.n0)} of the capacity. {progression}. Give a full "
            "dose, a half dose or no drug for the first month."
        )
    now = float(burden["value"].iloc[-1])
    month = burden["time_days"].max() * (len(given) - 1) / len(given)
    before = float(burden.loc[burden["time_days"].le(month + 1e-6), "value"].iloc[-1])
    return (
        f"Month {len(given)}, {_dose(given[-1])}: the burden {_moved(before, now)} and is now "
        f"{number(now)} of the capacity, {now / model.n0:.0%} of the start. {progression} "
        f"({model.progression:.0%} of the start). Drug so far: {number(sum(given))} months of full "
        f"dose in {count(len(given), 'month')}."
    )


def final(outcomes: Outcomes) -> str:
    """Say in one line how your schedule compares."""
    days = _column(outcomes, "ttp_days")
    if math.isnan(days[YOU]):
        return "No progression under your doses by the end of the follow-up"
    beaten = [name for name in days if days[YOU] > days[name] + LEVEL]
    longer = [name for name in days if not days[name] <= days[YOU] + LEVEL]
    sides = {"later": beaten, "earlier": longer}
    told = [f"{word} than {listing(names)}" for word, names in sides.items() if names]
    return f"You: progression on day {number(days[YOU])}" + "".join(f", {one}" for one in told)


def ending(model: Competition, outcomes: Outcomes, t_end: float) -> str:
    """Explain the end of your run, beside the others."""
    own, said = outcomes[YOU], []
    said.append(f"The run is over. {_ended(YOU, own, t_end)}.")
    others = [_ended(name, row, t_end) for name, row in outcomes.items() if name != YOU]
    said.append(f"{'; '.join(others)}.")
    said.append(_on_drug(outcomes))
    said.append(_room(outcomes))
    said.append(
        "Whoever lets the burden ride close to the limit of progression does well in this model: "
        "part of that is how progression is defined, not how a patient fares."
        if model.alpha_rs > 0
        else "Nothing holds resistant cells down here, so no pause can gain time."
    )
    return " ".join(said)


def table(outcomes: Outcomes, t_end: float) -> pd.DataFrame:
    """Lay the outcomes out for people."""
    return pd.DataFrame(
        {
            "schedule": list(outcomes),
            "progression": [
                f"none by day {number(t_end)}" if math.isnan(day) else f"day {number(day)}"
                for day in _column(outcomes, "ttp_days").values()
            ],
            "full_dose_days": [number(one) for one in _column(outcomes, "full_dose_days").values()],
            "lowest_burden": [number(one) for one in _column(outcomes, "lowest_burden").values()],
            "room_for_resistant": [
                f"{one:.0%}" for one in _column(outcomes, "room_for_resistant").values()
            ],
        }
    )


def _gain(outcomes: Outcomes) -> float:
    """Days that adaptive gains over continuous dosing; NaN if one never ends."""
    return outcomes[ADAPTIVE]["ttp_days"] - outcomes[CONTINUOUS]["ttp_days"]


def _column(outcomes: Outcomes, name: str) -> dict[str, float]:
    """One value of each schedule."""
    return {schedule: row[name] for schedule, row in outcomes.items()}


def _ended(name: str, row: Mapping[str, float], t_end: float) -> str:
    """Say when a run ended: ``"Adaptive: progression on day 473"``."""
    words = name.capitalize()
    if math.isnan(row["ttp_days"]):
        return f"{words}: no progression by day {number(t_end)}"
    return f"{words}: progression on day {number(row['ttp_days'])}"


def _on_drug(outcomes: Outcomes) -> str:
    """Say how much of the time until progression the drug was given."""
    shares = [
        f"{row['full_dose_days'] / row['end_days']:.0%} ({name})" for name, row in outcomes.items()
    ]
    return f"Drug given, as a share of full dosing until the end of each run: {listing(shares)}."


def _room(outcomes: Outcomes) -> str:
    """Say how freely resistant cells grew under each schedule."""
    shares = [f"{row['room_for_resistant']:.0%} ({name})" for name, row in outcomes.items()]
    return (
        "Over the time that all runs share, resistant cells grew on average at this part of "
        f"their full rate: {listing(shares)}."
    )


def _reason(model: Competition, outcomes: Outcomes) -> str:
    """Say why the schedules differ, or why they do not."""
    gain = _gain(outcomes)
    if outcomes[ADAPTIVE]["full_dose_days"] >= outcomes[ADAPTIVE]["end_days"] - LEVEL:
        return "The burden never fell to where the adaptive rule pauses: both are the same."
    if model.progression * model.n0 >= 1 - model.turnover:
        return (
            "With this turnover no burden can reach the limit of progression; lower the burden at "
            "the start or the turnover to see a difference."
        )
    if math.isnan(gain):
        return "The follow-up is too short to tell how long the difference lasts."
    if gain > LEVEL:
        return "Sensitive cells that were left alive took the room that resistant ones needed."
    if gain < -LEVEL and model.alpha_rs == 0:
        return (
            "Sensitive cells hold nothing down here; left alive, they only add to the burden, "
            "so it reaches the limit sooner."
        )
    if gain < -LEVEL:
        return (
            "The pauses let sensitive cells grow back without holding resistant ones down "
            "enough, so the burden passes the limit sooner."
        )
    return "The pauses neither gained nor lost time."


def _dose(dose: float) -> str:
    """Say a dose in words."""
    return DOSE_WORDS.get(dose, f"{dose:.0%} of the full dose")


def _moved(before: float, now: float) -> str:
    """Say how the burden changed."""
    if abs(now - before) < 0.005 * before:
        return f"stayed at {number(before)}"
    return f"{'rose' if now > before else 'fell'} from {number(before)}"
