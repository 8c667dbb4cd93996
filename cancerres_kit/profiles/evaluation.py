"""How well expressions hold for many tumours at once.

One decision: a tumour is a column of small numbers, one for each alteration that an expression
names, and an expression is evaluated on all columns together. The number is the grade of likeness
(place in `GRADES`), plus 3 where it cannot be told whether the wording covers what was found, plus
6 where it does not; `NONE` if nothing counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cancerres_kit.alterations import GRADES, Alteration, And, Expression, Likeness, Not

NONE = 127
UNTOLD = len(GRADES)
UNCOVERED = 2 * len(GRADES)
_ADDED = {True: 0, None: UNTOLD, False: UNCOVERED}

Numbers = np.ndarray[Any, Any]


def score(likeness: Likeness) -> int:
    """Write a likeness as one number; less is closer."""
    return likeness.grade + _ADDED[likeness.covered]


def evaluate(
    expression: Expression, rows: Mapping[Alteration, int], scores: Numbers
) -> tuple[Numbers, Numbers]:
    """Evaluate an expression on many tumours.

    Parameters
    ----------
    expression : expression
        What must hold. AND is as close as its weakest part, OR as its closest; NOT holds where
        nothing that was found is covered by what must be absent, and it is not told whether it
        is covered where that of something found is not.
    rows : mapping of Alteration to int
        Row of `scores` for each alteration of the expression.
    scores : array of int8, alterations x tumours
        Best score of what was found in each tumour.

    Returns
    -------
    score : array of int8
        For each tumour; `NONE` where the expression does not hold.
    used : array of int64
        Bits of the rows that it rests on: of OR those of every part that holds.
    """
    if isinstance(expression, Alteration):
        own = scores[rows[expression]]
        return own, np.where(own < NONE, np.intp(1) << rows[expression], 0)
    if isinstance(expression, Not):
        inner, _ = evaluate(expression.part, rows, scores)
        held = np.where(inner < UNCOVERED, UNTOLD, 0)
        return np.where(inner < UNTOLD, NONE, held).astype(np.int8), np.zeros(len(inner), np.intp)
    join = _both if isinstance(expression, And) else _either
    held, used = evaluate(expression.parts[0], rows, scores)
    for part in expression.parts[1:]:
        held, used = join(held, used, *evaluate(part, rows, scores))
    return held, used


def _both(
    first: Numbers, used: Numbers, second: Numbers, also_used: Numbers
) -> tuple[Numbers, Numbers]:
    grade = np.maximum(first % UNTOLD, second % UNTOLD)
    covered = np.maximum(first // UNTOLD, second // UNTOLD)
    held = (first < NONE) & (second < NONE)
    joined = np.where(held, grade + UNTOLD * covered, NONE).astype(np.int8)
    return joined, np.where(held, used | also_used, 0)


def _either(
    first: Numbers, used: Numbers, second: Numbers, also_used: Numbers
) -> tuple[Numbers, Numbers]:
    return np.minimum(first, second), used | also_used
