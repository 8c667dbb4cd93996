"""The explorers in a real JupyterLab, by mouse and by keyboard."""

import json

CELLS = [
    "import cancerres_kit as ck",
    "explorer = ck.explorers.{kind}(ck.load())\nexplorer",
    # As in a lesson, code changes the explorer before the page can have drawn it.
    "explorer.{control}.value = {value!r}\nprint(explorer.summary)",
]
# Plotly moves the parts of a Sankey into place for half a second.
SETTLED_MS = 900
STARTED_MS = 60_000
PLOT = ".js-plotly-plot"
DRAWN = """() => {
  const plot = document.querySelector(".js-plotly-plot");
  const texts = name => [...plot.querySelectorAll(name)].map(node => node.textContent);
  return {
    title: texts(".gtitle").join(" "),
    bands: plot.querySelectorAll(".sankey-link").length,
    labels: texts(".node-label"),
    dots: plot.querySelectorAll(".scatterlayer .point").length,
    gap: plot.clientWidth - plot.querySelector(".main-svg").clientWidth,
  };
}"""
FOCUSED = (
    "() => document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent"
)


def notebook(root, name, **filled):
    """Write a notebook without outputs."""
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{number:02}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": source.format(**filled),
        }
        for number, source in enumerate(CELLS)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    page = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}
    (root / name).write_text(json.dumps(page), encoding="utf-8")
    return name


def run_all(page, address):
    """Open a notebook, run all its cells, and wait until the figure is drawn."""
    page.goto(address)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=STARTED_MS)
    # Without a kernel the menu asks which one to start.
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=STARTED_MS)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.locator(f"{PLOT} .main-svg").first.wait_for(timeout=STARTED_MS)
    page.locator(".jp-OutputArea-output pre").first.wait_for(timeout=STARTED_MS)
    page.wait_for_timeout(SETTLED_MS)


def settle(page):
    """Wait until the kernel has answered and the page has drawn it, also on a busy machine."""
    page.wait_for_timeout(SETTLED_MS)
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=STARTED_MS)
    page.wait_for_timeout(SETTLED_MS)


def told(page):
    """What the sentence says."""
    settle(page)
    return page.locator(".jp-OutputArea-output [role=status]").inner_text()


def seen(page):
    """What the page shows: the figure, the sentence, the claims and the citations."""
    settle(page)
    regions = page.locator(".jp-OutputArea-output [role=region]").all_inner_texts()
    claims, citations = regions[0], regions[-1]
    sentence = page.locator(".jp-OutputArea-output [role=status]").inner_text()
    return {"sentence": sentence, "claims": claims, "citations": citations, **page.evaluate(DRAWN)}


def same(one, other):
    """Names of what did not change."""
    return {key for key in one if one[key] == other[key]}


def arrow_to(page, text):
    """Go down a list with the arrow key; letters typed in a row may come too slowly to be one."""
    for _ in range(300):
        shown = page.evaluate("() => document.activeElement.selectedOptions[0].text")
        if shown.replace("\xa0", " ").startswith(text):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{text!r} is not in the list that has the focus; it ends at {shown!r}")


def labelled(page, label):
    """The control with a label."""
    return page.locator(".jp-OutputArea-output").get_by_label(label, exact=True)


