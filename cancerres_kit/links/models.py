"""From a mechanism, a strategy or a claim to the models that bear on it, and back.

One decision: a model is known here by its name in two tables only, so that asking which model to
open needs no model, and a model needs no table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cancerres_kit import schema
from cancerres_kit.links.things import TABLES, checked, key_of, names_of, one_of, subtree

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

KINDS = {"mechanism": "explains", "strategy": "shows"}


def models_for(
    atlas: Atlas,
    *,
    mechanism: str | None = None,
    strategy: str | None = None,
    claim: str | None = None,
) -> pd.DataFrame:
    """Find the models that explain a mechanism, show a strategy or test a claim.

    What lies below a mechanism or strategy in its tree counts as that one. A model tests a claim
    if it explains one of its mechanisms or shows one of its strategies.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    mechanism, strategy, claim : str, optional
        Id; one of them at most. All models without any.

    Returns
    -------
    pandas.DataFrame
        One row per model and thing it bears on: model, relation (``"explains"``, ``"shows"``),
        kind, id, name.

    Raises
    ------
    DataError
        For an id that does not exist, or more than one.
    """
    asked = {"mechanism": mechanism, "strategy": strategy, "claim": claim}
    given = {kind: id_ for kind, id_ in asked.items() if id_ is not None}
    if len(given) > 1:
        raise schema.DataError(f"models_for is asked for one thing, not {' and '.join(given)}")
    rows = _rows(atlas)
    for kind, id_ in given.items():
        id_ = checked(atlas, kind, id_)
        wanted = _of_claim(atlas, id_) if kind == "claim" else {(kind, id_)}
        found = {(kind, one) for kind, id_ in wanted for one in _below(atlas, kind, id_)}
        pairs = zip(rows["kind"], rows["id"], strict=True)
        rows = rows[[pair in found for pair in pairs]]
    return rows.reset_index(drop=True)


def claims_for(atlas: Atlas, *, model: str) -> pd.DataFrame:
    """Find the claims that a model tests.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    model : str
        Name of the model, as in the table model_mechanisms.

    Returns
    -------
    pandas.DataFrame
        One row per claim, in the order of the table: claim_id, statement, relation (of the claim),
        via (names of the claim's mechanisms and strategies that the model bears on).

    Raises
    ------
    DataError
        For a model that does not exist.
    """
    rows = _rows(atlas)
    allowed = rows["model"].drop_duplicates()
    one_of(model, allowed, what="model", where="atlas.model_mechanisms")
    own = rows[rows["model"].eq(model)]
    covered = set(zip(own["kind"], own["id"], strict=True))
    linked = _linked(atlas)
    reached = {
        (kind, id_): any((kind, one) in covered for one in _below(atlas, kind, id_))
        for kind, id_ in set(zip(linked["kind"], linked["id"], strict=True))
    }
    kept = linked[[reached[pair] for pair in zip(linked["kind"], linked["id"], strict=True)]]
    kept = kept.assign(name=names_of(atlas, kept))
    via = kept.drop_duplicates(["claim_id", "name"]).groupby("claim_id")["name"].agg("; ".join)
    claims = atlas.claims[atlas.claims["claim_id"].isin(via.index)]
    found = claims[["claim_id", "statement", "relation"]].reset_index(drop=True)
    return found.assign(via=found["claim_id"].map(via).astype(schema.TEXT))


def _rows(atlas: Atlas) -> pd.DataFrame:
    """Everything that models bear on: model, relation, kind, id, name."""
    parts = []
    for kind, relation in KINDS.items():
        table: pd.DataFrame = getattr(atlas, f"model_{TABLES[kind]}")
        part = table.rename(columns={key_of(kind): "id"})
        parts.append(part.assign(kind=kind, relation=relation))
    rows = pd.concat(parts, ignore_index=True).sort_values(["model", "kind", "id"])
    rows = rows.assign(name=names_of(atlas, rows))
    return rows[["model", "relation", "kind", "id", "name"]].reset_index(drop=True)


def _linked(atlas: Atlas) -> pd.DataFrame:
    """Mechanisms and strategies of all claims: claim_id, kind, id."""
    parts = []
    for kind in KINDS:
        table: pd.DataFrame = getattr(atlas, f"claim_{TABLES[kind]}")
        part = table.rename(columns={key_of(kind): "id"})
        parts.append(part[["claim_id", "id"]].assign(kind=kind))
    return pd.concat(parts, ignore_index=True)


def _of_claim(atlas: Atlas, claim: str) -> set[tuple[str, str]]:
    """Mechanisms and strategies of a claim, as (kind, id)."""
    linked = _linked(atlas)
    own = linked[linked["claim_id"].eq(claim)]
    return set(zip(own["kind"], own["id"], strict=True))


def _below(atlas: Atlas, kind: str, id: str) -> tuple[str, ...]:  # noqa: A002
    """A thing and everything below it in its tree."""
    return subtree(getattr(atlas, TABLES[kind]), id)
