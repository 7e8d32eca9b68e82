"""A preview goes the real way and leaves nothing behind."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import func, select

from data.scenarios.clinic_file import digest_of, name_file
from tests.web.clinic.authoring_desk import begin_copy, fill, read_draft, save
from tests.web.test_pages import text_of
from web.database.tables import Attempt, Turn


@pytest.fixture
def c01(noor) -> str:
    return begin_copy(noor)


def begin(author, level: str = "guarded"):
    author.browser.open("/authoring/C01/preview")
    return author.browser.post_form("/authoring/C01/preview", level=level)


def go_on(author, response, **fields: str):
    token = html.unescape(re.search(r'name="talk" value="([^"]+)"', text_of(response))[1])
    return author.browser.post_form("/authoring/C01/preview/turn", talk=token, **fields)


def test_a_preview_plays_the_draft_through_the_channel(noor, database, c01, channel, settings):
    """The draft as it stands is laid for the action server, asked for by its content; replies come back with what was found."""
    response = begin(noor)
    digest = digest_of(read_draft(database, c01))
    argument = channel.seen[-1]["argument"]
    assert (argument["scene"], argument["version"], argument["draft"], argument["level"]) == ("C01", 1, digest, "guarded")
    assert (settings.home / "scenes" / name_file("C01", 1, digest)).stat().st_mode & 0o777 == 0o600
    response = go_on(noor, response, command="begin")
    response = go_on(noor, response, text="I feel tired, and I would like an evening alone.")
    page = text_of(response)
    assert channel.seen[-1]["text"] == "I feel tired, and I would like an evening alone."
    assert "Line 1." in page and "You spoke for yourself." in page and "moved-canary" in page
    for command in ("stop", "guess", "reveal"):
        response = go_on(noor, response, command=command)
    assert "sad · connection" in text_of(response)


def test_nothing_of_a_preview_is_kept(noor, database, c01, settings):
    """No attempt, no turn, nothing in one's own rehearsals, and the typed words in no file of the house."""
    response = go_on(noor, begin(noor), command="begin")
    go_on(noor, response, text="lantern-canary, I feel tired.")
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == session.scalar(select(func.count()).select_from(Turn)) == 0
    assert noor.browser.call("GET", "/attempts").json["attempts"] == []
    assert not [path for path in settings.home.rglob("*") if path.is_file() and b"lantern-canary" in path.read_bytes()]


def test_safety_speaks_in_a_preview_too(noor, c01, channel):
    """Words that the door knows are not sent anywhere; the page shows where help is."""
    response = go_on(noor, begin(noor), command="begin")
    sent = len(channel.seen)
    page = text_of(go_on(noor, response, text="red-canary"))
    assert len(channel.seen) == sent and "help-page" in page


def test_with_the_partner_away_the_words_stay_in_the_box(noor, c01, channel):
    """Nothing is lost while Rasa is away: the talk and the typed words are still on the page."""
    response = go_on(noor, begin(noor), command="begin")
    channel.fail_with = 503
    told = go_on(noor, response, text="I feel tired.")
    assert told.status_code == 503 and "I feel tired.</textarea>" in text_of(told)
    channel.fail_with = None
    assert go_on(noor, told, text="I feel tired.").status_code == 200


def test_a_changed_talk_is_not_taken(noor, c01):
    """What the page carries is signed: a changed one, and one of another scene, are refused."""
    response = begin(noor)
    token = html.unescape(re.search(r'name="talk" value="([^"]+)"', text_of(response))[1])
    assert noor.browser.post_form("/authoring/C01/preview/turn", talk=token[:-3] + "abc", command="begin").status_code == 400
    begin_copy(noor)
    assert noor.browser.post_form("/authoring/C02/preview/turn", talk=token, command="begin").status_code == 400


def test_a_draft_with_faults_does_not_play(noor, database, c01, channel):
    """Faults come first: nothing is sent."""
    save(noor, c01, "who", fill(noor, database, c01, "who", partner__age="17"))
    assert begin(noor).status_code == 422 and channel.seen == []
