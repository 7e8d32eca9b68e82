"""`sayable evaluate`: measure the scorer against labelled replies."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from actions.feedback import Scorer, Verdicts
from data.criteria import KEYS
from data.replies.hands import LabelledReply, read_hands
from sayable.evaluate.measure import Overlaps, Report, measure
from sayable.evaluate.read_labelled import read_labelled
from sayable.score import judge_with_rules
from web.safety import SafetyRules

FOLDER = Path(__file__).resolve().parents[2] / "var" / "evaluation"
"""Beside the house's other files, out of version control: the confusions hold what people wrote."""


@click.command()
@click.argument("file", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=FOLDER,
    help="Folder for confusions.jsonl, figures.json and reliability.png (default: var/evaluation of this checkout).",
)
@click.option("--baselines", is_flag=True, help="Measure simple baselines and the scorer's parts alone in the same run.")
@click.option(
    "--rules/--no-rules", default=True, help="Add the rules at the door to the crisis verdict (default), or show the model alone."
)
def evaluate(file: tuple[Path, ...], out: Path, baselines: bool, rules: bool) -> None:
    """Measure the scorer on labelled replies.

    FILE is JSON lines {id, context, text, labels: {key: 1, 0 or null}} or the file of a hand (data/replies/hands). Prints precision,
    recall, F1 with a 95 % bootstrap interval, AUC, calibration error, agreement (Cohen's kappa) and how often the evidence touches
    the marked words. The macro mean is over the criteria that some reply is labelled yes for. The confusions hold the replies' words.
    """
    console = Console(width=118)
    replies = [reply for path in file for reply in read_labelled(path)]
    scorer, door = Scorer.load(), SafetyRules.load()
    found = [judge_with_rules(scorer, door, r.text, r.context) if rules else scorer.judge(r.text, r.context) for r in replies]
    scores = np.array([[verdicts[key].score for key in KEYS] for verdicts in found])
    present = np.array([[verdicts[key].present for key in KEYS] for verdicts in found])
    report = measure(replies, scores, present, count_overlaps(replies, found))
    console.print(as_table(report, f"{len(replies)} replies from {', '.join(path.name for path in file)}"))
    mean = f"{report.macro:.3f}  (95 % interval {report.low:.3f}-{report.high:.3f})" if report.averaged else "-"
    console.print(f"macro F1 {mean}  over {report.averaged} of {len(KEYS)} criteria: those with a reply labelled yes")
    by_model = [scorer.judge(r.text, r.context)["crisis"].present for r in replies] if rules else [v["crisis"].present for v in found]
    by_rules = [(seen := door.look_at(r.text)) is not None and seen.tier == 1 for r in replies]
    both = [verdicts["crisis"].present for verdicts in found] if rules else [a or b for a, b in zip(by_model, by_rules, strict=True)]
    for name, spoke in (("the rules at the door alone", by_rules), ("the model alone", by_model), ("both together", both)):
        console.print(f"crisis by {name}: {tell_crisis(replies, spoke)}")
    if baselines:
        from sayable.evaluate.baselines import BASELINES
        from sayable.evaluate.ways import WAYS

        asked = {reply.text for reply in replies}
        train = [reply for reply in read_hands() if reply.text not in asked]
        for name, judge in (BASELINES | WAYS).items():
            other = measure(replies, *judge(train, replies))
            console.print(f"{name:32} macro F1 {other.macro:.3f}  ({other.low:.3f}-{other.high:.3f})")
    write_files(out, replies, found, scores, report)
    console.print(f"written to {out}: confusions.jsonl, figures.json, reliability.png")


def count_overlaps(replies: Sequence[LabelledReply], found: Sequence[Verdicts]) -> Overlaps:
    """Of the true verdicts whose words a person marked: how many have evidence that touches those words."""
    counts = {key: [0, 0] for key in KEYS}
    for reply, verdicts in zip(replies, found, strict=True):
        for key, marks in reply.evidence.items():
            if reply.labels[key] == 1 and verdicts[key].present and marks:
                counts[key][1] += 1
                counts[key][0] += any(e.start < end and start < e.end for e in verdicts[key].evidence for start, end in marks)
    return {key: (touched, marked) for key, (touched, marked) in counts.items()}


def as_table(report: Report, title: str) -> Table:
    """One row a criterion."""
    table = Table(title=title)
    for name in ("criterion", "yes", "of", "precision", "recall", "F1", "95 %", "AUC", "cal. error", "kappa", "evidence"):
        table.add_column(name, justify="left" if name == "criterion" else "right")
    for f in report.figures:
        numbers = (f.precision, f.recall, f.f1)
        later = (f.auc, f.error, f.kappa, f.evidence)
        shown = [f"{x:.2f}" for x in numbers] + [f"{f.low:.2f}-{f.high:.2f}"] + ["-" if x != x else f"{x:.2f}" for x in later]
        table.add_row(f.key, str(f.positives), str(f.counted), *shown)
    return table


def write_files(out: Path, replies: Sequence[LabelledReply], found: Sequence[Verdicts], scores: np.ndarray, report: Report) -> None:
    """confusions.jsonl to look at, figures.json, reliability.png."""
    from sayable.evaluate.reliability_plot import draw_reliability

    out.mkdir(parents=True, exist_ok=True)
    with (out / "confusions.jsonl").open("w", encoding="utf-8") as file:
        for reply, verdicts in zip(replies, found, strict=True):
            wrong = {
                k: round(verdicts[k].score, 3) for k in KEYS if reply.labels[k] is not None and bool(reply.labels[k]) != verdicts[k].present
            }
            if wrong:
                line: dict[str, Any] = {"id": reply.id, "context": reply.context, "text": reply.text, "missed": {}, "invented": {}}
                for key, value in wrong.items():
                    line["missed" if reply.labels[key] else "invented"][key] = value
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
    figures = {f.key: {n: (None if v != v else v) for n, v in vars(f).items() if n != "key"} for f in report.figures}
    macro, low, high = (None if v != v else v for v in (report.macro, report.low, report.high))
    summary = {"macro": macro, "low": low, "high": high, "averaged": report.averaged, "criteria": figures}
    (out / "figures.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    draw_reliability(replies, scores, out / "reliability.png")


def tell_crisis(replies: Sequence[LabelledReply], spoke: Sequence[bool]) -> str:
    """Precision and recall of `crisis` for one way of noticing it."""
    counted = [(reply.labels["crisis"], said) for reply, said in zip(replies, spoke, strict=True) if reply.labels["crisis"] is not None]
    hits = sum(1 for wanted, said in counted if wanted and said)
    found, wanted = sum(said for _, said in counted), sum(label == 1 for label, _ in counted)
    return f"precision {hits / max(1, found):.2f}, recall {hits / max(1, wanted):.2f} ({wanted} labelled yes, {found} found)"
