"""Reminders by e-mail: at the hour where the client is, once, saying nothing; through a real SMTP server on loopback."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.web.clinic.homework_forms import find_items, give, practise
from tests.web.clinic.mail_server import MailServer
from tests.web.conftest import Clock
from web.clinic.homework_faults import BadAddress
from web.clinic.local_days import find_moment
from web.clinic.reminder_mail import SmtpPost, write_mail
from web.clinic.reminder_wish import check_address
from web.clinic.reminders import MOST_TRIES, claim, list_told, make_key
from web.database.clinic_tables import AuditEvent, Consent, Reminder
from web.database.tables import Person
from web.reminding import send_reminders, start_reminding
from web.settings import SettingsFault, read_settings

NOON = datetime(2026, 3, 27, 12, tzinfo=UTC)
"""Two days before the clocks go forward in Lisbon and Berlin."""


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.moment = NOON
    return clock


@pytest.fixture
def server():
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def settings(settings, server):
    return replace(settings, smtp_host="127.0.0.1", smtp_port=server.port, smtp_from="desk@post.example", smtp_tls="off")


@pytest.fixture
def house(app):
    return app.extensions["house"]


@pytest.fixture
def remind(app, house, settings):
    """`remind()`: one round of the sweep; gives how many mails went out."""
    return lambda: send_reminders(app, house, settings, SmtpPost(settings))


@pytest.fixture
def reminded(mika):
    """Mika with reminders switched on by the page, for seven in the evening."""
    switch_on(mika)
    return mika


def switch_on(client, *, address: str = "mika@mail.example", subject: str = "note", hour: int = 19):
    answer = client.browser.post_form("/homework/reminders", address=address, subject=subject, hour=str(hour))
    assert answer.status_code == 303
    return client


def set_to(clock, zone: str, *moment: int) -> None:
    """Put the clock to this wall time there."""
    year, month, day, hour, minute = moment
    clock.moment = find_moment(date(year, month, day), hour, zone) + timedelta(minutes=minute)


def list_rows(database) -> list[Reminder]:
    with database.reading() as session:
        return list(session.scalars(select(Reminder).order_by(Reminder.key)))


def test_it_comes_on_the_day_at_the_hour_and_once(noor, reminded, clock, remind, server):
    """Due on the 30th: nothing before 19:00 in Lisbon, one mail at 19:00, none after, however often the sweep runs."""
    give(noor, reminded, due_on="2026-03-30")
    for moment in ((2026, 3, 29, 20, 0), (2026, 3, 30, 18, 59)):
        set_to(clock, "Europe/Lisbon", *moment)
        assert remind() == 0
    set_to(clock, "Europe/Lisbon", 2026, 3, 30, 19, 0)
    assert remind() == 1
    for _ in range(4):
        clock.go_on(minutes=5)
        assert remind() == 0
    assert len(server.box.mails) == 1


def test_it_says_nothing(noor, reminded, clock, remind, server):
    """The chosen neutral subject, two plain sentences; no title, name, clinic, link or token, and nothing but text."""
    give(noor, reminded, due_on="2026-03-27", note="secret-note")
    clock.go_on(hours=8)
    assert remind() == 1
    mail = server.box.mails[0]
    assert (mail["Subject"], mail["From"], mail["To"]) == ("A note to myself", "desk@post.example", "mika@mail.example")
    assert mail.get_content_type() == "text/plain" and not mail.is_multipart()
    body = mail.get_content()
    assert body.startswith("This is the reminder you asked for.")
    everything = mail.as_string().lower()
    for word in ("practice", "homework", "scene", "s17", "noor", "clinic", "therap", "secret-note", "http", "localhost", "sayable"):
        assert word not in everything, word
    assert mail["Auto-Submitted"] == "auto-generated" and mail["Date"] and mail["Message-ID"].endswith("@post.example>")


def test_the_hour_is_kept_when_the_clocks_change(noor, reminded, clock, remind):
    """19:00 on the day after the change is an hour earlier in UTC than the day before it."""
    give(noor, reminded, due_on="2026-03-29", every_days="1")
    sent = []
    clock.moment = datetime(2026, 3, 27, 17, 30, tzinfo=UTC)
    while clock.moment < datetime(2026, 3, 30, tzinfo=UTC):
        clock.go_on(minutes=30)
        if remind():
            sent.append(clock.moment)
    assert [moment.isoformat()[:16] for moment in sent] == ["2026-03-27T19:00", "2026-03-28T19:00", "2026-03-29T18:00"]


def test_the_hour_goes_with_the_client(noor, reminded, clock, remind, database):
    """On the due day Mika is in New York: 19:00 there is four hours after 19:00 in Lisbon."""
    give(noor, reminded, due_on="2026-03-27")
    with database.writing() as session:
        session.get_one(Person, reminded.id).time_zone = "America/New_York"
    clock.moment = datetime(2026, 3, 27, 19, 5, tzinfo=UTC)
    assert remind() == 0
    clock.moment = datetime(2026, 3, 27, 23, 5, tzinfo=UTC)
    assert remind() == 1


def test_a_journey_east_brings_no_second_mail_on_one_day(noor, reminded, clock, remind, database):
    """Sent at 19:00 in Lisbon, which was the morning of the 28th in Auckland: the evening of the 28th there brings none, the 29th does."""
    give(noor, reminded, due_on="2026-03-30", every_days="1")
    clock.moment = datetime(2026, 3, 27, 19, 5, tzinfo=UTC)
    assert remind() == 1
    with database.writing() as session:
        session.get_one(Person, reminded.id).time_zone = "Pacific/Auckland"
    set_to(clock, "Pacific/Auckland", 2026, 3, 28, 20, 0)
    assert remind() == 0
    set_to(clock, "Pacific/Auckland", 2026, 3, 29, 19, 0)
    assert remind() == 1


def test_an_earlier_hour_brings_no_second_mail_within_half_a_day(noor, reminded, clock, remind):
    """Sent at 23:00, then changed to six in the morning: the next one waits until twelve hours have passed."""
    switch_on(reminded, hour=23)
    give(noor, reminded, due_on="2026-03-30", every_days="1")
    set_to(clock, "Europe/Lisbon", 2026, 3, 27, 23, 0)
    assert remind() == 1
    switch_on(reminded, hour=6)
    set_to(clock, "Europe/Lisbon", 2026, 3, 28, 6, 0)
    assert remind() == 0
    set_to(clock, "Europe/Lisbon", 2026, 3, 28, 11, 0)
    assert remind() == 1


def test_at_most_one_a_day_however_much_is_due(noor, reminded, clock, remind, server, database):
    """Three things due on one day, one of them snoozed to it: one mail stands for all of them."""
    for _ in range(3):
        give(noor, reminded, due_on="2026-03-27")
    clock.go_on(hours=8)
    assert remind() == 1
    give(noor, reminded, due_on="2026-03-27")
    clock.go_on(hours=1)
    assert remind() == 0
    assert len(server.box.mails) == 1 and sum(1 for row in list_rows(database) if row.sent_at) == 3


def test_the_day_after_it_is_told_once_more_and_then_no_more(noor, reminded, clock, remind, database):
    """Due on the 27th and not done: a mail on the day, one the day after, silence for a week."""
    give(noor, reminded, due_on="2026-03-27")
    sent = []
    for day in range(8):
        set_to(clock, "Europe/Lisbon", 2026, 3, 27, 19, 30)
        clock.go_on(days=day)
        if remind():
            sent.append(day)
    assert sent == [0, 1] and [row.kind for row in list_rows(database)] == ["due", "overdue"]


@pytest.mark.parametrize("act", ["pause", "skip", "stop", "withdraw", "practise"])
def test_what_is_done_withdrawn_paused_or_skipped_is_not_told(noor, reminded, clock, remind, server, database, act):
    """Each of them cancels, also a reminder that waits already for a second try."""
    given = give(noor, reminded, due_on="2026-03-27")
    clock.go_on(hours=8)
    server.box.answer = "451 later"
    assert remind() == 0
    if act == "practise":
        practise(reminded, find_items(database, given)[0])
    elif act == "withdraw":
        noor.browser.post_form(f"/clients/{reminded.id}/homework/{given}/withdraw")
    else:
        reminded.browser.post_form(f"/homework/{given}/{act}")
    server.box.answer = "250 OK"
    for _ in range(5):
        clock.go_on(hours=5)
        assert remind() == 0
    assert server.box.mails == []
    assert [row.cancelled_at is not None for row in list_rows(database)] == [True]


def test_a_reminder_does_not_wait_for_the_step_somebody_is_stuck_on(noor, reminded, clock, remind, database):
    """Begun and left in the middle of the talk it is still to do, so the reminder comes (it hangs on the homework, not on the talk)."""
    given = give(noor, reminded, due_on="2026-03-27")
    practise(reminded, find_items(database, given)[0], replies=1)
    clock.go_on(hours=8)
    assert remind() == 1


def test_remind_me_tomorrow(noor, reminded, clock, remind, database):
    """Asked for at noon, twice: nothing today, one mail tomorrow at the hour, and it is the only one that day."""
    given = give(noor, reminded, due_on="2026-03-27")
    for _ in range(2):
        assert reminded.browser.post_form(f"/homework/{given}/tomorrow").status_code == 303
    set_to(clock, "Europe/Lisbon", 2026, 3, 27, 19, 30)
    assert remind() == 0
    set_to(clock, "Europe/Lisbon", 2026, 3, 28, 18, 30)
    assert remind() == 0
    set_to(clock, "Europe/Lisbon", 2026, 3, 28, 19, 30)
    assert remind() == 1
    clock.go_on(hours=2)
    assert remind() == 0
    assert [row.key for row in list_rows(database) if row.kind == "snoozed"] == [make_key(given, "snoozed", date(2026, 3, 28))]


def test_two_processes_at_once_send_it_once(noor, reminded, clock, app, house, settings, server):
    """Six sweeps released together, again and again: one mail."""
    give(noor, reminded, due_on="2026-03-27")
    clock.go_on(hours=8)
    for _ in range(3):
        ready = threading.Barrier(6)

        def sweep(ready: threading.Barrier = ready) -> None:
            ready.wait(10)
            send_reminders(app, house, settings, SmtpPost(settings))

        threads = [threading.Thread(target=sweep) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(server.box.mails) == 1


def test_after_a_crash_between_claiming_and_sending_it_is_not_sent_again(noor, reminded, clock, remind, house, server, database):
    """Claimed and then silence: told as "maybe" once its time is up, and no second mail, not even the day after."""
    give(noor, reminded, due_on="2026-03-27")
    clock.go_on(hours=8)
    assert claim(house, reminded.id) is not None  # and here the process dies
    with database.reading() as session:
        assert [told.status for told in list_told(session, reminded.id, clock())] == ["sending"]
    clock.go_on(minutes=11)
    assert remind() == 0 and server.box.mails == []
    with database.reading() as session:
        assert [told.status for told in list_told(session, reminded.id, clock())] == ["maybe"]
    assert "may or may not have gone out" in reminded.browser.open("/homework/reminders").get_data(as_text=True)
    clock.go_on(hours=4)
    assert remind() == 0


def test_a_server_that_takes_it_and_falls_silent_gets_no_second_one(noor, reminded, clock, remind, server, database):
    """The connection breaks after the mail was handed over: it may have arrived, so it is not sent again."""
    give(noor, reminded, due_on="2026-03-27")
    clock.go_on(hours=8)
    server.box.hang_up = True
    assert remind() == 0
    server.box.hang_up = False
    for _ in range(3):
        clock.go_on(minutes=30)
        assert remind() == 0
    assert len(server.box.mails) == 1
    with database.reading() as session:
        assert [told.status for told in list_told(session, reminded.id, clock())] == ["maybe"]


@pytest.mark.parametrize("trouble", ["away", "data", "rcpt"])
def test_a_refused_mail_is_tried_again_later_and_arrives_once(noor, reminded, clock, remind, server, settings, app, house, trouble):
    """Server away, mail refused for now, address refused for now: nothing is lost, the waits grow, and it arrives once."""
    give(noor, reminded, due_on="2026-03-27")
    clock.moment = datetime(2026, 3, 27, 19, 0, tzinfo=UTC)
    away = SmtpPost(replace(settings, smtp_port=1))
    server.box.answer = "451 busy" if trouble == "data" else "250 OK"
    server.box.refuse_to = "450 busy" if trouble == "rcpt" else ""

    def sweep() -> int:
        return send_reminders(app, house, settings, away if trouble == "away" else SmtpPost(settings))

    assert sweep() == 0
    clock.go_on(minutes=4)
    assert remind() == 0  # its wait is not over
    clock.go_on(minutes=2)
    assert sweep() == 0
    clock.go_on(minutes=10)
    assert remind() == 0
    server.box.answer, server.box.refuse_to = "250 OK", ""
    clock.go_on(minutes=6)
    assert remind() == 1 and remind() == 0
    assert len(server.box.mails) == 1


def test_it_is_given_up_after_the_last_try(noor, make_person, take_into_care, clock, remind, server, database):
    """Refused every time: after the last try it is told as not sent, and no later sweep tries again."""
    client = switch_on(make_client(make_person, take_into_care, noor), hour=0)
    give(noor, client, due_on="2026-03-28")
    server.box.answer = "550 no"
    clock.moment = datetime(2026, 3, 28, 0, 0, tzinfo=UTC)
    for _ in range(60 * 23 // 10):
        clock.go_on(minutes=10)
        assert remind() == 0
    row = list_rows(database)[0]
    assert row.tries == MOST_TRIES and row.cancelled_at is not None and row.sent_at is None
    with database.reading() as session:
        assert [told.status for told in list_told(session, client.id, clock())] == ["failed"]


def make_client(make_person, take_into_care, clinician):
    client = make_person("client", "Lena")
    take_into_care(clinician, client)
    return client


def test_one_clients_trouble_stops_nobody_else(noor, reminded, make_person, take_into_care, clock, remind, server, database, monkeypatch):
    """With one address that breaks the writing of the mail the other client still gets theirs."""
    other = switch_on(make_client(make_person, take_into_care, noor), address="lena@mail.example")
    for client in (reminded, other):
        give(noor, client, due_on="2026-03-27")
    with database.writing() as session:
        session.get_one(Person, reminded.id).mail = {"address": "broken\naddress", "subject": "note", "hour": 19}
    clock.go_on(hours=8)
    assert remind() == 1
    assert [mail["To"] for mail in server.box.mails] == ["lena@mail.example"]


def test_the_web_process_sends_by_itself(noor, reminded, clock, app, house, settings, server, monkeypatch):
    """The thread that the web process starts sends what is due without being asked; without a mail server there is no thread."""
    assert start_reminding(app, house, replace(settings, smtp_host="")) is None
    monkeypatch.setattr("web.reminding.REMIND_EVERY_SECONDS", 0.05)
    give(noor, reminded, due_on="2026-03-27")
    clock.go_on(hours=8)
    done = start_reminding(app, house, settings)
    assert done is not None
    ends = time.monotonic() + 20
    while not server.box.mails and time.monotonic() < ends:
        time.sleep(0.05)
    done.set()
    for thread in threading.enumerate():
        if thread.name == "reminder":
            thread.join(10)
    assert len(server.box.mails) == 1


def test_without_tls_on_offer_starttls_sends_nothing(noor, reminded, clock, app, house, settings, server, database):
    """Asked to use STARTTLS with a server that has none, no mail goes out in the clear; it waits."""
    give(noor, reminded, due_on="2026-03-27")
    clock.go_on(hours=8)
    careful = replace(settings, smtp_tls="starttls")
    assert send_reminders(app, house, careful, SmtpPost(careful)) == 0
    assert server.box.mails == [] and list_rows(database)[0].claimed_until is None


def test_only_the_client_switches_it_on_and_off(reminded, noor, clock, remind, server, database):
    """Consent and audit event each time; switched off, the address is gone and nothing is sent any more."""
    give(noor, reminded, due_on="2026-03-27")
    page = reminded.browser.open("/homework/reminders").get_data(as_text=True)
    assert "m…@mail.example" in page and "mika@mail.example" not in page
    assert reminded.browser.post_form("/homework/reminders/off").status_code == 303
    clock.go_on(hours=8)
    assert remind() == 0
    with database.reading() as session:
        person = session.get_one(Person, reminded.id)
        assert person.mail_sealed is None
        assert [row.withdrawn_at is not None for row in session.scalars(select(Consent))] == [True]
        events = select(AuditEvent.what).where(AuditEvent.what.like("mail_%")).order_by(AuditEvent.number)
        assert list(session.scalars(events)) == ["mail_switched_on", "mail_switched_off"]


def test_changing_the_hour_keeps_the_address(reminded, database):
    """An empty address field keeps the one that is there, and is no second consent."""
    switch_on(reminded, address="", subject="list", hour=7)
    with database.reading() as session:
        person = session.get_one(Person, reminded.id)
        assert person.mail == {"address": "mika@mail.example", "subject": "list", "hour": 7}
        assert len(list(session.scalars(select(Consent)))) == 1


def test_the_address_is_sealed_and_not_logged(noor, reminded, clock, remind, settings, server, capfd):
    """In no file of the house, and in no line of the log, whether it is sent or refused."""
    give(noor, reminded, due_on="2026-03-27")
    clock.go_on(hours=8)
    server.box.refuse_to = "450 mika@mail.example is busy"
    remind()
    server.box.refuse_to = ""
    clock.go_on(minutes=6)
    assert remind() == 1
    kept = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
    assert b"mail.example" not in kept
    logged = "".join(capfd.readouterr())
    assert "mail.example" not in logged and "reminders_sent" in logged


@pytest.mark.parametrize(
    "wrong",
    ["", "mika", "@mail.example", "mika@", "mi ka@mail.example", "a@b\r\nBcc: c@d", "a@b, c@d", "mika@-x", ".m@x.org", "m@x..y", "ü@x"],
)
def test_an_address_that_is_none_is_refused(mika, database, wrong):
    """422 with its sentence, what was typed still in the box, nothing switched on."""
    answer = mika.browser.post_form("/homework/reminders", address=wrong, subject="note", hour="19")
    assert answer.status_code == 422 and "does not look like an e-mail address" in answer.get_data(as_text=True)
    with pytest.raises(BadAddress):
        check_address(wrong)


@pytest.mark.parametrize("fields", [{"subject": "Therapy!"}, {"hour": "24"}, {"hour": "seven"}, {"hour": ""}])
def test_only_neutral_subjects_and_real_hours_can_be_chosen(mika, database, fields):
    """A forged subject or hour is refused."""
    form = {"address": "m@x.org", "subject": "note", "hour": "19"} | fields
    assert mika.browser.post_form("/homework/reminders", **form).status_code == 422


def test_a_blocked_client_and_a_clinician_get_none(noor, reminded, clock, remind, database):
    """Somebody whose login was closed is not written to."""
    give(noor, reminded, due_on="2026-03-27")
    with database.writing() as session:
        session.get_one(Person, reminded.id).blocked_at = clock()
    clock.go_on(hours=8)
    assert remind() == 0


def test_a_subject_cannot_bring_in_a_header(app):
    """A line break in an address never becomes a header of the mail."""
    with app.test_request_context(), pytest.raises(ValueError):
        write_mail(address="a@b.org\nBcc: c@d.org", subject="note", sender="desk@post.example", reminder_id="a" * 32, now=NOON)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"SAYABLE_SMTP_TLS": "maybe"}, "SAYABLE_SMTP_TLS"),
        ({"SAYABLE_SMTP_FROM": "desk"}, "SAYABLE_SMTP_FROM"),
        ({"SAYABLE_SMTP_FROM": ""}, "SAYABLE_SMTP_FROM"),
        ({"SAYABLE_SMTP_USER": "desk"}, "belong together"),
        ({"SAYABLE_SMTP_USER": "u", "SAYABLE_SMTP_PASSWORD": "p", "SAYABLE_SMTP_TLS": "off"}, "in the clear"),
        ({"SAYABLE_SMTP_PORT": "0"}, "SAYABLE_SMTP_PORT"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_by_name(wrong, told):
    """The program does not start with half a mail server, nor with a password over a bare line."""
    environment = {"SAYABLE_SMTP_HOST": "mail.clinic.example", "SAYABLE_SMTP_FROM": "desk@clinic.example"} | wrong
    with pytest.raises(SettingsFault, match=told):
        read_settings(environment)


def test_the_settings_of_a_mail_server_are_read():
    """Port by kind of TLS; the password is not in what the settings print of themselves; without a host nothing is sent."""
    given = {"SAYABLE_SMTP_HOST": "mail.clinic.example", "SAYABLE_SMTP_FROM": "desk@clinic.example"}
    given |= {"SAYABLE_SMTP_USER": "desk", "SAYABLE_SMTP_PASSWORD": "very-secret"}
    settings = read_settings(given)
    assert (settings.smtp_port, settings.smtp_tls, settings.sends_mail) == (587, "starttls", True)
    assert "very-secret" not in repr(settings)
    assert read_settings(given | {"SAYABLE_SMTP_TLS": "tls"}).smtp_port == 465
    assert not read_settings({}).sends_mail
