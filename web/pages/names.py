"""Names of phases and levels in the language of the page."""

from __future__ import annotations

from flask_babel import gettext as _

from web.rehearsal.shapes import SceneShape


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


def level_name(level: str) -> str:
    """How the partner is at the start."""
    names = {"friendly": _("friendly"), "guarded": _("guarded"), "upset": _("upset")}
    return names.get(level, level)


def partner_name(scene: SceneShape) -> str:
    """What the partner is called; in a drill whoever speaks is just someone."""
    return _("The other person") if scene.partner is None else scene.partner.name
