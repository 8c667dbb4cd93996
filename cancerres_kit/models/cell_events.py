"""Tumours of two types of cells followed one event at a time, many tumours side by side.

One decision: it knows nothing of the equations for chances, so it can contradict them. It is for a
few thousand cells; more of them only cost time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cancerres_kit.models.extinction import Events

ROOM = 10  # times its start to which a tumour is followed; then it counts as there for good
GAINS = np.array([[1, 0], [-1, 0], [-1, 1], [0, 1], [0, -1], [1, -1]])


def last_days(
    pieces: Sequence[tuple[float, Events]],
    start: Sequence[int] | np.ndarray,
    tumours: int,
    generator: np.random.Generator,
) -> np.ndarray:
    """Find the day on which each tumour loses its last cell.

    Waiting times are exponential and each event is drawn by its rate (Gillespie's direct method,
    textbook theory). A tumour of ten times its cells at the start is not followed any further.

    Parameters
    ----------
    pieces : sequence of (float, Events)
        Lengths [days] with constant rates, in order of time.
    start : sequence of int
        Cells of each type at the start.
    tumours : int
        How many.
    generator : numpy.random.Generator
        Chance.

    Returns
    -------
    ndarray of float, one per tumour
        Day [days]; infinite where cells are left at the end.
    """
    cells = np.tile(np.asarray(start, dtype=np.int64), (tumours, 1))
    days = np.where(cells.sum(axis=1) > 0, np.inf, 0.0)
    most = ROOM * max(int(cells[0].sum()), 1)
    begin = 0.0
    for length, events in pieces:
        _follow(cells, days, (begin, begin + length), events, most, generator)
        begin += length
    return days


def _follow(
    cells: np.ndarray,
    days: np.ndarray,
    span: tuple[float, float],
    events: Events,
    most: int,
    generator: np.random.Generator,
) -> None:
    """Take all tumours through one piece of time; changes `cells` and `days` in place."""
    rates = np.array([*zip(events.divide, events.die, events.turn, strict=True)]).ravel()
    active = np.flatnonzero(np.isinf(days) & (cells.sum(axis=1) < most))
    clock = np.full(len(active), span[0])
    while len(active):
        ladder = (np.repeat(cells[active], 3, axis=1) * rates).cumsum(axis=1)
        with np.errstate(divide="ignore"):
            clock = clock + generator.exponential(size=len(active)) / ladder[:, -1]
        within = clock < span[1]
        active, clock, ladder = active[within], clock[within], ladder[within]
        chosen = (generator.random((len(active), 1)) * ladder[:, -1:] >= ladder).sum(axis=1)
        cells[active] += GAINS[chosen]
        size = cells[active].sum(axis=1)
        days[active[size == 0]] = clock[size == 0]
        stays = (size > 0) & (size < most)
        active, clock = active[stays], clock[stays]
