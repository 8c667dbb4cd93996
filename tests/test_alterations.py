"""Alterations and expressions: spellings, kinds, printing, comparing, refusing."""

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cancerres_kit import alterations
from cancerres_kit.alterations import Alteration, And, Not, Or, alteration, likeness, parse
from cancerres_kit.schema.problems import DataError

SAME = [
    ("EGFR T790M", "EGFR p.Thr790Met", "EGFR p.T790M", "EGFR:p.T790M", "EGFR p.(Thr790Met)",
     "EGFR  t790m", "EGFR T790delinsM"),
    ("ARID1A P1175fs", "ARID1A P1175FS*5", "ARID1A p.Pro1175ValfsTer5", "ARID1A p.P1175Vfs*5"),
    ("BRCA1 W1815*", "BRCA1 W1815X", "BRCA1 p.Trp1815Ter", "BRCA1 p.W1815*"),
    ("KIT P551_E554del", "KIT P551_E554delPMYE", "KIT p.Pro551_Glu554del", "KIT P551_E554DEL"),
    ("EGFR A767_V769dup", "EGFR A767_V769dupASV", "EGFR p.Ala767_Val769dup"),
    ("BRAF V600_K601delinsE", "BRAF V600_K601>E", "BRAF p.Val600_Lys601delinsGlu"),
    ("EGFR H773_V774insNPH", "EGFR p.His773_Val774insAsnProHis"),
    ("ABCB1 I1145=", "ABCB1 I1145I", "ABCB1 p.Ile1145="),
    ("EGFR Exon 19 Deletion", "EGFR Exon 19 del", "EGFR EXON 19 DELETION"),
    ("MET Exon 14 Skipping", "MET Exon 14 Skipping Mutation"),
    ("BCR::ABL1 Fusion", "BCR::ABL1", "BCR-ABL1 fusion", "BCR::ABL1 fusions"),
    ("VHL R200W", "VHL R200W (c.598C>T)"),
    ("AKT3 Overexpression", "AKT3 OVEREXPRESSION", "AKT3 over-expression"),
    ("BRAF Wildtype", "BRAF wild-type", "BRAF WT"),
    ("CEBPA N-Terminal Frameshift", "CEBPA N-TERMINAL FRAME SHIFT"),
    ("EGFR vIII", "EGFR VIII", "EGFR EGFRVIII", "EGFRvIII", "EGFR-vIII"),
    ("FLT3 ITD", "FLT3-ITD", "FLT3 internal tandem duplication"),
    ("EGFR Exon 19 Deletion", "EGFR exon19del", "EGFR ex19del", "EGFR Exon 19 deletions"),
    ("EML4::ALK Fusion", "EML4-ALK", "EML4-ALK fusion"),
    ("BCR::ABL1 Fusion", "BCR-ABL1"),
    ("PTEN Homozygous Deletion", "PTEN homozygous deletion", "PTEN deep deletion"),
    ("MET Copy Number Gain", "MET copy number gain", "MET copy-number gain"),
    ("KRAS G12", "KRAS G12X", "KRAS p.Gly12Xaa", "KRAS p.G12X"),
    ("BRAF V600_K601delinsEI", "BRAF p.VK600EI"),
    ("TP53 M1?", "TP53 M1X"),
]  # fmt: skip

KIND = {
    "EGFR T790M": ("missense", 790, 790),
    "ARID1A Q456*": ("nonsense", 456, 456),
    "NF2 K159fs": ("frameshift", 159, 159),
    "EGFR L747_P753delinsS": ("delins", 747, 753),
    "KIT V560del": ("deletion", 560, 560),
    "ERBB2 G778_P780dup": ("duplication", 778, 780),
    "ERBB2 P780_Y781insGSP": ("insertion", 780, 781),
    "KRAS G12": ("codon", 12, 12),
    "BRCA2 M1I": ("start_lost", 1, 1),
    "TP53 p.M1?": ("start_lost", 1, 1),
    "TP53 p.*394Lext*?": ("stop_lost", 394, 394),
    "MET p.X1010_splice": ("splice", 1010, 1010),
    "ATM c.902-1G>T": ("splice", None, None),
    "FLCN c.1285dupC": ("coding", None, None),
    "JAK2 Splice Site (c.1641+2T>G)": ("splice", None, None),
    "ALK Fusion": ("fusion", None, None),
    "EML4::ALK e6::e20": ("fusion", None, None),
    "MET Amplification": ("amplification", None, None),
    "PTEN Loss": ("loss", None, None),
    "PTEN Deletion": ("gene_deletion", None, None),
    "MGMT Promoter Methylation": ("methylation", None, None),
    "CDKN2A p16 Expression": ("expression", None, None),
    "EGFR Y1092 PHOSPHORYLATION": ("phosphorylation", 1092, 1092),
    "TMB High": ("signature", None, None),
    "BRAF Non-V600": ("region_mutation", None, None),
    "ERBB2 Kinase Domain Mutation": ("region_mutation", None, None),
    "KRAS RS61764370": ("polymorphism", None, None),
    "BRAF intron 9 rearrangement": ("rearrangement", None, None),
}


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[0])
def test_spellings_of_one_alteration_are_equal(spellings):
    read = {alteration(text) for text in spellings}
    assert len(read) == 1
    assert str(alteration(spellings[0])) == spellings[0]


