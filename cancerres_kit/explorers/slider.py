"""A slider for a number of a model: unit on the label, powers of ten where the number needs them.

One decision: a value out of range is refused when code sets it, never moved silently to the edge;
the range of a slider lies within what the equations allow.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import ipywidgets
from traitlets import validate

from cancerres_kit import display
from cancerres_kit.schema.problems import DataError, quoted

if TYPE_CHECKING:
    from cancerres_kit.models import Parameter

STEPS = 100  # of a linear slider
STEPS_A_DECADE = 20
ROUNDING = 1e-9
REMEMBERED = 8  # values set by code that a page may still answer
LAYOUT = {"width": "100%", "margin": "0"}
STYLE = {"description_width": "15rem"}


class _Checked:
    """Refuses what lies outside the slider; mixed into the sliders of ipywidgets."""

    name: str
    home: float
    ends: tuple[float, float]
    unit: str
    _is_page: bool = False
    _by_code: tuple[float, ...] = ()

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the page sends, except a value of code's that it has only moved to a step.

        A page answers every value between two steps with the nearest step. Taken as a choice, that
        answer would change what code has set, or even come after the next value.
        """
        sent = sync_data.get("value")
        echoed = [
            value for value in self._by_code if sent is not None and self._is_near(value, sent)
        ]
        if echoed:
            self._by_code = tuple(value for value in self._by_code if value != echoed[0])
            sync_data = {key: one for key, one in sync_data.items() if key != "value"}
        elif sent is not None:
            self._by_code = ()
        self._is_page = True
        try:
            super().set_state(sync_data)  # type: ignore[misc]
        finally:
            self._is_page = False

    def _is_near(self, value: float, sent: float) -> bool:
        """Whether a step is the nearest one to a value."""
        apart = abs(self._place(value) - self._place(sent))
        return bool(apart <= 0.5 * self.step * (1 + ROUNDING) + ROUNDING)  # type: ignore[attr-defined]

    def _place(self, value: float) -> float:
        """Where a value stands on the slider, in its steps' unit."""
        return value

    @validate("value")
    def _validate_value(self, proposal: Any) -> Any:
        """Take a number within the ends, or None for the home value."""
        value, (low, high) = proposal["value"], self.ends
        low_edge, high_edge = low - ROUNDING * abs(low), high + ROUNDING * abs(high)
        if not isinstance(value, int | float) or not low_edge <= value <= high_edge:
            unit = f" {self.unit}" if self.unit else ""
            allowed = f"{low:.6g} to {high:.6g}{unit}"
            remedy = f"{self.home:.6g}{unit} is where it starts"
            raise DataError(
                f"{self.name} is {quoted(value)}; this slider takes {allowed}; {remedy}"
            )
        if not self._is_page:
            self._by_code = (*self._by_code, value)[-REMEMBERED:]
        return value


class LinearSlider(_Checked, ipywidgets.FloatSlider):  # type: ignore[misc]
    """A slider in even steps."""


class LogSlider(_Checked, ipywidgets.FloatLogSlider):  # type: ignore[misc]
    """A slider in powers of ten."""

    def _place(self, value: float) -> float:
        """Where a value stands, as a power of ten."""
        return math.log10(value)


class WholeSlider(_Checked, ipywidgets.IntSlider):  # type: ignore[misc]
    """A slider over whole numbers."""


def slider(
    parameter: Parameter,
    *,
    low: float | None = None,
    high: float | None = None,
    home: float | None = None,
    value: float | None = None,
    label: str = "",
    tooltip: str = "",
) -> Any:
    """Make the slider of a parameter.

    Parameters
    ----------
    parameter : Parameter
        What it sets; gives label, unit, scale and, if nothing else is said, range and value.
    low, high : float, optional
        Ends [unit of the parameter]; within the range of the parameter. A slider in powers of ten
        needs a low end above zero.
    home : float, optional
        Where it starts [unit]; the parameter's value if left out. A reset goes back to it, in a
        laboratory to the value that the explorer was built with.
    value : float, optional
        The value to begin with, if it is not `home` [unit].
    label : str
        Words for people; the parameter's if left out.
    tooltip : str
        What moving it does; the parameter's source if left out.

    Returns
    -------
    ipywidgets.Widget
        With ``home``, ``ends``, ``unit`` and ``name`` as attributes.

    Raises
    ------
    DataError
        If an end lies outside the parameter's range, or a value outside the ends; here, and
        whenever ``.value`` is set.
    """
    ends = (parameter.low if low is None else low, parameter.high if high is None else high)
    for end in ends:
        parameter.checked(end)
    if parameter.scale == "log" and ends[0] <= 0:
        raise DataError(
            f"the slider of {parameter.name} moves in powers of ten, so its low end cannot be "
            f"{ends[0]:.6g}; give a low end above 0 and below {ends[1]:.6g}"
        )
    start = float(parameter.value if home is None else home)
    words = f"{label or parameter.label}{f' ({parameter.unit})' if parameter.unit else ''}"
    hint = display.escape(tooltip or parameter.source.text)
    made = _made(
        parameter.scale,
        ends,
        start,
        description=f'<span title="{hint}">{display.escape(words)}</span>',
        description_allow_html=True,
        style=STYLE,
        layout=LAYOUT,
    )
    made.name, made.unit = parameter.name, parameter.unit
    if value is not None:
        made.value = value
    return made


def _made(scale: str, ends: tuple[float, float], home: float, **look: Any) -> Any:
    """Make the widget for a scale; its attributes are there before its first value is checked."""
    low, high = ends
    if scale == "log":
        kind: Any = LogSlider
        edges = math.log10(low), math.log10(high)
        step = _through(1 / STEPS_A_DECADE, math.log10(home) - edges[0])
        span = {"min": edges[0], "max": edges[1], "step": step}
        look |= {"readout_format": ".2g"}
    elif scale == "integer":
        kind, span, home = WholeSlider, {"min": int(low), "max": int(high), "step": 1}, int(home)
    else:
        kind = LinearSlider
        span = {"min": low, "max": high, "step": _through(_step(low, high), home - low)}
        look |= {"readout_format": ".3g"}
    made = kind.__new__(kind)
    made.name, made.unit, made.ends, made.home = "", "", ends, home
    made.__init__(value=home, **span, **look)
    return made


def _step(low: float, high: float) -> float:
    """Choose an even step of 1, 2 or 5 times a power of ten."""
    rough = (high - low) / STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))


def _through(step: float, way: float) -> float:
    """Shorten a step so that whole steps lead to the home value, which a page would move else."""
    return way / math.ceil(way / step - ROUNDING) if way > 0 else step
