"""Rows of the shipped tables as they are written, for the rules that curation keeps."""

import csv
from pathlib import Path
from typing import Any

import pytest

from cancerres_kit import schema

TABLES = {table["name"]: table for table in schema.describe()["resources"]}


def read(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file as they are written."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = {name: read(schema.data_root() / table["path"]) for name, table in TABLES.items()}


def each(name: str) -> Any:
    """Run a test on each row of a table, under the row's key."""
    primary = TABLES[name]["schema"]["primaryKey"]
    keys = [primary] if isinstance(primary, str) else primary
    ids = ["-".join(row[key] for key in keys) for row in ROWS[name]]
    return pytest.mark.parametrize("row", ROWS[name], ids=ids)


def is_of_a_review(reference: dict[str, str]) -> bool:
    reviews = {row["source_id"] for row in ROWS["sources"] if row["kind"] == "review"}
    return reference["source_id"] in reviews
