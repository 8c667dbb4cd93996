"""The rules of curation, row by row; each failure tells the repair.

What types, keys, categories and patterns can say is said in `data/datapackage.json` and checked by
`cancerres validate`; here is what they cannot say.
"""

import csv
import hashlib
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from curation import ROWS, TABLES, each, read

from cancerres_kit import schema

REVIEW_SENTENCES = set(
    (Path(__file__).parent / "review_sentence_hashes.txt").read_text(encoding="utf-8").split()
)
# Column that a source of identifiers gives.
IDENTIFIERS = {
    "disease_ontology": "doid",
    "gene_ontology": "go_id",
    "hgnc": "hgnc_id",
    "mane": "ensembl",
    "mesh": "mesh_id",
    "mondo": "mondo",
    "nci_thesaurus": "ncit",
    "oncotree": "oncotree",
}
LONGEST_SHARED_RUN = 7


def linked(name: str, claim: dict[str, str]) -> list[dict[str, str]]:
    """Rows of a link table that belong to a claim."""
    return [row for row in ROWS[name] if row["claim_id"] == claim["claim_id"]]


def roles(claim: dict[str, str]) -> set[str]:
    return {row["role"] for row in linked("claim_mechanisms", claim)}


def plain(text: str) -> str:
    """Letters and digits only, so that layout and punctuation hide no copy."""
    return re.sub("[^a-z0-9]", "", text.lower())


def copied(text: str) -> list[str]:
    """Sentences of a text that are sentences of the review."""
    sentences = {text, *re.split(r"(?<=[.!?])\s+", text)}
    hashes = {
        hashlib.sha256(plain(sentence).encode()).hexdigest(): sentence for sentence in sentences
    }
    return [sentence for digest, sentence in hashes.items() if digest in REVIEW_SENTENCES]


@pytest.mark.parametrize("name", TABLES)
def test_file_is_utf8_with_unix_line_ends(name) -> None:
    raw = (schema.data_root() / TABLES[name]["path"]).read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf"), f"{name}: save as UTF-8 without byte order mark"
    assert b"\r" not in raw, f"{name}: save with LF line ends"
    assert raw.endswith(b"\n"), f"{name}: end the last line with a line feed"
    raw.decode("utf-8")


@pytest.mark.parametrize("name", TABLES)
def test_columns_stand_in_the_order_of_the_schema(name) -> None:
    with (schema.data_root() / TABLES[name]["path"]).open(encoding="utf-8") as file:
        header = next(csv.reader(file))
    assert header == [field["name"] for field in TABLES[name]["schema"]["fields"]]


@pytest.mark.parametrize("name", TABLES)
def test_rows_are_sorted_by_key(name) -> None:
    primary = TABLES[name]["schema"]["primaryKey"]
    columns = [primary] if isinstance(primary, str) else primary
    keys = [tuple(row[column] for column in columns) for row in ROWS[name]]
    late = [after for before, after in pairwise(keys) if after < before]
    assert not late, f"{name}: move up {late[:3]}; rows are sorted by {', '.join(columns)}"


@pytest.mark.parametrize("name", TABLES)
def test_cells_have_no_stray_white_space(name) -> None:
    stray = [
        (column, cell)
        for row in ROWS[name]
        for column, cell in row.items()
        if cell != " ".join(cell.split())
    ]
    assert not stray, f"{name}: remove outer and double spaces and line breaks in {stray[:3]}"


@pytest.mark.parametrize("name", TABLES)
def test_ids_are_well_formed(name) -> None:
    keys = [field["name"] for field in TABLES[name]["schema"]["fields"]]
    bad = {
        row[key]
        for row in ROWS[name]
        for key in keys
        if key.endswith("_id") and re.search("__|_$|^_", row[key])
    }
    assert not bad, f"{name}: single underscores between words only: {sorted(bad)[:3]}"


@pytest.mark.parametrize(
    "table", ["mechanisms", "strategies", "cancer_types", "therapies", "glossary"]
)
def test_names_differ_by_more_than_case(table) -> None:
    column = "term" if table == "glossary" else "name"
    counts = Counter(row[column].casefold() for row in ROWS[table])
    twins = [name for name, count in counts.items() if count > 1]
    assert not twins, f"{table}: merge or rename {twins}"


def reached(table: str, key: str, links: list[str]) -> set[str]:
    """Ids that a link table names, and all nodes above them."""
    parents = {row[key]: row["parent_id"] for row in ROWS[table]}
    found: set[str] = set()
    for node in (row[key] for name in links for row in ROWS[name]):
        while node and node not in found:
            found.add(node)
            node = parents[node]
    return found


MECHANISMS = reached("mechanisms", "mechanism_id", ["claim_mechanisms", "evidence_mechanisms"])
STRATEGIES = reached("strategies", "strategy_id", ["claim_strategies", "countermeasures"])


@each("mechanisms")
def test_mechanism_is_reached(row) -> None:
    assert row["mechanism_id"] in MECHANISMS, (
        f"no claim or evidence item names {row['mechanism_id']} or a mechanism below it: "
        "link it in claim_mechanisms.csv or evidence_mechanisms.csv, or remove it"
    )


@each("strategies")
def test_strategy_is_reached(row) -> None:
    assert row["strategy_id"] in STRATEGIES, (
        f"no claim or countermeasure names {row['strategy_id']} or a strategy below it: "
        "link it in claim_strategies.csv or countermeasures.csv, or remove it"
    )


