"""A report is complete or not there, says what it rests on, and shows hostile text as text."""

import ast
import csv
import dataclasses
import json
import re
import shutil

import nbformat
import pytest
from bs4 import BeautifulSoup

import cancerres_kit as ck
from cancerres_kit import DataError, lessons, links, reports, schema
from cancerres_kit.reports import dossier, genes, headless

KINDS = ("cancer_type", "mechanism", "strategy")
EVERY_KIND = (*KINDS, "profile")
TEMPLATES = lessons.notebooks_root() / "reports"
HOSTILE = "<script>document.title='hacked'</script>=cmd()"

each_kind = pytest.mark.parametrize("kind", KINDS)
every_kind = pytest.mark.parametrize("kind", EVERY_KIND)


@pytest.fixture(scope="module")
def atlas():
    return ck.load()


@pytest.fixture
def no_kernel(monkeypatch):
    """Fail if a template is run: what is refused must be refused before."""

    def run(*_):
        pytest.fail("a kernel was started")

    monkeypatch.setattr(headless, "write", run)


@pytest.fixture
def quick(monkeypatch):
    """Put an empty notebook in the place of a run, so that only files are tested."""

    def run(report, _):
        metadata = {headless.MARK: report.parameters}
        return nbformat.v4.new_notebook(metadata=metadata)

    monkeypatch.setattr(headless, "_executed", run)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A folder of one's own in which a cancer type has a name that attacks."""
    folder = tmp_path_factory.mktemp("own") / "data {of} mine"
    shutil.copytree(schema.data_root(), folder)
    table = folder / "cancer_types.csv"
    with table.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    rows = [[row[0], row[1], HOSTILE, *row[3:]] if row[0] == "lung_cancer" else row for row in rows]
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return folder


@pytest.fixture(scope="module")
def hostile_report(hostile, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "{braces}"
    chosen = {"level": "genetic"}
    return reports.run("cancer_type", "lung_cancer", out=out, data=hostile, parameters=chosen)


def page(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


# What is refused


@pytest.mark.usefixtures("no_kernel")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("mechansim", "dna_methylation"),
            "unknown kind of report 'mechansim'; nearest: 'mechanism'",
        ),
        (("../mechanism", "dna_methylation"), "unknown kind of report '../mechanism'"),
        (("mechanism", "dna_metylation"), "'dna_metylation'; nearest: 'dna_methylation'"),
        (("mechanism", ""), "unknown mechanism ''"),
        (("mechanism", "../../dna_methylation"), "unknown mechanism '../../dna_methylation'"),
        (("cancer_type", "lung_cancer", {"leve": "genetic"}), "'leve'; nearest: 'level'"),
        (
            ("cancer_type", "lung_cancer", {"data": "x"}),
            "unknown parameter of a cancer type report",
        ),
        (("cancer_type", "lung_cancer", {"level": "genetics"}), "'genetics'; nearest: 'genetic'"),
        (("mechanism", "host_immunity", {"cancer_type": "lung"}), "unknown cancer type 'lung'"),
    ],
)
def test_what_does_not_exist_is_refused_before_anything_is_written(arguments, said, tmp_path):
    kind, key, *chosen = arguments
    with pytest.raises(DataError, match=re.escape(said)):
        reports.run(kind, key, out=tmp_path / "out", parameters=chosen[0] if chosen else None)
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("no_kernel")
def test_one_report_for_each_of_an_unknown_kind(tmp_path):
    with pytest.raises(DataError, match="nearest: 'cancer_type'"):
        reports.run_each("cancer_types", out=tmp_path)


@pytest.mark.usefixtures("no_kernel")
def test_a_folder_that_is_not_valid_is_refused(tmp_path, hostile):
    folder = shutil.copytree(hostile, tmp_path / "data")
    with (folder / "claim_mechanisms.csv").open("a") as file:
        file.write("nothing,dna_metylation,cause\n")
    with pytest.raises(DataError, match=r"claim_mechanisms\.csv, line"):
        reports.run("cancer_type", "lung_cancer", out=tmp_path / "out", data=folder)
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("no_kernel")
def test_a_place_that_cannot_be_used_is_refused_before_a_kernel_starts(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError, match="is a file"):
        reports.run("mechanism", "dna_methylation", out=tmp_path / "file")


@pytest.mark.usefixtures("no_kernel")
@pytest.mark.parametrize("ending", headless.ENDINGS)
def test_a_file_of_somebody_else_is_not_replaced(tmp_path, ending):
    (tmp_path / f"mechanism_dna_methylation{ending}").write_text("{}")
    with pytest.raises(FileExistsError, match=r"not a report of cancerres-kit"):
        reports.run("mechanism", "dna_methylation", out=tmp_path)


def test_without_the_extra_it_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(reports, "find_spec", lambda module: None if module == "papermill" else "")
    with pytest.raises(ModuleNotFoundError, match=r'need papermill: pip install "cancerres-kit\['):
        reports.run("mechanism", "dna_methylation", out=tmp_path)


# Files


