"""Binder's side, as far as it goes without building an image.

An image was never built by these tests: they read the Dockerfile that repo2docker would build,
install the pins into a fresh environment, run `binder/postBuild` there and then the start lesson.
"""

import os
import re
import shutil
import subprocess
import sys

import pytest
from badges import ROOT, addressed, launch, project, repository
from fresh import copy_of_repository, environment, run

BINDER = ROOT / "binder"
START = "00_start_here.ipynb"
EXECUTE = """
import sys
from pathlib import Path
import nbformat
from nbclient import NotebookClient
path = Path(sys.argv[1])
notebook = nbformat.read(path, as_version=4)
for cell in notebook.cells:
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
folder = {"metadata": {"path": str(path.parent)}}
NotebookClient(notebook, timeout=120, kernel_name="python3", resources=folder).execute()
print(sum(bool(cell.get("outputs")) for cell in notebook.cells))
"""


@pytest.fixture(scope="module")
def dockerfile() -> str:
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return done.stdout + done.stderr


def test_dockerfile_installs_pins_before_it_copies_the_repository(dockerfile):
    pins = dockerfile.index('pip install --no-cache-dir -r "binder/requirements.txt"')
    copy = re.search(r"^COPY .*src/ ", dockerfile, re.MULTILINE)
    built = dockerfile.index("RUN ./binder/postBuild")
    assert copy
    assert pins < copy.start() < built


def test_dockerfile_has_the_pinned_python(dockerfile):
    version = (BINDER / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
    assert f"Building conda environment for python={version}\n" in dockerfile


def test_post_build_is_a_strict_executable():
    script = BINDER / "postBuild"
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in script.read_text(encoding="utf-8")


def test_start_lesson_runs_from_the_pins(tmp_path):
    copy = copy_of_repository(tmp_path / "repository")
    python = environment(tmp_path / "environment", copy / "binder" / "requirements.txt")
    path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    run(copy / "binder" / "postBuild", cwd=copy, PATH=path)
    shutil.rmtree(copy / "cancerres_kit")
    shown = run(python, "-c", EXECUTE, copy / "notebooks" / START, cwd=tmp_path)
    assert int(shown.split()[-1]) > 0
    run(python, "-m", "pip", "check", cwd=tmp_path)


@pytest.mark.parametrize(
    "lock", ["requirements.txt", "tests/requirements.txt", "binder/requirements.txt"]
)
def test_locks_hold_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "//" not in text
    entries = text.replace("\\\n", "").splitlines()
    assert all(re.match(r"[\w.-]+==[\w.]+.*--hash=sha256:", entry) for entry in entries)


def test_locks_agree():
    all_pins = pins("tests/requirements.txt")
    assert pins("requirements.txt").items() <= all_pins.items()
    assert pins("binder/requirements.txt").items() <= pins("requirements.txt").items()
    assert "hatchling" in pins("binder/requirements.txt")


def pins(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE))


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "CITATION.cff"])
def test_addresses_derive_from_one_place(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    assert text == addressed(text), "run: python tests/badges.py --write"


def test_readme_has_the_binder_badge():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"[![Binder](https://mybinder.org/badge_logo.svg)]({launch()})" in readme
    assert repository() in readme
    assert (ROOT / "notebooks" / START).is_file()


def test_citation_names_the_version():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {project()['version']}\n" in citation
