"""References are kept as printed, beside what a check of them found."""

import re
from collections import Counter

import pytest
from curation import ROWS, each, is_of_a_review, read

PRINTED = ("number", "authors", "title", "journal", "volume", "year", "locator")
STATUS = {"no trace found": "no_trace", "exists with different details": "different_details"}


@each("references")
def test_printed_fields_belong_to_entries_of_a_review(row) -> None:
    name = row["reference_id"]
    empty = [field for field in PRINTED if not row[f"printed_{field}"]]
    if is_of_a_review(row):
        assert not empty, f"{name}: copy printed_{empty} from the review's list"
        number = f"{row['source_id']}_{int(row['printed_number']):02d}"
        assert name == number, f"rename {name} to {number}"
    else:
        assert len(empty) == len(PRINTED), f"{name}: nothing prints it, empty its printed_ columns"


@each("references")
def test_status_fits_what_was_found(row) -> None:
    status, name = row["status"], row["reference_id"]
    resolved = [column for column in row if column.startswith("resolved_") and row[column]]
    if status == "no_trace":
        found = [*resolved, *(column for column in ("doi", "pmid") if row[column])]
        assert not found, f"{name}: no trace was found, so empty {found}"
    elif status == "not_from_review":
        known = row["resolved_title"] or row["doi"] or row["pmid"]
        assert known, f"{name}: {status} needs a resolved_title, doi or pmid that was seen"
    else:
        assert row["resolved_title"], f"{name}: {status} needs a resolved_title"
        assert row["doi"] or row["pmid"], f"{name}: {status} needs a doi or pmid that was seen"
    assert (status == "not_from_review") != is_of_a_review(row), (
        f"{name}: not_from_review is for references that no review prints, and only for them"
    )


@each("references")
def test_substitute_can_be_trusted(row) -> None:
    verified = {
        other["reference_id"]
        for other in ROWS["references"]
        if other["status"] in ("confirmed", "not_from_review")
    }
    substitute = row["substitute_reference_id"]
    assert not substitute or substitute in verified - {row["reference_id"]}, (
        f"{row['reference_id']}: {substitute} is not verified; choose another substitute"
    )


@each("references")
def test_id_tells_the_publication(row) -> None:
    name, identifier = row["reference_id"], {"pubmed": row["pmid"], "doi": f"doi:{row['doi']}"}
    scheme = name.partition("_")[0]
    if scheme in identifier:
        made = re.sub("[^a-z0-9]+", "_", identifier[scheme].lower())
        assert name == made, f"rename {name} to {made}, after its identifier"
    elif row["status"] == "not_from_review" and row["resolved_year"]:
        assert name.rstrip("abc").endswith(row["resolved_year"]), (
            f"{name}: name it by first author and year {row['resolved_year']}"
        )


@pytest.mark.parametrize("column", ["doi", "pmid"])
def test_publication_is_listed_once(column) -> None:
    counts = Counter(row[column].lower() for row in ROWS["references"] if row[column])
    twins = [identifier for identifier, count in counts.items() if count > 1]
    assert not twins, f"references: merge the rows with {twins}"


def test_printed_references_equal_the_audit(reference) -> None:
    ours = {row["printed_number"]: row for row in ROWS["references"] if is_of_a_review(row)}
    audit = {row["ref_no"]: row for row in read(reference / "reference_audit.csv")}
    assert ours.keys() == audit.keys()
    for number, theirs in audit.items():
        mine = ours[number]
        for field in PRINTED[2:]:
            assert mine[f"printed_{field}"] == theirs[f"printed_{field}"], f"reference {number}"
        surnames = [name.rsplit(" ", 1)[0] for name in theirs["printed_authors"].split("; ")]
        authors = mine["printed_authors"].split(", ")
        pairs = zip(authors, surnames, strict=True)
        assert all(author.endswith(name) for author, name in pairs), f"reference {number}"
        assert mine["status"] == STATUS[theirs["status"]], f"reference {number}"
        assert mine["doi"] == theirs["doi"], f"reference {number}"
        assert mine["pmid"].removeprefix("pubmed:") == theirs["pmid"], f"reference {number}"
