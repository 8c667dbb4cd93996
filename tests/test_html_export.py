"""A page needs nothing beside it, says its figures in words and runs no script of a table."""

import base64
import hashlib
import re

import nbformat.v4 as v4
import plotly.graph_objects as go
import pytest
from bs4 import BeautifulSoup

from cancerres_kit.reports import html_export

HOSTILE = "<script>alert(1)</script>"


def figure(**layout):
    return go.Figure(go.Scatter(y=[1, 2], text=["</script>" + HOSTILE, "b"]), layout=layout)


def code(data, **rest):
    return v4.new_code_cell("secret = 1", outputs=[v4.new_output("display_data", data, **rest)])


def drawing(shown):
    return code({html_export.PLOTLY: shown.to_plotly_json(), "text/html": "<p>twice</p>"})


def page(*cells, title="Title", notice="Notice."):
    return html_export.page(v4.new_notebook(cells=list(cells)), title=title, notice=notice)


def scripts(written):
    return re.findall(r"<script>(.*?)</script>", written, flags=re.DOTALL)


@pytest.fixture(scope="module")
def cells():
    described = figure(title={"text": "Seen"}, meta={"description": 'One "big" <b> link'})
    return [drawing(described), drawing(figure(title={"text": "Only a title"}))]


@pytest.fixture(scope="module")
def two_figures(cells):
    return page(*cells)


def test_plotly_is_inlined_once_however_many_figures_there_are(two_figures):
    assert len(scripts(two_figures)) == 2
    assert two_figures.count('<figure class="plotly-figure">') == 2
    assert "twice" not in two_figures


def test_page_without_figures_runs_no_script():
    written = page(v4.new_markdown_cell("Words"))
    assert not scripts(written)
    assert "script-src 'none'" in written


def test_policy_names_exactly_the_scripts_of_the_page(two_figures):
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', two_figures)
    digests = {
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        for script in scripts(two_figures)
    }
    assert set(re.findall(r"'sha256-([^']+)'", policy)) == digests
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy


def test_each_figure_is_said_in_words(two_figures):
    figures = BeautifulSoup(two_figures, "html.parser").find_all("figure")
    words = ['One "big" <b> link', "Only a title"]
    assert [shown.find(role="img")["aria-label"] for shown in figures] == words
    assert [shown.figcaption.p.text for shown in figures] == words


def test_figure_data_cannot_end_their_script(two_figures):
    data = re.findall(r'<script type="application/json">(.*?)</script>', two_figures, re.DOTALL)
    assert len(data) == 2
    assert all("\\u003c/script>\\u003cscript>alert" in text for text in data)


def test_title_and_notice_are_escaped():
    written = page(v4.new_markdown_cell("Words"), title=HOSTILE, notice=HOSTILE)
    assert "<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>" in written
    assert HOSTILE not in written


def test_code_and_cells_for_the_template_only_are_left_out():
    instruction = v4.new_markdown_cell("How to run", metadata={"tags": ["template-only"]})
    written = page(instruction, v4.new_markdown_cell("Kept"), code({"text/html": "<p>Shown</p>"}))
    assert "How to run" not in written
    assert "secret" not in written
    assert "Kept" in written
    assert "<p>Shown</p>" in written


def test_of_a_widget_only_its_text_is_kept():
    bundle = {
        "application/vnd.jupyter.widget-view+json": {"model_id": "1"},
        "text/plain": "Explorer",
    }
    written = page(code(bundle))
    assert "Explorer" in written
    assert "widget-view" not in written


def test_page_names_no_address_that_a_browser_would_load(two_figures):
    outside_scripts = re.sub(r"<script>.*?</script>", "", two_figures, flags=re.DOTALL)
    assert not re.findall(r"""(?:src|href)=["']?(?:https?:)?//""", outside_scripts)


def test_page_has_language_and_encoding(two_figures):
    assert two_figures.startswith(
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    )


def test_same_notebook_gives_the_same_page(cells, two_figures):
    assert page(*cells) == two_figures
