"""What an alteration is, and the kinds of alterations there are.

One decision: an alteration is held in one normal form, so that two spellings of the same thing are
equal objects; what a spelling says beyond that (a coding change in brackets) is kept beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cancerres_kit.schema.problems import DataError, quoted, unknown

KINDS = {
    "missense": "one residue replaced by another",
    "nonsense": "a residue replaced by a stop",
    "frameshift": "the reading frame shifts",
    "insertion": "residues put in, in frame, or an exon-level insertion",
    "duplication": "residues doubled, in frame",
    "deletion": "residues taken out, in frame, or an exon-level deletion",
    "delins": "residues replaced by several others, in frame",
    "synonymous": "the residue stays the same",
    "start_lost": "the first residue is changed",
    "stop_lost": "the stop is changed",
    "splice": "a splice site is changed or an exon skipped",
    "codon": "any change of one codon",
    "coding": "a change given by its bases only",
    "mutation": "any mutation of the gene",
    "exon_mutation": "any mutation of an exon",
    "region_mutation": "any mutation of a domain or of a named group",
    "activating": "a mutation that activates",
    "loss_of_function": "a mutation or event that inactivates",
    "reversion": "a second mutation that restores what a first one took away",
    "fusion": "two genes joined",
    "rearrangement": "a break or translocation, partner not said",
    "amplification": "more copies of the gene",
    "loss": "the gene or its product is lost",
    "gene_deletion": "copies of the gene are deleted",
    "loh": "loss of heterozygosity",
    "overexpression": "more product than usual",
    "underexpression": "less product than usual",
    "expression": "product present, or measured in some way",
    "methylation": "methylation of the gene or its promoter",
    "phosphorylation": "the protein carries a phosphate",
    "localisation": "the protein is in another place of the cell",
    "transcript": "another transcript is made",
    "polymorphism": "an inherited variant",
    "wildtype": "the gene without mutation",
    "signature": "a trait of the whole genome, such as mutational burden",
    "alteration": "any change of the gene, its copies or its product",
}


@dataclass(frozen=True, slots=True)
class Alteration:
    """One alteration of a gene, or of two genes that are fused, in normal form.

    Parameters
    ----------
    genes : tuple of str
        Symbol of the gene; of a fusion both, 5' first, where ``v`` stands for any partner and
        ``?`` for one that is not known.
    kind : str
        One of `KINDS`.
    change : str
        Normal form of the change: ``T790M``, ``E746_A750del``, ``Exon 19 Deletion``, ``Fusion``.
    start, end : int or None
        First and last residue [position in the protein, counted from 1]; a single one is both.
    exons : tuple of int
        First and last exon where the change names exons, else empty.
    detail : str
        What the spelling says beyond the normal form; no part of what makes two equal.

    Raises
    ------
    DataError
        If the kind is not one of `KINDS` or the residues are not in order.
    """

    genes: tuple[str, ...]
    kind: str
    change: str
    start: int | None = None
    end: int | None = None
    exons: tuple[int, ...] = ()
    detail: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.kind not in KINDS:
            raise unknown(self.kind, KINDS, what="kind of alteration")
        if self.start is not None and not 1 <= self.start <= (self.end or 0):
            given = quoted(f"{'::'.join(self.genes)} {self.change}")
            raise DataError(
                f"{given}: residues count from 1 and the first comes first; turn them round"
            )

    def __str__(self) -> str:
        """The normal form, such as ``EGFR T790M`` or ``BCR::ABL1 Fusion``."""
        detail = f" ({self.detail})" if self.detail else ""
        return f"{'::'.join(self.genes)} {self.change}{detail}"
