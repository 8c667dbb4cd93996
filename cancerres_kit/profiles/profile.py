"""A tumour as the kit knows it: a cancer type and alterations.

One decision: there is no place for anything that could tell whose tumour it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cancerres_kit.alterations import UNDERSTOOD, Alteration, And, parse
from cancerres_kit.schema.problems import DataError, Problem, quoted


@dataclass(frozen=True)
class Profile:
    """A cancer type and the alterations that were found.

    Parameters
    ----------
    cancer_type : str
        Id, name, OncoTree code or ``doid:...`` of a cancer type of the atlas that it will be
        matched with.
    alterations : iterable of str or Alteration
        Alterations in any usual spelling; ``BCR::ABL1 Fusion AND ABL1 T315I`` gives two. What is
        not listed counts as not found.

    Attributes
    ----------
    alterations : tuple of Alteration
        In normal form, in the order given.

    Raises
    ------
    DataError
        If there is no alteration, one cannot be read, one is given twice, or an expression holds
        OR or NOT; lists everything that is wrong.
    """

    cancer_type: str
    alterations: tuple[Alteration, ...]

    def __init__(self, cancer_type: str, alterations: Iterable[str | Alteration]) -> None:
        _refuse_other(cancer_type, alterations)
        problems: list[Problem] = []
        spellings: dict[Alteration, str] = {}
        for one in alterations:
            for found in _read(one, problems):
                if found in spellings:
                    problems.append(_twice(found, spellings[found], str(one)))
                spellings.setdefault(found, str(one))
        if not spellings and not problems:
            raise DataError(f"a profile needs at least one alteration; {UNDERSTOOD}")
        if problems:
            raise DataError(problems)
        object.__setattr__(self, "cancer_type", cancer_type.strip())
        object.__setattr__(self, "alterations", tuple(spellings))


def _refuse_other(cancer_type: object, alterations: object) -> None:
    """Refuse what is no text, and no list of alterations."""
    if not isinstance(cancer_type, str) or not cancer_type.strip():
        given = quoted(cancer_type)
        raise DataError(f"a profile needs a cancer type, not {given}; see atlas.cancer_types")
    if isinstance(alterations, str | Alteration):
        given = quoted(str(alterations))
        raise DataError(f"alterations is a list, not one alteration: write [{given}]")
    if not isinstance(alterations, Iterable):
        raise DataError(f"alterations is a list, not {quoted(alterations)}; {UNDERSTOOD}")


def _read(given: str | Alteration, problems: list[Problem]) -> tuple[Alteration, ...]:
    """Read one entry; note what is wrong with it instead of raising."""
    if isinstance(given, Alteration):
        return (given,)
    try:
        if not isinstance(given, str):
            raise DataError(f"an alteration is a text, not {quoted(given)}; {UNDERSTOOD}")
        return found_in(given)
    except DataError as error:
        problems.extend(error.problems)
        return ()


def found_in(text: str) -> tuple[Alteration, ...]:
    """List the alterations that a text says were found.

    Raises
    ------
    DataError
        If it cannot be read, or says OR or NOT.
    """
    read = parse(text)
    parts = read.parts if isinstance(read, And) else (read,)
    found = tuple(part for part in parts if isinstance(part, Alteration))
    if len(found) < len(parts):
        raise DataError(
            f"{quoted(text)} does not say what was found: OR and NOT belong to evidence, and a "
            "slash reads as OR; list the alterations that were found, each as an entry of its own "
            "(both, where there are two), and leave out what was not"
        )
    return found


def _twice(found: Alteration, first: str, second: str) -> Problem:
    both = quoted(first) if first == second else f"{quoted(first)} and {quoted(second)}"
    message = f"alteration '{found}' is given twice (as {both}); leave one out"
    return Problem("", None, None, second, message)
