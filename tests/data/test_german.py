"""What readers of another language are told: text for text what the English files say, with the same gaps, and a slip names its place."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from data.dialogue import around
from data.dialogue.answers import read_answers
from data.dialogue.around import EXAMPLE, TOLD_AROUND, read_around
from data.drills import read_drills
from data.faults import ContentError
from data.read_yaml import read_yaml
from data.rubric import wording
from data.rubric.wording import list_wording_locales, read_wording, read_wording_for
from data.safety.help import place_operator_form, read_help, read_help_beside
from data.scenarios.reader import HERE as SCENES

GAP = re.compile(r"\{\w*\}")
SAME_IN_BOTH = frozenset({"skill", "fault", "safety"})


def list_texts(value: object, place: str = "") -> dict[str, str]:
    """Every text of a tree with its place."""
    if isinstance(value, str):
        return {place: value}
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, (list, tuple)) else ()
    return {key: text for step, part in parts for key, text in list_texts(part, f"{place}.{step}").items()}


def assert_translated(ours: object, theirs: object) -> None:
    english, german = list_texts(ours), list_texts(theirs)
    assert german.keys() == english.keys() and len(english) > 5
    assert [key for key, text in english.items() if sorted(GAP.findall(text)) != sorted(GAP.findall(german[key]))] == []
    assert [key for key, text in english.items() if german[key] == text and text not in SAME_IN_BOTH] == []


def test_every_text_of_the_feedback_is_there_in_german():
    """Each name, meaning, reason and message has its German one at the same place with the same slots."""
    assert list_wording_locales() == ["en", "de"]
    ours, theirs = read_wording().model_dump(mode="json"), read_wording_for("de").model_dump(mode="json")
    assert ours.pop("version") == theirs.pop("version")
    assert_translated(ours, theirs)


def test_no_sentence_of_the_feedback_is_said_twice():
    """A page finds the German of a stored English sentence by the sentence: two places with one sentence could mean two things."""
    texts = [text for key, text in list_texts(read_wording().model_dump(mode="json")).items() if not key.endswith((".kind", ".name"))]
    assert len(texts) == len(set(texts))


def test_every_text_of_the_help_panels_is_there_in_german():
    """Panels, who is told, buttons, steps for a minute."""
    ours, theirs = (read_help(locale).model_dump(mode="json", exclude={"locale"}) for locale in ("en", "de"))
    assert_translated(ours, theirs)


def test_every_sentence_of_the_guide_around_a_scene_is_there_in_german():
    """The same keys, each with its name or minutes where the English sentence has them."""
    assert_translated(read_yaml(SCENES / "_guide.yml").value, read_yaml(SCENES / "_guide.de.yml").value)


def test_what_the_guide_said_is_told_in_german():
    """Every sentence that answers, drills and guide say around the practice comes out as another, its gaps filled with the same."""
    told, says, fill = read_around("de"), read_answers().says, {"lines": 5, "met": 3}
    said = [text.format(**fill) for key in TOLD_AROUND for text in says[key]]
    for drill in read_drills().values():
        said += [drill.title, drill.intro, *drill.met, drill.near, drill.missed, drill.fault]
    guide = read_yaml(SCENES / "_guide.yml").value
    said += [text.format(name="Noa", minutes="20 minutes") for part in guide.values() for text in part.values()]
    assert len(said) > 70 and [text for text in said if told.tell(text) == text] == []
    assert "3 von 5" in told.tell(says["drill_finished"][0].format(**fill))
    assert told.tell(guide["says"]["timed_out"].format(name="Noa", minutes="1 minute")).startswith("Auszeit: 1 Minute.")
    assert told.tell(EXAMPLE.format(example="I feel {sad}.")) == "Zum Beispiel: I feel {sad}."
    assert told.tell("A line of nobody.") == "A line of nobody." and read_around("en").tell(drill.title) == drill.title


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("{met} von {lines}", "{met} von 5", "says.drill_finished[0]"),
        ("  drill_paused:", "  drill_passed:", "says"),
        ('      - "Ja: benannt', '      - "Noch eine."\n      - "Ja: benannt', "drills.emotion_label.met"),
        ("units:", "unit:", "units"),
    ],
)
def test_a_slip_in_a_translation_of_the_guide_names_its_place(tmp_path: Path, monkeypatch, old: str, new: str, key: str):
    """A lost gap, a key that nothing uses, one sentence too many."""
    text = (around.HERE / "around.de.yml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / "around.de.yml").write_text(text.replace(old, new), encoding="utf-8")
    monkeypatch.setattr(around, "HERE", tmp_path)
    with pytest.raises(ContentError) as caught:
        read_around("de")
    assert caught.value.key == key and caught.value.path == tmp_path / "around.de.yml" and caught.value.remedy


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('version: "2026.11"', 'version: "2020.01"', "version"),
        ("      - Hier ist der eigene Anteil klar benannt.\n", "", "criteria.repair.strength"),
        ("    name: Vorwurf\n    kind: fault", "    name: Vorwurf\n    kind: safety", "criteria.blame.kind"),
    ],
)
def test_a_slip_in_a_translation_of_the_feedback_names_its_place(tmp_path: Path, monkeypatch, old: str, new: str, key: str):
    """An older rubric, a sentence too few, another kind: told with file, line and key."""
    text = wording.FILE.with_name("criteria.de.yml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    shutil.copy(wording.FILE, tmp_path / "criteria.yml")
    (tmp_path / "criteria.de.yml").write_text(text.replace(old, new), encoding="utf-8")
    monkeypatch.setattr(wording, "FILE", tmp_path / "criteria.yml")
    with pytest.raises(ContentError) as caught:
        read_wording_for("de")
    assert caught.value.key == key and caught.value.path == tmp_path / "criteria.de.yml"


ENTRY = """operator_confirmed_on: {day}
resources:
  - name: {name}
    kind: any
    phone: "+00 1"
    source: called them
    checked_on: 2026-05-01
