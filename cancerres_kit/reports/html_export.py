"""Turn an executed notebook into one HTML page that needs nothing beside it.

A report is read far from the machine that made it: on a lecture-hall computer without network, from
a mail attachment, on paper. So plotly.js is inlined once, figures are kept as data and drawn when
the page opens, each with its text alternative, and a content security policy lets only the two
scripts written here run: the page cannot ask anything of the network, and a script smuggled in by a
table stays dead.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from typing import TYPE_CHECKING, Any

from nbconvert.exporters.html import HTMLExporter
from nbconvert.preprocessors import Preprocessor

if TYPE_CHECKING:
    from nbformat import NotebookNode

GENERATOR = "cancerres-kit report"
TEMPLATE_ONLY = "template-only"
# How JSON inside a script element writes "<", so that no text can end the element.
BRACKET = "\\u003c"
PLOTLY = "application/vnd.plotly.v1+json"
NOTHING = "'none'"
# What `STYLE` says once for every cell of a table; a long report has thousands of them.
AS_STYLED = ' style="text-align:left"'
LEFT_TO_TEXT = ("application/vnd.jupyter.widget-view+json", "application/javascript")

DRAW = """
for (const figure of document.querySelectorAll("figure.plotly-figure")) {
  const drawing = JSON.parse(figure.querySelector("script").textContent);
  drawing.config = {displaylogo: false, responsive: true};
  new Promise((drawn) => drawn(Plotly.newPlot(figure.querySelector("div"), drawing)))
    .catch((error) => { figure.querySelector("details").open = true; console.error(error); });
}
// A sheet is narrower than a screen: let the finished drawings shrink to it, then let them be.
addEventListener("beforeprint", () => {
  for (const svg of document.querySelectorAll(".main-svg")) {
    const [width, height] = [svg.getAttribute("width"), svg.getAttribute("height")];
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.parentElement.style.aspectRatio = `${width} / ${height}`;
  }
});
addEventListener("afterprint", () => {
  for (const svg of document.querySelectorAll(".main-svg")) svg.removeAttribute("viewBox");
});
"""

STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem 1.5rem 3rem;
  background: #fff; color: #1a1a1a;
  font: 1.05rem/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; }
h2 { margin-top: 2.4rem; border-bottom: 1px solid #bbb; }
a { color: #0b4f8a; }
.notice { border-left: .3rem solid #8a5a00; background: #fff7e6; padding: .6rem 1rem; }
figure { margin: 1.5rem 0; } figcaption { font-size: .95rem; color: #333; }
.output_html { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; font-size: .92rem; line-height: 1.4; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; caption-side: top; }
th, td { border: 1px solid #ccc; padding: .35rem .55rem; text-align: left; vertical-align: top; }
th { background: #f1f3f5; } td { overflow-wrap: break-word; }
pre { white-space: pre-wrap; }
footer { margin-top: 3rem; border-top: 1px solid #bbb; font-size: .9rem; color: #444; }
@media print {
  @page { margin: 12mm; }
  * { print-color-adjust: exact; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2, h3 { break-after: avoid; }
  figure > div, tr { break-inside: avoid; }
  .output_html { overflow: visible; }
  .output_html table { font-size: 7.5pt; }
  figcaption { font-size: 8.5pt; }
  .js-plotly-plot, .plot-container, .svg-container, .main-svg {
    width: 100% !important; height: auto !important; }
  thead { display: table-header-group; }
  .modebar-container { display: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
"""


def page(notebook: NotebookNode, *, title: str, notice: str) -> str:
    """Return an executed notebook as one self-contained HTML page.

    Parameters
    ----------
    notebook : NotebookNode
        Executed notebook. Cells tagged ``template-only`` and all code are left out.
    title : str
        Title of the page, plain text.
    notice : str
        Sentence shown above everything else, plain text.

    Returns
    -------
    str
        The whole page, UTF-8 text without any address that a browser would load.
    """
    body = _body(notebook)
    plotly = _plotlyjs() if 'class="plotly-figure"' in body else ""
    scripts = [plotly, DRAW] if plotly else []
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta name="generator" content="{GENERATOR}">',
            f"<title>{html.escape(title)}</title>",
            f"<style>{STYLE}</style>",
            *(f"<script>{script}</script>" for script in scripts[:1]),
            "</head>",
            "<body>",
            f'<p class="notice" role="note">{html.escape(notice)}</p>',
            f"<main>{body}</main>",
            *(f"<script>{script}</script>" for script in scripts[1:]),
            "</body>",
            "</html>",
            "",
        ]
    )


class FiguresToHtml(Preprocessor):
    """Replace each Plotly output by a figure with a text alternative.

    Widgets need a kernel and scripts from elsewhere, so of a widget only its plain text is kept.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Rewrite the outputs of one cell.

        Parameters
        ----------
        cell : NotebookNode
            Cell to rewrite in place.
        resources : dict
            What nbconvert hands from step to step; returned unchanged.
        index : int
            Position of the cell in the notebook.

        Returns
        -------
        tuple of NotebookNode and dict
            The same cell and resources.
        """
        for position, output in enumerate(cell.get("outputs", [])):
            bundle = output.get("data", {})
            for mimetype in LEFT_TO_TEXT:
                bundle.pop(mimetype, None)
            if PLOTLY in bundle:
                output["data"] = {"text/html": _figure(bundle[PLOTLY], f"{index}-{position}")}
        return cell, resources


def _body(notebook: NotebookNode) -> str:
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="basic",
        preprocessors=[FiguresToHtml],
        exclude_input=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    kept = [cell for cell in notebook.cells if TEMPLATE_ONLY not in cell.metadata.get("tags", [])]
    shown = type(notebook)(notebook, cells=kept, metadata={})
    return exporter.from_notebook_node(shown)[0].replace(AS_STYLED, "")


def _figure(drawing: dict[str, Any], key: str) -> str:
    """Return one figure: its data, the place where it is drawn, and the figure in words."""
    layout = drawing.get("layout", {})
    title = layout.get("title", {}).get("text", "Figure")
    words = layout.get("meta", {}).get("description", title)
    height = int(layout.get("height", 500))
    data = json.dumps({"data": drawing["data"], "layout": layout}, ensure_ascii=False)
    alternative = html.escape(words)
    return (
        '<figure class="plotly-figure">'
        f'<script type="application/json">{data.replace("<", BRACKET)}</script>'
        f'<div id="figure-{key}" role="img" aria-label="{alternative}" style="height:{height}px">'
        "</div><figcaption><details><summary>The figure in words</summary>"
        f"<p>{alternative}</p></details></figcaption></figure>"
    )


def _plotlyjs() -> str:
    from plotly.offline import get_plotlyjs

    # A browser reads every line end as LF before it computes the digest that the policy names.
    return str(get_plotlyjs()).replace("\r\n", "\n").replace("\r", "\n")


def _policy(scripts: list[str]) -> str:
    """Return a content security policy that runs these scripts and loads nothing."""
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    allowed = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {allowed or NOTHING}; "
        "style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
