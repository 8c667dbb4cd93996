"""What a rule gains over continuous treatment, as the numbers of a patient vary.

One decision: a gain is a difference of two times to progression of the same patient; beside the
simulated times stand the exact and the published ones, wherever there are any.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from itertools import product

import pandas as pd

from cancerres_kit.models.competition import VARIED, Competition
from cancerres_kit.models.contests import progression_day
from cancerres_kit.models.dosing import adaptive, continuous
from cancerres_kit.models.parameters import refusal
from cancerres_kit.models.schedules import Schedule
from cancerres_kit.schema.problems import DataError

SCHEDULES = {"CT": "continuous", "AT": "adaptive"}


def over_grid(
    model: Competition,
    grid: Mapping[str, Sequence[float]],
    *,
    rule: Schedule | None = None,
    t_end: float = 1500.0,
) -> pd.DataFrame:
    """Compute what a rule gains over continuous treatment, for all combinations of some numbers.

    Parameters
    ----------
    model : Competition
        Gives the numbers that the grid does not name.
    grid : mapping of str to sequence of float
        Values by name of the number of the model.
    rule : Schedule, optional
        The published adaptive rule if left out.
    t_end : float
        End of the follow-up [days].

    Returns
    -------
    pandas.DataFrame
        One row per combination: the numbers of the grid, continuous_days and rule_days (times to
        progression; NaN if there was none), has_paused (whether the rule ever held the drug back),
        gain_days, and gain_percent of continuous_days.

    Raises
    ------
    DataError
        For names or values that the model does not take.
    """
    asked = adaptive("drug") if rule is None else rule
    rows = []
    for values in product(*grid.values()):
        numbers = dict(zip(grid, values, strict=True))
        patient = model.with_(**numbers)
        run = patient.followed(asked, t_end)
        days = {
            "continuous_days": _ttp(patient, continuous("drug"), t_end),
            "rule_days": progression_day(patient, run),
        }
        rows.append({**numbers, **days, "has_paused": bool(run["dose"].iloc[:-1].eq(0).any())})
    found = pd.DataFrame(rows)
    found["gain_days"] = found["rule_days"] - found["continuous_days"]
    found["gain_percent"] = 100 * found["gain_days"] / found["continuous_days"]
    return found


def along(
    model: Competition,
    name: str,
    values: Sequence[float],
    *,
    rule: Schedule | None = None,
    published: pd.DataFrame | None = None,
    t_end: float = 1500.0,
) -> pd.DataFrame:
    """Compute times to progression along one number of the model, simulated and exact.

    Parameters
    ----------
    model : Competition
        Gives the other numbers.
    name : str
        The number that varies.
    values : sequence of float
        Its values [its unit].
    rule : Schedule, optional
        The published adaptive rule if left out.
    published : pandas.DataFrame, optional
        What `recomputed` returned; the rows of this patient stand beside ours.
    t_end : float
        End of the follow-up [days].

    Returns
    -------
    pandas.DataFrame
        x (the value), y (time to progression [days]; NaN if there was none), series
        (``"continuous"``, ``"adaptive"``), kind: ``"simulated"``, and ``"exact"`` for continuous
        treatment where `Competition.continuous_progression` is defined; ``"published"``.
    """
    rows = [] if published is None else _of_patient(model, name, published)
    for one in over_grid(model, {name: values}, rule=rule, t_end=t_end).to_dict("records"):
        patient, x = model.with_(**{name: one[name]}), one[name]
        rows.append((x, one["continuous_days"], "continuous", "simulated"))
        rows.append((x, one["rule_days"], "adaptive", "simulated"))
        rows.append((x, _exact(patient), "continuous", "exact"))
    found = pd.DataFrame(rows, columns=["x", "y", "series", "kind"])
    kept = found["kind"].ne("exact") | found["y"].notna()
    return found[kept].sort_values(["series", "x"], ascending=[False, True], ignore_index=True)


def recomputed(rows: pd.DataFrame, *, t_end: float = 5000.0) -> pd.DataFrame:
    """Compute published times to progression again.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of ``atlas.published_numbers`` of the model adaptive_lv: quantity (its last word is CT
        for continuous or AT for adaptive treatment), parameters (JSON), value [days].
    t_end : float
        End of the follow-up [days].

    Returns
    -------
    pandas.DataFrame
        The same rows, with n0, fR, cost, turnover, schedule, ours_days (step by step) and
        exact_days (NaN where there is no exact form) in front of the rest.

    Raises
    ------
    DataError
        For a quantity that is neither.
    """
    found = []
    for quantity, text in zip(rows["quantity"], rows["parameters"], strict=True):
        given = json.loads(text)
        kind = str(quantity).rpartition(" ")[2]
        if kind not in SCHEDULES:
            raise refusal(
                "quantity", quantity, unit="", allowed="a time for CT or AT", remedy="leave it out"
            )
        names = ("n0", "fR", "rS", "cost", "turnover", "dD", "progression")
        model = Competition(**{name: given[name] for name in names})
        rule = adaptive("drug", stop=given["threshold"], every=given["decision_interval_d"])
        ours = _ttp(model, continuous("drug") if kind == "CT" else rule, t_end)
        shown = {name: given[name] for name in VARIED}
        exact = _exact(model) if kind == "CT" else math.nan
        days = {"schedule": SCHEDULES[kind], "ours_days": ours, "exact_days": exact}
        found.append({**shown, **days})
    return pd.concat([pd.DataFrame(found, index=rows.index), rows], axis="columns")


def _of_patient(
    model: Competition, name: str, published: pd.DataFrame
) -> list[tuple[float, float, str, str]]:
    """Published times of a patient of whom one number varies: x, y, series, kind."""
    kept = published.drop_duplicates([*VARIED, "schedule"])
    for other in VARIED:
        if other != name:
            kept = kept[kept[other].eq(getattr(model, other))]
    x, y, series = (kept[column].tolist() for column in (name, "value", "schedule"))
    return list(zip(x, y, series, ["published"] * len(kept), strict=True))


def _exact(model: Competition) -> float:
    """Exact time under continuous treatment; NaN where there is no exact form [days]."""
    try:
        days = model.continuous_progression()
    except DataError:
        return math.nan
    return days if math.isfinite(days) else math.nan


def _ttp(model: Competition, schedule: Schedule, t_end: float) -> float:
    """Time to progression of one patient; NaN without [days]."""
    return progression_day(model, model.followed(schedule, t_end))
