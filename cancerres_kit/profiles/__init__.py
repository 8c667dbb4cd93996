"""From the alterations of a tumour to curated evidence, for teaching.

One decision: nothing is weighed, averaged or recommended. Every row of an answer is one statement
of the evidence with what speaks for and against it, how exactly it fits the tumour, and where to
look it up; a tumour is known by its alterations and nothing else.
"""

from __future__ import annotations

from cancerres_kit.profiles.cohort import Cohort
from cancerres_kit.profiles.files import read
from cancerres_kit.profiles.grouping import PREDICTIONS
from cancerres_kit.profiles.maf import read_maf
from cancerres_kit.profiles.matching import match, match_many
from cancerres_kit.profiles.profile import Profile
from cancerres_kit.profiles.relations import RELATIONS

__all__ = [
    "PREDICTIONS",
    "RELATIONS",
    "Cohort",
    "Profile",
    "match",
    "match_many",
    "read",
    "read_maf",
]
