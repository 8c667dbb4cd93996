"""Where the nodes of a map with columns go: an order with few crossings, then heights in pixels.

One decision: the layout is computed here and not left to the browser, which would put a mechanism
that no setting leads to into the wrong column and lay labels over each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

SWEEPS = 12
LEAST_SCALE, MOST_SCALE = 2.0, 16.0
"""Height of one claim [px]."""
LEAST_GAP = 6.0
"""Smallest distance between two nodes [px]."""

Node = tuple[str, str]
Arrow = tuple[Node, Node, float]


@dataclass(frozen=True)
class Layout:
    """Places of the nodes of one map.

    Parameters
    ----------
    centre : mapping
        Vertical centre of each node, downwards from the top [px].
    height : float
        Height of the whole map [px].
    scale : float
        Height of one claim [px].
    tall : mapping
        Height of each node [px].
    """

    centre: Mapping[Node, float]
    tall: Mapping[Node, float]
    height: float
    scale: float


def order(columns: Sequence[Sequence[Node]], arrows: Sequence[Arrow]) -> list[list[Node]]:
    """Order the nodes of each column so that heavy arrows cross seldom.

    Each sweep moves every node to the weighted mean place of its neighbours; the best order that
    was seen wins. Ties keep the order given, so the result depends on the input alone.
    """
    current = [list(column) for column in columns]
    best, fewest = current, _crossings(current, arrows)
    for _ in range(SWEEPS):
        for moved in range(len(current)):
            current = [*current[:moved], _towards(moved, current, arrows), *current[moved + 1 :]]
            crossings = _crossings(current, arrows)
            if crossings < fewest:
                best, fewest = current, crossings
    return best


def _ranks(columns: Sequence[Sequence[Node]]) -> dict[Node, float]:
    """Place of each node in its column, from 0 to 1."""
    return {
        node: (place + 0.5) / len(column) for column in columns for place, node in enumerate(column)
    }


def _towards(moved: int, columns: Sequence[Sequence[Node]], arrows: Sequence[Arrow]) -> list[Node]:
    """One column, sorted by the mean place of what its nodes are tied to."""
    ranks = _ranks(columns)
    pulls: dict[Node, list[tuple[float, float]]] = {node: [] for node in columns[moved]}
    for source, target, weight in arrows:
        if source in pulls:
            pulls[source].append((ranks[target], weight))
        if target in pulls:
            pulls[target].append((ranks[source], weight))
    mean = {
        node: sum(rank * weight for rank, weight in pull) / sum(weight for _, weight in pull)
        for node, pull in pulls.items()
    }
    return sorted(columns[moved], key=mean.__getitem__)


def _crossings(columns: Sequence[Sequence[Node]], arrows: Sequence[Arrow]) -> float:
    """Weight of all pairs of arrows that cross between two columns."""
    ranks = _ranks(columns)
    column_of = {node: number for number, column in enumerate(columns) for node in column}
    total = 0.0
    for number in range(len(columns) - 1):
        between = [arrow for arrow in arrows if column_of[arrow[0]] == number]
        left = np.array([ranks[source] for source, _, _ in between])
        right = np.array([ranks[target] for _, target, _ in between])
        weight = np.array([weight for _, _, weight in between])
        crossed = (left[:, None] < left) & (right[:, None] > right)
        total += float((crossed * weight[:, None] * weight).sum())
    return total


def place(
    columns: Sequence[Sequence[Node]],
    values: Mapping[Node, float],
    room: Mapping[Node, float],
    *,
    target: float,
) -> Layout:
    """Give every node a vertical place at which neither nodes nor labels overlap.

    Parameters
    ----------
    columns : sequence of sequence of Node
        Ordered nodes.
    values : mapping
        Claims of a node.
    room : mapping
        Height of a node's label [px].
    target : float
        Height to stay within as long as one claim keeps a visible height [px].
    """

    def height_at(scale: float) -> float:
        return max(sum(_steps(column, values, room, scale)) for column in columns)

    scale = MOST_SCALE
    while scale > LEAST_SCALE and height_at(scale) > target:
        scale -= 0.5
    height = max(height_at(scale), 60.0)
    if all(len(column) == 1 for column in columns):
        # Without two nodes in a column there is no padding to tell Plotly the scale by: it fills.
        scale = height / max(values.values())
    centre: dict[Node, float] = {}
    for column in columns:
        steps = _steps(column, values, room, scale)
        spare = (height - sum(steps)) / len(column)
        reached = 0.0
        for node, step in zip(column, steps, strict=True):
            centre[node] = reached + (step + spare) / 2
            reached += step + spare
    tall = {node: value * scale for node, value in values.items()}
    return Layout(centre, tall, height, scale)


def _steps(
    column: Sequence[Node], values: Mapping[Node, float], room: Mapping[Node, float], scale: float
) -> list[float]:
    """Height that each node of a column takes with its label and its share of the gaps [px]."""
    return [max(values[node] * scale + LEAST_GAP, room[node]) for node in column]


def padding(columns: Sequence[Sequence[Node]], layout: Layout) -> float:
    """Node padding [px] for which Plotly's own layout arrives at the scale of ours.

    Plotly derives the height of a claim from its padding and the fullest of *its* columns; with
    nodes placed by us this is the only way to tell it the height of a claim.
    """
    gaps = [
        (layout.height - sum(layout.tall[node] for node in column)) / (len(column) - 1)
        for column in columns
        if len(column) > 1
    ]
    return max(min(gaps, default=0.0), 0.0)
