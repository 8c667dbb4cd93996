"""What every explorer is: controls, one figure that is changed in place, and texts beside it.

One decision: an explorer is a pure function of its controls. A subclass says what is seen for given
values (`Explorer.view`); that a changed control shows exactly what a new explorer with that value
would show follows from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import ipywidgets
import plotly.graph_objects as go

from cancerres_kit import display, figures
from cancerres_kit.explorers.page_side import at_home

COLUMN = "27rem"  # the narrowest a control may be: its label beside the longest name
SIDE_BY_SIDE = f"repeat(auto-fit, minmax(min({COLUMN}, 100%), 1fr))"
SENTENCE = "margin:0.4rem 0;font-size:1rem;line-height:1.45;max-width:70rem"
SMALL = "margin:0.4rem 0;font-size:0.9rem;line-height:1.45;max-width:70rem"
REMEMBERED = 128  # views that an explorer need not compute again
KEPT = frozenset({"type", "uid", "autosize"})  # what makes the widget this widget


@dataclass(frozen=True)
class View:
    """What an explorer shows for one setting of its controls.

    Parameters
    ----------
    summary : str
        Plain sentences: what is seen.
    figure : plotly.graph_objects.Figure
        The figure, with its text alternative.
    texts : mapping of str to str
        HTML by the name of the text that it fills, in reading order; always the same names.
    """

    summary: str
    figure: go.Figure
    texts: Mapping[str, str]


class Explorer(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Base of all explorers: lays out controls, figure and texts, and redraws on a change.

    A subclass names itself in ``TITLE``, makes its controls and answers `view`. Every control and
    every text of the view becomes an attribute under its name.

    Parameters
    ----------
    controls : mapping of str to ipywidgets.ValueWidget
        Controls by the name of the value that they set. Each begins with the value it comes with;
        on `reset` it goes to the value in its attribute ``home``.

    Attributes
    ----------
    figure : plotly.graph_objects.FigureWidget
        The only figure, always the same widget.
    sentence, words : ipywidgets.HTML
        The summary; the figure in words.
    notice : ipywidgets.HTML
        What the explorer is not for.
    summary : str
        The summary as plain text.
    """

    TITLE: ClassVar[str]
    NOTICE: ClassVar[str] = display.NOTICE
    NOTICE_FIRST: ClassVar[bool] = False  # above the figure, or at the end

    def __init__(self, controls: Mapping[str, Any]) -> None:
        self._controls = dict(controls)
        self._is_held = False
        self._seen = lru_cache(maxsize=REMEMBERED)(self.view)
        view = self._now()
        self.figure = go.FigureWidget(view.figure)
        self.sentence, self.words = ipywidgets.HTML(), ipywidgets.HTML()
        self.notice = ipywidgets.HTML(paragraph(self.NOTICE, style=SMALL))
        self._texts = {name: ipywidgets.HTML() for name in view.texts}
        for name, widget in {**self._controls, **self._texts}.items():
            setattr(self, name, widget)
        self._write(view)
        super().__init__(children=self._laid_out(), layout={"padding": "0.25rem 0"})
        for control in self._controls.values():
            control.observe(self._on_change, names="value")

    def view(self, **values: Any) -> View:
        """Answer what is seen for some values of the controls; changes nothing.

        Parameters
        ----------
        **values : str or number
            Value of each control, by the control's name.

        Returns
        -------
        View
            The same for the same values, always.

        Raises
        ------
        NotImplementedError
            If a subclass does not say it.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say what is seen")

    def reset(self) -> None:
        """Set every control back to its home, and redraw once."""
        with self._held():
            for control in self._controls.values():
                control.value = control.home

    def __repr__(self) -> str:
        """Say what stands here where no widget can be shown; the same for every setting."""
        return f"{self.TITLE}: an interactive explorer. Run this cell to use it."

    def _now(self) -> View:
        """Answer the view for the controls as they are."""
        return self._seen(**{name: control.value for name, control in self._controls.items()})

    def _on_change(self, _change: Any = None) -> None:
        """Show what the controls now say, unless more of them are about to change."""
        if self._is_held:
            return
        view = self._now()
        redraw(self.figure, view.figure)
        self._write(view)

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Wait with redrawing until several controls are set."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False
            self._on_change()

    def _write(self, view: View) -> None:
        """Fill the texts."""
        self.summary = view.summary
        self.sentence.value = paragraph(view.summary, style=SENTENCE, role="status")
        self.words.value = paragraph(figures.describe(view.figure), style=SMALL)
        for name, html in view.texts.items():
            self._texts[name].value = html

    def _laid_out(self) -> list[Any]:
        """Order everything from top to bottom, as it is read and as the tab key reaches it."""
        controls = ipywidgets.GridBox(
            [*self._fields(), self._buttons()],
            layout={"grid_template_columns": SIDE_BY_SIDE, "grid_gap": "0.35rem 1.5rem"},
        )
        texts = self._texts.values()
        side = at_home(self.figure)
        above, below = ([self.notice], []) if self.NOTICE_FIRST else ([], [self.notice])
        return [controls, self.sentence, *above, self.words, self.figure, side, *texts, *below]

    def _fields(self) -> list[Any]:
        """List the controls as they stand on the page, with whatever helps to set them."""
        return list(self._controls.values())

    def _buttons(self) -> Any:
        """Make what does not change what is seen: the figure in words, and the way back."""
        spoken = ipywidgets.Checkbox(
            description="Say the figure in words",
            tooltip="Shows a text that says what the figure shows",
            indent=False,
            layout={"width": "auto"},
        )
        again = ipywidgets.Button(
            description="Reset",
            icon="undo",
            tooltip="Set every choice back and show everything",
            layout={"width": "8rem"},
        )
        self.words.layout.display = "none"
        spoken.observe(self._on_spoken, names="value")
        again.on_click(lambda _button: self.reset())
        return ipywidgets.HBox([spoken, again], layout={"justify_content": "space-between"})

    def _on_spoken(self, change: Any) -> None:
        """Show or hide the figure in words."""
        self.words.layout.display = None if change["new"] else "none"


def redraw(widget: Any, figure: go.Figure) -> None:
    """Turn the figure of a widget into another one, in place.

    Parameters
    ----------
    widget : plotly.graph_objects.FigureWidget
        Changed. Whole properties are replaced, never merged: what the new figure lacks is gone.
    figure : plotly.graph_objects.Figure
        What it has to show.
    """
    with widget.batch_update():
        if [trace.type for trace in widget.data] == [trace.type for trace in figure.data]:
            for old, new in zip(widget.data, figure.data, strict=True):
                _replace(old, new)
        else:
            widget.data = ()
            widget.add_traces(figure.data)
        _replace(widget.layout, figure.layout)
    # A page that has not drawn the figure yet misses the message, and draws what these two hold;
    # Plotly itself sets them when a figure is displayed on its own.
    widget._widget_data = [trace.to_plotly_json() for trace in widget.data]
    widget._widget_layout = widget.layout.to_plotly_json()


def _replace(old: Any, new: Any) -> None:
    """Give a trace or a layout exactly the properties of another one."""
    before, after = old.to_plotly_json(), new.to_plotly_json()
    for key in sorted({*before, *after} - KEPT):
        if not _is_same(before.get(key), after.get(key)):
            old[key] = after.get(key)


def _is_same(before: Any, after: Any) -> bool:
    """Whether a property need not be sent again; arrays always are, they compare value by value."""
    return not any(hasattr(value, "dtype") for value in (before, after)) and before == after


def paragraph(text: str, *, style: str, role: str = "") -> str:
    """One paragraph of plain text as HTML; a role of ``status`` has changes read aloud."""
    attribute = f' role="{role}"' if role else ""
    return f'<p{attribute} style="{style}">{display.escape(text)}</p>'
