"""What links says of alterations, chains and response rates, on a small folder and shipped data."""

import pandas as pd
import pytest
from small_atlas import TABLES, counter, item, linked, small_atlas, therapy

import cancerres_kit as ck
from cancerres_kit import links
from cancerres_kit.links.supports import supports
from cancerres_kit.schema import DataError

RESISTS, SENSITIVE = "predictsResistanceTo", "predictsSensitivityTo"


def evidence(key, predicate, profile, *, year, direction="supports", where="nsclc", **other):
    reference = f"y{year}"
    row = item(f"kb.eid:{key}", predicate, direction, where, reference)
    return {**row, "molecular_profile": profile, **other}


def rate(key, percent, *, where="nsclc", checkpoints="PD-1", **other):
    return {
        "response_rate_id": f"kb.rate:{key}",
        "cancer_type_id": where,
        "regimen": "a regimen",
        "checkpoints": checkpoints,
        "n": 40,
        "percent": percent,
        "population": "all comers",
        "trial": "A TRIAL",
        "reference_id": "y2005",
        "source_id": "base",
        **other,
    }


def published(year):
    return {
        **TABLES["references"][0],
        "reference_id": f"y{year}",
        "resolved_year": year,
        "doi": f"10.1000/y{year}",
        "pmid": f"pubmed:{year}",
    }


GENES = {
    "sources": [*TABLES["sources"], {**TABLES["sources"][0], "source_id": "us"}],
    "genes": [
        {"hgnc_id": "hgnc:3236", "symbol": "EGFR"},
        {"hgnc_id": "hgnc:6407", "symbol": "KRAS"},
    ],
    "references": TABLES["references"] + [published(year) for year in (2005, 2008, 2015, 2016)],
    "therapies": [*TABLES["therapies"], therapy("drug_c", "targeted"), therapy("drug_d")],
    "evidence": [
        evidence(1, RESISTS, "EGFR p.Thr790Met", year=2008, level="B"),
        evidence(2, RESISTS, "EGFR T790M", year=2005, level="A"),
        evidence(3, RESISTS, "EGFR T790M", year=2015, direction="does_not_support"),
        evidence(4, SENSITIVE, "EGFR T790M", year=2015, interaction="combination"),
        evidence(5, RESISTS, "EGFR C797S AND NOT EGFR L858R", year=2016, where="lung"),
        evidence(6, RESISTS, "EGFR T790M", year=2016, where="breast", interaction="substitutes"),
        evidence(7, SENSITIVE, "KRAS something odd", year=2016, direction="does_not_support"),
        evidence(8, RESISTS, "EGFR C797S OR EGFR C797G", year=2016, where="breast"),
    ],
    "evidence_mechanisms": [
        {"evidence_id": "kb.eid:1", "mechanism_id": "mutation", "asserted_by": "us"}
    ],
    "evidence_genes": linked(
        "evidence_id",
        "hgnc_id",
        *(f"kb.eid:{n} hgnc:3236" for n in (1, 2, 3, 4, 5, 6, 8)),
        "kb.eid:7 hgnc:6407",
    ),
    "evidence_therapies": linked(
        "evidence_id",
        "therapy_id",
        "kb.eid:1 drug_a",
        "kb.eid:2 drug_a",
        "kb.eid:3 drug_a",
        "kb.eid:4 drug_b",
        "kb.eid:4 drug_c",
        "kb.eid:5 drug_b",
        "kb.eid:5 drug_c",
        "kb.eid:6 drug_a",
        "kb.eid:6 drug_b",
        "kb.eid:7 drug_d",
        "kb.eid:8 drug_d",
    ),
    "countermeasures": [
        {**counter("cm_one", "kb.eid:1", "combination"), "countering_evidence_id": "kb.eid:4"},
        counter("cm_two", "kb.eid:2", "tailored", reference_id="y2008", scope="alteration")
        | {"countering_evidence_id": "kb.eid:4"},
        counter("cm_fail", "kb.eid:8", "epidrug", countering_evidence_id="kb.eid:7"),
    ],
    "countermeasure_therapies": linked(
        "countermeasure_id",
        "therapy_id",
        "cm_one drug_b",
        "cm_one drug_c",
        "cm_two drug_b",
        "cm_two drug_c",
        "cm_fail drug_d",
    ),
    "response_rates": [
        rate("low", 5, responders=2),
        rate("high", 40, interval_low_percent=20, interval_high_percent=60)
        | {"interval_basis": "reported", "checkpoints": "PD-1 + CTLA-4"},
        rate("breast", 20, where="breast"),
    ],
}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return small_atlas(tmp_path_factory.mktemp("genes"), {**TABLES, **GENES})


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    return small_atlas(tmp_path_factory.mktemp("bare"), {})


