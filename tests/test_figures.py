"""Pictures show what their frames hold, say so in words, and never run what they show."""

import json
import re
from itertools import pairwise

import pandas as pd
import plotly.graph_objects as go
import pytest

import cancerres_kit as ck
from cancerres_kit import figures
from cancerres_kit.figures import flow, ordering, words
from cancerres_kit.schema import DataError

EVIL = "<script>alert(1)</script> & $x$ <b>=cmd()"


def arrow(source, target, relation="overcomes", n=1, **other):
    kinds = {"c": "cancer_type", "t": "therapy", "m": "mechanism", "s": "strategy"}
    return {
        "source_id": source,
        "source": f"Name {source}",
        "source_kind": kinds[source[0]],
        "target_id": target,
        "target": f"Name {target}",
        "target_kind": kinds[target[0]],
        "relation": relation,
        "n_claims": n,
        "claim_ids": tuple(f"claim_{source}_{target}_{i}" for i in range(n)),
        "basis": "no_trace",
        "references": "[7] no trace",
        **other,
    }


def arrows(*rows):
    return pd.DataFrame(rows, columns=list(arrow("m", "s")) if not rows else None)


MAP = arrows(
    arrow("c1", "m1", "resists", 2),
    arrow("c1", "m2", "resists"),
    arrow("m1", "s1", "overcomes", 3),
    arrow("m2", "s1", "motivates"),
    arrow("m2", "s2", "motivates", basis="uncited", references="uncited"),
    arrow("m3", "s1", "motivates"),
)
TREE = pd.DataFrame(
    [
        ("m1", None, "Wide one", "epigenetic"),
        ("m2", "m1", "Narrow one", "epigenetic"),
        ("m3", "m1", "Other level", "genetic"),
        ("m4", "absent", "Orphan", "genetic"),
    ],
    columns=["mechanism_id", "parent_id", "name", "level"],
)
CANCERS = pd.DataFrame(
    [("c1", None, "Any cancer"), ("c2", "c1", "Lung cancer")],
    columns=["cancer_type_id", "parent_id", "name"],
)
CELLS = pd.DataFrame(
    [
        ("m1", "c1", 3, ("a", "b", "c"), "no_trace"),
        ("m2", "c1", 1, ("d",), "uncited"),
        ("m1", "c2", 2, ("e", "f"), "no_trace"),
    ],
    columns=["mechanism_id", "cancer_type_id", "n_claims", "claim_ids", "basis"],
)


def reference(number, status, **other):
    return {
        "reference_id": f"r{number}",
        "number": number,
        "as_printed": f"Author {number}. Title {number}. Journal. 2020;1:1.",
        "as_resolved": None,
        "status": status,
        "substitute": None,
        "basis": "Searched everywhere.",
        **other,
    }


AUDIT = pd.DataFrame(
    [
        reference(1, "no_trace", substitute="Better. Instead. 2019."),
        reference(2, "different_details", as_resolved="Author 2. True title. 2018."),
        reference(3, "no_trace"),
        reference(pd.NA, "not_from_review", reference_id="added"),
    ]
)
CLAIMS = pd.DataFrame(
    [
        ("k1", "conclusion", 1, "mechanism", "m1", "Methylation"),
        ("k2", "introduction", 2, "mechanism", "m1", "Methylation"),
        ("k3", "introduction", 2, "mechanism", "m1", "Methylation"),
        ("k3", "introduction", 2, "strategy", "s1", "Combination"),
        ("k4", "introduction", 4, "mechanism", "m2", "Mutation"),
        ("k4", "introduction", 4, "cancer_type", "c1", "Any cancer"),
    ],
    columns=["claim_id", "section", "paragraph", "kind", "id", "name"],
)
PICTURES = {
    "resistance_map": lambda: figures.resistance_map(MAP),
    "mechanism_tree": lambda: figures.mechanism_tree(TREE, counts={"m1": 4, "m2": 1}),
    "evidence_heatmap": lambda: figures.evidence_heatmap(CELLS, TREE, CANCERS),
    "reference_audit": lambda: figures.reference_audit(AUDIT),
    "discussion": lambda: figures.discussion(CLAIMS),
}
EMPTY = {
    "resistance_map": lambda: figures.resistance_map(MAP.iloc[:0]),
    "mechanism_tree": lambda: figures.mechanism_tree(TREE.iloc[:0]),
    "evidence_heatmap": lambda: figures.evidence_heatmap(CELLS, TREE.iloc[:0], CANCERS),
    "evidence_heatmap, no cancer": lambda: figures.evidence_heatmap(CELLS, TREE, CANCERS.iloc[:0]),
    "reference_audit": lambda: figures.reference_audit(AUDIT.iloc[:0]),
    "reference_audit, only added": lambda: figures.reference_audit(AUDIT.iloc[3:]),
    "discussion": lambda: figures.discussion(CLAIMS.iloc[:0]),
    "discussion, no theme": lambda: figures.discussion(CLAIMS.iloc[5:]),
}


