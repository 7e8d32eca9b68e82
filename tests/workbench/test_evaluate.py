"""The figures of `sayable evaluate` on cases small enough to reckon by hand."""

import json

import click
import numpy as np
import pytest
from click.testing import CliRunner

from data.criteria import KEYS
from data.replies.hands import LabelledReply
from sayable.evaluate.command import FOLDER, evaluate
from sayable.evaluate.measure import calibration_error, measure
from sayable.evaluate.read_labelled import read_labelled
from sayable.evaluate.reflections import evaluate_reflections
from sayable.listening import read_lines


def reply(number, **labels):
    return LabelledReply(str(number), "hand", None, f"text {number}", {key: labels.get(key, 0) for key in KEYS}, {})


def test_precision_recall_and_f1_are_those_reckoned_by_hand():
    """Two true, one found rightly, one found wrongly: all three are one half."""
    replies = [reply(0, blame=1), reply(1, blame=1), reply(2), reply(3)]
    scores = np.zeros((4, 19))
    scores[:, KEYS.index("blame")] = [0.9, 0.2, 0.8, 0.1]
    figures = {f.key: f for f in measure(replies, scores, scores >= 0.5).figures}["blame"]
    assert (figures.precision, figures.recall, figures.f1) == (0.5, 0.5, 0.5)
    assert figures.auc == 0.75


def test_unclear_labels_are_left_out():
    """null is neither right nor wrong."""
    replies = [reply(0, blame=1), reply(1, blame=None)]
    present = np.zeros((2, 19), bool)
    present[:, KEYS.index("blame")] = True
    figures = {f.key: f for f in measure(replies, present.astype(float), present).figures}["blame"]
    assert figures.counted == 1
    assert figures.precision == 1.0


def test_a_calibrated_score_has_no_error_and_an_overconfident_one_has():
    """Half of the replies scored 0.5 are yes: no error. All scored 0.9: an error of 0.4."""
    truth = np.array([0.0, 1.0] * 10)
    assert calibration_error(truth, np.full(20, 0.5)) == pytest.approx(0.0)
    assert calibration_error(truth, np.full(20, 0.9)) == pytest.approx(0.4)


def test_a_broken_file_is_answered_with_its_line(tmp_path):
    """Whoever made the file finds the place."""
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": 1, "text": "a", "labels": {"blame": 1}}\n{"id": 2}\n', encoding="utf-8")
    with pytest.raises(Exception, match=r"x\.jsonl:2"):
        read_labelled(path)


GOOD = '{"id": 1, "text": "you are late", "labels": {"blame": 0}}'


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": 2, "text": "a", "labels": {"blmae": 1}}', "'blmae' is no criterion (did you mean 'blame'?)"),
        ('{"id": 2, "text": "a", "labels": {"blame": 2}}', "the label of 'blame' is not 1, 0 or null"),
        ('{"id": 2, "text": "a", "labels": {"blame": true}}', "the label of 'blame' is not 1, 0 or null"),
        ('{"id": 2, "text": "a", "labels": ["blame"]}', '"labels" is missing or not an object'),
        ('{"id": 2, "text": 5, "labels": {}}', '"text" is missing or not a string'),
        ('{"id": 2, "text": "a", "context": 5, "labels": {}}', '"context" is neither a string nor null'),
        ('{"id": 2, "text": "the hen", "labels": {"blame": 1}, "evidence": {"blame": "he"}}', "the evidence of 'blame' is not a list"),
        ('{"id": 2, "text": "the hen", "labels": {"blame": 1}, "evidence": {"blame": ["cock"]}}', "is not in the text letter for letter"),
        ('{"id": 2, "text": "the hen", "labels": {"blame": 1}, "evidence": {"blame": [""]}}', "the evidence of 'blame' is not a list"),
        ('{"id": 2, "text": "the hen", "labels": {}, "evidence": {"blaim": ["hen"]}}', "'blaim' is no criterion"),
        ('{"id": NaN, "text": "a", "labels": {}}', "is not JSON"),
        ("[1]", "not a labelled reply"),
    ],
)
def test_a_fault_in_a_line_is_named_and_nothing_is_dropped_in_silence(tmp_path, line, told):
    """A misspelt key or evidence that is no list would change the figures unseen."""
    path = tmp_path / "x.jsonl"
    path.write_text(f"{GOOD}\n\n{line}\n", encoding="utf-8")
    with pytest.raises(click.ClickException) as caught:
        read_labelled(path)
    assert f"{path}:3: " in caught.value.message
    assert told in caught.value.message


