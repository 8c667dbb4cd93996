"""What is published: an sdist, the wheel built from it, and its use from another folder."""

import os
import sys
import tarfile
import tomllib
import zipfile
from email import message_from_string
from pathlib import Path

import pytest
from fresh import ROOT, copy_of_repository, environment, run

USE = """
import cancerres_kit as ck
atlas = ck.load()
assert len(atlas.mechanisms) and len(atlas.claims)
print(ck.__version__, ck.__file__)
print(len(ck.links.mechanism_strategies(atlas)))
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """Folder with the sdist and the wheel made from it."""
    folder = tmp_path_factory.mktemp("built")
    copy = copy_of_repository(folder / "repository")
    (copy / "notebooks" / ".ipynb_checkpoints").mkdir(parents=True)
    (copy / "notebooks" / ".ipynb_checkpoints" / "left_over.ipynb").write_text("{}")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder / "dist", cwd=copy)
    return folder / "dist"


@pytest.fixture(scope="module")
def members(built) -> set[str]:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def python(built, tmp_path_factory) -> Path:
    """Python of a fresh environment that has the wheel and the locked dependencies."""
    folder = tmp_path_factory.mktemp("fresh")
    python = environment(folder / "environment", ROOT / "requirements.txt")
    (wheel,) = built.glob("*.whl")
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", wheel, cwd=folder)
    return python


def files(folder: str, pattern: str) -> set[str]:
    return {path.relative_to(ROOT / folder).as_posix() for path in (ROOT / folder).rglob(pattern)}


def test_wheel_holds_code_data_and_lessons(members):
    for folder, place, pattern in [
        ("cancerres_kit", "cancerres_kit", "*.py"),
        ("data", "cancerres_kit/_data", "*.csv"),
        ("notebooks", "cancerres_kit/_notebooks", "*.ipynb"),
    ]:
        expected = {name for name in files(folder, pattern) if ".ipynb_checkpoints" not in name}
        assert {f"{place}/{name}" for name in expected} <= members
    assert {"cancerres_kit/py.typed", "cancerres_kit/_data/datapackage.json"} <= members


def test_wheel_holds_nothing_else(members):
    strange = [
        name for name in members if not name.startswith(("cancerres_kit/", "cancerres_kit-"))
    ]
    assert not strange
    assert not [name for name in members if ".ipynb_checkpoints" in name or name.endswith(".pyc")]


def test_wheel_carries_both_licences(members):
    licences = {Path(name).name for name in members if ".dist-info/licenses/" in name}
    assert licences == {"LICENSE", "LICENSE.md", "LICENSE-Apache-2.0.txt"}


def test_sdist_can_be_tested_and_published(built):
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"Makefile", "pyproject.toml", "tests/conftest.py", "binder/postBuild"} <= names


def test_wheel_says_what_it_needs(built):
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = message_from_string(archive.read(name).decode())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert metadata["Requires-Python"] == project["requires-python"]
    assert set(metadata.get_all("Provides-Extra")) == set(project["optional-dependencies"])


def test_used_from_another_folder(python, tmp_path):
    shown = run(python, "-c", USE, cwd=tmp_path)
    assert str(ROOT) not in shown
    assert int(shown.split()[-1]) > 0
    run(python, "-m", "pip", "check", cwd=tmp_path)


def test_command_line_from_another_folder(python, tmp_path):
    cancerres = python.parent / f"cancerres{'.exe' if os.name == 'nt' else ''}"
    assert "cancerres-kit" in run(cancerres, "--version", cwd=tmp_path)
    assert "00" in run(cancerres, "lessons", cwd=tmp_path)
    run(cancerres, "validate", cwd=tmp_path)
    out = tmp_path / "reports"
    run(cancerres, "report", "cancer_type", "breast_cancer", "--out", out, cwd=tmp_path)
    assert {path.suffix for path in out.rglob("*") if path.is_file()} == {".html", ".ipynb"}
