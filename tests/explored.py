"""What a test sees of an explorer."""

import io
from urllib.parse import unquote

import ipywidgets
import numpy as np
import pandas as pd
from bs4 import BeautifulSoup


def controls(explorer):
    return vars(explorer)["_controls"]


def values(control):
    return [value for _, value in control.options]


def drawn(figure):
    """A figure as JSON without what makes a widget itself, and without empty containers."""
    raw = figure.to_plotly_json()
    traces = [{key: value for key, value in trace.items() if key != "uid"} for trace in raw["data"]]
    return filled({"data": traces, "layout": raw["layout"]})


def filled(value):
    if isinstance(value, dict):
        kept = {key: filled(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in ({}, [], None)}
    if isinstance(value, list | tuple):
        return [filled(item) for item in value]
    return value.tolist() if isinstance(value, np.ndarray) else value


def shown(explorer):
    """Everything that a person sees."""
    texts = [child.value for child in explorer.children if isinstance(child, ipywidgets.HTML)]
    chosen = {name: control.value for name, control in controls(explorer).items()}
    return explorer.summary, texts, chosen, drawn(explorer.figure)


def family(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from family(child)


def saved(explorer):
    """The rows of the download link."""
    link = BeautifulSoup(explorer.download.value, "html.parser").a
    text = unquote(link["href"].split(",", 1)[1])
    return link["download"], pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)


def plain(text):
    return " ".join(BeautifulSoup(text, "html.parser").get_text(" ").split())
