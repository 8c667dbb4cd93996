"""Pictures: a tidy frame in, a Plotly figure out, each with its text alternative.

One decision: a title states the finding and is computed from the very rows that are drawn, so it
stays true for any filter and any data.
"""

from cancerres_kit.figures.alterations import alteration_heatmap
from cancerres_kit.figures.audit import reference_audit
from cancerres_kit.figures.canvas import describe
from cancerres_kit.figures.chain import evidence_chain
from cancerres_kit.figures.courses import courses
from cancerres_kit.figures.curves import curves
from cancerres_kit.figures.discussion import discussion
from cancerres_kit.figures.flow import resistance_map
from cancerres_kit.figures.gains import gain_map
from cancerres_kit.figures.heatmap import evidence_heatmap
from cancerres_kit.figures.migration import over_migration
from cancerres_kit.figures.positions import protein_positions
from cancerres_kit.figures.pulses import pulse_map
from cancerres_kit.figures.rates import response_rates
from cancerres_kit.figures.resting import resting_states
from cancerres_kit.figures.tree import mechanism_tree

__all__ = [
    "alteration_heatmap",
    "courses",
    "curves",
    "describe",
    "discussion",
    "evidence_chain",
    "evidence_heatmap",
    "gain_map",
    "mechanism_tree",
    "over_migration",
    "protein_positions",
    "pulse_map",
    "reference_audit",
    "resistance_map",
    "response_rates",
    "resting_states",
]
