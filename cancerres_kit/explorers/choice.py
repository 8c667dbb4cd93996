"""A list to choose one thing from: real names, how much stands behind each, and errors that help.

One decision: the first option lets everything pass, and its value is the empty text. A widget takes
None for "nothing is selected" and would show an empty field; here None means that first option.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ipywidgets
import pandas as pd
from traitlets import Any as AnyTrait
from traitlets import validate

from cancerres_kit import display, schema

EVERYTHING = ""
INDENT = "\N{EM SPACE}"  # a list cuts ordinary spaces at the beginning of an option


class _Answer(AnyTrait):
    """A trait that hands None to its validator instead of taking it."""

    allow_none = False


class Choice(ipywidgets.Dropdown):  # type: ignore[misc]  # ipywidgets has no types
    """A list to choose one value from, which says what is allowed when code sets another.

    Parameters
    ----------
    label : str
        What is chosen, as a person reads it.
    options : sequence of (str, str)
        Label and value of each option, the one that lets everything pass first.
    what : str
        Kind of value in the singular, for messages: ``"mechanism"``.
    where : str
        Where all values stand: ``"atlas.mechanisms"``.
    value : str, optional
        The value to begin with; the first option if left out.
    tooltip : str
        What choosing does.

    Attributes
    ----------
    home : str
        The value that everything passes; a reset goes back to it.

    Raises
    ------
    DataError
        If there is no such value: here, and whenever ``.value`` is set.
    """

    value = _Answer(EVERYTHING, help="Id of what is chosen; the home value if set to None")

    def __init__(
        self,
        label: str,
        options: Sequence[tuple[str, str]],
        *,
        what: str,
        where: str,
        value: str | None = None,
        tooltip: str = "",
    ) -> None:
        self.what, self.where, self.home = what, where, options[0][1]
        # A widget with a label shows its tooltip nowhere, so the label carries it.
        hint = f'<span title="{display.escape(tooltip)}">{display.escape(label)}</span>'
        super().__init__(
            options=list(options),
            description=hint,
            description_allow_html=True,
            tooltip=tooltip,
            style={"description_width": "9.5rem"},
            layout={"width": "100%", "margin": "0"},
        )
        self.value = value

    @validate("value")
    def _validate_value(self, proposal: Any) -> Any:
        """Take None as the first option, and refuse what is no option."""
        values = list(self._options_values)
        if proposal.value is None:
            return values[0]
        if proposal.value not in values:
            allowed = [value for value in values if value]
            raise schema.unknown(proposal.value, allowed, what=self.what, where=self.where)
        return proposal.value


def tree_options(
    table: pd.DataFrame, *, everything: str, counts: Mapping[str, int], noun: str
) -> list[tuple[str, str]]:
    """Make the options of a table that is a tree: parents before children, children indented.

    Parameters
    ----------
    table : pandas.DataFrame
        A table of the atlas with its key as first column, ``parent_id`` and ``name``.
    everything : str
        Label of the first option: ``"All mechanisms"``.
    counts : mapping of str to int
        How many rows stand behind an id and all below it; an id without any is marked.
    noun : str
        What is counted, in the singular: ``"claim"``.

    Returns
    -------
    list of (str, str)
        Label and id.
    """
    options = [(everything, EVERYTHING)]
    for depth, key, name in _walk(table):
        n = counts.get(key, 0)
        behind = display.count(n, noun) if n else "not curated yet"
        options.append((f"{INDENT * depth}{name} ({behind})", key))
    return options


def _walk(table: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    """Yield depth, id and name of each node, siblings in the order of their names."""
    rows = table.assign(parent_id=table["parent_id"].fillna("")).sort_values("name")
    below = {
        parent: list(zip(group.iloc[:, 0], group["name"], strict=True))
        for parent, group in rows.groupby("parent_id", sort=False)
    }
    waiting = [(0, *node) for node in reversed(below.get("", []))]
    while waiting:
        depth, key, name = waiting.pop()
        yield depth, str(key), str(name)
        waiting += [(depth + 1, *node) for node in reversed(below.get(key, []))]