def title(figure):
    return figure.layout.title.text.replace("<br>", " ")


def subtitle(figure):
    return figure.layout.title.subtitle.text.replace("<br>", " ")


def strings(value):
    """Every string of a figure, the description left out: it is plain text."""
    if isinstance(value, dict):
        return [s for key, item in value.items() if key != "meta" for s in strings(item)]
    if isinstance(value, list):
        return [s for item in value for s in strings(item)]
    return [value] if isinstance(value, str) else []


# --- every picture


@pytest.mark.parametrize("build", PICTURES.values(), ids=PICTURES)
def test_pictures_are_the_same_every_time(build):
    assert build().to_json() == build().to_json()
    assert "uid" not in build().to_json()


@pytest.mark.parametrize("build", PICTURES.values(), ids=PICTURES)
def test_pictures_leave_their_frames_alone(build):
    before = [frame.copy() for frame in (MAP, TREE, CELLS, CANCERS, AUDIT, CLAIMS)]
    build()
    for frame, copy in zip((MAP, TREE, CELLS, CANCERS, AUDIT, CLAIMS), before, strict=True):
        pd.testing.assert_frame_equal(frame, copy)


@pytest.mark.parametrize("build", PICTURES.values(), ids=PICTURES)
def test_description_holds_title_and_subtitle(build):
    figure = build()
    text = figures.describe(figure)
    assert title(figure) in text
    assert subtitle(figure) in text
    assert len(re.findall(r"\. |\.$", text)) >= 4


@pytest.mark.parametrize("build", EMPTY.values(), ids=EMPTY)
def test_empty_frames_say_so(build):
    figure = build()
    assert title(figure).startswith("Nothing curated")
    assert title(figure) in figures.describe(figure)
    json.loads(figure.to_json())


@pytest.mark.parametrize("name", PICTURES)
def test_empty_picture_has_the_traces_of_a_full_one(name):
    """So an explorer can change its one figure in place."""
    full, bare = PICTURES[name](), EMPTY[name]()
    assert [trace.type for trace in full.data] == [trace.type for trace in bare.data]


