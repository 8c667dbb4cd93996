"""Match profiles with the evidence.

One decision: a row of the answer is one statement of the evidence on one tumour. What the tumour
has is looked up by gene and joined as columns of numbers, so that a cohort costs little more than
the rows of its answer; `benchmarks/plain_match.py` does the same row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from cancerres_kit.display import NOTICE
from cancerres_kit.profiles.answers import answer_of
from cancerres_kit.profiles.index import Index, genes_of, index_of
from cancerres_kit.profiles.joining import composites, hits_of, incidence, second_choices, singles
from cancerres_kit.profiles.nearness import near_gene
from cancerres_kit.profiles.profile import Profile
from cancerres_kit.schema.problems import DataError, Problem

if TYPE_CHECKING:
    from cancerres_kit.atlas import Atlas


MOST_GENES = 20


def match(atlas: Atlas, profile: Profile, *, other_genes: bool = False) -> pd.DataFrame:
    """Match one tumour with the evidence.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    profile : Profile
        The tumour.
    other_genes : bool
        Whether to accept genes that the atlas does not list; without, they are taken for
        mistakes.

    Returns
    -------
    DataFrame
        What `match_many` returns, without the column profile.

    Raises
    ------
    DataError
        For an unknown cancer type or gene.
    """
    answer = match_many(atlas, [profile], other_genes=other_genes)
    del answer["profile"]
    return answer


def match_many(
    atlas: Atlas, profiles: Sequence[Profile], *, other_genes: bool = False
) -> pd.DataFrame:
    """Match the tumours of a cohort with the evidence.

    Parameters
    ----------
    atlas : Atlas
        The tables.
    profiles : sequence of Profile
        The tumours.
    other_genes : bool
        Whether to accept genes that the atlas does not list; without, they are taken for
        mistakes.

    Returns
    -------
    DataFrame
        One row per tumour, alterations and statement of the evidence (one molecular profile, one
        cancer type, one treatment), closest first, and one row for each alteration without:
        profile (counted from 1), alterations (of the tumour, on which the row rests), therapies
        (``A + B`` given together, ``A or B`` one for the other, ``A and B in sequence``, ``A; B``
        where that is not given), prediction (`PREDICTIONS`), note (``no curated evidence``,
        ``the sources disagree``, ``studied, and not supported``), is_contradicted (whether another
        row that fits this tumour, on another alteration or in another wording, predicts the
        opposite of the same treatment, as T790M does of L858R; rows that are conflicting themselves
        neither are contradicted nor contradict), alteration_match (`GRADES`), is_covered (whether
        the wording of the evidence includes the alterations; missing where the wordings do not
        tell, as of E746_A750del and ``Exon 19 Deletion``, and where nothing is curated),
        cancer_type_match (`RELATIONS`), molecular_profile (of the evidence), assumes_absent (what
        the evidence wants absent), cancer_type and cancer_type_id (of the evidence), level and
        level_against (best of each side), interaction, mechanisms, strategies (with scope),
        references, is_flagged, and tuples of ids: therapy_ids, evidence_for and evidence_against
        the prediction (where it is conflicting: for resistance and against it), mechanism_ids,
        strategy_ids, countermeasure_ids, reference_ids. ``attrs["notice"]`` is the notice to show
        with it; ``attrs["not_understood"]`` lists molecular profiles of the evidence that could not
        be read and so match nothing; ``attrs["skipped"]`` counts by reason the lines that
        `read_maf` left out.

    Raises
    ------
    DataError
        For unknown cancer types or genes; lists all of them.
    """
    index = index_of(atlas)
    types = _checked(index, profiles, other_genes=other_genes)
    found = incidence(profiles)
    hits = hits_of(index, found)
    pairs = [*singles(index, found, hits), *composites(index, found, hits)]
    pairs += second_choices(index, found, hits, pairs)
    answer = answer_of(index, found, pairs, types)
    answer.attrs["notice"] = NOTICE
    answer.attrs["not_understood"] = tuple(index.not_understood)
    answer.attrs["skipped"] = dict(getattr(profiles, "skipped", {}))
    return answer


def _checked(index: Index, profiles: Sequence[Profile], *, other_genes: bool) -> list[str]:
    """Return the cancer type of each tumour; collect what is unknown."""
    if isinstance(profiles, Profile):
        raise DataError("profiles is a list: write [profile], or use match for a single one")
    problems: dict[Problem, None] = {}
    resolved: dict[str, str] = {}
    for given in dict.fromkeys(profile.cancer_type for profile in profiles):
        try:
            resolved[given] = index.cancer_types.resolved(given)
        except DataError as error:
            problems.update(dict.fromkeys(error.problems))
    genes = dict.fromkeys(
        gene for profile in profiles for one in profile.alterations for gene in genes_of(one)
    )
    unknown = [] if other_genes else [gene for gene in genes if gene not in index.symbols]
    for gene in unknown[:MOST_GENES]:
        problems[Problem("", None, None, gene, _unknown_gene(gene, index.symbols))] = None
    if len(unknown) > MOST_GENES:
        message = f"{len(unknown)} genes are not in the atlas; the first {MOST_GENES} are listed"
        problems[Problem("", None, None, None, message)] = None
    if problems:
        raise DataError(list(problems))
    return [resolved[profile.cancer_type] for profile in profiles]


def _unknown_gene(gene: str, symbols: set[str]) -> str:
    return (
        f"gene {gene!r} is not in the atlas{near_gene(gene, symbols)}; give the approved symbol "
        "(no alias), or pass other_genes=True (in a report --set other_genes=yes) if it is one and "
        "the atlas has nothing on it"
    )
