"""Names in a release: therapy sets, genes of a profile, profiles of the time before 2023.

One decision: a comma between two digits belongs to the name of a drug (CP-724,714), any other
comma parts two drugs; the order of a set means nothing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_COMMA = re.compile(r"(?<!\d),|,(?!\d)")
_FIRST = re.compile(r"(?:^|\b(?:AND|OR|NOT)\s)(?:[\s(]|NOT\s)*([^\s()]+)")
_LETTERS = {"α": "alpha", "β": "beta", "γ": "gamma", "κ": "kappa"}  # noqa: RUF001


def therapy_names(text: str) -> tuple[str, ...]:
    """Cut a therapy set into names: sorted, each once."""
    if "," not in text:
        return (" ".join(text.split()),) if text.strip() else ()
    names = (" ".join(name.split()) for name in _COMMA.split(text))
    return tuple(sorted({name for name in names if name}, key=str.casefold))


def genes_of(profile: str) -> tuple[str, ...]:
    """List the gene symbols of a molecular profile, each once, wildcards of fusions left out."""
    symbols = [symbol for first in _FIRST.findall(profile) for symbol in first.split("::")]
    return tuple(dict.fromkeys(symbol for symbol in symbols if symbol not in ("v", "?", "")))


def profile_of(gene: str, variant: str) -> str:
    """Write a gene and a variant of the time before 2023 as a molecular profile.

    Fusions were variants of one of their genes (``ALK``, ``EML4-ALK``; ``ABL1``, ``BCR-ABL
    T315I``) and are written as they are now; anything else stays as it was, after its gene.
    """
    words = variant.split()
    joined = re.fullmatch(r"([A-Z0-9]+)-([A-Z0-9]+)", words[0]) if words else None
    if not joined:
        return f"{gene} {' '.join(words)}".strip()
    first, second = (_partner(gene, name) for name in joined.groups())
    # AR-V7 is a transcript, not a fusion with V7.
    if gene not in (first, second) or len(second) < 3:
        return f"{gene} {' '.join(words)}"
    fused = f"{first}::{second} Fusion"
    rest = [word for word in words[1:] if word.upper() not in ("FUSION", "FUSIONS")]
    if rest and rest[0].upper() == "AND":
        rest = rest[1:]
    return f"{fused} AND {gene} {' '.join(rest)}" if rest else fused


def _partner(gene: str, name: str) -> str:
    """Give the fused gene its symbol where the variant shortens it, as ABL for ABL1."""
    shortened = len(name) > 2 and gene.startswith(name) and gene[len(name) :].isdigit()
    return gene if shortened else name


@lru_cache(maxsize=8192)
def slug(name: str) -> str:
    """Write a name as an id: small letters, digits and underscores, a letter first."""
    plain = name.casefold()
    if not plain.isascii():
        spelt = "".join(_LETTERS.get(letter, letter) for letter in plain)
        plain = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return words if words[:1].isalpha() else f"drug_{words}"
