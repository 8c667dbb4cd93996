"""Whatever is wrong with the cells is reported, all at once, with place, value and remedy."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_folder import FREE_TEXT, ITEMS, KINDS, SHAPE, csv_text, said, tables, write

from cancerres_kit import schema
from cancerres_kit.schema import DataError, verdicts
from cancerres_kit.schema.validation import problems

# Line on which each row of items.csv starts: the second row spans two lines.
ITEM_LINES = [1, 2, 3, 5]


def test_a_valid_folder_has_no_problems(tmp_path) -> None:
    assert said(write(tmp_path)) == []


def test_the_shipped_tables_are_valid() -> None:
    assert [str(problem) for problem in schema.validate()] == []


def spoilt(folder: Path, file: str, row: int, column: int, value: str) -> list[str]:
    """What is said of the small folder with one other cell."""
    rows = tables()
    rows[file][row][column] = value
    return said(write(folder, rows))


@pytest.mark.parametrize(
    ("file", "row", "column", "value", "message"),
    [
        (
            "items.csv", 1, 0, "irn",
            ("items.csv, line 2, column kind_id: 'irn' is not in kinds.csv, column kind_id; "
            "nearest: 'iron'; correct it or add a row there"),
        ),
        (
            "items.csv", 3, 2, "",
            ("items.csv, line 5, column state: the cell is empty, but every row needs it; "
            "fill it in"),
        ),
        (
            "items.csv", 3, 2, "gass",
            ("items.csv, line 5, column state: 'gass' is not allowed; "
            "allowed: 'solid', 'liquid', 'gas'; nearest: 'gas'"),
        ),
        (
            "items.csv", 1, 1, "0",
            "items.csv, line 2, column number: '0' is below the smallest value allowed, 1",
        ),
        (
            "items.csv", 1, 1, "1_0",
            "items.csv, line 2, column number: '1_0' is not a whole number such as 12, digits only",
        ),
        (
            "items.csv", 1, 3, "100.5",
            ("items.csv, line 2, column share_percent: "
            "'100.5' is above the largest value allowed, 100"),
        ),
        (
            "items.csv", 1, 3, "12,5",
            ("items.csv, line 2, column share_percent: '12,5' is not a number such as 12.5, "
            "with a point and without separators"),
        ),
        (
            "items.csv", 1, 4, "yes",
            "items.csv, line 2, column is_open: 'yes' is not true or false",
        ),
        (
            "items.csv", 1, 5, "2026-1-31",
            "items.csv, line 2, column day: '2026-1-31' is not a day such as 2026-01-31",
        ),
        (
            "items.csv", 1, 5, "2026-02-30",
            "items.csv, line 2, column day: '2026-02-30' is not a valid date; correct it",
        ),
        (
            "items.csv", 1, 6, "7",
            "items.csv, line 2, column code: '7' breaks the rule minLength 2; correct it",
        ),
        (
            "items.csv", 1, 7, "note ",
            "items.csv, line 2, column note: 'note ' has white space at an end; write 'note'",
        ),
        (
            "items.csv", 2, 1, "1",
            ("items.csv, line 3, column kind_id, number: key 'iron, 1' is already on line 2; "
            "remove one row or change its key"),
        ),
        (
            "kinds.csv", 3, 0, "Steel",
            ("kinds.csv, line 4, column kind_id: 'Steel' does not have the form ^[a-z][a-z0-9_]*$; "
            "nearest: 'steel'; Key of the kind."),
        ),
        (
            "kinds.csv", 3, 2, "Iron",
            ("kinds.csv, line 4, column name: 'Iron' is already on line 3; "
            "each must occur once, change one"),
        ),
        (
            "kinds.csv", 1, 1, "steel",
            ("kinds.csv, line 2, column parent_id: 'steel' closes a circle: "
            "metal -> steel -> iron -> metal; leave one of them empty"),
        ),
        (
            "kinds.csv", 2, 1, "iron",
            ("kinds.csv, line 3, column parent_id: 'iron' closes a circle: iron -> iron; "
            "leave one of them empty"),
        ),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_with_its_remedy(tmp_path, file, row, column, value, message) -> None:
    assert message in spoilt(tmp_path, file, row, column, value)


def test_an_empty_key_is_reported_once(tmp_path) -> None:
    rows = tables()
    rows["kinds.csv"].append(["", "", "Other"])
    message = "the cell is empty, but every row needs it; fill it in"
    assert said(write(tmp_path, rows)) == [f"kinds.csv, line 5, column kind_id: {message}"]


def test_all_problems_are_reported_in_one_go(tmp_path) -> None:
    rows = tables()
    rows["kinds.csv"][1][2] = ""
    rows["items.csv"][1][2:6] = ["", "x", "x", "x"]
    rows["items.csv"][3][0] = "gold"
    folder = write(tmp_path, rows)
    places = [(item.file, item.line, item.column) for item in problems(folder, shape=SHAPE)]
    assert sorted(places) == sorted(
        [("kinds.csv", 2, "name"), ("items.csv", 5, "kind_id")]
        + [("items.csv", 2, name) for name in ITEMS[0][2:6]]
    )


def test_a_whole_wrong_column_is_reported_without_searching_for_every_spelling(tmp_path) -> None:
    rows = tables()
    rows["items.csv"] += [[f"iron{at}", "1", "gas", *[""] * 5] for at in range(verdicts.HINTED + 9)]
    texts = said(write(tmp_path, rows))
    assert len(texts) == verdicts.HINTED + 9
    assert ["nearest" in text for text in texts] == [True] * verdicts.HINTED + [False] * 9


def test_columns_that_are_missing_additional_or_double(tmp_path) -> None:
    rows = tables()
    rows["kinds.csv"] = [[*row, row[2]] for row in rows["kinds.csv"]]
    rows["kinds.csv"][0] = ["kind_id", "parentid", "name", "name"]
    assert said(write(tmp_path, rows)) == [
        (
            "kinds.csv, line 1, column parent_id: column is missing; nearest: 'parentid'; "
            "add it to the header and to each row"
        ),
        "kinds.csv, line 1, column name: column occurs twice; keep one of them",
        (
            "kinds.csv, line 1, column parentid: 'parentid' is not a column of this table; "
            "nearest: 'parent_id'; rename or remove it"
        ),
    ]


def test_a_missing_key_column_does_not_hide_other_problems(tmp_path) -> None:
    rows = tables()
    rows["kinds.csv"] = [row[1:] for row in rows["kinds.csv"]]
    rows["kinds.csv"][3][1] = ""
    texts = said(write(tmp_path, rows))
    assert [text.split(":")[0] for text in texts] == [
        "kinds.csv, line 1, column kind_id",
        "kinds.csv, line 4, column name",
    ]


def test_cells_are_checked_whatever_the_order_of_the_columns(tmp_path) -> None:
    rows = tables()
    rows["items.csv"] = [row[::-1] for row in rows["items.csv"]]
    folder = write(tmp_path, rows)
    assert said(folder) == []


def test_a_broken_line_is_reported_once_and_other_lines_are_still_checked(tmp_path) -> None:
    rows = tables()
    rows["items.csv"] += [["gold"], ["iron", "7", "wrong", *[""] * 5]]
    texts = said(write(tmp_path, rows))
    assert [text.split(":")[0] for text in texts] == [
        "items.csv, line 6",
        "items.csv, line 7, column state",
    ]


def test_a_table_that_cannot_be_read_to_its_end_spares_the_rows_that_point_to_it(tmp_path) -> None:
    folder = write(tmp_path)
    (folder / "kinds.csv").write_bytes(csv_text(KINDS[:2]).encode() + b'"iron')
    assert [text.split(":")[0] for text in said(folder)] == ["kinds.csv, line 3"]


def test_without_the_validator_the_remedy_is_told(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "frictionless", None)
    with pytest.raises(DataError) as caught:
        said(write(tmp_path))
    assert str(caught.value) == (
        'checking a folder needs the validator frictionless: pip install "cancerres-kit[validate]"'
    )


def test_a_verdict_that_is_not_known_keeps_the_words_of_the_validator() -> None:
    sheet = SimpleNamespace(file="a.csv", lines=[2])
    table = verdicts.Table("a", {"fields": []}, sheet, [])
    error = SimpleNamespace(type="new", row_number=2, message="something new")
    problem = verdicts.translate(error, table, {}, is_hinted=True)
    assert str(problem) == "a.csv, line 2: something new"


def test_checking_writes_nothing(tmp_path) -> None:
    folder = write(tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    said(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


KEYS = st.from_regex("[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(
    lambda key: key not in {"metal", "iron", "steel"}
)
WORDS = st.text("abcxyz,.;-", min_size=1, max_size=8)
CORRUPTED = st.one_of(
    st.tuples(st.just("items.csv"), st.just("kind_id"), KEYS),
    st.tuples(st.just("items.csv"), st.sampled_from(["kind_id", "state"]), st.just("")),
    st.tuples(st.just("items.csv"), st.sampled_from(["number", "share_percent", "day"]), WORDS),
    st.tuples(st.just("items.csv"), st.just("number"), st.integers(max_value=0).map(str)),
    st.tuples(st.just("items.csv"), st.just("share_percent"), st.floats(100.5, 1e9).map(str)),
    st.tuples(st.just("items.csv"), st.sampled_from(["state", "is_open"]), WORDS),
    st.tuples(st.just("items.csv"), st.just("day"), st.dates().map(lambda day: f"{day:%d.%m.%Y}")),
    st.tuples(st.just("kinds.csv"), st.just("parent_id"), KEYS),
    st.tuples(st.just("kinds.csv"), st.just("kind_id"), WORDS.map(str.upper) | st.just("")),
    st.tuples(st.just("kinds.csv"), st.just("name"), st.just("")),
)


@settings(deadline=None)
@given(corrupted=CORRUPTED, row=st.integers(1, 3))
def test_a_corrupted_cell_is_always_reported(tmp_path_factory, corrupted, row) -> None:
    file, column, value = corrupted
    rows = tables()
    rows[file][row][rows[file][0].index(column)] = value
    folder = write(tmp_path_factory.mktemp("corrupted"), rows)
    line = ITEM_LINES[row] if file == "items.csv" else row + 1
    places = [
        (item.file, item.line, item.column, item.value) for item in problems(folder, shape=SHAPE)
    ]
    assert (file, line, column, value) in places


@settings(deadline=None)
@given(twins=st.permutations([1, 2, 3]))
def test_a_repeated_key_is_always_reported(tmp_path_factory, twins) -> None:
    rows = tables()
    rows["kinds.csv"].insert(twins[0] + 1, [rows["kinds.csv"][twins[1]][0], "", "Another"])
    found = problems(write(tmp_path_factory.mktemp("twins"), rows), shape=SHAPE)
    assert [item.column for item in found if "is already on line" in item.message] == ["kind_id"]


@settings(deadline=None)
@given(text=FREE_TEXT)
def test_free_text_passes_and_round_trips(tmp_path_factory, text) -> None:
    rows = tables()
    rows["items.csv"][1][-1] = text
    folder = write(tmp_path_factory.mktemp("text"), rows)
    assert said(folder) == []
    assert schema.read(folder)["items"]["note"].fillna("")[0] == text
