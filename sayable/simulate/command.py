"""`sayable simulate`: every scene, every written client style, many seeds; a report in HTML."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from data.scenarios import Scene, list_scenes, load_scene
from data.scenarios.groups import LEVELS
from sayable.simulate.play import Judge, judge_as_written, judge_with, play
from sayable.simulate.report import find_unfair, find_unreached, summarise, write_report
from sayable.simulate.styles import load_styles


@click.command("simulate")
@click.option("--scene", "scene_ids", multiple=True, help="Only this scene (may be given several times).")
@click.option("--style", "style_names", multiple=True, help="Only this client style.")
@click.option("--seeds", type=click.IntRange(1, 10_000), default=10, show_default=True, help="Talks per scene, style and level.")
@click.option("--verdicts", type=click.Choice(["scorer", "written"]), default="scorer", show_default=True, help="Who judges the replies.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("var/simulation.html"),
    show_default=True,
    help="The page to write.",
)
def simulate(scene_ids: tuple[str, ...], style_names: tuple[str, ...], seeds: int, verdicts: str, report: Path) -> None:
    """Play every scene with written clients and report endings, dead ends, repeated lines and openness.

    Ends with status 1 when a rule was broken (a dead end, a line said twice, an agreement after pressure, a stop not honoured, …).
    """
    try:
        asked = [load_scene(scene_id) for scene_id in scene_ids] or list_scenes()
    except KeyError as missing:
        raise click.ClickException(f"there is no scene {missing}") from None
    scenes = [scene for scene in asked if isinstance(scene, Scene)]
    styles = load_styles()
    for name in style_names:
        if name not in styles:
            raise click.ClickException(f"there is no style {name!r}; the styles are: {', '.join(styles)}")
    chosen = [styles[name] for name in style_names] or list(styles.values())
    judge: Judge = judge_as_written
    if verdicts == "scorer":
        from actions.feedback import Scorer

        judge = judge_with(Scorer.load())
    talks = []
    jobs = [(scene, style, level, seed) for scene in scenes for style in chosen for level in LEVELS for seed in range(seeds)]
    with click.progressbar(jobs, label="playing", file=sys.stderr) as bar:
        for scene, style, level, seed in bar:
            shown = level == "guarded" and seed == 0
            talks.append(play(scene, style, level, seed, judge, keep_transcript=shown))
    whole = summarise(talks)
    judged_by = "the scorer" if verdicts == "scorer" else "the keys they were written for"
    write_report(report, scenes, chosen, talks, f"sayable simulate {' '.join(sys.argv[2:])}".strip(), judged_by)
    for name in (style.name for style in chosen):
        some = [talk for talk in talks if talk.style == name]
        told = summarise(some)
        endings = ", ".join(f"{ending} {count}" for ending, count in told["endings"][:4])
        click.echo(f"{name:12} openness {told['opened']:.1f} → {told['closed']:.1f}  turns {told['turns']:22} {endings}")
    click.echo(f"{whole['talks']} talks, dead ends {whole['dead_ends']}, repeated lines {whole['repeated']}; {report}")
    unreached, unheard = find_unreached(scenes, talks)
    lines, every = sum(map(len, unheard.values())), sum(len(pool) for scene in scenes for pool in scene.book.values())
    click.echo(f"endings nobody came to: {', '.join(unreached) or 'none'}; lines nobody heard: {lines} of {every} (listed in the report)")
    unfair = find_unfair(scenes, chosen, talks)
    for line in unfair:
        click.echo(f"  {line}", err=True)
    if unfair and not whole["faults"]:
        raise SystemExit(1)
    if whole["faults"]:
        for fault, count in whole["faults"].items():
            click.echo(f"  {fault}: {count}", err=True)
        raise SystemExit(1)
