"""Alteration by treatment: what the evidence predicts, and how good it is.

One decision: a cell holds one alteration in one cancer type and one treatment. Only items on the
very same three can agree or conflict, and a conflict has a shape of its own.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from cancerres_kit import theme
from cancerres_kit.figures import predictions, words
from cancerres_kit.figures.canvas import blank, canvas, need, records

NEEDED = (
    "evidence_id", "profile", "cancer_type_id", "cancer_type", "treatment_id", "treatment",
    "finding", "level", "references", "year",
)  # fmt: skip
ROWS, COLUMNS = 40, 24
"""Alterations and treatments that are drawn; those with most items are kept."""
ROW = 36.0
"""Height of a row [px]."""
SLANT = 40
"""Angle of the heads of the columns [degrees]."""
SIZES = {"resistance": 25, "sensitivity": 27, "conflicting": 26, "none": 14}
"""Size of a mark [px]; a diamond needs more to look as large."""
Row = dict[str, Any]
Cells = dict[tuple[str, str], list[Row]]


def alteration_heatmap(items: pd.DataFrame) -> go.Figure:
    """Draw for every alteration and treatment what the evidence predicts.

    Parameters
    ----------
    items : pandas.DataFrame
        One row per item and treatment, as `cancerres_kit.links.alteration_items` gives it:
        evidence_id, profile, cancer_type_id, cancer_type, treatment_id, treatment, finding, level,
        references, year.

    Returns
    -------
    plotly.graph_objects.Figure
        A heatmap trace of the cells, and a trace of marks per prediction.

    Raises
    ------
    DataError
        If a column is missing, or a finding is none.
    """
    need(items, NEEDED, what="the frame of evidence items")
    rows = records(items.drop_duplicates(["evidence_id", "treatment_id"]))
    predictions.check(rows, what="the frame of evidence items")
    if not rows:
        return blank("Nothing curated: there is no evidence item to show", traces=_bare())
    cells = _cells(rows)
    down = _shown(_leading(rows, _row_key, ROWS), {key for key, _ in cells})
    across = _shown(_leading(rows, _column_key, COLUMNS), {key for _, key in cells})
    heads = [words.folded(name, 30, lines=1) for name in across.values()]
    return canvas(
        _traces(cells, list(down), list(across)),
        title=_title(cells),
        subtitle=_subtitle(rows, down, across),
        description=_description(rows, cells, down, across),
        body=_body(down),
        head=_head(heads),
        layout=_layout(rows, down, heads),
    )


def _cells(rows: list[Row]) -> Cells:
    """The items of each pair of an alteration and a treatment that are both drawn."""
    down, across = _leading(rows, _row_key, ROWS), _leading(rows, _column_key, COLUMNS)
    cells: Cells = {}
    for row in rows:
        if (key := _row_key(row)) in down and (column := _column_key(row)) in across:
            cells.setdefault((key, column), []).append(row)
    return cells


def _shown(names: dict[str, str], held: set[str]) -> dict[str, str]:
    """Leave out what has no cell, as its counterparts are left out."""
    return {key: name for key, name in names.items() if key in held}


def _row_key(row: Row) -> str:
    return f"{row['profile']}\n{row['cancer_type_id']}"


def _column_key(row: Row) -> str:
    return str(row["treatment_id"])


def _leading(rows: list[Row], key: Any, most: int) -> dict[str, str]:
    """Rows or columns with most items, in the order of their names, with what to call them."""
    sizes = Counter(key(row) for row in rows)
    names = {key(row): words.plain(row["treatment"]) for row in rows}
    kept = sorted(sizes, key=lambda name: (-sizes[name], name))[:most]
    order = (lambda name: name) if key is _row_key else (lambda name: names[name].casefold())
    return {name: names[name] for name in sorted(kept, key=order)}


def _body(down: dict[str, str]) -> float:
    """Height of the rows [px]; with few of them the key above still has its place."""
    return max(ROW * len(down), 100.0)


def _head(heads: list[str]) -> float:
    """Height of the heads of the columns and of the key above them [px]."""
    return 52 + 4.6 * max(len(head) for head in heads)


def _usual(rows: list[Row]) -> str:
    """Cancer type of most items: it is said once, not in every row."""
    sizes = Counter(words.plain(row["cancer_type"]) for row in rows)
    return min(sizes, key=lambda name: (-sizes[name], name))


def _labels(rows: list[Row], down: dict[str, str]) -> list[str]:
    """Alterations, with their cancer type where it is not the usual one."""
    named, usual = {_row_key(row): row for row in rows}, _usual(rows)
    labels = []
    for key in down:
        label = words.folded(named[key]["profile"], 36, lines=1)
        cancer = words.plain(named[key]["cancer_type"])
        labels.append(label if cancer == usual else f"{label}<br><i>{_short(cancer)}</i>")
    return labels


def _short(name: str) -> str:
    return words.folded(name, 34, lines=1)


def _traces(cells: Cells, down: list[str], across: list[str]) -> list[Any]:
    """Grey where nothing is curated, and marks by prediction where something is."""
    ground = go.Heatmap(
        x=list(range(len(across))),
        y=list(range(len(down))),
        z=[[None if (key, column) in cells else 1 for column in across] for key in down],
        colorscale=[[0, theme.EMPTY], [1, theme.EMPTY]],
        xgap=2,
        ygap=2,
        showscale=False,
        hoverongaps=False,
        hovertemplate="not curated<extra></extra>",
    )
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in predictions.WORDS}
    for place, held in cells.items():
        found[_predicted(held)].append(place)
    return [ground, *(_marks(name, found[name], cells, down, across) for name in found)]


def _marks(
    name: str, places: list[tuple[str, str]], cells: Cells, down: list[str], across: list[str]
) -> go.Scatter:
    """Marks of one prediction, with the best level written into each."""
    return predictions.marks(
        name,
        size=SIZES[name],
        mode="markers" if name == "none" else "markers+text",
        x=[across.index(column) for _, column in places],
        y=[down.index(key) for key, _ in places],
        text=[words.escape(predictions.level(cells[place])) for place in places],
        customdata=[_hover(cells[place]) for place in places],
    )


def _bare() -> list[Any]:
    """The traces of a picture without cells."""
    return _traces({}, [], [])


def _predicted(held: list[Row]) -> str:
    return predictions.prediction(str(row["finding"]) for row in held)


def _hover(held: list[Row]) -> str:
    """What is known of one cell, item by item."""
    first = held[0]
    about = f"{words.plain(first['profile'])}, {words.plain(first['cancer_type'])}"
    start = f"<b>{words.folded(about, 60)}</b><br>{words.folded(first['treatment'], 60)}: "
    return f"{start}{predictions.WORDS[_predicted(held)]}<br>{predictions.listed(held)}"


def _layout(rows: list[Row], down: dict[str, str], heads: list[str]) -> dict[str, Any]:
    """Axes with names at the numbers of rows and columns, and the key above all heads."""
    shared = {"fixedrange": True, "tickmode": "array", "ticklabeloverflow": "allow"}
    across = {"tickvals": list(range(len(heads))), "ticktext": heads, "tickangle": SLANT}
    labels = {"tickvals": list(range(len(down))), "ticktext": _labels(rows, down)}
    key = {"orientation": "h", "x": 0, "yanchor": "top"}
    key["y"] = 1 + _head(heads) / _body(down)
    return {
        "xaxis": {**shared, **across, "side": "top", "range": [-0.5, len(heads) - 0.5]},
        "yaxis": {**shared, **labels, "range": [len(down) - 0.5, -0.5]},
        "legend": {**key, "itemclick": False, "itemdoubleclick": False},
    }


def _title(cells: Cells) -> str:
    """The finding: where the sources disagree, else what most pairs show."""
    found = Counter(_predicted(held) for held in cells.values())
    n, pairs = len(cells), "pairs of alteration and treatment"
    if n == 1:
        (held,) = cells.values()
        about = f"{words.plain(held[0]['profile'])} and {words.plain(held[0]['treatment'])}"
        return f"{about}: {predictions.WORDS[_predicted(held)]}"
    if conflicts := found["conflicting"]:
        return f"The evidence disagrees in {words.numeral(conflicts)} of {n} {pairs}"
    name, most = max(found.items(), key=lambda item: (item[1], item[0]))
    return f"{most} of {n} {pairs} show {predictions.WORDS[name]}; none is conflicting"


def _subtitle(rows: list[Row], down: dict[str, str], across: dict[str, str]) -> str:
    """What is shown, and what is left out."""
    items = words.count(len({row["evidence_id"] for row in rows}), "evidence item")
    text = f"{items}, in {_usual(rows)} unless said otherwise. Letter = best level, A to E "
    text += "(? = none given). Grey = not curated, which does not mean no effect."
    left = _left(rows, _row_key, down, "alteration") + _left(rows, _column_key, across, "treatment")
    return text + (f" Left out, with fewest items: {words.listing(left)}." if left else "")


def _left(rows: list[Row], key: Any, kept: dict[str, str], noun: str) -> list[str]:
    missing = len({key(row) for row in rows}) - len(kept)
    return [words.count(missing, noun)] if missing else []


def _description(
    rows: list[Row], cells: Cells, down: dict[str, str], across: dict[str, str]
) -> str:
    """The picture in sentences, alteration by alteration."""
    size = f"{words.count(len(down), 'alteration')} by {words.count(len(across), 'treatment')}"
    parts = [f"Heatmap of {size}. {_title(cells)}. {_subtitle(rows, down, across)}"]
    named = {_row_key(row): row for row in rows}
    for key in down:
        told = [
            f"{words.plain(held[0]['treatment'])} {predictions.WORDS[_predicted(held)]} "
            f"(level {predictions.level(held)}, {words.count(len(held), 'item')})"
            for (row, _), held in sorted(cells.items())
            if row == key
        ]
        about = f"{words.plain(named[key]['profile'])}, {words.plain(named[key]['cancer_type'])}"
        parts.append(f"{about}: {words.listing(told) or 'no treatment shown'}.")
    return " ".join(parts)
