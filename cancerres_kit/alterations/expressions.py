"""Expressions of alterations: ``BCR::ABL1 Fusion AND ( ABL1 F317L OR ABL1 F317V )``.

One decision: an expression is a small tree of frozen values that prints as CIViC writes it and
parses back to itself. ``AND`` binds more strongly than ``OR``, ``NOT`` most strongly of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cancerres_kit.alterations.kinds import Alteration
from cancerres_kit.alterations.reading import alteration
from cancerres_kit.schema.problems import DataError, quoted

LONGEST = 20_000
DEEPEST = 40

_TOKEN = re.compile(r"\s*(?:(\bAND\b|\bOR\b|\bNOT\b)(?=[\s(]|$)|([()]))\s*", re.IGNORECASE)


@dataclass(frozen=True)
class And:
    """All parts hold.

    Parameters
    ----------
    parts : tuple of expressions
        At least two; an `And` among them is dissolved, as it means the same.
    """

    parts: tuple[Expression, ...]

    def __post_init__(self) -> None:
        """Dissolve what is nested without need."""
        object.__setattr__(self, "parts", _flat(self.parts, And))

    def __str__(self) -> str:
        """The parts joined by AND."""
        return " AND ".join(_bracketed(part, Or) for part in self.parts)


@dataclass(frozen=True)
class Or:
    """At least one part holds.

    Parameters
    ----------
    parts : tuple of expressions
        At least two; an `Or` among them is dissolved, as it means the same.
    """

    parts: tuple[Expression, ...]

    def __post_init__(self) -> None:
        """Dissolve what is nested without need."""
        object.__setattr__(self, "parts", _flat(self.parts, Or))

    def __str__(self) -> str:
        """The parts joined by OR."""
        return " OR ".join(_bracketed(part, And) for part in self.parts)


@dataclass(frozen=True)
class Not:
    """The part does not hold.

    Parameters
    ----------
    part : expression
        What must be absent.
    """

    part: Expression

    def __str__(self) -> str:
        """NOT and the part."""
        return f"NOT {_bracketed(self.part, And, Or)}"


Expression = Alteration | And | Or | Not


def parse(text: str) -> Expression:
    """Read an alteration or an expression of alterations.

    Parameters
    ----------
    text : str
        Alterations joined by AND, OR and NOT, with parentheses where they are needed;
        ``KRAS G12/G13`` and ``KRAS Q61H/L/R`` mean OR.

    Returns
    -------
    Alteration, And, Or or Not
        Frozen; ``str`` of it is its normal form, which parses to an equal value.

    Raises
    ------
    DataError
        If the text cannot be read; says where, and what is understood.
    """
    if not isinstance(text, str):
        raise DataError(f"an expression is a text, not {quoted(text)}")
    if len(text) > LONGEST:
        raise DataError(f"expression {quoted(text)} is longer than {LONGEST} characters")
    reader = _Reader(text)
    found = reader.any_of(0)
    if reader.tokens:
        raise reader.wrong(f"{quoted(reader.tokens[0])} stands where AND or OR was expected")
    return found


def leaves(expression: Expression) -> Iterator[Alteration]:
    """List the alterations of an expression, in order, those under NOT included.

    Parameters
    ----------
    expression : expression
        What `parse` gives.

    Returns
    -------
    iterator of Alteration
    """
    if isinstance(expression, Alteration):
        yield expression
    elif isinstance(expression, Not):
        yield from leaves(expression.part)
    else:
        for part in expression.parts:
            yield from leaves(part)


class _Reader:
    """The tokens of a text that are still to be read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)

    def wrong(self, what: str) -> DataError:
        remedy = "write for example 'MET Amplification AND NOT ( KRAS G12 OR KRAS G13 )'"
        return DataError(f"expression {quoted(self.text)} is not understood: {what}; {remedy}")

    def take(self, *allowed: str) -> str:
        return self.tokens.pop(0) if self.tokens and self.tokens[0] in allowed else ""

    def any_of(self, depth: int) -> Expression:
        parts = [self.all_of(depth)]
        while self.take("OR"):
            parts.append(self.all_of(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def all_of(self, depth: int) -> Expression:
        parts = [self.one(depth)]
        while self.take("AND"):
            parts.append(self.one(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def one(self, depth: int) -> Expression:
        if depth > DEEPEST:
            raise self.wrong(f"it is nested more than {DEEPEST} deep")
        if self.take("NOT"):
            return Not(self.one(depth + 1))
        if self.take("("):
            inner = self.any_of(depth + 1)
            if not self.take(")"):
                raise self.wrong("a parenthesis is not closed")
            return inner
        if not self.tokens or self.tokens[0] in _MARKS:
            found = quoted(self.tokens[0]) if self.tokens else "the end"
            raise self.wrong(f"{found} stands where an alteration was expected")
        return _operand(self.tokens.pop(0))


_MARKS = ("AND", "OR", "NOT", "(", ")")
_EITHER = re.compile(r"(.*\s)(([A-Za-z])(\d+))[A-Za-z]?(?:/(?:[A-Za-z]\d+)?[A-Za-z]?)+")
_OTHER = re.compile(r"([A-Za-z]\d+)?([A-Za-z]?)")


def _tokens(text: str) -> list[str]:
    """Cut a text into alterations and marks; brackets inside an alteration belong to it."""
    tokens: list[str] = []
    words = ""
    depth = 0
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        mark = (found[1] or found[2]).upper() if found else ""
        inside = mark in "()" and (words if mark == "(" else depth) if mark else depth
        if found is None or inside:
            depth += {"(": 1, ")": -1}.get(mark, 0)
            step = found.end() if found else at + 1
            words += text[at:step]
            at = step
            continue
        tokens += [words.strip()] if words.strip() else []
        tokens.append(mark)
        words, at = "", found.end()
    return tokens + ([words.strip()] if words.strip() else [])


def _operand(text: str) -> Expression:
    """Read an alteration, or the short form of several: ``G12/G13``, ``Q61H/L/R``."""
    found = _EITHER.fullmatch(text)
    if not found:
        return alteration(text)
    gene, place = found[1], found[2]
    parts = []
    for written in text[len(gene) :].split("/"):
        other = _OTHER.fullmatch(written)
        if other and other[1]:
            place = other[1]
        parts.append(alteration(f"{gene}{place}{other[2] if other else ''}"))
    return Or(tuple(parts))


def _flat(parts: tuple[Expression, ...], dissolved: type[And] | type[Or]) -> tuple[Expression, ...]:
    flat: list[Expression] = []
    for part in parts:
        if isinstance(part, dissolved):
            flat.extend(part.parts)
        else:
            flat.append(part)
    if len(flat) < 2:
        raise DataError(f"{dissolved.__name__} joins at least two expressions, not {len(flat)}")
    return tuple(flat)


def _bracketed(part: Expression, *brackets: type[And] | type[Or]) -> str:
    return f"( {part} )" if isinstance(part, brackets) else str(part)
