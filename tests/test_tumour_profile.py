"""The tumour profile: what is typed is read or corrected, and nothing that is curated is hidden."""

import dataclasses

import ipywidgets
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from explored import controls, drawn, family, plain, saved, shown
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_atlas import small_atlas

import cancerres_kit as ck
from cancerres_kit.explorers import Entry, TumourProfile, profile_words
from cancerres_kit.explorers.profile_words import by_therapy, summary

SAMPLE = settings(
    deadline=None,
    max_examples=12,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
HOSTILE = '<script>alert("x")</script> & =cmd()'
TYPES = ("", "non_small_cell_lung_cancer", "melanoma", "leukaemia")
TEXTS = ("", "EGFR T790M", "BRAF V600E; egfr L858R", "BCR::ABL1 Fusion AND ABL1 T315I", "T790M")


@pytest.fixture(scope="module")
def shipped():
    return ck.load()


@pytest.fixture(scope="module")
def moved(shipped):
    """An explorer that every example finds in the state where the last one left it."""
    return TumourProfile(shipped)


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    return small_atlas(tmp_path_factory.mktemp("bare"), {})


def lung(atlas, alterations, **more):
    kind = "non_small_cell_lung_cancer"
    return TumourProfile(atlas, cancer_type=kind, alterations=alterations, **more)


def rows_of(html):
    """The rows of a table as lists of cells."""
    page = BeautifulSoup(html, "html.parser")
    return [[plain(str(cell)) for cell in row.find_all(["th", "td"])] for row in page.select("tr")]


@SAMPLE
@given(
    cancer_type=st.sampled_from(TYPES),
    text=st.sampled_from(TEXTS),
    closeness=st.sampled_from(["exact", "any"]),
    order=st.permutations(["cancer_type", "alterations", "closeness"]),
)
def test_setting_controls_shows_what_building_with_them_shows(
    cancer_type, text, closeness, order, moved, shipped
):
    picks = {"cancer_type": cancer_type, "alterations": text, "closeness": closeness}
    for name in order:
        getattr(moved, name).value = picks[name]
    assert shown(moved) == shown(TumourProfile(shipped, **picks))


def test_alterations_are_a_text_or_a_list(shipped):
    text = lung(shipped, "EGFR T790M, EGFR p.Leu858Arg")
    listed = lung(shipped, [ck.alterations.parse("EGFR T790M"), "EGFR p.Leu858Arg"])
    assert shown(text) == shown(listed)
    listed.alterations.value = None
    assert listed.alterations.value == ""
    listed.alterations.value = ["EGFR T790M"]
    assert listed.alterations.value == "EGFR T790M"


@pytest.mark.parametrize("value", [5, 5.0])
def test_what_is_no_text_is_refused(value, shipped, moved):
    with pytest.raises(ck.DataError, match="is no text; give texts separated by commas, or a list"):
        lung(shipped, value)
    with pytest.raises(ck.DataError, match="is no text"):
        moved.alterations.value = value


@pytest.mark.parametrize("end", [{}, {"cancer_type": "melanoma"}, {"alterations": "EGFR T790M"}])
def test_without_a_whole_profile_the_explorer_asks_for_it(end, shipped):
    explorer = TumourProfile(shipped, **end)
    assert explorer.summary.startswith("Choose a cancer type and give at least one alteration")
    assert explorer.figure.layout.title.text == "No profile yet"
    assert {explorer.predictions.value, explorer.evidence.value, explorer.download.value} == {""}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("T790M", "'T790M' is not understood; nearest: 'EGFR T790M'."),
        ("EGFR T790M, EGFR L858RR", "'L858RR' is no change that is known; nearest: 'EGFR L858R'."),
        ("EGFR T790M; EGFR p.T790M", "'EGFR T790M' is given twice"),
        ("BRAF V600E OR BRAF V600K", "OR and NOT belong to evidence"),
        ("x", "is not understood. Understood are a gene and a protein change"),
        ("a, b, c, d, e", "Alteration 'c' is not understood. There are 2 more."),
        ("a, b, c, d", "There is 1 more."),
    ],
)
def test_a_mistake_is_told_at_once_and_nothing_is_drawn(text, told, shipped):
    explorer = lung(shipped, "EGFR T790M")
    explorer.alterations.value = text
    assert told in explorer.summary
    assert told in plain(explorer.sentence.value)
    assert explorer.figure.layout.title.text.startswith("Nothing is drawn until")
    assert explorer.predictions.value == explorer.evidence.value == explorer.citations.value == ""
    explorer.alterations.value = "EGFR T790M"
    assert explorer.summary.startswith("Non-small cell lung cancer with EGFR T790M: ")


