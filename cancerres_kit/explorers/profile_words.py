"""The sentences of a tumour profile: what the evidence predicts, and what it does not speak of.

One decision: therapies are counted and named in the order of the alphabet. A sentence that began
with one of them for any other reason would read as advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cancerres_kit import display

Row = dict[str, Any]
"""A row of `profiles.match`, an empty text where a value is missing."""
OPPOSITE = frozenset({"resistance", "sensitivity"})
PREDICTIONS = ("resistance", "sensitivity", "conflicting", "opposed", "none")
"""What rows come to for a therapy; `opposed` is what several rows do that agree in themselves."""
NAMED = 3  # therapies that a sentence names one by one
TOLD = {
    "resistance": "resistance to",
    "sensitivity": "sensitivity to",
    "conflicting": "conflicting findings on",
    "opposed": "statements that point both ways on",
    "none": "studied, and not supported, for",
}


def by_therapy(rows: Iterable[Row]) -> dict[str, list[str]]:
    """Sort therapies by what rows predict.

    Parameters
    ----------
    rows : iterable of dict
        Rows of `profiles.match`.

    Returns
    -------
    dict of str to list of str
        Names by prediction; conflicting where items on the very same thing disagree, opposed
        where only rows on different things do.
    """
    sides: dict[str, list[str]] = {name: [] for name in PREDICTIONS}
    for name, said in sorted(_said_on(rows).items(), key=lambda item: item[0].casefold()):
        side = min(said, key=PREDICTIONS.index)
        if "conflicting" in said or said >= OPPOSITE:
            side = "conflicting" if "conflicting" in said else "opposed"
        sides[side].append(name)
    return sides


def _said_on(rows: Iterable[Row]) -> dict[str, set[str]]:
    """What rows predict, by therapy."""
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["therapies"], set()).add(row["prediction"])
    return found


def items_of(rows: Iterable[Row]) -> list[str]:
    """List the items behind some rows, each once, in their order."""
    every = (one for row in rows for one in (*row["evidence_for"], *row["evidence_against"]))
    return list(dict.fromkeys(every))


def summary(
    cancer: str, together: Mapping[str, list[str]], close: list[Row], every: list[Row]
) -> list[str]:
    """Say what the evidence predicts, on what there is none, and what does not fit exactly.

    Parameters
    ----------
    cancer : str
        Name of the cancer type.
    together : mapping of str to list of str
        For each alteration of the tumour, the molecular profiles of the evidence that ask for it.
    close, every : list of dict
        Rows that fit exactly; all rows that rest on evidence.

    Returns
    -------
    list of str
        Sentences.
    """
    found, n = list(together), len(items_of(close))
    said = [f"{cancer} with {display.listing(found)}: {_items(n)}."]
    if close:
        said += [_predicted(by_therapy(close)), *_opposed(close)]
    exact, anywhere = _spoken_of(close), _spoken_of(every)
    if close and (loose := [one for one in found if one in anywhere - exact]):
        said.append(f"None of it fits {display.listing(loose)}.")
    silent = [one for one in found if one not in anywhere]
    for one in silent:
        if wider := together.get(one):
            more = [f"{len(wider) - NAMED} more"] if len(wider) > NAMED else []
            listed = "; ".join([*wider[:NAMED], *more])
            said.append(f"The evidence speaks of {one} only together with others: {listed}.")
    if without := [one for one in silent if not together.get(one)]:
        said.append(
            f"There is no curated evidence on {display.listing(without)}, which does not mean that "
            "there is no effect."
        )
    return said


def further(n: int, *, is_alone: bool, is_shown: bool) -> str:
    """Say how many statements do not fit exactly, and whether they are shown; empty if none."""
    if not n:
        return ""
    end = ("shown" if is_alone else "shown too") if is_shown else "left out here"
    be = display.agree(n, "is", "are")
    return (
        f"{display.count(n, 'statement')} on similar alterations or other cancer types {be} {end}."
    )


def _items(n: int) -> str:
    if not n:
        return "no curated evidence fits"
    return f"{display.count(n, 'item')} of evidence {display.agree(n, 'fits', 'fit')}"


def _spoken_of(rows: list[Row]) -> set[str]:
    """List the alterations of the tumour that some rows rest on."""
    return {one for row in rows for one in row["alterations"].split(" AND ")}


def _predicted(sides: dict[str, list[str]]) -> str:
    """Say how many therapies are predicted what; what is merely not supported only where it is."""
    told = [f"{words} {_therapies(sides[name])}" for name, words in TOLD.items()
            if sides[name] or name not in ("opposed", "none")]  # fmt: skip
    return f"The evidence predicts {'; '.join(told)}."


def _opposed(rows: list[Row]) -> list[str]:
    """Say on which therapies statements contradict each other, and in what these differ."""
    named: dict[str, list[str]] = {}
    for name in by_therapy(rows)["opposed"]:
        sides: dict[str, set[str]] = {one: set() for one in OPPOSITE}
        for row in rows:
            if row["therapies"] == name and row["prediction"] in OPPOSITE:
                sides[row["prediction"]].add(row["alterations"])
        is_same = sides["resistance"] == sides["sensitivity"] and len(sides["resistance"]) == 1
        named.setdefault(
            "statement on the same alteration" if is_same else "alteration", []
        ).append(name)
    return [
        f"On {display.listing(names, limit=NAMED)} one {what} speaks for resistance and another "
        "for sensitivity."
        for what, names in named.items()
    ]


def _therapies(names: list[str]) -> str:
    """Count therapies, and name some."""
    if not names:
        return "no therapy"
    return f"{display.count(len(names), 'therapy')} ({display.listing(names, limit=NAMED)})"
