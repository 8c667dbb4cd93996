"""A small curated folder with every kind of support, tie and gap."""

import csv
import json
from pathlib import Path
from typing import Any

from cancerres_kit import atlas as atlas_module
from cancerres_kit import schema

ANY = {"verification": "made up", "curated_on": "2026-01-31"}
CHECK = {"basis": "searched by title", "checked_on": "2026-01-31"}


def claim(key: str, relation: str, paragraph: int = 1, **other: str) -> dict[str, Any]:
    return {
        "claim_id": key,
        "source_id": "paper",
        "section": "introduction",
        "paragraph": paragraph,
        "statement": f"Statement of {key}.",
        "relation": relation,
        "certainty": "asserts",
        **other,
    }


def item(
    key: str, predicate: str, direction: str, cancer_type: str, reference: str
) -> dict[str, Any]:
    return {
        "evidence_id": key,
        "molecular_profile": f"Profile of {key}",
        "cancer_type_id": cancer_type,
        "predicate": predicate,
        "significance": "as worded",
        "direction": direction,
        "is_flagged": "false",
        "reference_id": reference,
        "source_id": "base",
        **ANY,
    }


def linked(first: str, second: str, *pairs: str) -> list[dict[str, str]]:
    """Rows of a table that links two keys, each written as "a b"."""
    return [dict(zip((first, second), pair.split(), strict=True)) for pair in pairs]


def node(key: str, column: str, parent: str = "", **other: str) -> dict[str, str]:
    return {column: key, "parent_id": parent, "name": f"Name of {key}", **other}


def mechanism(key: str, parent: str = "", level: str = "genetic") -> dict[str, str]:
    return node(key, "mechanism_id", parent, level=level, definition="What it is.")


def therapy(key: str, parent: str = "", kind: str = "drug") -> dict[str, str]:
    return node(key, "therapy_id", parent, kind=kind)


def strategy(key: str, parent: str = "") -> dict[str, str]:
    return node(key, "strategy_id", parent, definition="What it is.")


def counter(key: str, evidence: str, strategy_id: str, **shown_by: str) -> dict[str, str]:
    return {
        "countermeasure_id": key,
        "evidence_id": evidence,
        "strategy_id": strategy_id,
        "scope": "class",
        "asserted_by": "us",
        "verification": "made up",
        **shown_by,
    }


def roles(*triples: str) -> list[dict[str, str]]:
    names = ("claim_id", "mechanism_id", "role")
    return [dict(zip(names, triple.split(), strict=True)) for triple in triples]


def cited(*triples: str) -> list[dict[str, str]]:
    names = ("claim_id", "reference_id", "scope")
    return [dict(zip(names, triple.split(), strict=True)) for triple in triples]


def printed(key: str, number: int, status: str, **other: Any) -> dict[str, Any]:
    return {
        "reference_id": key,
        "source_id": "paper",
        "printed_number": number,
        "printed_authors": f"Author of {key}",
        "printed_title": f"Title of {key}",
        "printed_year": 2020,
        "status": status,
        **CHECK,
        **other,
    }


