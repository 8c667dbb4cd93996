"""Open a folder of CSV files that a `datapackage.json` describes, trusting nothing in it.

One decision: bytes are turned into rows in this module only, so that the reader and the validator
see the same cells with the same line numbers, and nothing outside the folder is ever opened.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cancerres_kit.schema.problems import DataError, Problem, quoted

DESCRIPTOR = "datapackage.json"
# Tab, line feed and carriage return are judged as white space; all others have no place in a text.
# Marks that turn the direction of writing can make a name look like another.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
NOT_UTF8 = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True)
class Sheet:
    """The cells of one CSV file as they are written, and what is wrong with the file itself.

    Parameters
    ----------
    file : str
        Name of the file as the descriptor gives it.
    header : list of str
        Column names; empty if the file could not be read.
    rows : list of list of str
        Cells, row by row; each row is as long as the header.
    lines : list of int
        Line, counted from 1, on which each row starts.
    problems : list of Problem
        What is wrong with encoding, quotes and row lengths.
    is_complete : bool
        Whether the file could be read to its end.
    """

    file: str
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    is_complete: bool = False


def descriptor(folder: Path) -> dict[str, Any]:
    """Read the descriptor of a folder and check that it lists tables with columns.

    Returns
    -------
    dict
        Its ``resources`` each have a ``name``, a ``path`` and a ``schema`` with typed ``fields``.

    Raises
    ------
    DataError
        If there is no such folder or descriptor, or if it is not JSON of that form.
    """
    if not _holds(folder.is_dir):
        state = "is not a folder" if _holds(folder.exists) else "does not exist"
        raise DataError(f"folder {quoted(str(folder))} {state}; give a folder with a {DESCRIPTOR}")
    path = inside(folder, DESCRIPTOR)
    if not _holds(path.is_file):
        remedy = "copy the shipped one from cancerres_kit.schema.data_root()"
        raise DataError(f"folder {quoted(str(folder))} has no {DESCRIPTOR}; {remedy}")
    try:
        described = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise _descriptor_error(f"is not JSON in UTF-8 ({reason})") from None
    _check_form(described)
    return dict(described)


def _holds(check: Callable[[], bool]) -> bool:
    """Answer no where pathlib raises: for names that no file system accepts, or that are locked."""
    try:
        return check()
    except (OSError, ValueError):
        return False


def _descriptor_error(message: str) -> DataError:
    remedy = "; compare with the shipped one in cancerres_kit.schema.data_root()"
    return DataError([Problem(DESCRIPTOR, None, None, None, message + remedy)])


def _check_form(described: object) -> None:
    """Refuse a descriptor that later steps could not walk through."""
    tables = described.get("resources") if isinstance(described, dict) else None
    if not isinstance(tables, list) or not tables:
        raise _descriptor_error("has no list of 'resources'")
    for number, table in enumerate(tables, start=1):
        where = f"resource {number}"
        if not isinstance(table, dict) or not isinstance(table.get("name"), str):
            raise _descriptor_error(f"{where} has no 'name'")
        where += f" {quoted(table['name'])}"
        if not isinstance(table.get("path"), str):
            raise _descriptor_error(f"{where} has no 'path' that is one file name")
        schema = table["schema"] if isinstance(table.get("schema"), dict) else {}
        if not _are(_is_field, schema.get("fields")) or not schema["fields"]:
            raise _descriptor_error(f"{where} has no 'schema' with 'fields' of 'name' and 'type'")
        primary = schema.get("primaryKey", [])
        if not _are(_is_text, [primary] if isinstance(primary, str) else primary):
            raise _descriptor_error(f"{where} has a 'primaryKey' that names no columns")
        if not _are(_is_link, schema.get("foreignKeys", [])):
            raise _descriptor_error(f"{where} has 'foreignKeys' that do not link single columns")


def _are(test: Callable[[object], bool], items: object) -> bool:
    return isinstance(items, list) and all(test(item) for item in items)


def _is_text(item: object) -> bool:
    return isinstance(item, str)


def _is_field(item: object) -> bool:
    if not isinstance(item, dict) or not isinstance(item.get("constraints", {}), dict):
        return False
    allowed = item.get("constraints", {}).get("enum", [])
    return isinstance(allowed, list) and all(
        isinstance(text, str) for text in [item.get("name"), item.get("type"), *allowed]
    )


def _is_link(item: object) -> bool:
    target = item.get("reference") if isinstance(item, dict) else None
    return (
        isinstance(item, dict)
        and isinstance(target, dict)
        and all(isinstance(text, str) for text in (item.get("fields"), target.get("fields")))
        and isinstance(target.get("resource"), str)
    )


def inside(folder: Path, name: str) -> Path:
    """Find a file of the folder, refusing every path that leads out of it.

    Raises
    ------
    DataError
        If the path is absolute, an address, climbs out by ``..`` or by a symbolic link.
    """
    remedy = "name a file inside the folder, such as 'claims.csv'"
    try:
        path = folder / name
        parts = Path(name.replace("\\", "/")).parts
        stays = ".." not in parts and ":" not in name and not name.startswith(("/", "\\"))
        if stays and path.resolve().is_relative_to(folder.resolve()):
            return path
    except (OSError, ValueError, RuntimeError) as error:
        remedy = f"{type(error).__name__}; {remedy}"
    message = f"path {quoted(name)} leads out of the folder or nowhere; {remedy}"
    raise DataError([Problem(DESCRIPTOR, None, None, name, message)])


def sheet(folder: Path, name: str) -> Sheet:
    """Read one CSV file of the folder into cells with line numbers; never raises for its contents.

    Parameters
    ----------
    folder : Path
        Folder with the descriptor.
    name : str
        Path of the file as the descriptor gives it.
    """
    try:
        path = inside(folder, name)
        if not _holds(path.is_file):
            raise DataError([Problem(name, None, None, None, "is missing; add it with its header")])
        raw = path.read_bytes()
    except DataError as error:
        return Sheet(name, problems=list(error.problems))
    except OSError as error:
        message = f"cannot be read ({error.strerror}); check its permissions"
        return Sheet(name, problems=[Problem(name, None, None, None, message)])
    text = raw.decode("utf-8", "surrogateescape")
    problems = _text_problems(name, text)
    return _split(Sheet(name, problems=problems), text.removeprefix("\ufeff"))


def _text_problems(name: str, text: str) -> list[Problem]:
    """Judge the text as a whole: byte order mark, encoding, control characters."""
    found = []
    if text.startswith("\ufeff"):
        message = "starts with a byte order mark; save it as UTF-8 without BOM"
        found.append(Problem(name, 1, None, "\ufeff", message))
    wrong = NOT_UTF8.search(text)
    if wrong:
        line = text.count("\n", 0, wrong.start()) + 1
        byte = f"0x{ord(wrong[0]) - 0xDC00:02x}"
        more = len(NOT_UTF8.findall(text)) - 1
        message = f"byte {byte} is not UTF-8{_more(more)}; save the file as UTF-8"
        return [*found, Problem(name, line, None, byte, message)]
    control = CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        more = len(CONTROL.findall(text)) - 1
        message = f"control character {control[0]!r}{_more(more)}; remove it"
        found.append(Problem(name, line, None, control[0], message))
    return found


def _more(count: int) -> str:
    return f" (and {count} more)" if count > 0 else ""


def _split(empty: Sheet, text: str) -> Sheet:
    """Split a text into rows that are all as long as the header."""
    name, problems = empty.file, empty.problems
    records: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line, is_complete = 1, False
    try:
        for record in reader:
            records.append((line, record))
            line = reader.line_num + 1
        is_complete = True
    except csv.Error as error:
        message = f"cannot be split into cells from here on ({error}); close or double the quotes"
        problems.append(Problem(name, line, None, None, message))
    if not records or not any(records[0][1]):
        message = "has no header line; write the column names on its first line"
        return Sheet(name, problems=[*problems, Problem(name, 1, None, None, message)])
    header = records[0][1]
    rows = [(line, row) for line, row in records[1:] if _is_full(name, line, row, header, problems)]
    lines = [line for line, _ in rows]
    return Sheet(name, header, [row for _, row in rows], lines, problems, is_complete)


def _is_full(
    name: str, line: int, row: list[str], header: list[str], problems: list[Problem]
) -> bool:
    """Tell whether a row holds anything; reports it and evens it out where its length is wrong."""
    width = len(header)
    if not any(row):
        problems.append(Problem(name, line, None, None, "the row is empty; remove it"))
    elif len(row) != width:
        message = f"{len(row)} cells where the header has {width}; quote cells that hold commas"
        problems.append(Problem(name, line, None, None, message))
        row[:] = (row + [""] * width)[:width]
    return any(row)
