"""A descriptor of another shape is refused; what does not decide how cells are read is free."""

from typing import Any

import pytest
from small_folder import said, shape, write


def rename_table(described: dict[str, Any]) -> None:
    described["resources"][0]["name"] = "kind"


def drop_table(described: dict[str, Any]) -> None:
    del described["resources"][1]


def repeat_table(described: dict[str, Any]) -> None:
    described["resources"].append(described["resources"][1])


def rename_field(described: dict[str, Any]) -> None:
    described["resources"][0]["schema"]["fields"][2]["name"] = "names"


def change_type(described: dict[str, Any]) -> None:
    described["resources"][1]["schema"]["fields"][1]["type"] = "string"


def loosen_rule(described: dict[str, Any]) -> None:
    described["resources"][1]["schema"]["fields"][1]["constraints"] = {}


def change_key(described: dict[str, Any]) -> None:
    described["resources"][1]["schema"]["primaryKey"] = "number"


def drop_link(described: dict[str, Any]) -> None:
    del described["resources"][1]["schema"]["foreignKeys"]


def use_semicolons(described: dict[str, Any]) -> None:
    described["resources"][1]["dialect"] = {"delimiter": ";"}


@pytest.mark.parametrize(
    ("change", "messages"),
    [
        (
            rename_table,
            [
                ("table 'kinds' is missing; nearest: 'kind'; "
                "add it with its file kinds.csv, whose header line is enough"),
                "table 'kind' is not one of the kit's; nearest: 'kinds'; rename or remove it",
            ],
        ),
        (
            drop_table,
            [
                ("table 'items' is missing; "
                "add it with its file items.csv, whose header line is enough")
            ],
        ),
        (repeat_table, ["table 'items' occurs twice; keep one of them"]),
        (
            rename_field,
            [
                "column kinds.name: column is missing from the schema; nearest: 'names'; add it",
                ("column kinds.names: 'names' is not a column of this table; nearest: 'name'; "
                "rename or remove it"),
            ],
        ),
        (
            change_type,
            ["column items.number: type 'string' differs from the kit's; write \"integer\""],
        ),
        (
            loosen_rule,
            ["column items.number: constraints {} differs from the kit's; write {\"minimum\": 1}"],
        ),
        (
            change_key,
            ["table 'items': primaryKey differs from the kit's; write [\"kind_id\", \"number\"]"],
        ),
        (
            drop_link,
            [
                ("table 'items': foreignKeys differs from the kit's; write "
                '[{"fields": "kind_id", "reference": {"resource": "kinds", "fields": "kind_id"}}]')
            ],
        ),
        (
            use_semicolons,
            [
                ("table 'items': dialect {'delimiter': ';'} is not read; "
                "remove it and keep the file as comma-separated UTF-8")
            ],
        ),
    ],
)  # fmt: skip
def test_a_descriptor_of_another_shape(tmp_path, change, messages) -> None:
    described = shape()
    change(described)
    texts = [text for text in said(write(tmp_path, described=described)) if "datapackage" in text]
    assert [text.removeprefix("datapackage.json").lstrip(":, ") for text in texts] == messages


def test_texts_units_and_ways_of_writing_keys_are_free(tmp_path) -> None:
    described = shape()
    table = described["resources"][1]
    table |= {"title": "Dinge", "encoding": "UTF-8", "format": "csv", "path": "dinge.csv"}
    table["schema"]["foreignKeys"][0]["reference"]["resource"] = "kinds"
    described["resources"][0]["schema"]["primaryKey"] = ["kind_id"]
    described["resources"][0]["schema"]["foreignKeys"][0]["reference"]["resource"] = "kinds"
    folder = write(tmp_path, described=described)
    (folder / "items.csv").rename(folder / "dinge.csv")
    assert said(folder) == []
