"""Delete means delete: from the database, its log, and by time for guests."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from tests.web.conftest import close
from web.database.engine import Database
from web.database.erasure import erase_expired, erase_old_copies
from web.database.tables import Attempt, BrowserSession, Erasure, Note, Person, RateWindow, Turn


def count_rows(app, table) -> int:
    with app.extensions["house"].database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def read_ciphertexts(app) -> list[bytes]:
    with app.extensions["house"].database.reading() as session:
        rows = session.scalars(select(Turn.words_sealed).where(Turn.words_sealed.is_not(None)))
        return [bytes(sealed) for sealed in rows]


def test_a_deleted_attempt_is_gone_from_every_file(guest, talk, app, settings):
    """Neither rows nor the ciphertext recorded before are in any file of the installation after deleting."""
    guest.say(talk, "I feel torn, and this is long enough to be found again in a file.")
    guest.call("PUT", f"/attempts/{talk}/note", {"text": "a note"})
    recorded = read_ciphertexts(app)
    assert recorded
    assert guest.call("DELETE", f"/attempts/{talk}").status_code == 204
    assert (count_rows(app, Attempt), count_rows(app, Turn), count_rows(app, Note)) == (0, 0, 0)
    kept = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
    assert all(sealed not in kept for sealed in recorded)
    assert guest.call("GET", f"/attempts/{talk}").status_code == 404


def test_an_erasure_leaves_a_receipt_without_words_or_people(guest, talk, app):
    """What remains is that something was erased, when, and how many turns."""
    guest.say(talk, "one")
    guest.call("DELETE", f"/attempts/{talk}")
    with app.extensions["house"].database.reading() as session:
        receipt = session.scalar(select(Erasure))
    assert (receipt.what, receipt.why, receipt.attempts, receipt.turns) == ("attempt", "asked", 1, 3)
    assert talk not in (receipt.id, receipt.what, receipt.why)


def test_guests_attempts_end_within_a_day(guest, talk, app, clock):
    """A guest's attempt is there for hours and erased before 24 hours are over, a quarter of an hour of sweeping included."""
    database = app.extensions["house"].database
    clock.go_on(hours=20)
    assert erase_expired(database, now=clock()) == 0
    clock.go_on(hours=3, minutes=45)
    assert erase_expired(database, now=clock()) == 1
    assert count_rows(app, Person) == count_rows(app, Attempt) == count_rows(app, Turn) == count_rows(app, BrowserSession) == 0


def test_erasing_happens_at_start(guest, talk, settings, clock):
    """A house that was off for a day erases what is due before it serves anyone."""
    from web.app import build_app

    clock.go_on(hours=24)
    again = build_app(settings, now=clock)
    assert count_rows(again, Attempt) == 0
    close(again)


def test_a_full_disk_does_not_keep_the_house_shut(guest, talk, settings, clock, monkeypatch):
    """Where the log cannot be emptied at start, the app is there all the same and answers; the next sweep finds nothing left or does it."""
    from web.app import build_app

    full = OperationalError("PRAGMA wal_checkpoint(TRUNCATE)", {}, Exception("database or disk is full"))

    def refuse(database):
        raise full

    clock.go_on(hours=24)
    with monkeypatch.context() as patch:
        patch.setattr(Database, "forget_freed_pages", refuse)
        again = build_app(settings, now=clock)
    assert again.test_client().get("/health/live").status_code == 200
    erase_expired(again.extensions["house"].database, now=clock())
    assert count_rows(again, Attempt) == 0
    close(again)


def test_leaving_erases_what_a_guest_practised(guest, talk, app):
    """A guest has no way back, so leaving erases everything of theirs at once."""
    response = guest.post_form("/leave", quick="1")
    assert (response.status_code, response.location) == (303, "https://www.wikipedia.org/")
    assert "practice=;" in response.headers["Set-Cookie"]
    assert '"storage"' in response.headers["Clear-Site-Data"]
    assert count_rows(app, Person) == count_rows(app, Attempt) == 0
    assert guest.open("/scenes").status_code == 303


def test_deleting_during_an_answer_stays_deleted(guest, talk, channel, app):
    """An answer that comes back after the attempt was deleted brings nothing back."""
    import threading
    import time

    from tests.web.browser import Browser

    channel.slow_seconds = 0.4
    other = Browser(app.test_client())
    other.client._cookies.update(guest.client._cookies)
    other.token = guest.token
    deletion = threading.Thread(target=lambda: (time.sleep(0.15), other.call("DELETE", f"/attempts/{talk}")))
    deletion.start()
    answer = guest.say(talk, "I feel torn.")
    deletion.join()
    assert answer.status_code == 404
    assert count_rows(app, Turn) == 0


def test_old_rate_windows_go_too(app, clock):
    """Counters of the rate limiter do not outlive their window."""
    database = app.extensions["house"].database
    with database.writing() as session:
        session.add(RateWindow(key="a" * 64, count=1, ends_at=clock()))
    clock.go_on(minutes=1)
    erase_expired(database, now=clock())
    assert count_rows(app, RateWindow) == 0


def test_many_guests_are_erased_at_once(app, clock):
    """More rows than a statement takes values are erased in one sweep."""
    database = app.extensions["house"].database
    with database.writing() as session:
        for number in range(1200):
            session.add(Person(id=f"{number:032x}", role="guest", created_at=clock(), erase_after=clock()))
    clock.go_on(minutes=1)
    erase_expired(database, now=clock())
    assert count_rows(app, Person) == 0


def test_old_copies_of_the_database_go_after_two_weeks(tmp_path, clock):
    """Copies made before a migration or a restore, in which erased words live on, are deleted after two weeks; other files stay."""
    copy, other = tmp_path / "before-migration-from-0001-x.sqlite3", tmp_path / "mine.sqlite3"
    dump, aside = tmp_path / "before-migration-from-0001-x.pgdump", tmp_path / "before-restore-20261122T080000Z"
    aside.mkdir()
    for file in (copy, other, dump, aside / "sayable-backup-20261122T080000Z.tar", tmp_path / "sayable-backup-20200101T000000Z.tar"):
        file.touch()
    clock.go_on(days=13)
    assert erase_old_copies(tmp_path, now=clock()) == 0
    clock.go_on(days=2)
    assert erase_old_copies(tmp_path, now=clock()) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.sqlite3", "sayable-backup-20200101T000000Z.tar"]
