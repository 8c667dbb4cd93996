"""Alterations that are said in words: ``Amplification``, ``Exon 19 Deletion``, ``ITD``.

One decision: the words are a closed list with patterns, as the curators of CIViC use them; what is
not in it is refused with what is, because a misspelt alteration must not pass as a new kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple


class Phrase(NamedTuple):
    """What words say: kind, normal form, exons and residue where they name any."""

    kind: str
    text: str
    exons: tuple[int, ...] = ()
    residue: int | None = None


WORDS = {
    "Fusion": "fusion",
    "Rearrangement": "rearrangement",
    "Translocation": "rearrangement",
    "Amplification": "amplification",
    "Copy Number Gain": "amplification",
    "Loss": "loss",
    "Deletion": "gene_deletion",
    "Homozygous Deletion": "gene_deletion",
    "LOH": "loh",
    "Copy-Neutral Loss of Heterozygosity": "loh",
    "Overexpression": "overexpression",
    "Underexpression": "underexpression",
    "Expression": "expression",
    "Serum Levels": "expression",
    "Methylation": "methylation",
    "Promoter Methylation": "methylation",
    "Hypermethylation": "methylation",
    "Promoter Hypermethylation": "methylation",
    "Phosphorylation": "phosphorylation",
    "Cytoplasmic Mislocalization": "localisation",
    "Nuclear Translocation": "localisation",
    "Mutation": "mutation",
    "Alteration": "alteration",
    "Wildtype": "wildtype",
    "Activating Mutation": "activating",
    "Gain-of-function": "activating",
    "Inactivating Mutation": "loss_of_function",
    "Deleterious Mutation": "loss_of_function",
    "Biallelic Inactivation": "loss_of_function",
    "Loss-of-function": "loss_of_function",
    "TKD Mutation": "region_mutation",
    "P-Loop Mutation": "region_mutation",
    "Non-P-Loop Mutation": "region_mutation",
    "Rare Mutation": "region_mutation",
    "Reversion Mutation": "reversion",
    "Frameshift": "frameshift",
    "Frameshift Truncation": "frameshift",
    "N-Terminal Frameshift": "frameshift",
    "Splice Site": "splice",
    "ITD": "insertion",
    "Internal Duplication": "duplication",
    "vIII": "deletion",
    "AR-V7": "transcript",
    "Alternative Transcript": "transcript",
    "Double Ph": "rearrangement",
    "Deletion Polymorphism": "polymorphism",
    "T17 Deletion": "polymorphism",
    "3TRP/3TRP Genotype": "polymorphism",
    "High": "signature",
    "Low": "signature",
    "H-bTMB": "signature",
    "mTMB": "signature",
    "Low on-treatment bTMB": "signature",
}
_BY_SPELLING = {word.casefold(): word for word in WORDS}
_SPELLINGS = {
    "amp": "Amplification",
    "amplified": "Amplification",
    "copy-number gain": "Copy Number Gain",
    "deep deletion": "Homozygous Deletion",
    "egfrviii": "vIII",
    "frame shift": "Frameshift",
    "n-terminal frame shift": "N-Terminal Frameshift",
    "fusions": "Fusion",
    "internal tandem duplication": "ITD",
    "loss of function": "Loss-of-function",
    "gain of function": "Gain-of-function",
    "loss of heterozygosity": "LOH",
    "mutations": "Mutation",
    "over-expression": "Overexpression",
    "under-expression": "Underexpression",
    "splice site mutation": "Splice Site",
    "wild type": "Wildtype",
    "wild-type": "Wildtype",
    "wt": "Wildtype",
}
_EXON_WORDS = {
    "mutation": ("exon_mutation", "Mutation"),
    "deletion": ("deletion", "Deletion"),
    "del": ("deletion", "Deletion"),
    "insertion": ("insertion", "Insertion"),
    "ins": ("insertion", "Insertion"),
    "duplication": ("duplication", "Duplication"),
    "frameshift": ("frameshift", "Frameshift"),
    "skipping": ("splice", "Skipping"),
    "skipping mutation": ("splice", "Skipping"),
    "overexpression": ("overexpression", "Overexpression"),
    "loss": ("deletion", "Loss"),
}


def phrase(text: str) -> Phrase | None:
    """Read an alteration in words; ``None`` if they are not in the list.

    Parameters
    ----------
    text : str
        The words after the gene, in any case and spacing.

    Returns
    -------
    Phrase or None
        Kind, normal form, exons and residue.
    """
    words = " ".join(text.casefold().split())
    words = _SPELLINGS.get(words, words)
    if word := _BY_SPELLING.get(words.casefold()):
        return Phrase(WORDS[word], word)
    for pattern, read in _PATTERNS:
        if found := pattern.fullmatch(words):
            return read(found)
    return None


def _exons(found: re.Match[str]) -> Phrase:
    rare, first, last, what = found.groups()
    kind, word = _EXON_WORDS[what]
    exons = (int(first), int(last or first))
    span = f"{exons[0]}-{exons[1]}" if last else str(exons[0])
    return Phrase(kind, f"{'Rare ' if rare else ''}Exon {span} {word}", exons)


def _not_at(found: re.Match[str]) -> Phrase:
    return Phrase("region_mutation", f"Non-{found[1].upper()}")


def _coding(found: re.Match[str]) -> Phrase:
    """Write a coding change with bases in capitals and the rest in small letters."""
    text = re.sub(r"[acgt]+(?=>|$|[acgt]*$)", lambda bases: bases[0].upper(), found[0][2:])
    return Phrase("splice" if re.search(r"\d[+-]\d", text) else "coding", f"c.{text}")


def _phosphorylation(found: re.Match[str]) -> Phrase:
    residue = found[1].upper()
    return Phrase("phosphorylation", f"{residue} Phosphorylation", residue=int(residue[1:]))


def _qualified(kind: str, word: str) -> Callable[[re.Match[str]], Phrase]:
    def read(found: re.Match[str]) -> Phrase:
        return Phrase(kind, f"{_capitals(found[1])} {word}")

    return read


def _capitals(words: str) -> str:
    """Write short words and words with digits in capitals, others with a capital."""
    return " ".join(
        word.upper() if len(word) < 4 or re.search(r"\d", word) else word.title()
        for word in words.split()
    )


_PATTERNS: list[tuple[re.Pattern[str], Callable[[re.Match[str]], Phrase]]] = [
    (
        re.compile(rf"(rare )?ex(?:on)? ?(\d+)(?:-(\d+))? ?({'|'.join(_EXON_WORDS)})s?"),
        _exons,
    ),
    (re.compile(r"non-([a-z]\d+)"), _not_at),
    (re.compile(r"c\.[\d*][\d*+_-]*(?:[acgt]+>[acgt]+|(?:del|dup|ins|inv)\w*)"), _coding),
    (re.compile(r"([a-z]\d+) phosphorylation"), _phosphorylation),
    (
        re.compile(r"rs\d+"),
        lambda found: Phrase("polymorphism", found[0]),
    ),
    (
        re.compile(r"intron (\d+) rearrangement"),
        lambda found: Phrase("rearrangement", f"Intron {found[1]} Rearrangement"),
    ),
    (
        re.compile(r"((?:[\w-]+ ){0,3}domain) mutation"),
        _qualified("region_mutation", "Mutation"),
    ),
    (
        re.compile(r"([\w-]+(?: [\w-]+){0,2}) expression"),
        _qualified("expression", "Expression"),
    ),
]
