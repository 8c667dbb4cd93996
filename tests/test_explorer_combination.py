"""The combination explorer: two drugs or one, patients or cells, and what was published beside."""

import html
import math

import ipywidgets
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

import cancerres_kit as ck
from cancerres_kit.explorers import Combination
from cancerres_kit.explorers.combination import ENDS, PICTURES

TRIAL = "melanoma_ipilimumab_nivolumab"
BEYOND = "pancreas_fluorouracil_oxaliplatin"
UNREPORTED = "melanoma_dabrafenib_trametinib"


@pytest.fixture(scope="module")
def atlas():
    return ck.load()


@pytest.fixture(scope="module")
def moved(atlas):
    """An explorer that every example finds as the last one left it."""
    return Combination(atlas)


def seen(explorer):
    """Everything that a person sees but the widget's own ids."""
    texts = [child.value for child in explorer.children if isinstance(child, ipywidgets.HTML)]
    raw = explorer.figure.to_plotly_json()
    traces = [{key: value for key, value in each.items() if key != "uid"} for each in raw["data"]]
    return explorer.summary, texts, filled(traces), filled(raw["layout"])


def filled(value):
    """Without what is empty, which a widget keeps of the figures before."""
    if isinstance(value, dict):
        kept = {key: filled(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in ({}, [], None)}
    if isinstance(value, list | tuple):
        return [filled(item) for item in value]
    return value.tolist() if hasattr(value, "tolist") else value


def plain(text):
    return " ".join(BeautifulSoup(text, "html.parser").get_text(" ").split())


@settings(deadline=None, max_examples=8, derandomize=True)
@given(
    picture=st.sampled_from(sorted(PICTURES)),
    trial=st.sampled_from(["", TRIAL, BEYOND, UNREPORTED]),
    values=st.fixed_dictionaries(
        {
            "spearman": st.sampled_from([-1.0, -0.4, 0.0, 0.28, 1.0]),
            "accuracy": st.sampled_from([0.5, 0.8, 1.0]),
            "median_a": st.sampled_from([1.0, 6.0, 24.0]),
            "cross_resistance": st.sampled_from([0.0, 0.5, 1.0]),
        }
    ),
)
def test_setting_controls_shows_what_building_with_them_shows(picture, trial, values, moved, atlas):
    for name, value in {"picture": picture, "trial": trial, **values}.items():
        getattr(moved, name).value = value
    built = Combination(atlas, picture=picture, trial=trial or None, **values)
    assert seen(moved) == seen(built)


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("trial", ["", TRIAL])
def test_every_picture_answers_at_the_ends_of_every_slider(picture, trial, moved):
    moved.reset()
    moved.picture.value, moved.trial.value = picture, trial
    for name in ENDS:
        control = getattr(moved, name)
        for end in control.ends:
            control.value = end
            assert moved.summary
            assert "nan" not in moved.summary.split()
            assert len(moved.figure.data)
        control.value = control.home


def test_reset_brings_back_the_beginning(atlas):
    explorer = Combination(atlas)
    before = seen(explorer)
    explorer.trial.value, explorer.spearman.value = TRIAL, 1.0
    assert seen(explorer) != before
    explorer.reset()
    assert seen(explorer) == before


def test_reset_goes_back_to_what_the_explorer_was_built_with(atlas):
    built = {"trial": TRIAL, "spearman": 0.5, "accuracy": 0.8, "picture": "correlation"}
    explorer = Combination(atlas, **built)
    before = seen(explorer)
    explorer.trial.value, explorer.picture.value = "", "cells"
    explorer.spearman.value, explorer.accuracy.value = -1.0, 1.0
    explorer.reset()
    assert {name: getattr(explorer, name).value for name in built} == built
    assert seen(explorer) == before
    with pytest.raises(ck.DataError, match=r"0\.8 fraction is where it starts"):
        explorer.accuracy.value = 2


def test_reset_of_any_laboratory_goes_back_to_what_it_was_built_with():
    explorer = ck.explorers.AdaptiveTherapy(fR=0.002)
    explorer.fR.value = 0.01
    explorer.reset()
    assert explorer.fR.value == 0.002


def test_the_verdict_follows_the_correlation_that_is_set(atlas):
    explorer = Combination(atlas, trial=TRIAL)
    assert "Verdict: as independent action." in explorer.summary
    for picture in ("curves", "correlation"):
        explorer.picture.value, explorer.spearman.value = picture, 1.0
        assert "between none and complete gives the observed; this one does not." in (
            explorer.summary
        )
    near = "colorectal_folfox4_bevacizumab"
    explorer.trial.value = near
    assert "Verdict: at the edge: opposed responses or a little more." in explorer.summary


def test_names_of_levels_keep_their_capitals(atlas):
    explorer = Combination(atlas, picture="cells")
    assert "Independent (Bliss): " in str(explorer.figure.to_plotly_json()["layout"])


def test_curves_of_a_trial_stand_beside_its_readings(atlas):
    explorer = Combination(atlas, trial=TRIAL)
    names = [trace.name for trace in explorer.figure.data]
    assert names.count("Ipilimumab plus Nivolumab, published") == 1
    assert {"Better of the two, exact", "Better of the two, simulated"} <= set(names)
    found = ck.models.combination_trials.compared(atlas.survival_digest, spearman=0.28)
    own = found.set_index("trial").loc[TRIAL]
    assert f"observed {own['observed']:.2f}, predicted {own['predicted']:.2f}" in explorer.summary
    assert f"Hazard ratio of observed against predicted: {own['hazard_ratio']:.2f}" in (
        explorer.summary
    )
    assert "Verdict: as independent action" in explorer.summary
    assert "their sliders do nothing here" in explorer.summary
    explorer.accuracy.value = 0.7
    assert "One drug, chosen by biomarker, exact" in [each.name for each in explorer.figure.data]


def test_a_trial_beyond_independence_is_called_so_for_every_correlation(atlas):
    explorer = Combination(atlas, trial=BEYOND, picture="correlation")
    for rho in (-1.0, 0.0, 1.0):
        explorer.spearman.value = rho
        assert "Verdict: more than independent action" in explorer.summary


def test_a_perfect_biomarker_does_as_well_as_both_drugs(moved):
    moved.reset()
    moved.picture.value = "biomarker"
    model = ck.models.Patients()
    line = next(each for each in moved.figure.data if each.name.startswith("One drug"))
    level = next(each for each in moved.figure.data if each.name.startswith("Both drugs"))
    assert line.y[-1] == pytest.approx(level.y[-1], rel=1e-5)
    assert (
        f"In this model a biomarker pays from {model.break_even(12):.0%} right choices on"
        in moved.summary
    )


def test_equal_drugs_and_complete_agreement_leave_nothing_to_choose(atlas):
    explorer = Combination(atlas, picture="biomarker", median_a=6, median_b=6, spearman=1)
    assert explorer.summary.startswith("No choice between the drugs matters here.")
    assert "has to be right" not in explorer.summary


def test_shared_resistance_ends_the_benefit(moved):
    moved.reset()
    moved.picture.value = "cells"
    moved.cross_resistance.value = 0.0
    assert "of 2.0 powers of ten that the second drug could add, it adds 2.0." in moved.summary
    moved.cross_resistance.value = 1.0
    assert "of 2.0 powers of ten that the second drug could add, it adds 0.0." in moved.summary
    moved.trial.value = TRIAL
    assert "sliders do nothing" not in moved.summary


@pytest.mark.parametrize(
    ("trial", "text"),
    [
        ("", "Choose a trial to see its published medians."),
        (UNREPORTED, "None are curated for this trial."),
        (TRIAL, "rank randomisation"),
    ],
)
def test_published_medians_stand_beside_ours(trial, text, moved):
    moved.reset()
    moved.trial.value = trial
    assert text in plain(moved.published.value)


def test_notice_caveats_and_sources_are_always_there(moved):
    moved.reset()
    for picture in PICTURES:
        moved.picture.value = picture
        assert plain(moved.notice.value) == ck.models.NOTICE
        order = [moved.sentence, moved.notice, moved.figure, moved.assumptions]
        places = [moved.children.index(each) for each in order]
        assert places == sorted(places)
        shown = [plain(each.value) for each in moved.children if isinstance(each, ipywidgets.HTML)]
        assert " ".join(shown).count(ck.models.NOTICE) == 1
        for caveat in ck.models.Patients().CAVEATS:
            assert caveat in html.unescape(moved.assumptions.value)
        assert "10.7554/eLife.50036" in moved.numbers.value


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("trial", "melanoma_ipilimumab_nivolumap", f"unknown trial .*nearest: '{TRIAL}'"),
        ("picture", "curve", "unknown picture 'curve'.*'curves'"),
        ("accuracy", 0.3, "accuracy is 0.3; this slider takes 0.5 to 1 fraction"),
        ("surviving_a", 0.0, "surviving_a is 0.0; this slider takes 0.0001 to 1"),
    ],
)
def test_a_value_without_meaning_is_refused(name, value, message, atlas, moved):
    with pytest.raises(ck.DataError, match=message):
        Combination(atlas, **{name: value})
    moved.reset()
    before = seen(moved)
    with pytest.raises(ck.DataError, match=message):
        getattr(moved, name).value = value
    assert seen(moved) == before


def test_a_slider_that_does_not_exist_is_refused(atlas):
    with pytest.raises(ck.DataError, match="unknown parameter of patients 'spearmen'"):
        Combination(atlas, spearmen=0.1)


def test_a_median_past_the_follow_up_is_said_in_words(atlas):
    explorer = Combination(atlas, trial=TRIAL, spearman=-1.0)
    assert "median anywhere from past the follow-up to past the follow-up." in explorer.summary
    explorer.spearman.value = 0.28
    assert "median anywhere from month 12.1 to month 13.9." in explorer.summary


def test_a_page_can_show_where_every_slider_starts(atlas):
    """A page moves a value to the nearest step; the home value has to be one."""
    explorer = Combination(atlas)
    for name, (low, _) in ENDS.items():
        control = getattr(explorer, name)
        is_log = hasattr(control, "base")
        way = math.log10(control.home) - control.min if is_log else control.home - control.min
        assert way / control.step == pytest.approx(round(way / control.step), abs=1e-6), name
        assert low is None or control.ends[0] == low
