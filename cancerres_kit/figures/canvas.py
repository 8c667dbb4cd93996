"""What every picture shares: needed columns, title, text alternative, empty state.

One decision: a picture carries its text alternative with it (``layout.meta``), written from the
same numbers at the same moment, so that both always say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from cancerres_kit import theme
from cancerres_kit.figures import words
from cancerres_kit.schema import DataError, nearest

TITLE_WIDTH, SUBTITLE_WIDTH = 80, 120
TITLE_LINE, TEXT_LINE = 26, 19
"""Line heights [px]."""
SIDE = 20
"""Margin at the left and right [px]."""
NOT_CURATED = "Not curated is not the same as absent: the tables hold no row on it yet."


def need(frame: pd.DataFrame, columns: Iterable[str], *, what: str) -> None:
    """Check that a frame has the columns that a picture reads.

    Raises
    ------
    DataError
        Names every column that is missing, what there is, and what may have been meant.
    """
    if not isinstance(frame, pd.DataFrame):
        raise DataError(f"{what} is a {type(frame).__name__}; give a DataFrame")
    given = [str(name) for name in frame.columns]
    missing = [name for name in columns if name not in given]
    if not missing:
        return
    near = [f"{name!r} for {lack!r}" for lack in missing for name in nearest(lack, given)]
    message = f"{what} lacks {words.listing([repr(name) for name in missing])}"
    message += f"; it has {words.listing([repr(name) for name in given]) or 'no columns'}"
    message += f"; nearest: {words.listing(near)}" if near else ""
    raise DataError(message + "; rename a column, or take the frame from cancerres_kit.links")


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a frame as dictionaries by column."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def canvas(
    traces: Sequence[Any],
    *,
    title: str,
    subtitle: str,
    description: str,
    body: float,
    head: float = 0,
    foot: float = 20,
    layout: Mapping[str, Any] | None = None,
) -> go.Figure:
    """Put traces under a title and attach the text alternative.

    Parameters
    ----------
    traces : sequence of plotly traces
    title, subtitle, description : str
        Plain text; the first two are escaped here.
    body, head, foot : float
        Height of the plot area and of the bands above and below it [px].
    layout : mapping, optional
        Further layout.
    """
    heading = words.folded(title, TITLE_WIDTH)
    explanation = words.folded(subtitle, SUBTITLE_WIDTH)
    rows = words.depth(heading) * TITLE_LINE + words.depth(explanation) * TEXT_LINE
    top = 16 + rows + 20 + head
    height = round(top + body + foot)
    # Plotly lifts a title of several lines by about half a line.
    start = 16 if words.depth(heading) == 1 else 30
    figure = go.Figure(
        data=list(traces),
        layout={
            "template": theme.template(),
            "height": height,
            "margin": {"l": SIDE, "r": SIDE, "t": round(top), "b": round(foot)},
            "title": {
                "text": heading,
                "y": 1 - start / height,
                "yref": "container",
                "yanchor": "top",
            },
            "meta": {"description": words.plain(description)},
        },
    )
    figure.layout.title.subtitle.text = explanation
    return figure.update_layout(layout or {})


def blank(sentence: str, *, traces: Sequence[Any] = (), why: str = NOT_CURATED) -> go.Figure:
    """Draw the picture of nothing: a sentence that says so, why, and no axes."""
    hidden = {"visible": False, "range": [0, 1]}
    return canvas(
        traces,
        title=sentence,
        subtitle=why,
        description=f"Empty picture. {sentence}. {why}",
        body=120,
        layout={"xaxis": hidden, "yaxis": hidden},
    )


def describe(figure: go.Figure) -> str:
    """Text alternative of a picture of this module.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        Made by a function of `cancerres_kit.figures`.

    Returns
    -------
    str
        Plain text that says in sentences what the picture shows.

    Raises
    ------
    DataError
        If the figure carries no description.
    """
    meta = getattr(getattr(figure, "layout", None), "meta", None)
    if not isinstance(meta, Mapping) or "description" not in meta:
        raise DataError(
            f"{type(figure).__name__} without a description; describe() knows the pictures that "
            "cancerres_kit.figures makes; for another one set layout.meta = {'description': ...}"
        )
    return str(meta["description"])


def note(text: str, *, x: float, y: float, **more: Any) -> dict[str, Any]:
    """Annotation with safe text; by the template from its top left corner, without an arrow."""
    return {"text": text, "x": x, "y": y, **more}


def swatch(*, left: float, top: float, **style: Any) -> dict[str, Any]:
    """Small rectangle for a key, placed in pixels from the top left corner of the plot area."""
    return {
        "type": "rect",
        "xsizemode": "pixel",
        "ysizemode": "pixel",
        "xanchor": 0,
        "yanchor": 1,
        "x0": left,
        "x1": left + 26,
        "y0": top,
        "y1": top + 13,
        **style,
    }
