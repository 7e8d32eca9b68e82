"""`sayable bench`: measure, side by side in one run."""

import dataclasses
import json
import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from sayable.up.settings import ROOT, read_settings

FOLDER = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for bench.json and the plots (default: bench/ in SAYABLE_HOME).",
)
RECIPE = click.option(
    "--recipe",
    "recipes",
    type=click.Choice(["small", "default"]),
    multiple=True,
    default=("small",),
    show_default=True,
    help="Recipe of the stock bot: the smallest ordinary one, or what `rasa init` gives. May be given twice.",
)


@click.group()
def bench() -> None:
    """Measure speed and memory, side by side in one run.

    Machines differ and are shared: the ratios are what counts, the milliseconds only say where they come from. The first run builds a
    stock Rasa bot in an environment of its own (3 GB) under SAYABLE_HOME/bench. Sayable is started there too, on an empty
    database of its own and on free ports; what SAYABLE_HOME otherwise holds is left alone.
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


@bench.command()
@click.option("--talks", default=6, show_default=True, type=click.IntRange(min=2), help="Pairs of talks side by side.")
@click.option("--turns", "count", default=204, show_default=True, type=click.IntRange(min=10), help="Turns of each talk.")
@RECIPE
@FOLDER
def turns(talks: int, count: int, recipes: tuple[str, ...], out: Path | None) -> None:
    """A whole turn over HTTP by turn number: Sayable and the stock bot with the same replies, in turns."""
    for recipe in recipes:
        with both_running(recipe) as (house, bot):
            from sayable.bench.turns import measure_turns

            keep("turns", measure_turns(house, bot, talks, count, click.echo), out, recipe)
    finish(out)


@bench.command()
@click.option("--people", default="1,2,5,10,20,50", show_default=True, help="Numbers of people typing at once.")
@click.option("--replies", default=8, show_default=True, type=click.IntRange(min=2), help="Replies of each person in a round.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(min=1), help="Rounds of each, in turns.")
@RECIPE
@FOLDER
def load(people: str, replies: int, rounds: int, recipes: tuple[str, ...], out: Path | None) -> None:
    """Many people typing at once, nobody pausing for thought: throughput, p99, lost replies."""
    counts = [int(each) for each in people.split(",")]
    for recipe in recipes:
        with both_running(recipe) as (house, bot):
            from sayable.bench.load import measure_load

            keep("load", measure_load(house, bot, counts, replies, rounds, click.echo), out, recipe)
    finish(out)


@bench.command()
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(min=1), help="Counted starts of each, in turns.")
@RECIPE
@FOLDER
def start(rounds: int, recipes: tuple[str, ...], out: Path | None) -> None:
    """Seconds until ready and memory of all processes, against bare `rasa run`."""
    from sayable.bench.startup import measure_startup

    for recipe in recipes:
        house, bot = build_both(recipe, long_scene=False)
        with stopping(house, bot):
            keep("start", measure_startup(house, bot, rounds, click.echo), out, recipe)
    finish(out)


@bench.command()
@click.option("--talks", default=8, show_default=True, type=click.IntRange(min=1), help="Talks of eight replies each.")
@FOLDER
def parts(talks: int, out: Path | None) -> None:
    """Where the time of a turn goes: web app, Rasa, action server."""
    from sayable.bench.parts import measure_parts

    with both_running("small") as (house, bot):
        keep("parts", measure_parts(house, bot, talks, click.echo), out)
    finish(out)


@bench.command()
@click.option("--clients", default=200, show_default=True, type=click.IntRange(min=1))
@click.option("--attempts", default=20_000, show_default=True, type=click.IntRange(min=1), help="Rehearsals of all clients, 15 turns each.")
@click.option("--rounds", default=20, show_default=True, type=click.IntRange(min=3), help="Times each page is fetched from each.")
@FOLDER
def pages(clients: int, attempts: int, rounds: int, out: Path | None) -> None:
    """Every page on a large database and on a nearly empty one, in turns; SQL statements counted."""
    from sayable.bench.pages import measure_pages
    from sayable.bench.sized_clinic import Size

    keep("pages", measure_pages(working_folder(), Size(clients, attempts), rounds, click.echo), out)
    finish(out)


@bench.command()
@click.option("--people", default="10,50", show_default=True, help="Numbers of people typing at once.")
@click.option("--replies", default=6, show_default=True, type=click.IntRange(min=2), help="Replies of each person in a round.")
@click.option("--rounds", default=4, show_default=True, type=click.IntRange(min=2), help="Rounds of each, in turns.")
@click.option(
    "--postgres",
    default="postgresql+psycopg://postgres@127.0.0.1:5432/postgres",
    show_default=True,
    help="A login that may make databases; two are made, and dropped at the end.",
)
@FOLDER
def grown(people: str, replies: int, rounds: int, postgres: str, out: Path | None) -> None:
    """Two of each process against one of each, both behind nginx on PostgreSQL, in turns."""
    from sayable.bench.grown import measure_grown
    from sayable.bench.processes import DidNotStart
    from sayable.up.rasa_model import find_model

    model = find_model(read_settings(os.environ))
    if model is None:
        raise click.ClickException("There is no trained model in SAYABLE_HOME for the dialogue data of today; `sayable up` trains it.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    counts = [int(each) for each in people.split(",")]
    try:
        keep("grown", measure_grown(model, postgres, counts, replies, rounds, click.echo), out)
    except DidNotStart as fault:
        raise click.ClickException(str(fault)) from None


@bench.command(name="all")
@FOLDER
@click.pass_context
def measure_all(context: click.Context, out: Path | None) -> None:
    """Everything above but `judging` and `grown`, as the figures in the docs were made; about half an hour on an idle machine."""
    context.invoke(start, out=out)
    context.invoke(parts, out=out)
    context.invoke(turns, out=out)
    context.invoke(load, out=out)
    context.invoke(pages, out=out)
    context.invoke(start, out=out, recipes=("default",), rounds=3)
    context.invoke(turns, out=out, recipes=("default",), talks=3)
    context.invoke(load, out=out, recipes=("default",), people="1,10,50", rounds=2)


@bench.command(name="write-docs")
def write_docs() -> None:
    """Put docs/figures/bench.json into the tables of docs/SPEED.md and docs/OPERATING.md."""
    from sayable.bench.capacity_table import write_capacity
    from sayable.bench.record import Record
    from sayable.bench.tables import write_document, write_tables

    found = Record(ROOT / "docs" / "figures" / "bench.json").found
    write_document(ROOT / "docs" / "SPEED.md", write_tables(found))
    write_document(ROOT / "docs" / "OPERATING.md", write_capacity(found))


def working_folder() -> Path:
    return read_settings(os.environ).home / "bench"


def build_both(recipe: str, *, long_scene: bool = True) -> tuple[Any, Any]:
    """Sayable and the stock bot, built and trained, not started. Raises a ClickException when something cannot be built."""
    from sayable.bench.our_house import OurHouse
    from sayable.bench.stock_bot import BuildError, StockBot

    folder = working_folder()
    bot = StockBot(folder / "stock", ROOT, recipe)
    try:
        bot.build(click.echo)
    except BuildError as fault:
        raise click.ClickException(str(fault)) from None
    house = OurHouse(folder, long_scene=long_scene)
    house.bring_model(folder.parent)
    return house, bot


@contextmanager
def both_running(recipe: str) -> Iterator[tuple[Any, Any]]:
    """Both, started; stopped at the end whatever happens."""
    house, bot = build_both(recipe)
    with stopping(house, bot):
        bot.start()
        house.start()
        click.echo(f"Both are running; the stock bot with its recipe {recipe}.")
        yield house, bot


@contextmanager
def stopping(house: Any, bot: Any) -> Iterator[None]:
    from sayable.bench.processes import DidNotStart
    from sayable.bench.stock_bot import LostReply

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped then, too
    try:
        yield
    except (DidNotStart, LostReply) as fault:
        raise click.ClickException(str(fault)) from None
    finally:
        house.stop()
        bot.stop()


def keep(name: str, figures: Any, out: Path | None, recipe: str | None = None) -> None:
    """Write the figures into bench.json, and what follows from them."""
    from sayable.bench.goals import list_goals, reckon_capacity
    from sayable.bench.record import Record

    record = Record((out or working_folder()) / "bench.json")
    if record.found.get(name) is not None and recipe is None:
        record.found.pop(name)
    command = "sayable " + shlex.join(sys.argv[1:])
    record.take(name, figures, command, recipe)
    if "small" in record.found.get("load", {}):
        record.found["capacity"] = reckon_capacity(record.found["load"]["small"])
    record.found["goals"] = list_goals(record.found)
    record.write()


def finish(out: Path | None) -> None:
    """Draw the plots and say which goals are met."""
    from sayable.bench.figures import draw_figures
    from sayable.bench.goals import tell_goals
    from sayable.bench.record import Record

    folder = out or working_folder()
    record = Record(folder / "bench.json")
    draw: Callable[[dict[str, Any], Path], list[Path]] = draw_figures
    for path in draw(record.found, folder):
        click.echo(f"drawn: {path}")
    for line in tell_goals(record.found.get("goals", [])):
        click.echo(line)
    click.echo(f"All figures: {folder / 'bench.json'}")
