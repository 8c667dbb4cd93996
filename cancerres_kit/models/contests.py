"""One virtual patient under several schedules side by side, each until progression.

One decision: schedules are compared by when the same patient progresses and by the room that
resistant cells found meanwhile, so that every difference comes with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cancerres_kit.models.competition import Competition
from cancerres_kit.models.schedules import Schedule
from cancerres_kit.schema.problems import DataError

MONTH = 30.0
"""Length of a month [days]."""
SHOWN_EVERY = 7  # days between two points of a course, beside those where the dose changes
CELLS = ("burden", "sensitive", "resistant")


@dataclass(frozen=True)
class Contest:
    """What became of a patient under each of some schedules.

    Parameters
    ----------
    courses : pandas.DataFrame
        series (name of the schedule), time_days, compartment (burden, sensitive, resistant),
        value and unit; about one point a week, each course ends with progression.
    doses : pandas.DataFrame
        series, drug (``"continuous: drug"``), start_days, stop_days and dose [full doses] of each
        interval of treatment.
    outcomes : pandas.DataFrame
        Index schedule; ttp_days (NaN without progression), end_days, full_dose_days (dose times
        days until the end), lowest_burden and resistant_at_end [fractions of the capacity], and
        room_for_resistant: share of their full growth that resistant cells had on average, from
        day 0 until the first progression of all.
    """

    courses: pd.DataFrame
    doses: pd.DataFrame
    outcomes: pd.DataFrame


def contest(
    model: Competition, schedules: Mapping[str, Schedule], *, t_end: float = 1500.0
) -> Contest:
    """Treat the same patient by each of some schedules.

    Parameters
    ----------
    model : Competition
        The patient; spreads do not count.
    schedules : mapping of str to Schedule
        Schedules by name.
    t_end : float
        End of the follow-up [days].

    Returns
    -------
    Contest

    Raises
    ------
    DataError
        Without a schedule, or for input that `Competition.followed` refuses.
    """
    if not schedules:
        raise DataError("a contest needs a schedule; try {'continuous': continuous('drug')}")
    return beside(model, {name: model.followed(one, t_end) for name, one in schedules.items()})


def beside(model: Competition, runs: Mapping[str, pd.DataFrame]) -> Contest:
    """Put runs of the same patient side by side that were followed before.

    Parameters
    ----------
    model : Competition
        The patient.
    runs : mapping of str to pandas.DataFrame
        What `Competition.followed` returned, by the name of the schedule; one at least.

    Returns
    -------
    Contest
    """
    first = min(float(run["time_days"].iloc[-1]) for run in runs.values())
    rows = {name: _outcome(model, run, first) for name, run in runs.items()}
    outcomes = pd.DataFrame.from_dict(rows, orient="index").rename_axis("schedule")
    courses = [_thinned(name, run) for name, run in runs.items()]
    doses = [_intervals(name, run) for name, run in runs.items()]
    together = pd.concat(courses, ignore_index=True), pd.concat(doses, ignore_index=True)
    return Contest(*together, outcomes)


def monthly(doses: Sequence[float], *, drug: str = "drug") -> Schedule:
    """Give one dose a month, decided by a person.

    Parameters
    ----------
    doses : sequence of float
        Dose of each month of 30 days, in order [full doses]; nothing after the last one.
    drug : str
        Drug, as the model names it.

    Returns
    -------
    Schedule

    Raises
    ------
    DataError
        For a dose that is negative or not finite.
    """
    rows = [(MONTH * place, MONTH * (place + 1), {drug: dose}) for place, dose in enumerate(doses)]
    return Schedule(rows, name=f"{drug}, one dose a month")


def progression_day(model: Competition, run: pd.DataFrame) -> float:
    """Tell when a run ended in progression.

    Parameters
    ----------
    model : Competition
        The patient.
    run : pandas.DataFrame
        What `Competition.followed` returned.

    Returns
    -------
    float
        Day of progression; NaN if the follow-up ended first [days].
    """
    last = run.iloc[-1]
    limit = model.progression * model.n0
    is_over = last["sensitive"] + last["resistant"] >= limit * (1 - 1e-9)
    return float(last["time_days"]) if is_over else float("nan")


def _outcome(model: Competition, run: pd.DataFrame, first: float) -> dict[str, float]:
    """Sum a run up; room is looked at until the first progression of all runs."""
    time, s, r, dose = (
        run[name].to_numpy() for name in ("time_days", "sensitive", "resistant", "dose")
    )
    room, spans = 1 - (model.alpha_rs * s + r), np.diff(time)
    early = np.diff(np.minimum(time, first))
    return {
        "ttp_days": progression_day(model, run),
        "end_days": float(time[-1]),
        "full_dose_days": float((dose[:-1] * spans).sum()),
        "lowest_burden": float((s + r).min()),
        "resistant_at_end": float(r[-1]),
        "room_for_resistant": float(((room[1:] + room[:-1]) / 2 * early).sum() / early.sum()),
    }


def _thinned(name: str, run: pd.DataFrame) -> pd.DataFrame:
    """Keep about a point a week, the ends, and the days on which the dose changes."""
    dose, week = run["dose"].to_numpy(), (run["time_days"] // SHOWN_EVERY).to_numpy()
    kept = np.ones(len(run), dtype=bool)
    kept[1:-1] = (np.diff(week)[:-1] > 0) | (np.diff(dose)[:-1] != 0)
    rows = run[kept].assign(burden=lambda one: one["sensitive"] + one["resistant"])
    values = np.concatenate([rows[part].to_numpy() for part in CELLS])
    return pd.DataFrame(
        {
            "series": name,
            "time_days": np.tile(rows["time_days"].to_numpy(), len(CELLS)),
            "compartment": np.repeat(CELLS, len(rows)),
            "value": values,
            "unit": "fraction of capacity",
        }
    )


def _intervals(name: str, run: pd.DataFrame) -> pd.DataFrame:
    """List the intervals of treatment of a run."""
    time, dose = run["time_days"].to_numpy(), run["dose"].to_numpy()[:-1]
    edges = np.flatnonzero(np.diff(dose, prepend=np.nan) != 0)
    stops = np.append(edges[1:], len(dose))
    given = dose[edges] > 0
    columns = {"start_days": time[edges], "stop_days": time[stops], "dose": dose[edges]}
    rows = pd.DataFrame({key: value[given] for key, value in columns.items()})
    return rows.assign(series=name, drug=f"{name}: drug")[["series", "drug", *columns]]
