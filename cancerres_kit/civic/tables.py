"""The rows of a release in the columns of the atlas.

One decision: ids are made from what identifies a thing outside (a Disease Ontology number, a
PubMed number, a name), so that the same thing has the same id in every release.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from cancerres_kit import schema
from cancerres_kit.civic.names import genes_of, profile_of, slug, therapy_names
from cancerres_kit.schema.problems import DataError, Problem

PREDICTS = {
    "resistance": "predictsResistanceTo",
    "resistance or non-response": "predictsResistanceTo",
    "reduced sensitivity": "predictsResistanceTo",
    "sensitivity": "predictsSensitivityTo",
    "sensitivity/response": "predictsSensitivityTo",
}
DIRECTIONS = {"supports": "supports", "does not support": "does_not_support"}
LEVELS = ("A", "B", "C", "D", "E")
VERIFICATION = "as released by CIViC, not checked again"
_BASIS = "cited by an accepted CIViC item; not looked up by us"


def as_tables(rows: pd.DataFrame, *, version: str) -> dict[str, pd.DataFrame]:
    """Bring the rows of a release into the tables of the atlas.

    Parameters
    ----------
    rows : DataFrame
        What `files.read` gives.
    version : str
        Name of the file or release.

    Returns
    -------
    dict of str to DataFrame
        By name of the table; see `cancerres_kit.civic.load`.

    Raises
    ------
    DataError
        If a row has no valid number, level or rating, or a number twice (names every such row),
        or no row is a predictive item.
    """
    _refuse_wrong(rows, version)
    used = _predictive(rows)
    if used.empty:
        what = "no accepted item of type Predictive on resistance or sensitivity in the file"
        remedy = "is it the ClinicalEvidenceSummaries of a release?"
        raise DataError([Problem(version, None, None, None, f"{what}; {remedy}")])
    keys = [f"civic.eid:{number}" for number in used["evidence_id"]]
    types, type_of = _cancer_types(used)
    cited, cited_by = _references(used)
    parts: dict[str, dict[str, Any]] = {
        "sources": _source(version),
        "references": cited,
        "cancer_types": types,
        "evidence": _evidence(used, keys, type_of, cited_by),
    }
    parts |= _linked_genes(used, keys) | _linked_therapies(used, keys)
    described = {part["name"]: part["schema"]["fields"] for part in schema.describe()["resources"]}
    return {name: _typed(described[name], columns) for name, columns in parts.items()}


def _predictive(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep accepted predictive items that speak of resistance or sensitivity."""
    allowed: dict[str, tuple[str, ...]] = {
        "evidence_type": ("predictive",),
        "evidence_status": ("accepted", ""),
        "significance": tuple(PREDICTS),
        "evidence_direction": tuple(DIRECTIONS),
    }
    wanted = np.ones(len(rows), dtype=bool)
    for column, values in allowed.items():
        if column in rows:
            written = [text for text in rows[column].unique() if text.lower() in values]
            wanted &= rows[column].isin(written).to_numpy()
    used = rows[wanted].reset_index(drop=True)
    if "molecular_profile" in used:
        return used
    named = [profile_of(*pair) for pair in zip(used["gene"], used["variant"], strict=True)]
    return used.assign(molecular_profile=pd.Series(named, dtype=object))


def _refuse_wrong(rows: pd.DataFrame, file: str) -> None:
    """Collect the cells that cannot be what they should be."""
    problems = [
        Problem(file, int(rows["line"].iloc[at]), column, str(value), f"{value!r} {what}")
        for column, (fits, what) in _CELLS.items()
        if column in rows
        for value in rows[column].unique()
        if not fits(value)
        for at in np.flatnonzero(rows[column].eq(value))
    ]
    twice = rows.loc[rows["evidence_id"].duplicated(), ["line", "evidence_id"]]
    problems += [
        Problem(file, int(line), "evidence_id", value, f"{value!r} stands twice; keep one of them")
        for line, value in twice.itertuples(index=False)
    ]
    if problems:
        raise DataError(problems)