@pytest.fixture(scope="module")
def shipped():
    return ck.load()


def ties(frame, *columns):
    return set(frame[list(columns)].itertuples(index=False, name=None))


def only(frame, **values):
    for column, value in values.items():
        frame = frame[frame[column].eq(value)]
    assert len(frame) == 1
    return frame.iloc[0]


# --- items


def test_items_speak_in_normal_form_of_what_they_find(small):
    rows = links.alteration_items(small, gene="EGFR", cancer_type="nsclc")
    assert ties(rows, "evidence_id", "profile", "treatment", "finding") == {
        ("kb.eid:1", "EGFR T790M", "Name of drug_a", "resistance"),
        ("kb.eid:2", "EGFR T790M", "Name of drug_a", "resistance"),
        ("kb.eid:3", "EGFR T790M", "Name of drug_a", "no resistance"),
        ("kb.eid:4", "EGFR T790M", "Name of drug_b + Name of drug_c", "sensitivity"),
    }


def test_items_carry_ids_and_names(small):
    found = only(links.alteration_items(small), evidence_id="kb.eid:1")
    assert (found["hgnc_ids"], found["genes"]) == (("hgnc:3236",), ("EGFR",))
    assert (found["mechanism_ids"], found["mechanisms"]) == (("mutation",), ("Name of mutation",))
    assert (found["cancer_type_id"], found["cancer_type"]) == ("nsclc", "Name of nsclc")
    assert (found["year"], found["level"], found["references"]) == (
        2008,
        "B",
        "y2008 added by the curators",
    )


def test_drugs_that_stand_for_each_other_are_a_treatment_each(small):
    rows = links.alteration_items(small)
    assert set(rows.loc[rows["evidence_id"].eq("kb.eid:6"), "treatment_id"]) == {"drug_a", "drug_b"}
    assert only(rows, evidence_id="kb.eid:4")["treatment_id"] == "drug_b+drug_c"
    assert only(rows, evidence_id="kb.eid:7")["finding"] == "no sensitivity"


def test_treatments_are_worded_as_in_a_match(shipped):
    """A row of `match` is one treatment, or drugs that stand for each other."""
    rows = links.alteration_items(shipped)
    told = rows.groupby("evidence_id")["treatment"].agg(lambda names: set(names))
    answer = ck.profiles.match(
        shipped, ck.profiles.Profile("colorectal_cancer", ["KRAS G12C", "BRAF V600E"])
    )
    for row in answer[answer["therapy_ids"].map(bool)].itertuples():
        for key in (*row.evidence_for, *row.evidence_against):
            assert told[key] == set(row.therapies.split(" or "))


@pytest.mark.parametrize(
    ("interaction", "expected"),
    [
        ("combination", ["A + B"]),
        ("substitutes", ["B", "A"]),
        ("sequential", ["A and B in sequence"]),
        (None, ["A; B"]),
    ],
)
def test_drugs_are_joined_as_they_were_given(interaction, expected):
    called = pd.Series({"one": "B", "two": "A"})
    found = links.genes.treatments(("one", "two"), interaction, called)
    assert [name for _, name in found] == expected


def test_profile_that_cannot_be_read_stays_as_worded(small):
    rows = links.alteration_items(small, gene="KRAS")
    assert list(rows["profile"]) == ["KRAS something odd"]
    assert links.mutations(small, "KRAS").empty


def test_gene_goes_by_symbol_or_id(small):
    by_symbol = links.alteration_items(small, gene="EGFR")
    pd.testing.assert_frame_equal(by_symbol, links.alteration_items(small, gene="hgnc:3236"))


def test_wider_cancer_type_takes_in_narrower_ones(small):
    lung = links.alteration_items(small, cancer_type="lung")
    assert set(lung["cancer_type_id"]) == {"lung", "nsclc"}


# --- mutations


