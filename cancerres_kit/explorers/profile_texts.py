"""The texts of a tumour profile: what the evidence predicts as a table, and every item behind it.

One decision: a prediction is never told without how closely it fits, and an item never without the
way to look it up. Rows stand in the order of closeness, never in an order of drugs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from cancerres_kit import display, links
from cancerres_kit.display import cells
from cancerres_kit.explorers.profile_words import Row, items_of
from cancerres_kit.explorers.texts import section
from cancerres_kit.figures.canvas import records

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

OPPOSITE = "another statement that fits says the opposite"
NOT_COVERED = {True: "does not", False: "may or may not"}
"""Whether a wording includes what was found, by whether that is told."""
RELATED = {
    "same": "same cancer type",
    "curated parent": "a wider cancer type",
    "curated child": "a narrower cancer type",
    "other": "another cancer type",
    "unknown": "a cancer type of unknown relation",
}
HEADS = ("Item", "Says", "Evidence on", "Cancer type", "Therapy", "Level", "Reference")


def plain(rows: pd.DataFrame) -> list[Row]:
    """Rows of `profiles.match` that rest on evidence, an empty text for what is not given."""
    given = rows[rows["evidence_for"].map(bool) | rows["evidence_against"].map(bool)]
    values = given.astype(object)
    return records(values.where(values.notna(), ""))


def predictions_table(rows: list[Row]) -> str:
    """What the evidence predicts, one row per statement, closest first."""
    if not rows:
        return section("No prediction", "<p>No curated evidence to show for this profile.</p>")
    shown = pd.DataFrame(
        {
            "therapy": [row["therapies"] for row in rows],
            "prediction": [_prediction(row) for row in rows],
            "best_level": [_level(row) for row in rows],
            "closeness": [_closeness(row) for row in rows],
            "mechanism": [row["mechanisms"] for row in rows],
            "strategies": [row["strategies"] for row in rows],
        }
    )
    title = f"{display.count(len(rows), 'statement')} of the evidence, closest first"
    return section(title, display.table(shown).data)


def evidence_table(atlas: Atlas, rows: list[Row]) -> str:
    """Every item behind some rows, for and against, with where to look it up.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    rows : list of dict
        What `plain` gives.

    Returns
    -------
    str
        HTML, one row per item.
    """
    shown = items_of(rows)
    if not shown:
        return section("No item", "<p>No item of evidence stands behind this.</p>")
    behind = {one: row for row in reversed(rows) for one in items_of([row])}
    items = atlas.evidence.set_index("evidence_id").loc[shown]
    cited = links.bibliography(atlas, *sorted(set(items["reference_id"].dropna())))
    papers = {row["reference_id"]: _paper(row) for row in records(cited)}
    lines = [
        _line(key, item, behind[key], papers.get(item["reference_id"], cells.NOTHING))
        for key, item in zip(shown, records(items), strict=True)
    ]
    title = f"{display.count(len(lines), 'item')} of evidence, for and against"
    return section(title, cells.tabular(HEADS, lines, caption=None))


def _prediction(row: Row) -> str:
    """The prediction, and what keeps it from being the last word."""
    said = [row["prediction"], row["note"], OPPOSITE if row["is_contradicted"] else ""]
    said += ["an item is flagged by its source"] if row["is_flagged"] else []
    return "; ".join(part for part in said if part)


def _level(row: Row) -> str:
    """Best level of the items for the prediction, and of those against it."""
    sides = {"": row["evidence_for"], "against: ": row["evidence_against"]}
    levels = {"": row["level"], "against: ": row["level_against"]}
    return "; ".join(f"{side}{levels[side] or 'not given'}" for side in sides if sides[side])


def _closeness(row: Row) -> str:
    """How closely the evidence fits: its alteration, then its cancer type."""
    found, spoken = row["alterations"], row["molecular_profile"]
    said = f"{found or spoken}: {row['alteration_match']}"
    if found and spoken != found:
        said += f" as {spoken}"
    if row["is_covered"] is not True:
        said += f", which {NOT_COVERED[row['is_covered'] is False]} include it"
    where = RELATED[row["cancer_type_match"]]
    return f"{said}; {where}" + ("" if where == RELATED["same"] else f" ({row['cancer_type']})")


def _line(key: str, item: Row, row: Row, paper: str) -> list[str]:
    """The cells of one item as HTML."""
    says = "for" if item["direction"] == "supports" else "against"
    what = "resistance" if item["predicate"] == "predictsResistanceTo" else "sensitivity"
    flag = " (flagged by its source)" if item["is_flagged"] is True else ""
    rating: Any = item["rating"]
    level: str = "not given" if pd.isna(item["level"]) else str(item["level"])
    level += "" if pd.isna(rating) else f", {rating} of 5 stars"
    return [
        cells.civic_link(key) + cells.folded("How it was checked", _text(item["verification"])),
        _text(f"{says} {what}{flag}"),
        _text(row["molecular_profile"]),
        _text(row["cancer_type"]),
        _text(row["therapies"]),
        _text(level),
        paper,
    ]


def _paper(row: Row) -> str:
    """One reference as HTML: what it is, its status, and the links to it."""
    text: Any = row["as_resolved"] if pd.notna(row["as_resolved"]) else row["as_printed"]
    shown: Any = row["reference_id"] if pd.isna(text) else text
    return f"{cells.linked(shown, row['doi'], row['pmid'])} {cells.badge(row['status'])}"


def _text(value: object) -> str:
    return cells.cell("", value)
