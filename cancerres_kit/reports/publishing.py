"""Put files that belong together into a folder: complete or not at all.

They are written into a temporary folder in the same file system and moved from there, which is
atomic for each file; if one cannot be moved, those before it are put back as they were.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

STAGING = ".cancerres-"


def check(folder: Path, names: Iterable[str], *, is_ours: Callable[[Path], bool]) -> None:
    """Refuse a folder that files of these names could not be put into.

    Parameters
    ----------
    folder : pathlib.Path
        Where the files shall go; need not exist.
    names : iterable of str
        Their names.
    is_ours : callable
        Whether an existing file was made by the kit and may be replaced.

    Raises
    ------
    NotADirectoryError
        If the folder or one above it is a file.
    PermissionError
        If nothing can be written there.
    FileExistsError
        If a file of somebody else would be replaced.
    """
    nearest = _nearest(folder)
    if not nearest.is_dir():
        raise NotADirectoryError(f"{nearest} is a file; --out needs a folder, such as reports/")
    try:
        _staging(folder).cleanup()
    except OSError as error:
        message = f"cannot write into {nearest} ({error.strerror})"
        raise PermissionError(f"{message}; choose another folder with --out") from error
    foreign = [str(folder / name) for name in names if not _may_go(folder / name, is_ours)]
    if foreign:
        message = "not a report of cancerres-kit, so not replaced; move it or choose another folder"
        raise FileExistsError(f"{', '.join(foreign)}: {message}")


def place(folder: Path, texts: Mapping[str, str]) -> list[Path]:
    """Write texts as files of a folder, all of them or none.

    Parameters
    ----------
    folder : pathlib.Path
        Where the files shall go; made if missing.
    texts : mapping of str to str
        Content by file name; written as UTF-8 with LF line ends.

    Returns
    -------
    list of pathlib.Path
        The files, in the order given.

    Raises
    ------
    OSError
        If a file cannot be written; the folder is then as it was before.
    """
    with _staging(folder) as staging:
        for name, text in texts.items():
            (Path(staging) / name).write_text(text, encoding="utf-8", newline="\n")
        folder.mkdir(parents=True, exist_ok=True)
        _move(Path(staging), folder, list(texts))
    return [folder / name for name in texts]


def _move(staging: Path, folder: Path, names: list[str]) -> None:
    touched: list[str] = []
    try:
        for name in names:
            if (folder / name).exists():
                shutil.copy2(folder / name, staging / f"{name}.before")
            touched.append(name)
            (staging / name).replace(folder / name)
    except OSError:
        for name in touched[:-1]:
            before = staging / f"{name}.before"
            if before.exists():
                before.replace(folder / name)
            else:
                (folder / name).unlink()
        raise


def _staging(folder: Path) -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix=STAGING, dir=_nearest(folder))


def _nearest(folder: Path) -> Path:
    """Return the folder itself or the nearest one above it that exists."""
    absolute = folder.absolute()
    return next(path for path in (absolute, *absolute.parents) if path.exists())


def _may_go(path: Path, is_ours: Callable[[Path], bool]) -> bool:
    return not path.exists() or (path.is_file() and is_ours(path))
