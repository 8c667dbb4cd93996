"""Pictures of genes: what they show, how they tell it apart, and that they never run it."""

import json
import re
from itertools import pairwise

import pandas as pd
import pytest

import cancerres_kit as ck
from cancerres_kit import figures, links
from cancerres_kit.figures import positions, predictions, rates
from cancerres_kit.schema import DataError

EVIL = "<script>alert(1)</script> & $x$ <b>=cmd()"


def item(key, profile, treatment, finding="resistance", level="B", **other):
    return {
        "evidence_id": f"eid:{key}",
        "profile": profile,
        "cancer_type_id": "lung",
        "cancer_type": "Lung cancer",
        "treatment_id": treatment,
        "treatment": f"Drug {treatment}",
        "finding": finding,
        "level": level,
        "references": "[7] no trace",
        "year": 2015,
        "is_flagged": False,
        **other,
    }


ITEMS = pd.DataFrame(
    [
        item(1, "EGFR T790M", "a"),
        item(2, "EGFR T790M", "a", "sensitivity", "A"),
        item(3, "EGFR T790M", "b", "sensitivity", "D"),
        item(4, "EGFR C797S", "b", is_flagged=True),
        item(5, "EGFR C797S", "a", "no resistance", None),
        item(6, "EGFR C797S", "b", level="C", cancer_type_id="gut", cancer_type="Gut cancer"),
    ]
)


def mutation(key, name, start, finding="resistance", **other):
    row = item(key, f"GENE {name}", "a", finding)
    return {**row, "gene": "GENE", "mutation": name, "start": start, "end": start} | {
        "only_with": None,
        **other,
    }


MUTATIONS = pd.DataFrame(
    [
        mutation(1, "T315I", 315),
        mutation(2, "T315I", 315, "sensitivity"),
        mutation(2, "T315I", 315, "sensitivity", treatment_id="b", treatment="Drug b"),
        mutation(3, "T315I", 315, "no resistance"),
        mutation(4, "F317L", 317),
        mutation(5, "A100T", 100, "no sensitivity"),
    ]
).astype({"start": "Int64", "end": "Int64"})


def chain(treatment, profile, after, then=None, **other):
    return {
        "treatment_id": treatment,
        "treatment": f"Drug {treatment}",
        "profile": profile,
        "cancer_type_id": "lung",
        "cancer_type": "Lung cancer",
        "evidence_ids": ("eid:1", "eid:2"),
        "references": "[7] no trace",
        "year": 2005,
        "is_contested": False,
        "next_treatment_id": after,
        "next_treatment": f"Drug {after}",
        "strategies": ("Newer drug",),
        "scope": "alteration",
        "outcome": "worked",
        "next_evidence_ids": ("eid:3",),
        "next_references": "[2] confirmed",
        "next_year": 2014,
        "next_profile": then,
        "next_cancer_type_id": "lung" if then else None,
        "next_cancer_type": "Lung cancer" if then else None,
        "next_resistance_ids": ("eid:4",) if then else (),
        "next_resistance_references": "[3] no trace" if then else None,
        "next_resistance_year": 2015 if then else None,
        "next_is_contested": False if then else None,
        **other,
    }


CHAINS = pd.DataFrame(
    [
        chain("a", "EGFR T790M", "b", "EGFR C797S"),
        chain("a", "EGFR T790M", "c", outcome="did not work", scope="setting"),
        chain("b", "EGFR C797S", "d", is_contested=True),
    ]
)


def arm(key, percent, low=None, high=None, basis=None, **other):
    return {
        "response_rate_id": f"rate:{key}",
        "cancer_type": "Melanoma",
        "regimen": f"regimen {key}",
        "n": 40,
        "responders": None,
        "percent": percent,
        "interval_low_percent": low,
        "interval_high_percent": high,
        "interval_basis": basis,
        "population": "untreated",
        "trial": f"TRIAL {key}",
        "references": "[7] no trace",
        "year": None,
        **other,
    }


RATES = pd.DataFrame(
    [
        arm(1, 10, 4, 20, "computed_wilson", responders=4),
        arm(2, 58, 50, 66, "reported"),
        arm(3, 19),
        arm(4, 17, 11, None, "reported"),
    ]
)
FRAMES = {
    "alteration_heatmap": ITEMS,
    "protein_positions": MUTATIONS,
    "evidence_chain": CHAINS,
    "response_rates": RATES,
}
each_picture = pytest.mark.parametrize("name", FRAMES)


