"""Faults as JSON: one sentence for the client and a code for the page; never what was typed."""

from __future__ import annotations

from flask import Response, jsonify
from flask_babel import gettext as _

SENTENCES = {
    "no_session": lambda: _("Your session has ended. Open the first page to begin again."),
    "csrf": lambda: _("This page is too old to send anything. Reload it; what you typed is still in the box until then."),
    "too_many": lambda: _("That was a lot in a short time. Wait a little and send it again; nothing is lost."),
    "not_understood": lambda: _("The program did not understand this request."),
    "not_found": lambda: _("There is nothing at this address, or it is not yours."),
    "not_allowed": lambda: _("That is not allowed here."),
    "second_factor_needed": lambda: _("Your role needs a second factor here. Set one up on the page of the authenticator app first."),
    "too_large": lambda: _("This is too much at once."),
    "cannot_store": lambda: _("The program cannot get at its memory just now. What you typed is still in the box; send it again soon."),
    "broken": lambda: _("Something went wrong in the program. What you sent before is kept; try again."),
}


def answer_fault(status: int, code: str, sentence: str | None = None) -> tuple[Response, int]:
    return jsonify({"error": sentence or SENTENCES[code](), "code": code}), status
