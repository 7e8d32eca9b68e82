"""`sayable listening`: does the partner answer what was said? Fresh readers choose, blind, between the given line and another.

Three steps: `prompts` writes partner lines for people (who did not write the scenes) to answer; `pairs` plays their replies and sets
each given line beside another line of the same scene, in chance order; `count` compares readers' choices with the key.
"""

from __future__ import annotations

import json
import math
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from actions import partner
from actions.partner.partner_state import openness_of
from data.scenarios import Scene, load_scene
from data.scenarios.groups import LEVELS
from data.scenarios.line_book import Spoken
from sayable.json_lines import read_json_lines
from sayable.simulate.play import judge_as_written
from sayable.simulate.styles import choose_reply, load_banks, load_styles

STYLES = ("skilled", "learning", "limits", "repairing", "blaming", "avoiding")
DEEPEST = 6  # replies before the line that is to be answered
NOT_BESIDE = ("opening.", "endings.", "lines.withdraws", "lines.closing", "lines.not_yet")


def sample_prompts(scene: Scene, count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Partner lines to be answered, with the talk so far and the state, from talks of written clients at every level."""
    styles, banks = load_styles(), load_banks()
    chance = random.Random(f"{scene.id}:{seed}")  # noqa: S311 - repeatable on purpose
    for number in range(count):
        style, level = styles[STYLES[number % len(STYLES)]], LEVELS[number % len(LEVELS)]
        talk = partner.open_talk(scene, seed=seed + number, level=level)
        history = [("partner", talk.state["last_line"])]
        for _ in range(number % (DEEPEST + 1)):
            intent = style.choose_intent(scene, talk.state, chance)
            reply = choose_reply(banks[intent], {text for who, text in history if who == "you"}, chance)
            following = partner.answer_reply(scene, talk.state, reply, judge_as_written(reply, None, banks[intent]))
            if following.ending or following.phase != "scene":
                break
            talk = following
            history += [("you", reply), ("partner", talk.state["last_line"])]
        yield {"id": f"{scene.id}-{number:03}", "scene": scene.id, "history": history, "reply": "", "state": talk.state}


def pair_lines(scene: Scene, answered: dict[str, Any], verdicts: Any, chance: random.Random) -> dict[str, Any] | None:
    """The given line and another line of the scene, in chance order; None when the reply ended or halted the talk."""
    talk = partner.answer_reply(scene, answered["state"], answered["reply"], verdicts)
    given = " ".join(line.text for line in talk.lines if line.who == "partner")
    if not given or talk.ending or talk.phase != "scene":
        return None
    other = choose_other(scene, talk.state, chance)
    given_is = chance.choice("AB")
    texts = {given_is: given, "AB".replace(given_is, ""): other.text}
    return {
        "id": answered["id"],
        "history": answered["history"],
        "reply": answered["reply"],
        **dict(sorted(texts.items())),
        "given": given_is,
    }


def choose_other(scene: Scene, state: dict[str, Any], chance: random.Random) -> Spoken:
    """A line of the same scene that was not said and fits the partner's mood."""
    band = "open" if openness_of(state) >= 2 else "closed"
    lines = [
        line
        for pool, lines in scene.book.items()
        if not pool.startswith(NOT_BESIDE)
        for line in lines
        if line.number not in state["used"] and not line.slots and line.band in ("any", band)
    ]
    return chance.choice(lines)


def count_choices(key: dict[str, str], choices: Iterable[dict[str, str]]) -> dict[str, tuple[int, int]]:
    """Per scene and in all: (how often the given line was chosen, how many choices)."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for choice in choices:
        if choice["id"] not in key or choice["choice"] not in ("A", "B"):
            raise click.ClickException(f"no such pair or choice: {choice}")
        for name in (choice["id"].rsplit("-", 1)[0], "all"):
            counts[name][0] += choice["choice"] == key[choice["id"]]
            counts[name][1] += 1
    return {name: (hits, total) for name, (hits, total) in counts.items()}


def interval(hits: int, total: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    z, share = 1.96, hits / total
    middle = share + z * z / (2 * total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return (middle - half) / (1 + z * z / total), (middle + half) / (1 + z * z / total)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """JSON lines; a broken line is named."""
    return [row for _, row in read_json_lines(path)]


def write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> int:
    texts = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return len(texts)


@click.group("listening")
def listening() -> None:
    """Measure whether the partner answers what was said, with people as readers."""


@listening.command("prompts")
@click.argument("scene_id")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--count", default=100, show_default=True, help="How many lines.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same lines.")
@click.option(
    "--to-answer",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the talks alone, without the partner's state: what people get who answer.",
)
def write_prompts(scene_id: str, file: Path, count: int, seed: int, to_answer: Path | None) -> None:
    """Write partner lines of SCENE_ID to FILE; people fill in "reply"."""
    scene = load_scene(scene_id)
    if not isinstance(scene, Scene):
        raise click.ClickException(f"{scene_id} has no partner")
    rows = list(sample_prompts(scene, count, seed))
    if to_answer:
        write_lines(to_answer, ({"id": row["id"], "history": row["history"], "reply": ""} for row in rows))
    click.echo(f"{write_lines(file, rows)} prompts in {file}")


@listening.command("pairs")
@click.argument("answered", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("pairs", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--key", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where the answers go; keep it from the readers."
)
@click.option(
    "--replies",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='What people answered, {"id", "reply"} per line, when it does not stand in ANSWERED itself.',
)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same pairs.")
def write_pairs(answered: Path, pairs: Path, key: Path, replies: Path | None, seed: int) -> None:
    """Play the replies in ANSWERED and write blind PAIRS for readers."""
    from actions.feedback import Scorer

    scorer, chance, rows = Scorer.load(), random.Random(seed), []  # noqa: S311 - repeatable on purpose
    said = {row["id"]: row["reply"] for row in read_lines(replies)} if replies else {}
    for row in read_lines(answered):
        row["reply"] = said.get(row["id"], row["reply"])
        scene = load_scene(row["scene"])
        if row["state"]["version"] != scene.version:
            raise click.ClickException(f"{row['id']} was written for another version of {scene.id}; write the prompts anew")
        if row["reply"].strip() and isinstance(scene, Scene):
            pair = pair_lines(scene, row, scorer.judge(row["reply"], row["state"]["last_line"]), chance)
            if pair:
                rows.append(pair)
    key.write_text(json.dumps({row["id"]: row.pop("given") for row in rows}, indent=1), encoding="utf-8")
    click.echo(f"{write_lines(pairs, rows)} pairs in {pairs}; the key is in {key}")


@listening.command("count")
@click.argument("key", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("choices", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def count(key: Path, choices: tuple[Path, ...]) -> None:
    """Compare readers' CHOICES ({"id", "choice": "A" or "B"}) with the KEY."""
    try:
        answers = json.loads(key.read_text(encoding="utf-8"))
    except ValueError:
        raise click.ClickException(f"{key} is not the key of one `sayable listening pairs` run") from None
    counts = count_choices(answers, (row for file in choices for row in read_lines(file)))
    for name, (hits, total) in sorted(counts.items()):
        low, high = interval(hits, total)
        click.echo(f"{name:6} {hits}/{total}  {100 * hits / total:.1f} %  (95 %: {100 * low:.1f} to {100 * high:.1f})")
