"""What migration changes: exact curves over its rate, and virtual tumours beside them.

One decision: a virtual tumour is judged only where its fate is decided within the time allowed.
Near the threshold families neither grow nor shrink for years, so there is no mark rather than a
wrong one.

A tumour counts as escaped if cells are alive after four times the time in which the sensitive ones
change e-fold. Where the sensitive ones shrink, only resistant cells count, and 250 days are added,
in which most of those die out that will. For the chance of one cell, tumours of so many cells are
followed that about half of them escape, and the share is turned back into the chance of one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cancerres_kit.models.checks import positive, whole
from cancerres_kit.models.sanctuary_numbers import MOST_AT_START
from cancerres_kit.models.schedules import Schedule
from cancerres_kit.schema.problems import unknown

if TYPE_CHECKING:
    from cancerres_kit.models.sanctuary import Sanctuary
from cancerres_kit.models.shares import interval

RATES = tuple(float(f"{rate:.6g}") for rate in np.geomspace(1e-4, 1, 81))
QUANTITIES = ("growth_rate", "escape", "tumour_escape", "origin")
EDGE = (0.96, 0.99, 0.999, 1.001, 1.01, 1.04)  # of the threshold
MOST_RUNS = 10_000
FOLDS = 4.0  # e-fold changes after which a fate counts as decided
LATEST_DAYS = 250.0  # for the fate of the resistant cells that arise last
SETTLED, MEASURED = 100.0, 300.0  # days between which growth is read off
MANY = 1e8  # cells, of which the mean shows
Mark = tuple[float, float, float]


@dataclass(frozen=True)
class Sample:
    """How many virtual tumours are followed, and for how long.

    Parameters
    ----------
    runs : int
        Virtual tumours.
    seed : int
        Makes them repeatable.
    most_days : float
        Longest run [days].

    Raises
    ------
    DataError
        For numbers that have no meaning.
    """

    runs: int
    seed: int
    most_days: float

    def __post_init__(self) -> None:
        """Refuse numbers that have no meaning."""
        whole("runs", self.runs, high=MOST_RUNS)
        whole("seed", self.seed, low=0, high=2**128 - 1)
        positive("most_days", self.most_days)


def curves(
    model: Sanctuary,
    quantity: str,
    *,
    rates: Sequence[float],
    variants: Mapping[str, Mapping[str, Any]],
    simulated: Sequence[float],
    sample: Sample,
    conditions: Mapping[str, Any],
) -> pd.DataFrame:
    """Compute exact lines and simulated marks; `Sanctuary.by_migration` documents it.

    Parameters
    ----------
    model : Sanctuary
        Gives all numbers that a variant does not change.
    quantity : str
        Name in `QUANTITIES`.
    rates, simulated : sequence of float
        Rates of migration [1/day].
    variants : mapping of str to mapping
        Changes by the name of a line.
    sample : Sample
        How many virtual tumours.
    conditions : mapping
        What the exact method is asked with.

    Returns
    -------
    pandas.DataFrame
        Columns x, y, series, kind, low, high.

    Raises
    ------
    DataError
        For a quantity that does not exist.
    """
    if quantity not in QUANTITIES:
        raise unknown(quantity, QUANTITIES, what="quantity over migration")
    rows: list[tuple[float, float, str, str, float, float]] = []
    for series, changed in variants.items():
        numbers = {name: value for name, value in changed.items() if name in model.parameters}
        asked = {**conditions, **{name: changed[name] for name in changed if name not in numbers}}
        varied = model.with_(**numbers)
        for rate in _with_edge(rates, varied, asked):
            exact = varied.with_(migration=rate).exact(quantity, **asked)
            rows.append((float(rate), exact, series, "exact", math.nan, math.nan))
        for number, rate in enumerate(simulated):
            found = _mark(varied.with_(migration=rate), quantity, sample, number, asked)
            if found is not None:
                rows.append((float(rate), found[0], series, "simulated", found[1], found[2]))
    return pd.DataFrame(rows, columns=["x", "y", "series", "kind", "low", "high"])


def _with_edge(
    rates: Sequence[float], model: Sanctuary, asked: Mapping[str, Any]
) -> Sequence[float]:
    """Rates with some just below and above the threshold, so that a line falls where it should."""
    doses = {name: value for name, value in asked.items() if name in model.DRUGS}
    edge = model.threshold(**doses)
    if not len(rates) or not min(rates) < edge < max(rates):
        return rates
    return sorted({*rates, *(float(f"{edge * near:.6g}") for near in EDGE)})


def _mark(
    model: Sanctuary, quantity: str, sample: Sample, number: int, asked: Mapping[str, Any]
) -> Mark | None:
    """Ask virtual tumours, each rate with a seed of its own; None where they cannot tell."""
    seed = np.random.SeedSequence(sample.seed, spawn_key=(number,))
    model.exact(quantity, **asked)
    if quantity == "growth_rate":
        return _growth(model, seed, asked)
    if quantity == "origin":
        return _origin(model, sample, seed, asked)
    return _escape(model, quantity, sample, seed, dict(asked))


def _growth(
    model: Sanctuary, seed: np.random.SeedSequence, asked: Mapping[str, Any]
) -> Mark | None:
    """Growth of one large tumour, begun in its better place, once the two have settled."""
    better = model.place_growth("sanctuary", **asked) >= model.place_growth("drugged", **asked)
    found = model.with_(cells=MANY, mutation=0.0, sheltered=float(better)).simulate(
        _constant(MEASURED, **asked), MEASURED, seed=seed, times=[SETTLED, MEASURED]
    )
    before, after = found.groupby("time_days")["value"].sum()
    if not before or not after:
        return None
    return math.log(after / before) / (MEASURED - SETTLED), math.nan, math.nan


def _origin(
    model: Sanctuary, sample: Sample, seed: np.random.SeedSequence, asked: Mapping[str, Any]
) -> Mark | None:
    """Share of the tumours with a resistant cell in which the first was seen in the sanctuary."""
    doses = {name: value for name, value in asked.items() if name != "days"}
    days = float(asked.get("days", 1000.0))
    if days > sample.most_days:
        return None
    outcomes = model.outcomes(_constant(days, **doses), days, patients=sample.runs, seed=seed)
    places = outcomes["resistance_first_in"]
    n = int(places.ne("nowhere").sum())
    return interval(int(places.eq("sanctuary").sum()), n) if n else None


def _escape(
    model: Sanctuary,
    quantity: str,
    sample: Sample,
    seed: np.random.SeedSequence,
    asked: dict[str, Any],
) -> Mark | None:
    """Share of tumours that escape, as it is or turned into the chance of one cell."""
    cells = 1.0
    if quantity == "escape":
        chance = model.exact(quantity, **asked)
        place, is_resistant = asked.pop("compartment", "sanctuary"), asked.pop("resistant", False)
        if is_resistant or not math.log(2) / MOST_AT_START < chance < 1:
            return None
        cells = max(1.0, round(-math.log(2) / math.log1p(-chance)))
        model = model.with_(cells=cells, sheltered=float(place == "sanctuary"))
    growth = model.growth_rate(**asked)
    days = FOLDS / abs(growth) + LATEST_DAYS * (growth < 0) if growth else math.inf
    if days > sample.most_days:
        return None
    outcomes = model.outcomes(_constant(days, **asked), days, patients=sample.runs, seed=seed)
    alive = outcomes["cells_at_end" if growth > 0 else "resistant_cells"].gt(0)
    share, low, high = (
        -math.expm1(math.log1p(-min(part, 1 - 1e-15)) / cells)
        for part in interval(int(alive.sum()), sample.runs)
    )
    return share, low, high


def _constant(days: float, *, drug: float = 1.0, local: float = 0.0) -> Schedule:
    """Both drugs all the time, each at its dose."""
    return Schedule(((0.0, days, {"drug": drug, "local": local}),))
