"""Every check, in order, with one closing total: ``python tests/run.py [lint]``."""

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARALLEL = ("-n", "2", "--dist", "loadfile")
LINT = {
    "ruff check": ("ruff", "check", "."),
    "ruff format": ("ruff", "format", "--check", "."),
    "mypy": ("mypy",),
}


def tests() -> dict[str, tuple[str, ...]]:
    lessons = sorted(str(path) for path in (ROOT / "notebooks").glob("*.ipynb"))
    compare = ("--nbval", "--nbval-current-env", "--nbval-sanitize-with", "tests/nbval.cfg")
    return {
        "pytest": ("pytest", *PARALLEL, "tests"),
        "lessons, compared with their outputs": ("pytest", *compare, *PARALLEL, *lessons),
    }


def run(name: str, *command: str) -> bool:
    """Run one stage with this environment's Python; say how long it took."""
    print(f"\n== {name}", flush=True)
    start = time.monotonic()
    # In a lesson, a progress bar would be an output on slow machines only.
    quiet = os.environ | ({"TQDM_DISABLE": "1"} if "--nbval" in command else {})
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env=quiet, check=False)
    print(f"== {name}: {time.monotonic() - start:.0f} s, exit {done.returncode}", flush=True)
    return done.returncode == 0


def counts(report: Path) -> tuple[int, int, int]:
    """Passed, failed and skipped tests of a JUnit report."""
    suites = list(ET.parse(report).iter("testsuite"))
    total, failures, errors, skipped = (
        sum(int(suite.get(key, 0)) for suite in suites)
        for key in ("tests", "failures", "errors", "skipped")
    )
    return total - failures - errors - skipped, failures + errors, skipped


def main() -> int:
    linted = [run(name, *command) for name, command in LINT.items()]
    if not all(linted):
        return 1
    if sys.argv[1:] == ["lint"]:
        return 0
    good, totals = True, [0, 0, 0]
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, command) in enumerate(tests().items()):
            report = Path(folder, f"{number}.xml")
            good &= run(name, *command, f"--junitxml={report}")
            if report.exists():
                totals = [sum(pair) for pair in zip(totals, counts(report), strict=True)]
    print("\ntotal: {} passed, {} failed, {} skipped".format(*totals))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
