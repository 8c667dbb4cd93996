"""Profiles: built, read from files, refused, and matched with the evidence."""

import csv
import dataclasses
import random
import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_civic import SAMPLE

import cancerres_kit
from benchmarks.cohort import cohort, write_release
from benchmarks.plain_match import expressions, plain_match
from cancerres_kit import civic
from cancerres_kit.alterations import alteration, leaves, parse
from cancerres_kit.display import NOTICE
from cancerres_kit.profiles import Profile, match, match_many, read, read_maf
from cancerres_kit.profiles.relations import CancerTypes
from cancerres_kit.schema.problems import DataError

LUNG = "non_small_cell_lung_cancer"
MECHANISMS = pd.DataFrame(
    {
        "evidence_id": ["civic.eid:900001", "civic.eid:900013"],
        "mechanism_id": ["secondary_mutation", "compensatory_survival_pathway"],
        "onset": ["acquired", "acquired"],
        "asserted_by": ["cancerres_kit", "cancerres_kit"],
    }
)
COUNTERMEASURES = pd.DataFrame(
    {
        "countermeasure_id": ["next_drug", "failed_drug"],
        "evidence_id": ["civic.eid:900001", "civic.eid:900001"],
        "strategy_id": ["next_generation_therapy", "drug_repurposing"],
        "scope": ["alteration", "class"],
        "countering_evidence_id": ["civic.eid:900004", "civic.eid:900012"],
        "asserted_by": ["cancerres_kit", "cancerres_kit"],
        "verification": ["made up", "made up"],
    }
)
ITEMS = (
    "genes", "evidence", "evidence_genes", "evidence_therapies", "evidence_mechanisms",
    "countermeasures", "countermeasure_therapies",
)  # fmt: skip
DEPENDENT = [
    "profile", "alterations", "prediction", "alteration_match", "is_covered",
    "cancer_type_match", "molecular_profile", "cancer_type_id", "therapy_ids", "evidence_for",
    "evidence_against",
]  # fmt: skip


@pytest.fixture(scope="module")
def atlas():
    """The trees of the shipped atlas with the evidence of the sample alone."""
    shipped = cancerres_kit.load()
    bare = dataclasses.replace(shipped, **{name: getattr(shipped, name).head(0) for name in ITEMS})
    filled = bare.with_evidence({**civic.load(SAMPLE), "evidence_mechanisms": MECHANISMS})
    table = COUNTERMEASURES.reindex(columns=shipped.countermeasures.columns)
    types = shipped.countermeasures.dtypes.to_dict()
    return dataclasses.replace(filled, countermeasures=table.astype(types))


def answered(atlas, cancer_type, *found, **options) -> pd.DataFrame:
    return match(atlas, Profile(cancer_type, found), **options)


def on(rows: pd.DataFrame, therapies: str, stated: str) -> pd.Series:
    """The one row on these therapies whose evidence is on this molecular profile."""
    kept = rows[rows["therapies"].eq(therapies) & rows["molecular_profile"].eq(stated)]
    assert len(kept) == 1, kept
    return kept.iloc[0]


# ---- profiles


def test_a_profile_holds_alterations_in_normal_form():
    profile = Profile(LUNG, ["EGFR p.Thr790Met", alteration("MET Amplification")])
    assert [str(one) for one in profile.alterations] == ["EGFR T790M", "MET Amplification"]
    assert profile == Profile(LUNG, ["EGFR T790M", "MET AMPLIFICATION"])
    with pytest.raises(dataclasses.FrozenInstanceError):
        profile.cancer_type = "cancer"


def test_and_lists_what_was_found_together():
    profile = Profile(LUNG, ["BCR::ABL1 Fusion AND ABL1 T315I"])
    assert [str(one) for one in profile.alterations] == ["BCR::ABL1 Fusion", "ABL1 T315I"]


@pytest.mark.parametrize(
    ("cancer_type", "found", "said"),
    [
        (LUNG, [], "at least one alteration; understood are"),
        (LUNG, "EGFR T790M", "write ['EGFR T790M']"),
        ("", ["EGFR T790M"], "a profile needs a cancer type"),
        (None, ["EGFR T790M"], "a profile needs a cancer type, not None"),
        (LUNG, ["EGFR T790M", "EGFR p.Thr790Met"],
         "'EGFR T790M' is given twice (as 'EGFR T790M' and 'EGFR p.Thr790Met')"),
        (LUNG, ["EGFR T790M", "EGFR T790M"], "is given twice (as 'EGFR T790M')"),
        (LUNG, ["EGFR T79OM"], "is not understood"),
        (LUNG, [790], "an alteration is a text, not 790"),
        (LUNG, None, "alterations is a list, not None; understood are"),
        (LUNG, ["EGFR L858R/T790M"], "each as an entry of its own (both, where there are two)"),
        (LUNG, ["KRAS Q61H/L/R"], "a slash reads as OR"),
        (LUNG, ["NOT KRAS Mutation"], "OR and NOT belong to evidence"),
        (LUNG, ["KRAS G12C OR KRAS G12D"], "OR and NOT belong to evidence"),
        (LUNG, ["MET Amplification AND NOT KRAS Mutation"], "leave out what was not"),
    ],
)  # fmt: skip
def test_what_is_no_profile(cancer_type, found, said):
    with pytest.raises(DataError) as caught:
        Profile(cancer_type, found)
    assert said in str(caught.value)


def test_everything_wrong_is_said_at_once():
    with pytest.raises(DataError) as caught:
        Profile(LUNG, ["EGFR T79OM", "KRAS Fun", "MET Loss", "MET Loss"])
    assert len(caught.value.problems) == 3


