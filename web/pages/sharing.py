"""The client's pages of sharing: choosing and previewing, everything that is shared, and what came back."""

from __future__ import annotations

from dataclasses import fields

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_limiter import Limiter
from werkzeug.wrappers import Response as AnyResponse

from web.access.gate import visitor_here
from web.access.permissions import find_own_share
from web.api.routes import REPLY_LIMIT
from web.clinic.care import list_carers
from web.clinic.case_words import tell_parts
from web.clinic.comments import list_comments, note_seen
from web.clinic.consents import give_consent, list_consents, tell_wording, withdraw_consent
from web.clinic.own_data import SHARES_SHOWN
from web.clinic.pieces import take_piece
from web.clinic.shared_view import Parts
from web.clinic.sharing import (
    NothingToShare,
    PreviewChanged,
    count_own_shares,
    draw_share,
    list_own_shares,
    preview_share,
    revoke_share,
    share_attempt,
)
from web.rehearsal.drawing import show_attempt, show_summaries
from web.rehearsal.faults import NotFound
from web.rehearsal.house import House
from web.rehearsal.starting import list_attempts

MOST_OFFERED = 20


def make_sharing_pages(house: House, limiter: Limiter) -> Blueprint:
    pages = Blueprint("sharing", __name__)

    @pages.get("/attempts/<attempt_id>/share")
    def preview(attempt_id: str) -> str | tuple[str, int]:
        return draw_preview(attempt_id, request.args.get("to", ""), read_parts(), asked="to" in request.args)

    @pages.post("/attempts/<attempt_id>/share")
    @limiter.limit(REPLY_LIMIT)
    def confirm(attempt_id: str) -> AnyResponse | str | tuple[str, int]:
        to, parts = request.form.get("to", ""), read_parts()
        try:
            share_id = share_attempt(house, visitor_here().person_id, attempt_id, to, parts, request.form.get("seen", ""))
        except (NothingToShare, PreviewChanged) as fault:
            return draw_preview(attempt_id, to, parts, asked=True, sentence=str(fault.sentence), status=fault.status)
        return redirect(url_for("sharing.show", done="shared", _anchor=f"share-{share_id}"), 303)

    @pages.get("/sharing")
    def show() -> str:
        person_id = visitor_here().person_id
        with house.database.reading() as session:
            consents = list_consents(session, person_id)
            many = count_own_shares(session, person_id, living=True)
            living = take_piece(
                many,
                SHARES_SHOWN,
                request.args.get("shares", 1, type=int),
                lambda limit, offset: list_own_shares(house, session, person_id, living=True, limit=limit, offset=offset),
            )
            revoked = list_own_shares(house, session, person_id, living=False)
        attempts = [each for each in list_attempts(house, person_id) if each.phase not in ("new", "briefing")][:MOST_OFFERED]
        return render_template(
            "clinic/sharing.html",
            title=_("Sharing"),
            consents=consents,
            wording=tell_wording,
            tell_parts=tell_parts,
            living=living,
            revoked=revoked,
            summaries=show_summaries(house, attempts),
            done=request.args.get("done"),
        )

    @pages.get("/sharing/<share_id>")
    def show_one(share_id: str) -> str:
        person_id = visitor_here().person_id
        with house.database.reading() as session:
            found = find_own_share(session, client_id=person_id, share_id=share_id)
            if found is None:
                raise NotFound
            share, attempt = found
            shape, comments = draw_share(house, session, share, attempt), list_comments(session, share)
            name = next((carer.name for carer in list_carers(session, person_id) if carer.clinician_id == share.clinician_id), "")
        if any(comment.seen_at is None for comment in comments):
            note_seen(house, person_id, share_id)
        return render_template(
            "clinic/own_share.html", title=_("What you shared"), share=share, shared=shape, comments=comments, clinician_name=name
        )

    @pages.post("/sharing/<share_id>/revoke")
    def revoke(share_id: str) -> AnyResponse:
        revoke_share(house, visitor_here().person_id, share_id)
        return redirect(url_for("sharing.show", done="revoked"), 303)

    @pages.post("/sharing/consents/<clinician_id>")
    def agree(clinician_id: str) -> AnyResponse:
        if request.form.get("agree") != "yes":
            return redirect(url_for("sharing.show", done="not_ticked"), 303)
        give_consent(house, visitor_here().person_id, clinician_id)
        return redirect(url_for("sharing.show", done="agreed"), 303)

    @pages.post("/sharing/consents/<clinician_id>/withdraw")
    def withdraw(clinician_id: str) -> AnyResponse:
        withdraw_consent(house, visitor_here().person_id, clinician_id)
        return redirect(url_for("sharing.show", done="withdrawn"), 303)

    def draw_preview(
        attempt_id: str, to: str, parts: Parts, *, asked: bool, sentence: str = "", status: int = 200
    ) -> str | tuple[str, int]:
        """The choice and, once something was chosen, what exactly would be seen."""
        person_id = visitor_here().person_id
        attempt = show_attempt(house, person_id, attempt_id)
        with house.database.reading() as session:
            carers = [carer for carer in list_carers(session, person_id) if carer.ended_at is None]
        chosen = next((carer for carer in carers if carer.clinician_id == to), None)
        if asked and chosen is None:
            raise NotFound
        seen = None
        if chosen is not None:
            try:
                seen = preview_share(house, person_id, attempt_id, parts)
            except NothingToShare as fault:
                sentence, status = str(fault.sentence), fault.status
        page = render_template(
            "clinic/share_preview.html",
            title=_("Share a rehearsal"),
            attempt=attempt,
            carers=carers,
            chosen=chosen,
            parts=parts,
            preview=seen,
            sentence=sentence,
        )
        return page, status

    return pages


def read_parts() -> Parts:
    """What was ticked, in the form or in the address; the names are ours and nothing else is read."""
    return Parts(**{field.name: request.values.get(field.name) == "1" for field in fields(Parts)})
