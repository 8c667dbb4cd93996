"""Records of the adaptive abiraterone trial beside the model that was fitted to them.

One decision: a patient's record is turned into an ordinary schedule, so the model is dosed exactly
as the patient was and nothing else is known to it. Groups only: no statement on a person.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from cancerres_kit.models.competition import Competition
from cancerres_kit.models.schedules import Schedule
from cancerres_kit.schema.problems import DataError

CONTROL_TTP_MONTHS = (
    *(3.2, 4.0, 4.2, 6.5, 7.0, 9.0, 9.0, 13.8),
    *(14.8, 15.0, 17.3, 17.7, 19.6, 25.0, 26.0, 32.0),
)
"""Times to progression of the 16 patients under standard treatment, all progressed [months].

Archived with doi 10.7554/eLife.76284 (code archive, list behind Figure 1), put in order. Their
median is 14.3 as the mean of the two middle times, and 13.8 as the first time at which a
Kaplan-Meier curve is at or below one half.
"""

COLUMNS = ("day", "psa", "abiraterone")


def recorded(visits: pd.DataFrame) -> Schedule:
    """Turn the visits of one patient into the schedule that the patient followed.

    Parameters
    ----------
    visits : pandas.DataFrame
        One row per visit in order of time: day [days], psa [ng/mL], abiraterone (1 given, 0 not;
        holds until the next visit).

    Returns
    -------
    Schedule
        Of the drug ``"drug"``; nothing after the last visit.

    Raises
    ------
    DataError
        For missing columns, or days that do not ascend from 0.
    """
    days, status = _checked(visits)["day"].to_numpy(), visits["abiraterone"].to_numpy()
    spans = zip(pairwise(days), status[:-1], strict=True)
    rows = [(start, stop, {"drug": float(given)}) for (start, stop), given in spans]
    return Schedule(rows, name="as recorded")


def fraction_on_drug(visits: pd.DataFrame) -> float:
    """Compute the share of time on the drug, from the first visit at which it is given.

    Parameters
    ----------
    visits : pandas.DataFrame
        Columns of `recorded`, of one patient.

    Returns
    -------
    float
        Fraction of the time from that visit to the last one; the status of a visit holds until
        the next. NaN if the drug was given at the last visit only, or never.
    """
    spans = np.diff(_checked(visits)["day"].to_numpy())
    status = visits["abiraterone"].to_numpy(dtype=float)
    first = int(np.argmax(status > 0))
    if not status[:-1].any():
        return float("nan")
    return float((spans * status[:-1])[first:].sum() / spans[first:].sum())


def misfit(model: Competition, visits: pd.DataFrame) -> float:
    """Compare the model, dosed as the patient was, with the patient's PSA.

    Parameters
    ----------
    model : Competition
        With the burden at the first visit; for instance `presets.zhang2022`.
    visits : pandas.DataFrame
        Columns of `recorded`, of one patient.

    Returns
    -------
    float
        Root mean square difference of PSA and burden at the visits, each as a fraction of its
        largest value: of all visits, and of all days of the run.
    """
    schedule, days = recorded(visits), visits["day"].to_numpy(dtype=float)
    times = np.union1d(np.arange(0.0, days[-1]), days)
    run = model.simulate(schedule, float(days[-1]), times=list(times))
    cells = run[run["compartment"] != "dose"]
    burden = cells.groupby("time_days")["value"].sum()
    modelled = (burden / burden.max()).loc[days].to_numpy()
    psa = visits["psa"].to_numpy(dtype=float)
    return float(np.sqrt(np.mean((modelled - psa / psa.max()) ** 2)))


def _checked(visits: pd.DataFrame) -> pd.DataFrame:
    """Refuse a record without the columns needed or out of order."""
    missing = [name for name in COLUMNS if name not in visits.columns]
    if missing:
        raise DataError(f"visits lack {', '.join(missing)}; needed: {', '.join(COLUMNS)}")
    days = visits["day"].to_numpy(dtype=float)
    if len(days) < 2 or days[0] != 0 or not (np.diff(days) > 0).all():
        raise DataError(
            "days of visits must ascend from 0, at least two; give the visits of one patient"
        )
    return visits
