"""Keep a figure as wide as the page lets it be.

One decision: Plotly draws its widget before the page holds it, at a width of its own choice, and
looks again only when the window changes. This invisible neighbour tells it when to look again.
"""

from __future__ import annotations

from typing import Any

import anywidget

LOOK_AGAIN = """
function render({ el }) {
  const widths = new WeakMap();
  const observer = new ResizeObserver((entries) => {
    const changed = entries.filter(({ target, contentRect: { width } }) => {
      const isNew = width > 0 && widths.get(target) !== width;
      widths.set(target, width);
      return isNew;
    });
    if (changed.length) requestAnimationFrame(() => window.dispatchEvent(new Event("resize")));
  });
  const watch = (event) => observer.observe(event.detail.element);
  observer.observe(el);
  document.addEventListener("plotlywidget-after-render", watch);
  return () => {
    observer.disconnect();
    document.removeEventListener("plotlywidget-after-render", watch);
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
