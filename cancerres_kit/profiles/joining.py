"""Join what was found in tumours with the expressions of the evidence.

One decision: everything is an array with one entry for each alteration of each tumour; gene by gene
look-up replaces the comparison of every tumour with every item.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cancerres_kit.alterations import Alteration
from cancerres_kit.profiles.evaluation import NONE, Numbers, evaluate
from cancerres_kit.profiles.index import Composite, Index, genes_of
from cancerres_kit.profiles.profile import Profile


class Found(NamedTuple):
    """What was found in which tumour, one entry for each alteration of each tumour."""

    tumour: Numbers
    code: Numbers
    distinct: list[Alteration]
    tumours: int


class Pairs(NamedTuple):
    """Tumours for which an expression holds: how well, and on which entries of `Found`."""

    tumour: Numbers
    expression: Numbers
    score: Numbers
    entries: list[Numbers]
    is_composite: bool = True


def incidence(profiles: Sequence[Profile]) -> Found:
    """List what was found in which tumour."""
    codes: dict[Alteration, int] = {}
    code = [
        codes.setdefault(found, len(codes)) for profile in profiles for found in profile.alterations
    ]
    sizes = [len(profile.alterations) for profile in profiles]
    tumour = np.repeat(np.arange(len(profiles)), sizes)
    return Found(tumour, np.array(code, dtype=np.intp), list(codes), len(profiles))


class Hits(NamedTuple):
    """What the evidence speaks of, for each entry: which alteration of it, how like."""

    entry: Numbers
    stated: Numbers
    score: Numbers


def hits_of(index: Index, found: Found) -> Hits:
    """Join each entry with everything in the evidence that its alteration is like."""
    likes = [index.likes(alteration) for alteration in found.distinct]
    table = np.array([pair for like in likes for pair in like], dtype=np.intp).reshape(-1, 2)
    sizes = np.array([len(like) for like in likes], dtype=np.intp)
    entry, at = expanded(np.concatenate([[0], np.cumsum(sizes)]), found.code)
    return Hits(entry, table[at, 0], table[at, 1].astype(np.int8))


def expanded(first: Numbers, chosen: Numbers) -> tuple[Numbers, Numbers]:
    """List the members of chosen groups: the place in `chosen`, and the member.

    Members of group g are ``first[g]`` to ``first[g + 1] - 1``.
    """
    sizes = first[chosen + 1] - first[chosen] if len(chosen) else np.zeros(0, dtype=np.intp)
    origin = np.repeat(np.arange(len(chosen)), sizes)
    before = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    within = np.arange(int(sizes.sum())) - np.repeat(before, sizes)
    return origin, np.repeat(first[chosen], sizes) + within


def singles(index: Index, found: Found, hits: Hits) -> list[Pairs]:
    """Pair tumours with the expressions for which one alteration is enough.

    Each alteration of the tumour makes a pair of its own, also with a choice of alterations:
    one that fits exactly must not hide another that fits less.
    """
    expression = index.single[hits.stated]
    kept = expression >= 0
    pairs = [_alone(found, hits.entry[kept], expression[kept], hits.score[kept])]
    origin, at = expanded(index.either_first, hits.stated)
    if len(origin):
        entry, expression, score = hits.entry[origin], index.either[at], hits.score[origin]
        # One alteration may fit several of the choice; the closest is first and stays.
        order = np.lexsort((score, expression, entry))
        entry, expression, score = entry[order], expression[order], score[order]
        kept = np.ones(len(entry), dtype=bool)
        kept[1:] = (np.diff(entry) != 0) | (np.diff(expression) != 0)
        pairs.append(_alone(found, entry[kept], expression[kept], score[kept]))
    return [one for one in pairs if len(one.tumour)]


def _alone(found: Found, entry: Numbers, expression: Numbers, score: Numbers) -> Pairs:
    return Pairs(found.tumour[entry], expression, score, [entry], is_composite=False)


def unused(found: Found, pairs: list[Pairs]) -> Numbers:
    """List the entries that no pair rests on."""
    used = np.zeros(len(found.tumour), dtype=bool)
    for one in pairs:
        for entries in one.entries:
            used[entries[entries >= 0]] = True
    return np.flatnonzero(~used)


def second_choices(index: Index, found: Found, hits: Hits, pairs: list[Pairs]) -> list[Pairs]:
    """Pair what an alteration that fits better has hidden in expressions of several.

    Each such entry stands once more for its tumour, and there goes before what fits better.
    """
    hidden = np.intersect1d(unused(found, pairs), hits.entry)
    sizes = np.bincount(found.tumour, minlength=found.tumours)
    first = np.concatenate([[0], np.cumsum(sizes)])
    again, entry = expanded(first, found.tumour[hidden])
    if not len(again):
        return []
    copies = Found(again, found.code[entry], found.distinct, len(hidden))
    foremost = entry == hidden[again]
    tumour = found.tumour[hidden]
    own = np.flatnonzero(foremost)
    chosen = []
    for one in composites(index, copies, hits_of(index, copies), foremost=foremost):
        kept = np.any([part == own[one.tumour] for part in one.entries], axis=0)
        entries = [np.where(part >= 0, entry[part], -1)[kept] for part in one.entries]
        chosen.append(
            Pairs(tumour[one.tumour[kept]], one.expression[kept], one.score[kept], entries)
        )
    return [one for one in chosen if len(one.tumour)]


def composites(
    index: Index, found: Found, hits: Hits, *, foremost: Numbers | None = None
) -> list[Pairs]:
    """Pair tumours with the expressions of several alterations, evaluated on all tumours.

    Where several entries fit one alteration, the closest is taken, or else the one in `foremost`.
    """
    hit = set(hits.stated.tolist())
    genes = {gene for one in found.distinct for gene in genes_of(one)}
    chosen = [
        one
        for one in index.composites_of(genes)
        if one.needed <= hit and (one.negates or not hit.isdisjoint(one.stated))
    ]
    if not chosen:
        return []
    rows = np.unique(np.concatenate([one.stated for one in chosen]))
    row = np.full(len(index.single), len(rows), dtype=np.intp)
    row[rows] = np.arange(len(rows))
    scores = np.full((len(rows) + 1, found.tumours), NONE, dtype=np.int8)
    best = np.full(scores.shape, -1, dtype=np.intp)
    # The closest is written last and so stays; the row after the last takes what is not needed.
    last = np.zeros(len(hits.entry), dtype=bool) if foremost is None else foremost[hits.entry]
    order = np.lexsort((-hits.score, last))
    cells = (row[hits.stated[order]], found.tumour[hits.entry[order]])
    scores[cells] = hits.score[order]
    best[cells] = hits.entry[order]
    mentions = _mentions(found, chosen)
    paired = (
        _composite(one, scores[row[one.stated]], best[row[one.stated]], mentions) for one in chosen
    )
    return [pairs for pairs in paired if len(pairs.tumour)]


def _mentions(found: Found, chosen: list[Composite]) -> dict[str, Numbers]:
    """Tell which tumours list any alteration of a gene that some expression wants absent."""
    wanted = {gene for one in chosen if one.negates for gene in one.genes}
    mentions = {gene: np.zeros(found.tumours, dtype=bool) for gene in wanted}
    for gene, listed in mentions.items():
        codes = [at for at, one in enumerate(found.distinct) if gene in one.genes]
        listed[found.tumour[np.isin(found.code, codes)]] = True
    return mentions


def _composite(one: Composite, own: Numbers, best: Numbers, mentions: dict[str, Numbers]) -> Pairs:
    """Evaluate one expression on the tumours that have anything to do with it."""
    listed = np.zeros(own.shape[1], dtype=bool)
    for gene in one.genes & mentions.keys():
        listed |= mentions[gene]
    touched = np.flatnonzero((own < NONE).any(axis=0) | listed)
    held, used = evaluate(one.expression, one.bits, own[:, touched])
    # Absence alone says something only of a gene that the profile speaks of.
    kept = (held < NONE) & ((used != 0) | listed[touched])
    tumour, used = touched[kept], used[kept]
    entries = [np.where(used >> at & 1, best[at, tumour], -1) for at in range(len(own))]
    return Pairs(tumour, np.full(len(tumour), one.place), held[kept], entries)