@each("claims")
def test_claim_links_something(row) -> None:
    kinds = ("mechanisms", "strategies", "cancer_types", "therapies")
    assert any(linked(f"claim_{kind}", row) for kind in kinds), (
        f"{row['claim_id']} is empty: link a mechanism, strategy, cancer type or therapy"
    )


@each("claims")
def test_relation_of_a_claim_fits_its_links(row) -> None:
    relation, name = row["relation"], row["claim_id"]
    if relation == "causes_resistance":
        assert roles(row), f"{name}: {relation} needs a mechanism in claim_mechanisms.csv"
    if relation == "leads_to":
        assert roles(row) >= {"cause", "effect"}, (
            f"{name}: {relation} needs a mechanism with role cause and one with role effect"
        )
    if relation == "overcomes":
        assert linked("claim_strategies", row), f"{name}: {relation} needs a strategy"
    if relation in ("overcomes", "motivates"):
        assert "context" not in roles(row), (
            f"{name}: a mechanism of {relation} is its object, not its setting: not role context"
        )


@each("claims")
def test_id_of_a_claim_tells_its_place(row) -> None:
    number = re.search(r"_s([0-9]+)p([0-9]{2,})_", row["claim_id"])
    assert number, f"{row['claim_id']}: write section and paragraph into it, as in _s1p08_"
    assert int(number[2]) == int(row["paragraph"]), (
        f"{row['claim_id']} is not paragraph {number[2]}"
    )
    same = {other["section"] for other in ROWS["claims"] if number[0][:3] in other["claim_id"]}
    assert same == {row["section"]}, f"{row['claim_id']}: one number for {sorted(same)}"


@each("claims")
def test_statement_is_a_sentence(row) -> None:
    statement = row["statement"]
    assert statement.endswith("."), f"end with a full stop: {statement!r}"
    assert not statement[0].islower(), f"begin with a capital letter: {statement!r}"


def test_statements_are_unique() -> None:
    counts = Counter(plain(row["statement"]) for row in ROWS["claims"])
    twins = [row["claim_id"] for row in ROWS["claims"] if counts[plain(row["statement"])] > 1]
    assert not twins, f"merge the claims, or say what differs: {twins}"


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("claims", "statement"),
        ("mechanisms", "definition"),
        ("strategies", "definition"),
        ("glossary", "definition"),
    ],
)
def test_no_text_is_a_sentence_of_the_review(table, column) -> None:
    found = [sentence for row in ROWS[table] for sentence in copied(row[column])]
    assert not found, f"{table}.{column}: paraphrase {found}"


def test_a_sentence_of_the_review_would_be_found() -> None:
    sentence = "These include secondary mutations, alterations in signaling pathways, and adaptive"
    assert copied(f"{sentence} responses to targeted treatments.")


@each("sources")
def test_source_is_used(row) -> None:
    name = row["source_id"]
    rows = [other for table in ROWS if table != "sources" for other in ROWS[table]]
    assert row["kind"] != "ontology" or name in IDENTIFIERS, (
        f"say in IDENTIFIERS which column {name} gives"
    )
    if name in IDENTIFIERS:
        used = any(other.get(IDENTIFIERS[name]) for other in rows)
    else:
        used = row["kind"] == "curation" or any(other.get("source_id") == name for other in rows)
    assert used, f"no row comes from {name}: remove it, or give the rows their source_id"


def test_glossary_is_large_enough() -> None:
    assert len(ROWS["glossary"]) >= 40, "explain more terms in glossary.csv"


@each("glossary")
def test_see_also_leads_to_another_term(row) -> None:
    terms = {other["term"] for other in ROWS["glossary"]} - {row["term"]}
    assert row["see_also"] in {"", *terms}, f"{row['term']}: no other term {row['see_also']!r}"


def test_identifiers_of_cancer_types_equal_the_crosswalk(reference) -> None:
    crosswalk = {row["doid"].lower(): row for row in read(reference / "cancer_type_crosswalk.csv")}
    for mine in ROWS["cancer_types"]:
        theirs = crosswalk.get(mine["doid"])
        if theirs is None:
            continue
        code = theirs["oncotree"] and f"oncotree:{theirs['oncotree']}"
        agreed = theirs["ncit_support"][:1] in ("2", "3")
        ncit = theirs["ncit_preferred"].replace("NCIT", "ncit") if agreed else ""
        expected = {"mondo": theirs["mondo"].lower(), "oncotree": code, "ncit": ncit}
        assert {key: mine[key] for key in expected} == expected, mine["cancer_type_id"]


def test_statements_share_no_long_run_of_words_with_the_review(reference) -> None:
    review = reference.parent / "review" / "review.txt"
    if not review.is_file():
        pytest.skip("CANCERRES_REFERENCE names no folder with the review beside it")
    text = words(review.read_text(encoding="utf-8"))
    theirs = set(zip(*(text[at:] for at in range(LONGEST_SHARED_RUN + 1)), strict=False))
    for row in ROWS["claims"]:
        mine = words(row["statement"])
        runs = {tuple(mine[at : at + LONGEST_SHARED_RUN + 1]) for at in range(len(mine))}
        assert not runs & theirs, f"{row['claim_id']}: paraphrase {runs & theirs}"


def words(text: str) -> list[str]:
    """Words of a text without its citation marks."""
    return re.findall("[a-z0-9]+", re.sub(r"\[\d+\]", " ", text.lower()))
