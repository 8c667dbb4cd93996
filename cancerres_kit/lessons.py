"""The lessons: which there are, where they lie, and a working copy of them.

What the catalogue says is read from each notebook's own metadata, so a lesson is described in one
place. Notebooks are read as plain JSON: the notebook library takes a second to import and is not
needed here.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd

from cancerres_kit import schema

COLUMNS = ("number", "slug", "title", "claim", "minutes", "prerequisites", "path")
DESCRIBED = ("number", "title", "claim", "minutes", "prerequisites")
LESSON_FILES = "[0-9][0-9]_*.ipynb"


def notebooks_root() -> Path:
    """Return the folder of the shipped lessons.

    Returns
    -------
    pathlib.Path
        ``_notebooks`` inside an installed package, ``notebooks`` beside it in a checkout.

    Raises
    ------
    FileNotFoundError
        If neither is there, as in a package copied without its lessons.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "_notebooks", package.parent / "notebooks"):
        if folder.is_dir():
            return folder
    message = f"no lessons beside {package}; install the kit again"
    raise FileNotFoundError(f"{message}: pip install --force-reinstall cancerres-kit")


def installed() -> bool:
    """Return whether the lessons are part of an installed package rather than of a checkout."""
    return notebooks_root().name == "_notebooks"


def catalogue(folder: str | Path | None = None) -> pd.DataFrame:
    """Return one row per lesson, in teaching order.

    Parameters
    ----------
    folder : str or path, optional
        Folder with lessons; the shipped ones if not given.

    Returns
    -------
    pandas.DataFrame
        Columns number (two digits, the lesson's identity), slug, title, claim (what the lesson
        shows), minutes (Int64, time to work through it), prerequisites (numbers joined by ", "),
        path.

    Raises
    ------
    DataError
        If a lesson is no notebook or does not describe itself; all such lessons at once.
    """
    paths = sorted(Path(folder or notebooks_root()).glob(LESSON_FILES))
    described = [_described(path) for path in paths]
    problems = [found for found in described if isinstance(found, schema.Problem)]
    if problems:
        raise schema.DataError(problems)
    table = pd.DataFrame([found for found in described if isinstance(found, dict)], columns=COLUMNS)
    return table.astype({"minutes": "Int64"})


def find(name: str, *, folder: str | Path | None = None) -> Path:
    """Return the notebook of a lesson.

    Parameters
    ----------
    name : str
        Number (``11``), slug (``mechanism_to_strategy``) or file name of the lesson.
    folder : str or path, optional
        Folder with lessons; the shipped ones if not given.

    Returns
    -------
    pathlib.Path
        The notebook's path.

    Raises
    ------
    DataError
        If there is no such lesson; names the nearest.
    """
    lessons = catalogue(folder)
    wanted = Path(name).name.removesuffix(".ipynb")
    for lesson in lessons.itertuples():
        path = Path(str(lesson.path))
        if wanted in (lesson.number, lesson.slug, path.stem):
            return path
    names = [*lessons["number"], *lessons["slug"]]
    raise schema.unknown(wanted, names, what="lesson", where="the list: cancerres lessons")


def copy(destination: str | Path) -> list[Path]:
    """Copy the shipped lessons and report templates into a folder, leaving what is there alone.

    Parameters
    ----------
    destination : str or path
        Folder to copy into; made if missing.

    Returns
    -------
    list of pathlib.Path
        The files that were written; those that were there already are not among them.

    Raises
    ------
    NotADirectoryError
        If the destination is a file.
    """
    root, destination = notebooks_root(), Path(destination)
    if destination.exists() and not destination.is_dir():
        raise NotADirectoryError(f"{destination} is a file; name a folder to copy the lessons into")
    written = []
    for source in sorted([*root.rglob("*.ipynb"), *root.rglob("*.csv")]):
        target = destination / source.relative_to(root)
        if ".ipynb_checkpoints" in source.parts or target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        written.append(target)
    return written


def _described(path: Path) -> dict[str, Any] | schema.Problem:
    """Return a lesson's row of the catalogue, or what is wrong with its description."""
    try:
        about = json.loads(path.read_text(encoding="utf-8"))["metadata"]["cancerres"]
        row = {column: about[column] for column in DESCRIBED}
    except (ValueError, TypeError, KeyError) as error:
        message = (
            f"does not describe itself ({type(error).__name__}: {error}); its notebook metadata "
            f"needs 'cancerres' with {', '.join(DESCRIBED)}"
        )
        return schema.Problem(file=path.name, line=None, column=None, value=None, message=message)
    prerequisites = row["prerequisites"]
    if not isinstance(prerequisites, str):
        row["prerequisites"] = ", ".join(str(number) for number in prerequisites)
    return row | {"slug": path.stem.partition("_")[2], "path": str(path)}
