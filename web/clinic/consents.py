"""The consent to skill counts: towards one clinician, never ticked beforehand, dated, withdrawn by one click with effect at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from web.access.permissions import find_care
from web.database.clinic_tables import Care, Consent
from web.database.tables import Person, make_id
from web.rehearsal.faults import NotFound
from web.rehearsal.house import House

WORDING_VERSION = 1
"""Goes up whenever `tell_wording` says something else; a test holds the two together."""


@dataclass(frozen=True)
class ConsentRow:
    """How it stands between a client and one clinician; `given_at` is None while nothing is agreed."""

    clinician_id: str
    clinician_name: str
    given_at: datetime | None
    withdrawn_at: datetime | None


def tell_wording(clinician_name: str) -> str:
    """What the client agrees to, word for word."""
    return _(
        "%(name)s may see how often I used each skill in rehearsals of scenes that %(name)s gave me, as counts and charts, and whether "
        "such a scene was begun several times without being finished. No words of mine, no counts of what got in the way, and nothing of "
        "scenes I chose myself. I can withdraw this at any time.",
        name=clinician_name,
    )


def give_consent(house: House, client_id: str, clinician_id: str) -> None:
    """Keep that the client agrees from now on. Agreeing twice is agreeing once. Raises NotFound."""
    now = house.now()
    with house.database.writing() as session:
        if find_care(session, clinician_id=clinician_id, client_id=client_id, lock=True) is None:  # two clicks go one after the other
            raise NotFound
        if session.scalar(_living(client_id, clinician_id)) is None:
            consent = Consent(id=make_id(), person_id=client_id, clinician_id=clinician_id, what="skill_counts", given_at=now)
            consent.wording_version = WORDING_VERSION
            session.add(consent)
            house.audit.record(session, "consent_given", now=now, actor_id=client_id, subject_id=client_id, object_id=clinician_id)


def withdraw_consent(house: House, client_id: str, clinician_id: str) -> None:
    """Withdraw it, whoever still cares for the client or not; a second time changes nothing."""
    now = house.now()
    with house.database.writing() as session:
        for consent in session.scalars(_living(client_id, clinician_id)):
            consent.withdrawn_at = now
            house.audit.record(session, "consent_withdrawn", now=now, actor_id=client_id, subject_id=client_id, object_id=clinician_id)


def list_consents(session: Session, client_id: str) -> list[ConsentRow]:
    """One row for each clinician who cares for the client, with the latest word on skill counts. Two queries."""
    latest: dict[str, Consent] = {}
    query = select(Consent).where(Consent.person_id == client_id, Consent.what == "skill_counts")
    for consent in session.scalars(query.order_by(Consent.given_at)):
        latest[consent.clinician_id or ""] = consent
    carers = select(Person).join(Care, Care.clinician_id == Person.id).where(Care.client_id == client_id, Care.ended_at.is_(None))
    rows = []
    for clinician in session.scalars(carers.order_by(Care.began_at)):
        last = latest.get(clinician.id)
        given_at = last.given_at if last is not None and last.withdrawn_at is None else None
        rows.append(ConsentRow(clinician.id, clinician.name or "", given_at, None if last is None else last.withdrawn_at))
    return rows


def _living(client_id: str, clinician_id: str) -> Select[tuple[Consent]]:
    return select(Consent).where(
        Consent.person_id == client_id,
        Consent.clinician_id == clinician_id,
        Consent.what == "skill_counts",
        Consent.withdrawn_at.is_(None),
    )
