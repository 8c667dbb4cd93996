"""Mutations along a protein: where they are, how much is known of each, and what it predicts.

One decision: one mark is one evidence item, so that height needs no second scale, and an item that
asks for other alterations too is hollow, as it says nothing of the mutation by itself. The axis
spans the positions in the data; how long the protein is, the tables do not say.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from cancerres_kit import theme
from cancerres_kit.figures import predictions, words
from cancerres_kit.figures.canvas import blank, canvas, need, note, records
from cancerres_kit.schema import DataError

NEEDED = (
    "gene", "mutation", "start", "only_with", "evidence_id", "profile", "cancer_type", "treatment",
    "finding", "level", "references", "year",
)  # fmt: skip
APART = 0.024
"""Least distance of two stems, as a fraction of the axis."""
BEND = 0.9
"""Height up to which a stem leads from its residue to its place, in items."""
MARK, HEIGHT = 26.0, 360.0
"""Height of a mark, and of the plot area at most [px]."""
SYMBOLS = {
    "resistance": "square",
    "no resistance": "square-x",
    "sensitivity": "circle",
    "no sensitivity": "circle-x",
}
"""Plotly marker by finding; crossed out where the item speaks against it."""
WORDS = {
    "resistance": ("predicts resistance", "predict resistance"),
    "no resistance": ("speaks against resistance", "speak against resistance"),
    "sensitivity": ("predicts sensitivity", "predict sensitivity"),
    "no sensitivity": ("speaks against sensitivity", "speak against sensitivity"),
}
"""What one item does, and what several do."""
TOGETHER = "only together with"
Row = dict[str, Any]


def protein_positions(mutations: pd.DataFrame) -> go.Figure:
    """Draw the mutations of one gene at their residues, with a mark for each evidence item.

    Parameters
    ----------
    mutations : pandas.DataFrame
        One row per item, treatment and mutation, as `cancerres_kit.links.mutations` gives it:
        gene, mutation, start, only_with, evidence_id, profile, cancer_type, treatment, finding,
        level, references, year.

    Returns
    -------
    plotly.graph_objects.Figure
        A trace of stems, and for each finding a trace of marks of the mutation by itself and one
        of hollow marks of the mutation together with others.

    Raises
    ------
    DataError
        If a column is missing, a finding is none, or the frame holds more than one gene.
    """
    need(mutations, NEEDED, what="the frame of mutations")
    rows = records(mutations)
    predictions.check(rows, what="the frame of mutations")
    stems = _stems(rows)
    if not stems:
        sentence = "Nothing curated: no evidence item names a residue"
        return blank(sentence, traces=_traces([], (0.0, 1.0)))
    ends = _ends(stems)
    highest = max(len(stem["items"]) for stem in stems)
    return canvas(
        _traces(stems, ends),
        title=_title(stems),
        subtitle=_subtitle(stems),
        description=_description(stems),
        body=_body(highest),
        head=_head(stems),
        foot=56,
        layout=_layout(stems, ends, highest),
    )


def _stems(rows: list[Row]) -> list[Row]:
    """The mutations in their order along the protein, each with its items."""
    genes = sorted({words.plain(row["gene"]) for row in rows})
    if len(genes) > 1:
        shown = words.listing([repr(gene) for gene in genes], limit=5)
        raise DataError(f"the frame of mutations holds {shown}; draw one gene at a time")
    stems: dict[tuple[int, str], Row] = {}
    for row in sorted(rows, key=_place):
        stem = stems.setdefault(_place(row), {**row, "at": int(row["start"]), "items": {}})
        item = stem["items"].setdefault(row["evidence_id"], {**row, "treatments": []})
        item["treatments"].append(words.plain(row["treatment"]))
    return [{**stem, "items": _ordered(stem["items"].values())} for stem in stems.values()]


def _place(row: Row) -> tuple[int, str]:
    return int(row["start"]), words.plain(row["mutation"])


def _ordered(items: Any) -> list[Row]:
    """Items of a mutation from the ground up: by what they find."""
    order = list(SYMBOLS)
    return sorted(items, key=lambda item: (order.index(item["finding"]), item["evidence_id"]))


def _ends(stems: list[Row]) -> tuple[float, float]:
    """Ends of the axis: the positions in the data with some air."""
    first, last = stems[0]["at"], stems[-1]["at"]
    air = max(0.05 * (last - first), 5.0)
    return first - air, last + air


def _places(stems: list[Row], ends: tuple[float, float]) -> list[float]:
    """Where the stems stand: at their residues, moved apart where they would touch.

    Stems that touch make a group, which is spread around the middle of its residues.
    """
    apart = min(APART, 1 / max(len(stems), 1)) * (ends[1] - ends[0])
    groups: list[list[int]] = []
    for stem in stems:
        groups.append([stem["at"]])
        while (
            len(groups) > 1
            and _middle(groups[-1]) - _middle(groups[-2])
            < apart * (len(groups[-1]) + len(groups[-2])) / 2
        ):
            last = groups.pop()
            groups[-1] = groups[-1] + last
    return [
        _middle(group) + apart * (number - (len(group) - 1) / 2)
        for group in groups
        for number in range(len(group))
    ]


def _middle(group: list[int]) -> float:
    return sum(group) / len(group)


def _traces(stems: list[Row], ends: tuple[float, float]) -> list[go.Scatter]:
    """Stems, names above them, and marks by finding."""
    places = _places(stems, ends)
    lines = [
        (x, y)
        for stem, place in zip(stems, places, strict=True)
        for x, y in ((stem["at"], 0), (place, BEND), (place, len(stem["items"])), (None, None))
    ]
    stalks = go.Scatter(
        x=[x for x, _ in lines],
        y=[y for _, y in lines],
        mode="lines",
        line={"color": theme.NEUTRAL, "width": 1.5},
        hoverinfo="skip",
        showlegend=False,
    )
    marked = [
        (place, height, item)
        for stem, place in zip(stems, places, strict=True)
        for height, item in enumerate(stem["items"], start=1)
    ]
    told = [(name, hollow) for name in SYMBOLS for hollow in (False, True)]
    return [
        stalks,
        *(_marks([one for one in marked if _is(one[2], *each)], *each) for each in told),
    ]


def _is(item: Row, finding: str, hollow: bool) -> bool:
    return item["finding"] == finding and bool(words.plain(item["only_with"])) == hollow


def _marks(marked: list[tuple[float, int, Row]], name: str, hollow: bool) -> go.Scatter:
    """Marks of one finding, of mutations by themselves or only together with others."""
    colour = predictions.COLOURS[name.removeprefix("no ")]
    # A stem and a cross must not shine through, so nothing is left without a fill.
    is_white = hollow or name.startswith("no ")
    marker = {"symbol": SYMBOLS[name], "color": "#ffffff" if is_white else colour, "size": 12}
    marker["line"] = {"width": 1.5 if name.startswith("no ") else 2.5, "color": colour}
    return go.Scatter(
        x=[x for x, _, _ in marked],
        y=[y for _, y, _ in marked],
        mode="markers",
        name=f"{WORDS[name][0]}, {TOGETHER} others" if hollow else WORDS[name][0],
        marker=marker,
        customdata=[_hover(item) for _, _, item in marked],
        hovertemplate="%{customdata}<extra></extra>",
        cliponaxis=False,
    )


def _hover(item: Row) -> str:
    """One item with its treatment."""
    about = f"{words.plain(item['profile'])}, {words.plain(item['cancer_type'])}"
    lines = [f"<b>{words.folded(about, 60)}</b>"]
    if beside := words.plain(item["only_with"]):
        lines.append(words.folded(f"{TOGETHER} {beside}", 60))
    lines += [words.folded(" or ".join(item["treatments"]), 60), predictions.listed([item])]
    return "<br>".join(lines)


def _layout(stems: list[Row], ends: tuple[float, float], highest: int) -> dict[str, Any]:
    """The protein as a line at the ground, names of mutations above the stems, and the key."""
    places = _places(stems, ends)
    gene = words.escape(stems[0]["gene"])
    title = {"text": f"Residue of {gene}, counted from 1; only the part with evidence is drawn"}
    shown: dict[str, Any] = {"range": [min(ends[0], places[0]), max(ends[1], places[-1])]}
    shown |= {"linecolor": theme.INK, "linewidth": 4, "ticks": "outside"}
    # Where residues are few, ticks stand at whole ones only.
    step = 1 if stems[-1]["at"] - stems[0]["at"] < 8 else None
    shown |= {"title": title, "fixedrange": True, "dtick": step, "tickformat": "d"}
    key = {
        "orientation": "h",
        "x": 0,
        "y": 1 + (_head(stems) - 4) / _body(highest),
        "yanchor": "top",
    }
    return {
        "xaxis": shown,
        "yaxis": {"range": [0, highest + 1.2], "visible": False, "fixedrange": True},
        "annotations": [_name(*both) for both in zip(stems, places, strict=True)],
        "legend": {**key, "itemclick": False, "itemdoubleclick": False},
    }


def _body(highest: int) -> float:
    """Height of the plot area [px]."""
    return min(MARK * (highest + 2), HEIGHT)


def _head(stems: list[Row]) -> float:
    """Room for the key above the plot area [px]; hollow marks make it longer by a line."""
    return 118.0 if _has_hollow(stems) else 96.0


def _name(stem: Row, place: float) -> dict[str, Any]:
    """Name of a mutation, upright above its stem."""
    text, height = words.folded(stem["mutation"], 16, lines=1), len(stem["items"])
    where = {"xref": "x", "yref": "y", "xanchor": "center", "yanchor": "bottom"}
    return note(text, x=place, y=height, yshift=9, textangle=-90, **where)


def _title(stems: list[Row]) -> str:
    """The finding: how many mutations carry resistance by themselves, and which has most items."""
    gene, n = words.plain(stems[0]["gene"]), len(stems)
    resists = sum(any(_is(i, "resistance", False) for i in stem["items"]) for stem in stems)
    most = max(len(stem["items"]) for stem in stems)
    leaders = [stem["mutation"] for stem in stems if len(stem["items"]) == most]
    if n == 1:
        return f"{gene} {leaders[0]}: {words.count(most, 'evidence item')}"
    have, alone = ("has", "itself") if resists < 2 else ("have", "themselves")
    start = f"{resists or 'None'} of {n} {gene} mutations {have} at least one item for resistance"
    start += f" by {alone}" if _has_hollow(stems) else ""
    if len(leaders) == n:
        return f"{start}; each has {words.count(most, 'item')}"
    if len(leaders) > 1:
        return f"{start}; {words.numeral(len(leaders))} have most items ({most} each)"
    return f"{start}; {words.plain(leaders[0])} has most items ({most})"


def _has_hollow(stems: list[Row]) -> bool:
    return any(words.plain(item["only_with"]) for stem in stems for item in stem["items"])


def _subtitle(stems: list[Row]) -> str:
    """What is shown."""
    items = len({item["evidence_id"] for stem in stems for item in stem["items"]})
    text = f"One mark = one evidence item; {words.count(items, 'item')} in all. "
    if _has_hollow(stems):
        text += "Hollow = the item asks for other alterations too. "
    return text + "A mutation may resist one drug and not another, and items may disagree."


def _description(stems: list[Row]) -> str:
    """The picture in sentences, mutation by mutation."""
    parts = [f"Marks along a protein. {_title(stems)}. {_subtitle(stems)}"]
    for stem in stems:
        found = Counter((item["finding"], words.plain(item["only_with"])) for item in stem["items"])
        told = words.listing([_counted(n, *key) for key, n in found.items()])
        drugs = sorted({drug for item in stem["items"] for drug in item["treatments"]})
        parts.append(f"{words.plain(stem['mutation'])}: {told}; {words.listing(drugs)}.")
    return " ".join(parts)


def _counted(n: int, finding: str, beside: str) -> str:
    """How many items find what: ``2 items predict resistance``."""
    said = f"{words.count(n, 'item')} {WORDS[finding][n > 1]}"
    return f"{said} ({TOGETHER} {beside})" if beside else said
