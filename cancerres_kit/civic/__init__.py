"""Read a release of CIViC, so that profiles are matched with the whole knowledge base.

One decision: a release becomes tables with the columns of the atlas and nothing else, in CIViC's
own words and levels. What we add to an item, the mechanism behind it, comes only from our own table
``evidence_mechanisms``; the content of CIViC is in the public domain (CC0 1.0).
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pandas as pd

from cancerres_kit.civic.downloads import RELEASE, download
from cancerres_kit.civic.files import read
from cancerres_kit.civic.tables import as_tables
from cancerres_kit.schema.problems import DataError, quoted

__all__ = ["load"]


def load(release: str | os.PathLike[str], *, sha256: str | None = None) -> dict[str, pd.DataFrame]:
    """Read the predictive items of a CIViC release.

    Parameters
    ----------
    release : path-like or str
        A ``ClinicalEvidenceSummaries`` TSV file (column names as they are now or as before 2023),
        or the name of a release to download: ``"nightly"`` or a day such as ``"01-Jul-2025"``.
    sha256 : str, optional
        Checksum that a downloaded release must have. Without one, the checksum of the first
        download is kept beside the file and checked whenever the file is used again.

    Returns
    -------
    dict of str to DataFrame
        The tables sources, references, cancer_types, therapies, genes, evidence, evidence_genes
        and evidence_therapies with the columns of the atlas; accepted items of type Predictive
        on resistance or sensitivity only. Give it to ``atlas.with_evidence``, which replaces
        the ids of what the atlas knows by the atlas's own.

    Raises
    ------
    DataError
        If there is no such file or release, the file is no complete release, or it holds no
        accepted predictive item.

    Notes
    -----
    A file that was cut off exactly at the end of a line looks like a whole one; where that
    matters, compare its checksum. Items of the atlas are kept whether a release has them or not.
    """
    if not isinstance(release, str | os.PathLike):
        raise DataError(f"a release is given by its path or name, not {quoted(release)}")
    path = Path(release)
    if not isinstance(release, str) or path.exists():
        return as_tables(read(path), version=path.name)
    if re.fullmatch(RELEASE, release):
        found = download(release, sha256=sha256)
        return as_tables(read(found), version=found.name)
    raise DataError(
        f"{quoted(release)} is neither a file nor a release; give the path of a "
        "ClinicalEvidenceSummaries.tsv, 'nightly', or the day of a release such as '01-Jul-2025'"
    )
