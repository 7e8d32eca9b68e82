"""The e-mail of a reminder: plain text that never says what it is about, who sent it, or where it leads; and the clinic's SMTP server."""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal, Protocol

import structlog
from flask_babel import gettext as _

from web.settings import Settings

log = structlog.get_logger(__name__)

SUBJECTS = ("reminder", "note", "today", "list")
TIMEOUT_SECONDS = 20.0

Outcome = Literal["sent", "refused", "unsure"]
"""`refused`: certainly not sent, try again later. `unsure`: the server had the mail and did not answer; it is not sent again."""


class Post(Protocol):
    """What takes a mail away."""

    def send(self, mail: EmailMessage) -> Outcome: ...


def subject_text(subject: str) -> str:
    """The subject lines a client may choose from; none says more than the next."""
    texts = {"reminder": _("Reminder"), "note": _("A note to myself"), "today": _("For today"), "list": _("My list")}
    return texts.get(subject, texts["reminder"])


def body_text() -> str:
    return _("This is the reminder you asked for.") + "\n\n" + _("To get no more of them, switch them off where you switched them on.")


def write_mail(*, address: str, subject: str, sender: str, reminder_id: str, now: datetime) -> EmailMessage:
    """The mail; the reminder's random id becomes its Message-ID, so that a copy of it can be told from another mail."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = subject_text(subject)
    mail["From"] = sender
    mail["To"] = address
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{reminder_id}@{sender.rpartition('@')[2].strip('> ')}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body_text() + "\n")
    return mail


class SmtpPost:
    """The clinic's SMTP server, as the settings name it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, mail: EmailMessage) -> Outcome:
        """Hand one mail over. Logs the kind of trouble, never an address."""
        handed_over = False
        try:
            with self._connect() as server:
                self._check(server.mail(str(mail["From"].addresses[0].addr_spec)))
                self._check(server.rcpt(str(mail["To"].addresses[0].addr_spec)))
                handed_over = True  # from here on a silence may mean that it was taken
                code, _words = server.data(mail.as_bytes())
                handed_over = False
                if code != 250:
                    log.warning("reminder_refused", code=code)
                    return "refused"
                return "sent"
        except smtplib.SMTPResponseException as error:  # the server answered, and it was a no
            log.warning("reminder_refused", code=error.smtp_code)
            return "refused"
        except (smtplib.SMTPException, OSError) as error:
            log.warning("reminder_not_handed_over", kind=type(error).__name__, unsure=handed_over)
            return "unsure" if handed_over else "refused"

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        where = (settings.smtp_host, settings.smtp_port)
        if settings.smtp_tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
        else:
            server = smtplib.SMTP(*where, timeout=TIMEOUT_SECONDS)
        try:
            server.ehlo_or_helo_if_needed()
            if settings.smtp_tls == "starttls":
                server.starttls(context=ssl.create_default_context())  # raises when the server does not offer it
                server.ehlo()
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
        except BaseException:
            server.close()
            raise
        return server

    @staticmethod
    def _check(answer: tuple[int, bytes]) -> None:
        if answer[0] not in (250, 251):
            raise smtplib.SMTPResponseException(answer[0], "refused")
