"""A fault in a rule file is told with file, line and key."""

import shutil

import pytest

from data.faults import ContentError
from data.safety.rules import FOLDER, read_rules
from data.safety.spelling import read_spelling
from web.safety import SafetyRules

GOOD = """- id: one
  tier: 1
  reason: says so
  any:
    - i <want> to die
  must:
    - I want to die
  must_not:
    - I want to eat
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "rules").mkdir()
    for name in ("words.yml", "spelling.yml"):
        shutil.copy(FOLDER / name, tmp_path / name)
    (tmp_path / "rules" / "self_harm.yml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def test_a_folder_with_one_rule_is_enough(folder):
    """Rules are data: another folder with another rule gives another door, without code."""
    assert SafetyRules.load(folder).look_at("i want to die").rule == "one"
    assert SafetyRules.load(folder).look_at("he hits me") is None


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ("<want>", "<wnt>", 5, "[0].any[0]"),
        ("to die", "to d.e", 5, "[0].any[0]"),
        ("tier: 1", "tier: 3", 2, "[0].tier"),
        ("tier: 1", "tier: 0", 1, "[0]"),
        ("  reason: says so\n", "", 1, "[0].reason"),
        ("id: one", "id: One Two", 1, "[0].id"),
        ("  must:\n    - I want to die\n", "", 1, "[0].must"),
        ("  reason: says so\n", "  reason: says so\n  softened_by: [nonsense]\n", 4, "[0].softened_by"),
        ("  reason: says so\n", "  reason: says so\n  colour: red\n", 4, "[0].colour"),
    ],
)
def test_a_fault_in_a_rule_names_its_place(folder, old, new, line, key):
    """An unknown group, a stray character, a wrong tier, a missing or unknown key: file, line and key are named."""
    path = folder / "rules" / "self_harm.yml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_rules(folder)
    assert (caught.value.path, caught.value.line, caught.value.key) == (path, line, key)


def test_two_rules_of_one_name_and_a_file_of_no_kind_are_refused(folder):
    """An id stands once, and a file is named for a kind of danger."""
    path = folder / "rules" / "self_harm.yml"
    path.write_text(GOOD + GOOD, encoding="utf-8")
    with pytest.raises(ContentError, match="given twice"):
        read_rules(folder)
    path.write_text(GOOD, encoding="utf-8")
    (folder / "rules" / "other.yml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(ContentError, match="no kind of danger"):
        read_rules(folder)


def test_a_group_that_holds_itself_is_refused(folder):
    """Word groups may hold each other and never themselves."""
    words = folder / "words.yml"
    words.write_text(words.read_text(encoding="utf-8").replace("groups:\n", "groups:\n  loop:\n    - <loop> again\n", 1), encoding="utf-8")
    with pytest.raises(ContentError, match="holds itself"):
        read_rules(folder)


def test_a_fault_in_the_spelling_file_names_its_place(folder):
    """Short forms are written without apostrophe and capitals."""
    path = folder / "spelling.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("  im: i am\n", "  im: I'm\n", 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_spelling([], path)
    assert caught.value.key == "short_forms.im"
    assert "short_forms" in str(caught.value)
