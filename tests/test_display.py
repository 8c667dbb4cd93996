"""What a reader sees: escaped, linked only where safe, readable without colour, steady."""

import csv as csv_reader
import html
import io
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_atlas import TABLES, small_atlas

import cancerres_kit as ck
from cancerres_kit import display, theme
from cancerres_kit.display import cells

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)> & \"quoted\" 'single'"
FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")  # noqa: RUF001


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return small_atlas(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def evil(tmp_path_factory):
    """An atlas with mark-up, formulas and false addresses wherever free text may stand."""
    tables = {name: [dict(row) for row in rows] for name, rows in TABLES.items()}
    tables["claims"][0]["statement"] = EVIL
    tables["references"][1]["printed_title"] = EVIL
    tables["references"][0]["resolved_title"] = f"=cmd() {EVIL}"
    tables["mechanisms"][0]["name"] = f"=cmd() {EVIL}"
    tables["glossary"][0]["definition"] = EVIL
    return small_atlas(tmp_path_factory.mktemp("evil"), tables)


class Page(HTMLParser):
    """Tags with their attributes, and the text, as a browser would read them."""

    def __init__(self, source):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join("".join(self.words).split())

    def named(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


# --- prose


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((0, "claim"), "0 claims"),
        ((1, "claim"), "1 claim"),
        ((3, "claim"), "3 claims"),
        ((2, "therapy"), "2 therapies"),
        ((2, "pathway"), "2 pathways"),
        ((2, "class"), "2 classes"),
        ((2, "hypothesis", "hypotheses"), "2 hypotheses"),
        ((1, "hypothesis", "hypotheses"), "1 hypothesis"),
        ((np.int64(1), "claim"), "1 claim"),
    ],
)
def test_count_agrees_with_its_noun(arguments, text):
    assert display.count(*arguments) == text


def test_agree_gives_the_form_that_goes_with_a_number():
    assert [display.agree(n, "is", "are") for n in (0, 1, 2)] == ["are", "is", "are"]


@pytest.mark.parametrize(
    ("names", "limit", "text"),
    [
        ([], None, "none"),
        (["a"], None, "a"),
        (["a", "b"], None, "a and b"),
        (["a", "b", "c"], None, "a, b and c"),
        (["a", "b", "c"], 3, "a, b and c"),
        (["a", "b", "c", "d"], 2, "a, b and 2 more"),
        (pd.Series(["a", None, "b"]), None, "a and b"),
    ],
)
def test_listing_reads_as_a_sentence(names, limit, text):
    assert display.listing(names, limit=limit) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 10, "0%"),
        (10, 10, "100%"),
        (1, 3, "33%"),
        (1, 1000, "<1%"),
        (999, 1000, ">99%"),
        (0, 0, "no share (of none)"),
    ],
)
def test_percent_never_rounds_to_none_or_all(part, whole, text):
    assert display.percent(part, whole) == text


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("DNA methylation", "DNA methylation"),
        ("<b>", "&#60;b&#62;"),
        ("*a* _b_ `c`", "&#42;a&#42; &#95;b&#95; &#96;c&#96;"),
        ("[x](javascript:alert(1))", "&#91;x&#93;(javascript:alert(1))"),
        ("$x$ a|b ~c", "&#36;x&#36; a&#124;b &#126;c"),
        ("# not a heading", "&#35; not a heading"),
        ("- not a list", "&#45; not a list"),
        ("1. not a list", "1&#46; not a list"),
        ("https://evil.example", "https&#58;//evil.example"),
        ("www.evil.example", "www&#46;evil.example"),
        ("two\n\nparagraphs", "two paragraphs"),
        (None, ""),
        (pd.NA, ""),
        (float("nan"), ""),
        (3, "3"),
    ],
)
def test_escape_makes_markup_plain(text, harmless):
    assert display.escape(text) == harmless


@given(st.text())
def test_escape_keeps_every_letter_and_no_markup(text):
    harmless = display.escape(text)
    assert html.unescape(harmless) == " ".join(text.split()) or "\x00" in text or "&#" in text
    plain = re.sub(r"&#\d+;", "", harmless)
    assert not set(plain) & set("<>\"'`*_[]\\|$~&")
    assert "\n" not in harmless


def test_markdown_shows_what_it_is_given():
    assert display.markdown("**3 claims**").data == "**3 claims**"


def test_notice_says_what_the_kit_is_not():
    assert "not medical advice" in display.NOTICE


# --- cells and tables


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("name", "a <b>", "a <b>"),
        ("n_claims", 3, "3"),
        ("share_percent", 12.5, "12.5"),
        ("claim_ids", ("a", "b"), "a; b"),
        ("claim_ids", (), "–"),  # noqa: RUF001
        ("name", None, "–"),  # noqa: RUF001
        ("name", float("nan"), "–"),  # noqa: RUF001
        ("number", pd.NA, "–"),  # noqa: RUF001
        ("checked_on", pd.NaT, "–"),  # noqa: RUF001
        ("checked_on", pd.Timestamp("2026-01-31"), "2026-01-31"),
        ("is_flagged", True, "yes"),
        ("is_flagged", np.False_, "no"),
        ("relation", "causes_resistance", "causes resistance"),
        ("mechanism_id", "dna_methylation", "dna_methylation"),
        ("basis", "no_trace", "✗ no trace"),
        ("basis", "searched by title", "searched by title"),
        ("doi", "10.1000/a.b(1)", "doi:10.1000/a.b(1)"),
        ("pmid", "pubmed:12345", "PubMed 12345"),
    ],
)
def test_cells_read_as_words(column, value, text):
    assert Page(cells.cell(column, value)).text == text


