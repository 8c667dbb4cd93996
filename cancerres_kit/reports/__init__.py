"""Reports: a notebook template run without a person, written as notebook and as offline HTML.

Everything that can be refused is refused before a kernel starts, and nothing is written before both
files are complete. What a template may be asked for stands in its own cell tagged ``parameters``,
not here.
"""

from __future__ import annotations

import ast
import json
import platform
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from cancerres_kit import lessons, schema
from cancerres_kit.atlas import Atlas, load
from cancerres_kit.links import things
from cancerres_kit.reports import dossier, headless, inputs, publishing

if TYPE_CHECKING:
    from collections.abc import Mapping

EXTRA = ("ipykernel", "nbconvert", "papermill", "tqdm")
# A kernel keeps one core busy, so more at once do not finish sooner on a small computer.
KERNELS_AT_ONCE = 2
# The kind of report that is about a file, not about a row of the tables.
PROFILE = "profile"
# What a report says it was made with.
PACKAGES = ("cancerres-kit", "pandas", "numpy", "plotly", "papermill", "nbconvert")


def run(
    kind: str,
    id: str,  # noqa: A002 - the tables call it so
    *,
    out: str | Path,
    data: str | Path | None = None,
    parameters: Mapping[str, str] | None = None,
    progress: bool = False,
) -> list[Path]:
    """Write the report on one cancer type, mechanism, strategy or tumour profile.

    Parameters
    ----------
    kind : str
        ``cancer_type``, ``mechanism``, ``strategy`` or ``profile``.
    id : str
        Key of the row that the report is about; of a profile the path of its CSV, or of a MAF,
        which gives one report for each tumour. Nothing of the path is shown or kept.
    out : str or path
        Folder for the two files; made if missing. An older report of the same name is replaced.
    data : str or path, optional
        Folder with data of the same shape; the shipped data if not given.
    parameters : mapping of str to str, optional
        Other parameters of the template, such as ``{"level": "epigenetic"}``; for a MAF its
        ``cancer_type``.
    progress : bool
        Show a progress bar on the error stream.

    Returns
    -------
    list of pathlib.Path
        The executed notebook and the HTML page (of each tumour).

    Raises
    ------
    DataError
        If kind, id, a parameter or the data is not valid; nothing has been written then.
    OSError
        If the folder cannot be written to, or a file of that name is not a report of the kit.
    ModuleNotFoundError
        If the extra ``reports`` is not installed.
    RuntimeError
        If the template fails; nothing has been written then.
    """
    planned = _planned(kind, id, out=Path(out), data=data, parameters=parameters or {})
    if len(planned) > 1:
        return _write_all(planned, Path(out), kind=kind, progress=progress)
    bar = {"desc": planned[0].stem, "unit": "cell"} if progress else False
    return headless.write(planned[0], Path(out), bar)


def run_each(
    kind: str,
    *,
    out: str | Path,
    data: str | Path | None = None,
    parameters: Mapping[str, str] | None = None,
    progress: bool = True,
) -> list[Path]:
    """Write one report for each cancer type, mechanism or strategy.

    A report that fails does not stop the others: those that are complete stay, and the error at the
    end names each that failed.

    Parameters
    ----------
    kind : str
        ``cancer_type``, ``mechanism`` or ``strategy``.
    out : str or path
        Folder for the files; made if missing. Older reports of the same names are replaced.
    data : str or path, optional
        Folder with data of the same shape; the shipped data if not given.
    parameters : mapping of str to str, optional
        Other parameters of the template, the same for all.
    progress : bool
        Show a progress bar on the error stream.

    Returns
    -------
    list of pathlib.Path
        Notebook and HTML page of each report, in the order of the table.

    Raises
    ------
    DataError, OSError, ModuleNotFoundError
        As for `run`, before anything has been written.
    RuntimeError
        If a template fails; names all reports that did.
    """
    planned = _planned(kind, None, out=Path(out), data=data, parameters=parameters or {})
    return _write_all(planned, Path(out), kind=kind, progress=progress)


def _write_all(
    planned: list[headless.Report], out: Path, *, kind: str, progress: bool
) -> list[Path]:
    """Write reports side by side; those that fail are named at the end."""
    from tqdm import tqdm

    failures = []
    with (
        ThreadPoolExecutor(KERNELS_AT_ONCE) as pool,
        tqdm(total=len(planned), desc=kind, unit="report", disable=not progress) as bar,
    ):
        written = [pool.submit(headless.write_in_thread, report, out) for report in planned]
        try:
            for done in as_completed(written):
                bar.update()
                if error := done.exception():
                    failures.append(str(error))
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise
    if failures:
        made = f"{len(failures)} of {len(planned)} reports failed, the others are in {out}"
        raise RuntimeError("\n".join([made, *sorted(failures)]))
    return [path for done in written for path in done.result()]


