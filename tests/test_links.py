"""What links answers on a small folder with every case, and rules that hold on shipped data."""

import re
from pathlib import Path

import pandas as pd
import pytest
from small_atlas import TABLES, small_atlas

import cancerres_kit as ck
from cancerres_kit import links, theme
from cancerres_kit.links.references import cite, status_texts

SUPPORTS = ["n_supports", "n_claims", "claim_ids", "n_evidence", "evidence_ids"]
SUPPORTS += ["n_countermeasures", "countermeasure_ids", "reference_ids", "basis"]
TREES = {
    "mechanism": "mechanisms",
    "strategy": "strategies",
    "cancer_type": "cancer_types",
    "therapy": "therapies",
}
EVERY_ANSWER = {
    "claims": links.claims,
    "claim_table": links.claim_table,
    "mechanism_strategies": links.mechanism_strategies,
    "mechanism_cancer_types": links.mechanism_cancer_types,
    "mechanism_therapies": links.mechanism_therapies,
    "resistance_map": links.resistance_map,
    "therapy_map": lambda atlas: links.resistance_map(atlas, start="therapy"),
    "strategies_for": links.strategies_for,
    "gaps": links.gaps,
    "bibliography": links.bibliography,
}
each_answer = pytest.mark.parametrize("answer", EVERY_ANSWER.values(), ids=EVERY_ANSWER)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return small_atlas(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    return small_atlas(tmp_path_factory.mktemp("bare"), {})


@pytest.fixture(scope="module")
def shipped():
    return ck.load()


@pytest.fixture(params=["small", "shipped"])
def atlas(request):
    return request.getfixturevalue(request.param)


def ties(frame, *columns):
    """The rows as tuples of some columns."""
    return set(frame[list(columns)].itertuples(index=False, name=None))


def row(frame, **values):
    """The one row with these values."""
    for column, value in values.items():
        frame = frame[frame[column].eq(value)]
    assert len(frame) == 1
    return frame.iloc[0]


def arrow(atlas, mechanism, strategy, relation):
    found = links.mechanism_strategies(atlas)
    return row(found, mechanism_id=mechanism, strategy_id=strategy, relation=relation)


# --- claims


def test_claims_list_every_link_with_its_name_role_scope_and_status(small):
    rows = links.claims(small)
    leads = rows[rows["claim_id"].eq("c02_leads")]
    assert ties(leads[leads["kind"].eq("mechanism")], "id", "name", "role") == {
        ("methylation", "Name of methylation", "cause"),
        ("expression", "Name of expression", "effect"),
    }
    assert ties(leads[leads["kind"].ne("mechanism")], "kind", "id") == {
        ("cancer_type", "breast"),
        ("reference", "paper_3"),
    }
    cited = row(rows, claim_id="c03_full", id="paper_1")
    assert (cited["scope"], cited["status"]) == ("paragraph", "no_trace")
    assert cited["name"] == "[1] Title of paper_1"
    assert rows.loc[rows["kind"].ne("reference"), ["scope", "status"]].isna().all(axis=None)
    assert rows.loc[rows["kind"].ne("mechanism"), "role"].isna().all()


def test_claims_hold_each_row_of_the_link_tables_once(atlas):
    rows = links.claims(atlas)
    for kind, table in {**TREES, "reference": "references"}.items():
        linked = getattr(atlas, f"claim_{table}")
        expected = sorted(linked[["claim_id", f"{kind}_id"]].itertuples(index=False, name=None))
        found = rows.loc[rows["kind"].eq(kind), ["claim_id", "id"]]
        assert sorted(found.itertuples(index=False, name=None)) == expected


def test_claim_table_has_every_claim_also_one_that_links_nothing(small):
    table = links.claim_table(small)
    assert list(table["claim_id"]) == sorted(small.claims["claim_id"])
    nothing = row(table, claim_id="c07_nothing")
    joined = ["mechanisms", "strategies", "cancer_types", "therapies", "reference_ids"]
    assert list(nothing[joined]) == [""] * 5
    joint = row(table, claim_id="c01_joint")
    assert joint["mechanisms"] == "Name of bypass; Name of mutation"
    assert joint["reference_ids"] == "paper_1; paper_10"


@pytest.mark.parametrize(
    ("claim", "basis"),
    [
        ("c01_joint", "no_trace"),
        ("c02_leads", "different_details"),
        ("c03_full", "confirmed"),
        ("c04_uncited", "uncited"),
    ],
)
def test_basis_of_a_claim_is_the_best_of_its_references(small, claim, basis):
    assert row(links.claim_table(small), claim_id=claim)["basis"] == basis


def test_bases_sort_from_best_to_worst(small):
    ordered = links.claim_table(small)["basis"].cat.categories
    bases = ["confirmed", "not_from_review", "different_details", "no_trace", "uncited"]
    assert list(ordered) == bases
    assert links.claim_table(small)["basis"].min() == "confirmed"


def test_claim_table_lists_chosen_claims_once(small):
    table = links.claim_table(small, claim_ids=("c03_full", "c01_joint", "c03_full"))
    assert list(table["claim_id"]) == ["c01_joint", "c03_full"]
    assert links.claim_table(small, claim_ids=[]).empty


def test_claim_table_refuses_unknown_claims(small):
    with pytest.raises(ck.DataError, match="unknown claim 'c03_fall'; nearest: 'c03_full'"):
        links.claim_table(small, claim_ids=["c03_fall"])
    with pytest.raises(ck.DataError, match=r"claim_ids is a list of ids.*write \['c03_full'\]"):
        links.claim_table(small, claim_ids="c03_full")


# --- the map


def test_each_mechanism_of_a_joint_claim_is_tied_to_its_strategy(small):
    tied = links.mechanism_strategies(small).query("strategy_id == 'tailored'")
    assert ties(tied, "mechanism_id", "relation", "claim_ids") == {
        ("bypass", "motivates", ("c01_joint",)),
        ("mutation", "motivates", ("c01_joint",)),
    }


def test_claims_of_other_relations_make_no_arrow(small):
    assert "expression" not in set(links.mechanism_strategies(small)["mechanism_id"])
    assert "profiling" not in set(links.mechanism_strategies(small)["strategy_id"])


def test_arrow_rests_on_the_strongest_of_its_claims(small):
    full = arrow(small, "methylation", "epidrug", "overcomes")
    assert full["claim_ids"] == ("c03_full", "c04_uncited")
    assert full["reference_ids"] == ("paper_1", "paper_2")
    assert full["basis"] == "confirmed"


def test_countermeasure_makes_a_full_arrow(small):
    shown = arrow(small, "mutation", "combination", "overcomes")
    assert (shown["n_claims"], shown["claim_ids"]) == (0, ())
    assert (shown["n_countermeasures"], shown["countermeasure_ids"]) == (1, ("cm_shown",))
    assert shown["evidence_ids"] == ("kb.eid:1",)
    assert shown["reference_ids"] == ("added2021", "paper_2")
    assert shown["basis"] == "not_from_review"


def test_countermeasure_is_as_weak_as_the_item_it_rests_on(small):
    weak = arrow(small, "bypass", "combination", "overcomes")
    assert weak["reference_ids"] == ("paper_2",)
    assert weak["basis"] == "uncited"


def test_countermeasure_without_anything_that_shows_it_is_uncited(tmp_path):
    bare_counter = {**TABLES["countermeasures"][2], "countering_evidence_id": ""}
    small = small_atlas(tmp_path, {**TABLES, "countermeasures": [bare_counter]})
    assert arrow(small, "mutation", "combination", "overcomes")["basis"] == "uncited"


def test_what_evidence_speaks_against_makes_no_arrow(small):
    used = {key for keys in links.mechanism_strategies(small)["countermeasure_ids"] for key in keys}
    assert used == {"cm_shown", "cm_weak"}
    cells = links.mechanism_cancer_types(small)
    assert ("bypass", "nsclc") not in ties(cells, "mechanism_id", "cancer_type_id")


def test_cells_hold_claims_and_resistance_items(small):
    cells = links.mechanism_cancer_types(small)
    item = row(cells, mechanism_id="mutation", cancer_type_id="nsclc")
    assert (item["claim_ids"], item["evidence_ids"]) == ((), ("kb.eid:1",))
    both = row(cells, mechanism_id="methylation", cancer_type_id="breast")
    assert both["claim_ids"] == ("c02_leads", "c03_full")
    drugs = links.mechanism_therapies(small)
    assert ("mutation", "drug_a") in ties(drugs, "mechanism_id", "therapy_id")
    # What counters resistance is not what is resisted.
    assert "drug_b" not in set(drugs["therapy_id"])


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"cancer_type": "nsclc"}, {("mutation", "combination")}),
        (
            {"cancer_type": "lung"},
            {
                ("bypass", "tailored"),
                ("genetic", "combination"),
                ("mutation", "combination"),
                ("mutation", "tailored"),
            },
        ),
        (
            {"therapy": "targeted"},
            {("bypass", "tailored"), ("mutation", "combination"), ("mutation", "tailored")},
        ),
        ({"therapy": "drug_b"}, set()),
        ({"cancer_type": "nsclc", "therapy": "icb"}, set()),
        ({"level": "signalling"}, {("bypass", "combination"), ("bypass", "tailored")}),
    ],
)
def test_filters_keep_what_a_support_itself_names(small, filters, expected):
    found = links.mechanism_strategies(small, **filters)
    assert ties(found, "mechanism_id", "strategy_id") == expected


