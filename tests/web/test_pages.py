"""The pages: what they say, their headers, and that they work without JavaScript."""

from __future__ import annotations

import re

import pytest

from tests.web.browser import new_id
from tests.web.conftest import close

OPEN_PAGES = ("/", "/help", "/privacy", "/nothing-here")


def text_of(response) -> str:
    return response.get_data(as_text=True)


@pytest.mark.parametrize("path", [*OPEN_PAGES, "/scenes", "/health/live", "/api/scenes", "/api/nothing"])
def test_headers_are_on_every_answer(guest, path):
    """Strict policy without inline script, nothing cached, nothing told to other sites, no frame."""
    headers = guest.open(path).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    for part in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert part in policy
    assert headers["Cache-Control"] == "no-store"
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer")
    assert "Werkzeug" not in headers.get("Server", "")
    assert re.fullmatch("[0-9a-f]{16}", headers["X-Request-Id"])


def test_no_page_has_inline_script_or_style_or_another_host(guest, talk):
    """Every page keeps to the policy: no inline script, style or handler, and nothing from elsewhere."""
    guest.say(talk, "I feel torn.")
    pages = [text_of(guest.open(path)) for path in (*OPEN_PAGES, "/scenes", f"/practice/{talk}")]
    for command in ("stop", "guess", "reveal"):
        guest.order(talk, command)
        pages.append(text_of(guest.open(f"/practice/{talk}")))
    for page in pages:
        assert not re.search(r"<script(?![^>]*\bsrc=)", page)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
        assert "<title>Practice</title>" in page


def test_the_first_screen_says_what_must_be_said(new_browser):
    """Adults, a program, practice not therapy, not for fear or force, who can read it, no real names."""
    page = text_of(new_browser().open("/"))
    for words in ("For adults", "A program, not a person", "not therapy", "fear or force", "Who can read what", "No real names needed"):
        assert words in page


def test_no_telephone_number_ships(new_browser):
    """The help page speaks of the local emergency number: no number stands there that nobody has verified."""
    page = text_of(new_browser().open("/help"))
    body = re.sub(r"<[^>]*>", " ", page)
    assert "local emergency number" in body
    assert not re.search(r"\d{3,}", body)


def test_the_operators_help_file_is_laid_out_and_used(settings):
    """The empty form is made at first start; what the operator enters shows on the help page."""
    from tests.web.browser import Browser
    from web.app import build_app

    settings.home.mkdir(exist_ok=True)
    (settings.home / "help.en.yml").write_text(
        "operator_confirmed_on: 2026-11-01\n"
        "resources:\n"
        '  - {name: "Listening line", kind: any, phone: "000 111", source: "called", checked_on: 2026-11-01}\n'
    )
    app = build_app(settings, rate_limits=False)
    page = text_of(Browser(app.test_client()).open("/help"))
    assert "Listening line" in page and "000 111" in page
    close(app)


def test_a_whole_rehearsal_without_javascript(guest, channel):
    """Plain forms and redirects carry a talk from choosing the scene to deleting it."""
    chosen = guest.post_form("/scenes/start", message_id=new_id(), scene="S17", level="friendly", feedback="full")
    assert chosen.status_code == 303
    path = chosen.location
    assert "A hallway." in text_of(guest.open(path))
    attempt_path = path.split("#")[0]
    for fields in ({"command": "begin"}, {"command": "hint"}, {"command": "time_out", "minutes": "20"}, {"command": "resume"}):
        assert guest.post_form(f"{attempt_path}/command", message_id=new_id(), **fields).status_code == 303
    assert guest.post_form(f"{attempt_path}/reply", message_id=new_id(), text="I feel torn.").status_code == 303
    page = text_of(guest.open(attempt_path))
    assert "You spoke for yourself." in page and "Ask for one thing." in page and "names a feeling" in page
    turn_id = re.search(r'data-turn="([0-9a-f]{32})">\s*<input', page)[1]
    assert guest.post_form(f"{attempt_path}/command", message_id=new_id(), command="try_again", turn=turn_id).status_code == 303
    guest.post_form(f"{attempt_path}/reply", message_id=new_id(), text="I feel sad.")
    page = text_of(guest.open(attempt_path))
    assert "See 2 tries side by side" in page
    versions = text_of(guest.open(re.search(r'href="([^"]+/versions)"', page)[1]))
    assert "torn." in versions and "sad." in versions
    for fields in ({"command": "stop"}, {"command": "guess", "feeling": "sad", "need": "rest"}, {"command": "reveal"}):
        assert guest.post_form(f"{attempt_path}/command", message_id=new_id(), **fields).status_code == 303
    assert channel.seen[-2]["argument"] == {"feeling": "sad", "need": "rest"}
    page = text_of(guest.open(attempt_path))
    assert "What turned the talk" in page and "I was sad." in page and "One way it can go" in page
    assert guest.post_form(f"{attempt_path}/note", text="Keep Thursdays free.").status_code == 303
    assert "Keep Thursdays free." in text_of(guest.open(attempt_path))
    assert guest.post_form(f"{attempt_path}/command", message_id=new_id(), command="debrief").status_code == 303
    assert guest.post_form(f"{attempt_path}/delete").status_code == 303
    assert guest.open(attempt_path).status_code == 404


