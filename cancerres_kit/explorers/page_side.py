"""What an explorer has to tell the page around it, which no widget of Jupyter says.

One decision: three faults of what is around are put right by one invisible widget, in public terms.
Plotly draws its widget before the page holds it, at a width of its own choice, and looks again only
when the window changes. JupyterLab takes arrows and letters typed in a list for its own shortcuts.
A slider in powers of ten has a screen reader say the power, not the number that the page shows.
"""

from __future__ import annotations

from typing import Any

import anywidget

SCRIPT = """
function render({ el }) {
  const keepKeys = ({ target }) => target.setAttribute("data-lm-suppress-shortcuts", "true");
  const speak = (box) => {
    for (const handle of box.querySelectorAll("[role=slider][aria-valuetext]")) {
      const shown = handle.closest(".widget-slider")?.querySelector(".widget-readout")?.textContent;
      if (shown && handle.getAttribute("aria-valuetext") !== shown) {
        handle.setAttribute("aria-valuetext", shown);
      }
    }
  };
  const spoken = { attributeFilter: ["aria-valuetext"], subtree: true };
  const moved = new MutationObserver(() => speak(el.parentElement ?? el));
  const known = new WeakSet();
  const fit = (plot, isNew) => {
    const lacks = plot.clientWidth - plot.querySelector(".main-svg").clientWidth;
    if (plot.clientWidth === 0 || (!isNew && Math.abs(lacks) <= 1)) return;
    delete plot.layout.width;  // a change of the height had fixed it
    window.dispatchEvent(new Event("resize"));
  };
  const watch = (plot) => {
    for (const event of ["plotly_afterplot", "plotly_relayout", "plotly_update"]) {
      plot.on(event, () => fit(plot, false));
    }
    known.add(plot);
    fit(plot, true);
  };
  const observer = new ResizeObserver(() => {
    const box = el.parentElement;
    if (box === null) return;
    if (!known.has(box)) {
      known.add(box);
      observer.observe(box);  // it grows when a figure is put into it
      box.addEventListener("focusin", keepKeys);
      box.addEventListener("focusin", () => speak(box));
      moved.observe(box, spoken);
    }
    speak(box);
    for (const plot of box.querySelectorAll(".js-plotly-plot")) {
      if (plot.querySelector(".main-svg") === null) continue;
      known.has(plot) ? fit(plot, false) : watch(plot);
    }
  });
  observer.observe(el);
  return () => {
    observer.disconnect();
    moved.disconnect();
  };
}
export default { render };
"""


class PageSide(anywidget.AnyWidget):
    """A line without height: keeps figures fitting, keys with the explorer, sliders plain."""

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