def test_text_of_tables_is_never_markup():
    named = {
        "relation": EVIL,
        "source": EVIL,
        "target": EVIL,
        "references": EVIL,
        "claim_ids": (EVIL,),
        "basis": EVIL,
    }
    claims = CLAIMS.assign(name=EVIL, claim_id=EVIL, section=EVIL)
    audit = AUDIT.assign(as_printed=EVIL, as_resolved=EVIL, basis=EVIL)
    drawn = [
        figures.resistance_map(MAP.assign(**{**named, "claim_ids": [(EVIL,)] * len(MAP)})),
        figures.mechanism_tree(TREE.assign(name=EVIL, level=EVIL, definition=EVIL)),
        figures.evidence_heatmap(
            CELLS.assign(basis=EVIL, claim_ids=[(EVIL,)] * len(CELLS)),
            TREE.assign(name=EVIL),
            CANCERS.assign(name=EVIL),
        ),
        figures.reference_audit(audit),
        figures.reference_audit(AUDIT.assign(status=EVIL, number=pd.NA, reference_id=EVIL)),
        figures.discussion(claims),
    ]
    for figure in drawn:
        texts = strings(json.loads(figure.to_json()))
        tags = {tag for text in texts for tag in re.findall(r"<[^>]*>?", text)}
        assert tags <= {"<br>", "<b>", "</b>", "<i>", "</i>", "<extra>", "</extra>"}
        assert not [text for text in texts if "$" in text]
        assert any("&lt;script&gt;" in text for text in texts)
        assert "<script>" in figures.describe(figure)


@pytest.mark.parametrize(
    ("build", "column"),
    [
        (lambda: figures.resistance_map(MAP.rename(columns={"n_claims": "n_claim"})), "n_claims"),
        (lambda: figures.mechanism_tree(TREE.rename(columns={"level": "levels"})), "level"),
        (
            lambda: figures.evidence_heatmap(CELLS.drop(columns="n_claims"), TREE, CANCERS),
            "n_claims",
        ),
        (lambda: figures.evidence_heatmap(CELLS, TREE.drop(columns="name"), CANCERS), "name"),
        (lambda: figures.evidence_heatmap(CELLS, TREE, CANCERS.drop(columns="name")), "name"),
        (lambda: figures.reference_audit(AUDIT.drop(columns="as_printed")), "as_printed"),
        (lambda: figures.discussion(CLAIMS.drop(columns="section")), "section"),
    ],
)
def test_missing_column_is_named(build, column):
    with pytest.raises(DataError, match=rf"lacks '{column}'; it has .*; rename a column"):
        build()


def test_missing_column_says_what_is_nearest():
    with pytest.raises(DataError, match="nearest: 'n_claim' for 'n_claims'"):
        figures.resistance_map(MAP.rename(columns={"n_claims": "n_claim"}))
    with pytest.raises(DataError, match="it has no columns"):
        figures.discussion(pd.DataFrame())


def test_something_else_than_a_frame_is_refused():
    with pytest.raises(DataError, match="is a list; give a DataFrame"):
        figures.discussion([1])


def test_foreign_figures_have_no_description():
    with pytest.raises(DataError, match="Figure without a description; describe"):
        figures.describe(go.Figure())


# --- the resistance map


def test_bands_are_the_arrows():
    trace = figures.resistance_map(MAP).data[0]
    link, names = trace.link, trace.node.label
    drawn = {
        (names[source], names[target]): n
        for source, target, n in zip(link.source, link.target, link.value, strict=True)
    }
    assert drawn == {(r.source, r.target): r.n_claims for r in MAP.itertuples()}


def test_countermeasures_and_evidence_widen_a_band():
    frame = arrows(arrow("m1", "s1", n=2, n_evidence=3, n_countermeasures=1), arrow("m2", "s1"))
    frame["n_evidence"] = frame["n_evidence"].astype("Int64")
    figure = figures.resistance_map(frame)
    assert sorted(figure.data[0].link.value) == [1, 6]
    assert "2 claims, 3 evidence items and 1 countermeasure" in figures.describe(figure)
    assert "width = number of supports" in subtitle(figure)


def test_arrow_that_rests_on_nothing_is_not_drawn():
    figure = figures.resistance_map(arrows(arrow("m1", "s1"), arrow("m1", "s2", n=0)))
    assert list(figure.data[0].node.label) == ["Name m1", "Name s1"]


