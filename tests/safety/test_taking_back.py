"""What is shown when safety speaks, and what "that's not what I meant" changes."""

from web.safety import Finding
from web.safety.taking_back import HelpRecord, note_finding, resume, take_back

GRAVE = Finding("self_harm", 1)
DOUBTFUL = Finding("being_hurt", 2)


def test_taking_back_folds_help_to_a_link_and_waits_for_resume():
    """K3: the first taking back is believed; help stays as a link and the exercise goes on only when the client presses resume."""
    record = note_finding(HelpRecord(), GRAVE)
    assert record.showing == "panel" and record.may_take_back
    record = take_back(record)
    assert record.showing == "link"
    assert note_finding(record, None).showing == "link"
    assert resume(record).showing == "nothing"


def test_a_second_disclosure_shows_the_panel_again_and_is_not_taken_back():
    """Risk that was taken back once still counts: the second time the panel stays."""
    record = note_finding(resume(take_back(note_finding(HelpRecord(), GRAVE))), GRAVE)
    assert record.showing == "panel" and not record.may_take_back
    assert take_back(record) == record


def test_a_doubtful_text_gives_one_footer_in_an_attempt():
    """Tier 2 never pauses, and its footer is not repeated."""
    record = note_finding(HelpRecord(), DOUBTFUL)
    assert record.showing == "footer"
    record = note_finding(record, None)
    assert record.showing == "nothing"
    assert note_finding(record, DOUBTFUL).showing == "nothing"


def test_the_panel_is_not_weakened_by_what_follows():
    """While help is on screen, neither an ordinary nor a doubtful text takes it away."""
    record = note_finding(HelpRecord(), GRAVE)
    assert note_finding(record, None).showing == "panel"
    assert note_finding(record, DOUBTFUL).showing == "panel"
