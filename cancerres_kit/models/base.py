"""What all models share: checks at the door, tidy frames at the exit, one seed in between.

One decision: a family computes with arrays (`_simulate`, `_outcomes`) and never sees a bad input
nor builds a frame; so every model refuses and answers alike.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from cancerres_kit.models import frames
from cancerres_kit.models.checks import generator_of, kept_times, positive, whole
from cancerres_kit.models.parameters import Parameter, Source, refusal
from cancerres_kit.models.schedules import Schedule
from cancerres_kit.schema.problems import DataError, quoted, unknown

NOTICE = "Teaching model, not for clinical use; numbers depend on the assumptions of the model."
MOST_PATIENTS = 1_000_000
MOST_ROWS = 20_000_000


@dataclass(frozen=True)
class Model:
    """A model of resistance: frozen numbers and the equations that use them.

    A family is a frozen dataclass whose numbers are declared by `parameter`; it states the names
    below and defines ``_simulate``, ``_outcomes`` and, for relations between numbers, ``_check``.

    Attributes
    ----------
    NAME : str
        Key of the family in the tables model_mechanisms and model_strategies.
    TITLE : str
        Words for people.
    CAVEATS : tuple of str
        What the model leaves out, as sentences.
    SOURCES : tuple of Source
        Where the equations are from.
    DRUGS : tuple of str
        Drugs that a schedule may name.
    COMPARTMENTS, UNITS : tuple of str
        What a run tells, and the unit of each.
    EXACT : tuple of str
        Methods that `exact` gives by name.
    """

    NAME: ClassVar[str] = ""
    TITLE: ClassVar[str] = ""
    CAVEATS: ClassVar[tuple[str, ...]] = ()
    SOURCES: ClassVar[tuple[Source, ...]] = ()
    DRUGS: ClassVar[tuple[str, ...]] = ()
    COMPARTMENTS: ClassVar[tuple[str, ...]] = ()
    UNITS: ClassVar[tuple[str, ...]] = ()
    EXACT: ClassVar[tuple[str, ...]] = ()

    _origins: Mapping[str, dict[float, Source]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Check every number, then what numbers have to do with each other."""
        for name, described in self.parameters.items():
            object.__setattr__(self, name, described.checked(described.value))
        self._check()

    @property
    def parameters(self) -> dict[str, Parameter]:
        """The numbers by name; one that is neither default nor of a preset is `set here`."""
        return {name: self._described(name, default) for name, default in self._defaults()}

    @property
    def caveats(self) -> tuple[str, ...]:
        """The notice, and what the model leaves out; shown wherever the model is."""
        return (NOTICE, *self.CAVEATS)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Sources of the equations and of the defaults, each once."""
        given = (default.source for _, default in self._defaults())
        return tuple(dict.fromkeys((*self.SOURCES, *given)))

    def table(self) -> pd.DataFrame:
        """List the numbers of this model with what they mean and where they are from.

        Returns
        -------
        pandas.DataFrame
            Columns name, label, value, unit, low, high, scale, is_default, source (of the value;
            "set here; default: ..." where it was changed), grade.
        """
        return frames.numbers(self.parameters, {name: one.value for name, one in self._defaults()})

    def with_(self, **values: Any) -> Self:
        """Return the same model with some numbers changed.

        Parameters
        ----------
        **values : float
            New values by name [unit of each].

        Returns
        -------
        Model
            Of the same class; this one stays as it is.

        Raises
        ------
        DataError
            For a name that the model does not have, or a value that it may not have.
        """
        allowed = [each.name for each in fields(self) if each.init]
        for name in values:
            if name not in allowed:
                raise unknown(name, allowed, what=f"parameter of {self.NAME}")
        return replace(self, **values)._with_origins(self._origins)

    def simulate(
        self,
        schedule: Schedule,
        t_end: float,
        *,
        patients: int = 1,
        seed: int | np.random.SeedSequence | None = None,
        times: Sequence[float] | None = None,
    ) -> pd.DataFrame:
        """Follow virtual patients through a schedule.

        Parameters
        ----------
        schedule : Schedule
            When which drug is given; day 0 is the start of treatment.
        t_end : float
            End of the run [days].
        patients : int
            Number of virtual patients, 1 to 1,000,000.
        seed : int, optional
            Makes the run repeatable; models without chance ignore it.
        times : sequence of float, optional
            Which times to keep [days], ascending, within 0 to `t_end`; 201 even ones if left out.

        Returns
        -------
        pandas.DataFrame
            One row per patient, compartment and time: model, patient (from 1), time_days,
            compartment, value, unit.

        Raises
        ------
        DataError
            For any input that has no meaning; or for more than 20 million rows.
        """
        end, count, generator = self._admit(schedule, t_end, patients, seed)
        kept = kept_times(times, end)
        rows = count * len(kept) * len(self.COMPARTMENTS)
        if rows > MOST_ROWS:
            raise refusal(
                "patients x times x compartments",
                rows,
                unit="rows",
                allowed=f"up to {MOST_ROWS}",
                remedy="keep fewer times, or use outcomes(), which has one row per patient",
            )
        values = self._simulate(schedule, kept, count, generator)
        return frames.trajectories(
            self.NAME, dict(zip(self.COMPARTMENTS, self.UNITS, strict=True)), values, kept
        )

    def outcomes(
        self,
        schedule: Schedule,
        t_end: float,
        *,
        patients: int = 1,
        seed: int | np.random.SeedSequence | None = None,
    ) -> pd.DataFrame:
        """Tell how virtual patients fare, without their trajectories.

        Parameters
        ----------
        schedule : Schedule
            When which drug is given; day 0 is the start of treatment.
        t_end : float
            End of the run [days].
        patients : int
            Number of virtual patients, 1 to 1,000,000.
        seed : int, optional
            Makes the run repeatable; models without chance ignore it.

        Returns
        -------
        pandas.DataFrame
            One row per patient: model, patient (from 1), failed (bool), ttp_days (time to
            progression; NaN if there was none by `t_end`), and columns of the family.

        Raises
        ------
        DataError
            For any input that has no meaning.
        """
        end, count, generator = self._admit(schedule, t_end, patients, seed)
        columns = self._outcomes(schedule, end, count, generator)
        return frames.patients(self.NAME, columns, count)

    def exact(self, quantity: str, **conditions: Any) -> float:
        """Compute a quantity without simulation, where a closed or numerically exact form exists.

        Parameters
        ----------
        quantity : str
            Name in `EXACT`: the method of the model that documents and computes it.
        **conditions : Any
            What that method asks for.

        Returns
        -------
        float
            In the unit that the method states.

        Raises
        ------
        DataError
            For a quantity or condition that the model does not know.
        """
        if quantity not in self.EXACT:
            raise unknown(quantity, self.EXACT, what=f"exact quantity of {self.NAME}")
        method = getattr(self, quantity)
        asked = inspect.signature(method).parameters
        for name in conditions:
            if name not in asked:
                raise unknown(name, asked, what=f"condition of {quantity}")
        for name, each in asked.items():
            if each.default is each.empty and name not in conditions:
                raise DataError(f"{quantity} needs {name}; give exact({quantity!r}, {name}=...)")
        return float(method(**conditions))

    def _defaults(self) -> list[tuple[str, Parameter]]:
        """Return the numbers as they were declared."""
        return [(one.name, one.metadata["parameter"]) for one in fields(self) if one.metadata]

    def _described(self, name: str, default: Parameter) -> Parameter:
        """Return a number with its value, and where that value is from."""
        described = replace(default, name=name, value=getattr(self, name))
        known = {default.value: default.source} | self._origins.get(name, {})
        return replace(described, source=known.get(described.value, default.changed))

    def _with_origins(self, origins: Mapping[str, dict[float, Source]]) -> Self:
        """Return this model with sources of some values by name."""
        model = replace(self)
        object.__setattr__(model, "_origins", dict(origins))
        return model

    def _check(self) -> None:
        """Raise DataError where numbers contradict each other; a family overrides this."""

    def _simulate(
        self, schedule: Schedule, times: np.ndarray, patients: int, generator: np.random.Generator
    ) -> np.ndarray:
        """Return values of shape (patients, times, compartments)."""
        raise NotImplementedError

    def _outcomes(
        self, schedule: Schedule, t_end: float, patients: int, generator: np.random.Generator
    ) -> Mapping[str, np.ndarray]:
        """Return one value per patient by column, failed and ttp_days first."""
        raise NotImplementedError

    def _doses(
        self, schedule: Schedule, t: float, burden: Any = None, state: dict[str, Any] | None = None
    ) -> list[Any]:
        """Return the dose of each drug in the order of `DRUGS`, 0 where it is not given."""
        given = schedule.doses(t, burden, state)
        self._know(given)
        return [given.get(drug, 0.0) for drug in self.DRUGS]

    def _know(self, drugs: Mapping[str, Any] | Sequence[str]) -> None:
        """Refuse drugs that the model does not have."""
        for drug in drugs:
            if drug not in self.DRUGS:
                raise unknown(drug, self.DRUGS, what=f"drug of {self.NAME}")

    def _admit(
        self, schedule: object, t_end: object, patients: object, seed: object
    ) -> tuple[float, int, np.random.Generator]:
        """Check what every run is given."""
        if not isinstance(schedule, Schedule):
            raise DataError(
                f"a schedule is made by continuous, pulsed, ... or Schedule, not {quoted(schedule)}"
            )
        self._know(schedule.drugs)
        end = positive("t_end", t_end)
        return end, whole("patients", patients, high=MOST_PATIENTS), generator_of(seed)
