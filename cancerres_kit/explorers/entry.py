"""A line to type several things into, separated by commas.

One decision: it takes any text. What is wrong with it is said by whoever reads it, because an error
raised here would be seen only by code and never by the person who typed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ipywidgets
from traitlets import Unicode

from cancerres_kit import display
from cancerres_kit.schema.problems import DataError, quoted


class _Listed(Unicode[str, Any]):
    """A text that may also be set to a list of texts, or to None for nothing."""

    def validate(self, _owner: Any, value: Any) -> str:
        """Write a list as a person would type it."""
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if not isinstance(value, Iterable):
            given = quoted(value)
            raise DataError(
                f"{given} is no text; give texts separated by commas, or a list of them"
            )
        return ", ".join(str(one) for one in value)


class Entry(ipywidgets.Text):  # type: ignore[misc]  # ipywidgets has no types
    """A line of text that counts once Enter is pressed or the line is left.

    Parameters
    ----------
    label : str
        What is typed, as a person reads it.
    value : str or iterable of str, optional
        The text to begin with, or what it lists; empty if left out.
    placeholder : str
        What stands there in grey as an example.
    tooltip : str
        What typing does.

    Attributes
    ----------
    home : str
        The empty text; a reset goes back to it.

    Raises
    ------
    DataError
        If the value is neither: here, and whenever ``.value`` is set.
    """

    value = _Listed("", help="What is typed").tag(sync=True)

    def __init__(
        self,
        label: str,
        *,
        value: str | Iterable[object] | None = None,
        placeholder: str,
        tooltip: str,
    ) -> None:
        self.home = ""
        # A widget with a label shows its tooltip nowhere, so the label carries it.
        hint = f'<span title="{display.escape(tooltip)}">{display.escape(label)}</span>'
        super().__init__(
            value=value,
            description=hint,
            description_allow_html=True,
            placeholder=placeholder,
            tooltip=tooltip,
            continuous_update=False,
            style={"description_width": "9.5rem"},
            layout={"width": "100%", "margin": "0"},
        )