def draw(name, frame=None):
    return getattr(figures, name)(FRAMES[name] if frame is None else frame)


def title(figure):
    return figure.layout.title.text.replace("<br>", " ")


def subtitle(figure):
    return figure.layout.title.subtitle.text.replace("<br>", " ")


def strings(value):
    """Every string of a figure, the description left out: it is plain text."""
    if isinstance(value, dict):
        return [s for key, inner in value.items() if key != "meta" for s in strings(inner)]
    if isinstance(value, list):
        return [s for inner in value for s in strings(inner)]
    return [value] if isinstance(value, str) else []


def trace(figure, name):
    (found,) = [trace for trace in figure.data if trace.name == name]
    return found


def notes(figure):
    return [note.text for note in figure.layout.annotations]


# --- every picture


@each_picture
def test_pictures_are_the_same_every_time_and_leave_their_frames_alone(name):
    before = FRAMES[name].copy()
    assert draw(name).to_json() == draw(name).to_json()
    assert "uid" not in draw(name).to_json()
    pd.testing.assert_frame_equal(FRAMES[name], before)


@each_picture
def test_order_of_rows_does_not_matter(name):
    if name != "evidence_chain":
        turned = FRAMES[name].iloc[::-1]
        assert title(draw(name, turned)) == title(draw(name))
        assert subtitle(draw(name, turned)) == subtitle(draw(name))


@each_picture
def test_description_holds_title_and_subtitle(name):
    figure = draw(name)
    text = figures.describe(figure)
    assert title(figure) in text
    assert subtitle(figure) in text
    assert len(re.findall(r"\. |\.$", text)) >= 4


@each_picture
def test_empty_frames_say_so_with_the_same_traces(name):
    empty, full = draw(name, FRAMES[name].iloc[:0]), draw(name)
    assert title(empty).startswith("Nothing curated")
    assert title(empty) in figures.describe(empty)
    assert [trace.type for trace in empty.data] == [trace.type for trace in full.data]


@each_picture
def test_missing_column_is_named(name):
    column = FRAMES[name].columns[0]
    frame = FRAMES[name].rename(columns={column: column + "s"})
    near = f"nearest: '{column}s' for '{column}'"
    with pytest.raises(DataError, match=rf"lacks '{column}'; it has .*{near}; rename a column"):
        draw(name, frame)
    with pytest.raises(DataError, match="is a list; give a DataFrame"):
        draw(name, [1])


@each_picture
def test_text_of_tables_is_never_markup(name):
    frame = FRAMES[name].copy()
    kept = {"finding", "interval_basis", "scope"}
    for column in frame.columns:
        if column not in kept and isinstance(frame[column].iloc[0], str):
            frame[column] = EVIL
        if isinstance(frame[column].iloc[0], tuple):
            frame[column] = [(EVIL,)] * len(frame)
    figure = draw(name, frame)
    texts = strings(json.loads(figure.to_json()))
    tags = {tag for text in texts for tag in re.findall(r"<[^>]*>?", text)}
    assert tags <= {"<br>", "<b>", "</b>", "<i>", "</i>", "<extra>", "</extra>"}
    assert not [text for text in texts if "$" in text]
    assert any("&lt;script&gt;" in text for text in texts)
    assert "<script>" in figures.describe(figure)


@pytest.mark.parametrize("gene", ["EGFR", "ALK", "ABL1", "KIT", "ESR1"])
def test_shipped_evidence_can_be_drawn(gene):
    atlas = ck.load()
    items = links.alteration_items(atlas, gene=gene)
    drawn = [figures.alteration_heatmap(items)]
    drawn.append(figures.protein_positions(links.mutations(atlas, gene)))
    drawn.append(figures.evidence_chain(links.chains(atlas, gene)))
    assert not [figure for figure in drawn if title(figure).startswith("Nothing curated")]
    told = figures.describe(drawn[0])
    assert all(profile in told for profile in items["profile"])


def test_shipped_rates_can_be_drawn():
    every = links.rates(ck.load())
    told = figures.describe(figures.response_rates(every))
    assert all(regimen in told for regimen in every["regimen"])