# ---- a small file


def written(folder, text, name="tumour.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refusal(reading, path, **options) -> str:
    with pytest.raises(DataError) as caught:
        reading(path, **options)
    return str(caught.value)


def test_a_profile_is_read_from_a_small_file(tmp_path):
    path = written(tmp_path, f"\ufeffcancer_type,alteration\n{LUNG},EGFR T790M\n\n")
    assert read(path) == Profile(LUNG, ["EGFR T790M"])
    path = written(tmp_path, f"alteration,cancer_type\nEGFR T790M,{LUNG}\nMET Loss,\n")
    assert read(path) == Profile(LUNG, ["EGFR T790M", "MET Loss"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "column cancer_type: column is missing"),
        ("cancer_type,alteration\n", "no alterations in the file"),
        ("cancertype,alteration\nx,EGFR T790M\n", "nearest: 'cancertype'"),
        ("cancer_type,alteration,note\nx,EGFR T790M,n\n", "column note: no such column"),
        (f"cancer_type,alteration\n{LUNG},EGFR T79OM\n", "line 2, column alteration: "),
        (f"cancer_type,alteration\n{LUNG},\n", "line 2, column alteration: "),
        (f"cancer_type,alteration\n{LUNG},MET Loss\n{LUNG},MET LOSS\n",
         "line 3, column alteration: alteration 'MET Loss' stands in line 2 too"),
        (f"cancer_type,alteration\n{LUNG},MET Loss\ncancer,KIT Loss\n",
         "line 3, column cancer_type: 'cancer' after"),
        ("cancer_type,alteration\n,MET Loss\n", "no cancer type is given"),
        (f"cancer_type,alteration\n{LUNG},BRAF V600E,NRAS Q61K\n",
         "line 2: the row has 3 cells and the header 2; write one alteration in a row"),
        (f"cancer_type,alteration,alteration\n{LUNG},BRAF V600E,NRAS Q61K\n",
         "line 1, column alteration: the column stands 2 times; keep one"),
    ],
)  # fmt: skip
def test_files_that_hold_no_profile(tmp_path, text, said):
    message = refusal(read, written(tmp_path, text))
    assert said in message
    assert "tumour.csv" in message


IDENTIFYING = [
    "name", "Name", "Patient Name", "patient_name", "firstName", "last name", "surname", "DOB",
    "date_of_birth", "Date of Birth", "birthdate", "birth_date", "MRN", "medical record number",
    "record_number", "RecordNo", "patient_id", "PatientID", "Patient number", "SSN", "address",
    "e-mail", "phone", "post code", "insurance number", "hospital", "Geburtsdatum", "Nachname",
    "Vorname", "Nom", "date_de_naissance", "Apellidos", "fecha_de_nacimiento", "codice_fiscale",
    "PESEL", "姓名", "фамилия", "pt_name", "name_of_patient", "NAME_LAST", "Forename", "MRN_number",
    "Chart Number", "Social Security", "Prénom", "Patientenname", "fødselsdato", "imię",
    "case number", "date of death",
]  # fmt: skip


@pytest.mark.parametrize("column", IDENTIFYING)
def test_columns_that_identify_are_refused_and_nothing_is_shown(tmp_path, column):
    secret = "Jane Doe 1970"
    path = written(tmp_path, f"cancer_type,alteration,{column}\n{LUNG},MET Loss,{secret}\n")
    message = refusal(read, path)
    assert f"column {column}: this column may say whose tumour it is" in message
    assert secret not in message
    maf = written(tmp_path, f"{MAF}\t{column}\n" + line("EGFR", "p.T790M") + f"\t{secret}\n")
    message = refusal(read_maf, maf, cancer_type=LUNG)
    assert "this column may say whose tumour it is" in message
    assert secret not in message


MAF_COLUMNS = [
    "Entrez_Gene_Id", "Center", "NCBI_Build", "Chromosome", "Start_Position", "End_Position",
    "Strand", "Variant_Type", "Reference_Allele", "dbSNP_RS", "Matched_Norm_Sample_Barcode",
    "Validation_Method", "Sequencer", "Tumor_Sample_UUID", "HGVSc", "Transcript_ID",
    "Exon_Number", "t_depth", "n_alt_count", "Allele", "Gene", "Feature", "Protein_position",
    "SYMBOL", "SYMBOL_SOURCE", "HGNC_ID", "BIOTYPE", "CANONICAL", "MOTIF_NAME", "PUBMED", "PHENO",
    "case_id", "src_vcf_id", "tumor_bam_uuid", "callers", "GDC_FILTER", "COSMIC", "hotspot",
    "Score", "BAM_File", "Gene_Name", "sample_name", "EXON", "DOMAINS", "CLIN_SIG", "SOMATIC",
    "Variant_Type", "dbSNP_Val_Status", "Mutation_Status", "Sequence_Source", "Sequencing_Phase",
    "Tumor_Validation_Allele1", "Verification_Status", "Amino_acids", "Codons",
    "Existing_variation",
    "ALLELE_NUM", "DISTANCE", "STRAND_VEP", "CCDS", "ENSP", "SWISSPROT", "TREMBL", "UNIPARC",
    "RefSeq", "SIFT", "PolyPhen", "GMAF", "AFR_MAF", "MOTIF_POS", "HIGH_INF_POS", "IMPACT", "PICK",
    "TSL", "HGVS_OFFSET", "GENE_PHENO", "ExAC_AF", "FILTER", "CONTEXT", "RNA_Support",
    "gnomAD_AF", "vcf_region", "MAX_AF_POPS", "annotation_status", "Annotation_Transcript",
    "Codon_Change", "NORMAL_ID", "all_effects", "one_consequence", "n_ref_count", "vcf_id",
]  # fmt: skip


