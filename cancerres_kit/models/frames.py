"""Arrays of a run laid out as tidy frames.

One decision: words that repeat in every row are categories, so a frame of a million rows is small
and quick to group.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from cancerres_kit.models.parameters import Parameter


def trajectories(
    name: str, compartments: Mapping[str, str], values: np.ndarray, times: np.ndarray
) -> pd.DataFrame:
    """Lay values over time out, one row each.

    Parameters
    ----------
    name : str
        Name of the model.
    compartments : mapping of str to str
        Unit of each compartment.
    values : ndarray
        Shape (patients, times, compartments).
    times : ndarray
        Times [days].

    Returns
    -------
    pandas.DataFrame
        Columns model, patient (from 1), time_days, compartment, value, unit; each curve contiguous.
    """
    patients, kept, kinds = values.shape
    codes = np.tile(np.repeat(np.arange(kinds, dtype=np.int8), kept), patients)
    units = list(dict.fromkeys(compartments.values()))
    unit_of = np.array([units.index(unit) for unit in compartments.values()], dtype=np.int8)
    return pd.DataFrame(
        {
            "model": _words(np.zeros(len(codes), dtype=np.int8), [name]),
            "patient": np.repeat(np.arange(1, patients + 1), kept * kinds),
            "time_days": np.tile(times, patients * kinds),
            "compartment": _words(codes, compartments),
            "value": values.transpose(0, 2, 1).ravel(),
            "unit": _words(unit_of[codes], units),
        }
    )


def patients(name: str, columns: Mapping[str, np.ndarray], count: int) -> pd.DataFrame:
    """Lay outcomes out, one row per patient.

    Parameters
    ----------
    name : str
        Name of the model.
    columns : mapping of str to ndarray
        One value per patient.
    count : int
        Number of patients.

    Returns
    -------
    pandas.DataFrame
        Columns model, patient (from 1), and those given.
    """
    label = _words(np.zeros(count, dtype=np.int8), [name])
    return pd.DataFrame({"model": label, "patient": np.arange(1, count + 1), **columns})


def numbers(parameters: Mapping[str, Parameter], defaults: Mapping[str, object]) -> pd.DataFrame:
    """Lay the numbers of a model out, one row each.

    Parameters
    ----------
    parameters : mapping of str to Parameter
        Numbers by name.
    defaults : mapping of str to object
        Their defaults.

    Returns
    -------
    pandas.DataFrame
        Columns name, label, value, unit, low, high, scale, is_default, source, grade.
    """
    rows = [
        {
            "name": name,
            "label": each.label,
            "value": float(each.value),
            "unit": each.unit,
            "low": each.low,
            "high": each.high,
            "scale": each.scale,
            "is_default": each.value == defaults[name],
            "source": each.source.text,
            "grade": each.source.grade,
        }
        for name, each in parameters.items()
    ]
    return pd.DataFrame(rows)


def _words(codes: np.ndarray, words: Iterable[str]) -> pd.Series[str]:
    """Return words by their numbers."""
    return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(list(words))))
