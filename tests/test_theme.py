"""The palette holds for colour-blind eyes and on white; labels say what columns mean."""

from itertools import combinations

import numpy as np
import plotly.graph_objects as go
import plotly.io as pio
import pytest

from cancerres_kit import theme

# Machado, Oliveira and Fernandes 2009 (doi 10.1109/TVCG.2009.113), severity 1.0, linear RGB.
SIGHT = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
ALL_COLOURS = sorted({value for group in theme.COLOURS.values() for value in group.values()})


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    dark, light = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(colour: str, sight: str) -> np.ndarray:
    seen = np.clip(np.array(SIGHT[sight]) @ linear(colour), 0, 1)
    x, y, z = np.cbrt(TO_XYZ @ seen / [0.95047, 1.0, 1.08883])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("group", theme.COLOURS)
def test_classes_of_a_group_differ_for_every_eye(group, sight):
    for one, other in combinations(theme.COLOURS[group].values(), 2):
        distance = np.linalg.norm(lab(one, sight) - lab(other, sight))
        assert distance > 12, f"{one} and {other} look alike with {sight}"


@pytest.mark.parametrize("colour", ALL_COLOURS)
def test_marks_stand_out_from_white(colour):
    assert contrast(colour, "#ffffff") >= 3


@pytest.mark.parametrize("colour", ALL_COLOURS)
def test_text_on_a_colour_can_be_read(colour):
    assert contrast(theme.ink(colour), colour) >= 4.5


@pytest.mark.parametrize("colour", [theme.INK, theme.SOFT_INK, theme.NEUTRAL])
def test_text_on_white_can_be_read(colour):
    assert contrast(colour, "#ffffff") >= 4.5


def test_text_on_a_cell_that_is_not_curated_can_be_read():
    assert contrast(theme.SOFT_INK, theme.EMPTY) >= 4.5


def test_unknown_class_is_grey_and_says_its_name():
    assert theme.colour("level", "metabolic") == theme.NEUTRAL
    assert theme.word("half_confirmed") == "half confirmed"


def test_every_status_has_word_colour_and_symbol():
    statuses = set(theme.COLOURS["status"])
    assert statuses <= set(theme.WORDS)
    assert len({theme.SYMBOLS[status] for status in statuses}) == len(statuses)


@pytest.mark.parametrize(
    ("column", "label"),
    [
        ("time_days", "Time (days)"),
        ("interval_low_percent", "Interval low (%)"),
        ("n_claims", "Number of claims"),
        ("mechanism_id", "Mechanism (ID)"),
        ("statement", "Statement"),
        ("pmid", "PMID"),
        ("days", "Days"),
        ("n", "N"),
    ],
)
def test_label_says_column_and_unit(column, label):
    assert theme.label(column) == label


def test_faded_keeps_the_colour():
    assert theme.faded("#0077bb", 0.5) == "rgba(0,119,187,0.5)"


def test_template_leaves_the_default_alone():
    before = pio.templates.default
    template = theme.template()
    assert pio.templates.default == before
    assert pio.templates[theme.TEMPLATE] == template == theme.template()
    assert go.Figure().layout.template != template


def test_no_text_is_small():
    layout = theme.template().layout
    sizes = [
        layout.font.size,
        layout.xaxis.tickfont.size,
        layout.yaxis.title.font.size,
        layout.hoverlabel.font.size,
        layout.legend.font.size,
        layout.title.subtitle.font.size,
    ]
    assert min(sizes) >= 14
    assert layout.title.font.size == 20
