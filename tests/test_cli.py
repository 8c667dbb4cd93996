"""Each command says what it did or what was wrong with what it was given, and exits so."""

import runpy
import sys

import pytest

import cancerres_kit
from cancerres_kit import DataError, cli, lessons, reports, schema
from cancerres_kit.schema import Problem


@pytest.fixture
def run(capsys):
    """Run a command; return exit code, standard output and standard error."""

    def command(*arguments):
        try:
            code = cli.main(arguments)
        except SystemExit as stopped:
            code = stopped.code
        return code, *capsys.readouterr()

    return command


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "arguments are required: COMMAND"),
        (["vlidate"], "unknown command 'vlidate'; nearest: 'validate'; commands: lab, lessons,"),
        (["xyz"], "unknown command 'xyz'; commands: lab, lessons, validate, report"),
        (["lessons", "--ouy"], "unrecognized arguments: --ouy"),
        (
            ["report", "mechanism", "x", "--ot=y"],
            "unrecognized arguments: --ot=y; nearest: '--out'",
        ),
        (["report"], "give KIND and ID, or --each KIND; for example: cancerres report mechanism"),
        (["report", "mechanism"], "give KIND and ID, or --each KIND"),
        (["report", "mechanism", "x", "--each", "mechanism"], "give KIND and ID, or --each KIND"),
        (["report", "mechanism", "x", "--set", "level"], "--set needs NAME=VALUE, such as level="),
        (["report", "mechanism", "x", "--set", "=x"], "not '=x'"),
        (["validate", "a", "b"], "unrecognized arguments: b"),
    ],
)
def test_misuse_is_explained_with_exit_code_2(run, arguments, said):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.startswith("usage: cancerres")


def test_version(run):
    assert run("--version") == (0, f"cancerres-kit {cancerres_kit.__version__}\n", "")


def test_each_command_has_help(run):
    for command in ("lab", "lessons", "validate", "report"):
        code, out, _ = run(command, "--help")
        assert code == 0
        assert out.startswith(f"usage: cancerres {command}")


def test_lessons_are_listed(run):
    code, out, err = run("lessons")
    assert (code, err) == (0, "")
    for lesson in lessons.catalogue().itertuples():
        assert f"\n{lesson.number}   {lesson.title}" in out
        assert lesson.claim in out


def test_shipped_data_are_valid(run):
    code, out, err = run("validate")
    assert (code, err) == (0, "")
    assert out.endswith("no problems\n")
    assert all(name in out for name in schema.read())


def test_all_problems_of_a_folder_are_listed(run, monkeypatch, tmp_path):
    found = [
        Problem("claims.csv", 12, "relation", "overcome", "not allowed; nearest: 'overcomes'"),
        Problem("genes.csv", None, None, None, "is missing"),
    ]
    monkeypatch.setattr(schema, "validate", lambda _: found)
    code, out, err = run("validate", str(tmp_path))
    assert code == 1
    assert out.splitlines() == [str(problem) for problem in found]
    assert err == f"cancerres: 2 problems in {tmp_path}\n"


def test_a_folder_that_is_not_there_is_an_error(run, tmp_path):
    code, out, err = run("validate", str(tmp_path / "nowhere"))
    assert code == 1
    assert "nowhere" in out + err
    assert "Traceback" not in out + err


def test_a_report_is_asked_for_with_its_parameters(run, monkeypatch):
    asked = []
    monkeypatch.setattr(
        reports, "run", lambda *ids, **rest: asked.append((ids, rest)) or ["a.html"]
    )
    arguments = ("report", "mechanism", "x", "--out", "o", "--data", "d", "--set", "cancer_type=y")
    assert run(*arguments) == (0, "a.html\n", "")
    chosen = {"out": "o", "data": "d", "parameters": {"cancer_type": "y"}, "progress": True}
    assert asked == [(("mechanism", "x"), chosen)]


def test_a_report_on_each_is_asked_for(run, monkeypatch):
    asked = []
    monkeypatch.setattr(reports, "run_each", lambda kind, **rest: asked.append((kind, rest)) or [])
    assert run("report", "--each", "cancer_type", "--out", "o") == (0, "", "")
    assert asked == [("cancer_type", {"out": "o", "data": None, "parameters": {}})]


@pytest.mark.parametrize(
    "error",
    [DataError("unknown mechanism"), OSError("no room"), RuntimeError("failed"), ImportError("x")],
)
def test_what_cannot_be_done_is_said_without_traceback(run, monkeypatch, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(reports, "run", fail)
    assert run("report", "mechanism", "x") == (1, "", f"cancerres: {error}\n")


def test_an_interruption_is_said(run, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(reports, "run", interrupt)
    code, out, err = run("report", "mechanism", "x")
    assert (code, out) == (130, "")
    assert "interrupted" in err


class Lab:
    """Stands for JupyterLab: keeps what it was started with."""

    def __init__(self, monkeypatch):
        self.started = None
        monkeypatch.setattr("jupyterlab.labapp.main", self)

    def __call__(self, arguments):
        self.started = arguments


@pytest.fixture
def lab(monkeypatch):
    pytest.importorskip("jupyterlab")
    return Lab(monkeypatch)


def test_lab_opens_the_start_lesson(run, lab):
    code, _, _ = run("lab")
    assert code == 0
    assert lab.started == [str(lessons.find("00"))]


def test_lab_hands_options_on(run, lab):
    run("lab", "10", "--no-browser", "--port=8890")
    assert lab.started == [str(lessons.find("10")), "--no-browser", "--port=8890"]


def test_lab_refuses_an_unknown_lesson(run, lab):
    code, _, err = run("lab", "99")
    assert (code, lab.started) == (1, None)
    assert "unknown lesson '99'" in err


def test_lab_of_an_installed_package_opens_a_copy(run, lab, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(lessons, "installed", lambda: True)
    code, out, _ = run("lab")
    copied = cli.COPY / lessons.find("00").name
    assert code == 0
    assert lab.started == [str(copied)]
    assert (tmp_path / copied).is_file()
    assert str(tmp_path / cli.COPY) in out


def test_lab_without_jupyterlab_says_how_to_install_it(run, monkeypatch):
    monkeypatch.setattr(cli, "find_spec", lambda _: None)
    code, out, err = run("lab")
    assert (code, out) == (1, "")
    assert 'pip install "cancerres-kit[lab]"' in err


def test_the_module_is_a_program(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["cancerres", "--version"])
    with pytest.raises(SystemExit):
        runpy.run_module("cancerres_kit", run_name="__main__")
    assert cancerres_kit.__version__ in capsys.readouterr().out


def test_an_empty_folder_name_is_refused(run):
    code, out, err = run("validate", "")
    assert (code, out) == (1, "")
    assert "names no folder; leave it out" in err
    code, _, err = run("report", "mechanism", "dna_methylation", "--data", "")
    assert code == 1
    assert "names no folder" in err
