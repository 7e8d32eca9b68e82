"""The one command line: every job of the house by name.

Commands are listed here with their one-line help and imported only when asked for, so that `sayable --help` answers at once.
"""

import difflib
import importlib

import click

# name: (module, attribute, one line for the list). The module is imported when the command is used or its own help is asked for.
COMMANDS = {
    "up": ("sayable.up.command", "up", "Start everything on this machine, print the address."),
    "status": ("sayable.up.command", "status", "Say what is running, and whether it is healthy."),
    "down": ("sayable.up.command", "down", "Stop what `sayable up` started elsewhere."),
    "backup": ("sayable.backup", "backup", "Copy everything but the keys into one file."),
    "restore": ("sayable.restore", "restore", "Put a backup in the place of what is there."),
    "rotate-keys": ("sayable.keys", "rotate_keys", "Make a new key for words at rest and use it."),
    "add-clinician": ("sayable.add_clinician", "add_clinician", "Make a login for a clinician or an administrator."),
    "audit": ("sayable.audit", "audit", "Check the trail of who saw and did what."),
    "train": ("sayable.up.command", "train", "Train the Rasa model, when none fits."),
    "score": ("sayable.score", "score", "Score replies: JSON lines in, JSON lines out."),
    "evaluate": ("sayable.evaluate.command", "evaluate", "Measure the scorer on labelled replies."),
    "evaluate-conflicts": (
        "sayable.evaluate.conflicts",
        "evaluate_conflicts",
        "Measure accusing on turns that people voted on.",
    ),
    "evaluate-reflections": (
        "sayable.evaluate.reflections",
        "evaluate_reflections",
        "Measure reflecting on turns of counsellors.",
    ),
    "train-scorer": ("sayable.train_scorer.command", "train_scorer", "Train the model that judges replies."),
    "bench": ("sayable.bench.command", "bench", "Measure speed and memory, side by side."),
    "check-content": ("sayable.check_content", "check_content", "Check scenes, wording, word lists and help texts."),
    "check-routing": ("sayable.check_routing", "check_routing", "Have Rasa check the dialogue data and its stories."),
    "try": ("sayable.try_scene", "try_scene", "Play a scene in the terminal, verdicts beside it."),
    "simulate": ("sayable.simulate.command", "simulate", "Play every scene with written client styles."),
    "listening": ("sayable.listening", "listening", "Measure, by blind readers, whether the partner answers."),
}

# Commands that need more than the house needs for running, and the dependency group that brings it.
GROUPS = {
    "evaluate": "evaluation",
    "bench": "evaluation",
    "evaluate-conflicts": "evaluation",
    "evaluate-reflections": "evaluation",
    "train-scorer": "training",
    "simulate": "evaluation",
}


class HouseCommands(click.Group):
    """A click group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        try:
            return getattr(importlib.import_module(module), attribute)
        except ModuleNotFoundError as missing:
            raise tell_missing_group(cmd_name, missing) from None

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as missing:  # imported only in the middle of the command
            raise tell_missing_group(ctx.invoked_subcommand or "", missing) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            close = difflib.get_close_matches(args[0], COMMANDS, n=1)
            meant = f" Did you mean '{close[0]}'?" if close else " `sayable --help` lists the commands."
            raise click.UsageError(f"There is no command '{args[0]}'.{meant}", ctx)
        return super().resolve_command(ctx, args)


def tell_missing_group(name: str, missing: ModuleNotFoundError) -> Exception:
    """For a command that needs a dependency group: a sentence that says how to get it. Otherwise the fault itself."""
    if name not in GROUPS or (missing.name or "").split(".")[0] in ("sayable", "actions", "web", "data"):
        return missing
    return click.ClickException(
        f"`sayable {name}` needs the package {missing.name}, which running the house does not.\n"
        f"Install it with: uv sync --inexact --group {GROUPS[name]}"
    )


@click.group(cls=HouseCommands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="sayable", prog_name="sayable")
def main() -> None:
    """Rehearse a hard conversation before having it.

    Everything runs on this machine. Settings come from the environment (SAYABLE_HOME, SAYABLE_WEB_PORT, …); docs/SETTINGS.md lists them.
    """
