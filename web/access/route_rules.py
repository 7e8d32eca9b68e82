"""Who may use which route: the one list that the gate reads. A route without a rule is closed to everybody, and a test fails."""

from __future__ import annotations

PRACTISING = frozenset({"guest", "client", "clinician"})
"""Clinicians practise too: to know a scene, and to try what they wrote. Administrators see no words, not even their own."""
SIGNED_IN = frozenset({"client", "clinician", "admin"})
CLIENTS = frozenset({"client"})
CLINICIANS = frozenset({"clinician"})
ADMINS = frozenset({"admin"})
STAFF = CLINICIANS | ADMINS

OPEN_ROUTES = frozenset(
    {
        "static",
        "welcome.show",
        "welcome.choose_language",
        "welcome.let_in",
        "welcome.leave",
        "embedding.show",
        "embedding.let_in",
        "embedding.show_left",
        "sign_in.show",
        "sign_in.take",
        "sign_in.show_code",
        "sign_in.take_code",
        "sign_in.show_renew",
        "sign_in.renew",
        "joining.show",
        "joining.find",
        "joining.show_invitation",
        "joining.take",
        "reading.show_help",
        "reading.show_privacy",
        "leaving.show_receipt",
        "health.show_live",
        "health.show_ready",
        "api.show_openapi",
    }
)
"""Every route that needs no browser session. A new route is closed until its name stands here."""

SETUP_ROUTES = frozenset(
    {
        "account.show_totp",
        "account.take_totp",
        "account.show_recovery",
        "account.make_recovery",
        "account.stay",
        "welcome.leave",
        "welcome.choose_language",
        "reading.show_help",
    }
)
"""All that staff without a required second factor can reach until they have set one up, beside static files and health."""

BLUEPRINT_RULES: dict[str, frozenset[str]] = {
    "scenes": PRACTISING,
    "practice": PRACTISING,
    "api": PRACTISING,
    "account": SIGNED_IN,
    "inviting": CLINICIANS,
    "people": ADMINS,
    "clinic_settings": ADMINS,
    "homework": CLIENTS,
    "assigning": CLINICIANS,
    "groups": CLINICIANS,
    "sharing": CLIENTS,
    "parting": CLIENTS,
    "shared": CLINICIANS,
    "authoring": CLINICIANS,
    "clinic_words": CLINICIANS,
    "caseload": CLINICIANS,
    "summary": CLINICIANS,
    "progress": PRACTISING,
    "trail": SIGNED_IN,
    "leaving": CLIENTS,
    "exporting": CLINICIANS,
}
"""Which roles may use the routes of a blueprint."""

ROUTE_RULES: dict[str, frozenset[str]] = {
    "clinic_settings.show": CLINICIANS | ADMINS,
    # sharing is for clients, by the API as by the page
    "api.list_own_carers": CLIENTS,
    "api.preview_own_share": CLIENTS,
    "api.make_share": CLIENTS,
    "api.take_share_back": CLIENTS,
    # the invitations that somebody made themselves
    "inviting.show_card": CLINICIANS | ADMINS,
    "inviting.withdraw_one": CLINICIANS | ADMINS,
}
"""Which roles may use one route, where it differs from its blueprint."""


def find_rule(endpoint: str) -> frozenset[str]:
    """The roles that may use this route; empty when no rule was written: closed."""
    if endpoint in ROUTE_RULES:
        return ROUTE_RULES[endpoint]
    return BLUEPRINT_RULES.get(endpoint.split(".")[0], frozenset())
