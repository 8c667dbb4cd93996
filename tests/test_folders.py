"""A folder that is broken, missing or hostile is refused in words; nothing outside it is opened."""

import contextlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_folder import ITEMS, KINDS, SHAPE, csv_text, said, shape, write

from cancerres_kit import schema
from cancerres_kit.schema import DataError

REMEDY = "compare with the shipped one in cancerres_kit.schema.data_root()"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "items.csv, line 1: has no header line; write the column names on its first line"),
        (
            b"\n\n",
            "items.csv, line 1: has no header line; write the column names on its first line",
        ),
        (
            "\ufeff".encode() + csv_text(ITEMS).encode(),
            "items.csv, line 1: starts with a byte order mark; save it as UTF-8 without BOM",
        ),
        (
            csv_text(ITEMS).replace("first", "fürst").encode("latin-1"),
            "items.csv, line 2: byte 0xfc is not UTF-8; save the file as UTF-8",
        ),
        (
            csv_text(ITEMS).encode("utf-16"),
            "items.csv, line 1: byte 0xff is not UTF-8 (and 1 more); save the file as UTF-8",
        ),
        (
            csv_text(ITEMS).replace("two", "t\0w\0").encode(),
            "items.csv, line 3: control character '\\x00' (and 1 more); remove it",
        ),
        (
            csv_text(ITEMS).encode() + b'"iron","9","gas',
            ("items.csv, line 6: cannot be split into cells from here on (unexpected end of data); "
            "close or double the quotes"),
        ),
        (
            csv_text(ITEMS).encode() + b"iron,9,gas\n",
            "items.csv, line 6: 3 cells where the header has 8; quote cells that hold commas",
        ),
        (
            csv_text(ITEMS).encode() + b"iron,9,gas,,,,,one, two\n",
            "items.csv, line 6: 9 cells where the header has 8; quote cells that hold commas",
        ),
        (csv_text(ITEMS).encode() + b"\n", "items.csv, line 6: the row is empty; remove it"),
        (csv_text(ITEMS).encode() + b",,,,,,,\n", "items.csv, line 6: the row is empty; remove it"),
    ],
)  # fmt: skip
def test_a_broken_file_is_named_with_its_remedy(tmp_path, content, message) -> None:
    folder = write(tmp_path)
    (folder / "items.csv").write_bytes(content)
    assert message in said(folder)
    with pytest.raises(DataError, match=r"items\.csv"):
        schema.read(folder)


def test_a_missing_file(tmp_path) -> None:
    folder = write(tmp_path)
    (folder / "items.csv").unlink()
    assert said(folder) == ["items.csv: is missing; add it with its header"]


def test_a_locked_file(tmp_path, monkeypatch) -> None:
    read_bytes = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "items.csv":
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert said(write(tmp_path)) == [
        "items.csv: cannot be read (Permission denied); check its permissions"
    ]


def test_a_folder_that_does_not_exist(tmp_path) -> None:
    (text,) = said(tmp_path / "nowhere")
    assert text.endswith("nowhere' does not exist; give a folder with a datapackage.json")


def test_a_folder_with_a_name_that_no_system_accepts() -> None:
    assert "does not exist" in said(Path("a\0b"))[0]
    assert "does not exist" in said(Path("x" * 5000))[0]


def test_a_file_in_place_of_a_folder(tmp_path) -> None:
    (text,) = said(write(tmp_path) / "items.csv")
    assert text.endswith("items.csv' is not a folder; give a folder with a datapackage.json")


