"""Reading a CIViC release: both layouts, broken files, downloads, and joining the atlas."""

import csv
import dataclasses
import hashlib
import re
import sys
import types
from pathlib import Path

import pandas as pd
import pytest

import cancerres_kit
from benchmarks.cohort import write_release
from cancerres_kit import civic, schema
from cancerres_kit.alterations import leaves, parse
from cancerres_kit.civic import downloads, names
from cancerres_kit.civic.files import RENAMED
from cancerres_kit.schema.problems import DataError

SAMPLE = Path(__file__).with_name("civic_sample.tsv")
TEXT = SAMPLE.read_text(encoding="utf-8")
LINES = TEXT.splitlines()
OLD = {
    "therapies": "drugs",
    "therapy_interaction_type": "drug_interaction_type",
    "significance": "clinical_significance",
    "citation_id": "pubmed_id",
}


@pytest.fixture(scope="module")
def tables():
    return civic.load(SAMPLE)


@pytest.fixture(scope="module")
def atlas():
    return cancerres_kit.load()


def written(folder: Path, text: str, name: str = "release.tsv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(LINES, delimiter="\t"))


def release(folder: Path, changed: list[dict[str, str]]) -> Path:
    path = folder / "changed.tsv"
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(changed[0]), delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(changed)
    return path


def refused(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        civic.load(path)
    return str(caught.value)


def test_the_tables_have_the_columns_and_types_of_the_atlas(tables, atlas):
    for name, frame in tables.items():
        assert frame.dtypes.to_dict() == getattr(atlas, name).dtypes.to_dict(), name


def test_an_item_is_copied_field_by_field(tables):
    item = tables["evidence"].set_index("evidence_id").loc["civic.eid:900002"]
    assert item["molecular_profile"] == "EGFR T790M"
    assert item["cancer_type_id"] == "doid_3908"
    assert item["predicate"] == "predictsResistanceTo"
    assert item["direction"] == "supports"
    assert (item["level"], item["rating"], item["interaction"]) == ("B", 3, "substitutes")
    assert (item["variant_origin"], bool(item["is_flagged"])) == ("Somatic", False)
    assert item["reference_id"] == "pubmed_90000000"
    assert item["curated_on"] == pd.Timestamp("2026-01-31")
    reference = tables["references"].set_index("reference_id").loc["pubmed_90000000"]
    assert reference["pmid"] == "pubmed:90000000"
    assert (reference["resolved_authors"], reference["resolved_year"]) == ("Author L et al.", 2002)


def test_only_accepted_predictive_items_on_resistance_or_sensitivity(tables):
    read = {row["evidence_id"] for row in rows() if row["evidence_type"] == "Predictive"}
    left_out = {
        row["evidence_id"]
        for row in rows()
        if row["significance"] == "Adverse Response" or row["evidence_status"] == "submitted"
    }
    assert left_out
    kept = set(tables["evidence"]["evidence_id"])
    assert kept == {f"civic.eid:{number}" for number in read - left_out}


def test_reduced_sensitivity_is_resistance_in_the_words_of_the_source(tables):
    evidence = tables["evidence"]
    reduced = evidence[evidence["significance"].eq("Reduced Sensitivity")]
    assert reduced["predicate"].tolist() == ["predictsResistanceTo"]


def test_therapy_sets_have_no_order(tables):
    linked = tables["evidence_therapies"].groupby("evidence_id")["therapy_id"].agg(list)
    assert linked["civic.eid:900002"] == linked["civic.eid:900003"] == ["erlotinib", "gefitinib"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gefitinib,Erlotinib", ("Erlotinib", "Gefitinib")),
        ("Gefitinib, Erlotinib", ("Erlotinib", "Gefitinib")),
        ("2,4-pyrimidinediamine", ("2,4-pyrimidinediamine",)),
        ("HER2 Inhibitor CP-724,714,Gefitinib", ("Gefitinib", "HER2 Inhibitor CP-724,714")),
        ("AZ909,Selumetinib", ("AZ909", "Selumetinib")),
        ("Erlotinib,Erlotinib", ("Erlotinib",)),
        ("", ()),
    ],
)
def test_commas_in_names_part_nothing(text, expected):
    assert names.therapy_names(text) == expected


def test_congress_abstracts_are_no_pubmed_numbers(tables):
    asco = tables["references"]
    asco = asco[asco["reference_id"].str.startswith("asco_")]
    assert len(asco)
    assert asco["pmid"].isna().all()


@pytest.mark.parametrize(
    ("citation", "expected"),
    [
        ("Denis et al., 2015", ("Denis et al.", 2015, None)),
        ("De Roock et al., 2010, Lancet Oncol.", ("De Roock et al.", 2010, "Lancet Oncol.")),
        ("A group without a year", ("A group without a year", None, None)),
    ],
)
def test_citations_of_both_times(tmp_path, citation, expected):
    changed = rows()[:1]
    changed[0]["citation"] = citation
    cited = civic.load(release(tmp_path, changed))["references"].iloc[0]
    found = cited[["resolved_authors", "resolved_year", "resolved_journal"]]
    assert tuple(None if pd.isna(value) else value for value in found) == expected


def test_genes_of_expressions_are_linked(tables):
    linked = tables["evidence_genes"].merge(tables["genes"], on="hgnc_id")
    by_item = linked.groupby("evidence_id")["symbol"].agg(set)
    profiles = tables["evidence"].set_index("evidence_id")["molecular_profile"]
    assert by_item[profiles.eq("MET Amplification AND NOT KRAS Mutation").idxmax()] == {
        "MET",
        "KRAS",
    }
    assert by_item[profiles.eq("v::ALK Fusion").idxmax()] == {"ALK"}
    assert by_item[profiles.str.contains("F317L").idxmax()] == {"BCR", "ABL1"}


def test_a_cancer_type_without_number_goes_by_its_name(tables):
    named = tables["cancer_types"].set_index("cancer_type_id")
    assert named.loc["civic_glioma", "name"] == "Glioma"
    assert pd.isna(named.loc["civic_glioma", "doid"])


def test_comments_byte_order_mark_and_line_ends_are_no_obstacle(tmp_path, tables):
    text = "\ufeff# a comment\n#another\n" + TEXT
    path = tmp_path / "release.tsv"
    path.write_bytes(text.replace("\n", "\r\n").encode())
    pd.testing.assert_frame_equal(civic.load(path)["evidence"], tables["evidence"])


def test_stray_quotes_are_no_obstacle(tmp_path, tables):
    text = TEXT.replace("Made up for a test: KRAS G12C", '"Made up: KRAS G12C')
    assert text != TEXT
    read = civic.load(written(tmp_path, text))["evidence"]
    assert len(read) == len(tables["evidence"])


def test_the_layout_of_before_2023(tmp_path, tables):
    old = []
    for row in rows():
        if re.search(r" (AND|OR) |NOT |/|::", row["molecular_profile"]):
            continue
        gene, _, variant = row.pop("molecular_profile").partition(" ")
        row.pop("is_flagged")
        renamed = {OLD.get(name, name): cell for name, cell in row.items()}
        old.append({"gene": gene, "entrez_id": "1", "variant": variant, **renamed})
    read = civic.load(release(tmp_path, old))
    now = tables["evidence"].set_index("evidence_id").loc[read["evidence"]["evidence_id"]]
    same = ["molecular_profile", "cancer_type_id", "predicate", "direction", "level", "rating"]
    pd.testing.assert_frame_equal(
        read["evidence"][same], now.reset_index()[same], check_categorical=True
    )
    assert read["evidence"]["is_flagged"].isna().all()


@pytest.mark.parametrize(
    ("gene", "variant", "profile"),
    [
        ("EGFR", "T790M", "EGFR T790M"),
        ("ALK", "EML4-ALK", "EML4::ALK Fusion"),
        ("ABL1", "BCR-ABL", "BCR::ABL1 Fusion"),
        ("ABL1", "BCR-ABL T315I", "BCR::ABL1 Fusion AND ABL1 T315I"),
        ("ALK", "EML4-ALK and AMPLIFICATION", "EML4::ALK Fusion AND ALK AMPLIFICATION"),
        ("AR", "AR-V7", "AR AR-V7"),
        ("RET", "FUSIONS", "RET FUSIONS"),
        ("TP53", "LOSS-OF-FUNCTION", "TP53 LOSS-OF-FUNCTION"),
    ],
)
def test_old_variants_are_written_as_profiles(gene, variant, profile):
    assert names.profile_of(gene, variant) == profile


def test_missing_columns_are_all_named(tmp_path):
    gone = [{k: v for k, v in row.items() if k not in ("therapies", "doid")} for row in rows()]
    text = refused(release(tmp_path, gone))
    assert "column therapies: column is missing (before 2023: drugs); take" in text
    assert "column doid: column is missing" in text


def test_a_file_of_another_kind_is_told_by_its_columns(tmp_path):
    path = written(tmp_path, "variant_id\tvariant\tgene\n1\tT790M\tEGFR\n")
    assert "take the ClinicalEvidenceSummaries file" in refused(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("# only a comment\n", "the file is empty"),
        ("\n\n<!DOCTYPE html>\n<html>\n", "this is a web page (HTML), not a table"),
        ("<!DOCTYPE html>\n<html>\n", "this is a web page (HTML), not a table"),
        ("\n".join(LINES).replace("\t", ","), "this is no TSV table"),
        (LINES[0] + "\n", "a header and no rows"),
        (TEXT[: TEXT.rindex("\t", 0, len(TEXT) - 40)], "the file breaks off here"),
        (TEXT[:-4], "'fa' is neither true nor false: does the file break off here?"),
        (LINES[0] + "\n" + LINES[1] + "\textra\tmore\n", "27 cells and the header 25"),
    ],
)
def test_what_is_no_release_is_refused(tmp_path, text, said):
    message = refused(written(tmp_path, text))
    assert said in message
    assert "release.tsv" in message


