"""Say everything that is wrong with a folder, in words that tell the repair.

One decision: frictionless judges keys, types and categories, always against the schema of the
shipped tables and only on cells that were read here. So the folder's own descriptor cannot loosen a
rule, and the validator opens no file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cancerres_kit.schema.folders import DESCRIPTOR, Sheet, descriptor, sheet
from cancerres_kit.schema.problems import DataError, Problem, hint, quoted
from cancerres_kit.schema.shapes import differences
from cancerres_kit.schema.verdicts import Table, judge

# Columns along which nothing may lead back to itself; a glossary's see_also may.
ONE_WAY = ("parent_id", "substitute_reference_id")
# Stricter than Python and the validator, which also take "1_000", "٣" or "2026-1-5".
WRITTEN = {
    "integer": (r"[+-]?[0-9]{1,18}", "a whole number such as 12, digits only"),
    "number": (
        r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?",
        "a number such as 12.5, with a point and without separators",
    ),
    "boolean": (r"true|false|True|False|TRUE|FALSE|1|0", "true or false"),
    "date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a day such as 2026-01-31"),
}


def problems(folder: Path, *, shape: dict[str, Any]) -> list[Problem]:
    """Check a folder against the descriptor that every folder has to match.

    Parameters
    ----------
    folder : Path
        Folder with a descriptor and CSV files; nothing in it is changed.
    shape : dict
        Descriptor with the tables, columns, types, keys and categories that must be there.

    Returns
    -------
    list of Problem
        By table and line; empty if the folder is valid.

    Raises
    ------
    DataError
        If frictionless is not installed.
    """
    try:
        described = descriptor(folder)
    except DataError as error:
        return list(error.problems)
    found = list(differences(described, shape))
    paths = {table["name"]: table["path"] for table in described["resources"]}
    tables = []
    for wanted in shape["resources"]:
        if wanted["name"] in paths:
            cells = sheet(folder, paths[wanted["name"]])
            found += [*cells.problems, *_header(cells, wanted["schema"])]
            tables.append(_align(wanted, cells))
    stray = [problem for table in tables for problem in (*_cells(table), *_cycles(table))]
    found += stray
    found += judge(tables, known={(item.file, item.line, item.column) for item in stray})
    order = [DESCRIPTOR, *paths.values()]
    return sorted(found, key=lambda item: (order.index(item.file), item.line or 0))


def _header(cells: Sheet, schema: dict[str, Any]) -> Iterator[Problem]:
    """Compare the column names of a file with the schema."""
    if not cells.header:
        return
    wanted = [field["name"] for field in schema["fields"]]
    spare = [name for name in cells.header if name not in wanted]
    for name in wanted:
        if name not in cells.header:
            message = f"column is missing{hint(name, spare)}; add it to the header and to each row"
            yield Problem(cells.file, 1, name, None, message)
        elif cells.header.count(name) > 1:
            yield Problem(cells.file, 1, name, name, "column occurs twice; keep one of them")
    for name in spare:
        message = f"{quoted(name)} is not a column of this table{hint(name, wanted)}"
        yield Problem(cells.file, 1, name, name, f"{message}; rename or remove it")


def _align(wanted: dict[str, Any], cells: Sheet) -> Table:
    """Bring the cells into the order of the schema, leaving out columns that are not there."""
    place = {name: at for at, name in enumerate(cells.header)}
    fields = [field for field in wanted["schema"]["fields"] if field["name"] in place]
    rows = [[row[place[field["name"]]] for field in fields] for row in cells.rows]
    return Table(wanted["name"], {**wanted["schema"], "fields": fields}, cells, rows)


def _cells(table: Table) -> Iterator[Problem]:
    """Find what the validator tolerates: stray white space and sloppy numbers and dates."""
    for at, field in enumerate(table.schema["fields"]):
        pattern, example = WRITTEN.get(field["type"], ("", ""))
        for line, row in zip(table.sheet.lines, table.rows, strict=True):
            cell = row[at]
            if cell != cell.strip():
                message = f"{quoted(cell)} has white space at an end; write {quoted(cell.strip())}"
            elif pattern and cell and not re.fullmatch(pattern, cell):
                message = f"{quoted(cell)} is not {example}"
            else:
                continue
            yield Problem(table.sheet.file, line, field["name"], cell, message)


def _cycles(table: Table) -> Iterator[Problem]:
    """Find rows that lead back to themselves, as no tree does; each circle is reported once."""
    own = {"resource": "", "fields": table.key}
    for link in table.links:
        if link["fields"] in ONE_WAY and link["reference"] == own and table.key in table.fields:
            yield from _circles(table, link["fields"])


def _circles(table: Table, column: str) -> Iterator[Problem]:
    """Follow a column that names another row of the table, from every row."""
    children, parents = table.column(table.key), table.column(column)
    parent_of = dict(zip(children, parents, strict=True))
    line_of = dict(zip(children, table.sheet.lines, strict=True))
    settled: set[str] = {""}
    for start in children:
        path: list[str] = []
        node = start
        while node not in settled and node in parent_of:
            settled.add(node)
            path.append(node)
            node = parent_of[node]
        if node in path:
            circle = " -> ".join([*path[path.index(node) :], node])
            message = (
                f"{quoted(parent_of[node])} closes a circle: {circle}; leave one of them empty"
            )
            yield Problem(table.sheet.file, line_of[node], column, parent_of[node], message)
