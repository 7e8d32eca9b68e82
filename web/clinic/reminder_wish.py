"""A client's own wish for reminders by e-mail: switched on by them alone, with an address that is sealed, and off again by one click."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from web.access.refusals import BadField
from web.clinic.homework_faults import BadAddress
from web.clinic.reminder_mail import SUBJECTS
from web.database.clinic_tables import Consent
from web.database.tables import Person, make_id
from web.rehearsal.faults import NotFound
from web.rehearsal.house import House

LONGEST_ADDRESS = 254
WORDING_VERSION = 1


@dataclass(frozen=True)
class Wish:
    """`address` is shortened for showing: whoever holds the phone need not learn it."""

    address: str
    subject: str
    hour: int


def read_wish(session: Session, client_id: str) -> Wish | None:
    """What the client wished for; None while reminders are off."""
    person = session.get(Person, client_id)
    if person is None or person.mail is None:
        return None
    mail = person.mail
    return Wish(shorten(mail["address"]), mail["subject"], mail["hour"])


def switch_on(house: House, client_id: str, *, address: str, subject: str, hour: int) -> None:
    """Keep the wish, or a changed one; an empty `address` keeps the one that is there. Raises BadAddress or BadField."""
    address = address.strip()
    if subject not in SUBJECTS or not 0 <= hour <= 23:
        raise BadField
    now = house.now()
    with house.database.writing() as session:
        person = session.get(Person, client_id, with_for_update=True)
        if person is None:
            raise NotFound
        before = person.mail
        if not address and before is not None:
            address = before["address"]
        check_address(address)
        person.mail = {"address": address, "subject": subject, "hour": hour}
        if before is None:
            consent = Consent(id=make_id(), person_id=client_id, clinician_id=None, what="reminders", given_at=now)
            consent.wording_version = WORDING_VERSION
            session.add(consent)
            house.audit.record(session, "mail_switched_on", now=now, actor_id=client_id, subject_id=client_id)
    house.database.forget_freed_pages()


def switch_off(house: House, client_id: str) -> None:
    """Erase the address; no further mail goes out, also none that was waiting."""
    now = house.now()
    with house.database.writing() as session:
        person = session.get(Person, client_id, with_for_update=True)
        if person is None or person.mail_sealed is None:
            return
        forget_wish(session, person, now=now)
        house.audit.record(session, "mail_switched_off", now=now, actor_id=client_id, subject_id=client_id)
    house.database.forget_freed_pages()


def forget_wish(session: Session, person: Person, *, now: datetime) -> None:
    """Erase the address and close the consent that it was kept under, in the writing session of whoever calls."""
    person.mail = None
    given = (Consent.person_id == person.id, Consent.what == "reminders", Consent.withdrawn_at.is_(None))
    session.execute(update(Consent).where(*given).values(withdrawn_at=now))


def check_address(address: str) -> None:
    """Raises BadAddress for what no mail server would take."""
    fits = re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?", address)
    if fits is None or len(address) > LONGEST_ADDRESS or ".." in address or address.startswith("."):
        raise BadAddress


def shorten(address: str) -> str:
    """`mika@example.org` as `m…@example.org`."""
    name, _, host = address.partition("@")
    return f"{name[:1]}…@{host}"
