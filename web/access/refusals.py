"""Why a sign-in, an invitation or a change of an account is refused: each a sentence for the person, none that tells a stranger more.

The two bases stand here for every family of refusals, also those of homework (`web.clinic.homework_faults`) and of scenes
(`web.clinic.scene_refusals`).
"""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _

from web.rehearsal.faults import RehearsalFault


class Refused(RehearsalFault):
    """Nothing was changed; `sentence` says why and what would do. `code` is the name of the class: `NameTaken` is `name_taken`."""

    status, code = 422, "refused"

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class RefusedAsItStands(Refused):
    """What was asked for could be done, but not as things stand now."""

    status = 409


class NotKnown(Refused):
    """The one answer to an unknown name, a wrong passphrase, a wrong code and a blocked person."""

    sentence = _("That did not fit together. Check the name and the passphrase; capital letters count in the passphrase.")


class WrongPassphrase(Refused):
    sentence = _("That is not your present passphrase. Nothing was changed.")


class WrongCode(Refused):
    sentence = _("This code does not fit, or was used already. Wait for the next one on your app, or use one of your recovery codes.")


class SecondFactorStays(RefusedAsItStands):
    sentence = _("Clinicians and administrators need a second factor here, so the app stays on. To change phones, set it up again below.")


class WrongRecoveryCode(Refused):
    sentence = _("The name and the recovery code do not fit together, or the code was used already.")


class TooManyTries(Refused):
    status = 429
    sentence = _("That were many tries in a short time. Wait a quarter of an hour, then try again.")


class TooManyNames(Refused):
    status = 429
    sentence = _("Many names were tried in a short time. Wait an hour, then try again.")


class NoName(Refused):
    sentence = _("Choose a name of one to forty characters. It need not be your real one.")


class NameTaken(Refused):
    sentence = _("Somebody here already uses this name. Choose another, or add something to it.")


class NoTimeZone(Refused):
    sentence = _("Choose a time zone from the list.")


class PassphraseTooShort(Refused):
    sentence = _("Take at least eight characters for the passphrase; a few words in a row are easier to remember.")


class PassphraseTooLong(Refused):
    sentence = _("This passphrase is longer than 500 characters.")


class PassphraseTooCommon(Refused):
    sentence = _("This passphrase is one of those that are guessed first. Take a few words that do not belong together.")


class PassphraseIsName(Refused):
    sentence = _("The passphrase must be something else than the name.")


class InvitationGone(Refused):
    sentence = _("This invitation has been used, has run out or was withdrawn. Ask for a new one.")


class NoLabel(Refused):
    sentence = _("Write what you call this person, in one to sixty characters.")


class InvitingWaits(RefusedAsItStands):
    sentence = _("Inviting waits until the help file has been confirmed.")


class InvitingClosed(RefusedAsItStands):
    sentence = _("The administrator has switched inviting off.")


class TooManyInvitations(RefusedAsItStands):
    sentence = _("There are many open invitations already. Withdraw those that are no longer needed.")


class LastOfTheirKind(RefusedAsItStands):
    sentence = _("This is the last one in this role who can sign in. Invite another first.")


class NotYourself(RefusedAsItStands):
    sentence = _("Nobody can do this to themselves. Another administrator can.")


class CaresForSomebody(RefusedAsItStands):
    sentence = _("Hand over the people in their care first; otherwise their homework would be lost.")


class NobodyToHandTo(Refused):
    sentence = _("Choose a clinician who can sign in.")


class BadField(Refused):
    sentence = _("One of the fields cannot be used as it is. Nothing was changed.")


class BadOrigin(BadField):
    sentence = _("An origin is https:// and a host name, with a port if need be, and nothing after it: https://clinic.example.")
