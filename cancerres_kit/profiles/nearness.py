"""Which gene or cancer type may have been meant.

One decision: a wrong guess teaches something wrong, so nothing is guessed but what one slip of the
hand, or another order of the same words, explains.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cancerres_kit.schema.problems import quoted

# A protein that goes by another name than its gene: see NCBI Gene 2064.
ALSO_CALLED = {"HER2": "ERBB2"}
ALIKE = 0.6  # of the words of two names, how many they must share
CLOSE = 0.85  # of the letters


def near_gene(given: str, symbols: Iterable[str]) -> str:
    """Say which gene may have been meant, as the tail of a message; empty if that is not clear.

    Parameters
    ----------
    given : str
        What was given.
    symbols : iterable of str
        Symbols that there are.
    """
    known = set(symbols)
    if (symbol := ALSO_CALLED.get(given.upper())) in known:
        return f"; nearest: {symbol!r}"
    found = sorted(one for one in known if _is_slip(given.upper(), one.upper()))
    return f"; nearest: {found[0]!r}" if found else ""


def _is_slip(given: str, symbol: str) -> bool:
    """Whether one letter too many, too few, other or exchanged makes a symbol.

    The first letter and the digits must be the same: they tell the members of a family apart.
    """
    if given == symbol:
        return True
    if len(symbol) < 3 or given[:1] != symbol[:1]:
        return False
    if re.sub(r"\D", "", given) != re.sub(r"\D", "", symbol):
        return False
    start = 0
    while start < min(len(given), len(symbol)) and given[start] == symbol[start]:
        start += 1
    one, other = given[start:], symbol[start:]
    exchanged = one[:2] == other[1::-1] and one[2:] == other[2:]
    # Of three letters one may be another in too many ways to tell.
    is_other = one[1:] == other[1:] and len(symbol) > 3
    return exchanged or one[1:] == other or one == other[1:] or is_other


def near_type(given: str, names: Iterable[str]) -> str:
    """Say which cancer type may have been meant, as the tail of a message; empty if unclear.

    Parameters
    ----------
    given : str
        What was given.
    names : iterable of str
        Ids and names that there are.
    """
    from difflib import SequenceMatcher  # only errors need it

    def nearness(name: str) -> tuple[float, float]:
        words, others = _words(given), _words(name)
        shared = len(words & others) / (len(words | others) or 1)
        letters = SequenceMatcher(None, given.casefold(), name.casefold()).ratio()
        return (max(shared if shared >= ALIKE else 0, letters if letters >= CLOSE else 0), letters)

    best = max(names, key=nearness, default="")
    return f"; nearest: {quoted(best)}" if best and nearness(best)[0] else ""


def _words(name: str) -> set[str]:
    return {*re.findall(r"[a-z0-9]+", name.casefold())} - {"of", "the", "and"}