@pytest.mark.parametrize(
    ("text", "gene", "nearest"),
    [
        ("EFGR L858R", "EFGR", "EGFR"),
        # The spelling is nearer to another gene, but that one is not amplified in the tables.
        ("HER2 amplification", "HER2", "ERBB2"),
    ],
)
def test_a_gene_that_is_not_in_the_tables_is_remarked_upon(text, gene, nearest, shipped):
    explorer = lung(shipped, f"EGFR T790M, {text}")
    told = f"The tables do not name the gene '{gene}'; nearest: '{nearest}'; only approved symbols"
    assert explorer.summary.startswith(told)
    assert f"no curated evidence on {gene}" in explorer.summary
    assert len(rows_of(explorer.predictions.value)) > 1


def test_the_summary_counts_what_match_answers(shipped):
    explorer = lung(shipped, "EGFR T790M, TP53 R175H")
    answer = ck.profiles.match(
        shipped, ck.profiles.Profile("non_small_cell_lung_cancer", ["EGFR T790M", "TP53 R175H"])
    )
    given = answer["therapy_ids"].map(bool)
    fits = answer["is_covered"].fillna(value=False) & answer["cancer_type_match"].isin(
        ["same", "curated parent"]
    )
    found = answer[given & fits].groupby("prediction", observed=True)["therapies"].nunique()
    for words, name in (
        ("resistance to", "resistance"),
        ("sensitivity to", "sensitivity"),
        ("conflicting findings on", "conflicting"),
    ):
        n = found.get(name, 0)
        assert (
            f"{words} {ck.display.count(n, 'therapy') if n else 'no therapy'}" in explorer.summary
        )
    assert "There is no curated evidence on TP53 R175H, which does not mean" in explorer.summary
    far = int((given & ~fits).sum())
    assert f" {far} statements on similar alterations or other cancer types" in explorer.summary
    assert len(rows_of(explorer.predictions.value)) - 1 == int((given & fits).sum())


def test_what_does_not_fit_is_shown_when_asked_for(shipped):
    explorer = lung(shipped, "EGFR T790M")
    n, figure = len(rows_of(explorer.predictions.value)), drawn(explorer.figure)
    assert explorer.summary.endswith("are left out here.")
    explorer.closeness.value = "any"
    assert explorer.summary.endswith("are shown too.")
    assert len(rows_of(explorer.predictions.value)) > n
    assert "another cancer type (" in explorer.predictions.value
    assert "which does not include it" in explorer.predictions.value
    assert drawn(explorer.figure) != figure


def test_evidence_of_a_wider_cancer_type_fits_and_says_so(shipped):
    explorer = TumourProfile(shipped, cancer_type="lung_adenocarcinoma", alterations="EGFR T790M")
    assert "a wider cancer type (Non-small cell lung cancer)" in plain(explorer.predictions.value)
    wide = TumourProfile(shipped, cancer_type="cancer", alterations="EGFR T790M")
    assert "no curated evidence fits" in wide.summary


def test_only_what_fits_nothing_is_said_to_fit_nothing(shipped):
    explorer = TumourProfile(shipped, cancer_type="melanoma", alterations="BRAF V600E, NRAS Q61")
    loose = "None of it fits BRAF V600E." in explorer.summary
    named = {row[3].split(":")[0] for row in rows_of(explorer.predictions.value)[1:]}
    assert loose == ("BRAF V600E" not in named)


def test_a_conflict_is_shown_as_one(shipped):
    explorer = lung(shipped, "EGFR T790M")
    told = {row[0]: row for row in rows_of(explorer.predictions.value)}
    assert told["Afatinib"][1] == "conflicting; the sources disagree"
    assert "against: " in told["Afatinib"][2]
    says = {row[1] for row in rows_of(explorer.evidence.value) if row[4] == "Afatinib"}
    assert says == {"for resistance", "for sensitivity"}


def test_statements_that_speak_against_each_other_are_no_conflict_of_sources():
    rows = [
        {"therapies": "A or B", "prediction": one, "alterations": two}
        for one, two in (("resistance", "X"), ("sensitivity", "Y"), ("none", "X"))
    ]
    assert by_therapy(rows)["opposed"] == ["A or B"]
    assert by_therapy(rows)["conflicting"] == []
    assert by_therapy(rows[:1])["resistance"] == ["A or B"]
    assert by_therapy(rows[::2])["resistance"] == ["A or B"]
    torn = [*rows, {**rows[0], "prediction": "conflicting"}]
    assert by_therapy(torn)["conflicting"] == ["A or B"]
    assert by_therapy(torn)["opposed"] == []


