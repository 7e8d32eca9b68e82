"""The guide's wording and the drills: what is faulty is told with file, line and key."""

import shutil

import pytest

from data.dialogue.answers import PATH, read_answers
from data.drills import HERE, SKILLS, read_drills
from data.faults import ContentError


def test_the_wording_is_whole():
    """Every key that actions use has at least one wording; several are taken in turn."""
    answers = read_answers()
    assert answers.say("thank", 0) != answers.say("thank", 1) and answers.say("thank", 0) == answers.say("thank", 2)
    assert answers.say("drill_finished", met=4, lines=5).startswith("That was the round: 4 of 5")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  thank:\n", "  thanks:\n", "says.thank"),
        ("  left:\n", "  more:\n    - x\n  left:\n", "says.more"),
        ("{met} of {lines}", "{wet} of {lines}", "says.drill_finished"),
        ('    - "You are welcome."', '    - "You are {welcome}."', "says.thank"),
        ('    - "Paused. The line waits for you."', "    - 5", "says.drill_paused"),
        ('    name: "need"\n', "", "skills.need"),
        ("skills:\n", "skill:\n", "skills"),
    ],
)
def test_a_fault_in_the_wording_is_told_with_its_place(tmp_path, old, new, told):
    """File, line and key, and what would mend it."""
    text = PATH.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "answers.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as fault:
        read_answers(path)
    assert fault.value.key.startswith(told) and fault.value.line >= 1 and fault.value.remedy
    assert "answers.yml:" in str(fault.value)


def test_there_are_three_drills_with_lines_enough():
    """A round never repeats a line of its own, and three rounds differ."""
    for skill, drill in read_drills().items():
        assert len(drill.lines) >= 14 and drill.rounds * 2 < len(drill.lines), skill
        texts = [line.says or line.situation for line in drill.lines]
        assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  - id: p02", "  - id: p01", "twice"),
        ("  - id: p02", "  - id: second", "pattern"),
        ("rounds: 5", "rounds: 50", "less than or equal"),
        ("skill: paraphrase", "skill: need", "paraphrase.yml"),
        ("intro:", "into:", "intro"),
    ],
)
def test_a_fault_in_a_drill_is_told_with_its_place(tmp_path, old, new, told):
    """File and line, for a writer to find it."""
    for skill in SKILLS:
        shutil.copy(HERE / f"{skill}.yml", tmp_path)
    path = tmp_path / "paraphrase.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as fault:
        read_drills(tmp_path)
    assert "paraphrase.yml:" in str(fault.value) and told in str(fault.value)


def test_a_missing_drill_is_told(tmp_path):
    """All three must be there."""
    with pytest.raises(ContentError, match=r"i_statement\.yml"):
        read_drills(tmp_path)
