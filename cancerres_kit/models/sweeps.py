"""Many questions to a model: every combination of a grid, or a large cohort.

One decision: virtual patients come in blocks of fixed size, each with a seed of its own that
depends on its number alone. So a result does not depend on how the work is cut, and any part of a
cohort can be computed elsewhere and put beside the rest.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from cancerres_kit.models.base import MOST_PATIENTS, Model
from cancerres_kit.models.checks import whole
from cancerres_kit.models.parameters import refusal
from cancerres_kit.schema.problems import DataError, quoted, unknown

if TYPE_CHECKING:
    from cancerres_kit.models.schedules import Schedule

BLOCK = 1_000  # virtual patients that share a seed
MOST_POINTS = 100_000
MOST_ROWS = 10_000_000
PATIENCE = 1.0  # seconds before a progress bar shows

Item = TypeVar("Item")


def cohort(
    model: Model,
    schedule: Schedule,
    *,
    t_end: float,
    patients: int = 100_000,
    seed: int = 0,
    first: int = 0,
    piece: int = 10_000,
) -> pd.DataFrame:
    """Tell how many virtual patients fare, with bounded memory and a bar where it takes long.

    Parameters
    ----------
    model : Model
        What they suffer from.
    schedule : Schedule
        How they are treated.
    t_end : float
        End of the run [days].
    patients : int
        Number of virtual patients, 1 to 1,000,000.
    seed : int
        Makes the cohort repeatable.
    first : int
        How many patients of the cohort come before these, a multiple of 1,000: a cohort of 3,000
        is the same as its first 2,000 beside the 1,000 from ``first=2_000`` on.
    piece : int
        Patients that are put together at a time; changes memory in use, never the result.

    Returns
    -------
    pandas.DataFrame
        Columns of ``model.outcomes``; patient counts from ``first + 1``.

    Raises
    ------
    DataError
        For any input that has no meaning.
    """
    whole("seed", seed, low=0, high=2**128 - 1)
    count = whole("patients", patients, high=MOST_PATIENTS)
    size = whole("piece", piece, high=MOST_PATIENTS)
    before = whole("first", first, low=0, high=10**12)
    if before % BLOCK:
        raise refusal(
            "first",
            first,
            unit="patients",
            allowed=f"multiples of {BLOCK}",
            remedy=f"try {before // BLOCK * BLOCK}",
        )
    step = math.ceil(size / BLOCK)
    starts = range(before, before + count, BLOCK * step)
    blocks = (
        pd.concat(
            [
                _block(model, schedule, t_end, seed, start, before + count)
                for start in range(begin, min(begin + BLOCK * step, before + count), BLOCK)
            ],
            ignore_index=True,
        )
        for begin in shown(starts, label="patients", unit="piece")
    )
    return pd.concat(blocks, ignore_index=True)


def sweep(
    model: Model,
    schedule: Schedule | None,
    grid: Mapping[str, Sequence[float]],
    *,
    t_end: float | None = None,
    patients: int = 1,
    seed: int = 0,
    quantity: str | None = None,
    **conditions: Any,
) -> pd.DataFrame:
    """Ask a model the same question at every combination of some of its numbers.

    All combinations see the same virtual patients (the same seeds), so that they differ by their
    numbers only and part of a grid gives the same rows as the whole.

    Parameters
    ----------
    model : Model
        Gives all numbers that the grid does not name.
    schedule : Schedule or None
        How patients are treated; not needed where an exact quantity is asked for.
    grid : mapping of str to sequence of float
        Values by name of the number [unit of each].
    t_end : float, optional
        End of the run [days]; not needed where an exact quantity is asked for.
    patients : int
        Virtual patients at each combination.
    seed : int
        Makes the sweep repeatable.
    quantity : str, optional
        Ask ``model.exact(quantity)`` instead of following patients.
    **conditions : Any
        What that quantity asks for.

    Returns
    -------
    pandas.DataFrame
        One row per combination and patient: a column for each name of the grid, then those of
        ``model.outcomes`` that the grid does not name; with a quantity one row per combination
        and the columns model, quantity, value.

    Raises
    ------
    DataError
        For any input that has no meaning, or a grid that is too large.
    """
    points = _points(model, grid, patients if quantity is None else 1)
    if quantity is not None:
        values = [
            model.with_(**point).exact(quantity, **conditions)
            for point in shown(points, label="sweep", unit="point")
        ]
        return pd.DataFrame(points).assign(model=model.NAME, quantity=quantity, value=values)
    if schedule is None or t_end is None:
        raise DataError("a sweep of patients needs a schedule and t_end; or name an exact quantity")
    frames = []
    for point in shown(points, label="sweep", unit="point"):
        moved = model.with_(**point)
        found = cohort(moved, schedule, t_end=t_end, patients=patients, seed=seed)
        others = found.drop(columns=list(point), errors="ignore")
        frames.append(pd.concat([pd.DataFrame(point, index=found.index), others], axis=1))
    return pd.concat(frames, ignore_index=True)


def shown(items: Sequence[Item], *, label: str, unit: str) -> Iterator[Item]:
    """Go through items, with a progress bar once it takes longer than a second.

    Parameters
    ----------
    items : sequence
        What is to be done.
    label : str
        What the bar is called.
    unit : str
        What it counts.

    Returns
    -------
    iterator
        The items; without a bar where tqdm (extra ``reports``) is not installed.
    """
    try:
        from tqdm import tqdm
    except ImportError:
        return iter(items)

    class Bar(tqdm):  # type: ignore[misc]
        monitor_interval = 0  # no thread: browsers have none

    bar: Iterable[Item] = Bar(items, desc=label, unit=unit, delay=PATIENCE, leave=False)
    return iter(bar)


def _block(
    model: Model, schedule: Schedule, t_end: float, seed: int, start: int, stop: int
) -> pd.DataFrame:
    """Follow the patients of one block, or of its beginning where the cohort ends."""
    seeds = np.random.SeedSequence(seed, spawn_key=(start // BLOCK,))
    found = model.outcomes(schedule, t_end, patients=min(BLOCK, stop - start), seed=seeds)
    return found.assign(patient=found["patient"] + start)


def _points(
    model: Model, grid: Mapping[str, Sequence[float]], patients: int
) -> list[dict[str, float]]:
    """List the combinations of a grid, if it has a meaning and a size that can be handled."""
    if not isinstance(grid, Mapping) or not grid:
        raise DataError(f"a grid is {{name: values}}, not {quoted(grid)}")
    allowed = list(model.parameters)
    for name, values in grid.items():
        if name not in allowed:
            raise unknown(name, allowed, what=f"parameter of {model.NAME}")
        if isinstance(values, str) or not np.ndim(values) == 1 or not len(values):
            raise DataError(f"grid gives {name} as {quoted(values)}; give a list of numbers")
    count = math.prod(len(values) for values in grid.values())
    if count > MOST_POINTS or count * patients > MOST_ROWS:
        raise refusal(
            "combinations x patients",
            f"{count} x {patients}",
            unit="rows",
            allowed=f"up to {MOST_POINTS} combinations and {MOST_ROWS} rows",
            remedy="take fewer values or fewer patients",
        )
    return [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]
