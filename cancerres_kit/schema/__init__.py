"""Read a folder of CSV files with the types that its Table Schema gives.

One decision: reading trusts, validating does not. The shipped tables were validated when they were
committed, so reading them needs no validator and stays light; a user's folder is validated first.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cancerres_kit.schema.folders import Sheet, descriptor, sheet
from cancerres_kit.schema.problems import DataError, Problem, nearest, quoted, unknown

__all__ = [
    "DataError",
    "Problem",
    "data_root",
    "describe",
    "dictionary",
    "nearest",
    "read",
    "unknown",
    "validate",
]

# Fixed storage: the same frames whether or not pyarrow happens to be installed.
TEXT = pd.StringDtype("python", na_value=np.nan)
BOOLEANS = {"true": True, "True": True, "TRUE": True, "1": True}
BOOLEANS |= {"false": False, "False": False, "FALSE": False, "0": False}


def data_root() -> Path:
    """Find the folder with the shipped tables.

    Returns
    -------
    pathlib.Path
        ``_data`` inside the installed package, or ``data`` of the checkout that it runs from.

    Raises
    ------
    DataError
        If neither is there.
    """
    package = Path(__file__).parent.parent
    for folder in (package / "_data", package.resolve().parent / "data"):
        if folder.is_dir():
            return folder
    raise DataError(f"no tables beside {str(package)!r}; install cancerres-kit again")


def describe(folder: str | os.PathLike[str] | None = None) -> dict[str, Any]:
    """Read the descriptor of a folder.

    Parameters
    ----------
    folder : path-like, optional
        Folder with a ``datapackage.json``; the shipped tables if left out.

    Returns
    -------
    dict
        The descriptor; its ``resources`` are the tables.

    Raises
    ------
    DataError
        If there is no folder or no readable descriptor.
    """
    return descriptor(_root(folder))


def read(folder: str | os.PathLike[str] | None = None) -> dict[str, pd.DataFrame]:
    """Read all tables of a folder without validating them.

    Parameters
    ----------
    folder : path-like, optional
        Folder with a ``datapackage.json``; the shipped tables if left out.

    Returns
    -------
    dict of str to pandas.DataFrame
        One frame per table, by its name, columns as the schema orders them: strings as ``str``,
        closed lists as ``category`` in the schema's order, ``Int64``, ``float64``, ``boolean`` and
        ``datetime64[s]``. Only an empty cell is missing.

    Raises
    ------
    DataError
        If a file cannot be read at all or a cell is not of its column's type.
    """
    root = _root(folder)
    return {
        table["name"]: _frame(sheet(root, table["path"]), table["schema"]["fields"])
        for table in descriptor(root)["resources"]
    }


def dictionary(folder: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """List every column of every table.

    Parameters
    ----------
    folder : path-like, optional
        Folder with a ``datapackage.json``; the shipped tables if left out.

    Returns
    -------
    pandas.DataFrame
        One row per column: table, column, type, unit, meaning, key (``primary`` or
        ``table.column`` that it points to), allowed (closed list, joined by ", ").

    Raises
    ------
    DataError
        If there is no folder or no readable descriptor.
    """
    header = ["table", "column", "type", "unit", "meaning", "key", "allowed"]
    rows = [
        [table["name"], *_meaning(field), _key(table, field["name"]), _allowed(field)]
        for table in describe(folder)["resources"]
        for field in table["schema"]["fields"]
    ]
    columns = zip(header, zip(*rows, strict=True), strict=True)
    return pd.DataFrame({name: _text([str(cell) for cell in cells]) for name, cells in columns})


def _meaning(field: dict[str, Any]) -> list[str]:
    return [field["name"], field["type"], field.get("unit", ""), field.get("description", "")]


def _allowed(field: dict[str, Any]) -> str:
    return ", ".join(str(value) for value in field.get("constraints", {}).get("enum", []))


def _key(table: dict[str, Any], column: str) -> str:
    """Say whether a column is (part of) the key, and what it points to."""
    primary = table["schema"].get("primaryKey", [])
    roles = ["primary"] if column in ([primary] if isinstance(primary, str) else primary) else []
    for link in table["schema"].get("foreignKeys", []):
        if link["fields"] in (column, [column]):
            target = link["reference"]
            roles.append(f"{target['resource'] or table['name']}.{target['fields']}")
    return ", ".join(roles)


def validate(folder: str | os.PathLike[str] | None = None) -> list[Problem]:
    """Check a folder against the schema of the shipped tables; changes nothing.

    Parameters
    ----------
    folder : path-like, optional
        Folder with a ``datapackage.json``; the shipped tables if left out.

    Returns
    -------
    list of Problem
        Everything that is wrong, by table and line; empty if the folder is valid.

    Raises
    ------
    DataError
        If the validator is not installed, or what is given names no folder.
    """
    from cancerres_kit.schema import validation  # brings the validator, which loading must not need

    return validation.problems(_root(folder), shape=describe())


def _root(folder: str | os.PathLike[str] | None) -> Path:
    """Return the folder that is meant; an empty text is a slip, not the current folder."""
    if folder is None:
        return data_root()
    if not isinstance(folder, str | os.PathLike) or not os.fspath(folder):
        given = quoted(folder)
        raise DataError(f"{given} names no folder; leave it out to use the shipped tables")
    return Path(folder)


def _frame(cells: Sheet, fields: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Give the cells of one file their types."""
    if cells.problems:
        raise DataError(cells.problems)
    names = [field["name"] for field in fields]
    if missing := [name for name in names if name not in cells.header]:
        lacking = [Problem(cells.file, 1, name, None, "column is missing") for name in missing]
        raise DataError(lacking)
    written = zip(*cells.rows, strict=True) if cells.rows else [()] * len(cells.header)
    columns = dict(zip(cells.header, written, strict=True))
    typed = {field["name"]: _column(columns[field["name"]], field, cells) for field in fields}
    return pd.DataFrame(typed, columns=pd.Index(names, dtype=TEXT), copy=False)


