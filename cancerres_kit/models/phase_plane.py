"""Where effectors and tumour cells come to rest, and from which starts they get there.

One decision: steady states are roots of a polynomial and thresholds are its folds, so both are
numerically exact and need no run. The antigen-loss clone is left out here.

A tumour of size y stays as it is if effectors hold it, ``kappa x = alpha (1 - beta y)``, and are
steady themselves; together this ties each size to one strength of kill, ``kappa(y) = N(y) / (sigma
(eta + y))`` with a cubic N.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.polynomial import Polynomial
from scipy import integrate

from cancerres_kit.models.effectors import Flow

TUMOUR_FREE, HELD, THRESHOLD, ESCAPE = "tumour-free", "dormant", "threshold", "escape"
MOST_EFFECTORS = 1e3  # units of cells: where a path through the plane is left
FINE = 20  # points followed for each that is kept, evenly along the path
PRECISELY = {"method": "LSODA", "rtol": 1e-9, "atol": 1e-12, "dense_output": True}
NEAR = 1e-6  # start of a path, relative to the saddle


def states(flow: Flow) -> pd.DataFrame:
    """List the steady states.

    Parameters
    ----------
    flow : Flow
        Rates.

    Returns
    -------
    pandas.DataFrame
        By size of the tumour: state (``tumour-free``, ``dormant``, ``threshold``, ``escape``),
        effectors, tumour [units of cells], stability (``stable``, ``saddle``, ``unstable``) and
        rate (of the slowest return or the fastest leave) [1 / unit of time].
    """
    cubic = _numerator(flow)
    balance = cubic - flow.kappa * flow.sigma * Polynomial([flow.eta, 1.0])
    sizes = _inside(balance, 1 / flow.beta) if flow.kappa > 0 else np.array([1 / flow.beta])
    points = [(flow.sigma / flow.delta, 0.0), *((_effectors(flow, y), float(y)) for y in sizes)]
    rows = []
    for x, y in points:
        if x is not None:
            rates = np.linalg.eigvals(jacobian(flow, x, y)).real
            rest = {"stability": _stability(rates), "rate": float(rates.max())}
            rows.append({"effectors": x, "tumour": y, **rest})
    thresholds = [row["tumour"] for row in rows[1:] if row["stability"] == "saddle"]
    for row in rows:
        row["state"] = _name(flow, row["tumour"], thresholds)
    return pd.DataFrame(rows)[["state", "effectors", "tumour", "stability", "rate"]]


def folds(flow: Flow) -> tuple[float, float]:
    """Return the kills at which a stable tumour state appears or vanishes.

    Parameters
    ----------
    flow : Flow
        Rates; its kill does not matter.

    Returns
    -------
    low, high : float
        The dormant state exists from `low` on (0: at every kill), the escaped state up to `high`
        [scaled]; NaN where there is no fold, so that one state turns gradually into the other, and
        without influx.
    """
    if flow.sigma == 0:
        return math.nan, math.nan
    cubic, ahead = _numerator(flow), Polynomial([flow.eta, 1.0])
    turning = cubic.deriv() * ahead - cubic
    sizes = _inside(turning, 1 / flow.beta)
    kills = cubic(sizes) / (flow.sigma * ahead(sizes))
    bends = turning.deriv()(sizes)
    lows, highs = kills[bends > 0], kills[(bends < 0) & (kills > 0)]
    return (
        max(0.0, float(lows.min())) if len(lows) else math.nan,
        float(highs.max()) if len(highs) else math.nan,
    )


def branches(flow: Flow, *, points: int = 60) -> pd.DataFrame:
    """Trace the steady states with a tumour over all strengths of kill.

    Parameters
    ----------
    flow : Flow
        Rates; its kill does not matter.
    points : int
        Sizes looked at evenly, and again in equal ratios; those at folds come on top.

    Returns
    -------
    pandas.DataFrame
        By size of the tumour: state (``dormant``, ``threshold``, ``escape``), kappa [scaled],
        effectors, tumour [units of cells], stability; empty without influx, where no kill is tied
        to a size.
    """
    columns = ["state", "kappa", "effectors", "tumour", "stability"]
    if flow.sigma == 0:
        return pd.DataFrame(columns=columns)
    cubic, ahead = _numerator(flow), Polynomial([flow.eta, 1.0])
    sizes = _looked_at(cubic, cubic.deriv() * ahead - cubic, 1 / flow.beta, points)
    kills = cubic(sizes) / (flow.sigma * ahead(sizes))
    sizes, kills = sizes[kills > 0], kills[kills > 0]
    effectors = flow.alpha * (1 - flow.beta * sizes) / kills
    around = np.moveaxis(jacobian(replace(flow, kappa=kills), effectors, sizes), 2, 0)
    stability = [_stability(rates) for rates in np.linalg.eigvals(around).real]
    thresholds = [y for y, kind in zip(sizes, stability, strict=True) if kind == "saddle"]
    state = [_name(flow, y, thresholds) for y in sizes]
    found = [state, kills, effectors, sizes, stability]
    return pd.DataFrame(dict(zip(columns, found, strict=True)))


def separatrix(flow: Flow, *, points: int = 200) -> pd.DataFrame:
    """Trace the line between starts that end dormant and starts that escape.

    The line is followed back in time from the saddle, along the direction in which the saddle
    attracts, until it leaves the plane.

    Parameters
    ----------
    flow : Flow
        Rates.
    points : int
        Points on either side of the saddle.

    Returns
    -------
    pandas.DataFrame
        Along the line: effectors, tumour [units of cells]; empty if there is no saddle with a
        tumour, or no influx.
    """
    found = states(flow)
    saddles = found[(found["state"] == THRESHOLD)]
    if saddles.empty:
        return pd.DataFrame({"effectors": np.empty(0), "tumour": np.empty(0)})
    saddle = saddles[["effectors", "tumour"]].to_numpy()[0]
    rates, directions = np.linalg.eig(jacobian(flow, *saddle))
    along = directions[:, np.argmin(rates.real)].real
    sides = [_back(flow, saddle + side * NEAR * saddle[1] * along, points) for side in (-1, 1)]
    line = np.vstack([sides[0][::-1], saddle, sides[1]])
    return pd.DataFrame(line, columns=["effectors", "tumour"])


def jacobian(flow: Flow, x: float, y: float) -> np.ndarray:
    """Return how small changes of effectors and tumour grow.

    Parameters
    ----------
    flow : Flow
        Rates.
    x, y : float
        Effectors and tumour [units of cells].

    Returns
    -------
    ndarray
        Of shape (2, 2), effectors first [1 / unit of time].
    """
    recruited = flow.rho * y / (flow.eta + y) - flow.mu * y - flow.delta
    more = x * (flow.rho * flow.eta / (flow.eta + y) ** 2 - flow.mu)
    return np.array(
        [
            [recruited, more],
            [-flow.kappa * y, flow.alpha * (1 - 2 * flow.beta * y) - flow.kappa * x],
        ]
    )


def _looked_at(cubic: Polynomial, turning: Polynomial, most: float, points: int) -> np.ndarray:
    """Return sizes at which to look: close to either side of each fold, and towards no kill."""
    near = 1 + 1e-6 * np.array([-1.0, 1.0])
    towards = 1 + np.geomspace(1e-6, 0.3, points // 3) * np.array([[-1.0], [1.0]])
    ends = np.append(_inside(cubic, most), most)
    parts = [
        np.linspace(0, most, points)[1:],
        most * np.geomspace(1e-6, 1, points),
        np.outer(_inside(turning, most), near).ravel(),
        np.outer(ends, towards.ravel()).ravel(),
    ]
    sizes = np.unique(np.concatenate(parts))
    return sizes[sizes < most]


def _back(flow: Flow, start: np.ndarray, points: int) -> np.ndarray:
    """Follow a path back in time until it leaves the plane; of shape (points, 2)."""

    def slopes(_: float, at: np.ndarray) -> list[float]:
        x, y = at
        recruited = flow.rho * y / (flow.eta + y) - flow.mu * y - flow.delta
        growth = flow.alpha * (1 - flow.beta * y)
        return [-(flow.sigma + x * recruited), -y * (growth - flow.kappa * x)]

    def margin(_: float, at: np.ndarray) -> float:
        x, y = at
        return float(min(x, y - flow.one_cell, MOST_EFFECTORS - x, 1 / flow.beta - y))

    margin.terminal = True  # type: ignore[attr-defined]
    run = integrate.solve_ivp(slopes, (0, 1e4), start, events=margin, **PRECISELY)
    return _evenly(np.asarray(run.sol(np.linspace(0, run.t[-1], FINE * points))), points)


def _evenly(path: np.ndarray, points: int) -> np.ndarray:
    """Return points at even distances along a path, measured in parts of its extent."""
    spans = np.maximum(np.ptp(path, axis=1, keepdims=True), 1e-300)
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*(np.diff(path) / spans)))])
    even = np.linspace(0, length[-1], points)
    return np.column_stack([np.interp(even, length, row) for row in path])


def _numerator(flow: Flow) -> Polynomial:
    """Return the cubic N of the module's text."""
    y = Polynomial([0.0, 1.0])
    loss = (flow.mu * y + flow.delta) * (flow.eta + y) - flow.rho * y
    return flow.alpha * (1 - flow.beta * y) * loss


