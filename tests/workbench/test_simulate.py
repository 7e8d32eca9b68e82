"""Written clients play every scene: no dead ends, no line twice, good words open, pressure never does."""

from statistics import mean

import pytest
from click.testing import CliRunner

from data.scenarios import list_scenes, load_scene
from sayable.simulate.command import simulate
from sayable.simulate.play import play
from sayable.simulate.report import find_unfair, write_report
from sayable.simulate.styles import FEWEST_REPLIES, load_banks, load_styles

TALKS = [scene for scene in list_scenes() if scene.kind == "talk"]
LEVELS = ("friendly", "guarded", "upset")
EVERY_SCENE = pytest.mark.parametrize("scene", TALKS, ids=lambda scene: scene.id)


def test_there_are_at_least_ten_written_styles_with_enough_to_say():
    """Every intent has at least 25 different replies."""
    assert len(load_styles()) >= 10
    for bank in load_banks().values():
        assert len(set(bank.replies)) >= FEWEST_REPLIES


@EVERY_SCENE
@pytest.mark.parametrize("style", load_styles().values(), ids=lambda style: style.name)
def test_every_style_reaches_an_ending_and_breaks_no_rule(scene, style):
    """Dead ends, lines said twice, agreement after pressure, a stop not honoured: none, at every level."""
    for seed, level in enumerate(LEVELS):
        played = play(scene, style, level, seed)
        assert played.faults == []
        assert played.ending


@EVERY_SCENE
@pytest.mark.parametrize("level", ["friendly", "guarded"])
def test_openness_rises_for_the_skilled_and_never_for_the_pressing(scene, level):
    """In every friendly and guarded scene."""
    styles = load_styles()
    skilled = [play(scene, styles["skilled"], level, seed) for seed in range(6)]
    assert mean(talk.closed - talk.opened for talk in skilled) > 0
    for seed in range(6):
        pressing = play(scene, styles["pressuring"], level, seed)
        assert pressing.closed <= pressing.opened
        assert "step_agreed" not in pressing.ending_kind


@EVERY_SCENE
def test_the_skilled_reach_a_good_ending_more_often_than_not(scene):
    """A good talker is not thrown out, whatever the level."""
    talks = [play(scene, load_styles()["skilled"], level, seed) for level in LEVELS for seed in range(4)]
    good = sum(talk.ending_kind not in ("pressed", "next_talk") for talk in talks)
    assert good > len(talks) / 2


def test_the_report_shows_endings_and_one_talk_per_style(tmp_path):
    """A page somebody can read."""
    scene, styles = load_scene("S17"), load_styles()
    talks = [play(scene, styles[name], "guarded", 0, keep_transcript=True) for name in ("skilled", "pressuring")]
    write_report(tmp_path / "report.html", [scene], [styles["skilled"], styles["pressuring"]], talks, "sayable simulate", "hand")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "An evening of my own" in page
    assert page.count("<details>") == 2
    assert "no rule was broken" in page


def test_the_command_plays_and_tells(tmp_path):
    """`sayable simulate --scene S23 --style terse`."""
    told = CliRunner().invoke(
        simulate, ["--scene", "S23", "--style", "terse", "--seeds", "1", "--verdicts", "written", "--report", str(tmp_path / "s.html")]
    )
    assert told.exit_code == 0, told.output
    assert "dead ends 0, repeated lines 0" in told.output
    assert (tmp_path / "s.html").exists()


@pytest.mark.parametrize("arguments", [["--scene", "S99"], ["--style", "nobody"]])
def test_what_is_not_there_is_told(arguments):
    """A scene or style that does not exist is named."""
    told = CliRunner().invoke(simulate, arguments)
    assert told.exit_code == 1
    assert "there is no" in told.output


def test_an_unfair_partner_is_named():
    """A partner who opens to pressure, or never to good words, is told by scene and level."""
    scene, styles = load_scene("S17"), load_styles()
    cold = play(scene, styles["skilled"], "friendly", 0)
    cold.closed = cold.opened
    weak = play(scene, styles["pressuring"], "guarded", 0)
    weak.closed = weak.opened + 1
    told = find_unfair([scene], [styles["skilled"], styles["pressuring"]], [cold, weak])
    assert told == ["S17 friendly: openness does not rise for the skilled", "S17 guarded: openness rises for the pressuring"]
