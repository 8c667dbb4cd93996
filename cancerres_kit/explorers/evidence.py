"""The evidence explorer: from a reference or a paragraph to its claims, and back.

One decision: reference and paragraph are chosen independently and both count. Where a paragraph
does not rest on a reference the explorer says so, and where each of them leads.
"""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from cancerres_kit import display, figures, links
from cancerres_kit.explorers.base import Explorer, View
from cancerres_kit.explorers.choice import EVERYTHING, Choice
from cancerres_kit.explorers.claim_index import ClaimIndex, marked
from cancerres_kit.explorers.texts import claims_table, page, references, support

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

SHOWN = ("place", "statement", "relation", "certainty", "references")
TITLE_LENGTH = 60  # characters; the whole entry stands among the references


class Evidence(Explorer):
    """What a reference carries, what a paragraph claims, and what checking the references found.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    reference : str, optional
        Id of the reference to begin with. All if left out.
    paragraph : str, optional
        Paragraph to begin with, by section and number: ``"introduction 8"``. All if left out.

    Attributes
    ----------
    reference, paragraph : Choice
        The controls; set ``.value`` to an id, or to None for all.
    table, download, citations : ipywidgets.HTML
        Claims with their references; the link to save them; references as printed and as found.

    Raises
    ------
    DataError
        If there is no such reference or paragraph, here or when a control is set.

    Examples
    --------
    >>> import cancerres_kit as ck
    >>> explorer = ck.explorers.Evidence(ck.load(), paragraph="introduction 8")
    >>> explorer.paragraph.value = "conclusion 3"
    >>> explorer.summary.startswith("Conclusion 3")
    True
    """

    TITLE: ClassVar[str] = "Evidence"
    reference: Choice
    paragraph: Choice

    def __init__(
        self, atlas: Atlas, *, reference: str | None = None, paragraph: str | None = None
    ) -> None:
        self._atlas, self._claims = atlas, ClaimIndex(atlas)
        self._marks = marked(atlas)
        chosen = {
            "reference": self._references(reference),
            "paragraph": self._paragraphs(paragraph),
        }
        super().__init__(chosen)

    def view(self, **values: Any) -> View:
        """Answer what is seen for a reference and a paragraph."""
        reference, paragraph = str(values["reference"]), str(values["paragraph"])
        found = self._matching(reference, paragraph)
        rows = self._claims.rows(found)
        shown = [reference] if reference else self._claims.references(found)
        name = "_".join(["claims", *filter(None, [reference, paragraph.replace(" ", "_")])])
        return View(
            summary=self._summary(reference, paragraph, rows),
            figure=figures.discussion(self._claims.linked, only=found),
            texts={
                "table": claims_table(
                    rows, columns=SHOWN, empty="No claim belongs to this choice."
                ),
                "download": page(display.download(rows, f"{name}.csv")),
                "citations": references(self._atlas, shown),
            },
        )

    def _references(self, value: str | None) -> Choice:
        """Make the control for references, those that the document prints first."""
        table = self._atlas.references.set_index("reference_id")
        titles = table["printed_title"].fillna(table["resolved_title"]).fillna("")
        options = [("All references", EVERYTHING)]
        for key in links.bibliography(self._atlas)["reference_id"]:
            n = len(self._claims.naming("reference", [key]))
            behind = display.count(n, "claim") if n else "no claim rests on it"
            title = shorten(titles[key], TITLE_LENGTH, placeholder=" \N{HORIZONTAL ELLIPSIS}")
            options.append((f"{self._marks[key]}: {title} ({behind})", key))
        return Choice(
            "Reference",
            options,
            what="reference",
            where="atlas.references",
            value=value,
            tooltip="Keep the claims that rest on this reference",
        )

    def _paragraphs(self, value: str | None) -> Choice:
        """Make the control for paragraphs, in the order of the document."""
        options = [("All paragraphs", EVERYTHING)]
        for place, ids in self._claims.places.items():
            options.append((f"{place.capitalize()} ({display.count(len(ids), 'claim')})", place))
        return Choice(
            "Paragraph",
            options,
            what="paragraph",
            where="atlas.claims, columns section and paragraph",
            value=value,
            tooltip="Keep the claims that this paragraph makes",
        )

    def _matching(self, reference: str, paragraph: str) -> frozenset[str]:
        """Find the claims of a paragraph that rest on a reference."""
        found = frozenset(self._claims.table["claim_id"])
        if reference:
            found &= self._claims.naming("reference", [reference])
        return found & self._claims.places[paragraph] if paragraph else found

    def _summary(self, reference: str, paragraph: str, rows: pd.DataFrame) -> str:
        """Say in sentences what the claims are and what they rest on."""
        named = [paragraph.capitalize()] if paragraph else []
        named += [self._marks[reference]] if reference else []
        scope = ", ".join(named) or "Everything that is curated"
        if rows.empty:
            return f"{scope}: no claim. {self._elsewhere(reference, paragraph)}"
        spread = "" if paragraph else f" in {display.count(rows['place'].nunique(), 'paragraph')}"
        said = f"{scope}: {display.count(len(rows), 'claim')}{spread}."
        if reference:
            return f"{said} {self._carried(reference, frozenset(rows['claim_id']))}"
        cited = self._claims.references(frozenset(rows["claim_id"]))
        return f"{said} {support(self._atlas, rows, cited)}"

    def _carried(self, reference: str, claim_ids: frozenset[str]) -> str:
        """Say how a reference carries claims: by its own sentence or by its paragraph."""
        rows = self._claims.linked
        tied = rows["kind"].eq("reference") & rows["id"].eq(reference)
        scope = rows.loc[tied & rows["claim_id"].isin(claim_ids), "scope"]
        n = int(scope.eq("sentence").sum())
        return f"The very sentence cites it for {n} of them, the paragraph for {len(scope) - n}."

    def _elsewhere(self, reference: str, paragraph: str) -> str:
        """Say where a reference without a claim here leads instead."""
        table = self._atlas.references
        n = len(self._claims.naming("reference", [reference]))
        if n:
            other = self._claims.references(self._claims.places[paragraph])
            cited = [self._marks[key] for key in other]
            return (
                f"The paragraph rests on {display.listing(cited)}; "
                f"elsewhere the reference carries {display.count(n, 'claim')}."
            )
        replaced = table.loc[table["substitute_reference_id"].eq(reference), "reference_id"]
        instead = [self._marks[key] for key in replaced]
        use = f"; it can be read instead of {display.listing(instead)}" if instead else ""
        return f"No curated claim rests on this reference{use}."
