"""What every lesson looks like: the one place for its headings, tags and limits.

CONTRIBUTING.md, "How a lesson is built", says the same in prose. Nothing here runs a notebook.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
FILE_NAME = re.compile(r"(?P<number>\d\d)_[a-z0-9]+(_[a-z0-9]+)*\.ipynb")

OBJECTIVES = "You will be able to"
TRY_IT = "Try it"
EXERCISES = "Exercises"
CLOSING = ("Takeaways", "What this does not show", "At the bedside", "References")
READINGS = ("### Reading the figure", "### Reading the table")
PREDICTION = "**Predict.**"
DISCLAIMER = "not medical advice"
# The whole atlas, or only what the review says.
SETUPS = (
    "import cancerres_kit as ck\n\natlas = ck.load()",
    'import cancerres_kit as ck\n\natlas = ck.load().of("rahimi2025")',
)

TITLE_CELL = re.compile(
    r"# (?P<number>\d\d) (?P<title>[^\n]+)\n\n"
    r"\*(?P<claim>[^*\n]+)\*\n\n"
    r"\*\*(?P<minutes>\d\d) minutes\*\* · Prerequisites: (?P<prerequisites>[^\n]+)"
)
LESSON_LINK = re.compile(r"\[(\d\d)\]\((\d\d_\w+\.ipynb)\)")

CUTS = ("minutes-20", "minutes-50", "minutes-90")
TAGS = frozenset({*CUTS, "parameters", "solution"})
METADATA = frozenset(
    {"number", "title", "claim", "minutes", "prerequisites", "alternatives", "notes"}
)

MOST_LINES = 10
MOST_BYTES = 200_000
QUESTIONS = range(3, 6)
EXERCISE_COUNT = range(2, 7)

# Every digit in a Markdown cell lies inside a match of one of these; other numbers are computed.
DIGITS_ALLOWED = (
    re.compile(r"\A# \d\d "),
    re.compile(r"\*\*\d\d minutes\*\*"),
    LESSON_LINK,
    re.compile(r"\]\([^)\s]+\)"),
    re.compile(r"\b[Ll]essons? \d\d(?:(?:, | and )\d\d)*\b"),
    re.compile(r"\((?:19|20)\d\d\)"),
    re.compile(r"`[A-Za-z_][\w.:-]*`"),
    re.compile(r"\b[A-Z][A-Z0-9]*(?:-[A-Z]*)?\d+[A-Z]?\b"),
)


@dataclass(frozen=True)
class Section:
    """The cells from one second-level heading to the next."""

    heading: str
    cells: tuple[nbformat.NotebookNode, ...]


@dataclass(frozen=True)
class Lesson:
    """A lesson file, cut at its headings."""

    path: Path
    notebook: nbformat.NotebookNode

    @classmethod
    def read(cls, path: Path) -> "Lesson":
        return cls(path, nbformat.read(path, as_version=4))

    @property
    def cells(self) -> list[nbformat.NotebookNode]:
        return self.notebook.cells

    @property
    def code(self) -> list[nbformat.NotebookNode]:
        return [cell for cell in self.cells if cell.cell_type == "code"]

    @property
    def facts(self) -> dict:
        return self.notebook.metadata.get("cancerres", {})

    @property
    def sections(self) -> list[Section]:
        starts = [i for i, cell in enumerate(self.cells) if heading(cell) is not None]
        ends = [*starts[1:], len(self.cells)]
        return [
            Section(heading(self.cells[start]), tuple(self.cells[start:end]))
            for start, end in zip(starts, ends, strict=True)
        ]

    @property
    def questions(self) -> list[Section]:
        return [section for section in self.sections if section.heading.endswith("?")]

    def section(self, name: str) -> Section:
        return next(section for section in self.sections if section.heading == name)


def lessons() -> list[Path]:
    """Every lesson file; what lies in folders below is no lesson."""
    return sorted(NOTEBOOKS.glob("*.ipynb"))


def heading(cell: nbformat.NotebookNode) -> str | None:
    """Text of the second-level heading that opens a Markdown cell, if one does."""
    if cell.cell_type != "markdown" or not cell.source.startswith("## "):
        return None
    return cell.source.splitlines()[0].removeprefix("## ").strip()


def tags(cell: nbformat.NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def cut(cell: nbformat.NotebookNode) -> str:
    """The one cut tag of a cell."""
    (only,) = [tag for tag in tags(cell) if tag in CUTS]
    return only


def stray_digits(markdown: str) -> list[str]:
    """Lines of a Markdown cell that hold a digit no pattern allows."""
    for pattern in DIGITS_ALLOWED:
        markdown = pattern.sub("", markdown)
    return [line for line in markdown.splitlines() if re.search(r"\d", line)]


def displayed(cell: nbformat.NotebookNode, mimetype: str) -> str:
    """Everything of one kind that a code cell shows, joined."""
    shown = [
        output["data"][mimetype] for output in cell.outputs if mimetype in output.get("data", {})
    ]
    return "\n".join("".join(text) for text in shown)
