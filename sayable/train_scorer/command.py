"""`sayable train-scorer`: learn the reading model from the labelled replies."""

from pathlib import Path

import click

from actions.feedback.reading_model import FOLDER


@click.command("train-scorer")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder to write into (default: the model that the house uses)."
)
@click.option(
    "--sample", type=click.IntRange(min=40), help="Take only about so many replies and one pass: tries the whole way in a minute."
)
@click.option("--go-on", is_flag=True, help="Go on from the model that the house uses, with the hands that it has not learnt from yet.")
@click.option("--taught", is_flag=True, help="A larger model learns first and teaches (group `teaching`; an hour more).")
@click.option("--curve", type=click.Path(file_okay=False, path_type=Path), help="Only draw the learning curve into this folder.")
def train_scorer(out: Path | None, sample: int | None, go_on: bool, taught: bool, curve: Path | None) -> None:
    """Learn the reading model from data/replies/hands.

    Needs the training packages: `uv sync --group training` (PyTorch; a build for the processor alone is enough). The same seed,
    replies and machine give the same model. With --sample give --out too, so that the real model is not replaced by a trial.
    """
    if sample and out is None:
        raise click.UsageError("--sample needs --out: a trial model must not replace the real one")
    try:
        from sayable.train_scorer.train import train
    except ModuleNotFoundError as missing:
        raise click.ClickException(f"{missing.name} is not installed; run: uv sync --group training") from None
    if curve:
        from sayable.train_scorer.learning_curve import draw_learning_curve

        draw_learning_curve(curve, report=click.echo)
    else:
        train(out or FOLDER, sample, click.echo, FOLDER if go_on else None, taught)
