"""Nothing is shared by itself; what is shared is exactly what was previewed; taken back it opens nothing."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests.web.clinic.steps import ALL_PARTS, cut_shared_view, finish_talk, open_preview, share
from tests.web.test_pages import text_of
from web.database.clinic_tables import AuditEvent, Share
from web.database.tables import Turn

CARD = {"limits": "not on Thursdays-canary", "signal": "red", "next_step": "a walk", "review": "", "review_on": ""}


@pytest.fixture
def played(mika) -> str:
    """A finished rehearsal of Mika's with note and card."""
    attempt_id = finish_talk(mika.browser, "I feel torn.", "plain-canary")
    assert mika.browser.post_form(f"/practice/{attempt_id}/note", text="note-canary").status_code == 303
    assert mika.browser.post_form(f"/practice/{attempt_id}/agreement", **CARD).status_code == 303
    return attempt_id


def shared_page(clinician, share_id: str) -> str:
    answer = clinician.browser.open(f"/shared/{share_id}")
    assert answer.status_code == 200
    return text_of(answer)


@pytest.mark.parametrize("part", [*ALL_PARTS, "everything"])
def test_the_preview_is_what_the_clinician_sees(mika, noor, played, part):
    """For each part alone and for all together, the preview's drawing and the clinician's are the same, character by character."""
    if part == "help_pauses":
        mika.browser.post_form(f"/practice/{played}/note", text="red-canary")
    parts = ALL_PARTS if part == "everything" else {part: "1"}
    preview = cut_shared_view(text_of(open_preview(mika, played, noor, **parts)))
    assert cut_shared_view(shared_page(noor, share(mika, played, noor, **parts))) == preview
    shown = {
        "talk": "plain-canary",
        "note": "note-canary",
        "card": "Thursdays-canary",
        "counts": "“I” statement",
        "help_pauses": "paused 1 time",
    }
    for key, words in shown.items():
        wanted = part == key or (part == "everything" and key != "help_pauses")
        plain = re.sub(r"<[^>]*>", "", preview)
        assert (words in plain) == wanted or (key == "counts" and part == "talk"), (part, key)


def test_nothing_is_ticked_beforehand_and_nothing_chosen_shares_nothing(mika, noor, played):
    """The form comes without a tick; asking for a preview of nothing is answered by a sentence, and confirming nothing is refused."""
    assert not re.search(r'type="checkbox"[^>]*checked', text_of(mika.browser.open(f"/attempts/{played}/share")))
    answer = open_preview(mika, played, noor)
    assert answer.status_code == 422 and 'name="seen"' not in text_of(answer)
    assert mika.browser.post_form(f"/attempts/{played}/share", to=noor.id, seen="x").status_code == 422


def test_looking_at_the_preview_shares_nothing(mika, noor, played, database):
    """A preview leaves no share and no event."""
    open_preview(mika, played, noor, **ALL_PARTS)
    with database.reading() as session:
        assert session.scalar(select(Share)) is None
        assert session.scalar(select(AuditEvent).where(AuditEvent.what == "shared")) is None


def test_a_share_needs_the_preview_that_was_seen(mika, noor, played, clock, database):
    """When the note changes between looking and confirming, nothing is shared and the new preview is shown."""
    page = text_of(open_preview(mika, played, noor, note="1"))
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    clock.go_on(seconds=5)
    mika.browser.post_form(f"/practice/{played}/note", text="another-canary")
    answer = mika.browser.post_form(f"/attempts/{played}/share", to=noor.id, seen=seen, note="1")
    assert answer.status_code == 409 and "another-canary" in text_of(answer)
    answer = mika.browser.post_form(f"/attempts/{played}/share", to=noor.id, seen=seen, note="1", talk="1")
    assert answer.status_code == 409  # more than was looked at
    with database.reading() as session:
        assert session.scalar(select(Share)) is None


