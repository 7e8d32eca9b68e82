"""The calls that share a rehearsal: with whom, a preview, the share with what the preview showed, taking it back. For clients alone."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask_limiter import Limiter

from web.access.gate import visitor_here
from web.access.permissions import find_care
from web.api.requests import NewShare, ShareChoice, read_body
from web.clinic.care import list_carers
from web.clinic.shared_view import Parts, SharedShape
from web.clinic.sharing import preview_share, revoke_share, share_attempt
from web.rehearsal.faults import NotFound
from web.rehearsal.house import House
from web.rehearsal.shapes import Shape


class CarerShape(Shape):
    """A clinician to share with."""

    id: str
    name: str


class PreviewShape(Shape):
    """Exactly what the clinician would see; `seen` goes back with the share, so that only what was looked at is shared."""

    seen: str
    shown: SharedShape


class NewShareShape(Shape):
    """The share that was made, to take back later."""

    id: str


def add_sharing_calls(api: Blueprint, house: House, limiter: Limiter, *, limit: str) -> None:
    """Add the calls to the blueprint of the API."""

    @api.get("/carers")
    def list_own_carers() -> Response:
        with house.database.reading() as session:
            carers = [carer for carer in list_carers(session, visitor_here().person_id) if carer.ended_at is None]
        return jsonify({"carers": [CarerShape(id=each.clinician_id, name=each.name).model_dump(mode="json") for each in carers]})

    @api.post("/attempts/<attempt_id>/share/preview")
    @limiter.limit(limit)
    def preview_own_share(attempt_id: str) -> Response:
        body, me = read_body(ShareChoice), visitor_here().person_id
        with house.database.reading() as session:
            if find_care(session, clinician_id=body.to, client_id=me) is None:
                raise NotFound
        seen = preview_share(house, me, attempt_id, read_parts(body))
        return _answer(PreviewShape(seen=seen.fingerprint, shown=seen.shape))

    @api.post("/attempts/<attempt_id>/share")
    @limiter.limit(limit)
    def make_share(attempt_id: str) -> Response:
        body = read_body(NewShare)
        share_id = share_attempt(house, visitor_here().person_id, attempt_id, body.to, read_parts(body), body.seen)
        return _answer(NewShareShape(id=share_id), 201)

    @api.delete("/shares/<share_id>")
    @limiter.limit(limit)
    def take_share_back(share_id: str) -> Response:
        revoke_share(house, visitor_here().person_id, share_id)
        return Response(status=204)


def read_parts(body: ShareChoice) -> Parts:
    return Parts(body.talk, body.note, body.card, body.counts, body.help_pauses)


def _answer(shape: Shape, status: int = 200) -> Response:
    return Response(shape.model_dump_json(), status=status, mimetype="application/json")
