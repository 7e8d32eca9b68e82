"""The settings of the clinic: an administrator changes them, a clinician reads them, and what cannot be used is refused whole."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.web.clinic.logins import find_events
from web.access.refusals import BadOrigin
from web.clinic.clinic_settings import check_origin, read_clinic_settings
from web.database.clinic_tables import Invitation

FORM = {
    "clinic_name": "Harbour  House",
    "retention_months": "6",
    "embed_origins": "https://clinic.example\nhttps://Other.example:8443/ https://clinic.example:443",
    "clients_invited_by": "clinicians",
    "staff_invited_by": "everyone",
}


def test_an_administrator_changes_and_everybody_of_the_clinic_reads(admin, noor, database):
    """Kept in one form, once each, with an event for each change; the clinician sees them without a form."""
    admin.browser.open("/clinic")
    assert admin.browser.post_form("/clinic", **FORM).status_code == 303
    with database.reading() as session:
        kept = read_clinic_settings(session)
    assert (kept.clinic_name, kept.retention_months, kept.staff_invited_by) == ("Harbour House", 6, "everyone")
    assert kept.embed_origins == ("https://clinic.example", "https://other.example:8443")
    assert sorted(event.detail for event in find_events(database, "setting_changed")) == [
        "clinic_name",
        "embed_origins",
        "retention_months",
        "staff_invited_by",
    ]
    page = noor.browser.open("/clinic").get_data(as_text=True)
    assert "Harbour House" in page and 'name="retention_months"' not in page
    assert noor.browser.post_form("/clinic", **FORM).status_code == 403


def test_an_unset_clinic_has_defaults(database):
    """Twelve months, no origin, clinicians invite clients, administrators invite clinicians."""
    with database.reading() as session:
        kept = read_clinic_settings(session)
    assert (kept.retention_months, kept.embed_origins, kept.clients_invited_by, kept.staff_invited_by) == (12, (), "clinicians", "admins")


@pytest.mark.parametrize(
    "fields",
    [
        {"retention_months": "0"},
        {"retention_months": "121"},
        {"retention_months": "six"},
        {"retention_months": "-1"},
        {"clinic_name": "x" * 81},
        {"clients_invited_by": "everyone"},
        {"staff_invited_by": ""},
        {"embed_origins": "https://clinic.example http://clinic.example"},
    ],
)
def test_one_bad_field_changes_nothing(admin, database, fields):
    """All or nothing: the page comes back with what was typed, and the settings stay as they were."""
    admin.browser.open("/clinic")
    refused = admin.browser.post_form("/clinic", **{**FORM, **fields})
    assert refused.status_code == 422
    with database.reading() as session:
        assert read_clinic_settings(session).clinic_name == ""
    assert find_events(database, "setting_changed") == []


@pytest.mark.parametrize(
    "origin",
    [
        "http://clinic.example",
        "clinic.example",
        "https://clinic.example/page",
        "https://*.example",
        "https://clinic.example; script-src *",
        "https://user@clinic.example",
        "https://clinic.example:99999",
        "https://",
        "https://clinic example",
        "https://clinic.example?x=1",
        "null",
        "*",
        "'self'",
    ],
)
def test_only_exact_https_origins_are_taken(origin):
    """Nothing that could widen a header: no wildcard, no path, no other scheme, no second directive."""
    with pytest.raises(BadOrigin):
        check_origin(origin)


def test_the_state_of_the_help_file_is_shown(admin):
    """Unconfirmed: which file waits for what."""
    page = admin.browser.open("/clinic").get_data(as_text=True)
    assert "no client can be invited" in page and "help.en.yml" in page


def test_inviting_waits_for_the_help_file(noor, database):
    """Without a confirmed help file the page says which file and line is missing, and a posted form makes nothing."""
    page = noor.browser.open("/invitations").get_data(as_text=True)
    assert "operator_confirmed_on" in page and "help.en.yml" in page and 'name="label"' not in page
    assert noor.browser.post_form("/invitations", label="M.").status_code == 409
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Invitation)) == 0
