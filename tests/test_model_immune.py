"""Effectors and tumour: steady states, thresholds, both routes of resistance, and limits."""

import math

import numpy as np
import published
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from cancerres_kit.models import adaptive, continuous, none, pulsed
from cancerres_kit.models.effectors import LONGEST_STEP
from cancerres_kit.models.immune import Immune
from cancerres_kit.schema import DataError

DRUG = continuous("checkpoint_inhibitor")
# Names in the table of numbers -> ours.
RENAMED = {"s": "sigma"}
PLACES = {"tumour-free": 0, "dormant": 1, "saddle": 2, "escape": 3}
STABILITY = {"tumour-free": "saddle", "dormant": "stable", "saddle": "saddle", "escape": "stable"}


def sizes(frame):
    """Tumour of both clones over time [cells]."""
    wide = frame.pivot(index="time_days", columns="compartment", values="value")
    return (wide["tumour"] + wide["antigen_loss"]).to_numpy()


@pytest.mark.parametrize("row", published.rows("kuznetsov1994"))
def test_steady_states_are_those_recalled(row):
    model = Immune(**{RENAMED.get(name, name): value for name, value in row.parameters.items()})
    place = next(name for name in PLACES if f": {name}" in row.quantity)
    found = model.steady_states().iloc[PLACES[place]]
    assert row.equals(found["tumour"])
    assert found["stability"] == STABILITY[place]


def test_nothing_recalled_or_secondary_is_called_published():
    assert not any(source.is_published for source in Immune().sources)
    assert "the paper was not read" in " ".join(Immune().caveats)


