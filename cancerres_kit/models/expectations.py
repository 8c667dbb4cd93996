"""Exact answers of the mutation model: expected lineages, from which every chance follows.

One decision: all answers are a number of expected lineages (or cells) per lesion, because lesions
and mutants arise independently; lesions add up, and no lineage has the chance ``exp(-number)``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cancerres_kit.models import eradication, rates
from cancerres_kit.models.branching import FloatArray
from cancerres_kit.models.parameters import MOST_CELLS, refusal
from cancerres_kit.models.schedules import Schedule
from cancerres_kit.schema.problems import DataError, quoted, unknown

if TYPE_CHECKING:
    from cancerres_kit.models.mutation import Mutation

METHODS = ("backward", "closed")
TRACE = 1e-30  # so small a chance that only what is linear in it is left
INSTEAD = 'use method="backward"'


def expected(
    model: Mutation,
    quantity: str,
    schedule: Schedule | None,
    method: str,
    sizes: Sequence[float] | None,
) -> float:
    """Return the expected number of lineages, or of cells, over all lesions.

    Parameters
    ----------
    model : Mutation
        The tumour.
    quantity : {"failure", "resistance_at_start", "resistant_cells"}
        What is counted: lineages that outlive treatment, lineages or cells that resist every
        drug when it starts.
    schedule : Schedule or None
        Treatment; all drugs for ever if none is given.
    method : {"backward", "closed"}
        Numerically exact, or the published closed form.
    sizes : sequence of float or None
        Cells of each lesion; as the model says if none are given.

    Returns
    -------
    float

    Raises
    ------
    DataError
        For an unknown method, a size out of range, or where there is no closed form.
    """
    if method not in METHODS:
        raise unknown(method, METHODS, what="method")
    lesions = _lesions(model, sizes)
    if method == "closed":
        return sum(count * _closed(model, quantity, schedule, size) for size, count in lesions)
    of_each = by_size(model, quantity, schedule, [size for size, _ in lesions])
    return float(of_each @ [count for _, count in lesions])


def by_size(
    model: Mutation, quantity: str, schedule: Schedule | None, sizes: Sequence[float]
) -> FloatArray:
    """Return the expected number of lineages, or of cells, in a lesion of each size.

    A small lesion has the history of a large one cut short, so all are solved at once.

    Parameters
    ----------
    model : Mutation
        The tumour; its burden and lesions do not count.
    quantity, schedule
        As for `expected`.
    sizes : sequence of float
        Cells of each lesion.

    Returns
    -------
    ndarray of float, one per size
    """
    if quantity == "failure":
        goal = success(model, schedule)
    else:
        goal = np.where(model.types.full, TRACE if quantity == "resistant_cells" else 1.0, 0.0)
    found = _backward(model, goal, np.asarray(sizes, dtype=float))
    return found / TRACE if quantity == "resistant_cells" else found


def success(model: Mutation, schedule: Schedule | None, *, since: float = 0.0) -> FloatArray:
    """Return the chance that a cell of some day of treatment has descendants for ever, by type.

    Parameters
    ----------
    model : Mutation
        The tumour.
    schedule : Schedule or None
        Intervals, the last of which goes on for ever; all drugs if none is given.
    since : float
        Day on which the cell lives; the start of treatment if left out [days].

    Returns
    -------
    ndarray of float, one per type

    Raises
    ------
    DataError
        For a schedule without end, a rule, or a drug that the model does not have.
    """
    if schedule is None:
        return rates.chain(model, np.ones(int(model.drugs))).survival()
    if not isinstance(schedule, Schedule):
        raise DataError(
            f"a schedule is made by continuous, sequential, ... or Schedule, not {quoted(schedule)}"
        )
    if math.isfinite(schedule.period):
        raise DataError(
            f"schedule {schedule.name!r} repeats for ever, so no last doses decide; "
            "use outcomes(), or a Schedule of intervals"
        )
    model._know(schedule.drugs)
    stops = [stop for _, stop, _ in schedule.intervals if math.isfinite(stop)]
    starts = [start for start, _, _ in schedule.intervals]
    segments = schedule.segments(max([0.0, *stops, *starts]) + 1.0)
    doses = [[given.get(drug, 0.0) for drug in model.DRUGS] for _, _, given in segments]
    chances = rates.chain(model, doses[-1]).survival()
    for (start, stop, _), given in zip(segments[-2::-1], doses[-2::-1], strict=True):
        if stop > since:
            chances = rates.chain(model, given).before(chances, stop - max(start, since))
    return chances


def _lesions(model: Mutation, sizes: Sequence[float] | None) -> list[tuple[float, int]]:
    """Return the sizes of lesions, each with how many there are."""
    if sizes is None:
        return [(model.burden / model.lesions, int(model.lesions))]
    try:
        cells = np.asarray(sizes, dtype=float).ravel()
    except (TypeError, ValueError):
        cells = np.empty(0)
    if not len(cells) or not ((cells >= 1) & (cells <= MOST_CELLS)).all():
        raise refusal(
            "sizes",
            sizes,
            unit="cells",
            allowed=f"one number from 1 to {MOST_CELLS:g} for each lesion",
            remedy="give the cells of each lesion, at least one lesion",
        )
    return [(float(size), 1) for size in cells]


def _backward(model: Mutation, goal: FloatArray, sizes: FloatArray) -> FloatArray:
    """Solve the backward equations for mutants before treatment, and add sensitive cells."""
    if not len(sizes):
        return sizes
    largest = rates.growth(model, float(sizes.max()))
    ages = np.maximum(largest.days + np.log(sizes / sizes.max()) / largest.rate, 0.0)
    days, place = np.unique(ages, return_inverse=True)
    mutants = largest.chain.hazard(goal, largest.rate, days)[place]
    lasting = math.inf if goal[0] >= 1 else -math.log1p(-float(goal[0]))
    return np.asarray(sizes * (mutants + lasting))


def _closed(model: Mutation, quantity: str, schedule: Schedule | None, size: float) -> float:
    """Evaluate the published closed form for one lesion."""
    single, joint = _classes(model)
    if schedule is not None or model.cost:
        given = "a schedule" if schedule is not None else f"cost = {model.cost:g}"
        raise DataError(f"no closed form with {given}; {INSTEAD}, or leave it out")
    if quantity == "resistant_cells":
        mean = eradication.expected_rate(size, model.survival, model.mutation_rate)
        return eradication.resistant_cells(size, mean, single, joint)
    if len(single) > 2:
        raise DataError(f"no closed form for drugs = {len(single)}, only for 1 or 2; {INSTEAD}")
    numbers = (model.mutation_rate, single, joint)
    if quantity == "resistance_at_start":
        return eradication.resistance(size, model.survival, *numbers)
    birth, death = max(model.birth - model.block, 0.0), model.death + model.kill
    if death <= birth:
        raise DataError(
            f"no closed form unless treated cells decline; birth = {birth:g} and death = "
            f"{death:g} per day under treatment; raise kill or block, or {INSTEAD}"
        )
    return eradication.failure(size, model.survival, birth / (death - birth), *numbers)


def _classes(model: Mutation) -> tuple[tuple[float, ...], float]:
    """Return mutations that resist one drug, by drug, and those that resist all."""
    count = int(model.drugs)
    sites = model.sites
    single = tuple(sites.pop(1 << drug, 0.0) for drug in range(count))
    joint = sites.pop(2**count - 1, 0.0) if count > 1 else 0.0
    if sites or (count > 2 and joint):
        raise DataError(f"no closed form for cross-resistance with {count} drugs; {INSTEAD}")
    return single, joint
