"""The file of a release, as text: its columns under one set of names, checked for completeness.

One decision: a file that is not what it should be is refused as a whole and the message says what
it is instead, because half a knowledge base looks just like a whole one.
"""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd

from cancerres_kit.schema.problems import DataError, Problem, hint, quoted

# Names before 2023 -> names now.
RENAMED = {
    "drugs": "therapies",
    "drug_interaction_type": "therapy_interaction_type",
    "clinical_significance": "significance",
    "pubmed_id": "citation_id",
}
NEEDED = (
    "molecular_profile",
    "disease",
    "doid",
    "therapies",
    "evidence_type",
    "evidence_direction",
    "evidence_level",
    "significance",
    "evidence_id",
    "citation_id",
)
OPTIONAL = (
    "therapy_interaction_type",
    "source_type",
    "citation",
    "rating",
    "evidence_status",
    "variant_origin",
    "last_review_date",
    "is_flagged",
)
_NO_TEXT = "it is no UTF-8 text; unpack it if it is compressed"
_OLD_PROFILE = ("gene", "variant")


def read(path: Path) -> pd.DataFrame:
    """Read the columns that are used from a ClinicalEvidenceSummaries file.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    DataFrame
        All rows as text under the names used now, empty where a cell is empty; ``gene`` and
        ``variant`` in place of ``molecular_profile`` where the file has these; ``line``, on which
        the row stands if no cell holds a line break.

    Raises
    ------
    DataError
        If the file cannot be read, is a web page, is no table separated by tabs, lacks columns,
        or breaks off.
    """
    content = _content(path)
    above, header = _header(content)
    if "\ufffd" in header:
        raise _wrong(path, None, _NO_TEXT)
    _refuse_other(path, header)
    written = [name.strip().lower() for name in header.rstrip("\r\n").split("\t")]
    names = [RENAMED.get(name, name) for name in written]
    _refuse_missing(path, names, above + 1)
    _refuse_repeated(path, names, written, above + 1)
    rows = _rows(path, content, above, names)
    rows.insert(0, "line", range(above + 2, above + 2 + len(rows)))
    if rows.empty:
        raise _wrong(path, None, "the table has a header and no rows")
    # Every row has as many tabs as the header; only where the sum is off, rows are looked through.
    tabs = np.count_nonzero(np.frombuffer(content, dtype=np.uint8) == ord("\t"))
    if tabs != (len(names) - 1) * (len(rows) + 1):
        _refuse_broken(path, content, above)
    return rows


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        raise DataError(f"{quoted(str(path))} cannot be read: {error.strerror}") from error


def _header(content: bytes) -> tuple[int, str]:
    """Return the first line that is no comment and not blank, and how many stand above it."""
    above = 0
    for line in io.BytesIO(content):
        if line.strip() and not line.startswith(b"#"):
            return above, line.decode("utf-8", errors="replace")
        above += 1
    return above, ""


def _wrong(path: Path, line: int | None, what: str) -> DataError:
    remedy = "download the ClinicalEvidenceSummaries.tsv of a release again"
    return DataError([Problem(path.name, line, None, None, f"{what}; {remedy}")])


def _refuse_other(path: Path, first: str) -> None:
    if not first.strip():
        raise _wrong(path, None, "the file is empty")
    if first.lstrip().startswith("<"):
        raise _wrong(path, None, "this is a web page (HTML), not a table")
    if "\t" not in first:
        raise _wrong(path, 1, f"no tabs in the first line {quoted(first)}: this is no TSV table")


def _refuse_missing(path: Path, names: list[str], line: int) -> None:
    wanted = [name for name in NEEDED if name not in names]
    if set(_OLD_PROFILE) <= set(names):
        wanted = [name for name in wanted if name != "molecular_profile"]
    old = {new: f" (before 2023: {before})" for before, new in RENAMED.items()}
    old["molecular_profile"] = " (before 2023: gene and variant)"
    problems = [
        Problem(
            path.name,
            line,
            name,
            None,
            f"column is missing{old.get(name, '')}{hint(name, names)}; take the "
            "ClinicalEvidenceSummaries file of a release, not another one",
        )
        for name in wanted
    ]
    if problems:
        raise DataError(problems)


def _refuse_repeated(path: Path, names: list[str], written: list[str], line: int) -> None:
    """Refuse a column that is used and stands twice, under one name or the old and the new."""
    problems = []
    for name in dict.fromkeys(names):
        given = [old for old, new in zip(written, names, strict=True) if new == name]
        if len(given) > 1 and name in {*NEEDED, *OPTIONAL, *_OLD_PROFILE}:
            what = f"the column stands {len(given)} times, as {', '.join(given)}; keep one of them"
            problems.append(Problem(path.name, line, name, None, what))
    if problems:
        raise DataError(problems)


def _rows(path: Path, content: bytes, above: int, names: list[str]) -> pd.DataFrame:
    """Read the cells; a file with stray quotes is read again without regard to quotes."""
    used = {*NEEDED, *OPTIONAL, *_OLD_PROFILE}
    columns = [at for at, name in enumerate(names) if name in used]
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        try:
            rows = pd.read_csv(
                io.BytesIO(content),
                sep="\t",
                skiprows=above,
                usecols=columns,
                dtype=object,
                quoting=quoting,
                index_col=False,
                na_filter=False,
                low_memory=False,
            )
        except UnicodeDecodeError as error:
            raise _wrong(path, None, _NO_TEXT) from error
        except pd.errors.ParserError as error:
            fault = str(error)
            continue
        return rows.set_axis([names[at] for at in columns], axis=1)
    raise _wrong(path, None, f"the table cannot be read ({fault.strip()})")


def _refuse_broken(path: Path, content: bytes, above: int) -> None:
    """Find the first row that has not as many cells as the header."""
    lines = io.StringIO(content.decode("utf-8"), newline="")
    for _ in range(above):
        next(lines)
    reader = csv.reader(lines, delimiter="\t")
    expected = len(next(reader))
    for cells in reader:
        if cells and len(cells) != expected:
            what = f"the row has {len(cells)} cells and the header {expected}"
            if len(cells) < expected:
                what += ": the file breaks off here, as after a broken download"
            raise _wrong(path, above + reader.line_num, what)
