"""From a file with tumour profiles to the reports that are asked for.

One decision: of the file only cancer types and alterations go on. Its name, its place and the
barcodes in it are nowhere in a report, and a report is named by what it is about.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cancerres_kit import profiles, schema
from cancerres_kit.profiles.relations import CancerTypes
from cancerres_kit.reports import tumour
from cancerres_kit.reports.headless import Report

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas

PARAMETERS = ("cancer_type", "other_genes")
MOST_TUMOURS = 50
YES, NO = "yes", "no"
# The column that only a MAF has.
MAF_COLUMN = "Hugo_Symbol"


def planned(
    atlas: Atlas, template: Path, path: str, *, parameters: Mapping[str, str], data: str
) -> list[Report]:
    """Read a file and say which reports it makes: one for each tumour, the same one only once.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    template : pathlib.Path
        The template of a report on a profile.
    path : str
        A CSV with one profile, or a MAF with one for each sample.
    parameters : mapping of str to str
        ``cancer_type`` (of a MAF) and ``other_genes`` (``yes`` or ``no``).
    data : str
        Folder that the tables were read from; empty for the shipped tables.

    Returns
    -------
    list of Report

    Raises
    ------
    DataError
        If the file, a parameter or a profile cannot be used.
    """
    for name in parameters:
        if name not in PARAMETERS:
            raise schema.unknown(name, PARAMETERS, what="parameter of a profile report")
    is_maf = _is_maf(Path(path))
    lenient = parameters.get("other_genes", YES if is_maf else NO)
    if lenient not in (YES, NO):
        raise schema.unknown(lenient, [YES, NO], what="value of other_genes")
    found = _maf(path, parameters) if is_maf else _csv(path, parameters)
    profiles.match_many(atlas, found, other_genes=lenient == YES)
    types = CancerTypes(atlas.cancer_types)
    reports = [
        _report(atlas, template, types.resolved(one.cancer_type), one, lenient, data)
        for one in found
    ]
    return list({report.stem: report for report in reports}.values())


def _csv(path: str, parameters: Mapping[str, str]) -> list[profiles.Profile]:
    if "cancer_type" in parameters:
        raise schema.DataError("the CSV itself gives the cancer type; leave cancer_type out")
    return [profiles.read(path)]


def _maf(path: str, parameters: Mapping[str, str]) -> list[profiles.Profile]:
    if "cancer_type" not in parameters:
        raise schema.DataError(
            "a MAF does not say the cancer type; give it, for example: "
            "--set cancer_type=non_small_cell_lung_cancer"
        )
    found = profiles.read_maf(path, cancer_type=parameters["cancer_type"])
    if len(found) > MOST_TUMOURS:
        raise schema.DataError(
            f"the MAF holds {len(found)} tumours, and a batch is at most {MOST_TUMOURS}; split it, "
            "or match the whole cohort in Python: ck.profiles.match_many"
        )
    for reason, n in found.skipped.items():
        print(f"left out of the MAF, {reason}: {n}", file=sys.stderr)
    return found


def _is_maf(file: Path) -> bool:
    """Tell a MAF by its name or its header; what cannot be opened is left to the reader."""
    if ".maf" in [ending.casefold() for ending in file.suffixes]:
        return True
    try:
        with file.open(encoding="utf-8-sig", errors="replace") as opened:
            header = next((line for line in opened if not line.startswith("#")), "")
    except OSError:
        return False
    return MAF_COLUMN in header.split("\t")


def _report(
    atlas: Atlas,
    template: Path,
    cancer_type: str,
    profile: profiles.Profile,
    other_genes: str,
    data: str,
) -> Report:
    """Name a report by its cancer type and a digest of its alterations."""
    alterations = " AND ".join(sorted(str(one) for one in profile.alterations))
    digest = hashlib.sha256(alterations.encode()).hexdigest()[:8]
    return Report(
        template=template,
        title=tumour.title(atlas, cancer_type),
        stem=f"profile_{cancer_type}_{digest}",
        parameters={
            "cancer_type": cancer_type,
            "alterations": alterations,
            "other_genes": other_genes,
            "data": data,
        },
    )