def test_the_usual_columns_of_a_maf_are_no_obstacle(tmp_path):
    header = "\t".join([MAF, *MAF_COLUMNS])
    text = f"{header}\n{line('EGFR', 'p.T790M')}{chr(9) * len(MAF_COLUMNS)}\n"
    profiles = read_maf(written(tmp_path, text), cancer_type=LUNG)
    assert profiles == [Profile(LUNG, ["EGFR T790M"])]


def test_unreadable_files(tmp_path):
    assert "cannot be read" in refusal(read, tmp_path / "none.csv")
    path = tmp_path / "latin.csv"
    path.write_bytes("cancer_type,alteration\ncafé,x\n".encode("latin-1"))
    assert "save it as CSV UTF-8" in refusal(read, path)
    large = written(tmp_path, "cancer_type,alteration\n" + "x" * 1_000_001)
    assert "is it a MAF? Then use read_maf" in refusal(read, large)


# ---- MAF

MAF = "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short"
BARCODE = "TCGA-XX-0001"


def line(gene, change, sample=BARCODE, variant_class="Missense_Mutation") -> str:
    return f"{gene}\t{variant_class}\t{sample}\t{change}"


def test_a_maf_gives_a_profile_for_each_sample(tmp_path):
    lines = [
        "#version 2.4", MAF,
        line("EGFR", "p.T790M"),
        line("KRAS", "p.G12C", "other"),
        line("EGFR", "p.T790M"),
        line("TTN", "p.A1=", variant_class="Silent"),
        line("EGFR", "p.E746_A750del", variant_class="In_Frame_Del"),
        line("MET", "p.X1010_splice", "other", "Splice_Site"),
        line("NF1", "", "other", "Frame_Shift_Del"),
        line("RB1", ".", "other", "Splice_Site"),
        line("PTEN", "", "third", "Translation_Start_Site"),
        line("Unknown", "", "fourth", "IGR"),
    ]  # fmt: skip
    profiles = read_maf(written(tmp_path, "\n".join(lines)), cancer_type=LUNG)
    assert [[str(one) for one in profile.alterations] for profile in profiles] == [
        ["EGFR T790M", "EGFR E746_A750del"],
        ["KRAS G12C", "MET X1010_splice", "NF1 Frameshift", "RB1 Splice Site"],
        ["PTEN M1?"],
    ]


def test_long_protein_changes_are_read_too(tmp_path):
    header = MAF.replace("_Short", "")
    text = f"{header}\n{line('EGFR', 'ENSP00000275493.2:p.Thr790Met')}\n"
    profiles = read_maf(written(tmp_path, text), cancer_type=LUNG)
    assert profiles == [Profile(LUNG, ["EGFR T790M"])]


def test_barcodes_are_neither_kept_nor_shown(tmp_path, atlas):
    text = "\n".join([MAF, line("EGFR", "p.T79OM"), line("EGFR", "p.T79OM")])
    assert BARCODE not in refusal(read_maf, written(tmp_path, text), cancer_type=LUNG)
    good = written(tmp_path, "\n".join([MAF, line("EGFR", "p.T790M")]))
    profiles = read_maf(good, cancer_type=LUNG)
    assert BARCODE not in repr(profiles)
    answer = match_many(atlas, profiles)
    assert BARCODE not in answer.to_csv()
    assert BARCODE not in repr(answer.attrs)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MAF.replace("Hugo_Symbol", "Hugo_Symbl"), "Hugo_Symbol: column is missing; nearest"),
        (MAF.replace("HGVSp_Short", "Protein"), "column is missing (or HGVSp)"),
        (MAF.replace("\t", ","), "a MAF is separated by tabs"),
        ("", "column Tumor_Sample_Barcode: column is missing"),
        (MAF, "no variant that changes a protein"),
        (f"{MAF}\nEGFR\tMissense", "line 2: the line has too few cells"),
        (f"{MAF}\n{line('EGFR', 'p.T79OM')}", "line 2, column Hugo_Symbol, HGVSp_Short: "),
        (f"{MAF}\n{line('EGFR', 'p.T790M', variant_class='Missense')}",
         "unknown class of variant 'Missense'; nearest: 'Missense_Mutation'"),
    ],
)  # fmt: skip
def test_files_that_are_no_maf(tmp_path, text, said):
    assert said in refusal(read_maf, written(tmp_path, text), cancer_type=LUNG)


def test_lines_that_cannot_be_matched_are_skipped_and_counted(tmp_path, atlas):
    lines = [
        MAF,
        line("EGFR", "p.T790M"),
        line("Unknown", "p.A1T"),
        line("", "p.A1T"),
        line("RP11-1.2", "p.A1T"),
        line("AC003043.1", "p.A1T"),
        line("EGFR", "p.T79OM"),
        line("EGFR", "p.A1T", variant_class="Something"),
        line("BRAF", "p.VK600EI"),
        line("BRCA2", "p.M1V", variant_class="Start_Codon_SNP"),
        line("ALK", "EML4-ALK fusion", variant_class="Fusion"),
        line("ROS1", "", variant_class="Fusion"),
    ]
    cohort_of = read_maf(written(tmp_path, "\n".join(lines)), cancer_type=LUNG)
    assert [str(one) for one in cohort_of[0].alterations] == [
        "EGFR T790M", "BRAF V600_K601delinsEI", "BRCA2 M1V", "EML4::ALK Fusion", "ROS1 Fusion",
    ]  # fmt: skip
    skipped = {
        "no gene": 2, "no gene symbol": 2, "change not understood": 1,
        "unknown class of variant": 1,
    }  # fmt: skip
    assert cohort_of.skipped == skipped
    assert match_many(atlas, cohort_of, other_genes=True).attrs["skipped"] == skipped
    assert match_many(atlas, [*cohort_of], other_genes=True).attrs["skipped"] == {}


