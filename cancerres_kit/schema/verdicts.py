"""Let frictionless judge tables, and translate each of its verdicts.

One decision: the validator finds, we explain. A verdict that we do not know keeps the validator's
words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cancerres_kit.schema.folders import Sheet
from cancerres_kit.schema.problems import DataError, Problem, hint, quoted

# Looking for near spellings is slow where a whole column is wrong, and nobody reads that many.
HINTED = 50


@dataclass(frozen=True)
class Table:
    """The cells of one table in the order of its schema.

    Parameters
    ----------
    name : str
        Name of the table.
    schema : dict
        Table Schema, with the fields that the file has.
    sheet : Sheet
        The file as it was read.
    rows : list of list of str
        Cells in the order of the fields.
    """

    name: str
    schema: dict[str, Any]
    sheet: Sheet
    rows: list[list[str]]

    @property
    def fields(self) -> dict[str, dict[str, Any]]:
        """Fields by name."""
        return {field["name"]: field for field in self.schema["fields"]}

    @property
    def key(self) -> str:
        """Columns of the primary key, joined by commas."""
        primary = self.schema.get("primaryKey", "")
        return primary if isinstance(primary, str) else ", ".join(primary)

    @property
    def links(self) -> list[dict[str, Any]]:
        """Foreign keys whose columns the file has."""
        links = self.schema.get("foreignKeys", [])
        return [link for link in links if link["fields"] in self.fields]

    def column(self, name: str) -> list[str]:
        """Cells of one column; empty if the file does not have it."""
        at = list(self.fields).index(name) if name in self.fields else None
        return [] if at is None else [row[at] for row in self.rows]


def judge(
    tables: Sequence[Table], *, known: set[tuple[str, int | None, str | None]]
) -> list[Problem]:
    """Check keys, foreign keys, types, categories, patterns, ranges and required cells.

    Parameters
    ----------
    tables : sequence of Table
        Tables of one folder.
    known : set of (file, line, column)
        Cells that were reported already.

    Returns
    -------
    list of Problem

    Raises
    ------
    DataError
        If frictionless is not installed.
    """
    try:
        from frictionless import Package
    except ImportError:
        remedy = 'pip install "cancerres-kit[validate]"'
        raise DataError(f"checking a folder needs the validator frictionless: {remedy}") from None
    by_name = {table.name: table for table in tables if table.sheet.header and table.fields}
    if not by_name:
        return []
    resources = [_resource(table, by_name) for table in by_name.values()]
    report = Package.from_descriptor({"resources": resources}).validate(limit_errors=0)
    found: list[Problem] = []
    for task in report.tasks:
        table = by_name[task.name]
        unsure = {problem.line for problem in table.sheet.problems}
        for error in task.errors:
            problem = translate(error, table, by_name, is_hinted=len(found) < HINTED)
            place = (problem.file, problem.line, problem.column)
            if not (problem.line in unsure or place in known or _is_echo(error, table)):
                found.append(problem)
    return found


def _resource(table: Table, by_name: dict[str, Table]) -> dict[str, Any]:
    """Hand a table to the validator, with the keys that its columns let it judge."""
    primary = table.key.split(", ") if table.key else []
    schema = {
        "fields": table.schema["fields"],
        "missingValues": [""],
        "primaryKey": primary if all(name in table.fields for name in primary) else [],
        "foreignKeys": [link for link in table.links if _is_judged(link, table, by_name)],
    }
    data = [list(table.fields), *table.rows]
    return {"name": table.name, "type": "table", "data": data, "schema": schema}


def _is_judged(link: dict[str, Any], table: Table, by_name: dict[str, Table]) -> bool:
    """Tell whether the table that a foreign key points to could be read to its end."""
    target = by_name.get(link["reference"]["resource"] or table.name)
    return (
        target is not None
        and target.sheet.is_complete
        and link["reference"]["fields"] in target.fields
    )


def _is_echo(error: Any, table: Table) -> bool:
    """Tell whether an empty key is reported a second time: its cells are required anyway."""
    return (
        error.type == "primary-key"
        and "None" in error.note
        and all(
            table.fields[name].get("constraints", {}).get("required")
            for name in table.key.split(", ")
        )
    )


def translate(error: Any, table: Table, by_name: dict[str, Table], *, is_hinted: bool) -> Problem:
    """Turn one verdict into a problem with line, column, value, what is allowed and the remedy."""
    row = getattr(error, "row_number", None)
    line = table.sheet.lines[row - 2] if row else None
    column: Any = getattr(error, "field_name", None)
    value: Any = getattr(error, "cell", None)
    if error.type == "foreign-key":
        column, value = error.field_names[0], error.field_cells[0]
        message = _dangling(value, column, table, by_name, is_hinted=is_hinted)
    elif error.type == "primary-key":
        at = [list(table.fields).index(name) for name in table.key.split(", ")]
        column, value = table.key, ", ".join(error.cells[place] for place in at)
        message = f"key {quoted(value)} {_twin(error, table)}; remove one row or change its key"
    elif error.type == "unique-error":
        message = f"{quoted(value)} {_twin(error, table)}; each must occur once, change one"
    elif error.type == "type-error":
        message = f"{quoted(value)} is not a valid {table.fields[column]['type']}; correct it"
    elif error.type == "constraint-error":
        message = _breach(value, error.note, table.fields[column], is_hinted=is_hinted)
    else:
        message = str(error.message)
    return Problem(table.sheet.file, line, column, value, message)


def _twin(error: Any, table: Table) -> str:
    """Name the line of the row that has the same key or value."""
    position = re.search(r"position (\d+)", error.note)
    line = table.sheet.lines[int(position[1]) - 2] if position else "another"
    return f"is already on line {line}"


def _dangling(
    value: str, column: str, table: Table, by_name: dict[str, Table], *, is_hinted: bool
) -> str:
    link = next(link for link in table.links if link["fields"] == column)
    target = by_name[link["reference"]["resource"] or table.name]
    tail = hint(value, target.column(link["reference"]["fields"])) if is_hinted else ""
    place = f"{target.sheet.file}, column {link['reference']['fields']}"
    return f"{quoted(value)} is not in {place}{tail}; correct it or add a row there"


def _breach(value: str, note: str, field: dict[str, Any], *, is_hinted: bool) -> str:
    """Say which rule of its column a cell breaks, and what would do."""
    rule = note.split('"')[1]
    allowed = field["constraints"][rule]
    if rule == "required":
        return "the cell is empty, but every row needs it; fill it in"
    if rule == "enum":
        tail = hint(value, allowed) if is_hinted else ""
        return f"{quoted(value)} is not allowed; allowed: {', '.join(map(repr, allowed))}{tail}"
    if rule == "pattern":
        candidate = _respelled(value, allowed)
        tail = f"; nearest: {candidate!r}" if candidate else ""
        meaning = field.get("description", "correct it")
        return f"{quoted(value)} does not have the form {allowed}{tail}; {meaning}"
    if rule in ("minimum", "maximum"):
        side = "below the smallest" if rule == "minimum" else "above the largest"
        return f"{quoted(value)} is {side} value allowed, {allowed}"
    return f"{quoted(value)} breaks the rule {rule} {allowed!r}; correct it"


def _respelled(value: str, pattern: str) -> str | None:
    """Try the spellings that people most often miss: an id in capitals or with spaces or dashes."""
    candidates = (value.lower(), re.sub(r"[^a-z0-9]+", "_", value.lower()).strip("_"))
    return next((text for text in candidates if re.fullmatch(pattern, text)), None)
