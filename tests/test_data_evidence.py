"""Evidence is copied, not retold: items, countermeasures and response rates against their sources.

The tests that ask for `reference` compare the tables with the release that they were taken from;
the others hold rules that the schema cannot say.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from curation import ROWS, each, read

from cancerres_kit.alterations import And, Expression, Not, Or, likeness, parse

RELEASE = ("civic_predictive_resistance.csv", "civic_predictive_sensitivity.csv")
RESISTS = {"Resistance", "Reduced Sensitivity"}
# Our column -> that of the release.
COPIED = {
    "molecular_profile": "molecular_profile",
    "significance": "significance",
    "level": "evidence_level",
    "rating": "rating",
    "variant_origin": "variant_origin",
    "is_flagged": "is_flagged",
}
# Column of the source -> ours.
RATES = {
    "metric_n": "n",
    "responders": "responders",
    "value": "percent",
    "ci_low": "interval_low_percent",
    "ci_high": "interval_high_percent",
}
EVIDENCE = {row["evidence_id"]: row for row in ROWS["evidence"]}
DOIDS = {row["cancer_type_id"]: row["doid"] for row in ROWS["cancer_types"]}
REFERENCES = {row["reference_id"]: row for row in ROWS["references"]}
THERAPY_NAMES = {row["therapy_id"]: row["name"].casefold() for row in ROWS["therapies"]}

Key = tuple[str, str, frozenset[str]]


def grouped(table: str, key: str, column: str) -> dict[str, set[str]]:
    """What a link table ties to each key."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in ROWS[table]:
        found[row[key]].add(row[column])
    return found


GENES = grouped("evidence_genes", "evidence_id", "hgnc_id")
THERAPIES = grouped("evidence_therapies", "evidence_id", "therapy_id")
USED = grouped("countermeasure_therapies", "countermeasure_id", "therapy_id")
READ = grouped("evidence_mechanisms", "evidence_id", "mechanism_id")


def therapy_set(text: str) -> frozenset[str]:
    """The drugs of a therapy set of the release, in no order."""
    return frozenset(name.strip().casefold() for name in text.split(","))


def key_of_released(row: dict[str, str]) -> Key:
    return row["molecular_profile"], row["doid"], therapy_set(row["therapies"])


def key_of(row: dict[str, str]) -> Key:
    names = frozenset(THERAPY_NAMES[id_] for id_ in THERAPIES[row["evidence_id"]])
    return row["molecular_profile"], DOIDS[row["cancer_type_id"]].removeprefix("doid:"), names


def of_civic() -> Iterator[dict[str, str]]:
    return (row for row in ROWS["evidence"] if row["source_id"] == "civic")


@pytest.fixture(scope="module")
def released(reference: Path) -> dict[str, dict[str, str]]:
    """Items of the release by the id that we give them."""
    rows = chain.from_iterable(read(reference / name) for name in RELEASE)
    return {f"civic.eid:{row['evidence_id']}": row for row in rows}


def test_items_equal_the_release(released) -> None:
    for mine in of_civic():
        name = mine["evidence_id"]
        theirs = released[name]
        expected = {ours: theirs[column] for ours, column in COPIED.items()}
        expected["direction"] = theirs["evidence_direction"].lower().replace(" ", "_")
        expected["interaction"] = theirs["therapy_interaction_type"].lower()
        assert {column: mine[column] for column in expected} == expected, name
        assert key_of(mine) == key_of_released(theirs), name


def test_publications_of_items_equal_the_release(released) -> None:
    for mine in of_civic():
        theirs, cited = released[mine["evidence_id"]], REFERENCES[mine["reference_id"]]
        assert theirs["source_type"] == "PubMed", f"{mine['evidence_id']}: not a PubMed number"
        assert cited["pmid"] == f"pubmed:{theirs['pmid']}", mine["evidence_id"]
        if cited["resolved_authors"] and cited["resolved_year"]:
            author = theirs["citation"].split()[0].strip(",")
            assert cited["resolved_authors"].startswith(author), mine["evidence_id"]
            assert theirs["citation"].endswith(cited["resolved_year"]), mine["evidence_id"]


def test_all_items_on_a_curated_key_are_there(released) -> None:
    """Whoever curates a profile, disease and therapy set takes what speaks against it, too."""
    curated = {key_of(row) for row in of_civic()}
    missing = [
        name
        for name, row in released.items()
        if key_of_released(row) in curated and name not in EVIDENCE
    ]
    assert not missing, f"evidence: add {missing}, on the same profile, disease and therapy set"


def test_every_conflict_of_the_release_is_there(reference) -> None:
    claims = read(reference / "civic_conflicting_claims.csv")
    numbers = {number for row in claims for number in re.findall(r"EID(\d+)", str(row))}
    assert {f"civic.eid:{number}" for number in numbers} <= EVIDENCE.keys()