@pytest.mark.parametrize("text", KIND)
def test_kind_and_residues_are_read(text):
    read = alteration(text)
    assert (read.kind, read.start, read.end) == KIND[text]
    assert alteration(str(read)) == read


def test_different_alterations_are_not_equal():
    texts = ["EGFR T790M", "EGFR T790", "EGFR T790K", "ABL1 T790M", "EGFR T791M", "EGFR Mutation"]
    texts += ["JAK2 Splice Site (c.1641+2T>G)", "JAK2 Splice Site (c.1641+1T>G)"]
    texts += ["EML4::ALK e6::e20", "EML4::ALK Fusion", "v::ALK Fusion", "ALK Fusion"]
    assert len({alteration(text) for text in texts}) == len(texts)


def test_exons_are_read():
    assert alteration("KIT Exon 11 Mutation").exons == (11, 11)
    assert alteration("EGFR Rare Exon 18-21 Mutation").exons == (18, 21)


def test_detail_is_kept_but_does_not_count():
    assert str(alteration("VHL R200W (c.598C>T)")) == "VHL R200W (c.598c>t)".replace("c>t", "C>T")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("EGFR T79OM", "'T79OM' is no change that is known"),
        ("T790M", "understood are a gene and a protein change"),
        ("EGFR", "is not understood"),
        ("HLA-DRB1", "is not understood"),
        ("NKX2-1", "is not understood"),
        ("", "is not understood"),
        ("MET Amplificaton", "nearest: 'Amplification'"),
        ("v::v Fusion", "is not understood"),
        ("BCR::ABL1 Amplification", "'Amplification' is no change"),
        ("EGFR B790M", "is not understood"),
        ("EGFR T790M (whatever", "is not understood"),
        ("EGFR A750_E746del", "the first comes first"),
        ("EGFR T0M", "residues count from 1"),
        ("A" * 300 + " Loss", "is not understood"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_can(text, said):
    with pytest.raises(DataError) as caught:
        alteration(text)
    assert said in str(caught.value)


def test_kind_is_one_of_the_list():
    with pytest.raises(DataError, match="unknown kind of alteration 'missens'; nearest"):
        Alteration(("EGFR",), "missens", "T790M")


def test_precedence_and_parentheses():
    a, b, c = (alteration(text) for text in ("EGFR T790M", "MET Amplification", "KRAS G12C"))
    assert parse("EGFR T790M OR MET Amplification AND KRAS G12C") == Or((a, And((b, c))))
    assert parse("(EGFR T790M OR MET Amplification) AND KRAS G12C") == And((Or((a, b)), c))
    assert parse("NOT KRAS G12C AND EGFR T790M") == And((Not(c), a))
    assert parse("not (EGFR T790M or MET Amplification)") == Not(Or((a, b)))
    assert parse("EGFR T790M AND (MET Amplification AND KRAS G12C)") == And((a, b, c))


def test_brackets_of_an_alteration_are_no_parentheses():
    text = "MET Amplification AND MET Splice Site (c.3028G>A)"
    assert str(parse(text)) == text
    grouped = "( BAP1 Alternative Transcript (ATI) OR BAP1 Loss ) AND TP53 Loss"
    assert str(parse(grouped)) == grouped


def test_short_forms_mean_or():
    assert parse("KRAS G12/G13") == parse("KRAS G12 OR KRAS G13")
    assert parse("FLT3 D835H/Y") == parse("FLT3 D835H OR FLT3 D835Y")
    assert parse("KRAS Q61H/L/R") == parse("KRAS Q61H OR KRAS Q61L OR KRAS Q61R")
    assert parse("KRAS G12/G13/Q61") == parse("KRAS G12 OR KRAS G13 OR KRAS Q61")
    assert parse("EGFR L858R/T790M") == parse("EGFR L858R OR EGFR T790M")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("EGFR T790M AND", "the end stands where an alteration was expected"),
        ("AND EGFR T790M", "'AND' stands where an alteration was expected"),
        ("( EGFR T790M", "a parenthesis is not closed"),
        ("EGFR T790M )", "')' stands where AND or OR was expected"),
        ("EGFR T790M NOT KRAS G12C", "'NOT' stands where AND or OR was expected"),
        ("EGFR T790M AND KRAS Fun", "'Fun' is no change"),
        ("", "the end stands where"),
        ("NOT " * 60 + "KRAS G12C", "nested more than"),
        ("(" * 900 + "KRAS G12C" + ")" * 900, "nested more than"),
        ("KRAS G12C OR " * 2000, "longer than"),
    ],
)
def test_expressions_that_cannot_be_read(text, said):
    with pytest.raises(DataError) as caught:
        parse(text)
    assert said in str(caught.value)


