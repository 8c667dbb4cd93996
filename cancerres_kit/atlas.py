"""The atlas: every table of the kit, loaded once and handed to whoever asks a question.

One decision: an atlas is a frozen bundle of plain DataFrames. Questions that cross tables are
functions in `cancerres_kit.links`; the atlas itself answers none.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import pandas as pd

from cancerres_kit import excerpts, merging, schema


@dataclass(frozen=True, repr=False, eq=False)
class Atlas:
    """All tables of a folder, each with its key as an ordinary column.

    The frames are the atlas's own, not copies: nothing in the kit changes them, and neither should
    you; take a ``.copy()`` to work on. A table without rows is not curated yet.

    Attributes
    ----------
    sources : pandas.DataFrame
        Documents and data sets that rows come from: source_id, title, kind, citation, doi, ...
    references : pandas.DataFrame
        Bibliography entries, as printed (printed_*) and as found (resolved_*), with status and
        basis of the check and a substitute: reference_id, source_id, printed_number, ...
    mechanisms : pandas.DataFrame
        Mechanisms of resistance, in a tree: mechanism_id, parent_id, name, level, definition, ...
    cancer_types : pandas.DataFrame
        Cancer types and settings, in a tree: cancer_type_id, parent_id, name, doid, oncotree, ...
    therapies : pandas.DataFrame
        Drugs and classes of therapy, in a tree: therapy_id, parent_id, name, kind, ncit.
    strategies : pandas.DataFrame
        Ways to overcome or pre-empt resistance, in a tree: strategy_id, parent_id, name, ...
    claims : pandas.DataFrame
        Atomic statements of a document: claim_id, source_id, section, paragraph, statement,
        relation, certainty, onset.
    claim_mechanisms : pandas.DataFrame
        Mechanisms in claims: claim_id, mechanism_id, role.
    claim_references : pandas.DataFrame
        References that claims rest on: claim_id, reference_id, scope.
    claim_strategies : pandas.DataFrame
        Strategies in claims: claim_id, strategy_id.
    claim_cancer_types : pandas.DataFrame
        Cancer types in claims: claim_id, cancer_type_id.
    claim_therapies : pandas.DataFrame
        Therapies in claims: claim_id, therapy_id.
    genes : pandas.DataFrame
        Genes: hgnc_id, symbol, name, ncbi, ensembl.
    evidence : pandas.DataFrame
        Curated items on molecular profiles: evidence_id, molecular_profile, cancer_type_id,
        predicate, significance, direction, level, rating, ...
    evidence_mechanisms : pandas.DataFrame
        Our reading of the mechanism behind an item: evidence_id, mechanism_id, onset, asserted_by.
    evidence_genes : pandas.DataFrame
        Genes of an item's profile: evidence_id, hgnc_id.
    evidence_therapies : pandas.DataFrame
        Drugs of an item's therapy set: evidence_id, therapy_id.
    countermeasures : pandas.DataFrame
        What is known to work against the resistance of an item: countermeasure_id, evidence_id,
        strategy_id, scope, countering_evidence_id, reference_id, ...
    countermeasure_therapies : pandas.DataFrame
        Drugs of a countermeasure: countermeasure_id, therapy_id.
    response_rates : pandas.DataFrame
        Objective response rates in trials: cancer_type_id, regimen, n, responders, percent, ...
    model_mechanisms : pandas.DataFrame
        Mechanisms that a model can explain: model, mechanism_id.
    model_strategies : pandas.DataFrame
        Strategies that a model can show: model, strategy_id.
    published_numbers : pandas.DataFrame
        Numbers that models have to give again: number_id, model, quantity, parameters, value,
        tolerance, unit, kind, grade, ...
    survival_digest : pandas.DataFrame
        Share of a trial's arm that is free of progression, by month: trial, arm, month, ...
    glossary : pandas.DataFrame
        Terms that the lessons use: term, definition, see_also.
    dictionary : pandas.DataFrame
        Every column of every table: table, column, type, unit, meaning, key, allowed.
    version : str
        Version of the data, as its descriptor gives it; empty if it gives none.
    """

    sources: pd.DataFrame
    references: pd.DataFrame
    mechanisms: pd.DataFrame
    cancer_types: pd.DataFrame
    therapies: pd.DataFrame
    strategies: pd.DataFrame
    claims: pd.DataFrame
    claim_mechanisms: pd.DataFrame
    claim_references: pd.DataFrame
    claim_strategies: pd.DataFrame
    claim_cancer_types: pd.DataFrame
    claim_therapies: pd.DataFrame
    genes: pd.DataFrame
    evidence: pd.DataFrame
    evidence_mechanisms: pd.DataFrame
    evidence_genes: pd.DataFrame
    evidence_therapies: pd.DataFrame
    countermeasures: pd.DataFrame
    countermeasure_therapies: pd.DataFrame
    response_rates: pd.DataFrame
    model_mechanisms: pd.DataFrame
    model_strategies: pd.DataFrame
    published_numbers: pd.DataFrame
    survival_digest: pd.DataFrame
    glossary: pd.DataFrame
    dictionary: pd.DataFrame
    version: str

    def with_evidence(self, tables: Mapping[str, pd.DataFrame]) -> Atlas:
        """Return an atlas with the evidence of a knowledge base beside its own.

        Parameters
        ----------
        tables : mapping of str to DataFrame
            What `cancerres_kit.civic.load` returns, or tables of the same columns. An item that
            is in both is taken from these; our reading of its mechanism stays with it.

        Returns
        -------
        Atlas
            A new one; this one stays as it is.

        Raises
        ------
        DataError
            If there is no table ``evidence``, or one that is not about evidence.
        """
        changed: dict[str, Any] = dict(merging.merged(self._tables(), tables))
        return replace(self, **changed)

    def of(self, source_id: str) -> Atlas:
        """Return the part of the atlas that rests on one source.

        Parameters
        ----------
        source_id : str
            Id in ``sources`` of a document or data set that claims, evidence items or response
            rates come from: ``"rahimi2025"`` for the review.

        Returns
        -------
        Atlas
            A new one with the rows of the source and the mechanisms, strategies, cancer types,
            therapies, genes and references that these name, with what stands above them in their
            trees; sources and glossary are whole.

        Raises
        ------
        DataError
            If there is no such source, or nothing rests on it.
        """
        changed: dict[str, Any] = dict(excerpts.excerpt(self._tables(), source_id))
        return replace(self, **changed)

    def _tables(self) -> dict[str, pd.DataFrame]:
        """Return the curated tables by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)[:-2]}

    def __repr__(self) -> str:
        """What the tables hold, on one line; tables without rows are named at the end."""
        rows = {name: len(table) for name, table in self._tables().items()}
        full = ", ".join(f"{name} {count}" for name, count in rows.items() if count)
        bare = ", ".join(name for name, count in rows.items() if not count)
        not_curated = f"; not curated yet: {bare}" if bare else ""
        return f"Atlas(version {self.version or 'not given'}; rows: {full or 'none'}{not_curated})"


def load(folder: str | os.PathLike[str] | None = None) -> Atlas:
    """Load the shipped tables, or check and load a folder of the same shape.

    Parameters
    ----------
    folder : path-like, optional
        Folder with a ``datapackage.json`` and its CSV files; the shipped tables if left out.

    Returns
    -------
    Atlas

    Raises
    ------
    DataError
        If anything in the folder is wrong; lists every problem. Also if the validator that a
        folder of your own needs is not installed.
    """
    if folder is not None and (problems := schema.validate(folder)):
        raise schema.DataError(problems)
    return Atlas(
        **schema.read(folder),
        dictionary=schema.dictionary(folder),
        version=_text(schema.describe(folder).get("version")),
    )


def _text(value: object) -> str:
    """Return a text of the descriptor; anything else says nothing that could be shown."""
    return value if isinstance(value, str) else ""