def test_dashes_follow_motivates_and_nothing_else():
    figure = figures.resistance_map(MAP)
    (dashed,) = [shape for shape in figure.layout.shapes if shape.type == "path"]
    assert dashed.path.count("M") == 2 * (MAP["relation"] == "motivates").sum()
    assert dashed.line.dash not in (None, "solid")
    fills = {}
    for row, colour in zip(figure.data[0].link.customdata, figure.data[0].link.color, strict=True):
        fills.setdefault(row[0], set()).add(colour)
    assert {len(colours) for colours in fills.values()} == {1}
    assert len(set.union(*fills.values())) == 3


def test_key_explains_only_what_is_drawn():
    key = {note.text for note in figures.resistance_map(MAP).layout.annotations}
    assert {
        "resistance through",
        "is overcome by (full arrow)",
        "speaks for trying (dashed arrow)",
    } <= key
    alone = {
        n.text
        for n in figures.resistance_map(MAP.query("relation == 'overcomes'")).layout.annotations
    }
    assert not {"resistance through", "speaks for trying (dashed arrow)"} & alone


def test_hover_lists_claims_and_references_with_status():
    trace = figures.resistance_map(MAP).data[0]
    told = [row for row in trace.link.customdata if "claim_m1_s1_0" in row[1]]
    assert told[0][0] == "is overcome by (full arrow)"
    assert told[0][1].startswith("3 claims: ")
    assert told[0][2] == "[7] no trace<br>Basis: no trace"


def test_mechanism_without_a_setting_stands_among_mechanisms():
    trace = figures.resistance_map(MAP).data[0]
    places = dict(zip(trace.node.label, trace.node.x, strict=True))
    assert places["Name m3"] == places["Name m1"] == places["Name m2"]
    assert places["Name c1"] < places["Name m1"] < places["Name s1"]


def test_description_of_the_map_tells_every_arrow():
    text = figures.describe(figures.resistance_map(MAP))
    assert "Name c1 resists through Name m1 (2 claims; no trace)" in text
    assert "Name m1 is overcome by (full arrow) Name s1 (3 claims; no trace)." in text
    assert "Name s2 (1 claim; uncited)" in text
    told = figures.describe(figures.resistance_map(arrows(arrow("t1", "m1", "resists"))))
    assert "Name t1 is resisted through Name m1" in told


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("m1", "s1"), ("m2", "s1"), ("m2", "s2"), ("c1", "m3")],
         "Name s1 is tied to the most mechanisms: 2 of 3"),
        ([("m1", "s1"), ("m2", "s1"), ("m1", "s2")],
         "Name s1 is tied to the most mechanisms: 2 of 2"),
        ([("m1", "s1"), ("m2", "s1"), ("m1", "s2"), ("m2", "s2"), ("c1", "m3")],
         "Tied to the most mechanisms, 2 of 3 each: Name s1; Name s2"),
        ([(m, s) for m in ("m1", "m2") for s in ("s1", "s2", "s3")],
         "Three strategies are tied to the most mechanisms: 2 of 2 each"),
        ([("m1", "s1"), ("m2", "s2")], "Two strategies are proposed, each for one of 2 mechanisms"),
        ([("m1", "s1"), ("c1", "m2")],
         "Name s1 is the only strategy tied to mechanisms: 1 of 2 mechanisms"),
        ([("m1", "s1")], "Name m1: one strategy is proposed, Name s1"),
        ([("m1", "s1"), ("m1", "s2")], "Name m1: two strategies are proposed"),
        ([("c1", "m1")], "Name m1: no strategy is curated"),
        ([("c1", "m1"), ("c1", "m2")], "No strategy is curated for any of these 2 mechanisms"),
    ],
)  # fmt: skip
def test_title_of_the_map_is_the_finding(rows, expected):
    assert title(figures.resistance_map(arrows(*(arrow(*row) for row in rows)))) == expected


