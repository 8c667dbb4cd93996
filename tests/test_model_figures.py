"""Courses and curves: what they draw, what they say, and how sliders and laboratories behave."""

import math

import pandas as pd
import pytest

from cancerres_kit import figures, models
from cancerres_kit.explorers.laboratory import Laboratory
from cancerres_kit.explorers.slider import slider
from cancerres_kit.figures import plot
from cancerres_kit.schema import DataError

OWN = models.Source("", "chosen for a test", "own value")


def course(**more):
    rows = {
        "time_days": [0.0, 10.0, 20.0] * 2,
        "compartment": ["sensitive"] * 3 + ["resistant"] * 3,
        "value": [1e9, 1e6, 1e3, 0.5, 1e4, 1e8],
        "unit": "cells",
    }
    return pd.DataFrame(rows | more)


def doses():
    rows = {"start_days": [0, 15], "stop_days": [10, 20], "dose": [1.0, 0.5], "drug": "drug_a"}
    return pd.DataFrame(rows)


def points(**more):
    rows = {
        "x": [1.0, 10.0, 100.0, 10.0, 10.0],
        "y": [0.1, 0.5, 0.9, 0.52, 0.49],
        "low": [math.nan] * 3 + [0.48, math.nan],
        "high": [math.nan] * 3 + [0.56, math.nan],
        "series": "one drug",
        "kind": ["exact"] * 3 + ["simulated", "published"],
    }
    return pd.DataFrame(rows | more)


def curve(frame, **more):
    return figures.curves(frame, finding="It rises", x_label="Cells", y_label="Share", **more)


def test_a_course_has_a_line_per_compartment_and_leaves_out_what_is_below_the_floor():
    figure = figures.courses(course(), finding="Resistant cells take over")
    assert [trace.name for trace in figure.data] == ["Sensitive", "Resistant"]
    assert len({trace.line.dash for trace in figure.data}) == 2
    assert figure.data[1].y[0] is None
    assert figure.layout.yaxis.range[0] >= 0
    assert figure.layout.title.text == "Resistant cells take over"


def test_a_linear_course_begins_at_zero_and_keeps_everything():
    figure = figures.courses(course(), finding="It falls", log=False)
    assert list(figure.data[1].y) == [0.5, 1e4, 1e8]
    assert figure.layout.yaxis.range[0] == 0


def test_series_differ_by_dash_and_compartments_by_colour():
    both = pd.concat([course(series="continuous"), course(series="adaptive")])
    figure = figures.courses(both, finding="They differ")
    looks = [(trace.line.color, trace.line.dash) for trace in figure.data]
    assert len(set(looks)) == len(looks) == 4
    assert figure.data[3].name == "Resistant, adaptive"


def test_doses_are_strips_under_the_axis_and_paler_when_lower():
    figure = figures.courses(course(), finding="It falls", doses=doses())
    strips = [shape for shape in figure.layout.shapes if shape.ysizemode == "pixel"]
    assert [(strip.x0, strip.x1) for strip in strips] == [(0, 10), (15, 20)]
    assert strips[0].fillcolor != strips[1].fillcolor
    assert "drug a is given for 15 days in 2 intervals." in figures.describe(figure)


def test_the_words_of_a_course_tell_start_end_and_extremes():
    value = [1e9, 1e6, 1e8, 0.5, 1e4, 1e8]
    said = figures.describe(figures.courses(course(value=value), finding="It comes back"))
    assert "sensitive: from 1e+09 cells at 0 days to 1e+08 cells at 20 days" in said
    assert "lowest 1e+06 cells at 10 days" in said


def test_levels_are_named_lines():
    figure = figures.courses(course(), finding="It falls", levels={"progression": 1.2e9})
    assert [shape.y0 for shape in figure.layout.shapes] == [1.2e9]
    assert [note.text for note in figure.layout.annotations] == ["progression"]
    assert figure.layout.annotations[0].y == pytest.approx(math.log10(1.2e9))


def test_curves_show_how_a_value_came_about():
    line, dots, printed = curve(points()).data
    assert (line.mode, dots.mode, printed.mode) == ("lines", "markers", "markers")
    assert printed.marker.symbol.endswith("-open")
    assert dots.error_y.array == pytest.approx([0.04])
    assert dots.error_y.arrayminus == pytest.approx([0.04])
    assert line.line.color == dots.marker.color == printed.marker.color


def test_marks_and_steps():
    figure = curve(points(), marks={"here": 10.0}, x_log=True, steps=True)
    assert figure.data[0].line.shape == "hv"
    assert figure.layout.annotations[0].x == pytest.approx(1)
    assert figure.layout.shapes[0].x0 == 10
    assert "Marked: here at 10." in figures.describe(figure)


