"""Burdens: lines equal single answers, draws agree with lines, published cases come out again."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import cancerres_kit as ck
from cancerres_kit.models import (
    Fluctuation,
    Mutation,
    branching,
    burdens,
    influences,
    plates,
    published_cases,
    sequential,
    shares,
)

SIZES = (1.0, 1e3, 1e9, 1e11)
DEMEREC = "luria_delbruck_mle_m_demerec_lea_coulson"


@pytest.fixture(scope="module")
def numbers():
    return ck.load().published_numbers


@pytest.mark.parametrize("joint", [0, 1])
def test_lines_equal_single_answers(joint):
    model = Mutation(cross_resistance=joint)
    fails = burdens.failures(model, switch=180, burdens=SIZES, marked=()).set_index(["series", "x"])
    turns = sequential("drug_1", "drug_2", switch=180)
    for size in SIZES:
        two = model.with_(burden=size)
        three = two.with_(drugs=3)
        one = two.with_(drugs=1, mutations=50 + joint, cross_resistance=0)
        for series, expected in (
            ("One drug", one.failure()),
            ("Two drugs in turn (switch on day 180)", two.failure(schedule=turns)),
            ("Two drugs together", two.failure()),
            ("Three drugs together", three.failure()),
        ):
            assert fails.loc[(series, size), "y"] == pytest.approx(expected, rel=1e-6, abs=1e-300)


def test_sizes_need_not_ascend_and_may_be_none():
    up = burdens.resistant(Mutation(), drugs=(2,), burdens=SIZES, marked=())["y"]
    down = burdens.resistant(Mutation(), drugs=(2,), burdens=SIZES[::-1], marked=())["y"]
    np.testing.assert_allclose(up, down[::-1])
    assert burdens.failures(Mutation(), burdens=(), marked=()).empty


@pytest.mark.parametrize("joint", [0, 1])
def test_draws_agree_with_lines(joint):
    frame = burdens.failures(
        Mutation(cross_resistance=joint), switch=180, marked=(1e7, 1e8, 1e9), clones=60_000
    )
    both = shares.beside(frame)
    assert len(both) == 12
    error = 3 * np.sqrt(np.maximum(both["exact"] * (1 - both["exact"]), 1 / both["patients"]))
    assert (np.abs(both["y"] - both["exact"]) <= error / np.sqrt(both["patients"])).all()
    assert both["held"].sum() >= 10


def test_median_is_below_the_mean_and_within_its_percentiles():
    frame = burdens.resistant(Mutation(), drugs=(1,), burdens=(1e9,), marked=(1e9,))
    mean, drawn = frame["y"]
    assert drawn < mean / 2
    assert frame["low"].iloc[1] <= drawn <= frame["high"].iloc[1]


def test_marks_are_left_out_where_too_many_clones_would_be_drawn():
    frame = burdens.failures(Mutation(), drugs=(2,), burdens=(), marked=(1e8, 1e12))
    assert frame["x"].tolist() == [1e8]


def test_one_drug_counts_what_resists_both():
    one = burdens.with_drugs(Mutation(cross_resistance=3), 1)
    assert (one.drugs, one.mutations, one.cross_resistance) == (1, 53, 0)


def test_a_spectrum_is_bound_to_its_drugs():
    with pytest.raises(ck.DataError, match="bound to its drugs; set mutations"):
        burdens.with_drugs(Mutation(spectrum={"drug_1": 5}), 3)


def test_a_solver_that_stalls_is_replaced(monkeypatch):
    expected = Mutation().failure()
    used = []

    def spy(*given, method, **more):
        used.append(method)
        return solve_ivp(*given, method=method, **more)

    monkeypatch.setattr(branching, "MOST_CALLS", 50)
    monkeypatch.setattr(branching, "solve_ivp", spy)
    assert Mutation().failure() == pytest.approx(expected, rel=1e-6)
    assert used == ["LSODA", "DOP853"]


# --- What decides


def test_burden_and_mutation_rate_outweigh_kill():
    moved = influences.influence(Mutation(), factors=(0.1, 1, 10)).set_index(["name", "x"])["y"]
    as_it_is = moved["burden", 1]
    assert moved["burden", 10] == pytest.approx(10 * as_it_is, rel=0.1)
    assert moved["mutation_rate", 10] > 50 * as_it_is
    assert moved["kill", 10] > 0.7 * as_it_is
    assert moved["kill", 0.1] == pytest.approx(1)


def test_a_switch_can_come_too_early_and_too_late():
    turns = influences.in_turn(Mutation(), [30, 360, 1440])
    early, between, late = turns["in_turn"]
    assert early > 0.9
    assert late > 0.9
    assert turns["together"].iloc[0] < between < 0.1


# --- Shares


@pytest.mark.parametrize(
    ("n", "low", "high"), [(0, 0, 0.0370), (50, 0.4038, 0.5962), (100, 0.963, 1)]
)
def test_interval_by_wilson(n, low, high):
    share, below, above = shares.interval(n, 100)
    assert share == n / 100
    assert (below, above) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0 %"),
        (1e-7, "less than 0.001 %"),
        (0.0012315, "0.123 %"),
        (0.99999, "more than 99.9 %"),
        (1, "100 %"),
    ],
)
def test_a_share_is_never_rounded_to_none_or_all(value, said):
    assert shares.share(value) == said


def test_shares_are_told_in_words():
    frame = burdens.failures(Mutation(), burdens=(1e9,), drugs=(1, 2), marked=())
    assert shares.told(frame) == "one drug 100 %, two drugs together 0.123 %"


# --- Published cases


def test_published_patients_come_out_again(numbers):
    table = published_cases.patients(numbers)
    assert len(table) == 22
    assert table["agrees"].all()
    assert table["burden"].is_monotonic_decreasing
    assert (table["ours_without"] < 0.05).sum() == 8
    assert (1 - table["ours_with"]).sum() == pytest.approx(0.62, abs=0.005)
    fast = published_cases.patients(numbers, method="backward", birth=1, death=0.99)
    assert fast["ours_without"].mean() == pytest.approx(0.351, abs=5e-4)


def test_rebuilt_patients_as_marks(numbers):
    table = published_cases.patients(numbers)
    marks = published_cases.marks(table)
    assert marks.groupby(["series", "kind"]).size().eq(22).all()
    published = marks.query("kind == 'published' and series == 'One mutation resists both'")
    assert published["y"].tolist() == table["published_with"].tolist()


def test_cases_that_are_not_there_are_refused(numbers):
    with pytest.raises(ck.DataError, match="unknown number 'demerec'"):
        published_cases.parameters(numbers, "demerec")
    with pytest.raises(ck.DataError, match=r"give atlas\.published_numbers"):
        published_cases.patients(numbers[numbers["model"].eq("luria_delbruck")])


def test_counts_follow_the_law_of_mutations_before_the_drug(numbers):
    counts = published_cases.parameters(numbers, DEMEREC)["data"]
    model = Fluctuation(events=Fluctuation().estimate(counts)["events"].item())
    frame = plates.cumulative(model, counts)
    seen = frame[frame["kind"].eq("published")]
    assert seen["y"].iloc[-1] == 1
    assert seen["y"].is_monotonic_increasing
    law = frame[frame["kind"].eq("exact") & frame["series"].eq(plates.BEFORE)]
    caused = frame[frame["series"].eq(plates.CAUSED)]
    distance = {
        name: np.abs(np.interp(seen["x"], part["x"], part["y"]) - seen["y"]).max()
        for name, part in (("before", law), ("caused", caused))
    }
    assert distance["before"] < 0.15 < 0.5 < distance["caused"]
    drawn = frame[frame["kind"].eq("simulated")]
    assert drawn["y"].between(drawn["low"], drawn["high"]).all()
    assert np.abs(np.interp(drawn["x"], law["x"], law["y"]) - drawn["y"]).max() < 0.06
