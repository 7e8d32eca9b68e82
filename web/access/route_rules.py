"""Who may use which route: the one list that the gate reads. A route without a rule is closed to everybody, and a test fails."""

from __future__ import annotations

PRACTISING = frozenset({"guest", "client", "clinician"})
"""Clinicians practise too: to know a scene, and to try what they wrote. Administrators see no words, not even their own."""
SIGNED_IN = frozenset({"client", "clinician", "admin"})
CLIENTS = frozenset({"client"})
CLINICIANS = frozenset({"clinician"})
ADMINS = frozenset({"admin"})

OPEN_ROUTES = frozenset(
    {
        "static",
        "welcome.show",
        "welcome.let_in",
        "welcome.leave",
        "reading.show_help",
        "reading.show_privacy",
        "health.show_live",
        "health.show_ready",
        "api.show_openapi",
    }
)
"""Every route that needs no browser session. A new route is closed until its name stands here."""

BLUEPRINT_RULES: dict[str, frozenset[str]] = {
    "scenes": PRACTISING,
    "practice": PRACTISING,
    "api": PRACTISING,
}
"""Which roles may use the routes of a blueprint."""

ROUTE_RULES: dict[str, frozenset[str]] = {}
"""Which roles may use one route, where it differs from its blueprint."""


def find_rule(endpoint: str) -> frozenset[str]:
    """The roles that may use this route; empty when no rule was written: closed."""
    if endpoint in ROUTE_RULES:
        return ROUTE_RULES[endpoint]
    return BLUEPRINT_RULES.get(endpoint.split(".")[0], frozenset())
