"""What the actions work with, loaded once per process and handed in."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from actions.clinic_scenes import ClinicScenes
from actions.settings import find_home
from data.dialogue.answers import Answers
from data.drills import Drill

logger = logging.getLogger("sayable.actions")


@dataclass(frozen=True)
class Equipment:
    """The scorer, the partner's engine, the scenes, the guide's wording and the drills."""

    scorer: Any
    """`judge(reply, context)` and `advise(reply, context, verdicts, moment)` (actions/feedback)."""
    partner: Any
    """The functions of actions/partner: open_talk, answer_reply and read_ahead, give_hint, repeat_line, pause, resume, stop, and so on."""
    load_scene: Callable[[str], Any]
    """A scene by id; raises KeyError when there is none."""
    scenes: Sequence[Any]
    """Every scene, for offering."""
    answers: Answers
    drills: dict[str, Drill]
    clinic_scenes: ClinicScenes | None = None
    """Scenes that a clinic wrote, by id and version; None: there are none."""


def load_equipment() -> Equipment:
    """The real things. Raises data.faults.ContentError for faulty wording or drills; a faulty scene is told in the log and left out."""
    from actions import partner
    from actions.feedback import Scorer
    from data.dialogue.answers import read_answers
    from data.drills import read_drills
    from data.scenarios import load_scene

    return Equipment(
        scorer=Scorer.load(),
        partner=partner,
        load_scene=load_scene,
        scenes=tuple(read_sound_scenes()),
        answers=read_answers(),
        drills=read_drills(),
        clinic_scenes=ClinicScenes(find_home(os.environ) / "scenes"),
    )


def read_sound_scenes(locale: str = "en") -> list[Any]:
    """Every scene without a fault, in order of id: somebody who is still writing one must not stop the others."""
    from data.scenarios import check_scene, list_scene_files

    sound = []
    for path in list_scene_files():
        scene, faults = check_scene(path)
        if faults or scene is None:
            logger.error("left out: %s", faults[0])
        elif scene.locale == locale:
            sound.append(scene)
    return sorted(sound, key=lambda scene: scene.id)
