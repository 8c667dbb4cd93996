"""When which drug is given: fixed intervals, or a rule that looks at the tumour.

One decision: a schedule holds no memory. What a rule remembers, such as whether treatment is on,
lives in a `state` that the run owns, so one schedule can treat any number of patients.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from cancerres_kit.models.checks import positive
from cancerres_kit.models.fixed import Fixed
from cancerres_kit.models.parameters import refusal
from cancerres_kit.schema.problems import DataError, quoted

Doses = Mapping[str, Any]
Rule = Callable[[float, Any, MutableMapping[str, Any]], Doses]
MOST_SWITCHES = 1_000_000
ROUNDING = 1e-9  # relative: at the end of an interval the next one counts


@dataclass(frozen=True)
class Schedule:
    """When which drug is given, as intervals or as a rule.

    Parameters
    ----------
    intervals : sequence of (float, float, mapping of str to float)
        From day (included), to day (excluded), and the dose of each drug in between; 1 is the
        full dose of the model. Days outside all intervals are free of drugs. In order of time and
        without overlap: drugs given together stand in one interval.
    rule : callable, optional
        ``rule(t, burden, state)`` returns the dose of each drug from day t on. `burden` is what
        the model calls the size of the tumour; `state` is a dict that belongs to the patient and
        holds ``"start"``, the burden at the first decision, and whatever the rule adds. A rule
        whose attribute ``TAKES_ARRAYS`` is true gets all patients at once and returns arrays.
    name : str
        Words for people.
    decide_every : float
        Time between two decisions of the rule [days].
    period : float
        Time after which the intervals repeat [days]; never, if infinite.

    Raises
    ------
    DataError
        For intervals that overlap or run backwards, doses that are negative or not finite, a rule
        beside intervals, or a time that is not positive.
    """

    intervals: Sequence[tuple[float, float, Mapping[str, float]]] = ()
    rule: Rule | None = None
    name: str = ""
    decide_every: float = 1.0
    period: float = math.inf

    def __post_init__(self) -> None:
        """Check everything once, and keep a copy that nobody else holds."""
        if self.rule is not None and (self.intervals or not callable(self.rule)):
            raise DataError("a schedule has either intervals or one rule(t, burden, state)")
        positive("decide_every", self.decide_every)
        positive("period", self.period, infinite=True)
        if isinstance(self.intervals, str) or not isinstance(self.intervals, Iterable):
            raise DataError(
                f"intervals are {quoted(self.intervals)}; write a list of "
                "(from day, to day, {drug: dose})"
            )
        rows = tuple(_interval(row, number) for number, row in enumerate(self.intervals, 1))
        for number, ((_, stop, _), (start, _, _)) in enumerate(pairwise(rows), 2):
            if start < stop:
                raise refusal(
                    f"start of interval {number}",
                    start,
                    unit="days",
                    allowed=f"from {stop:g}, where interval {number - 1} stops",
                    remedy="list intervals in order of time; drugs given together share one",
                )
        if rows and rows[-1][1] > self.period and self.period != math.inf:
            raise refusal(
                "stop of the last interval",
                rows[-1][1],
                unit="days",
                allowed=f"up to the period, {self.period:g}",
                remedy="shorten the interval or lengthen the period",
            )
        object.__setattr__(self, "intervals", rows)

    @property
    def drugs(self) -> tuple[str, ...]:
        """Drugs that occur, in order; of a rule those in its attribute ``drugs``, if it has one."""
        if self.rule is not None:
            return tuple(getattr(self.rule, "drugs", ()))
        return tuple(dict.fromkeys(drug for _, _, doses in self.intervals for drug in doses))

    def doses(
        self, t: float, burden: Any = None, state: MutableMapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Tell the doses from a day on.

        Parameters
        ----------
        t : float
            Time [days].
        burden : float or ndarray, optional
            Size of the tumour, of one patient or of many; only a rule looks at it.
        state : dict, optional
            What the rule remembers of these patients; the same dict at every decision of a run.

        Returns
        -------
        dict of str to float or ndarray
            Dose by drug; drugs that are not given may be left out.

        Raises
        ------
        DataError
            If a rule is given no burden, or returns anything but doses.
        """
        if self.rule is None:
            now = self._phase(t) + ROUNDING * max(1.0, t)
            found = [doses for start, stop, doses in self.intervals if start <= now < stop]
            return dict(found[0]) if found else {}
        if burden is None:
            raise DataError(f"schedule {self.name!r} decides by the burden; give doses(t, burden)")
        memory = {} if state is None else state
        memory.setdefault("start", burden)
        if np.ndim(burden) == 0 or getattr(self.rule, "TAKES_ARRAYS", False):
            return _checked(self.rule(t, burden, memory), t)
        return _one_by_one(self.rule, t, np.asarray(burden, dtype=float), memory)

    def switches(self, t_end: float) -> list[float]:
        """List the times at which doses may change.

        Parameters
        ----------
        t_end : float
            End of the run [days].

        Returns
        -------
        list of float
            Times after 0 and before `t_end`, ascending [days]; for a rule, of its decisions.

        Raises
        ------
        DataError
            If there are more than a million of them.
        """
        edges = sorted({edge for start, stop, _ in self.intervals for edge in (start, stop)})
        step = self.period if self.rule is None else self.decide_every
        if t_end / step * max(len(edges), 1) > MOST_SWITCHES:
            raise refusal(
                "t_end",
                t_end,
                unit="days",
                allowed=f"up to {MOST_SWITCHES} changes of dose",
                remedy="shorten the run, or lengthen the period or decide_every",
            )
        if self.rule is not None:
            times = self.decide_every * np.arange(1, math.ceil(t_end / self.decide_every))
        elif self.period == math.inf:
            times = np.array(edges)
        else:
            starts = self.period * np.arange(math.ceil(t_end / self.period))
            times = np.unique(starts[:, None] + np.array(edges)[None, :])
        return [float(time) for time in times if 0 < time < t_end]

    def segments(self, t_end: float) -> list[tuple[float, float, dict[str, float]]]:
        """Cut a run into pieces of constant doses; for schedules of intervals.

        Parameters
        ----------
        t_end : float
            End of the run [days].

        Returns
        -------
        list of (float, float, dict)
            From day, to day, dose by drug; together they cover 0 to `t_end`.

        Raises
        ------
        DataError
            For a rule, whose doses are not known beforehand.
        """
        if self.rule is not None:
            raise DataError(
                f"schedule {self.name!r} decides by the burden; this model needs fixed times: "
                "use continuous, sequential, simultaneous, pulsed or intervals"
            )
        edges = [0.0, *self.switches(t_end), float(t_end)]
        return [(a, b, self.doses((a + b) / 2)) for a, b in pairwise(edges)]

    def _phase(self, t: float) -> float:
        """Return the time since the current period began."""
        if self.period == math.inf:
            return t
        return max(0.0, t - self.period * math.floor(t / self.period + ROUNDING))