def test_a_reload_draws_the_same(guest, talk):
    """What the widget puts in after a reply is, to the letter, what a reload draws."""
    turn = guest.say(talk, "I feel torn; is that all right?").json["turn"]
    piece = text_of(guest.open(f"/practice/{talk}/turns/{turn['id']}"))
    page = text_of(guest.open(f"/practice/{talk}"))

    def flatten(text: str) -> str:
        return re.sub(r"\s+", " ", re.sub(r'value="[^"]*"', "", text)).strip()

    assert flatten(piece) in flatten(page)


def test_the_lobby_offers_scenes(guest):
    """What one would like to practise is answered with scenes that are there; others are left out."""
    page = text_of(guest.post_form("/scenes/wish", text="an evening of my own"))
    assert "Here is one." in page and "It fits." in page and "Not there." not in page


def test_the_lobby_with_rasa_away_still_lists_scenes(guest, channel):
    """Without Rasa the lobby says so in plain words, and scenes can still be chosen."""
    channel.fail_with = 503
    page = text_of(guest.post_form("/scenes/wish", text="an evening of my own"))
    assert "not answering just now" in page and "Scene S17" in page


def test_the_lobby_goes_on_where_it_was(guest, channel):
    """The state of the lobby goes back with the next message; it is kept with the session, without words."""
    guest.post_form("/scenes/wish", text="an evening of my own")
    guest.post_form("/scenes/wish", text="yes please")
    assert channel.seen[-1]["state"] == {"phase": "lobby", "step": "offered"}


def test_starting_with_rasa_away_can_be_taken_up(guest, channel):
    """A scene chosen while Rasa is away is there, says so, and starts when it is sent again."""
    channel.fail_with = 503
    chosen = guest.post_form("/scenes/start", message_id=new_id(), scene="S17", level="friendly", feedback="full")
    page = text_of(guest.open(chosen.location))
    assert "is not answering just now" in page
    channel.fail_with = None
    resend = re.search(r'action="([^"]+/resend)"', page)[1]
    assert guest.post_form(resend).status_code == 303
    assert "Begin the talk" in text_of(guest.open(chosen.location))


@pytest.mark.parametrize(("path", "status"), [("/nothing-here", 404), ("/practice/" + "0" * 32, 404), ("/practice/x/y/z", 404)])
def test_errors_are_pages_in_plain_words(guest, path, status):
    """A missing page answers with its status, a sentence, and the request's number."""
    response = guest.open(path)
    assert response.status_code == status
    assert response.headers["X-Request-Id"] in text_of(response)


def test_a_failure_tells_nothing(guest, talk, app, monkeypatch, capfd):
    """An unforeseen failure shows a plain page; neither page nor log holds its text."""

    def fail(text: str) -> None:
        raise ValueError(f"inner-canary {text}")

    monkeypatch.setattr(type(app.extensions["house"].door), "look_at", lambda self, text: fail(text))
    response = guest.say(talk, "typed-canary")
    assert (response.status_code, response.json["code"]) == (500, "broken")
    seen = response.get_data(as_text=True) + "".join(capfd.readouterr())
    assert "canary" not in seen
    assert "ValueError" in seen


def test_nothing_typed_is_logged(guest, talk, channel, capfd):
    """Replies, wishes, notes and guesses, answered, refused or failed, leave no word in any log."""
    guest.say(talk, "I feel log-canary.")
    guest.say(talk, "log-canary " * 300)
    guest.say(talk, "red-canary log-canary")
    guest.call("POST", f"/attempts/{talk}/help", {"answer": "resume"})
    guest.call("POST", "/lobby", {"message_id": new_id(), "text": "log-canary"})
    guest.call("POST", f"/attempts/{talk}/replies", {"log-canary": 1})
    guest.open("/log-canary")
    channel.fail_with = 500
    guest.say(talk, "log-canary again")
    channel.fail_with = None
    guest.order(talk, "stop")
    guest.order(talk, "guess", guess={"feeling": "log-canary", "need": "log-canary"})
    out, err = capfd.readouterr()
    assert "request" in out + err
    assert "canary" not in out + err


def test_health(guest, channel):
    """Alive is alive; ready says how the parts are, and stays ready for people while Rasa is away."""
    assert guest.open("/health/live").json == {"status": "live"}
    assert guest.open("/health/ready").json == {"status": "ready", "database": "ok", "dialogue": "ok"}
    channel.fail_with = 503
    away = guest.open("/health/ready")
    assert (away.status_code, away.json["dialogue"]) == (200, "away")