def test_two_statements_on_one_alteration_are_not_called_two_alterations(shipped):
    explorer = lung(shipped, "EGFR T790M, EGFR C797S")
    said = explorer.summary
    assert "statements that point both ways on 1 therapy (Osimertinib)" in said
    assert "On Osimertinib one alteration speaks for resistance and another" in said
    answer = ck.profiles.match(shipped, ck.profiles.Profile("colorectal_cancer", ["KRAS G12C"]))
    rows = [
        {**row, "therapies": "A", "prediction": one}
        for row in answer.head(1).to_dict("records")
        for one in ("resistance", "sensitivity")
    ]
    told = " ".join(summary("Bowel cancer", {"KRAS G12C": []}, rows, rows))
    assert "On A one statement on the same alteration speaks for resistance" in told


def test_wording_that_does_not_tell_is_not_said_to_include(shipped):
    explorer = lung(shipped, "EGFR E746_A750del")
    explorer.closeness.value = "any"
    answer = ck.profiles.match(
        shipped,
        ck.profiles.Profile("non_small_cell_lung_cancer", ["EGFR E746_A750del"]),
        other_genes=True,
    )
    untold = answer["is_covered"].isna() & answer["therapy_ids"].map(bool)
    assert untold.any()
    assert plain(explorer.predictions.value).count("may or may not include it") == untold.sum()


def test_the_sentence_names_the_therapy_on_which_alterations_disagree(shipped):
    items = shipped.evidence[shipped.evidence["molecular_profile"].eq("EGFR T790M")]
    gefitinib = shipped.evidence_therapies.query("therapy_id == 'gefitinib'")["evidence_id"]
    one = items[items["evidence_id"].isin(gefitinib)].head(1)
    other = one.assign(
        evidence_id="test.item:opposite",
        molecular_profile="EGFR G719A",
        predicate="predictsSensitivityTo",
    )
    tie = pd.DataFrame({"evidence_id": ["test.item:opposite"], "therapy_id": ["gefitinib"]})
    atlas = dataclasses.replace(
        shipped,
        evidence=pd.concat([shipped.evidence, other], ignore_index=True),
        evidence_therapies=pd.concat([shipped.evidence_therapies, tie], ignore_index=True),
    )
    explorer = lung(atlas, "EGFR T790M, EGFR G719A")
    said = "On Gefitinib one alteration speaks for resistance and another for sensitivity."
    assert said in explorer.summary
    assert "another statement that fits says the opposite" in plain(explorer.predictions.value)


def test_every_item_can_be_looked_up(shipped):
    explorer = lung(shipped, "EGFR T790M, KRAS G12C, KRAS Y96C")
    addresses = {one["href"] for one in BeautifulSoup(explorer.evidence.value, "html.parser")("a")}
    assert "https://civicdb.org/links/evidence/238" in addresses
    assert any(one.startswith("https://pubmed.ncbi.nlm.nih.gov/") for one in addresses)
    items = rows_of(explorer.evidence.value)[1:]
    own = [row for row in items if row[0].startswith("cancerres.item:")]
    assert own
    assert all("How it was checked" in row[0] for row in items)
    assert own[0][5] == "not given"
    cited = {row[0] for row in rows_of(explorer.citations.value)[1:]}
    assert len(cited) > 1
    assert "behind these items" in explorer.citations.value


def test_the_table_names_mechanism_and_strategies_with_scope(shipped):
    told = {row[0]: row for row in rows_of(lung(shipped, "EGFR T790M").predictions.value)}
    assert told["Erlotinib"][4] == "On-target mutation"
    assert told["Erlotinib"][5] == "Next-generation inhibitor (alteration)"


def test_the_download_is_all_that_match_answers(shipped):
    name, rows = saved(lung(shipped, "EGFR T790M, TP53 R175H"))
    profile = ck.profiles.Profile("non_small_cell_lung_cancer", ["EGFR T790M", "TP53 R175H"])
    answer = ck.profiles.match(shipped, profile)
    assert name == "profile_non_small_cell_lung_cancer.csv"
    assert list(rows.columns) == [*answer.columns, "notice"]
    assert len(rows) == len(answer)
    assert set(rows["notice"]) == {ck.display.NOTICE}


def test_the_figure_draws_the_items_of_the_table(shipped):
    explorer = lung(shipped, "EGFR T790M")
    ids = {row[0].split()[1] for row in rows_of(explorer.evidence.value)[1:]}
    items = ck.links.alteration_items(shipped)
    items = items[items["evidence_id"].isin({f"civic.eid:{one}" for one in ids})]
    assert drawn(explorer.figure) == drawn(ck.figures.alteration_heatmap(items))


