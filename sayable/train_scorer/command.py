"""`sayable train-scorer`: train the model that judges replies, with one command and a seed."""

from pathlib import Path

import click


@click.command("train-scorer")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the model (default: actions/feedback/model).")
@click.option("--seed", "seeds", type=int, multiple=True, help="Seed of one network; several are averaged (default: 7 and 8).")
@click.option("--folds", type=click.IntRange(2, 20), default=4, show_default=True, help="Parts in which hands are left out to calibrate.")
@click.option("--sample", type=click.IntRange(50), help="Only about this many replies, to try whether it runs.")
def train_scorer(out: Path | None, seeds: tuple[int, ...], folds: int, sample: int | None) -> None:
    """Train the model that judges replies.

    Learns from the labelled replies in data/replies/hands, calibrates on hands that were left out, and writes reading.onnx, tokenizer.json,
    calibration.json and manifest.json. The same replies and seeds give the same model. Needs the group "training" (PyTorch), which
    neither running nor testing installs.
    """
    from actions.feedback.reading_model import FOLDER
    from sayable.train_scorer.train import train

    train(out or FOLDER, seeds=seeds or (7, 8), folds=folds, sample=sample, report=click.echo)