def test_a_broken_file_names_the_line(tmp_path):
    lines = [*LINES[:5], "\t".join(LINES[5].split("\t")[:9])]
    assert "release.tsv, line 6: " in refused(written(tmp_path, "\n".join(lines)))


def test_a_packed_file_is_refused(tmp_path):
    path = tmp_path / "release.tsv.gz"
    path.write_bytes(b"\x1f\x8b\x08\x00\xff\xfe\tabc\n")
    assert "unpack it if it is compressed" in refused(path)


def test_a_folder_is_no_release(tmp_path):
    assert "cannot be read" in refused(tmp_path)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("evidence_id", "12x", "'12x' is not the number of an evidence item"),
        ("evidence_level", "F", "'F' is no level; allowed: A, B, C, D, E"),
        ("rating", "9", "'9' is no rating"),
        ("is_flagged", "maybe", "neither true nor false"),
        ("last_review_date", "yesterday", "'yesterday' is no date"),
    ],
)
def test_cells_that_cannot_be(tmp_path, column, value, said):
    changed = rows()
    changed[2][column] = value
    message = refused(release(tmp_path, changed))
    assert said in message
    assert f"changed.tsv, line 4, column {column}" in message


def test_an_item_that_stands_twice(tmp_path):
    changed = rows()
    changed[3]["evidence_id"] = changed[2]["evidence_id"]
    assert "line 5, column evidence_id: '900003' stands twice" in refused(
        release(tmp_path, changed)
    )


