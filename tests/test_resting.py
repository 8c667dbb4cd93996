"""Resting states: lines by what holds, ends and courses beside them, and refusals."""

import pandas as pd
import pytest

from cancerres_kit import figures
from cancerres_kit.schema import DataError

AXES = {"x_label": "Lift (fold)", "y_label": "Cells", "x_ends": (0.5, 20)}


def branches():
    """A fold: dormant from 1 on, escape up to 4, a saddle between them."""
    rows = {
        "x": [8.0, 2.0, 1.0, 1.0, 4.0, 4.0, 0.3],
        "y": [1e6, 5e6, 1e7, 1.1e7, 2e8, 2.1e8, 5e8],
        "state": ["dormant"] * 3 + ["threshold"] * 2 + ["escape"] * 2,
        "stability": ["stable"] * 3 + ["saddle"] * 2 + ["stable"] * 2,
    }
    return pd.DataFrame(rows)


def course():
    rows = {
        "time_days": [0.0, 10.0] * 2,
        "compartment": ["tumour"] * 2 + ["effectors"] * 2,
        "value": [3e8, 1e2, 1e5, 2e5],
        "unit": "cells",
    }
    return pd.DataFrame(rows)


def drawn(frame=None, **more):
    rows = branches() if frame is None else frame
    return figures.resting_states(rows, finding="It folds", **AXES, **more)


def test_stable_is_solid_and_unstable_dashed():
    figure = drawn()
    assert [trace.name for trace in figure.data] == [
        "Dormant, stable",
        "Threshold, unstable (saddle)",
        "Escape, stable",
    ]
    dashes = [trace.line.dash for trace in figure.data]
    assert dashes[0] == dashes[2] == "solid" != dashes[1]
    assert figure.data[0].line.color != figure.data[2].line.color


def test_what_is_below_the_floor_is_not_drawn():
    assert len(drawn(floor=2e6).data[0].x) == 2
    assert drawn(floor=1e3).layout.yaxis.range[0] == 3


def test_a_course_stands_at_the_left_on_the_same_axis():
    figure = drawn(course=course(), floor=1e3)
    assert [trace.name for trace in figure.data][:2] == ["Tumour", "Effectors"]
    assert list(figure.data[0].y) == [3e8, None]
    assert {trace.xaxis for trace in figure.data[2:]} == {"x2"}
    assert figure.layout.yaxis2.matches == "y"
    assert "Over time, tumour: from 3e+08 cells at 0 days to 100 cells" in figures.describe(figure)


def test_ends_are_marks_and_said():
    ends = pd.DataFrame({"x": [2.0], "y": [4.9e6], "series": ["from <b>small"]})
    figure = drawn(ends=ends)
    assert figure.data[-1].mode == "markers"
    assert figure.data[-1].name == "from &lt;b&gt;small"
    assert "from <b>small: from 4.9e+06 at 2" in figures.describe(figure)


def test_names_of_vertical_lines_stand_in_rows_and_stay_inside():
    figure = drawn(marks={"no drug": 1.0, "this drug": 15.0})
    first, second = figure.layout.annotations
    assert first.yshift < second.yshift
    assert (first.xanchor, second.xanchor) == ("left", "right")
    assert [shape.x0 for shape in figure.layout.shapes] == [1, 15]
    assert "Marked: this drug at 15" in figures.describe(figure)


def test_pieces_alike_are_named_once():
    twice = pd.concat([branches(), branches().iloc[:3]])
    shown = [trace.showlegend for trace in drawn(twice).data]
    assert shown == [True, True, True, False]


def test_nothing_to_draw_says_so():
    assert "no resting state" in drawn(branches().iloc[:0]).layout.title.text


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda: drawn(branches().drop(columns="stability")), "resting states lacks 'stability'"),
        (lambda: drawn(branches().assign(stability="stabel")), "unknown stability 'stabel'"),
        (
            lambda: drawn(ends=pd.DataFrame({"x": [1.0]})),
            "the frame of ends lacks 'y' and 'series'",
        ),
        (lambda: drawn(course=course().drop(columns="unit")), "course lacks 'unit'"),
    ],
)
def test_a_wrong_frame_is_refused(draw, said):
    with pytest.raises(DataError, match=said):
        draw()