def _column(cells: Sequence[str], field: dict[str, Any], origin: Sheet) -> Any:
    """Type one column; name the first cell that is not of its type."""
    name, kind = field["name"], field["type"]
    categories = field.get("constraints", {}).get("enum") if kind == "string" else None
    convert = _categories(categories) if categories else TYPES.get(kind)
    if convert is None:
        raise unknown(kind, TYPES, what="type", where=f"column {name} in the descriptor")
    try:
        return convert(cells)
    except (ValueError, KeyError, OverflowError):
        wrong = next(at for at, cell in enumerate(cells) if not _converts(convert, cell))
    line, cell = origin.lines[wrong], cells[wrong]
    message = f"{quoted(cell)} is not a valid {kind}; validate the folder to see what is allowed"
    raise DataError([Problem(origin.file, line, name, cell, message)])


def _converts(convert: Callable[[Sequence[str]], Any], cell: str) -> bool:
    try:
        convert([cell])
    except (ValueError, KeyError, OverflowError):
        return False
    return True


def _text(cells: Sequence[str]) -> Any:
    return pd.array(np.array([cell or np.nan for cell in cells], dtype=object), dtype=TEXT)


def _integers(cells: Sequence[str]) -> Any:
    values = np.array([int(cell or 0) for cell in cells], dtype=np.int64)
    return pd.arrays.IntegerArray(values, _is_empty(cells))


def _numbers(cells: Sequence[str]) -> Any:
    return np.array([float(cell or "nan") for cell in cells], dtype=np.float64)


def _booleans(cells: Sequence[str]) -> Any:
    values = np.array([bool(cell) and BOOLEANS[cell] for cell in cells], dtype=bool)
    return pd.arrays.BooleanArray(values, _is_empty(cells))


def _dates(cells: Sequence[str]) -> Any:
    days = [date.fromisoformat(cell) if cell else None for cell in cells]
    return np.array(days, dtype="datetime64[s]")


def _categories(allowed: Sequence[str]) -> Callable[[Sequence[str]], Any]:
    values = list(dict.fromkeys(allowed))
    dtype = pd.CategoricalDtype(pd.Index(values, dtype=TEXT))
    codes = {value: code for code, value in enumerate(values)} | {"": -1}

    def convert(cells: Sequence[str]) -> Any:
        return pd.Categorical.from_codes([codes[cell] for cell in cells], dtype=dtype)

    return convert


def _is_empty(cells: Sequence[str]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return np.array([not cell for cell in cells], dtype=bool)


TYPES: dict[str, Callable[[Sequence[str]], Any]] = {
    "string": _text,
    "integer": _integers,
    "number": _numbers,
    "boolean": _booleans,
    "date": _dates,
}
