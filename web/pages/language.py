"""In which language a page speaks, and choosing another before there is a login."""

from __future__ import annotations

from flask import current_app, g, has_request_context, request
from flask import session as form_session

KEPT_AS = "locale"
"""Under this name a choice made without a login stands in the form cookie."""


def list_locales() -> list[str]:
    """The languages of the interface that are there: English, and every catalogue in web/translations."""
    return sorted({str(locale) for locale in current_app.extensions["babel"].instance.list_translations()} | {"en"})


def find_locale() -> str | None:
    """A login's own language; else what was chosen on the first page; else what a guest's browser asks for; else the house's own (None)."""
    if not has_request_context():
        return None
    there = list_locales()
    visitor = g.get("visitor")
    if visitor is not None and visitor.role != "guest" and visitor.locale in there:
        return visitor.locale
    chosen = form_session.get(KEPT_AS)
    if chosen in there:
        return chosen
    if visitor is not None and visitor.role != "guest":
        return None
    return request.accept_languages.best_match(there)


def choose_locale(locale: str) -> None:
    """Keep the choice of somebody who has no login, or not yet; what is not there is not kept."""
    if locale in list_locales():
        form_session[KEPT_AS] = locale


def forget_form_session() -> None:
    """A fresh form cookie, with no token of before; only the language stays."""
    chosen = form_session.get(KEPT_AS)
    form_session.clear()
    if chosen is not None:
        form_session[KEPT_AS] = chosen