@pytest.mark.parametrize("name", ["disease", "drugs"])
def test_a_column_that_stands_twice(tmp_path, name):
    lines = [f"{LINES[0]}\t{name}", *(f"{line}\tx" for line in LINES[1:])]
    message = refused(written(tmp_path, "\n".join(lines)))
    assert f"column {RENAMED.get(name, name)}: the column stands 2 times, as " in message


def test_a_file_without_a_predictive_item(tmp_path):
    changed = [row | {"evidence_type": "Prognostic"} for row in rows()]
    assert "no accepted item of type Predictive" in refused(release(tmp_path, changed))


def test_blank_lines_above_are_no_obstacle(tmp_path, tables):
    read = civic.load(written(tmp_path, "\n# a comment\n\n" + TEXT))
    pd.testing.assert_frame_equal(read["evidence"], tables["evidence"])


@pytest.mark.parametrize("given", [None, 1867])
def test_what_is_no_path(given):
    with pytest.raises(DataError, match="a release is given by its path or name, not"):
        civic.load(given)


def test_what_is_neither_file_nor_release():
    with pytest.raises(DataError, match="neither a file nor a release"):
        civic.load("nightly.tsv")


def test_all_profiles_and_items_of_the_reference_are_read(reference, tmp_path):
    path = tmp_path / "full.tsv"
    assert write_release(path) == "reference data"
    evidence = civic.load(path)["evidence"].set_index("evidence_id")
    linked = civic.load(path)["evidence_therapies"].groupby("evidence_id")["therapy_id"].agg(set)
    listed = []
    for kind in ("resistance", "sensitivity"):
        with (reference / f"civic_predictive_{kind}.csv").open(encoding="utf-8") as opened:
            listed += list(csv.DictReader(opened))
    assert len(evidence) == len(listed)
    for row in listed:
        key = f"civic.eid:{row['evidence_id']}"
        item = evidence.loc[key]
        assert item["molecular_profile"] == row["molecular_profile"]
        assert item["significance"] == row["significance"]
        assert item["level"] == row["evidence_level"]
        assert ("" if pd.isna(item["rating"]) else str(item["rating"])) == row["rating"]
        genes = (gene for leaf in leaves(parse(row["molecular_profile"])) for gene in leaf.genes)
        symbols = tuple(dict.fromkeys(gene for gene in genes if gene not in ("v", "?")))
        assert names.genes_of(row["molecular_profile"]) == symbols
        expected = {names.slug(name) for name in names.therapy_names(row["therapies"])}
        assert linked.get(key, set()) == expected


