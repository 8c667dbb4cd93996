"""The sentences and tables of a report on one tumour profile.

One decision: statements that fit the tumour and statements that do not quite are told apart
everywhere, and neither is put in an order of drugs; where sources disagree both sides are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from cancerres_kit import display, links, schema
from cancerres_kit.profiles import RELATIONS
from cancerres_kit.profiles.grouping import NO_EVIDENCE

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas
    from cancerres_kit.profiles import Profile

FITTING = RELATIONS[:2]
CONTRADICTED = "another statement that fits says the opposite"
OPPOSITE = frozenset({"resistance", "sensitivity"})
TOLD = {
    "resistance": "resistance to {}",
    "sensitivity": "sensitivity to {}",
    "conflicting": "conflicting findings on {}",
    "opposed": "statements that point both ways on {}",
}
MOST_NAMES = 6
STATEMENT_COLUMNS = (
    "alterations", "treatment", "prediction", "level", "how_close", "mechanisms", "strategies",
)  # fmt: skip


def fitting(answer: pd.DataFrame) -> pd.Series[bool]:
    """Whether the wording of the evidence includes what was found, in this type or a wider one.

    Parameters
    ----------
    answer : pandas.DataFrame
        What `profiles.match` gives.

    Returns
    -------
    pandas.Series of bool
    """
    covered = answer["is_covered"].fillna(value=False).astype(bool)
    return covered & answer["cancer_type_match"].isin(FITTING)


def curated(answer: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of `profiles.match` behind which there is evidence."""
    return answer[answer["note"].ne(NO_EVIDENCE)]


def found(profile: Profile, answer: pd.DataFrame) -> pd.DataFrame:
    """List what was found in a tumour and how much evidence speaks of it.

    Parameters
    ----------
    profile : Profile
        The tumour.
    answer : pandas.DataFrame
        What `profiles.match` gives.

    Returns
    -------
    pandas.DataFrame
        One row per alteration: alteration, statements_that_fit, statements_that_fit_less, evidence
        (``no curated evidence`` where there is none).
    """
    rows, fits = curated(answer), fitting(curated(answer))
    near, far = _counts(rows[fits]), _counts(rows[~fits])
    every = [str(one) for one in profile.alterations]
    words = {True: NO_EVIDENCE, False: "curated"}
    return pd.DataFrame(
        {
            "alteration": pd.Series(every, dtype=schema.TEXT),
            "statements_that_fit": [near.get(one, 0) for one in every],
            "statements_that_fit_less": [far.get(one, 0) for one in every],
            "evidence": [words[not near.get(one, 0) and not far.get(one, 0)] for one in every],
        }
    )


def statements(answer: pd.DataFrame) -> pd.DataFrame:
    """List statements of the evidence as a person reads them, closest first.

    Parameters
    ----------
    answer : pandas.DataFrame
        Rows of `profiles.match` behind which there is evidence.

    Returns
    -------
    pandas.DataFrame
        alterations, treatment, prediction (with what keeps it from being the last word), level (of
        each side), how_close, mechanisms, strategies (with scope), items_for, items_against (tuples
        of ids).
    """
    columns = (*STATEMENT_COLUMNS, "items_for", "items_against")
    return pd.DataFrame([_statement(row) for row in _records(answer)], columns=columns)