def test_what_came_after_is_not_shared(mika, noor, played, clock):
    """A reply tried again, a changed note, a changed card and a later pause leave the clinician's talk as it was, and the rest is gone."""
    share_id = share(mika, played, noor, **ALL_PARTS)
    before = cut_shared_view(shared_page(noor, share_id))
    clock.go_on(minutes=5)
    first = mika.browser.look(played)["turns"][2]["id"]
    mika.browser.order(played, "try_again", turn=first)
    mika.browser.say(played, "later-canary")
    after = cut_shared_view(shared_page(noor, share_id))
    assert "later-canary" not in after and "plain-canary" in after
    assert after == before
    mika.browser.post_form(f"/practice/{played}/note", text="later note-canary")
    assert "note-canary" not in shared_page(noor, share_id)
    mika.browser.say(played, "red-canary")
    assert "paused" not in re.sub(r"<[^>]*>", "", cut_shared_view(shared_page(noor, share_id)))


def test_turns_taken_back_for_safety_are_in_no_share(mika, noor, channel, database):
    """What the rules or the model took back was not kept, so no share can have it; that a pause happened is told only when ticked."""
    attempt_id = mika.browser.start()
    mika.browser.order(attempt_id, "begin")
    mika.browser.say(attempt_id, "I feel torn.")
    mika.browser.say(attempt_id, "red-canary words")
    mika.browser.post_form(f"/practice/{attempt_id}/help", answer="resume")
    mika.browser.say(attempt_id, "violet-canary words")
    mika.browser.post_form(f"/practice/{attempt_id}/help", answer="resume")
    page = shared_page(noor, share(mika, attempt_id, noor, talk="1", counts="1", note="1"))
    assert "red-canary" not in page and "violet-canary" not in page and "paused" not in re.sub(r"<[^>]*>", "", cut_shared_view(page))
    page = shared_page(noor, share(mika, attempt_id, noor, help_pauses="1"))
    assert "paused 2 times" in page and "canary" not in page
    with database.reading() as session:
        assert not [turn for turn in session.scalars(select(Turn)) if turn.words and "violet" in turn.words]


def test_not_shared_looks_like_nothing_written(mika, noor, clock):
    """Two rehearsals shared by their talk alone: one with note and card, one without. The clinician's pages are the same but for ids."""
    with_more = finish_talk(mika.browser, "I feel torn.")
    mika.browser.post_form(f"/practice/{with_more}/note", text="note-canary")
    mika.browser.post_form(f"/practice/{with_more}/agreement", **CARD)
    bare = finish_talk(mika.browser, "I feel torn.")

    def drawn(attempt_id: str) -> str:
        return re.sub(r"[0-9a-f]{32}", "ID", cut_shared_view(shared_page(noor, share(mika, attempt_id, noor, talk="1"))))

    assert drawn(with_more) == drawn(bare)
    ticked = cut_shared_view(shared_page(noor, share(mika, bare, noor, talk="1", note="1", card="1", help_pauses="1")))
    assert re.sub(r"[0-9a-f]{32}", "ID", ticked) == drawn(bare)


def test_taken_back_it_opens_nothing_at_once(mika, noor, played):
    """After the client takes it back the clinician gets 404 on the page and on every way to write to it; nobody's API has it."""
    share_id = share(mika, played, noor, **ALL_PARTS)
    assert "plain-canary" in shared_page(noor, share_id)
    assert mika.browser.post_form(f"/sharing/{share_id}/revoke").status_code == 303
    answer = noor.browser.open(f"/shared/{share_id}")
    assert answer.status_code == 404 and "canary" not in text_of(answer)
    noor.browser.open("/caseload")
    assert noor.browser.post_form(f"/shared/{share_id}/comments", text="still here?").status_code == 404
    for path in (f"/attempts/{played}", f"/attempts/{played}/turns/{played}"):
        assert noor.browser.call("GET", path).status_code == 404
    assert share_id not in text_of(noor.browser.open("/caseload")) + text_of(noor.browser.open(f"/clients/{mika.id}"))
    assert mika.browser.post_form(f"/sharing/{share_id}/revoke").status_code == 303  # a second time changes nothing


