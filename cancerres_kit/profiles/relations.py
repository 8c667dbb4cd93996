"""How the cancer type of a tumour is related to the one that an item of evidence is about.

One decision: relations come from the curated tree alone. A type that stands in no tree has an
unknown relation to every other, which is not the same as being another cancer.
"""

from __future__ import annotations

import pandas as pd

from cancerres_kit.profiles.nearness import near_type
from cancerres_kit.schema.problems import DataError, quoted

RELATIONS = ("same", "curated parent", "curated child", "other", "unknown")


class CancerTypes:
    """The cancer types of an atlas, with what stands above each.

    Parameters
    ----------
    table : DataFrame
        ``atlas.cancer_types``.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        keys = list(table["cancer_type_id"])
        parents = [parent if isinstance(parent, str) else None for parent in table["parent_id"]]
        self._parent = dict(zip(keys, parents, strict=True))
        with_children = {parent for parent in parents if parent}
        self._placed = {key for key in keys if self._parent[key] or key in with_children}
        self._ids: dict[str, str] = {}
        for column in ("cancer_type_id", "doid", "name", "oncotree", "mondo", "ncit"):
            for key, value in zip(keys, table.get(column, ()), strict=False):
                if isinstance(value, str):
                    self._ids.setdefault(value.casefold(), key)
                    # OncoTree codes are mostly written bare: LUAD.
                    code = value.removeprefix("oncotree:").casefold()
                    self._ids.setdefault(code, key)

    def resolved(self, given: str) -> str:
        """Return the id of a cancer type given by id, name, code or ``doid:...``.

        Raises
        ------
        DataError
            If there is none such; names the nearest and draws the tree.
        """
        found = self._ids.get(given.strip().casefold())
        if found is None:
            raise DataError(
                f"unknown cancer type {quoted(given)}{near_type(given, self._ids)}; the tree: "
                f"{self.drawn() or 'empty'}; see atlas.cancer_types"
            )
        return found

    def relation(self, tumour: str, evidence: str) -> int:
        """Return the place in `RELATIONS` of the type of an item, seen from that of a tumour."""
        if tumour == evidence:
            return 0
        if evidence in self._above(tumour):
            return 1
        if tumour in self._above(evidence):
            return 2
        return 3 if {tumour, evidence} <= self._placed else 4

    def drawn(self, root: str | None = None) -> str:
        """Draw the tree below a type on one line, children in parentheses."""
        children = [
            key
            for key, parent in self._parent.items()
            if parent == root and (root or key in self._placed)
        ]
        parts = []
        for key in children:
            below = self.drawn(key)
            parts.append(f"{key} ({below})" if below else key)
        return ", ".join(parts)

    def _above(self, key: str) -> set[str]:
        above: set[str] = set()
        parent = self._parent.get(key)
        while parent and parent not in above:
            above.add(parent)
            parent = self._parent.get(parent)
        return above
