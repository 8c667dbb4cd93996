"""The baseline of `match_many`: one tumour after the other, one item of evidence after the other.

It gives the same rows in the same order, and is written the way the question reads.
"""

from typing import Any, TypeGuard

from cancerres_kit.alterations import (
    GRADES,
    Alteration,
    And,
    Expression,
    Not,
    Or,
    leaves,
    likeness,
    parse,
)
from cancerres_kit.atlas import Atlas
from cancerres_kit.profiles import RELATIONS, Profile
from cancerres_kit.profiles.grouping import interaction_of, predicted
from cancerres_kit.profiles.index import genes_of
from cancerres_kit.profiles.relations import CancerTypes
from cancerres_kit.schema.problems import DataError

# grade, place of its coverage, and what it rests on
Held = tuple[int, int, tuple[Alteration, ...]]
COVERAGE = {True: 0, None: 1, False: 2}
COVERED = (True, None, False)


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
        found, used = found_on(atlas, profile, read, therapies)
        for (text, grade, coverage, stated, cancer_type, drugs, _), group in found.items():
            prediction, evidence_for, evidence_against = predicted(group)
            rows.append(
                {
                    "profile": number,
                    "alterations": text,
                    "prediction": prediction,
                    "alteration_match": GRADES[grade],
                    "is_covered": COVERED[coverage],
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


def found_on(
    atlas: Atlas,
    profile: Profile,
    read: dict[str, Expression],
    therapies: dict[str, list[str]],
) -> tuple[dict[tuple[Any, ...], list[Any]], set[Alteration]]:
    """Items on each statement that holds, and the alterations that any rests on."""
    found: dict[tuple[Any, ...], list[Any]] = {}
    used: set[Alteration] = set()
    items: list[tuple[Any, ...]] = []
    for item in atlas.evidence.itertuples(index=False):
        expression = read.get(str(item.molecular_profile))
        if expression is None:
            continue
        drugs = tuple(sorted(therapies.get(str(item.evidence_id), ())))
        about = (str(expression), item.cancer_type_id, drugs, interaction_of(item, drugs))
        items.append((expression, about, item))

    def note(ways: list[Held], about: tuple[Any, ...], item: Any) -> None:
        for grade, coverage, rests_on in ways:
            used.update(rests_on)
            text = " AND ".join(sorted(str(one) for one in rests_on))
            found.setdefault((text, grade, coverage, *about), []).append(item)

    for expression, about, item in items:
        note(holding(expression, profile.alterations), about, item)
    first_used = set(used)
    for expression, about, item in items:
        note(hidden(expression, profile.alterations, first_used), about, item)
    return found, used


def holding(expression: Expression, found: tuple[Alteration, ...]) -> list[Held]:
    """Ways in which an expression holds: one for each alteration, or one for all its parts."""
    if isinstance(expression, Alteration):
        compared = ((one, likeness(expression, one)) for one in found)
        return [(like.grade, COVERAGE[like.covered], (one,)) for one, like in compared if like]
    if is_choice(expression):
        ways = [way for part in expression.parts for way in holding(part, found)]
        closest_first = sorted(ways, key=lambda way: (way[1], way[0]), reverse=True)
        return list({way[2]: way for way in closest_first}.values())
    held = closest(expression, found)
    if held is None:
        return []
    named = {gene for leaf in leaves(expression) for gene in genes_of(leaf)}
    listed = {gene for one in found for gene in one.genes}
    return [held] if held[2] or named & listed else []


def is_choice(expression: Expression) -> TypeGuard[Or]:
    """Whether one alteration is enough, whichever it is."""
    return isinstance(expression, Or) and all(
        isinstance(part, Alteration) for part in expression.parts
    )


def hidden(
    expression: Expression, found: tuple[Alteration, ...], used: set[Alteration]
) -> list[Held]:
    """Ways in which an expression rests on what another alteration has hidden by fitting better."""
    if isinstance(expression, Alteration) or is_choice(expression):
        return []
    named = {gene for leaf in leaves(expression) for gene in genes_of(leaf)}
    left = [one for one in found if one not in used and named & {*one.genes}]
    ways = ((one, closest(expression, found, one)) for one in left)
    return [way for one, way in ways if way and one in way[2]]


def closest(
    expression: Expression, found: tuple[Alteration, ...], foremost: Alteration | None = None
) -> Held | None:
    """Return how closely an expression holds; the last of equals, as `match_many` does."""
    if isinstance(expression, Alteration):
        ways = holding(expression, found)
        ways = [way for way in ways if way[2] == (foremost,)] or ways
        return min(reversed(ways), key=lambda way: (way[1], way[0]), default=None)
    if isinstance(expression, Not):
        inner = closest(expression.part, found, foremost)
        if inner is None:
            return 0, 0, ()
        return (0, 1 if inner[1] == 1 else 0, ()) if inner[1] else None
    parts = [closest(part, found, foremost) for part in expression.parts]
    kept = [part for part in parts if part is not None]
    together = tuple(dict.fromkeys(one for part in kept for one in part[2]))
    if isinstance(expression, And):
        if len(kept) < len(parts):
            return None
        return max(part[0] for part in kept), max(part[1] for part in kept), together
    if not kept:
        return None
    uncovered, grade = min((part[1], part[0]) for part in kept)
    return grade, uncovered, together
