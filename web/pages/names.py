"""Names of phases and levels in the language of the page."""

from __future__ import annotations

from babel import Locale, UnknownLocaleError
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from web.rehearsal.shapes import SceneShape, SkillCount


def phase_name(phase: str) -> str:
    """Where a rehearsal stands, in a few words."""
    names = {
        "new": _("Not begun"),
        "briefing": _("Before the talk"),
        "scene": _("In the talk"),
        "drill": _("In the drill"),
        "paused": _("Paused"),
        "timed_out": _("Taking a break"),
        "guess": _("The talk has ended"),
        "reveal": _("The talk has ended"),
        "debrief": _("Looking back"),
        "over": _("Finished"),
    }
    return names.get(phase, phase)


def language_name(locale: str) -> str:
    """A language in that language, such as Deutsch for de."""
    try:
        return (Locale.parse(locale.replace("-", "_")).get_display_name() or locale).capitalize()
    except (UnknownLocaleError, ValueError):
        return locale


def language_here(locale: str) -> str:
    """A language as the page's own language calls it, such as Englisch for en; empty where the page speaks it itself."""
    here = get_locale()
    try:
        spoken = Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return locale
    if here is None or spoken.language == here.language:
        return ""
    return spoken.get_display_name(here) or locale


def level_name(level: str) -> str:
    """How the partner is at the start."""
    names = {"friendly": _("friendly"), "guarded": _("guarded"), "upset": _("upset")}
    return names.get(level, level)


def check_name(check: str) -> str:
    """What a check scene is for."""
    names = {"before": _("Before practising"), "after": _("After practising"), "new": _("A new situation")}
    return names.get(check, check)


def leaning_name(leaning: str) -> str:
    """The client's own answer to the self-check."""
    names = {"want": _("I want to"), "should": _("I think I should"), "unsure": _("I'm not sure")}
    return names.get(leaning, leaning)


def skill_phrase(skill: SkillCount) -> str:
    """A count in words, such as "3 paraphrases"."""
    times = skill.times
    phrases = {
        "i_statement": ngettext("%(num)s “I” statement", "%(num)s “I” statements", times),
        "observation": ngettext("%(num)s observation", "%(num)s observations", times),
        "feeling": ngettext("%(num)s feeling named", "%(num)s feelings named", times),
        "need": ngettext("%(num)s need named", "%(num)s needs named", times),
        "request": ngettext("%(num)s request", "%(num)s requests", times),
        "paraphrase": ngettext("%(num)s paraphrase", "%(num)s paraphrases", times),
        "emotion_label": ngettext("their feeling named %(num)s time", "their feeling named %(num)s times", times),
        "open_question": ngettext("%(num)s open question", "%(num)s open questions", times),
        "validation": ngettext("%(num)s validation", "%(num)s validations", times),
        "boundary": ngettext("%(num)s limit", "%(num)s limits", times),
        "consent_check": ngettext("consent asked %(num)s time", "consent asked %(num)s times", times),
        "repair": ngettext("%(num)s repair", "%(num)s repairs", times),
    }
    return phrases.get(skill.key, f"{times} × {skill.name}")


def partner_name(scene: SceneShape) -> str:
    """What the partner is called; in a drill whoever speaks is just someone."""
    return _("The other person") if scene.partner is None else scene.partner.name
