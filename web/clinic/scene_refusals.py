"""Why a scene of the clinic is not kept, published or taken: each a sentence for the author."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from web.access.refusals import Refused, RefusedAsItStands


class ChangedMeanwhile(RefusedAsItStands):
    sentence = _("Somebody changed this meanwhile. Nothing was overwritten, and what you wrote is still here.")


class FaultsLeft(Refused):
    sentence = _("There are still faults in it. Mend them first; each is told beside its field.")


class ThereIsADraft(RefusedAsItStands):
    sentence = _("There is a draft of this scene already. Go on with that one, or throw it away first.")


class SceneTooLong(Refused):
    sentence = _("A scene has 200 000 bytes at most. What you wrote is still here: shorten it.")


class NotAScene(Refused):
    sentence = _("This is no scene that can be taken: what would mend it is told below. Nothing was stored.")


class NotAText(Refused):
    sentence = _("This file is not a text in UTF-8. Nothing was stored.")


class NoFile(Refused):
    sentence = _("Choose a file, or paste a scene.")


class BadWording(Refused):
    """`sentence` is the class's; pages show `why`."""

    sentence = _("This wording was not kept.")

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why
