"""The strategy map: from a cancer type or therapy through mechanisms to what answers them.

One decision: filters never hide each other's options. What is not curated is marked in the list and
can be chosen; the explorer then says that it is empty, and which choice to take back.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from cancerres_kit import display, figures, links
from cancerres_kit.explorers.base import Explorer, View
from cancerres_kit.explorers.choice import EVERYTHING, Choice, tree_options
from cancerres_kit.explorers.claim_index import TREES, ClaimIndex
from cancerres_kit.explorers.item_index import ItemIndex, items_table
from cancerres_kit.explorers.texts import answers, claims_table, page, references, support

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

FILTERS = ("mechanism", "level", "cancer_type", "therapy")
SHOWN = (
    "place",
    "statement",
    "relation",
    "mechanisms",
    "strategies",
    "references",
)
STARTS = {"cancer_type": "Cancer types", "therapy": "Therapies"}


class StrategyMap(Explorer):
    """The resistance map with filters, the claims behind it and their references.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    cancer_type, therapy, mechanism : str, optional
        Id to begin with; a node of a tree includes all below it. All if left out.
    level : str, optional
        Level of the mechanisms to begin with: ``"epigenetic"``. All if left out.
    start : str
        What the map begins with at its left: ``"cancer_type"`` or ``"therapy"``.

    Attributes
    ----------
    cancer_type, therapy, level, mechanism, start : Choice
        The controls; set ``.value`` to an id, or to None for all.
    table, download, items, citations : ipywidgets.HTML
        Claims that name what is chosen; the link to save them; evidence items of resistance; the
        references of both.

    Raises
    ------
    DataError
        If there is no such id or level, here or when a control is set.

    Examples
    --------
    >>> import cancerres_kit as ck
    >>> explorer = ck.explorers.StrategyMap(ck.load(), mechanism="dna_methylation")
    >>> explorer.mechanism.value = "tumour_microenvironment"
    >>> explorer.summary.startswith("Tumour microenvironment")
    True
    """

    TITLE: ClassVar[str] = "Strategy map"
    cancer_type: Choice
    therapy: Choice
    level: Choice
    mechanism: Choice
    start: Choice

    def __init__(
        self,
        atlas: Atlas,
        *,
        cancer_type: str | None = None,
        therapy: str | None = None,
        level: str | None = None,
        mechanism: str | None = None,
        start: str = "cancer_type",
    ) -> None:
        self._atlas, self._claims, self._items = atlas, ClaimIndex(atlas), ItemIndex(atlas)
        self._arrows: dict[tuple[str, ...], pd.DataFrame] = {}
        controls = {
            "cancer_type": self._tree("cancer_type", "Cancer type", cancer_type),
            "therapy": self._tree("therapy", "Therapy", therapy),
            "level": self._level(level),
            "mechanism": self._tree("mechanism", "Mechanism", mechanism),
            "start": _start(start),
        }
        super().__init__(controls)

    def view(self, **values: Any) -> View:
        """Answer what is seen for a cancer type, therapy, level, mechanism and start."""
        chosen = {name: values[name] for name in FILTERS}
        found, arrows = self._matching(chosen), self._map(values["start"], chosen)
        rows = self._claims.rows(found)
        # An arrow may rest on evidence alone, of which no claim speaks.
        cited = sorted(
            {*self._claims.references(found), *arrows["reference_ids"].explode().dropna()}
        )
        items = self._items.rows(found)
        said = [f"{self._scope(chosen)}: {self._counted(found)}."]
        if rows.empty and arrows.empty:
            said.append(self._empty(chosen))
        else:
            said += [answers(arrows), support(self._atlas, rows, cited)]
        name = "_".join(["claims", *filter(None, chosen.values())])
        return View(
            summary=" ".join(said),
            figure=figures.resistance_map(arrows),
            texts={
                "table": claims_table(rows, columns=SHOWN, empty="No claim names all of this."),
                "download": page(display.download(rows, f"{name}.csv")),
                "items": items_table(items),
                "citations": references(self._atlas, cited, noun=self._noun),
            },
        )

    def _tree(self, name: str, label: str, value: str | None) -> Choice:
        """Make the control for a table that is a tree."""
        table, words = getattr(self._atlas, TREES[name]), TREES[name].replace("_", " ")
        counts = {
            key: len(self._naming(name, self._claims.below(name, key))) for key in table.iloc[:, 0]
        }
        return Choice(
            label,
            tree_options(table, everything=f"All {words}", counts=counts, noun=self._noun),
            what=name.replace("_", " "),
            where=f"atlas.{TREES[name]}",
            value=value,
            tooltip=f"Keep what names this {name.replace('_', ' ')} or one below it",
        )

    def _level(self, value: str | None) -> Choice:
        """Make the control for the level of mechanisms, in the order of the schema."""
        options = [("All levels", EVERYTHING)]
        for level in self._levels:
            n = len(self._naming("mechanism", self._levels[level]))
            behind = display.count(n, self._noun) if n else "not curated yet"
            options.append((f"{level.capitalize()} ({behind})", level))
        return Choice(
            "Mechanism level",
            options,
            what="mechanism level",
            where="atlas.mechanisms",
            value=value,
            tooltip="Keep mechanisms that act at this level",
        )

    @cached_property
    def _levels(self) -> dict[str, list[str]]:
        """Mechanisms by level; a level of the schema without any is there too."""
        table = self._atlas.mechanisms
        return {
            str(level): list(table.loc[table["level"] == level, "mechanism_id"])
            for level in table["level"].cat.categories
        }

    def _matching(self, chosen: dict[str, str]) -> frozenset[str]:
        """Find what names everything chosen; a level and a mechanism by the same name."""
        found = frozenset(self._claims.table["claim_id"]) | self._items.ids
        for name in ("cancer_type", "therapy"):
            if key := chosen[name]:
                found &= self._naming(name, self._claims.below(name, key))
        if chosen["level"] or chosen["mechanism"]:
            found &= self._naming("mechanism", self._mechanisms(chosen))
        return found

    def _naming(self, kind: str, ids: Iterable[str]) -> frozenset[str]:
        """Find the claims and evidence items that name any of these things of one kind."""
        return self._claims.naming(kind, ids) | self._items.naming(kind, ids)

    @property
    def _noun(self) -> str:
        """What to call what stands behind an arrow: claims, unless evidence items are there too."""
        return "statement" if self._items.ids else "claim"

    def _counted(self, found: frozenset[str]) -> str:
        """Say how many claims, and evidence items if there are any, were found."""
        items = len(found & self._items.ids)
        claims = display.count(len(found) - items, "claim")
        if not self._items.ids:
            return claims
        return f"{claims} and {display.count(items, 'evidence item')}"

    def _mechanisms(self, chosen: dict[str, str]) -> set[str]:
        """Find the mechanisms of the chosen level at and below the chosen one."""
        kept = set(self._atlas.mechanisms["mechanism_id"])
        if key := chosen["mechanism"]:
            kept &= set(self._claims.below("mechanism", key))
        return kept & set(self._levels[chosen["level"]]) if chosen["level"] else kept

    def _map(self, start: str, chosen: dict[str, str]) -> pd.DataFrame:
        """Answer the arrows of the map as `links.resistance_map` does, each setting asked once."""
        asked = (start, chosen["cancer_type"], chosen["therapy"])
        if asked not in self._arrows:
            setting = {name: chosen[name] or None for name in ("cancer_type", "therapy")}
            self._arrows[asked] = links.resistance_map(self._atlas, start=start, **setting)
        arrows = self._arrows[asked]
        is_source = arrows["source_kind"].eq("mechanism")
        mechanism = arrows["source_id"].where(is_source, arrows["target_id"])
        return arrows[mechanism.isin(self._mechanisms(chosen))].reset_index(drop=True)

    def _scope(self, chosen: dict[str, str]) -> str:
        """Say what is chosen: ``"DNA methylation, Breast cancer"``."""
        names = [self._name(name, chosen[name]) for name in FILTERS if chosen[name]]
        return ", ".join(names) or "Everything that is curated"

    def _name(self, name: str, value: str) -> str:
        """Name of a chosen value."""
        if name == "level":
            return f"{value.capitalize()} level"
        table = getattr(self._atlas, TREES[name])
        return str(table.loc[table.iloc[:, 0].eq(value), "name"].iloc[0])

    def _empty(self, chosen: dict[str, str]) -> str:
        """Say that nothing is curated, and which single choice to take back."""
        text = "Nothing is curated for this choice; that does not mean that there is nothing."
        without = {
            name: len(self._matching({**chosen, name: EVERYTHING}))
            for name in FILTERS
            if chosen[name]
        }
        ways = [
            f"Without the choice {self._name(name, chosen[name])}: {display.count(n, self._noun)}."
            for name, n in without.items()
            if n
        ]
        return " ".join([text, *ways])


def _start(value: str) -> Choice:
    """Make the control for what the map begins with."""
    return Choice(
        "Map starts with",
        [(label, key) for key, label in STARTS.items()],
        what="start",
        where="",
        value=value,
        tooltip="What stands at the left of the map",
    )
