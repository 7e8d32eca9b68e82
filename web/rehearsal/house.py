"""The parts a rehearsal needs, put together once by the app factory and handed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.rubric.wording import Wording
from data.safety.help import HelpBook
from web.clinic.audit import AuditTrail
from web.clinic.own_content import OwnContent
from web.database.engine import Database
from web.dialogue.client import Dialogue
from web.rehearsal.catalogue import Catalogue
from web.rehearsal.door import Door


@dataclass(frozen=True)
class House:
    """`now` gives the present moment in UTC; `claim_for` is how long a process may wait for an answer before another may send again."""

    database: Database
    dialogue: Dialogue
    door: Door
    catalogue: Catalogue
    own: OwnContent
    """what this clinic wrote: its scenes, and its wording over ours"""
    audit: AuditTrail
    now: Callable[[], datetime]
    claim_for: timedelta = timedelta(seconds=14)
    wait_for_twin_seconds: float = 2.0

    @property
    def wording(self) -> Wording:
        """The wording of feedback as this clinic wants it at present, in the language of the page."""
        return self.own.words.wording

    @property
    def help_book(self) -> HelpBook:
        """Our help texts in the language of the page, the operator's file and the clinic's own lines."""
        return self.own.words.help_book
