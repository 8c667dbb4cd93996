"""What an explorer has to tell the page around it, which no widget of Jupyter says.

One decision: two faults of the surroundings are put right by one invisible widget, in public terms.
Plotly draws its widget before the page holds it, at a width of its own choice, and looks again only
when the window changes. JupyterLab takes arrows and letters typed in a list for its own shortcuts.
"""

from __future__ import annotations

from typing import Any

import anywidget

SCRIPT = """
function render({ el }) {
  const keepKeys = ({ target }) => target.setAttribute("data-lm-suppress-shortcuts", "true");
  const placed = new WeakSet();
  const fit = (plot) => {
    const lacks = plot.clientWidth - (plot.querySelector(".main-svg")?.clientWidth ?? 0);
    if (plot.clientWidth === 0 || (placed.has(plot) && Math.abs(lacks) <= 1)) return;
    placed.add(plot);
    delete plot.layout.width;  // whoever changes the height of a plot fixes its width
    window.dispatchEvent(new Event("resize"));
  };
  const observer = new ResizeObserver((entries) => {
    el.parentElement?.addEventListener("focusin", keepKeys);
    entries.filter(({ target }) => target !== el).forEach(({ target }) => fit(target));
  });
  const watch = ({ detail: { element } }) => {
    for (const name of ["afterplot", "relayout", "update"]) {
      element.on(`plotly_${name}`, () => fit(element));
    }
    observer.observe(element);
  };
  observer.observe(el);
  document.addEventListener("plotlywidget-after-render", watch);
  return () => {
    observer.disconnect();
    document.removeEventListener("plotlywidget-after-render", watch);
  };
}
export default { render };
"""


class PageSide(anywidget.AnyWidget):
    """A line without height: keeps figures as wide as the page, and keys with the explorer."""

    _esm = SCRIPT


def at_home(figure: Any) -> PageSide:
    """Have a figure follow the width of the box that it stands in, and keep the box's keys in it.

    Parameters
    ----------
    figure : plotly.graph_objects.FigureWidget
        Changed.

    Returns
    -------
    PageSide
        To be placed directly in the same box as the figure.
    """
    figure._config = {**figure._config, "responsive": True}
    return PageSide()
