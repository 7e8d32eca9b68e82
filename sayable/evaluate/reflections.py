"""`sayable evaluate-reflections`: measure the scorer on counsellors' turns that somebody marked as reflections or not.

A file of JSON lines {"prev", "text", "reflection"}; `prev` is what the client said before, or "". Reflecting is the higher score of
`paraphrase` and `emotion_label`. Our own file, `data/replies/reflections.jsonl`, is nothing that a model learns from.
"""

from pathlib import Path

import click
import numpy as np
from sklearn.metrics import roc_auc_score

from actions.feedback import Scorer
from sayable.json_lines import read_json_lines

REFLECTING = ("paraphrase", "emotion_label")


@click.command("evaluate-reflections")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def evaluate_reflections(file: Path) -> None:
    """Measure reflections on a file of counsellors' turns."""
    turns: list[tuple[str, str | None, bool]] = []
    for number, row in read_json_lines(file):
        if not isinstance(row, dict) or not isinstance(row.get("text"), str) or row.get("reflection") not in (0, 1):
            raise click.ClickException(f'{file}:{number}: needs "text", a string, and "reflection", 0 or 1')
        if not isinstance(row.get("prev", ""), str | None):
            raise click.ClickException(f'{file}:{number}: "prev" must be a string, or left out')
        turns.append((row["text"], row.get("prev") or None, bool(row["reflection"])))
    marked = np.array([is_reflection for _, _, is_reflection in turns], bool)
    if not marked.any() or marked.all():
        raise click.ClickException(f"{file}: turns of both kinds are needed, reflections and others")
    scorer = Scorer.load()
    verdicts = [scorer.judge(text, prev) for text, prev, _ in turns]
    scores = {key: np.array([verdict[key].score for verdict in verdicts]) for key in REFLECTING}
    length = np.array([len(text.split()) for text, _, _ in turns], float)
    click.echo(f"{len(turns)} turns, {int(marked.sum())} marked as reflections")
    reflecting = np.max(list(scores.values()), axis=0)
    for name, values in [("reflecting = higher of the two", reflecting), *scores.items(), ("length alone", length)]:
        click.echo(f"{name:32} AUC {roc_auc_score(marked, values):.3f}")