def test_the_api_never_gives_a_clinician_a_rehearsal_of_a_client(mika, noor, played):
    """Shared or not, the practice page's API answers its owner alone."""
    share(mika, played, noor, **ALL_PARTS)
    for method, path in (("GET", ""), ("GET", "/turns/x/versions"), ("DELETE", "")):
        assert noor.browser.call(method, f"/attempts/{played}{path}").status_code == 404
    assert "canary" not in str(noor.browser.call("GET", "/attempts").json)


def test_care_that_ends_closes_the_share(mika, noor, played, database, clock):
    """When the care ends the share opens nothing, and beginning anew does not bring it back."""
    from web.access.permissions import find_care
    from web.clinic.audit import AuditTrail
    from web.clinic.care import begin_care, end_care

    share_id = share(mika, played, noor, talk="1")
    trail = AuditTrail("x")
    with database.writing() as session:
        end_care(session, trail, find_care(session, clinician_id=noor.id, client_id=mika.id), by_id=noor.id, now=clock())
    assert noor.browser.open(f"/shared/{share_id}").status_code == 404
    with database.writing() as session:
        begin_care(session, trail, clinician_id=noor.id, client_id=mika.id, label="Mika", by_id=noor.id, now=clock())
    assert noor.browser.open(f"/shared/{share_id}").status_code == 404


def test_the_client_sees_who_read_it_and_when(mika, noor, played, clock):
    """Not read yet, then first and last read; sharing anew begins anew."""
    share_id = share(mika, played, noor, talk="1")
    assert "not read yet" in text_of(mika.browser.open("/sharing"))
    noor.browser.open(f"/shared/{share_id}")
    clock.go_on(hours=2)
    noor.browser.open(f"/shared/{share_id}")
    page = text_of(mika.browser.open("/sharing"))
    assert "first read" in page and "last read" in page and "Noor" in page
    trail = text_of(mika.browser.open("/who-looked"))
    assert trail.count("Read a shared rehearsal.") == 2 and "Noor" in trail
    assert share(mika, played, noor, talk="1", note="1") == share_id
    assert "not read yet" in text_of(mika.browser.open("/sharing"))


def test_one_of_two_rehearsals(mika, noor, other_clinician, take_into_care, played):
    """Sharing one says nothing of the other, and a second clinician who also cares for the client sees neither."""
    other = finish_talk(mika.browser, "second-canary", scene="S01")
    take_into_care(other_clinician, mika)
    share_id = share(mika, played, noor, talk="1")
    page = shared_page(noor, share_id) + text_of(noor.browser.open(f"/clients/{mika.id}")) + text_of(noor.browser.open("/caseload"))
    assert "second-canary" not in page and other not in page and "Scene S01" not in page
    assert other_clinician.browser.open(f"/shared/{share_id}").status_code == 404
    assert share_id not in text_of(other_clinician.browser.open(f"/clients/{mika.id}"))


def test_every_act_is_in_the_trail(mika, noor, played, app, database):
    """Sharing, reading and taking back each leave one event, in a chain that holds."""
    share_id = share(mika, played, noor, talk="1")
    noor.browser.open(f"/shared/{share_id}")
    mika.browser.post_form(f"/sharing/{share_id}/revoke")
    with database.reading() as session:
        events = [
            (event.what, event.actor_id, event.object_id) for event in session.scalars(select(AuditEvent).order_by(AuditEvent.number))
        ]
        assert app.extensions["house"].audit.find_break(session) is None
    assert events == [("shared", mika.id, share_id), ("share_read", noor.id, share_id), ("share_revoked", mika.id, share_id)]


def test_the_words_of_a_share_are_in_no_address(mika, noor, played):
    """The address of a preview holds ids and ticks, never a word that was typed."""
    page = text_of(mika.browser.open(f"/attempts/{played}/share"))
    form = re.search(r'<form class="card share-choice" method="get".*?</form>', page, re.S)[0]
    assert set(re.findall(r'name="(\w+)"', form)) == {"to", *ALL_PARTS}
