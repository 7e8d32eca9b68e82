"""The figure for listening is made from blind choices."""

import json
import random

import pytest
from click.testing import CliRunner

from actions.feedback.verdicts import Evidence, Verdict
from data.criteria import KEYS
from data.scenarios import load_scene
from sayable.listening import count_choices, interval, listening, pair_lines, sample_prompts


def test_prompts_are_repeatable_and_of_every_depth():
    """The same seed gives the same lines; some stand at the beginning, some later in a talk."""
    scene = load_scene("S17")
    first, again = (list(sample_prompts(scene, 14, seed=3)) for _ in range(2))
    assert first == again
    assert {len(each["history"]) for each in first} >= {1, 3}
    assert all(each["history"][-1] == ("partner", each["state"]["last_line"]) for each in first)


def test_a_pair_holds_the_given_line_and_another_of_the_scene():
    """Both are of the same scene, in chance order, and the key says which was given."""
    scene = load_scene("S17")
    row = next(iter(sample_prompts(scene, 1, seed=1))) | {"reply": "That makes sense."}
    evidence = (Evidence(0, 4, "That", ""),)
    verdicts = {key: Verdict(key, key == "validation", 1.0, evidence) for key in KEYS}
    pair = pair_lines(scene, row, verdicts, random.Random(1))
    assert pair["A"] != pair["B"]
    assert pair["given"] in "AB"
    texts = {line.text for lines in scene.book.values() for line in lines}
    assert pair["AB".replace(pair["given"], "")] in texts


def test_choices_are_counted_per_scene_and_in_all():
    """Hits and totals."""
    key = {"S17-001": "A", "S17-002": "B", "S01-001": "A"}
    choices = [{"id": "S17-001", "choice": "A"}, {"id": "S17-002", "choice": "A"}, {"id": "S01-001", "choice": "A"}]
    assert count_choices(key, choices) == {"S17": (1, 2), "S01": (1, 1), "all": (2, 3)}


def test_the_interval_is_wilsons():
    """85 of 100: 76.7 to 90.7 %."""
    assert interval(85, 100) == pytest.approx((0.7672, 0.9069), abs=5e-4)


def test_the_command_writes_prompts_and_names_a_broken_line(tmp_path):
    """People get one JSON line per prompt; a broken file is told with its line."""
    runner = CliRunner()
    told = runner.invoke(listening, ["prompts", "S23", str(tmp_path / "p.jsonl"), "--count", "5"])
    assert told.exit_code == 0
    rows = [json.loads(line) for line in (tmp_path / "p.jsonl").read_text().splitlines()]
    assert len(rows) == 5
    (tmp_path / "key.json").write_text("{}")
    (tmp_path / "bad.jsonl").write_text('{"id": 1}\nnope\n')
    told = runner.invoke(listening, ["count", str(tmp_path / "key.json"), str(tmp_path / "bad.jsonl")])
    assert told.exit_code == 1
    assert "bad.jsonl:2: is not JSON" in told.output
