"""Integration of growth equations for many virtual patients at once.

One decision: steps are fixed and all patients take them together, so a thousand patients cost a
few times what one costs. A state is a tuple of compartments, each a float (one patient) or an
array (one value per patient); the same arithmetic serves both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from cancerres_kit.models.parameters import refusal
from cancerres_kit.models.schedules import Schedule

State = tuple[Any, ...]
Rates = Callable[[State], State]
LONGEST_STEP = 1.0  # days; keeps the time to progression well below the day of the archives
FARTHEST = 0.3  # of an e-fold that a step may cover: Runge-Kutta errs by 1e-5 of it or less


def moments(
    schedule: Schedule, t_end: float, fastest: float, times: np.ndarray | None = None
) -> tuple[list[float], frozenset[float]]:
    """Cut a run into steps that end wherever something happens.

    Parameters
    ----------
    schedule : Schedule
        Its changes of dose and decisions fall between two steps.
    t_end : float
        End of the run [days].
    fastest : float
        Largest rate of the equations [1/day].
    times : ndarray, optional
        Times that are to be hit as well [days].

    Returns
    -------
    list of float
        Ends of the steps, from 0 to `t_end` [days].
    frozenset of float
        Those of them at which the dose may change.
    """
    switches = [0.0, *schedule.switches(t_end)]
    kept = [] if times is None else [float(time) for time in times]
    edges = sorted({*switches, *kept, t_end})
    longest = min(LONGEST_STEP, FARTHEST / max(fastest, 1e-12))
    found = [0.0]
    for start, stop in pairwise(edges):
        pieces = max(1, int(np.ceil((stop - start) / longest - 1e-9)))
        found += [start + (stop - start) * piece / pieces for piece in range(1, pieces)]
        found.append(stop)
    return found, frozenset(switches)


def follow(
    rates_at: Callable[[Any], Rates],
    state: State,
    plan: tuple[list[float], frozenset[float]],
    dose_at: Callable[[float, State], Any],
    settle: Callable[[State], State],
) -> Iterator[tuple[float, State, Any]]:
    """Run the equations and tell every step.

    Parameters
    ----------
    rates_at : callable
        ``rates_at(dose)(state)`` returns the change of each compartment [per day].
    state : tuple
        Compartments at the start.
    plan : tuple
        What `moments` returned.
    dose_at : callable
        ``dose_at(t, state)`` returns the dose from day t on; asked only where it may change.
    settle : callable
        Applied to the start and after each step; removes what is less than one cell.

    Yields
    ------
    tuple of (float, tuple, Any)
        Time [days], state, and the dose from then on.
    """
    times, switches = plan
    state = settle(state)
    dose = dose_at(0.0, state)
    rates = rates_at(dose)
    yield 0.0, state, dose
    for start, stop in pairwise(times):
        state = settle(_advanced(rates, state, stop - start))
        if stop in switches:
            dose = dose_at(stop, state)
            rates = rates_at(dose)
        yield stop, state, dose


def at_most_full(dose: Any, t: float) -> Any:
    """Return a dose, if nobody gets more than the full one, for which the equations are meant.

    Parameters
    ----------
    dose : float or ndarray
        Dose of each patient [full doses].
    t : float
        Time, for the message [days].

    Returns
    -------
    float or ndarray

    Raises
    ------
    DataError
        For a dose above 1.
    """
    largest = dose if isinstance(dose, float) else float(np.max(dose))
    if largest > 1:
        raise refusal(
            f"dose on day {t:g}",
            largest,
            unit="full doses",
            allowed="from 0 to 1",
            remedy="give 1 for the full dose; a stronger drug is a number of the model",
        )
    return dose


class Progression:
    """First time at which a burden exceeds a limit, for all patients of a run.

    Parameters
    ----------
    limit : float or ndarray
        Burden that counts as progression, per patient.
    start : float or ndarray
        Burden on day 0, below the limit and in its unit.
    """

    def __init__(self, limit: Any, start: Any) -> None:
        self._limit = np.atleast_1d(np.asarray(limit, dtype=float))
        self.days = np.full(self._limit.shape, np.nan)
        self.is_open = np.ones(self._limit.shape, dtype=bool)
        self._time, self._size = 0.0, start

    def look(self, time: float, size: Any) -> None:
        """Take in the burden at a time; between two looks it is taken to change evenly.

        Parameters
        ----------
        time : float
            Later than the time of the last look [days].
        size : float or ndarray
            Burden of each patient, in the unit of the limit.
        """
        over = self.is_open & (size >= self._limit)
        if over.any():
            now = np.broadcast_to(size, self._limit.shape)[over]
            before = np.broadcast_to(self._size, self._limit.shape)[over]
            rise = np.where(now > before, now - before, 1.0)
            part = np.clip((self._limit[over] - before) / rise, 0.0, 1.0)
            self.days[over] = self._time + (time - self._time) * part
            self.is_open &= ~over
        self._time, self._size = time, size


def _advanced(rates: Rates, state: State, step: float) -> State:
    """Take one step with the classical Runge-Kutta method of fourth order."""
    if len(state) == 2:
        return _advanced_pair(rates, state, step)
    half = step / 2
    first = rates(state)
    second = rates(tuple(x + half * v for x, v in zip(state, first, strict=True)))
    third = rates(tuple(x + half * v for x, v in zip(state, second, strict=True)))
    fourth = rates(tuple(x + step * v for x, v in zip(state, third, strict=True)))
    slopes = zip(state, first, second, third, fourth, strict=True)
    return tuple(x + step / 6 * (a + 2 * (b + c) + d) for x, a, b, c, d in slopes)


def _advanced_pair(rates: Rates, state: State, step: float) -> State:
    """Take the same step with two compartments, which written out takes half the time."""
    x, y = state
    half = step / 2
    a, b = rates(state)
    c, d = rates((x + half * a, y + half * b))
    e, f = rates((x + half * c, y + half * d))
    g, h = rates((x + step * e, y + step * f))
    return x + step / 6 * (a + 2 * (c + e) + g), y + step / 6 * (b + 2 * (d + f) + h)
