"""How a tumour grew until it was treated, and when the mutants that are still there were founded.

One decision: sensitive cells are so many that their growth has no chance in it, seen backward from
the start of treatment; mutants then arise by a Poisson process whose ages have a closed form.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cancerres_kit.models.branching import Chain, FloatArray, Lineage


@dataclass(frozen=True)
class Growth:
    """How sensitive cells grew to the size at which treatment starts.

    Parameters
    ----------
    chain : Chain
        Rates without treatment.
    burden : float
        Cells of one tumour at the start of treatment.
    rate : float
        Net growth of sensitive cells [1/day].
    days : float
        How long they grew from one cell [days].
    """

    chain: Chain
    burden: float
    rate: float
    days: float

    @property
    def reference(self) -> Lineage:
        """A lineage that survives at least as often as that of any type."""
        return Lineage(float(self.chain.birth[0]), float(self.chain.death[0]), 0.0)

    @property
    def slack(self) -> float:
        """How much faster the reference grows than sensitive cells, which mutate [1/day]."""
        return self.reference.split - self.reference.death - self.rate

    def expected(self, flow: float) -> float:
        """Expected founders proposed per tumour, for mutants arriving at a rate [1/day]."""
        line = self.reference
        net, share = line.split - line.death, line.death / line.split
        oldest = np.exp(-net * self.days)
        per_day = flow * self.burden * np.exp(self.slack * self.days)
        if share < 1e-9:
            return float(per_day / net * (1 - oldest))
        return float(per_day / line.death * np.log1p(share * (1 - oldest) / (1 - share)))

    def proposed(self, number: int, rng: np.random.Generator) -> FloatArray:
        """Draw ages of founders of the reference that have descendants at the end [days]."""
        line = self.reference
        net, share = line.split - line.death, line.death / line.split
        oldest, uniform = np.exp(-net * self.days), rng.random(number)
        if share < 1e-9:
            return np.asarray(-np.log(oldest + (1 - oldest) * uniform) / net)
        span = np.log1p(share * (1 - oldest) / (1 - share))
        grown = np.exp(span * uniform) * (1 - share)
        return np.asarray(-np.log((1 - grown) / share) / net)

    def accepted(self, ages: FloatArray, line: Lineage) -> FloatArray:
        """Chance to keep a proposed founder, so that ages are those of a type's living lineages."""
        late = np.exp(self.slack * (ages - self.days))
        return np.asarray(late * line.alive(ages) / self.reference.alive(ages))
