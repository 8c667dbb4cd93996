"""What the resistance map says in words: its title, subtitle, key and text alternative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cancerres_kit import theme
from cancerres_kit.figures import words
from cancerres_kit.figures.ordering import Node

Row = Mapping[str, Any]
KINDS = {
    "cancer_type": "cancer types",
    "therapy": "therapies",
    "mechanism": "mechanisms",
    "strategy": "strategies",
}
"""Kinds of nodes from left to right, in the plural."""
PHRASES = {
    "overcomes": "is overcome by (full arrow)",
    "motivates": "speaks for (dashed arrow)",
}
"""What an arrow from a mechanism to a strategy says."""


def title(rows: Sequence[Row], names: Mapping[Node, str]) -> str:
    """The finding: which strategy is tied to most mechanisms."""
    ends = [node for row in rows for node in (row["source"], row["target"])]
    mechanisms = list(dict.fromkeys(node for node in ends if node[0] == "mechanism"))
    answered = {
        strategy: len({row["source"] for row in rows if row["target"] == strategy})
        for strategy in dict.fromkeys(node for node in ends if node[0] == "strategy")
    }
    if not answered:
        return _unanswered([names[node] for node in mechanisms])
    if len(mechanisms) == 1:
        return _for_one(names[mechanisms[0]], [names[node] for node in answered])
    most = max(answered.values())
    leaders = sorted(names[node] for node, n in answered.items() if n == most)
    return _leading(leaders, most, len(mechanisms), only=len(answered) == 1)


def _leading(leaders: Sequence[str], most: int, mechanisms: int, *, only: bool) -> str:
    """The finding about the strategies tied to most of several mechanisms."""
    of_all = f"{'all' if most == mechanisms else f'{most} of'} {mechanisms} mechanisms"
    if only:
        return f"{leaders[0]} is the only strategy tied to mechanisms: {of_all}"
    if len(leaders) == 1:
        return f"{leaders[0]} is tied to the most mechanisms: {most} of {mechanisms}"
    number = words.sentence(words.numeral(len(leaders)))
    if most == 1:
        return f"{number} strategies are proposed, each for one of {mechanisms} mechanisms"
    if len(leaders) > 2:
        return f"{number} strategies are tied to the most mechanisms: {most} of {mechanisms} each"
    return f"Tied to the most mechanisms, {most} of {mechanisms} each: {'; '.join(leaders)}"


def _unanswered(mechanisms: Sequence[str]) -> str:
    """The finding where no strategy is tied to any mechanism."""
    if len(mechanisms) == 1:
        return f"{mechanisms[0]}: no strategy is curated"
    return f"No strategy is curated for any of these {len(mechanisms)} mechanisms"


def _for_one(mechanism: str, strategies: Sequence[str]) -> str:
    """The finding about a single mechanism."""
    if len(strategies) == 1:
        return f"{mechanism}: one strategy is proposed, {strategies[0]}"
    return f"{mechanism}: {words.numeral(len(strategies))} strategies are proposed"


def subtitle(rows: Sequence[Row]) -> str:
    """What is shown, and how firmly it stands."""
    kinds = {node[0] for row in rows for node in (row["source"], row["target"])}
    path = " to ".join(theme.word(kind) for kind in KINDS if kind in kinds)
    noun = words.support_noun(rows)
    return f"{words.sentence(path)}; width = number of {noun}s. {_basis(rows)}."


def _basis(rows: Sequence[Row]) -> str:
    """How many arrows rest on a confirmed reference, or on one that the curators added."""
    confirmed, added = (
        sum(row["basis"] == basis for row in rows) for basis in ("confirmed", "not_from_review")
    )
    if len(rows) == 1 and added:
        return "The arrow rests on a reference that the curators added"
    if len(rows) == 1:
        return f"The arrow {'rests' if confirmed else 'does not rest'} on a confirmed reference"
    if confirmed < 2:
        start = words.sentence("one" if confirmed else "none")
        text = f"{start} of {len(rows)} arrows rests on a confirmed reference"
    else:
        text = f"{confirmed} of {len(rows)} arrows rest on a confirmed reference"
    return text + (f", {added} on one that the curators added" if added else "")


def description(
    rows: Sequence[Row], names: Mapping[Node, str], columns: Sequence[Sequence[Node]]
) -> str:
    """The whole map in sentences, column by column."""
    parts = [f"Flow map. {title(rows, names)}. {subtitle(rows)}"]
    for column in columns:
        kind = words.listing([theme.word(k) for k in KINDS if k in {node[0] for node in column}])
        listed = words.listing([names[node] for node in column])
        parts.append(f"Column of {words.count(len(column), kind, KINDS[column[0][0]])}: {listed}.")
    nodes = [node for column in columns for node in column]
    for source in nodes:
        for relation in sorted({row["relation"] for row in rows if row["source"] == source}):
            found = [row for row in rows if (row["source"], row["relation"]) == (source, relation)]
            found.sort(key=lambda row: nodes.index(row["target"]))
            listed = words.listing([_arrow(row, names) for row in found])
            parts.append(f"{names[source]} {verb(relation, source)} {listed}.")
    return " ".join(parts)


def _arrow(row: Row, names: Mapping[Node, str]) -> str:
    """The end of an arrow with its number of claims and its basis."""
    return f"{names[row['target']]} ({words.tallied(row)}; {theme.word(str(row['basis']))})"


def verb(relation: str, source: Node) -> str:
    """What an arrow says, in words."""
    if source[0] == "cancer_type":
        return theme.word("resists")
    if source[0] == "therapy":
        return "is resisted through"
    return PHRASES.get(relation, relation.replace("_", " "))
