"""Which claims name what, looked up once for an explorer, so that controls answer soon."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from cancerres_kit import links, theme
from cancerres_kit.figures.discussion import SECTIONS

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

TREES = {"mechanism": "mechanisms", "cancer_type": "cancer_types", "therapy": "therapies"}


class ClaimIndex:
    """Claims of an atlas by what they name; a node of a tree stands for all below it.

    Parameters
    ----------
    atlas : Atlas
        The tables; must not change afterwards.
    """

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas

    @cached_property
    def linked(self) -> pd.DataFrame:
        """One row per claim and linked item, as `links.claims` gives it."""
        return links.claims(self._atlas)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per claim in the order in which one reads.

        Columns are place (section and number: ``"introduction 8"``), references (numbers with what
        a check found) and those of `links.claim_table`.
        """
        rows = links.claim_table(self._atlas)
        rows.insert(0, "place", _places(rows, self._atlas.claims))
        rows["references"] = rows["claim_id"].map(self._citations()).fillna(theme.word("uncited"))
        order = {name: number for number, name in enumerate(SECTIONS)}
        rank = rows["section"].map(lambda name: order.get(name, len(order)))
        rows = rows.assign(rank=rank).sort_values(["rank", "section", "paragraph", "claim_id"])
        return rows.drop(columns="rank").reset_index(drop=True)

    @cached_property
    def places(self) -> dict[str, frozenset[str]]:
        """Claims by the paragraph that makes them, in the order in which one reads."""
        placed = self.table[self.table["place"].ne("")]
        grouped = placed.groupby("place", sort=False)["claim_id"]
        return {str(place): frozenset(ids) for place, ids in grouped}

    @cached_property
    def _direct(self) -> dict[tuple[str, str], frozenset[str]]:
        """Claims that name a thing itself, by kind and id."""
        grouped = self.linked.groupby(["kind", "id"], observed=True)["claim_id"]
        return {(str(kind), str(key)): frozenset(ids) for (kind, key), ids in grouped}

    def naming(self, kind: str, ids: Iterable[str]) -> frozenset[str]:
        """Find the claims that name any of these things of one kind."""
        return frozenset().union(*(self._direct.get((kind, key), frozenset()) for key in ids))

    def below(self, kind: str, key: str) -> tuple[str, ...]:
        """List a node of a tree and all below it."""
        return links.subtree(getattr(self._atlas, TREES[kind]), key)

    def rows(self, claim_ids: frozenset[str]) -> pd.DataFrame:
        """Rows of `table` for some claims, in its order."""
        return self.table[self.table["claim_id"].isin(claim_ids)].reset_index(drop=True)

    def references(self, claim_ids: frozenset[str]) -> list[str]:
        """List the references that some claims rest on, by id."""
        cited = self.linked["kind"].eq("reference") & self.linked["claim_id"].isin(claim_ids)
        return sorted(set(self.linked.loc[cited, "id"]))

    def _citations(self) -> dict[str, str]:
        """Say for each claim what it cites: ``"[8] (no trace), by its paragraph"``."""
        texts: dict[str, list[str]] = {}
        marks = marked(self._atlas)
        cited = self.linked[self.linked["kind"].eq("reference")]
        for claim, key, scope in cited[["claim_id", "id", "scope"]].itertuples(index=False):
            where = ", by its paragraph" if scope == "paragraph" else ""
            texts.setdefault(str(claim), []).append(f"{marks[str(key)]}{where}")
        return {claim: "; ".join(several) for claim, several in texts.items()}


def marked(atlas: Atlas) -> dict[str, str]:
    """Call each reference by its printed number, or else its id, and what a check found.

    Parameters
    ----------
    atlas : Atlas
        The tables.

    Returns
    -------
    dict of str to str
        Texts such as ``"[8] (no trace)"`` by reference_id.
    """
    columns = atlas.references[["reference_id", "printed_number", "status"]]
    return {
        key: f"{key if pd.isna(number) else f'[{number}]'} ({theme.word(str(status))})"
        for key, number, status in columns.itertuples(index=False)
    }


def _places(rows: pd.DataFrame, claims: pd.DataFrame) -> pd.Series[str]:
    """Section and number of each claim, the document in front where two documents share them."""
    source = rows["claim_id"].map(claims.set_index("claim_id")["source_id"])
    shared = source.groupby([rows["section"], rows["paragraph"]]).nunique()
    place = rows["section"] + " " + rows["paragraph"].astype("str")
    if (shared > 1).any():
        place = source + " " + place
    return place.where(rows["section"].notna() & rows["paragraph"].notna(), "")