def test_a_curated_alteration_is_added_from_the_list(shipped):
    explorer = TumourProfile(shipped, cancer_type="melanoma")
    before = shown(explorer)
    explorer.add_curated.click()
    explorer.curated.value = "BRAF V600E"
    assert shown(explorer) == before
    explorer.add_curated.click()
    explorer.add_curated.click()
    explorer.curated.value = "NRAS Q61"
    explorer.add_curated.click()
    assert explorer.alterations.value == "BRAF V600E, NRAS Q61"
    assert explorer.summary.startswith("Melanoma with BRAF V600E and NRAS Q61: ")
    with pytest.raises(ck.DataError, match=r"curated alteration 'BRAF V600X'.*nearest: 'BRAF V600"):
        explorer.curated.value = "BRAF V600X"


def test_every_curated_alteration_can_be_matched(shipped):
    explorer = TumourProfile(shipped, cancer_type="cancer", closeness="any")
    for _, value in explorer.curated.options[1::9]:
        explorer.alterations.value = value
        assert explorer.summary.startswith(f"Cancer (in general) with {value}: ")
        is_found = len(rows_of(explorer.predictions.value)) > 1
        assert is_found != (f"speaks of {value} only together with others: " in explorer.summary)


def test_evidence_that_asks_for_more_is_not_called_missing(shipped):
    explorer = TumourProfile(shipped, cancer_type="chronic_myeloid_leukaemia")
    explorer.alterations.value = "ABL1 T315I, TP53 R175H"
    assert "no curated evidence on TP53 R175H, which" in explorer.summary
    needed = "speaks of ABL1 T315I only together with others: BCR::ABL1 Fusion AND ABL1 T315I."
    assert needed in explorer.summary
    explorer.alterations.value = "ABL1 T315I, BCR::ABL1 fusion"
    assert "only together" not in explorer.summary
    assert "predicts resistance to " in explorer.summary


def test_many_profiles_that_ask_for_more_are_not_all_listed():
    wider = {"A": [f"A AND B{n}" for n in range(5)]}
    said = " ".join(profile_words.summary("Cancer", wider, [], []))
    assert said.endswith("A AND B0; A AND B1; A AND B2; 2 more.")


def test_reset_empties_the_profile(shipped):
    explorer = lung(shipped, "EGFR T790M", closeness="any")
    next(
        one
        for one in family(explorer)
        if isinstance(one, ipywidgets.Button) and one.description == "Reset"
    ).click()
    assert shown(explorer) == shown(TumourProfile(shipped))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("cancer_type", "melanomma", "unknown cancer type 'melanomma'; nearest: 'melanoma'"),
        ("closeness", "exakt", "unknown closeness 'exakt'; nearest: 'exact'"),
    ],
)
def test_an_unknown_value_is_refused_with_the_nearest(name, value, message, shipped, moved):
    with pytest.raises(ck.DataError, match=message):
        TumourProfile(shipped, **{name: value})
    before = shown(moved)
    with pytest.raises(ck.DataError, match=message):
        getattr(moved, name).value = value
    assert shown(moved) == before


def test_text_from_tables_and_typing_is_harmless(shipped):
    named = {
        table: getattr(shipped, table).assign(name=HOSTILE)
        for table in ("mechanisms", "strategies", "cancer_types", "therapies")
    }
    references = shipped.references.assign(resolved_title=HOSTILE)
    evidence = shipped.evidence.assign(verification=HOSTILE)
    hostile = dataclasses.replace(shipped, references=references, evidence=evidence, **named)
    explorer = lung(hostile, "EGFR T790M")
    for text in ("EGFR T790M", HOSTILE):
        explorer.alterations.value = text
        texts = [one.value for one in family(explorer) if isinstance(one, ipywidgets.HTML)]
        assert "<script" not in "".join(texts)
        labels = explorer.figure.to_plotly_json()
        labels["layout"].pop("meta")  # plain text, escaped where it is shown
        assert "<script" not in str(labels)
    assert "<script" in explorer.summary


def test_an_empty_atlas_says_that_nothing_is_curated(bare):
    explorer = TumourProfile(bare)
    assert [label for label, _ in explorer.curated.options] == ["Choose one to add"]
    explorer.alterations.value = "EGFR T790M"
    assert explorer.summary.startswith("Choose a cancer type")


def test_the_line_says_what_it_is_for(moved):
    assert isinstance(moved.alterations, Entry)
    for control in [*controls(moved).values(), moved.curated]:
        label = BeautifulSoup(control.description, "html.parser").span
        assert label.text
        assert label["title"] == control.tooltip != ""
    assert plain(moved.children[-1].value) == ck.display.NOTICE
    assert repr(moved) == "Tumour profile: an interactive explorer. Run this cell to use it."
