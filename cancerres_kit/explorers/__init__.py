"""Pictures with controls, for notebooks: a choice changes a figure, a table and its references.

One decision: an explorer computes nothing of its own. It asks `cancerres_kit.links` for frames and
`cancerres_kit.figures` for the figure, so that whatever it shows can be had without it.
"""

from cancerres_kit.explorers.base import Explorer, View
from cancerres_kit.explorers.checkpoint import Checkpoint
from cancerres_kit.explorers.choice import Choice
from cancerres_kit.explorers.combination import Combination
from cancerres_kit.explorers.dosing import AdaptiveTherapy
from cancerres_kit.explorers.entry import Entry
from cancerres_kit.explorers.evidence import Evidence
from cancerres_kit.explorers.mutants import Mutants
from cancerres_kit.explorers.persisters import Persisters
from cancerres_kit.explorers.shelter import Shelter
from cancerres_kit.explorers.strategy_map import StrategyMap
from cancerres_kit.explorers.tumour_profile import TumourProfile

__all__ = [
    "AdaptiveTherapy",
    "Checkpoint",
    "Choice",
    "Combination",
    "Entry",
    "Evidence",
    "Explorer",
    "Mutants",
    "Persisters",
    "Shelter",
    "StrategyMap",
    "TumourProfile",
    "View",
]
