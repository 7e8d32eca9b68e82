"""`sayable try SCENE`: play a scene in the terminal, with the verdicts and the partner's state beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from actions import partner
from actions.feedback.verdicts import Verdict
from data.faults import ContentError
from data.scenarios import Scene, load_scene, read_scene

BUTTONS = {"hint": partner.give_hint, "pause": partner.pause, "resume": partner.resume, "stop": partner.stop}


@click.command("try")
@click.argument("scene")
@click.option(
    "--level", type=click.Choice(["friendly", "guarded", "upset"]), default="friendly", show_default=True, help="How the partner begins."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed and replies give the same talk.")
@click.option("--plain", is_flag=True, help="The talk only, without verdicts and state.")
def try_scene(scene: str, level: str, seed: int, plain: bool) -> None:
    """Play SCENE (an id such as S17, or a file) in the terminal.

    Type what you would say. /hint /pause /resume /stop are the buttons, /undo goes back one reply, Ctrl-D leaves.
    """
    from actions.feedback import Scorer

    try:
        played = read_scene(Path(scene)) if scene.endswith(".yml") or Path(scene).is_file() else load_scene(scene)
    except KeyError:
        raise click.ClickException(f"there is no scene {scene!r} in data/scenarios") from None
    except ContentError as fault:
        raise click.ClickException(str(fault)) from None
    if not isinstance(played, Scene):
        raise click.ClickException(f"{played.id} is a reflection, without a partner; there is nothing to judge")
    scorer = Scorer.load()
    click.secho(f"{played.title} · {played.partner.name}, {played.partner.age} · {level}", bold=True)
    click.echo(f"{played.setting}\n{played.client_goal}\n")
    talk = partner.open_talk(played, seed=seed, level=level)
    show_lines(played.partner.name, talk)
    earlier: list[partner.Talk] = []
    while talk.ending is None:
        try:
            typed = click.prompt("you", prompt_suffix="> ", default="", show_default=False)
        except (click.Abort, EOFError):
            click.echo()
            return
        command = typed.strip().removeprefix("/") if typed.startswith("/") else None
        if command == "undo":
            if earlier:
                talk = earlier.pop()
                show_lines(played.partner.name, partner.repeat_line(played, talk.state))
            continue
        earlier.append(talk)
        if command in BUTTONS:
            talk = BUTTONS[command](played, talk.state)
            show_lines(played.partner.name, talk)
            continue
        verdicts = scorer.judge(typed, talk.state["last_line"] or None)
        talk = partner.answer_reply(played, talk.state, typed, verdicts)
        if not plain:
            show_verdicts(verdicts)
        show_lines(played.partner.name, talk)
        if not plain and talk.moved:
            state = talk.state
            click.secho(
                f"      openness {talk.moved.openness} ({talk.moved.shift:+d}) · {talk.moved.because} · "
                f"told {state['told']}/{len(played.layers)}",
                dim=True,
            )
    if talk.ending is not None:
        click.secho(f"\n{talk.ending.title}", bold=True)
        click.echo(talk.ending.text)
        revealed = partner.reveal(played, talk.state)
        show_lines(played.partner.name, revealed)


def show_lines(name: str, talk: partner.Talk) -> None:
    """What was said, the guide's words in italics."""
    for line in talk.lines:
        if line.who == "partner":
            click.secho(f"{name}: ", fg="cyan", nl=False)
            click.echo(line.text)
        else:
            click.secho(f"  ({line.text})", italic=True)


def show_verdicts(verdicts: Mapping[str, Verdict]) -> None:
    """Each present criterion with its words."""
    for key, verdict in verdicts.items():
        if verdict.present:
            words = " | ".join(evidence.text for evidence in verdict.evidence)
            click.secho(f"      {key} {verdict.score:.2f}  {words}", fg="yellow", dim=True)


if __name__ == "__main__":
    try_scene()
