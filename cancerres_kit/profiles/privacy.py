"""Refuse files that say whose tumour it is.

One decision: a column is judged by its name alone and before a single row is read, so that no
name, date of birth or record number ever gets into memory that could be shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cancerres_kit.schema.problems import DataError, Problem

_PERSON = r"(?:patient|subject|person|participant|donor|pat)s?"
_IDENTIFYING = re.compile(
    rf"(?:{_PERSON}_)?"
    r"(?:(?:first|last|middle|given|family|full|birth|maiden)?_?names?|surname|initials|dob|born"
    r"|(?:date|day|month|year|place)_of_(?:birth|death)|birth_?(?:date|day|month|year|place)"
    r"|date_birth|death_date|mrn|ssn|nhs|nino|address|street|city|post_?code|zip(?:_?code)?"
    r"|e_?mail|(?:tele|mobile_)?phone|mobile|physician|doctor|hospital"
    r"|(?:(?:medical|health|hospital|clinical)_?)?record_?(?:no|nr|num|number|id)"
    r"|(?:hospital|insurance|national|health|social_security|nhs|passport|case)"
    r"_?(?:no|nr|num|number|id))"
    rf"|{_PERSON}(?:_?(?:no|nr|num|number|id|code))?"
)
# A MAF of the GDC names cases by codes of its own; they are read over and never kept.
_CODES = frozenset({"case_id"})


def refuse_identifying(columns: Iterable[str], *, file: str, line: int) -> None:
    """Raise if a column by its name says whose tumour it is.

    Parameters
    ----------
    columns : iterable of str
        Header of the file.
    file : str
        Name of the file, for the message.
    line : int
        Line of the header, counted from 1.

    Raises
    ------
    DataError
        If there is such a column; names every one.
    """
    problems = [
        Problem(
            file,
            line,
            column,
            None,
            "this column may say whose tumour it is, and nothing of the file was read; remove "
            "names, dates of birth, record numbers and the like, and give only the alterations",
        )
        for column in columns
        if _IDENTIFYING.fullmatch(plain := _plain(column)) and plain not in _CODES
    ]
    if problems:
        raise DataError(problems)


def _plain(column: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column.strip())
    return re.sub(r"[^a-z0-9]+", "_", spaced.casefold()).strip("_")
