"""Read `data/dialogue/answers.yml`: what the guide says outside a scene."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from data.read_yaml import YamlFile, read_yaml

PATH = Path(__file__).resolve().parent / "answers.yml"

SPOKEN: tuple[str, ...] = (
    "greet",
    "greet_again",
    "describe_found",
    "describe_not_found",
    "first_scenes",
    "other_scenes",
    "no_other_scenes",
    "pick_one",
    "pick_several",
    "pick_none",
    "drills",
    "ask_how_it_works",
    "ask_who_can_read",
    "ask_is_a_program",
    "ask_is_therapy",
    "ask_feedback",
    "ask_nvc",
    "thank",
    "stop",
    "deny",
    "complain",
    "out_of_scope",
    "ask_help",
    "in_danger",
    "if_not_safe",
    "left",
    "already_paused",
    "debrief_done",
    "typed_in_briefing",
    "typed_in_paused",
    "typed_in_timed_out",
    "typed_in_guess",
    "typed_in_reveal",
    "typed_in_debrief",
    "typed_in_over",
    "drill_opened",
    "drill_paused",
    "drill_resumed",
    "drill_stopped",
    "drill_finished",
)
SKILLS: tuple[str, ...] = (
    "i_statement",
    "observation",
    "feeling",
    "need",
    "request",
    "paraphrase",
    "emotion_label",
    "open_question",
    "validation",
    "boundary",
    "consent_check",
    "repair",
    "fault_words",
)
SLOTS: Mapping[str, frozenset[str]] = {
    "drill_opened": frozenset({"lines"}),
    "drill_finished": frozenset({"met", "lines"}),
}
SLOT = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True)
class Skill:
    """What a skill is called, what it is, and an example."""

    name: str
    explained: str
    example: str


@dataclass(frozen=True)
class Answers:
    """The guide's wording, checked: every key of SPOKEN and SKILLS is there."""

    says: Mapping[str, tuple[str, ...]]
    skills: Mapping[str, Skill]

    def say(self, key: str, turn: int = 0, **slots: object) -> str:
        """The wording for `key`; with several, they are taken in turn (`turn` counts from 0)."""
        choices = self.says[key]
        return choices[turn % len(choices)].format(**slots) if slots else choices[turn % len(choices)]


def read_answers(path: Path = PATH) -> Answers:
    """The wording in `path`. Raises ContentError with file, line and key."""
    file = read_yaml(path)
    if not isinstance(file.value, dict):
        raise file.fault((), "is not a list of answers", "keep the two keys `says:` and `skills:`")
    says = read_section(file, "says", SPOKEN)
    skills = read_section(file, "skills", SKILLS)
    return Answers({key: read_choices(file, key, says[key]) for key in SPOKEN}, {key: read_skill(file, key, skills[key]) for key in SKILLS})


def read_section(file: YamlFile, name: str, keys: tuple[str, ...]) -> dict:
    """One of the two parts, with exactly the keys that are used."""
    section = file.value.get(name)
    if not isinstance(section, dict):
        raise file.fault((name,), "missing", f"add `{name}:` with the keys that are used: {', '.join(keys)}")
    for key in keys:
        if key not in section:
            raise file.fault((name, key), "missing", f"add `{key}:`")
    for key in section:
        if key not in keys:
            raise file.fault((name, key), "nothing uses this key", "take it out, or check its spelling")
    return section


def read_choices(file: YamlFile, key: str, value: object) -> tuple[str, ...]:
    """One or several wordings for the same thing."""
    if not isinstance(value, list) or not value or not all(isinstance(text, str) and text.strip() for text in value):
        raise file.fault(("says", key), "must be a list of texts", "write at least one line: `- \"…\"`")
    for number, text in enumerate(value):
        used = frozenset(SLOT.findall(text))
        allowed = SLOTS.get(key, frozenset())
        if not used <= allowed or "{" in SLOT.sub("", text):
            remedy = f"use {', '.join('{' + slot + '}' for slot in sorted(allowed))}" if allowed else "take out the curly brackets"
            raise file.fault(("says", key, number), "has a gap that nothing fills", remedy)
    return tuple(value)


def read_skill(file: YamlFile, key: str, value: object) -> Skill:
    """The explanation of one skill."""
    if not isinstance(value, dict) or set(value) != {"name", "is", "example"} or not all(isinstance(v, str) and v for v in value.values()):
        raise file.fault(("skills", key), "must have the texts `name`, `is` and `example`", "add what is missing, take out what is more")
    return Skill(value["name"], value["is"], value["example"])
