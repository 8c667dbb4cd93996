"""Numbers and curves that models are held to: what the schema cannot say of them."""

import json
import re
from collections import Counter, defaultdict
from importlib import import_module
from pathlib import Path

import published
import pytest
from curation import ROWS, each, read

from cancerres_kit import models

PACKAGE = Path(models.__file__).parent
DOI = re.compile(r"10\.\d{4,9}/[\w.()/-]*\w")
# Grades that each kind of number may have.
GRADES = {
    "published": {"text read", "archive read"},
    "secondary": {"secondary"},
    "recalled": {"recalled"},
    "own": {"own value"},
}
DOIS = {row["doi"].lower(): row["reference_id"] for row in ROWS["references"] if row["doi"]}
CURVES: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
for row in ROWS["survival_digest"]:
    CURVES[row["trial"], row["arm"]].append(row)


@each("published_numbers")
def test_kind_of_a_number_fits_its_grade(row) -> None:
    name, kind = row["number_id"], row["kind"]
    assert row["grade"] in GRADES[kind], f"{name}: {kind} needs one of {sorted(GRADES[kind])}"
    assert (kind == "own") != bool(row["reference_id"]), f"{name}: name the publication, if any"
    assert name.startswith(f"{row['model']}_"), f"{name}: begin with {row['model']}_"
    assert isinstance(json.loads(row["parameters"]), dict), f"{name}: parameters are no JSON object"


def test_every_number_is_checked_by_a_test_of_a_model() -> None:
    for path in Path(__file__).parent.glob("test_model_*.py"):
        import_module(path.stem)
    missed = sorted({row["number_id"] for row in ROWS["published_numbers"]} - published.CLAIMED)
    assert not missed, (
        f"{len(missed)} numbers that nothing computes prove nothing; parametrise a test of their "
        f"model with published.rows(...): {missed[:5]}"
    )


def number(row: dict[str, str], value: str, doi: str) -> str:
    """What a row says, in one form for our table and the collection."""
    said = (row["model"], row["quantity"], doi, float(value), float(row["tolerance"]))
    return repr((said, json.loads(row["parameters"] or "{}")))


def test_numbers_hold_the_collection(reference) -> None:
    """Ours may be more: a table may be read further than the collection lists it."""
    known = {row["reference_id"]: row["doi"] for row in ROWS["references"]}
    theirs = [
        number(row, row["published_value"], row["doi"])
        for row in read(reference / "published_numbers.csv")
        if row["published_value"]
    ]
    ours = [
        number(row, row["value"], known[row["reference_id"]])
        for row in ROWS["published_numbers"]
        if row["kind"] != "own"
    ]
    missed = Counter(theirs) - Counter(ours)
    assert not missed, f"{missed.total()} numbers of the collection are not ours: {[*missed][:5]}"


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*.py")), ids=lambda path: path.stem)
def test_publications_of_a_model_are_references(path) -> None:
    named = set(DOI.findall(path.read_text(encoding="utf-8")))
    missing = sorted(doi for doi in named if doi.lower() not in DOIS)
    assert not missing, f"add {missing} to references.csv"


@pytest.mark.parametrize("name", models.FAMILIES)
def test_sources_of_a_model_are_references(name) -> None:
    sources = getattr(models, name)().sources
    assert sources
    missing = {source.doi for source in sources if source.doi and source.doi.lower() not in DOIS}
    assert not missing, f"{name}: add {sorted(missing)} to references.csv"
    vague = [source for source in sources if not source.location]
    assert not vague, f"{name}: say where in the source, or why the value was chosen"


@pytest.mark.parametrize("curve", sorted(CURVES), ids="-".join)
def test_curve_starts_with_everybody_and_never_rises(curve) -> None:
    rows = sorted(CURVES[curve], key=lambda row: int(row["month"]))
    shares = [float(row["progression_free_fraction"]) for row in rows]
    assert [int(row["month"]) for row in rows] == list(range(len(rows))), f"{curve}: a month misses"
    assert shares[0] == 1
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize("trial", sorted({trial for trial, _ in CURVES}))
def test_trial_has_its_three_arms(trial) -> None:
    assert {arm for name, arm in CURVES if name == trial} == {"A", "B", "AB"}


def test_curves_equal_the_archive(reference) -> None:
    times = defaultdict(list)
    for row in read(reference / "independent_action_pfs.csv"):
        times[row["sheet"], row["role"]].append(float(row["pfs_months"]))
    assert len(times) == len(CURVES)
    for curve, rows in CURVES.items():
        months = times[rows[0]["figure"], curve[1]]
        for row in rows:
            # Durations are capped where the curve ends: who stands there has not progressed.
            free = [time > int(row["month"]) or time == max(months) for time in months]
            share = sum(free) / len(free)
            assert float(row["progression_free_fraction"]) == pytest.approx(share, abs=5e-5), curve
            assert int(row["n"]) == len(months), curve