def test_the_strategy_map_by_mouse(lab, watched):
    page, watch = watched
    chosen = {"control": "mechanism", "value": "dna_methylation"}
    run_all(page, lab.page(notebook(lab.root, "map.ipynb", kind="StrategyMap", **chosen)))
    first = seen(page)
    assert first["sentence"].startswith("DNA methylation: ")
    assert first["sentence"] == page.locator(".jp-OutputArea-output pre").inner_text().strip()
    assert "DNA methylation" in first["labels"]
    assert first["gap"] == 0

    page.set_viewport_size({"width": 900, "height": 720})
    option = labelled(page, "Mechanism").locator("option", has_text="Tumour microenvironment")
    labelled(page, "Mechanism").select_option(option.inner_text())
    second = seen(page)
    assert same(first, second) == {"dots", "gap"}
    labelled(page, "Cancer type").select_option(index=2)
    labelled(page, "Mechanism level").select_option(index=2)
    empty = seen(page)
    assert "Nothing is curated for this choice" in empty["sentence"]
    assert (empty["bands"], empty["labels"]) == (0, [])
    assert "Nothing curated" in empty["title"]

    page.locator(".jupyter-button", has_text="Reset").click()
    everything = seen(page)
    assert everything["sentence"].startswith("Everything that is curated: ")
    assert everything["bands"] > second["bands"] > 0
    assert same(everything, second) == {"dots", "gap"}
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "claims.csv"
    assert (watch.errors, watch.outside) == ([], [])


def test_the_evidence_by_keyboard(lab, watched):
    page, watch = watched
    chosen = {"control": "paragraph", "value": "introduction 8"}
    run_all(page, lab.page(notebook(lab.root, "evidence.ipynb", kind="Evidence", **chosen)))
    first = seen(page)
    assert first["sentence"].startswith("Introduction 8: ")

    labelled(page, "Paragraph").focus()
    page.keyboard.press("ArrowDown")
    second = seen(page)
    assert second["sentence"].startswith("Introduction 9: ")
    assert {"claims", "citations", "title"} & same(first, second) == set()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(FOCUSED) == "Reference"
    page.keyboard.type("[4]")
    third = seen(page)
    assert third["sentence"].startswith("[4] ")
    assert third["dots"] > 0

    for stop in ("Paragraph", "Say the figure in words"):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUSED) == stop
    page.keyboard.press("Space")
    page.get_by_text("Dot plot. ").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert seen(page)["sentence"].startswith("Everything that is curated: ")
    assert page.locator(".jp-Notebook .jp-Cell").count() == len(CELLS)
    assert (watch.errors, watch.outside) == ([], [])


def test_the_tumour_profile_by_keyboard(lab, watched):
    page, watch = watched
    chosen = {"control": "cancer_type", "value": "non_small_cell_lung_cancer"}
    run_all(page, lab.page(notebook(lab.root, "profile.ipynb", kind="TumourProfile", **chosen)))
    assert told(page).startswith("Choose a cancer type and give at least one alteration")

    labelled(page, "Alterations").focus()
    page.keyboard.type("EGFR T790M")
    page.keyboard.press("Enter")
    first, drawn = told(page), page.evaluate(DRAWN)
    assert first.startswith("Non-small cell lung cancer with EGFR T790M: ")
    assert "disagrees" in drawn["title"]
    assert drawn["dots"] > 0
    assert drawn["gap"] == 0
    headings = page.locator(".jp-OutputArea-output [role=region]").all_inner_texts()
    assert [text.split()[0] for text in headings] == ["Therapy", "Item", "References"]

    page.keyboard.press("End")
    page.keyboard.type(", EGFR L858RR")
    page.keyboard.press("Tab")
    assert "'L858RR' is no change that is known; nearest: 'EGFR L858R'" in told(page)
    assert page.evaluate(DRAWN)["dots"] == 0
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    for stop in ("Evidence shown", "Curated alteration"):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUSED) == stop
    assert "with EGFR T790M and EGFR L858R: " in told(page)
    arrow_to(page, "MET Amplification")
    settle(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "with EGFR T790M, EGFR L858R and MET Amplification: " in told(page)
    assert page.evaluate(DRAWN)["dots"] > drawn["dots"]
    assert page.get_by_role("link", name="CIViC 238", exact=True).count() == 1

    labelled(page, "Evidence shown").focus()
    page.keyboard.press("ArrowDown")
    assert told(page).endswith("are shown too.")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "profile_non_small_cell_lung_cancer.csv"
    assert page.locator(".jp-Notebook .jp-Cell").count() == len(CELLS)
    assert (watch.errors, watch.outside) == ([], [])
