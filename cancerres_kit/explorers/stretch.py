"""Keep a figure as wide as the page lets it be.

One decision: Plotly draws its widget before the page holds it, at a width of its own choice, and
looks again only when the window changes. This invisible neighbour tells it when to look again.
"""

from __future__ import annotations

from typing import Any

import anywidget

LOOK_AGAIN = """
function render({ el }) {
  const look = () => requestAnimationFrame(() => window.dispatchEvent(new Event("resize")));
  const observer = new ResizeObserver(look);
  observer.observe(el);
  document.addEventListener("plotlywidget-after-render", look);
  return () => {
    observer.disconnect();
    document.removeEventListener("plotlywidget-after-render", look);
  };
}
export default { render };
"""


class Stretch(anywidget.AnyWidget):
    """A line without height beside a figure that has to follow its width."""

    _esm = LOOK_AGAIN


def stretched(figure: Any) -> Stretch:
    """Have a figure follow the width of its surroundings.

    Parameters
    ----------
    figure : plotly.graph_objects.FigureWidget
        Changed.

    Returns
    -------
    Stretch
        To be placed in the same box as the figure.
    """
    figure.layout.autosize = True
    figure._config = {**figure._config, "responsive": True}
    return Stretch()
