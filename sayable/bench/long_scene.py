"""The house with one more scene, for measuring only: S17 stretched so that it runs for hundreds of turns ("LONG").

`python -m sayable.bench.long_scene up` is `sayable up` with it; `actions` and `web` are the two programs that must know it.
"""

import dataclasses
import functools
import os
import re
import sys
from collections.abc import Iterable
from typing import Any

LONG = "LONG"
VARIANTS = 6
"""So many of each line: a partner says no line twice, and 200 turns need more than a scene has."""
MARK = re.compile(r" \[\d+\]$")


def stretch(scene: Any) -> Any:
    """The scene with numbered variants of every line, and neither an early nor a late end."""
    from data.scenarios.scene import Banded

    def multiply(lines: Iterable[str]) -> tuple[str, ...]:
        return tuple(f"{text} [{number}]" for number in range(VARIANTS) for text in lines)

    lines = {
        name: Banded.model_construct(closed=multiply(banded.closed), open=multiply(banded.open), any=multiply(banded.any))
        for name, banded in scene.lines.items()
    }
    long_scene = scene.model_copy(update={"id": LONG, "min_turns": 10_000, "max_turns": 10_000, "lines": lines})
    long_scene.__dict__.pop("book", None)  # numbered anew for the lines as they are now
    return long_scene


def serve_actions() -> int:
    """An action server like the real one that knows the long scene as well."""
    import actions.equipment
    from actions.__main__ import main as serve

    read_variants_as_one()
    load = actions.equipment.load_equipment

    def load_with_long_scene() -> Any:
        equipment = load()
        known, long_scene = equipment.load_scene, stretch(equipment.load_scene("S17"))
        return dataclasses.replace(equipment, load_scene=lambda scene_id: long_scene if scene_id == LONG else known(scene_id))

    actions.equipment.load_equipment = load_with_long_scene
    return serve()


def read_variants_as_one() -> None:
    """Variants of a line mean the same: their vectors are reckoned once, as many as the scene itself has."""
    from actions.partner.meaning import load_meaning

    meaning = load_meaning()
    encode = meaning._encode_line
    meaning._encode_line = lambda text: encode(MARK.sub("", text))  # type: ignore[assignment]


def serve_web() -> int:
    """A web app like the real one whose catalogue knows the long scene as well, without offering it."""
    from web import __main__ as web_main
    from web.rehearsal.catalogue import SceneCard, SceneCatalogue
    from web.settings import read_settings

    class CatalogueWithLongScene(SceneCatalogue):
        def find(self, scene_id: str, version: int | None = None) -> SceneCard | None:
            card = super().find("S17" if scene_id == LONG else scene_id, version)
            return dataclasses.replace(card, id=LONG) if card is not None and scene_id == LONG else card

    catalogue = CatalogueWithLongScene.load(read_settings(os.environ).locale)
    web_main.build_app = functools.partial(web_main.build_app, catalogue=catalogue)
    return web_main.main()


def bring_up() -> int:
    """`sayable up` with the two programs above in place of the house's own."""
    import sayable.up.command as up_command

    listed = up_command.list_programs

    def list_programs(settings: Any) -> list[Any]:
        programs = []
        for program in listed(settings):
            command = program.command
            for name in ("actions", "web"):
                command = command.removesuffix(f"-m {name}") + (
                    f"-m sayable.bench.long_scene {name}" if command.endswith(f"-m {name}") else ""
                )
            programs.append(dataclasses.replace(program, command=command))
        return programs

    up_command.list_programs = list_programs
    up_command.up.main([], standalone_mode=True)
    return 0


if __name__ == "__main__":
    sys.exit({"up": bring_up, "actions": serve_actions, "web": serve_web}[sys.argv[1]]())
