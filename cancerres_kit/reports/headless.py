"""Run one template without a person and put its two files into place.

Timings and random ids are left out of the executed notebook, so that the same data on the same day
gives the same files.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from cancerres_kit import display
from cancerres_kit.reports import publishing

if TYPE_CHECKING:
    from nbformat import NotebookNode

ENDINGS = (".ipynb", ".html")
MARK = "cancerres_report"
CELL_TIMEOUT_SECONDS = 120
# ipykernel warns on each start that it talks over the loopback device; errors still come through.
KERNEL_ARGUMENTS = ["--log-level=ERROR"]


@dataclass(frozen=True)
class Report:
    """One report that was asked for and may be made."""

    template: Path
    title: str
    stem: str
    parameters: dict[str, str]


def is_report(path: Path) -> bool:
    """Return whether a file was written by this module, so that a newer report may replace it."""
    with path.open(encoding="utf-8", errors="replace") as file:
        if path.suffix == ".html":
            from cancerres_kit.reports.html_export import GENERATOR

            return GENERATOR in file.read(2000)
        return f'"{MARK}"' in file.read()


def write(report: Report, out: Path, progress_bar: dict[str, str] | bool) -> list[Path]:
    """Run one template and put its two files into place."""
    import nbformat

    from cancerres_kit.reports import html_export

    notebook = _executed(report, progress_bar)
    page = html_export.page(notebook, title=report.title, notice=display.NOTICE)
    texts = {
        f"{report.stem}.ipynb": nbformat.writes(notebook),  # type: ignore[no-untyped-call]
        f"{report.stem}.html": page,
    }
    return publishing.place(out, texts)


def write_in_thread(report: Report, out: Path) -> list[Path]:
    """Run one template beside others; what the thread opened to hear its kernel is closed."""
    from jupyter_core.utils import ensure_event_loop

    try:
        return write(report, out, progress_bar=False)
    finally:
        ensure_event_loop().close()


def _executed(report: Report, progress_bar: dict[str, str] | bool) -> NotebookNode:
    """Run a template on its parameters; timings and random ids are left out of the result."""
    import nbformat
    import papermill
    from nbclient.exceptions import CellControlSignal
    from papermill.exceptions import PapermillExecutionError

    try:
        # Given no output path, papermill saves nothing; it would take braces in one for a pattern.
        notebook = papermill.execute_notebook(
            nbformat.read(report.template, as_version=4),  # type: ignore[no-untyped-call]
            None,
            report.parameters,
            kernel_name="python3",
            progress_bar=progress_bar,
            execution_timeout=CELL_TIMEOUT_SECONDS,
            extra_arguments=KERNEL_ARGUMENTS,
        )
    except PapermillExecutionError as error:
        raise RuntimeError(_failure(report, f"{error.ename}: {error.evalue}")) from error
    except (CellControlSignal, RuntimeError) as error:
        raise RuntimeError(_failure(report, str(error))) from error
    _forget_folder(notebook, report)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02}"
        cell.metadata = {"tags": cell.metadata.get("tags", [])}
    kept = {name: notebook.metadata[name] for name in ("kernelspec", "language_info")}
    notebook.metadata.clear()
    notebook.metadata.update(kept, title=report.title, **{MARK: _shown(report)})
    return cast("NotebookNode", notebook)


def _shown(report: Report) -> dict[str, str]:
    """Return the parameters as others may see them: a folder by its last name."""
    return {**report.parameters, "data": Path(report.parameters["data"]).name}


def _forget_folder(notebook: NotebookNode, report: Report) -> None:
    """Write the last name of the user's folder where papermill wrote its whole path."""
    shown = _shown(report)["data"]
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.get("tags", []):
            given, kept = (json.dumps(name) for name in (report.parameters["data"], shown))
            cell.source = cell.source.replace(f"data = {given}", f"data = {kept}")


def _failure(report: Report, reason: str) -> str:
    return f"{report.stem}: {report.template.name} failed and nothing was written: {reason}"
