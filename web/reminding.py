"""Sends the reminders that are due, in a thread of the web process. Several processes may do so at once: each reminder goes out once."""

from __future__ import annotations

import threading

import structlog
from flask import Flask
from flask_babel import force_locale

from web.clinic.reminder_mail import Post, SmtpPost, write_mail
from web.clinic.reminders import Claimed, claim, list_reminded, note_refused, note_sent
from web.logs import log_failure
from web.rehearsal.house import House
from web.settings import Settings

REMIND_EVERY_SECONDS = 5 * 60

log = structlog.get_logger(__name__)


def start_reminding(app: Flask, house: House, settings: Settings) -> threading.Event | None:
    """Send what is due every five minutes, in a thread of its own; set the event to end it. None where no mail server is set."""
    if not settings.sends_mail:
        return None
    done = threading.Event()
    post = SmtpPost(settings)

    def remind() -> None:
        while not done.wait(REMIND_EVERY_SECONDS):
            try:
                send_reminders(app, house, settings, post)
            except Exception as error:  # the next round tries again
                log_failure(error)

    threading.Thread(target=remind, name="reminder", daemon=True).start()
    return done


def send_reminders(app: Flask, house: House, settings: Settings, post: Post) -> int:
    """Send everything that is due now; gives the number of mails the server took. One client's trouble stops nobody else's."""
    with house.database.reading() as session:
        client_ids = list_reminded(session)
    sent = 0
    for client_id in client_ids:
        try:
            claimed = claim(house, client_id)
            if claimed is not None:
                sent += _send(app, house, settings, post, claimed)
        except Exception as error:
            log_failure(error)
    if sent:
        log.info("reminders_sent", mails=sent)
    return sent


def _send(app: Flask, house: House, settings: Settings, post: Post, claimed: Claimed) -> int:
    with app.app_context(), force_locale(claimed.locale or settings.locale):
        mail = write_mail(
            address=claimed.address,
            subject=claimed.subject,
            sender=settings.smtp_from,
            reminder_id=claimed.reminder_ids[0],
            now=house.now(),
        )
    outcome = post.send(mail)
    if outcome == "sent":
        note_sent(house, claimed)
        return 1
    if outcome == "refused":
        note_refused(house, claimed)
    return 0
