"""Pictures of two drugs, each with the sentences that explain it.

One decision: a picture is drawn from a model and, where there is a trial, from what was observed;
every number in a sentence comes from the same frames as the curve above it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cancerres_kit import figures, models

if TYPE_CHECKING:
    import plotly.graph_objects as go

DRAWN = {
    "drug_a": "Drug A",
    "drug_b": "Drug B",
    "combination": "Better of the two",
    "biomarker": "One drug, chosen by biomarker",
}
TIME, FREE = "Time since start (months)", "Free of progression (fraction)"
MEAN = "Mean months free of progression"
MARGIN = models.verdicts.READING_ERROR
LEGIBLE = 5  # medians of the slower drug that made-up curves are drawn for
PATIENTS = 2000  # that a prediction is simulated with
LATER = "past the follow-up"
BEST = "better drug alone"


def made_up(model: Any, window: float) -> tuple[str, go.Figure]:
    """Draw survival under each drug, under both, and under one that a biomarker chooses."""
    end = min(LEGIBLE * max(model.median_a, model.median_b), model.curve("drug_a").follow_up)
    months = np.linspace(0, end, 61)
    lines = [
        pd.DataFrame({"x": months, "y": model.curve(each).at(months), "series": name})
        for each, name in DRAWN.items()
    ]
    dots = models.combination_trials.sampled(model, months[6::6], patients=PATIENTS, seed=1)
    exact = pd.concat(lines).assign(kind="exact")
    rows = pd.concat([exact, dots.assign(kind="simulated")], ignore_index=True)
    alone, both = (f"{model.median(each):.1f}" for each in (_better(model, window), "combination"))
    text = (
        f"Half of the patients have progressed after {alone} months on the {BEST} and after {both} "
        f"months on both. {_means(model, window)}"
    )
    finding = f"The better of two responses: median {both} months, not {alone}"
    return text, figures.curves(rows, finding=finding, x_label=TIME, y_label=FREE)


def observed(
    digest: pd.DataFrame, trial: str, model: Any, found: Mapping[str, Any], facts: Mapping[str, str]
) -> tuple[str, go.Figure]:
    """Draw what a trial observed, and what its single arms predict."""
    rows = models.combination_trials.beside(digest, trial, model, patients=PATIENTS)
    if model.accuracy < 1:
        months = rows.loc[rows["kind"].eq("exact"), "x"]
        chosen = {"x": months, "y": model.curve("biomarker").at(months), "kind": "exact"}
        rows = pd.concat([rows, pd.DataFrame(chosen).assign(series=DRAWN["biomarker"])])
    ends = model.curve("combination").median_span(MARGIN)
    low, high = (f"month {each:.1f}" if math.isfinite(each) else LATER for each in ends)
    window = found["window_months"]
    text = (
        f"{facts['combination']}, mean months free of progression within {window:g}: observed "
        f"{found['observed']:.2f}, predicted {found['predicted']:.2f}. Hazard ratio of observed "
        f"against predicted: {found['hazard_ratio']:.2f}. Verdict: {_verdict(found)}. A curve "
        f"that is off by {MARGIN:.0%} puts the predicted median anywhere from {low} to {high}. "
        f"{_means(model, window)}"
    )
    finding = (
        f"Observed: {found['observed']:.1f} of {window:g} months free of progression; "
        f"two chances give {found['predicted']:.1f}"
    )
    setting = str(facts["setting"])
    figure = figures.curves(
        rows, finding=finding, subtitle=setting, steps=True, x_label=TIME, y_label=FREE
    )
    return text, figure


def correlation(
    model: Any, window: float, found: Mapping[str, Any] | None
) -> tuple[str, go.Figure]:
    """Draw how the gain of both drugs depends on the correlation of responses."""
    rows = models.benefits.over(model, "spearman", np.linspace(-1, 1, 13).round(6), until=window)
    best, text = model.mean(_better(model, window), window), _means(model, window)
    levels = {} if found is None else {"observed": found["observed"]}
    if found is not None:
        text += f" Observed: {found['observed']:.2f}. Verdict: {_verdict(found)}."
    both = rows[rows["series"].eq(rows["series"].iloc[0])].set_index("x")["y"]
    gains = [max(0.0, both.loc[rho] - best) for rho in (0.0, 1.0)]
    finding = (
        f"The second drug adds {gains[0]:.1f} months without correlation, {gains[1]:.1f} if "
        "responses agree"
    )
    figure = figures.curves(
        rows,
        finding=finding,
        subtitle=f"Mean within {window:g} months. {_named(levels)}",
        x_label="Correlation of responses (Spearman)",
        y_label=MEAN,
        marks={"here": model.spearman},
        levels=levels,
    )
    return f"{finding}. {text}", figure


def biomarker(model: Any, window: float) -> tuple[str, go.Figure]:
    """Draw how the worth of a biomarker depends on its accuracy."""
    rows = models.benefits.over(model, "accuracy", np.linspace(0.5, 1, 21), until=window)
    needed = model.break_even(window)
    finding = "No choice between the drugs matters here"
    if math.isfinite(needed):
        finding = f"In this model a biomarker pays from {needed:.0%} right choices on"
    figure = figures.curves(
        rows,
        finding=finding,
        subtitle=f"Mean within {window:g} months",
        x_label="How often the biomarker is right (fraction)",
        y_label=MEAN,
        marks={"here": model.accuracy},
    )
    return f"{finding}. {_means(model, window)}", figure


def cells(model: Any) -> tuple[str, go.Figure]:
    """Draw how many cells are left as drugs share resistance."""
    shares = np.linspace(0, 1, 51)
    left = [model.with_(cross_resistance=share).surviving_cells() for share in shares]
    rows = pd.DataFrame({"x": shares, "y": left, "series": "Both drugs", "kind": "exact"})
    levels = {"independent (Bliss)": left[0], f"{BEST} (HSA)": left[-1]}
    here = model.surviving_cells()
    possible, got = (math.log10(left[-1] / each) for each in (left[0], here))
    text = (
        f"One drug leaves {model.surviving_a:.2g} of the cells, the other {model.surviving_b:.2g}. "
        f"Both leave {left[0]:.2g} if nothing is shared, and {left[-1]:.2g} if all resistance is. "
        f"At cross-resistance {model.cross_resistance:.3g} it is {here:.2g}: of {possible:.1f} "
        f"powers of ten that the second drug could add, it adds {got:.1f}."
    )
    figure = figures.curves(
        rows,
        finding=f"The second drug adds {got:.1f} of {possible:.1f} possible powers of ten",
        subtitle=_named(levels),
        x_label="Cross-resistance (fraction)",
        y_label="Surviving cells (fraction)",
        y_log=True,
        marks={"here": model.cross_resistance},
        levels=levels,
    )
    return text, figure


def _better(model: Any, window: float) -> str:
    """Name the drug with the longer mean time free of progression."""
    return str(max(model.DRUGS, key=lambda drug: model.mean(drug, window)))


def _means(model: Any, window: float) -> str:
    """Say what each way of treating everybody gives."""
    alone, both, chosen = (
        f"{model.mean(each, window):.2f}"
        for each in (_better(model, window), "combination", "biomarker")
    )
    needed = model.break_even(window)
    text = (
        f"{MEAN} within {window:g}: {BEST} {alone}, both drugs {both}, one drug chosen by a "
        f"biomarker that is right for {model.accuracy:.0%} of the patients {chosen}."
    )
    if math.isfinite(needed):
        text += f" To match the {BEST}, it has to be right for {needed:.0%}."
    return text


def _named(levels: Mapping[str, float]) -> str:
    """Name horizontal lines with their values."""
    text = "; ".join(f"{name}: {value:.3g}" for name, value in levels.items())
    return text[:1].upper() + text[1:]


def _verdict(found: Mapping[str, Any]) -> str:
    """Say the verdict for the correlation that is set."""
    return str(models.verdicts.said(found))
