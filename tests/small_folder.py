"""A small valid folder with every type, key and rule, to be spoilt by the tests that use it."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from cancerres_kit.schema.validation import problems

ID = "^[a-z][a-z0-9_]*$"
MARKS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
FREE_TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=MARKS)).map(
    str.strip
)
"""Whatever a cell may hold: no control characters, no marks that turn the direction of writing."""

SHAPE: dict[str, Any] = {
    "name": "small",
    "version": "1.2.3",
    "resources": [
        {
            "name": "kinds",
            "path": "kinds.csv",
            "encoding": "utf-8",
            "schema": {
                "fields": [
                    {
                        "name": "kind_id",
                        "type": "string",
                        "description": "Key of the kind.",
                        "constraints": {"required": True, "pattern": ID},
                    },
                    {"name": "parent_id", "type": "string"},
                    {
                        "name": "name",
                        "type": "string",
                        "constraints": {"required": True, "unique": True},
                    },
                ],
                "primaryKey": "kind_id",
                "missingValues": [""],
                "foreignKeys": [
                    {"fields": "parent_id", "reference": {"resource": "", "fields": "kind_id"}}
                ],
            },
        },
        {
            "name": "items",
            "path": "items.csv",
            "schema": {
                "fields": [
                    {"name": "kind_id", "type": "string", "constraints": {"required": True}},
                    {"name": "number", "type": "integer", "constraints": {"minimum": 1}},
                    {
                        "name": "state",
                        "type": "string",
                        "constraints": {"required": True, "enum": ["solid", "liquid", "gas"]},
                    },
                    {
                        "name": "share_percent",
                        "type": "number",
                        "unit": "percent",
                        "constraints": {"minimum": 0, "maximum": 100},
                    },
                    {"name": "is_open", "type": "boolean"},
                    {"name": "day", "type": "date"},
                    {"name": "code", "type": "string", "constraints": {"minLength": 2}},
                    {"name": "note", "type": "string"},
                ],
                "primaryKey": ["kind_id", "number"],
                "missingValues": [""],
                "foreignKeys": [
                    {"fields": "kind_id", "reference": {"resource": "kinds", "fields": "kind_id"}}
                ],
            },
        },
    ],
}

KINDS = [
    ["kind_id", "parent_id", "name"],
    ["metal", "", "Metal"],
    ["iron", "metal", "Iron"],
    ["steel", "iron", "Steel"],
]
ITEMS = [
    ["kind_id", "number", "state", "share_percent", "is_open", "day", "code", "note"],
    ["iron", "1", "solid", "12.5", "true", "2026-01-31", "007", "first, second"],
    ["iron", "2", "liquid", "", "", "", "", "two\nlines"],
    ["steel", "1", "gas", "1e1", "false", "2025-12-01", "NA", ""],
]


def tables() -> dict[str, list[list[str]]]:
    """Copies of the rows, header first, by file name."""
    return {"kinds.csv": deepcopy(KINDS), "items.csv": deepcopy(ITEMS)}


def shape() -> dict[str, Any]:
    """A copy of the descriptor."""
    return deepcopy(SHAPE)


def csv_text(rows: list[list[str]]) -> str:
    """Write rows as CSV in which every cell is quoted."""
    quoted = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in rows]
    return "".join(",".join(row) + "\n" for row in quoted)


def write(
    folder: Path,
    rows: dict[str, list[list[str]]] | None = None,
    *,
    described: object = SHAPE,
) -> Path:
    """Write the folder, valid unless other rows or another descriptor are given."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    for name, lines in (rows or tables()).items():
        (folder / name).write_bytes(csv_text(lines).encode())
    return folder


def said(folder: Path) -> list[str]:
    """What is wrong with a folder of this shape, one text per problem."""
    return [str(problem) for problem in problems(folder, shape=SHAPE)]