def _interval(row: Any, number: int) -> tuple[float, float, Fixed]:
    """Return an interval in plain types, if it has a meaning."""
    try:
        start, stop, doses = row
        start, stop, doses = float(start), float(stop), dict(doses)
    except (TypeError, ValueError):
        raise DataError(
            f"interval {number} is {quoted(row)}; write (from day, to day, {{drug: dose}})"
        ) from None
    if not 0 <= start < stop:
        raise refusal(
            f"interval {number}",
            f"{start:g} to {stop:g}",
            unit="days",
            allowed="from 0 on, with the start before the stop",
            remedy="swap or correct the two days",
        )
    return start, stop, Fixed(_checked(doses, start))


def _checked(doses: Any, t: float) -> dict[str, Any]:
    """Return doses, if they are a mapping of finite numbers that are not negative."""
    if not isinstance(doses, Mapping):
        raise DataError(
            f"doses on day {t:g} are {quoted(doses)}; a rule returns {{drug: dose}}, {{}} for none"
        )
    for drug, dose in doses.items():
        if type(dose) is float and 0 <= dose < math.inf:
            continue  # asked once a day of a run: an array costs more than the answer
        amounts = np.asarray(dose)
        is_number = amounts.dtype.kind in "fiu"
        if not is_number or not np.isfinite(amounts).all() or (amounts < 0).any():
            raise refusal(
                f"dose of {drug} on day {t:g}",
                dose,
                unit="full doses",
                allowed="finite and not negative",
                remedy="give 1 for the full dose, 0 for none",
            )
    return dict(doses)


def _one_by_one(
    rule: Rule, t: float, burdens: np.ndarray, state: MutableMapping[str, Any]
) -> dict[str, Any]:
    """Ask a rule for one patient after the other, each with a memory of its own."""
    starts = np.asarray(state["start"], dtype=float)
    memories = state.setdefault("patients", [{"start": float(start)} for start in starts])
    answers = [
        _checked(rule(t, float(burden), memory), t)
        for burden, memory in zip(burdens, memories, strict=True)
    ]
    drugs = dict.fromkeys(drug for answer in answers for drug in answer)
    return {drug: np.array([float(answer.get(drug, 0.0)) for answer in answers]) for drug in drugs}
