"""What a trial of two drugs says of independent action, in words.

One decision: no verdict is finer than a digitised curve can be read.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

READING_ERROR = 0.02  # how far a digitised curve may be off [fraction]
VERDICTS = {
    1.0: "less than the better drug",
    0.0: "as independent action",
    -1.0: "only with opposed responses",
    -math.inf: "more than independent action",
}
EDGES = {
    1.0: "at the edge: the better drug or independent action",
    0.0: "at the edge: two uncorrelated chances or a little more",
    -1.0: "at the edge: opposed responses or a little more",
}
ELSEWHERE = {
    "as independent action": (
        "some correlation between none and complete gives the observed; this one does not"
    ),
    "only with opposed responses": (
        "some opposed responses give the observed; this correlation does not"
    ),
}


def verdict(observed: float, means: Mapping[float, float], error: float) -> str:
    """Name the correlation that would do, unless an error of reading could turn the answer.

    Parameters
    ----------
    observed : float
        Mean time that the trial saw [months].
    means : mapping of float to float
        Mean time predicted for correlations 1, 0 and -1, in this order [months].
    error : float
        By which a mean may be off as curves are read [months].

    Returns
    -------
    str
    """
    edge = next((rho for rho, mean in means.items() if abs(observed - mean) <= error), None)
    if edge is not None:
        return EDGES[edge]
    reached = (rho for rho, mean in means.items() if observed <= mean)
    return VERDICTS[next(reached, -math.inf)]


def said(found: Mapping[str, Any]) -> str:
    """Say a verdict, and whether the correlation of the prediction is one that would do.

    Parameters
    ----------
    found : mapping
        A row of `compared`.

    Returns
    -------
    str
    """
    verdict = str(found["verdict"])
    if abs(found["observed"] - found["predicted"]) <= found["error"]:
        return verdict
    return ELSEWHERE.get(verdict, verdict)