@pytest.mark.parametrize(
    ("given", "read_as"),
    [
        (line("RB1", "p.T125=", variant_class="Splice_Site"), "RB1 Splice Site"),
        (line("RB1", "p.R255X", variant_class="Nonsense_Mutation"), "RB1 R255*"),
        (line("KRAS", "p.G12X"), "KRAS G12"),
    ],
)
def test_a_class_tells_what_a_change_leaves_open(tmp_path, given, read_as):
    profiles = read_maf(written(tmp_path, f"{MAF}\n{given}"), cancer_type=LUNG)
    assert [str(one) for one in profiles[0].alterations] == [read_as]


SECRET = "TCGA-SECRET-01"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (line("EGFR", "p.T790M", "s1", SECRET), "column Variant_Classification: a barcode seems"),
        (line(SECRET, "p.T790M", "s1"), "column Hugo_Symbol: a barcode seems"),
        (line("EGFR", SECRET, "s1"), "column HGVSp_Short: a barcode seems"),
        (line("JANE", "p.T790M", "JANE"), "column Hugo_Symbol: a barcode seems"),
        (line("EGFR", "Secret 01", "s1"), "no protein change (not shown"),
        (line("EGFR", "p.T790M", "s1", "Secret 01"), "unknown class of variant (not shown"),
        (line("Secret-01-a", "p.T790M", "s1"), "no gene symbol stands here"),
        (line("EGFR", "p.T790M", ""), "the line has no barcode"),
        (line("EGFR", "p.T790M") + "\tSecret", "has 5 cells and the header 4: are they shifted?"),
    ],
)
def test_no_message_shows_what_may_be_a_barcode(tmp_path, given, said):
    message = refusal(read_maf, written(tmp_path, f"{MAF}\n{given}"), cancer_type=LUNG)
    assert said in message
    assert "line 2" in message
    assert "secret" not in message.casefold()
    assert "JANE" not in message


def test_a_column_of_a_maf_stands_once(tmp_path):
    path = written(tmp_path, f"{MAF}\tHGVSp_Short\n{line('EGFR', 'p.T790M')}\tp.L858R\n")
    assert "column HGVSp_Short: the column stands twice" in refusal(
        read_maf, path, cancer_type=LUNG
    )


@pytest.mark.parametrize("reading", [read, lambda path: read_maf(path, cancer_type=LUNG)])
def test_no_path_is_said_so(reading):
    with pytest.raises(DataError, match=r"by (?:the|its) path"):
        reading(None)


def test_many_problems_are_cut_short(tmp_path):
    text = "\n".join([MAF, *[line("EGFR", f"p.T{at}O") for at in range(1, 60)]])
    message = refusal(read_maf, written(tmp_path, text), cancer_type=LUNG)
    assert "stopped after 20 problems" in message
    assert len(message.splitlines()) == 21


def test_unreadable_mafs(tmp_path):
    assert "cannot be read" in refusal(read_maf, tmp_path / "none.maf", cancer_type=LUNG)
    path = tmp_path / "packed.maf"
    path.write_bytes(b"\x1f\x8b\xff\xfe")
    assert "unpack it" in refusal(read_maf, path, cancer_type=LUNG)


def test_a_long_maf_needs_little_memory(tmp_path):
    padding = "\t" + "x" * 500
    path = tmp_path / "long.maf"
    with path.open("w", encoding="utf-8") as opened:
        opened.write(f"{MAF}\tmore\n")
        for at in range(100_000):
            opened.write(
                line(f"GENE{at % 97}", f"p.R{at % 1009 + 1}H", f"s{at % 50}") + padding + "\n"
            )
    tracemalloc.start()
    profiles = read_maf(path, cancer_type=LUNG)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    distinct = len({one for profile in profiles for one in profile.alterations})
    assert distinct > 90_000
    # What is kept grows with what was found, not with the width of the file.
    assert peak < 400 * distinct


# ---- matching


def test_the_same_alteration_in_the_same_cancer(atlas):
    rows = answered(atlas, LUNG, "EGFR p.Thr790Met")
    row = on(rows, "Erlotinib", "EGFR T790M")
    assert row["prediction"] == "resistance"
    assert row["alterations"] == "EGFR T790M"
    assert (row["alteration_match"], row["is_covered"]) == ("same alteration", True)
    assert row["cancer_type_match"] == "same"
    assert row["level"] == "A"
    assert row["evidence_for"] == ("civic.eid:900001",)
    assert row["evidence_against"] == ()
    assert row["mechanisms"] == "Secondary mutation"
    assert row["mechanism_ids"] == ("secondary_mutation",)
    assert row["references"] == "pubmed:90000000"


def test_strategies_come_with_their_scope_and_failures_are_said(atlas):
    row = on(answered(atlas, LUNG, "EGFR T790M"), "Erlotinib", "EGFR T790M")
    assert "Next-generation therapy (alteration)" in row["strategies"]
    assert "Drug repurposing (class; its evidence speaks against it)" in row["strategies"]
    assert row["strategy_ids"] == ("drug_repurposing", "next_generation_therapy")
    assert row["countermeasure_ids"] == ("failed_drug", "next_drug")