def test_genes_equal_the_crosswalk(reference) -> None:
    crosswalk = {row["symbol"]: row for row in read(reference / "gene_crosswalk.csv")}
    for mine in ROWS["genes"]:
        theirs = crosswalk[mine["symbol"]]
        assert mine == {
            "hgnc_id": theirs["hgnc_id"].lower(),
            "symbol": theirs["symbol"],
            "name": theirs["name"],
            "ncbi": f"ncbigene:{theirs['ncbi_gene_id']}",
            "ensembl": f"ensembl:{theirs['ensembl_gene']}",
        }


@each("evidence")
def test_prediction_fits_the_significance(row) -> None:
    resists = row["significance"] in RESISTS
    expected = "predictsResistanceTo" if resists else "predictsSensitivityTo"
    assert row["predicate"] == expected, f"{row['evidence_id']}: write {expected}"


@each("evidence")
def test_item_names_its_genes_and_therapies(row) -> None:
    name = row["evidence_id"]
    assert GENES[name], f"{name}: name the genes of the profile in evidence_genes.csv"
    assert THERAPIES[name], f"{name}: name the therapy set in evidence_therapies.csv"
    symbols = {gene["symbol"] for gene in ROWS["genes"] if gene["hgnc_id"] in GENES[name]}
    words = set(re.split(r"[^A-Za-z0-9.-]+", row["molecular_profile"]))
    assert symbols <= words, f"{name}: {symbols - words} is not in the profile"


@each("evidence")
def test_item_says_where_it_comes_from(row) -> None:
    name = row["evidence_id"]
    assert row["reference_id"], f"{name}: name the publication"
    if row["source_id"] == "civic":
        assert name.startswith("civic.eid:"), f"{name}: items of CIViC keep their number"
        assert row["level"], f"{name}: copy the level"
    else:
        prefix = f"cancerres.item:{row['reference_id']}_"
        assert name.startswith(prefix), f"{name}: name it {prefix} and the genes"
        assert not row["level"], f"{name}: levels are given by CIViC only"
        assert READ[name], f"{name}: say in evidence_mechanisms.csv what it illustrates"


@each("evidence_mechanisms")
def test_mechanism_is_read_from_supported_resistance(row) -> None:
    item = EVIDENCE[row["evidence_id"]]
    assert (item["predicate"], item["direction"]) == ("predictsResistanceTo", "supports"), (
        f"{row['evidence_id']} shows no resistance, so no mechanism of it"
    )


@pytest.mark.parametrize("table", ["evidence_mechanisms", "countermeasures"])
def test_judgement_says_whose_it_is(table) -> None:
    curators = {row["source_id"] for row in ROWS["sources"] if row["kind"] == "curation"}
    assert {row["asserted_by"] for row in ROWS[table]} <= curators, f"{table}: allowed: {curators}"


@each("countermeasures")
def test_countermeasure_answers_resistance(row) -> None:
    name, item = row["countermeasure_id"], EVIDENCE[row["evidence_id"]]
    assert (item["predicate"], item["direction"]) == ("predictsResistanceTo", "supports"), (
        f"{name}: {row['evidence_id']} shows no resistance to work against"
    )
    assert READ[row["evidence_id"]], f"{name}: no mechanism is read from {row['evidence_id']}"
    assert USED[name], f"{name}: name its drugs in countermeasure_therapies.csv"


@each("countermeasures")
def test_countermeasure_is_shown_at_work(row) -> None:
    name, countering = row["countermeasure_id"], row["countering_evidence_id"]
    assert bool(countering) != bool(row["reference_id"]), f"{name}: name an item or a publication"
    if countering:
        item = EVIDENCE[countering]
        favourable = {
            ("predictsSensitivityTo", "supports"),
            ("predictsResistanceTo", "does_not_support"),
        }
        assert (item["predicate"], item["direction"]) in favourable, (
            f"{name}: {countering} does not speak for the countermeasure"
        )
        assert USED[name] == THERAPIES[countering], f"{name}: take the drugs of {countering}"


def covers(stated: Expression, found: Expression) -> bool:
    """Whether every tumour that `found` speaks of is one that `stated` speaks of."""
    if isinstance(found, Or):
        return all(covers(stated, part) for part in found.parts)
    if isinstance(stated, And):
        return all(covers(part, found) for part in stated.parts)
    if isinstance(stated, Or):
        return stated == found or any(covers(part, found) for part in stated.parts)
    if isinstance(found, And):
        return any(covers(stated, part) for part in found.parts)
    if isinstance(stated, Not) or isinstance(found, Not):
        return stated == found
    like = likeness(stated, found)
    return like is not None and like.covered is True


