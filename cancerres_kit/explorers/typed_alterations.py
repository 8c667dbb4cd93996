"""What a person typed as the alterations of a tumour: read, or told what is wrong with it.

One decision: a mistake is a sentence, not an exception, and says what was probably meant. A gene
that the tables do not name is no mistake for certain, so it is read and remarked upon.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from cancerres_kit import display
from cancerres_kit.alterations import UNDERSTOOD, Alteration, leaves, parse
from cancerres_kit.profiles import Profile
from cancerres_kit.profiles.grouping import absent
from cancerres_kit.profiles.index import genes_of
from cancerres_kit.schema.problems import DataError, hint, quoted

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

SEPARATOR = re.compile(r"[,;\n]")
TOLD = 3  # mistakes that are told one by one


class Typed(NamedTuple):
    """What a text was read as.

    Attributes
    ----------
    profile : Profile or None
        The tumour; None where there is a mistake.
    said : list of str
        Sentences: the mistakes, or remarks on what was read and is perhaps not what was meant.
    """

    profile: Profile | None
    said: list[str]


def split(text: str) -> list[str]:
    """Cut a text at commas, semicolons and line breaks."""
    return [part.strip() for part in SEPARATOR.split(text) if part.strip()]


class Reader:
    """Reads typed alterations and knows those that the evidence speaks of.

    Parameters
    ----------
    atlas : Atlas
        The tables; must not change afterwards.
    """

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas

    @cached_property
    def curated(self) -> dict[Alteration, int]:
        """Number of items on each alteration that evidence asks to be there, sorted by name."""
        counts: Counter[Alteration] = Counter()
        for text, n in self._atlas.evidence["molecular_profile"].value_counts().items():
            for one in _present(str(text)):
                counts[one] += int(n)
        return {one: counts[one] for one in sorted(counts, key=str)}

    def together(self, found: Alteration) -> list[str]:
        """List the molecular profiles of the evidence that ask for an alteration, sorted."""
        if found not in self.curated:
            return []
        texts = self._atlas.evidence["molecular_profile"].unique()
        return sorted({str(parse(text)) for text in texts if found in _present(text)})

    @cached_property
    def symbols(self) -> list[str]:
        """Genes that the tables name."""
        named = {gene for one in self.curated for gene in genes_of(one)}
        return sorted({*self._atlas.genes["symbol"].dropna(), *named})

    def read(self, cancer_type: str, text: str) -> Typed:
        """Read a text as the alterations of a tumour.

        Parameters
        ----------
        cancer_type : str
            Id of its cancer type.
        text : str
            At least one alteration, in any usual spelling.

        Returns
        -------
        Typed
        """
        parts = split(text)
        mistakes = [one for part in parts for one in self._mistakes(part)]
        try:
            profile = None if mistakes else Profile(cancer_type, parts)
        except DataError as error:
            mistakes, profile = [_sentence(one.message) for one in error.problems], None
        if profile is None:
            return Typed(None, _told(mistakes))
        genes = dict.fromkeys((gene, one) for one in profile.alterations for gene in genes_of(one))
        return Typed(
            profile, [self._remark(*pair) for pair in genes if pair[0] not in self.symbols]
        )

    def _mistakes(self, part: str) -> list[str]:
        """Say why a part cannot be read, and which curated alteration is nearest."""
        try:
            Profile("any", [part])
        except DataError as error:
            names = [str(one) for one in self.curated]
            said = [one.message.removesuffix(f"; {UNDERSTOOD}") for one in error.problems]
            return [
                _sentence(one + ("" if "nearest" in one else hint(part, names))) for one in said
            ]
        return []

    def _remark(self, gene: str, found: Alteration) -> str:
        """Say that the tables do not name a gene, and which one with this change they do."""
        alike = [
            other for one in self.curated if one.change == found.change for other in genes_of(one)
        ]
        near = hint(gene, alike) or hint(gene, self.symbols)
        return (
            f"The tables do not name the gene {quoted(gene)}{near}; only approved symbols are "
            "understood."
        )


def _present(profile: str) -> set[Alteration]:
    """List the alterations that a molecular profile asks to be there."""
    try:
        expression = parse(profile)
    except DataError:
        return set()
    return {*leaves(expression)} - {*absent(expression)}


def _told(mistakes: list[str]) -> list[str]:
    """Keep the first few of many mistakes; where none is like anything, say what is understood."""
    more = len(mistakes) - TOLD
    rest = [f"There {display.agree(more, 'is', 'are')} {more} more."] if more > 0 else []
    shown = mistakes[:TOLD]
    is_clear = all("nearest" in one or "leave one out" in one for one in shown)
    return [*shown, *rest, *([] if is_clear else [_sentence(UNDERSTOOD)])]


def _sentence(message: str) -> str:
    """Begin a message with a capital letter and end it with a full stop."""
    return f"{message[:1].upper()}{message[1:]}".removesuffix(".") + "."