def conflicts(answer: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows on which the sources, or two statements that fit, disagree."""
    return answer[answer["prediction"].eq("conflicting") | answer["is_contradicted"]]


def mechanisms(atlas: Atlas, answer: pd.DataFrame) -> pd.DataFrame:
    """List the mechanisms behind some statements.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    answer : pandas.DataFrame
        Rows of `profiles.match`.

    Returns
    -------
    pandas.DataFrame
        One row per mechanism, by name: mechanism, definition, level, statements (how many).
    """
    counts = answer["mechanism_ids"].explode().value_counts()
    table = atlas.mechanisms[atlas.mechanisms["mechanism_id"].isin(counts.index)]
    rows = table.rename(columns={"name": "mechanism"}).assign(
        statements=table["mechanism_id"].map(counts).astype("int64")
    )
    columns = ["mechanism", "definition", "level", "statements"]
    return rows.sort_values("mechanism", ignore_index=True)[columns]


def ids(answer: pd.DataFrame, *columns: str) -> list[str]:
    """List the ids in some columns of tuples, each once, sorted."""
    return sorted({one for column in columns for several in answer[column] for one in several})


def source_ids(atlas: Atlas, answer: pd.DataFrame) -> list[str]:
    """List the sources that the items behind some statements come from."""
    behind = atlas.evidence["evidence_id"].isin(ids(answer, "evidence_for", "evidence_against"))
    return sorted(atlas.evidence.loc[behind, "source_id"].unique())


def title(atlas: Atlas, cancer_type: str) -> str:
    """Return the title of the report on a tumour, plain text; it names only the cancer type."""
    return f"Therapy resistance: a tumour profile ({links.name(atlas, cancer_type)})"


def summary(answer: pd.DataFrame, profile: Profile) -> str:
    """Say in a few sentences what the evidence predicts, and of what it does not speak.

    Parameters
    ----------
    answer : pandas.DataFrame
        What `profiles.match` gives.
    profile : Profile
        The tumour.

    Returns
    -------
    str
        Markdown; names are escaped.
    """
    rows = curated(answer)
    near, listed = rows[fitting(rows)], found(profile, answer)
    alterations = display.count(len(listed), "alteration")
    items = display.count(len(ids(near, "evidence_for", "evidence_against")), "evidence item")
    said = [f"**{alterations}**, on which {items} of this cancer type or a wider one fit."]
    said += [_predicted(near)] if len(near) else []
    if others := len(rows) - len(near):
        be = display.agree(others, "fits", "fit")
        said.append(f"{display.count(others, 'further statement')} {be} less closely.")
    silent = listed.loc[listed["evidence"].eq(NO_EVIDENCE), "alteration"]
    if len(silent):
        missing = display.escape(display.listing(silent, limit=MOST_NAMES))
        said.append(f"**No curated evidence** on {missing}; that does not mean *no effect*.")
    return " ".join(said) + f"\n\n*{display.NOTICE}*"


def silent(answer: pd.DataFrame) -> str:
    """Name the alterations without curated evidence, and what that means.

    Parameters
    ----------
    answer : pandas.DataFrame
        What `profiles.match` gives.

    Returns
    -------
    str
        Markdown; names are escaped.
    """
    rows = answer.loc[answer["note"].eq(NO_EVIDENCE), "alterations"]
    if rows.empty:
        return "Every alteration has curated evidence, if only on a similar one or another cancer."
    names = display.escape(display.listing(rows))
    return (
        f"No curated evidence on {names}. Nobody has put a publication on "
        f"{display.agree(len(rows), 'it', 'them')} into the tables; there may be many. What the "
        "profile does not list counts as not found."
    )


def _predicted(near: pd.DataFrame) -> str:
    """Count therapies by what fits, and name some in the order of the alphabet."""
    said: dict[str, set[str]] = {}
    for row in _records(near):
        said.setdefault(row["therapies"], set()).add(row["prediction"])
    sides: dict[str, list[str]] = {name: [] for name in TOLD}
    for name in sorted(said, key=str.casefold):
        found = said[name] & {"conflicting"} or said[name] & OPPOSITE
        for side in found if len(found) < len(OPPOSITE) else ["opposed"]:
            sides[side].append(name)
    told = [
        text.format(_therapies(sides[name]))
        for name, text in TOLD.items()
        if sides[name] or name != "opposed"
    ]
    return f"The evidence predicts {display.listing(told)}."


def _therapies(names: list[str]) -> str:
    if not names:
        return "no therapy"
    shown = display.escape(display.listing(names, limit=MOST_NAMES))
    return f"{display.count(len(names), 'therapy')} ({shown})"


def _counts(rows: pd.DataFrame) -> dict[str, int]:
    """Count the statements that rest on each alteration."""
    parts = rows["alterations"].astype(schema.TEXT).str.split(" AND ").explode()
    return {str(key): int(n) for key, n in parts.value_counts().items()}


def _records(rows: pd.DataFrame) -> Iterable[dict[str, Any]]:
    """Give rows with an empty text where there is none."""
    for row in rows.to_dict("records"):
        yield {
            str(key): value if isinstance(value, tuple) or pd.notna(value) else ""
            for key, value in row.items()
        }


def _statement(row: dict[str, Any]) -> dict[str, Any]:
    said = [row["prediction"], row["note"], CONTRADICTED if row["is_contradicted"] else ""]
    said += ["an item is flagged by its source"] if row["is_flagged"] else []
    sides = {"": "level", "against: ": "level_against"}
    items = {"": "evidence_for", "against: ": "evidence_against"}
    levels = [f"{side}{row[sides[side]] or 'not given'}" for side in sides if row[items[side]]]
    return {
        "alterations": row["alterations"] or "what was not found",
        "treatment": row["therapies"],
        "prediction": "; ".join(filter(None, said)),
        "level": "; ".join(levels),
        "how_close": _closeness(row),
        "mechanisms": row["mechanisms"],
        "strategies": row["strategies"],
        "items_for": row["evidence_for"],
        "items_against": row["evidence_against"],
    }


def _closeness(row: dict[str, Any]) -> str:
    """Say how closely the evidence fits: its wording, then its cancer type."""
    said = str(row["alteration_match"])
    if row["alterations"] != row["molecular_profile"]:
        said += f", as {row['molecular_profile']}"
    if row["is_covered"] is not True:
        include = "does not" if row["is_covered"] is False else "may or may not"
        said += f", which {include} include it"
    if row["assumes_absent"]:
        said += f"; assumes that {row['assumes_absent']} is absent"
    where = "" if row["cancer_type_match"] == "same" else f" ({row['cancer_type']})"
    return f"{said}; cancer type: {row['cancer_type_match']}{where}"
