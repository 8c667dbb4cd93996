"""How close an alteration found in a tumour is to the one that a source speaks about.

One decision: likeness has two sides that are kept apart. Its grade says what the two share (the
same alteration, the same codon, the same gene and class); ``covered`` says whether the wording of
the source includes what was found, as ``KRAS Mutation`` includes G12D and ``KRAS G12C`` does not.
"""

from __future__ import annotations

from typing import NamedTuple

from cancerres_kit.alterations.kinds import Alteration

GRADES = ("same alteration", "same codon", "same gene and class")

MUTATIONS = frozenset(
    {
        "missense", "nonsense", "frameshift", "insertion", "duplication", "deletion", "delins",
        "start_lost", "stop_lost", "splice", "codon", "coding", "mutation", "exon_mutation",
        "region_mutation", "activating",
    }
)  # fmt: skip
_ON_CODON = frozenset({"missense", "nonsense", "delins", "deletion", "duplication", "start_lost"})
_ANY_MUTATION = frozenset({"mutation", "exon_mutation", "region_mutation", "activating"})
_LOSSES = frozenset({"loss", "gene_deletion", "loss_of_function"})
_TRUNCATING = frozenset({"nonsense", "frameshift", "start_lost", "splice"})
_LOST = _LOSSES | _TRUNCATING
_GAINED = frozenset({"insertion", "duplication"})


class Likeness(NamedTuple):
    """Place in `GRADES` (0 is closest), and whether the wording includes what was found."""

    grade: int
    covered: bool


def likeness(stated: Alteration, found: Alteration) -> Likeness | None:
    """Compare an alteration of a tumour with the one that a source speaks about.

    Parameters
    ----------
    stated : Alteration
        What the source says.
    found : Alteration
        What the tumour has.

    Returns
    -------
    Likeness or None
        Grade (place in `GRADES`) and whether the wording of the source covers what was found;
        ``None`` if they have nothing in common that counts.
    """
    if stated == found:
        return Likeness(0, covered=True)
    if "fusion" in (stated.kind, found.kind):
        both = stated.kind == found.kind
        return _fusions(stated, found) if both else None
    if stated.genes != found.genes:
        return None
    if _same_codon(stated, found):
        return Likeness(1, covered=stated.kind == "codon" and found.kind in _ON_CODON)
    if stated.kind == "mutation" and found.kind in MUTATIONS:
        return Likeness(2, covered=True)
    if stated.kind == "alteration" and found.kind not in ("wildtype", "synonymous"):
        return Likeness(2, covered=True)
    if _same_class(stated, found):
        return Likeness(2, covered=_narrower(stated, found))
    return None


def _same_codon(stated: Alteration, found: Alteration) -> bool:
    """Whether both change one and the same residue; a stop there is another class of change."""
    if stated.start is None or stated.start != stated.end:
        return False
    if (stated.start, stated.end) != (found.start, found.end):
        return False
    codons = _ON_CODON | {"codon"}
    return stated.kind in codons and found.kind in codons and stated.change[0] == found.change[0]


def _same_class(stated: Alteration, found: Alteration) -> bool:
    kinds = (stated.kind, found.kind)
    if stated.kind == found.kind:
        # Two measurements, silent changes or inherited variants have nothing more in common.
        return stated.kind not in _APART
    if stated.kind in _ANY_MUTATION or found.kind in _ANY_MUTATION:
        return stated.kind in MUTATIONS and found.kind in MUTATIONS
    if stated.kind == "loss_of_function" or found.kind == "loss_of_function":
        return set(kinds) <= _LOST
    return set(kinds) <= _LOSSES or set(kinds) <= _GAINED or set(kinds) == {"missense", "codon"}


_APART = frozenset(
    {"synonymous", "polymorphism", "expression", "signature", "transcript", "localisation"}
    | {"coding", "phosphorylation"}
)


def _narrower(stated: Alteration, found: Alteration) -> bool:
    """Whether the wording names whole exons of which what was found is a part."""
    if stated.kind != "exon_mutation" or not found.exons or found.kind not in MUTATIONS:
        return False
    return stated.exons[0] <= found.exons[0] and found.exons[1] <= stated.exons[1]


def _fusions(stated: Alteration, found: Alteration) -> Likeness | None:
    """Compare fusions: the gene at the 3' end decides, unless the 5' gene is the one named.

    A kinase is mostly the 3' partner, and a 5' partner such as EML4 occurs with several of them.
    """
    if len(stated.genes) == 1:
        return Likeness(2, covered=True) if stated.genes[0] in found.genes else None
    if len(found.genes) == 1:
        return Likeness(2, covered=False) if found.genes[0] in stated.genes else None
    if stated.genes == found.genes:
        return Likeness(2, covered=stated.change == "Fusion")
    first, second = stated.genes
    if first in _WILD:
        return Likeness(2, covered=first == "v") if second == found.genes[1] else None
    if second in _WILD:
        return Likeness(2, covered=second == "v") if first == found.genes[0] else None
    if second == found.genes[1] or (found.genes[1] in _WILD and first == found.genes[0]):
        return Likeness(2, covered=False)
    return None


_WILD = ("v", "?")
