"""How close an alteration found in a tumour is to the one that a source speaks about.

One decision: likeness has two sides that are kept apart. Its grade says what the two share (the
same alteration, the same codon, the same gene and class); ``covered`` says whether the wording of
the source includes what was found, as ``KRAS Mutation`` includes G12D and ``KRAS G12C`` does not,
and stays empty where that cannot be told from the two wordings alone.
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
_ON_CODON = frozenset({"missense", "delins", "duplication", "deletion", "codon"})
_ANY_MUTATION = frozenset({"mutation", "exon_mutation", "region_mutation", "activating"})
_LOSSES = frozenset({"loss", "gene_deletion", "loss_of_function"})
_TRUNCATING = frozenset({"nonsense", "frameshift", "start_lost", "splice"})
_GAINED = frozenset({"insertion", "duplication"})
_UNCHANGED = frozenset({"wildtype", "synonymous"})
# Wordings that include every other one of their kind.
_WHOLE_KIND = frozenset(
    {"Deletion", "Frameshift", "Methylation", "Rearrangement", "Splice Site", "Mutation"}
)


class Likeness(NamedTuple):
    """Place in `GRADES` (0 is closest), and whether the wording includes what was found.

    ``covered`` is ``None`` where the two wordings do not tell.
    """

    grade: int
    covered: bool | None


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
        Grade (place in `GRADES`) and whether the wording of the source covers what was found
        (``None`` where that cannot be told, as of a residue and an exon); ``None`` if they have
        nothing in common that counts.
    """
    if stated == found:
        return Likeness(0, covered=True)
    if "fusion" in (stated.kind, found.kind):
        return _joined(stated, found)
    if stated.genes != found.genes:
        return None
    if _same_codon(stated, found):
        return Likeness(1, covered=_on_codon(stated, found))
    if "alteration" in (stated.kind, found.kind):
        return _any_alteration(stated, found)
    if stated.kind == "mutation" and found.kind in MUTATIONS:
        return Likeness(2, covered=True)
    if _same_class(stated, found):
        return Likeness(2, covered=_included(stated, found))
    return None


def _same_codon(stated: Alteration, found: Alteration) -> bool:
    """Whether both change one and the same residue; a stop there is another class of change."""
    if stated.start is None or stated.start != stated.end:
        return False
    if (stated.start, stated.end) != (found.start, found.end):
        return False
    return {stated.kind, found.kind} <= _ON_CODON and stated.change[0] == found.change[0]


def _on_codon(stated: Alteration, found: Alteration) -> bool | None:
    """Whether a wording on a residue includes a change there; a codon taken out is a gap, too."""
    if found.kind == "codon" or (stated.kind == "codon" and found.kind == "deletion"):
        return None
    return stated.kind == "codon"


def _any_alteration(stated: Alteration, found: Alteration) -> Likeness | None:
    """Compare with ``GENE Alteration``, which may be anything but the unchanged gene."""
    if {stated.kind, found.kind} & _UNCHANGED:
        return None
    return Likeness(2, covered=True if stated.kind == "alteration" else None)


def _same_class(stated: Alteration, found: Alteration) -> bool:
    kinds = {stated.kind, found.kind}
    if len(kinds) == 1:
        # Two measurements, silent changes or inherited variants have nothing more in common.
        return stated.kind not in _APART
    if kinds & _ANY_MUTATION:
        return kinds <= MUTATIONS
    if kinds & _LOSSES:
        return kinds <= _LOSSES | _TRUNCATING
    return kinds <= _GAINED or kinds == {"missense", "codon"}


_APART = frozenset(
    {"synonymous", "polymorphism", "expression", "signature", "transcript", "localisation"}
    | {"coding", "phosphorylation"}
)


def _included(stated: Alteration, found: Alteration) -> bool | None:
    """Whether a wording includes what was found, of two that share gene and class."""
    if stated.exons and found.exons:
        return _within_exons(stated, found)
    if stated.kind == "loss":
        return True if found.kind == "gene_deletion" else None
    if stated.kind == found.kind and stated.change in _WHOLE_KIND:
        return True
    # Residues are compared with residues; with an exon, a domain or a word they are not.
    return False if stated.start and found.start else None


def _within_exons(stated: Alteration, found: Alteration) -> bool | None:
    """Compare two wordings that name exons; a part of them says nothing of the whole."""
    if found.exons[1] < stated.exons[0] or stated.exons[1] < found.exons[0]:
        return False
    inside = stated.exons[0] <= found.exons[0] and found.exons[1] <= stated.exons[1]
    plain = stated.kind == "exon_mutation" and not stated.change.startswith("Rare")
    return True if inside and plain and found.kind in MUTATIONS else None


def _joined(stated: Alteration, found: Alteration) -> Likeness | None:
    """Compare where at least one is a fusion: a break may be one, and its partner is not said."""
    if stated.kind == found.kind:
        return _fusions(stated, found)
    if not set(stated.genes) & set(found.genes):
        return None
    kinds = {stated.kind, found.kind}
    if "alteration" in kinds:
        return _any_alteration(stated, found)
    return Likeness(2, covered=None) if "rearrangement" in kinds else None


def _fusions(stated: Alteration, found: Alteration) -> Likeness | None:
    """Compare fusions: the gene at the 3' end decides, unless the 5' gene is the one named.

    A kinase is mostly the 3' partner, and a 5' partner such as EML4 occurs with several of them.
    ``ALK Fusion`` is read as ``v::ALK Fusion``.
    """
    if len(stated.genes) == 1:
        return Likeness(2, covered=True) if stated.genes[0] in found.genes else None
    first, second = stated.genes
    if len(found.genes) == 1:
        if found.genes[0] not in stated.genes:
            return None
        return Likeness(2, covered=True if stated.genes == ("v", found.genes[0]) else None)
    if stated.genes == found.genes:
        return Likeness(2, covered=_same_breaks(stated, found))
    if first in _WILD or second in _WILD:
        return _any_partner(stated, found)
    if second == found.genes[1]:
        return Likeness(2, covered=None if found.genes[0] in _WILD else False)
    if found.genes[1] in _WILD and first == found.genes[0]:
        return Likeness(2, covered=None)
    return None


def _any_partner(stated: Alteration, found: Alteration) -> Likeness | None:
    """Compare with a wording that leaves a partner open; ``?`` may be or not be the one found."""
    at = 1 if stated.genes[0] in _WILD else 0
    if stated.genes[at] != found.genes[at]:
        return None
    return Likeness(2, covered=True if stated.genes[1 - at] == "v" else None)


def _same_breaks(stated: Alteration, found: Alteration) -> bool | None:
    """Whether a fusion includes one of the same genes; other exons make another fusion."""
    if stated.change == "Fusion":
        return True
    return None if found.change == "Fusion" else False


_WILD = ("v", "?")