def test_therapy_sets_in_any_order_are_one(atlas):
    row = on(answered(atlas, LUNG, "EGFR T790M"), "Erlotinib or Gefitinib", "EGFR T790M")
    assert row["therapy_ids"] == ("erlotinib", "gefitinib")
    assert row["evidence_for"] == ("civic.eid:900002", "civic.eid:900003")
    assert row["level"] == "B"


def test_relations_of_cancer_types(atlas):
    def relation(cancer_type):
        return on(answered(atlas, cancer_type, "EGFR T790M"), "Erlotinib", "EGFR T790M")[
            "cancer_type_match"
        ]

    assert relation("lung_adenocarcinoma") == "curated parent"
    assert relation("lung_cancer") == "curated child"
    assert relation("breast_cancer") == "other"
    assert relation("civic_glioma") == "unknown"
    assert relation("Non-small cell lung cancer") == relation("doid:3908") == "same"


def test_the_codon_and_the_class(atlas):
    rows = answered(atlas, "doid:9256", "KRAS G12D")
    row = on(rows, "Cetuximab", "KRAS G12")
    assert (row["alteration_match"], row["is_covered"]) == ("same codon", True)
    row = on(rows, "Sotorasib", "KRAS G12C")
    assert (row["alteration_match"], row["is_covered"]) == ("same codon", False)
    row = on(answered(atlas, LUNG, "EGFR L861Q"), "Erlotinib", "EGFR T790M")
    assert (row["alteration_match"], row["is_covered"]) == ("same gene and class", False)


def test_conflicts_stay_conflicts(atlas):
    row = on(answered(atlas, "breast_cancer", "PTEN Loss"), "Trastuzumab", "PTEN Loss")
    assert (row["prediction"], row["note"]) == ("conflicting", "the sources disagree")
    assert row["evidence_for"] == ("civic.eid:900035",)
    assert row["evidence_against"] == ("civic.eid:900036",)
    assert (row["level"], row["level_against"]) == ("B", "D")
    found = ["BCR::ABL1 Fusion", "ABL1 E255K"]
    row = on(answered(atlas, "doid:8552", *found), "Bosutinib", "BCR::ABL1 Fusion AND ABL1 E255K")
    assert row["prediction"] == "conflicting"


def test_what_is_not_supported_is_no_prediction(atlas):
    rows = answered(atlas, "doid:9256", "BRAF V600E")
    kept = rows[rows["cancer_type_match"].eq("same") & rows["molecular_profile"].eq("BRAF V600E")]
    assert kept["prediction"].tolist() == ["none"]
    assert kept["note"].tolist() == ["studied, and not supported"]
    assert kept["evidence_for"].tolist() == [()]
    assert kept["evidence_against"].tolist() == [("civic.eid:900023",)]


def test_no_evidence_is_said(atlas):
    rows = answered(atlas, LUNG, "EGFR T790M", "BCR Amplification")
    row = rows.iloc[-1]
    assert row["alterations"] == "BCR Amplification"
    assert (row["prediction"], row["note"]) == ("none", "no curated evidence")
    assert row[["therapies", "molecular_profile", "level", "alteration_match"]].isna().all()
    assert pd.isna(row["is_covered"])
    assert row["evidence_for"] == ()


def test_opposite_rows_on_one_therapy_are_marked(atlas):
    rows = answered(atlas, LUNG, "EGFR T790M", "EGFR L858R")
    erlotinib = rows[rows["therapies"].eq("Erlotinib") & rows["is_covered"]]
    assert set(erlotinib["prediction"]) == {"resistance", "sensitivity"}
    assert erlotinib["is_contradicted"].all()
    assert not rows.loc[~rows["is_covered"].fillna(False), "is_contradicted"].any()
    assert not answered(atlas, LUNG, "EGFR T790M")["is_contradicted"].any()


def test_alterations_of_one_statement_are_named_together(atlas):
    rows = answered(atlas, "lung_adenocarcinoma", "EGFR T790M", "EGFR L858R")
    row = on(rows, "Afatinib", "EGFR L858R AND EGFR T790M")
    assert row["alterations"] == "EGFR L858R AND EGFR T790M"
    assert row["alteration_match"] == "same alteration"


def test_each_alteration_makes_a_row_of_its_own_with_a_choice(atlas):
    rows = answered(atlas, "doid:1909", "BRAF V600E", "BRAF K601E")
    rows = rows[rows["molecular_profile"].eq("BRAF V600E OR BRAF V600K")]
    rows = rows[rows["therapies"].eq("Dabrafenib + Trametinib")]
    assert rows["alterations"].tolist() == ["BRAF V600E", "BRAF K601E"]
    assert rows["is_covered"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("cancer_type", "found"),
    [
        ("b_lymphoblastic_leukaemia", ["CD19 Exon 2 Skipping", "CD19 L174V"]),
        ("acute_myeloid_leukaemia", ["FLT3 ITD", "FLT3 I836del"]),
        ("cutaneous_melanoma", ["BRAF V600E", "BRAF K601E"]),
    ],
)
def test_nothing_is_hidden_by_what_fits_better(cancer_type, found):
    shipped = cancerres_kit.load()
    for one in found:
        alone = match(shipped, Profile(cancer_type, [one]))
        together = match(shipped, Profile(cancer_type, found))
        own = together[together["alterations"].eq(one)]
        assert "no curated evidence" not in set(own["note"])
        assert set(alone["evidence_for"]) <= set(own["evidence_for"])


