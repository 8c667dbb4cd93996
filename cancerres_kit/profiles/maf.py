"""Read the profiles of a cohort from a mutation annotation file (MAF).

One decision: the file is read line by line and of each line only what makes an alteration is
kept; barcodes tell samples apart while reading and are then forgotten.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from cancerres_kit.alterations import Alteration, alteration
from cancerres_kit.profiles.privacy import refuse_identifying
from cancerres_kit.profiles.profile import Profile
from cancerres_kit.schema.problems import DataError, Problem, hint, quoted

GENE, CLASS, SAMPLE = "Hugo_Symbol", "Variant_Classification", "Tumor_Sample_Barcode"
CHANGES = ("HGVSp_Short", "HGVSp")
MOST_PROBLEMS = 20

# What a variant of each class means where the protein change is not given; None is no change of
# the protein or of its making.
CLASSES: dict[str, str | None] = {
    "Missense_Mutation": "Mutation",
    "Nonsense_Mutation": "Mutation",
    "Nonstop_Mutation": "Mutation",
    "Frame_Shift_Del": "Frameshift",
    "Frame_Shift_Ins": "Frameshift",
    "In_Frame_Del": "Mutation",
    "In_Frame_Ins": "Mutation",
    "Splice_Site": "Splice Site",
    "Translation_Start_Site": "M1?",
    "Silent": None,
    "Splice_Region": None,
    "Intron": None,
    "3'UTR": None,
    "5'UTR": None,
    "3'Flank": None,
    "5'Flank": None,
    "IGR": None,
    "RNA": None,
    "lincRNA": None,
    "Targeted_Region": None,
    "De_novo_Start_InFrame": None,
    "De_novo_Start_OutOfFrame": None,
}
_NOT_GIVEN = ("", ".", "p.?", "-", "NA")


def read_maf(path: str | os.PathLike[str], *, cancer_type: str) -> list[Profile]:
    """Read one profile for each sample of a MAF.

    Parameters
    ----------
    path : path-like
        A tab-separated MAF with the columns Hugo_Symbol, Variant_Classification,
        Tumor_Sample_Barcode and HGVSp_Short or HGVSp; comment lines may stand above the header.
    cancer_type : str
        Cancer type of all samples: id, name or ``doid:...``.

    Returns
    -------
    list of Profile
        One for each sample that has an alteration of a protein, in the order of the file. Silent
        and non-coding variants are left out; one protein change that stands in several lines of
        a sample counts once; where a coding variant has no protein change its class is taken
        (``NF1 Frameshift``). Barcodes are not kept.

    Raises
    ------
    DataError
        If the file cannot be read, lacks columns, has columns that may identify a person, holds
        a class or a change that cannot be read, or no alteration at all. No message shows a
        barcode.
    """
    file = Path(path)
    samples: dict[str, dict[Alteration, None]] = {}
    problems: list[Problem] = []
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            for barcode, found in _found(opened, file.name, problems):
                samples.setdefault(barcode, {}).setdefault(found)
    except UnicodeDecodeError as error:
        what = "is no UTF-8 text; unpack it if it is compressed"
        raise DataError(f"{quoted(str(file))} {what}") from error
    except OSError as error:
        raise DataError(f"{quoted(str(file))} cannot be read: {error.strerror}") from error
    if problems:
        raise DataError(problems)
    if not samples:
        message = "no variant that changes a protein; is this the right file?"
        raise DataError([Problem(file.name, None, None, None, message)])
    return [Profile(cancer_type, list(found)) for found in samples.values()]


def _found(opened: TextIO, file: str, problems: list[Problem]) -> Iterator[tuple[str, Alteration]]:
    """Read the alterations line by line; note what is wrong, and stop where it is too much."""
    number, header = _header(opened)
    at = _places(header, file, number)
    last = max(at.values())
    for cells in csv.reader(opened, delimiter="\t", quoting=csv.QUOTE_NONE):
        number += 1
        if not any(cells):
            continue
        if len(cells) <= last:
            message = "the line has too few cells: does the file break off here?"
            problems.append(Problem(file, number, None, None, message))
        else:
            try:
                found = _alteration(cells[at[GENE]], cells[at[CLASS]], cells[at["change"]])
            except DataError as error:
                problems.extend(
                    Problem(file, number, one.column, one.value, one.message)
                    for one in error.problems
                )
            else:
                if found:
                    yield cells[at[SAMPLE]], found
        if len(problems) >= MOST_PROBLEMS:
            message = f"stopped after {MOST_PROBLEMS} problems; mend these first"
            problems.append(Problem(file, None, None, None, message))
            return


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
    if wanted:
        also = {CHANGES[0]: " (or HGVSp)"}
        what = "a MAF is separated by tabs and needs Hugo_Symbol, Variant_Classification, "
        what += "Tumor_Sample_Barcode and HGVSp_Short or HGVSp"
        raise DataError(
            [
                Problem(file, max(number, 1), name, None,
                        f"column is missing{also.get(name, '')}{hint(name, header)}; {what}")
                for name in wanted
            ]
        )  # fmt: skip
    places = {name: header.index(name) for name in (GENE, CLASS, SAMPLE)}
    return places | {"change": header.index(change)}


def _alteration(gene: str, variant_class: str, change: str) -> Alteration | None:
    if variant_class not in CLASSES:
        message = f"unknown class of variant {quoted(variant_class)}{hint(variant_class, CLASSES)}"
        message += f"; allowed: {', '.join(CLASSES)}"
        raise DataError([Problem("", None, CLASS, variant_class, message)])
    meaning = CLASSES[variant_class]
    if meaning is None:
        return None
    written = change.rpartition(":")[2].strip()
    try:
        return alteration(f"{gene} {meaning if written in _NOT_GIVEN else written}")
    except DataError as error:
        messages = [problem.message for problem in error.problems]
        columns = f"{GENE}, {CHANGES[0]}"
        raise DataError(
            [Problem("", None, columns, f"{gene} {written}", text) for text in messages]
        ) from error
