"""A report on a tumour shows both sides of the evidence and nothing of whose tumour it is."""

import dataclasses
import re

import nbformat
import pytest
from bs4 import BeautifulSoup

import cancerres_kit as ck
from cancerres_kit import DataError, lessons, profiles, reports
from cancerres_kit.reports import genes, headless, inputs, tumour

EXAMPLE = lessons.notebooks_root() / "reports" / "example_tumour.csv"
HEADER = "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\n"
LUNG = {"cancer_type": "lung_adenocarcinoma"}


def maf(*samples: str) -> str:
    """A MAF with EGFR T790M, and a mutation that nobody curated, in each sample."""
    lines = [
        f"EGFR\tMissense_Mutation\t{sample}\tp.T790M\nTTN\tMissense_Mutation\t{sample}\tp.R{at}H\n"
        for at, sample in enumerate(samples, start=100)
    ]
    return "#version 2.4\n" + HEADER + "".join(lines)


@pytest.fixture(scope="module")
def atlas():
    return ck.load()


@pytest.fixture(scope="module")
def answer(atlas):
    return profiles.match(atlas, profiles.read(EXAMPLE))


@pytest.fixture
def quick(monkeypatch):
    """Put an empty notebook in the place of a run, so that only files are tested."""

    def run(report, _):
        return nbformat.v4.new_notebook(metadata={headless.MARK: report.parameters})

    monkeypatch.setattr(headless, "_executed", run)


