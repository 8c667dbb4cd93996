"""The atlas has one frame per shipped table; the package shows its public names."""

import csv
import dataclasses
import inspect
import json
import shutil

import pandas as pd
import pytest

import cancerres_kit
from cancerres_kit import schema
from cancerres_kit.atlas import Atlas, load


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return load()


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(schema.data_root(), tmp_path / "mine")


def test_each_shipped_table_is_a_field_and_documented() -> None:
    names = [field.name for field in dataclasses.fields(Atlas)]
    tables = [table["name"] for table in schema.describe()["resources"]]
    assert names == [*tables, "dictionary", "version"]
    documented = f"\n{inspect.getdoc(Atlas)}"
    assert [name for name in names if f"\n{name} : " not in documented] == []


def test_keys_are_ordinary_columns(atlas) -> None:
    assert atlas.mechanisms.columns[0] == "mechanism_id"
    assert isinstance(atlas.mechanisms.index, pd.RangeIndex)


def test_frames_have_the_columns_of_the_dictionary(atlas) -> None:
    for name, rows in atlas.dictionary.groupby("table"):
        assert getattr(atlas, name).columns.tolist() == rows["column"].tolist()


def test_version_is_that_of_the_descriptor(atlas) -> None:
    assert atlas.version == schema.describe()["version"]


def test_an_atlas_is_frozen(atlas) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        atlas.claims = atlas.claims.head()


def test_repr_counts_rows_and_names_what_is_not_curated(atlas) -> None:
    bare = dataclasses.replace(atlas, genes=atlas.genes.head(0), version="")
    assert f"claims {len(atlas.claims)}, " in repr(atlas)
    assert repr(bare).startswith("Atlas(version not given; rows: sources ")
    assert "genes" in repr(bare).split("not curated yet: ")[1]
    assert "\n" not in repr(atlas)


def test_a_copy_of_the_shipped_folder_loads_as_the_shipped_one(atlas, folder) -> None:
    mine = load(folder)
    for field in dataclasses.fields(Atlas)[:-1]:
        pd.testing.assert_frame_equal(getattr(mine, field.name), getattr(atlas, field.name))


def test_loading_a_folder_lists_all_problems_and_writes_nothing(folder) -> None:
    (folder / "genes.csv").write_text("")
    (folder / "strategies.csv").unlink()
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(cancerres_kit.DataError) as caught:
        load(folder)
    assert {"genes.csv", "strategies.csv"} <= {item.file for item in caught.value.problems}
    assert sorted(path.name for path in folder.iterdir()) == before


def test_formulas_and_markup_in_a_name_are_text(folder) -> None:
    names = ["=cmd()", "<script>alert(1)</script>"]
    rows = [f"drug_{at},,{name},drug," for at, name in enumerate(names)]
    path = folder / "therapies.csv"
    with path.open("a", encoding="utf-8") as file:
        file.write("\n".join(rows) + "\n")
    assert load(folder).therapies["name"].tolist()[-2:] == names


def test_the_package_shows_its_public_names() -> None:
    assert set(cancerres_kit.__all__) <= set(dir(cancerres_kit))
    assert "__version__" in dir(cancerres_kit)
    for name in cancerres_kit.__all__:
        assert getattr(cancerres_kit, name) is not None


def test_the_page_of_the_package_names_each_public_name() -> None:
    assert [
        name for name in cancerres_kit.__all__ if f"`{name}`" not in cancerres_kit.__doc__
    ] == []


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(AttributeError, match="no attribute 'figurs'; nearest: 'figures'"):
        cancerres_kit.figurs  # noqa: B018


def test_the_package_knows_its_version() -> None:
    assert cancerres_kit.__version__.count(".") >= 2


@pytest.mark.parametrize("folder", ["", 5, ["data"]])
def test_what_names_no_folder_is_refused(folder) -> None:
    with pytest.raises(schema.DataError, match="names no folder; leave it out to use the shipped"):
        load(folder)


def test_a_version_that_is_no_text_says_nothing(folder) -> None:
    path = folder / "datapackage.json"
    described = json.loads(path.read_text(encoding="utf-8")) | {"version": ["<script>"]}
    path.write_text(json.dumps(described), encoding="utf-8")
    assert load(folder).version == ""


def test_references_that_replace_each_other_in_a_circle_are_reported(folder) -> None:
    path = folder / "references.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    key, substitute = map(rows[0].index, ("reference_id", "substitute_reference_id"))
    rows[1][substitute] = rows[1][key]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    with pytest.raises(
        schema.DataError, match=r"column substitute_reference_id: .* closes a circle"
    ):
        load(folder)
