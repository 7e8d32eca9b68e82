"""What if I had said …: any earlier reply can be tried again, and every branch of the talk can be taken up again."""

from __future__ import annotations

from tests.web.test_pages import text_of


def words_of(look: dict) -> list[str]:
    return ["".join(part["text"] for part in turn["segments"]) for turn in look["turns"] if turn["kind"] == "speech"]


def make_two_branches(guest, talk: str) -> tuple[str, str]:
    """Three replies, then the first one tried again; gives the ids of both tries."""
    first = guest.say(talk, "one").json["turn"]["id"]
    guest.say(talk, "two")
    guest.say(talk, "three")
    guest.order(talk, "try_again", turn=first)
    return first, guest.say(talk, "another one").json["turn"]["id"]


def test_an_earlier_reply_can_be_tried_again_and_its_old_branch_taken_up(guest, talk, channel):
    """The talk goes on from the new try; going back to the old one brings all that followed it, and the next reply goes on there."""
    first, second = make_two_branches(guest, talk)
    assert words_of(guest.look(talk)) == ["another one"]
    assert words_of(guest.call("POST", f"/attempts/{talk}/turns/{first}/take-up").json) == ["one", "two", "three"]
    guest.say(talk, "four")
    assert words_of(guest.look(talk)) == ["one", "two", "three", "four"]
    assert channel.seen[-1]["state"]["turns"] == 3
    assert words_of(guest.call("POST", f"/attempts/{talk}/turns/{second}/take-up").json) == ["another one"]


def test_the_page_side_by_side_leads_back(guest, talk):
    """Without script: the page of tries says where the talk goes on, and its button goes back to the other one."""
    first, _ = make_two_branches(guest, talk)
    page = text_of(guest.open(f"/practice/{talk}/turns/{first}/versions"))
    assert "The talk goes on from this try." in page and page.count("Go back to this try") == 1
    assert guest.post_form(f"/practice/{talk}/turns/{first}/take-up").status_code == 303
    assert words_of(guest.look(talk)) == ["one", "two", "three"]


def test_taking_up_the_present_branch_changes_nothing(guest, talk):
    """A second press does no harm, and both tries are still there side by side."""
    first, second = make_two_branches(guest, talk)
    before = words_of(guest.look(talk))
    for _ in range(2):
        guest.call("POST", f"/attempts/{talk}/turns/{second}/take-up")
    assert words_of(guest.look(talk)) == before
    assert len(guest.call("GET", f"/attempts/{talk}/turns/{first}/versions").json["versions"]) == 2


def test_a_branch_that_had_ended_is_taken_up_where_it_ended(guest, talk):
    """The phase goes with the branch: back to a talk that was stopped is back to its guess, and to the other one back to talking."""
    first = guest.say(talk, "one").json["turn"]["id"]
    guest.order(talk, "stop")
    guest.order(talk, "try_again", turn=first)
    second = guest.say(talk, "another one").json["turn"]["id"]
    assert guest.call("POST", f"/attempts/{talk}/turns/{first}/take-up").json["phase"] == "guess"
    assert guest.call("POST", f"/attempts/{talk}/turns/{second}/take-up").json["phase"] == "scene"


def test_what_cannot_be_taken_up_is_refused(guest, talk, new_browser):
    """Another's, a button's turn, one that is not there, during a pause for help, and after the end: refused, nothing moves."""
    first, _ = make_two_branches(guest, talk)
    path = f"/attempts/{talk}/turns"
    assert new_browser().be_guest().call("POST", f"{path}/{first}/take-up").status_code == 404
    assert guest.call("POST", f"{path}/{'0' * 32}/take-up").status_code == 404
    button = next(turn["id"] for turn in guest.look(talk)["turns"] if turn["kind"] == "command")
    assert guest.call("POST", f"{path}/{button}/take-up").json["code"] == "turn_not_fit"
    guest.say(talk, "red-canary")
    assert guest.call("POST", f"{path}/{first}/take-up").json["code"] == "paused_for_help"
    guest.call("POST", f"/attempts/{talk}/help", {"answer": "resume"})
    for command in ("stop", "guess", "reveal", "debrief"):
        guest.order(talk, command)
    assert guest.call("POST", f"{path}/{first}/take-up").json["code"] == "over"
    assert words_of(guest.look(talk)) == ["another one"]


def test_an_earlier_reply_asks_what_if_and_the_latest_is_tried_again(guest, talk):
    """Each reply but the last offers “What if I had said …”; only the last offers to try it again, also when it comes as a piece."""
    for words in ("one", "two", "three"):
        latest = guest.say(talk, words).json["turn"]["id"]
    page = text_of(guest.open(f"/practice/{talk}"))
    assert page.count(">What if I had said …</button>") == 2
    assert page.count(">Try this reply again</button>") == 1
    assert ">Try this reply again</button>" in text_of(guest.open(f"/practice/{talk}/turns/{latest}"))
