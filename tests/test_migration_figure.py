"""Quantities over migration: each on its own axis, and what cannot be drawn left out."""

import math

import pandas as pd
import pytest

from cancerres_kit import figures, models
from cancerres_kit.schema import DataError

MODEL = models.Sanctuary()


def frame(**more):
    rows = {
        "x": [0.001, 0.1, 0.1],
        "y": [0.05, 1e-7, 2e-7],
        "series": "a cell",
        "kind": ["exact", "exact", "simulated"],
        "low": [math.nan, math.nan, 1e-7],
        "high": [math.nan, math.nan, 3e-7],
    }
    return pd.DataFrame(rows | more)


def test_chances_go_in_powers_of_ten_and_growth_does_not():
    chance = figures.over_migration(frame(), "escape", finding="It falls")
    growth = figures.over_migration(frame(), "growth_rate", finding="It falls")
    assert (chance.layout.xaxis.type, chance.layout.yaxis.type) == ("log", "log")
    assert (growth.layout.xaxis.type, growth.layout.yaxis.type) == ("log", "linear")
    assert chance.layout.xaxis.title.text == "Migration between the places (1/day)"
    assert "neither growth nor decline" in [note.text for note in growth.layout.annotations]


def test_finding_and_marks_are_told():
    figure = figures.over_migration(
        frame(), "escape", finding="It falls", subtitle="Why", marks={"threshold": 0.015}
    )
    assert figure.layout.title.text == "It falls"
    told = figures.describe(figure)
    assert "It falls. Why" in told
    assert "Marked: threshold at 0.015." in told


def test_zero_has_no_place_on_an_axis_in_powers_of_ten():
    drawn = figures.over_migration(frame(y=[0.05, 1e-7, 0.0]), "escape", finding="It falls")
    assert [trace.name for trace in drawn.data] == ["a cell, exact"]
    shares = figures.over_migration(frame(y=[0.05, 0.0, 0.0]), "origin", finding="It falls")
    assert len(shares.data) == 2


def test_axis_of_chances_ends_at_one():
    certain = figures.over_migration(frame(y=[1.0, 1e-3, 2e-3]), "tumour_escape", finding="So")
    assert certain.layout.yaxis.range[0] == -3
    assert 0 < certain.layout.yaxis.range[1] < 0.3


def test_intervals_are_drawn_where_there_are_any():
    (_, mark) = figures.over_migration(frame(), "escape", finding="It falls").data
    assert list(mark.error_y.array) == pytest.approx([1e-7])
    bare = frame(low=math.nan, high=math.nan)
    (_, mark) = figures.over_migration(bare, "growth_rate", finding="It falls").data
    assert mark.error_y.array is None


def test_nothing_is_drawn_as_a_blank_page():
    drawn = figures.over_migration(frame(y=math.nan), "origin", finding="Nothing")
    assert drawn.layout.title.text == "There is no curve to show"


@pytest.mark.parametrize("quantity", ["growth_rate", "escape", "tumour_escape", "origin"])
def test_every_quantity_of_the_model_has_an_axis(quantity):
    found = MODEL.by_migration(quantity, rates=[0.001, 0.1])
    figure = figures.over_migration(found, quantity, finding="So", marks=MODEL.edge())
    assert len(figure.data) == 1
    assert figure.layout.yaxis.title.text


def test_unknown_quantity_is_refused():
    with pytest.raises(DataError, match="unknown quantity over migration 'escap'; nearest: 'esc"):
        figures.over_migration(frame(), "escap", finding="So")


def test_missing_column_is_refused():
    with pytest.raises(DataError, match="the frame of curves lacks 'kind'"):
        figures.over_migration(frame().drop(columns="kind"), "escape", finding="So")
