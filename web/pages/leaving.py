"""My data: take it along, erase parts of it, or leave altogether. And the receipt of what was erased, open to whoever has its number."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask import session as form_session
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from web.access.gate import drop_visit_cookie, visitor_here
from web.access.refusals import Refused
from web.access.signing_in import Reception, confirm_passphrase
from web.clinic.erasing import (
    erase_account,
    erase_own_attempt,
    erase_own_card,
    erase_own_note,
    erase_own_practice,
    erase_own_reason,
    erase_own_share,
    find_receipt,
)
from web.clinic.own_data import look_over
from web.clinic.own_export import take_along
from web.clinic.retention import PRACTISING_ROLES, Ending, find_ending
from web.clinic.zipped import zip_files
from web.database.tables import Person
from web.pages.sign_in import Page, find_address
from web.rehearsal.faults import NotFound
from web.rehearsal.house import House
from web.settings import Settings

PIECE_BYTES = 64 * 1024


class NotConfirmed(Refused):
    def __init__(self) -> None:
        super().__init__()
        self.sentence = _("Nothing was erased: what you typed is not “%(word)s”.", word=confirming_word())


def make_leaving_pages(house: House, settings: Settings, reception: Reception) -> Blueprint:
    pages = Blueprint("leaving", __name__)

    @pages.get("/my-data")
    def show() -> Page:
        return draw()

    @pages.post("/my-data/export")
    def take() -> Page:
        try:
            confirm()
        except Refused as fault:
            return draw(sentence=str(fault.sentence), at="export"), fault.status
        data = take_along(house, me())
        readable = render_template("export/own_data.html", data=data)
        files = {"data.json": data.model_dump_json(indent=1).encode(), "my-data.html": readable.encode()}
        return send_file(zip_files(files, now=data.made_at), f"my-data-{data.made_at:%Y-%m-%d}.zip", "application/zip")

    @pages.post("/my-data/rehearsals/<attempt_id>/erase")
    def erase_attempt(attempt_id: str) -> Page:
        return to_receipt(erase_own_attempt(house, me(), attempt_id))

    @pages.post("/my-data/rehearsals/<attempt_id>/note/erase")
    def erase_note(attempt_id: str) -> Page:
        return to_receipt(erase_own_note(house, me(), attempt_id))

    @pages.post("/my-data/rehearsals/<attempt_id>/card/erase")
    def erase_card(attempt_id: str) -> Page:
        return to_receipt(erase_own_card(house, me(), attempt_id))

    @pages.post("/my-data/shares/<share_id>/erase")
    def erase_share(share_id: str) -> Page:
        return to_receipt(erase_own_share(house, me(), share_id))

    @pages.post("/my-data/homework/<assignment_id>/reason/erase")
    def erase_reason(assignment_id: str) -> Page:
        return to_receipt(erase_own_reason(house, me(), assignment_id))

    @pages.post("/my-data/rehearsals/erase")
    def erase_practice() -> Page:
        try:
            confirm()
        except Refused as fault:
            return draw(sentence=str(fault.sentence), at="practice"), fault.status
        return to_receipt(erase_own_practice(house, me()))

    @pages.post("/my-data/account/erase")
    def erase_everything() -> Page:
        try:
            if " ".join(request.form.get("word", "").split()).casefold() != confirming_word().casefold():
                raise NotConfirmed
            confirm()
        except Refused as fault:
            return draw(sentence=str(fault.sentence), at="account"), fault.status
        person_id, name_hash = me(), find_name_hash()
        response = make_response(to_receipt(erase_account(house, person_id, by_id=person_id)))
        for who in (person_id, name_hash):
            reception.throttle.forget(who, find_address())
        form_session.clear()
        drop_visit_cookie(response, settings)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    @pages.get("/receipts/<receipt_id>")
    def show_receipt(receipt_id: str) -> Page:
        with house.database.reading() as session:
            receipt = find_receipt(session, receipt_id)
        if receipt is None:
            raise NotFound
        return render_template("clinic/receipt.html", title=_("Receipt"), receipt=receipt)

    def confirm() -> None:
        confirm_passphrase(reception, me(), request.form.get("passphrase", ""), address=find_address())

    def me() -> str:
        return visitor_here().person_id

    def find_name_hash() -> str:
        with house.database.reading() as session:
            person = session.get(Person, me())
            return "" if person is None else person.sign_in_hash or ""

    def to_receipt(receipt_id: str) -> AnyResponse:
        return redirect(url_for("leaving.show_receipt", receipt_id=receipt_id), 303)

    def draw(*, sentence: str = "", at: str = "") -> str:
        with house.database.reading() as session:
            rehearsals, shares = (request.args.get(name, 1, type=int) for name in ("rehearsals", "shares"))
            view = look_over(house, session, me(), rehearsals=rehearsals, shares=shares)
            ending = find_ending(session, me(), now=house.now())
        return render_template(
            "clinic/my_data.html", title=_("My data"), view=view, ending=ending, word=confirming_word(), sentence=sentence, at=at
        )

    return pages


def find_near_ending(house: House) -> Ending | None:
    """When this visitor's practice will be erased, if that is thirty days away or nearer; for the line at the top of their pages."""
    visitor = g.get("visitor")
    if visitor is None or visitor.role not in PRACTISING_ROLES:
        return None
    with house.database.reading() as session:
        ending = find_ending(session, visitor.person_id, now=house.now())
    return ending if ending is not None and ending.near else None


def confirming_word() -> str:
    """What is typed before an account goes."""
    return _("erase everything")


def send_file(content: bytes, name: str, mimetype: str) -> Response:
    """A file to keep, sent from memory in pieces; `name` tells nothing about whose it is."""

    def cut() -> Iterator[bytes]:
        for start in range(0, len(content), PIECE_BYTES):
            yield content[start : start + PIECE_BYTES]

    answer = Response(cut(), mimetype=mimetype)
    answer.content_length = len(content)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
