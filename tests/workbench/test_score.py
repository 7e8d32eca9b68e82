"""`sayable score`: one line out for each line in, in order, whatever the line is."""

import io
import json

import pytest
from click.testing import CliRunner

from data.criteria import KEYS
from sayable.score import LONGEST_LINE, LONGEST_REPLY, score, score_lines


def run(text):
    result = CliRunner().invoke(score, ["--no-progress"], input=text)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_reply_gets_all_nineteen_keys_in_order():
    """The format that others read: id, rubric, criteria with evidence, advice."""
    lines = run('{"id": 7, "text": "I feel sad", "context": null}\n{"id": "b", "text": "you never help 😂"}\n')
    assert [line["id"] for line in lines] == [7, "b"]
    for line, text in zip(lines, ("I feel sad", "you never help 😂"), strict=True):
        assert tuple(line["criteria"]) == KEYS
        assert set(line["advice"]) == {"strength", "next_step", "rewording"}
        assert line["rubric"]
        for verdict in line["criteria"].values():
            assert set(verdict) == {"present", "score", "evidence"}
            for piece in verdict["evidence"]:
                assert text[piece["start"] : piece["end"]] == piece["text"]


def test_a_broken_line_says_its_number_and_the_rest_goes_on():
    """Not JSON, no text, wrong types, not UTF-8: each named, none fatal."""
    source = (
        b'nonsense\n{"id": 1}\n[1]\n{"id": 2, "text": 5}\n{"id": 3, "text": "ok", "context": 4}\n\xff\xfe\n\n{"id": 4, "text": "fine"}\n'
    )
    lines = run(source)
    assert [line.get("line") for line in lines] == [1, 2, 3, 4, 5, 6, None]
    assert lines[-1]["id"] == 4
    assert all("error" in line for line in lines[:-1])


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", '[1, {"a": -1e999}]'])
def test_a_number_that_json_cannot_hold_is_an_error_line(value):
    """Whatever reads the answers must not stumble over an id that came back as NaN; a huge integer is a number like others."""
    lines = run(f'{{"id": {value}, "text": "fine"}}\n{{"id": 1, "text": "fine", "more": {value}}}\n{{"id": {10**40}, "text": "fine"}}\n')
    assert [line.get("line") for line in lines] == [1, 2, None]
    assert "NaN" in lines[0]["error"]
    assert lines[2]["id"] == 10**40


def test_a_line_without_end_is_refused_before_it_is_held(monkeypatch):
    """Only so many bytes of a line are read at once; the lines around it are scored, and its number is right."""
    monkeypatch.setattr("sayable.score.LONGEST_LINE", 100)
    held = []

    class Source(io.BytesIO):
        def readline(self, size=-1):
            held.append(size)
            return super().readline(size)

    source = Source(b'{"id": 1, "text": "fine"}\n' + b"x" * 1000 + b'\n\n{"id": 2, "text": "fine"}\n' + b"y" * 101)
    target = io.StringIO()
    assert score_lines(source, target) == 2
    lines = [json.loads(line) for line in target.getvalue().splitlines()]
    assert [(line.get("id"), line.get("line")) for line in lines] == [(1, None), (None, 2), (2, None), (None, 5)]
    assert "100 bytes" in lines[1]["error"]
    assert all(0 < size <= 101 for size in held)


def test_the_longest_texts_fit_in_a_line():
    """Reply and partner's line as long as admitted, each character escaped as two units, are no line too long."""
    row = json.dumps({"id": 1, "text": "\U0001f642" * LONGEST_REPLY, "context": "\U0001f642" * LONGEST_REPLY})
    assert len(row) < LONGEST_LINE


def test_empty_input_gives_nothing():
    """No lines in, no lines out."""
    assert run("") == []
    assert run("\n \n") == []


def test_hard_texts_are_scored_and_not_refused():
    """Empty, huge, right-to-left, control characters and lone surrogates are texts like others."""
    texts = ["", "   ", "a" * 2000, "שלום לך", "\u0000\u0007", "<b>x</b>", "\\ud83d"]
    lines = run("".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(texts)) + '{"id": 9, "text": "\\ud83d"}\n')
    assert len(lines) == len(texts) + 1
    assert all("criteria" in line for line in lines)


def test_a_crisis_is_given_with_all_keys_in_batch():
    """In batch use nothing is held back."""
    line = run('{"id": 1, "text": "he hit me again last night and i am scared he will come back"}\n')[0]
    assert line["criteria"]["crisis"]["present"]
    assert len(line["criteria"]) == 19