# ---- joining the atlas


def test_what_the_atlas_knows_keeps_its_id(tables, atlas):
    both = atlas.with_evidence(tables)
    items = both.evidence.set_index("evidence_id")
    assert items.loc["civic.eid:900001", "cancer_type_id"] == "non_small_cell_lung_cancer"
    assert items.loc["civic.eid:900006", "reference_id"] in set(both.references["reference_id"])
    for name in ("cancer_types", "therapies", "genes", "references"):
        key = getattr(both, name).columns[0]
        assert getattr(both, name)[key].is_unique
        assert set(getattr(atlas, name)[key]) <= set(getattr(both, name)[key])
    assert not len(set(both.evidence["cancer_type_id"]) - set(both.cancer_types["cancer_type_id"]))
    assert not len(set(both.evidence_therapies["therapy_id"]) - set(both.therapies["therapy_id"]))
    assert not len(set(both.evidence_genes["hgnc_id"]) - set(both.genes["hgnc_id"]))


def test_the_atlas_itself_stays_as_it_is(tables, atlas):
    before = {name: len(getattr(atlas, name)) for name in tables}
    types_before = atlas.evidence.dtypes.to_dict()
    both = atlas.with_evidence(tables)
    assert {name: len(getattr(atlas, name)) for name in tables} == before
    assert both.evidence.dtypes.to_dict() == types_before


def test_a_gene_is_recognised_by_its_symbol(tables, atlas):
    known = tables["genes"].assign(hgnc_id="hgnc:3236").head(1)
    small = dataclasses.replace(atlas, genes=known)
    both = small.with_evidence(tables)
    named = both.genes.set_index("symbol")["hgnc_id"]
    assert named[known["symbol"].iloc[0]] == "hgnc:3236"
    assert named.is_unique
    assert "hgnc:3236" in set(both.evidence_genes["hgnc_id"])


def test_an_item_of_both_is_taken_from_the_newer_and_our_reading_stays(tables, atlas):
    reading = pd.DataFrame(
        {
            "evidence_id": ["civic.eid:900001"],
            "mechanism_id": ["secondary_mutation"],
            "onset": ["acquired"],
            "asserted_by": ["cancerres_kit"],
        }
    )
    older = atlas.with_evidence({**tables, "evidence_mechanisms": reading})
    newer = {name: frame.copy() for name, frame in tables.items()}
    newer["evidence"].loc[0, "level"] = "E"
    linked = newer["evidence_therapies"]
    linked.loc[linked["evidence_id"].eq("civic.eid:900001"), "therapy_id"] = "afatinib"
    both = older.with_evidence(newer)
    items = both.evidence.set_index("evidence_id")
    assert items.index.is_unique
    assert items.loc["civic.eid:900001", "level"] == "E"
    drugs = both.evidence_therapies.groupby("evidence_id")["therapy_id"].agg(list)
    assert drugs["civic.eid:900001"] == ["afatinib"]
    assert "civic.eid:900001" in set(both.evidence_mechanisms["evidence_id"])


