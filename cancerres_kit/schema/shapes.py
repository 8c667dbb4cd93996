"""Compare the descriptor of a folder with the one that every folder has to match.

One decision: titles, descriptions, units and paths are free; all that decides how cells are read
is not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cancerres_kit.schema.folders import DESCRIPTOR
from cancerres_kit.schema.problems import Problem, hint, quoted

# Settings that would make a file read differently than the kit reads it.
READING = ("data", "dialect", "encoding", "format", "compression")
RULES = ("type", "format", "constraints")


def differences(described: dict[str, Any], shape: dict[str, Any]) -> Iterator[Problem]:
    """Yield every table, column, type, rule and key in which a descriptor departs from the shape.

    Parameters
    ----------
    described, shape : dict
        Descriptors in the form that `folders.descriptor` guarantees.

    Yields
    ------
    Problem
    """
    names = [table["name"] for table in described["resources"]]
    wanted = {table["name"]: table for table in shape["resources"]}
    spare = [name for name in names if name not in wanted]
    for name, table in wanted.items():
        if name not in names:
            remedy = f"add it with its file {table['path']}, whose header line is enough"
            yield _problem(None, name, f"table {name!r} is missing{hint(name, spare)}; {remedy}")
    for number, table in enumerate(described["resources"]):
        name = table["name"]
        if name in names[:number]:
            yield _problem(None, name, f"table {quoted(name)} occurs twice; keep one of them")
        elif name in wanted:
            yield from _in_table(table, wanted[name])
        else:
            message = f"table {quoted(name)} is not one of the kit's{hint(name, wanted)}"
            yield _problem(None, name, f"{message}; rename or remove it")


def _problem(column: str | None, value: str | None, message: str) -> Problem:
    return Problem(DESCRIPTOR, None, column, value, message)


def _in_table(table: dict[str, Any], wanted: dict[str, Any]) -> Iterator[Problem]:
    """Compare one table: how it is read, its columns, its keys."""
    name = wanted["name"]
    for setting in READING:
        if setting in table and _plain(table[setting]) != _plain(wanted.get(setting)):
            shown = quoted(table[setting])
            remedy = "remove it and keep the file as comma-separated UTF-8"
            yield _problem(None, shown, f"table {name!r}: {setting} {shown} is not read; {remedy}")
    yield from _in_columns(table["schema"]["fields"], wanted["schema"]["fields"], name)
    given, allowed = _keys(table["schema"], name), _keys(wanted["schema"], name)
    for key in allowed:
        if given[key] != allowed[key]:
            shown = json.dumps(allowed[key])
            message = f"table {name!r}: {key} differs from the kit's; write {shown}"
            yield _problem(None, quoted(given[key]), message)


def _in_columns(
    fields: list[dict[str, Any]], wanted: list[dict[str, Any]], table: str
) -> Iterator[Problem]:
    given = {field["name"]: field for field in fields}
    allowed = {field["name"]: field for field in wanted}
    spare = [name for name in given if name not in allowed]
    for name, field in allowed.items():
        if name not in given:
            message = f"column is missing from the schema{hint(name, spare)}; add it"
            yield _problem(f"{table}.{name}", None, message)
            continue
        for rule in RULES:
            if _plain(given[name].get(rule)) != _plain(field.get(rule)):
                shown = json.dumps(field.get(rule), ensure_ascii=False)
                message = f"{rule} {quoted(given[name].get(rule))} differs from the kit's; "
                yield _problem(f"{table}.{name}", None, f"{message}write {shown}")
    for name in spare:
        message = f"{quoted(name)} is not a column of this table{hint(name, allowed)}"
        yield _problem(f"{table}.{name}", name, f"{message}; rename or remove it")


def _plain(value: object) -> object:
    """Treat what stands for the default like what is left out."""
    if isinstance(value, str):
        return None if value.lower() in ("default", "utf-8", "csv") else value
    return value or None


def _keys(schema: dict[str, Any], table: str) -> dict[str, Any]:
    """Bring the keys of a schema into one form, whichever way they are written."""
    primary = schema.get("primaryKey", [])
    links = sorted(
        [link["fields"], link["reference"]["resource"] or table, link["reference"]["fields"]]
        for link in schema.get("foreignKeys", [])
    )
    return {
        "primaryKey": [primary] if isinstance(primary, str) else primary,
        "foreignKeys": [
            {"fields": column, "reference": {"resource": resource, "fields": target}}
            for column, resource, target in links
        ],
        "missingValues": schema.get("missingValues", [""]),
    }