# --- predictions


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        (["resistance"], "resistance"),
        (["resistance", "no sensitivity"], "resistance"),
        (["resistance", "no resistance"], "conflicting"),
        (["resistance", "sensitivity"], "conflicting"),
        (["sensitivity", "no sensitivity"], "conflicting"),
        (["sensitivity", "no resistance"], "sensitivity"),
        (["no resistance"], "none"),
        (["no resistance", "no sensitivity"], "none"),
    ],
)
def test_findings_that_differ_conflict_and_are_not_counted(findings, expected):
    assert predictions.prediction(findings) == expected
    assert predictions.prediction(findings * 3) == expected


def test_predictions_differ_in_shape_colour_and_word():
    for told in (predictions.SYMBOLS, predictions.COLOURS, predictions.WORDS):
        assert len(set(told.values())) == 4


@pytest.mark.parametrize(
    ("levels", "best"), [(["C", "A", "B"], "A"), ([None, "E"], "E"), ([None], "?")]
)
def test_best_level_is_the_first_letter(levels, best):
    assert predictions.level([{"level": one} for one in levels]) == best


@pytest.mark.parametrize("name", ["alteration_heatmap", "protein_positions"])
def test_unknown_finding_is_refused(name):
    with pytest.raises(DataError, match="unknown finding 'resistant'; nearest: 'resistance'"):
        draw(name, FRAMES[name].assign(finding="resistant"))


# --- alteration by treatment


def test_conflict_has_a_shape_of_its_own():
    figure = draw("alteration_heatmap")
    shapes = {trace.marker.symbol: len(trace.x) for trace in figure.data[1:]}
    assert shapes == {"square": 2, "circle": 1, "diamond": 1, "x-thin-open": 1}
    assert list(trace(figure, "conflicting").text) == ["A"]
    assert "Drug a conflicting (level A, 2 items)" in figures.describe(figure)


def test_cancer_types_are_not_mixed():
    apart = ITEMS[ITEMS["evidence_id"].isin(["eid:1", "eid:6"])].assign(
        profile="EGFR T790M", treatment_id="a", finding=["resistance", "sensitivity"]
    )
    figure = draw("alteration_heatmap", apart)
    assert not trace(figure, "conflicting").x
    assert "in Gut cancer unless said otherwise" in subtitle(figure)
    assert set(figure.layout.yaxis.ticktext) == {"EGFR T790M", "EGFR T790M<br><i>Lung cancer</i>"}


def test_grey_is_where_nothing_is_curated():
    ground = draw("alteration_heatmap").data[0]
    cells = [cell for line in ground.z for cell in line]
    assert (
        cells.count(None)
        == ITEMS.drop_duplicates(["profile", "cancer_type_id", "treatment_id"]).shape[0]
    )


def test_hover_lists_items_with_status_and_flag():
    (told,) = trace(draw("alteration_heatmap"), "conflicting").customdata
    assert "eid:1" in told
    assert "sensitivity, level A" in told
    assert "[7] no trace" in told
    flagged = trace(draw("alteration_heatmap"), "resistance").customdata
    assert any("flagged by its source" in text for text in flagged)


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ([1, 2, 3, 4], "The evidence disagrees in one of 3 pairs of alteration and treatment"),
        ([1, 4, 6, 3], "3 of 4 pairs of alteration and treatment show resistance; none is conflic"),
        ([3], "EGFR T790M and Drug b: sensitivity"),
    ],
)
def test_title_of_the_heatmap_is_the_finding(kept, expected):
    frame = ITEMS[ITEMS["evidence_id"].isin([f"eid:{n}" for n in kept])]
    assert title(draw("alteration_heatmap", frame)).startswith(expected)


def test_what_does_not_fit_is_counted():
    rows = [item(n, f"EGFR A{n}T", f"d{n % 30}") for n in range(90)]
    told = subtitle(draw("alteration_heatmap", pd.DataFrame(rows)))
    assert re.search(r"Left out, with fewest items: \d+ alterations and \d+ treatments", told)
    assert "Left out" not in subtitle(draw("alteration_heatmap"))


# --- positions


def test_one_mark_is_one_item():
    figure = draw("protein_positions")
    marks = [trace for trace in figure.data if trace.mode == "markers"]
    assert sum(len(trace.x) for trace in marks) == 5
    assert "5 items in all" in subtitle(figure)
    hover = trace(figure, "predicts sensitivity").customdata[0]
    assert "Drug a or Drug b" in hover


