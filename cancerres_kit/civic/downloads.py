"""Fetch a release once and keep it, with a checksum that is checked at every use.

One decision: nothing is fetched unless a release is asked for by name, and pooch, which does the
fetching, is an extra that is imported only then.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cancerres_kit.schema.problems import DataError, quoted

RELEASE = r"nightly|\d{2}-[A-Z][a-z]{2}-\d{4}"
ADDRESS = "https://civicdb.org/downloads/{release}/{release}-ClinicalEvidenceSummaries.tsv"


def download(release: str, *, sha256: str | None) -> Path:
    """Return the file of a release, fetched now or before.

    Parameters
    ----------
    release : str
        ``nightly`` (kept for one day) or the day of a monthly release.
    sha256 : str or None
        Checksum that the file must have.

    Returns
    -------
    pathlib.Path
        The file in the cache of this user.

    Raises
    ------
    DataError
        If pooch is missing, the file cannot be fetched, or it has another checksum.
    """
    pooch = _pooch()
    folder = Path(pooch.os_cache("cancerres-kit")) / "civic"
    day = f"-{datetime.now(tz=UTC):%Y-%m-%d}" if release == "nightly" else ""
    name = f"{release}{day}-ClinicalEvidenceSummaries.tsv"
    noted = folder / f"{name}.sha256"
    if sha256 is None and (folder / name).exists() and noted.exists():
        sha256 = noted.read_text(encoding="ascii").strip()
    address = ADDRESS.format(release=release)
    try:
        found = pooch.retrieve(
            address, known_hash=sha256 and f"sha256:{sha256}", fname=name, path=folder
        )
    except (OSError, ValueError) as error:
        raise DataError(
            f"CIViC release {quoted(release)} could not be fetched from {address}: "
            f"{quoted(str(error))}; check the name, the connection and the checksum, or download "
            "the file yourself and give its path"
        ) from error
    noted.write_text(hashlib.sha256(Path(found).read_bytes()).hexdigest(), encoding="ascii")
    return Path(found)


def _pooch() -> Any:
    try:
        import pooch
    except ImportError as error:
        raise DataError(
            "downloading a release needs pooch; run: pip install 'cancerres-kit[civic]', "
            "or download the file yourself and give its path"
        ) from error
    return pooch
