"""The persister explorer: every control answers, and setting one is building with it."""

import pytest

from cancerres_kit import figures, models
from cancerres_kit.explorers import Persisters
from cancerres_kit.schema import DataError


@pytest.fixture(scope="module")
def explorer():
    return Persisters()


@pytest.fixture(autouse=True)
def _at_home(explorer):
    explorer.reset()


def seen(explorer):
    """Summary, texts and figure of an explorer."""
    raw = explorer.figure.to_plotly_json()
    traces = [{key: value for key, value in one.items() if key != "uid"} for one in raw["data"]]
    texts = [getattr(explorer, name).value for name in ("assumptions", "numbers")]
    return explorer.summary, texts, traces, raw["layout"]["title"]["text"]


@pytest.mark.parametrize("picture", ["course", "map", "chance"])
@pytest.mark.parametrize(
    "values",
    [
        {"c_drug": 0.1, "on": 2.0},
        {"beside": "priming", "off": 10.0},
        {"beside": "second", "lambda_p": 0.2, "a_drug": 0.05},
        {"lambda_p": 0.4, "a_drug": 0.3, "k": 0.5},
    ],
)
def test_setting_controls_is_building_with_them(explorer, picture, values):
    for name, value in {**values, "picture": picture}.items():
        getattr(explorer, name).value = value
    assert seen(explorer) == seen(Persisters(picture=picture, **values))
    assert figures.describe(explorer.figure)


def test_reset_goes_home(explorer):
    home = seen(explorer)
    explorer.c.value, explorer.picture.value, explorer.beside.value = 0.5, "map", "second"
    assert seen(explorer) != home
    explorer.reset()
    assert seen(explorer) == home


def test_pauses_help_where_cells_return_without_the_drug_only(explorer):
    assert "These pauses do better than no pause" in explorer.summary
    told = "Best pulse up to 12 days, in half days: 1 on, 1.5 off, -0.0659 per day."
    assert told in explorer.summary
    explorer.c_drug.value = 0.1
    assert "These pauses make no difference" in explorer.summary
    assert "No pause of any pulse up to 12 days does better than none." in explorer.summary
    explorer.off.value = 12.0
    assert "These pauses do worse than no pause" in explorer.summary


def test_growing_tolerant_cells_need_the_second_drug(explorer):
    explorer.lambda_p.value = 0.3
    assert "makes this tumour shrink" in explorer.summary
    explorer.beside.value = "priming"
    assert "makes this tumour shrink" in explorer.summary
    explorer.beside.value = "second"
    assert "makes this tumour shrink" not in explorer.summary


def test_a_course_tells_the_kinds_with_pauses_and_all_cells_without(explorer):
    names = [trace.name for trace in explorer.figure.data]
    assert names == ["Sensitive, with pauses", "Tolerant, with pauses", "All cells, no pause"]
    assert "drug is given for 84 days in 12 intervals" in figures.describe(explorer.figure)


def test_a_drug_beside_is_given_in_the_pauses_too(explorer):
    explorer.beside.value = "priming"
    assert "priming is given for 120 days in 1 interval." in figures.describe(explorer.figure)


def test_the_map_marks_the_pulse_of_the_sliders(explorer):
    explorer.picture.value, explorer.on.value = "map", 4.5
    marked = next(trace for trace in explorer.figure.data if trace.name == "your pulse")
    assert (marked.x[0], marked.y[0]) == (3.0, 4.5)


def test_a_chance_rises_from_none(explorer):
    explorer.picture.value = "chance"
    for trace in explorer.figure.data:
        assert trace.y[0] == 0
        assert list(trace.y) == sorted(trace.y)


def test_caveats_and_notice_stand_under_every_picture(explorer):
    for picture in ("course", "map", "chance"):
        explorer.picture.value = picture
        assert models.NOTICE in explorer.notice.value
        assert "no number here is measured" in explorer.assumptions.value
    explorer.k.value = 3.0
    assert "set here; default" in explorer.numbers.value


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("k", 100.0, "k is 100.0; this slider takes 0.15 to 15 1/day"),
        ("on", 0.0, "on is 0.0; this slider takes 0.5 to 12 days"),
        ("picture", "mapp", "unknown picture 'mapp'"),
        ("beside", "primin", "unknown companion 'primin'"),
    ],
)
def test_what_is_out_of_range_is_refused(explorer, name, value, said):
    with pytest.raises(DataError) as error:
        getattr(explorer, name).value = value
    assert said in str(error.value)
    with pytest.raises(DataError):
        Persisters(**{name: value})
