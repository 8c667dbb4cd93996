"""Published settings of the competition models, by the paper they are from.

One decision: a preset is a model with the numbers of a paper, never a class of its own, so every
question that can be asked of a model can be asked of it.
"""

from __future__ import annotations

from typing import TypeVar

from cancerres_kit.models.base import Model
from cancerres_kit.models.competition import Competition
from cancerres_kit.models.parameters import Source
from cancerres_kit.models.three_types import TABLES, ThreeTypes
from cancerres_kit.schema.problems import DataError

SCALE_PER_DAY = 8 / 6
"""Factor on the growth rates of `zhang2022` [pure number].

The paper prints 8. Its archived integration takes steps of one sixth of a day and counts each as a
day, so the fitted 8 acts as 8/6 = 1.333 in real days. With 8, cycles last days, not months.
"""

ZHANG = "10.7554/eLife.76284"
FITTED = Source(ZHANG, "text: numbers fitted or compared", "text read")
ARCHIVED = Source(ZHANG, "archived code", "archive read")
IN_DAYS = Source(ZHANG, "0.0156 per day of the text times 8/6, see SCALE_PER_DAY", "archive read")
COMPARED = (0.8, 2.0, 6.0)
Preset = TypeVar("Preset", bound=Model)

ORDER = ("a12", "a13", "a21", "a23", "a31", "a32")
MATRICES = {
    1: (0.7, 0.9, 0.4, 0.6, 0.5, 0.8),
    2: (0.7, 0.8, 0.4, 0.6, 0.5, 0.9),
    3: (0.6, 0.9, 0.4, 0.8, 0.5, 0.7),
    4: (0.6, 0.9, 0.4, 0.7, 0.5, 0.8),
    5: (0.6, 0.8, 0.4, 0.7, 0.5, 0.9),
    6: (0.7, 0.9, 0.4, 0.5, 0.6, 0.8),
    7: (0.7, 0.8, 0.4, 0.5, 0.6, 0.9),
    8: (0.6, 0.9, 0.4, 0.5, 0.7, 0.8),
    9: (0.6, 0.8, 0.4, 0.5, 0.7, 0.9),
    10: (0.6, 0.7, 0.4, 0.5, 0.8, 0.9),
    11: (0.5, 0.9, 0.4, 0.8, 0.6, 0.7),
    12: (0.5, 0.9, 0.4, 0.7, 0.6, 0.8),
    13: (0.5, 0.8, 0.4, 0.7, 0.6, 0.9),
    14: (0.5, 0.9, 0.4, 0.6, 0.7, 0.8),
    15: (0.5, 0.8, 0.4, 0.6, 0.7, 0.9),
    16: (0.5, 0.7, 0.4, 0.6, 0.8, 0.9),
    17: (0.4, 0.9, 0.5, 0.8, 0.6, 0.7),
    18: (0.4, 0.9, 0.5, 0.7, 0.6, 0.8),
    19: (0.4, 0.8, 0.5, 0.7, 0.6, 0.9),
    20: (0.4, 0.9, 0.5, 0.6, 0.7, 0.8),
    21: (0.4, 0.8, 0.5, 0.6, 0.7, 0.9),
    22: (0.4, 0.7, 0.5, 0.6, 0.8, 0.9),
}
"""Competition coefficients of the 2017 model by published number.

Each is a permutation of 0.4 to 0.9. Numbers 4 and 18 were not at hand: they are what the order of
the others leaves for these places.
"""


def strobl2021(
    *,
    n0: float = 0.75,
    fR: float = 0.01,  # noqa: N803 - the symbol of the paper
    cost: float = 0.0,
    turnover: float = 0.0,
) -> Competition:
    """Return the two-type model of Strobl et al. 2021.

    Parameters
    ----------
    n0 : float
        Burden at the start [fraction of capacity]; published grid 0.25 to 0.75.
    fR : float
        Resistant fraction at the start; published grid 0.001 to 0.1.
    cost, turnover : float
        Growth that resistance costs, and death rate over growth rate [fractions].

    Returns
    -------
    Competition

    Source
    ------
    doi 10.1158/0008-5472.CAN-20-0806, archived result tables.
    """
    return Competition(n0=n0, fR=fR, cost=cost, turnover=turnover)


