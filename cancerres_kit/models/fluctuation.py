"""Fluctuation experiments: how many resistant cells parallel cultures have before any drug.

One decision: a clone of mutants is described by the chance to see 0, 1, 2, ... of its cells on the
plate; relative fitness and incomplete plating change that law only, and everything else follows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from scipy.integrate import quad
from scipy.special import beta, betainc

from cancerres_kit.models import cultures
from cancerres_kit.models.base import MOST_PATIENTS, Model
from cancerres_kit.models.branching import FloatArray, IntArray
from cancerres_kit.models.checks import generator_of, kept_times, positive, whole
from cancerres_kit.models.likelihood import MOST_COUNTED, counted, counts_law, fitted, thinned_law
from cancerres_kit.models.parameters import MOST_CELLS, Source, parameter, refusal
from cancerres_kit.models.schedules import Schedule

ZHENG = "10.1534/g3.117.300120"
_TEXT = Source(ZHENG, "Methods and the manual of the program", "text read")


@dataclass(frozen=True)
class Fluctuation(Model):
    """Luria-Delbrueck distribution: mutants arise by chance while a culture grows.

    Mutations occur in proportion to the cells there are, on average `events` in a culture; each
    founds a clone that grows at `fitness` times the rate of the others; each mutant is seen on
    the plate with chance `plating`. A culture that starts with many cells (`inoculum`; the
    literature writes phi for the rest, 1 - inoculum) lacks the oldest clones. A "patient" of the
    common methods is a culture; it has
    failed if a mutant is seen, and nothing progresses. No drug is given before plating, so the
    schedule is ``none()``.
    """

    NAME: ClassVar[str] = "fluctuation"
    TITLE: ClassVar[str] = "Mutations arise before treatment"
    CAVEATS: ClassVar[tuple[str, ...]] = (
        "Cells grow without dying and at constant rates; mutation is irreversible.",
        "All cultures have the same size; differences in size widen the distribution.",
        "The distribution has no finite mean: a few cultures with an early mutation dominate it.",
    )
    SOURCES: ClassVar[tuple[Source, ...]] = (_TEXT,)
    COMPARTMENTS: ClassVar[tuple[str, ...]] = ("sensitive", "resistant")
    UNITS: ClassVar[tuple[str, ...]] = ("cells", "cells")
    EXACT: ClassVar[tuple[str, ...]] = ("probability", "no_mutants", "median")

    # fmt: off
    events: float = parameter(
        10.0, unit="mutations per culture", low=0, high=1e4, scale="log",
        source=Source("", "near the estimate from Demerec's cultures", "own value"),
        label="Expected mutations in a culture",
    )
    fitness: float = parameter(
        1.0, unit="fraction", low=0.05, high=20, scale="log", source=_TEXT,
        label="Growth rate of mutants relative to others",
    )
    plating: float = parameter(
        1.0, unit="fraction", low=0, high=1, source=_TEXT, open_low=True,
        label="Chance that a mutant is seen on the plate",
    )
    inoculum: float = parameter(
        0.0, unit="fraction", low=0, high=0.99, source=_TEXT,
        label="Cells at the start, as a fraction of those at plating",
    )
    cells: float = parameter(
        1e8, unit="cells", low=1, high=MOST_CELLS, scale="log",
        source=Source("", "size of a small culture of bacteria", "own value"),
        label="Cells of a culture when it is plated",
    )
    growth: float = parameter(
        17.0, unit="1/day", low=0, high=100, open_low=True, label="Net growth rate of a culture",
        source=Source("", "about one doubling an hour", "own value"),
    )
    # fmt: on

    @cached_property
    def seen(self) -> float:
        """Chance that a mutation has left a cell on the plate."""

        def chance(size: float) -> float:
            lasting = size**self.fitness
            return float(self.plating / (lasting + self.plating * (1 - lasting)))

        chances = quad(chance, self.inoculum, 1.0, epsabs=0, epsrel=1e-12, limit=200)[0]
        return float(chances / (1 - self.inoculum))

    def clone_law(self, most: int) -> FloatArray:
        """Return the chances that a mutation has left 1, 2, ..., `most` cells on the plate.

        Parameters
        ----------
        most : int
            Largest number.

        Returns
        -------
        ndarray of float
        """
        shape, number = 1 / self.fitness, np.arange(1, most + 1)
        if self.plating == 1:
            largest = 1 - self.inoculum**self.fitness
            law = shape * beta(1 + shape, number) * betainc(number, 1 + shape, largest)
        else:
            law = thinned_law(most, self.fitness, self.plating, self.inoculum)
        return np.asarray(law / (1 - self.inoculum))

    def distribution(self, most: int) -> pd.DataFrame:
        """Tell the chances of 0, 1, ..., `most` mutants on a plate.

        Parameters
        ----------
        most : int
            Largest number of mutants, up to 20,000.

        Returns
        -------
        pandas.DataFrame
            Columns mutants, probability.

        Raises
        ------
        DataError
            For a number out of range.
        """
        largest = whole("most", most, low=0, high=MOST_COUNTED)
        law = counts_law(self.events, self.seen, self.clone_law(largest))
        return pd.DataFrame({"mutants": np.arange(largest + 1), "probability": law})

    def probability(self, *, mutants: int) -> float:
        """Chance of a number of mutants on a plate.

        Parameters
        ----------
        mutants : int
            Number, up to 20,000.

        Returns
        -------
        float
        """
        return float(self.distribution(mutants)["probability"].iloc[-1])

    def no_mutants(self) -> float:
        """Chance that there is no mutant on a plate: ``exp(-events)`` if all are seen."""
        return float(np.exp(-self.events * self.seen))

    def median(self) -> float:
        """Smallest number of mutants that at least half of all plates do not exceed.

        Raises
        ------
        DataError
            If it is above 20,000.
        """
        most = 16
        while most <= MOST_COUNTED:
            reached = np.cumsum(self.distribution(most)["probability"]) >= 0.5
            if reached.any():
                return float(np.argmax(reached))
            most = most * 4 if most < MOST_COUNTED // 4 or most == MOST_COUNTED else MOST_COUNTED
        raise refusal(
            "median",
            f"above {MOST_COUNTED}",
            unit="mutants",
            allowed=f"up to {MOST_COUNTED}",
            remedy="lower events or fitness, or use cultures()",
        )

    def estimate(self, counts: Sequence[int], *, level: float = 0.95) -> pd.DataFrame:
        """Estimate the mutations per culture from mutants on plates, by maximum likelihood.

        Uses `fitness` and `plating` of this model, not its `events`.

        Parameters
        ----------
        counts : sequence of int
            Mutants on the plate of each culture, up to 20,000.
        level : float
            Level of the likelihood-ratio interval, above 0 and below 1.

        Returns
        -------
        pandas.DataFrame
            One row: cultures, events, lower, upper (of the interval), level, and mutation_rate
            (events by the cells that grew) [per cell and division].

        Raises
        ------
        DataError
            Unless counts are whole numbers in range, and the level is one.
        """
        numbers, often = counted(counts)
        if not 0 < level < 1:
            raise refusal(
                "level", level, unit="", allowed="above 0 and below 1", remedy="try level=0.95"
            )
        clones = self.clone_law(int(numbers[-1]))
        best, lower, upper = fitted(numbers, often, self.seen, clones, level)
        return pd.DataFrame(
            {
                "cultures": [int(often.sum())],
                "events": [best],
                "lower": [lower],
                "upper": [upper],
                "level": [level],
                "mutation_rate": [best / (self.cells * (1 - self.inoculum))],
            }
        )

    def cultures(self, *, cultures: int = 30, seed: int | None = None) -> pd.DataFrame:
        """Grow cultures and plate them.

        Parameters
        ----------
        cultures : int
            How many, 1 to 1,000,000.
        seed : int, optional
            Makes the draw repeatable.

        Returns
        -------
        pandas.DataFrame
            Columns culture (from 1), events (mutations), mutants (cells), plated (seen).

        Raises
        ------
        DataError
            For a number or seed that has no meaning.
        """
        count = whole("cultures", cultures, high=MOST_PATIENTS)
        drawn = self._drawn(count, generator_of(seed))
        return pd.DataFrame({"culture": np.arange(1, count + 1), **drawn})

    def simulate(
        self,
        schedule: Schedule,
        t_end: float,
        *,
        patients: int = 1,
        seed: int | np.random.SeedSequence | None = None,
        times: Sequence[float] | None = None,
    ) -> pd.DataFrame:
        """Follow cultures until they are plated at `t_end`; else as for every model.

        A culture is founded on the day on which it has its inoculum, or one cell if that is more,
        and has no cell before. Cells are drawn from one kept time to the next, so that other
        `times` are another draw, of the same law.
        """
        kept = kept_times(times, end := positive("t_end", t_end))
        looked = kept if kept[-1] == end else np.append(kept, end)
        run = super().simulate(schedule, end, patients=patients, seed=seed, times=looked.tolist())
        return run[run["time_days"].isin(kept)].reset_index(drop=True)

    def _drawn(self, cultures: int, rng: np.random.Generator) -> dict[str, IntArray]:
        """Draw mutations, mutants and what is seen of them, by culture."""
        events = rng.poisson(self.events, cultures)
        size = self.inoculum + (1 - self.inoculum) * rng.random(int(events.sum()))
        shrinking = np.maximum(size**self.fitness, 1 / MOST_CELLS)
        owner = np.repeat(np.arange(cultures), events.astype(np.intp))
        sizes = rng.geometric(shrinking)
        mutants = np.bincount(owner, sizes, minlength=cultures).astype(np.int64)
        return {"events": events, "mutants": mutants, "plated": rng.binomial(mutants, self.plating)}

    def _outcomes(
        self, schedule: Schedule, t_end: float, patients: int, generator: np.random.Generator
    ) -> Mapping[str, Any]:
        """Return failed, ttp_days, and what `cultures` tells."""
        del schedule, t_end
        drawn = self._drawn(patients, generator)
        return {"failed": drawn["plated"] > 0, "ttp_days": np.full(patients, np.nan), **drawn}

    def _simulate(
        self, schedule: Schedule, times: FloatArray, patients: int, generator: np.random.Generator
    ) -> FloatArray:
        """Return cells of shape (patients, times, 2); the last time is that of plating."""
        del schedule
        return cultures.grown(self, times, patients, generator)
