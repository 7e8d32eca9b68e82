"""The simulation as one readable HTML page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape

from data.scenarios import Scene
from sayable.simulate.play import Played
from sayable.simulate.styles import Style

HERE = Path(__file__).resolve().parent


def summarise(talks: Sequence[Played]) -> dict[str, Any]:
    """Counts over some talks."""
    endings = Counter(talk.ending or "none" for talk in talks)
    return {
        "talks": len(talks),
        "dead_ends": sum("dead end" in fault for talk in talks for fault in talk.faults),
        "repeated": sum("twice" in fault for talk in talks for fault in talk.faults),
        "faults": Counter(fault.split(":")[0] for talk in talks for fault in talk.faults),
        "turns": f"{min(talk.turns for talk in talks)}–{max(talk.turns for talk in talks)}, mean {mean(talk.turns for talk in talks):.1f}",
        "opened": mean(talk.opened for talk in talks),
        "closed": mean(talk.closed for talk in talks),
        "rose": mean(talk.closed > talk.opened for talk in talks),
        "endings": endings.most_common(),
    }


def find_unfair(scenes: Sequence[Scene], styles: Sequence[Style], talks: Sequence[Played]) -> list[str]:
    """Where good words do not open a friendly or guarded partner (on average), or pressing ones do (ever)."""
    unfair = []
    for scene in scenes:
        for style in styles:
            for level in ("friendly", "guarded"):
                some = [talk for talk in talks if (talk.scene, talk.style, talk.level) == (scene.id, style.name, level)]
                if style.name == "skilled" and some and mean(talk.closed - talk.opened for talk in some) <= 0:
                    unfair.append(f"{scene.id} {level}: openness does not rise for the skilled")
                if style.pressing and any(talk.closed > talk.opened for talk in some):
                    unfair.append(f"{scene.id} {level}: openness rises for the {style.name}")
    return unfair


def find_unreached(scenes: Sequence[Scene], talks: Sequence[Played]) -> tuple[list[str], dict[str, list[str]]]:
    """Endings that no talk came to ("S14 real_no"), and per scene the lines that nobody heard in any talk, with their pool."""
    endings, unheard = [], {}
    for scene in scenes:
        of_scene = [talk for talk in talks if talk.scene == scene.id]
        reached = {talk.ending for talk in of_scene}
        endings += [f"{scene.id} {ending.id}" for ending in scene.endings if ending.id not in reached]
        heard = {number for talk in of_scene for number in talk.used}
        lines = [f"{line.pool}: {line.text}" for pool in scene.book.values() for line in pool if line.number not in heard]
        if lines:
            unheard[scene.id] = lines
    return endings, unheard


def write_report(
    path: Path, scenes: Sequence[Scene], styles: Sequence[Style], talks: Sequence[Played], command: str, judged_by: str
) -> None:
    """Write the page to `path`."""
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=select_autoescape(default=True), trim_blocks=True, lstrip_blocks=True
    )
    tables = []
    for scene in scenes:
        of_scene = [talk for talk in talks if talk.scene == scene.id]
        rows = []
        for style in styles:
            for level in ("friendly", "guarded", "upset"):
                some = [talk for talk in of_scene if talk.style == style.name and talk.level == level]
                if some:
                    rows.append({"style": style.name, "level": level, **summarise(some)})
        transcripts = [talk for talk in of_scene if talk.transcript]
        endings, unheard = find_unreached([scene], of_scene)
        unreached = [each.split(" ", 1)[1] for each in endings]
        lines = unheard.get(scene.id, [])
        tables.append({"scene": scene, "rows": rows, "transcripts": transcripts, "unreached": unreached, "unheard": lines})
    page = environment.get_template("report.html.jinja").render(
        tables=tables,
        styles=styles,
        whole=summarise(talks),
        command=command,
        judged_by=judged_by,
        unfair=find_unfair(scenes, styles, talks),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