@pytest.mark.parametrize(
    ("bases", "expected"),
    [
        (["no_trace"], "The arrow does not rest on a confirmed reference."),
        (["confirmed"], "The arrow rests on a confirmed reference."),
        (["no_trace", "uncited"], "None of 2 arrows rests on a confirmed reference."),
        (["confirmed", "uncited"], "One of 2 arrows rests on a confirmed reference."),
        (["confirmed", "confirmed"], "2 of 2 arrows rest on a confirmed reference."),
        (["not_from_review"], "The arrow rests on a reference that the curators added."),
        (
            ["no_trace", "not_from_review", "not_from_review"],
            "None of 3 arrows rests on a confirmed reference, 2 on one that the curators added.",
        ),
    ],
)
def test_subtitle_of_the_map_says_how_firmly_it_stands(bases, expected):
    rows = [arrow("m1", f"s{n}", basis=basis) for n, basis in enumerate(bases)]
    assert subtitle(figures.resistance_map(arrows(*rows))).endswith(expected)


def test_unknown_kind_is_refused():
    frame = MAP.assign(target_kind="mechanisms")
    with pytest.raises(DataError, match="unknown kind of node 'mechanisms'; nearest: 'mechanism'"):
        figures.resistance_map(frame)


def test_order_avoids_crossings_that_can_be_avoided():
    left, right = [("m", x) for x in "abc"], [("s", x) for x in "abc"]
    tied = [(("m", one), ("s", other), 1.0) for one, other in ("ac", "bb", "ca")]
    ordered = ordering.order([left, right], tied)
    ranks = {node: n for column in ordered for n, node in enumerate(column)}
    assert all(ranks[source] == ranks[target] for source, target, _ in tied)


@pytest.mark.parametrize("n", [1, 2, 8, 30])
def test_neither_labels_nor_nodes_of_a_column_overlap(n):
    claims = {f"Name m{i}": 1 + i % 4 for i in range(n)}
    rows = [arrow("c1", name.removeprefix("Name "), "resists", n) for name, n in claims.items()]
    figure = figures.resistance_map(arrows(*rows))
    node, margin = figure.data[0].node, figure.layout.margin
    body = figure.layout.height - margin.t - margin.b
    # The scale at which Plotly arrives from its padding: the fullest column fills the height.
    total = sum(claims.values())
    scale = min(body / total, (body - (n - 1) * node.pad) / total)
    places = sorted((y * body, name) for name, y in zip(node.label, node.y, strict=True))
    ends = [(y, claims[name] * scale / 2) for y, name in places if name in claims]
    assert len(ends) == n
    assert ends[0][0] - ends[0][1] >= -1
    assert ends[-1][0] + ends[-1][1] <= body + 1
    for (upper, half), (lower, other) in pairwise(ends):
        assert lower - upper >= max(19.5, half + other)


def test_browser_columns_are_those_of_plotly():
    """A mechanism that no setting leads to is put one column before its nearest strategy."""
    rows = flow._rows(MAP)
    columns = [sorted(node[1] for node in column) for column in flow._browser_columns(rows)]
    assert columns == [["c1"], ["m1", "m2", "m3"], ["s1", "s2"]]


# --- the tree


def test_cells_of_the_tree_are_the_mechanisms():
    bars, texts = figures.mechanism_tree(TREE).data
    assert len(bars.x) == len(texts.text) == len(TREE)
    cells = {
        text.split("<br>")[0]: (base, y - width / 2, y + width / 2)
        for text, base, y, width in zip(texts.text, bars.base, bars.y, bars.width, strict=True)
    }
    assert cells["Wide one"][0] == cells["Orphan"][0] == 0 < cells["Narrow one"][0]
    assert cells["Wide one"][1] <= cells["Narrow one"][1]
    assert cells["Wide one"][2] >= cells["Other level"][2]


def test_level_is_said_where_it_begins():
    texts = figures.mechanism_tree(TREE).data[1].text
    assert dict(text.partition("<br>")[::2] for text in texts) == {
        "Wide one": "<i>epigenetic</i>",
        "Narrow one": "",
        "Other level": "<i>genetic</i>",
        "Orphan": "<i>genetic</i>",
    }


