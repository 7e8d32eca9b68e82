"""The mark beside an area at the top of the page: comments a client has not seen, shares a clinician has not read. Never what they say."""

from __future__ import annotations

from flask import g

from web.access.permissions import select_comments_to, select_open_shares
from web.database.clinic_tables import Comment, Share
from web.rehearsal.house import House


def has_unread_here(house: House, endpoint: str) -> bool:
    """Whether something waits for this visitor behind this area."""
    visitor = g.get("visitor")
    if visitor is None:
        return False
    if endpoint == "sharing.show" and visitor.role == "client":
        query = select_comments_to(visitor.person_id).where(Comment.seen_at.is_(None)).with_only_columns(Comment.id)
    elif endpoint == "caseload.show" and visitor.role == "clinician":
        query = select_open_shares(visitor.person_id).where(Share.first_read_at.is_(None)).with_only_columns(Share.id)
    else:
        return False
    with house.database.reading() as session:
        return session.scalar(query.limit(1)) is not None
