"""The clinician's page of one shared rehearsal: reading it, and writing to it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_limiter import Limiter
from werkzeug.wrappers import Response as AnyResponse

from web.access.gate import visitor_here
from web.api.routes import REPLY_LIMIT
from web.clinic.care import find_cared_for
from web.clinic.comments import LONGEST_COMMENT, CommentTooLong, EmptyComment, change_comment, erase_comment, list_comments, write_comment
from web.clinic.sharing import open_shared
from web.rehearsal.faults import NotFound
from web.rehearsal.house import House


def make_shared_pages(house: House, limiter: Limiter) -> Blueprint:
    pages = Blueprint("shared", __name__, url_prefix="/shared/<share_id>")

    @pages.get("")
    def show(share_id: str) -> str:
        return draw(share_id)

    @pages.post("/comments")
    @limiter.limit(REPLY_LIMIT)
    def comment(share_id: str) -> AnyResponse | tuple[str, int]:
        turn_id, text = request.form.get("turn") or None, request.form.get("text", "")
        try:
            comment_id = write_comment(house, visitor_here().person_id, share_id, turn_id, text)
        except (EmptyComment, CommentTooLong) as fault:
            return draw(share_id, typed=text, typed_at=turn_id or "whole", sentence=str(fault.sentence)), fault.status
        return redirect(url_for("shared.show", share_id=share_id, _anchor=f"comment-{comment_id}"), 303)

    @pages.post("/comments/<comment_id>")
    @limiter.limit(REPLY_LIMIT)
    def change(share_id: str, comment_id: str) -> AnyResponse | tuple[str, int]:
        text = request.form.get("text", "")
        try:
            change_comment(house, visitor_here().person_id, share_id, comment_id, text)
        except (EmptyComment, CommentTooLong) as fault:
            return draw(share_id, typed=text, typed_at=comment_id, sentence=str(fault.sentence)), fault.status
        return redirect(url_for("shared.show", share_id=share_id, _anchor=f"comment-{comment_id}"), 303)

    @pages.post("/comments/<comment_id>/erase")
    def erase(share_id: str, comment_id: str) -> AnyResponse:
        erase_comment(house, visitor_here().person_id, share_id, comment_id)
        return redirect(url_for("shared.show", share_id=share_id), 303)

    def draw(share_id: str, *, typed: str = "", typed_at: str = "", sentence: str = "") -> str:
        """The page; after a fault with what was typed (`typed_at`: a turn, a comment or `whole`), so that nothing is lost."""
        clinician_id = visitor_here().person_id
        with house.database.writing() as session:
            share, attempt, shape = open_shared(house, session, clinician_id, share_id)
            client = find_cared_for(session, clinician_id=clinician_id, client_id=attempt.person_id)
            if client is None:
                raise NotFound
            comments = list_comments(session, share)
        return render_template(
            "clinic/shared.html",
            title=_("Shared rehearsal"),
            share=share,
            shared=shape,
            client=client,
            comments=comments,
            typed=typed,
            typed_at=typed_at,
            sentence=sentence,
            longest=LONGEST_COMMENT,
        )

    return pages