def test_same_level_same_colour():
    bars, texts = figures.mechanism_tree(TREE).data
    colours = dict(zip((t.split("<br>")[0] for t in texts.text), bars.marker.color, strict=True))
    assert (
        colours["Wide one"] == colours["Narrow one"] != colours["Orphan"] == colours["Other level"]
    )


@pytest.mark.parametrize("wrap", [dict, pd.Series])
def test_counts_stand_beside_names(wrap):
    figure = figures.mechanism_tree(TREE, counts=wrap({"m1": 4, "m2": 1}))
    shown = [text.split("<br>")[0] for text in figure.data[1].text]
    assert sorted(shown) == ["Narrow one · 1", "Orphan · 0", "Other level · 0", "Wide one · 4"]
    assert "Wide one includes Narrow one (epigenetic, 1 claim)" in figures.describe(figure)


@pytest.mark.parametrize(
    ("rows", "counts", "expected"),
    [
        (
            [0, 1, 2, 3],
            {"m1": 4, "m2": 1},
            "Wide one is the mechanism claimed most often: 4 claims",
        ),
        ([0, 1], {"m1": 1}, "Wide one is the mechanism claimed most often: 1 claim"),
        ([0, 1], {"m1": 2, "m2": 2}, "Two mechanisms are claimed most often: 2 claims each"),
        ([0, 1, 2], None, "Most mechanisms act at the epigenetic level: 2 of 3"),
        ([0, 1, 2], {}, "Most mechanisms act at the epigenetic level: 2 of 3"),
        ([0, 1, 2, 3], None, "4 mechanisms act at 2 levels; none has most"),
        ([0], None, "One mechanism: Wide one, at the epigenetic level"),
    ],
)
def test_title_of_the_tree_is_the_finding(rows, counts, expected):
    assert title(figures.mechanism_tree(TREE.iloc[rows], counts=counts)) == expected


def test_rows_on_a_cycle_are_drawn_once():
    looped = TREE.assign(parent_id=["m2", "m1", None, None])
    assert len(figures.mechanism_tree(looped).data[0].x) == len(TREE)


# --- the heatmap


def test_cells_are_counts_and_never_zero():
    curated, bare = figures.evidence_heatmap(CELLS, TREE, CANCERS).data
    drawn = {
        (y, x): z
        for y, line in zip(curated.y, curated.z, strict=True)
        for x, z in zip(curated.x, line, strict=True)
        if z is not None
    }
    names = dict(zip(TREE["mechanism_id"], TREE["name"], strict=True))
    names |= dict(zip(CANCERS["cancer_type_id"], CANCERS["name"], strict=True))
    assert drawn == {
        (names[row.mechanism_id], names[row.cancer_type_id]): row.n_claims
        for row in CELLS.itertuples()
    }
    for counts, marks in zip(curated.z, bare.text, strict=True):
        assert [n is None for n in counts] == [mark == "\u2013" for mark in marks]
    assert "not curated" in bare.hovertemplate


def test_zero_in_the_frame_is_not_curated_either():
    figure = figures.evidence_heatmap(CELLS.assign(n_claims=0), TREE, CANCERS)
    assert title(figure) == "None of 8 pairs of mechanism and cancer type is curated"
    assert "Lung cancer: nothing curated." in figures.describe(figure)


def test_evidence_counts_as_well():
    figure = figures.evidence_heatmap(CELLS.assign(n_evidence=[0, 2, 0]), TREE, CANCERS)
    assert sorted(z for line in figure.data[0].z for z in line if z) == [2, 3, 3]
    assert "Number of supports" in subtitle(figure)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [0, 1, 2],
            "3 of 8 pairs of mechanism and cancer type are curated; Any cancer has 2 of them",
        ),
        ([0, 2], "2 of 8 pairs of mechanism and cancer type are curated"),
        ([0], "1 of 8 pairs of mechanism and cancer type is curated"),
    ],
)
def test_title_of_the_heatmap_is_the_finding(rows, expected):
    assert title(figures.evidence_heatmap(CELLS.iloc[rows], TREE, CANCERS)) == expected


