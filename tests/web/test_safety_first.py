"""Safety goes before everything: the exercise pauses, help shows, nothing is scored, the words are kept nowhere."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.web.browser import new_id
from web.database.tables import Turn

PLANTED = "red-canary words that must be nowhere"


def count_speech(app) -> int:
    with app.extensions["house"].database.reading() as session:
        return session.scalar(select(func.count()).select_from(Turn).where(Turn.kind == "speech"))


def read_all_files(folder) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_tier_one_pauses_and_keeps_nothing(guest, talk, channel, app, settings):
    """The rules at the door speak: no turn, nothing sent, the panel shows, and nobody is said to be told."""
    sent = len(channel.seen)
    answer = guest.say(talk, PLANTED)
    assert (answer.status_code, answer.json["status"], answer.json["turn"]) == (200, "help", None)
    assert answer.json["help"]["title"] and "Nobody is notified" in answer.json["help"]["who_is_told"]
    assert (len(channel.seen), count_speech(app)) == (sent, 0)
    assert b"red-canary" not in read_all_files(settings.home)
    look = guest.look(talk)
    assert (look["help"]["kind"], look["can_speak"], look["controls"]) == ("self_harm", False, [])


def test_the_exercise_waits_until_the_client_goes_on(guest, talk):
    """ "That's not what I meant" folds help to a link; only resume lets the talk go on, where it was."""
    guest.say(talk, PLANTED)
    assert guest.say(talk, "hello").json["code"] == "paused_for_help"
    folded = guest.call("POST", f"/attempts/{talk}/help", {"answer": "not_meant"}).json
    assert folded["help"]["folded"] is True
    assert guest.say(talk, "hello").json["code"] == "paused_for_help"
    assert guest.call("POST", f"/attempts/{talk}/help", {"answer": "resume"}).json["help"] is None
    assert guest.say(talk, "hello").json["status"] == "answered"


def test_it_is_taken_back_once(guest, talk):
    """A second finding shows the panel again, without the offer to take it back."""
    guest.say(talk, PLANTED)
    assert guest.look(talk)["help"]["may_take_back"] is True
    for answer in ("not_meant", "resume"):
        guest.call("POST", f"/attempts/{talk}/help", {"answer": answer})
    second = guest.say(talk, PLANTED).json["help"]
    assert (second["folded"], second["may_take_back"]) == (False, False)


def test_tier_two_goes_on_with_one_pointer(guest, talk):
    """A doubtful text is answered as usual, with one pointer to help in the whole attempt."""
    first, second = guest.say(talk, "amber-canary").json, guest.say(talk, "amber-canary again").json
    assert (first["status"], first["doubt"]) == ("answered", True)
    assert (second["status"], second["doubt"]) == ("answered", False)


def test_the_models_verdict_takes_the_turn_away(guest, talk, channel, app, settings):
    """`crisis` from the model: the stored turn is deleted with its words, the exercise pauses, nothing of the answer shows."""
    answer = guest.say(talk, "violet-canary, said sideways").json
    assert (answer["status"], answer["turn"], answer["help"]["kind"]) == ("help", None, "unsure")
    assert count_speech(app) == 0
    guest.call("POST", f"/attempts/{talk}/help", {"answer": "resume"})
    assert guest.say(talk, "an ordinary reply").json["turn"]["lines"][0]["text"] == "Line 1."


def test_safety_works_with_rasa_away(guest, talk, channel):
    """The door is in the web process: help shows when nothing else answers."""
    channel.stop()
    assert guest.say(talk, PLANTED).json["status"] == "help"


def test_a_long_cry_for_help_is_heard_before_it_is_measured(guest, talk):
    """Ten thousand characters with danger in them show help, not a message about length."""
    assert guest.say(talk, "word " * 2500 + PLANTED).json["status"] == "help"


def test_safety_in_the_lobby(guest, channel):
    """What is typed in the lobby is looked at too, and never reaches Rasa."""
    answer = guest.call("POST", "/lobby", {"message_id": new_id(), "text": PLANTED}).json
    assert (answer["status"], answer["help"]["kind"]) == ("help", "self_harm")
    assert channel.seen == []


def test_safety_in_a_note(guest, talk, settings):
    """A note with danger in it is not kept, and help shows."""
    assert guest.call("PUT", f"/attempts/{talk}/note", {"text": PLANTED}).json["status"] == "help"
    assert guest.look(talk)["note"] is None


def test_safety_in_a_guess(guest, talk, channel):
    """The guess after a talk is typed as well."""
    guest.order(talk, "stop")
    answer = guest.order(talk, "guess", guess={"feeling": PLANTED, "need": ""})
    assert answer.json["status"] == "help"
    assert guest.look(talk)["phase"] == "guess"


@pytest.mark.parametrize("phase_commands", [(), ("pause",), ("stop",), ("stop", "guess", "reveal", "debrief")])
def test_safety_speaks_in_every_phase(guest, talk, phase_commands):
    """Paused, guessing or over: what is typed is looked at before the phase matters."""
    for command in phase_commands:
        guest.order(talk, command)
    assert guest.say(talk, PLANTED).json["status"] == "help"


def test_pause_and_stop_work_while_help_shows(guest, talk):
    """A stop is honoured at once, whatever is on the screen."""
    guest.say(talk, PLANTED)
    assert guest.order(talk, "stop").json["phase"] == "guess"
