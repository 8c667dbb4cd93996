"""What becomes of whole tumours under constant doses, drawn at random, exactly.

One decision: of the many mutants that a large population has, only those are drawn that are alive
at the end of the step or have mutated further; the chance of that is known in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cancerres_kit.models.branching import Chain, IntArray, Lineage
from cancerres_kit.models.lineages import (
    MOST_FOLLOWED,
    Cells,
    Generator,
    bounded,
    descended,
    first_marks,
    joined,
    lived,
    shares,
)

SHORTEST = 0.05  # events per mutant within the last piece of a step
FEW = 1000  # mutations, below which all mutants of a step are drawn


def advanced(chain: Chain, counts: IntArray, days: float, rng: Generator) -> IntArray:
    """Draw the cells of each type after some days.

    Parameters
    ----------
    chain : Chain
        Rates under the doses of these days.
    counts : ndarray of int, tumours x types
        Cells at their beginning.
    days : float
        How long [days].
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    ndarray of int, tumours x types
        Cells at their end, held at 2e15.
    """
    course = _Course(chain, rng, np.zeros_like(counts))
    for kind in range(len(chain)):
        present = np.flatnonzero(counts[:, kind])
        course.age(kind, present, counts[present, kind], days)
    starts = {kind: joined(parts) for kind, parts in course.marked.items()}
    for kind, groups in descended(chain, starts, rng).items():
        np.add.at(course.ended[:, kind], groups.tumour, groups.cells)
    return np.minimum(course.ended, int(MOST_FOLLOWED))


@dataclass
class _Course:
    """One step of all tumours: cells at its end, and mutants that mutate on within it."""

    chain: Chain
    rng: Generator
    ended: IntArray
    marked: dict[int, list[Cells]] = field(default_factory=dict)

    def age(self, kind: int, tumours: IntArray, cells: IntArray, days: float) -> None:
        """Follow the cells of one type to the end of the step."""
        flow = self.chain.flow(kind)
        for start, stop in self._pieces(flow, float(cells.sum()), days):
            if not len(tumours):
                return
            thinning = _Thinning(self.chain, flow, stop)
            left = np.full(len(tumours), start - stop)
            ends = self._piece(thinning, kind, Cells(tumours, left, left, cells))
            held = np.bincount(ends.tumour, ends.cells, minlength=len(self.ended))
            tumours = np.flatnonzero(held)
            cells = np.minimum(held[tumours], MOST_FOLLOWED).astype(np.int64)
        self.ended[tumours, kind] += cells

    def _pieces(
        self, flow: dict[int, float], cells: float, days: float
    ) -> list[tuple[float, float]]:
        """Cut a step, finer towards its end, by the time left at each cut [days]."""
        if cells * sum(flow.values()) * days < FEW:
            return [(days, 0.0)]
        events = max(self.chain.birth[to] + self.chain.death[to] for to in flow)
        cuts = [days]
        while cuts[-1] * events > SHORTEST:
            cuts.append(cuts[-1] / 2)
        return list(zip(cuts, [*cuts[1:], 0.0], strict=True))

    def _piece(self, thinning: _Thinning, kind: int, now: Cells) -> Cells:
        """Follow cells through one piece of the step; mutants that matter are noted."""
        plain = self.chain.lineages[kind]
        line = Lineage(plain.split, plain.death, sum(thinning.rates.values()))
        ends = []
        while len(now.cells):
            hits, alive = lived(line, now, self.rng)
            ends.append(alive)
            at, cells = first_marks(line, hits, self.rng)
            for mutant, number in shares(at.cells, thinning.rates, self.rng):
                self._note(thinning, mutant, at._replace(cells=number))
            now = at._replace(cells=cells)
        return joined(ends)

    def _note(self, thinning: _Thinning, kind: int, born: Cells) -> None:
        """Keep those mutants that are alive at the end of the step, or mutate on within it."""
        line, left = self.chain.lineages[kind], born.left + thinning.after
        relevant = line.relevant(left)
        kept = self.rng.binomial(born.cells, np.clip(relevant / thinning.ceilings[kind], 0, 1))
        again = self.rng.binomial(kept, np.clip(line.marked(left) / relevant, 0, 1))
        alive = kept - again
        alive += bounded(self.rng, alive, line.stop(left))
        np.add.at(self.ended[:, kind], born.tumour, alive)
        if again.any():
            hits = born._replace(left=left, cells=again).taken(again > 0)
            self.marked.setdefault(kind, []).append(hits)


class _Thinning:
    """Rates of mutation of one type in a piece of a step, reduced to mutants that may matter."""

    def __init__(self, chain: Chain, flow: dict[int, float], after: float) -> None:
        self.after = after
        self.ceilings = {kind: float(chain.lineages[kind].relevant(after)) for kind in flow}
        self.rates = {kind: rate * self.ceilings[kind] for kind, rate in flow.items()}
