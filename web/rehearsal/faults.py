"""What can be wrong with something a client does. Each has an HTTP status, a short code and a sentence for the client."""

from __future__ import annotations

from flask_babel import lazy_gettext as _


class RehearsalFault(Exception):
    """Raised before anything is lost: what the client typed is still in their box, or stored."""

    status = 400
    code = "not_possible"
    sentence = _("That is not possible here.")

    def __init__(self) -> None:
        super().__init__(self.code)


class NotFound(RehearsalFault):
    status, code = 404, "not_found"
    sentence = _("There is nothing at this address, or it is not yours.")


class EmptyReply(RehearsalFault):
    status, code = 422, "empty"
    sentence = _("There is nothing to send yet. Write something, or use one of the buttons.")


class EmptyCard(RehearsalFault):
    status, code = 422, "empty_card"
    sentence = _("There is nothing on the card yet. Write one line of it, or leave it: a talk needs no agreement.")


class ReplyTooLong(RehearsalFault):
    status, code = 422, "too_long"
    sentence = _("This is longer than 2000 characters. It is still in the box: shorten it, or send it in two parts.")


class NotUnderstood(RehearsalFault):
    status, code = 400, "not_understood"
    sentence = _("The program did not understand this request.")


class UnknownScene(RehearsalFault):
    status, code = 422, "unknown_scene"
    sentence = _("This scene does not exist. Choose one from the list.")


class AlreadyOver(RehearsalFault):
    status, code = 409, "over"
    sentence = _("This rehearsal is over. You can read it, or start a new one.")


class StillAnswering(RehearsalFault):
    status, code = 409, "still_answering"
    sentence = _("Your last message is still being answered. Wait a moment, then send this one.")


class WaitingForEarlier(RehearsalFault):
    status, code = 409, "send_earlier_first"
    sentence = _("Your last message has not been answered yet. Send it again or take it back first; this one is still in the box.")


class MessageIdUsed(RehearsalFault):
    status, code = 409, "message_id_used"
    sentence = _("This message number was already used for something else. Reload the page and send it again.")


class NotNow(RehearsalFault):
    status, code = 409, "not_now"
    sentence = _("That is not possible at this point of the rehearsal.")


class PausedForHelp(RehearsalFault):
    status, code = 409, "paused_for_help"
    sentence = _("The rehearsal is paused. When you want to go on, press “Go on with the exercise”.")


class TurnNotFit(RehearsalFault):
    status, code = 422, "turn_not_fit"
    sentence = _("This reply cannot be tried again.")