@pytest.mark.parametrize("dose", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("changed", [{}, {"rho": 0.6}, {"sigma": 0.03}, {"mu": 0.0}, {"kappa": 0}])
def test_steady_states_do_not_move(changed, dose):
    model = Immune(**changed)
    flow = model.flow(dose)
    states = model.steady_states(dose)
    assert len(states) >= 2
    for x, y in states[["effectors", "tumour"]].to_numpy():
        slopes = flow.slopes((x, math.log(y) if y else -math.inf, -math.inf))
        assert slopes[0] == pytest.approx(0, abs=1e-7)
        assert not y or slopes[1] == pytest.approx(0, abs=1e-7)


def test_more_kill_takes_the_escape_state_away():
    model = Immune()
    threshold = model.exact("escape_threshold")
    assert threshold == pytest.approx(1.6408, abs=1e-4)
    for kappa, count in [(threshold - 1e-4, 2), (threshold + 1e-4, 1)]:
        states = model.with_(kappa=kappa).steady_states()
        assert (states["stability"] == "stable").sum() == count
    assert model.is_bistable()
    assert not model.is_bistable(dose=1)  # a lift of 2 is past the threshold


def test_thresholds_are_those_of_a_scan_in_steps():
    """Scanned in steps of .05 the escape is first missing at 1.65, 4.2 and not up to 6."""
    thresholds = [Immune(**each).escape_threshold() for each in ({}, {"rho": 0.6}, {"sigma": 0.03})]
    scanned = [math.ceil(each / 0.05) * 0.05 for each in thresholds]
    assert scanned[:2] == pytest.approx([1.65, 4.2])
    assert thresholds[2] > 6


def test_threshold_moves_against_the_influx():
    """kappa always stands beside sigma, so half the influx needs twice the kill."""
    assert Immune(sigma=0.05905).escape_threshold() == pytest.approx(
        2 * Immune(sigma=0.1181).escape_threshold()
    )


def test_dormancy_needs_no_kill_where_recruitment_outruns_losses():
    assert Immune().dormancy_threshold() == 0
    assert 0 < Immune(rho=0.6).dormancy_threshold() < Immune(rho=0.6).escape_threshold()
    assert math.isnan(Immune(rho=0.0).dormancy_threshold())
    assert math.isnan(Immune(sigma=0).escape_threshold())


@pytest.mark.parametrize(("mu", "kappa", "state"), [(0, 1, "dormant"), (0.00311, 0, "escape")])
def test_a_single_tumour_state_is_named_by_its_size(mu, kappa, state):
    assert Immune(mu=mu, kappa=kappa).steady_states()["state"].tolist() == ["tumour-free", state]


def test_small_tumours_are_cleared_past_their_threshold():
    threshold = Immune().exact("clearance_threshold")
    assert threshold == pytest.approx(1.636 * 0.3743 / 0.1181)
    for kappa, state in [(0.99 * threshold, "saddle"), (1.01 * threshold, "stable")]:
        assert Immune(kappa=kappa).steady_states().iloc[0]["stability"] == state
    assert Immune(sigma=0).clearance_threshold() == math.inf


@pytest.mark.parametrize("dose", [0.0, 0.5])
def test_start_decides_on_either_side_of_the_separatrix(dose):
    model = Immune()
    critical = model.exact("critical_start", dose=dose)
    schedule = continuous("checkpoint_inhibitor", dose=dose) if dose else none()
    states = model.steady_states(dose).set_index("state")["tumour_cells"]
    for factor, state in [(0.99, "dormant"), (1.01, "escape")]:
        run = model.with_(start_tumour=factor * critical).simulate(schedule, 3000)
        assert sizes(run)[-1] == pytest.approx(states[state], rel=0.01)


def test_separatrix_runs_through_the_saddle_only_where_there_are_two_ends():
    line = Immune().separatrix()
    saddle = Immune().steady_states().set_index("state").loc["threshold"]
    nearest = (line[["effectors", "tumour"]] - saddle[["effectors", "tumour"]].astype(float)).abs()
    assert nearest.sum(axis=1).min() < 1e-9
    assert Immune().separatrix(dose=1).empty
    assert math.isnan(Immune().critical_start(dose=1))


def test_drug_turns_escape_into_control():
    untreated, treated = (Immune().outcomes(each, 1000).iloc[0] for each in (none(), DRUG))
    assert untreated["failed"]
    assert untreated["route"] == "primary"
    assert not treated["failed"]
    assert treated["route"] == "controlled"
    assert math.isnan(treated["ttp_days"])


@pytest.mark.parametrize("poor", [{"rho": 0.6}, {"sigma": 0.03}])
def test_poor_infiltration_is_primary_resistance(poor):
    model = Immune(**poor)
    outcome = model.outcomes(DRUG, 1000).iloc[0]
    assert outcome["route"] == "primary"
    lift = 1.1 * model.escape_threshold()
    assert model.with_(lift=lift).outcomes(DRUG, 1000).iloc[0]["route"] == "controlled"


def test_antigen_loss_is_acquired_resistance():
    outcome = Immune(antigen_loss=1e-4).outcomes(DRUG, 1000).iloc[0]
    assert outcome["route"] == "acquired"
    assert outcome["nadir_cells"] < 0.5 * 3e8
    assert outcome["antigen_loss_share"] > 0.99
    rarer = Immune(antigen_loss=1e-6).outcomes(DRUG, 1000).iloc[0]
    assert rarer["ttp_days"] > outcome["ttp_days"]


def test_a_clone_of_less_than_one_cell_is_not_there():
    clone = Immune(antigen_loss=1e-9)  # 0.3 cells of 3e8
    run = clone.simulate(DRUG, 2000)
    assert (run.loc[run["compartment"] == "antigen_loss", "value"] == 0).all()
    assert clone.outcomes(DRUG, 2000).iloc[0]["route"] == "controlled"


def test_a_cleared_tumour_stays_away_when_the_drug_is_stopped():
    model = Immune(lift=200)
    run = model.simulate(pulsed("checkpoint_inhibitor", on=60, off=940), 1000)
    after = sizes(run)[run["time_days"].unique() > 60]
    assert (after == 0).all()


def test_effectors_without_influx_do_not_regrow_from_less_than_one():
    model = Immune(sigma=0, start_effectors=0)
    run = model.simulate(none(), 200)
    assert (run.loc[run["compartment"] == "effectors", "value"] == 0).all()


@pytest.mark.parametrize(
    "model",
    [
        Immune(),
        Immune(antigen_loss=0.01, visibility=0.3),
        Immune(kappa=0.5, start_tumour=1e6),
        Immune(rho=3.0, mu=0.01, lift=5),
    ],
)
def test_runs_agree_with_an_adaptive_solver(model):
    flow = model.flow(1)
    loss = model.antigen_loss * model.start_tumour / 1e6

    def slopes(_, at):
        x, y, z = at
        seen = y + flow.visibility * z
        growth = flow.alpha * (1 - flow.beta * (y + z))
        recruited = flow.rho * seen / (flow.eta + seen) - flow.mu * seen - flow.delta
        kills = flow.kappa * x, flow.visibility * flow.kappa * x
        return [flow.sigma + x * recruited, (growth - kills[0]) * y, (growth - kills[1]) * z]

    start = [model.start_effectors / 1e6, model.start_tumour / 1e6 - loss, loss]
    days = np.linspace(0, 300, 31)
    span = days / model.days_per_unit
    right = solve_ivp(slopes, (0, span[-1]), start, t_eval=span, rtol=1e-10, atol=1e-12).y
    run = model.simulate(DRUG, 300, times=days)
    wide = run.pivot(index="time_days", columns="compartment", values="value") / 1e6
    ours = wide[["effectors", "tumour", "antigen_loss"]].to_numpy().T
    assert ours == pytest.approx(right, rel=2e-4, abs=1e-6)


def test_without_kill_the_tumour_grows_logistically():
    model = Immune(kappa=0, start_tumour=1e6)
    days = np.linspace(0, 100, 11)
    growth = np.exp(model.alpha * days / model.days_per_unit)
    right = 5e8 * growth / (5e8 / 1e6 - 1 + growth)
    assert sizes(model.simulate(DRUG, 100, times=days)) == pytest.approx(right, rel=1e-6)


def test_a_fully_visible_clone_is_no_clone():
    plain, cloned = (
        sizes(Immune(antigen_loss=share, visibility=1).simulate(DRUG, 500)) for share in (0, 0.3)
    )
    assert cloned == pytest.approx(plain, rel=1e-9)


def test_no_lift_is_no_drug():
    model = Immune(lift=1)
    assert sizes(model.simulate(DRUG, 300)) == pytest.approx(sizes(model.simulate(none(), 300)))


def test_spread_makes_patients_differ_and_a_seed_repeats_them():
    model = Immune(spread=1.0)
    first, again, other = (model.outcomes(DRUG, 400, patients=40, seed=s) for s in (1, 1, 2))
    assert first.equals(again)
    assert not first["influx"].equals(other["influx"])
    assert set(first["route"]) == {"controlled", "primary"}
    one = Immune(sigma=float(first["influx"][0])).outcomes(DRUG, 400).iloc[0]
    assert one["end_cells"] == pytest.approx(first["end_cells"][0], rel=1e-9)


def test_patients_alike_are_followed_once():
    run = Immune().simulate(DRUG, 50, patients=3, times=[0, 50])
    assert run.groupby(["time_days", "compartment"], observed=True)["value"].nunique().max() == 1
    assert run["patient"].max() == 3


def test_adaptive_dosing_follows_the_tumour():
    rule = adaptive("checkpoint_inhibitor", stop=0.5, resume=1.0)
    held = sizes(Immune().simulate(rule, 400))
    always = sizes(Immune().simulate(DRUG, 400))
    assert held[0] == always[0]
    assert held.max() >= always.max()
    alike = Immune(spread=1e-12).simulate(rule, 400, patients=2, seed=1)  # arrays, not numbers
    assert sizes(alike[alike["patient"] == 2]) == pytest.approx(held, rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(
    kappa=st.floats(0, 50),
    rho=st.floats(0, 5),
    sigma=st.floats(0, 2),
    mu=st.floats(0, 0.05),
    loss=st.floats(0, 1),
    visibility=st.floats(0, 1),
    start=st.floats(1, 5e8),
    lift=st.floats(1, 100),
)
def test_cells_stay_between_none_and_the_capacity(
    kappa, rho, sigma, mu, loss, visibility, start, lift
):
    model = Immune(
        kappa=kappa,
        rho=rho,
        sigma=sigma,
        mu=mu,
        antigen_loss=loss,
        visibility=visibility,
        start_tumour=start,
        lift=lift,
    )
    run = model.simulate(DRUG, 120)
    assert np.isfinite(run["value"]).all()
    assert (run["value"] >= 0).all()
    assert sizes(run).max() <= 5e8 * (1 + 1e-9)
    cells = run.loc[run["compartment"] != "effectors", "value"]
    assert ((cells == 0) | (cells >= 1 - 1e-9)).all()  # nothing lives on below one cell


@settings(max_examples=40, deadline=None)
@given(kappa=st.floats(0.01, 10), rho=st.floats(0, 3), sigma=st.floats(0.001, 1))
def test_an_odd_number_of_tumour_states_or_a_cleared_tumour(kappa, rho, sigma):
    model = Immune(kappa=kappa, rho=rho, sigma=sigma)
    tumours = model.steady_states().iloc[1:]
    low = model.steady_states().iloc[0]["stability"]
    assert len(tumours) in ((0, 2) if low == "stable" else (1, 3))


def test_steps_follow_the_fastest_rate():
    assert Immune().flow().step == LONGEST_STEP
    assert Immune(alpha=100).flow().step < LONGEST_STEP / 10


def test_a_start_above_the_capacity_is_refused():
    with pytest.raises(DataError, match=r"start_tumour = 600000000 \[cells\].*up to the capacity"):
        Immune(start_tumour=6e8)


def test_a_capacity_beyond_all_tumours_is_refused():
    with pytest.raises(DataError, match=r"beta = 1e-08.*1e15 cells; raise beta"):
        Immune(beta=1e-8, cells_per_unit=1e8)


def test_rates_too_fast_to_follow_are_refused():
    with pytest.raises(DataError, match=r"mu = 10 .*mu / beta is up to 1000 .*lower mu"):
        Immune(mu=10)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"kappa": -1}, r"kappa = -1 is not allowed; allowed: from 0 to 1000"),
        ({"visibility": 1.5}, r"visibility = 1.5 \[fraction\].*from 0 to 1"),
        ({"start_tumour": 1e16}, r"start_tumour = 1e\+16 \[cells\].*from 1 to 1e\+15"),
        ({"progression": 1}, r"progression = 1 \[fold\].*above 1"),
    ],
)
def test_numbers_without_meaning_are_refused(changed, told):
    with pytest.raises(DataError, match=told):
        Immune(**changed)


