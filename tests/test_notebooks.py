"""Lessons keep one anatomy, are committed as run, and work with other parameters."""

import ast
import builtins
import re
from pathlib import Path

import nbformat
import papermill
import pytest
from anatomy import (
    CLOSING,
    CUTS,
    DISCLAIMER,
    EXERCISE_COUNT,
    EXERCISES,
    FILE_NAME,
    LESSON_LINK,
    METADATA,
    MOST_BYTES,
    MOST_LINES,
    NOTEBOOKS,
    OBJECTIVES,
    PREDICTION,
    QUESTIONS,
    READINGS,
    ROOT,
    SETUPS,
    TAGS,
    TITLE_CELL,
    TRY_IT,
    Lesson,
    cut,
    displayed,
    lessons,
    stray_digits,
    tags,
)
from canonical import SECONDS_PER_CELL, WIDGET, canonicalise, text

PLOTLY = "application/vnd.plotly.v1+json"
FORBIDDEN = (
    ast.AsyncFunctionDef,
    ast.AsyncFor,
    ast.ClassDef,
    ast.For,
    ast.FunctionDef,
    ast.Lambda,
    ast.While,
)
STYLING = re.compile(
    r"update_\w+|add_(trace|annotation|shape|hline|vline)\w*|set_\w*(title|label)\w*"
)

each_lesson = pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)


def parameters(lesson: Lesson) -> dict:
    """Names and defaults of the parameters cell."""
    (cell,) = [cell for cell in lesson.code if "parameters" in tags(cell)]
    values = {}
    for node in ast.parse(cell.source).body:
        assert isinstance(node, ast.Assign | ast.AnnAssign), f"no assignment: {ast.unparse(node)}"
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        assert isinstance(target, ast.Name)
        values[target.id] = ast.literal_eval(node.value)
    return values


def alternatives() -> list:
    return [
        pytest.param(path, chosen, id=f"{path.stem}-{'-'.join(map(str, chosen.values()))}")
        for path in lessons()
        for chosen in Lesson.read(path).facts.get("alternatives", [])
    ]


def test_there_is_a_start_lesson():
    assert NOTEBOOKS / "00_start_here.ipynb" in lessons()


def test_numbers_of_lessons_are_unique():
    numbers = [path.name[:2] for path in lessons()]
    assert len(numbers) == len(set(numbers))


@each_lesson
def test_file_name(path):
    assert FILE_NAME.fullmatch(path.name)


@each_lesson
def test_file_is_canonical_and_small(path):
    before = path.read_text(encoding="utf-8")
    assert before == text(nbformat.reads(before, as_version=4)), (
        f"run: python tests/canonical.py notebooks/{path.name}"
    )
    assert len(before.encode()) <= MOST_BYTES


@each_lesson
def test_every_code_cell_was_run_in_order(path):
    counts = [cell.execution_count for cell in Lesson.read(path).code]
    assert counts == list(range(1, len(counts) + 1))


@each_lesson
def test_outputs_are_kept_and_quiet(path):
    lesson = Lesson.read(path)
    outputs = [output for cell in lesson.code for output in cell.outputs]
    assert any(PLOTLY in output.get("data", {}) for output in outputs), "no figure is kept"
    assert "widgets" not in lesson.notebook.metadata
    assert not [output for output in outputs if output.output_type == "error"]
    assert not [output for output in outputs if output.get("name") == "stderr"]


@each_lesson
def test_cells_call_and_never_define(path):
    for cell in Lesson.read(path).code:
        assert len(cell.source.splitlines()) <= MOST_LINES, cell.source
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, FORBIDDEN), f"{type(node).__name__} in:\n{cell.source}"
            if isinstance(node, ast.Import):
                assert [name.name for name in node.names] == ["cancerres_kit"]
            if isinstance(node, ast.ImportFrom):
                assert node.module == "cancerres_kit"
            if isinstance(node, ast.Attribute):
                assert not STYLING.fullmatch(node.attr), (
                    f"styling belongs into figures: {node.attr}"
                )


