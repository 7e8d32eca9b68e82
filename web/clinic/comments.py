"""What a clinician writes to a shared rehearsal: to one reply or to the whole. Its author may change and erase it; the client reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from web.access.permissions import find_own_comment, find_own_share, find_shared_attempt
from web.clinic.sharing import draw_share
from web.database.clinic_tables import Comment, Share
from web.database.tables import Person, make_id
from web.rehearsal.faults import EmptyReply, NotFound, RehearsalFault, ReplyTooLong
from web.rehearsal.house import House
from web.rehearsal.typed_text import read_typed

LONGEST_COMMENT = 4000
"""Code points."""


class CommentTooLong(RehearsalFault):
    status, code = 422, "comment_long"
    sentence = _("This comment is longer than 4000 characters. It is still in the box.")


class EmptyComment(RehearsalFault):
    status, code = 422, "comment_empty"
    sentence = _("There is nothing written yet. To take a comment away, erase it.")


@dataclass(frozen=True)
class CommentLine:
    """A comment as it is read. `turn_id` is None for one on the whole talk; `seen_at`: when the client first had it on the page."""

    id: str
    turn_id: str | None
    author_name: str
    words: str
    made_at: datetime
    changed_at: datetime | None
    seen_at: datetime | None


def write_comment(house: House, clinician_id: str, share_id: str, turn_id: str | None, text: str) -> str:
    """Write a comment to a share, or to one reply in it; gives its id. Raises NotFound, EmptyComment or CommentTooLong."""
    words = _read_words(text)
    with house.database.writing() as session:
        found = find_shared_attempt(session, clinician_id=clinician_id, share_id=share_id)
        if found is None:
            raise NotFound
        share, attempt = found
        if turn_id is not None:
            shown = draw_share(house, session, share, attempt).turns
            if turn_id not in {turn.id for turn in shown if turn.kind == "speech"}:
                raise NotFound
        comment = Comment(id=make_id(), share_id=share.id, turn_id=turn_id, author_id=clinician_id, made_at=house.now())
        session.add(comment)
        comment.words = words
        _record(house, session, "commented", clinician_id, attempt.person_id, comment.id)
        return comment.id


def change_comment(house: House, clinician_id: str, share_id: str, comment_id: str, text: str) -> None:
    """Give one's own comment new words; the client is shown it as new. Raises NotFound, EmptyComment or CommentTooLong."""
    words = _read_words(text)
    with house.database.writing() as session:
        comment, client_id = _find_own(session, clinician_id, share_id, comment_id)
        if comment.words == words:
            return
        comment.words = words
        comment.changed_at = house.now()
        comment.seen_at = None
        _record(house, session, "comment_changed", clinician_id, client_id, comment.id)
    house.database.forget_freed_pages()


def erase_comment(house: House, clinician_id: str, share_id: str, comment_id: str) -> None:
    """Erase one's own comment, words and all. Raises NotFound."""
    with house.database.writing() as session:
        comment, client_id = _find_own(session, clinician_id, share_id, comment_id)
        session.delete(comment)
        _record(house, session, "comment_erased", clinician_id, client_id, comment.id)
    house.database.forget_freed_pages()


def list_comments(session: Session, share: Share) -> list[CommentLine]:
    """The comments to a share, first to last. Who asks must have been let through to the share."""
    query = select(Comment, Person).join(Person, Person.id == Comment.author_id)
    query = query.where(Comment.share_id == share.id).order_by(Comment.made_at, Comment.id)
    return [
        CommentLine(each.id, each.turn_id, author.name or "", each.words or "", each.made_at, each.changed_at, each.seen_at)
        for each, author in session.execute(query)
    ]


def note_seen(house: House, client_id: str, share_id: str) -> None:
    """The client has this share's comments on the page: note when, for those that were not seen before. Raises NotFound."""
    with house.database.writing() as session:
        if find_own_share(session, client_id=client_id, share_id=share_id) is None:
            raise NotFound
        for comment in session.scalars(select(Comment).where(Comment.share_id == share_id, Comment.seen_at.is_(None))):
            comment.seen_at = house.now()


def _read_words(text: str) -> str:
    try:
        return read_typed(text, longest=LONGEST_COMMENT)
    except EmptyReply:
        raise EmptyComment from None
    except ReplyTooLong:
        raise CommentTooLong from None


def _find_own(session: Session, clinician_id: str, share_id: str, comment_id: str) -> tuple[Comment, str]:
    found = find_own_comment(session, author_id=clinician_id, share_id=share_id, comment_id=comment_id)
    if found is None:
        raise NotFound
    return found


def _record(house: House, session: Session, what: str, clinician_id: str, client_id: str, comment_id: str) -> None:
    house.audit.record(session, what, now=house.now(), actor_id=clinician_id, subject_id=client_id, object_id=comment_id)
