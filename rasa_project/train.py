"""Trains the model for the present recipe when there is none yet: `python -m rasa_project.train` in Rasa's environment.

The model's name carries the recipe's fingerprint, and it appears under that name only when it is whole. The last line
printed is its path.
"""

import logging
import os
import sys
import tempfile
from pathlib import Path

from rasa_project.recipe import ROOT, model_path
from rasa_project.settings import read_home

KEPT_MODELS = 3


def train(home: Path) -> Path:
    """Trains into `home/models` and returns the model's path; at once when it is there. Raises RuntimeError when Rasa gives none."""
    target = model_path(home)
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    import rasa.model_training  # ten seconds of imports: only when there is something to train
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    configure_logging_and_warnings(logging.WARNING, None)
    configure_structlog(logging.WARNING)

    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        result = rasa.model_training.train(
            domain=str(ROOT / "rasa_project" / "domain"),
            config=str(ROOT / "config.yml"),
            training_files=[str(ROOT / "data" / "dialogue")],
            output=folder,
            fixed_model_name="practice",
            force_training=True,
        )
        if result.code != 0 or not result.model:
            raise RuntimeError("Rasa could not train the model; its messages above say why.")
        os.replace(result.model, target)
    drop_old_models(target)
    learn_scenes(home)
    return target


def learn_scenes(home: Path) -> None:
    """Reckons and keeps the vectors of the scenes' phrases, so that the first start need not."""
    from rasa_project.kept_vectors import place_of_vectors
    from rasa_project.scene_nearness import SceneNearness
    from rasa_project.sentence_encoder import SentenceEncoder

    SceneNearness(SentenceEncoder.load(), ROOT / "data" / "scenarios", place_of_vectors(home)).wait_until_learnt()


def drop_old_models(newest: Path) -> None:
    """Keeps the last few models, for someone who switches between two versions, and deletes older ones."""
    models = sorted(newest.parent.glob("practice-*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in models[KEPT_MODELS:]:
        path.unlink(missing_ok=True)


def main() -> int:
    """Entry: 0 and the model's path on the last line, or 1 and a sentence."""
    os.environ.update(RASA_TELEMETRY_ENABLED="false", LOG_LEVEL="WARNING", LOG_LEVEL_LIBRARIES="ERROR")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.chdir(ROOT)
    logging.basicConfig(level=logging.WARNING)
    try:
        path = train(read_home(os.environ))
    except Exception as error:  # shown, not logged: training data is ours, nobody typed it in confidence
        print(f"Training failed: {error}", file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