def test_an_empty_frame_says_so():
    assert "no course" in figures.courses(course().iloc[:0], finding="x").layout.title.text
    assert "no curve" in curve(points().iloc[:0]).layout.title.text


def test_text_is_no_markup():
    frame = points(series="<b>x</b>")
    figure = curve(frame, marks={"<i>": 10.0})
    assert "<b>x" not in str([trace.name for trace in figure.data])
    assert figure.layout.annotations[0].text == "&lt;i&gt;"


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda: figures.courses(course().drop(columns="value"), finding="x"), "lacks 'value'"),
        (lambda: curve(points().drop(columns="kind")), "lacks 'kind'"),
        (lambda: curve(points(kind="simulatd")), "unknown kind of value 'simulatd'; nearest"),
    ],
)
def test_a_wrong_frame_is_refused(draw, said):
    with pytest.raises(DataError, match=said):
        draw()


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (0.2634, "0.263"), (1234.0, "1,234"), (3e9, "3e+09"), (math.nan, "none")],
)
def test_numbers_read_well(value, text):
    assert plot.number(value) == text


def parameter(scale="linear", low=0.0, high=1.0, value=0.1):
    return models.Parameter("rate", value, "1/day", low, high, scale, OWN, "Death rate")


def test_a_slider_carries_label_unit_source_and_home():
    made = slider(parameter(), high=0.5, value=0.2)
    assert "Death rate (1/day)" in made.description
    assert OWN.text in made.description
    assert (made.value, made.home, made.max) == (0.2, 0.1, 0.5)


def test_a_slider_over_powers_of_ten_takes_its_ends():
    made = slider(parameter("log", 1.0, 1e15, 1e9), low=1e6, high=1e12)
    assert (made.min, made.max) == (6, 12)
    made.value = 1e6
    made.value = 1e12


def test_a_slider_over_whole_numbers():
    assert slider(parameter("integer", 0, 1000, 50), high=100).value == 50


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: slider(parameter(), value=2.0), "rate is 2.0; this slider takes 0 to 1 1/day"),
        (lambda: slider(parameter(), high=2.0), "allowed: from 0 to 1"),
        (lambda: slider(parameter("log"), low=0.0), "low end cannot be 0; give a low end above 0"),
    ],
)
def test_a_slider_refuses_what_is_out_of_range(build, said):
    with pytest.raises(DataError) as error:
        build()
    assert said in str(error.value)


def test_a_slider_set_from_code_refuses_and_stays():
    made = slider(parameter())
    with pytest.raises(DataError, match=r"0\.1 1/day is where it starts"):
        made.value = -1.0
    assert made.value == 0.1


class Half(Laboratory):
    TITLE = "Half"

    def __init__(self):
        rate = models.Sanctuary().parameters["migration"]
        super().__init__({"rate": slider(rate, low=rate.value / 2, high=rate.value * 2)})

    def view(self, **values):
        model = models.Sanctuary().with_(migration=values["rate"])
        return self.shown(model, summary=f"{values['rate']:g}", figure=drawn())


def drawn():
    return figures.courses(course(), finding="It falls")


def test_a_laboratory_shows_notice_caveats_and_sourced_numbers():
    shown = Half()
    page = " ".join(str(getattr(child, "value", "")) for child in shown.children)
    assert page.count(models.NOTICE) == 1
    assert models.NOTICE in shown.notice.value
    for caveat in models.Sanctuary.CAVEATS:
        assert caveat[:30] in shown.assumptions.value
    assert "set here; default" not in shown.numbers.value


def test_a_laboratory_says_which_number_was_set():
    shown = Half()
    shown.rate.value = shown.rate.home * 1.5
    assert "set here; default" in shown.numbers.value
    shown.reset()
    assert "set here; default" not in shown.numbers.value


def test_a_page_that_moves_a_value_of_code_to_a_step_changes_nothing():
    made = slider(parameter(), value=0.203)
    made.value = 0.3041
    made.value = 0.5
    made.set_state({"value": 0.3})  # the answer to what was set before
    assert made.value == 0.5
    made.set_state({"value": 0.2})
    assert made.value == 0.5


def test_what_a_reader_chooses_on_the_page_counts():
    made = slider(parameter("log", 1e-9, 1.0, 1e-4), low=1e-9)
    made.set_state({"value": 1e-4})
    assert made.value == 1e-4
    for power in (-3.95, -3.9, -3.95, -4):
        made.set_state({"value": 10**power})
        assert made.value == pytest.approx(10**power)
    with pytest.raises(DataError, match="this slider takes"):
        made.set_state({"value": 5.0})


def test_a_legend_of_two_rows_gets_room_of_its_own():
    short = pd.concat([points(series=str(place)) for place in range(2)])
    long = pd.concat([points(series=f"A regimen of three drugs, {place}") for place in range(2)])
    assert curve(long).layout.height > curve(short).layout.height
