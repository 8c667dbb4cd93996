"""The shelter explorer: what it says fits the model, whichever way a value was set."""

import numpy as np
import pytest

from cancerres_kit import figures, models
from cancerres_kit.explorers import Shelter
from cancerres_kit.figures.plot import number
from cancerres_kit.schema import DataError

PICTURES = ("growth", "cell", "tumour", "origin", "course")
SETTINGS = {
    "home": {},
    "above": {"migration": 0.05},
    "at the threshold": {"migration": 0.015},
    "closed": {"penetration": 0.3},
    "weak": {"kill": 0.01},
    "local": {"local": 1.0, "penetration": 1.0},
    "one cell": {"cells": 1, "mutation": 1e-10},
    "edges": {"migration": 1.0, "kill": 0.0, "cells": 1e9, "mutation": 1e-4, "sheltered": 1.0},
}


@pytest.fixture(scope="module")
def home():
    return Shelter()


def shown(explorer):
    """Everything but widget ids."""
    texts = [explorer.assumptions.value, explorer.numbers.value, explorer.words.value]
    return explorer.summary, figures.describe(explorer.figure), texts


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("setting", SETTINGS)
def test_setting_a_control_is_building_with_it(home, picture, setting):
    home.reset()
    home.picture.value = picture
    for name, value in SETTINGS[setting].items():
        getattr(home, name).value = value
    built = Shelter(picture=picture, **SETTINGS[setting])
    assert shown(home) == shown(built)
    assert home.figure.to_plotly_json()["layout"] == built.figure.to_plotly_json()["layout"]


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("setting", SETTINGS)
def test_notice_and_caveats_stand_under_every_picture(picture, setting):
    explorer = Shelter(picture=picture, **SETTINGS[setting])
    assert models.NOTICE in explorer.notice.value
    assert models.Sanctuary.CAVEATS[1] in explorer.assumptions.value
    assert "nan" not in explorer.summary


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("home", "die out if they move more often than 0.015 per day; at 0.01 per day the"),
        ("home", "the sensitive cells grow, as a whole by 0.00236 per day"),
        ("home", "Growth here needs no resistance at all."),
        ("above", "the sensitive cells shrink, as a whole by 0.00615 per day"),
        ("closed", "They die out at any rate of migration"),
        ("weak", "0.01 in the sanctuary and 0 in the drugged place. They grow at any rate"),
        ("at the threshold", "the sensitive cells do not change"),
    ],
)
def test_summary_explains_the_growth(setting, said):
    assert said in Shelter(**SETTINGS[setting]).summary


def test_chances_are_those_of_the_model():
    model = models.Sanctuary(migration=0.05)
    cell = Shelter(picture="cell", migration=0.05).summary
    assert f"{number(model.escape())} from the sanctuary" in cell
    assert f"{number(model.escape(compartment='drugged'))} from the drugged place" in cell
    tumour = Shelter(picture="tumour", migration=0.05, cells=1).summary
    assert "virtual tumour of 1 cell escapes" in tumour
    origin = Shelter(picture="origin", migration=0.05).summary
    assert f"in the sanctuary with probability {number(model.origin(days=400))}" in origin


def test_virtual_tumours_stand_beside_the_exact_value():
    explorer = Shelter(picture="cell", migration=0.06)
    model = models.Sanctuary(migration=0.06)
    (mark,) = [trace for trace in explorer.figure.data if "simulated" in trace.name]
    assert list(mark.x) == [0.06]
    assert mark.y[0] == pytest.approx(model.escape(), rel=0.5)
    assert "95 % interval" in explorer.summary


def test_no_mark_where_fates_take_too_long():
    explorer = Shelter(picture="cell", migration=0.014)
    assert "No simulated mark: within 900 days" in explorer.summary
    assert not [trace for trace in explorer.figure.data if "simulated" in trace.name]


def test_threshold_and_slider_are_marked():
    marks = Shelter(migration=0.5).words.value
    assert "Marked: threshold at 0.015" in marks
    assert "Marked: slider at 0.5" in marks
    assert "threshold, slider beside it at 0.015" in Shelter(migration=0.012).words.value
    assert "threshold" not in Shelter(kill=0.01).words.value.partition("Marked")[2]


def test_course_follows_one_tumour_under_both_drugs():
    explorer = Shelter(picture="course", local=0.5, penetration=0.5)
    assert "local drug is given for 720 days" in explorer.words.value
    assert "No resistant cell was seen" in explorer.summary
    assert "is gone by day 720" in explorer.figure.layout.title.text
    seen = Shelter(picture="course", mutation=1e-5, sheltered=1.0, migration=1e-4).summary
    assert "A resistant cell was first seen in the sanctuary, by day " in seen


def test_line_stays_while_migration_moves(home):
    home.reset()
    home.picture.value = "cell"
    before = [np.array(trace.y, dtype=float) for trace in home.figure.data if trace.mode == "lines"]
    home.migration.value = 0.1
    after = [np.array(trace.y, dtype=float) for trace in home.figure.data if trace.mode == "lines"]
    assert all(np.array_equal(*pair) for pair in zip(before, after, strict=True))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"migration": 2.0}, "migration is 2.0; this slider takes 0.0001 to 1 1/day"),
        ({"local": 1.5}, "local is 1.5; this slider takes 0 to 1 full doses"),
        ({"picture": "cel"}, "unknown picture 'cel'; nearest: 'cell'"),
        ({"migraton": 0.1}, "unknown parameter of sanctuary 'migraton'; nearest: 'migration'"),
    ],
)
def test_what_has_no_meaning_is_refused(wrong, message):
    with pytest.raises(DataError, match=message):
        Shelter(**wrong)
