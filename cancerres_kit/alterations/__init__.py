"""Alterations of tumours: read them in any usual spelling, compare them, print them.

One decision: everything is a frozen value in normal form, so that spellings of one alteration are
equal and can be looked up; nothing here knows a table.
"""

from __future__ import annotations

from cancerres_kit.alterations.expressions import And, Expression, Not, Or, leaves, parse
from cancerres_kit.alterations.kinds import KINDS, Alteration
from cancerres_kit.alterations.likeness import GRADES, Likeness, likeness
from cancerres_kit.alterations.reading import UNDERSTOOD, alteration

__all__ = [
    "GRADES",
    "KINDS",
    "UNDERSTOOD",
    "Alteration",
    "And",
    "Expression",
    "Likeness",
    "Not",
    "Or",
    "alteration",
    "leaves",
    "likeness",
    "parse",
]
