"""What the help panel says. Plain words of our own stand in until the operator's help file is there (see `data/safety`)."""

from __future__ import annotations

from typing import Protocol

from flask_babel import gettext as _

from web.rehearsal.shapes import HelpShape


class HelpBook(Protocol):
    def tell(self, kind: str, *, folded: bool) -> HelpShape: ...


class PlainHelpBook:
    """Help without any number that nobody has verified: it speaks of "your local emergency number"."""

    def tell(self, kind: str, *, folded: bool) -> HelpShape:
        return HelpShape(
            kind=kind,
            folded=folded,
            title=_("The exercise is paused"),
            paragraphs=(
                _(
                    "What you wrote sounds as if it may be about real danger, for you or for someone else. "
                    "This program cannot judge that, and cannot help with it."
                ),
                _(
                    "If someone is in danger now, call your local emergency number. "
                    "You could also turn to someone you trust, or to your therapist."
                ),
            ),
            resources=(),
            who_is_told=_("Nobody has been told. What you wrote was not kept, and nobody watches this program."),
        )
