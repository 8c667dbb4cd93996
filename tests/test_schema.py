"""Tables are read as written and typed as the schema says; only the empty cell is missing."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from small_folder import FREE_TEXT, ITEMS, SHAPE, shape, tables, write

from cancerres_kit import schema
from cancerres_kit.schema import DataError

LIGHT = """
import sys
import cancerres_kit
before = set(sys.modules)
assert "pandas" not in before
cancerres_kit.load()
heavy = {"plotly", "ipywidgets", "scipy", "frictionless", "papermill", "importlib.metadata"}
print(sorted(heavy & set(sys.modules)))
"""


def test_columns_have_the_types_of_the_schema(tmp_path) -> None:
    items = schema.read(write(tmp_path))["items"]
    assert items["kind_id"].dtype == pd.StringDtype("python", na_value=np.nan)
    assert items["number"].dtype == "Int64"
    assert items["state"].cat.categories.tolist() == ["solid", "liquid", "gas"]
    assert items["share_percent"].dtype == "float64"
    assert items["is_open"].dtype == "boolean"
    assert items["day"].dtype == "datetime64[s]"
    assert items["day"][0] == pd.Timestamp("2026-01-31")


def test_only_an_empty_cell_is_missing(tmp_path) -> None:
    items = schema.read(write(tmp_path))["items"]
    assert items["code"].tolist()[::2] == ["007", "NA"]
    assert items.loc[1, ["share_percent", "is_open", "day", "code"]].isna().all()


def test_empty_tables_have_the_same_types(tmp_path) -> None:
    full = schema.read(write(tmp_path / "full"))
    bare = schema.read(
        write(tmp_path / "bare", {name: rows[:1] for name, rows in tables().items()})
    )
    assert all((bare[name].dtypes == full[name].dtypes).all() for name in full)
    assert bare["items"].empty


def test_columns_follow_the_schema_whatever_their_order_in_the_file(tmp_path) -> None:
    rows = tables()
    rows["items.csv"] = [row[::-1] for row in rows["items.csv"]]
    turned = schema.read(write(tmp_path / "turned", rows))["items"]
    pd.testing.assert_frame_equal(turned, schema.read(write(tmp_path / "plain"))["items"])
    assert turned.columns.tolist() == ITEMS[0]


def test_windows_line_ends_are_read(tmp_path) -> None:
    folder = write(tmp_path)
    path = folder / "kinds.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert schema.read(folder)["kinds"]["name"].tolist() == ["Metal", "Iron", "Steel"]


@given(text=FREE_TEXT)
def test_free_text_is_read_unchanged(tmp_path_factory, text: str) -> None:
    rows = tables()
    rows["items.csv"][1][-1] = text
    items = schema.read(write(tmp_path_factory.mktemp("text"), rows))["items"]
    assert items["note"].fillna("")[0] == text


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        (1, "x", "integer"),
        (1, "9" * 30, "integer"),
        (2, "soft", "string"),
        (3, "1,5", "number"),
        (4, "yes", "boolean"),
        (5, "yesterday", "date"),
    ],
)
def test_reading_names_the_cell_that_has_no_value_of_its_type(
    tmp_path, column, value, kind
) -> None:
    rows = tables()
    rows["items.csv"][3][column] = value
    with pytest.raises(DataError) as caught:
        schema.read(write(tmp_path, rows))
    # the second row spans two lines
    place = f"items.csv, line 5, column {ITEMS[0][column]}: "
    remedy = "validate the folder to see what is allowed"
    assert str(caught.value) == f"{place}{value!r} is not a valid {kind}; {remedy}"


def test_reading_refuses_a_type_it_does_not_know(tmp_path) -> None:
    described = shape()
    described["resources"][0]["schema"]["fields"][2]["type"] = "nummber"
    with pytest.raises(DataError, match=r"unknown type 'nummber'; nearest: 'number'.*column name"):
        schema.read(write(tmp_path, described=described))


def test_reading_names_missing_columns(tmp_path) -> None:
    rows = tables()
    rows["kinds.csv"] = [row[:1] for row in rows["kinds.csv"]]
    with pytest.raises(DataError) as caught:
        schema.read(write(tmp_path, rows))
    assert str(caught.value).splitlines() == [
        "kinds.csv, line 1, column parent_id: column is missing",
        "kinds.csv, line 1, column name: column is missing",
    ]


def test_dictionary_describes_each_column(tmp_path) -> None:
    table = schema.dictionary(write(tmp_path))
    assert len(table) == sum(len(item["schema"]["fields"]) for item in SHAPE["resources"])
    rows = table.fillna("").set_index(["table", "column"])
    assert rows.loc[("kinds", "kind_id")].tolist() == [
        "string",
        "",
        "Key of the kind.",
        "primary",
        "",
    ]
    assert rows.loc[("kinds", "parent_id"), "key"] == "kinds.kind_id"
    assert rows.loc[("items", "kind_id"), "key"] == "primary, kinds.kind_id"
    assert rows.loc[("items", "state"), "allowed"] == "solid, liquid, gas"
    assert rows.loc[("items", "share_percent"), "unit"] == "percent"


def test_the_shipped_dictionary_gives_each_column_a_meaning() -> None:
    table = schema.dictionary()
    assert table.loc[table["meaning"].isna(), ["table", "column"]].to_numpy().tolist() == []


def test_missing_tables_say_what_to_do(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(schema, "__file__", str(tmp_path / "package" / "schema" / "__init__.py"))
    with pytest.raises(
        DataError, match=r"no tables beside .*package.*; install cancerres-kit again"
    ):
        schema.data_root()


def test_an_installed_package_uses_the_tables_inside_it(monkeypatch, tmp_path) -> None:
    inside = tmp_path / "package" / "_data"
    inside.mkdir(parents=True)
    monkeypatch.setattr(schema, "__file__", str(tmp_path / "package" / "schema" / "__init__.py"))
    assert schema.data_root() == inside


def test_loading_brings_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