def test_no_text_is_said_so():
    with pytest.raises(DataError, match="an expression is a text, not None"):
        parse(None)


def test_an_operator_joins_two():
    with pytest.raises(DataError, match="And joins at least two expressions, not 1"):
        And((alteration("KRAS G12C"),))


def test_leaves_are_listed_in_order():
    read = parse("MET Amplification AND NOT ( KRAS G12 OR KRAS G13 )")
    assert [str(leaf) for leaf in alterations.leaves(read)] == [
        "MET Amplification", "KRAS G12", "KRAS G13",
    ]  # fmt: skip


LIKE = [
    ("EGFR T790M", "EGFR p.Thr790Met", (0, True)),
    ("KRAS G12", "KRAS G12C", (1, True)),
    ("KRAS G12C", "KRAS G12D", (1, False)),
    ("KRAS G12C", "KRAS Q61H", (2, False)),
    ("KRAS G12C", "KRAS G12", (1, None)),
    ("KRAS Mutation", "KRAS G12D", (2, True)),
    ("KRAS G12D", "KRAS Mutation", (2, None)),
    ("EGFR T790M", "EGFR L858R", (2, False)),
    ("EGFR Exon 19 Deletion", "EGFR E746_A750del", (2, None)),
    ("KIT Exon 11 Mutation", "KIT Exon 11 Deletion", (2, True)),
    ("KIT Exon 11 Mutation", "KIT Exon 9 Deletion", (2, False)),
    ("ALK Fusion", "EML4::ALK Fusion", (2, True)),
    ("v::ALK Fusion", "EML4::ALK Fusion", (2, True)),
    ("FGFR2::v Fusion", "FGFR2::BICC1 Fusion", (2, True)),
    ("FGFR2::? Fusion", "FGFR2::BICC1 Fusion", (2, None)),
    ("EML4::ALK Fusion", "EML4::ALK e6::e20", (2, True)),
    ("EML4::ALK e6::e20", "EML4::ALK Fusion", (2, None)),
    ("EML4::ALK Fusion", "ALK Fusion", (2, None)),
    ("EML4::ALK Fusion", "STRN::ALK Fusion", (2, False)),
    ("EML4::ALK Fusion", "v::ALK Fusion", (2, None)),
    ("FGFR2::BICC1 Fusion", "FGFR2::v Fusion", (2, None)),
    ("EML4::NTRK3 Fusion", "EML4::ALK Fusion", None),
    ("v::ROS1 Fusion", "EML4::ALK Fusion", None),
    ("FGFR2::v Fusion", "BCR::FGFR2 Fusion", None),
    ("ALK Mutation", "EML4::ALK Fusion", None),
    ("PTEN Loss", "PTEN Deletion", (2, True)),
    ("PTEN Loss-of-function", "PTEN R130*", (2, None)),
    ("PTEN Loss", "PTEN R130*", (2, None)),
    ("TP53 Mutation", "TP53 Wildtype", None),
    ("TP53 ALTERATION", "TP53 Loss", (2, True)),
    ("EGFR Overexpression", "EGFR Underexpression", None),
    ("CDKN2A p16 Expression", "CDKN2A Nuclear Expression", None),
    ("EGFR T790M", "ABL1 T315I", None),
    ("EGFR Mutation", "EGFR Amplification", None),
    ("EGFR Mutation", "EGFR T790=", None),
    ("ERBB2 Exon 20 Insertion", "ERBB2 Y772_A775dup", (2, None)),
    ("KRAS G12", "KRAS G12X", (0, True)),
    ("BRAF V600", "BRAF V600*", None),
    ("BRAF V600E", "BRAF V600*", None),
    ("TP53 M1", "TP53 p.M1?", None),
    ("KIT V560", "KIT V560del", (1, None)),
    ("KIT V560D", "KIT V560del", (1, False)),
    ("KRAS Exon 2 Mutation", "KRAS G13D", (2, None)),
    ("EGFR Rare Exon 18-21 Mutation", "EGFR Exon 19 Deletion", (2, None)),
    ("PTEN Deletion", "PTEN Homozygous Deletion", (2, True)),
    ("PTEN Deletion", "PTEN Loss", (2, None)),
    ("MET Amplification", "MET Copy Number Gain", (2, None)),
    ("NF1 Frameshift", "NF1 K159fs", (2, True)),
    ("NF1 K159fs", "NF1 Frameshift", (2, None)),
    ("MET Exon 14 Skipping", "MET X1010_splice", (2, None)),
    ("ALK Fusion", "ALK Rearrangement", (2, None)),
    ("EML4::ALK Fusion", "ALK Rearrangement", (2, None)),
    ("ALK Rearrangement", "EML4::ALK Fusion", (2, None)),
    ("ROS1 Rearrangement", "EML4::ALK Fusion", None),
    ("v::ALK Fusion", "ALK Fusion", (2, True)),
    ("?::ALK Fusion", "ALK Fusion", (2, None)),
    ("FGFR2::v Fusion", "FGFR2 Fusion", (2, None)),
    ("v::ALK Fusion", "RET Fusion", None),
    ("ALK Alteration", "EML4::ALK Fusion", (2, True)),
    ("EML4::ALK Fusion", "ALK Alteration", (2, None)),
    ("EML4::ALK e6::e20", "EML4::ALK e13::e20", (2, False)),
    ("KRAS Mutation", "KRAS Alteration", (2, None)),
    ("KRAS Wildtype", "KRAS Alteration", None),
    ("KRAS G12D", "KRAS Alteration", (2, None)),
]


