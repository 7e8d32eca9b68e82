"""What the shape of a scene cannot say: lines that clash, topics that wait for each other, lines that nobody can hear."""

from __future__ import annotations

import re
from collections.abc import Iterator

from data.lexicons.families import load_feelings, load_needs
from data.scenarios.ages import check_ages
from data.scenarios.groups import GROUPS, LEVELS, TOPIC_SLOTS
from data.scenarios.line_book import SLOT, Place, every_line
from data.scenarios.reach import Unsound, check_endings, check_layers, check_turns
from data.scenarios.scene import Banded, Reflection, Scene

FEWEST_LINES = 80
BENT = re.compile(r"\w \{(step|limit)\}")
VAGUE_YES = re.compile(r"\b(?:i guess|i suppose|maybe|perhaps|whatever|if you must|if i have to|not sure)\b", re.IGNORECASE)


def find_unsound(scene: Scene) -> list[Unsound]:
    """Every fault of a scene whose shape is right."""
    found: list[Unsound] = []
    for check in (
        check_families,
        check_slots,
        check_yes,
        check_stop,
        check_doubles,
        check_topics,
        check_amendments,
        check_follow_ups,
        check_layers,
        check_groups,
        check_hints,
        check_turns,
        check_endings,
        check_amount,
        check_ages,
    ):
        found.extend(check(scene))
    return found


def find_unsound_in_reflection(scene: Reflection) -> list[Unsound]:
    """Every fault of a reflection whose shape is right: there is nothing to agree in it and nobody to reach."""
    return [*check_prompts(scene), *check_ages(scene)]


def check_prompts(scene: Reflection) -> Iterator[Unsound]:
    ids: set[str] = set()
    for number, prompt in enumerate(scene.prompts):
        if prompt.id in ids:
            yield ("prompts", number, "id"), f"the id {prompt.id!r} is used twice", "give each its own id"
        ids.add(prompt.id)


def check_families(scene: Scene) -> Iterator[Unsound]:
    feelings, needs = load_feelings(), load_needs()
    hidden = scene.partner.hidden
    for place, names, known, file in (
        (("partner", "surface", "families"), scene.partner.surface.families, feelings, "feelings.yml"),
        (("partner", "also"), scene.partner.also, feelings, "feelings.yml"),
        (("partner", "hidden", "families"), hidden.families, feelings, "feelings.yml"),
        (("partner", "hidden", "need_families"), hidden.need_families, needs, "needs.yml"),
    ):
        for number, name in enumerate(names):
            if name not in known.words:
                yield (*place, number), f"no family {name!r}", f"use a family of data/lexicons/{file}: {', '.join(known.words)}"


def check_slots(scene: Scene) -> Iterator[Unsound]:
    for place, text in every_line(scene):
        allowed: frozenset[str] = frozenset()
        if place[0] == "lines":
            allowed = GROUPS[str(place[1])].slots
        elif place[0] == "topics":
            allowed = TOPIC_SLOTS[str(place[2])]
        elif place[0] == "endings":
            allowed = frozenset({"step", "limit"})
        for slot in SLOT.findall(text):
            if slot not in allowed:
                can = "{" + "}, {".join(sorted(allowed)) + "}" if allowed else "no words of the client"
                yield place, f"{{{slot}}} cannot be filled here", f"lines here may use {can}"
        if bent := BENT.search(text):
            fix = "let it stand by itself, after a full stop, a comma or a colon, or in quotation marks"
            yield place, f"the sentence is bent around {{{bent[1]}}}, and nobody knows the grammar of what the client typed", fix
        if text.count("{") != text.count("}"):
            yield place, "a { without its }", "write the slot as {step}, or leave braces out"
    for name, group in scene.lines.items():
        texts = [text for _, text in group.said()]
        if name == "recalls":
            continue
        if texts and all(set(SLOT.findall(text)) - {"offer"} for text in texts):
            yield ("lines", name), "every line here needs words of the client that may not be there", "add a line without { }"
    for number, ending in enumerate(scene.endings):
        if all(SLOT.search(text) for text in ending.says):
            yield ("endings", number, "says"), "every line here needs words of the client that may not be there", "add a line without { }"


def check_yes(scene: Scene) -> Iterator[Unsound]:
    """A yes is clear, or it is none: ambiguous assent never counts as agreement."""
    for place, text in every_line(scene):
        agrees = (place[0] == "lines" and place[1] in ("step_agree", "offer_taken")) or (place[0] == "topics" and place[2] == "agree")
        vague = VAGUE_YES.search(text) if agrees else None
        if vague:
            yield (
                place,
                f"{vague.group()!r} is no clear yes",
                "let the partner say yes in clear words here, or move the line to step_hesitate",
            )


def check_stop(scene: Scene) -> Iterator[Unsound]:
    """A stop is honoured at once: nothing is asked, and nobody has to give a reason."""
    for place, text in every_line(scene):
        if place[:2] in (("lines", "stopped"), ("lines", "paused"), ("lines", "timed_out")) and "?" in text:
            yield place, "asks something after a stop", "honour it in a few words and ask nothing"


