"""Files that belong together arrive together or not at all, and nothing foreign is replaced."""

from pathlib import Path

import pytest

from cancerres_kit.reports import publishing

TEXTS = {"a.txt": "first\n", "b.txt": "second\n"}


def anything(_):
    return True


def nothing(_):
    return False


def contents(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_files_are_placed_into_a_folder_that_is_made(tmp_path):
    out = tmp_path / "deep" / "er"
    assert publishing.place(out, TEXTS) == [out / "a.txt", out / "b.txt"]
    assert contents(out) == TEXTS
    assert [path.name for path in tmp_path.iterdir()] == ["deep"]


def test_older_files_are_replaced_and_others_left(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    (tmp_path / "c.txt").write_text("third")
    publishing.place(tmp_path, TEXTS)
    assert contents(tmp_path) == {**TEXTS, "c.txt": "third"}


@pytest.mark.parametrize("before", [{}, {"a.txt": "old", "b.txt": "old"}])
def test_all_is_as_before_when_the_second_file_cannot_be_moved(tmp_path, monkeypatch, before):
    for name, text in before.items():
        (tmp_path / name).write_text(text)
    move = Path.replace

    def refuse(self, target):
        if self.name == "b.txt":
            raise PermissionError("open in another program")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError, match="another program"):
        publishing.place(tmp_path, TEXTS)
    assert contents(tmp_path) == before


def test_checking_writes_nothing(tmp_path):
    publishing.check(tmp_path / "new", TEXTS, is_ours=nothing)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_file_is_no_folder(tmp_path, below):
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError, match="file is a file; --out needs a folder"):
        publishing.check(tmp_path / "file" / below, TEXTS, is_ours=anything)


def test_a_folder_that_cannot_be_written_to(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(PermissionError, match=r"cannot write into .*Permission denied.*--out"):
        publishing.check(tmp_path, TEXTS, is_ours=anything)


def test_files_of_others_are_not_replaced(tmp_path):
    (tmp_path / "b.txt").write_text("mine")
    with pytest.raises(FileExistsError, match=r"b\.txt: not a report of cancerres-kit"):
        publishing.check(tmp_path, TEXTS, is_ours=nothing)
    publishing.check(tmp_path, TEXTS, is_ours=anything)


def test_a_folder_of_that_name_is_not_replaced(tmp_path):
    (tmp_path / "b.txt").mkdir()
    with pytest.raises(FileExistsError, match=r"b\.txt"):
        publishing.check(tmp_path, TEXTS, is_ours=anything)
