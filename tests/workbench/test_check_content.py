"""`sayable check-content` names every fault with file, line, key and what would mend it, and ends with status 1."""

import datetime
import re

import pytest
from click.testing import CliRunner

from data.scenarios import load_scene
from data.scenarios.reader import HERE
from sayable.check_content import find_overdue
from sayable.cli import HouseCommands

S17 = (HERE / "S17.yml").read_text(encoding="utf-8")
S12 = (HERE / "S12.yml").read_text(encoding="utf-8")


def check(*paths):
    """The exit status and the output of the command as it is typed in a terminal."""
    told = CliRunner().invoke(HouseCommands("sayable"), ["check-content", *map(str, paths)])
    return told.exit_code, told.output


def swap(text, old, new):
    """`text` with `old`, which must be there, replaced once."""
    assert old in text, f"{old!r} is no longer in the scene; choose other words for this test"
    return text.replace(old, new, 1)


def write(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def find_line(text, words):
    """The number of the first line of `text` that holds `words`."""
    return next(number for number, line in enumerate(text.split("\n"), 1) if words in line)


def find_when(text, ending):
    """The number of the `when:` line of an ending."""
    lines = text.split("\n")
    start = lines.index(f"  - id: {ending}")
    return next(number for number, line in enumerate(lines, 1) if number > start and line.startswith("    when:"))


def make_circle(text):
    """Two topics that wait for each other."""
    text = swap(text, "  - id: work_and_noise\n", "  - id: work_and_noise\n    after: which_evening\n")
    return swap(text, "  - id: which_evening\n", "  - id: which_evening\n    after: work_and_noise\n")


def add_layers(text, number):
    """So many layers in the place of the three."""
    layers = "".join(f'  - id: layer_{each}\n    openness: 1\n    says: ["What I tell as number {each}."]\n' for each in range(number))
    return re.sub(r"(?ms)^layers:\n.*?^topics:", f"layers:\n{layers}\ntopics:", text)


TWIN = '  - id: twin\n    cues: ["still love"]\n    asked: ["Do I still love you? You know I do."]\n  - id: work_and_noise\n'

# kind of fault: what is done to S17.yml, words of the line where it then stands, key, problem, hint
BROKEN = {
    "bad file: a NUL": (
        lambda text: swap(text, "summary:", "summary:\0"),
        "summary:",
        "",
        "holds a character that no text has (U+0000)",
        "delete it and save the file as UTF-8",
    ),
    "bad file: no YAML": (
        lambda text: swap(text, "\nauthor:", '\nauthor: "a" b #'),
        "author:",
        "",
        "is not YAML",
        "put the text in double quotes",
    ),
    "bad file: a date that is none": (
        lambda text: re.sub(r"(?m)^review_by: .*$", "review_by: 2027-13-01", text),
        "review_by:",
        "review_by",
        "'2027-13-01' looks like a date or a number and is none",
        "mend it (a date: 2027-11-01)",
    ),
    "bad file: a mistyped key": (
        lambda text: swap(text, "    need: ", "    ned: "),
        "    ned:",
        "partner.hidden.ned",
        "no such key",
        "did you mean `need`?",
    ),
    "blank: a line of the partner": (
        lambda text: re.sub(r"(?m)^(layers:\n(?:.*\n)*?    says:\n)      - .*\n", r'\1      - "    "\n', text, count=1),
        '      - "    "',
        "layers[0].says[0]",
        "is blank",
        "write at least 2 characters",
    ),
    "blank: a title of characters without width": (
        lambda text: re.sub(r"(?m)^title: .*$", 'title: "\u200b\u2060\u200b\ufeff"', text),
        "title:",
        "title",
        "is blank",
        "write at least 3 characters",
    ),
    "blank: a setting": (
        lambda text: re.sub(r"(?ms)^setting: >\n.*?^client_goal", 'setting: "  \u00a0  "\nclient_goal', text),
        "setting:",
        "setting",
        "is blank",
        "write at least 2 characters",
    ),
    "blank: cues that nobody types": (
        lambda text: re.sub(r"(?m)(  - id: work_and_noise\n    cues: ).*$", r'\1["!!!", "??"]', text),
        '["!!!", "??"]',
        "topics[1].cues[0]",
        "has no letter in it",
        "write it in words that can be read",
    ),
    "circular branches": (
        make_circle,
        "    after: which_evening",
        "topics[1].after",
        "goes in a circle: work_and_noise → which_evening → work_and_noise",
        "take one `after` out",
    ),
    "unreachable lines: a topic": (
        lambda text: swap(text, "  - id: work_and_noise\n", TWIN),
        '    cues: ["still love"]',
        "topics[1].cues",
        "unreachable: earlier topics have all these cues",
        "give it a cue of its own",
    ),
    "unreachable lines: a test of limits": (
        lambda text: re.sub(r"(?m)^  tests_limit: .*$", "  tests_limit: {friendly: 0, guarded: 0, upset: 0}", text),
        "  limit_test:",
        "lines.limit_test",
        "unreachable: the partner never tests a limit",
        "set partner.tests_limit, or take the lines out",
    ),
    "unreachable lines: a layer after the end": (
        lambda text: swap(add_layers(text, 43), "max_turns: 24", "max_turns: 8"),
        "  - id: layer_14",
        "layers[14]",
        "unreachable: it is told after 8 replies at the soonest, and the talk closes after 8",
        "take out layers, or raise max_turns to 9 or more",
    ),
    "an ending nobody can reach: before the earliest end": (
        lambda text: swap(swap(text, "min_turns: 5", "min_turns: 30"), "max_turns: 24", "max_turns: 8"),
        "min_turns: 30",
        "min_turns",
        "nobody can reach a good ending: it comes after 30 replies, and the talk closes after 8",
        "lower it, or raise max_turns",
    ),
}


def test_what_ships_is_sound():
    """No fault in the whole content."""
    status, told = check()
    assert status == 0, told
    assert "0 faults" in told


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_refused_with_its_place(kind, tmp_path):
    """File, line, key, problem and remedy stand in one line of the output, and the status is 1."""
    spoil, where, key, problem, hint = BROKEN[kind]
    text = spoil(S17)
    path = write(tmp_path, "S17.yml", text)
    status, told = check(path)
    assert status == 1
    begins = f"{path}:{find_line(text, where)}: " + (f"{key}: " if key else "") + problem
    fault = next((line for line in told.splitlines() if line.startswith(begins)), None)
    assert fault is not None, f"{begins}\nis not in\n{told}"
    assert hint in fault


def test_an_ending_that_needs_more_replies_than_there_are_is_refused(tmp_path):
    """43 layers, two in an answer at the most, are not heard within 8 replies; the ending that asks for it is named at its `when`."""
    text = swap(add_layers(S17, 43), "max_turns: 24", "max_turns: 8")
    path = write(tmp_path, "S17.yml", text)
    status, told = check(path)
    assert status == 1
    place = f"{path}:{find_when(text, 'heard_no_plan')}: endings[2].when: "
    needs = "nobody can reach this ending: it needs 23 replies at the least, and the talk closes after 8"
    assert f"{place}{needs}; ask for less, or raise max_turns to 23 or more" in told


def test_a_translation_alone_is_held_to_the_english_scene_beside_it(tmp_path):
    """Only the translation is named, and its English scene lies in the same folder: a topic that is missing there is found."""
    write(tmp_path, "S17.yml", S17)
    german = swap(swap(S17, "locale: en", "locale: de"), "  - id: texting\n", "  - id: schreiben\n")
    path = write(tmp_path, "S17.de.yml", german)
    status, told = check(path)
    assert status == 1
    assert f"{path}:{find_line(german, 'topics:')}: topics: no translation of 'texting'; add it under `topics:`" in told
    line = find_line(german, "  - id: schreiben")
    assert f"{path}:{line}: topics[7].id: 'schreiben' is not in the English scene; give it the id that it has there" in told
    assert "1 scene, " in told


def test_a_translation_elsewhere_is_held_to_the_scene_that_ships(tmp_path):
    """A translator's folder need not hold the English scene; of a scene that is nowhere, that is the fault."""
    german = swap(swap(S17, "locale: en", "locale: de"), "  - id: texting\n", "  - id: schreiben\n")
    assert "no translation of 'texting'" in check(write(tmp_path, "S17.de.yml", german))[1]
    nowhere = swap(swap(S17, "locale: en", "locale: de"), "id: S17", "id: S99")
    path = write(tmp_path, "S99.de.yml", nowhere)
    assert f"{path}:2: id: there is no English scene 'S99' to compare this one with; put S99.yml beside it" in check(path)[1]


def test_a_scene_of_a_clinic_in_its_own_language_needs_no_english_one(tmp_path):
    """A clinic writes C01 in German alone."""
    german = swap(swap(S17, "locale: en", "locale: de"), "id: S17", "id: C01")
    status, told = check(write(tmp_path, "C01.de.yml", german))
    assert status == 0, told


def test_a_translation_is_not_compared_with_a_broken_original(tmp_path):
    """That the English file is to be mended first is said at the translation's id."""
    write(tmp_path, "S17.yml", swap(S17, "    need: ", "    ned: "))
    path = write(tmp_path, "S17.de.yml", swap(S17, "locale: en", "locale: de"))
    assert f"{path}:2: id: cannot be compared with S17.yml, which has faults of its own; mend that file first" in check(path)[1]


def test_a_translated_reflection_has_every_question(tmp_path):
    """A reflection in German with four of its ten questions lacks six, each by its name."""
    prompts = re.split(r"(?m)^(?=  - id: )", S12[S12.index("prompts:\n") : S12.index("\nreceives:")])
    assert len(prompts) == 11
    short = S12.replace("".join(prompts[5:]), "").replace("locale: en", "locale: de")
    path = write(tmp_path, "S12.de.yml", short)
    status, told = check(path)
    assert status == 1
    assert told.count("prompts: no translation of ") == 6
    assert f"{path}:{find_line(short, 'prompts:')}: prompts: no translation of 'kind_word'; add it under `prompts:`" in told


def test_a_scene_past_its_review_date_is_named():
    """It still plays, and somebody should read it again."""
    scene = load_scene("S17")
    assert find_overdue([scene], scene.review_by + datetime.timedelta(days=1)) == [scene]
    assert find_overdue([scene], scene.review_by) == []
