"""Tumours drawn at random, exactly: only the lineages that matter are ever drawn.

One decision: a lineage is cut at its first mutation. Up to it, ages and sizes have closed forms
(`branching.Lineage`); what comes after is drawn by the same step again. Lineages that died out
without a mutation leave no trace and are not drawn at all, which is why a tumour of a billion
cells takes microseconds.

A group with more than 512 first mutations at once has their times rounded to 16 equally likely
classes (fewer where there are millions of mutations at once); everything else is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from cancerres_kit.models.branching import Chain, FloatArray, IntArray, Lineage
from cancerres_kit.models.growth import Growth
from cancerres_kit.models.parameters import MOST_CELLS

Generator = np.random.Generator

INDIVIDUAL, CLASSES = 512, 16
MOST_ROWS = 500_000  # mutations of all tumours at once, above which groups are coarser
MOST_FOLLOWED = 2 * MOST_CELLS  # so that the largest tumour at the start can be seen to progress
OLD = 0.01  # sensitive cells at a founding, relative to the end, below which each lineage is tested
CELLS_OF_GRID = 256


class Cells(NamedTuple):
    """Groups of cells: in which tumour, age of their clone at the end, and time left till then."""

    tumour: IntArray
    age: FloatArray
    left: FloatArray
    cells: IntArray

    def taken(self, rows: Any) -> Cells:
        """Return some of the groups."""
        return Cells(*(column[rows] for column in self))


class Clones(NamedTuple):
    """Clones of one type that are alive: tumour, age [days] and cells of each."""

    tumour: IntArray
    age: FloatArray
    cells: IntArray


def clones(growth: Growth, tumours: int, rng: Generator) -> dict[int, list[Clones]]:
    """Draw all clones of mutants that are alive when treatment starts.

    Parameters
    ----------
    growth : Growth
        How the tumours grew.
    tumours : int
        How many.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    dict of int to list of Clones
        By type; a clone of cells that mutated on may be listed in parts of the same age.
    """
    found: dict[int, list[Clones]] = {kind: [] for kind in range(1, len(growth.chain))}
    started = {}
    for kind, rate in growth.chain.flow(0).items():
        line = growth.chain.lineages[kind]
        found[kind].append(_unmutated(growth, line, rate, tumours, rng))
        if line.mark:
            started[kind] = _mutated(growth, line, rate, tumours, rng)
    for kind, groups in descended(growth.chain, started, rng).items():
        found[kind].append(Clones(groups.tumour, groups.age, groups.cells))
    return found


def _unmutated(growth: Growth, line: Lineage, rate: float, tumours: int, rng: Generator) -> Clones:
    """Draw the living lineages in which nobody has mutated further."""
    numbers = rng.poisson(growth.expected(rate), tumours).astype(np.intp)
    ages = growth.proposed(int(numbers.sum()), rng)
    tumour = np.repeat(np.arange(tumours), numbers)
    limit = -np.log(OLD) / growth.rate
    doubt = 1 - float(growth.accepted(np.array(min(limit, growth.days)), line))
    tested = np.flatnonzero((rng.random(len(ages)) < doubt) | (ages > limit))
    if len(tested):
        refused = 1 - growth.accepted(ages[tested], line)
        old = ages[tested] > limit
        kept = np.ones(len(ages), dtype=bool)
        kept[tested] = rng.random(len(tested)) * np.where(old, 1.0, doubt) >= refused
        ages, tumour = ages[kept], tumour[kept]
    return Clones(tumour, ages, rng.geometric(line.stop(ages)))


def _mutated(growth: Growth, line: Lineage, rate: float, tumours: int, rng: Generator) -> Cells:
    """Draw the founders whose lineages have mutated further, alive or not.

    Ages are proposed evenly within the cells of a grid, as often as the densest point of each.
    """
    edges = np.linspace(0.0, growth.days, CELLS_OF_GRID + 1)
    bound = np.exp(-growth.rate * edges[:-1]) * line.marked(edges[1:])
    width = growth.days / CELLS_OF_GRID
    numbers = rng.poisson(rate * growth.burden * bound * width * tumours).astype(np.intp)
    cell = np.repeat(np.arange(CELLS_OF_GRID), numbers)
    age = edges[cell] + width * rng.random(len(cell))
    density = np.exp(-growth.rate * age) * line.marked(age)
    age = age[rng.random(len(cell)) * bound[cell] < density]
    tumour = rng.integers(tumours, size=len(age)).astype(np.intp)
    return Cells(tumour, age, age, np.ones(len(age), dtype=np.int64))


def descended(chain: Chain, marked: dict[int, Cells], rng: Generator) -> dict[int, Cells]:
    """Draw what becomes of lineages that are known to mutate within the time they have left.

    Parameters
    ----------
    chain : Chain
        Rates.
    marked : dict of int to Cells
        Founders by type.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    dict of int to Cells
        Living cells at the end, by type.
    """
    waiting: dict[int, list[Cells]] = {kind: [] for kind in range(len(chain))}
    ended = {}
    for kind in range(len(chain)):
        line, flow, ends = chain.lineages[kind], chain.flow(kind), []
        queue = waiting[kind]
        if kind in marked:
            queue.append(_at_mark(line, marked[kind], rng, waiting, flow))
        while queue:
            hits, alive = lived(line, joined(queue), rng)
            ends.append(alive)
            queue = [_at_mark(line, hits, rng, waiting, flow)] if len(hits.cells) else []
        if ends:
            ended[kind] = joined(ends)
    return ended


def _at_mark(
    line: Lineage,
    hits: Cells,
    rng: Generator,
    waiting: dict[int, list[Cells]],
    flow: dict[int, float],
) -> Cells:
    """Bring lineages to their first mutation; daughters wait, the others are returned."""
    at, cells = first_marks(line, hits, rng)
    for kind, number in shares(at.cells, flow, rng):
        born = number > 0
        daughters = at.taken(born)
        waiting[kind].append(daughters._replace(age=daughters.left, cells=number[born]))
    return at._replace(cells=cells)


def first_marks(line: Lineage, hits: Cells, rng: Generator) -> tuple[Cells, IntArray]:
    """Draw when lineages have their first mutation, and how many cells they then have.

    A lineage of n cells mutates n times as fast, so n is geometric weighted by n.

    Returns
    -------
    Cells
        One row per mutation (or class of times): time left, and number of lineages.
    ndarray of int
        Cells of these lineages after the mutation, without the mutated daughter.
    """
    most = INDIVIDUAL if hits.cells.sum() < MOST_ROWS else 1 + MOST_ROWS // (1 + len(hits.cells))
    classes = np.where(hits.cells > most, min(CLASSES, most), hits.cells).astype(np.intp)
    row = np.repeat(np.arange(len(classes)), classes)
    rank = np.arange(len(row)) - np.repeat(np.cumsum(classes) - classes, classes)
    count = hits.cells[row] // classes[row] + (rank < hits.cells[row] % classes[row])
    share = rng.random(len(row))
    is_class = classes[row] < hits.cells[row]
    share[is_class] = (rank[is_class] + 0.5) / min(CLASSES, most)
    times = line.first_mark(hits.left[row], share)
    cells = count + bounded(rng, 2 * count, line.stop(times))
    at = hits.taken(row)
    return at._replace(left=at.left - times, cells=count), cells


def shares(
    count: IntArray, flow: dict[int, float], rng: Generator
) -> Iterator[tuple[int, IntArray]]:
    """Draw which types the mutated daughters are."""
    left, rates = count, sum(flow.values())
    for kind, rate in flow.items():
        number = rng.binomial(left, min(1.0, rate / rates) if rates > 0 else 1.0)
        left, rates = left - number, rates - rate
        yield kind, number


def lived(line: Lineage, groups: Cells, rng: Generator) -> tuple[Cells, Cells]:
    """Draw what groups of cells become in the time they have left.

    Parameters
    ----------
    line : Lineage
        Rates of their type.
    groups : Cells
        The cells.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Cells
        Those that found lineages with a mutation in that time.
    Cells
        Living descendants of all others.
    """
    chance = line.marked(groups.left)
    again = rng.binomial(groups.cells, np.clip(chance, 0, 1))
    with np.errstate(invalid="ignore"):
        lasting = np.nan_to_num(line.alive(groups.left) / (1 - chance))
    founders = rng.binomial(groups.cells - again, np.clip(lasting, 0, 1))
    living = founders + bounded(rng, founders, line.stop(groups.left))
    return (
        groups._replace(cells=again).taken(again > 0),
        groups._replace(cells=living).taken(living > 0),
    )


def bounded(rng: Generator, successes: IntArray, chance: FloatArray) -> IntArray:
    """Draw negative binomial numbers, each held at the largest number that is followed.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    successes : ndarray of int
        Successes to wait for; none gives no failure.
    chance : ndarray of float
        Chance of success.

    Returns
    -------
    ndarray of int
        Failures before them.
    """
    failures = np.zeros(successes.shape, dtype=np.int64)
    some = np.flatnonzero(successes)
    chances = np.broadcast_to(chance, successes.shape)[some]
    means = rng.standard_gamma(successes[some]) * (1 - chances) / chances
    failures[some] = rng.poisson(np.minimum(means, MOST_FOLLOWED))
    return failures


def joined(parts: list[Cells]) -> Cells:
    """Put groups of cells together."""
    if len(parts) == 1:
        return parts[0]
    return Cells(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
