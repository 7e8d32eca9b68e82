"""The partner's hidden feeling and need, the state and what moved it stay on the server until the reveal."""

from __future__ import annotations

SECRETS = ("hidden-canary", "moved-canary", '"state"', "openness")


def everything_seen(guest, attempt_id: str) -> str:
    pages = [guest.open(f"/practice/{attempt_id}").get_data(as_text=True), guest.open("/scenes").get_data(as_text=True)]
    look = guest.call("GET", f"/attempts/{attempt_id}")
    pages.append(look.get_data(as_text=True))
    for turn in look.json["turns"]:
        pages.append(guest.call("GET", f"/attempts/{attempt_id}/turns/{turn['id']}").get_data(as_text=True))
    return "\n".join(pages)


def test_nothing_hidden_reaches_the_browser_before_the_reveal(guest, talk):
    """In the talk, paused and guessing, no page and no answer holds the state, the openness or what moved it."""
    said = guest.say(talk, "I feel torn.").get_data(as_text=True)
    assert not any(secret in said for secret in SECRETS)
    for command in ("pause", "resume", "stop", "guess"):
        seen = guest.order(talk, command).get_data(as_text=True) + everything_seen(guest, talk)
        assert not any(secret in seen for secret in SECRETS), command


def test_after_the_reveal_the_turning_points_show(guest, talk):
    """The debrief tells what turned the talk, counts skills, and gives the worked example; the state stays behind for good."""
    guest.say(talk, "I feel torn.")
    for command in ("stop", "guess", "reveal"):
        guest.order(talk, command)
    debrief = guest.look(talk)["debrief"]
    assert debrief["timeline"][0] | {"turn_id": ""} == {
        "turn_id": "",
        "words": "I feel torn.",
        "openness": 1,
        "shift": 1,
        "because": "moved-canary",
    }
    assert {skill["key"]: skill["times"] for skill in debrief["skills"]} == {"i_statement": 1, "feeling": 1}
    assert debrief["reveal"]["need"] == "connection"
    assert debrief["worked_example"][0]["text"] == "I feel worn out."
    assert "hidden-canary" not in everything_seen(guest, talk)


def test_feedback_none_shows_none(guest):
    """In a check scene no word is marked and no advice is given during the talk."""
    attempt_id = guest.start(feedback="none")
    guest.order(attempt_id, "begin")
    turn = guest.say(attempt_id, "I feel torn.").json["turn"]
    assert (turn["reading"], len(turn["segments"]), turn["segments"][0]["marks"]) == (None, 1, [])


def test_feedback_line_is_one_line(guest):
    """Low load: one line, nothing marked."""
    attempt_id = guest.start(feedback="line")
    guest.order(attempt_id, "begin")
    turn = guest.say(attempt_id, "I feel torn.").json["turn"]
    reading = turn["reading"]
    assert [line for line in (reading["strength"], reading["next_step"], reading["rewording"]) if line] == ["Ask for one thing."]
    assert reading["criteria"] == []
    assert turn["segments"][0]["marks"] == []
