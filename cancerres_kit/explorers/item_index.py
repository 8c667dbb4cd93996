"""Which evidence items show resistance through which mechanism, looked up once for an explorer.

One decision: an item counts here if it draws an arrow of the map: it finds resistance, and its
mechanism is known. All other items are for the profile explorer.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from cancerres_kit import display, links
from cancerres_kit.explorers.texts import section

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

SHOWN = ["profile", "cancer_type", "treatment", "level", "mechanisms", "evidence_id", "references"]


class ItemIndex:
    """Evidence items of an atlas by what they name.

    Parameters
    ----------
    atlas : Atlas
        The tables; must not change afterwards.
    """

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per item and treatment, as `links.alteration_items` gives it."""
        rows = links.alteration_items(self._atlas)
        kept = rows["finding"].eq("resistance") & rows["mechanism_ids"].map(bool)
        return rows[kept].reset_index(drop=True)

    @cached_property
    def ids(self) -> frozenset[str]:
        """All items that count here."""
        return frozenset(self.table["evidence_id"])

    @cached_property
    def _direct(self) -> dict[tuple[str, str], frozenset[str]]:
        """Items that name a thing itself, by kind and id."""
        named = {
            "cancer_type": self._atlas.evidence[["cancer_type_id", "evidence_id"]],
            "therapy": self._atlas.evidence_therapies[["therapy_id", "evidence_id"]],
            "mechanism": self._atlas.evidence_mechanisms[["mechanism_id", "evidence_id"]],
        }
        found: dict[tuple[str, str], set[str]] = {}
        for kind, rows in named.items():
            for key, item in rows.itertuples(index=False):
                found.setdefault((kind, key), set()).add(item)
        return {key: self.ids & items for key, items in found.items()}

    def naming(self, kind: str, ids: Iterable[str]) -> frozenset[str]:
        """Find the items that name any of these things of one kind."""
        return frozenset().union(*(self._direct.get((kind, key), frozenset()) for key in ids))

    def rows(self, evidence_ids: frozenset[str]) -> pd.DataFrame:
        """Rows of `table` for some items, in its order."""
        return self.table[self.table["evidence_id"].isin(evidence_ids)].reset_index(drop=True)


def items_table(rows: pd.DataFrame) -> str:
    """Evidence items as a table that links to where they stand; nothing without any.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of `ItemIndex.table`.
    """
    if rows.empty:
        return ""
    shown = rows.assign(mechanisms=rows["mechanisms"].map("; ".join))[SHOWN]
    title = f"{display.count(rows['evidence_id'].nunique(), 'evidence item')} of resistance"
    return section(title, display.table(shown).data)
