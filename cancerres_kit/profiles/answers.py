"""Write the pairs of tumours and expressions out as a tidy frame.

One decision: text is kept as categories, and tuples are shared and not copied, so that the answer
for a cohort stays small although every row says all there is to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from cancerres_kit import schema
from cancerres_kit.alterations import GRADES
from cancerres_kit.profiles.evaluation import NONE, UNTOLD, Numbers
from cancerres_kit.profiles.grouping import PREDICTIONS, TUPLES
from cancerres_kit.profiles.index import BOTH, Index
from cancerres_kit.profiles.joining import Found, Pairs, expanded, unused
from cancerres_kit.profiles.relations import RELATIONS

COLUMNS = (
    "profile", "alterations", "therapies", "prediction", "note", "is_contradicted",
    "alteration_match", "is_covered",
    "cancer_type_match", "molecular_profile", "assumes_absent", "cancer_type", "cancer_type_id",
    "level", "level_against", "interaction", "mechanisms", "strategies", "references",
    "is_flagged", *TUPLES,
)  # fmt: skip


def answer_of(index: Index, found: Found, pairs: list[Pairs], types: list[str]) -> pd.DataFrame:
    """Join pairs of tumours and expressions with the statements on these expressions."""
    named = [str(alteration) for alteration in found.distinct]
    texts = {text: at for at, text in enumerate(named)}
    text = [_texts(one, found, texts) for one in pairs]
    bare = unused(found, pairs)
    empty = np.zeros(0, dtype=np.intp)
    origin, at = expanded(index.first, np.concatenate([empty, *(one.expression for one in pairs)]))
    last = len(index.statements) - 1
    tumour = np.concatenate([empty, *(one.tumour for one in pairs)])[origin]
    scores = np.concatenate([empty, *(one.score for one in pairs)])[origin]
    joined = {
        "tumour": np.concatenate([tumour, found.tumour[bare]]),
        "text": np.concatenate([np.concatenate([empty, *text])[origin], found.code[bare]]),
        "score": np.concatenate([scores, np.full(len(bare), NONE)]),
        "statement": np.concatenate([index.members[at], np.full(len(bare), last)]),
    }
    return _frame(index, joined, list(texts), types)


def _texts(pairs: Pairs, found: Found, texts: dict[str, int]) -> Numbers:
    """Name the alterations that each pair rests on; -1 where it rests on absence alone."""
    codes = [np.where(at >= 0, found.code[at], -1) for at in pairs.entries]
    if not pairs.is_composite:
        return codes[0]
    written: dict[tuple[int, ...], int] = {}
    lines = list(zip(*(code.tolist() for code in codes), strict=True))
    for line in lines:
        if line not in written:
            names = sorted({str(found.distinct[code]) for code in line if code >= 0})
            text = " AND ".join(names)
            written[line] = texts.setdefault(text, len(texts)) if text else -1
    return np.array([written[line] for line in lines], dtype=np.intp)


def _frame(
    index: Index, joined: dict[str, Numbers], texts: list[str], types: list[str]
) -> pd.DataFrame:
    """Order the rows and write them out."""
    kinds = {kind: at for at, kind in enumerate(dict.fromkeys(types))}
    kind = np.array([kinds[one] for one in types], dtype=np.intp)
    related = np.array([index.relations(one) for one in kinds], dtype=np.int8)
    related = related.reshape(-1, len(index.statements))
    relation = related[kind[joined["tumour"]], joined["statement"]]
    order = _order(index, joined, relation)
    tumour, text, score, statement = (joined[name][order] for name in joined)
    relation, curated = relation[order], score < NONE
    taken = index.statements.take(statement)
    columns: dict[str, Any] = {str(name): cells for name, cells in taken.items()}
    columns["profile"] = tumour + 1
    columns["alterations"] = pd.Categorical.from_codes(text, categories=_index(texts))
    grade = np.where(curated, score % UNTOLD, -1)
    columns["alteration_match"] = _ordered(grade, GRADES)
    is_told = curated & (score // UNTOLD != 1)
    columns["is_covered"] = pd.arrays.BooleanArray(score < UNTOLD, ~is_told)
    columns["cancer_type_match"] = _ordered(relation, RELATIONS)
    fits = (score < UNTOLD) & (relation >= 0) & (relation <= RELATIONS.index("curated parent"))
    columns["is_contradicted"] = _contradicted(index, tumour, text, statement, fits)
    columns["prediction"] = columns["prediction"].cat.set_categories(_index(PREDICTIONS))
    rows = {name: _values(columns[name]) for name in COLUMNS}
    return pd.DataFrame(rows, copy=False)


def _contradicted(
    index: Index, tumour: Numbers, text: Numbers, statement: Numbers, fits: Numbers
) -> Numbers:
    """Tell which rows stand beside one that fits the tumour too and predicts the opposite.

    Rows on the same alterations in the same wording are no such: they differ in the cancer type.
    """
    at = np.flatnonzero(fits & (index.said[statement] > 0) & (index.said[statement] < BOTH))
    said, chosen = index.said[statement[at]], statement[at]
    _, group = np.unique(tumour[at] * len(index.rank) + index.regimen[chosen], return_inverse=True)
    wording = (group * (text.max(initial=0) + 2) + text[at] + 1) * len(index.first)
    _, alike = np.unique(wording + index.owner[chosen], return_inverse=True)
    contradicted = np.zeros(len(tumour), dtype=bool)
    for own in (1, 2):
        opposite = said != own
        among = np.bincount(group, opposite)[group] - np.bincount(alike, opposite)[alike]
        contradicted[at[~opposite & (among > 0)]] = True
    return contradicted


def _order(index: Index, joined: dict[str, Numbers], relation: Numbers) -> Numbers:
    """Order rows by tumour, likeness, relation of the cancer types, and rank of the statement."""
    key = joined["tumour"] * (NONE + 1) + joined["score"]
    key = key * (len(RELATIONS) + 1) + relation + 1
    key = key * len(index.rank) + index.rank[joined["statement"]]
    return np.argsort(key, kind="stable")


def _values(column: Any) -> Any:
    return column.array if isinstance(column, pd.Series) else column


def _ordered(codes: Numbers, names: Sequence[str]) -> pd.Categorical:
    dtype = pd.CategoricalDtype(_index(names), ordered=True)
    return pd.Categorical.from_codes(codes, dtype=dtype)


def _index(names: Sequence[str]) -> Any:
    return pd.Index(np.array(names, dtype=object), dtype=schema.TEXT)
