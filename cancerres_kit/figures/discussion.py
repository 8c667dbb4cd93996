"""Where in a document each mechanism and strategy is discussed.

One decision: rows stand in the order in which a reader first meets them, so that the picture reads
as the document does, and a theme that comes back later shows as a dot below and to the right.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from cancerres_kit import theme
from cancerres_kit.figures import words
from cancerres_kit.figures.canvas import blank, canvas, need, note, records

NEEDED = ("claim_id", "section", "paragraph", "kind", "id", "name")
KINDS = {"mechanism": "mechanisms", "strategy": "strategies"}
SECTIONS = (
    "abstract",
    "introduction",
    "background",
    "methods",
    "results",
    "description",
    "discussion",
    "conclusion",
)
"""Usual order of the sections of an article; others follow in the order of their names."""
ROW, GAP = 20.0, 1.4
"""Height of a row [px], and the distance between the kinds in rows."""
LARGEST = 20.0
"""Diameter of the largest dot [px]."""
AXIS = {"tickangle": 0, "gridcolor": theme.EMPTY, "fixedrange": True}
RULE = {
    "type": "line",
    "xref": "x",
    "y0": 0,
    "y1": 1,
    "layer": "below",
    "line": {"color": theme.NEUTRAL, "width": 1},
}
"""Line between two sections."""
Place = tuple[str, int]


def discussion(claims: pd.DataFrame, *, only: Iterable[str] | None = None) -> go.Figure:
    """Draw in which paragraphs each mechanism and strategy is claimed.

    Parameters
    ----------
    claims : pandas.DataFrame
        One row per claim and linked item, as `cancerres_kit.links.claims` gives it: claim_id,
        section, paragraph, kind, id, name. All rows lay out the paragraphs; those of mechanisms
        and strategies are drawn.
    only : iterable of str, optional
        Ids of the claims to draw; all if left out.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace of dots for mechanisms, one for strategies.

    Raises
    ------
    DataError
        If a column is missing.
    """
    need(claims, NEEDED, what="the frame of claims")
    rows = claims[claims["kind"].isin(list(KINDS)) & claims["paragraph"].notna()]
    if only is not None:
        rows = rows[rows["claim_id"].isin(list(only))]
    if rows.empty:
        return blank(
            "Nothing curated: no claim about a mechanism or a strategy", traces=[go.Scatter()] * 2
        )
    dots = _dots(rows)
    places = _places(claims)
    themes = _themes(dots, places)
    height = ROW * (max(themes.values()) + 1.4)
    finding = _title(dots, places) if only is None else _extent(dots, places)
    return canvas(
        _traces(dots, places, themes),
        title=finding,
        subtitle=_subtitle(dots),
        description=f"Dot plot. {finding}. {_subtitle(dots)} {_told(dots, places, themes)}",
        body=height,
        head=76,
        layout=_layout(dots, places, themes),
    )


def _section(name: str) -> tuple[int, str]:
    """Key that sorts sections as an article has them."""
    return (SECTIONS.index(name) if name in SECTIONS else len(SECTIONS), name)


def _dots(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per theme and paragraph: kind, id, name, section, paragraph, claim_ids, n."""
    found = rows.assign(section=rows["section"].astype(str), kind=rows["kind"].astype(str))
    grouped = found.groupby(["kind", "id", "section", "paragraph"], sort=True, observed=True)
    dots = grouped.agg(name=("name", "first"), claim_ids=("claim_id", lambda ids: sorted(set(ids))))
    return dots.reset_index().assign(n=lambda frame: frame["claim_ids"].map(len))


def _places(claims: pd.DataFrame) -> list[Place]:
    """Every paragraph of every section, also those without a dot, in reading order."""
    last = (
        claims.dropna(subset=["paragraph"])
        .groupby(claims["section"].astype(str))["paragraph"]
        .max()
    )
    sections = sorted(last.index, key=_section)
    return [
        (section, number) for section in sections for number in range(1, int(last[section]) + 1)
    ]


def _themes(dots: pd.DataFrame, places: list[Place]) -> dict[tuple[str, str], float]:
    """Vertical place of each theme in rows: mechanisms, then strategies, by first mention."""
    order = {place: number for number, place in enumerate(places)}
    first: dict[tuple[str, str], tuple[int, int, str]] = {}
    for key, group in dots.groupby(["kind", "id"]):
        met = min(order[place] for place in zip(group["section"], group["paragraph"], strict=True))
        kind, theme_id = map(str, key)
        first[kind, theme_id] = (met, -int(group["n"].sum()), str(group["name"].iloc[0]))
    rows: dict[tuple[str, str], float] = {}
    below = 0.0
    for kind in KINDS:
        ranked = sorted((key for key in first if key[0] == kind), key=lambda key: (first[key], key))
        rows |= {key: below + number for number, key in enumerate(ranked)}
        below += len(ranked) + (GAP if ranked else 0)
    return rows


