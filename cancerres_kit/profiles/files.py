"""Read a profile from a small CSV file.

One decision: the file holds two columns and no others, because every further column is a chance to
say whose tumour it is.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

from cancerres_kit.alterations import Alteration
from cancerres_kit.profiles.privacy import refuse_identifying
from cancerres_kit.profiles.profile import Profile, found_in
from cancerres_kit.schema.problems import DataError, Problem, hint, quoted

COLUMNS = ("cancer_type", "alteration")
LARGEST_BYTES = 1_000_000


def read(path: str | os.PathLike[str]) -> Profile:
    """Read a profile from a CSV file.

    Parameters
    ----------
    path : path-like
        A UTF-8 file with a header and the columns cancer_type (the same in every row; may be
        empty after the first) and alteration, one alteration a row.

    Returns
    -------
    Profile

    Raises
    ------
    DataError
        If the file cannot be read, has other columns or one twice (columns that may identify a
        person are refused before a row is read), has a row with more cells than the header,
        holds no alteration, one twice or one that cannot be read, or more than one cancer type;
        lists everything that is wrong with its line.
    """
    if not isinstance(path, str | os.PathLike):
        raise DataError(f"a profile is given by the path of its file, not {quoted(path)}")
    file = Path(path)
    lines = list(csv.reader(_text(file).splitlines()))
    header = [name.strip() for name in lines[0]] if lines else []
    refuse_identifying(header, file=file.name, line=1)
    _refuse_other(header, file.name)
    rows = [
        (number, dict(zip(header, (cell.strip() for cell in cells), strict=False)))
        for number, cells in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in cells)
    ]
    problems: list[Problem] = []
    types = _types(rows, file.name, problems)
    found = _alterations(rows, file.name, problems)
    problems += _too_long(lines, file.name)
    if problems:
        raise DataError(problems)
    if not found:
        raise DataError([Problem(file.name, None, None, None, "no alterations in the file")])
    return Profile(types[0], found)


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST_BYTES:
            what = "is too large for one profile; is it a MAF? Then use read_maf"
            raise DataError(f"{quoted(str(file))} {what}")
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{quoted(str(file))} is no UTF-8 text; save it as CSV UTF-8") from error
    except OSError as error:
        raise DataError(f"{quoted(str(file))} cannot be read: {error.strerror}") from error


def _refuse_other(header: list[str], file: str) -> None:
    problems = [
        Problem(file, 1, name, None, f"column is missing{hint(name, header)}; the header is: "
                "cancer_type,alteration")
        for name in COLUMNS
        if name not in header
    ]  # fmt: skip
    problems += [
        Problem(
            file,
            1,
            name,
            None,
            f"the column stands {header.count(name)} times; keep one, "
            "and write one alteration in a row",
        )
        for name in COLUMNS
        if header.count(name) > 1
    ]
    problems += [
        Problem(file, 1, name, None, "no such column in a profile; allowed: cancer_type, "
                "alteration; remove it")
        for name in header
        if name not in COLUMNS
    ]  # fmt: skip
    if problems:
        raise DataError(problems)


def _too_long(lines: list[list[str]], file: str) -> list[Problem]:
    """List the rows with cells beyond the header: a second alteration would be lost."""
    columns = len(lines[0])
    return [
        Problem(
            file,
            number,
            None,
            None,
            f"the row has {len(cells)} cells and the header {columns}; write one alteration in a "
            "row, or join several by AND",
        )
        for number, cells in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in cells[columns:])
    ]


def _types(rows: list[tuple[int, dict[str, str]]], file: str, problems: list[Problem]) -> list[str]:
    """Return the cancer types given; note if there is none or more than one."""
    given = {row.get("cancer_type", ""): number for number, row in reversed(rows)}
    given.pop("", None)
    types = sorted(given, key=lambda value: given[value])
    for other in types[1:]:
        message = f"{quoted(other)} after {quoted(types[0])}: a file holds one tumour; split it"
        problems.append(Problem(file, given[other], "cancer_type", other, message))
    if not types and rows:
        problems.append(Problem(file, 2, "cancer_type", "", "no cancer type is given"))
    return types


def _alterations(
    rows: list[tuple[int, dict[str, str]]], file: str, problems: list[Problem]
) -> list[Alteration]:
    lines: dict[Alteration, int] = {}
    for number, row in rows:
        text = row.get("alteration", "")
        try:
            found = found_in(text)
        except DataError as error:
            column = "alteration"
            messages = (problem.message for problem in error.problems)
            problems.extend(Problem(file, number, column, text, what) for what in messages)
            continue
        for one in found:
            if one in lines:
                message = f"alteration '{one}' stands in line {lines[one]} too; leave one out"
                problems.append(Problem(file, number, "alteration", text, message))
            lines.setdefault(one, number)
    return list(lines)
