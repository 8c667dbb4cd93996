"""What the README shows works as it stands there."""

import re
import shlex
import shutil
from pathlib import Path

import nbformat
import pytest

from cancerres_kit import cli, schema
from cancerres_kit.reports import headless

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
# A comment stands behind two spaces.
COMMANDS = [
    (block or inline).partition("  #")[0].strip()
    for block, inline in re.findall(r"^(cancerres .*)$|`(cancerres .*?)`", README, re.MULTILINE)
]
PROGRAMS = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
MAF = (
    "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\n"
    "BRAF\tMissense_Mutation\tS1\tp.V600E\nNRAS\tMissense_Mutation\tS2\tp.Q61K\n"
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with everything that the README takes for granted."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "notebooks" / "reports", tmp_path / "notebooks" / "reports")
    shutil.copytree(schema.data_root(), tmp_path / "my-folder")
    sample = ROOT / "tests" / "civic_sample.tsv"
    shutil.copy(sample, tmp_path / "nightly-ClinicalEvidenceSummaries.tsv")
    (tmp_path / "cohort.maf").write_text(MAF, encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", [one for one in COMMANDS if " lab" not in one])
def test_a_command_of_the_readme_works(command, monkeypatch, capsys):
    def run(report, _):
        return nbformat.v4.new_notebook(metadata={headless.MARK: report.parameters})

    monkeypatch.setattr(headless, "_executed", run)
    assert cli.main(shlex.split(command)[1:]) == 0
    assert capsys.readouterr().out


def test_the_programs_of_the_readme_work(folder, monkeypatch):  # noqa: ARG001
    import plotly.graph_objects as go

    shown = []
    monkeypatch.setattr(go.Figure, "show", lambda figure: shown.append(figure))
    names = {}
    for program in PROGRAMS:
        exec(program, names)
    assert len(shown) == README.count(".show()")
    assert len(names["found"])
    assert len(names["everything"].evidence) > len(names["atlas"].evidence)


def test_the_readme_shows_commands_and_programs():
    assert len(COMMANDS) > 5
    assert any("profile" in command for command in COMMANDS)
    assert len(PROGRAMS) > 2
