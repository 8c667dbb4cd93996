"""Types of cells by the drugs they resist, and the mutations that lead from one to another.

One decision: what a type resists is a number whose bits are the drugs (0 is sensitive to all), so
that a mutation is a bitwise "or".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cancerres_kit.models.branching import FloatArray, IntArray
from cancerres_kit.models.fixed import Fixed
from cancerres_kit.models.parameters import is_number, refusal
from cancerres_kit.schema.problems import DataError, quoted, unknown

if TYPE_CHECKING:
    from cancerres_kit.models.mutation import Mutation

MOST_DRUGS = 8
MOST_SITES = 1e6


def drug_names(drugs: int) -> tuple[str, ...]:
    """Return the names of the first drugs: ``("drug_1", "drug_2", ...)``."""
    return tuple(f"drug_{number}" for number in range(1, drugs + 1))


def type_names(drugs: int) -> tuple[str, ...]:
    """Return names of all types, in the order of their numbers: ``"resistant_1_2"``."""
    resisted = [
        [str(drug + 1) for drug in range(drugs) if kind >> drug & 1] for kind in range(2**drugs)
    ]
    return tuple("_".join(["resistant", *names]) if names else "sensitive" for names in resisted)


def read_spectrum(given: object, drugs: int) -> Fixed:
    """Return numbers of mutations by the drugs they resist, with names in order.

    Parameters
    ----------
    given : mapping of str to float
        ``{"drug_1": 50, "drug_1+drug_2": 1}``.
    drugs : int
        Number of drugs of the model.

    Returns
    -------
    Fixed
        A dict that refuses changes.

    Raises
    ------
    DataError
        For anything else, an unknown drug, drugs that are named twice, or a number that is
        negative or not finite.
    """
    if not isinstance(given, Mapping):
        raise DataError(
            f"spectrum is {quoted(given)}; give numbers of mutations by the drugs they resist, "
            "such as {'drug_1': 50, 'drug_1+drug_2': 1}"
        )
    read: dict[str, float] = {}
    for key, sites in given.items():
        resisted = {part.strip() for part in str(key).split("+")}
        for drug in resisted:
            if drug not in drug_names(drugs):
                raise unknown(drug, drug_names(drugs), what="drug in spectrum")
        if not (is_number(sites) and 0 <= sites <= MOST_SITES):
            raise refusal(
                f"spectrum[{key!r}]",
                sites,
                unit="mutations",
                allowed=f"from 0 to {MOST_SITES:g}",
                remedy="give how many mutations have this effect",
            )
        name = "+".join(sorted(resisted))
        if name in read:
            raise DataError(
                f"spectrum names {name!r} twice, the second time as {key!r}; "
                "the order of drugs has no meaning, so give their sum once"
            )
        read[name] = float(sites)
    return Fixed(read)


def sites(
    spectrum: Mapping[str, float], drugs: int, single: float, joint: float
) -> dict[int, float]:
    """Return numbers of mutations by the bits of the drugs that each resists.

    Parameters
    ----------
    spectrum : mapping of str to float
        Exceptions, from `read_spectrum`.
    drugs : int
        Number of drugs.
    single : float
        Mutations that resist one drug only, for each.
    joint : float
        Mutations that resist all drugs at once; of no effect with one drug.

    Returns
    -------
    dict of int to float
    """
    found = {1 << drug: single for drug in range(drugs)}
    if drugs > 1:
        found[2**drugs - 1] = joint
    names = drug_names(drugs)
    for key, number in spectrum.items():
        found[sum(1 << names.index(drug) for drug in key.split("+"))] = number
    return {bits: number for bits, number in found.items() if number}


@dataclass(frozen=True)
class Types:
    """Types of cells that can arise, such that mutations only lead to later ones.

    Parameters
    ----------
    bits : ndarray of int
        Drugs that each type resists, as bits; its place among `type_names`.
    steps : ndarray of int
        Mutations that each type has paid for; one may resist several drugs.
    resisted : ndarray of float, types x drugs
        1 where a type resists a drug, else 0.
    chance : ndarray of float, types x types
        Chance that a division of the row's type has one daughter of the column's type.
    """

    bits: IntArray
    steps: IntArray
    resisted: FloatArray
    chance: FloatArray

    @property
    def full(self) -> np.ndarray:
        """Whether a type resists every drug."""
        return np.asarray(self.resisted.all(axis=1))

    def by_name(self, cells: np.ndarray) -> np.ndarray:
        """Add up cells (last axis: types) of those that resist the same drugs."""
        added = np.zeros((*cells.shape[:-1], 2 ** self.resisted.shape[1]), dtype=cells.dtype)
        for kind, bits in enumerate(self.bits):
            added[..., bits] += cells[..., kind]
        return added


def types(numbers: Mapping[int, float], drugs: int, mutation_rate: float, *, costly: bool) -> Types:
    """List the types that can arise from a sensitive cell.

    Parameters
    ----------
    numbers : mapping of int to float
        From `sites`.
    drugs : int
        Number of drugs.
    mutation_rate : float
        Mutations per base and division.
    costly : bool
        Whether cells that resist the same drugs by fewer mutations grow faster, so that they are
        types of their own.

    Returns
    -------
    Types
    """
    ways: dict[tuple[int, int], dict[tuple[int, int], float]] = {}
    waiting = [(0, 0)]
    while waiting:
        kind = waiting.pop()
        if kind in ways:
            continue
        ways[kind] = {}
        for bits, number in numbers.items():
            if kind[0] | bits != kind[0]:
                mutant = (kind[0] | bits, kind[1] + costly)
                ways[kind][mutant] = ways[kind].get(mutant, 0.0) + mutation_rate * number
                waiting.append(mutant)
    kinds = sorted(ways, key=lambda kind: (kind[0].bit_count(), kind))
    chance = np.array([[ways[kind].get(to, 0.0) for to in kinds] for kind in kinds])
    bits, steps = np.array(kinds, dtype=np.int64).T
    resisted = np.asarray(bits[:, None] >> np.arange(drugs) & 1, dtype=float)
    return Types(bits, steps, resisted, chance)


def check_rates(model: Mutation) -> None:
    """Refuse tumours that do not grow without treatment, or have less than a cell a lesion.

    Parameters
    ----------
    model : Mutation
        The tumour.

    Raises
    ------
    DataError
        Naming the number to change.
    """
    effects = sum(model.sites.values())
    mutated = model.mutation_rate * effects
    if mutated > 1:
        raise refusal(
            "mutation_rate",
            model.mutation_rate,
            unit="per base per division",
            allowed=f"up to {1 / effects:g} with {effects:g} resistance mutations",
            remedy="lower the mutation rate or the number of mutations",
        )
    if model.death >= model.birth * (1 - mutated):
        raise refusal(
            "death",
            model.death,
            unit="1/day",
            allowed=f"below {model.birth * (1 - mutated):g}, the births of sensitive cells",
            remedy="lower death or raise birth: without treatment a tumour grows",
        )
    if model.burden < model.lesions:
        raise refusal(
            "burden",
            model.burden,
            unit="cells",
            allowed=f"from {model.lesions} on, one cell in each lesion",
            remedy="raise burden or lower lesions",
        )
