"""The help texts, and the operator's own file that alone may hold telephone numbers."""

import re
from datetime import date

import pytest

from data.faults import ContentError
from data.safety.help import MOST_WORDS, OPERATOR_FORM, count_words, place_operator_form, read_help

KINDS = ("self_harm", "being_hurt", "harm_to_others", "unsure")
ENTRY = """operator_confirmed_on: 2026-05-01
resources:
  - name: A service
    kind: being_hurt
    phone: "+00 (0)1 234"
    languages: [en]
    source: https://example.org/checked
    checked_on: 2026-05-01
  - name: Any ear
    kind: any
    url: https://example.org/
    source: called them
    checked_on: 2024-05-01
"""


@pytest.mark.parametrize("kind", KINDS)
def test_a_panel_is_short_plain_and_points_to_people(kind):
    """K8: at most 90 words in short sentences; names the emergency number, someone trusted, and who is not told."""
    book = read_help()
    panel = book.panels[kind]
    whole = " ".join((panel.title, *panel.paragraphs, book.who_is_told.nobody))
    assert count_words(panel, book.who_is_told.nobody) <= MOST_WORDS
    assert "your local emergency number" in whole
    assert "someone you trust" in whole
    assert "Nobody is notified" in whole and "no person is watching" in whole
    sentences = [sentence for sentence in re.split(r"(?<=[.!?])\s", whole) if sentence]
    assert max(len(sentence.split()) for sentence in sentences) <= 30
    assert sum(len(word) for word in whole.split()) / len(whole.split()) < 5.5


def test_nothing_that_ships_holds_a_number_or_asks_for_plans():
    """No telephone number of ours, and no question about plan or means: a program must not assess."""
    book = read_help()
    told = book.model_dump_json()
    assert not re.search(r"\d{3,}", told)
    assert book.resources == ()
    assert not any("?" in paragraph for panel in book.panels.values() for paragraph in panel.paragraphs)


def test_the_notification_setting_changes_the_sentence():
    """K7: one file holds both sentences, and they differ."""
    told = read_help().who_is_told
    assert told.nobody.startswith("Nobody is notified")
    assert told.clinic.startswith("Your clinic is notified")


def test_being_hurt_has_a_note_on_devices_and_no_advice_on_wording():
    """K4: the abuse panel never says to say it differently, and a note on safer devices stands ready."""
    book = read_help()
    assert "not the answer" in " ".join(book.panels["being_hurt"].paragraphs)
    assert "device" in book.wording.safe_device
    assert "fear or force" in book.wording.not_for_force


def test_a_locale_without_a_file_gets_text_and_never_another_countrys_numbers(tmp_path):
    """K5: our English text, and only services that were entered for that very locale."""
    (tmp_path / "help.en.yml").write_text(ENTRY, encoding="utf-8")
    book = read_help("fi", tmp_path)
    assert book.resources == ()
    assert "your local emergency number" in " ".join(book.panels["self_harm"].paragraphs)


def test_the_operators_entries_are_offered_by_kind_and_warned_about_when_old(tmp_path):
    """Entries for the kind come first, those for any kind after; what was checked over a year ago is named."""
    (tmp_path / "help.en.yml").write_text(ENTRY, encoding="utf-8")
    book = read_help("en", tmp_path)
    assert [entry.name for entry in book.find_resources("being_hurt")] == ["A service", "Any ear"]
    assert [entry.name for entry in book.find_resources("self_harm")] == ["Any ear"]
    assert [entry.name for entry in book.find_resources("unsure")] == ["A service", "Any ear"]
    assert book.operator_confirmed_on == date(2026, 5, 1)
    warnings = book.find_warnings(date(2026, 6, 1))
    assert len(warnings) == 1 and "Any ear" in warnings[0]
    assert len(book.find_warnings(date(2027, 6, 1))) == 3


def test_an_empty_form_is_laid_once_and_warns(tmp_path):
    """The form reads as it ships, says that it is unconfirmed, and never overwrites what the operator entered."""
    path = place_operator_form(tmp_path)
    assert path.read_text(encoding="utf-8") == OPERATOR_FORM.read_text(encoding="utf-8")
    warnings = read_help("en", tmp_path).find_warnings(date(2026, 1, 1))
    assert any("not been confirmed" in warning for warning in warnings)
    path.write_text(ENTRY, encoding="utf-8")
    assert place_operator_form(tmp_path).read_text(encoding="utf-8") == ENTRY


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("kind: being_hurt", "kind: sadness", "resources[0].kind"),
        ('    phone: "+00 (0)1 234"\n', "", "resources[0]"),
        ('"+00 (0)1 234"', '"call me"', "resources[0].phone"),
        ("    source: called them\n", "", "resources[1].source"),
        ("url: https://example.org/\n", "url: javascript:alert(1)\n", "resources[1].url"),
        ("checked_on: 2024-05-01", "checked_on: last spring", "resources[1].checked_on"),
        ("resources:", "ressources:", "ressources"),
        ("2026-05-01\nresources", "soon\nresources", "operator_confirmed_on"),
    ],
)
def test_a_fault_in_the_operators_file_names_its_place(tmp_path, old, new, key):
    """Whoever edits the file is told which line and key to mend."""
    path = tmp_path / "help.en.yml"
    path.write_text(ENTRY.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_help("en", tmp_path)
    assert (caught.value.path, caught.value.key) == (path, key)


def test_an_operators_panel_may_not_grow_too_long(tmp_path):
    """A clinic may word a panel itself, within the same length."""
    panel = "panels:\n  self_harm:\n    title: Paused\n    paragraphs:\n      - {}\n"
    (tmp_path / "help.en.yml").write_text(panel.format("Call your local emergency number."), encoding="utf-8")
    assert read_help("en", tmp_path).panels["self_harm"].title == "Paused"
    (tmp_path / "help.en.yml").write_text(panel.format("word " * 95), encoding="utf-8")
    with pytest.raises(ContentError, match="90 at most"):
        read_help("en", tmp_path)


@pytest.mark.parametrize("locale", ["../../etc/passwd", "", "e", "en/.."])
def test_a_locale_is_no_path(locale):
    """A locale from a setting cannot name another file."""
    with pytest.raises(ContentError, match="no locale"):
        read_help(locale)