"""


def test_german_readers_get_the_services_of_the_house_until_a_german_file_is_confirmed(tmp_path: Path):
    """Where to turn hangs on the place, not on the language: the house's own services, then those entered and confirmed for German."""
    (tmp_path / "help.en.yml").write_text(ENTRY.format(day="2026-05-01", name="House line"), encoding="utf-8")
    main = read_help("en", tmp_path)
    book = read_help_beside("de", tmp_path, main)
    assert [entry.name for entry in book.resources] == ["House line"] and "Notruf" in book.panels["self_harm"].paragraphs[1]
    (tmp_path / "help.de.yml").write_text(ENTRY.format(day="", name="Zeile"), encoding="utf-8")
    assert [entry.name for entry in read_help_beside("de", tmp_path, main).resources] == ["House line"]
    (tmp_path / "help.de.yml").write_text(ENTRY.format(day="2026-05-02", name="Zeile"), encoding="utf-8")
    assert [entry.name for entry in read_help_beside("de", tmp_path, main).resources] == ["Zeile"]


def test_the_german_form_suggests_and_ships_nothing(tmp_path: Path):
    """It names services of three countries with their sources, all behind a mark; as laid it reads as empty and unconfirmed."""
    path = place_operator_form(tmp_path, "de")
    text = path.read_text(encoding="utf-8")
    assert all(f"# {land}\n" in text for land in ("Deutschland", "Österreich", "Schweiz"))
    book = read_help("de", tmp_path)
    assert book.resources == () and book.operator_confirmed_on is None
    shown = "\n".join(line.removeprefix("# ") for line in text.split("# resources:\n")[1].splitlines() if line.startswith("#   "))
    head = "operator_confirmed_on: 2026-05-01\nresources:\n"
    path.write_text(head + shown, encoding="utf-8")
    with pytest.raises(ContentError, match="checked_on"):
        read_help("de", tmp_path)  # a suggestion that nobody has tried is not taken
    path.write_text(head + shown.replace("checked_on:", "checked_on: 2026-05-01"), encoding="utf-8")
    taken = read_help("de", tmp_path).resources
    assert len(taken) == 7 and {"112", "0800 1110111", "116 016", "142", "143"} <= {entry.phone for entry in taken}


def test_german_panels_are_short_and_point_to_people():
    """K8 in German: at most 90 words (the reader checks it), the emergency call, somebody trusted, no number of ours, no question."""
    book = read_help("de")
    told = book.model_dump_json()
    assert not re.search(r"\d{3,}", told)
    for panel in book.panels.values():
        whole = " ".join(panel.paragraphs)
        assert "Notruf" in whole and "dem Sie vertrauen" in whole and "?" not in whole
    assert book.who_is_told.nobody.startswith("Niemand wird benachrichtigt")
    assert "nicht die Antwort" in " ".join(book.panels["being_hurt"].paragraphs)