def altered(atlas, *items) -> cancerres_kit.Atlas:
    """An atlas with nothing but changed copies of the first item."""
    first = atlas.evidence.head(1)
    copies = [
        first.assign(evidence_id=f"civic.eid:{at}", **item) for at, item in enumerate(items, 1)
    ]
    drugs = [(f"civic.eid:{at}", one) for at in range(1, len(items) + 1)
             for one in ("erlotinib", "gefitinib")]  # fmt: skip
    linked = pd.DataFrame(drugs, columns=["evidence_id", "therapy_id"])
    linked = linked.astype(atlas.evidence_therapies.dtypes.to_dict())
    evidence = pd.concat(copies, ignore_index=True).astype(atlas.evidence.dtypes.to_dict())
    none = {
        name: getattr(atlas, name).head(0) for name in ("countermeasures", "evidence_mechanisms")
    }
    return dataclasses.replace(atlas, evidence=evidence, evidence_therapies=linked, **none)


def test_what_fits_less_is_not_hidden_in_an_expression_of_several(atlas):
    made = altered(atlas, {"molecular_profile": "MET Amplification AND KRAS Mutation"})
    found = ["MET Amplification", "KRAS G12D", "KRAS Mutation"]
    rows = match(made, Profile(LUNG, found))
    assert rows["alterations"].tolist() == [
        "KRAS Mutation AND MET Amplification", "KRAS G12D AND MET Amplification",
    ]  # fmt: skip
    made = altered(atlas, {"molecular_profile": "(MET Amplification AND KRAS G12D) OR MET Loss"})
    rows = match(made, Profile(LUNG, [*found[:2], "MET Loss"]))
    assert rows["alterations"].tolist() == ["KRAS G12D AND MET Amplification AND MET Loss"]


def test_drugs_given_together_are_not_those_given_one_for_the_other(atlas):
    kinds = ["combination", "substitutes", "sequential", None]
    made = altered(atlas, *({"molecular_profile": "EGFR T790M", "interaction": k} for k in kinds))
    rows = match(made, Profile(LUNG, ["EGFR T790M"]))
    assert sorted(rows["therapies"]) == [
        "Erlotinib + Gefitinib", "Erlotinib and Gefitinib in sequence", "Erlotinib or Gefitinib",
        "Erlotinib; Gefitinib",
    ]  # fmt: skip


def test_a_single_drug_has_no_interaction(atlas):
    given = [
        {"molecular_profile": "EGFR T790M", "interaction": one} for one in ("substitutes", None)
    ]
    made = altered(atlas, *given)
    drugs = made.evidence_therapies
    drugs = drugs[drugs["therapy_id"].eq("erlotinib")]
    rows = match(dataclasses.replace(made, evidence_therapies=drugs), Profile(LUNG, ["EGFR T790M"]))
    assert rows["therapies"].tolist() == ["Erlotinib"]
    assert rows["interaction"].isna().all()


def test_only_a_single_opposite_prediction_contradicts(atlas):
    resists = {"predicate": "predictsResistanceTo", "direction": "supports"}
    responds = {"predicate": "predictsSensitivityTo", "direction": "supports"}
    base = {"interaction": "combination"}
    g12, g13 = {"molecular_profile": "KRAS G12D"}, {"molecular_profile": "KRAS Mutation"}
    conflict = altered(
        atlas, *({**base, **one} for one in (g12 | resists, g13 | resists, g13 | responds))
    )
    rows = match(conflict, Profile(LUNG, ["KRAS G12D"]))
    assert set(rows["prediction"]) == {"resistance", "conflicting"}
    assert not rows["is_contradicted"].any()
    opposite = altered(atlas, *({**base, **one} for one in (g12 | resists, g13 | responds)))
    assert match(opposite, Profile(LUNG, ["KRAS G12D"]))["is_contradicted"].all()
    types = [{"cancer_type_id": LUNG}, {"cancer_type_id": "lung_cancer"}]
    same = altered(atlas, base | g12 | resists | types[0], base | g12 | responds | types[1])
    assert not match(same, Profile(LUNG, ["KRAS G12D"]))["is_contradicted"].any()


@pytest.mark.parametrize(
    ("cancer_type", "found", "stated", "covered"),
    [
        (LUNG, "EGFR E746_A750del", "EGFR Exon 19 Deletion", None),
        ("breast_cancer", "PTEN Deletion", "PTEN Loss", True),
        ("breast_cancer", "PTEN R130*", "PTEN Loss", None),
        (LUNG, "ALK Rearrangement", "v::ALK Fusion", None),
        (LUNG, "ALK Fusion", "v::ALK Fusion", True),
    ],
)
def test_where_wordings_do_not_tell_it_is_left_open(cancer_type, found, stated, covered):
    rows = match(cancerres_kit.load(), Profile(cancer_type, [found]))
    kept = rows[rows["molecular_profile"].eq(stated)]
    assert len(kept)
    assert set(plain(kept["is_covered"])) == {covered}
    assert not kept["is_contradicted"].any() or covered


def test_a_stop_is_not_a_change_of_the_codon():
    rows = match(cancerres_kit.load(), Profile("cutaneous_melanoma", ["BRAF V600*"]))
    assert not rows["molecular_profile"].str.contains("V600", na=False).any()


def test_not_is_left_open_where_what_was_found_may_be_it(atlas):
    stated = "NOT KRAS Mutation"
    made = altered(atlas, {"molecular_profile": stated})
    rows = match(made, Profile(LUNG, ["KRAS Alteration"]), other_genes=True)
    assert plain(rows[rows["molecular_profile"].eq(stated)]["is_covered"]) == [None]
    rows = match(made, Profile(LUNG, ["KRAS Amplification"]), other_genes=True)
    assert plain(rows[rows["molecular_profile"].eq(stated)]["is_covered"]) == [True]


