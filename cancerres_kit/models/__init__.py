"""Small models of resistance to therapy: why a strategy works, and when it does not.

One decision: a model is a frozen set of numbers with units and sources. Every run is a question to
it that is answered by a tidy frame, so figures, exercises and sweeps need to know no model.

In reading order::

    model = ck.models.Competition(cost=0.1)
    model.simulate(ck.models.adaptive("drug"), 1000)   # trajectories
    model.outcomes(ck.models.continuous("drug"), 1000) # one row per virtual patient
    model.caveats, model.sources, model.table()        # what it rests on

`catalogue` lists the models, `sweep` varies numbers, `cohort` follows many virtual patients. All
of it is teaching material, never advice on a patient. Families are imported when first used, and so
are the files behind them: ``ck.models.synergy.sham(...)``.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pandas as pd

from cancerres_kit.models.base import NOTICE, Model
from cancerres_kit.models.dosing import (
    adaptive,
    continuous,
    none,
    pulsed,
    sequential,
    simultaneous,
)
from cancerres_kit.models.parameters import Parameter, Source
from cancerres_kit.models.schedules import Schedule
from cancerres_kit.schema.problems import DataError, hint

if TYPE_CHECKING:
    from cancerres_kit.models.competition import Competition
    from cancerres_kit.models.fluctuation import Fluctuation
    from cancerres_kit.models.immune import Immune
    from cancerres_kit.models.mutation import Mutation
    from cancerres_kit.models.patients import Patients
    from cancerres_kit.models.plasticity import Plasticity
    from cancerres_kit.models.sanctuary import Sanctuary
    from cancerres_kit.models.sweeps import cohort, sweep

__all__ = [
    "NOTICE",
    "Competition",
    "Fluctuation",
    "Immune",
    "Model",
    "Mutation",
    "Parameter",
    "Patients",
    "Plasticity",
    "Sanctuary",
    "Schedule",
    "Source",
    "adaptive",
    "catalogue",
    "cohort",
    "continuous",
    "none",
    "pulsed",
    "sequential",
    "simultaneous",
    "sweep",
]

FAMILIES = (
    "Mutation",
    "Fluctuation",
    "Competition",
    "Plasticity",
    "Sanctuary",
    "Immune",
    "Patients",
)
_MODULES = {name: name.lower() for name in FAMILIES} | {"cohort": "sweeps", "sweep": "sweeps"}


def catalogue() -> pd.DataFrame:
    """List the models.

    Returns
    -------
    pandas.DataFrame
        One row per model, in reading order: model (its key in the tables of the atlas), class_name
        (its name in this package), title, drugs, compartments, exact (names for `Model.exact`;
        these three joined by commas) and n_parameters.
    """
    rows = [_entry(name) for name in FAMILIES]
    return pd.DataFrame(rows)


def _entry(name: str) -> dict[str, Any]:
    """Describe a family by its class."""
    family: type[Model] = __getattr__(name)
    return {
        "model": family.NAME,
        "class_name": name,
        "title": family.TITLE,
        "drugs": ", ".join(family.DRUGS),
        "compartments": ", ".join(family.COMPARTMENTS),
        "exact": ", ".join(family.EXACT),
        "n_parameters": len(family().parameters),
    }


def __getattr__(name: str) -> Any:
    """Import a public name, or a file of this folder, when it is first used (PEP 562)."""
    is_file = not name.startswith("_") and find_spec(f"{__name__}.{name}") is not None
    if name not in _MODULES and not is_file:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{hint(name, __all__)}")
    if find_spec("scipy") is None:
        raise DataError(f"{name} needs SciPy; run: pip install 'cancerres-kit[models]'")
    if is_file:
        return import_module(f"{__name__}.{name}")
    value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *__all__})
