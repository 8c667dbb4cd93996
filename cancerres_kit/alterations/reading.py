"""Reading one alteration: a gene, or two that are fused, and what is changed.

One decision: what cannot be read is an error that says what can be; a wrong guess about an
alteration would be worse than none.
"""

from __future__ import annotations

import re
from functools import lru_cache

from cancerres_kit.alterations.changes import protein_change
from cancerres_kit.alterations.kinds import Alteration
from cancerres_kit.alterations.phrases import WORDS, phrase
from cancerres_kit.schema.problems import DataError, hint, quoted

UNDERSTOOD = (
    "understood are a gene and a protein change ('EGFR T790M', 'EGFR p.Thr790Met', "
    "'EGFR E746_A750del', 'KRAS G12'), an exon ('EGFR Exon 19 Deletion'), a fusion "
    "('BCR::ABL1 Fusion', 'EML4-ALK', 'ALK Fusion', 'v::ALK Fusion'), or a word such as "
    "'MET Amplification', 'PTEN Loss', "
    "'MGMT Promoter Methylation', 'EGFR Overexpression', 'KRAS Mutation'"
)
LONGEST = 200

_GENE = r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*"
_FUSED = re.compile(rf"(v|\?|{_GENE})::(v|\?|{_GENE})(?:\s+(.+))?")
_HYPHENED = re.compile(r"([A-Z][A-Z0-9]{2,})-([A-Z][A-Z0-9]{2,})\s+fusions?", re.IGNORECASE)
_ONE = re.compile(rf"({_GENE})(?:\s*:\s*(?=[pc]\.)|:|\s+)(.+)")
_JOINED = re.compile(rf"({_GENE}?)(?:-(.+)|(vIII))", re.IGNORECASE)
# Symbols with a hyphen begin so, and are no fusions: HLA-DRB1, MIR-143.
_HYPHENATED = ("HLA", "KRTAP", "MIR", "ERV", "ERVK", "TRNA", "IGH", "LINC")
# CIViC writes this one stop with an X, which is any residue elsewhere.
_STOPS = {("BRCA1", "W1815X"): "W1815*"}
_BRACKETED = re.compile(r"(.+?)\s*\(([^()]+)\)")
_BREAKS = re.compile(r"(e\d+::e\d+)(?:\s+fusion)?", re.IGNORECASE)


@lru_cache(maxsize=8192)
def alteration(text: str) -> Alteration:
    """Read one alteration.

    Parameters
    ----------
    text : str
        Gene symbol and change: ``EGFR T790M``, ``EGFR:p.Thr790Met``, ``EML4::ALK Fusion``,
        ``MET Amplification``.

    Returns
    -------
    Alteration
        In normal form: spellings of the same alteration are equal.

    Raises
    ------
    DataError
        If the text cannot be read; says what can be, and the nearest word.
    """
    written = " ".join(text.split())
    if not written or len(written) > LONGEST:
        raise _not_understood(text)
    if found := _FUSED.fullmatch(written):
        return _fused(text, *found.groups())
    if found := _HYPHENED.fullmatch(written):
        return Alteration((found[1], found[2]), "fusion", "Fusion")
    found = _ONE.fullmatch(written)
    if not found and (joined := _without_space(written)):
        return joined
    if not found:
        raise _not_understood(text)
    gene, change = found.groups()
    read = _plain(gene, change) or _with_detail(gene, change)
    if read is None:
        raise _not_understood(text, change)
    return read


def _without_space(written: str) -> Alteration | None:
    """Read ``FLT3-ITD``, ``EGFRvIII`` and the fusion ``EML4-ALK``."""
    if not (found := _JOINED.fullmatch(written)):
        return None
    gene, after, eight = found.groups()
    if words := phrase(after or eight):
        return Alteration((gene,), words.kind, words.text, exons=words.exons)
    fused = _HYPHENED.fullmatch(f"{written} fusion")
    if not fused or fused[1].upper() in _HYPHENATED:
        return None
    return Alteration((fused[1], fused[2]), "fusion", "Fusion")


def _plain(gene: str, change: str) -> Alteration | None:
    change = _STOPS.get((gene, change), change)
    if protein := protein_change(change):
        return Alteration((gene,), protein.kind, protein.text, protein.start, protein.end)
    if words := phrase(change):
        at = words.residue
        return Alteration((gene,), words.kind, words.text, at, at, words.exons)
    return None


def _with_detail(gene: str, change: str) -> Alteration | None:
    """Read ``R200W (c.598C>T)``: what stands in brackets after a change that is understood."""
    found = _BRACKETED.fullmatch(change)
    bare = _plain(gene, found[1]) if found else None
    if not found or bare is None:
        return None
    inner = phrase(found[2])
    if bare.change == "Splice Site" and inner and inner.kind in ("splice", "coding"):
        # The site is what tells one splice variant from another.
        return Alteration((gene,), "splice", f"Splice Site ({inner.text})")
    where = (bare.start, bare.end, bare.exons)
    return Alteration((gene,), bare.kind, bare.change, *where, detail=found[2])


def _fused(text: str, first: str, second: str, rest: str | None) -> Alteration:
    if {first, second} <= {"v", "?"}:
        raise _not_understood(text)
    if rest is None or rest.casefold() in ("fusion", "fusions"):
        return Alteration((first, second), "fusion", "Fusion")
    if breaks := _BREAKS.fullmatch(rest):
        return Alteration((first, second), "fusion", breaks[1].lower())
    raise _not_understood(text, rest)


def _not_understood(text: str, change: str = "") -> DataError:
    about = f": {quoted(change)} is no change that is known" if change else ""
    return DataError(
        f"alteration {quoted(text)} is not understood{about}{hint(change, WORDS)}; {UNDERSTOOD}"
    )
