"""Words for sentences that are computed from data: numbers with nouns, lists, safe text.

One decision: text from a table is made harmless by character references, which Markdown and HTML
both show as the plain character, so that one function serves both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

NOTICE = (
    "Teaching material: not medical advice, and no basis for a decision about any patient's "
    "treatment."
)

_SPECIAL = re.compile(r"[&<>\"'\\`*_\[\]|~$]|:(?=//)|(?<=www)\.|@", re.IGNORECASE)
# At the start of a line these open a heading, a list or a rule.
_OPENING = re.compile(r"^([#+=-])|^(\d+)([.)])")


def count(n: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: ``count(1, "claim")`` is "1 claim", ``count(3, "claim")`` "3 claims".

    Parameters
    ----------
    n : int
        How many.
    noun : str
        The noun in the singular.
    plural : str, optional
        The plural, where the usual rules (-s, -es, -ies) do not give it.

    Returns
    -------
    str
    """
    return f"{n} {noun if n == 1 else plural or _plural(noun)}"


def agree(n: int, singular: str, plural: str) -> str:
    """The form of a verb (or any word) that goes with a number: ``agree(n, "is", "are")``.

    Parameters
    ----------
    n : int
        How many.
    singular, plural : str
        The form for one, and for any other number.

    Returns
    -------
    str
    """
    return singular if n == 1 else plural


def listing(names: Iterable[str], *, limit: int | None = None) -> str:
    """Names in a row: "a, b and c"; beyond the limit "a, b and 3 more"; without any "none".

    Parameters
    ----------
    names : iterable of str
        What to list, in this order; missing values are left out.
    limit : int, optional
        How many names to show.

    Returns
    -------
    str
        Plain text; put `escape` around it in Markdown.
    """
    shown = [str(name) for name in names if not pd.isna(name)]
    if limit is not None and len(shown) > limit:
        shown = [*shown[:limit], f"{len(shown) - limit} more"]
    if len(shown) < 2:
        return shown[0] if shown else "none"
    return ", ".join(shown[:-1]) + " and " + shown[-1]


def percent(part: float, whole: float) -> str:
    """A share as a whole percentage: "43%"; "<1%" and ">99%" where rounding would say none or all.

    Parameters
    ----------
    part, whole : float
        In the same unit, whichever it is.

    Returns
    -------
    str
        A share of nothing is no number and reads "no share (of none)".
    """
    if not whole:
        return "no share (of none)"
    share = 100 * part / whole
    if 0 < share < 1:
        return "<1%"
    if 99 < share < 100:
        return ">99%"
    return f"{share:.0f}%"


def escape(text: object) -> str:
    """Text from a table such that HTML and Markdown show it letter by letter, on one line.

    Parameters
    ----------
    text : object
        A name or sentence; a missing value gives an empty text.

    Returns
    -------
    str
    """
    if text is None or text is pd.NA or text != text:  # only a missing number differs from itself
        return ""
    line = " ".join(str(text).split())
    line = _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", line)
    return _OPENING.sub(_opening, line)


def _opening(found: re.Match[str]) -> str:
    mark, number, point = found.groups()
    return f"&#{ord(mark)};" if mark else f"{number}&#{ord(point)};"


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")
