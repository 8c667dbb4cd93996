"""Explorers: a changed control shows what a new explorer shows, and every choice has an answer."""

import dataclasses
import html

import ipywidgets
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from bs4 import BeautifulSoup
from explored import controls, drawn, family, plain, saved, shown, values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_atlas import small_atlas

import cancerres_kit as ck
from cancerres_kit.explorers import Choice, Evidence, Explorer, StrategyMap, View
from cancerres_kit.explorers.base import redraw
from cancerres_kit.explorers.page_side import PageSide

SAMPLE = settings(
    deadline=None,
    max_examples=8,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
HOSTILE = '<script>alert("x")</script> & =cmd()'


@pytest.fixture(scope="module")
def shipped():
    return ck.load()


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return small_atlas(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def paper(small):
    """Without evidence items: only what the document claims."""
    return small.of("paper")


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    return small_atlas(tmp_path_factory.mktemp("bare"), {})


@pytest.fixture(scope="module")
def moved(shipped):
    """Explorers that every example finds in the state where the last one left them."""
    return {kind: kind(shipped) for kind in (StrategyMap, Evidence)}


@SAMPLE
@given(data=st.data())
@pytest.mark.parametrize("kind", [StrategyMap, Evidence])
def test_setting_controls_shows_what_building_with_them_shows(kind, data, moved, shipped):
    explorer = moved[kind]
    picks = {
        name: data.draw(st.sampled_from(values(control)))
        for name, control in controls(explorer).items()
    }
    for name in data.draw(st.permutations(sorted(picks))):
        getattr(explorer, name).value = picks[name]
    built = kind(shipped, **{name: value or None for name, value in picks.items() if value})
    assert shown(explorer) == shown(built)


@pytest.mark.parametrize("kind", [StrategyMap, Evidence])
@pytest.mark.parametrize("which", ["shipped", "bare"])
def test_every_option_has_an_answer(kind, which, request):
    explorer = kind(request.getfixturevalue(which))
    for control in controls(explorer).values():
        for value in values(control):
            control.value = value
            n = len(saved(explorer)[1])
            assert f" {n} claim" in explorer.summary or " no claim" in explorer.summary
            assert plain(explorer.table.value).startswith((f"{n} claim", "No claim"))
            assert explorer.figure.layout.title.text
        explorer.reset()


def claims_of(atlas, kind, ids):
    """Claims that name one of some ids, straight from the link table."""
    table = {"reference": "claim_references", "mechanism": "claim_mechanisms"}
    linked = getattr(atlas, table.get(kind, f"claim_{kind[:-1]}ies"), None)
    linked = atlas.claim_cancer_types if kind == "cancer_type" else linked
    return set(linked.loc[linked[f"{kind}_id"].isin(ids), "claim_id"])


def test_the_table_holds_the_claims_that_name_everything_chosen(shipped):
    explorer = StrategyMap(shipped, mechanism="epigenetic_modification")
    explorer.cancer_type.value = "breast_cancer"
    below = ck.links.subtree(shipped.mechanisms, "epigenetic_modification")
    types = ck.links.subtree(shipped.cancer_types, "breast_cancer")
    wanted = claims_of(shipped, "mechanism", below) & claims_of(shipped, "cancer_type", types)
    name, rows = saved(explorer)
    assert set(rows["claim_id"]) == wanted != set()
    assert name == "claims_epigenetic_modification_breast_cancer.csv"
    for statement in rows["statement"]:
        assert statement in plain(explorer.table.value)


def test_a_level_and_a_mechanism_are_asked_of_the_same_mechanism(small):
    explorer = StrategyMap(small, mechanism="genetic", level="signalling")
    assert set(saved(explorer)[1]["claim_id"]) == {"c01_joint"}  # it names bypass
    explorer.level.value = "epigenetic"
    assert saved(explorer)[1].empty


def test_an_option_says_how_many_claims_it_leads_to(paper):
    explorer = StrategyMap(paper)
    for name in ("cancer_type", "therapy", "level", "mechanism"):
        control = getattr(explorer, name)
        for label, value in control.options[1:]:
            control.value = value
            n = len(saved(explorer)[1])
            assert label.endswith(f"({ck.display.count(n, 'claim') if n else 'not curated yet'})")
        control.value = None


def test_evidence_items_count_as_statements_and_are_listed(small):
    explorer = StrategyMap(small)
    labels = {value: label for label, value in explorer.cancer_type.options}
    assert labels["nsclc"].endswith("(2 statements)")
    explorer.cancer_type.value = "nsclc"
    assert explorer.summary.startswith("Name of nsclc: 1 claim and 1 evidence item.")
    said = plain(explorer.items.value)
    assert said.startswith("1 evidence item of resistance")
    assert "Profile of kb.eid:1" in said
    assert "kb.eid:3" not in said, "it found no resistance"
    explorer.mechanism.value = "lonely"
    assert explorer.items.value == ""


def test_children_stand_indented_under_their_parent(small):
    labels = [label for label, _ in StrategyMap(small).cancer_type.options]
    assert [label.split(" (")[0] for label in labels] == [
        "All cancer types",
        "Name of cancer",
        "\N{EM SPACE}Name of breast",
        "\N{EM SPACE}Name of lung",
        "\N{EM SPACE}\N{EM SPACE}Name of nsclc",
    ]


def test_the_download_has_all_columns(shipped):
    explorer = StrategyMap(shipped)
    name, rows = saved(explorer)
    assert name == "claims.csv"
    assert set(ck.links.claim_table(shipped).columns) <= set(rows.columns)
    assert rows["place"].iloc[0].startswith("introduction")
    assert len(rows) == len(shipped.claims)


def test_an_empty_choice_says_what_each_choice_takes_away(paper):
    explorer = StrategyMap(paper, mechanism="lonely", cancer_type="breast")
    assert "Nothing is curated for this choice" in explorer.summary
    assert "that does not mean that there is nothing" in explorer.summary
    assert (
        "Without the choice Name of lonely: 3 claims. Without the choice Name of breast: 1 claim."
        in explorer.summary
    )
    assert plain(explorer.table.value) == "No claim No claim names all of this."
    assert "No claim here cites a reference" in explorer.citations.value
    assert "Nothing curated" in explorer.figure.layout.title.text


def test_arrows_that_rest_on_evidence_alone_are_no_empty_choice(small):
    explorer = StrategyMap(small, therapy="drug_a")
    assert saved(explorer)[1].empty
    assert len(explorer.figure.data[0].link.value)
    assert "Nothing is curated" not in explorer.summary
    assert "added2021" in plain(explorer.citations.value)


def test_the_summary_names_strategies_and_what_they_rest_on(paper):
    explorer = StrategyMap(paper, mechanism="methylation")
    assert explorer.summary == (
        "Name of methylation: 3 claims. Said to overcome resistance by a mechanism here: Name of "
        "epidrug. What they rest on: [1] (no trace), [2] (confirmed) and [3] (found with other "
        "details); 1 claim cites none."
    )


@pytest.mark.parametrize("name", ["level", "mechanism"])
def test_the_map_is_the_one_that_links_answers(name, small):
    explorer = StrategyMap(small, cancer_type="cancer")
    for value in values(getattr(explorer, name))[1:]:
        getattr(explorer, name).value = value
        arrows = ck.links.resistance_map(small, cancer_type="cancer", **{name: value})
        assert drawn(explorer.figure) == drawn(ck.figures.resistance_map(arrows))
        getattr(explorer, name).value = None


def test_the_map_can_start_with_therapies(shipped):
    explorer = StrategyMap(shipped, start="therapy")
    labels = set(explorer.figure.data[0].node.label)
    assert labels & set(shipped.therapies["name"])
    assert not labels & set(shipped.cancer_types["name"])


@pytest.mark.parametrize(
    ("kind", "name", "value", "message"),
    [
        (StrategyMap, "cancer_type", "brest_cancer", "cancer type 'brest_cancer'.*'breast_cancer'"),
        (StrategyMap, "therapy", "imunotherapy", "therapy 'imunotherapy'.*'immunotherapy'"),
        (StrategyMap, "level", "epigentic", "mechanism level 'epigentic'.*'epigenetic'"),
        (
            StrategyMap,
            "mechanism",
            "dna_metylation",
            "mechanism 'dna_metylation'.*'dna_methylation",
        ),
        (StrategyMap, "start", "therapies", "start 'therapies'.*'therapy'"),
        (Evidence, "reference", "rahmi2025_07", "reference 'rahmi2025_07'.*'rahimi2025_07'"),
        (Evidence, "reference", "rahimi2025_1", "reference 'rahimi2025_1'.*'rahimi2025_(01|10)'"),
        (Evidence, "paragraph", "introduction 88", "paragraph 'introduction 88'.*'introduction 8'"),
    ],
)
def test_an_unknown_value_is_refused_with_the_nearest(kind, name, value, message, shipped, moved):
    with pytest.raises(ck.DataError, match=f"unknown {message}"):
        kind(shipped, **{name: value})
    explorer = moved[kind]
    before = shown(explorer)
    with pytest.raises(ck.DataError, match=f"unknown {message}"):
        getattr(explorer, name).value = value
    assert shown(explorer) == before


def test_none_and_reset_bring_everything_back(shipped):
    explorer = StrategyMap(shipped)
    everything = shown(explorer)
    explorer.mechanism.value = "dna_methylation"
    explorer.mechanism.value = None
    assert explorer.mechanism.value == ""
    assert shown(explorer) == everything
    explorer.therapy.value, explorer.start.value = "immunotherapy", "therapy"
    button = next(one for one in family(explorer) if isinstance(one, ipywidgets.Button))
    button.click()
    assert shown(explorer) == everything


def test_the_figure_stays_the_same_widget_and_the_only_one(shipped):
    explorer = StrategyMap(shipped)
    figure = explorer.figure
    explorer.mechanism.value = "dna_methylation"
    found = [one for one in family(explorer) if isinstance(one, go.FigureWidget)]
    assert found == [figure] == [explorer.figure]
    assert not [one for one in family(explorer) if isinstance(one, ipywidgets.Output)]


@pytest.mark.parametrize("kind", [StrategyMap, Evidence])
def test_what_stands_for_the_widget_never_changes(kind, moved):
    explorer = moved[kind]
    texts = set()
    for control in controls(explorer).values():
        control.value = values(control)[-1]
        texts.add(explorer._repr_mimebundle_()["text/plain"])
    assert texts == {repr(explorer)}
    assert repr(explorer) == f"{kind.TITLE}: an interactive explorer. Run this cell to use it."


@pytest.mark.parametrize("kind", [StrategyMap, Evidence])
def test_controls_have_labels_and_the_figure_has_words(kind, moved):
    explorer = moved[kind]
    for control in controls(explorer).values():
        label = BeautifulSoup(control.description, "html.parser").span
        assert label.text
        assert label["title"] == control.tooltip != ""
    spoken = next(one for one in family(explorer) if isinstance(one, ipywidgets.Checkbox))
    assert explorer.words.layout.display == "none"
    spoken.value = True
    assert explorer.words.layout.display is None
    assert plain(explorer.words.value) == " ".join(ck.figures.describe(explorer.figure).split())
    spoken.value = False
    assert explorer.words.layout.display == "none"


@pytest.mark.parametrize("kind", [StrategyMap, Evidence])
def test_the_notice_stands_at_the_end(kind, moved):
    assert plain(moved[kind].children[-1].value) == ck.display.NOTICE


def test_text_from_tables_is_harmless(small):
    named = {
        table: getattr(small, table).assign(name=HOSTILE)
        for table in ("mechanisms", "strategies", "cancer_types", "therapies")
    }
    claims = small.claims.assign(statement=HOSTILE)
    references = small.references.assign(printed_title=HOSTILE)
    hostile = dataclasses.replace(small, claims=claims, references=references, **named)
    for explorer in (StrategyMap(hostile, mechanism="genetic"), Evidence(hostile)):
        texts = [one.value for one in family(explorer) if isinstance(one, ipywidgets.HTML)]
        assert "<script" not in "".join(texts)
        labels = explorer.figure.to_plotly_json()
        labels["layout"].pop(
            "meta"
        )  # the plain text that describes it is escaped where it is shown
        assert "<script" not in str(labels)
        assert HOSTILE in html.unescape(explorer.table.value)
        assert HOSTILE in explorer.summary or isinstance(explorer, Evidence)
        assert not saved(explorer)[1].map(lambda cell: cell.startswith("=")).any(axis=None)


def test_a_formula_is_saved_as_text(small):
    claims = small.claims.assign(statement="=cmd()")
    _, rows = saved(Evidence(dataclasses.replace(small, claims=claims)))
    assert set(rows["statement"]) == {"'=cmd()"}


def test_a_reference_leads_to_its_claims(shipped):
    for key in shipped.claim_references["reference_id"].unique():
        explorer = Evidence(shipped, reference=key)
        _, rows = saved(explorer)
        assert set(rows["claim_id"]) == claims_of(shipped, "reference", [key])
        table = BeautifulSoup(explorer.citations.value, "html.parser")
        assert len(table.select("tbody tr")) == 1


def test_a_paragraph_leads_to_its_claims_and_references(shipped):
    explorer = Evidence(shipped)
    claims = shipped.claims
    for (section, number), rows in claims.groupby(["section", "paragraph"]):
        explorer.paragraph.value = f"{section} {number}"
        assert set(saved(explorer)[1]["claim_id"]) == set(rows["claim_id"])
        cited = shipped.claim_references["claim_id"].isin(rows["claim_id"])
        n = shipped.claim_references.loc[cited, "reference_id"].nunique()
        assert len(BeautifulSoup(explorer.citations.value, "html.parser").select("tbody tr")) == n


def test_paragraphs_stand_in_the_order_of_the_document(shipped):
    sections = [place.split()[0] for place in values(Evidence(shipped).paragraph)[1:]]
    assert list(dict.fromkeys(sections)) == ["introduction", "description", "conclusion"]
    numbers = [int(place.split()[1]) for place in values(Evidence(shipped).paragraph)[1:]]
    assert numbers[: sections.count("introduction")] == sorted(
        numbers[: sections.count("introduction")]
    )


def test_the_evidence_figure_draws_the_chosen_claims_over_all_paragraphs(small):
    explorer = Evidence(small)
    paragraphs = explorer.figure.layout.xaxis.ticktext
    explorer.reference.value = "paper_3"
    assert explorer.figure.layout.xaxis.ticktext == paragraphs
    dots = sum(len(trace.x or ()) for trace in explorer.figure.data)
    assert dots == 3  # expression, methylation and lonely


def test_the_sentence_tells_the_scope_of_a_reference(small):
    explorer = Evidence(small, reference="paper_1")
    assert explorer.summary == (
        "[1] (no trace): 3 claims in 3 paragraphs. "
        "The very sentence cites it for 2 of them, the paragraph for 1."
    )


def test_a_paragraph_that_does_not_rest_on_the_reference_says_where_both_lead(small):
    explorer = Evidence(small, reference="paper_3", paragraph="introduction 1")
    assert explorer.summary == (
        "Introduction 1, [3] (found with other details): no claim. The paragraph rests on "
        "[1] (no trace) and [10] (no trace); elsewhere the reference carries 2 claims."
    )
    assert "Title of paper_3" in plain(explorer.citations.value)


def test_a_reference_without_a_claim_says_what_it_is_for(small):
    explorer = Evidence(small, reference="added2021")
    assert explorer.summary.endswith(
        "No curated claim rests on this reference; it can be read instead of [1] (no trace)."
    )
    assert "10.1000/added.2021" in explorer.citations.value


def test_paragraphs_of_two_documents_are_told_apart(small):
    second = small.claims.assign(
        claim_id="x" + small.claims["claim_id"], source_id=pd.Series(["base"] * len(small.claims))
    )
    both = dataclasses.replace(small, claims=pd.concat([small.claims, second], ignore_index=True))
    explorer = Evidence(both, paragraph="base introduction 1")
    assert set(saved(explorer)[1]["claim_id"]) == {"xc01_joint"}


def test_a_claim_without_a_place_is_shown_and_belongs_to_no_paragraph(small):
    claims = small.claims.assign(paragraph=small.claims["paragraph"].where(lambda n: n != 1))
    explorer = Evidence(dataclasses.replace(small, claims=claims))
    assert "introduction 1" not in values(explorer.paragraph)
    assert "c01_joint" in set(saved(explorer)[1]["claim_id"])


FIGURES = {
    "": go.Figure(
        go.Scatter(x=np.array([1, 2]), y=[1, 2]),
        layout={"xaxis": {"title": {"text": "x"}}, "meta": {"description": "dots"}},
    ),
    "bars": go.Figure(
        go.Bar(y=[3]), layout={"height": 300, "meta": {"description": "bars"}, "shapes": [{}]}
    ),
    "none": go.Figure(layout={"meta": {"description": "nothing"}, "title": {"text": "none"}}),
    "two": go.Figure(
        [go.Scatter(x=np.array([1, 2, 3]), y=[1, 2, 3]), go.Bar(y=[3])],
        layout={"meta": {"description": "both"}},
    ),
}


class Levels(Explorer):
    """The smallest explorer: one control, figures of different kinds."""

    TITLE = "Levels"

    def __init__(self):
        self.views = []
        options = [(key or "all", key) for key in FIGURES]
        super().__init__({"which": Choice("Which", options, what="which", where="")})

    def view(self, *, which):
        self.views.append(which)
        return View(f"This is {which}.", FIGURES[which], {"table": f"<p>{which}</p>"})


def test_a_figure_turns_into_any_other_in_place():
    explorer = Levels()
    for which in ("bars", "two", "none", "", "two", "", "none", "bars", ""):
        explorer.which.value = which
        assert drawn(explorer.figure) == drawn(FIGURES[which]), which
        held = {"data": explorer.figure._widget_data, "layout": explorer.figure._widget_layout}
        assert [trace["type"] for trace in held["data"]] == [
            trace.type for trace in FIGURES[which].data
        ]
        assert held["layout"]["meta"] == FIGURES[which].layout.meta


def test_a_view_is_computed_once_and_a_reset_redraws_once():
    explorer = Levels()
    explorer.which.value = "bars"
    explorer.reset()
    explorer.which.value = "bars"
    assert explorer.views == ["", "bars"]
    assert explorer.table.value == "<p>bars</p>"


def test_an_explorer_has_to_say_what_is_seen():
    with pytest.raises(NotImplementedError, match="Explorer does not say what is seen"):
        Explorer({})


def test_redrawing_takes_away_what_the_new_figure_lacks():
    widget = go.FigureWidget(go.Scatter(x=[1], y=[1], marker={"color": "red"}))
    redraw(widget, go.Figure(go.Scatter(x=[2], y=[2])))
    assert widget.data[0].marker.color is None
    assert tuple(widget.data[0].x) == (2,)


def test_figures_follow_the_page_and_keys_stay_with_the_explorer(moved):
    for explorer in moved.values():
        assert explorer.figure._config["responsive"] is True
        scripts = [one._esm for one in explorer.children if isinstance(one, PageSide)]
        assert "data-lm-suppress-shortcuts" in str(scripts)
