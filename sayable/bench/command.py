"""`sayable bench`: measure, side by side in one run."""

import dataclasses
import json
from pathlib import Path

import click


@click.group()
def bench() -> None:
    """Measure speed and memory, side by side in one run.

    Machines differ and are shared: the ratios are what counts, the milliseconds only say where they come from.
    """


@bench.command()
@click.option("--rounds", default=60, show_default=True, type=click.IntRange(min=5), help="Pairs of timed runs.")
@click.option("--json", "target", type=click.Path(dir_okay=False, path_type=Path), help="Also write the figures to this file.")
def judging(rounds: int, target: Path | None) -> None:
    """Scoring a reply against spaCy's full pipeline on it, one thread each; long texts and memory as well."""
    from sayable.bench.judging import measure_judging

    found = measure_judging(rounds)
    times = f"spaCy {found.spacy_ms:.1f} ms, scoring {found.judge_ms:.1f} ms"
    click.echo(f"a reply of {found.words} words: {times}, ratio {found.ratio:.2f} (at most 2)")
    for name, ratio in found.long_ratios.items():
        most = 20 if "prose" in name else 60
        click.echo(f"{name:26} {ratio:5.1f} times that reply (at most {most})")
    click.echo(
        f"memory: spaCy {found.spacy_mb:.0f} MB, action server {found.actions_mb:.0f} MB, ratio {found.memory_ratio:.2f} (at most 2.5)"
    )
    if target:
        target.write_text(json.dumps(dataclasses.asdict(found), indent=1) + "\n", encoding="utf-8")
