"""How pictures look: one Plotly template, one colour per class, words for columns and classes.

One decision: a class is never told by colour alone. Colours are far apart also for colour-blind
eyes and stand out from white by at least 3:1, and every class has a word (and, where marks are
small, a symbol).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import plotly.graph_objects as go

TEMPLATE = "cancerres"
"""Name under which `template` registers the template with Plotly."""

FONT = "Open Sans, Liberation Sans, Arial, sans-serif"
TEXT_SIZE, TITLE_SIZE = 14, 20
"""Font sizes [px]; no text of a picture is smaller than the first."""

INK, SOFT_INK, NEUTRAL, RULE, EMPTY = "#1a1a1a", "#4a4a4a", "#767676", "#d4d4d4", "#ebebeb"

AXIS = {
    "showgrid": False,
    "zeroline": False,
    "automargin": True,
    "linecolor": RULE,
    "ticks": "",
    "tickfont": {"size": TEXT_SIZE, "color": INK},
    "title": {"font": {"size": TEXT_SIZE, "color": SOFT_INK}, "standoff": 8},
}
HOVER_LABEL = {
    "align": "left",
    "bgcolor": "#ffffff",
    "bordercolor": NEUTRAL,
    "font": {"size": TEXT_SIZE, "color": INK},
}
# Defaults in the template keep figures small: a picture may place dozens of notes.
NOTE = {
    "xref": "paper",
    "yref": "paper",
    "xanchor": "left",
    "yanchor": "top",
    "align": "left",
    "showarrow": False,
}

COLOURS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "level": {
            "genetic": "#0085dd",
            "epigenetic": "#3d1a78",
            "signalling": "#b5830f",
            "phenotypic": "#d9556b",
            "pharmacological": "#6b2500",
            "microenvironment": "#00493a",
            "host": "#8a7fa8",
        },
        "kind": {
            "cancer_type": "#c4581a",
            "therapy": "#8a3d74",
            "mechanism": "#1f2a44",
            "strategy": "#0077bb",
            "reference": "#8a8a8a",
        },
        "status": {
            "confirmed": "#0077bb",
            "different_details": "#c77700",
            "no_trace": "#5a1020",
            "not_from_review": "#3d1a78",
            "uncited": "#666666",
        },
    }
)
"""Colour by group and class."""

SYMBOLS: Mapping[str, str] = MappingProxyType(
    {
        "confirmed": "circle",
        "different_details": "diamond",
        "no_trace": "x",
        "not_from_review": "star",
        "uncited": "circle-open",
        "mechanism": "circle",
        "strategy": "diamond",
    }
)
"""Plotly marker by class, for marks that carry no text."""

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "confirmed": "confirmed",
        "resists": "resists through",
        "different_details": "found with other details",
        "no_trace": "no trace",
        "not_from_review": "added by the curators",
        "uncited": "uncited",
        "cancer_type": "cancer type",
        "therapy": "therapy",
        "mechanism": "mechanism",
        "strategy": "strategy",
        "reference": "reference",
    }
)
"""What to call a class in a sentence."""

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "seconds": "s",
        "hours": "hours",
        "days": "days",
        "weeks": "weeks",
        "months": "months",
        "years": "years",
        "percent": "%",
        "mm": "mm",
        "mm3": "mm³",
    }
)
ACRONYMS = frozenset({"doi", "pmid", "mondo", "hgnc", "doid", "ncit", "mesh", "go", "id"})


def label(column: str) -> str:
    """Turn the name of a column into a label with its unit.

    Parameters
    ----------
    column : str
        Name whose last word may be a unit: ``"time_days"``.

    Returns
    -------
    str
        Words for people: ``"Time (days)"``, ``"Number of claims"``, ``"Mechanism (ID)"``.
    """
    words = column.split("_")
    if words[0] == "n" and len(words) > 1:
        return "Number of " + " ".join(words[1:])
    unit = UNITS.get(words[-1]) if len(words) > 1 else None
    if unit is None and len(words) > 1 and words[-1] == "id":
        unit = "ID"
    spoken = [word.upper() if word in ACRONYMS else word for word in words[: -1 if unit else None]]
    text = " ".join(spoken)
    return text[:1].upper() + text[1:] + (f" ({unit})" if unit else "")


def word(name: str) -> str:
    """Say a class in words.

    Parameters
    ----------
    name : str
        Class: ``"no_trace"``.

    Returns
    -------
    str
        Its words, ``"no trace"``; a class that has none of its own says its name.
    """
    return WORDS.get(name, name.replace("_", " "))


def colour(group: str, name: str) -> str:
    """Colour of a class.

    Parameters
    ----------
    group : {"level", "kind", "status"}
        What is told apart.
    name : str
        Class of that group.

    Returns
    -------
    str
        As ``#rrggbb``; grey for a class that the palette does not know.
    """
    return COLOURS[group].get(name, NEUTRAL)


def ink(background: str) -> str:
    """Colour of text that reads well on a ground.

    Parameters
    ----------
    background : str
        Colour of the ground, as ``#rrggbb``.

    Returns
    -------
    str
        Black or white, whichever has the higher contrast.
    """
    channels = [int(background[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    # Both contrasts of WCAG 2 are equal at this luminance, and enough on either side of it.
    return "#000000" if luminance > 0.179 else "#ffffff"


def faded(background: str, opacity: float) -> str:
    """Make a colour let through what is below it.

    Parameters
    ----------
    background : str
        Colour as ``#rrggbb``.
    opacity : float
        From 0 (not to be seen) to 1.

    Returns
    -------
    str
        As Plotly writes it: ``rgba(0,119,187,0.5)``.
    """
    channels = ",".join(str(int(background[start : start + 2], 16)) for start in (1, 3, 5))
    return f"rgba({channels},{opacity:g})"


def template() -> go.layout.Template:
    """The template of the kit's pictures, registered on first use.

    Plotly's own default is left as it is: a notebook's other pictures do not change.

    Returns
    -------
    plotly.graph_objects.layout.Template
        Also to be had as ``plotly.io.templates["cancerres"]``.
    """
    import plotly.io as pio  # words and colours alone, as tables need them, do without Plotly

    if TEMPLATE not in pio.templates:
        pio.templates[TEMPLATE] = _template()
    return pio.templates[TEMPLATE]


def _template() -> go.layout.Template:
    """Build the template: dark text on white, no frame, quiet rules, hover text to the left."""
    import plotly.graph_objects as go

    title = {"font": {"size": TITLE_SIZE, "weight": 600}, "x": 0, "xref": "container"}
    subtitle = {"font": {"size": TEXT_SIZE, "color": SOFT_INK}}
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": TEXT_SIZE, "color": INK},
            "title": {**title, "subtitle": subtitle, "xanchor": "left", "pad": {"l": 20}},
            "paper_bgcolor": "#ffffff",
            "plot_bgcolor": "#ffffff",
            "colorway": list(COLOURS["level"].values()),
            "xaxis": AXIS,
            "yaxis": AXIS,
            "hoverlabel": HOVER_LABEL,
            "modebar": {"remove": ["select2d", "lasso2d"], "bgcolor": "rgba(255,255,255,0.8)"},
            "legend": {"font": {"size": TEXT_SIZE}, "itemsizing": "constant"},
            "annotationdefaults": NOTE,
            "shapedefaults": {"xref": "paper", "yref": "paper"},
        }
    )
