"""`sayable check-content`: every fault of the scenes, with file, line, key and what would mend it."""

from __future__ import annotations

import datetime
import importlib
from pathlib import Path

import click

from data.faults import ContentError
from data.scenarios import Reflection, Scene, check_scene, list_scene_files
from data.scenarios.line_book import every_line
from data.scenarios.translations import find_missing_translations


def find_faults(paths: list[Path]) -> tuple[list[Scene | Reflection], list[ContentError]]:
    """The scenes whose shape is right, and every fault in `paths`."""
    scenes: list[tuple[Path, Scene | Reflection]] = []
    faults: list[ContentError] = []
    for path in paths:
        scene, found = check_scene(path)
        faults.extend(found)
        if scene is not None:
            scenes.append((path, scene))
    faults.extend(find_missing_translations(scenes))
    return [scene for _, scene in scenes], faults


def find_overdue(scenes: list[Scene | Reflection], today: datetime.date) -> list[Scene | Reflection]:
    """Scenes whose review date has passed: still playable, and somebody should read them again."""
    return [scene for scene in scenes if scene.review_by < today]


@click.command("check-content")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def check_content(files: tuple[Path, ...]) -> None:
    """Check what people edit: name file, line and key of every fault, and what would mend it.

    With FILES, these scenes. Without, all scenes of data/scenarios, word lists, wording, answers, drills, safety rules and help texts.
    """
    paths = list(files) or list_scene_files()
    scenes, faults = find_faults(paths)
    if not files:
        faults.extend(check_the_rest())
    for fault in faults:
        click.echo(str(fault), err=True)
    for scene in find_overdue(scenes, datetime.datetime.now(datetime.UTC).date()):
        click.echo(f"{scene.id}: to be read again since {scene.review_by}; then set a new review_by", err=True)
    lines = sum(1 for scene in scenes if isinstance(scene, Scene) for _ in every_line(scene))
    what = f"{len(paths)} scene{'s' if len(paths) != 1 else ''}"
    click.echo(f"{what}, {lines} partner lines, {len(faults)} fault{'s' if len(faults) != 1 else ''}")
    if faults:
        raise SystemExit(1)


READERS = (  # every other file of words that people edit: module and the function that reads and checks it
    ("data.lexicons.families", "load_feelings"),
    ("data.lexicons.families", "load_needs"),
    ("data.lexicons.client_words", "load_client_words"),
    ("data.rubric.observables", "load_observables"),
    ("data.rubric.wording", "read_wording"),
    ("data.rubric.wording", "read_every_wording"),
    ("data.dialogue.around", "read_every_around"),
    ("data.lexicons.faux_feelings", "read_faux_feelings"),
    ("data.dialogue.answers", "read_answers"),
    ("data.dialogue.word_families", "read_word_families"),
    ("data.drills", "read_drills"),
    ("data.safety.rules", "read_rules"),
    ("data.safety.help", "read_every_help"),
    ("sayable.simulate.styles", "load_styles"),
)


def check_the_rest() -> list[ContentError]:
    """Faults in word lists, wording, answers, drills: each reader checks its own files and names the first."""
    faults = []
    for module, reader in READERS:
        try:
            getattr(importlib.import_module(module), reader)()
        except ContentError as fault:
            faults.append(fault)
    return faults


if __name__ == "__main__":
    check_content()