def test_another_drug_is_refused():
    with pytest.raises(DataError, match="unknown drug of immune 'checkpoint'"):
        Immune().outcomes(continuous("checkpoint"), 10)


@pytest.mark.parametrize("changed", [{}, {"rho": 0.6}, {"sigma": 0.01}, {"rho": 0.0}, {"rho": 3.0}])
def test_branches_are_the_steady_states_at_every_lift(changed):
    model = Immune(**changed)
    rows = model.branches()
    for row in rows[rows["kappa"].between(0.1, 50)].iloc[::9].itertuples():
        states = model.with_(kappa=row.kappa).steady_states()
        nearest = states.iloc[(states["tumour"] - row.tumour).abs().argmin()]
        assert nearest["tumour"] == pytest.approx(row.tumour, rel=1e-4)
        assert nearest["effectors"] == pytest.approx(row.effectors, rel=1e-4)
        assert nearest["stability"] == row.stability
    assert (rows["lift"] == rows["kappa"]).all()


def test_branches_end_at_the_folds():
    rows = Immune(rho=0.6).branches()
    ends = rows.groupby("state")["kappa"].agg(["min", "max"])
    model = Immune(rho=0.6)
    assert ends.loc["escape", "max"] == pytest.approx(model.escape_threshold(), rel=1e-6)
    assert ends.loc["dormant", "min"] == pytest.approx(model.dormancy_threshold(), rel=1e-6)
    assert set(rows.loc[rows["state"] == "threshold", "stability"]) == {"saddle"}
    assert Immune(sigma=0).branches().empty