def test_nothing_is_inherited_from_a_wider_type(small):
    found = links.mechanism_strategies(small, cancer_type="breast")
    full = row(found, mechanism_id="methylation", strategy_id="epidrug")
    assert full["claim_ids"] == ("c03_full",)  # c04_uncited is about cancer in general


def test_map_has_both_layers_and_keeps_what_lacks_one(small):
    arrows = links.resistance_map(small)
    first = arrows[arrows["target_kind"].eq("mechanism")]
    second = arrows[arrows["target_kind"].eq("strategy")]
    assert set(first["relation"]) == {"resists"}
    assert set(second["relation"]) == {"overcomes", "motivates"}
    assert "lonely" in set(first["target_id"]) - set(second["source_id"])
    assert "profiling" not in set(arrows["target_id"])
    by_therapy = links.resistance_map(small, start="therapy", mechanism="genetic", level="genetic")
    assert ties(by_therapy, "source_id", "target_id") == {
        ("drug_a", "mutation"),
        ("targeted", "mutation"),
        ("mutation", "combination"),
        ("mutation", "tailored"),
        ("genetic", "combination"),
    }


def test_filters_of_the_map_hold_in_both_layers(small):
    arrows = links.resistance_map(small, cancer_type="lung")
    assert ties(arrows[arrows["source_kind"].eq("cancer_type")], "source_id", "target_id") == {
        ("lung", "bypass"),
        ("lung", "genetic"),
        ("lung", "mutation"),
        ("nsclc", "lonely"),
        ("nsclc", "mutation"),
    }
    assert "epidrug" not in set(arrows["target_id"])
    # A claim that also names another type does not bring that type in.
    assert "breast" not in set(arrows["source_id"])


