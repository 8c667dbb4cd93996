"""Words for pictures: numbers with nouns, lists, safe and wrapped text.

One decision: text from a table is escaped where it enters a picture, line by line after wrapping,
so that an entity is never cut in two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import Any

import pandas as pd

# Plotly reads these as mark-up: a small subset of HTML, and mathematics between dollar signs.
ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;"})
# What an arrow or a cell can rest on; a frame needs only the first of these columns.
SUPPORTS = {
    "n_claims": "claim",
    "n_evidence": "evidence item",
    "n_countermeasures": "countermeasure",
}
NUMERALS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def plain(value: Any) -> str:
    """Text of a cell on one line; a missing cell is empty."""
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    return " ".join(str(value).split())


def escape(value: Any) -> str:
    """Text of a cell such that Plotly shows it letter by letter."""
    return plain(value).translate(ENTITIES)


def folded(value: Any, width: int, *, lines: int | None = None) -> str:
    """Text of a cell, escaped and broken into lines of at most `width` characters.

    Parameters
    ----------
    value : object
        Cell of a table.
    width : int
        Characters in a line; longer words are cut.
    lines : int, optional
        Lines to keep; what is left out shows as an ellipsis.
    """
    shown = wrap(plain(value), width, max_lines=lines, placeholder=" …") or [""]
    return "<br>".join(line.translate(ENTITIES) for line in shown)


def depth(text: str) -> int:
    """Number of lines of a folded text."""
    return text.count("<br>") + 1


def count(n: int, noun: str, plural: str = "") -> str:
    """A number with its noun: ``"1 claim"``, ``"3 claims"``."""
    return f"{n} {noun if n == 1 else plural or noun + 's'}"


def numeral(n: int) -> str:
    """A small number as a word, a large one in digits."""
    return NUMERALS[n] if n < len(NUMERALS) else str(n)


def listing(names: Sequence[str], *, limit: int | None = None) -> str:
    """Names in a row: ``"a, b and c"``; beyond the limit ``"a, b and 3 more"``."""
    if limit is not None and len(names) > limit:
        names = [*names[:limit], f"{len(names) - limit} more"]
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + " and " + names[-1]


def sentence(text: str) -> str:
    """The text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def tally(row: Mapping[str, Any]) -> dict[str, int]:
    """How much of each kind a row of a frame rests on, by noun; kinds without any are left out."""
    numbers = {noun: row.get(column, 0) for column, noun in SUPPORTS.items()}
    return {noun: int(n) for noun, n in numbers.items() if not pd.isna(n) and n > 0}


def tallied(row: Mapping[str, Any]) -> str:
    """What a row rests on: ``"2 claims and 1 evidence item"``."""
    return listing([count(n, noun) for noun, n in tally(row).items()])


def support_noun(rows: Iterable[Mapping[str, Any]]) -> str:
    """What to call what rows rest on: claims, or supports where there is more than claims."""
    return "claim" if all(set(tally(row)) <= {"claim"} for row in rows) else "support"
