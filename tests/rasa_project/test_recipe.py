"""The fingerprint of the recipe: when a model is stale."""

import shutil

import pytest

from rasa_project.recipe import ROOT, fingerprint, list_ingredients, model_path


@pytest.fixture
def copy(tmp_path):
    """A copy of everything that training reads."""
    for path in list_ingredients():
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return tmp_path


def test_a_copy_has_the_same_fingerprint(copy):
    """Only names and contents count, not places or dates."""
    assert fingerprint(copy) == fingerprint()


INGREDIENTS = ["config.yml", "data/dialogue/rules_scene.yml", "data/dialogue/nlu_social.yml", "rasa_project/domain/slots.yml"]


@pytest.mark.parametrize("name", INGREDIENTS)
def test_a_changed_ingredient_changes_the_fingerprint(copy, name):
    """Recipe, rules, examples and domain all make a model stale."""
    before = fingerprint(copy)
    with open(copy / name, "a") as file:
        file.write("# changed\n")
    assert fingerprint(copy) != before


def test_a_new_file_of_rules_changes_the_fingerprint(copy):
    """Somebody who adds a flow need not register it anywhere."""
    before = fingerprint(copy)
    (copy / "data/dialogue/rules_more.yml").write_text('version: "3.1"\n')
    assert fingerprint(copy) != before


def test_wording_and_scenes_need_no_training(copy):
    """What the guide says is not an ingredient."""
    before = fingerprint(copy)
    (copy / "data/dialogue/answers.yml").write_text("says: {}\n")
    assert fingerprint(copy) == before


def test_the_model_is_named_after_the_fingerprint(tmp_path):
    """Whoever starts the house finds out with one look whether to train."""
    assert model_path(tmp_path).name == f"practice-{fingerprint()}.tar.gz"
