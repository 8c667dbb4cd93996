"""Three types of prostate cancer cells that compete, with PSA: the model of the first trial.

One decision: cells are followed by their logarithm, so no step can make a number negative and the
collapse of a type that lost its host needs no small steps. Every published number here comes from
a secondary source and says so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar

import numpy as np

from cancerres_kit.models.base import Model
from cancerres_kit.models.flows import Progression, Rates, State, at_most_full, follow, moments
from cancerres_kit.models.parameters import MOST_CELLS, Source, parameter, refusal
from cancerres_kit.models.schedules import Schedule

ZHANG = "10.1038/s41467-017-01968-5"
TABLES = Source(ZHANG, "as tabulated in a public re-implementation", "secondary")
CHOSEN = Source("", "a start with few resistant cells", "own value")
EDGE = 1e-9  # of the capacity: rounding in the test whether an absent type could invade


def _crowding(value: float, on: str, by: str) -> Any:
    """Declare a competition coefficient; the defaults are matrix 7 of the published 22."""
    label = f"Crowding of {on} by {by}"
    return parameter(value, unit="", low=0.0, high=10.0, source=TABLES, label=label)


def _rate(value: float, kind: str) -> Any:
    """Declare a growth rate."""
    label = f"Growth rate of {kind}"
    return parameter(value, unit="1/day", low=0.0, high=10.0, source=TABLES, label=label)


def _cells(value: float, label: str, source: Source) -> Any:
    """Declare a number of cells in the unit of the capacity."""
    return parameter(value, unit="model units", low=0.0, high=1e12, source=source, label=label)


@dataclass(frozen=True)
class ThreeTypes(Model):
    """Cells that need testosterone (T+), make it (TP) or do without (T-), and PSA.

    Each type i grows as ``x_i' = r_i x_i (1 - (sum over j of a_ij x_j) / K_i)``. T+ lives on TP:
    its capacity is ``chi`` times TP, ``chi_on`` times TP under abiraterone. The capacity of TP is
    ``K``, ``K_on`` under abiraterone; that of T- is always ``K``. PSA follows the burden,
    ``PSA' = sum of x - sigma PSA``; schedules and progression look at PSA. A dose between 0 and 1
    moves both capacities in proportion. Sizes are in model units; a unit is
    ``capacity_cells / K`` cells, and a type below one cell is extinct and stays so.

    Notes
    -----
    Source of the equations: doi 10.1038/s41467-017-01968-5; numbers read in a secondary source.
    """

    NAME: ClassVar[str] = "competition"
    TITLE: ClassVar[str] = "Three competing types of prostate cancer cells and PSA"
    DRUGS: ClassVar[tuple[str, ...]] = ("abiraterone",)
    COMPARTMENTS: ClassVar[tuple[str, ...]] = ("T+", "TP", "T-", "PSA", "dose")
    UNITS: ClassVar[tuple[str, ...]] = (*("model units",) * 4, "full dose")
    EXACT: ClassVar[tuple[str, ...]] = ("untreated_psa",)
    SOURCES: ClassVar[tuple[Source, ...]] = (TABLES,)
    CAVEATS: ClassVar[tuple[str, ...]] = (
        "Numbers of this model were read in a secondary source, not in the paper.",
        "The competition coefficients are guesses of order, not measurements.",
        "Growth rates are scaled by 0.01 from doubling times in culture.",
        "Courses follow averages, without chance; patients of one run are alike.",
    )

    a12: float = _crowding(0.7, "T+", "TP")
    a13: float = _crowding(0.8, "T+", "T-")
    a21: float = _crowding(0.4, "TP", "T+")
    a23: float = _crowding(0.5, "TP", "T-")
    a31: float = _crowding(0.6, "T-", "T+")
    a32: float = _crowding(0.9, "T-", "TP")
    r1: float = _rate(0.0027726, "T+")
    r2: float = _rate(0.0034657, "TP")
    r3: float = _rate(0.0066542, "T-")
    chi: float = parameter(
        1.5, unit="", low=0.0, high=100.0, source=TABLES, label="T+ that a TP cell carries"
    )
    chi_on: float = parameter(
        0.5, unit="", low=0.0, high=100.0, source=TABLES, label="T+ that a TP cell carries on drug"
    )
    K: float = parameter(
        1e4,
        unit="model units",
        low=0.0,
        high=1e12,
        open_low=True,
        source=TABLES,
        label="Capacity of TP and of T-",
    )
    K_on: float = parameter(
        100.0,
        unit="model units",
        low=0.0,
        high=1e12,
        open_low=True,
        source=TABLES,
        label="Capacity of TP on drug",
    )
    sigma: float = parameter(
        0.5, unit="1/day", low=0.0, high=10.0, open_low=True, source=TABLES, label="Loss of PSA"
    )
    t_plus: float = _cells(2000.0, "T+ cells at the start", CHOSEN)
    t_producing: float = _cells(3000.0, "TP cells at the start", CHOSEN)
    t_minus: float = _cells(10.0, "T- cells at the start", CHOSEN)
    progression: float = parameter(
        1.2,
        unit="times PSA at the start",
        low=1.0,
        high=1000.0,
        open_low=True,
        source=CHOSEN,
        label="PSA that counts as progression",
    )
    capacity_cells: float = parameter(
        1e9,
        unit="cells",
        low=1.0,
        high=MOST_CELLS,
        scale="log",
        source=Source("", "about a gram of tumour; sets only what one cell is", "own value"),
        label="Cells at the capacity K",
    )

    def _check(self) -> None:
        """Refuse a tumour without a cell."""
        if not self.t_plus + self.t_producing + self.t_minus > 0:
            raise refusal(
                "t_plus + t_producing + t_minus",
                0.0,
                unit="model units",
                allowed="above 0",
                remedy="start with some cells",
            )

    def untreated_equilibrium(self) -> dict[str, float]:
        """Find the state without drug that no absent type can invade.

        Returns
        -------
        dict of str to float
            T+, TP, T- and PSA [model units]. Of several such states the one with most types, then
            with the largest burden.
        """
        found = [
            x
            for size in (3, 2, 1)
            for kept in combinations(range(3), size)
            if (x := self._settled(kept)) is not None
        ]
        # a bounded Lotka-Volterra system always has such a state
        x = max(found, key=lambda each: (np.count_nonzero(each), each.sum()))
        cells = zip(("T+", "TP", "T-"), x, strict=True)
        return {name: float(size) for name, size in cells} | {"PSA": float(x.sum()) / self.sigma}

    def untreated_psa(self) -> float:
        """PSA at the untreated equilibrium [model units]."""
        return self.untreated_equilibrium()["PSA"]

    def _loads(self) -> np.ndarray:
        """Return the matrix of competition with the host of T+ moved to its side."""
        own = np.array([[1, self.a12, self.a13], [self.a21, 1, self.a23], [self.a31, self.a32, 1]])
        own[0, 1] -= self.chi
        return own

    def _settled(self, kept: tuple[int, ...]) -> np.ndarray | None:
        """Solve for an equilibrium of some types; none if it is negative or can be invaded."""
        loads, room = self._loads(), np.array([0.0, self.K, self.K])
        x = np.zeros(3)
        try:
            x[list(kept)] = np.linalg.solve(loads[np.ix_(kept, kept)], room[list(kept)])
        except np.linalg.LinAlgError:
            return None
        absent = [each for each in range(3) if each not in kept]
        spare = (room - loads @ x)[absent]
        return x if (x[list(kept)] > 0).all() and (spare <= EDGE * self.K).all() else None

    def _rates_at(self, dose: Any) -> Rates:
        """Return the change of the logarithms of the three types, and of PSA [per day]."""
        host = self.chi + (self.chi_on - self.chi) * dose
        room = self.K + (self.K_on - self.K) * dose
        least = EDGE * self.K / self.capacity_cells

        def rates(state: State) -> State:
            (t, p, m), psa = (math.exp(y) for y in state[:3]), state[3]
            return (
                self.r1 * (1 - (t + self.a12 * p + self.a13 * m) / (host * p + least)),
                self.r2 * (1 - (self.a21 * t + p + self.a23 * m) / room),
                self.r3 * (1 - (self.a31 * t + self.a32 * p + m) / self.K),
                t + p + m - self.sigma * psa,
            )

        return rates

    def _course(self, schedule: Schedule, t_end: float, times: np.ndarray | None = None) -> Any:
        """Yield time, (T+, TP, T-, PSA) and dose; PSA starts in balance with the burden."""
        start = (self.t_plus, self.t_producing, self.t_minus)
        gone = math.log(self.K / self.capacity_cells)
        memory: dict[str, Any] = {}
        logs = [math.log(x) if x > 0 else -math.inf for x in start]

        def dose_at(t: float, state: State) -> float:
            return float(at_most_full(self._doses(schedule, t, float(state[3]), memory)[0], t))

        def settle(state: State) -> State:
            return (*(y if y >= gone else -math.inf for y in state[:3]), state[3])

        plan = moments(schedule, t_end, max(self.r1, self.r2, self.r3, self.sigma), times)
        state = (*logs, sum(start) / self.sigma)
        for t, (*y, psa), dose in follow(self._rates_at, state, plan, dose_at, settle):
            yield t, (*(math.exp(x) for x in y), psa), dose

    def _simulate(
        self,
        schedule: Schedule,
        times: np.ndarray,
        patients: int,
        generator: np.random.Generator,  # noqa: ARG002 - no chance in this model
    ) -> np.ndarray:
        """Keep the states at the given times."""
        kept = set(times.tolist())
        end = max(float(times[-1]), 1e-9)
        rows = [(*x, dose) for t, x, dose in self._course(schedule, end, times) if t in kept]
        return np.broadcast_to(np.array(rows[: len(times)]), (patients, len(times), 5)).copy()

    def _outcomes(
        self,
        schedule: Schedule,
        t_end: float,
        patients: int,
        generator: np.random.Generator,  # noqa: ARG002 - no chance in this model
    ) -> Mapping[str, np.ndarray]:
        """Find when PSA passes its limit, and how long the drug was given until then."""
        course = self._course(schedule, t_end)
        last, state, given = next(course)
        seen, treated = Progression(self.progression * state[3], state[3]), 0.0
        for t, state, dose in course:
            treated += float(seen.is_open[0]) * given * (t - last)
            seen.look(t, state[3])
            last, given = t, dose
        row: dict[str, Any] = {
            "failed": ~seen.is_open,
            "ttp_days": seen.days,
            "full_dose_days": [treated],
        }
        row |= {"t_minus_at_end": [state[2]], "psa_at_end": [state[3]]}
        return {name: np.repeat(value, patients) for name, value in row.items()}