@pytest.fixture
def no_kernel(monkeypatch):
    monkeypatch.setattr(headless, "write", lambda *_: pytest.fail("a kernel was started"))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The report on a file whose name says whose tumour it is."""
    folder = tmp_path_factory.mktemp("ward_seven")
    file = folder / "Jane_Doe_<b>1970.csv"
    file.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    return reports.run("profile", str(file), out=folder / "out")


# What goes in


@pytest.mark.usefixtures("no_kernel")
@pytest.mark.parametrize(
    ("name", "text", "parameters", "said"),
    [
        ("a.csv", "cancer_type,alteration\nlung_cancer,EGFRR T790M\n", {}, "nearest: 'EGFR'"),
        ("a.csv", "cancer_type,alteration\nlung_cancer,FOO1 T790M\n", {}, "other_genes=yes"),
        ("a.csv", "cancer_type,alteration\nlung_cancr,EGFR T790M\n", {}, "nearest: 'lung_cancer'"),
        ("a.csv", "patient_name,alteration\nX,EGFR T790M\n", {}, "may say whose tumour it is"),
        (
            "a.csv",
            "cancer_type,alteration\nlung_cancer,EGFR T790M\n",
            LUNG,
            "leave cancer_type out",
        ),
        ("a.csv", "", {"canser_type": "x"}, "nearest: 'cancer_type'"),
        ("a.csv", "", {"other_genes": "maybe"}, "unknown value of other_genes 'maybe'"),
        ("a.maf", maf("S"), {}, "--set cancer_type=non_small_cell_lung_cancer"),
        ("a.txt", maf("S"), {}, "a MAF does not say the cancer type"),
        ("a.maf", "Gene\n", LUNG, "column is missing"),
        ("a.maf", maf("S"), {"cancer_type": "lung"}, "unknown cancer type 'lung'"),
        ("a.maf", maf(*map(str, range(51))), LUNG, "51 tumours, and a batch is at most 50"),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_written(
    tmp_path, name, text, parameters, said
):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(said)):
        reports.run("profile", str(tmp_path / name), out=tmp_path / "out", parameters=parameters)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.usefixtures("no_kernel")
def test_a_file_that_is_not_there_and_each_profile(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        reports.run("profile", str(tmp_path / "none.csv"), out=tmp_path)
    with pytest.raises(DataError, match=r"cancerres report profile my_tumour\.csv"):
        reports.run_each("profile", out=tmp_path)


@pytest.mark.usefixtures("quick")
def test_a_maf_gives_a_report_for_each_tumour_and_keeps_no_barcode(tmp_path):
    (tmp_path / "MRN-1.maf").write_text(maf("TCGA-05-4244", "TCGA-05-4249"), encoding="utf-8")
    out = tmp_path / "out"
    done = reports.run("profile", str(tmp_path / "MRN-1.maf"), out=out, parameters=LUNG)
    assert sorted(done) == sorted(out.iterdir())
    assert len(done) == 4
    for path in done:
        assert re.fullmatch(r"profile_lung_adenocarcinoma_[0-9a-f]{8}\.(ipynb|html)", path.name)
        assert not re.search("TCGA|MRN", path.read_text(encoding="utf-8"))


@pytest.mark.usefixtures("quick")
def test_lines_of_a_maf_that_are_left_out_are_counted(tmp_path, capsys):
    unknown = "Unknown\tMissense_Mutation\tTCGA-05-4244\tp.A1V\n"
    (tmp_path / "x.maf").write_text(maf("TCGA-05-4244") + unknown, encoding="utf-8")
    reports.run("profile", str(tmp_path / "x.maf"), out=tmp_path / "out", parameters=LUNG)
    assert "left out of the MAF, no gene: 1" in capsys.readouterr().err


@pytest.mark.usefixtures("quick")
def test_the_same_tumour_gives_the_same_file_and_another_one_another(tmp_path):
    def run(*found):
        lines = "".join(f"lung_cancer,{one}\n" for one in found)
        (tmp_path / "x.csv").write_text("cancer_type,alteration\n" + lines, encoding="utf-8")
        return reports.run("profile", str(tmp_path / "x.csv"), out=tmp_path / "out")

    first = run("EGFR L858R", "EGFR T790M")
    assert run("EGFR p.Thr790Met", "EGFR L858R") == first
    assert run("EGFR L858R") != first
    assert len(list((tmp_path / "out").iterdir())) == 4


@pytest.mark.usefixtures("quick")
def test_a_file_of_somebody_else_is_not_replaced(tmp_path):
    done = reports.run("profile", str(EXAMPLE), out=tmp_path)
    done[1].write_text("my own", encoding="utf-8")
    with pytest.raises(FileExistsError, match="not a report of cancerres-kit"):
        reports.run("profile", str(EXAMPLE), out=tmp_path)


def test_a_maf_is_known_by_its_name_or_its_header(tmp_path):
    for name, text, expected in [
        ("a.maf", "", True), ("a.maf.gz", "", True), ("a.txt", maf("S"), True),
        ("a.csv", "cancer_type,alteration\n", False), ("a.csv", "", False),
    ]:  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert inputs._is_maf(tmp_path / name) == expected


# What comes out


def test_nothing_of_the_file_is_shown_or_kept(written):
    for path in written:
        assert not re.search(
            "Jane_Doe|b>1970|ward_seven", path.name + path.read_text(encoding="utf-8")
        )


def test_a_report_has_notice_and_every_section(written):
    shown = BeautifulSoup(written[1].read_text(encoding="utf-8"), "html.parser")
    template = nbformat.read(EXAMPLE.parent / "profile.ipynb", as_version=4)
    headings = re.findall(r"^## (.+)$", "\n".join(c.source for c in template.cells), re.MULTILINE)
    assert [heading.text for heading in shown.find_all("h2")] == headings
    assert "not medical advice" in shown.find(role="note").text
    assert (
        shown.h1.text
        == shown.title.text
        == ("Therapy resistance: a tumour profile (Lung adenocarcinoma)")
    )
    text = shown.get_text()
    assert "No curated evidence on TP53 R175H" in text
    assert "the sources disagree" in text
    assert "Traceback" not in text


def test_every_item_of_the_answer_is_in_the_report(written, answer):
    text = written[1].read_text(encoding="utf-8")
    rows = tumour.curated(answer)
    for key in tumour.ids(rows, "evidence_for", "evidence_against"):
        assert key.removeprefix("civic.eid:") in text
    for key in tumour.ids(rows, "reference_ids"):
        assert key in text


def test_a_summary_counts_therapies_and_names_what_is_silent(answer):
    said = tumour.summary(answer, profiles.read(EXAMPLE))
    assert said.startswith("**5 alterations**, on which ")
    assert "conflicting findings on" in said
    assert "statements that point both ways on 1 therapy (Osimertinib)" in said
    assert "**No curated evidence** on TP53 R175H; that does not mean *no effect*." in said
    assert ck.display.NOTICE in said


def test_a_profile_without_any_evidence_says_so(atlas):
    profile = profiles.Profile("glioblastoma", ["TP53 R175H"])
    rows = profiles.match(atlas, profile)
    said = tumour.summary(rows, profile)
    assert "0 evidence items" in said
    assert "predicts" not in said
    assert tumour.statements(tumour.curated(rows)).empty
    assert tumour.mechanisms(atlas, tumour.curated(rows)).empty
    assert tumour.source_ids(atlas, tumour.curated(rows)) == []


def test_without_silence_it_is_said_too(atlas):
    rows = profiles.match(atlas, profiles.Profile("lung_adenocarcinoma", ["EGFR T790M"]))
    assert tumour.silent(rows).startswith("Every alteration has curated evidence")


def test_both_sides_of_a_conflict_stay(answer):
    rows = tumour.conflicts(tumour.curated(answer)[tumour.fitting(tumour.curated(answer))])
    shown = tumour.statements(rows).set_index(["alterations", "treatment"])
    afatinib = shown.loc[("EGFR T790M", "Afatinib")]
    assert afatinib["prediction"] == "conflicting; the sources disagree"
    assert afatinib["items_for"]
    assert afatinib["items_against"]
    assert tumour.CONTRADICTED in shown.loc[("EGFR C797S", "Osimertinib"), "prediction"]
    assert tumour.CONTRADICTED in shown.loc[("EGFR T790M", "Osimertinib"), "prediction"]


# The gene level of the other reports


def test_items_say_direction_level_and_where_to_look(atlas):
    rows = genes.items(atlas, ["civic.eid:238", "civic.eid:1863"]).set_index("item")
    assert rows.loc["civic.eid:238", "says"] == "for resistance"
    assert rows.loc["civic.eid:238", "level"] == "A, 5 of 5 stars"
    assert rows.loc["civic.eid:238", "reference_pmid"] == "pubmed:25668228"


def test_an_item_against_is_said_to_be_one(atlas):
    opposed = atlas.evidence.loc[atlas.evidence["direction"].eq("does_not_support"), "evidence_id"]
    assert genes.items(atlas, opposed)["says"].str.startswith("against ").all()


def test_a_countermeasure_whose_evidence_speaks_against_it_says_so(atlas):
    rows = genes.countermeasures(atlas, atlas.evidence["evidence_id"])
    assert len(rows) == len(atlas.countermeasures)
    assert set(rows["outcome"]) == {"overcomes", genes.NOT_FOUND}
    unfound = rows.loc[rows["outcome"].eq(genes.NOT_FOUND)]
    assert list(unfound["countermeasure_id"]) == ["eid7869_eid10016"]
    assert list(unfound["with"]) == ["Alectinib or Lorlatinib"]
    assert rows["reference_id"].notna().all()
    evidence = atlas.evidence.copy()
    countering = evidence["evidence_id"].eq("civic.eid:1867")
    evidence.loc[countering, "direction"] = "does_not_support"
    refuted = dataclasses.replace(atlas, evidence=evidence)
    rows = genes.countermeasures(refuted, evidence["evidence_id"]).set_index("countering_item")
    assert rows.loc["civic.eid:1867", "outcome"] == genes.FAILED


def test_items_of_a_strategy_are_those_that_it_answers(atlas):
    told = reports.dossier.told(atlas, strategy="next_generation_inhibitor")
    rows = atlas.countermeasures
    answered = rows.loc[rows["strategy_id"].eq("next_generation_inhibitor"), "evidence_id"]
    assert genes.evidence_ids(atlas, told) == sorted(set(answered))
    assert set(genes.sources(atlas, told)["source_id"]) <= set(atlas.sources["source_id"])


def test_items_of_civic_are_linked(atlas):
    table = ck.display.table(genes.items(atlas, ["civic.eid:238"])).data
    assert 'href="https://civicdb.org/links/evidence/238"' in table
