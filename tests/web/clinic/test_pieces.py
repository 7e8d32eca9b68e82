"""Long lists come a piece at a time: every row is on exactly one piece, and a link leads to the older ones."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.web.clinic.leaving_client import Filled, fill
from web.clinic.own_data import REHEARSALS_SHOWN, SHARES_SHOWN, look_over
from web.clinic.pieces import take_piece
from web.database.clinic_tables import Share
from web.database.tables import Attempt, make_id

MANY = 2 * REHEARSALS_SHOWN + 3


@pytest.fixture
def house(app):
    return app.extensions["house"]


@pytest.fixture
def practised(house, mika, noor) -> Filled:
    """A client with many rehearsals, each second of which is shared."""
    filled = fill(house, mika, noor, "mika")
    now = house.now()
    with house.database.writing() as session:
        for number in range(MANY):
            begun = now - timedelta(days=number + 1)
            row = {"person_id": mika.id, "start_id": make_id(), "kind": "scene", "scene_id": "S17", "scene_version": 1, "level": "friendly"}
            row |= {"seed": 1, "feedback_mode": "full", "phase": "over", "turn_count": 0, "created_at": begun, "last_used_at": begun}
            attempt = Attempt(id=make_id(), **row)
            session.add(attempt)
            session.flush()
            if number % 2:
                session.add(
                    Share(id=make_id(), attempt_id=attempt.id, clinician_id=noor.id, talk=True, last_turn_number=1, shared_at=begun)
                )
    return filled


@pytest.mark.parametrize("whole", [0, 1, 9, 10, 11, 30])
def test_every_row_is_on_one_piece(whole: int) -> None:
    """The pieces one after the other are the whole list, and each knows its neighbours."""
    rows = list(range(whole))
    found, number = [], 1
    while True:
        piece = take_piece(whole, 10, number, lambda limit, offset: rows[offset : offset + limit])
        assert (piece.number, piece.whole, piece.newer) == (number, whole, number - 1 or None)
        found += piece.rows
        if piece.older is None:
            break
        number = piece.older
    assert found == rows and piece.of == number


@pytest.mark.parametrize(("wanted", "given"), [(-5, 1), (0, 1), (4, 3), (10**30, 3)])
def test_a_piece_that_is_not_there_is_the_nearest(wanted: int, given: int) -> None:
    """Whoever erased the last row of the last piece stands on the one before it."""
    assert take_piece(21, 10, wanted, lambda limit, offset: range(offset, min(offset + limit, 21))).number == given


def test_my_data_shows_all_rehearsals_over_its_pieces(practised, mika) -> None:
    """Following “Older” from page to page, every rehearsal can be erased from one of them, and each only once."""
    addresses, path, pages = [], "/my-data", 0
    while path:
        page = mika.browser.client.get(path).get_data(as_text=True)
        addresses += re.findall(r'action="/my-data/rehearsals/([0-9a-f]{32})/erase"', page)
        pages += 1
        section = page[page.index('id="parts-title"') : page.index('id="own-shares-title"')]
        older = re.search(r'<a href="([^"]+)">Older</a>', section)
        path = older[1].replace("&amp;", "&").split("#")[0] if older else None
    assert pages == 3 and len(addresses) == len(set(addresses)) >= MANY


def test_my_data_shows_a_bounded_page(practised, mika) -> None:
    """However many there are, a page has so many rehearsals and shares and no more; a piece of one list leaves the other where it was."""
    page = mika.browser.open("/my-data", shares=2).get_data(as_text=True)
    assert len(re.findall(r'action="/my-data/rehearsals/[0-9a-f]{32}/erase"', page)) == REHEARSALS_SHOWN
    assert len(re.findall(r'action="/my-data/shares/[0-9a-f]{32}/erase"', page)) == SHARES_SHOWN
    assert "/my-data?rehearsals=2&amp;shares=2#parts-title" in page
    assert "/my-data#own-shares-title" in page and "/my-data?shares=3#own-shares-title" in page


@pytest.mark.parametrize("address", ["/my-data?rehearsals=x", "/my-data?shares=-1", f"/my-data?rehearsals={10**40}", "/sharing?shares=%00"])
def test_a_piece_nobody_linked_to_is_a_page_all_the_same(practised, mika, address: str) -> None:
    """Typed by hand, whatever stands there, the page comes."""
    assert mika.browser.client.get(address).status_code == 200


def test_sharing_shows_what_is_shared_over_its_pieces(practised, house, mika) -> None:
    """Every open share can be taken back from one of the pages."""
    found, path = [], "/sharing"
    while path:
        page = mika.browser.client.get(path).get_data(as_text=True)
        found += re.findall(r'id="share-([0-9a-f]{32})"', page)
        older = re.search(r'<a href="([^"]+)">Older</a>', page)
        path = older[1].split("#")[0] if older else None
    with house.database.reading() as session:
        shares = look_over(house, session, mika.id).shares.whole
    assert len(found) == len(set(found)) == shares > SHARES_SHOWN