def test_a_folder_without_descriptor(tmp_path) -> None:
    (text,) = said(tmp_path)
    remedy = "copy the shipped one from cancerres_kit.schema.data_root()"
    assert text.endswith(f"has no datapackage.json; {remedy}")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "is not JSON in UTF-8 (Expecting property name"),
        (b"\xff", "is not JSON in UTF-8 ('utf-8' codec can't decode byte 0xff"),
        (b"[" * 100_000, "is not JSON in UTF-8 ("),
        (b"[]", "has no list of 'resources'"),
        (b'{"resources": []}', "has no list of 'resources'"),
        (b'{"resources": [1]}', "resource 1 has no 'name'"),
        (b'{"resources": [{"name": "a"}]}', "resource 1 'a' has no 'path' that is one file name"),
        (
            b'{"resources": [{"name": "a", "path": "a.csv", "schema": {"fields": [{}]}}]}',
            "resource 1 'a' has no 'schema' with 'fields' of 'name' and 'type'",
        ),
        (
            (b'{"resources": [{"name": "a", "path": "a.csv", "schema": {"fields": '
            b'[{"name": "x", "type": "string"}], "primaryKey": 1}}]}'),
            "resource 1 'a' has a 'primaryKey' that names no columns",
        ),
        (
            (b'{"resources": [{"name": "a", "path": "a.csv", "schema": {"fields": '
            b'[{"name": "x", "type": "string"}], "foreignKeys": [{"fields": 1}]}}]}'),
            "resource 1 'a' has 'foreignKeys' that do not link single columns",
        ),
    ],
)  # fmt: skip
def test_a_descriptor_that_is_none(tmp_path, content, message) -> None:
    folder = write(tmp_path)
    (folder / "datapackage.json").write_bytes(content)
    (text,) = said(folder)
    assert text.startswith(f"datapackage.json: {message}")
    assert text.endswith(REMEDY)
    with pytest.raises(DataError):
        schema.read(folder)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../kinds.csv",
        "a/../../kinds.csv",
        "https://example.org/kinds.csv",
        "C:\\k.csv",
        "..\\kinds.csv",
        "\\\\host\\kinds.csv",
        "file:kinds.csv",
        "kinds\x00.csv",
    ],
)
def test_a_path_that_leaves_the_folder_is_not_opened(tmp_path, path) -> None:
    (tmp_path / "kinds.csv").write_text(csv_text(KINDS))
    described = shape()
    described["resources"][0]["path"] = path
    folder = write(tmp_path / "inner", described=described)
    (text,) = said(folder)
    assert text.startswith(f"datapackage.json: path {path!r} leads out of the folder or nowhere; ")
    assert text.endswith("name a file inside the folder, such as 'claims.csv'")
    with pytest.raises(DataError, match="leads out of the folder"):
        schema.read(folder)


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege on Windows")
@pytest.mark.parametrize("name", ["kinds.csv", "datapackage.json"])
def test_a_symbolic_link_that_leaves_the_folder_is_not_opened(tmp_path, name) -> None:
    folder = write(tmp_path / "inner")
    (folder / name).rename(tmp_path / name)
    (folder / name).symlink_to(tmp_path / name)
    (text,) = said(folder)
    assert "leads out of the folder or nowhere" in text


def test_a_file_in_a_folder_below_is_read(tmp_path) -> None:
    described = shape()
    described["resources"][0]["path"] = "below/kinds.csv"
    folder = write(tmp_path, described=described)
    (folder / "below").mkdir()
    (folder / "kinds.csv").rename(folder / "below" / "kinds.csv")
    assert said(folder) == []


def check_or_refuse(folder: Path) -> None:
    """A folder is either refused with problems, or can be read; nothing else is raised."""
    for use in (schema.read, schema.dictionary):
        with contextlib.suppress(DataError) if said(folder) else contextlib.nullcontext():
            use(folder)


@settings(deadline=None)
@given(content=st.binary(max_size=200), file=st.sampled_from(["kinds.csv", "datapackage.json"]))
def test_any_bytes_are_refused_or_read(tmp_path_factory, content, file) -> None:
    folder = write(tmp_path_factory.mktemp("bytes"))
    (folder / file).write_bytes(content)
    check_or_refuse(folder)


@settings(deadline=None)
@given(
    at=st.integers(0, len(csv_text(ITEMS))),
    length=st.integers(0, 30),
    content=st.binary(max_size=8) | st.text('",\n\r\ufeff ;=', max_size=4).map(str.encode),
)
def test_a_damaged_table_is_refused_or_read(tmp_path_factory, at, length, content) -> None:
    folder = write(tmp_path_factory.mktemp("damage"))
    whole = csv_text(ITEMS).encode()
    (folder / "items.csv").write_bytes(whole[:at] + content + whole[at + length :])
    check_or_refuse(folder)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("kinds.csv"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where a value can be replaced in nested lists and dicts."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


@settings(deadline=None)
@given(place=st.sampled_from(places(SHAPE)[1:]), value=JSON)
def test_a_damaged_descriptor_is_refused_or_read(tmp_path_factory, place, value) -> None:
    described = shape()
    parent: Any = described
    for key in place[:-1]:
        parent = parent[key]
    parent[place[-1]] = value
    folder = write(
        tmp_path_factory.mktemp("descriptor"), described=json.loads(json.dumps(described))
    )
    check_or_refuse(folder)


@pytest.mark.parametrize("mark", ["\u202e", "\u2066"])
def test_a_mark_that_turns_the_direction_of_writing_is_refused(tmp_path, mark) -> None:
    folder = write(tmp_path)
    path = folder / "kinds.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Steel", f"St{mark}eel"), "utf-8")
    with pytest.raises(DataError, match="control character"):
        schema.read(folder)