def test_items_that_speak_against_are_crossed_out():
    figure = draw("protein_positions")
    for name, symbol in (
        ("predicts resistance", "square"),
        ("speaks against resistance", "square-x"),
        ("speaks against sensitivity", "circle-x"),
    ):
        assert trace(figure, name).marker.symbol == symbol
    assert "Hollow" not in subtitle(figure)


def test_mutation_that_resists_only_together_with_another_is_hollow_and_not_counted():
    frame = MUTATIONS.assign(only_with=[None, None, None, None, "GENE T315I", None])
    figure = draw("protein_positions", frame)
    hollow = trace(figure, "predicts resistance, only together with others")
    assert list(hollow.x) == [places(figure)["F317L"]]
    assert hollow.marker.color == "#ffffff"
    assert "only together with GENE T315I" in hollow.customdata[0]
    assert title(figure).startswith(
        "1 of 3 GENE mutations has at least one item for resistance by itself"
    )
    assert "Hollow = the item asks for other alterations too" in subtitle(figure)
    assert "F317L: 1 item predicts resistance (only together with GENE T315I)" in (
        figures.describe(figure)
    )


def places(figure):
    return {note.text: note.x for note in figure.layout.annotations}


@pytest.mark.parametrize("gene", ["IDH1", "IDH2"])
def test_sensitising_driver_is_not_said_to_resist(gene):
    figure = draw("protein_positions", links.mutations(ck.load(), gene))
    assert title(figure).startswith("None of ")
    assert not trace(figure, "predicts resistance").x


def test_verbs_agree_with_the_number_of_items():
    frame = pd.DataFrame([mutation(n, "T315I", 315) for n in (1, 2)])
    assert "T315I: 2 items predict resistance;" in figures.describe(
        draw("protein_positions", frame)
    )


def test_stems_stand_at_their_residues_and_apart():
    figure = draw("protein_positions")
    stems = figure.data[0]
    assert [x for x, y in zip(stems.x, stems.y, strict=True) if y == 0] == [100, 315, 317]
    places = sorted({x for trace in figure.data[1:] for x in trace.x})
    low, high = figure.layout.xaxis.range
    gaps = [later - earlier for earlier, later in pairwise(places)]
    assert min(gaps) >= 0.99 * positions.APART * (high - low)
    assert low <= 100
    assert high >= 317
    assert {"T315I", "F317L", "A100T"} == set(notes(figure))


