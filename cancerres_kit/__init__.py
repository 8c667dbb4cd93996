"""Why cancers resist therapy and what can be done about it: tables, maps, lessons and reports.

Start with two lines::

    import cancerres_kit as ck
    atlas = ck.load()

In reading order:

`load`, `Atlas`
    Every curated table as a DataFrame: ``atlas.mechanisms``, ``atlas.claims``, ...
    ``ck.load("my-folder")`` checks and loads a folder of your own of the same shape.
`DataError`
    What is raised for data or names that cannot be used; it lists everything that is wrong.
`links`
    Questions that cross tables, such as
    ``ck.links.strategies_for(atlas, mechanism="epigenetic_modification")``.
`alterations`
    Alterations of tumours in any usual spelling: ``ck.alterations.parse("EGFR p.Thr790Met")``.
`profiles`
    From the alterations of a tumour to curated evidence: ``ck.profiles.match(atlas, profile)``.
`civic`
    A whole release of CIViC as evidence: ``atlas.with_evidence(ck.civic.load("nightly"))``.
`models`
    Small models of resistance, with sourced numbers: ``ck.models.catalogue()`` lists them.
`display`
    Tables, references and sentences as a reader sees them.
`figures`, `theme`
    Pictures of those answers, each with a text alternative.
`explorers`
    Pictures with controls, for notebooks.
`lessons`, `reports`
    The catalogue of lessons; reports on a cancer type, mechanism, strategy or tumour profile.

Everything here is teaching material, never advice on a patient. Names are imported when first
used, so that loading the tables stays as quick as importing pandas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cancerres_kit import (
        alterations,
        civic,
        display,
        explorers,
        figures,
        lessons,
        links,
        models,
        profiles,
        reports,
        theme,
    )
    from cancerres_kit.atlas import Atlas, load
    from cancerres_kit.schema import DataError

    __version__: str

__all__ = [
    "Atlas",
    "DataError",
    "alterations",
    "civic",
    "display",
    "explorers",
    "figures",
    "lessons",
    "links",
    "load",
    "models",
    "profiles",
    "reports",
    "theme",
]

_OBJECTS = {"load": "atlas", "Atlas": "atlas", "DataError": "schema"}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used (PEP 562)."""
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("cancerres-kit")
    elif name in __all__:
        from importlib import import_module

        module = import_module(f"{__name__}.{_OBJECTS.get(name, name)}")
        value = getattr(module, name) if name in _OBJECTS else module
    else:
        from cancerres_kit.schema.problems import hint

        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{hint(name, __all__)}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *__all__, "__version__"})
