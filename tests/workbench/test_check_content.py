"""`sayable check-content` names every fault and ends with status 1; `sayable try` plays."""

import datetime

from click.testing import CliRunner

from data.scenarios import load_scene
from data.scenarios.reader import HERE
from sayable.check_content import check_content, find_overdue


def test_what_ships_is_sound():
    """No fault in the whole content."""
    told = CliRunner().invoke(check_content, [])
    assert told.exit_code == 0, told.output
    assert "0 faults" in told.output


def test_a_fault_is_told_with_its_place(tmp_path):
    """File, line, key, problem and remedy."""
    path = tmp_path / "S17.yml"
    text = (HERE / "S17.yml").read_text(encoding="utf-8").replace("    need: ", "    ned: ")
    path.write_text(text, encoding="utf-8")
    line = next(number for number, each in enumerate(text.splitlines(), 1) if each.startswith("    ned:"))
    told = CliRunner().invoke(check_content, [str(path)])
    assert told.exit_code == 1
    assert f"{path}:{line}: partner.hidden.ned: no such key; did you mean `need`?" in told.output


def test_a_scene_past_its_review_date_is_named():
    """It still plays, and somebody should read it again."""
    scene = load_scene("S17")
    assert find_overdue([scene], scene.review_by + datetime.timedelta(days=1)) == [scene]
    assert find_overdue([scene], scene.review_by) == []
