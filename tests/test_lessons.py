"""The catalogue says what each lesson says of itself; a copy never overwrites work."""

import json

import pytest

from cancerres_kit import DataError, lessons

ABOUT = {"number": "11", "title": "From A to B", "claim": "A leads to B.", "minutes": 40}
ABOUT["prerequisites"] = ["00", "10"]


def lesson(folder, name="11_from_a_to_b.ipynb", about=ABOUT):
    folder.mkdir(parents=True, exist_ok=True)
    notebook = {"cells": [], "metadata": {"cancerres": about}, "nbformat": 4, "nbformat_minor": 5}
    (folder / name).write_text(json.dumps(notebook), encoding="utf-8")
    return folder / name


def test_every_shipped_lesson_is_in_the_catalogue():
    table = lessons.catalogue()
    files = sorted(path.name for path in lessons.notebooks_root().glob("*.ipynb"))
    assert tuple(table.columns) == lessons.COLUMNS
    assert [f"{row.number}_{row.slug}.ipynb" for row in table.itertuples()] == files
    assert table.notna().all(axis=None)


def test_a_row_says_what_the_lesson_says(tmp_path):
    path = lesson(tmp_path)
    (tmp_path / "notes.ipynb").write_text("not a lesson")
    (row,) = lessons.catalogue(tmp_path).to_dict("records")
    assert row == {**ABOUT, "slug": "from_a_to_b", "prerequisites": "00, 10", "path": str(path)}


def test_an_empty_folder_has_no_lessons(tmp_path):
    assert tuple(lessons.catalogue(tmp_path).columns) == lessons.COLUMNS


def test_all_lessons_that_do_not_describe_themselves_are_named(tmp_path):
    lesson(tmp_path, "10_a.ipynb", {"number": "10"})
    (tmp_path / "11_b.ipynb").write_text("{")
    (tmp_path / "12_c.ipynb").write_text("[]")
    with pytest.raises(DataError) as raised:
        lessons.catalogue(tmp_path)
    assert [problem.file for problem in raised.value.problems] == [
        "10_a.ipynb",
        "11_b.ipynb",
        "12_c.ipynb",
    ]
    assert "needs 'cancerres' with number, title, claim, minutes, prerequisites" in str(
        raised.value
    )


@pytest.mark.parametrize("name", ["11", "from_a_to_b", "11_from_a_to_b", "11_from_a_to_b.ipynb"])
def test_a_lesson_is_found_by_number_slug_and_file(tmp_path, name):
    path = lesson(tmp_path)
    assert lessons.find(name, folder=tmp_path) == path


def test_an_unknown_lesson_is_refused_with_the_nearest(tmp_path):
    lesson(tmp_path)
    with pytest.raises(DataError, match=r"unknown lesson 'from_a_to_c'; nearest: 'from_a_to_b'"):
        lessons.find("from_a_to_c", folder=tmp_path)


def test_a_copy_brings_lessons_and_templates_and_keeps_edited_files(tmp_path, monkeypatch):
    root = tmp_path / "_notebooks"
    lesson(root)
    lesson(root, "12_c_to_d.ipynb")
    lesson(root / "reports", "mechanism.ipynb")
    lesson(root / ".ipynb_checkpoints", "12_c_to_d-checkpoint.ipynb")
    monkeypatch.setattr(lessons, "notebooks_root", lambda: root)
    copy = tmp_path / "copy"
    lesson(copy, "12_c_to_d.ipynb", {"edited": True})
    written = lessons.copy(copy)
    assert written == [copy / "11_from_a_to_b.ipynb", copy / "reports" / "mechanism.ipynb"]
    assert "edited" in (copy / "12_c_to_d.ipynb").read_text()
    assert not lessons.copy(copy)
    assert lessons.installed()


def test_a_copy_needs_a_folder(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError, match="is a file; name a folder"):
        lessons.copy(tmp_path / "file")


def test_a_package_without_lessons_says_how_to_get_them(tmp_path, monkeypatch):
    monkeypatch.setattr(lessons, "__file__", str(tmp_path / "package" / "lessons.py"))
    with pytest.raises(FileNotFoundError, match=r"no lessons beside .*force-reinstall"):
        lessons.notebooks_root()