def test_map_shows_references_with_status_in_printed_order(small):
    arrows = links.resistance_map(small)
    both = row(arrows, source_id="bypass", target_id="tailored")
    assert both["references"] == "[1] no trace; [10] no trace"
    added = row(arrows, source_id="mutation", target_id="combination")
    assert added["references"] == "[2] confirmed; added2021 added by the curators"
    assert row(arrows, source_id="cancer", target_id="methylation")["references"] == "uncited"


def test_status_is_called_the_same_in_text_and_pictures(atlas):
    texts = status_texts(atlas)
    for key, status in atlas.references[["reference_id", "status"]].itertuples(index=False):
        assert status in theme.WORDS
        assert texts[key][-1].endswith(f" {theme.WORDS[status]}")


def test_strategies_for_takes_claims_without_a_mechanism_unless_one_is_asked_for(small):
    assert ties(links.strategies_for(small, cancer_type="lung"), "strategy_id", "relation") == {
        ("combination", "motivates"),
        ("combination", "overcomes"),
        ("profiling", "overcomes"),
        ("tailored", "motivates"),
    }
    asked = links.strategies_for(small, mechanism="genetic", cancer_type="nsclc", therapy="drug_a")
    assert ties(asked, "strategy_id", "relation", "countermeasure_ids") == {
        ("combination", "overcomes", ("cm_shown",))
    }


def test_gaps_are_exact_and_say_what_narrower_rows_cover(small):
    gaps = links.gaps(small)
    alone = gaps[gaps["kind"].eq("mechanism_without_strategy")]
    assert ties(alone, "mechanism_id", "covered_below") == {
        ("epigenetic", True),
        ("expression", False),
        ("lonely", False),
    }
    unused = gaps[gaps["kind"].eq("strategy_without_mechanism")]
    assert ties(unused, "strategy_id", "strategy") == {("profiling", "Name of profiling")}
    cell = row(gaps, kind="cell_not_curated", mechanism_id="epigenetic", cancer_type_id="cancer")
    assert bool(cell["covered_below"])
    other = row(gaps, kind="cell_not_curated", mechanism_id="lonely", cancer_type_id="breast")
    assert not other["covered_below"]


