"""`sayable score`: judge replies in bulk, JSON lines in, JSON lines out, in order."""

import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO, TextIO

import click

from actions.feedback import Scorer, Verdict, Verdicts, guess_moment
from actions.feedback.as_json import criteria_as_json
from actions.feedback.verdicts import Evidence
from sayable.finite_json import NotFinite, parse_json
from web.safety import SafetyRules

LONGEST_REPLY = 20_000
"""Code points. The pages admit 2,000; files may hold more, but a line beyond this is a mistake."""
LONGEST_LINE = 1_000_000
"""Bytes of a line that are read at once. Two longest texts with every character escaped as two \\u units come to 480,000."""


class BadLine(ValueError):
    """A line that cannot be scored; the message is one sentence without the reply's words."""


@click.command()
@click.option("--progress/--no-progress", default=None, help="Show progress on standard error (default: only on a terminal).")
def score(progress: bool | None) -> None:
    """Score replies: JSON lines in, JSON lines out.

    Reads {"id", "text", "context"} per line from standard input (context may be missing or null) and writes one line for each, in order:
    {"id", "rubric", "criteria": {KEY: {"present", "score", "evidence"}}, "advice"}. A line that cannot be read gives
    {"line", "error"} in its place and the rest goes on.
    """
    show = sys.stderr.isatty() if progress is None else progress
    faults = score_lines(sys.stdin.buffer, sys.stdout, show)
    if faults:
        click.echo(f"{faults} lines could not be scored; each says why in its place.", err=True)


def score_lines(source: BinaryIO, target: TextIO, show_progress: bool = False) -> int:
    """Score every line of `source` (bytes) into `target`; returns how many lines could not be scored."""
    scorer, rules, faults, done = Scorer.load(), SafetyRules.load(), 0, 0
    for number, raw in enumerate(cut_lines(source), 1):
        if raw is not None and not raw.strip():
            continue
        try:
            if raw is None:
                raise BadLine(f"the line is longer than {LONGEST_LINE} bytes")
            answer = score_one(scorer, rules, *read_line(raw))
        except BadLine as fault:
            answer, faults = {"line": number, "error": str(fault)}, faults + 1
        target.write(json.dumps(answer, ensure_ascii=True, allow_nan=False) + "\n")
        done += 1
        if show_progress and done % 50 == 0:
            click.echo(f"\r{done} replies", nl=False, err=True)
    if show_progress:
        click.echo(f"\r{done} replies", err=True)
    target.flush()
    return faults


def cut_lines(source: BinaryIO) -> Iterator[bytes | None]:
    """The lines of `source`; None for one longer than LONGEST_LINE, of which no more than that is ever held."""
    while raw := source.readline(LONGEST_LINE + 1):
        if len(raw) <= LONGEST_LINE or raw.endswith(b"\n"):
            yield raw
            continue
        while (more := source.readline(LONGEST_LINE)) and not more.endswith(b"\n"):
            pass
        yield None


def read_line(raw: bytes) -> tuple[Any, str, str | None]:
    """(id, text, context) of one line. Raises BadLine."""
    try:
        found = parse_json(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadLine("the line is not UTF-8") from None
    except NotFinite:
        raise BadLine("the line holds a number that JSON cannot write (NaN, Infinity or too large)") from None
    except (ValueError, RecursionError):
        raise BadLine("the line is not JSON") from None
    if not isinstance(found, dict):
        raise BadLine('the line is not a JSON object with "id" and "text"')
    text, context = found.get("text"), found.get("context")
    if not isinstance(text, str):
        raise BadLine('"text" is missing or not a string')
    if context is not None and not isinstance(context, str):
        raise BadLine('"context" is neither a string nor null')
    if len(text) > LONGEST_REPLY or len(context or "") > LONGEST_REPLY:
        raise BadLine(f"longer than {LONGEST_REPLY} characters")
    return found.get("id"), text, context or None


def score_one(scorer: Scorer, rules: SafetyRules, identity: Any, text: str, context: str | None) -> dict[str, Any]:
    """The answer for one reply, all 19 keys, crisis included."""
    verdicts = judge_with_rules(scorer, rules, text, context)
    advice = scorer.advise(text, context, verdicts, guess_moment(context))
    return {
        "id": identity,
        "rubric": scorer.wording.version,
        "criteria": criteria_as_json(verdicts),
        "advice": {
            "strength": advice.strength and advice.strength.text,
            "next_step": advice.next_step and advice.next_step.text,
            "rewording": advice.rewording,
        },
    }


NEXT_TO_NOTHING = 0.01
"""Of the labelled replies looked at so far (dev-replies, h90 to h94), every hit of the rules below this score was a false alarm: 8 of 8."""


def judge_with_rules(scorer: Scorer, rules: SafetyRules, text: str, context: str | None) -> Verdicts:
    """The model's verdicts, with the rules at the door added to `crisis`.

    A hit of the rules is left out where the model sees next to nothing. At the pages the door does not wait for the model: there every hit
    opens the help panel.
    """
    verdicts = scorer.judge(text, context)
    finding = rules.look_at(text)
    found = verdicts["crisis"]
    if finding is not None and finding.tier == 1 and not found.present and found.score >= NEXT_TO_NOTHING and text.strip():
        why = scorer.wording.criteria["crisis"].why
        verdicts["crisis"] = Verdict("crisis", True, max(found.score, 0.9), (Evidence(0, len(text), text, why),))
    return verdicts
