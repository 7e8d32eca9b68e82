"""One client as their clinician may see them: homework, what is shared, and counts where the client agreed. That it was opened is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from web.clinic.care import CaredFor, find_cared_for
from web.clinic.caseload import CaseRow, draw_case_row, list_counted_attempts
from web.clinic.progress import Progress, draw_progress
from web.rehearsal.faults import NotFound
from web.rehearsal.house import House


@dataclass(frozen=True)
class ClientPage:
    """`progress` is None without consent, and when nothing counted yet: the page says the same for both."""

    client: CaredFor
    row: CaseRow
    progress: Progress | None


def open_client_page(
    house: House, session: Session, clinician_id: str, client_id: str, *, what: Literal["client_page_read", "summary_read"]
) -> ClientPage:
    """The page, in a writing session; `what` goes into the trail, and that counts were looked at when there were any. Raises NotFound."""
    client = find_cared_for(session, clinician_id=clinician_id, client_id=client_id)
    if client is None:
        raise NotFound
    row = draw_case_row(house, session, clinician_id, client_id)
    attempts = list_counted_attempts(session, clinician_id, client_id)
    progress = draw_progress(house, session, attempts, with_followed=False) if attempts else None
    now = house.now()
    house.audit.record(session, what, now=now, actor_id=clinician_id, subject_id=client_id)
    if progress is not None and progress.skills:
        house.audit.record(session, "counts_read", now=now, actor_id=clinician_id, subject_id=client_id)
    return ClientPage(client, row, progress)
