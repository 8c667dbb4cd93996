"""What can be wrong with data, said so that a person can put it right.

One decision: a problem is a value, not an exception. A check collects all of them, and only the
caller who cannot go on raises them together as one `DataError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST_VALUE = 80
SHORTEST_PART = 3  # of a name, to be taken for it
KEPT_END = 50  # of a path the end says most


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where.

    Parameters
    ----------
    file : str
        Name of the file as the folder's descriptor gives it; empty if no file is concerned.
    line : int or None
        Line of the file, counted from 1, on which the row starts.
    column : str or None
        Column; several are joined by commas.
    value : str or None
        What was given.
    message : str
        What is wrong, what is allowed, the nearest valid value and the remedy.
    """

    file: str
    line: int | None
    column: str | None
    value: str | None
    message: str

    def __str__(self) -> str:
        """Place and message on one line that any terminal can print."""
        place = [self.file] if self.file else []
        place += [] if self.line is None else [f"line {self.line}"]
        place += [] if self.column is None else [f"column {self.column}"]
        text = ": ".join([", ".join(place), self.message] if place else [self.message])
        return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


class DataError(ValueError):
    """Something given by the user cannot be used; names everything that is wrong at once.

    Parameters
    ----------
    problems : str or sequence of Problem
        All problems found, or the message of a single one that no file is to blame for.

    Attributes
    ----------
    problems : tuple of Problem
    """

    def __init__(self, problems: str | Sequence[Problem]) -> None:
        if isinstance(problems, str):
            problems = [Problem("", None, None, None, problems)]
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """All problems, one a line."""
        return "\n".join(str(problem) for problem in self.problems)


def quoted(value: object) -> str:
    """Show a value in quotes, on one line; where it is very long, its beginning and its end."""
    text = repr(value)
    if len(text) <= LONGEST_VALUE:
        return text
    return f"{text[: LONGEST_VALUE - KEPT_END - 3]}...{text[-KEPT_END:]}"


def nearest(value: str, allowed: Iterable[str], *, n: int = 1) -> list[str]:
    """Find the allowed values that are spelled most like the given one.

    Parameters
    ----------
    value : str
        What was given.
    allowed : iterable of str
        What could have been meant.
    n : int
        How many to return at most.

    Returns
    -------
    list of str
        Best first; empty if nothing comes near.
    """
    from difflib import get_close_matches  # only errors need it, and loading must stay light

    spellings: dict[str, str] = {}
    for candidate in allowed:
        spellings.setdefault(candidate.casefold(), candidate)
    given = str(value).casefold()
    found = get_close_matches(given, spellings, n=n)
    if not found and len(given) >= SHORTEST_PART:
        found = sorted((one for one in spellings if given in one), key=len)[:n]
    return [spellings[spelling] for spelling in found]


def hint(value: str, allowed: Iterable[str]) -> str:
    """Say which allowed value is nearest, as the tail of a message; empty if none is near."""
    found = nearest(value, allowed)
    return f"; nearest: {found[0]!r}" if found else ""


def unknown(value: object, allowed: Iterable[str], *, what: str, where: str = "") -> DataError:
    """Build the error for a name or id that does not exist.

    Parameters
    ----------
    value : object
        What was given.
    allowed : iterable of str
        What exists.
    what : str
        Kind of thing, in the singular: ``"mechanism"``.
    where : str
        Where all valid values stand: ``"atlas.mechanisms"``.

    Returns
    -------
    DataError
        To be raised by the caller.
    """
    values = [str(candidate) for candidate in allowed]
    message = f"unknown {what} {quoted(value)}{hint(str(value), values)}"
    if not values:
        message += f"; there is no {what} yet"
    elif len(values) <= 12:
        message += "; allowed: " + ", ".join(repr(candidate) for candidate in values)
    return DataError(message + (f"; see {where}" if where else ""))
