"""Why a scene of the clinic is not kept, published or taken: each a sentence for the author."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from web.access.refusals import Refused


class ChangedMeanwhile(Refused):
    status, code = 409, "changed_meanwhile"
    sentence = _("Somebody changed this meanwhile. Nothing was overwritten, and what you wrote is still here.")


class FaultsLeft(Refused):
    code = "faults_left"
    sentence = _("There are still faults in it. Mend them first; each is told beside its field.")


class ThereIsADraft(Refused):
    status, code = 409, "there_is_a_draft"
    sentence = _("There is a draft of this scene already. Go on with that one, or throw it away first.")


class SceneTooLong(Refused):
    code = "scene_too_long"
    sentence = _("A scene has 200 000 bytes at most. What you wrote is still here: shorten it.")


class NotAScene(Refused):
    code = "not_a_scene"
    sentence = _("This is no scene that can be taken: what would mend it is told below. Nothing was stored.")


class NotAText(Refused):
    code = "not_a_text"
    sentence = _("This file is not a text in UTF-8. Nothing was stored.")


class NoFile(Refused):
    code = "no_file"
    sentence = _("Choose a file, or paste a scene.")


class BadWording(Refused):
    """`sentence` is the class's; pages show `why`."""

    code = "bad_wording"
    sentence = _("This wording was not kept.")

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why
