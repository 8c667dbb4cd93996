"""A diary of doses: buttons that give the next month's dose, and a field that holds all of them.

One decision: the doses so far are the value, as text such as ``"1, 0, 0.5"``. Whatever the buttons
do can be typed, set from code, undone and repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets
from traitlets import Any as AnyTrait
from traitlets import validate

from cancerres_kit import display
from cancerres_kit.schema.problems import DataError, quoted

BUTTONS = {"Full dose": 1.0, "Half dose": 0.5, "No drug": 0.0}
OVER = "The run is over: undo a month, or restart."


class _Answer(AnyTrait):
    """A trait that hands None to its validator instead of taking it."""

    allow_none = False


class Diary(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Doses of a virtual patient, month by month; all of it can be reached by keyboard.

    Parameters
    ----------
    label : str
        What stands in the field, as a person reads it.
    most : int
        How many doses there can be.

    Attributes
    ----------
    value : str
        The doses so far, from 0 (none) to 1 (full): ``"1, 0, 0.5"``; empty before the first.
    home : str
        No dose.
    is_over : bool
        Whether further doses from the buttons are refused.

    Raises
    ------
    DataError
        If ``.value`` is set to anything but doses.
    """

    value = _Answer("", help="Doses so far; none if set to None")
    home = ""

    def __init__(self, label: str, *, most: int) -> None:
        self.most, self.is_over = most, False
        hint = "Doses by month from 0 to 1, separated by commas; change them and press Enter"
        self._field = ipywidgets.Text(
            description=f'<span title="{hint}">{display.escape(label)}</span>',
            description_allow_html=True,
            placeholder="for instance 1, 0.5, 0",
            continuous_update=False,
            style={"description_width": "9.5rem"},
            layout={"width": "100%", "margin": "0"},
        )
        self._note = ipywidgets.HTML()
        buttons = [self._button(words, dose) for words, dose in BUTTONS.items()]
        buttons += [self._way_back("Undo", "undo", -1), self._way_back("Restart", "refresh", 0)]
        row = ipywidgets.HBox(buttons, layout={"flex_flow": "row wrap"})
        super().__init__([row, self._field, self._note])
        self._field.observe(self._on_typed, names="value")
        self.observe(self._on_value, names="value")

    @property
    def doses(self) -> tuple[float, ...]:
        """The doses so far [full doses]."""
        return numbers(self.value)

    def give(self, *doses: float) -> None:
        """Give doses, one a month, after those so far.

        Parameters
        ----------
        *doses : float
            From 0 to 1 [full doses].

        Raises
        ------
        DataError
            For anything else, or for more months than there are.
        """
        self.value = text((*self.doses, *doses))

    @validate("value")
    def _validate_value(self, proposal: Any) -> Any:
        """Take doses as text in one spelling, and refuse everything else."""
        given = proposal["value"]
        found = _read(given)
        if found is None or any(not 0 <= dose <= 1 for dose in found) or len(found) > self.most:
            raise DataError(
                f"doses are {quoted(given)}; allowed: up to {self.most} numbers from 0 (none) to 1 "
                "(full dose), separated by commas, one a month; try '1, 0.5, 0'"
            )
        return text(found)

    def _button(self, words: str, dose: float) -> Any:
        """Make a button that gives a dose."""
        made = ipywidgets.Button(
            description=words,
            tooltip=f"Give the next month's dose: {words.lower()} ({dose:g} of the full dose)",
            layout={"width": "6.4rem"},
        )
        made.on_click(lambda _button: self._press((*self.doses, dose), can_end=True))
        return made

    def _way_back(self, words: str, icon: str, kept: int) -> Any:
        """Make a button that takes doses back."""
        does = "Take the last month back" if kept else "Begin again with the same virtual patient"
        layout = {"width": "6.4rem"}
        made = ipywidgets.Button(description=words, icon=icon, tooltip=does, layout=layout)
        made.on_click(lambda _button: self._press(self.doses[:kept]))
        return made

    def _press(self, doses: Sequence[float], *, can_end: bool = False) -> None:
        """Do what a button says, unless the run is over."""
        if can_end and (self.is_over or len(doses) > self.most):
            self._say(OVER)
        else:
            self.value = text(doses)

    def _on_typed(self, change: Any) -> None:
        """Take what was typed, or say what can be."""
        try:
            self.value = change["new"]
        except DataError as problem:
            self._say(str(problem))
        self._field.value = self.value

    def _on_value(self, change: Any) -> None:
        """Show the doses in the field."""
        self._field.value = change["new"]
        self._say("")

    def _say(self, sentence: str) -> None:
        """Write beside the buttons; a screen reader reads it."""
        self._note.value = f'<p role="status">{display.escape(sentence)}</p>' if sentence else ""


def numbers(value: str) -> tuple[float, ...]:
    """Return doses as numbers.

    Parameters
    ----------
    value : str
        As in ``Diary.value``.

    Returns
    -------
    tuple of float
    """
    return tuple(float(part) for part in value.split(",") if part)


def text(doses: Sequence[float]) -> str:
    """Return doses as text.

    Parameters
    ----------
    doses : sequence of float
        Full doses.

    Returns
    -------
    str
        As in ``Diary.value``.
    """
    return ", ".join(f"{dose:g}" for dose in doses)


def _read(value: object) -> tuple[float, ...] | None:
    """Return what may be doses as numbers; None if it is something else."""
    if value is None:
        return ()
    try:
        return numbers(",".join(str(value).replace(",", " ").split()))
    except ValueError:
        return None
