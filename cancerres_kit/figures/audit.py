"""The audit of a bibliography: each entry as printed beside what a search for it found.

One decision: the verdict is a symbol, a word and a colour at once, and stands between the two
texts, so that a row reads as a sentence: this was printed, so it fared, that was found.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from cancerres_kit import theme
from cancerres_kit.figures import words
from cancerres_kit.figures.canvas import blank, canvas, need, note, records

NEEDED = ("reference_id", "number", "as_printed", "as_resolved", "status", "basis")
ADDED = "not_from_review"
STATUSES = ("confirmed", "different_details", "no_trace")
WIDTH, LINES = 49, 5
"""Characters in a line of either text, and lines that are shown; the hover text has them all."""
LINE, AIR = 17.5, 10.0
"""Height of a line, and what a row adds to it [px]."""
PRINTED, VERDICT, FOUND = 0.0, 0.428, 0.596
"""Left edges of the columns, as fractions of the width."""
HEADS = {
    PRINTED: "As printed",
    VERDICT: "Verdict",
    FOUND: "What was found, or what to read instead",
}
Row = dict[str, Any]


def reference_audit(bibliography: pd.DataFrame) -> go.Figure:
    """Draw each printed reference beside what was found of it.

    Parameters
    ----------
    bibliography : pandas.DataFrame
        One row per reference, as `cancerres_kit.links.bibliography` gives it: reference_id, number,
        as_printed, as_resolved, status, basis; substitute (text) where there is one. References
        that the curators added were never printed and are left out.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace of marks per status, and two traces of text.

    Raises
    ------
    DataError
        If a column is missing.
    """
    need(bibliography, NEEDED, what="the frame of references")
    rows = _rows(bibliography)
    if not rows:
        return blank(_nothing(len(bibliography)), traces=_traces([]))
    height = sum(row["height"] for row in rows)
    return canvas(
        _traces(rows),
        title=_title(rows),
        subtitle=_subtitle(rows),
        description=_description(rows),
        body=height,
        head=24,
        layout=_layout(rows, height),
    )


def _layout(rows: list[Row], height: float) -> dict[str, Any]:
    """Hidden axes, a rule between two rows, and the heads of the columns."""
    edges = [0, *(row["middle"] + row["height"] / 2 for row in rows)]
    rule = {
        "type": "line",
        "yref": "y",
        "x0": 0,
        "x1": 1,
        "line": {"color": theme.RULE, "width": 1},
    }
    style = {"yshift": 24, "font": {"color": theme.SOFT_INK, "weight": 600}}
    return {
        "xaxis": {"visible": False, "range": [0, 1], "fixedrange": True},
        "yaxis": {"visible": False, "range": [height, 0], "fixedrange": True},
        "showlegend": False,
        "shapes": [{**rule, "y0": y, "y1": y} for y in edges],
        "annotations": [note(text, x=x, y=1, **style) for x, text in HEADS.items()],
    }


def _rows(bibliography: pd.DataFrame) -> list[Row]:
    """Printed references by number, with their texts and their places [px]."""
    rows = [row for row in records(bibliography) if words.plain(row["status"]) != ADDED]
    rows.sort(key=lambda row: (pd.isna(row["number"]), row["number"], str(row["reference_id"])))
    reached = 0.0
    for row in rows:
        number = row["reference_id"] if pd.isna(row["number"]) else int(row["number"])
        row["label"] = f"[{words.plain(number)}]"
        row["printed"] = f"{row['label']} {words.plain(row['as_printed']) or 'nothing'}"
        row["status"] = words.plain(row["status"])
        row["found"] = _found(row)
        texts = [words.folded(row[side], WIDTH, lines=LINES) for side in ("printed", "found")]
        row["height"] = max(words.depth(text) for text in texts) * LINE + AIR
        row["middle"] = reached + row["height"] / 2
        reached += row["height"]
    return rows


def _found(row: Row) -> str:
    """What stands on the right: the publication that was found, else a substitute."""
    if resolved := words.plain(row["as_resolved"]):
        return f"Found: {resolved}"
    if substitute := words.plain(row.get("substitute")):
        return f"Read instead: {substitute}"
    return "Nothing found; no substitute curated"


def _traces(rows: list[Row]) -> list[go.Scatter]:
    """One trace of marks with words per status, then the texts at both sides."""
    statuses = [*STATUSES, *sorted({row["status"] for row in rows} - set(STATUSES))]
    marks = [_marks([row for row in rows if row["status"] == s], s) for s in statuses]
    sides = ((PRINTED, "printed"), (FOUND, "found"))
    texts = [[words.folded(row[side], WIDTH, lines=LINES) for row in rows] for _, side in sides]
    return [
        *marks,
        *(_text(rows, x, shown, mode="text") for (x, _), shown in zip(sides, texts, strict=True)),
    ]


def _marks(rows: list[Row], status: str) -> go.Scatter:
    """Symbol and word of one status in each of its rows."""
    shown = "<br>".join("  " + line for line in words.folded(theme.word(status), 14).split("<br>"))
    marker = {"color": theme.colour("status", status), "size": 14}
    marker["symbol"] = theme.SYMBOLS.get(status, "square")
    style = {"mode": "markers+text", "name": words.escape(theme.word(status)), "marker": marker}
    return _text(rows, VERDICT + 0.012, [shown] * len(rows), **style)


def _text(rows: list[Row], x: float, shown: list[str], **style: Any) -> go.Scatter:
    """Text to the right of a place in each row; the hover text tells the whole row."""
    return go.Scatter(
        x=[x] * len(rows),
        y=[row["middle"] for row in rows],
        text=shown,
        textposition="middle right",
        textfont={"size": theme.TEXT_SIZE},
        cliponaxis=False,
        customdata=[_hover(row) for row in rows] if "marker" in style else None,
        hovertemplate="%{customdata}<extra></extra>" if "marker" in style else None,
        hoverinfo=None if "marker" in style else "skip",
        **style,
    )


def _hover(row: Row) -> str:
    """The whole row, with what was searched."""
    parts = [f"<b>{words.escape(theme.word(row['status']))}</b>", words.folded(row["printed"], 70)]
    parts += [
        words.folded(row["found"], 70),
        "Searched: " + words.folded(row["basis"], 60, lines=8),
    ]
    return "<br>".join(parts)


def _title(rows: list[Row]) -> str:
    """The finding: how many could be confirmed, and how many left no trace."""
    found, n = Counter(row["status"] for row in rows), len(rows)
    confirmed = found["confirmed"]
    if n == 1:
        return f"Reference {rows[0]['label']}: {theme.word(rows[0]['status'])}"
    start = f"{confirmed} of {n} references could be confirmed as printed"
    if confirmed == n:
        return f"All {n} references could be confirmed as printed"
    if confirmed == 0:
        start = f"None of the {n} references could be confirmed as printed"
    traceless = found["no_trace"]
    return f"{start}; {words.numeral(traceless)} left no trace" if traceless else start


def _subtitle(rows: list[Row]) -> str:
    """How the verdicts are spread, and what they do not say."""
    found = Counter(row["status"] for row in rows)
    told = ", ".join(f"{n} {theme.word(status)}" for status, n in found.most_common())
    return f"{told}. No trace is strong evidence, not proof, that a reference does not exist."


def _nothing(given: int) -> str:
    """What to say where there is no printed reference."""
    if not given:
        return "Nothing curated: there is no reference to audit"
    added = words.count(given, "reference")
    return f"Nothing curated: no printed reference to audit; {added} added by the curators"


def _description(rows: list[Row]) -> str:
    """The audit in sentences, reference by reference."""
    parts = [f"Table of marks and text. {_title(rows)}. {_subtitle(rows)}"]
    parts += [
        f"Printed: {row['printed']} Verdict: {theme.word(row['status'])}. {row['found']}"
        for row in rows
    ]
    return " ".join(part if part.endswith(".") else part + "." for part in parts)
