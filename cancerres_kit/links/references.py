"""How far a statement can be trusted: its references, and what a check of them found.

One decision: a reference is kept as its document prints it, beside the publication that could be
found; nothing is corrected silently. A basis is a rank computed from the status of references,
never a judgement typed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from cancerres_kit import schema, theme
from cancerres_kit.links.things import checked

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

BASES = ("confirmed", "not_from_review", "different_details", "no_trace", "uncited")
BASIS = pd.CategoricalDtype(list(BASES), ordered=True)
UNCITED = BASES.index("uncited")
RANKS = {status: rank for rank, status in enumerate(BASES[:-1])}

_PARTS = ("authors", "title", "journal", "year", "volume", "locator")
_TEXT = ("as_printed", "as_resolved", "status", "doi", "pmid")
_SUBSTITUTE = ("substitute", "substitute_id", "substitute_doi", "substitute_pmid")
_COLUMNS = ("reference_id", "number", *_TEXT, *_SUBSTITUTE, "basis", "checked_on")


def bibliography(atlas: Atlas, *reference_ids: str) -> pd.DataFrame:
    """References as printed, as resolved, and what can be read instead.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    *reference_ids : str
        References to list, each once; none lists all.

    Returns
    -------
    DataFrame
        One row per reference, by printed number (what the curators added comes last, by id):
        reference_id, number, as_printed, as_resolved, status, doi, pmid (of the publication that
        was found), substitute (text), substitute_id, substitute_doi, substitute_pmid, basis (what
        was searched and found), checked_on. What does not exist is a missing value.

    Raises
    ------
    DataError
        For an id that is not a reference.
    """
    table = atlas.references
    wanted = [checked(atlas, "reference", value) for value in reference_ids]
    rows = pd.DataFrame(
        {
            "reference_id": table["reference_id"],
            "number": table["printed_number"].astype("Int64"),
            "as_printed": _citations(table, "printed"),
            "as_resolved": _citations(table, "resolved"),
            "status": table["status"].astype(schema.TEXT),
            "doi": table["doi"],
            "pmid": table["pmid"],
            "substitute_id": table["substitute_reference_id"],
            "basis": table["basis"],
            "checked_on": table["checked_on"],
        }
    )
    rows = _with_substitutes(rows)
    if wanted:
        rows = rows[rows["reference_id"].isin(wanted)]
    return rows.sort_values(["number", "reference_id"], ignore_index=True)[list(_COLUMNS)]


def status_texts(atlas: Atlas) -> dict[str, tuple[float, str, str]]:
    """Return, by reference_id, a key that sorts and a text such as ``[7] no trace``.

    References without a printed number show their id and sort after those that have one.
    """
    texts = {}
    columns = ["reference_id", "printed_number", "status"]
    for key, number, status in atlas.references[columns].itertuples(index=False):
        numbered = pd.notna(number)
        mark = f"[{number}]" if numbered else key
        place = float(number) if numbered else float("inf")
        texts[key] = (place, key, f"{mark} {theme.word(str(status))}")
    return texts


def cite(texts: dict[str, tuple[float, str, str]], reference_ids: Iterable[str]) -> str:
    """Join the status texts of some references, in printed order; without any: ``uncited``."""
    return "; ".join(text for *_, text in sorted(texts[key] for key in reference_ids)) or "uncited"


def ranks(atlas: Atlas) -> pd.Series[int]:
    """Return the rank of each reference in `BASES` (0 is best), by reference_id."""
    table = atlas.references
    found = table["status"].astype(schema.TEXT).map(RANKS)
    return pd.Series(found.to_numpy(), index=table["reference_id"].to_numpy(), dtype="int64")


def basis_of(rank: pd.Series[int]) -> pd.Series[str]:
    """Turn ranks into the ordered category of bases, best first."""
    return pd.Series(pd.Categorical.from_codes(rank, dtype=BASIS), index=rank.index)


def _citations(table: pd.DataFrame, prefix: str) -> pd.Series[str]:
    columns = [f"{prefix}_{part}" for part in _PARTS]
    texts = [_citation(*row) for row in table[columns].itertuples(index=False)]
    return pd.Series(texts, index=table.index, dtype=schema.TEXT)


def _citation(*parts: str | int | None) -> str | None:
    authors, title, journal, year, volume, locator = (str(p) if pd.notna(p) else "" for p in parts)
    place = year + (f";{volume}" if volume else "") + (f":{locator}" if locator else "")
    place = place.lstrip(";:")
    sentences = [part.rstrip(".") for part in (authors, title, journal, place) if part]
    return ". ".join(sentences) + "." if sentences else None


def _with_substitutes(rows: pd.DataFrame) -> pd.DataFrame:
    columns = ["reference_id", "as_resolved", "doi", "pmid"]
    substitutes = rows[columns].set_axis(
        ["substitute_id", "substitute", "substitute_doi", "substitute_pmid"], axis=1
    )
    return rows.merge(substitutes, on="substitute_id", how="left")