def test_not_is_false_where_it_is_found(atlas):
    stated = "MET Amplification AND NOT KRAS Mutation"
    rows = answered(atlas, LUNG, "MET Amplification")
    row = on(rows, "Crizotinib", stated)
    assert row["assumes_absent"] == "KRAS Mutation"
    assert row["alterations"] == "MET Amplification"
    rows = answered(atlas, LUNG, "MET Amplification", "KRAS G12C")
    assert stated not in set(rows["molecular_profile"])


def test_absence_alone_needs_the_gene_to_be_spoken_of(atlas):
    def stated(*found):
        rows = answered(atlas, "doid:349", *found, other_genes=True)
        return rows[rows["molecular_profile"].eq("NOT KIT D816V")]

    assert stated("EGFR T790M").empty
    assert stated("KIT D816V").empty
    row = stated("KIT V560G").iloc[0]
    assert pd.isna(row["alterations"])
    assert row["assumes_absent"] == "KIT D816V"


def test_fusions_with_any_partner(atlas):
    rows = answered(atlas, LUNG, "EML4::ALK Fusion")
    for therapy, stated in [("Crizotinib", "ALK Fusion"), ("Alectinib", "v::ALK Fusion")]:
        assert on(rows, therapy, stated)["is_covered"]
    assert pd.isna(on(rows, "Lorlatinib", "EML4::ALK e6::e20")["is_covered"])


def test_every_answer_carries_the_notice(atlas):
    one = answered(atlas, LUNG, "EGFR T790M")
    assert one.attrs["notice"] == NOTICE
    assert one.attrs["not_understood"] == ()
    assert match_many(atlas, []).attrs["notice"] == NOTICE


def test_evidence_that_cannot_be_read_is_named(atlas):
    evidence = atlas.evidence.copy()
    evidence.loc[0, "molecular_profile"] = "EGFR Something New"
    rows = match(dataclasses.replace(atlas, evidence=evidence), Profile(LUNG, ["EGFR T790M"]))
    assert rows.attrs["not_understood"] == ("EGFR Something New",)


def test_an_answer_without_tumours_has_all_columns(atlas):
    empty = match_many(atlas, [])
    assert len(empty) == 0
    full = match_many(atlas, [Profile(LUNG, ["EGFR T790M"])])
    assert list(empty.columns) == list(full.columns)


def test_an_atlas_without_evidence_has_nothing_curated():
    shipped = cancerres_kit.load()
    bare = dataclasses.replace(shipped, **{name: getattr(shipped, name).head(0) for name in ITEMS})
    rows = match(bare, Profile(LUNG, ["EGFR T790M"]), other_genes=True)
    assert rows["note"].tolist() == ["no curated evidence"]


def test_an_unknown_gene_names_the_nearest(atlas):
    with pytest.raises(DataError) as caught:
        answered(atlas, LUNG, "EGRF T790M", "KRASS G12C")
    text = str(caught.value)
    assert "gene 'EGRF' is not in the atlas; nearest: 'EGFR'" in text
    assert "gene 'KRASS' is not in the atlas; nearest: 'KRAS'" in text
    assert "pass other_genes=True" in text
    rows = answered(atlas, LUNG, "TTN R100H", other_genes=True)
    assert rows["note"].tolist() == ["no curated evidence"]


@pytest.mark.parametrize(
    ("given", "nearest"),
    [("HER2", "ERBB2"), ("BRAFF", "BRAF"), ("MEK", None), ("HER3", None), ("KARS", "KRAS"),
     ("ABL2", None), ("CD20", None)],
)  # fmt: skip
def test_no_gene_is_guessed_that_is_not_near(given, nearest):
    with pytest.raises(DataError) as caught:
        match(cancerres_kit.load(), Profile(LUNG, [f"{given} Amplification"]))
    assert ("nearest" in str(caught.value)) == bool(nearest)
    assert nearest is None or f"nearest: '{nearest}'" in str(caught.value)


def test_thousands_of_unknown_genes_make_a_short_message(atlas):
    profiles = [Profile(LUNG, [f"ZZZ{at}A Loss" for at in range(3000)])]
    with pytest.raises(DataError) as caught:
        match_many(atlas, profiles)
    assert "3000 genes are not in the atlas; the first 20 are listed" in str(caught.value)
    assert len(str(caught.value)) < 10_000


@pytest.mark.parametrize(
    ("given", "meant"),
    [("NSCLC", LUNG), ("luad", "lung_adenocarcinoma"), ("AML", "acute_myeloid_leukaemia"),
     ("oncotree:NSCLC", LUNG), ("mondo:0005233", LUNG), (" DOID:3908 ", LUNG)],
)  # fmt: skip
def test_a_cancer_type_goes_by_its_codes(atlas, given, meant):
    assert CancerTypes(atlas.cancer_types).resolved(given) == meant


@pytest.mark.parametrize(
    ("given", "nearest"),
    [("Lung Non-small Cell Carcinoma", "Non-small cell lung cancer"),
     ("Acute Myeloid Leukemia", "Acute myeloid leukaemia"), ("kidney", None)],
)  # fmt: skip
def test_no_cancer_type_is_guessed_that_is_not_near(atlas, given, nearest):
    with pytest.raises(DataError) as caught:
        CancerTypes(atlas.cancer_types).resolved(given)
    said = str(caught.value).casefold()
    assert (f"nearest: '{nearest}'".casefold() in said) if nearest else "nearest" not in said


def test_an_unknown_cancer_type_names_the_nearest_and_draws_the_tree(atlas):
    with pytest.raises(DataError) as caught:
        answered(atlas, "lung_cancr", "EGFR T790M")
    text = str(caught.value)
    assert "unknown cancer type 'lung_cancr'; nearest: 'lung_cancer'" in text
    assert "non_small_cell_lung_cancer (lung_adenocarcinoma)" in text


