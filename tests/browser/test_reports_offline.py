"""Reports on cancer types of every sort and on a tumour, opened from disk without a network."""

import json

import pytest
from bs4 import BeautifulSoup

import cancerres_kit as ck
from cancerres_kit import lessons, reports
from cancerres_kit.reports import genes

MOST_BYTES = 5_500_000
# Claims and evidence, the longest report, evidence alone, and nothing at all.
CANCER_TYPES = ("breast_cancer", "cancer", "chronic_myeloid_leukaemia", "glioblastoma")
# Plotly moves the parts of a Sankey into place for half a second.
SETTLED_MS = 1000
# An A4 sheet between its margins, at 96 dots an inch.
PAPER_PX = 700


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """HTML page of each report, by cancer type."""
    out = tmp_path_factory.mktemp("reports") / "new"
    written = {key: reports.run("cancer_type", key, out=out) for key in CANCER_TYPES}
    assert sorted(out.iterdir()) == sorted(path for pair in written.values() for path in pair)
    return {key: page for key, (_, page) in written.items()}


@pytest.fixture(scope="module")
def tumour_page(tmp_path_factory):
    """HTML page of the example tumour."""
    example = lessons.notebooks_root() / "reports" / "example_tumour.csv"
    return reports.run("profile", str(example), out=tmp_path_factory.mktemp("tumour"))[1]


def figures(key):
    """How many figures a report has: the map, and what is said and found if anything is."""
    atlas = ck.load()
    told = reports.dossier.told(atlas, cancer_type=key)
    claims = reports.dossier.claims(atlas, cancer_type=key)
    return 1 + (not claims.empty) + bool(genes.evidence_ids(atlas, told))


def parsed(page):
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def test_every_report_has_its_figures_in_words_too(pages):
    for key, page in pages.items():
        shown = parsed(page).find_all("figure")
        assert len(shown) == figures(key), page.name
        for figure in shown:
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
        told = reports.dossier.told(atlas, cancer_type=key)
        assert ("Nothing is curated about" in text) == told.empty
        assert all(statement in text for statement in claims["statement"])
        assert all(cited in text for cited in claims["references"])


def test_every_report_opens_without_network_and_draws_its_figures(pages, watched):
    page, watch = watched
    for key, written in pages.items():
        page.goto(written.as_uri())
        page.wait_for_function(
            "count => document.querySelectorAll("
            "'figure.plotly-figure:has(.js-plotly-plot .main-svg)').length == count",
            arg=figures(key),
        )
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


@pytest.mark.parametrize("width", [1280, 900])
def test_a_tumour_report_draws_its_figure_and_fits_the_page(tumour_page, watched, width):
    page, watch = watched
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(tumour_page.as_uri())
    page.wait_for_selector("figure.plotly-figure .js-plotly-plot .main-svg")
    page.wait_for_timeout(SETTLED_MS)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.locator("text=not medical advice").first.is_visible()
    assert (watch.outside, watch.errors) == ([], [])


def test_a_tumour_report_is_small_and_links_its_evidence(tumour_page):
    assert tumour_page.stat().st_size <= MOST_BYTES
    addresses = {link["href"] for link in parsed(tumour_page).find_all("a")}
    assert "https://civicdb.org/links/evidence/964" in addresses
    assert "https://pubmed.ncbi.nlm.nih.gov/25939061/" in addresses
