"""``python -m benchmarks``: every target with what was measured; exit 1 if one is missed.

Times are ratios of two things measured in turns in the same run, so that they hold on any machine.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pandas as pd
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

import cancerres_kit
from benchmarks import models as lab
from benchmarks.cohort import cohort, write_release
from benchmarks.plain_match import expressions, plain_match
from cancerres_kit import civic, profiles

ROOT = Path(__file__).resolve().parent.parent
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
COLD_STARTS = 15
LESSON_ROUNDS = 2
RELEASE_ROUNDS = 9
TUMOURS, LOOPED = 10_000, 10
LOAD = "import cancerres_kit; cancerres_kit.load()"
BASELINE = "import pandas"
PLAIN_NOTEBOOK = """\
import ipywidgets
import pandas as pd
import plotly.graph_objects as go

go.FigureWidget(go.Bar(y=[1, 2, 3]))"""


@dataclass(frozen=True)
class Target:
    """A measured value and the most it may be."""

    name: str
    value: float
    most: float
    detail: str

    @property
    def met(self) -> bool:
        return self.value <= self.most


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def cold(code: str) -> None:
    """Run code in a process of its own."""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def in_turns(rounds: int, *actions: Callable[[], object]) -> list[float]:
    """Median seconds of each action; they alternate, so that a busy moment hits all."""
    for action in actions:  # one turn that does not count, after which every import is compiled
        action()
    measured = [[seconds(action) for action in actions] for _ in range(rounds)]
    return [statistics.median(times) for times in zip(*measured, strict=True)]


def execute(notebooks: list[nbformat.NotebookNode]) -> None:
    """Run notebooks one after the other, each in a fresh kernel."""
    for notebook in notebooks:
        folder = {"metadata": {"path": str(ROOT / "notebooks")}}
        NotebookClient(
            notebook,
            timeout=120,
            kernel_name="python3",
            resources=folder,
            extra_arguments=["--log-level=ERROR"],
        ).execute()


def loading() -> Target:
    ours, pandas = in_turns(COLD_STARTS, lambda: cold(LOAD), lambda: cold(BASELINE))
    detail = f"{ours:.2f} s against {pandas:.2f} s"
    return Target("import and load / import pandas", ours / pandas, 1.25, detail)


def running() -> Target:
    plain = new_notebook(cells=[new_code_cell(PLAIN_NOTEBOOK)])
    ours, baseline = in_turns(
        LESSON_ROUNDS,
        lambda: execute([nbformat.read(path, as_version=4) for path in LESSONS]),
        lambda: execute([plain.copy() for _ in LESSONS]),
    )
    detail = f"{len(LESSONS)} lessons: {ours:.1f} s against {baseline:.1f} s"
    return Target("lessons / as many plain notebooks", ours / baseline, 2.0, detail)


def largest(name: str, paths: list[Path], most: float, unit: float) -> Target:
    path = max(paths, key=lambda file: file.stat().st_size)
    return Target(name, path.stat().st_size / unit, most, path.name)


def report() -> Target:
    with tempfile.TemporaryDirectory() as folder:
        command = ("cancerres_kit.cli", "report", "cancer_type", "breast_cancer", "--out", folder)
        code = f"import sys; from {command[0]} import main; sys.exit(main({list(command[1:])!r}))"
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        return largest("largest report, MB", list(Path(folder).rglob("*.html")), 5.5, 1e6)


def matching() -> list[Target]:
    """Measure a full release of CIViC: reading it, matching one tumour, matching a cohort."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "release.tsv")
        origin = write_release(path)
        load, read = in_turns(
            RELEASE_ROUNDS, lambda: civic.load(path), lambda: pd.read_csv(path, sep="\t")
        )
        atlas = cancerres_kit.load().with_evidence(civic.load(path))
    tumours, read_profiles = cohort(atlas, TUMOURS), expressions(atlas)
    profiles.match(atlas, tumours[0], other_genes=True)  # the index is made once
    one = statistics.median(
        seconds(lambda: profiles.match(atlas, tumour, other_genes=True))  # noqa: B023
        for tumour in tumours[:100]
    )
    many = seconds(lambda: profiles.match_many(atlas, tumours, other_genes=True))
    loop = seconds(lambda: plain_match(atlas, tumours[:LOOPED], read_profiles)) * TUMOURS / LOOPED
    detail = f"{len(atlas.evidence)} items ({origin}): {load * 1e3:.0f} ms"
    cohorts = f"{TUMOURS} tumours: {many:.1f} s against {loop:.0f} s"
    return [
        Target("CIViC release / pandas.read_csv", load / read, 3, detail),
        Target("one tumour of 20 alterations, ms", one * 1e3, 20, "median of 100"),
        Target("cohort, % of a plain loop", many / loop * 100, 2, cohorts),
    ]


def resistance_lab() -> list[Target]:
    """Measure the models against what they must draw, a peer, and one patient."""
    spent, ratio, drawn = lab.cohort()
    patient, peer = spent / lab.PATIENTS, lab.peer()
    compared = f"{patient * 1e6:.0f} us against {peer:.0f} s, extrapolated"
    followed, detail = lab.competition()
    slowest, views = lab.views()
    return [
        Target("10,000 tumours / their random numbers", ratio, 15, drawn),
        Target("one tumour, millionths of rebop's", patient / peer * 1e6, 1, compared),
        Target("1,000 patients adaptively / one", followed, 12, detail),
        Target("slowest explorer of a model, ms", slowest, 60, views),
    ]


def main() -> int:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    targets = [
        *matching(),
        *resistance_lab(),
        loading(),
        running(),
        largest("largest lesson, kB", LESSONS, 200, 1e3),
        report(),
    ]
    print(f"{'target':<38}{'measured':>9}{'at most':>9}")
    for target in targets:
        missed = "" if target.met else "  MISSED"
        print(f"{target.name:<38}{target.value:>9.2f}{target.most:>9.2f}  {target.detail}{missed}")
    return 0 if all(target.met for target in targets) else 1


if __name__ == "__main__":
    sys.exit(main())
