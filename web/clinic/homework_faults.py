"""Why homework cannot be given, changed or begun like this: each a sentence for the person; what they typed stays in the form."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from web.access.refusals import Refused


class NothingChosen(Refused):
    code = "nothing_chosen"
    sentence = _("Choose at least one scene or drill.")


class TooMuch(Refused):
    code = "too_much"
    sentence = _("That is a lot at once. Twelve scenes or drills are the most for one piece of homework; small sizes get done.")


class SceneNotThere(Refused):
    code = "scene_not_there"
    sentence = _("One of the scenes is not offered any more. Take it out, or choose another.")


class BadChoice(Refused):
    code = "bad_choice"
    sentence = _("One of the fields cannot be used as it is. Nothing was changed.")


class BadDay(Refused):
    code = "bad_day"
    sentence = _("One of the days could not be read. Use the form year-month-day, such as 2026-12-31.")


class DayIsOver(Refused):
    code = "day_over"
    sentence = _("The last day is already over, in the client's own time zone. Choose a later one, or none.")


class TooFarAhead(Refused):
    code = "too_far"
    sentence = _("These days are more than two years ahead.")


class DaysCrossed(Refused):
    code = "days_crossed"
    sentence = _("The last day is before the first one.")


class BadRhythm(Refused):
    code = "bad_rhythm"
    sentence = _("How often must be a whole number of days, from 1 to 60.")


class BadTarget(Refused):
    code = "bad_target"
    sentence = _("A target is a whole number: 1 to 20 attempts, and 1 to 20 of a skill in one attempt.")


class GoalNotShared(Refused):
    status, code = 409, "goal_not_shared"
    sentence = _("A goal for a skill needs skill counts, and not everybody who gets this shares them with you. Take the goal out.")


class NoteTooLong(Refused):
    code = "note_too_long"
    sentence = _("The note is longer than 2000 characters.")


class ReasonTooLong(Refused):
    code = "reason_too_long"
    sentence = _("The reason is longer than 500 characters. You can also leave it out.")


class NobodyInGroup(Refused):
    status, code = 409, "nobody_in_group"
    sentence = _("There is nobody in this group yet. Put clients into it first.")


class NoGroupName(Refused):
    code = "no_group_name"
    sentence = _("Give the group a name of one to sixty characters. Only you see it.")


class NoTemplateName(Refused):
    code = "no_template_name"
    sentence = _("Give the template a name of one to sixty characters.")


class NotOpenYet(Refused):
    status, code = 409, "not_open_yet"
    sentence = _("This opens later; the day is on your homework page.")


class OtherScene(Refused):
    code = "other_scene"
    sentence = _("The homework is another scene than this one. Reload the page and begin again.")


class BadAddress(Refused):
    code = "bad_address"
    sentence = _("This does not look like an e-mail address. Nothing was switched on.")


class NoMailHere(Refused):
    status, code = 409, "no_mail"
    sentence = _("This clinic sends no e-mail.")