def test_mutations_stand_at_their_residues_but_not_where_they_must_be_absent(small):
    rows = links.mutations(small, "EGFR")
    assert ties(rows, "mutation", "start", "end") == {
        ("T790M", 790, 790),
        ("C797S", 797, 797),
        ("C797G", 797, 797),
    }
    assert set(rows.loc[rows["mutation"].eq("C797S"), "evidence_id"]) == {"kb.eid:5", "kb.eid:8"}
    assert rows["start"].is_monotonic_increasing
    assert rows["only_with"].isna().all()


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("EGFR T790M AND EGFR C797S", {"T790M": "EGFR C797S", "C797S": "EGFR T790M"}),
        ("EGFR T790M AND ( EGFR L858R OR EGFR G719A )", {"T790M": "EGFR L858R OR EGFR G719A"}),
        ("EGFR T790M AND EGFR L858R AND KRAS G12C", {"T790M": "EGFR L858R AND KRAS G12C"}),
        ("EGFR T790M AND EGFR Amplification", {"T790M": "EGFR Amplification"}),
        ("EGFR T790M AND EML4::ALK Fusion", {"T790M": ""}),
        ("EGFR T790M AND NOT EGFR C797S", {"T790M": ""}),
        ("EGFR T790M OR ( EGFR T790M AND EGFR C797S )", {"T790M": "", "C797S": "EGFR T790M"}),
    ],
)
def test_mutation_says_what_its_profile_asks_for_besides(tmp_path, profile, expected):
    items = [{**row, "molecular_profile": profile} for row in GENES["evidence"][:1]]
    tables = {name: [] for name in GENES if name.startswith(("evidence", "counter"))}
    tables |= {"evidence": items, "evidence_genes": GENES["evidence_genes"][:1]}
    tables |= {"evidence_therapies": GENES["evidence_therapies"][:1]}
    rows = links.mutations(small_atlas(tmp_path, {**TABLES, **GENES, **tables}), "EGFR")
    found = dict(zip(rows["mutation"], rows["only_with"].fillna(""), strict=True))
    assert expected.items() <= found.items()


# --- chains


def test_chain_goes_from_resistance_to_what_was_tried_to_what_resisted_that(small):
    chain = only(links.chains(small, "EGFR"), treatment_id="drug_a", cancer_type_id="nsclc")
    assert chain["evidence_ids"] == ("kb.eid:1", "kb.eid:2")
    assert (chain["year"], chain["is_contested"]) == (2005, True)
    assert (chain["next_treatment_id"], chain["outcome"]) == ("drug_b+drug_c", "worked")
    assert (chain["scope"], chain["next_year"]) == ("alteration", 2008)
    assert chain["countermeasure_ids"] == ("cm_one", "cm_two")
    assert chain["strategies"] == ("Name of combination", "Name of tailored")
    assert chain["next_reference_ids"] == ("y2008", "y2015")
    assert chain["next_references"].startswith("y2008 added by the curators; y2015 added")
    assert chain["references"] == "y2005 added by the curators; y2008 added by the curators"


def test_next_resistance_may_be_curated_for_a_wider_cancer_type(tmp_path):
    drugs = [
        {**row, "interaction": "combination"} if row["evidence_id"] == "kb.eid:5" else row
        for row in GENES["evidence"]
    ]
    atlas = small_atlas(tmp_path, {**TABLES, **GENES, "evidence": drugs})
    chain = only(links.chains(atlas, "EGFR"), treatment_id="drug_a", cancer_type_id="nsclc")
    assert chain["next_profile"] == "EGFR C797S AND NOT EGFR L858R"
    assert (chain["next_cancer_type_id"], chain["next_resistance_year"]) == ("lung", 2016)
    assert chain["next_resistance_ids"] == ("kb.eid:5",)
    assert chain["next_resistance_references"] == "y2016 added by the curators"


def test_next_resistance_of_another_cancer_type_does_not_count(small):
    chain = only(links.chains(small, "EGFR", cancer_type="breast"), cancer_type_id="breast")
    assert chain["treatment_id"] == "drug_d"
    assert chain["next_profile"] == "EGFR C797S OR EGFR C797G"
    assert list(links.chains(small, "EGFR", cancer_type="lung")["cancer_type_id"]) == ["nsclc"]


@pytest.mark.parametrize(
    ("predicate", "direction", "expected"),
    [
        (SENSITIVE, "supports", "worked"),
        (RESISTS, "does_not_support", "resistance not found"),
        (SENSITIVE, "does_not_support", "did not work"),
        (RESISTS, "supports", "did not work"),
    ],
)
def test_outcome_is_what_the_item_on_it_finds(tmp_path, predicate, direction, expected):
    shown = [
        {**row, "predicate": predicate, "direction": direction}
        if row["evidence_id"] == "kb.eid:7"
        else row
        for row in GENES["evidence"]
    ]
    atlas = small_atlas(tmp_path, {**TABLES, **GENES, "evidence": shown})
    assert only(links.chains(atlas, "EGFR"), treatment_id="drug_d")["outcome"] == expected


def test_resistance_that_was_not_found_is_not_called_work(shipped):
    rows = links.chains(shipped, "ABCB1")
    assert set(rows["next_treatment_id"]) == {"alectinib", "lorlatinib"}
    assert set(rows["outcome"]) == {"resistance not found"}


def test_year_of_what_was_tried_is_that_of_the_first_item_that_says_so(shipped):
    rows = links.chains(shipped, "EGFR")
    osimertinib = rows[rows["next_treatment_id"].eq("osimertinib")]
    assert set(osimertinib["next_year"]) == {2014}
    assert all("civic.eid:963" in ids for ids in osimertinib["next_evidence_ids"])