# --- neighbours and bibliography


@pytest.mark.parametrize(
    ("id_", "kind", "expected"),
    [
        ("methylation", "mechanism", ("strategy", "epidrug", "claim", "overcomes")),
        ("methylation", "mechanism", ("mechanism", "expression", "claim", "leads_to")),
        ("mutation", "mechanism", ("strategy", "combination", "countermeasure", "overcomes")),
        ("bypass", "mechanism", ("cancer_type", "nsclc", "evidence", "does_not_support")),
        ("lung", "cancer_type", ("cancer_type", "nsclc", "child", None)),
        ("lung", "cancer_type", ("cancer_type", "cancer", "parent", None)),
        ("icb", "therapy", ("mechanism", "lonely", "claim", "causes_resistance")),
        ("tailored", "strategy", ("mechanism", "bypass", "claim", "motivates")),
        ("c02_leads", "claim", ("mechanism", "expression", "claim", "leads_to")),
        ("c02_leads", "claim", ("reference", "paper_3", "claim", "leads_to")),
        ("paper_1", "reference", ("reference", "added2021", "substitute", None)),
        ("added2021", "reference", ("reference", "paper_1", "substitute_for", None)),
        ("paper_3", "reference", ("mechanism", "lonely", "claim", "causes_resistance")),
        ("paper", "source", ("claim", "c07_nothing", "claim", "characterises")),
        ("paper", "source", ("reference", "paper_3", "source", None)),
        ("kb.eid:1", "evidence", ("gene", "hgnc:3236", "evidence", "predictsResistanceTo")),
        ("hgnc:3236", "gene", ("mechanism", "mutation", "evidence", "predictsResistanceTo")),
        ("cm_shown", "countermeasure", ("therapy", "drug_b", "countermeasure", "overcomes")),
    ],
)
def test_neighbours_of_anything(small, id_, kind, expected):
    found = links.neighbours(small, id_)
    assert set(found["of_kind"]) == {kind}
    assert set(found["of_id"]) == {id_}
    rows = found[["kind", "id", "via", "relation"]].astype(object)
    assert expected in set(rows.where(rows.notna(), None).itertuples(index=False, name=None))
    assert found["name"].notna().all()


def test_neighbours_lead_back(atlas):
    documents = set(atlas.sources["source_id"])  # they lead to their claims only
    for id_ in [*atlas.mechanisms["mechanism_id"][::9], *atlas.cancer_types["cancer_type_id"][::9]]:
        found = links.neighbours(atlas, id_)
        assert not found.empty
        assert id_ not in set(found["id"])
        for other in sorted(set(found["id"]) - documents)[::9]:
            assert id_ in set(links.neighbours(atlas, other)["id"])


def test_neighbours_answer_an_id_that_two_tables_use(tmp_path):
    twice = {**TABLES, "strategies": [*TABLES["strategies"]]}
    twice["strategies"].insert(2, {**twice["strategies"][0], "strategy_id": "icb"})
    twice["strategies"].sort(key=lambda found: found["strategy_id"])
    twice["strategies"] = [
        {**found, "name": f"Way {number}"} for number, found in enumerate(twice["strategies"])
    ]
    twice["claim_strategies"] = [
        *TABLES["claim_strategies"],
        {"claim_id": "c09_no_mechanism", "strategy_id": "icb"},
    ]
    found = links.neighbours(small_atlas(tmp_path, twice), "icb")
    assert set(found["of_kind"]) == {"strategy", "therapy"}


def test_bibliography_shows_printed_found_and_substitute(small):
    rows = links.bibliography(small)
    assert list(rows["reference_id"]) == ["paper_1", "paper_2", "paper_3", "paper_10", "added2021"]
    missing = row(rows, reference_id="paper_1")
    assert missing["as_printed"] == "Author of paper_1. Title of paper_1. 2020."
    assert pd.isna(missing["as_resolved"])
    found = "Added A; Other B. A title that was found. J Exist. 2021;5(1):10-19."
    assert (missing["substitute_id"], missing["substitute"]) == ("added2021", found)
    assert missing["substitute_doi"] == "10.1000/added.2021"
    added = row(rows, reference_id="added2021")
    assert pd.isna(added["number"])
    assert pd.isna(added["as_printed"])
    assert (added["as_resolved"], added["pmid"]) == (found, "pubmed:12345")
    assert row(rows, reference_id="paper_3")["as_resolved"] == "The real title."


