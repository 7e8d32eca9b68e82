"""A second factor for staff, where the house requires one: whose sign-in lacks it, and what such a person can reach until it is set up."""

from __future__ import annotations

from web.access.route_rules import SETUP_ROUTES, STAFF
from web.access.visitors import Visitor
from web.settings import Settings


def is_required(settings: Settings, role: str) -> bool:
    """Whether people in this role work here with a second factor only."""
    return settings.requires_second_factor and role in STAFF


def must_set_up(settings: Settings, visitor: Visitor | None) -> bool:
    """Whether this visitor has signed in without the second factor that their role needs here, however long ago."""
    return visitor is not None and not visitor.has_second_factor and is_required(settings, visitor.role)


def leads_to_setup(endpoint: str | None) -> bool:
    """Whether this route is closed until the factor is set up: every one that is not named, so that a new one is."""
    return endpoint is not None and endpoint not in SETUP_ROUTES
