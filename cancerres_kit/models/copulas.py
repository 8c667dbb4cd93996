"""Correlated responses: how often one patient does badly on two drugs.

One decision: a correlation is Spearman's, because ranks are all that independent action needs. Two
ways to give patients correlated ranks are offered, and each is exact in the limit of many patients.

``gaussian copula`` ranks come from normal numbers with correlation ``2 sin(pi rho / 6)``.
``rank randomisation`` each patient starts with the same rank on both drugs, between 0 and 1; to
    either rank a random number between -w and w is added, and patients are ranked again. That is
    the procedure of Palmer & Sorger 2017 (doi:10.1016/j.cell.2017.11.009). Its correlation is
    ``1 / (4 w)`` from w = 1/2 on and ``1 - 4 w**2 + 4 w**3`` below (our derivation).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from cancerres_kit.models.parameters import refusal
from cancerres_kit.schema.problems import unknown

GAUSSIAN, RANKS = "gaussian copula", "rank randomisation"
METHODS = (GAUSSIAN, RANKS)
NODES = 12  # per piece of the integral over ranks
NEGLIGIBLE = 1e-6  # correlation that counts as none: it changes fractions by less than this
FULL = 1 - 1e-12  # correlation that counts as complete
TINY = 1e-300  # stands for 0 where a ratio is needed


def both_below(first: Any, second: Any, *, spearman: float, method: str = GAUSSIAN) -> np.ndarray:
    """Return the fraction of patients who are below one rank on one drug and below one on another.

    Parameters
    ----------
    first, second : float or ndarray
        Ranks on either drug as fractions: 0 worst, 1 best.
    spearman : float
        Spearman's correlation of the ranks, -1 to 1; 0 to 1 for rank randomisation.
    method : {"gaussian copula", "rank randomisation"}
        Where the correlation comes from.

    Returns
    -------
    ndarray
        Fractions, of the common shape.

    Raises
    ------
    DataError
        For another method, or a correlation that it cannot give.
    """
    a, b = np.broadcast_arrays(np.asarray(first, dtype=float), np.asarray(second, dtype=float))
    checked(spearman, method)
    if abs(spearman) < NEGLIGIBLE:
        return np.asarray(a * b)
    if spearman >= FULL:
        return np.asarray(np.minimum(a, b))
    if spearman <= -FULL:
        return np.asarray(np.maximum(a + b - 1, 0))
    joint = _gaussian(a, b, spearman) if method == GAUSSIAN else _randomised(a, b, spearman)
    return np.asarray(np.clip(joint, np.maximum(a + b - 1, 0), np.minimum(a, b)))


def ranks(
    n: int, *, spearman: float, generator: np.random.Generator, method: str = GAUSSIAN
) -> np.ndarray:
    """Draw the ranks of patients on two drugs.

    Parameters
    ----------
    n : int
        Number of patients.
    spearman : float
        Spearman's correlation, -1 to 1; 0 to 1 for rank randomisation.
    generator : numpy.random.Generator
        Source of chance.
    method : {"gaussian copula", "rank randomisation"}
        Where the correlation comes from.

    Returns
    -------
    ndarray
        Of shape (n, 2), fractions from 0 (worst) to 1.

    Raises
    ------
    DataError
        For another method, or a correlation that it cannot give.
    """
    checked(spearman, method)
    if method == GAUSSIAN:
        pearson = 2 * math.sin(math.pi * spearman / 6)
        normal = generator.standard_normal((n, 2))
        mixed = pearson * normal[:, 0] + math.sqrt(max(0.0, 1 - pearson**2)) * normal[:, 1]
        return np.asarray(special.ndtr(np.column_stack([normal[:, 0], mixed])))
    drawn = np.sort(generator.random((n, 2)), axis=0)
    if spearman < NEGLIGIBLE:
        return np.column_stack([generator.permutation(column) for column in drawn.T])
    noise = generator.uniform(-1, 1, (n, 2)) * width(spearman) * n
    order = np.argsort(np.arange(n)[:, None] + noise, axis=0)
    return np.take_along_axis(drawn, order, axis=0)


def width(spearman: float) -> float:
    """Return how far ranks are randomised to leave a correlation.

    Parameters
    ----------
    spearman : float
        Above 0 and up to 1.

    Returns
    -------
    float
        w of the module's text, in fractions of all ranks.
    """
    if spearman <= 0.5:
        return 1 / (4 * spearman)
    roots = np.roots([4.0, -4.0, 0.0, 1 - spearman]).real
    return float(roots[(roots >= -1e-9) & (roots <= 0.5 + 1e-9)].min().clip(0))


def checked(spearman: float, method: str) -> None:
    """Refuse another method, or a correlation that it cannot give.

    Parameters
    ----------
    spearman : float
        Spearman's correlation.
    method : str
        Where the correlation comes from.

    Raises
    ------
    DataError
        If either has no meaning.
    """
    if method not in METHODS:
        raise unknown(method, METHODS, what="method for correlated responses")
    low = -1 if method == GAUSSIAN else 0
    if not low <= spearman <= 1:
        raise refusal(
            "spearman",
            spearman,
            unit="",
            allowed=f"from {low} to 1 with the {method}",
            remedy=f"use method={GAUSSIAN!r} for opposed responses" if low == 0 else "correct it",
        )


def _gaussian(a: np.ndarray, b: np.ndarray, spearman: float) -> np.ndarray:
    """Return the joint normal distribution by Owen's T, which is exact at any correlation."""
    r = 2 * math.sin(math.pi * spearman / 6)
    inner = (a > 0) & (b > 0) & (a < 1) & (b < 1)
    h, k = special.ndtri(np.where(inner, a, 0.5)), special.ndtri(np.where(inner, b, 0.5))
    h, k = np.where(h == 0, TINY, h), np.where(k == 0, TINY, k)
    scale = math.sqrt(1 - r**2)
    with np.errstate(over="ignore"):
        slopes = (k / h - r) / scale, (h / k - r) / scale
    opposed = np.where(h * k < 0, 0.5, 0.0)
    joint = (special.ndtr(h) + special.ndtr(k)) / 2 - opposed
    joint = joint - special.owens_t(h, slopes[0]) - special.owens_t(k, slopes[1])
    edge = np.where((a <= 0) | (b <= 0), 0.0, np.minimum(a, b))
    return np.asarray(np.where(inner, joint, edge))


def _randomised(a: np.ndarray, b: np.ndarray, spearman: float) -> np.ndarray:
    """Integrate over the place k at which a patient ends: both ranks are then even around it.

    Given k, either rank is even between max(0, k - w) and min(1, k + w), on its own; k itself has
    a density in proportion to the length of that stretch. Between the points at which one of these
    terms changes its form the integrand is smooth, so each piece is integrated by itself.
    """
    w = width(spearman)
    edges = [-w, w, 1 - w, 1 + w, a - w, a + w, b - w, b + w]
    cuts = np.sort(np.stack([edge + 0 * a for edge in edges], axis=-1), axis=-1).clip(-w, 1 + w)
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    half = np.diff(cuts)[..., None] / 2
    places = (cuts[..., 1:] + cuts[..., :-1])[..., None] / 2 + half * nodes
    low, high = np.maximum(0, places - w), np.minimum(1, places + w)
    length = np.maximum(high - low, TINY)

    def below(rank: np.ndarray) -> Any:
        return np.clip((rank[..., None, None] - low) / length, 0, 1)

    return np.asarray((below(a) * below(b) * half * weights * length / (2 * w)).sum(axis=(-1, -2)))
