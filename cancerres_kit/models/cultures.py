"""Cultures of a fluctuation experiment on their way to the plate.

One decision: a culture is followed by its size, not by the clock, so that what is on the plate
follows the law of `Fluctuation` whatever times are looked at before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cancerres_kit.models.branching import FloatArray
from cancerres_kit.models.lineages import Generator, bounded
from cancerres_kit.models.parameters import MOST_CELLS

if TYPE_CHECKING:
    from cancerres_kit.models.fluctuation import Fluctuation


def grown(model: Fluctuation, times: FloatArray, cultures: int, rng: Generator) -> FloatArray:
    """Draw the cells of cultures over time.

    Parameters
    ----------
    model : Fluctuation
        The experiment.
    times : ndarray of float
        When to look, ascending; the last is that of plating [days].
    cultures : int
        How many.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    ndarray of float, cultures x times x 2
        Sensitive and resistant cells; none before a culture is founded, by its inoculum or by one
        cell.
    """
    sizes = np.exp(model.growth * (times - times[-1]))
    founded = max(model.inoculum, 1 / model.cells) * (1 - 1e-12)
    values = np.zeros((cultures, len(times), 2))
    resistant, before = np.zeros(cultures, dtype=np.int64), model.inoculum
    for at in np.flatnonzero(sizes >= founded):
        now = max(sizes[at], model.inoculum)
        lasting = max((before / now) ** model.fitness, 1 / MOST_CELLS)
        resistant = resistant + bounded(rng, resistant, np.array(lasting))
        share = (now - before) / (1 - model.inoculum)
        events = rng.poisson(model.events * share, cultures)
        born = before + (now - before) * rng.random(int(events.sum()))
        clones = rng.geometric(np.maximum((born / now) ** model.fitness, 1 / MOST_CELLS))
        owner = np.repeat(np.arange(cultures), events.astype(np.intp))
        resistant += np.bincount(owner, clones, minlength=cultures).astype(np.int64)
        values[:, at, 0], values[:, at, 1] = model.cells * now, resistant
        before = now
    return values
