"""Errors say what was given, where, what is allowed and what comes nearest."""

import pickle

import pytest

from cancerres_kit.schema import DataError, Problem, nearest, problems, unknown


def test_problem_names_file_line_and_column() -> None:
    problem = Problem("claims.csv", 12, "relation", "overcome", "'overcome' is not allowed")
    assert str(problem) == "claims.csv, line 12, column relation: 'overcome' is not allowed"


def test_problem_without_place_is_its_message() -> None:
    assert str(Problem("", None, None, None, "no")) == "no"


def test_problem_stays_on_one_printable_line() -> None:
    text = str(Problem("a.csv", 1, "na\nme\x1b\udcfc", None, "Größe"))
    assert text == r"a.csv, line 1, column na\nme\x1b\udcfc: Größe"


def test_data_error_lists_all_problems_one_a_line_and_survives_pickling() -> None:
    error = DataError(
        [Problem("a.csv", 1, None, None, "x"), Problem("b.csv", None, None, None, "y")]
    )
    assert str(error) == "a.csv, line 1: x\nb.csv: y"
    copy = pickle.loads(pickle.dumps(error))
    assert copy.problems == error.problems
    assert isinstance(error, ValueError)


def test_long_values_are_cut_and_stay_on_one_line() -> None:
    assert len(problems.quoted("x\n" * 500)) == problems.LONGEST_VALUE
    assert "\n" not in problems.quoted("x\n" * 500)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("dna_metylation", ["dna_methylation"]), ("DNA_METHYLATION", ["dna_methylation"]), ("?", [])],
)
def test_nearest_finds_the_spelling_that_was_meant(value: str, expected: list[str]) -> None:
    assert nearest(value, ["dna_methylation", "secondary_mutation"]) == expected


def test_nearest_returns_no_more_than_asked_best_first() -> None:
    assert nearest("stael", ["steel", "stall", "gold"], n=2) == ["steel", "stall"]


def test_unknown_names_value_nearest_allowed_and_place() -> None:
    error = unknown(
        "dna_metylation", ["dna_methylation"], what="mechanism", where="atlas.mechanisms"
    )
    assert str(error) == (
        "unknown mechanism 'dna_metylation'; nearest: 'dna_methylation'; "
        "allowed: 'dna_methylation'; see atlas.mechanisms"
    )


def test_unknown_does_not_list_a_long_table() -> None:
    assert str(unknown(7, map(str, range(100, 200)), what="claim")) == "unknown claim 7"


def test_unknown_says_that_there_is_nothing_yet() -> None:
    assert str(unknown("x", [], what="gene")) == "unknown gene 'x'; there is no gene yet"


@pytest.mark.parametrize(("part", "expected"), [("DNA", ["dna_methylation"]), ("dn", []), ("", [])])
def test_a_part_of_a_name_is_near_it(part: str, expected: list[str]) -> None:
    assert nearest(part, ["host_immunity", "dna_methylation"]) == expected