def test_a_single_profile_is_no_cohort(atlas):
    with pytest.raises(DataError, match="write \\[profile\\], or use match"):
        match_many(atlas, Profile(LUNG, ["EGFR T790M"]))


def test_a_cohort_is_its_tumours_one_by_one(atlas):
    profiles = [
        Profile(LUNG, ["EGFR T790M", "MET Amplification"]),
        Profile("breast_cancer", ["PTEN Loss"]),
        Profile("doid:8552", ["BCR::ABL1 Fusion", "ABL1 F317V", "EML4::ALK Fusion"]),
    ]
    together = match_many(atlas, profiles)
    assert together["profile"].is_monotonic_increasing
    for number, profile in enumerate(profiles, start=1):
        own = together[together["profile"].eq(number)].drop(columns="profile")
        one = match(atlas, profile)
        for name in one.columns:
            assert plain(own[name]) == plain(one[name]), name


def test_rows_stand_closest_first(atlas):
    rows = answered(atlas, LUNG, "EGFR T790M", "KRAS G12D", "BCR Amplification")
    curated = rows[rows["note"].ne("no curated evidence")]
    covered = curated["is_covered"].astype(int).tolist()
    assert covered == sorted(covered, reverse=True)
    grades = curated.loc[curated["is_covered"], "alteration_match"].cat.codes.tolist()
    assert grades == sorted(grades)
    assert rows.iloc[-1]["note"] == "no curated evidence"


# ---- the same as the plain loop


def plain(values) -> list:
    """Cells without the difference between kinds of missing."""
    return [
        None if value is None or (not isinstance(value, tuple) and pd.isna(value)) else value
        for value in values
    ]


def compared(rows) -> list[str]:
    lines = [[value if value not in ("", ()) else None for value in plain(row)] for row in rows]
    return sorted(map(repr, lines))


def both(atlas, profiles) -> tuple[list[str], list[str]]:
    ours = match_many(atlas, profiles, other_genes=True)
    theirs = plain_match(atlas, profiles, expressions(atlas))
    return (
        compared(ours[DEPENDENT].astype(object).itertuples(index=False)),
        compared([row.get(name) for name in DEPENDENT] for row in theirs),
    )


def test_matching_gives_what_the_plain_loop_gives(atlas):
    ours, theirs = both(atlas, cohort(atlas, 25))
    assert ours == theirs


POOL = [
    "EGFR T790M", "EGFR L858R", "EGFR E746_A750del", "EGFR L861Q", "KRAS G12C", "KRAS Wildtype",
    "KRAS Q61H", "MET Amplification", "MET X1010_splice", "BRAF V600E", "BRAF Amplification",
    "BRAF V600", "BCR::ABL1 Fusion", "ABL1 T315I", "ABL1 F317C", "EML4::ALK e6::e20", "ALK L1196M",
    "STRN::ALK Fusion", "KIT D816V", "KIT D816H", "PTEN Deletion", "PTEN R130*", "TP53 Mutation",
]  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.sampled_from(POOL), min_size=1, max_size=8, unique=True), max_size=4))
def test_any_cohort_gives_what_the_plain_loop_gives(atlas, tumours):
    ours, theirs = both(atlas, [Profile("lung_adenocarcinoma", found) for found in tumours])
    assert ours == theirs


def test_the_full_release_gives_what_the_plain_loop_gives(reference, tmp_path):
    assert reference
    write_release(tmp_path / "full.tsv")
    full = cancerres_kit.load().with_evidence(civic.load(tmp_path / "full.tsv"))
    known = list(dict.fromkeys(leaf for one in expressions(full).values() for leaf in leaves(one)))
    dice = random.Random(5)
    profiles = [Profile("lung_adenocarcinoma", dice.sample(known, 20)) for _ in range(8)]
    ours, theirs = both(full, profiles)
    assert ours == theirs
    assert match_many(full, profiles).attrs["not_understood"] == ()


def test_the_conflicts_of_the_reference_are_conflicts(reference, tmp_path):
    write_release(tmp_path / "full.tsv")
    full = cancerres_kit.load().with_evidence(civic.load(tmp_path / "full.tsv"))
    doid = dict(zip(full.cancer_types["doid"], full.cancer_types["cancer_type_id"], strict=True))
    with (reference / "civic_conflicting_claims.csv").open(encoding="utf-8") as opened:
        listed = list(csv.DictReader(opened))
    assert listed
    for conflict in listed:
        found = [str(leaf) for leaf in leaves(parse(conflict["molecular_profile"]))]
        kind = doid[f"doid:{conflict['doid']}"]
        rows = match(full, Profile(kind, found), other_genes=True)
        drugs = tuple(sorted(civic.names.slug(one) for one in conflict["therapies"].split("|")))
        same = rows["cancer_type_id"].eq(kind) & rows["therapy_ids"].map(lambda ids: ids == drugs)  # noqa: B023
        stated = str(parse(conflict["molecular_profile"]))
        kept = rows[same & rows["molecular_profile"].eq(stated)]
        assert kept["prediction"].tolist() == ["conflicting"], conflict


def test_shipped_evidence_is_all_understood():
    shipped = cancerres_kit.load()
    rows = match(shipped, Profile(LUNG, ["EGFR T790M"]), other_genes=True)
    assert rows.attrs["not_understood"] == ()
    assert np.isin(rows["prediction"], ["resistance", "sensitivity", "conflicting", "none"]).all()
