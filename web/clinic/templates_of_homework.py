"""Homework kept for another time: a clinician's own, sealed, without dates and without anybody's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.clinic.homework_faults import NoTemplateName
from web.clinic.homework_plan import Plan, as_template, from_template
from web.database.clinic_tables import HomeworkTemplate
from web.database.tables import Person
from web.rehearsal.faults import NotFound, NotUnderstood

LONGEST_NAME = 60


@dataclass(frozen=True)
class Template:
    id: str
    name: str
    plan: Plan


def list_templates(session: Session, clinician_id: str, today: date) -> list[Template]:
    """This clinician's templates by name, each as homework that would begin today."""
    rows = session.scalars(select(HomeworkTemplate).where(HomeworkTemplate.clinician_id == clinician_id))
    return sorted((_draw(row, today) for row in rows), key=lambda one: one.name.casefold())


def find_template(session: Session, clinician_id: str, template_id: str, today: date) -> Template:
    """One of this clinician's own. Raises NotFound."""
    return _draw(_find(session, clinician_id, template_id), today)


def keep_template(session: Session, *, clinician_id: str, form_id: str, name: str, plan: Plan, today: date, now: datetime) -> str:
    """Keep `plan` under `name`. The form's id is the template's: sent twice it is kept once. Raises NoTemplateName."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise NoTemplateName
    session.get(Person, clinician_id, with_for_update=True)
    row = session.get(HomeworkTemplate, form_id)
    if row is None:
        row = HomeworkTemplate(id=form_id, clinician_id=clinician_id)
        session.add(row)
    elif row.clinician_id != clinician_id:
        raise NotUnderstood
    row.content = {"name": name, **as_template(plan, today)}
    row.changed_at = now
    return row.id


def erase_template(session: Session, *, clinician_id: str, template_id: str) -> None:
    """Raises NotFound."""
    session.delete(_find(session, clinician_id, template_id))


def _find(session: Session, clinician_id: str, template_id: str) -> HomeworkTemplate:
    query = select(HomeworkTemplate).where(HomeworkTemplate.id == template_id, HomeworkTemplate.clinician_id == clinician_id)
    row = session.scalar(query)
    if row is None:
        raise NotFound
    return row


def _draw(row: HomeworkTemplate, today: date) -> Template:
    content = dict(row.content)
    return Template(row.id, content.pop("name"), from_template(content, today))
