"""Objective response rates of checkpoint inhibitors, arm by arm, with their intervals.

One decision: an interval that a paper reports, one that was computed and none at all look
different and are named; an end that is not given is not drawn.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from cancerres_kit import theme
from cancerres_kit.figures import predictions, words
from cancerres_kit.figures.canvas import blank, canvas, need, note, records
from cancerres_kit.schema import unknown

NEEDED = (
    "response_rate_id", "cancer_type", "regimen", "n", "percent", "interval_low_percent",
    "interval_high_percent", "interval_basis", "population", "trial", "references", "year",
)  # fmt: skip
ROW = 38.0
"""Height of a row [px]."""
LEFT, RIGHT = 0.485, 0.75
"""Where the axis begins and ends, as fractions of the width."""
ARM, POPULATION = 56, 60
"""Characters of the two lines of a row."""
KINDS = {
    "reported": ("interval as reported", "circle", "solid", "#0077bb"),
    "computed": ("interval computed from n and responders", "diamond", "dash", "#b3400f"),
    "": ("no interval given", "x-thin-open", "solid", "#4a4a4a"),
}
"""Words, marker, line and colour by where an interval comes from."""
METHODS = {
    "reported": "reported by the paper",
    "computed_wilson": "computed by Wilson's method",
    "computed_clopper_pearson": "computed by Clopper and Pearson's method",
}
ROWS = "trial arms or subgroups"
Row = dict[str, Any]


def response_rates(rates: pd.DataFrame) -> go.Figure:
    """Draw response rates with their intervals, the highest first.

    Parameters
    ----------
    rates : pandas.DataFrame
        One row per trial arm or subgroup, as `cancerres_kit.links.rates` gives it:
        response_rate_id, cancer_type, regimen, n, percent, interval_low_percent,
        interval_high_percent, interval_basis, population, trial, references, year.

    Returns
    -------
    plotly.graph_objects.Figure
        For each kind of interval a trace of lines and one of marks.

    Raises
    ------
    DataError
        If a column is missing, or an interval basis is none.
    """
    need(rates, NEEDED, what="the frame of response rates")
    rows = _rows(rates)
    if not rows:
        return blank("Nothing curated: there is no response rate to show", traces=_traces([]))
    return canvas(
        _traces(rows),
        title=_title(rows),
        subtitle=_subtitle(rows),
        description=_description(rows),
        body=ROW * len(rows),
        head=56,
        foot=54,
        layout=_layout(rows),
    )


def _rows(rates: pd.DataFrame) -> list[Row]:
    """Arms, highest rate first, with their places."""
    rows = [row for row in records(rates) if not pd.isna(row["percent"])]
    rows.sort(key=lambda row: (-row["percent"], str(row["cancer_type"]), row["response_rate_id"]))
    for place, row in enumerate(rows):
        if (basis := words.plain(row["interval_basis"])) and basis not in METHODS:
            where = f"the frame of response rates: {words.listing(list(METHODS))}"
            raise unknown(basis, METHODS, what="interval basis", where=where)
        row["place"] = place
        row["kind"] = basis.partition("_")[0]
        low, high = row["interval_low_percent"], row["interval_high_percent"]
        row["low"] = None if pd.isna(low) else float(low)
        row["high"] = None if pd.isna(high) else float(high)
    return rows


def _traces(rows: list[Row]) -> list[go.Scatter]:
    """Lines and marks of each kind of interval."""
    held = {kind: [row for row in rows if row["kind"] == kind] for kind in KINDS}
    return [trace(held[kind], kind) for kind in KINDS for trace in (_lines, _marks)]


def _lines(rows: list[Row], kind: str) -> go.Scatter:
    """Intervals, from the lower end to the upper one, as far as they are given."""
    _, _, dash, colour = KINDS[kind]
    drawn = [row for row in rows if row["low"] is not None or row["high"] is not None]
    ends = [(_end(row, "low"), _end(row, "high"), row["place"]) for row in drawn]
    return go.Scatter(
        x=[x for low, high, _ in ends for x in (low, high, None)],
        y=[y for *_, place in ends for y in (place, place, None)],
        mode="lines",
        line={"color": colour, "width": 2.5, "dash": dash},
        hoverinfo="skip",
        showlegend=False,
    )


def _end(row: Row, end: str) -> float:
    """An end of an interval; one that is not given is where the rate is."""
    return float(row["percent"]) if row[end] is None else float(row[end])


def _marks(rows: list[Row], kind: str) -> go.Scatter:
    """Rates, by where their interval comes from."""
    name, symbol, _, colour = KINDS[kind]
    # A dashed line must not show through the mark of a computed interval.
    marker = {"symbol": symbol, "color": "#ffffff" if symbol == "diamond" else colour, "size": 11}
    marker["line"] = {"color": colour, "width": 2.5}
    return go.Scatter(
        x=[row["percent"] for row in rows],
        y=[row["place"] for row in rows],
        mode="markers",
        name=name,
        marker=marker,
        customdata=[_hover(row) for row in rows],
        hovertemplate="%{customdata}<extra></extra>",
        cliponaxis=False,
    )


def _arm(row: Row) -> str:
    return f"{words.plain(row['cancer_type'])}: {words.plain(row['regimen'])}"


def _told(row: Row) -> str:
    """Rate and interval in words: ``44.8 % (37 to 53)``."""
    rate = f"{row['percent']:g} %"
    if row["low"] is None and row["high"] is None:
        return rate
    low, high = ("?" if end is None else f"{end:.3g}" for end in (row["low"], row["high"]))
    return f"{rate} ({low} to {high})"


def _hover(row: Row) -> str:
    """The whole arm."""
    responders = predictions.whole(row.get("responders"))
    counted = f"{responders} of {predictions.whole(row['n'])} patients" if responders else ""
    method = METHODS.get(words.plain(row["interval_basis"]), "no interval given")
    parts = [
        _told(row),
        counted or f"{predictions.whole(row['n'])} patients",
        f"interval: {method}",
    ]
    source = f"{words.plain(row['trial'])}, {words.plain(row['references'])}"
    source += f", {year}" if (year := predictions.whole(row["year"])) else ""
    lines = [f"<b>{words.folded(_arm(row), 60)}</b>", words.folded(row["population"], 70)]
    return "<br>".join([*lines, words.escape("; ".join(parts)), words.folded(source, 70)])


def _layout(rows: list[Row]) -> dict[str, Any]:
    """An axis of percentages between the arms at the left and their numbers at the right."""
    ends = [len(rows) - 0.5, -0.5]
    top = max(_end(row, "high") for row in rows)
    shown: dict[str, Any] = {"range": [-1.5, min(max(1.05 * top, 10.0), 101.5)]}
    shown |= {"domain": [LEFT, RIGHT], "title": {"text": "Objective response rate (% of patients)"}}
    shown |= {"showgrid": True, "gridcolor": theme.RULE, "fixedrange": True}
    key = {"orientation": "h", "x": 0, "y": 1 + 52 / (ROW * len(rows)), "yanchor": "top"}
    return {
        "xaxis": shown,
        "yaxis": {"visible": False, "range": ends, "fixedrange": True},
        "annotations": [entry for row in rows for entry in _entries(row)],
        "legend": {**key, "itemclick": False, "itemdoubleclick": False},
    }


def _entries(row: Row) -> list[dict[str, Any]]:
    """Arm and population at the left of a row, rate and patients at its right."""
    place = {"yref": "y", "y": row["place"], "yanchor": "middle"}
    arm = words.folded(_arm(row), ARM, lines=1)
    population = words.folded(row["population"], POPULATION, lines=1)
    numbers = f"{_told(row)}, n = {predictions.whole(row['n'])}"
    soft = {"color": theme.SOFT_INK}
    return [
        note(arm, x=0, **place, yshift=9),
        note(population, x=0, **place, yshift=-9, font=soft),
        note(words.escape(numbers), x=RIGHT + 0.015, **place),
    ]


def _title(rows: list[Row]) -> str:
    """The finding: in how many arms most patients did not respond."""
    n, few = len(rows), sum(row["percent"] < 50 for row in rows)
    if n == 1:
        return f"{_arm(rows[0])}: {rows[0]['percent']:g} % of patients responded"
    if few == n:
        most = f"{rows[0]['percent']:g} %"
        return f"In none of {n} {ROWS} did half of the patients respond; the most was {most}"
    return f"In {few} of {n} {ROWS} fewer than half of the patients responded"


def _subtitle(rows: list[Row]) -> str:
    """What the numbers do not say."""
    text = "Line = 95 % interval. 100 % minus the response rate includes stable disease: it only "
    text += "bounds primary resistance and does not measure it. Rows differ in line and selection"
    bare = sum(row["kind"] == "" for row in rows)
    return text + (f"; {bare} of {len(rows)} without an interval." if bare else ".")


def _description(rows: list[Row]) -> str:
    """The picture in sentences, arm by arm."""
    parts = [f"Forest plot. {_title(rows)}. {_subtitle(rows)}"]
    for row in rows:
        method = METHODS.get(words.plain(row["interval_basis"]), "no interval given")
        parts.append(
            f"{_arm(row)} ({words.plain(row['population'])}): {_told(row)}, "
            f"{words.count(int(row['n']), 'patient')}, {method}."
        )
    return " ".join(parts)
