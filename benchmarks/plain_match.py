"""The baseline of `match_many`: one tumour after the other, one item of evidence after the other.

It gives the same rows in the same order, and is written the way the question reads.
"""

from typing import Any

from cancerres_kit.alterations import (
    GRADES,
    Alteration,
    And,
    Expression,
    Not,
    leaves,
    likeness,
    parse,
)
from cancerres_kit.atlas import Atlas
from cancerres_kit.profiles import RELATIONS, Profile
from cancerres_kit.profiles.grouping import predicted
from cancerres_kit.profiles.index import genes_of
from cancerres_kit.profiles.relations import CancerTypes
from cancerres_kit.schema.problems import DataError

# grade, whether it is not covered, and what it rests on
Held = tuple[int, bool, tuple[Alteration, ...]]


def expressions(atlas: Atlas) -> dict[str, Expression]:
    """Read every molecular profile once; those that cannot be read match nothing."""
    read = {}
    for text in atlas.evidence["molecular_profile"].unique():
        try:
            read[text] = parse(text)
        except DataError:
            continue
    return read


def plain_match(
    atlas: Atlas, profiles: list[Profile], read: dict[str, Expression]
) -> list[dict[str, Any]]:
    """Rows of the answer, as far as they depend on the tumour."""
    types = CancerTypes(atlas.cancer_types)
    therapies: dict[str, list[str]] = {}
    for item, therapy in atlas.evidence_therapies.itertuples(index=False):
        therapies.setdefault(item, []).append(therapy)
    rows = []
    for number, profile in enumerate(profiles, start=1):
        own = types.resolved(profile.cancer_type)
        found: dict[tuple[Any, ...], list[Any]] = {}
        used: set[Alteration] = set()
        for item in atlas.evidence.itertuples(index=False):
            expression = read.get(item.molecular_profile)
            if expression is None:
                continue
            drugs = tuple(sorted(therapies.get(item.evidence_id, ())))
            for grade, uncovered, rests_on in holding(expression, profile.alterations):
                used.update(rests_on)
                text = " AND ".join(sorted(str(one) for one in rests_on))
                about = (str(expression), item.cancer_type_id, drugs)
                found.setdefault((text, grade, uncovered, *about), []).append(item)
        for (text, grade, uncovered, stated, cancer_type, drugs), items in found.items():
            prediction, evidence_for, evidence_against = predicted(items)
            rows.append(
                {
                    "profile": number,
                    "alterations": text,
                    "prediction": prediction,
                    "alteration_match": GRADES[grade],
                    "is_covered": not uncovered,
                    "cancer_type_match": RELATIONS[types.relation(own, cancer_type)],
                    "molecular_profile": stated,
                    "cancer_type_id": cancer_type,
                    "therapy_ids": drugs,
                    "evidence_for": evidence_for,
                    "evidence_against": evidence_against,
                }
            )
        rows += [
            {"profile": number, "alterations": str(one), "prediction": "none"}
            for one in profile.alterations
            if one not in used
        ]
    return rows


def holding(expression: Expression, found: tuple[Alteration, ...]) -> list[Held]:
    """Ways in which an expression holds: one for each alteration, or one for all its parts."""
    if isinstance(expression, Alteration):
        compared = ((one, likeness(expression, one)) for one in found)
        return [(like.grade, not like.covered, (one,)) for one, like in compared if like]
    held = closest(expression, found)
    if held is None:
        return []
    named = {gene for leaf in leaves(expression) for gene in genes_of(leaf)}
    listed = {gene for one in found for gene in one.genes}
    return [held] if held[2] or named & listed else []


def closest(expression: Expression, found: tuple[Alteration, ...]) -> Held | None:
    """Return how closely an expression holds; the last of equals, as `match_many` does."""
    if isinstance(expression, Alteration):
        ways = holding(expression, found)
        return min(reversed(ways), key=lambda way: (way[1], way[0]), default=None)
    if isinstance(expression, Not):
        inner = closest(expression.part, found)
        return None if inner and not inner[1] else (0, False, ())
    parts = [closest(part, found) for part in expression.parts]
    kept = [part for part in parts if part is not None]
    if isinstance(expression, And):
        if len(kept) < len(parts):
            return None
        together = dict.fromkeys(one for part in kept for one in part[2])
        grade = max(part[0] for part in kept)
        return grade, any(part[1] for part in kept), tuple(together)
    if not kept:
        return None
    uncovered, grade = min((part[1], part[0]) for part in kept)
    best = [part for part in kept if (part[1], part[0]) == (uncovered, grade)]
    return grade, uncovered, tuple(dict.fromkeys(one for part in best for one in part[2]))
