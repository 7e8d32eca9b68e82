"""Why a sign-in, an invitation or a change of an account is refused: each a sentence for the person, none that tells a stranger more."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from web.rehearsal.faults import RehearsalFault


class Refused(RehearsalFault):
    """Nothing was changed; `sentence` says why and what would do."""

    status, code = 422, "refused"


class NotKnown(Refused):
    """The one answer to an unknown name, a wrong passphrase, a wrong code and a blocked person."""

    code = "not_known"
    sentence = _("That did not fit together. Check the name and the passphrase; capital letters count in the passphrase.")


class WrongPassphrase(Refused):
    code = "wrong_passphrase"
    sentence = _("That is not your present passphrase. Nothing was changed.")


class WrongCode(Refused):
    code = "wrong_code"
    sentence = _("This code does not fit, or was used already. Wait for the next one on your app, or use one of your recovery codes.")


class WrongRecoveryCode(Refused):
    code = "wrong_recovery_code"
    sentence = _("The name and the recovery code do not fit together, or the code was used already.")


class TooManyTries(Refused):
    status, code = 429, "too_many_tries"
    sentence = _("That were many tries in a short time. Wait a quarter of an hour, then try again.")


class NoName(Refused):
    code = "no_name"
    sentence = _("Choose a name of one to forty characters. It need not be your real one.")


class NameTaken(Refused):
    code = "name_taken"
    sentence = _("Somebody here already uses this name. Choose another, or add something to it.")


class NoTimeZone(Refused):
    code = "no_time_zone"
    sentence = _("Choose a time zone from the list.")


class PassphraseTooShort(Refused):
    code = "passphrase_short"
    sentence = _("Take at least eight characters for the passphrase; a few words in a row are easier to remember.")


class PassphraseTooLong(Refused):
    code = "passphrase_long"
    sentence = _("This passphrase is longer than 500 characters.")


class PassphraseTooCommon(Refused):
    code = "passphrase_common"
    sentence = _("This passphrase is one of those that are guessed first. Take a few words that do not belong together.")


class PassphraseIsName(Refused):
    code = "passphrase_name"
    sentence = _("The passphrase must be something else than the name.")


class InvitationGone(Refused):
    code = "invitation_gone"
    sentence = _("This invitation has been used, has run out or was withdrawn. Ask for a new one.")


class NoLabel(Refused):
    code = "no_label"
    sentence = _("Write what you call this person, in one to sixty characters.")


class InvitingWaits(Refused):
    status, code = 409, "inviting_waits"
    sentence = _("Inviting waits until the help file has been confirmed.")


class InvitingClosed(Refused):
    status, code = 409, "inviting_closed"
    sentence = _("The administrator has switched inviting off.")


class TooManyInvitations(Refused):
    status, code = 409, "too_many_invitations"
    sentence = _("There are many open invitations already. Withdraw those that are no longer needed.")


class LastOfTheirKind(Refused):
    status, code = 409, "last_of_their_kind"
    sentence = _("This is the last one in this role who can sign in. Invite another first.")


class NotYourself(Refused):
    status, code = 409, "not_yourself"
    sentence = _("Nobody can do this to themselves. Another administrator can.")


class CaresForSomebody(Refused):
    status, code = 409, "cares_for_somebody"
    sentence = _("Hand over the people in their care first; otherwise their homework would be lost.")


class NobodyToHandTo(Refused):
    code = "nobody_to_hand_to"
    sentence = _("Choose a clinician who can sign in.")


class BadSetting(Refused):
    code = "bad_setting"
    sentence = _("One of the fields cannot be used as it is. Nothing was changed.")


class BadOrigin(BadSetting):
    code = "bad_origin"
    sentence = _("An origin is https:// and a host name, with a port if need be, and nothing after it: https://clinic.example.")
