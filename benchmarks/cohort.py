"""A release of CIViC and a cohort of full size, to measure with."""

import csv
import os
import random
from pathlib import Path

from benchmarks.plain_match import expressions
from cancerres_kit.alterations import Alteration, leaves
from cancerres_kit.atlas import Atlas
from cancerres_kit.profiles import Profile

HEADER = [
    "molecular_profile", "molecular_profile_id", "disease", "doid", "phenotypes", "therapies",
    "therapy_interaction_type", "evidence_type", "evidence_direction", "evidence_level",
    "significance", "evidence_statement", "citation_id", "source_type", "asco_abstract_id",
    "citation", "nct_ids", "rating", "evidence_status", "evidence_id", "variant_origin",
    "last_review_date", "evidence_civic_url", "molecular_profile_civic_url", "is_flagged",
]  # fmt: skip
ITEMS = 2833
OTHER_ITEMS = 2021
STATEMENT_WORDS = 90  # a release has about one kilobyte a row
LINKS = {
    "evidence_civic_url": "https://civicdb.org/links/evidence/{}",
    "molecular_profile_civic_url": "https://civicdb.org/links/molecular_profile/{}",
}
KNOWN, OTHER = 3, 17  # of 20 alterations of a tumour, how many the evidence speaks of


def write_release(path: Path) -> str:
    """Write a release of full size; says whether from the reference data or made up."""
    reference = Path(os.environ.get("CANCERRES_REFERENCE", ""), "civic_predictive_resistance.csv")
    rows = from_reference(reference.parent) if reference.is_file() else made_up()
    for number in range(OTHER_ITEMS):
        other = {"evidence_type": "Prognostic", "evidence_id": str(990_000 + number)}
        rows.append(rows[number % len(rows)] | other)
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, HEADER, delimiter="\t", lineterminator="\n", restval="")
        writer.writeheader()
        for number, row in enumerate(rows):
            words = (f"word{(number * 7 + at) % 997}" for at in range(STATEMENT_WORDS))
            links = {name: link.format(number) for name, link in LINKS.items()}
            writer.writerow(row | links | {"evidence_statement": " ".join(words)})
    return "reference data" if reference.is_file() else "made-up items"


def from_reference(folder: Path) -> list[dict[str, str]]:
    """Rows of the reference data in the layout of a release."""
    rows = []
    for kind in ("resistance", "sensitivity"):
        with (folder / f"civic_predictive_{kind}.csv").open(encoding="utf-8") as opened:
            for row in csv.DictReader(opened):
                pmid = row.pop("pmid")
                made = {"evidence_type": "Predictive", "evidence_status": "accepted"}
                rows.append({**row, **made, "citation_id": pmid})
    return rows


def made_up() -> list[dict[str, str]]:
    """Items of no meaning, as many and as varied as those of a release."""
    dice = random.Random(3)
    genes = [f"GENE{number}" for number in range(150)]

    def alteration() -> str:
        gene = genes[min(int(dice.expovariate(1 / 25)), len(genes) - 1)]
        residue = f"{dice.choice('ACDEFGHIKLMNPQRSTVWY')}{dice.randint(2, 900)}"
        forms = [f"{residue}*", residue, "Mutation", "Amplification", "Loss"]
        return f"{gene} {dice.choice([f'{residue}W'] * 6 + forms)}"

    pool = [alteration() for _ in range(1000)]
    pool += [f"{one} AND {two}" for one, two in zip(pool[::8], pool[1::8], strict=False)]
    pool += [f"{one} OR {two}" for one, two in zip(pool[::9], pool[3::9], strict=False)]
    return [
        {
            "molecular_profile": dice.choice(pool),
            "disease": f"Disease {dice.randint(1, 200)}",
            "doid": str(dice.choice([3908, 3910, 1612, dice.randint(5000, 5200)])),
            "therapies": ",".join(
                f"Drug {one}" for one in dice.sample(range(400), dice.choice([1, 1, 2]))
            ),
            "evidence_type": "Predictive",
            "evidence_direction": dice.choice(["Supports"] * 6 + ["Does Not Support"]),
            "evidence_level": dice.choice("ABBCCDDE"),
            "significance": dice.choice(["Resistance", "Sensitivity/Response"]),
            "citation_id": str(10_000_000 + number // 2),
            "source_type": "PubMed",
            "citation": f"Author et al., {2000 + number % 25}",
            "rating": str(number % 5 + 1),
            "evidence_status": "accepted",
            "evidence_id": str(number + 1),
            "variant_origin": "Somatic",
            "last_review_date": f"2024-01-{number % 28 + 1:02} 12:00:00 UTC",
            "is_flagged": "false",
        }
        for number in range(ITEMS)
    ]


def cohort(atlas: Atlas, size: int) -> list[Profile]:
    """Tumours of 20 alterations each, three of which the evidence speaks of."""
    dice = random.Random(20)
    known = list(dict.fromkeys(leaf for one in expressions(atlas).values() for leaf in leaves(one)))
    types = ["non_small_cell_lung_cancer", "lung_adenocarcinoma", "breast_cancer", "cancer"]
    return [
        Profile(dice.choice(types), [*dice.sample(known, KNOWN), *_passengers(dice)])
        for _ in range(size)
    ]


def _passengers(dice: random.Random) -> list[Alteration]:
    places = dice.sample(range(2, 20_000), OTHER)
    return [Alteration((f"OTHER{at % 997}",), "missense", f"R{at}H", at, at) for at in places]
