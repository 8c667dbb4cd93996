"""The map from settings to mechanisms to strategies, derived from what supports each arrow.

One decision: nothing is inherited in a tree. What is said of cancer in general is not thereby said
of lung cancer; a wider id takes in what is said of the narrower ones, never the other way round.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import pandas as pd

from cancerres_kit import schema
from cancerres_kit.links.references import cite, status_texts
from cancerres_kit.links.supports import (
    RESISTS,
    holding,
    members,
    naming,
    pairs,
    summarised,
    supports,
)
from cancerres_kit.links.things import below, key_of, names, of_level, one_of

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

RELATIONS = ("overcomes", "motivates")
STARTS = ("cancer_type", "therapy")

_KEY = ["support", "support_id"]


def mechanism_strategies(
    atlas: Atlas,
    *,
    cancer_type: str | None = None,
    therapy: str | None = None,
    level: str | None = None,
) -> pd.DataFrame:
    """Strategies against each mechanism, as claims and countermeasures tie them together.

    Several mechanisms of one claim act jointly, and each is tied to the claim's strategies. An
    evidence item's countermeasure counts as ``overcomes``, unless its evidence speaks against it.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    cancer_type, therapy : str, optional
        Keep what is said of this cancer type or therapy or a narrower one; nothing is inherited
        from a wider one. A countermeasure counts for what its resistance item is about.
    level : str, optional
        Keep mechanisms of this level.

    Returns
    -------
    DataFrame
        One row per mechanism, strategy and relation, sorted by id: mechanism_id, mechanism,
        strategy_id, strategy, relation (``overcomes``: a full arrow; ``motivates``: a dashed one),
        n_supports, n_claims, claim_ids, n_evidence, evidence_ids, n_countermeasures,
        countermeasure_ids, reference_ids (tuples, sorted), basis (ordered category, that of the
        strongest support).

    Raises
    ------
    DataError
        For an unknown cancer type, therapy or level.
    """
    rows = _second_layer(atlas, _told(atlas), cancer_type=cancer_type, therapy=therapy)
    rows = rows[rows["mechanism_id"].isin(of_level(atlas, level))]
    return _named(atlas, summarised(rows, ["mechanism_id", "strategy_id", "relation"]))


def mechanism_cancer_types(atlas: Atlas) -> pd.DataFrame:
    """Cancer types of each mechanism, as claims and resistance items tie them together.

    Parameters
    ----------
    atlas : Atlas
        The tables.

    Returns
    -------
    DataFrame
        One row per mechanism and cancer type, sorted by id: mechanism_id, mechanism,
        cancer_type_id, cancer_type and the columns of `mechanism_strategies` from n_supports on.
    """
    rows = _first_layer(atlas, _told(atlas), "cancer_type")
    return _named(atlas, summarised(rows, ["mechanism_id", "cancer_type_id"]))


def mechanism_therapies(atlas: Atlas) -> pd.DataFrame:
    """Therapies that each mechanism is tied to by claims and resistance items.

    Parameters
    ----------
    atlas : Atlas
        The tables.

    Returns
    -------
    DataFrame
        One row per mechanism and therapy, sorted by id: mechanism_id, mechanism, therapy_id,
        therapy and the columns of `mechanism_strategies` from n_supports on.
    """
    rows = _first_layer(atlas, _told(atlas), "therapy")
    return _named(atlas, summarised(rows, ["mechanism_id", "therapy_id"]))


def strategies_for(
    atlas: Atlas,
    *,
    mechanism: str | None = None,
    cancer_type: str | None = None,
    therapy: str | None = None,
) -> pd.DataFrame:
    """Strategies that a claim or countermeasure names together with all that is asked for.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    mechanism, cancer_type, therapy : str, optional
        What a support has to name: this id or a narrower one. Without a mechanism, claims that
        name none count too.

    Returns
    -------
    DataFrame
        One row per strategy and relation (``overcomes``, ``motivates``), sorted by id:
        strategy_id, strategy, relation and those of `mechanism_strategies` from n_supports on.

    Raises
    ------
    DataError
        For an unknown mechanism, cancer type or therapy.
    """
    told = _told(atlas)
    rows = holding(told.members, "strategy").merge(told.supports, on=_KEY)
    rows = rows[rows["relation"].isin(RELATIONS)]
    asked = {"mechanism": mechanism, "cancer_type": cancer_type, "therapy": therapy}
    for kind, value in asked.items():
        rows = naming(rows, told.members, kind, below(atlas, kind, value))
    return _named(atlas, summarised(rows, ["strategy_id", "relation"]))


def resistance_map(
    atlas: Atlas,
    *,
    start: str = "cancer_type",
    cancer_type: str | None = None,
    therapy: str | None = None,
    level: str | None = None,
    mechanism: str | None = None,
) -> pd.DataFrame:
    """Arrows of the map: cancer type or therapy, to mechanism, to strategy.

    Both layers hold what meets all filters: with ``cancer_type="breast_cancer"`` a claim counts in
    either layer only if it itself names breast cancer or one of its subtypes. Nothing is inherited
    downwards: what is said of cancer in general is left out there. A mechanism without a strategy
    stays visible by its first arrow, one without a setting by its second; a strategy that no claim
    ties to a mechanism is not on the map but in `gaps`.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    start : {"cancer_type", "therapy"}
        What the first layer shows.
    cancer_type, therapy, mechanism : str, optional
        Keep what is said of this one or a narrower one.
    level : str, optional
        Keep mechanisms of this level.

    Returns
    -------
    DataFrame
        One row per arrow, first layer first, sorted by id: source_id, source, source_kind,
        target_id, target, target_kind, relation (``resists`` in the first layer; ``overcomes`` or
        ``motivates`` in the second), n_supports, n_claims, claim_ids, n_evidence, evidence_ids,
        n_countermeasures, countermeasure_ids, reference_ids, basis, references (text such as
        ``[2] no trace; [7] no trace``, or ``uncited``).

    Raises
    ------
    DataError
        For another start, or an unknown cancer type, therapy, level or mechanism.
    """
    one_of(start, STARTS, what="start", where="links.resistance_map")
    kept = set(of_level(atlas, level)) & set(_of_tree(atlas, "mechanism", mechanism))
    filters, told = {"cancer_type": cancer_type, "therapy": therapy}, _told(atlas)
    first = _first_layer(atlas, told, start, **filters)
    first = first[first[key_of(start)].isin(_of_tree(atlas, start, filters[start]))]
    first = summarised(first, [key_of(start), "mechanism_id"]).assign(relation="resists")
    second = _second_layer(atlas, told, **filters)
    second = summarised(second, ["mechanism_id", "strategy_id", "relation"])
    layers = [
        _arrows(atlas, layer[layer["mechanism_id"].isin(kept)], *ends)
        for layer, ends in ((first, (start, "mechanism")), (second, ("mechanism", "strategy")))
    ]
    rows = pd.concat(layers, ignore_index=True)
    texts = status_texts(atlas)
    cited = [cite(texts, ids) for ids in rows["reference_ids"]]
    return rows.assign(references=pd.Series(cited, dtype=schema.TEXT))


class _Told(NamedTuple):
    """What all supports say, derived once for a question."""

    members: pd.DataFrame
    supports: pd.DataFrame


_KEPT: WeakKeyDictionary[Atlas, _Told] = WeakKeyDictionary()


def _told(atlas: Atlas) -> _Told:
    """Derive what all supports say, once for an atlas, which never changes."""
    if atlas not in _KEPT:
        _KEPT[atlas] = _Told(members(atlas), supports(atlas))
    return _KEPT[atlas]


def _tied(
    atlas: Atlas,
    told: _Told,
    left: str,
    right: str,
    *,
    cancer_type: str | None,
    therapy: str | None,
) -> pd.DataFrame:
    """Pair two kinds, with the supports that name the cancer type and the therapy."""
    rows = pairs(told.members, left, right).merge(told.supports, on=_KEY)
    rows = naming(rows, told.members, "cancer_type", below(atlas, "cancer_type", cancer_type))
    return naming(rows, told.members, "therapy", below(atlas, "therapy", therapy))


def _first_layer(
    atlas: Atlas,
    told: _Told,
    start: str,
    *,
    cancer_type: str | None = None,
    therapy: str | None = None,
) -> pd.DataFrame:
    """Pair mechanisms and settings; a countermeasure only repeats the setting of its item."""
    rows = _tied(atlas, told, start, "mechanism", cancer_type=cancer_type, therapy=therapy)
    return rows[rows["support"].eq("claim") | rows["relation"].eq(RESISTS)]


def _second_layer(
    atlas: Atlas, told: _Told, *, cancer_type: str | None, therapy: str | None
) -> pd.DataFrame:
    """Pair mechanisms and the strategies that are said to answer them."""
    rows = _tied(atlas, told, "mechanism", "strategy", cancer_type=cancer_type, therapy=therapy)
    return rows[rows["relation"].isin(RELATIONS)]


def _of_tree(atlas: Atlas, kind: str, id: str | None) -> Sequence[str]:  # noqa: A002
    ids = below(atlas, kind, id)
    return list(names(atlas, kind).index) if ids is None else ids


def _named(atlas: Atlas, rows: pd.DataFrame) -> pd.DataFrame:
    """Put the name of each thing beside its id."""
    columns: dict[str, Any] = {}
    for name in rows.columns:
        columns[name] = rows[name]
        kind = name.removesuffix("_id")
        if kind != name:
            columns[kind] = rows[name].map(names(atlas, kind)).astype(schema.TEXT)
    return pd.DataFrame(columns)


def _arrows(atlas: Atlas, rows: pd.DataFrame, source: str, target: str) -> pd.DataFrame:
    """Bring one layer into the columns that both layers share."""
    ends: dict[str, Any] = {}
    for end, kind in (("source", source), ("target", target)):
        ids = rows[key_of(kind)]
        ends |= {f"{end}_id": ids, end: ids.map(names(atlas, kind)).astype(schema.TEXT)}
        ends[f"{end}_kind"] = pd.Series(kind, index=rows.index, dtype=schema.TEXT)
    rest = rows.loc[:, "n_supports":"basis"]
    relation = rows["relation"].astype(schema.TEXT)
    arrows = pd.concat([pd.DataFrame(ends), relation, rest], axis=1)
    return arrows.sort_values(["source_id", "target_id", "relation"])
