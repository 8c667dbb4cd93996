"""Protein changes in the usual spellings: ``T790M``, ``p.T790M``, ``p.Thr790Met``.

One decision: the normal form is the one-letter form without ``p.``, without the residues that
``del`` and ``dup`` repeat and without the tail of a frameshift, because sources give these or leave
them out at will. ``X`` is any residue (``KRAS G12X`` is the codon), a stop is ``*`` or ``Ter``. A
duplication and the equal insertion stay different: telling that they are the same needs the
sequence of the protein.
"""

from __future__ import annotations

import re
from typing import NamedTuple

THREE = {
    "Ala": "A", "Arg": "R", "Asn": "N", "Asp": "D", "Cys": "C", "Gln": "Q", "Glu": "E",
    "Gly": "G", "His": "H", "Ile": "I", "Leu": "L", "Lys": "K", "Met": "M", "Phe": "F",
    "Pro": "P", "Sec": "U", "Ser": "S", "Ter": "*", "Thr": "T", "Trp": "W", "Tyr": "Y",
    "Val": "V", "Xaa": "X",
}  # fmt: skip
_THREE = re.compile("|".join(THREE), re.IGNORECASE)
_IS_THREE = re.compile(rf"(?:{_THREE.pattern})\d", re.IGNORECASE)

_AA = "[ACDEFGHIKLMNPQRSTUVWY]"
_AT = rf"(?P<ref>{_AA}|\*)(?P<start>\d{{1,5}})"
_TO = rf"(?:_(?P<last>{_AA}|\*)(?P<end>\d{{1,5}}))?"
_NEW = rf"(?P<new>(?:{_AA}|[*X])+)"
# Neighbours replaced together, as callers write them: VK600EI.
_BLOCK = re.compile(rf"(?P<old>{_AA}{{2,}})(?P<start>\d{{1,5}})(?P<new>{_AA}{{2,}})")


class Change(NamedTuple):
    """A change of a protein: its kind, its normal form and its residues."""

    kind: str
    text: str
    start: int
    end: int


def protein_change(text: str) -> Change | None:
    """Read a protein change; ``None`` if the text is none.

    Parameters
    ----------
    text : str
        The change without the gene, in one- or three-letter form, with or without ``p.``.

    Returns
    -------
    Change or None
        Kind, normal form, first and last residue.
    """
    written = _spelt_out(_one_letter(text))
    for pattern, kind, ending in _FORMS:
        if found := pattern.fullmatch(written):
            return _change(found, kind, ending)
    return None


def _one_letter(text: str) -> str:
    """Bring a spelling into one-letter form, in capitals."""
    bare = re.sub(r"^p\.", "", text, flags=re.IGNORECASE)
    if bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1]
    if _IS_THREE.match(bare):
        bare = _THREE.sub(lambda found: THREE[found[0].capitalize()], bare)
    return bare.upper()


def _spelt_out(written: str) -> str:
    """Write ``VK600EI`` as ``V600_K601delinsEI``."""
    found = _BLOCK.fullmatch(written)
    if not found or len(found["old"]) != len(found["new"]):
        return written
    old, start = found["old"], int(found["start"])
    return f"{old[0]}{start}_{old[-1]}{start + len(old) - 1}DELINS{found['new']}"


def _change(found: re.Match[str], kind: str, ending: str) -> Change:
    parts = found.groupdict()
    start = int(parts["start"])
    end = int(parts.get("end") or start)
    new = parts.get("new") or ""
    place = f"{parts['ref']}{start}" + (f"_{parts['last']}{end}" if parts.get("last") else "")
    if kind == "delins" and len(new) == 1 and start == end:
        kind, ending = "missense", ""  # one residue for one: a substitution by any other name
    if kind == "missense":
        kind, new = _substitution(parts["ref"], start, new)
    return Change(kind, f"{place}{ending}{new}", start, end)


def _substitution(ref: str, start: int, new: str) -> tuple[str, str]:
    if ref == new:
        return "synonymous", "="
    if ref == "M" and start == 1:
        return "start_lost", new.replace("X", "?")
    if ref == "*":
        return "stop_lost", new
    if new == "X":
        return "codon", ""
    return ("nonsense" if new == "*" else "missense"), new


_PLACE = _AT + _TO
_FORMS = [
    (re.compile(pattern), kind, ending)
    for pattern, kind, ending in (
        (rf"{_AT}(?P<new>{_AA}|[*X])", "missense", ""),
        (rf"(?P<ref>{_AA})(?P<start>\d{{1,5}})", "codon", ""),
        (rf"{_AT}=", "synonymous", "="),
        (r"(?P<ref>M)(?P<start>1)\?", "start_lost", "?"),
        (rf"{_PLACE}{_AA}?FS(?:[*X](?:\d+|\?)?)?", "frameshift", "fs"),
        (rf"{_PLACE}(?:DEL{_AA}*?INS|>){_NEW}", "delins", "delins"),
        (rf"{_PLACE}DEL(?:{_AA}*|\d+)", "deletion", "del"),
        (rf"{_PLACE}DUP(?:{_AA}*|\d+)", "duplication", "dup"),
        (
            rf"{_AT}_(?P<last>{_AA}|\*)(?P<end>\d{{1,5}})INS(?P<new>(?:{_AA}|[*X])+|\d+)",
            "insertion",
            "ins",
        ),
        (rf"(?P<ref>\*)(?P<start>\d{{1,5}})(?P<new>{_AA})EXT.*", "stop_lost", ""),
        (r"(?P<ref>X)(?P<start>\d{1,5})_SPLICE", "splice", "_splice"),
    )
]
