"""The evidence of an atlas, arranged so that profiles are looked up and not compared in turn.

One decision: an index is made once for an atlas and kept as long as the atlas is; what an
alteration is like is worked out once for each distinct alteration, by gene.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from cancerres_kit.alterations import Alteration, And, Expression, Or, leaves, likeness
from cancerres_kit.profiles.evaluation import Numbers, score
from cancerres_kit.profiles.grouping import NO_EVIDENCE, TUPLES, absent, statements
from cancerres_kit.profiles.relations import CancerTypes

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

WILD = ("v", "?")
BOTH = 3
_SAID = {"resistance": 1, "sensitivity": 2, "conflicting": BOTH, "none": 0}


@dataclass(frozen=True)
class Composite:
    """An expression of several alterations.

    Attributes
    ----------
    place : int
        Place of the expression.
    expression : expression
        The expression itself.
    bits : dict of Alteration to int
        Its alterations, numbered.
    stated : list of int
        Place of each in all alterations that the evidence speaks of.
    needed : set of int
        Those of `stated` without which it cannot hold.
    genes : frozenset of str
        The genes that it names.
    negates : bool
        Whether something must be absent.
    """

    place: int
    expression: Expression
    bits: dict[Alteration, int]
    stated: list[int]
    needed: frozenset[int]
    genes: frozenset[str]
    negates: bool


class Index:
    """Look-up tables over the evidence of an atlas.

    Parameters
    ----------
    atlas : Atlas
        The tables.

    Attributes
    ----------
    statements : DataFrame
        What `grouping.statements` gives, text as categories, and a last row for no evidence.
    first : array of int
        Where in `members` the statements of each expression begin; one more at the end.
    members : array of int
        Statements, by expression.
    owner : array of int
        Expression of each statement; -1 for no evidence.
    rank : array of int
        Place of each statement in the order in which they are shown.
    regimen : array of int
        The same number for statements on the same treatment.
    said : array of int
        1 for resistance, 2 for sensitivity, `BOTH` where a statement is conflicting, 0 for none.
    single : array of int
        For each alteration that the evidence speaks of, the expression that is this alteration
        alone; -1 if there is none.
    either_first, either : array of int
        Expressions that are nothing but a choice of alterations, by each of these; where in
        `either` those of an alteration begin, one more at the end.
    composites : dict of str to list of Composite
        All other expressions, by each gene that they name.
    """

    def __init__(self, atlas: Atlas) -> None:
        rows, expressions, self.not_understood = statements(atlas)
        self.cancer_types = CancerTypes(atlas.cancer_types)
        self.composites: dict[str, list[Composite]] = {}
        self._stated: dict[Alteration, int] = {}
        self._by_gene: dict[str, dict[Alteration, None]] = {}
        self._choices: dict[int, list[int]] = {}
        for place, expression in enumerate(expressions):
            self._place(place, expression)
        self.single = np.full(len(self._stated), -1, dtype=np.intp)
        for place, expression in enumerate(expressions):
            if isinstance(expression, Alteration):
                self.single[self._stated[expression]] = place
        choices = [self._choices.get(at, []) for at in range(len(self._stated))]
        self.either_first = np.cumsum([0, *map(len, choices)])
        self.either = np.array([place for one in choices for place in one], dtype=np.intp)
        self.symbols = {*atlas.genes["symbol"].dropna(), *self._by_gene}
        owner = rows["expression"].to_numpy(np.intp) if len(rows) else np.zeros(0, dtype=np.intp)
        self.owner = np.append(owner, -1)
        self.members = np.argsort(owner, kind="stable")
        counts = np.bincount(owner, minlength=len(expressions))
        self.first = np.concatenate([[0], np.cumsum(counts)])
        self.rank = _rank(rows)
        self.statements = _with_no_evidence(rows)
        self.regimen = pd.factorize(self.statements["therapies"])[0]
        self.said = self.statements["prediction"].map(_SAID).to_numpy(dtype=np.int8)
        self._likes: dict[Alteration, list[tuple[int, int]]] = {}
        self._relations: dict[str, Numbers] = {}

    def _place(self, place: int, expression: Expression) -> None:
        bits: dict[Alteration, int] = {}
        for part in leaves(expression):
            bits.setdefault(part, len(bits))
            self._stated.setdefault(part, len(self._stated))
            for gene in genes_of(part):
                self._by_gene.setdefault(gene, {}).setdefault(part)
        if isinstance(expression, Alteration):
            return
        stated = [self._stated[part] for part in bits]
        if isinstance(expression, Or) and all(
            isinstance(part, Alteration) for part in expression.parts
        ):
            for one in stated:
                self._choices.setdefault(one, []).append(place)
            return
        direct = expression.parts if isinstance(expression, And) else ()
        needed = frozenset(self._stated[one] for one in direct if isinstance(one, Alteration))
        genes = frozenset(gene for part in bits for gene in genes_of(part))
        composite = Composite(
            place, expression, bits, stated, needed, genes, bool(absent(expression))
        )
        for gene in genes:
            self.composites.setdefault(gene, []).append(composite)

    def likes(self, found: Alteration) -> list[tuple[int, int]]:
        """List what the evidence speaks of that is like an alteration: its place, and the score."""
        if found not in self._likes:
            candidates = {
                stated: None for gene in genes_of(found) for stated in self._by_gene.get(gene, ())
            }
            compared = ((self._stated[one], likeness(one, found)) for one in candidates)
            self._likes[found] = [(at, score(like)) for at, like in compared if like]
        return self._likes[found]

    def composites_of(self, genes: Iterable[str]) -> list[Composite]:
        """List the composite expressions that name at least one of some genes, in order."""
        named = {one.place: one for gene in genes for one in self.composites.get(gene, ())}
        return [named[place] for place in sorted(named)]

    def relations(self, tumour: str) -> Numbers:
        """Relate the cancer type of a tumour to those of all statements."""
        if tumour not in self._relations:
            types = self.statements["cancer_type_id"].cat
            relation = self.cancer_types.relation
            # The last row, no evidence, has no cancer type (code -1) and so no relation (-1).
            known = [*(relation(tumour, other) for other in types.categories), -1]
            self._relations[tumour] = np.array(known, dtype=np.int8)[types.codes.to_numpy()]
        return self._relations[tumour]


def genes_of(alteration: Alteration) -> tuple[str, ...]:
    """List the genes that an alteration names, wildcards of fusions left out."""
    return tuple(gene for gene in alteration.genes if gene not in WILD)


_INDICES: WeakKeyDictionary[Atlas, Index] = WeakKeyDictionary()


def index_of(atlas: Atlas) -> Index:
    """Return the index of an atlas, made at the first call."""
    if atlas not in _INDICES:
        _INDICES[atlas] = Index(atlas)
    return _INDICES[atlas]


def _rank(rows: pd.DataFrame) -> Numbers:
    """Order statements: best level first, then by profile and therapies; no evidence last."""
    if rows.empty:
        return np.zeros(1, dtype=np.intp)
    best = rows["level"].where(rows["level"].ne(""), rows["level_against"]).replace("", "F")
    keys = rows.assign(level=best)
    keys = keys.sort_values(["level", "molecular_profile", "therapies", "cancer_type_id"])
    rank = np.empty(len(rows) + 1, dtype=np.intp)
    rank[keys.index.to_numpy()] = np.arange(len(rows))
    rank[-1] = len(rows)
    return rank


_TEXT = (
    "molecular_profile", "assumes_absent", "cancer_type_id", "cancer_type", "therapies",
    "interaction", "prediction", "note", "level", "level_against", "mechanisms", "strategies",
    "references",
)  # fmt: skip


def _with_no_evidence(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the row that says that nothing is curated; keep text as categories, which are light."""
    columns: dict[str, Any] = {}
    for name in _TEXT:
        last = {"prediction": "none", "note": NO_EVIDENCE}.get(name, "")
        texts = [*(rows[name] if len(rows) else ()), last]
        columns[name] = pd.Categorical([text or None for text in texts])
    for name in TUPLES:
        cells = np.empty(len(rows) + 1, dtype=object)
        cells[:] = [*(rows[name] if len(rows) else ()), ()]
        columns[name] = cells
    columns["is_flagged"] = [*(rows["is_flagged"] if len(rows) else ()), False]
    return pd.DataFrame(columns)
