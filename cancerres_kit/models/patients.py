"""Differences between patients: a combination as two chances instead of one.

One decision: drugs do not interact here. Each patient has a time until either drug fails, the
combination lasts as long as the better one, and all that counts is how far the same patients do
well on both. Whatever a real combination does beyond that is interaction.

With curves S_A and S_B, ``S_AB(t) = 1 - C(1 - S_A(t), 1 - S_B(t))``, where C is the fraction of
patients below one rank on one drug and below another rank on the other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from cancerres_kit.models.base import MOST_PATIENTS
from cancerres_kit.models.checks import from_zero, generator_of, whole
from cancerres_kit.models.copulas import NEGLIGIBLE, both_below, ranks
from cancerres_kit.models.cross_resistance import CLONES, surviving
from cancerres_kit.models.parameters import Source
from cancerres_kit.models.patient_numbers import TRIALS, Numbers
from cancerres_kit.models.responses import failing
from cancerres_kit.models.schedules import Schedule
from cancerres_kit.models.survival import Curve
from cancerres_kit.schema.problems import unknown

DAYS_PER_MONTH = 365.25 / 12
LONGEST = 12.0  # medians that a curve of our own is drawn for
POINTS = 601  # over its own 12 medians, and as many over those of the slower drug
STRATEGIES = ("drug_a", "drug_b", "combination", "biomarker", "worse_drug")


@dataclass(frozen=True)
class Patients(Numbers):
    """Patients who differ in how long either of two drugs works.

    The time on each drug follows a Weibull curve with the given median and shape, or a curve from a
    trial. A schedule keeps a patient free of progression as long as some drug is being given that
    still works; a drug works from its first dose for the patient's own time. Doses only tell given
    from not given. Without treatment, a patient counts as progressing at once.

    Parameters
    ----------
    curve_a, curve_b : Curve, optional
        Progression-free survival on either drug alone, in place of median and shape.
    method : {"gaussian copula", "rank randomisation"}
        Where the correlation of responses comes from.

    Raises
    ------
    DataError
        For a number out of range, another method, or a negative correlation where ranks are
        randomised.
    """

    NAME: ClassVar[str] = "patients"
    TITLE: ClassVar[str] = "Differences between patients"
    CAVEATS: ClassVar[tuple[str, ...]] = (
        "It was tested on progression-free survival; its authors warn against overall survival.",
        "It assumes that drugs neither help nor hinder each other, toxicity included.",
        "The correlation comes from xenografts: a trial that gives one drug each cannot show it.",
        "After the follow-up nothing is known: patients count as free of progression there.",
        "Curves read off printed figures have no numbers at risk; they describe no patient.",
    )
    SOURCES: ClassVar[tuple[Source, ...]] = (TRIALS, CLONES)
    DRUGS: ClassVar[tuple[str, ...]] = ("drug_a", "drug_b")
    COMPARTMENTS: ClassVar[tuple[str, ...]] = ("progression_free",)
    UNITS: ClassVar[tuple[str, ...]] = ("fraction",)
    EXACT: ClassVar[tuple[str, ...]] = ("free", "median", "mean", "break_even", "surviving_cells")

    def curve(self, strategy: str) -> Curve:
        """Return progression-free survival under a strategy, without chance.

        Parameters
        ----------
        strategy : {"drug_a", "drug_b", "combination", "biomarker", "worse_drug"}
            ``combination`` gives both; ``biomarker`` one of them, the better for the patient as
            often as `accuracy` says; ``worse_drug`` always the wrong one.

        Returns
        -------
        Curve
            Up to the end of follow-up; of both drugs, where both matter.

        Raises
        ------
        DataError
            For another strategy.
        """
        if strategy not in STRATEGIES:
            raise unknown(strategy, STRATEGIES, what="strategy")
        if strategy in self.DRUGS:
            return self._alone(strategy)
        months, a, b = self._shared()
        better = 1 - both_below(1 - a, 1 - b, spearman=self.spearman, method=self.method)
        picks = {"combination": 1.0, "worse_drug": 0.0, "biomarker": self.accuracy}[strategy]
        fraction = picks * better + (1 - picks) * (a + b - better)
        falling = np.minimum.accumulate(fraction.clip(0, 1))
        steps = all(self._alone(drug).steps for drug in self.DRUGS)
        return Curve(tuple(months), tuple(falling), steps=steps)

    def survival(self, months: Any = None) -> pd.DataFrame:
        """Lay the curves of all strategies side by side.

        Parameters
        ----------
        months : sequence of float, optional
            Times [months]; every month of the shared follow-up if left out.

        Returns
        -------
        pandas.DataFrame
            One row per strategy and time: strategy, month, fraction (free of progression; NaN after
            the follow-up).
        """
        every = np.arange(0, np.floor(self._shared()[0][-1]) + 1)
        times = np.atleast_1d(np.asarray(every if months is None else months, dtype=float))
        curves = {strategy: self.curve(strategy).at(times) for strategy in STRATEGIES}
        wide = pd.DataFrame({"month": times, **curves})
        tidy = wide.melt("month", var_name="strategy", value_name="fraction")
        return tidy[["strategy", "month", "fraction"]]

    def free(self, strategy: str, months: float) -> float:
        """Return the fraction free of progression under a strategy after some months.

        Parameters
        ----------
        strategy : str
            As of `curve`.
        months : float
            Time [months].

        Returns
        -------
        float
            NaN after the follow-up.
        """
        return float(self.curve(strategy).at(from_zero("months", months, unit="months")))

    def median(self, strategy: str, rule: str = "first") -> float:
        """Return the median time to progression under a strategy.

        Parameters
        ----------
        strategy : str
            As of `curve`.
        rule : {"first", "middle"}
            As of `Curve.median`.

        Returns
        -------
        float
            Months; NaN if it is not reached within the follow-up.
        """
        return self.curve(strategy).median(rule=rule)

    def mean(self, strategy: str, until: float) -> float:
        """Return the mean time free of progression under a strategy, within a window.

        Parameters
        ----------
        strategy : str
            As of `curve`.
        until : float
            End of the window [months].

        Returns
        -------
        float
            Months, at most `until`; NaN if the follow-up ends before.
        """
        return self.curve(strategy).mean(until)

    def break_even(self, until: float) -> float:
        """Return how accurate a biomarker must be to do as well as one drug given to everybody.

        That drug is the one with the longer mean time free of progression.

        Parameters
        ----------
        until : float
            End of the window in which means are compared [months].

        Returns
        -------
        float
            Accuracy, 0.5 to 1; NaN if no choice matters, or if the follow-up ends before.
        """
        right, wrong = (self.mean(each, until) for each in ("combination", "worse_drug"))
        if not right - wrong > NEGLIGIBLE * until:
            return math.nan
        best = max(self.mean(drug, until) for drug in self.DRUGS)
        return min(1.0, (best - wrong) / (right - wrong))

    def surviving_cells(self) -> float:
        """Return the fraction of cells that survive both drugs, resistance partly shared."""
        return surviving(self.surviving_a, self.surviving_b, cross_resistance=self.cross_resistance)

    def durations(self, patients: int, *, seed: Any = None) -> pd.DataFrame:
        """Draw how long either drug works in virtual patients.

        Parameters
        ----------
        patients : int
            Number of virtual patients, 1 to 1,000,000.
        seed : int, optional
            Makes the draw repeatable.

        Returns
        -------
        pandas.DataFrame
            One row per patient: patient (from 1), and months on drug_a, drug_b, combination (the
            longer of both) and biomarker (the drug it picks); infinite if past the follow-up.
        """
        count = whole("patients", patients, high=MOST_PATIENTS)
        a, b, picked = self._draw(count, generator_of(seed))
        chosen, best = np.where(picked == 0, a, b), np.maximum(a, b)
        columns = {"drug_a": a, "drug_b": b, "combination": best, "biomarker": chosen}
        return pd.DataFrame({"patient": np.arange(1, count + 1), **columns})

    def _alone(self, drug: str) -> Curve:
        """Return the curve of a single drug."""
        given = self.curve_a if drug == "drug_a" else self.curve_b
        if given is not None:
            return given
        median = self.median_a if drug == "drug_a" else self.median_b
        longest = LONGEST * max(self.median_a, self.median_b)
        months = np.union1d(*(np.linspace(0, end, POINTS) for end in (LONGEST * median, longest)))
        return Curve(tuple(months), tuple(0.5 ** ((months / median) ** self.shape)))

    def _shared(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return all times up to the shorter follow-up, and both curves there."""
        first, second = self._alone("drug_a"), self._alone("drug_b")
        months = np.union1d(first.months, second.months)
        months = months[months <= min(first.follow_up, second.follow_up)]
        return months, first.at(months), second.at(months)

    def _draw(
        self, patients: int, generator: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return months on either drug, and which one a biomarker picks (0 or 1)."""
        drawn = ranks(patients, spearman=self.spearman, generator=generator, method=self.method)
        a = self._alone("drug_a").quantiles(drawn[:, 0])
        b = self._alone("drug_b").quantiles(drawn[:, 1])
        is_right = generator.random(patients) < self.accuracy
        return a, b, np.where(is_right, b > a, b <= a).astype(int)

    def _simulate(
        self, schedule: Schedule, times: np.ndarray, patients: int, generator: np.random.Generator
    ) -> np.ndarray:
        """Return 1 while a patient is free of progression, then 0."""
        a, b, _ = self._draw(patients, generator)
        days = {"drug_a": a * DAYS_PER_MONTH, "drug_b": b * DAYS_PER_MONTH}
        end = max(float(times[-1]), np.finfo(float).tiny)
        failures = failing(schedule, np.nextafter(end, np.inf), days)
        return (times[None, :] < failures[:, None]).astype(float)[:, :, None]

    def _outcomes(
        self, schedule: Schedule, t_end: float, patients: int, generator: np.random.Generator
    ) -> Mapping[str, np.ndarray]:
        """Add days on either drug, the better_drug, and the biomarker_drug that is picked."""
        a, b, picked = self._draw(patients, generator)
        days = {"drug_a": a * DAYS_PER_MONTH, "drug_b": b * DAYS_PER_MONTH}
        ttp = failing(schedule, t_end, days)
        names = np.array(self.DRUGS, dtype=object)
        return {
            "failed": ttp < t_end,
            "ttp_days": np.where(ttp < t_end, ttp, np.nan),
            "drug_a_days": days["drug_a"],
            "drug_b_days": days["drug_b"],
            "better_drug": names[(b > a).astype(int)],
            "biomarker_drug": names[picked],
        }
