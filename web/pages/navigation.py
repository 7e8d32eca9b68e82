"""What stands at the top of each page: the areas that the gate opens to this visitor, and where their brand link leads."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, g, has_request_context, url_for
from flask_babel import lazy_gettext as _

from web.access.route_rules import find_rule
from web.access.second_factor import leads_to_setup
from web.clinic.news import has_fresh_news
from web.rehearsal.house import House

_AREAS = (
    ("homework.show", _("Homework")),
    ("caseload.show", _("Clients")),
    ("groups.show", _("Groups")),
    ("scenes.show", _("Scenes")),
    ("progress.show", _("Progress")),
    ("sharing.show", _("Shared")),
    ("authoring.show", _("Write scenes")),
    ("inviting.show", _("Invite")),
    ("people.show", _("People")),
    ("clinic_settings.show", _("Clinic")),
    ("account.show", _("Account")),
)
"""In the order shown; an area that is not there, or not open to the visitor, is left out."""

_HOMES = {
    "guest": ("scenes.show",),
    "client": ("homework.show", "scenes.show"),
    "clinician": ("caseload.show", "inviting.show"),
    "admin": ("people.show",),
}


@dataclass(frozen=True)
class Link:
    endpoint: str
    label: str


def list_areas() -> list[Link]:
    """The areas open to this visitor."""
    if g.get("visitor") is None:
        return []
    return [Link(endpoint, str(label)) for endpoint, label in _AREAS if is_open(endpoint)]


def is_open(endpoint: str) -> bool:
    """Whether this route is there, and open to this visitor."""
    visitor = g.get("visitor")
    if g.get("must_set_up") and leads_to_setup(endpoint):
        return False
    return endpoint in current_app.view_functions and visitor is not None and visitor.role in find_rule(endpoint)


def has_news_here(house: House) -> bool:
    """Whether others changed something about this person's login or care in the last two weeks."""
    visitor = g.get("visitor")
    if visitor is None or visitor.role not in ("client", "clinician"):
        return False
    with house.database.reading() as session:
        return has_fresh_news(session, visitor.person_id, now=house.now())


def find_time_zone() -> str | None:
    """The visitor's own IANA time zone; None for the house's default."""
    visitor = g.get("visitor") if has_request_context() else None
    return None if visitor is None else visitor.time_zone


def find_home() -> str:
    """The address at which this visitor begins."""
    visitor = g.get("visitor")
    for endpoint in () if visitor is None else _HOMES.get(visitor.role, ()):
        if is_open(endpoint):
            return url_for(endpoint)
    return url_for("welcome.show")
