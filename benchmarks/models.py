"""Speed of the models: ratios to what cannot be avoided, and to a general simulator."""

import math
import statistics
import time
from collections.abc import Callable

import numpy as np
import rebop

from cancerres_kit import explorers, load
from cancerres_kit.explorers.laboratory import Laboratory
from cancerres_kit.models import Competition, Mutation, adaptive, rates, simultaneous

PATIENTS = 10_000
BURDEN, PEER_BURDEN, PEER_START = 1e9, 1e6, 1_000
PEER_ROUNDS = 3
DAYS, COHORT = 3_000, 1_000
ROUNDS = 7


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def in_turns(*actions: Callable[[], object]) -> list[float]:
    """Median seconds of actions that alternate; the first turn does not count."""
    measured = [[seconds(action) for action in actions] for _ in range(ROUNDS + 1)][1:]
    return [statistics.median(times) for times in zip(*measured, strict=True)]


def needed_draws(clones: int) -> None:
    """Draw what no sampler of clones can do without: how many, how old, how large."""
    rng = np.random.default_rng(1)
    rng.poisson(clones / PATIENTS / 2, 2 * PATIENTS)
    rng.random(clones)
    rng.geometric(0.01, clones)


def cohort() -> tuple[float, float, str]:
    """Grow tumours of 1e9 cells with all mutant clones; seconds, ratio to the draws, words.

    The day of treatment that `outcomes` asks for is measured with it.
    """
    model, schedule = Mutation(burden=BURDEN), simultaneous("drug_1", "drug_2")

    def draw() -> object:
        return model.outcomes(schedule, 1, patients=PATIENTS, seed=1)

    clones = int(model.outcomes(schedule, 1, patients=PATIENTS, seed=1)["clones"].sum())
    ours, floor = in_turns(draw, lambda: needed_draws(clones))
    return ours, ours / floor, f"{clones / 1e6:.1f} M clones: {ours:.2f} s against {floor:.3f} s"


def peer() -> float:
    """Seconds of rebop for one patient, from the events of a run to 1e6 cells.

    It starts with 1,000 cells, because from one most tumours die out.
    """
    model = Mutation()
    chain, names, system = rates.chain(model, [0, 0]), model.COMPARTMENTS, rebop.Gillespie()
    for kind, name in enumerate(names):
        line = chain.lineages[kind]
        system.add_reaction(line.split, [name], [name, name])
        system.add_reaction(line.death, [name], [])
        for mutant, rate in chain.flow(kind).items():
            system.add_reaction(rate, [name], [name, names[mutant]])
    days = math.log(PEER_BURDEN / PEER_START) / (model.birth - model.death)
    start = {names[0]: PEER_START}
    grown, spent = 0.0, 0.0
    for seed in range(PEER_ROUNDS):
        begin = time.perf_counter()
        run = system.run(start, days, 1, rng=seed)
        spent += time.perf_counter() - begin
        grown += float(run[names[0]].values[-1]) - PEER_START
    return spent / grown * BURDEN  # events are proportional to the cells grown


def competition() -> tuple[float, str]:
    """Follow many patients under a rule with daily decisions, against one."""
    model, schedule = Competition(), adaptive(*Competition.DRUGS)
    many, one = in_turns(
        lambda: model.outcomes(schedule, DAYS, patients=COHORT, seed=1),
        lambda: model.outcomes(schedule, DAYS, patients=1, seed=1),
    )
    return many / one, f"{COHORT} patients: {many:.2f} s against {one:.2f} s"


def views() -> tuple[float, str]:
    """Milliseconds of computing of the slowest explorer of a model after a slider was moved.

    Each slider goes a little way towards its end; the median of its explorer counts. Time of the
    processor, because other work on the machine is none of the explorer's.
    """
    found = {}
    for name in explorers.__all__:
        kind = getattr(explorers, name)
        if issubclass(kind, Laboratory):
            shown = kind(load()) if name == "Combination" else kind()
            found[name] = statistics.median(_moves(shown)) * 1000
    slowest = max(found, key=found.__getitem__)
    listed = ", ".join(f"{name} {ms:.0f}" for name, ms in found.items())
    return found[slowest], f"median of its sliders, ms: {listed}"


def _moves(shown: Laboratory) -> list[float]:
    """Seconds of the view for each slider that is moved, without what is remembered."""
    controls = shown._controls
    home = {name: control.value for name, control in controls.items()}
    sliders = {name: control for name, control in controls.items() if hasattr(control, "ends")}
    found = []
    for name, control in sliders.items():
        low, high = control.ends
        moved = type(control.value)(control.value + (high - control.value) * 0.02)
        if not low <= moved <= high or moved == control.value:
            moved = low
        start = time.process_time()
        shown.view(**{**home, name: moved})
        found.append(time.process_time() - start)
    return found