@pytest.mark.usefixtures("quick")
def test_a_second_run_replaces_the_first(tmp_path):
    first = reports.run("mechanism", "dna_methylation", out=tmp_path)
    assert reports.run("mechanism", "dna_methylation", out=str(tmp_path)) == first
    assert sorted(tmp_path.iterdir()) == sorted(first)


@pytest.mark.usefixtures("quick")
def test_other_parameters_give_other_files(tmp_path):
    parameters = {"cancer_type": "lung_cancer"}
    written = reports.run("mechanism", "dna_methylation", out=tmp_path, parameters=parameters)
    assert [path.name for path in written] == [
        "mechanism_dna_methylation_cancer_type_lung_cancer.ipynb",
        "mechanism_dna_methylation_cancer_type_lung_cancer.html",
    ]


@pytest.mark.usefixtures("quick")
def test_one_report_for_each_row_in_the_order_of_the_table(tmp_path, atlas, capsys):
    written = reports.run_each("strategy", out=tmp_path)
    assert [path.stem for path in written[::2]] == [
        f"strategy_{key}" for key in atlas.strategies["strategy_id"]
    ]
    assert all(path.is_file() for path in written)
    assert f"{len(atlas.strategies)}/{len(atlas.strategies)}" in capsys.readouterr().err


def test_a_report_that_fails_is_named_and_the_others_stay(tmp_path, monkeypatch, atlas, capsys):
    def run(report, _):
        if "host_immunity" in report.stem:
            raise RuntimeError(headless._failure(report, "ValueError: none"))
        return nbformat.v4.new_notebook()

    monkeypatch.setattr(headless, "_executed", run)
    with pytest.raises(RuntimeError) as raised:
        reports.run_each("mechanism", out=tmp_path, progress=False)
    first, second = str(raised.value).splitlines()
    assert first.startswith(f"1 of {len(atlas.mechanisms)} reports failed, the others are in")
    assert second.startswith("mechanism_host_immunity: mechanism.ipynb failed and nothing was")
    assert not list(tmp_path.glob("*host_immunity*"))
    assert len(list(tmp_path.iterdir())) == 2 * (len(atlas.mechanisms) - 1)
    assert not capsys.readouterr().err


