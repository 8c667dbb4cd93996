"""The tumour profile: from a cancer type and its alterations to what the evidence predicts.

One decision: what does not fit the tumour exactly is shown only when it is asked for, and always
counted. Nothing is weighed or ranked, and a mistake in typing gives a sentence and no picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets
import pandas as pd
import plotly.graph_objects as go

from cancerres_kit import display, figures, links, profiles
from cancerres_kit.explorers.base import Explorer, View
from cancerres_kit.explorers.choice import EVERYTHING, Choice, tree_options
from cancerres_kit.explorers.entry import Entry
from cancerres_kit.explorers.profile_texts import evidence_table, plain, predictions_table
from cancerres_kit.explorers.profile_words import Row, further, items_of, summary
from cancerres_kit.explorers.texts import page, references
from cancerres_kit.explorers.typed_alterations import Reader, split
from cancerres_kit.figures.canvas import blank

if TYPE_CHECKING:
    from cancerres_kit.alterations import Alteration
    from cancerres_kit.atlas import Atlas

EXACT, ANY = "exact", "any"
CLOSENESS = (
    ("Wording includes the alteration, this cancer type or a wider one", EXACT),
    ("Also similar alterations and other cancer types", ANY),
)
FITTING = ("same", "curated parent")
ASKED = (
    "Choose a cancer type and give at least one alteration: type it, as in EGFR T790M, or add one "
    "from the list."
)
TEXTS = ("predictions", "download", "evidence", "citations")
MISTAKEN = "Nothing is drawn until every alteration is understood"


class TumourProfile(Explorer):
    """What the evidence predicts for a cancer type with some alterations, and what it rests on.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    cancer_type : str, optional
        Id of the cancer type to begin with. None if left out.
    alterations : str or iterable of str, optional
        Alterations to begin with, in any usual spelling; in one text they are separated by commas.
    closeness : str
        ``"exact"`` for evidence whose wording includes an alteration of the profile, on its cancer
        type or a wider one; ``"any"`` for similar alterations and other cancer types too.

    Attributes
    ----------
    cancer_type, closeness : Choice
        Controls; set ``.value`` to an id, or to None for the first option.
    alterations : Entry
        Control; set ``.value`` to a text or to a list of texts. A mistake is told in the sentence.
    curated : Choice
        Alterations that the evidence speaks of, to choose from; changes nothing by itself.
    add_curated : ipywidgets.Button
        Adds the one chosen in `curated` to `alterations`.
    predictions, evidence, citations, download : ipywidgets.HTML
        Statements of the evidence with level, closeness, mechanism and strategies; items for and
        against; their references with status; the link to save what `profiles.match` answers.

    Raises
    ------
    DataError
        If there is no such cancer type or closeness, or alterations are no texts: here or when a
        control is set.

    Examples
    --------
    >>> import cancerres_kit as ck
    >>> explorer = ck.explorers.TumourProfile(ck.load(), cancer_type="melanoma")
    >>> explorer.alterations.value = "BRAF V600E, NRAS Q61K"
    >>> explorer.summary.startswith("Melanoma with BRAF V600E and NRAS Q61K")
    True
    """

    TITLE: ClassVar[str] = "Tumour profile"
    cancer_type: Choice
    alterations: Entry
    closeness: Choice

    def __init__(
        self,
        atlas: Atlas,
        *,
        cancer_type: str | None = None,
        alterations: str | Iterable[str | Alteration] | None = None,
        closeness: str = EXACT,
    ) -> None:
        self._atlas, self._reader = atlas, Reader(atlas)
        controls = {
            "cancer_type": self._types(cancer_type),
            "alterations": Entry(
                "Alterations",
                value=alterations,
                placeholder="EGFR L858R, EGFR T790M",
                tooltip="What was found in the tumour, separated by commas; then press Enter",
            ),
            "closeness": _closeness(closeness),
        }
        super().__init__(controls)

    def view(self, **values: Any) -> View:
        """Answer what is seen for a cancer type, alterations and closeness."""
        cancer_type, text = str(values["cancer_type"]), str(values["alterations"])
        if not cancer_type or not split(text):
            return _nothing(ASKED, blank("No profile yet", why=ASKED))
        profile, said = self._reader.read(cancer_type, text)
        if profile is None:
            return _nothing(" ".join(said), blank(MISTAKEN, why="The sentence above says why."))
        answer = profiles.match(self._atlas, profile, other_genes=True)
        close, every = plain(answer[_fits(answer)]), plain(answer)
        is_all = values["closeness"] == ANY
        rows = every if is_all else close
        together = {str(one): self._reader.together(one) for one in profile.alterations}
        said = [*said, *summary(links.name(self._atlas, cancer_type), together, close, every)]
        said.append(further(len(every) - len(close), is_alone=not close, is_shown=is_all))
        saved = answer.assign(notice=display.NOTICE)
        cited = sorted({one for row in rows for one in row["reference_ids"]})
        return View(
            summary=" ".join(filter(None, said)),
            figure=self._figure(rows),
            texts={
                "predictions": predictions_table(rows),
                "download": page(display.download(saved, f"profile_{cancer_type}.csv")),
                "evidence": evidence_table(self._atlas, rows),
                "citations": references(self._atlas, cited, noun="item"),
            },
        )

    def add(self) -> None:
        """Add the alteration chosen from the list to the text, unless it stands there already."""
        chosen, text = self.curated.value, self.alterations.value
        if chosen and chosen not in split(text):
            self.alterations.value = ", ".join([*split(text), chosen])

    @cached_property
    def _items(self) -> pd.DataFrame:
        """Every item of evidence by treatment, as the figure takes them."""
        return links.alteration_items(self._atlas)

    def _figure(self, rows: list[Row]) -> go.Figure:
        """Draw the items behind some rows."""
        drawn = self._items["evidence_id"].isin(items_of(rows))
        return figures.alteration_heatmap(self._items[drawn])

    def _types(self, value: str | None) -> Choice:
        """Make the control for the cancer type."""
        table = self._atlas.cancer_types
        own = self._atlas.evidence["cancer_type_id"].value_counts()
        counts = {
            key: int(own.reindex(links.subtree(table, key)).sum()) for key in table.iloc[:, 0]
        }
        return Choice(
            "Cancer type",
            tree_options(table, everything="Choose one", counts=counts, noun="item"),
            what="cancer type",
            where="atlas.cancer_types",
            value=value,
            tooltip="The cancer type of the tumour; in brackets the items of evidence on it",
        )

    def _fields(self) -> list[Any]:
        """List the controls, and after the alterations the list to add one from."""
        options = [("Choose one to add", EVERYTHING)]
        for one, n in self._reader.curated.items():
            options.append((f"{one} ({display.count(n, 'item')})", str(one)))
        self.curated = Choice(
            "Curated alteration",
            options,
            what="curated alteration",
            where="atlas.evidence",
            tooltip="Alterations that the evidence speaks of; Add puts the chosen one in the list",
        )
        self.add_curated = ipywidgets.Button(
            description="Add",
            icon="plus",
            tooltip="Add it to the alterations",
            layout={"width": "6rem", "margin": "0 0 0 0.25rem"},
        )
        self.add_curated.on_click(lambda _button: self.add())
        offered = ipywidgets.HBox([self.curated, self.add_curated])
        return [self.cancer_type, self.alterations, self.closeness, offered]


def _nothing(said: str, figure: go.Figure) -> View:
    """The view where there is no profile to match."""
    return View(summary=said, figure=figure, texts=dict.fromkeys(TEXTS, ""))


def _fits(answer: pd.DataFrame) -> pd.Series[bool]:
    """Whether the wording of the evidence includes what was found, in this type or a wider one."""
    is_covered = answer["is_covered"].fillna(value=False).astype(bool)
    return is_covered & answer["cancer_type_match"].isin(FITTING)


def _closeness(value: str) -> Choice:
    """Make the control for how closely evidence has to fit."""
    return Choice(
        "Evidence shown",
        CLOSENESS,
        what="closeness",
        where="",
        value=value,
        tooltip="How closely the evidence has to fit the profile",
    )
