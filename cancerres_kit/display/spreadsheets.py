"""Tables as CSV text that a spreadsheet opens without running anything.

One decision: what a spreadsheet could take for a formula gets an apostrophe in front, as OWASP
recommends; numbers in numeric columns stay numbers.
"""

from __future__ import annotations

import re
from urllib.parse import quote

import pandas as pd

from cancerres_kit.display.prose import count, escape

# Also after a semicolon or a new line, where a spreadsheet with other separators starts a cell.
_FORMULA = re.compile(r"((?:^|[;\t\r\n])[\s\ufeff\u200b]*)(?=[=+\-@＝＋－＠])")  # noqa: RUF001
_CONTROL = re.compile(r"^(?=[\t\r\n])")
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)
LONGEST_NAME = 80


def csv(frame: pd.DataFrame) -> str:
    """Write a frame as CSV: all columns, no index, UTF-8 when encoded, lines end in LF.

    Parameters
    ----------
    frame : DataFrame
        Any frame. Tuples and lists are joined by "; ". Texts (and column names) that a spreadsheet
        could take for a formula get an apostrophe in front, and their line breaks become LF;
        numbers are left as they are.

    Returns
    -------
    str
        The CSV text; a missing value is an empty cell.
    """
    harmless = frame.copy()
    for place, dtype in enumerate(frame.dtypes):
        if not (
            pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_datetime64_any_dtype(dtype)
        ):
            cells = [_harmless(value) for value in frame.iloc[:, place]]
            harmless.isetitem(place, cells)
    harmless.columns = pd.Index([_harmless(name) for name in frame.columns])
    return harmless.to_csv(index=False, lineterminator="\n")


def download(frame: pd.DataFrame, name: str) -> str:
    """Offer a frame as a CSV file inside the page; needs no server.

    Parameters
    ----------
    frame : DataFrame
        What to offer, with all its columns, as `csv` writes it.
    name : str
        File name; what is unsafe in one is replaced, and ``.csv`` is added where it lacks.

    Returns
    -------
    str
        An HTML link with the table as data.
    """
    file = file_name(name)
    address = "data:text/csv;charset=utf-8," + quote(csv(frame), safe="")
    text = f"Download {file} ({count(len(frame), 'row')}, all columns)"
    return f'<a download="{file}" href="{address}">{escape(text)}</a>'


def file_name(name: str) -> str:
    """Make a name safe on every system: letters, digits, ``.``, ``_`` and ``-``, ending in .csv."""
    stem = name.removesuffix(".csv")
    stem = re.sub(r"[^A-Za-z0-9._-]+", "_", stem)
    stem = re.sub(r"\.{2,}", ".", stem).strip("._-")[:LONGEST_NAME].rstrip("._-")
    return (_RESERVED.sub(r"\1_", stem) or "table") + ".csv"


def _harmless(value: object) -> object:
    if isinstance(value, tuple | list):
        value = "; ".join(str(item) for item in value)
    if not isinstance(value, str):
        return value
    # A bare CR would not be quoted, and so would start a row of its own.
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return _FORMULA.sub(r"\1'", _CONTROL.sub("'", lines))