def scoped() -> Iterator[tuple[dict[str, str], Expression, Expression]]:
    """Countermeasures that an item shows: with its profile, and that of the item it answers."""
    for row in ROWS["countermeasures"]:
        if row["countering_evidence_id"]:
            shown, item = EVIDENCE[row["countering_evidence_id"]], EVIDENCE[row["evidence_id"]]
            yield row, parse(shown["molecular_profile"]), parse(item["molecular_profile"])


def test_scope_is_no_wider_than_what_was_shown() -> None:
    for row, shown, item in scoped():
        name = row["countermeasure_id"]
        assert row["scope"] != "alteration" or covers(shown, item), (
            f"{name}: shown for {shown}, which does not include all of {item}; the scope is subset "
            "or class"
        )
        is_part = covers(item, shown) and not covers(shown, item)
        assert not is_part or row["scope"] in ("subset", "setting"), (
            f"{name}: shown for {shown}, only a part of {item}; the scope is subset"
        )


def test_nothing_is_from_memory() -> None:
    words = re.compile(r"memory|earlier reading|abstract (was|were) not seen|is survival", re.I)
    rows = [*ROWS["evidence"], *ROWS["countermeasures"]]
    assert not [row for row in rows if words.search(row["verification"])]


@pytest.mark.parametrize(
    ("name", "context"),
    [("pubmed_25758528_rb1", "EGFR Mutation"), ("straussman2012_hgf", "BRAF Mutation")],
)
def test_item_holds_only_in_the_tumours_that_were_studied(name, context) -> None:
    assert context in EVIDENCE[f"cancerres.item:{name}"]["molecular_profile"].split(" AND ")


@pytest.mark.parametrize("name", ["civic.eid:14", "civic.eid:1470", "civic.eid:1602"])
def test_return_of_the_blocked_signal_is_reactivation(name) -> None:
    assert READ[name] == {"downstream_reactivation"}


def test_rates_do_not_count_an_arm_twice() -> None:
    """No two rows under one label, and no later report of the patients of another row."""
    labels = [
        tuple(row[name] for name in ("cancer_type_id", "regimen", "population", "trial"))
        for row in ROWS["response_rates"]
    ]
    assert len(set(labels)) == len(labels)
    arms: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in ROWS["response_rates"]:
        trial = re.sub(r"[^A-Z0-9]", "", row["trial"].upper())
        number = re.search(r"(CHECKMATE|KEYNOTE)\d{3}", trial)
        if number:
            arm = (row["cancer_type_id"], row["regimen"], number.group(), row["n"])
            arms[arm].append(row["response_rate_id"])
    assert not [ids for ids in arms.values() if len(ids) > 1]


def test_rates_say_what_their_source_is_unsure_of(reference) -> None:
    estimates = {
        row["estimate_id"]: row for row in read(reference / "oncoref_ici_response_estimates.csv")
    }
    said = {"citation_only": "place in the source not given", "approximate": "approximate"}
    for mine in ROWS["response_rates"]:
        theirs = estimates[mine["response_rate_id"].removeprefix("oncoref.estimate:")]
        about = f"{theirs['source_locator_status']} {theirs['note']}"
        for word, text in said.items():
            assert word not in about or text in mine["population"], mine["response_rate_id"]


@each("response_rates")
def test_rate_is_responders_of_patients(row) -> None:
    if not row["responders"]:
        return
    decimals = len(row["percent"].partition(".")[2])
    rate = 100 * int(row["responders"]) / int(row["n"])
    assert abs(rate - float(row["percent"])) <= 0.5 * 10**-decimals + 1e-9, (
        f"{row['response_rate_id']}: {row['responders']} of {row['n']} are {rate:.2f} percent"
    )


@each("response_rates")
def test_interval_holds_the_rate(row) -> None:
    low, high = row["interval_low_percent"] or "0", row["interval_high_percent"] or "100"
    assert float(low) <= float(row["percent"]) <= float(high), row["response_rate_id"]
    given = bool(row["interval_low_percent"] or row["interval_high_percent"])
    assert given == bool(row["interval_basis"]), (
        f"{row['response_rate_id']}: say where the interval comes from, and only where there is one"
    )


def test_rates_equal_their_source(reference) -> None:
    estimates = {
        row["estimate_id"]: row for row in read(reference / "oncoref_ici_response_estimates.csv")
    }
    for mine in ROWS["response_rates"]:
        name = mine["response_rate_id"]
        theirs = estimates[name.removeprefix("oncoref.estimate:")]
        assert (theirs["metric"], theirs["source_verified"]) == ("ORR", "True"), name
        expected = {ours: theirs[column] for column, ours in RATES.items()}
        assert {column: mine[column] for column in expected} == expected, name
        assert mine["trial"] == theirs["trial_name"], name
        assert mine["interval_basis"] in ("", theirs["ci_basis"]), name
        cited = REFERENCES[mine["reference_id"]]
        identifiers = {cited["pmid"].replace("pubmed", "PMID"), f"DOI:{cited['doi']}"}
        assert theirs["ref"] in identifiers, name
