"""The statements of the evidence: what is known of one profile, cancer type and treatment.

One decision: items are put together only if they speak of the very same three; drugs given together
are another treatment than the same drugs given one for the other. Within such a
group, items that differ make a conflict, which is shown as one and never settled by counting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from cancerres_kit.alterations import Alteration, Expression, Not, leaves, parse
from cancerres_kit.links.genes import gathered, treatment
from cancerres_kit.links.supports import OPPOSED, supports
from cancerres_kit.schema.problems import DataError

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

PREDICTIONS = ("resistance", "sensitivity", "conflicting", "none")
NO_EVIDENCE = "no curated evidence"
_NOTES = {
    "conflicting": "the sources disagree",
    "none": "studied, and not supported",
}
TUPLES = (
    "therapy_ids", "evidence_for", "evidence_against", "mechanism_ids", "strategy_ids",
    "countermeasure_ids", "reference_ids",
)  # fmt: skip


def statements(atlas: Atlas) -> tuple[pd.DataFrame, list[Expression], list[str]]:
    """Group the items of an atlas into statements.

    Parameters
    ----------
    atlas : Atlas
        The tables.

    Returns
    -------
    rows : DataFrame
        One row per molecular profile (normal form), cancer type, therapy set and interaction of
        its drugs: expression (place in `expressions`), molecular_profile, assumes_absent,
        cancer_type_id, cancer_type, therapies, therapy_ids, interaction, prediction, note, level,
        level_against, evidence_for, evidence_against, is_flagged, mechanisms, mechanism_ids,
        strategies, strategy_ids, countermeasure_ids, references, reference_ids.
    expressions : list of expressions
        The molecular profiles.
    not_understood : list of str
        Molecular profiles that could not be read; their items are left out.
    """
    read, refused = _expressions(atlas)
    places = {expression: at for at, expression in enumerate(dict.fromkeys(read.values()))}
    therapies = gathered(atlas.evidence_therapies, "therapy_id")
    groups: dict[Key, list[Any]] = {}
    items: Iterable[Any] = atlas.evidence.itertuples(index=False)
    for item in items:
        if item.molecular_profile in read:
            place = places[read[item.molecular_profile]]
            drugs = therapies.get(item.evidence_id, ())
            key = (place, drugs, interaction_of(item, drugs), item.cancer_type_id)
            groups.setdefault(key, []).append(item)
    describe = _describer(atlas)
    expressions = list(places)
    rows = [describe(key, expressions[key[0]], group) for key, group in groups.items()]
    return pd.DataFrame(rows), expressions, refused


def interaction_of(item: Any, drugs: tuple[str, ...]) -> str:
    """Say how the drugs of an item belong together; empty for a single drug."""
    return item.interaction if len(drugs) > 1 and isinstance(item.interaction, str) else ""


def predicted(items: Iterable[Any]) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Say what items on the very same thing predict, and which speak for and against it.

    Where they conflict, the first are those for resistance; where nothing is supported, all
    speak against. An item that does not support resistance does not show sensitivity.
    """
    sides: dict[tuple[str, str], list[str]] = {}
    for item in items:
        kind = "resistance" if item.predicate == "predictsResistanceTo" else "sensitivity"
        sides.setdefault((kind, item.direction), []).append(item.evidence_id)
    resists, not_resists = _side(sides, "resistance", "supports", "does_not_support")
    responds, not_responds = _side(sides, "sensitivity", "supports", "does_not_support")
    towards, away = sorted([*resists, *not_responds]), sorted([*responds, *not_resists])
    if (resists and away) or (responds and towards):
        return "conflicting", tuple(towards), tuple(away)
    if resists:
        return "resistance", tuple(towards), ()
    if responds:
        return "sensitivity", tuple(away), ()
    return "none", (), tuple(sorted([*not_resists, *not_responds]))


def _side(sides: dict[tuple[str, str], list[str]], kind: str, *directions: str) -> list[list[str]]:
    return [sides.get((kind, direction), []) for direction in directions]


def _expressions(atlas: Atlas) -> tuple[dict[str, Expression], list[str]]:
    read: dict[str, Expression] = {}
    refused = []
    for text in atlas.evidence["molecular_profile"].unique():
        try:
            read[text] = parse(text)
        except DataError:
            refused.append(text)
    return read, refused


