"""An excerpt keeps what one source says and what those rows name, and nothing else."""

import pandas as pd
import pytest
from small_atlas import TABLES, small_atlas

import cancerres_kit as ck
from cancerres_kit import schema
from cancerres_kit.excerpts import THINGS


@pytest.fixture(scope="module")
def shipped():
    return ck.load()


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return small_atlas(tmp_path_factory.mktemp("whole"))


def keys(table):
    return set(table.iloc[:, 0])


def test_claims_keep_what_they_name_and_what_stands_above(small):
    paper = small.of("paper")
    assert keys(paper.claims) == keys(small.claims)
    assert paper.claim_cancer_types.equals(small.claim_cancer_types)
    assert keys(paper.mechanisms) == {
        "bypass", "expression", "genetic", "epigenetic", "methylation", "mutation", "lonely",
    }  # fmt: skip
    # Drugs are named by evidence alone; what stands above a named therapy stays.
    assert keys(paper.therapies) == {"any_therapy", "icb", "targeted"}


def test_what_only_another_source_says_is_gone(small):
    paper = small.of("paper")
    for name in ("evidence", "evidence_mechanisms", "countermeasures", "countermeasure_therapies"):
        assert getattr(paper, name).empty
    assert paper.genes.empty
    assert not ck.links.mechanism_strategies(paper)["n_evidence"].any()


def test_evidence_keeps_its_countermeasures_and_references(small):
    base = small.of("base")
    assert base.claims.empty
    assert base.claim_mechanisms.empty
    assert keys(base.countermeasures) == keys(small.countermeasures)
    assert {"added2021", "paper_2"} <= keys(base.references)
    assert "paper_10" not in keys(base.references)
    assert keys(base.therapies) == {"any_therapy", "drug_a", "drug_b", "targeted"}


def test_a_countermeasure_needs_both_of_its_items(tmp_path):
    items = [
        {**row, "source_id": "paper"} if row["evidence_id"] == "kb.eid:2" else row
        for row in TABLES["evidence"]
    ]
    base = small_atlas(tmp_path, {**TABLES, "evidence": items}).of("base")
    assert "cm_shown" not in keys(base.countermeasures)
    assert "cm_weak" in keys(base.countermeasures)
    assert base.countermeasure_therapies.empty


def test_references_are_those_printed_named_in_their_place_or_for_further_reading(small, shipped):
    assert keys(small.of("paper").references) == keys(small.references)
    review = shipped.of("rahimi2025")
    reading = review.references[review.references["source_id"].isna()]
    evidence = set(shipped.evidence["reference_id"].dropna())
    assert not evidence & keys(reading)
    assert set(reading["status"]) == {"not_from_review"}


def test_keys_still_lead_somewhere(shipped):
    for source in ("rahimi2025", "civic", "oncoref"):
        part = shipped.of(source)
        for table, (key, above) in THINGS.items():
            if above:
                own = getattr(part, table)
                assert set(own[above].dropna()) <= set(own[key]), (source, table)


def test_sources_glossary_and_the_whole_stay(small):
    before = {name: table.copy() for name, table in small._tables().items()}
    paper = small.of("paper")
    assert paper.sources is small.sources
    assert paper.glossary is small.glossary
    for name, table in before.items():
        pd.testing.assert_frame_equal(getattr(small, name), table)


def test_an_excerpt_of_an_excerpt_is_the_same(shipped):
    once = shipped.of("rahimi2025")
    again = once.of("rahimi2025")
    assert repr(again) == repr(once)


def test_types_of_columns_stay(shipped):
    part = shipped.of("oncoref")
    for name in ("claims", "response_rates", "cancer_types"):
        assert part._tables()[name].dtypes.equals(getattr(shipped, name).dtypes)


@pytest.mark.parametrize("given", ["rahimi", 3, None, ["civic"]])
def test_an_unknown_source_is_named_with_the_nearest(shipped, given):
    with pytest.raises(schema.DataError, match="unknown source") as error:
        shipped.of(given)
    assert "see atlas.sources" in str(error.value)
    assert ("nearest: 'rahimi2025'" in str(error.value)) == (given == "rahimi")


def test_a_source_that_says_nothing_is_answered_with_those_that_do(shipped):
    with pytest.raises(schema.DataError) as error:
        shipped.of("mondo")
    assert str(error.value) == (
        "no claim, evidence item or response rate comes from source 'mondo'; "
        "some come from: 'cancerres_kit', 'civic', 'oncoref', 'rahimi2025'"
    )
