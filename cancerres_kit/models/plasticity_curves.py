"""Long-term growth of switching cells as curves and maps: what a change of numbers does to it.

One decision: each method answers one question with a tidy frame that a figure takes as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from cancerres_kit.models.dosing import continuous
from cancerres_kit.models.plasticity_rates import DAYS, PlasticityRates

WINDOW = (60.0, 80.0)  # days between which a run is measured: by then its make-up is steady
ANSWERS = {
    "drug alone": {},
    "with epigenetic drug": {"priming": 1.0},
    "with second drug": {"second": 1.0},
}


@dataclass(frozen=True)
class PlasticityCurves(PlasticityRates):
    """How the long-term growth of `Plasticity` depends on its numbers."""

    def kill_or_return(
        self, factors: Sequence[float], *, runs: Sequence[float] = ()
    ) -> pd.DataFrame:
        """Compute the growth rate on the drug if the kill, or the return, were faster.

        Parameters
        ----------
        factors : sequence of float
            What `k`, and in turn `c_drug`, is multiplied by.
        runs : sequence of float
            Factors for which the rate is also measured from a run.

        Returns
        -------
        pandas.DataFrame
            x (factor), y (rate [1/day]), series (``"kill"``, ``"return"``), kind (``"exact"``,
            ``"simulated"``); a run that loses its last cell before it is measured is left out.
        """
        rows = []
        for series, name in (("kill", "k"), ("return", "c_drug")):
            value = getattr(self, name)
            changed = {each: self.with_(**{name: each * value}) for each in (*factors, *runs)}
            rows += [(each, changed[each].growth_rate(drug=1), series, "exact") for each in factors]
            rows += [(each, changed[each]._measured(), series, "simulated") for each in runs]
        found = pd.DataFrame(rows, columns=["x", "y", "series", "kind"])
        return found.dropna(subset="y").reset_index(drop=True)

    def _measured(self: Self) -> float:
        """Measure the growth rate on the drug from a run [1/day]; NaN if no cell is left in it."""
        start = 1e4 if self.growth_rate(drug=1) > 0 else 1e14
        run = self.with_(cells=start).simulate(continuous("drug"), WINDOW[1], times=WINDOW)
        before, after = run.groupby("time_days")["value"].sum()
        if not after:
            return float("nan")
        return float(np.log(after / before) / (WINDOW[1] - WINDOW[0]))

    def pulse_panels(
        self,
        panels: Mapping[str, Mapping[str, float]],
        *,
        on: Sequence[float] = DAYS,
        off: Sequence[float] = DAYS,
        second: float = 0.0,
        priming: float = 0.0,
    ) -> pd.DataFrame:
        """Compute the growth rate of all pulses of a grid for several tumours.

        Parameters
        ----------
        panels : mapping of str to mapping
            Numbers that differ from this model's, by what the tumour is to be called.
        on, off, second, priming
            As in `pulse_map`.

        Returns
        -------
        pandas.DataFrame
            Columns of `pulse_map`, panel, and no_pause_per_day: the rate of the same tumour if the
            drug is never paused [1/day].
        """
        parts = []
        for name, values in panels.items():
            model = self.with_(**values)
            found = model.pulse_map(on, off, second=second, priming=priming)
            steady = model.growth_rate(drug=1, second=second, priming=priming)
            parts.append(found.assign(panel=name, no_pause_per_day=steady))
        return pd.concat(parts, ignore_index=True)

    def pulse_limits(
        self, returns: Sequence[float], *, on: Sequence[float] = DAYS, off: Sequence[float] = DAYS
    ) -> pd.DataFrame:
        """Compare the best pulse with no pause, for other rates of return on the drug.

        Parameters
        ----------
        returns : sequence of float
            Values of `c_drug` [1/day].
        on, off : sequence of float
            Lengths that pulses may have [days].

        Returns
        -------
        pandas.DataFrame
            x (rate of return on the drug), y (rate [1/day]), series (``"no pause"``,
            ``"best pulse"``), kind (``"exact"``).
        """
        rows = []
        for value in returns:
            model = self.with_(c_drug=value)
            best = model.best_pulse(on, off)["growth_rate_per_day"]
            rows += [(value, model.growth_rate(drug=1), "no pause"), (value, best, "best pulse")]
        return pd.DataFrame(rows, columns=["x", "y", "series"]).assign(kind="exact")

    def answers(
        self, growths: Sequence[float], *, on: Sequence[float] = DAYS, off: Sequence[float] = DAYS
    ) -> pd.DataFrame:
        """Compare what is done about tolerant cells, for other growth rates of these cells.

        Parameters
        ----------
        growths : sequence of float
            Values of `lambda_p` [1/day]; above 0 tolerant cells grow on the drug, as by a bypass.
        on, off : sequence of float
            Lengths that pulses may have [days].

        Returns
        -------
        pandas.DataFrame
            x (growth of tolerant cells), y (long-term rate of the tumour [1/day]), series
            (``"drug alone"``, ``"best pulse"``, ``"with epigenetic drug"``,
            ``"with second drug"``), kind (``"exact"``).
        """
        rows = []
        for value in growths:
            model = self.with_(lambda_p=value)
            pulse = model.best_pulse(on, off)["growth_rate_per_day"]
            given = {name: model.growth_rate(drug=1, **extra) for name, extra in ANSWERS.items()}
            rows += [(value, rate, name) for name, rate in given.items()]
            rows.append((value, pulse, "best pulse"))
        return pd.DataFrame(rows, columns=["x", "y", "series"]).assign(kind="exact")

    def recomputed(self, numbers: pd.DataFrame) -> pd.DataFrame:
        """Compute numbers again that this model is held to.

        Parameters
        ----------
        numbers : pandas.DataFrame
            Rows of the table published_numbers whose quantity is one of `EXACT`: quantity,
            parameters (JSON: numbers of the model, and conditions of the quantity), value, ...

        Returns
        -------
        pandas.DataFrame
            The same rows with ours (what comes out here) after value, and agrees (bool).
        """
        ours = [self._again(row) for row in numbers.to_dict("records")]
        found = numbers.reset_index(drop=True)
        found.insert(list(found.columns).index("value") + 1, "ours", ours)
        return found.assign(agrees=(found["ours"] - found["value"]).abs() <= found["tolerance"])

    def _again(self, row: Mapping[object, object]) -> float:
        """Compute one number with the numbers and under the conditions of its row."""
        given = json.loads(str(row["parameters"]))
        own = {name: value for name, value in given.items() if name in self.parameters}
        conditions = {name: value for name, value in given.items() if name not in own}
        return self.with_(**own).exact(str(row["quantity"]), **conditions)
