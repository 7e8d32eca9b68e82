"""Sharing by the API: preview, share what the preview showed, take it back; open to whom the page is open, and to nobody else."""

from __future__ import annotations

import pytest

from tests.web.clinic.logins import find_events
from tests.web.clinic.steps import finish_talk
from tests.web.test_api_description import check_answer
from tests.web.test_pages import text_of


@pytest.fixture
def talk(mika) -> str:
    return finish_talk(mika.browser, "said-canary, I feel torn.")


@pytest.fixture
def call(mika):
    """A call of Mika's, held against the description of the API."""
    description = mika.browser.call("GET", "/openapi.json").json

    def make(method: str, path: str, body: object = None, status: int = 200):
        response = mika.browser.call(method, path, body)
        check_answer(description, method, path, response)
        assert response.status_code == status, response.get_data(as_text=True)
        return response.json if response.get_data() else None

    return make


def test_preview_share_and_take_back(talk, call, mika, noor, database):
    """What the preview showed is what Noor reads, until it is taken back; each act is in the trail once."""
    assert call("GET", "/carers") == {"carers": [{"id": noor.id, "name": "Noor"}]}
    choice = {"to": noor.id, "talk": True}
    preview = call("POST", f"/attempts/{talk}/share/preview", choice)
    assert "said-canary" in str(preview["shown"]["turns"]) and preview["shown"]["skills"] == []
    assert find_events(database, "shared") == []
    share_id = call("POST", f"/attempts/{talk}/share", {**choice, "seen": preview["seen"]}, 201)["id"]
    assert "said-canary" in text_of(noor.browser.open(f"/shared/{share_id}"))
    assert f"share-{share_id}" in text_of(mika.browser.open("/sharing"))
    for _ in range(2):
        call("DELETE", f"/shares/{share_id}", None, 204)
    assert noor.browser.open(f"/shared/{share_id}").status_code == 404
    assert [len(find_events(database, what)) for what in ("shared", "share_revoked")] == [1, 1]


def test_only_what_was_looked_at_is_shared(talk, call, noor, mika, database):
    """Another choice than the previewed one, a note written since, or an invented `seen`: nothing is shared, and the code says why."""
    choice = {"to": noor.id, "talk": True, "note": True}
    seen = call("POST", f"/attempts/{talk}/share/preview", choice)["seen"]
    call("PUT", f"/attempts/{talk}/note", {"text": "note-canary"})
    for body in ({**choice, "seen": seen}, {**choice, "counts": True, "seen": seen}, {**choice, "seen": "1-invented"}):
        assert call("POST", f"/attempts/{talk}/share", body, 409)["code"] == "preview_changed"
    assert find_events(database, "shared") == []


def test_nothing_chosen_nobody_there_and_odd_bodies(talk, call, noor, other_clinician):
    """Refused with a sentence: no part, a clinician who does not care for Mika, a key or a value that is not described."""
    assert call("POST", f"/attempts/{talk}/share/preview", {"to": noor.id}, 422)["code"] == "nothing_to_share"
    for path, more in (("share/preview", {}), ("share", {"seen": "1-x"})):
        call("POST", f"/attempts/{talk}/{path}", {"to": other_clinician.id, "talk": True, **more}, 404)
        for odd in ({"to": noor.id, "talk": "1", "all": True}, {"to": "x", "talk": True}, {}, []):
            call("POST", f"/attempts/{talk}/{path}", odd, 400)


def test_it_is_closed_to_all_others(talk, mika, noor, other_client, admin, guest):
    """Another client finds nothing there; guests, clinicians and administrators are turned away, as from the page."""
    body = {"to": noor.id, "talk": True, "seen": "1-x"}
    preview = {"to": noor.id, "talk": True}
    assert other_client.browser.call("POST", f"/attempts/{talk}/share", body).status_code == 404
    assert other_client.browser.call("POST", f"/attempts/{talk}/share/preview", preview).status_code == 404
    for browser in (guest, noor.browser, admin.browser):
        assert browser.call("GET", "/carers").status_code == 403
        assert browser.call("POST", f"/attempts/{talk}/share", body).status_code == 403
        assert browser.call("POST", f"/attempts/{talk}/share/preview", preview).status_code == 403
        assert browser.call("DELETE", f"/shares/{'a' * 32}").status_code == 403