def test_needed_lift_is_the_threshold_in_units_of_the_kill_there_is():
    assert Immune().exact("needed_lift") == Immune().escape_threshold()
    assert Immune(kappa=0.5).needed_lift() == pytest.approx(2 * Immune().needed_lift())
    assert Immune(rho=2.0).needed_lift() == 1
    assert Immune(sigma=0).needed_lift() == Immune(kappa=0).needed_lift() == math.inf
    assert math.isnan(Immune(rho=3.0).needed_lift())


def test_variants_are_runs_side_by_side():
    both = Immune().variants(DRUG, 50, held={}, primary={"rho": 0.6})
    assert both["series"].unique().tolist() == ["held", "primary"]
    alone = Immune(rho=0.6).simulate(DRUG, 50)
    assert both.loc[both["series"] == "primary", "value"].tolist() == alone["value"].tolist()
    with pytest.raises(DataError, match="variants needs at least one"):
        Immune().variants(DRUG, 50)


@pytest.mark.parametrize("changed", [{}, {"rho": 0.6}, {"antigen_loss": 1e-4}])
def test_fate_of_a_run_is_its_outcome(changed):
    model = Immune(**changed)
    fate, outcome = model.fate(model.simulate(DRUG, 200)), model.outcomes(DRUG, 200).iloc[0]
    assert (fate["route"], fate["failed"]) == (outcome["route"], outcome["failed"])
    for name in ("ttp_days", "nadir_cells", "end_cells"):
        assert fate[name] == pytest.approx(outcome[name], rel=1e-9, nan_ok=True)


@pytest.mark.parametrize("dose", [-1, 1.5, math.nan, "a"])
@pytest.mark.parametrize("name", ["steady_states", "is_bistable", "separatrix", "critical_start"])
def test_a_dose_without_meaning_is_refused(name, dose):
    with pytest.raises(DataError, match=r"dose of checkpoint_inhibitor = .*from 0 to 1"):
        getattr(Immune(), name)(dose)
