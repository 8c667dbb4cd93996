"""Run lessons and write them in the one form that is committed.

``python tests/canonical.py [--check] [--no-run] [FILE ...]``; without files, every lesson.
Two runs give the same bytes: random ids are numbered, widget state and versions are dropped.
"""

import argparse
import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # a debugger's remark on stderr

import nbformat
from anatomy import lessons
from nbclient import NotebookClient

SECONDS_PER_CELL = 120
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
WIDGET = "application/vnd.jupyter.widget-view+json"
RANDOM_TEXT = (
    (re.compile(r"'uid': '[0-9A-Za-z-]+'"), "'uid': 'UID'"),
    (re.compile(r"\bT_[0-9a-f]{5}(?=[\s_\"{])"), "T_style"),
    (re.compile(r"0x[0-9a-f]{6,16}"), "0xADDR"),
    (re.compile(r"IPY_MODEL_[0-9a-f]{32}"), "IPY_MODEL"),
)


def execute(notebook: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    """Run all cells in `folder` with this environment's kernel; a cell that hangs is an error."""
    client = NotebookClient(
        notebook,
        timeout=SECONDS_PER_CELL,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],  # each kernel start warns of its local connection
        resources={"metadata": {"path": str(folder)}},
    )
    return client.execute()


def canonicalise(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy with fixed ids, counts and metadata; sources and meaningful outputs are kept."""
    result = nbformat.from_dict(
        {
            "cells": [_cell(cell, position) for position, cell in enumerate(notebook.cells)],
            "metadata": {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )
    if "cancerres" in notebook.metadata:
        result.metadata["cancerres"] = notebook.metadata["cancerres"]
    _number_runs(result)
    _number_models(result)
    return result


def text(notebook: nbformat.NotebookNode) -> str:
    """The canonical file content of a notebook."""
    nbformat.validate(notebook := canonicalise(notebook))
    return nbformat.writes(notebook) + "\n"


def _cell(cell: nbformat.NotebookNode, position: int) -> dict:
    kept = {
        "cell_type": cell.cell_type,
        "id": f"cell-{position:02d}",
        "metadata": {"tags": list(cell.metadata.tags)} if cell.metadata.get("tags") else {},
        "source": cell.source,
    }
    if cell.cell_type == "code":
        kept["execution_count"] = cell.execution_count
        kept["outputs"] = _outputs(cell.outputs)
    return kept


def _outputs(outputs: list) -> list[dict]:
    kept = []
    for output in outputs:
        output = {key: _steady(value) for key, value in output.items()}
        if "metadata" in output:
            output["metadata"] = {}
        previous = kept[-1] if kept else {}
        if output["output_type"] == "stream" and previous.get("name") == output["name"]:
            previous["text"] += output["text"]
        else:
            kept.append(output)
    return kept


def _steady(value):
    """The value with every random identifier in its texts replaced."""
    if isinstance(value, dict):
        return {key: _steady(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_steady(item) for item in value]
    if isinstance(value, str):
        for pattern, name in RANDOM_TEXT:
            value = pattern.sub(name, value)
    return value


def _number_runs(notebook: nbformat.NotebookNode) -> None:
    ran = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.execution_count is not None
    ]
    for count, cell in enumerate(ran, start=1):
        cell.execution_count = count
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = count


def _number_models(notebook: nbformat.NotebookNode) -> None:
    numbers: dict[str, str] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            view = output.get("data", {}).get(WIDGET)
            if view:
                model = view["model_id"]
                view["model_id"] = numbers.setdefault(model, f"model-{len(numbers):02d}")


def refresh(path: Path, *, check: bool, run: bool) -> bool:
    """Bring one file into canonical form (or only compare); True if it was so already."""
    before = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(before, as_version=4)
    after = text(execute(notebook, path.parent) if run else notebook)
    if before != after and not check:
        path.write_text(after, encoding="utf-8", newline="\n")
    return before == after


def main(arguments: list[str] | None = None) -> int:
    os.environ.setdefault("TQDM_DISABLE", "1")  # a bar would show on slow machines only
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only say what differs")
    parser.add_argument("--no-run", action="store_true", help="keep the outputs as they are")
    parser.add_argument("files", nargs="*", type=Path, help="default: every lesson")
    options = parser.parse_args(arguments)
    differing = 0
    for path in options.files or lessons():
        same = refresh(path, check=options.check, run=not options.no_run)
        differing += not same
        change = "unchanged" if same else "differs" if options.check else "written"
        print(f"{path}: {change}", flush=True)
    return int(options.check and differing > 0)


if __name__ == "__main__":
    sys.exit(main())
