"""`sayable evaluate-conflicts`: measure the scorer on turns of simulated conflicts that people voted on.

The set is PersonaConflicts (Shen et al., EMNLP 2025, MIT licence): a CSV with `prev_text, text`, votes of four people
(`vc_any_votes`, 0-4) and `problematic_mean` (1-4). Nothing is trained on it. Accusing is the highest score of `blame`, `demand`,
`absolutes`, `pressure`. A turn's length alone is measured in the same run, since long turns are voted accusing more often.
"""

import csv
from pathlib import Path

import click
import numpy as np
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from actions.feedback import Scorer

ACCUSING = ("blame", "demand", "absolutes", "pressure")
VOTES_NEEDED = 2


@click.command("evaluate-conflicts")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def evaluate_conflicts(file: Path) -> None:
    """Measure accusing turns on a CSV of the PersonaConflicts corpus."""
    with file.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    missing = {"prev_text", "text", "vc_any_votes", "problematic_mean"} - set(rows[0] if rows else {})
    if missing:
        raise click.UsageError(f"{file} has no column {', '.join(sorted(missing))}.")
    scorer = Scorer.load()
    scores = {key: np.zeros(len(rows)) for key in ACCUSING}
    for place, row in enumerate(rows):
        verdicts = scorer.judge(row["text"], row["prev_text"] or None)
        for key in ACCUSING:
            scores[key][place] = verdicts[key].score
    accusing = np.max([scores[key] for key in ACCUSING], axis=0)
    length = np.array([len(row["text"].split()) for row in rows], float)
    voted = np.array([float(row["vc_any_votes"]) >= VOTES_NEEDED for row in rows])
    problem = np.array([float(row["problematic_mean"]) for row in rows])
    click.echo(f"{len(rows)} turns, {int(voted.sum())} voted accusing by {VOTES_NEEDED} or more of four people")
    for name, values in [("accusing = highest of the four", accusing), *scores.items(), ("length alone", length)]:
        rho = spearmanr(values, problem).statistic
        click.echo(f"{name:32} AUC {roc_auc_score(voted, values):.3f}   Spearman with the problem rating {rho:.3f}")
