"""The command ``cancerres``: open the lessons, check data, write reports.

Each command is one function that returns its exit code; whatever cannot be done is said on the
error stream in the words of the error itself, without a traceback.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import cancerres_kit
from cancerres_kit.schema import DataError, problems

FAILED = 1
MISUSED = 2
INTERRUPTED = 130
COPY = Path("cancerres-lessons")
START = "00"
EXAMPLE = "for example: cancerres report mechanism dna_methylation --out reports"
EXPECTED = (DataError, OSError, ImportError, RuntimeError)


class _Parser(argparse.ArgumentParser):
    """A parser that names the nearest command or option when it is given one it does not know."""

    def error(self, message: str) -> NoReturn:
        words = message.removeprefix("unrecognized arguments: ").split()
        options = [name for action in self._actions for name in action.option_strings]
        if message.startswith("unrecognized arguments: ") and words[0].startswith("-"):
            message += problems.hint(words[0].partition("=")[0], options)
        self.print_usage(sys.stderr)
        self.exit(MISUSED, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        Arguments after the command's name; those of the process if not given.

    Returns
    -------
    int
        0 if done, 1 if it could not be done or problems were found, 130 if interrupted.

    Raises
    ------
    SystemExit
        With 2 if the command was misused, with 0 after ``--help`` and ``--version``.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser, commands = _parser()
    if given and not given[0].startswith("-") and given[0] not in commands:
        hint = problems.hint(given[0], commands)
        parser.error(f"unknown command {given[0]!r}{hint}; commands: {', '.join(commands)}")
    options, rest = parser.parse_known_args(given)
    if rest and options.command != "lab":
        commands[options.command].error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        print("cancerres: interrupted; no file was left half-written", file=sys.stderr)
        return INTERRUPTED
    except EXPECTED as error:
        print(f"cancerres: {error}", file=sys.stderr)
        return FAILED


def _parser() -> tuple[_Parser, dict[str, _Parser]]:
    about = "Why cancers resist therapy: lessons, data and reports."
    parser = _Parser(prog="cancerres", description=about)
    version = f"cancerres-kit {cancerres_kit.__version__}"
    parser.add_argument("--version", action="version", version=version)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    lab = commands.add_parser(
        "lab",
        help="open the lessons in JupyterLab",
        description="Open the lessons in JupyterLab. Options not listed here go to JupyterLab.",
    )
    lab.add_argument("lesson", nargs="?", default=START, help="number or slug of a lesson (00)")
    lab.set_defaults(run=_lab)
    listed = commands.add_parser("lessons", help="list the lessons")
    listed.set_defaults(run=_lessons)
    validate = commands.add_parser("validate", help="check the shipped data or your own")
    validate.add_argument("folder", nargs="?", help="folder with datapackage.json and CSV files")
    validate.set_defaults(run=_validate)
    report = commands.add_parser("report", help="write reports that open without network")
    _add_report_arguments(report)
    return parser, commands.choices


def _add_report_arguments(report: _Parser) -> None:
    report.add_argument("kind", nargs="?", help="cancer_type, mechanism, strategy or profile")
    report.add_argument(
        "id",
        nargs="?",
        help="what the report is about, such as breast_cancer; of a profile its CSV or MAF",
    )
    report.add_argument("--each", metavar="KIND", help="one report for each row of that kind")
    report.add_argument(
        "--out", metavar="DIR", default="reports", help="folder for the reports (reports)"
    )
    report.add_argument("--data", metavar="FOLDER", help="data of your own, not the shipped data")
    report.add_argument(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="another parameter of the report, such as level=epigenetic",
    )
    report.set_defaults(run=_report, misused=report.error)


def _lab(options: argparse.Namespace) -> int:
    from cancerres_kit import lessons

    if find_spec("jupyterlab") is None:
        raise ModuleNotFoundError('JupyterLab is missing: pip install "cancerres-kit[lab]"')
    path = lessons.find(options.lesson)
    if lessons.installed():
        lessons.copy(COPY)
        path = COPY / path.name
        print(f"Lessons are in {COPY.resolve()}; files that were there are as you left them.")
    from jupyterlab.labapp import main as open_lab

    return int(open_lab([str(path), *options.rest]) or 0)


def _lessons(_: argparse.Namespace) -> int:
    from cancerres_kit import lessons

    table = lessons.catalogue()
    width = max(map(len, [*table["title"], "Lesson"]))
    row = f"{{:<4}} {{:<{width}}}  {{:>7}}  {{}}"
    print(row.format("No.", "Lesson", "Minutes", "After"))
    for lesson in table.itertuples():
        print(row.format(lesson.number, lesson.title, lesson.minutes, lesson.prerequisites))
        print(f"     {lesson.claim}")
    print("\nOpen one with: cancerres lab NUMBER")
    return 0


def _validate(options: argparse.Namespace) -> int:
    from cancerres_kit import schema

    folder = schema.data_root() if options.folder is None else options.folder
    found = schema.validate(folder)
    for problem in found:
        print(problem)
    if found:
        noun = "problem" if len(found) == 1 else "problems"
        print(f"cancerres: {len(found)} {noun} in {os.fspath(folder)}", file=sys.stderr)
        return FAILED
    rows = {name: len(table) for name, table in schema.read(folder).items()}
    for name, count in rows.items():
        print(f"{name:<24} {count:>6} rows")
    print(f"{len(rows)} tables, {sum(rows.values())} rows in {os.fspath(folder)}: no problems")
    return 0


def _report(options: argparse.Namespace) -> int:
    from cancerres_kit import reports

    parameters = dict(_assignment(text, options) for text in options.set)
    out, data = options.out, options.data
    if options.each and not options.kind:
        written = reports.run_each(options.each, out=out, data=data, parameters=parameters)
    elif options.id and not options.each:
        written = reports.run(
            options.kind,
            options.id,
            out=out,
            data=data,
            parameters=parameters,
            progress=True,
        )
    else:
        options.misused(f"give KIND and ID, or --each KIND; {EXAMPLE}")
    for path in written:
        print(path)
    return 0


def _assignment(text: str, options: argparse.Namespace) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        options.misused(f"--set needs NAME=VALUE, such as level=epigenetic, not {text!r}")
    return name, value