def _traces(dots: pd.DataFrame, places: list[Place], themes: dict[Any, float]) -> list[go.Scatter]:
    """Dots whose area is the number of claims."""
    order = {place: number for number, place in enumerate(places)}
    most = int(dots["n"].max())
    traces = []
    for kind, plural in KINDS.items():
        held = records(dots[dots["kind"] == kind])
        traces.append(
            go.Scatter(
                name=plural,
                mode="markers",
                x=[order[row["section"], row["paragraph"]] for row in held],
                y=[themes[kind, row["id"]] for row in held],
                marker={
                    "symbol": theme.SYMBOLS[kind],
                    "color": theme.colour("kind", kind),
                    "size": [row["n"] for row in held],
                    "sizemode": "area",
                    "sizeref": round(2 * max(most, 3) / LARGEST**2, 5),
                    "line": {"width": 0},
                    "opacity": 1,
                },
                customdata=[_hover(row) for row in held],
                hovertemplate="%{customdata}<extra></extra>",
            )
        )
    return traces


def _hover(row: dict[str, Any]) -> str:
    """Theme, place and claims of a dot."""
    ids = words.listing(row["claim_ids"], limit=6)
    where = f"{words.escape(row['section'])}, paragraph {row['paragraph']}"
    return f"<b>{words.folded(row['name'], 60)}</b><br>{where}<br>" + words.folded(
        f"{words.count(row['n'], 'claim')}: {ids}", 60
    )


def _layout(dots: pd.DataFrame, places: list[Place], themes: dict[Any, float]) -> dict[str, Any]:
    """Axes: paragraphs under their sections at the top, themes at the left."""
    names = {(row["kind"], row["id"]): row["name"] for row in records(dots)}
    low, high = -0.7, max(themes.values()) + 0.7
    starts = [n for n, (section, _) in enumerate(places) if n == 0 or places[n - 1][0] != section]
    heading = {"xref": "x", "font": {"color": theme.SOFT_INK}, "yshift": 42}
    head = round(1 + 44 / (ROW * (high - low)), 4)
    return {
        "xaxis": {
            **AXIS,
            "side": "top",
            "range": [-0.6, len(places) - 0.4],
            "tickvals": list(range(len(places))),
            "ticktext": [str(number) for _, number in places],
        },
        "yaxis": {
            **AXIS,
            "range": [high, low],
            "tickvals": list(themes.values()),
            "ticktext": [words.folded(names[key], 48, lines=1) for key in themes],
            "showgrid": True,
        },
        "legend": {"orientation": "h", "x": 0, "y": head, "yanchor": "bottom"},
        "shapes": [{**RULE, "x0": n - 0.5, "x1": n - 0.5} for n in starts],
        "annotations": [
            {**note(words.escape(places[n][0]), x=n - 0.4, y=1), **heading} for n in starts
        ],
    }


def _title(dots: pd.DataFrame, places: list[Place]) -> str:
    """The finding: the theme that most paragraphs come back to."""
    spread = dots.groupby(["kind", "id"]).size()
    names = dots.groupby(["kind", "id"])["name"].first()
    most = int(spread.max())
    leaders = sorted(names[spread == most])
    if len(places) == 1:
        section, number = places[0]
        themes = f"{leaders[0]} is" if len(spread) == 1 else f"{len(spread)} themes are"
        return f"{themes} discussed in {section} {number}"
    reach = f"{most} of {words.count(len(places), 'paragraph')}"
    if len(spread) == 1:
        return f"{leaders[0]} is discussed in {reach}"
    if len(leaders) == 1:
        return f"{leaders[0]} is the theme that comes back most: in {reach}"
    if len(leaders) == 2:
        return f"Coming back most, each in {reach}: {'; '.join(leaders)}"
    return f"{words.sentence(words.numeral(len(leaders)))} themes come back most: each in {reach}"


def _extent(dots: pd.DataFrame, places: list[Place]) -> str:
    """The finding about chosen claims: how much of the document they come from."""
    claims = words.count(len(set().union(*dots["claim_ids"])), "claim")
    met = len(dots[["section", "paragraph"]].drop_duplicates())
    return f"{claims} in {met} of {words.count(len(places), 'paragraph')}"


def _subtitle(dots: pd.DataFrame) -> str:
    """What is shown."""
    most = int(dots["n"].max())
    size = f"area of a dot = number of claims, at most {most}" if most > 1 else "a dot is one claim"
    return f"Themes in order of first mention, by section and paragraph; {size}."


def _told(dots: pd.DataFrame, places: list[Place], themes: dict[Any, float]) -> str:
    """The picture in sentences, theme by theme."""
    order = {place: number for number, place in enumerate(places)}
    parts = []
    for kind, theme_id in themes:
        held = records(dots[(dots["kind"] == kind) & (dots["id"] == theme_id)])
        held.sort(key=lambda row: order[row["section"], row["paragraph"]])
        told = [f"{r['section']} {r['paragraph']} ({words.count(r['n'], 'claim')})" for r in held]
        parts.append(f"{words.plain(held[0]['name'])}, {kind}: {words.listing(told)}.")
    return " ".join(parts)