@each_lesson
def test_digits_in_prose_are_computed(path):
    stray = [
        line
        for cell in Lesson.read(path).cells
        if cell.cell_type == "markdown"
        for line in stray_digits(cell.source)
    ]
    assert not stray, "compute these numbers and show them from a code cell"


@each_lesson
def test_title_cell_and_metadata_agree(path):
    lesson = Lesson.read(path)
    title = TITLE_CELL.fullmatch(lesson.cells[0].source.strip())
    assert title, "the first cell is: # NN Title / *claim* / **NN minutes** · Prerequisites: ..."
    facts = lesson.facts
    assert set(facts) == METADATA
    assert facts["number"] == title["number"] == path.name[:2]
    assert facts["title"] == title["title"]
    assert facts["claim"] == title["claim"]
    assert facts["minutes"] == int(title["minutes"])
    links = LESSON_LINK.findall(title["prerequisites"])
    assert title["prerequisites"] == (
        ", ".join(f"[{number}]({name})" for number, name in links) or "none"
    )
    assert facts["prerequisites"] == [number for number, _ in links]
    assert all(name.startswith(number) for number, name in links)


@each_lesson
def test_readme_lists_the_lesson(path):
    facts = Lesson.read(path).facts
    row = f"| [{facts['number']}](notebooks/{path.name}) | {facts['title']} | {facts['claim']} |"
    assert row in (ROOT / "README.md").read_text(encoding="utf-8")


@each_lesson
def test_prerequisites_are_earlier_lessons(path):
    earlier = {other.name[:2] for other in lessons() if other.name < path.name}
    assert set(Lesson.read(path).facts["prerequisites"]) <= earlier


@each_lesson
def test_links_to_lessons_lead_somewhere(path):
    targets = re.findall(
        r"\]\(([^)#\s]+\.ipynb)", "\n".join(cell.source for cell in Lesson.read(path).cells)
    )
    assert not [target for target in targets if not (NOTEBOOKS / target).is_file()]


@each_lesson
def test_headings_in_order(path):
    lesson = Lesson.read(path)
    headings = [section.heading for section in lesson.sections]
    questions = [section.heading for section in lesson.questions]
    assert headings == [OBJECTIVES, *questions, TRY_IT, EXERCISES, *CLOSING]
    assert len(questions) in QUESTIONS


@each_lesson
def test_opening(path):
    lesson = Lesson.read(path)
    title, objectives, chosen, setup = lesson.cells[:4]
    assert title.cell_type == "markdown"
    assert [line[:4] for line in objectives.source.splitlines() if line.startswith("- ")] == [
        "- **"
    ] * 3
    assert "parameters" in tags(chosen)
    assert parameters(lesson)
    assert setup.source in SETUPS
    assert len(lesson.section(OBJECTIVES).cells) == 3


@each_lesson
def test_each_question_is_predicted_shown_and_read(path):
    for section in Lesson.read(path).questions:
        question, *code = section.cells
        assert f"\n{PREDICTION}" in question.source, section.heading
        assert [cell.cell_type for cell in code] == ["code", "code"], section.heading
        shown, reading = code
        assert displayed(shown, PLOTLY) or displayed(shown, "text/html"), section.heading
        assert displayed(reading, "text/markdown").startswith(READINGS), section.heading


@each_lesson
def test_try_it_has_one_explorer_between_figure_and_printed_change(path):
    lesson = Lesson.read(path)
    task, *code = lesson.section(TRY_IT).cells
    assert task.cell_type == "markdown"
    assert [cell.cell_type for cell in code] == ["code"] * 3
    static, explorer, driven = code
    assert displayed(static, PLOTLY)
    assert displayed(explorer, WIDGET)
    assert [output.get("name") for output in driven.outputs] == ["stdout"]
    assert sum(bool(displayed(cell, WIDGET)) for cell in lesson.code) == 1


