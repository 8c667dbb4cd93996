"""Closed forms for one drug and for two, as published: quick, and good while mutants are rare.

One decision: they stand apart from the exact equations (`branching`), so that each can be shown
beside the other. Source of all: Bozic et al. 2013, doi 10.7554/eLife.00747.
"""

from __future__ import annotations

import math


def expected_rate(burden: float, success: float, mutation_rate: float) -> float:
    """Expected mutants per cell and site: ``u / s * ln(M s)``.

    Parameters
    ----------
    burden : float
        Cells M at the start of treatment.
    success : float
        Chance s = 1 - d/b that a lineage survives without treatment.
    mutation_rate : float
        Mutations u per base and division.

    Returns
    -------
    float
        0 for a tumour that has not outgrown its first cells.
    """
    return mutation_rate / success * max(math.log(burden * success), 0.0)


def resistant_cells(burden: float, rate: float, single: tuple[float, ...], joint: float) -> float:
    """Expected cells that resist every drug when treatment starts.

    Parameters
    ----------
    burden : float
        Cells M at the start of treatment.
    rate : float
        From `expected_rate`.
    single : tuple of float
        Mutations that give resistance to one drug only, for each drug.
    joint : float
        Mutations that resist all at once; beyond two drugs only 0 has a closed form.

    Returns
    -------
    float
        Cells.
    """
    if len(single) == 2:
        one, two = single
        steps = one * two + joint / 2 * (one + two - joint)
        return burden * (joint * rate + steps * rate**2)
    return burden * math.prod(sites * rate for sites in single)


def resistance(
    burden: float, success: float, u: float, single: tuple[float, ...], joint: float
) -> float:
    """Expected lineages that resist every drug when treatment starts; ``-ln(1 - p_res)``.

    Parameters
    ----------
    burden : float
        Cells M at the start of treatment.
    success : float
        Chance s that a lineage survives without treatment.
    u : float
        Mutations per base and division.
    single : tuple of float
        Mutations that give resistance to one drug only, for each of one or two drugs.
    joint : float
        Mutations that resist both at once.

    Returns
    -------
    float
        0 for a tumour that has not outgrown its first cells.
    """
    logarithm = -math.log(success) / (1 - success) if success < 1 else 1.0
    if len(single) == 1:
        return burden * u * single[0] * logarithm
    one, two = single
    size = max(math.log(burden * success), 0.0)
    steps = (2 * one * two + joint * (one + two)) * size / success
    return burden * u * logarithm * (joint + u * steps)


def failure(
    burden: float,
    success: float,
    decline: float,
    u: float,
    single: tuple[float, ...],
    joint: float,
) -> float:
    """Expected successful lineages under treatment; eradication has the chance ``exp(-this)``.

    Equation (1) of the source for two drugs, its formula for monotherapy for one.

    Parameters
    ----------
    burden : float
        Cells M at the start of treatment.
    success : float
        Chance s = 1 - d/b that a lineage survives without treatment.
    decline : float
        ``-1/s'`` with s' = 1 - d'/b' under treatment; 0 where no cell divides.
    u : float
        Mutations per base and division.
    single : tuple of float
        Mutations that give resistance to one drug only, for each of one or two drugs.
    joint : float
        Mutations that resist both at once.

    Returns
    -------
    float
    """
    if len(single) == 1:
        return burden * u * single[0] * (1 + success * decline)
    one, two = single
    per_step = 1 / success + decline
    steps = 2 * one * two + joint * (one + two)
    lineages = joint * u * (1 + success * decline) + u**2 * steps * success * decline**2
    for first, second in ((one, two + joint), (two, one + joint)):
        if first and second:
            inside = 1 / (success * burden) + u * second * per_step
            lineages -= u**2 * per_step * first * second * math.log(inside)
    return burden * max(lineages, 0.0)