def test_shipped_chains_rest_on_rows_of_the_tables(shipped):
    for gene in ("EGFR", "ALK", "ABL1"):
        rows = links.chains(shipped, gene)
        assert not rows.empty
        for column, table in (
            ("evidence_ids", shipped.evidence),
            ("countermeasure_ids", shipped.countermeasures),
            ("next_evidence_ids", shipped.evidence),
            ("next_resistance_ids", shipped.evidence),
        ):
            assert set().union(*rows[column]) <= set(table.iloc[:, 0])
        assert rows["next_profile"].isna().eq(rows["next_resistance_ids"].map(len).eq(0)).all()


# --- rates


def test_rates_come_highest_first_with_names_and_status(small):
    rows = links.rates(small)
    assert list(rows["response_rate_id"]) == ["kb.rate:high", "kb.rate:breast", "kb.rate:low"]
    assert list(rows["cancer_type"]) == ["Name of nsclc", "Name of breast", "Name of nsclc"]
    assert set(rows["references"]) == {"y2005 added by the curators"}
    assert list(rows["interval_basis"].fillna("")) == ["reported", "", ""]


def test_rates_by_cancer_type_and_checkpoints(small):
    assert set(links.rates(small, cancer_type="lung")["cancer_type_id"]) == {"nsclc"}
    assert list(links.rates(small, checkpoints="PD-1 + CTLA-4")["response_rate_id"]) == [
        "kb.rate:high"
    ]


# --- all of them


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda a: links.alteration_items(a, gene="EGRF"), "unknown gene 'EGRF'; nearest: 'EGFR'"),
        (lambda a: links.mutations(a, "EGRF"), "unknown gene 'EGRF'; nearest: 'EGFR'"),
        (lambda a: links.chains(a, "EGRF"), "unknown gene 'EGRF'; nearest: 'EGFR'"),
        (lambda a: links.alteration_items(a, gene=7), "gene is given as one text, not as int 7"),
        (lambda a: links.alteration_items(a, cancer_type="lungs"), "nearest: 'lung'"),
        (lambda a: links.mutations(a, "EGFR", cancer_type="lungs"), "nearest: 'lung'"),
        (lambda a: links.chains(a, "EGFR", cancer_type="lungs"), "nearest: 'lung'"),
        (lambda a: links.rates(a, cancer_type="lungs"), "nearest: 'lung'"),
        (lambda a: links.rates(a, checkpoints="PD1"), "unknown checkpoints 'PD1'; nearest: 'PD-1'"),
    ],
)
def test_unknown_ids_are_refused(small, ask, message):
    with pytest.raises(DataError, match=message):
        ask(small)


def test_without_rows_there_are_columns_of_the_same_types(bare, shipped):
    for ask in (links.alteration_items, links.rates):
        empty, full = ask(bare), ask(shipped)
        assert empty.empty
        assert empty.dtypes.to_dict() == full.dtypes.to_dict()


def test_gene_without_residues_or_chains_gives_empty_frames(small):
    for ask in (links.mutations, links.chains):
        empty, full = ask(small, "KRAS"), ask(small, "EGFR")
        assert empty.empty
        assert empty.dtypes.to_dict() == full.dtypes.to_dict()


def test_every_shipped_item_is_listed(shipped):
    rows = links.alteration_items(shipped)
    assert set(rows["evidence_id"]) == set(shipped.evidence["evidence_id"])
    assert not rows.duplicated(["evidence_id", "treatment_id"]).any()


@pytest.mark.parametrize(
    ("predicate", "direction", "relation"),
    [
        (SENSITIVE, "supports", "overcomes"),
        (SENSITIVE, "does_not_support", "does_not_support"),
        (RESISTS, "does_not_support", "overcomes"),
        (RESISTS, "supports", "does_not_support"),
    ],
)
def test_a_countermeasure_fails_where_response_is_denied_or_resistance_found(
    tmp_path, predicate, direction, relation
):
    items = [
        evidence(1, RESISTS, "EGFR T790M", year=2008),
        evidence(2, predicate, "EGFR T790M", year=2015, direction=direction),
    ]
    measures = [counter("cm", "kb.eid:1", "combination", countering_evidence_id="kb.eid:2")]
    genes = {name: [] for name in GENES if name.startswith(("evidence", "counter", "response"))}
    genes |= {"evidence": items, "countermeasures": measures}
    rows = supports(small_atlas(tmp_path, {**TABLES, **GENES, **genes}))
    assert list(rows.loc[rows["support"].eq("countermeasure"), "relation"]) == [relation]
