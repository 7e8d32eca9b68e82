"""What a clinic sets in the browser, kept in the table `clinic_setting`: read as one frozen object, with a default for each."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.access.refusals import BadField, BadOrigin
from web.clinic.audit import AuditTrail
from web.database.clinic_tables import ClinicSetting

LONGEST_NAME = 80
MOST_MONTHS = 120
MOST_ORIGINS = 20


@dataclass(frozen=True)
class ClinicSettings:
    """One clinic. `embed_origins` are exact https origins, such as https://clinic.example or https://clinic.example:8443."""

    clinic_name: str = ""
    retention_months: int = 12
    """Months after the last practice until a client's practice is erased; 1 to 120."""
    embed_origins: tuple[str, ...] = ()
    clients_invited_by: str = "clinicians"
    """clinicians, or nobody while inviting is switched off"""
    staff_invited_by: str = "admins"
    """admins, or everyone: clinicians may then invite clinicians too"""


def read_clinic_settings(session: Session) -> ClinicSettings:
    """The settings as they are kept, with our defaults where nothing was set."""
    settings = ClinicSettings()
    names = {field.name for field in fields(ClinicSettings)}
    for row in session.scalars(select(ClinicSetting)):
        if row.id in names:
            value: Any = tuple(row.value) if row.id == "embed_origins" else row.value
            kept: dict[str, Any] = {row.id: value}
            settings = replace(settings, **kept)
    return settings


def change_clinic_settings(session: Session, audit: AuditTrail, wanted: ClinicSettings, *, by_id: str, now: datetime) -> list[str]:
    """Keep `wanted`, one audit event for each setting that changed; gives their names. Raises BadField."""
    wanted = check_settings(wanted)
    present = read_clinic_settings(session)
    changed = []
    for field in fields(ClinicSettings):
        value: Any = getattr(wanted, field.name)
        if value == getattr(present, field.name):
            continue
        row = session.get(ClinicSetting, field.name)
        if row is None:
            row = ClinicSetting(id=field.name, changed_at=now)
            session.add(row)
        row.value = list(value) if isinstance(value, tuple) else value
        row.changed_at = now
        audit.record(session, "setting_changed", now=now, actor_id=by_id, subject_id=None, detail=field.name)
        changed.append(field.name)
    return changed


def check_settings(wanted: ClinicSettings) -> ClinicSettings:
    """`wanted` in its kept form. Raises BadField."""
    name = " ".join(wanted.clinic_name.split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise BadField
    if not 1 <= wanted.retention_months <= MOST_MONTHS:
        raise BadField
    if wanted.clients_invited_by not in ("clinicians", "nobody") or wanted.staff_invited_by not in ("admins", "everyone"):
        raise BadField
    if len(wanted.embed_origins) > MOST_ORIGINS:
        raise BadField
    origins = tuple(dict.fromkeys(check_origin(origin) for origin in wanted.embed_origins))
    return replace(wanted, clinic_name=name, embed_origins=origins)


def check_origin(text: str) -> str:
    """`text` as an origin in the form that browsers send: small letters, no path, no port 443. Raises BadOrigin."""
    try:
        parts = urlsplit(text.strip().lower())
        port = parts.port
    except ValueError:
        raise BadOrigin from None
    host = parts.hostname or ""
    label = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    is_name = re.fullmatch(rf"{label}(?:\.{label})*", host) is not None and len(host) <= 253
    if parts.scheme != "https" or not is_name or parts.username is not None or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise BadOrigin
    return f"https://{host}" if port in (None, 443) else f"https://{host}:{port}"