def _fits(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern, re.IGNORECASE).fullmatch


_CELLS: dict[str, tuple[Callable[[str], object], str]] = {
    "evidence_id": (str.isdecimal, "is not the number of an evidence item"),
    "evidence_level": (_fits("[A-E]"), "is no level; allowed: A, B, C, D, E"),
    "rating": (_fits(r"(?:[1-5](?:\.0)?)?"), "is no rating; allowed: 1 to 5 or nothing"),
    "is_flagged": (
        _fits("true|false|"),
        "is neither true nor false: does the file break off here?",
    ),
    "last_review_date": (_fits(r"(?:\d{4}-\d\d-\d\d\b.*)?"), "is no date such as 2026-01-31"),
}
_DOID = re.compile(r"(?:DOID:)?(\d+)(?:\.0)?", re.IGNORECASE)


def _evidence(
    used: pd.DataFrame, keys: Sequence[str], types: Sequence[str], references: Sequence[str]
) -> dict[str, Any]:
    def cells(column: str, change: Callable[[str], str]) -> list[str]:
        if column not in used:
            return [""] * len(used)
        changed = {value: change(value) for value in used[column].unique()}
        return [changed[value] for value in used[column]]

    return {
        "evidence_id": keys,
        "molecular_profile": used["molecular_profile"],
        "cancer_type_id": types,
        "predicate": cells("significance", lambda text: PREDICTS[text.lower()]),
        "significance": used["significance"],
        "direction": cells("evidence_direction", lambda text: DIRECTIONS[text.lower()]),
        "level": cells("evidence_level", str.upper),
        "rating": cells("rating", lambda text: text.removesuffix(".0")),
        "interaction": cells("therapy_interaction_type", str.lower),
        "variant_origin": cells("variant_origin", str),
        "is_flagged": cells("is_flagged", str.lower),
        "reference_id": references,
        "source_id": ["civic"] * len(used),
        "verification": [VERIFICATION] * len(used),
        "curated_on": cells("last_review_date", lambda text: text[:10]),
    }


def _source(version: str) -> dict[str, Any]:
    return {
        "source_id": ["civic"],
        "title": ["CIViC, Clinical Interpretation of Variants in Cancer"],
        "kind": ["dataset"],
        "licence": ["CC0 1.0"],
        "version": [version],
        "note": ["Accepted items of type Predictive, in the words of the release."],
    }


def _cancer_types(used: pd.DataFrame) -> tuple[dict[str, Any], list[str]]:
    """Name cancer types by their Disease Ontology number, or by their name where there is none.

    Returns the columns of the cancer types, and the cancer type of each item.
    """
    pairs = list(zip(used["doid"], used["disease"], strict=True))
    ids: dict[tuple[str, str], str] = {}
    named: dict[str, tuple[str, str]] = {}
    holder: dict[str, str] = {}
    for doid, disease in dict.fromkeys(pairs):
        found = _DOID.fullmatch(doid.strip())
        name = disease.strip() or "Disease not given"
        id_ = ids[doid, disease] = f"doid_{found[1]}" if found else f"civic_{slug(name)}"
        # Two types may share a name, but a name stands for one row only.
        if holder.setdefault(name.casefold(), id_) != id_:
            name = f"{name} ({id_})"
        named.setdefault(id_, (name, f"doid:{found[1]}" if found else ""))
    columns = {
        "cancer_type_id": list(named),
        "name": [name for name, _ in named.values()],
        "doid": [doid for _, doid in named.values()],
    }
    return columns, [ids[pair] for pair in pairs]