@pytest.mark.parametrize("status", [*theme.COLOURS["status"]])
def test_badges_carry_symbol_words_and_contrast(status):
    page = Page(cells.badge(status))
    symbol = cells.BADGES[status]
    assert page.text == f"{symbol} {theme.word(status)}"
    assert {"aria-hidden": "true"} in page.named("span")
    fill, ink = re.findall(r"#[0-9a-f]{6}", page.named("span")[0]["style"])
    assert contrast(fill, ink) >= 4.5


def test_badges_differ_by_symbol():
    assert len(set(cells.BADGES.values())) == len(cells.BADGES)


def contrast(first, second):
    """Contrast ratio of WCAG 2."""

    def luminance(colour):
        channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    "doi",
    ["javascript:alert(1)", "10.1000/a b", '10.1000/"onclick=x', "https://doi.org/10.1/x", "x"],
)
def test_malformed_dois_stay_text(doi):
    page = Page(cells.cell("doi", doi))
    assert not page.named("a")
    assert page.text == doi


@pytest.mark.parametrize("pmid", ["pubmed:", "12345x", "javascript:1", "pubmed:012", "-1"])
def test_malformed_pubmed_identifiers_stay_text(pmid):
    assert not Page(cells.cell("substitute_pmid", pmid)).named("a")


@given(st.text())
def test_links_lead_nowhere_but_to_the_two_resolvers(text):
    for column in ("doi", "pmid"):
        page = Page(cells.cell(column, text))
        assert {tag for tag, _ in page.tags} <= {"a", "span"}
        for link in page.named("a"):
            assert link["href"].startswith(
                ("https://doi.org/10.", "https://pubmed.ncbi.nlm.nih.gov/")
            )
            assert link["rel"] == "noopener noreferrer"


def test_table_is_escaped_labelled_and_headed():
    frame = pd.DataFrame({"mechanism": [EVIL, "b"], "n_claims": [1, 2]})
    page = Page(display.table(frame, caption=EVIL).data)
    assert {tag for tag, _ in page.tags} <= {
        *("style", "div", "table", "caption", "thead", "tbody", "tr", "th", "td"),
    }
    assert page.text.count("<script>alert(1)</script>") == 2
    assert [head.get("scope") for head in page.named("th")] == ["col", "col", "row", "row"]
    assert "Number of claims" in page.text
    assert page.named("td")[0]["style"] == "text-align:right"
    assert len(page.named("caption")) == 1


@pytest.mark.parametrize("dtype", ["bool", "boolean"])
def test_yes_and_no_stand_to_the_left_as_words_do(dtype):
    frame = pd.DataFrame({"key": ["a"], "is_covered": pd.array([True], dtype=dtype)})
    assert Page(display.table(frame).data).named("td")[0]["style"] == "text-align:left"


def test_table_shows_chosen_columns_in_order_and_changes_nothing(small):
    frame = ck.links.mechanism_strategies(small)
    before = frame.copy()
    shown = Page(display.table(frame, columns=["strategy", "mechanism"]).data)
    heads = len(frame) * [{"scope": "row", "style": "text-align:left"}]
    assert shown.named("th")[2:] == heads
    assert "Strategy Mechanism" in " ".join(shown.words)
    assert "n_claims" not in shown.text
    pd.testing.assert_frame_equal(frame, before)


def test_table_is_the_same_every_time(small):
    frame = ck.links.claim_table(small)
    assert display.table(frame).data == display.table(frame).data


def test_empty_table_says_that_nothing_is_curated():
    page = Page(display.table(pd.DataFrame({"a": [], "b": []})).data)
    assert "Nothing curated." in page.text
    assert page.named("td") == [{"colspan": "2"}]


def test_table_refuses_columns_that_are_not_there(small):
    with pytest.raises(ck.DataError, match="unknown column 'strategi'; nearest: 'strategy_id'"):
        display.table(ck.links.strategies_for(small)[["strategy_id"]], columns=["strategi"])
    with pytest.raises(ck.DataError, match=r"columns is a list of names.*write \['strategy'\]"):
        display.table(ck.links.strategies_for(small), columns="strategy")


# --- references, statements, glossary


def test_references_show_status_what_was_found_and_what_to_read(small):
    page = Page(display.references(small, "paper_1").data)
    assert "[1] Author of paper_1. Title of paper_1. 2020." in " ".join(page.words)
    assert "✗ no trace" in page.text
    assert "A title that was found" in page.text
    addresses = {link["href"] for link in page.named("a")}
    assert addresses == {
        "https://doi.org/10.1000/added.2021",
        "https://pubmed.ncbi.nlm.nih.gov/12345/",
    }
    assert "searched by title (2026-01-31)" in page.text
    every = Page(display.references(small).data)
    assert len(every.named("tr")) == len(small.references) + 1


