"""Virtual patients of the mutation model under a schedule, step by step.

One decision: a step has constant doses for each patient, so within it every cell obeys the closed
forms of `courses`; schedules of intervals and rules that look at the tumour differ in nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cancerres_kit.models import expectations, rates
from cancerres_kit.models.branching import Chain, FloatArray, IntArray
from cancerres_kit.models.courses import advanced
from cancerres_kit.models.lineages import MOST_FOLLOWED, Generator
from cancerres_kit.models.schedules import Schedule
from cancerres_kit.models.tumours import started

if TYPE_CHECKING:
    from cancerres_kit.models.mutation import Mutation

LONGEST_GROWTH = 5.0  # of a step, as the exponent of e
PROGRESSION = 1.2  # of the burden at the start; the rule of the competition model
FINE = 65  # points at which a step is searched for progression
HELD = 1e12  # cells of a lesion (about 1 kg) that does not grow on


class Step(NamedTuple):
    """What happened to all patients between two times [days]."""

    start: float
    stop: float
    before: IntArray
    after: IntArray
    growth: FloatArray


@dataclass
class Course:
    """Tumours under a schedule, step after step.

    Parameters
    ----------
    model : Mutation
        The tumours.
    schedule : Schedule
        Treatment.
    counts : ndarray of int, lesions x types
        Cells at the start.
    patients : int
        Number of patients.
    rng : numpy.random.Generator
        Source of chance.
    """

    model: Mutation
    schedule: Schedule
    counts: IntArray
    patients: int
    rng: Generator

    def __post_init__(self) -> None:
        """Begin without memory of a rule."""
        self.state: dict[str, Any] = {}
        self.doses = np.zeros((1, int(self.model.drugs)))

    @property
    def totals(self) -> IntArray:
        """Cells of each patient by type."""
        shape = (self.patients, -1, self.counts.shape[1])
        return np.asarray(self.counts.reshape(shape).sum(axis=1))

    def steps(self, stops: Sequence[float]) -> Iterator[Step]:
        """Go on to each of some times [days, ascending], with a step at each change of dose."""
        changes = self.schedule.switches(stops[-1]) if stops[-1] > 0 else []
        edges = np.unique([0.0, *changes, *stops])
        for start, stop in pairwise(edges):
            self._decide(start, stop, start == 0 or start in changes)
            yield from self._grown(float(start), float(stop))

    def _decide(self, start: float, stop: float, is_change: bool) -> None:
        """Set the doses: one row for all patients, or one for each."""
        if self.schedule.rule is None:
            given = self.model._doses(self.schedule, (start + stop) / 2)
        elif is_change:
            burden = self.totals.sum(axis=1).astype(float)
            given = self.model._doses(self.schedule, start, burden, self.state)
        else:
            return
        self.doses = np.stack(np.broadcast_arrays(*map(np.atleast_1d, given)), axis=-1)

    def chains(self) -> Iterator[tuple[IntArray, Chain]]:
        """Patients that are under the same doses, and the rates under these."""
        rows, member = np.unique(self.doses, axis=0, return_inverse=True)
        members = np.broadcast_to(member.ravel(), (self.patients,))
        for number, row in enumerate(rows):
            yield np.flatnonzero(members == number), rates.chain(self.model, row)

    def _grown(self, start: float, stop: float) -> Iterator[Step]:
        """Advance all patients under constant doses."""
        chains = list(self.chains())
        fastest = max(float((chain.birth - chain.death).max()) for _, chain in chains)
        parts = max(1, int(np.ceil(fastest * (stop - start) / LONGEST_GROWTH)))
        parts = parts if self._growing().any() else 1
        for begin, end in pairwise(np.linspace(start, stop, parts + 1)):
            before, growth = self.totals, np.zeros((self.patients, self.counts.shape[1]))
            is_growing, counts = self._growing(), self.counts.copy()
            owner = np.arange(len(counts)) // int(self.model.lesions)
            for patients, chain in chains:
                growth[patients] = chain.birth - chain.death
                shrinks = counts @ (chain.birth - chain.death) < 0
                rows = np.flatnonzero((is_growing | shrinks) & np.isin(owner, patients))
                counts[rows] = advanced(chain, counts[rows], end - begin, self.rng)
            self.counts = counts
            yield Step(float(begin), float(end), before, self.totals, growth)

    def _growing(self) -> np.ndarray:
        """Whether each lesion is small enough to grow on; those that shrink are always followed."""
        held = max(HELD, 100 * self.model.burden / self.model.lesions)
        return np.asarray(self.counts.sum(axis=1) < min(held, MOST_FOLLOWED))

    def lasting(self, since: float) -> FloatArray:
        """Chance that a patient's cells of a day never die out under the rest of the schedule."""
        success = expectations.success(self.model, self.schedule, since=since)
        return -np.expm1(self.totals @ np.log1p(-np.minimum(success, 1 - 1e-16)))


