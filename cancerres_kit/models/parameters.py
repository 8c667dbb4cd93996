"""What a model is fed with: numbers that carry a unit, a meaning, a range and a source.

One decision: a default value stands once, beside its source, in the field of the model that uses
it (`parameter`). The range is what the equations allow, so a slider and a check can share it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from numbers import Real
from typing import Any, TypeGuard

from cancerres_kit.schema.problems import DataError, quoted, unknown

GRADES = {
    "text read": "published; the text was read",
    "archive read": "published; the authors' archived tables or output were read",
    "secondary": "from a secondary source, not checked in the original",
    "recalled": "recalled, not checked in the original",
    "own value": "chosen for teaching, not published",
}
"""How far the source of a number was checked, with the words for it."""

SET_HERE = "set here; default: "
"""What the source of a changed number begins with; that of its default follows."""

SCALES = ("linear", "log", "integer")
MOST_CELLS = 1e15
"""Largest population that any model takes [cells]: about a tonne of tumour."""


def is_number(value: object) -> TypeGuard[float]:
    """Tell whether a value is a real number; a truth value is none."""
    return isinstance(value, Real) and not isinstance(value, bool)


@dataclass(frozen=True)
class Source:
    """Where a number or an equation is from, and how far that was checked.

    Parameters
    ----------
    doi : str
        DOI of the publication; empty for a value of our own.
    location : str
        Place in it: ``"Table 1"``; for a value of our own, why it was chosen.
    grade : str
        Key of `GRADES`. Only ``"text read"`` and ``"archive read"`` count as published.

    Raises
    ------
    DataError
        For a grade that does not exist.
    """

    doi: str
    location: str
    grade: str

    def __post_init__(self) -> None:
        """Refuse a grade that says nothing."""
        if self.grade not in GRADES:
            raise unknown(self.grade, GRADES, what="grade of a source")

    @property
    def is_published(self) -> bool:
        """Whether the original was read; nothing else may be quoted as a published number."""
        return self.grade in ("text read", "archive read")

    @property
    def text(self) -> str:
        """The source for people: ``doi:10.7554/eLife.00747, Table 1 (published; ...)``."""
        if self.location.startswith(SET_HERE):
            return self.location
        place = ", ".join(part for part in (self.doi and f"doi:{self.doi}", self.location) if part)
        return f"{place} ({GRADES[self.grade]})" if place else GRADES[self.grade]


@dataclass(frozen=True)
class Parameter:
    """A number of a model, with what it means and where it is from.

    Parameters
    ----------
    name : str
        Name of the field of the model.
    value : float
        Value [unit].
    unit : str
        Unit: ``"1/day"``, ``"cells"``, ``"fraction"``; empty for a pure number.
    low, high : float
        Smallest and largest value that the equations allow [unit].
    scale : {"linear", "log", "integer"}
        How a slider moves; ``"integer"`` also refuses broken numbers.
    source : Source
        Where the value is from.
    label : str
        Words for people: ``"Division rate"``; may be left out.
    open_low : bool
        Whether `low` itself is refused.

    Raises
    ------
    DataError
        For a scale that does not exist, a range that is none, or a value outside it.
    """

    name: str
    value: float
    unit: str
    low: float
    high: float
    scale: str
    source: Source
    label: str = ""
    open_low: bool = False

    def __post_init__(self) -> None:
        """Refuse what no slider and no model could use."""
        if self.scale not in SCALES:
            raise unknown(self.scale, SCALES, what="scale")
        is_range = isinstance(self.low, Real) and isinstance(self.high, Real)
        if not is_range or not -math.inf < self.low <= self.high < math.inf:
            raise refusal(
                f"range of {self.name}",
                f"{self.low} to {self.high}",
                unit=self.unit,
                allowed="finite numbers, low up to high",
                remedy="give low and high",
            )
        self.checked(self.value)

    @property
    def changed(self) -> Source:
        """Source of a value that somebody set in place of this one."""
        return Source("", f"{SET_HERE}{self.source.text}", "own value")

    @property
    def allowed(self) -> str:
        """The range in words: ``"above 0 to 1"``, ``"a whole number from 0 to 9"``."""
        kind = "a whole number from" if self.scale == "integer" else "from"
        return f"{'above' if self.open_low else kind} {self.low:.15g} to {self.high:.15g}"

    def checked(self, value: object) -> float:
        """Return a value for this parameter as a number, if it may have it.

        Parameters
        ----------
        value : object
            What was given [unit].

        Returns
        -------
        float
            Whole numbers stay ``int`` where the scale is ``"integer"``.

        Raises
        ------
        DataError
            If it is no finite number, out of range, or broken where only whole numbers have a
            meaning.
        """
        if not (is_number(value) and math.isfinite(value)):
            raise refusal(
                self.name, value, unit=self.unit, allowed=self.allowed, remedy="give one number"
            )
        number = float(value)
        is_whole = number == round(number)
        above = number > self.low if self.open_low else number >= self.low
        if not (above and number <= self.high) or (self.scale == "integer" and not is_whole):
            remedy = self._remedy(number)
            raise refusal(self.name, value, unit=self.unit, allowed=self.allowed, remedy=remedy)
        return int(number) if self.scale == "integer" else number

    def _remedy(self, number: float) -> str:
        """Name an allowed value near a refused one, where there is a nearest one."""
        inside = min(max(number, self.low), self.high)
        if self.open_low and inside <= self.low:
            return "give a number in this range"
        return f"try {round(inside) if self.scale == 'integer' else inside:.15g}"


def parameter(
    value: float,
    *,
    unit: str,
    low: float,
    high: float,
    source: Source,
    label: str,
    scale: str = "linear",
    open_low: bool = False,
) -> Any:
    """Declare a field of a model together with unit, range and source of its default.

    Parameters
    ----------
    value : float
        Default [unit].
    unit : str
        Unit, or empty for a pure number.
    low, high : float
        Range that the equations allow [unit].
    source : Source
        Where the default is from.
    label : str
        Words for people.
    scale : {"linear", "log", "integer"}
        How a slider moves.
    open_low : bool
        Whether `low` itself is refused.

    Returns
    -------
    Any
        A keyword-only field of a dataclass.

    Raises
    ------
    DataError
        For a scale that does not exist, or a default that is not allowed itself.
    """
    described = Parameter("default", value, unit, low, high, scale, source, label, open_low)
    return field(default=value, kw_only=True, metadata={"parameter": described})


def refusal(name: str, value: object, *, unit: str, allowed: str, remedy: str) -> DataError:
    """Build the error for a value that has no meaning in a model; all models word it alike.

    Parameters
    ----------
    name : str
        What it was given for: ``"death"``.
    value : object
        What was given.
    unit : str
        Its unit; empty for a pure number.
    allowed : str
        What is allowed: ``"from 0 to 1"``.
    remedy : str
        What to do: ``"lower death or raise birth"``.

    Returns
    -------
    DataError
        ``death = 0.2 [1/day] is not allowed; allowed: below birth = 0.14; lower death ...``
    """
    given = f"{value:.15g}" if isinstance(value, Real) else quoted(value)
    shown = f" [{unit}]" if unit else ""
    return DataError(f"{name} = {given}{shown} is not allowed; allowed: {allowed}; {remedy}")