Key = tuple[int, tuple[str, ...], str, str]
"""Place of the expression, therapy set, interaction, cancer type."""


def _describer(atlas: Atlas) -> Callable[..., dict[str, Any]]:
    """Prepare what is looked up for every group, once."""
    names = {
        kind: dict(zip(table.iloc[:, 0], table["name"], strict=True))
        for kind, table in (
            ("therapy", atlas.therapies),
            ("cancer_type", atlas.cancer_types),
            ("mechanism", atlas.mechanisms),
            ("strategy", atlas.strategies),
        )
    }
    mechanisms = gathered(atlas.evidence_mechanisms, "mechanism_id")
    measures = _countermeasures(atlas)
    cited = _citations(atlas)

    def describe(key: Key, expression: Expression, items: list[Any]) -> dict[str, Any]:
        place, therapy_ids, interaction, cancer_type_id = key
        prediction, evidence_for, evidence_against = predicted(items)
        ids = sorted(item.evidence_id for item in items)
        behind = sorted({one for id_ in ids for one in mechanisms.get(id_, ())})
        against = [measure for id_ in ids for measure in measures.get(id_, ())]
        references = sorted(
            {item.reference_id for item in items if isinstance(item.reference_id, str)}
        )
        scoped = sorted({(names["strategy"][one], scope) for _, one, scope in against})
        return {
            "expression": place,
            "molecular_profile": str(expression),
            "assumes_absent": " or ".join(str(leaf) for leaf in absent(expression)),
            "cancer_type_id": cancer_type_id,
            "cancer_type": names["cancer_type"][cancer_type_id],
            "therapies": treatment((names["therapy"][one] for one in therapy_ids), interaction)
            or "therapy not given",
            "therapy_ids": therapy_ids,
            "interaction": interaction,
            "prediction": prediction,
            "note": _NOTES.get(prediction, ""),
            "level": _best(items, evidence_for),
            "level_against": _best(items, evidence_against),
            "evidence_for": evidence_for,
            "evidence_against": evidence_against,
            "is_flagged": any(item.is_flagged is True for item in items),
            "mechanisms": _joined(names["mechanism"][one] for one in behind),
            "mechanism_ids": tuple(behind),
            "strategies": "; ".join(f"{name} ({scope})" for name, scope in scoped),
            "strategy_ids": tuple(sorted({one for _, one, _ in against})),
            "countermeasure_ids": tuple(sorted({one for one, _, _ in against})),
            "references": _joined(cited[one] for one in references),
            "reference_ids": tuple(references),
        }

    return describe


def absent(expression: Expression) -> list[Alteration]:
    """List what an expression says must not be there."""
    if isinstance(expression, Alteration):
        return []
    if isinstance(expression, Not):
        return list(leaves(expression.part))
    return [leaf for part in expression.parts for leaf in absent(part)]


def _countermeasures(atlas: Atlas) -> dict[str, list[tuple[str, str, str]]]:
    """List the countermeasures of each item: id, strategy, scope (and whether it failed)."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    if atlas.countermeasures.empty:
        return found
    rested = supports(atlas)
    failed = set(rested.loc[rested["relation"].eq(OPPOSED), "support_id"])
    columns = ["evidence_id", "countermeasure_id", "strategy_id", "scope"]
    for item, measure, strategy, scope in atlas.countermeasures[columns].itertuples(index=False):
        said = f"{scope}; its evidence speaks against it" if measure in failed else str(scope)
        found.setdefault(item, []).append((measure, strategy, said))
    return found


def _citations(atlas: Atlas) -> dict[str, str]:
    """Name each reference by what finds it: PubMed number, DOI, or else its id."""
    table = atlas.references
    named = table["pmid"].fillna("doi:" + table["doi"]).fillna(table["reference_id"])
    return dict(zip(table["reference_id"], named, strict=True))


def _best(items: list[Any], ids: tuple[str, ...]) -> str:
    """Return the best level among some items; empty if none has one."""
    levels = [item.level for item in items if item.evidence_id in ids]
    return min((level for level in levels if isinstance(level, str)), default="")


def _joined(names: Iterable[str]) -> str:
    return "; ".join(sorted(set(names), key=str.casefold))