def test_crowded_stems_keep_their_order():
    frame = pd.DataFrame([mutation(n, f"A{n}T", 500 + n // 3) for n in range(60)])
    figure = draw("protein_positions", frame)
    names = sorted(figure.layout.annotations, key=lambda note: note.x)
    assert len({note.x for note in names}) == 60
    starts = [500 + int(note.text[1:-1]) // 3 for note in names]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        (
            [1, 2, 3, 4, 5],
            "2 of 3 GENE mutations have at least one item for resistance; T315I has most items (3)",
        ),
        ([1, 4, 5], "2 of 3 GENE mutations have at least one item for resistance; each has 1 item"),
        ([1, 2, 3], "GENE T315I: 3 evidence items"),
    ],
)
def test_title_of_the_positions_is_the_finding(kept, expected):
    frame = MUTATIONS[MUTATIONS["evidence_id"].isin([f"eid:{n}" for n in kept])]
    assert title(draw("protein_positions", frame)) == expected


def test_two_genes_are_refused():
    frame = MUTATIONS.assign(gene=["GENE", "OTHER", *["GENE"] * 4])
    with pytest.raises(DataError, match="holds 'GENE' and 'OTHER'; draw one gene at a time"):
        draw("protein_positions", frame)


# --- chains


def test_equal_beginnings_of_chains_are_one_box():
    figure = draw("evidence_chain")
    boxes = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert len(boxes) == 2 + 2 + 3 + 3
    assert sum("Drug a" in text for text in notes(figure)) == 1


def test_steps_carry_year_outcome_and_dispute():
    text = " ".join(notes(draw("evidence_chain"))).replace("<br>", " ")
    assert "2005: 2 items" in text
    assert "others disagree" in text
    assert "2014: worked, same alteration" in text
    assert "2014: did not work, same setting" in text
    assert text.count("no resistance curated") == 2


def test_chain_says_that_it_is_no_pathway():
    figure = draw("evidence_chain")
    assert "evidence, not a treatment pathway" in subtitle(figure)
    assert "resisted by EGFR C797S (2015: 1 item)" in figures.describe(figure)


def test_hover_of_a_step_names_items_and_references_with_status():
    hovers = draw("evidence_chain").data[0].customdata
    assert len(hovers) == 2 + 3 + 1
    told = " ".join(hovers)
    assert "eid:1 and eid:2<br>[7] no trace" in told
    assert "Newer drug<br>2014: worked, same alteration<br>eid:3<br>[2] confirmed" in told
    assert "eid:4<br>[3] no trace" in told


def test_cancer_type_is_said_once_and_where_it_differs():
    frame = CHAINS.assign(cancer_type=["Lung cancer", "Lung cancer", "Gut cancer"])
    figure = draw("evidence_chain", frame)
    assert "In Lung cancer unless said otherwise" in subtitle(figure)
    text = " ".join(notes(figure))
    assert "Gut cancer" in text
    assert "Lung cancer" not in text


def test_step_without_a_year_says_so():
    figure = draw("evidence_chain", CHAINS.assign(year=None))
    assert any("no year: 2 items" in text for text in notes(figure))


def test_boxes_of_a_chain_share_their_height():
    boxes = draw("evidence_chain").layout.shapes
    bottoms = {}
    for box in boxes:
        bottoms.setdefault(box.x0, []).append(box.y1)
    assert len({max(column) for column in bottoms.values()}) == 1


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([0, 1, 2], "Of three treatments tried against resistance, one was resisted in turn"),
        ([1, 2], "Of two treatments tried against resistance, none has a resistance curated yet"),
        ([0], "Drug b, tried against resistance, was resisted in its turn"),
        ([2], "Drug d, tried against resistance, has no resistance curated yet"),
    ],
)
def test_title_of_the_chains_is_the_finding(rows, expected):
    assert title(draw("evidence_chain", CHAINS.iloc[rows])) == expected


# --- response rates


def test_rates_are_sorted_and_named():
    figure = draw("response_rates")
    places = {
        float(x): y for trace in figure.data if trace.mode == "markers" for x, y in
        zip(trace.x, trace.y, strict=True)
    }  # fmt: skip
    assert sorted(places, key=places.get) == [58, 19, 17, 10]
    assert "58 % (50 to 66), n = 40" in notes(figure)


def test_reported_and_computed_intervals_differ_in_shape_line_and_word():
    figure = draw("response_rates")
    kinds = [(figure.data[n].line.dash, figure.data[n + 1].marker.symbol) for n in (0, 2, 4)]
    assert len({symbol for _, symbol in kinds}) == 3
    assert kinds[0][0] != kinds[1][0]
    assert {kind[0] for kind in rates.KINDS.values()} == {
        trace.name for trace in figure.data if trace.name
    }
    hover = trace(figure, "interval computed from n and responders").customdata[0]
    assert "computed by Wilson" in hover
    assert "4 of 40 patients" in hover


def test_end_that_is_not_given_is_not_drawn():
    figure = draw("response_rates")
    lines = figure.data[0]
    assert list(lines.x) == [50, 66, None, 11, 17, None]
    assert "17 % (11 to ?), n = 40" in notes(figure)
    assert "19 %, n = 40" in notes(figure)


def test_subtitle_says_what_non_response_is_not():
    told = subtitle(draw("response_rates"))
    assert "includes stable disease" in told
    assert "bounds primary resistance and does not measure it" in told
    assert told.endswith("1 of 4 without an interval.")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [0, 1, 2, 3],
            "In 3 of 4 trial arms or subgroups fewer than half of the patients responded",
        ),
        (
            [0, 2],
            f"In none of 2 {rates.ROWS} did half of the patients respond; the most was 19 %",
        ),
        ([1], "Melanoma: regimen 2: 58 % of patients responded"),
    ],
)
def test_title_of_the_rates_is_the_finding(rows, expected):
    assert title(draw("response_rates", RATES.iloc[rows])) == expected


def test_unknown_interval_basis_is_refused():
    with pytest.raises(DataError, match="unknown interval basis 'computed'; nearest: "):
        draw("response_rates", RATES.assign(interval_basis="computed"))