def test_a_template_that_fails_leaves_nothing(tmp_path, monkeypatch):
    template = tmp_path / "mechanism.ipynb"
    notebook = json.loads((TEMPLATES / "mechanism.ipynb").read_text(encoding="utf-8"))
    notebook["cells"][2]["source"] = "raise ValueError('no such luck')"
    template.write_text(json.dumps(notebook))
    monkeypatch.setattr(reports, "_template", lambda _: template)
    with pytest.raises(RuntimeError, match=r"mechanism\.ipynb failed .* ValueError: no such luck"):
        reports.run("mechanism", "dna_methylation", out=tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["mechanism.ipynb"]


# Contents


def test_a_hostile_name_is_shown_as_text(hostile_report):
    shown = page(hostile_report[1])
    title = f"Therapy resistance: {HOSTILE}"
    assert shown.title.text == title
    assert shown.h1.text == title
    assert not [script for script in shown.main.find_all("script") if not script.get("type")]
    assert "<script>document.title" not in hostile_report[1].read_text(encoding="utf-8")


def test_a_report_on_a_folder_of_ones_own_says_so(hostile_report):
    text = page(hostile_report[1]).get_text()
    assert "folder data {of} mine" in text
    assert "cancer_type = lung_cancer; level = genetic" in text


def test_the_notebook_was_run_and_carries_no_timing(hostile_report):
    notebook = nbformat.read(hostile_report[0], as_version=4)
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
    assert set(notebook.metadata) == {"kernelspec", "language_info", "title", headless.MARK}
    assert not [cell for cell in notebook.cells if set(cell.metadata) - {"tags"}]
    assert "papermill-error" not in hostile_report[0].read_text(encoding="utf-8")


def test_a_report_has_notice_language_and_every_section(hostile_report):
    shown = page(hostile_report[1])
    template = nbformat.read(TEMPLATES / "cancer_type.ipynb", as_version=4)
    headings = re.findall(r"^## (.+)$", "\n".join(c.source for c in template.cells), re.MULTILINE)
    assert shown.html["lang"] == "en"
    assert "not medical advice" in shown.find(role="note").text
    assert [heading.text for heading in shown.find_all("h2")] == headings
    assert "Set the parameters" not in shown.get_text()


# The sentences


def test_what_nothing_is_curated_about_is_said_to_be_so(atlas):
    bare = {
        name: getattr(atlas, name).iloc[:0]
        for name in ("claim_cancer_types", "evidence", "countermeasures")
    }
    emptied = dataclasses.replace(atlas, **bare)
    said = dossier.summary(emptied, cancer_type="breast_cancer")
    assert said.startswith("**Nothing is curated about Breast cancer.**")
    claims = dossier.claims(emptied, cancer_type="breast_cancer")
    assert claims.empty
    told = dossier.told(emptied, cancer_type="breast_cancer")
    assert genes.evidence_ids(emptied, told) == []
    assert genes.sources(emptied, told).empty
    assert "cites anything" in genes.references(emptied, genes.cited(emptied, told)).data


def test_a_summary_counts_the_claims_and_what_they_rest_on(atlas):
    claims = dossier.claims(atlas, mechanism="epigenetic_modification")
    said = dossier.summary(atlas, mechanism="epigenetic_modification")
    assert f"**Epigenetic modification**: {len(claims)} claims" in said
    for basis, number in claims["basis"].value_counts().items():
        assert number == 0 or re.search(rf"\b{number} rests? {dossier.BASIS_WORDS[basis]}", said)


def test_claims_include_those_of_narrower_ids(atlas):
    wide = set(dossier.claims(atlas, mechanism="epigenetic_modification")["claim_id"])
    narrow = set(dossier.claims(atlas, mechanism="dna_methylation")["claim_id"])
    assert narrow
    assert narrow < wide


def test_several_conditions_hold_together(atlas):
    both = dossier.claims(atlas, mechanism="host_immunity", cancer_type="lung_cancer", level="")
    one = set(dossier.claims(atlas, mechanism="host_immunity")["claim_id"])
    other = set(dossier.claims(atlas, cancer_type="lung_cancer")["claim_id"])
    assert set(both["claim_id"]) == one & other


def test_arrows_of_a_strategy_lead_to_it(atlas):
    arrows = dossier.arrows(atlas, strategy="combination_therapy")
    last = arrows[arrows["target_kind"].eq("strategy")]
    below = ck.links.subtree(atlas.strategies, "combination_therapy")
    assert set(last["target_id"]) <= set(below)
    assert set(arrows.loc[arrows["target_kind"].eq("mechanism"), "target_id"]) <= set(
        last["source_id"]
    )
    assert len(last) < len(dossier.arrows(atlas))


def test_what_is_not_curated_is_what_no_support_names(atlas):
    rows = dossier.not_curated(atlas, mechanism="dna_methylation").set_index("kind")["names"]
    named = set(dossier.claims(atlas, mechanism="dna_methylation")["strategies"])
    assert set(rows["strategy"].split("; ")).isdisjoint(named)
    assert "mechanism" not in rows


@pytest.mark.parametrize("chosen", [{"level": "genetics"}, {"mechanism": "dna"}, {"strategy": "x"}])
def test_an_unknown_subject_is_refused(atlas, chosen):
    with pytest.raises(DataError, match="unknown"):
        dossier.claims(atlas, **chosen)


def test_provenance_shows_only_the_last_name_of_a_folder(atlas):
    rows = reports.provenance(atlas, data="/home/someone/own", level="").set_index("item")["value"]
    assert rows["Data"] == f"version {atlas.version}, folder own"
    assert rows["Parameters"] == "level = all"
    assert rows["cancerres-kit"] == ck.__version__


def test_provenance_without_a_package(atlas, monkeypatch):
    monkeypatch.setattr(reports, "PACKAGES", ("no-such-package",))
    rows = reports.provenance(atlas).set_index("item")["value"]
    assert rows["no-such-package"] == "not installed"


# The templates


@every_kind
def test_a_template_is_committed_without_outputs(kind):
    notebook = nbformat.read(TEMPLATES / f"{kind}.ipynb", as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not [cell for cell in code if cell.outputs or cell.execution_count]


@every_kind
def test_a_template_calls_and_never_defines(kind):
    forbidden = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While)
    for cell in nbformat.read(TEMPLATES / f"{kind}.ipynb", as_version=4).cells:
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= 10
            assert not [
                node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, forbidden)
            ]
        else:
            assert not re.search(r"\d", cell.source), "numbers are computed"


@each_kind
def test_a_template_has_an_example_that_exists(kind, atlas):
    defaults = reports.template_parameters(TEMPLATES / f"{kind}.ipynb")
    table = getattr(atlas, ck.reports.things.TABLES[kind])
    assert defaults[kind] in set(table[f"{kind}_id"])
    assert defaults["data"] == ""
    assert f"cancerres report {kind} {defaults[kind]}" in (TEMPLATES / f"{kind}.ipynb").read_text()
    assert {path.suffix for path in TEMPLATES.iterdir() if path.is_file()} == {".ipynb", ".csv"}


def test_a_report_keeps_the_place_of_a_folder_to_itself(hostile, hostile_report):
    for path in hostile_report:
        text = path.read_text(encoding="utf-8")
        assert str(hostile.parent) not in text
        assert hostile.name in text


@pytest.mark.parametrize(
    ("kind", "key", "chosen"),
    [
        ("mechanism", "tumour_microenvironment", {"cancer_type": "lung_cancer"}),
        ("strategy", "drug_repurposing", {}),
    ],
)
def test_a_template_runs_on_another_subject(tmp_path, atlas, kind, key, chosen):
    template = lessons.notebooks_root() / "reports" / f"{kind}.ipynb"
    assert reports.template_parameters(template)[kind] != key
    _, written = reports.run(kind, key, out=tmp_path, parameters=chosen)
    text = page(written).get_text()
    for subject in (key, *chosen.values()):
        assert links.name(atlas, subject) in text
    assert "Traceback" not in text