@pytest.mark.parametrize("odd", ["\u2028", "\u2029", "\u0085", "\u000b", "\u000c"])
def test_a_character_that_only_looks_like_a_line_end_stays_in_the_text(tmp_path, odd):
    """JSON lets it stand in a string; lines end at a line feed alone, here and for `sayable listening`."""
    path = tmp_path / "x.jsonl"
    row = json.dumps({"id": 1, "text": f"one{odd}two", "labels": {}}, ensure_ascii=False)
    path.write_bytes(f"{row}\r\n{row}\n".encode())
    assert [each.text for each in read_labelled(path)] == [f"one{odd}two"] * 2
    assert [each["text"] for each in read_lines(path)] == [f"one{odd}two"] * 2


def test_a_byte_order_mark_is_no_fault(tmp_path):
    """Spreadsheets and editors on Windows write one."""
    path = tmp_path / "x.jsonl"
    path.write_text(GOOD + "\n", encoding="utf-8-sig")
    assert [each.text for each in read_labelled(path)] == ["you are late"]


@pytest.mark.parametrize("name", ["x.jsonl", "x.txt"])
def test_a_file_that_is_not_utf8_or_empty_is_told_as_such(tmp_path, name):
    """A sentence with the line instead of a traceback, for JSON lines and for the file of a hand."""
    path = tmp_path / name
    path.write_bytes(b"\n" + "caf\u00e9".encode("latin-1"))
    with pytest.raises(click.ClickException, match=r":2: is not UTF-8"):
        read_labelled(path)
    for nothing in (b"", b"\n \n"):
        path.write_bytes(nothing)
        with pytest.raises(click.ClickException, match="holds no labelled reply"):
            read_labelled(path)


def test_the_macro_mean_is_over_criteria_with_a_reply_labelled_yes():
    """A criterion that nobody was labelled for has no F1, and is no 0 either; how many count is told."""
    replies = [reply(0, blame=1, need=1), reply(1, blame=1), reply(2), reply(3)]
    scores = np.zeros((4, 19))
    scores[:, KEYS.index("blame")] = [0.9, 0.2, 0.8, 0.1]
    scores[:, KEYS.index("need")] = [0.9, 0.1, 0.1, 0.1]
    report = measure(replies, scores, scores >= 0.5)
    assert (report.macro, report.averaged) == (0.75, 2)
    nobody = measure([reply(0)], scores[:1], scores[:1] >= 2)
    assert nobody.averaged == 0
    assert np.isnan(nobody.macro)


def test_the_confusions_and_the_plot_are_written_without_being_asked_for(tmp_path, monkeypatch):
    """Where no folder is named they lie in var/evaluation, and the command says so."""
    out = tmp_path / "var" / "evaluation"
    assert FOLDER.parts[-2:] == ("var", "evaluation")
    monkeypatch.setattr(next(each for each in evaluate.params if each.name == "out"), "default", out)
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": "a", "text": "you are so lazy", "labels": {"blame": 0}}\n' + GOOD + "\n", encoding="utf-8")
    told = CliRunner().invoke(evaluate, [str(path)])
    assert told.exit_code == 0, told.output
    assert "written to" in told.output
    assert "over 0 of 19 criteria" in told.output
    assert (out / "reliability.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads((out / "confusions.jsonl").read_text(encoding="utf-8"))["invented"]["blame"] >= 0.4
    assert json.loads((out / "figures.json").read_text(encoding="utf-8"))["averaged"] == 0


def write_turns(tmp_path, *lines):
    path = tmp_path / "turns.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_reflections_are_measured_against_what_was_marked(tmp_path):
    """A plain reflection is ranked over a question about the calendar."""
    path = write_turns(
        tmp_path,
        json.dumps({"prev": "I work all day and then I lie awake.", "text": "So you work all day and then lie awake.", "reflection": 1}),
        json.dumps({"prev": "Tuesday is fine.", "text": "And what time suits you on Tuesday?", "reflection": 0}),
    )
    result = CliRunner().invoke(evaluate_reflections, [path])
    assert result.exit_code == 0, result.output
    assert "2 turns, 1 marked as reflections" in result.output
    assert "reflecting = higher of the two   AUC 1.000" in result.output


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"text": "ok"}', ':2: needs "text"'),
        ('{"text": 3, "reflection": 1}', ':2: needs "text"'),
        ('{"text": "ok", "reflection": 2}', ':2: needs "text"'),
        ('{"prev": 3, "text": "ok", "reflection": 1}', ':2: "prev" must be'),
        ("no json", ":2: is not JSON"),
        ('{"text": "ok", "reflection": 0}', "turns of both kinds"),
    ],
)
def test_a_turn_that_cannot_be_read_is_told_with_its_line(tmp_path, line, told):
    """A turn without its mark, of the wrong type, no JSON, or a file without any reflection: nothing is measured."""
    result = CliRunner().invoke(evaluate_reflections, [write_turns(tmp_path, '{"text": "mm-hmm", "reflection": 0}', line)])
    assert result.exit_code == 1
    assert told in result.output