def test_bibliography_lists_chosen_references_once(small):
    chosen = links.bibliography(small, "paper_10", "paper_1", "paper_10")
    assert list(chosen["number"]) == [1, 10]


def test_citing_nothing_says_so(small):
    assert cite(status_texts(small), []) == "uncited"


# --- bad input


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (
            lambda atlas: links.mechanism_strategies(atlas, cancer_type="brest"),
            "unknown cancer type 'brest'; nearest: 'breast'.*see atlas.cancer_types",
        ),
        (
            lambda atlas: links.mechanism_strategies(atlas, therapy=["drug_a"]),
            r"therapy is given as one text, not as list \['drug_a'\]; see atlas.therapies",
        ),
        (
            lambda atlas: links.mechanism_strategies(atlas, level="genetics"),
            "unknown level 'genetics'; nearest: 'genetic'.*see atlas.mechanisms, column level",
        ),
        (
            lambda atlas: links.strategies_for(atlas, mechanism="mutations"),
            "unknown mechanism 'mutations'; nearest: 'mutation'",
        ),
        (
            lambda atlas: links.resistance_map(atlas, mechanism="mutations"),
            "unknown mechanism 'mutations'; nearest: 'mutation'",
        ),
        (
            lambda atlas: links.resistance_map(atlas, start="cancer"),
            "unknown start 'cancer'.*allowed: 'cancer_type', 'therapy'",
        ),
        (
            lambda atlas: links.resistance_map(atlas, cancer_type=7),
            "cancer type is given as one text, not as int 7",
        ),
        (
            lambda atlas: links.neighbours(atlas, "methilation"),
            "unknown id 'methilation'; nearest: 'methylation'; see the tables of the atlas",
        ),
        (lambda atlas: links.neighbours(atlas, None), "id is given as one text, not as NoneType"),
        (
            lambda atlas: links.bibliography(atlas, "paper_11"),
            "unknown reference 'paper_11'; nearest: 'paper_1'",
        ),
        (
            lambda atlas: links.subtree(atlas.mechanisms, "genetics"),
            "unknown mechanism 'genetics'; nearest: 'genetic'",
        ),
        (
            lambda atlas: links.subtree(atlas.claims, "c02_leads"),
            "the table of 'claim_id' is no tree: it has no column 'parent_id'",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(small, ask, message):
    with pytest.raises(ck.DataError, match=message):
        ask(small)


# --- rules that hold on any data


@each_answer
def test_answers_are_the_same_whatever_the_order_of_rows(small, answer):
    shuffled = {
        name: getattr(small, name).sample(frac=1, random_state=1)
        for name in (field for field in small.__dataclass_fields__ if field != "version")
    }
    turned = type(small)(**shuffled, version=small.version)
    pd.testing.assert_frame_equal(answer(turned), answer(small))


@each_answer
def test_answers_keep_columns_and_types_without_rows(small, bare, answer):
    empty = answer(bare)
    assert empty.empty
    pd.testing.assert_series_equal(empty.dtypes, answer(small).dtypes)


@each_answer
def test_answers_change_nothing(atlas, answer):
    names = [field for field in atlas.__dataclass_fields__ if field != "version"]
    before = {name: getattr(atlas, name).copy() for name in names}
    answer(atlas)
    for name, table in before.items():
        pd.testing.assert_frame_equal(getattr(atlas, name), table)


@each_answer
def test_answers_have_plain_numbered_rows_without_repeats(atlas, answer):
    found = answer(atlas)
    assert list(found.index) == list(range(len(found)))
    assert not found.astype(str).duplicated().any()


@pytest.mark.parametrize(
    "answer",
    [value for name, value in EVERY_ANSWER.items() if name.endswith(("map", "strategies", "for"))],
)
def test_supports_are_counted_listed_and_sorted(atlas, answer):
    known = {
        "claim_ids": set(atlas.claims["claim_id"]),
        "evidence_ids": set(atlas.evidence["evidence_id"]),
        "countermeasure_ids": set(atlas.countermeasures["countermeasure_id"]),
        "reference_ids": set(atlas.references["reference_id"]),
    }
    for found in answer(atlas).to_dict("records"):
        for column, ids in known.items():
            assert found[column] == tuple(sorted(set(found[column])))
            assert set(found[column]) <= ids
        assert found["n_claims"] == len(found["claim_ids"])
        assert found["n_evidence"] == len(found["evidence_ids"])
        assert found["n_countermeasures"] == len(found["countermeasure_ids"])
        assert (
            0
            < found["n_supports"]
            <= sum(found[name] for name in found if name.startswith("n_c")) + (found["n_evidence"])
        )
        assert (found["basis"] == "uncited") >= (not found["reference_ids"])


def test_claims_of_an_arrow_link_both_of_its_ends(atlas):
    linked = links.claims(atlas).groupby("claim_id")["id"].agg(set)
    relation = atlas.claims.set_index("claim_id")["relation"]
    for start in ("cancer_type", "therapy"):
        for found in links.resistance_map(atlas, start=start).to_dict("records"):
            for claim in found["claim_ids"]:
                assert {found["source_id"], found["target_id"]} <= linked[claim]
                assert found["relation"] in ("resists", relation[claim])


def test_every_mechanism_and_strategy_is_on_the_map_or_a_gap(atlas):
    arrows, gaps = links.mechanism_strategies(atlas), links.gaps(atlas)
    for kind in ("mechanism", "strategy"):
        ids = set(getattr(atlas, TREES[kind])[f"{kind}_id"])
        without = gaps.loc[gaps["kind"].str.startswith(kind), f"{kind}_id"]
        mapped = set(arrows[f"{kind}_id"])
        assert mapped | set(without) == ids
        assert not mapped & set(without)


def test_cells_and_gaps_fill_the_grid(atlas):
    keys = ["mechanism_id", "cancer_type_id"]
    gaps = links.gaps(atlas)
    missing = gaps.loc[gaps["kind"].eq("cell_not_curated"), keys]
    both = pd.concat([links.mechanism_cancer_types(atlas)[keys], missing])
    assert not both.duplicated().any()
    assert len(both) == len(atlas.mechanisms) * len(atlas.cancer_types)


@pytest.mark.parametrize("kind", ["mechanism", "cancer_type", "therapy"])
def test_a_parent_includes_its_children_and_nothing_else(atlas, kind):
    table = getattr(atlas, TREES[kind])
    nodes = list(table[f"{kind}_id"])
    found = {node: links.strategies_for(atlas, **{kind: node}) for node in nodes}
    claims = {node: {key for keys in found[node]["claim_ids"] for key in keys} for node in nodes}
    linked = links.claims(atlas)
    linked = linked[linked["kind"].eq(kind)]
    for node in nodes:
        below = links.subtree(table, node)
        assert claims[node] == set().union(*(claims[child] for child in below))
        assert claims[node] <= set(linked.loc[linked["id"].isin(below), "claim_id"])


def test_strategies_for_a_mechanism_are_its_arrows(atlas):
    arrows = links.mechanism_strategies(atlas)
    for mechanism in atlas.mechanisms["mechanism_id"]:
        below = links.subtree(atlas.mechanisms, mechanism)
        expected = arrows[arrows["mechanism_id"].isin(below)]
        found = links.strategies_for(atlas, mechanism=mechanism)
        assert ties(found, "strategy_id", "relation") == ties(expected, "strategy_id", "relation")


def test_subtrees_are_the_nodes_themselves_and_their_childrens(atlas):
    for name in TREES.values():
        table = getattr(atlas, name)
        key = table.columns[0]
        for node in table[key]:
            children = table.loc[table["parent_id"].eq(node), key]
            parts = {part for child in children for part in links.subtree(table, child)}
            assert links.subtree(table, node) == tuple(sorted({node} | parts))


def test_a_claim_is_uncited_exactly_where_it_cites_nothing(atlas):
    table = links.claim_table(atlas)
    assert (table["basis"].eq("uncited") == table["reference_ids"].eq("")).all()


@pytest.mark.parametrize(
    ("key", "expected"),
    [("dna_methylation", "DNA methylation"), ("drug_repurposing", "Drug repurposing")],
)
def test_name_of_any_node(shipped, key, expected):
    assert links.name(shipped, key) == expected


@pytest.mark.parametrize("key", ["dna_metylation", "dna"])
def test_name_of_nothing_is_refused_with_the_nearest(shipped, key):
    with pytest.raises(ck.DataError, match=rf"unknown id '{key}'; nearest: 'dna_methylation'"):
        links.name(shipped, key)


def test_the_example_of_the_readme_finds_something(shipped):
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r'strategies_for\(atlas, mechanism="(\w+)"\)', readme)
    assert len(links.strategies_for(shipped, mechanism=example))
    assert f'mechanism="{example}"' in ck.__doc__
