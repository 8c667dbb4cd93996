"""The equations of effector cells and tumour cells, in scaled units.

One decision: tumour cells are followed by the logarithm of their number. So they can never turn
negative, and a clone that fell below one cell is gone for good (minus infinity) instead of coming
back from a fraction of a cell.

With effectors x, recognised tumour y and antigen-loss clone z, recognised in part (visibility v),
the immune system sees ``s = y + v z``::

    x' = sigma + rho x s / (eta + s) - mu x s - delta x
    y' = alpha y (1 - beta (y + z)) - kappa x y
    z' = alpha z (1 - beta (y + z)) - kappa v x z

Source: Kuznetsov et al. 1994 (doi:10.1007/BF02460644) for y and x, from secondary sources; z is
our addition.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

LONGEST_STEP = 0.05
CHANGE_PER_STEP = 0.25
"""Product of step and fastest rate: at it a Runge-Kutta step errs by about 1e-5 of the change."""

State = tuple[Any, Any, Any]


@dataclass(frozen=True)
class Flow:
    """Rates of change, all scaled: times in units of the model, sizes in units of cells.

    Parameters
    ----------
    sigma, rho, eta, mu, delta : float
        Influx, recruitment, its half-saturation, inactivation and death of effectors. `sigma` may
        be an array of one influx per patient.
    alpha, beta : float
        Growth of the tumour and inverse of its capacity.
    kappa : float or ndarray
        Kill by effectors.
    visibility : float
        How much of the kill, recruitment and inactivation the antigen-loss clone meets, 0 to 1.
    one_cell : float
        Size of one cell [units of cells].
    """

    sigma: Any
    rho: float
    eta: float
    mu: float
    delta: float
    alpha: float
    beta: float
    kappa: Any
    visibility: float
    one_cell: float

    @property
    def step(self) -> float:
        """Length of a step that follows the fastest rate [units of time]."""
        return min(LONGEST_STEP, CHANGE_PER_STEP / self.fastest)

    @property
    def fastest(self) -> float:
        """Rate that no other exceeds [1 / unit of time]."""
        return self.rho + self.delta + self.alpha + self.mu / self.beta

    def slopes(self, state: State) -> State:
        """Return rates of change of effectors and of the logarithms of both tumour clones.

        Parameters
        ----------
        state : tuple
            Effectors, log of recognised tumour, log of the antigen-loss clone; numbers or arrays.

        Returns
        -------
        tuple
            Of the same form.
        """
        exp = math.exp if isinstance(state[1], float) else np.exp
        x, y, z = state[0], exp(state[1]), exp(state[2])
        seen = y + self.visibility * z
        growth = self.alpha * (1 - self.beta * (y + z))
        kill = self.kappa * x
        recruited = self.rho * seen / (self.eta + seen) - self.mu * seen - self.delta
        return self.sigma + x * recruited, growth - kill, growth - self.visibility * kill

    def advance(self, state: State, span: float) -> State:
        """Follow the cells for a while (classical Runge-Kutta); whole clones below a cell die.

        Parameters
        ----------
        state : tuple
            Effectors, log of recognised tumour, log of the antigen-loss clone; numbers or arrays.
        span : float
            For how long [units of time].

        Returns
        -------
        tuple
            Of the same form.
        """
        count = math.ceil(span / self.step)
        h = span / count if count else 0.0
        for _ in range(count):
            k1 = self.slopes(state)
            k2 = self.slopes(_moved(state, k1, h / 2))
            k3 = self.slopes(_moved(state, k2, h / 2))
            k4 = self.slopes(_moved(state, k3, h))
            mean = _mean(k1, k2, k3, k4)
            state = self.cleared(_moved(state, mean, h))
        return state

    def cleared(self, state: State) -> State:
        """Return a state in which whatever is below one cell, and is not fed, is gone.

        Parameters
        ----------
        state : tuple
            Effectors, log of recognised tumour, log of the antigen-loss clone.

        Returns
        -------
        tuple
            Of the same form.
        """
        x, a, b = state
        floor = math.log(self.one_cell)
        if isinstance(a, float):
            is_lost = x < self.one_cell and self.sigma == 0
            left = [w if w >= floor else -math.inf for w in (a, b)]
            return 0.0 if is_lost else x, left[0], left[1]
        lost = (x < self.one_cell) & (self.sigma == 0)
        left = [np.where(w >= floor, w, -math.inf) for w in (a, b)]
        return np.where(lost, 0.0, x), left[0], left[1]


def _moved(state: State, slopes: State, h: float) -> State:
    """Return a state moved along its slopes."""
    return state[0] + h * slopes[0], state[1] + h * slopes[1], state[2] + h * slopes[2]


def _mean(k1: State, k2: State, k3: State, k4: State) -> State:
    """Return the mean slope of a Runge-Kutta step."""
    x, a, b = ((k1[i] + 2 * (k2[i] + k3[i]) + k4[i]) / 6 for i in range(3))
    return x, a, b