def _inside(polynomial: Polynomial, high: float) -> np.ndarray:
    """Return the real roots above 0 and up to a limit, ascending."""
    roots = polynomial.trim().roots()
    real = roots.real[np.abs(roots.imag) <= 1e-9 * np.maximum(1.0, np.abs(roots))]
    return np.sort(real[(real > 0) & (real <= high * (1 + 1e-12))])


def _effectors(flow: Flow, y: float) -> float | None:
    """Return the effectors beside a resting tumour; None if they would grow for ever."""
    if flow.kappa > 0:
        return float(max(0.0, flow.alpha * (1 - flow.beta * y) / flow.kappa))
    loss = flow.mu * y + flow.delta - flow.rho * y / (flow.eta + y)
    return float(flow.sigma / loss) if loss > 0 else None


def _stability(rates: np.ndarray) -> str:
    """Name what small changes do."""
    if (rates < 0).all():
        return "stable"
    return "saddle" if (rates < 0).any() else "unstable"


def _name(flow: Flow, y: float, thresholds: list[float]) -> str:
    """Name a state by its side of the threshold; without one, of half of the capacity."""
    if y == 0:
        return TUMOUR_FREE
    if y in thresholds:
        return THRESHOLD
    return HELD if y < (thresholds or [0.5 / flow.beta])[0] else ESCAPE
