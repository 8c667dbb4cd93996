"""What became of a tumour: whether it shrank, when it progressed, and by which route.

One decision: sizes are looked at as they pass, once a day, so a large cohort needs no trajectories.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from cancerres_kit.models.schedules import Schedule

RESPONSE = 0.5
"""A tumour below this part of its size at the start counts as having responded."""

CONTROLLED, PRIMARY, ACQUIRED = "controlled", "primary", "acquired"


def judge(
    sizes: Iterable[tuple[float, Any, Any]], *, start: float, limit: float
) -> dict[str, np.ndarray]:
    """Tell how tumours fared, from sizes in order of time.

    Parameters
    ----------
    sizes : iterable of (float, float or ndarray, float or ndarray)
        Day, recognised tumour and antigen-loss clone, per patient [cells].
    start : float
        Size at the start [cells].
    limit : float
        Size of progression [cells].

    Returns
    -------
    dict of str to ndarray
        failed; ttp_days (between two days by growth at a constant rate; NaN without progression);
        route (``controlled``; ``primary`` for progression without a response, ``acquired`` for
        progression after one); nadir_cells; end_cells; antigen_loss_share (of the tumour at the
        end; 0 without a tumour).
    """
    ttp: Any = np.nan
    nadir: Any = np.inf
    lowest: Any = np.inf
    size: Any = start
    tumour: Any = start
    loss: Any = 0.0
    last = 0.0
    for day, tumour, loss in sizes:
        before, size = size, tumour + loss
        crossed = np.isnan(ttp) & (size >= limit)
        ttp = np.where(crossed, last + _share(before, size, limit) * (day - last), ttp)
        lowest = np.where(np.isnan(ttp), np.minimum(lowest, size), lowest)
        nadir, last = np.minimum(nadir, size), day
    failed = ~np.isnan(ttp)
    route = np.where(failed, np.where(lowest < RESPONSE * start, ACQUIRED, PRIMARY), CONTROLLED)
    lost = np.divide(loss, size, out=np.zeros(np.shape(size)), where=np.asarray(size > 0))
    return {
        "failed": failed,
        "ttp_days": np.asarray(ttp),
        "route": route.astype(object),
        "nadir_cells": np.asarray(nadir),
        "end_cells": np.asarray(tumour + loss),
        "antigen_loss_share": lost,
    }


def failing(schedule: Schedule, t_end: float, works: Mapping[str, np.ndarray]) -> np.ndarray:
    """Tell from when on no given drug works any more.

    A drug works from its first dose for a time of its own, wherever it is being given then.

    Parameters
    ----------
    schedule : Schedule
        When which drug is given; any dose above 0 counts.
    t_end : float
        End of the run [days].
    works : mapping of str to ndarray
        For how long each drug works, per patient [days].

    Returns
    -------
    ndarray
        Day, at the latest `t_end`, per patient; 0 without treatment at the start.

    Raises
    ------
    DataError
        For a schedule that decides by the size of a tumour.
    """
    held = np.zeros(len(next(iter(works.values()))))
    first: dict[str, float] = {}
    for start, stop, doses in schedule.segments(t_end):
        until = np.zeros_like(held)
        for drug, days in works.items():
            if doses.get(drug, 0.0) > 0:
                until = np.maximum(until, first.setdefault(drug, start) + days)
        held = np.where(held >= start, np.maximum(held, np.minimum(until, stop)), held)
    return held


def _share(before: Any, after: Any, limit: float) -> np.ndarray:
    """Return which part of a day a tumour took to reach the limit; of no meaning if it did not."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.log(limit / before) / np.log(after / before)
    return np.asarray(np.clip(np.nan_to_num(share, nan=0.0), 0, 1))
