"""Numbers that the models have to give again, as test cases that name their source.

Rows come from the shipped table; a test file claims those of a model by

    @pytest.mark.parametrize("row", published.rows("bozic2013"))
"""

import csv
import json
from dataclasses import dataclass
from typing import Any

import pytest

from cancerres_kit import schema

# Keys of the rows that test files have claimed so far.
CLAIMED: set[str] = set()
TABLE = schema.data_root() / "published_numbers.csv"


@dataclass(frozen=True)
class Number:
    """One row: what was published, under which parameters, and how close is the same."""

    number_id: str
    model: str
    quantity: str
    parameters: dict[str, Any]
    value: float
    tolerance: float
    unit: str
    kind: str
    grade: str
    reference_id: str
    location: str

    def equals(self, found: float) -> bool:
        """Whether a number is the same within the tolerance, rounding of floats aside."""
        return abs(found - self.value) <= self.tolerance + 1e-12 * abs(self.value)


def numbers() -> list[Number]:
    """All rows of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [_number(row) for row in rows]


def _number(row: dict[str, str]) -> Number:
    """A row in its types."""
    given: dict[str, Any] = {name: row[name] for name in Number.__dataclass_fields__}
    given["parameters"] = json.loads(row["parameters"])
    given["value"], given["tolerance"] = float(row["value"]), float(row["tolerance"])
    return Number(**given)


def rows(model: str, *, quantity: str = "") -> list[Any]:
    """Test cases of a published model; a quantity keeps those whose quantity contains it.

    The id of a case ends with its source and, unless it was read in the original, with its grade.
    """
    found = [each for each in numbers() if each.model == model and quantity in each.quantity]
    assert found, f"no number of {model!r} with {quantity!r} in data/published_numbers.csv"
    CLAIMED.update(each.number_id for each in found)
    return [pytest.param(each, id=_id(each)) for each in found]


def _id(number: Number) -> str:
    """Name of a case: what it is and who says so."""
    said = number.reference_id or "own"
    doubt = "" if number.kind in ("published", "own") else f"-{number.grade}"
    return f"{number.number_id}-{said}-{number.location.replace(' ', '_')}{doubt}"