@pytest.mark.parametrize(("stated", "found", "expected"), LIKE)
def test_likeness(stated, found, expected):
    assert likeness(alteration(stated), alteration(found)) == expected


GENES = st.sampled_from(["EGFR", "KRAS", "H3-3A", "HLA-C", "C1orf43", "ADAD2-AS1", "TP53"])
RESIDUES = st.sampled_from("ACDEFGHIKLMNPQRSTVWY")
PLACES = st.integers(1, 40_000)
CHANGES = st.one_of(
    st.builds("{}{}{}".format, RESIDUES, PLACES, st.sampled_from(["A", "*", "", "fs", "del", "="])),
    st.builds(
        lambda one, at, more, other, what: f"{one}{at}_{other}{at + more}{what}",
        RESIDUES, PLACES, st.integers(1, 9), RESIDUES,
        st.sampled_from(["del", "dup", "delinsGY", "insFQEA", "fs"]),
    ),
    st.sampled_from(sorted(alterations.phrases.WORDS)),
    st.builds("Exon {} {}".format, st.integers(1, 50), st.sampled_from(["Deletion", "Mutation"])),
    st.builds("c.{}{}".format, PLACES, st.sampled_from(["+1G>T", "dup", "del", "A>C", "-2insAC"])),
)  # fmt: skip
ALTERATIONS = st.one_of(
    st.builds("{} {}".format, GENES, CHANGES),
    st.builds("{}::{} Fusion".format, GENES, GENES),
    st.builds("{}::{} Fusion".format, st.sampled_from("v?"), GENES),
    st.builds("{}::{} e{}::e{}".format, GENES, GENES, st.integers(1, 99), st.integers(1, 99)),
).map(alteration)


def joined(inner):
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(several.map(And), several.map(Or), inner.map(Not))


EXPRESSIONS = st.recursive(ALTERATIONS, joined, max_leaves=8)


@settings(deadline=None)
@given(EXPRESSIONS)
def test_an_expression_prints_and_parses_to_itself(expression):
    assert parse(str(expression)) == expression
    assert str(parse(str(expression))) == str(expression)


@settings(deadline=None)
@given(st.text(alphabet="EGFRT790M()ANDORNOT:*_ >v?=", max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        read = parse(text)
    except DataError:
        return  # any other error would fail the test
    assert parse(str(read)) == read


@settings(deadline=None)
@given(ALTERATIONS, ALTERATIONS)
def test_an_alteration_is_most_like_itself(one, other):
    assert likeness(one, one) == (0, True)
    assert (likeness(one, other) == (0, True)) == (one == other)


@pytest.mark.parametrize("file", ["resistance", "sensitivity"])
def test_every_profile_of_the_reference_is_understood(reference, file):
    with (reference / f"civic_predictive_{file}.csv").open(encoding="utf-8") as opened:
        profiles = {row["molecular_profile"] for row in csv.DictReader(opened)}
    assert profiles
    for text in profiles:
        read = parse(text)
        assert parse(str(read)) == read, text
