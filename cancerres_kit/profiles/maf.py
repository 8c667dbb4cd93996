"""Read the profiles of a cohort from a mutation annotation file (MAF).

One decision: the file is read line by line and of each line only what makes an alteration is
kept; barcodes tell samples apart while reading and are then forgotten. A line that cannot be
matched is skipped and counted; a line of which it is unclear whose it is refuses the file.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from cancerres_kit.alterations import Alteration
from cancerres_kit.profiles.cohort import Cohort
from cancerres_kit.profiles.privacy import refuse_identifying
from cancerres_kit.profiles.profile import Profile
from cancerres_kit.profiles.variants import CHANGES, CLASS, GENE, SAMPLE, Refused, Skipped, variant
from cancerres_kit.schema.problems import DataError, Problem, hint, quoted

MOST_PROBLEMS = 20


class _Notes:
    """What was wrong with a file: lines that refuse it, and lines that were skipped."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.skipped: Counter[str] = Counter()
        self.first: list[Problem] = []

    def refuse(self, line: int, column: str | None, message: str) -> None:
        self.problems.append(Problem(self.file, line, column, None, message))

    def skip(self, line: int, skipped: Skipped) -> None:
        self.skipped[skipped.reason] += 1
        if skipped.is_mistake and len(self.first) < MOST_PROBLEMS:
            self.first.append(
                Problem(self.file, line, skipped.column, skipped.value, skipped.message)
            )

    def stopped(self, problems: list[Problem], most: int) -> list[Problem]:
        """Close a list of problems that is too long to go on."""
        if most < MOST_PROBLEMS:
            return problems
        message = f"stopped after {MOST_PROBLEMS} problems; mend these first"
        return [*problems, Problem(self.file, None, None, None, message)]


def read_maf(path: str | os.PathLike[str], *, cancer_type: str) -> Cohort:
    """Read one profile for each sample of a MAF.

    Parameters
    ----------
    path : path-like
        A tab-separated MAF with the columns Hugo_Symbol, Variant_Classification,
        Tumor_Sample_Barcode and HGVSp_Short or HGVSp; comment lines may stand above the header.
    cancer_type : str
        Cancer type of all samples: id, name, OncoTree code or ``doid:...``.

    Returns
    -------
    Cohort
        A list of one `Profile` for each sample that has an alteration of a protein, in the order
        of the file. Silent and non-coding variants are left out; one protein change that stands
        in several lines of a sample counts once; where a coding variant has no protein change its
        class is taken (``NF1 Frameshift``). Barcodes are not kept. Lines that cannot be matched
        (no gene, no symbol, an unknown class or change) are skipped, and ``skipped`` says how
        many of which kind.

    Raises
    ------
    DataError
        If the file cannot be read, lacks columns or has one twice, has columns that may identify
        a person, a line without barcode or with too few or too many cells, or no alteration that
        can be read. No message shows a barcode.
    """
    if not isinstance(path, str | os.PathLike):
        raise DataError(f"a MAF is given by its path, not {quoted(path)}")
    file = Path(path)
    samples: dict[str, dict[Alteration, None]] = {}
    notes = _Notes(file.name)
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            for barcode, found in _found(opened, notes):
                samples.setdefault(barcode, {}).setdefault(found)
    except UnicodeDecodeError as error:
        what = "is no UTF-8 text; unpack it if it is compressed"
        raise DataError(f"{quoted(str(file))} {what}") from error
    except OSError as error:
        raise DataError(f"{quoted(str(file))} cannot be read: {error.strerror}") from error
    if notes.problems:
        raise DataError(notes.stopped(notes.problems, len(notes.problems)))
    if not samples:
        message = "no variant that changes a protein; is this the right file?"
        first = notes.first or [Problem(file.name, None, None, None, message)]
        raise DataError(notes.stopped(first, len(notes.first)))
    profiles = (Profile(cancer_type, list(found)) for found in samples.values())
    return Cohort(profiles, skipped=notes.skipped)


def _found(opened: TextIO, notes: _Notes) -> Iterator[tuple[str, Alteration]]:
    """Read the alterations line by line; note what is wrong, and stop where it is too much."""
    number, header = _header(opened)
    at = _places(header, notes.file, number)
    for cells in csv.reader(opened, delimiter="\t", quoting=csv.QUOTE_NONE):
        number += 1
        if not any(cells):
            continue
        if wrong := _shape(cells, len(header), max(at.values())):
            notes.refuse(number, None, wrong)
        else:
            barcode = cells[at[SAMPLE]].strip()
            read = variant(cells[at[GENE]], cells[at[CLASS]], cells[at["change"]], barcode)
            if isinstance(read, Refused):
                notes.refuse(number, read.column, read.message)
            elif isinstance(read, Skipped):
                notes.skip(number, read)
            elif read:
                yield barcode, read
        if len(notes.problems) >= MOST_PROBLEMS:
            return


def _shape(cells: list[str], columns: int, last: int) -> str:
    """Say what is wrong with the number of cells of a line; empty if nothing is."""
    if len(cells) <= last:
        return "the line has too few cells: does the file break off here?"
    if any(cells[columns:]):
        return f"the line has {len(cells)} cells and the header {columns}: are they shifted?"
    return ""


def _header(opened: TextIO) -> tuple[int, list[str]]:
    number = 0
    for number, line in enumerate(opened, start=1):
        if not line.startswith("#"):
            return number, line.rstrip("\r\n").split("\t")
    return number, []


def _places(header: list[str], file: str, number: int) -> dict[str, int]:
    """Find the columns that are used; refuse a file that lacks one or could identify a person."""
    refuse_identifying(header, file=file, line=number)
    change = next((name for name in CHANGES if name in header), "")
    wanted = [name for name in (GENE, CLASS, SAMPLE) if name not in header]
    wanted += [] if change else [CHANGES[0]]
    also = {CHANGES[0]: " (or HGVSp)"}
    what = "a MAF is separated by tabs and needs Hugo_Symbol, Variant_Classification, "
    what += "Tumor_Sample_Barcode and HGVSp_Short or HGVSp"
    problems = [
        Problem(file, max(number, 1), name, None,
                f"column is missing{also.get(name, '')}{hint(name, header)}; {what}")
        for name in wanted
    ] + [
        Problem(file, number, name, None, "the column stands twice; keep one of them")
        for name in (GENE, CLASS, SAMPLE, change)
        if header.count(name) > 1
    ]  # fmt: skip
    if problems:
        raise DataError(problems)
    places = {name: header.index(name) for name in (GENE, CLASS, SAMPLE)}
    return places | {"change": header.index(change)}