def test_equal_names_keep_their_own_rows():
    curated = figures.evidence_heatmap(
        CELLS, TREE.assign(name="Same", parent_id=None), CANCERS
    ).data[0]
    assert len(set(curated.y)) == len(TREE)


def test_description_of_the_heatmap_tells_every_cell():
    text = figures.describe(figures.evidence_heatmap(CELLS, TREE, CANCERS))
    assert (
        "Any cancer: Wide one (3 claims) and Narrow one (1 claim); 2 mechanisms not curated."
        in text
    )
    assert "Lung cancer: Wide one (2 claims); 3 mechanisms not curated." in text


def test_long_words_slant_the_heads():
    many = pd.DataFrame(
        {"cancer_type_id": list("abcdefghi"), "parent_id": None, "name": "Adenocarcinoma"}
    )
    assert figures.evidence_heatmap(CELLS, TREE, many).layout.xaxis.tickangle != 0
    assert figures.evidence_heatmap(CELLS, TREE, CANCERS).layout.xaxis.tickangle == 0


# --- the audit


def test_marks_are_the_statuses():
    figure = figures.reference_audit(AUDIT)
    marks = {trace.name: len(trace.x) for trace in figure.data if trace.name}
    assert marks == {"confirmed": 0, "found with other details": 1, "no trace": 2}
    symbols = {trace.marker.symbol for trace in figure.data if trace.name}
    colours = {trace.marker.color for trace in figure.data if trace.name}
    assert len(symbols) == len(colours) == 3
    assert all(
        "trace" in text for trace in figure.data if trace.name == "no trace" for text in trace.text
    )


def test_both_texts_stand_beside_the_mark():
    *_, printed, found = figures.reference_audit(AUDIT).data
    assert [text[:3] for text in printed.text] == ["[1]", "[2]", "[3]"]
    assert [text.replace("<br>", " ") for text in found.text] == [
        "Read instead: Better. Instead. 2019.",
        "Found: Author 2. True title. 2018.",
        "Nothing found; no substitute curated",
    ]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["no_trace", "different_details"], "None of the 2 {could}; one left no trace"),
        (["different_details"] * 2, "None of the 2 {could}"),
        (["confirmed", "no_trace"], "1 of 2 {could}; one left no trace"),
        (["confirmed"] * 2, "All 2 {could}"),
        (["no_trace"], "Reference [1]: no trace"),
        (["no_trace", "not_from_review"], "Reference [1]: no trace"),
    ],
)
def test_title_of_the_audit_is_the_finding(statuses, expected):
    rows = [reference(n, status) for n, status in enumerate(statuses, start=1)]
    finding = expected.format(could="references could be confirmed as printed")
    assert title(figures.reference_audit(pd.DataFrame(rows))) == finding


def test_description_of_the_audit_tells_every_reference():
    text = figures.describe(figures.reference_audit(AUDIT))
    assert (
        "Printed: [1] Author 1. Title 1. Journal. 2020;1:1. Verdict: no trace. Read instead" in text
    )
    assert "Verdict: found with other details. Found: Author 2." in text
    assert "added" not in text


# --- where themes are discussed


