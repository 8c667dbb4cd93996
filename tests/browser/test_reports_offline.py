"""The report on every cancer type, made as one batch, opened from disk without a network."""

import json

import pytest
from bs4 import BeautifulSoup

import cancerres_kit as ck
from cancerres_kit import reports

MOST_BYTES = 5_500_000
FIGURES = 2
# Plotly moves the parts of a Sankey into place for half a second.
SETTLED_MS = 1000
# An A4 sheet between its margins, at 96 dots an inch.
PAPER_PX = 700


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """HTML page of each report, by cancer type."""
    out = tmp_path_factory.mktemp("reports") / "new"
    written = reports.run_each("cancer_type", out=out, progress=False)
    keys = ck.load().cancer_types["cancer_type_id"]
    assert sorted(out.iterdir()) == sorted(written)
    return dict(zip(keys, written[1::2], strict=True))


def parsed(page):
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def test_every_report_has_its_figures_in_words_too(pages):
    for page in pages.values():
        figures = parsed(page).find_all("figure")
        assert len(figures) == FIGURES, page.name
        for figure in figures:
            drawing = json.loads(figure.script.text)
            assert drawing["layout"]["title"]["text"]
            assert figure.find(role="img")["aria-label"] == drawing["layout"]["meta"]["description"]
            assert figure.figcaption.p.text == drawing["layout"]["meta"]["description"]


def test_every_report_is_small_and_about_its_cancer_type(pages):
    names = ck.load().cancer_types.set_index("cancer_type_id")["name"]
    for key, page in pages.items():
        shown = parsed(page)
        assert page.stat().st_size <= MOST_BYTES
        assert shown.h1.text == shown.title.text == f"Therapy resistance: {names[key]}"
        assert f"cancer_type = {key}" in shown.get_text()


def test_claims_are_shown_with_their_references_or_said_to_be_missing(pages):
    atlas = ck.load()
    for key, page in pages.items():
        claims = reports.dossier.claims(atlas, cancer_type=key)
        text = " ".join(parsed(page).get_text().split())
        assert ("Nothing is curated about" in text) == claims.empty
        assert all(statement in text for statement in claims["statement"])
        assert all(cited in text for cited in claims["references"])


def test_every_report_opens_without_network_and_draws_its_figures(pages, watched):
    page, watch = watched
    for written in pages.values():
        page.goto(written.as_uri())
        page.wait_for_function(
            "count => document.querySelectorAll('.js-plotly-plot .main-svg').length >= count",
            arg=FIGURES,
        )
        drawn = page.locator("figure.plotly-figure:has(.js-plotly-plot .main-svg)").count()
        assert drawn == FIGURES, written.name
        assert page.locator("figcaption details[open]").count() == 0
    assert watch.outside == []
    assert watch.errors == []


def test_nothing_is_wider_than_the_page_or_a_sheet_of_paper(pages, watched):
    page, _ = watched
    page.goto(pages["breast_cancer"].as_uri())
    page.wait_for_timeout(SETTLED_MS)
    width = "document.documentElement.scrollWidth <= window.innerWidth"
    assert page.evaluate(width)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    drawn = "[...document.querySelectorAll('.main-svg')].map(svg => svg.viewBox.baseVal.width)"
    assert all(width > PAPER_PX for width in page.evaluate(drawn))
    page.set_viewport_size({"width": PAPER_PX, "height": 900})
    assert page.evaluate(width)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".main-svg[viewBox]").count() == 0


def test_a_script_smuggled_into_a_report_does_not_run(pages, watched, tmp_path):
    page, watch = watched
    attack = "<script>document.title = 'hacked'</script><img src=x onerror=\"document.title = 1\">"
    attack += '<img src="https://example.org/track.png">'
    written = pages["breast_cancer"].read_text(encoding="utf-8")
    (tmp_path / "attacked.html").write_text(
        written.replace("<main>", f"<main>{attack}", 1), encoding="utf-8"
    )
    page.goto((tmp_path / "attacked.html").as_uri())
    page.wait_for_selector(".js-plotly-plot .main-svg")
    assert page.title() == "Therapy resistance: Breast cancer"
    assert sum("Content Security Policy" in error for error in watch.errors) >= 3