def test_statements_show_place_and_references_with_status(small):
    page = Page(display.statements(small, ["c03_full", "c04_uncited"]).data)
    assert "introduction.2" in page.words
    assert "Statement of c03_full." in page.words
    assert "[1] by its paragraph ✗ no trace[2] ✓ confirmed" in page.text
    assert "○ uncited" in page.text


def test_glossary_shows_terms_in_the_order_asked(small):
    page = Page(display.glossary(small, "trial", "arm").data)
    assert page.text.index("A test in people.") < page.text.index("A group of a trial.")
    assert "arm" in Page(display.glossary(small).data).words


@pytest.mark.parametrize(
    ("show", "message"),
    [
        (lambda atlas: display.references(atlas, "paper_9"), "unknown reference 'paper_9'"),
        (lambda atlas: display.statements(atlas, ["c3"]), "unknown claim 'c3'"),
        (lambda atlas: display.glossary(atlas, "trail"), "unknown term 'trail'; nearest: 'trial'"),
    ],
)
def test_what_is_not_there_is_refused(small, show, message):
    with pytest.raises(ck.DataError, match=message):
        show(small)


@pytest.mark.parametrize(
    "show",
    [
        lambda atlas: display.table(ck.links.resistance_map(atlas), caption=EVIL),
        lambda atlas: display.table(ck.links.claims(atlas)),
        display.references,
        lambda atlas: display.statements(atlas, ["c01_joint"]),
        display.glossary,
    ],
)
def test_nothing_from_a_table_becomes_markup(evil, show):
    page = Page(show(evil).data)
    assert not {tag for tag, _ in page.tags} & {"script", "img", "iframe"}
    assert not [found for _, attrs in page.tags for found in attrs if found.startswith("on")]
    assert "alert(1)" in page.text


# --- spreadsheets


def parsed(text):
    return list(csv_reader.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("start", FORMULAS)
def test_csv_cells_never_start_a_formula(start):
    frame = pd.DataFrame({f"{start}head": [f"{start}cmd()"], "ids": [("a", f"{start}b")]})
    head, body = parsed(display.csv(frame))
    assert head[0][0] == "'"
    assert body[0][0] == "'"
    assert not re.search(r";\s*[=+\-@＝＋－＠]", body[1])  # noqa: RUF001


def test_csv_leaves_numbers_dates_and_plain_text_alone():
    frame = pd.DataFrame(
        {
            "number": [-1.5, np.nan],
            "n": pd.array([-3, None], dtype="Int64"),
            "day": pd.to_datetime(["2026-01-31", None]),
            "name": ["ER-positive, HER2", None],
            "ids": [("a", "b"), ()],
            "basis": pd.Categorical(["no_trace", None]),
        }
    )
    text = display.csv(frame)
    assert text == (
        'number,n,day,name,ids,basis\n-1.5,-3,2026-01-31,"ER-positive, HER2",a; b,no_trace\n,,,,,\n'
    )


def test_csv_guards_text_that_looks_like_a_negative_number():
    assert parsed(display.csv(pd.DataFrame({"note": ["-5"]})))[1] == ["'-5"]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=1))
def test_csv_is_harmless_also_for_other_separators(texts):
    frame = pd.DataFrame({"text": texts})
    rows = parsed(display.csv(frame))[1:]
    assert len(rows) == len(texts)
    for row in rows:
        for part in re.split(r"[;\n\r\t]", "".join(row)):
            assert not part.strip().startswith(("=", "+", "-", "@"))
    assert list(frame["text"]) == texts


def test_csv_holds_all_columns(small):
    frame = ck.links.resistance_map(small)
    text = display.csv(frame)
    assert parsed(text)[0] == list(frame.columns)
    assert len(parsed(text)) == len(frame) + 1
    assert "\r" not in text


def test_download_holds_the_table_in_the_page(evil):
    frame = ck.links.resistance_map(evil)
    link = Page(display.download(frame, "map.csv"))
    (attributes,) = link.named("a")
    assert attributes["download"] == "map.csv"
    start = "data:text/csv;charset=utf-8,"
    assert attributes["href"].startswith(start)
    assert unquote(attributes["href"][len(start) :]) == display.csv(frame)
    assert len(link.tags) == 1


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("map", "map.csv"),
        ("map.csv", "map.csv"),
        ("../../etc/passwd", "etc_passwd.csv"),
        ('a" onclick="x', "a_onclick_x.csv"),
        ("a/b\\c:d", "a_b_c_d.csv"),
        (".hidden", "hidden.csv"),
        ("", "table.csv"),
        ("con", "con_.csv"),
        ("x" * 300, "x" * 80 + ".csv"),
    ],
)
def test_file_names_are_safe(name, safe):
    (attributes,) = Page(display.download(pd.DataFrame({"a": [1]}), name)).named("a")
    assert attributes["download"] == safe
