"""U8, the wrong person's data: every route of sharing, caseload, progress, summary and trail, tried as everybody it is not for.

The list of routes is drawn from the app, so a new one is tried too.
"""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.web.clinic.steps import ALL_PARTS, comment, finish_talk, give_homework, link_homework, share
from tests.web.test_pages import text_of
from web.database.clinic_tables import Care, Comment, Consent, Share
from web.database.tables import Base

AREAS = ("sharing", "shared", "caseload", "summary", "progress", "trail")
OWN_PAGES = frozenset({"sharing.show", "caseload.show", "progress.show", "trail.show"})
"""Pages without an id in their address: each shows one's own."""


@pytest.fixture
def ids(mika, noor, database, clock) -> dict[str, str]:
    """Everything of Mika's that an address can name, each with words that must not be seen."""
    attempt_id = finish_talk(mika.browser, "said-canary", "I feel torn.", "three")
    mika.browser.post_form(f"/practice/{attempt_id}/note", text="note-canary")
    link_homework(database, attempt_id, give_homework(database, noor, mika, now=clock()))
    share_id = share(mika, attempt_id, noor, **ALL_PARTS)
    comment_id = comment(noor, share_id, "comment-canary")
    mika.browser.open("/sharing")
    mika.browser.post_form(f"/sharing/consents/{noor.id}", agree="yes")
    return {"attempt_id": attempt_id, "share_id": share_id, "comment_id": comment_id, "client_id": mika.id, "clinician_id": noor.id}


def list_routes(app) -> list[tuple[str, str, str]]:
    """Endpoint, method and address pattern of every route of these areas."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] in AREAS:
            found += [(rule.endpoint, method, rule.rule) for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]
    return sorted(found)


def fill(pattern: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        pattern = pattern.replace(f"<{name}>", value)
    assert "<" not in pattern, pattern
    return pattern


def try_everything(app, browser, ids: dict[str, str]) -> dict[str, int]:
    """Every route with Mika's ids; gives the status by endpoint. No answer may hold a word of hers."""
    found = {}
    for endpoint, method, pattern in list_routes(app):
        if endpoint in OWN_PAGES:
            continue
        fields = {"csrf_token": browser.token, "text": "intruding", "to": ids["clinician_id"], "agree": "yes", "seen": "x", **ALL_PARTS}
        if method == "GET":
            answer = browser.client.get(fill(pattern, ids), query_string={"to": ids["clinician_id"], **ALL_PARTS})
        else:
            answer = browser.client.post(fill(pattern, ids), data=fields)
        found[endpoint] = answer.status_code
        page = text_of(answer)
        assert "canary" not in page and "Mika" not in page, endpoint
    return found


def count_rows(database) -> dict[str, int]:
    with database.reading() as session:
        return {name: session.scalar(select(func.count()).select_from(table)) for name, table in Base.metadata.tables.items()}


def test_the_areas_have_routes(app):
    """The list below is drawn from routes that are there: all six areas."""
    assert {endpoint.split(".")[0] for endpoint, _, _ in list_routes(app)} == set(AREAS)


@pytest.mark.parametrize("who", ["nobody", "guest", "other_client", "other_clinician", "admin"])
def test_every_route_is_closed_to_everybody_it_is_not_for(app, request, new_browser, database, ids, who):
    """Each route with another person's ids: to the first screen, refused or not there; and nothing was written by trying."""
    if who == "nobody":
        browser = new_browser()
        browser.open("/")
    else:
        found = request.getfixturevalue(who)
        browser = found if who == "guest" else found.browser
    before = count_rows(database)
    statuses = try_everything(app, browser, ids)
    expected = {"nobody": {303}, "guest": {403}, "admin": {403}, "other_client": {403, 404}, "other_clinician": {403, 404}}[who]
    withdrawing = statuses.pop("sharing.withdraw")  # withdrawing what one never gave changes nothing
    assert withdrawing in expected | {303} and set(statuses.values()) == expected, statuses
    assert count_rows(database) == before


def test_the_owner_and_their_clinician_get_in(app, mika, noor, ids):
    """The same addresses open to those they are for; so the refusals above are not for want of an address."""
    for browser, paths in (
        (mika.browser, (f"/attempts/{ids['attempt_id']}/share", f"/sharing/{ids['share_id']}", "/sharing", "/progress", "/who-looked")),
        (noor.browser, (f"/shared/{ids['share_id']}", f"/clients/{mika.id}", f"/clients/{mika.id}/summary", "/caseload", "/who-looked")),
    ):
        assert {path: browser.open(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def end_care(database, clock, ids) -> None:
    with database.writing() as session:
        session.scalar(select(Care).where(Care.client_id == ids["client_id"])).ended_at = clock()


def revoke(database, clock, ids) -> None:
    with database.writing() as session:
        session.get_one(Share, ids["share_id"]).revoked_at = clock()


@pytest.mark.parametrize("end", [end_care, revoke])
def test_the_clinicians_ways_in_close_when_they_end(app, noor, database, clock, ids, end):
    """Care ended, or the share taken back, by the bare fact in the database: the share and its comments are not there any more."""
    end(database, clock, ids)
    noor.browser.open("/who-looked")
    for endpoint, method, pattern in list_routes(app):
        if "<share_id>" not in pattern or not endpoint.startswith("shared."):
            continue
        call = noor.browser.client.get if method == "GET" else noor.browser.client.post
        answer = call(fill(pattern, ids), **({} if method == "GET" else {"data": {"csrf_token": noor.browser.token, "text": "x"}}))
        assert answer.status_code == 404 and "canary" not in text_of(answer), endpoint
    if end is end_care:
        assert {noor.browser.open(f"/clients/{ids['client_id']}{more}").status_code for more in ("", "/summary", "/summary.pdf")} == {404}
        assert "Mika" not in text_of(noor.browser.open("/caseload"))


def test_a_clinician_with_two_clients_never_mixes_them(noor, mika, make_person, take_into_care, ids):
    """The page of one client has nothing of the other, whichever was opened before."""
    second = make_person("client", "Sam")
    take_into_care(noor, second)
    share_id = share(second, finish_talk(second.browser, "second-words", scene="S01"), noor, talk="1")
    for first, then in ((mika, second), (second, mika)):
        noor.browser.open(f"/clients/{first.id}")
        page = text_of(noor.browser.open(f"/clients/{then.id}"))
        assert first.name not in page and (share_id in page) == (then is second) and (ids["share_id"] in page) == (then is mika)
    page = text_of(noor.browser.open(f"/shared/{share_id}"))
    assert "Sam" in page and "Mika" not in page and "said-canary" not in page


def test_a_comment_is_reached_through_its_own_share_only(noor, mika, ids, database):
    """With the address of another share of the same client a comment can be neither changed nor erased."""
    other = share(mika, finish_talk(mika.browser, "x", scene="S01"), noor, talk="1")
    noor.browser.open("/caseload")
    assert noor.browser.post_form(f"/shared/{other}/comments/{ids['comment_id']}", text="y").status_code == 404
    assert noor.browser.post_form(f"/shared/{other}/comments/{ids['comment_id']}/erase").status_code == 404
    with database.reading() as session:
        assert session.get_one(Comment, ids["comment_id"]).words == "comment-canary"
        assert session.scalar(select(Consent.withdrawn_at)) is None