def test_tables_that_are_no_evidence_are_refused(atlas, tables):
    with pytest.raises(DataError, match="no table 'evidence' to add"):
        atlas.with_evidence({"genes": tables["genes"]})
    with pytest.raises(DataError, match="unknown table of evidence 'claims'"):
        atlas.with_evidence({**tables, "claims": atlas.claims})
    for given in (None, [], tables["evidence"]):
        with pytest.raises(DataError, match="no table 'evidence' to add; give what"):
            atlas.with_evidence(given)
    with pytest.raises(DataError, match="column molecular_profile: table 'evidence' lacks"):
        atlas.with_evidence({"evidence": pd.DataFrame()})
    with pytest.raises(DataError, match="column hgnc_id: table 'genes' lacks the column"):
        atlas.with_evidence({**tables, "genes": atlas.claims})
    with pytest.raises(DataError, match="table 'genes' is no DataFrame but None"):
        atlas.with_evidence({**tables, "genes": None})
    with pytest.raises(DataError, match="a column has values of another type"):
        atlas.with_evidence({"evidence": tables["evidence"].assign(rating="many")})
    with pytest.raises(DataError, match="'nowhere' in table 'evidence' stands in no row of"):
        atlas.with_evidence({"evidence": tables["evidence"].assign(cancer_type_id="nowhere")})


# ---- downloading


def fake_pooch(folder: Path, fetched: list[str]) -> types.ModuleType:
    """A pooch that copies the sample, and checks the hash as the real one does."""
    module = types.ModuleType("pooch")

    def retrieve(address, known_hash, fname, path):
        fetched.append(address)
        target = Path(path) / fname
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            target.write_bytes(SAMPLE.read_bytes())
        digest = hashlib.sha256(target.read_bytes()).hexdigest()
        if known_hash and known_hash != f"sha256:{digest}":
            raise ValueError(f"SHA256 hash of {fname} does not match")
        return str(target)

    module.os_cache = lambda name: folder / name
    module.retrieve = retrieve
    return module


def test_a_release_is_fetched_by_its_name(tmp_path, monkeypatch, tables):
    fetched: list[str] = []
    monkeypatch.setitem(sys.modules, "pooch", fake_pooch(tmp_path, fetched))
    read = civic.load("01-Jul-2025")
    pd.testing.assert_frame_equal(read["evidence"], tables["evidence"])
    assert fetched == [downloads.ADDRESS.format(release="01-Jul-2025")]
    assert fetched[0].endswith("/01-Jul-2025/01-Jul-2025-ClinicalEvidenceSummaries.tsv")
    civic.load("nightly")
    assert fetched[1].endswith("/nightly/nightly-ClinicalEvidenceSummaries.tsv")


def test_a_kept_file_that_changed_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pooch", fake_pooch(tmp_path, []))
    civic.load("01-Jul-2025")
    kept = next((tmp_path / "cancerres-kit" / "civic").glob("*.tsv"))
    kept.write_text(TEXT + LINES[1] + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="'01-Jul-2025' could not be fetched from https"):
        civic.load("01-Jul-2025")


def test_a_checksum_can_be_demanded(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pooch", fake_pooch(tmp_path, []))
    right = hashlib.sha256(SAMPLE.read_bytes()).hexdigest()
    assert len(civic.load("01-Jul-2025", sha256=right)["evidence"])
    with pytest.raises(DataError, match="check the name, the connection and the checksum"):
        civic.load("01-Jul-2025", sha256="0" * 64)


def test_without_pooch_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(DataError, match=re.escape("pip install 'cancerres-kit[civic]'")):
        civic.load("01-Jul-2025")


def test_the_real_pooch_takes_the_call(tmp_path, monkeypatch):
    pooch = pytest.importorskip("pooch")

    def copy(_url, output, _pooch):
        Path(output).write_bytes(SAMPLE.read_bytes())

    monkeypatch.setattr(pooch, "os_cache", lambda name: tmp_path / name)
    monkeypatch.setattr("pooch.core.choose_downloader", lambda *_, **__: copy)
    assert len(civic.load("01-Jul-2025")["evidence"])
    assert len(civic.load("01-Jul-2025")["evidence"])


def test_the_schema_allows_what_a_release_says(tables):
    described = {part["name"]: part for part in schema.describe()["resources"]}
    for field in described["evidence"]["schema"]["fields"]:
        pattern = field.get("constraints", {}).get("pattern")
        if pattern:
            assert tables["evidence"][field["name"]].str.match(pattern).all()