def _references(used: pd.DataFrame) -> tuple[dict[str, Any], list[str]]:
    """Name references by the number that they have in PubMed or with a congress.

    Returns the columns of the references, and the reference of each item.
    """
    blank = [""] * len(used)
    kinds, texts = used.get("source_type", blank), used.get("citation", blank)
    made: dict[tuple[str, str], tuple[str, ...]] = {}
    ids = []
    for kind, number, citation in zip(kinds, used["citation_id"], texts, strict=True):
        if (kind, number) not in made:
            made[kind, number] = _reference(kind or "PubMed", number.removesuffix(".0"), citation)
        ids.append(made[kind, number][0])
    rows = {row[0]: row for row in made.values()}.values()
    columns = ("reference_id", "resolved_authors", "resolved_year", "resolved_journal", "pmid")
    cited: dict[str, Any] = {name: [row[at] for row in rows] for at, name in enumerate(columns)}
    return cited | {"status": ["not_from_review"] * len(rows), "basis": [_BASIS] * len(rows)}, ids


def _reference(kind: str, number: str, citation: str) -> tuple[str, ...]:
    """Return id, authors, year, journal (which only older releases give) and PubMed number."""
    authors, year, journal = citation.strip(), "", ""
    parts = authors.split(", ")
    for at, part in enumerate(parts):
        if len(part) == 4 and part.isdigit():
            authors, year, journal = ", ".join(parts[:at]), part, ", ".join(parts[at + 1 :])
            break
    if kind.lower() == "pubmed" and number.isdigit():
        return f"pubmed_{number}", authors, year, journal, f"pubmed:{number}"
    return slug(f"{kind}_{number}"), authors, year, journal, ""


def _linked_genes(used: pd.DataFrame, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    profiles = used["molecular_profile"]
    symbols = {profile: genes_of(profile) for profile in profiles.unique()}
    pairs = [
        (key, symbol)
        for key, profile in zip(keys, profiles, strict=True)
        for symbol in symbols[profile]
    ]
    listed = list(dict.fromkeys(symbol for _, symbol in pairs))
    return {
        # A release names genes by symbol only; an atlas that lists them knows their HGNC id.
        "genes": {"hgnc_id": [f"symbol:{symbol}" for symbol in listed], "symbol": listed},
        "evidence_genes": {
            "evidence_id": [key for key, _ in pairs],
            "hgnc_id": [f"symbol:{symbol}" for _, symbol in pairs],
        },
    }


def _linked_therapies(used: pd.DataFrame, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    sets = {text: therapy_names(text) for text in used["therapies"].unique()}
    pairs = [
        (key, name)
        for key, text in zip(keys, used["therapies"], strict=True)
        for name in sets[text]
    ]
    ids = {name: slug(name) for _, name in pairs}
    first: dict[str, str] = {}
    for name, id_ in ids.items():
        first.setdefault(id_, name)
    return {
        # Whether a name is a drug or a class is not said, so the kind stays empty.
        "therapies": {"therapy_id": list(first), "name": list(first.values())},
        "evidence_therapies": {
            "evidence_id": [key for key, _ in pairs],
            "therapy_id": [ids[name] for _, name in pairs],
        },
    }


def _typed(fields: Sequence[dict[str, Any]], columns: dict[str, Any]) -> pd.DataFrame:
    """Give the columns the types that the schema gives them; what is lacking is missing."""
    rows = len(next(iter(columns.values())))
    nothing = pd.array(np.full(rows, np.nan, dtype=object), dtype=schema.TEXT)
    typed = {}
    for field in fields:
        name = field["name"]
        plain = field["type"] == "string" and "enum" not in field.get("constraints", {})
        lacking = nothing if plain else _column([""] * rows, field)
        typed[name] = _column(columns[name], field) if name in columns else lacking
    return pd.DataFrame(typed, copy=False)


def _column(values: Sequence[str], field: dict[str, Any]) -> Any:
    kind, allowed = field["type"], field.get("constraints", {}).get("enum")
    if kind == "string" and allowed:
        categories = pd.Index(np.array(allowed, dtype=object), dtype=schema.TEXT)
        codes = {value: code for code, value in enumerate(allowed)}
        return pd.Categorical.from_codes(
            [codes.get(value, -1) for value in values], dtype=pd.CategoricalDtype(categories)
        )
    if kind == "date":  # a release has few days and many rows
        days, at = np.unique(np.array(list(values), dtype=str), return_inverse=True)
        return schema.TYPES[kind](days.tolist())[at]
    return schema.TYPES[kind](list(values))
