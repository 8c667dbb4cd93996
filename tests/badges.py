"""Addresses of the repository in README.md, derived from pyproject.toml.

``python tests/badges.py --write`` rewrites them after `[project.urls] Repository` or the version
changed; without ``--write`` it says whether they agree.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START = "lab/tree/notebooks/00_start_here.ipynb"


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def repository() -> str:
    """Public address, as `https://github.com/owner/name`."""
    return project()["urls"]["Repository"]


def launch() -> str:
    """Binder address of the start lesson, at the version's tag so that its image is reused."""
    owner_and_name = repository().removeprefix("https://github.com/")
    return f"https://mybinder.org/v2/gh/{owner_and_name}/v{project()['version']}?urlpath={START}"


def addressed(text: str) -> str:
    """The text with every GitHub and Binder address replaced by the derived one."""
    text = re.sub(r"https://mybinder\.org/v2/gh/[^\s)\]>]+", launch(), text)
    return re.sub(r"https://github\.com/[\w-]+/[\w-]+", repository(), text)


def main() -> int:
    readme = ROOT / "README.md"
    before = readme.read_text(encoding="utf-8")
    after = addressed(before)
    if "--write" in sys.argv[1:]:
        readme.write_text(after, encoding="utf-8", newline="\n")
        return 0
    print("README.md agrees" if before == after else "README.md differs: run with --write")
    return int(before != after)


if __name__ == "__main__":
    sys.exit(main())