def strobl2021_cohort() -> Competition:
    """Return the same model with patients spread over the published grid.

    Returns
    -------
    Competition
        n0 from 0.25 to 0.75, fR from 0.001 to 0.1, cost from 0 to 0.5, turnover from 0 to 0.5.
        The ranges of n0, fR and cost are published; even spread, and that of turnover, are ours.
    """
    middle = Competition(n0=0.5, fR=0.01, cost=0.25, turnover=0.25)
    return middle.with_(n0_spread=0.25, fR_spread=1.0, cost_spread=0.25, turnover_spread=0.25)


def zhang2022(
    *,
    sensitive: float = 5000.0,
    resistant: float = 1000.0,
    alpha_rs: float = 6.0,
    scale: float = SCALE_PER_DAY,
) -> Competition:
    """Return the two-type model of Zhang et al. 2022, in real days.

    Growth 0.0156 (sensitive) and 0.0091 (resistant) per day times `scale`; abiraterone takes 95 %
    of the room of sensitive cells (the text prints 90 %, the archived code has 95 %); sizes are
    in units of the capacity, 10,000 in the paper. PSA is taken as proportional to the burden.

    Parameters
    ----------
    sensitive, resistant : float
        Cells at the start [units of which 10,000 are the capacity].
    alpha_rs : float
        Crowding of resistant by sensitive cells; 6 was fitted, 0.8 and 2 are the paper's
        comparison. The text has the indices the other way round in one place.
    scale : float
        Factor on both growth rates; 8/6, see `SCALE_PER_DAY` for why it is not 8.

    Returns
    -------
    Competition

    Source
    ------
    doi 10.7554/eLife.76284, text and archived code.
    """
    total = sensitive + resistant
    if not total > 0:
        raise DataError(
            f"sensitive + resistant = {total:g} [units of capacity / 10,000] is not allowed; "
            "allowed: above 0 to 20,000; give the sizes at the start of treatment"
        )
    model = Competition(
        n0=total / 1e4,
        fR=resistant / total,
        rS=0.0156 * scale,
        cost=1 - 0.0091 / 0.0156,
        dD=0.0,
        alpha_rs=alpha_rs,
        capacity_loss=0.95,
    )
    known = {"cost": FITTED, "dD": ARCHIVED, "capacity_loss": ARCHIVED}
    if (sensitive, resistant) == (5000.0, 1000.0):
        known |= {"n0": ARCHIVED, "fR": ARCHIVED}
    if scale == SCALE_PER_DAY:
        known["rS"] = IN_DAYS
    if alpha_rs in COMPARED:
        known["alpha_rs"] = FITTED
    return _sourced(model, known)


def zhang2017(matrix: int = 7) -> ThreeTypes:
    """Return the three-type model of Zhang et al. 2017 with one of its 22 matrices.

    Parameters
    ----------
    matrix : int
        Published number of the set of competition coefficients, key of `MATRICES`.

    Returns
    -------
    ThreeTypes

    Raises
    ------
    DataError
        For a number that is not among `MATRICES`.

    Source
    ------
    doi 10.1038/s41467-017-01968-5, tables read in a secondary source.
    """
    if matrix not in MATRICES:
        raise DataError(
            f"matrix = {matrix!r} is not allowed; allowed: {', '.join(map(str, MATRICES))}; "
            "for other coefficients use ThreeTypes(a12=...)"
        )
    model = ThreeTypes(**dict(zip(ORDER, MATRICES[matrix], strict=True)))
    return _sourced(model, dict.fromkeys(ORDER, TABLES))


def _sourced(model: Preset, sources: dict[str, Source]) -> Preset:
    """Say where the values of a preset are from."""
    return model._with_origins({name: {getattr(model, name): s} for name, s in sources.items()})
