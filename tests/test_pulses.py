"""The map of pulses: what it draws and what it says."""

import pandas as pd
import pytest

from cancerres_kit import figures
from cancerres_kit.schema import DataError


def frame(rates, *, steady=-0.02, panel="one"):
    """A grid of two by two pulses."""
    days = [(1.0, 1.0), (1.0, 2.0), (2.0, 1.0), (2.0, 2.0)]
    rows = pd.DataFrame(days, columns=["on_days", "off_days"])
    return rows.assign(growth_rate_per_day=rates, no_pause_per_day=steady, panel=panel)


HELPS = frame([-0.05, 0.1, -0.03, 0.02])
HARMS = frame([-0.01, 0.1, -0.02, 0.02], panel="two")


def named(figure, name):
    return [trace for trace in figure.data if trace.name == name]


def test_colour_is_the_difference_from_no_pause():
    map_ = figures.pulse_map(HELPS).data[0]
    assert map_.z[0][0] == pytest.approx(-0.03)
    assert map_.zmin == -map_.zmax
    assert (list(map_.x), list(map_.y)) == ([1.0, 2.0], [1.0, 2.0])


def test_the_best_pulse_is_marked_only_where_one_helps():
    both = figures.pulse_map(pd.concat([HELPS, HARMS]), marks={"mine": (2, 1)})
    (best,) = named(both, "best pulse")
    assert (best.x[0], best.y[0], best.xaxis) == (1.0, 1.0, "x")
    assert [(mark.x[0], mark.y[0]) for mark in named(both, "mine")] == [(1.0, 2.0)] * 2
    assert sum(bool(mark.showlegend) for mark in named(both, "mine")) == 1


def test_the_line_of_no_growth_is_drawn_in_each_panel():
    figure = figures.pulse_map(pd.concat([HELPS, HARMS]))
    lines = named(figure, "no growth")
    assert [line.xaxis for line in lines] == ["x", "x2"]
    assert all(line.contours.start == line.contours.end == 0 for line in lines)


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        (HELPS, "Some pauses help"),
        (HARMS, "No pause does better than none"),
        (pd.concat([HELPS, HARMS]), "Some pauses help in “one”, none in the other"),
        (pd.concat([HELPS, HELPS.assign(panel="b")]), "Some pauses help in all 2 tumours"),
        (
            pd.concat([HARMS, HARMS.assign(panel="b")]),
            "In none of these tumours does a pause do better than none",
        ),
    ],
)
def test_the_title_is_the_finding(rows, title):
    assert figures.pulse_map(rows).layout.title.text == title


def test_the_words_tell_best_pulse_and_counts():
    said = figures.describe(figures.pulse_map(HELPS, marks={"mine": (2, 1)}))
    assert "best pulse, in days, 1 on and 1 off, -0.05 per day" in said
    assert "Of 4 pulses 2 are better than no pause, and with 2 the tumour grows." in said
    assert "Marked: mine, 2 on and 1 off." in said


def test_names_are_no_markup():
    figure = figures.pulse_map(pd.concat([HELPS.assign(panel="<i>a"), HARMS]))
    assert figure.layout.annotations[0].text == "<b>&lt;i&gt;a</b>"


def test_an_empty_or_wrong_frame():
    assert "no pulse" in figures.pulse_map(HELPS.iloc[:0]).layout.title.text
    with pytest.raises(DataError, match="the frame of pulses lacks 'panel'"):
        figures.pulse_map(HELPS.drop(columns="panel"))