def progression(step: Step, threshold: FloatArray) -> FloatArray:
    """Tell when each patient's burden passed a threshold within a step.

    Large populations grow and shrink without chance: types that grow are followed back from the
    end of the step, those that shrink, or are too many to grow on, forward from its beginning.

    Parameters
    ----------
    step : Step
        What happened.
    threshold : ndarray of float
        Burden of each patient that counts as progression [cells].

    Returns
    -------
    ndarray of float
        Time [days]; NaN where the burden is below at the end.
    """
    found = np.full(len(threshold), np.nan)
    rows = np.flatnonzero(step.after.sum(axis=1) >= threshold)
    if not len(rows):
        return found
    times = np.linspace(0.0, step.stop - step.start, FINE)
    growth, after = step.growth[rows], step.after[rows]
    rises = (growth > 0) & (after > 0) & (after < MOST_FOLLOWED)
    anchor = np.where(rises, after, step.before[rows])
    shift = np.where(rises, step.stop - step.start, 0.0)
    exponent = growth[:, :, None] * (times - shift[:, :, None])
    burden = (anchor[:, :, None] * np.exp(exponent)).sum(axis=1)
    burden[:, -1] = np.maximum(burden[:, -1], threshold[rows])
    over = np.argmax(burden >= threshold[rows, None], axis=1)
    low = np.maximum(over - 1, 0)
    each = np.arange(len(rows))
    rise = np.log(burden[each, over] / burden[each, low])
    wanted = np.log(np.maximum(threshold[rows] / burden[each, low], 1.0))
    part = np.divide(wanted, rise, out=np.zeros_like(rise), where=rise > 0)
    found[rows] = step.start + times[low] + part * (times[over] - times[low])
    return found


def trajectories(
    model: Mutation, schedule: Schedule, times: FloatArray, patients: int, rng: Generator
) -> FloatArray:
    """Return cells of shape (patients, times, compartments); see `Mutation.simulate`."""
    course = Course(model, schedule, started(model, patients, rng).counts, patients, rng)
    values = np.empty((patients, len(times), len(model.COMPARTMENTS)))
    values[:, 0] = model.types.by_name(course.totals)
    for step in course.steps(times.tolist()):
        values[:, times == step.stop] = model.types.by_name(step.after)[:, None]
    return values


def fates(
    model: Mutation, schedule: Schedule, t_end: float, patients: int, rng: Generator
) -> dict[str, np.ndarray]:
    """Return the columns of `Mutation.outcomes`."""
    start = started(model, patients, rng)
    course = Course(model, schedule, start.counts, patients, rng)
    resistant = course.totals[:, model.types.full].sum(axis=1)
    threshold = PROGRESSION * course.totals.sum(axis=1)
    progressed = np.full(patients, np.nan)
    for step in course.steps([t_end]):
        progressed = np.where(np.isnan(progressed), progression(step, threshold), progressed)
    has_last_doses = schedule.rule is None and not np.isfinite(schedule.period)
    return {
        "failed": rng.random(patients) < course.lasting(t_end)
        if has_last_doses
        else ~np.isnan(progressed),
        "ttp_days": progressed,
        "resistant_at_start": resistant > 0,
        "resistant_cells": resistant,
        "clones": start.clones.reshape(patients, -1).sum(axis=1),
    }
