"""The checkpoint explorer: what it says fits the model, whichever way a value was set."""

import pytest

from cancerres_kit import figures, models
from cancerres_kit.explorers import Checkpoint
from cancerres_kit.schema import DataError

SETTINGS = {
    "held": {},
    "acquired": {"antigen_loss": 1e-4},
    "primary": {"rho": 0.6},
    "too few": {"sigma": 0.03},
    "rescued": {"rho": 0.6, "lift": 5.0},
    "no drug": {"lift": 1.0},
    "large clone": {"antigen_loss": 1e-2},
    "clone, no drug": {"antigen_loss": 1e-2, "lift": 1.0},
    "recruited": {"rho": 2.0, "lift": 1.0},
    "late": {"start_tumour": 1e7, "lift": 1.0},
    "hopeless": {"rho": 0.0},
    "small": {"start_tumour": 1e6, "rho": 0.6},
    "edges": {"sigma": 0.01, "rho": 2.0, "lift": 20.0, "start_tumour": 4.5e8, "antigen_loss": 0.1},
}


@pytest.fixture(scope="module")
def home():
    return Checkpoint()


def shown(explorer):
    """Everything but widget ids."""
    texts = [explorer.assumptions.value, explorer.numbers.value, explorer.words.value]
    return explorer.summary, figures.describe(explorer.figure), texts


@pytest.mark.parametrize("setting", SETTINGS)
def test_setting_a_control_is_building_with_it(home, setting):
    home.reset()
    for name, value in SETTINGS[setting].items():
        getattr(home, name).value = value
    built = Checkpoint(**SETTINGS[setting])
    assert shown(home) == shown(built)
    assert home.figure.to_plotly_json()["layout"] == built.figure.to_plotly_json()["layout"]


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_route_is_that_of_the_model(setting):
    explorer = Checkpoint(**SETTINGS[setting])
    model = models.Immune(**SETTINGS[setting])
    route = model.outcomes(models.continuous("checkpoint_inhibitor"), 200).iloc[0]["route"]
    title = {"controlled": "Held", "primary": "Primary", "acquired": "Acquired"}[route]
    assert explorer.figure.layout.title.text.startswith(title)
    told = "has not progressed" if route == "controlled" else f"{route} resistance"
    assert told in explorer.summary


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("held", "1.64 no tumour without an antigen-loss clone escapes, and it is past that."),
        ("primary", "4.18 no tumour without an antigen-loss clone escapes; it is short of that"),
        ("hopeless", "a tumour of any size escapes"),
        ("acquired", "effectors do not see it, so no lift and no recruitment reaches it"),
        (
            "large clone",
            "without having halved: primary resistance. What grows is the antigen-loss",
        ),
        ("no drug", "No drug is given."),
        ("recruited", "no tumour without an antigen-loss clone escapes, drug or not"),
        ("late", "Then effectors catch up"),
    ],
)
def test_the_summary_explains(setting, said):
    assert said in Checkpoint(**SETTINGS[setting]).summary


def test_the_course_is_drawn_beside_the_states_without_a_clone_that_never_was(home):
    home.reset()
    names = [trace.name for trace in home.figure.data]
    assert names[:2] == ["Tumour cells that effectors see", "Effectors"]
    assert "Antigen-loss clone" not in names
    home.antigen_loss.value = 1e-4
    assert "Antigen-loss clone" in [trace.name for trace in home.figure.data]


def test_a_clone_that_came_after_progression_is_not_blamed():
    explorer = Checkpoint(**SETTINGS["clone, no drug"])
    assert "effectors did not hold the tumour" in explorer.figure.layout.title.text
    assert "What grows" not in explorer.summary


def test_notice_and_grades_stand_under_the_figure(home):
    assert models.NOTICE in home.notice.value
    assert "secondary source, not checked" in home.numbers.value
    assert "published; the" not in home.numbers.value


def test_a_value_out_of_range_is_refused(home):
    with pytest.raises(DataError, match="lift is 50"):
        Checkpoint(lift=50)
    with pytest.raises(DataError, match="antigen_loss is 0"):
        home.antigen_loss.value = 0
