"""From a claim to the model that tests it, and back."""

from dataclasses import replace

import pandas as pd
import pytest
from small_atlas import small_atlas

import cancerres_kit as ck
from cancerres_kit import links, models


@pytest.fixture(scope="module")
def atlas():
    return ck.load()


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return small_atlas(tmp_path_factory.mktemp("small"))


def linked(small, mechanisms, strategies):
    """The small atlas with rows of models, each written as (model, id)."""
    return replace(
        small,
        model_mechanisms=pd.DataFrame(mechanisms, columns=["model", "mechanism_id"], dtype="str"),
        model_strategies=pd.DataFrame(strategies, columns=["model", "strategy_id"], dtype="str"),
    )


@pytest.fixture
def known(small):
    return linked(
        small,
        [("first", "methylation"), ("second", "mutation")],
        [("second", "tailored"), ("third", "epidrug")],
    )


def test_every_model_is_linked_and_every_linked_model_exists(atlas):
    names = set(models.catalogue()["model"])
    assert set(atlas.model_mechanisms["model"]) == names
    assert set(atlas.model_strategies["model"]) == names


def test_models_explain_a_mechanism_or_what_is_below_it(known):
    found = links.models_for(known, mechanism="epigenetic")
    assert found.to_dict("records") == [
        {
            "model": "first",
            "relation": "explains",
            "kind": "mechanism",
            "id": "methylation",
            "name": "Name of methylation",
        }
    ]
    assert links.models_for(known, mechanism="lonely").empty


def test_models_show_a_strategy(known):
    assert list(links.models_for(known, strategy="combination")["model"]) == ["second"]
    assert set(links.models_for(known, strategy="epidrug")["relation"]) == {"shows"}


def test_models_test_a_claim_through_its_mechanisms_and_strategies(known):
    found = links.models_for(known, claim="c03_full")
    assert list(zip(found["model"], found["id"], strict=True)) == [
        ("first", "methylation"),
        ("third", "epidrug"),
    ]


def test_without_a_question_all_models_are_listed(known):
    assert list(links.models_for(known)["model"]) == ["first", "second", "second", "third"]
    assert list(links.models_for(known).columns) == ["model", "relation", "kind", "id", "name"]


def test_claims_lead_to_models_and_models_to_claims(atlas):
    for model in atlas.model_mechanisms["model"].unique():
        found = links.claims_for(atlas, model=model)
        assert len(found)
        assert found["via"].notna().all()
        for claim in found["claim_id"].head(3):
            assert model in set(links.models_for(atlas, claim=claim)["model"])


def test_claims_of_a_model_say_why(known):
    found = links.claims_for(known, model="third")
    assert list(found.columns) == ["claim_id", "statement", "relation", "via"]
    assert list(found["claim_id"]) == ["c03_full", "c04_uncited"]
    assert list(found["via"]) == ["Name of epidrug"] * 2


def test_no_models_no_answer(small):
    assert links.models_for(linked(small, [], []), mechanism="genetic").empty


def test_one_question_at_a_time(known):
    message = "models_for is asked for one thing, not mechanism and claim"
    with pytest.raises(ck.DataError, match=message):
        links.models_for(known, mechanism="genetic", claim="c03_full")


def test_unknown_model_names_the_nearest(known):
    with pytest.raises(ck.DataError, match="unknown model 'frist'; nearest: 'first'"):
        links.claims_for(known, model="frist")


def test_unknown_mechanism_names_the_nearest(known):
    with pytest.raises(ck.DataError, match="unknown mechanism 'metylation'"):
        links.models_for(known, mechanism="metylation")
