"""An action server like the real one, with one more scene: S17 stretched so that it runs for hundreds of turns ("LONG")."""

import dataclasses
import os
import sys

from actions.equipment import load_equipment
from actions.server import build_app
from actions.settings import read_settings
from data.scenarios.scene import Banded

VARIANTS = 240


def stretch(scene):
    """The scene with numbered variants of every line, and neither an early nor a late end."""

    def multiply(lines):
        return tuple(f"{text} ({number})" for number in range(VARIANTS) for text in lines)

    lines = {
        name: Banded.model_construct(closed=multiply(banded.closed), open=multiply(banded.open), any=multiply(banded.any))
        for name, banded in scene.lines.items()
    }
    return scene.model_copy(update={"id": "LONG", "min_turns": 10_000, "max_turns": 10_000, "lines": lines})


def main() -> None:
    equipment = load_equipment()
    long_scene = stretch(equipment.load_scene("S17"))
    known = equipment.load_scene
    equipment = dataclasses.replace(equipment, load_scene=lambda scene_id: long_scene if scene_id == "LONG" else known(scene_id))
    settings = read_settings(os.environ)
    build_app(equipment, settings.secret).run(settings.host, settings.port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    sys.exit(main())