def check_doubles(scene: Scene) -> Iterator[Unsound]:
    seen: dict[str, Place] = {}
    for place, text in every_line(scene):
        plain = re.sub(r"\W+", " ", text.lower()).strip()
        if plain in seen:
            yield place, f"the same line stands at {'.'.join(map(str, seen[plain]))}", "no line is said twice in an attempt; write another"
        seen[plain] = place
    ids: dict[str, Place] = {}
    for kind in ("layers", "topics", "endings"):
        ids.clear()
        for number, entry in enumerate(getattr(scene, kind)):
            if entry.id in ids:
                yield (kind, number, "id"), f"the id {entry.id!r} is used twice", "give each its own id"
            ids[entry.id] = (kind, number)


def check_topics(scene: Scene) -> Iterator[Unsound]:
    after = {topic.id: topic.after for topic in scene.topics}
    taken: set[str] = set()
    for number, topic in enumerate(scene.topics):
        if not (topic.asked.said() or topic.told.said()):
            yield ("topics", number), "a topic without lines", "add `asked:` (answers) or `told:` (when the client brings it up)"
        if topic.after is not None and topic.after not in after:
            yield ("topics", number, "after"), f"no topic {topic.after!r}", "name a topic of this scene"
        walked, at = [topic.id], topic.after
        while at is not None and at in after:
            if at in walked:
                if at == topic.id:
                    yield ("topics", number, "after"), f"goes in a circle: {' → '.join([*walked, at])}", "take one `after` out"
                break
            walked.append(at)
            at = after[at]
        cues = {cue.lower() for cue in topic.cues}
        if cues <= taken:
            yield ("topics", number, "cues"), "unreachable: earlier topics have all these cues", "give it a cue of its own"
        taken |= cues


def check_follow_ups(scene: Scene) -> Iterator[Unsound]:
    """The words that a follow-up takes up must stand in a line of the partner."""
    said = " \n ".join(text.lower().replace("’", "'") for place, text in every_line(scene) if place[0] != "endings")
    for number, follow_up in enumerate(scene.follow_ups):
        for each, words in enumerate(follow_up.to):
            if words.lower().replace("’", "'") not in said:
                yield ("follow_ups", number, "to", each), f"unreachable: no line says {words!r}", "use words of a line of this scene"


def check_amendments(scene: Scene) -> Iterator[Unsound]:
    topics = {topic.id for topic in scene.topics}
    for number, amendment in enumerate(scene.amends):
        for each, name in enumerate(amendment.fits):
            if name not in topics:
                yield ("amends", number, "fits", each), f"no topic {name!r}", "name topics of this scene"


def check_groups(scene: Scene) -> Iterator[Unsound]:
    tests = max(getattr(scene.partner.tests_limit, level) for level in LEVELS)
    for name in ("limit_test", "limit_held", "limit_dropped"):
        had = name in scene.lines and bool(scene.lines[name].said())
        if tests and not had:
            yield (
                ("lines",),
                f"the partner tests limits, but there are no lines in {name!r}",
                f"add `{name}:` or set partner.tests_limit to 0",
            )
        if not tests and had:
            yield ("lines", name), "unreachable: the partner never tests a limit", "set partner.tests_limit, or take the lines out"
    if "limit_test" in scene.lines and tests > len(scene.lines["limit_test"].said()) > 0:
        yield ("lines", "limit_test"), f"fewer lines than tests ({tests})", "add lines or lower partner.tests_limit"
    for name in ("offer_taken", "offer_left"):
        had = name in scene.lines and bool(scene.lines[name].said())
        if scene.amends and not had:
            yield ("lines",), f"the partner makes counter-proposals, but there are no lines in {name!r}", f"add `{name}:`"
        if not scene.amends and had:
            yield ("lines", name), "unreachable: the partner makes no counter-proposal", "add `amends:`, or take the lines out"
    if max(getattr(scene.partner.ceiling, level) for level in LEVELS) < 2:
        banded: list[tuple[Place, Banded]] = [(("lines", name), group) for name, group in scene.lines.items()]
        for part in ("asked", "told"):
            banded += [(("topics", number, part), getattr(topic, part)) for number, topic in enumerate(scene.topics)]
        for place, group in banded:
            if group.open:
                yield (*place, "open"), "unreachable: the partner never opens", "raise partner.ceiling"


def check_hints(scene: Scene) -> Iterator[Unsound]:
    stages = [hint.stage for hint in scene.hints]
    for stage in ("start", "hear", "mend", *(() if scene.listening else ("ask",))):
        if stage not in stages:
            yield ("hints",), f"no hint for the stage {stage!r}", f"add `- stage: {stage}` with nudge, cue and example"
    for number, stage in enumerate(stages):
        if stage in stages[:number]:
            yield ("hints", number, "stage"), f"the stage {stage!r} has two ladders", "join them"


def check_amount(scene: Scene) -> Iterator[Unsound]:
    amount = sum(1 for _ in every_line(scene))
    if amount < FEWEST_LINES:
        yield ("lines",), f"only {amount} partner lines in the whole scene", f"write at least {FEWEST_LINES}, so that two attempts differ"
    if scene.max_turns > amount // 2:
        yield (
            ("max_turns",),
            f"{scene.max_turns} turns are more than {amount} lines can carry",
            f"use at most {amount // 2}, or write more lines",
        )