@each_lesson
def test_each_exercise_has_its_solution(path):
    introduction, *cells = Lesson.read(path).section(EXERCISES).cells
    assert introduction.cell_type == "markdown"
    tasks, solutions = cells[::2], cells[1::2]
    assert len(tasks) == len(solutions) in EXERCISE_COUNT
    for letter, task in zip("ABCDEF", tasks, strict=False):
        assert task.source.startswith(f"### Exercise {letter}: ")
        assert "solution" not in tags(task)
    assert all("solution" in tags(solution) for solution in solutions)


@each_lesson
def test_closing(path):
    lesson = Lesson.read(path)
    for name in CLOSING[:-1]:
        (cell,) = lesson.section(name).cells
        assert len(cell.source.splitlines()) > 1, f"{name} says nothing"
    assert DISCLAIMER in lesson.section("At the bedside").cells[0].source
    prose, references = lesson.section("References").cells
    assert prose.cell_type == "markdown"
    assert displayed(references, "text/html")


@each_lesson
def test_tags_and_cuts(path):
    lesson = Lesson.read(path)
    for cell in lesson.cells:
        assert set(tags(cell)) <= TAGS
        assert sum(tag in CUTS for tag in tags(cell)) == 1, cell.source
    assert lesson.facts["minutes"] == max(int(cut(cell)[-2:]) for cell in lesson.cells)
    always = [*lesson.cells[:4], *lesson.section("References").cells]
    assert {cut(cell) for cell in always} == {CUTS[0]}
    assert any({cut(cell) for cell in section.cells} == {CUTS[0]} for section in lesson.questions)


@each_lesson
@pytest.mark.parametrize("shorter", CUTS)
def test_a_cut_runs_on_its_own(path, shorter):
    known = set(dir(builtins))
    for cell in Lesson.read(path).code:
        if CUTS.index(cut(cell)) <= CUTS.index(shorter):
            names = list(ast.walk(ast.parse(cell.source)))
            known |= {node.id for node in names if isinstance(node, ast.Name) and _is_stored(node)}
            known |= {node.asname or node.name for node in names if isinstance(node, ast.alias)}
            unknown = {node.id for node in names if isinstance(node, ast.Name)} - known
            assert not unknown, f"{unknown} come from a longer cut:\n{cell.source}"


def _is_stored(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


@each_lesson
def test_speaker_notes_cover_every_question_and_the_task(path):
    lesson = Lesson.read(path)
    notes = lesson.facts["notes"]
    assert set(notes) == {section.heading for section in lesson.questions} | {TRY_IT}
    assert all(note.strip() for note in notes.values())


@each_lesson
def test_alternatives_name_parameters_and_differ(path):
    lesson = Lesson.read(path)
    defaults = parameters(lesson)
    assert lesson.facts["alternatives"]
    for chosen in lesson.facts["alternatives"]:
        assert set(chosen) <= set(defaults)
        assert {**defaults, **chosen} != defaults


@pytest.mark.parametrize(("path", "chosen"), alternatives())
def test_lesson_runs_on_another_topic(path, chosen, tmp_path):
    written = tmp_path / path.name
    papermill.execute_notebook(
        path,
        written,
        chosen,
        kernel_name="python3",
        cwd=NOTEBOOKS,
        progress_bar=False,
        execution_timeout=SECONDS_PER_CELL,
    )
    assert _shown(written) != _shown(path), "no output depends on the parameters"


def _shown(path: Path) -> list[str]:
    """What the cells of a run show, without the cell papermill puts in."""
    ran = canonicalise(nbformat.read(path, as_version=4))
    kept = [cell for cell in ran.cells if "injected-parameters" not in tags(cell)]
    outputs = [output for cell in kept for output in cell.get("outputs", [])]
    return [str(output.get("data", output.get("text"))) for output in outputs]
