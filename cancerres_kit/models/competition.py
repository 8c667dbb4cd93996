"""Sensitive and resistant cells that compete for room: when holding treatment back helps.

One decision: the drug acts on growth (cells that cannot grow are not killed), on the room that
sensitive cells find, or on both, so that one set of equations holds the published adaptive-therapy
models of two types; which of them it is, is a matter of numbers (see `presets`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from cancerres_kit.models.competition_numbers import TABLES, CompetitionNumbers
from cancerres_kit.models.flows import Progression, Rates, State, at_most_full, follow, moments
from cancerres_kit.models.parameters import Source
from cancerres_kit.models.release import days_to_release
from cancerres_kit.models.schedules import Schedule
from cancerres_kit.schema.problems import DataError

TIME_SCALE = (
    "The paper behind the loss of capacity (doi 10.7554/eLife.76284) prints a factor of 8 on both "
    "growth rates; its archived code counts steps of a sixth of a day as days, so in real days "
    "it acts as 8/6 per day. Its text prints a loss of 90 % where the code has 95 %, and gives "
    "46 % of time off the drug in the Results but 54 % in the Discussion."
)
VARIED = ("n0", "fR", "cost", "turnover")


@dataclass(frozen=True)
class Competition(CompetitionNumbers):
    """Two types of cells, sensitive S and resistant R, that share a carrying capacity of 1.

    Sizes are fractions of the capacity and D is the dose, from 0 to 1::

        S' = rS S (1 - (S + alpha_sr R) / (1 - capacity_loss D)) (1 - dD D) - turnover rS S
        R' = (1 - cost) rS R (1 - (alpha_rs S + R)) - turnover rS R

    The kill dD multiplies growth, which is the Norton-Simon hypothesis: a tumour that fills its
    room hardly responds, and one that shrinks for lack of room is not killed. Treatment starts on
    day 0 with burden n0, of which the fraction fR is resistant. Progression is a burden of
    `progression` times n0. One cell is the fraction ``1 / capacity_cells``; a compartment below
    it is empty and stays so.

    Each patient has numbers of his or her own where a spread is given (`virtual_patients`);
    the course of a patient has no chance in it.

    Notes
    -----
    Source of the equations: doi 10.1158/0008-5472.CAN-20-0806 (growth, kill, cost, turnover) and
    doi 10.7554/eLife.76284 (competition coefficients, loss of capacity).
    """

    NAME: ClassVar[str] = "competition"
    TITLE: ClassVar[str] = "Competition of sensitive and resistant cells"
    DRUGS: ClassVar[tuple[str, ...]] = ("drug",)
    COMPARTMENTS: ClassVar[tuple[str, ...]] = ("sensitive", "resistant", "dose")
    UNITS: ClassVar[tuple[str, ...]] = ("fraction of capacity", "fraction of capacity", "full dose")
    EXACT: ClassVar[tuple[str, ...]] = (
        "untreated_capacity",
        "untreated_progression",
        "continuous_progression",
    )
    SOURCES: ClassVar[tuple[Source, ...]] = (
        TABLES,
        Source("10.7554/eLife.76284", "model and archived code", "text read"),
    )
    CAVEATS: ClassVar[tuple[str, ...]] = (
        "Holding treatment back gains time only where sensitive cells crowd out resistant ones.",
        (
            "With the rule that pauses at half of the start the gain vanishes with 10 % resistant "
            "cells at the start, where it never pauses, and far below the capacity."
        ),
        (
            "The evidence in patients is one small trial without random allocation, "
            "criticised in print (doi 10.1038/s41467-020-20174-4); no schedule is shown to be best."
        ),
        (
            "Well mixed, without space, immunity, new mutations or switching; cells that cooperate "
            "at low numbers or switch state can make holding back lose."
        ),
        "Burden alone hardly identifies the numbers: a curve that fits does not prove why.",
        "Courses follow averages, without chance; a compartment below one cell is empty.",
    )

    @property
    def caveats(self) -> tuple[str, ...]:
        """The notice, what the model leaves out, and how the trial's rates are to be read."""
        return super().caveats + ((TIME_SCALE,) if self.capacity_loss else ())

    def untreated_capacity(self) -> float:
        """Burden that sensitive cells alone reach without treatment [fraction of capacity]."""
        return 1.0 - self.turnover

    def untreated_progression(self) -> float:
        """Time to progression without treatment [days] of a tumour without resistant cells.

        Infinite if the burden cannot rise that far. `fR` is not looked at.
        """
        room, goal = 1.0 - self.turnover, self.progression * self.n0
        if self.n0 >= room or goal >= room:
            return np.inf
        odds = goal * (room - self.n0) / (self.n0 * (room - goal))
        return float(np.log(odds) / (self.rS * room))

    def continuous_progression(self) -> float:
        """Time to progression under the full dose without pause [days], by one integral.

        Infinite if the burden never rises that far. Defined without turnover, with equal crowding
        and no loss of capacity, where S follows R along a power law (see `release`).

        Raises
        ------
        DataError
            For other numbers of the model.
        """
        plain = (self.turnover, self.capacity_loss, self.alpha_sr, self.alpha_rs) == (0, 0, 1, 1)
        if not plain:
            raise DataError(
                "continuous_progression needs turnover = 0, capacity_loss = 0 and both alphas 1; "
                "use outcomes() with continuous('drug')"
            )
        start = self.n0 * (1 - self.fR), self.n0 * self.fR
        return days_to_release(start, self.progression * self.n0, self.rS, self.cost, self.dD)

    def followed(self, schedule: Schedule, t_end: float) -> pd.DataFrame:
        """Follow one patient step by step, until progression or the end.

        Parameters
        ----------
        schedule : Schedule
            When the drug is given.
        t_end : float
            End of the run [days].

        Returns
        -------
        pandas.DataFrame
            time_days, sensitive and resistant [fractions of the capacity], dose [full doses, from
            then on], a row per step of a day at most. The last row is progression, if there was
            any; the spreads do not count.
        """
        end, _, _ = self._admit(schedule, t_end, 1, None)
        drawn = {name: np.array([getattr(self, name)]) for name in VARIED}
        limit = self.progression * self.n0
        rows: list[tuple[float, ...]] = []
        for t, (s, r), dose in self._course(drawn, schedule, end):
            rows.append((t, s, r, float(dose)))
            if s + r >= limit:
                rows[-1] = _crossing(rows[-2], rows[-1], limit)
                break
        return pd.DataFrame(rows, columns=["time_days", "sensitive", "resistant", "dose"])

    def _course(
        self, drawn: dict[str, np.ndarray], schedule: Schedule, t_end: float, times: Any = None
    ) -> Any:
        """Yield time, (S, R) and dose of all patients; plain numbers where there is one."""
        is_one = len(drawn["n0"]) == 1
        own_numbers: list[Any] = [drawn[name] for name in VARIED]
        n0, fraction, cost, turnover = (float(x[0]) if is_one else x for x in own_numbers)
        law = self._law(self.rS * (1 - cost), self.rS * turnover)
        cell = 1 / self.capacity_cells
        memory: dict[str, Any] = {}

        def dose_at(t: float, state: State) -> Any:
            (dose,) = self._doses(schedule, t, state[0] + state[1], memory)
            return at_most_full(dose, t)

        def settle(state: State) -> State:
            return tuple(x * (x >= cell) for x in state)

        plan = moments(schedule, t_end, self._fastest(), times)
        return follow(law, (n0 * (1 - fraction), n0 * fraction), plan, dose_at, settle)

    def _law(self, own: Any, death: Any) -> Callable[[Any], Rates]:
        """Return the equations by dose, for growth of R and death of patients [1/day]."""
        is_never_crowded = self._is_never_crowded()

        def rates_at(dose: Any) -> Rates:
            slope, room_left = self.rS * (1 - self.dD * dose), 1 - self.capacity_loss * dose
            crowding, net, net_resistant = slope / room_left, slope - death, own - death

            def rates(state: State) -> State:
                s, r = state
                return (
                    s * (net - crowding * (s + self.alpha_sr * r)),
                    r * (net_resistant - own * (self.alpha_rs * s + r)),
                )

            def guarded(state: State) -> State:
                s, r = state
                room = 1 - (s + self.alpha_sr * r) / room_left
                grown = self.rS * room * (1 - self.dD * dose * (room > 0))
                return s * (grown - death), rates(state)[1]

            return rates if is_never_crowded else guarded

        return rates_at

    def _is_never_crowded(self) -> bool:
        """Whether S always has room, so that a kill that multiplies growth stays a kill."""
        is_within = self.n0 + self.n0_spread <= 1 and self.alpha_sr <= 1 <= self.alpha_rs
        return self.dD == 0 or (is_within and self.capacity_loss == 0)

    def _fastest(self) -> float:
        """Bound the rates of the equations [1/day]."""
        sensitive = max(1.0, abs(1 - self.dD)) * max(1.0, self.alpha_sr) / (1 - self.capacity_loss)
        return self.rS * (max(sensitive, self.alpha_rs) + 1)

    def _simulate(
        self, schedule: Schedule, times: np.ndarray, patients: int, generator: np.random.Generator
    ) -> np.ndarray:
        """Keep the states at the given times."""
        values = np.empty((patients, len(times), 3))
        places = {float(time): place for place, time in enumerate(times)}
        end = max(float(times[-1]), 1e-9)
        for t, (s, r), dose in self._course(self._drawn(patients, generator), schedule, end, times):
            if t in places:
                place = places[t]
                values[:, place, 0], values[:, place, 1], values[:, place, 2] = s, r, dose
        return values

    def _outcomes(
        self, schedule: Schedule, t_end: float, patients: int, generator: np.random.Generator
    ) -> Mapping[str, np.ndarray]:
        """Find when each burden passes its limit, and how long the drug was given until then."""
        drawn = self._drawn(patients, generator)
        seen = Progression(self.progression * drawn["n0"], drawn["n0"])
        treated, last, given = np.zeros(patients), 0.0, 0.0
        for t, (s, r), dose in self._course(drawn, schedule, t_end):
            treated += seen.is_open * given * (t - last)
            if t > 0:
                seen.look(t, s + r)
            last, given = t, dose
        full = {"failed": ~seen.is_open, "ttp_days": seen.days, "full_dose_days": treated}
        return full | {"resistant_at_end": r + np.zeros(patients)} | drawn


def _crossing(
    before: tuple[float, ...], after: tuple[float, ...], limit: float
) -> tuple[float, ...]:
    """Return the row between two at which the burden is a limit, taken to change evenly."""
    sizes = before[1] + before[2], after[1] + after[2]
    part = (limit - sizes[0]) / (sizes[1] - sizes[0])
    return tuple(a + (b - a) * part for a, b in zip(before[:3], after[:3], strict=True)) + after[3:]