def template_parameters(template: Path) -> dict[str, str]:
    """Return the parameters of a template with their defaults.

    Parameters
    ----------
    template : pathlib.Path
        Notebook with one code cell tagged ``parameters`` that assigns texts to names.

    Returns
    -------
    dict of str to str
        Default by name, in the order of the cell.
    """
    cells = json.loads(template.read_text(encoding="utf-8"))["cells"]
    tagged = ("".join(c["source"]) for c in cells if "parameters" in c["metadata"].get("tags", []))
    assignments = [node for node in ast.parse(next(tagged)).body if isinstance(node, ast.Assign)]
    return {ast.unparse(node.targets[0]): ast.literal_eval(node.value) for node in assignments}


def provenance(atlas: Atlas, *, data: str = "", **parameters: str) -> pd.DataFrame:
    """List what a report was made from.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    data : str
        Folder that the tables were read from; empty for the shipped tables.
    **parameters : str
        Parameters of the report.

    Returns
    -------
    pandas.DataFrame
        One row per item: item, value. Only the last name of a folder is shown.
    """
    folder = f"folder {Path(data).name}" if data else "shipped with the kit"
    chosen = "; ".join(f"{name} = {value or 'all'}" for name, value in parameters.items())
    rows = {
        "Made on": date.today().isoformat(),
        "Parameters": chosen,
        "Data": f"version {atlas.version or 'not given'}, {folder}",
        "Python": f"{platform.python_version()} on {platform.system()}",
        **{name: _version(name) for name in PACKAGES},
    }
    return pd.DataFrame({"item": list(rows), "value": list(rows.values())})


def _planned(
    kind: str,
    id: str | None,  # noqa: A002
    *,
    out: Path,
    data: str | Path | None,
    parameters: Mapping[str, str],
) -> list[headless.Report]:
    """Refuse whatever cannot become a report; otherwise return what is to be made."""
    _require_extra()
    template = _template(kind)
    atlas, folder = load(data), "" if data is None else str(Path(data).resolve())
    if kind != PROFILE:
        reports = _on_rows(atlas, template, id, parameters=parameters, data=folder)
    elif id is not None:
        reports = inputs.planned(atlas, template, id, parameters=parameters, data=folder)
    else:
        example = "cancerres report profile my_tumour.csv"
        raise schema.DataError(f"a profile is read from a file, so there is no each: {example}")
    files = [f"{report.stem}{ending}" for report in reports for ending in headless.ENDINGS]
    publishing.check(out, files, is_ours=headless.is_report)
    return reports


def _on_rows(
    atlas: Atlas,
    template: Path,
    id: str | None,  # noqa: A002
    *,
    parameters: Mapping[str, str],
    data: str,
) -> list[headless.Report]:
    """Return the report on one row of a table, or on each of them."""
    kind = template.stem
    optional = [name for name in template_parameters(template) if name not in (kind, "data")]
    if strange := [name for name in parameters if name not in optional]:
        what = f"parameter of a {things.words(kind)} report"
        raise schema.unknown(strange[0], optional, what=what)
    given = [] if id is None else [(kind, id)]
    for name, value in [*given, *parameters.items()]:
        _check(atlas, name, value)
    return [
        headless.Report(
            template=template,
            title=dossier.title(atlas, kind, key),
            stem="_".join([kind, key, *(f"{name}_{value}" for name, value in parameters.items())]),
            parameters={kind: key, **parameters, "data": data},
        )
        for key in (things.names(atlas, kind).index if id is None else [id])
    ]


def _template(kind: str) -> Path:
    """Return the template of a kind of report: each notebook in the folder is one kind."""
    templates = {path.stem: path for path in (lessons.notebooks_root() / "reports").glob("*.ipynb")}
    if kind not in templates:
        raise schema.unknown(kind, sorted(templates), what="kind of report")
    return templates[kind]


def _require_extra() -> None:
    missing = [module for module in EXTRA if find_spec(module) is None]
    if missing:
        message = f'reports need {", ".join(missing)}: pip install "cancerres-kit[reports]"'
        raise ModuleNotFoundError(message)


def _check(atlas: Atlas, name: str, value: str) -> None:
    """Refuse a value that a parameter cannot have: an id of a tree, or a class of mechanisms."""
    if name in things.TREES:
        things.checked(atlas, name, value)
    else:
        allowed = atlas.mechanisms[name].cat.categories
        things.one_of(value, allowed, what=name, where=f"atlas.mechanisms.{name}")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
