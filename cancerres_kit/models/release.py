"""Competitive release: how fast resistant cells take over under unbroken treatment.

One decision: without turnover both types grow by the same share of free room, so sensitive cells
are a power of resistant ones and the time to any burden is one integral. It checks the step-wise
integration and needs no simulation.
"""

from __future__ import annotations

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq


def days_to_release(
    start: tuple[float, float], goal: float, rate: float, cost: float, kill: float
) -> float:
    """Compute the time until the burden reaches a goal under the full dose.

    With ``R = R0 exp(x)`` the sensitive cells are ``S0 exp(-h x)``, where
    ``h = (kill - 1) / (1 - cost)``; the time is the integral of
    ``1 / (rate (1 - cost) (1 - S - R))`` over x from 0 to where S + R first reaches the goal.

    Parameters
    ----------
    start : tuple of (float, float)
        Sensitive and resistant cells at the start [fraction of capacity].
    goal : float
        Burden to be reached, above the burden at the start [fraction of capacity].
    rate : float
        Growth rate of sensitive cells without drug [1/day].
    cost : float
        Share of the growth that resistant cells lose.
    kill : float
        Effect of the full dose on the growth of sensitive cells, 1 where it only stops it.

    Returns
    -------
    float
        Time [days]; infinite if the goal lies at or above the capacity, or nothing grows.

    Source
    ------
    Own derivation from the equations of doi 10.1158/0008-5472.CAN-20-0806.
    """
    sensitive, resistant = start
    own = rate * (1 - cost)
    if goal >= 1 or resistant <= 0 or own <= 0:
        return np.inf
    power = (kill - 1) / (1 - cost)

    def burden(x: float) -> float:
        return float(sensitive * np.exp(-power * x) + resistant * np.exp(x))

    lowest = 0.0
    if power > 0 and sensitive > 0:
        lowest = max(0.0, float(np.log(power * sensitive / resistant) / (1 + power)))
    highest = float(np.log(goal / resistant))
    end = brentq(lambda x: burden(x) - goal, lowest, highest, xtol=1e-13)
    area, _ = quad(lambda x: 1 / (1 - burden(x)), 0.0, end, limit=200)
    return float(area / own)
