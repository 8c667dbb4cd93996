"""What evidence items say together, and how it looks: one class, one shape, one colour, one word.

One decision: items that differ are a class of their own, with a shape of its own. They are not
settled by counting, and evidence against a resistance is not evidence of a response.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from cancerres_kit import theme
from cancerres_kit.figures import words
from cancerres_kit.schema import unknown

COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "resistance": "#b3400f",
        "sensitivity": "#0077bb",
        "conflicting": "#4a1a6b",
        "none": "#767676",
    }
)
SYMBOLS: Mapping[str, str] = MappingProxyType(
    {
        "resistance": "square",
        "sensitivity": "circle",
        "conflicting": "diamond",
        "none": "x-thin-open",
    }
)
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "resistance": "resistance",
        "sensitivity": "sensitivity",
        "conflicting": "conflicting",
        "none": "studied, not supported",
    }
)
"""Words, colours and Plotly markers by prediction, in the order of a key."""
FINDINGS = ("resistance", "no resistance", "sensitivity", "no sensitivity")
"""What one item can find; ``no`` where it speaks against it."""
LEVELS = "ABCDE"
NO_LEVEL = "?"
"""What stands for the level of an item that has none."""


def check(rows: Iterable[Mapping[str, Any]], *, what: str) -> None:
    """Check that each row finds something that is known.

    Raises
    ------
    DataError
        Names the first that does not, and the nearest one that is known.
    """
    for row in rows:
        if row["finding"] not in FINDINGS:
            where = f"{what}: {words.listing(FINDINGS)}"
            raise unknown(words.plain(row["finding"]), FINDINGS, what="finding", where=where)


def prediction(findings: Iterable[str]) -> str:
    """Say what findings on the very same alteration, cancer type and treatment come to.

    Parameters
    ----------
    findings : iterable of str
        ``resistance``, ``sensitivity``, ``no resistance``, ``no sensitivity``.

    Returns
    -------
    str
        ``resistance``, ``sensitivity``, ``conflicting``, or ``none``: nothing is supported.
    """
    found = set(findings)
    if "resistance" in found:
        return "conflicting" if found & {"sensitivity", "no resistance"} else "resistance"
    if "sensitivity" in found:
        return "conflicting" if "no sensitivity" in found else "sensitivity"
    return "none"


def level(items: Iterable[Mapping[str, Any]]) -> str:
    """Best level of some items; a question mark where none has one."""
    return min((words.plain(item["level"]) or NO_LEVEL for item in items), key=_rank)


def _rank(name: str) -> int:
    return LEVELS.find(name) % (len(LEVELS) + 1)


def whole(number: Any) -> str:
    """A count or a year in digits; a column with gaps may hold it as a float."""
    return "" if pd.isna(number) else f"{number:.0f}"


def told(item: Mapping[str, Any]) -> str:
    """One item on one line: what it finds, at which level, where and when."""
    said = words.plain(item["level"])
    year = whole(item["year"])
    parts = [words.plain(item["finding"]), f"level {said}" if said else "no level given"]
    parts += [words.plain(item["evidence_id"]), words.plain(item["references"]), year]
    flagged = "flagged by its source" if item.get("is_flagged") is True else ""
    return ", ".join(part for part in [*parts, flagged] if part)


def listed(items: Iterable[Mapping[str, Any]], *, limit: int = 8) -> str:
    """Items for a hover text, one a line, safe and broken."""
    lines = [words.folded(told(item), 80) for item in items]
    more = [f"and {len(lines) - limit} more"] if len(lines) > limit else []
    return "<br>".join([*lines[:limit], *more])


def marks(name: str, *, size: float, **style: Any) -> go.Scatter:
    """Marks of one prediction, named for the key; without places there are none."""
    marker = {"symbol": SYMBOLS[name], "color": COLOURS[name], "size": size}
    marker["line"] = {"color": COLOURS[name], "width": 3 if name == "none" else 0}
    return go.Scatter(
        name=WORDS[name],
        marker=marker,
        textfont={"size": theme.TEXT_SIZE, "color": theme.ink(COLOURS[name])},
        hovertemplate="%{customdata}<extra></extra>",
        cliponaxis=False,
        **style,
    )