RESISTS, SENSITIVE = "predictsResistanceTo", "predictsSensitivityTo"
TABLES: dict[str, list[dict[str, Any]]] = {
    "sources": [
        {"source_id": "base", "title": "A base", "kind": "dataset", "licence": "CC0"},
        {"source_id": "paper", "title": "A paper", "kind": "review", "licence": "CC BY 4.0"},
    ],
    "references": [
        {
            "reference_id": "added2021",
            "resolved_authors": "Added A; Other B",
            "resolved_title": "A title that was found",
            "resolved_journal": "J Exist",
            "resolved_volume": "5(1)",
            "resolved_year": 2021,
            "resolved_locator": "10-19",
            "doi": "10.1000/added.2021",
            "pmid": "pubmed:12345",
            "status": "not_from_review",
            **CHECK,
        },
        printed("paper_1", 1, "no_trace", substitute_reference_id="added2021"),
        printed("paper_10", 10, "no_trace"),
        printed("paper_2", 2, "confirmed"),
        printed("paper_3", 3, "different_details", resolved_title="The real title"),
    ],
    "mechanisms": [
        mechanism("bypass", "genetic", level="signalling"),
        mechanism("epigenetic", level="epigenetic"),
        mechanism("expression", level="epigenetic"),
        mechanism("genetic"),
        mechanism("lonely", level="host"),
        mechanism("methylation", "epigenetic", level="epigenetic"),
        mechanism("mutation", "genetic"),
    ],
    "cancer_types": [
        node("breast", "cancer_type_id", "cancer"),
        node("cancer", "cancer_type_id"),
        node("lung", "cancer_type_id", "cancer"),
        node("nsclc", "cancer_type_id", "lung"),
    ],
    "therapies": [
        therapy("any_therapy", kind="class"),
        therapy("drug_a", "targeted"),
        therapy("drug_b", "targeted"),
        therapy("icb", "any_therapy", kind="class"),
        therapy("targeted", "any_therapy", kind="class"),
    ],
    "strategies": [
        strategy("combination"),
        strategy("epidrug"),
        strategy("profiling"),
        strategy("tailored", "combination"),
    ],
    "claims": [
        claim("c01_joint", "motivates"),
        claim("c02_leads", "leads_to", 2),
        claim("c03_full", "overcomes", 2),
        claim("c04_uncited", "overcomes", 3),
        claim("c05_predicts", "predicts", 3),
        claim("c06_lonely", "causes_resistance", 4, onset="acquired"),
        claim("c07_nothing", "characterises", 4),
        claim("c08_wider", "motivates", 5),
        claim("c09_no_mechanism", "overcomes", 5),
    ],
    "claim_mechanisms": roles(
        "c01_joint bypass cause",
        "c01_joint mutation cause",
        "c02_leads expression effect",
        "c02_leads methylation cause",
        "c03_full methylation cause",
        "c04_uncited methylation context",
        "c06_lonely lonely cause",
        "c08_wider genetic cause",
    ),
    "claim_references": cited(
        "c01_joint paper_1 sentence",
        "c01_joint paper_10 sentence",
        "c02_leads paper_3 sentence",
        "c03_full paper_1 paragraph",
        "c03_full paper_2 sentence",
        "c06_lonely paper_3 paragraph",
        "c08_wider paper_1 sentence",
    ),
    "claim_strategies": linked(
        "claim_id",
        "strategy_id",
        "c01_joint tailored",
        "c03_full epidrug",
        "c04_uncited epidrug",
        "c05_predicts profiling",
        "c08_wider combination",
        "c09_no_mechanism profiling",
    ),
    "claim_cancer_types": linked(
        "claim_id",
        "cancer_type_id",
        "c01_joint lung",
        "c02_leads breast",
        "c03_full breast",
        "c04_uncited cancer",
        "c05_predicts cancer",
        "c06_lonely nsclc",
        "c08_wider breast",
        "c08_wider lung",
        "c09_no_mechanism lung",
    ),
    "claim_therapies": linked(
        "claim_id",
        "therapy_id",
        "c01_joint targeted",
        "c03_full any_therapy",
        "c06_lonely icb",
    ),
    "genes": [{"hgnc_id": "hgnc:3236", "symbol": "EGFR"}],
    "evidence": [
        item("kb.eid:1", RESISTS, "supports", "nsclc", "added2021"),
        item("kb.eid:2", SENSITIVE, "supports", "nsclc", "paper_2"),
        item("kb.eid:3", RESISTS, "does_not_support", "nsclc", "paper_2"),
        item("kb.eid:4", SENSITIVE, "does_not_support", "nsclc", "paper_2"),
        item("kb.eid:5", RESISTS, "supports", "breast", ""),
    ],
    "evidence_mechanisms": [
        {"evidence_id": key, "mechanism_id": value, "asserted_by": "us"}
        for key, value in {
            "kb.eid:1": "mutation",
            "kb.eid:3": "bypass",
            "kb.eid:5": "bypass",
        }.items()
    ],
    "evidence_genes": linked("evidence_id", "hgnc_id", "kb.eid:1 hgnc:3236"),
    "evidence_therapies": linked(
        "evidence_id", "therapy_id", "kb.eid:1 drug_a", "kb.eid:2 drug_b", "kb.eid:3 drug_a"
    ),
    "countermeasures": [
        counter("cm_against", "kb.eid:3", "profiling", reference_id="paper_2"),
        counter("cm_failed", "kb.eid:1", "epidrug", countering_evidence_id="kb.eid:4"),
        counter("cm_shown", "kb.eid:1", "combination", countering_evidence_id="kb.eid:2"),
        counter("cm_weak", "kb.eid:5", "combination", reference_id="paper_2"),
    ],
    "countermeasure_therapies": linked("countermeasure_id", "therapy_id", "cm_shown drug_b"),
    "glossary": [
        {"term": "arm", "definition": "A group of a trial.", "see_also": "trial"},
        {"term": "trial", "definition": "A test in people."},
    ],
}


def write(folder: Path, tables: dict[str, list[dict[str, Any]]] | None = None) -> Path:
    """Write a folder of the shipped shape that holds these rows, and no others."""
    described = schema.describe()
    (folder / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    rows = TABLES if tables is None else tables
    for table in described["resources"]:
        names = [field["name"] for field in table["schema"]["fields"]]
        with (folder / table["path"]).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, lineterminator="\n", restval="")
            writer.writeheader()
            writer.writerows(rows.get(table["name"], []))
    return folder


def small_atlas(folder: Path, tables: dict[str, list[dict[str, Any]]] | None = None) -> Any:
    """Load such a folder; loading validates it."""
    return atlas_module.load(write(folder, tables))
