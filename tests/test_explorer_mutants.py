"""The mutation explorer: setting equals building, what it says is computed, ends are refused."""

import ipywidgets
import numpy as np
import pytest
from bs4 import BeautifulSoup

import cancerres_kit as ck
from cancerres_kit.explorers import Mutants
from cancerres_kit.models import Mutation, burdens

HOME = {
    "quantity": "failure",
    "burden": 1e9,
    "mutation_rate": 1e-9,
    "mutations": 50,
    "cross_resistance": 0,
    "kill": 0.04,
}


def filled(value):
    """A figure's JSON without ids and empty containers, arrays as lists."""
    if isinstance(value, dict):
        kept = {key: filled(item) for key, item in value.items() if key != "uid"}
        return {key: item for key, item in kept.items() if item not in ({}, [], None)}
    if isinstance(value, list | tuple):
        return [filled(item) for item in value]
    return value.tolist() if isinstance(value, np.ndarray) else value


def shown(explorer):
    texts = [child.value for child in explorer.children if isinstance(child, ipywidgets.HTML)]
    return explorer.summary, texts, filled(explorer.figure.to_plotly_json())


def plain(text):
    return " ".join(BeautifulSoup(text, "html.parser").get_text(" ").split())


@pytest.fixture(scope="module")
def moved():
    """An explorer that every test finds as the last one left it."""
    return Mutants()


@pytest.mark.parametrize(
    "values",
    [
        {"burden": 1e7},
        {"cross_resistance": 2, "kill": 0.2},
        {"quantity": "cells", "mutation_rate": 1e-8, "mutations": 10},
        {"quantity": "cells", "burden": 1e12, "cross_resistance": 1},
        {"burden": 1e6, "mutation_rate": 1e-11, "mutations": 1},
        {"burden": 1e12, "mutation_rate": 1e-7, "mutations": 1000, "cross_resistance": 5},
        {},
    ],
)
def test_setting_controls_shows_what_building_with_them_shows(values, moved):
    for name, value in {**HOME, **values}.items():
        getattr(moved, name).value = value
    assert shown(moved) == shown(Mutants(**values))


def test_what_it_says_is_what_the_model_says(moved):
    moved.reset()
    moved.cross_resistance.value = 1
    model = Mutation(cross_resistance=1)
    assert f"two together in {100 * model.failure():.3g} %" in moved.summary
    assert f"would fail in {100 * Mutation().failure():.3g} %" in moved.summary
    cells = burdens.with_drugs(model, 1).resistant_cells()
    assert f"{cells:,.0f} cells that resist one drug" in moved.summary
    moved.cross_resistance.value = 3
    assert "3 mutations resist all drugs at once" in moved.summary
    moved.reset()
    assert "No mutation resists all drugs at once" in moved.summary


def test_exact_formula_and_draws_stand_side_by_side():
    told = plain(Mutants(burden=1e8, cross_resistance=1).here.value)
    assert "the curves are the exact values" in told
    assert "Two drugs together" in told
    assert "of 400" in told


def test_marks_stand_at_this_burden_and_only_where_they_can_be_drawn():
    names = [trace.name for trace in Mutants(burden=1e8).figure.data]
    assert "Two drugs together, simulated" in names
    few = [trace.name for trace in Mutants(burden=1e12).figure.data]
    assert not [name for name in few if "simulated" in name]


@pytest.mark.parametrize("quantity", ["failure", "cells"])
def test_notice_caveats_and_numbers_always_stand_below(quantity):
    explorer = Mutants(quantity=quantity)
    assert ck.models.NOTICE in plain(explorer.notice.value)
    assert "Mutation rate" in plain(explorer.numbers.value)
    assert "virtual tumours" in explorer.summary
    assert "this tumour at 1e+09" in explorer.words.value


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"burden": 1e13}, r"burden is .*; this slider takes 1e\+06 to 1e\+12 cells"),
        ({"mutation_rate": 0}, "mutation_rate is 0.0; this slider takes 1e-11 to 1e-07"),
        ({"quantity": "cell"}, "unknown quantity 'cell'; nearest: 'cells'"),
    ],
)
def test_values_out_of_range_are_refused(values, message):
    with pytest.raises(ck.DataError, match=message):
        Mutants(**values)