def test_dots_are_claims_by_theme_and_paragraph():
    mechanisms, strategies = figures.discussion(CLAIMS).data
    axis = figures.discussion(CLAIMS).layout
    names = dict(zip(axis.yaxis.tickvals, axis.yaxis.ticktext, strict=True))
    drawn = {
        (names[y], x): n
        for trace in (mechanisms, strategies)
        for x, y, n in zip(trace.x, trace.y, trace.marker.size, strict=True)
    }
    # Introduction 1 to 4 come first, then conclusion 1, whatever the order of the names.
    assert drawn == {
        ("Methylation", 1): 2,
        ("Methylation", 4): 1,
        ("Mutation", 3): 1,
        ("Combination", 1): 1,
    }
    assert list(axis.xaxis.ticktext) == ["1", "2", "3", "4", "1"]
    assert mechanisms.marker.symbol != strategies.marker.symbol


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([0, 1, 2, 3, 4], "Methylation is the theme that comes back most: in 2 of 5 paragraphs"),
        ([1, 2, 4], "Coming back most, each in 1 of 4 paragraphs: Methylation; Mutation"),
        ([1, 2, 3, 4], "Three themes come back most: each in 1 of 4 paragraphs"),
        ([0], "Methylation is discussed in conclusion 1"),
    ],
)
def test_title_of_the_discussion_is_the_finding(rows, expected):
    assert title(figures.discussion(CLAIMS.iloc[rows])) == expected


def test_description_of_the_discussion_tells_every_dot():
    text = figures.describe(figures.discussion(CLAIMS))
    assert "Methylation, mechanism: introduction 2 (2 claims) and conclusion 1 (1 claim)." in text
    assert "Combination, strategy: introduction 2 (1 claim)." in text


# --- words


@pytest.mark.parametrize(
    ("names", "limit", "expected"),
    [
        ([], None, ""),
        (["a"], None, "a"),
        (["a", "b", "c"], None, "a, b and c"),
        (["a", "b", "c"], 2, "a, b and 1 more"),
    ],
)
def test_listing(names, limit, expected):
    assert words.listing(names, limit=limit) == expected


@pytest.mark.parametrize("value", [None, pd.NA, float("nan"), "", "  \n"])
def test_missing_text_is_empty(value):
    assert words.plain(value) == words.escape(value) == ""


def test_entities_are_not_cut_by_folding():
    lines = words.folded("<<<< " * 8, 6).split("<br>")
    assert set(lines) == {"&lt;&lt;&lt;&lt;"}


# --- the shipped data


@pytest.fixture(scope="module")
def shipped():
    atlas = ck.load()
    counts = atlas.claim_mechanisms.groupby("mechanism_id")["claim_id"].nunique()
    return {
        "map": figures.resistance_map(ck.links.resistance_map(atlas)),
        "therapies": figures.resistance_map(ck.links.resistance_map(atlas, start="therapy")),
        "tree": figures.mechanism_tree(atlas.mechanisms, counts=counts),
        "heatmap": figures.evidence_heatmap(
            ck.links.mechanism_cancer_types(atlas), atlas.mechanisms, atlas.cancer_types
        ),
        "audit": figures.reference_audit(ck.links.bibliography(atlas)),
        "discussion": figures.discussion(ck.links.claims(atlas)),
    }


@pytest.mark.parametrize("name", ["map", "therapies", "tree", "heatmap", "audit", "discussion"])
def test_shipped_data_is_drawn(shipped, name):
    assert not title(shipped[name]).startswith("Nothing")
    assert figures.describe(shipped[name])


@pytest.mark.parametrize("name", ["map", "therapies"])
def test_maps_stay_light(shipped, name):
    """A lesson shows a few maps and is committed with its outputs."""
    assert len(shipped[name].to_json()) < 8_000 + 600 * len(shipped[name].data[0].link.value)


def test_chosen_claims_are_counted_against_the_whole_document():
    chosen = CLAIMS["claim_id"].iloc[[0]]
    figure = figures.discussion(CLAIMS, only=chosen)
    assert figure.layout.title.text.replace("<b>", "").startswith("1 claim in 1 of 5 paragraphs")
    assert len(figure.layout.xaxis.ticktext) == 5
    assert "1 claim in 1 of 5 paragraphs" in figures.describe(figure)
    assert sum(len(trace.x) for trace in figure.data) == 1
    assert "Nothing curated" in figures.discussion(CLAIMS, only=[]).layout.title.text
