"""Why homework cannot be given, changed or begun like this: each a sentence for the person; what they typed stays in the form."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from web.access.refusals import Refused, RefusedAsItStands


class NothingChosen(Refused):
    sentence = _("Choose at least one scene or drill.")


class TooMuch(Refused):
    sentence = _("That is a lot at once. Twelve scenes or drills are the most for one piece of homework; small sizes get done.")


class SceneNotThere(Refused):
    sentence = _("One of the scenes is not offered any more. Take it out, or choose another.")


class BadDay(Refused):
    sentence = _("One of the days could not be read. Use the form year-month-day, such as 2026-12-31.")


class DayIsOver(Refused):
    sentence = _("The last day is already over, in the client's own time zone. Choose a later one, or none.")


class TooFarAhead(Refused):
    sentence = _("These days are more than two years ahead.")


class DaysCrossed(Refused):
    sentence = _("The last day is before the first one.")


class BadRhythm(Refused):
    sentence = _("How often must be a whole number of days, from 1 to 60.")


class BadTarget(Refused):
    sentence = _("A target is a whole number: 1 to 20 attempts, and 1 to 20 of a skill in one attempt.")


class GoalNotShared(RefusedAsItStands):
    sentence = _("A goal for a skill needs skill counts, and not everybody who gets this shares them with you. Take the goal out.")


class NoteTooLong(Refused):
    sentence = _("The note is longer than 2000 characters.")


class ReasonTooLong(Refused):
    sentence = _("The reason is longer than 500 characters. You can also leave it out.")


class NobodyInGroup(RefusedAsItStands):
    sentence = _("There is nobody in this group yet. Put clients into it first.")


class NoGroupName(Refused):
    sentence = _("Give the group a name of one to sixty characters. Only you see it.")


class NoTemplateName(Refused):
    sentence = _("Give the template a name of one to sixty characters.")


class NotOpenYet(RefusedAsItStands):
    sentence = _("This opens later; the day is on your homework page.")


class OtherScene(Refused):
    sentence = _("The homework is another scene than this one. Reload the page and begin again.")


class BadAddress(Refused):
    sentence = _("This does not look like an e-mail address. Nothing was switched on.")


class NoMailHere(RefusedAsItStands):
    sentence = _("This clinic sends no e-mail.")
