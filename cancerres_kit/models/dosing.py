"""The usual schedules by name: continuous, sequential, simultaneous, pulsed, adaptive, none.

One decision: each is a plain `Schedule`, so whatever is asked of one can be asked of all, and
nothing but this file knows their names.
"""

from __future__ import annotations

import math
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from numbers import Real
from typing import Any, ClassVar

import numpy as np

from cancerres_kit.models.checks import positive
from cancerres_kit.models.parameters import refusal
from cancerres_kit.models.schedules import Doses, Schedule
from cancerres_kit.schema.problems import DataError, quoted

__all__ = ["adaptive", "continuous", "none", "pulsed", "sequential", "simultaneous"]


@dataclass(frozen=True)
class Holding:
    """Rule that stops treatment when the tumour has shrunk and resumes when it is back.

    Parameters
    ----------
    drugs : tuple of str
        Drugs that are given or held back together.
    stop, resume : float
        Fractions of the burden at the start at which treatment stops and resumes.
    dose : float
        Dose while treatment is on [full doses].
    """

    TAKES_ARRAYS: ClassVar[bool] = True

    drugs: tuple[str, ...]
    stop: float
    resume: float
    dose: float

    def __call__(self, t: float, burden: Any, state: MutableMapping[str, Any]) -> Doses:  # noqa: ARG002
        """Decide for all patients at once; treatment is on at first."""
        if isinstance(burden, float) and isinstance(state["start"], float):
            begun = state["start"]
            was_on = state.get("on", True)
            is_on = burden >= self.resume * begun or (was_on and burden > self.stop * begun)
            state["on"] = is_on
            return dict.fromkeys(self.drugs, self.dose * is_on)
        size, start = np.asarray(burden, dtype=float), np.asarray(state["start"], dtype=float)
        was_on = state.get("on", True)
        on = np.where(size >= self.resume * start, True, was_on & (size > self.stop * start))
        state["on"] = on
        amount = self.dose * on
        return dict.fromkeys(self.drugs, float(amount) if amount.ndim == 0 else amount)


def none() -> Schedule:
    """Give no drug.

    Returns
    -------
    Schedule
    """
    return Schedule(name="no treatment")


def continuous(*drugs: str, dose: float = 1.0) -> Schedule:
    """Give drugs all the time.

    Parameters
    ----------
    *drugs : str
        Drugs, as the model names them.
    dose : float
        Dose of each [full doses].

    Returns
    -------
    Schedule

    Raises
    ------
    DataError
        Without a drug, or for a dose that is negative or not finite.
    """
    names = _named(drugs)
    row = (0.0, math.inf, dict.fromkeys(names, dose))
    return Schedule((row,), name=f"{' + '.join(names)} continuously")


def simultaneous(*drugs: str, dose: float = 1.0) -> Schedule:
    """Give several drugs together all the time.

    Parameters
    ----------
    *drugs : str
        Drugs, as the model names them.
    dose : float
        Dose of each [full doses].

    Returns
    -------
    Schedule

    Raises
    ------
    DataError
        Without a drug, or for a dose that is negative or not finite.
    """
    return continuous(*drugs, dose=dose)


def sequential(*drugs: str, switch: float, dose: float = 1.0) -> Schedule:
    """Give one drug after the other; the last one stays.

    Parameters
    ----------
    *drugs : str
        Drugs in their order.
    switch : float
        How long each drug but the last is given [days].
    dose : float
        Dose of each [full doses].

    Returns
    -------
    Schedule

    Raises
    ------
    DataError
        Without a drug, or for a time or dose that has no meaning.
    """
    names = _named(drugs)
    length = positive("switch", switch)
    edges = [*accumulate([0.0, *[length] * (len(names) - 1)]), math.inf]
    rows = [(a, b, {drug: dose}) for drug, (a, b) in zip(names, pairwise(edges), strict=True)]
    return Schedule(rows, name=f"{', then '.join(names)} after {length:g} days each")


def pulsed(
    *drugs: str, on: float, off: float, dose: float = 1.0, beside: Sequence[str] = ()
) -> Schedule:
    """Give drugs and pause them in turn, on first.

    Parameters
    ----------
    *drugs : str
        Drugs that are given together.
    on, off : float
        How long they are given and paused [days].
    dose : float
        Dose of each while given [full doses].
    beside : sequence of str
        Drugs that are given in the full dose without a pause.

    Returns
    -------
    Schedule

    Raises
    ------
    DataError
        Without a drug, or for a time or dose that has no meaning.
    """
    names = _named(drugs)
    given, paused = positive("on", on), positive("off", off)
    steady = dict.fromkeys(beside, 1.0)
    rows = [(0.0, given, {**steady, **dict.fromkeys(names, dose)})]
    rows += [(given, given + paused, steady)] if steady else []
    extra = f", {' + '.join(beside)} without pause" if steady else ""
    name = f"{' + '.join(names)}, {given:g} days on, {paused:g} days off{extra}"
    return Schedule(rows, name=name, period=given + paused)


def adaptive(
    *drugs: str, stop: float = 0.5, resume: float = 1.0, every: float = 1.0, dose: float = 1.0
) -> Schedule:
    """Stop treatment when the tumour has shrunk, resume when it has grown back.

    Parameters
    ----------
    *drugs : str
        Drugs that are given or held back together.
    stop, resume : float
        Fractions of the burden at the start at which treatment stops and resumes. The defaults
        are the rule of the published trial (doi 10.1038/s41467-017-01968-5).
    every : float
        Time between two decisions [days].
    dose : float
        Dose while treatment is on [full doses].

    Returns
    -------
    Schedule

    Raises
    ------
    DataError
        Without a drug, or unless 0 <= stop < resume, both finite.
    """
    names = _named(drugs)
    numbers = all(isinstance(value, Real) for value in (stop, resume))
    if not (numbers and 0 <= stop < resume < math.inf):
        raise refusal(
            "stop, resume",
            f"{stop}, {resume}",
            unit="fraction of the burden at the start",
            allowed="0 <= stop < resume",
            remedy="try stop=0.5, resume=1",
        )
    checked = continuous(*names, dose=dose).intervals[0][2][names[0]]
    rule = Holding(names, float(stop), float(resume), float(checked))
    name = f"{' + '.join(names)}, off at {stop:g}, on again at {resume:g} of the start"
    return Schedule(rule=rule, name=name, decide_every=positive("every", every))


def _named(drugs: tuple[str, ...]) -> tuple[str, ...]:
    """Return drugs, if they are texts and there is one."""
    if not drugs or not all(isinstance(drug, str) and drug for drug in drugs):
        raise DataError(
            f"drugs are given by name, at least one, not as {quoted(drugs)}; "
            "see the DRUGS of the model, or use none() for no treatment"
        )
    return tuple(dict.fromkeys(drugs))
