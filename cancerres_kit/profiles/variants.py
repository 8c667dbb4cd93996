"""What one line of a MAF says: an alteration, nothing, or why it cannot be used.

One decision: a value is shown in a message only where it has the shape of what belongs there.
Columns that are shifted put barcodes anywhere, and a barcode is never shown.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cancerres_kit.alterations import Alteration, alteration
from cancerres_kit.profiles.privacy import is_barcode
from cancerres_kit.schema.problems import DataError, hint, nearest, quoted

GENE, CLASS, SAMPLE = "Hugo_Symbol", "Variant_Classification", "Tumor_Sample_Barcode"
CHANGES = ("HGVSp_Short", "HGVSp")

# What a variant of each class means where the protein change is not given; None is no change of
# the protein or of its making. The classes with _SNP are those of older files.
CLASSES: dict[str, str | None] = {
    "Missense_Mutation": "Mutation",
    "Nonsense_Mutation": "Mutation",
    "Nonstop_Mutation": "Mutation",
    "Frame_Shift_Del": "Frameshift",
    "Frame_Shift_Ins": "Frameshift",
    "In_Frame_Del": "Mutation",
    "In_Frame_Ins": "Mutation",
    "Splice_Site": "Splice Site",
    "Splice_Site_SNP": "Splice Site",
    "Splice_Site_Del": "Splice Site",
    "Splice_Site_Ins": "Splice Site",
    "Translation_Start_Site": "M1?",
    "Start_Codon_SNP": "M1?",
    "Start_Codon_Del": "M1?",
    "Start_Codon_Ins": "M1?",
    "Stop_Codon_Del": "Mutation",
    "Stop_Codon_Ins": "Mutation",
    "Fusion": "Fusion",
    "Silent": None,
    "Splice_Region": None,
    "Intron": None,
    "3'UTR": None,
    "5'UTR": None,
    "3'Flank": None,
    "5'Flank": None,
    "IGR": None,
    "RNA": None,
    "lincRNA": None,
    "Targeted_Region": None,
    "De_novo_Start_InFrame": None,
    "De_novo_Start_OutOfFrame": None,
}
_NOT_GIVEN = ("", ".", "p.?", "-", "NA")
_NO_GENE = ("", ".", "-", "na", "unknown")
# A symbol has at most one hyphen (HLA-A) before an ending such as that of NKX2-1-AS1; more is
# likely to be the name of a sample.
_SYMBOL = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)?(?:-(?:AS|IT|DT|OT|NAT)\d*)?")
_CHANGE = re.compile(r"(?:p\.)?\(?[A-Za-z*]{1,6}\d[\w*?=>()]*")
_HIDDEN = "(not shown: it does not look like one)"


class Refused(NamedTuple):
    """A line of which it is unclear whose it is, or what stands where."""

    column: str
    message: str


class Skipped(NamedTuple):
    """A line that cannot be matched.

    ``is_mistake`` tells what may be mended from what is as it should be, a variant in no gene.
    """

    reason: str
    column: str = ""
    value: str | None = None
    message: str = ""
    is_mistake: bool = False


def variant(
    gene: str, variant_class: str, change: str, barcode: str
) -> Alteration | Refused | Skipped | None:
    """Read the cells of a line; ``None`` for a variant that changes no protein."""
    gene = gene.strip()
    if barcode in _NOT_GIVEN:
        return Refused(SAMPLE, "the line has no barcode, so it is unclear which tumour it is of")
    for column, value in ((GENE, gene), (CLASS, variant_class), (CHANGES[0], change)):
        if is_barcode(value, barcode):
            return Refused(column, "a barcode seems to stand here (not shown): are cells shifted?")
    if variant_class not in CLASSES:
        return _unknown_class(variant_class)
    meaning = CLASSES[variant_class]
    if meaning is None:
        return None
    if gene.casefold() in _NO_GENE:
        return Skipped("no gene")
    if not _SYMBOL.fullmatch(gene):
        what = "no gene symbol stands here; give the approved symbol"
        return Skipped("no gene symbol", GENE, None, what, is_mistake=True)
    return _alteration(gene, variant_class, meaning, change.rpartition(":")[2].strip())


def _unknown_class(given: str) -> Skipped:
    is_near = bool(nearest(given, CLASSES))
    shown = quoted(given) if is_near else _HIDDEN
    message = f"unknown class of variant {shown}{hint(given, CLASSES)}"
    message += f"; allowed: {', '.join(CLASSES)}"
    value = given if is_near else None
    return Skipped("unknown class of variant", CLASS, value, message, is_mistake=True)


def _alteration(gene: str, variant_class: str, meaning: str, written: str) -> Alteration | Skipped:
    if meaning == "Fusion":
        return _fusion(gene, written)
    if variant_class == "Nonsense_Mutation":
        # Here X is a stop; elsewhere it is any residue.
        written = re.sub(r"(?<=\d)X$", "*", written)
    try:
        read = alteration(f"{gene} {meaning if written in _NOT_GIVEN else written}")
    except DataError as error:
        columns, is_shown = f"{GENE}, {CHANGES[0]}", bool(_CHANGE.fullmatch(written))
        message = error.problems[0].message if is_shown else f"no protein change {_HIDDEN}"
        value = f"{gene} {written}" if is_shown else None
        return Skipped("change not understood", columns, value, message, is_mistake=True)
    if read.kind == "synonymous":
        # A splice site may lie in a codon that keeps its residue, and still be lost.
        return alteration(f"{gene} Splice Site") if meaning == "Splice Site" else read
    return read


def _fusion(gene: str, written: str) -> Alteration:
    """Read the partner where it is given (``EML4-ALK fusion``), or else the gene alone."""
    try:
        read = alteration(written)
    except DataError:
        read = None
    if read and read.kind == "fusion" and gene in read.genes:
        return read
    return alteration(f"{gene} Fusion")
