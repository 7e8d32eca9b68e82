"""Train the scorer from the labelled replies: runs side by side, the mean of their weights, calibrated on hands that none of them saw."""

import copy
import dataclasses
import functools
import hashlib
import json
import multiprocessing
import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import torch
from all_minilm_l6_v2 import extract_model

from actions.feedback.reading_model import FOLDER
from actions.feedback.wordpieces import WordPieces
from data.replies.dialogues import FOLDER as UNLABELLED
from data.replies.dialogues import read_dialogues
from data.replies.graded_turns import FOLDER as GRADED
from data.replies.graded_turns import read_graded
from data.replies.hands import FOLDER as HANDS
from data.replies.hands import LabelledReply, read_hands
from sayable.train_scorer.calibrate import calibrate
from sayable.train_scorer.export import export
from sayable.train_scorer.fit import Example, Recipe, encode, fit, predict, weigh_yes
from sayable.train_scorer.graded import choose_turns, learn_grades
from sayable.train_scorer.grammar_signs import read_signs
from sayable.train_scorer.network import ReadingModel
from sayable.train_scorer.partner_lines import FILE as PARTNER_LINES
from sayable.train_scorer.partner_lines import read_partner_lines
from sayable.train_scorer.taught import read_contexts, read_scene_lines, teach
from sayable.train_scorer.teacher import load_teacher, make_small_teacher
from sayable.train_scorer.unpack import unpack_models

RUNS = 2
"""Runs of one recipe from one start with different seeds; what is kept is the mean of their weights."""
AT_ONCE = 2
"""Runs side by side, each on a core of its own."""
KEPT_BACK = "h9"
"""Hands whose name starts so are never learnt from."""
CALIBRATED_ON = frozenset({"h90", "h91", "h92", "h93", "h94", "h95"})
"""Kept-back hands whose one look is spent: score curves and thresholds are fitted on them. Later ones measure, and nothing else."""
GOING_ON = Recipe(epochs=1, rate=1e-4, head_rate=5e-4, averaging=0.995, seed=11)
"""For going on from a model: one pass over the new hands, half of the old, and graded turns (`graded.py`)."""
KEPT_SHARE = 0.5
"""Share of the weights gone on from in the mean that is kept."""
TEACHER = Recipe(epochs=2, batch=24, rate=5e-5, head_rate=1e-3, warmup=0.06, seed=11)
"""For the teacher, which learns from all hands."""
TAUGHT = Recipe(epochs=2, rate=1e-4, head_rate=5e-4, averaging=0.995)
"""For learning from a teacher: each run goes twice over the hands, half of them with their own labels and half with the teacher's,
over all dialogues that the teacher has labelled, and over half of the single lines."""


def train(
    target: Path = FOLDER,
    sample: int | None = None,
    report: Callable[[str], None] = print,
    before: Path | None = None,
    taught: bool = False,
) -> None:
    """Write reading.onnx, tokenizer.json, calibration.json and manifest.json into `target`.

    `sample` takes only about so many replies, for a trial of the whole way. `before` is the folder of a model to go on from, which
    learns the hands that its manifest does not name. With `taught` a larger model learns first, and then teaches (`teacher.py`).
    From the start: about an hour on two free cores with instructions for half precision, two without; going on: a third of that; the
    teacher: an hour more.
    """
    everything = read_hands(HANDS)
    replies = [reply for reply in everything if not reply.hand.startswith(KEPT_BACK)]
    aside = [reply for reply in everything if reply.hand in CALIBRATED_ON]
    if sample:
        replies, aside = replies[:: max(1, len(replies) // sample)], aside[:: max(1, len(aside) // sample)]
    recipe = TAUGHT if taught else GOING_ON if before else Recipe()
    if sample and not before:
        recipe = dataclasses.replace(recipe, epochs=1)
    known = json.loads((before / "manifest.json").read_text(encoding="utf-8")) if before else {}
    report(f"{len(replies)} replies by {len({r.hand for r in replies})} hands")
    with tempfile.TemporaryDirectory() as folder:
        base = extract_model(folder)
        start = mean_of(unpack_models(before / "reading.onnx")) if before else base / "model.safetensors"
        friendly = read_partner_lines()[:: 40 if sample else 1]
        lessons = [[*replies, *friendly] for _ in range(RUNS)]
        wordpieces = WordPieces(base / "tokenizer.json")
        wisdom: Sequence[Sequence[Example]] = ()
        if taught:
            lessons = [[*replies[run::RUNS], *friendly] for run in range(RUNS)]
            wisdom = learn_from_teacher(replies, friendly, RUNS, base, sample, report)
        elif isinstance(start, ReadingModel):
            lessons = [choose_replies(replies, known.get("hands", {}), run) for run in range(RUNS)]
            wisdom = [read_grades_for(start, replies, recipe, run, wordpieces, sample) for run in range(RUNS)]
        model = mean_of(fit_side_by_side(lessons, start, base / "tokenizer.json", recipe, report, wisdom))
        if isinstance(start, ReadingModel) and not taught:
            model = mix(start, model, KEPT_SHARE)
        curves = calibrate(aside, predict(model, aside, wordpieces), read_signs(aside))
        target.mkdir(parents=True, exist_ok=True)
        export([model], target / "reading.onnx")
        shutil.copyfile(base / "tokenizer.json", target / "tokenizer.json")
    (target / "calibration.json").write_text(json.dumps(curves, indent=1) + "\n", encoding="utf-8")
    write_manifest(target, replies, recipe, known, taught)
    report(f"written to {target}")


def learn_from_teacher(
    replies: Sequence[LabelledReply],
    friendly: Sequence[LabelledReply],
    runs: int,
    folder: Path,
    sample: int | None,
    report: Callable[[str], None],
) -> list[list[Example]]:
    """For each run what a teacher says of the replies whose own labels that run does not see, of all unlabelled talk, and of its lines.

    `folder` holds the tokenizer of the small model. The teacher itself is thrown away.
    """
    wordpieces = WordPieces(folder / "tokenizer.json")
    teacher = make_small_teacher() if sample else load_teacher(folder)
    teacher.fix_lowest()
    talk, lines = (what[:: 400 if sample else 1] for what in (read_dialogues(), [*read_scene_lines(), *read_contexts(replies)]))
    recipe = dataclasses.replace(TEACHER, epochs=1) if sample else TEACHER
    known = [*replies, *friendly]
    report(f"a teacher learns from {len(known)} replies and labels {len(talk)} turns and {len(lines)} lines")
    fitted = fit(known, teacher, wordpieces, recipe, report)
    balance = weigh_yes([encode(reply, wordpieces) for reply in known])
    said, of_talk, of_lines = (teach(fitted, what, wordpieces, balance, recipe.smoothing) for what in (replies, talk, lines))
    return [[one for number, one in enumerate(said) if number % runs != run] + of_talk + of_lines[run::runs] for run in range(runs)]


def read_grades_for(
    start: ReadingModel, replies: Sequence[LabelledReply], recipe: Recipe, run: int, wordpieces: WordPieces, sample: int | None
) -> list[Example]:
    """The graded turns that one run reads."""
    balance = weigh_yes([encode(reply, wordpieces) for reply in replies])
    turns = choose_turns(read_graded(), recipe.seed + run)[:: 200 if sample else 1]
    return learn_grades(turns, start, wordpieces, balance, recipe.smoothing)


def choose_replies(replies: Sequence[LabelledReply], known: dict[str, str], run: int) -> list[LabelledReply]:
    """What a run that goes on learns from: the hands that the model does not know yet, and half of the others."""
    new = [reply for reply in replies if reply.hand not in known]
    old = [reply for reply in replies if reply.hand in known]
    return [*new, *old[run::RUNS]]


def fit_side_by_side(
    lessons: Sequence[Sequence[LabelledReply]],
    start: Path | ReadingModel,
    tokenizer: Path,
    recipe: Recipe,
    report: Callable[[str], None],
    taught: Sequence[Sequence[Example]] = (),
) -> list[ReadingModel]:
    """One model for each of `lessons`, each in a process of its own with one thread: two such are quicker than two threads for one.

    `taught` holds for each of them what a teacher says, or nothing.
    """
    with ProcessPoolExecutor(AT_ONCE, mp_context=multiprocessing.get_context("spawn")) as pool:
        runs = []
        for number, lesson in enumerate(lessons):
            report(f"run {number + 1} of {len(lessons)}: learns from {len(lesson)} replies")
            own = dataclasses.replace(recipe, seed=recipe.seed + number)
            runs.append(pool.submit(fit_one, lesson, start, tokenizer, own, taught[number] if taught else ()))
        return [run.result() for run in runs]


def fit_one(
    lesson: Sequence[LabelledReply], start: Path | ReadingModel, tokenizer: Path, recipe: Recipe, taught: Sequence[Example] = ()
) -> ReadingModel:
    """In a process of its own. A model handed to processes lies in memory that they share: it is copied, or all would learn on it."""
    torch.set_num_threads(1)
    start = copy.deepcopy(start)
    report = functools.partial(print, f"seed {recipe.seed}:", flush=True)
    return fit(lesson, start, WordPieces(tokenizer), recipe, report, taught=taught)


def mean_of(models: Sequence[ReadingModel]) -> ReadingModel:
    """One model with the mean of their weights; they must have begun from one start (Wortsman et al. 2022, "Model soups")."""
    weights = [model.state_dict() for model in models]
    models[0].load_state_dict({name: sum(each[name] for each in weights) / len(weights) for name in weights[0]})
    return models[0].eval()


def mix(one: ReadingModel, other: ReadingModel, share: float) -> ReadingModel:
    """A model whose weights are `share` of `one` and the rest of `other` (Wortsman et al. 2022, "Robust fine-tuning")."""
    weights = other.state_dict()
    other.load_state_dict({name: share * part + (1 - share) * weights[name] for name, part in one.state_dict().items()})
    return other.eval()


def write_manifest(target: Path, replies: Sequence[LabelledReply], recipe: Recipe, before: dict[str, object], taught: bool = False) -> None:
    """Hashes of the model's files and of what it learnt from; a test checks them. `before`: the manifest gone on from."""
    files = {name: digest(target / name) for name in ("reading.onnx", "tokenizer.json", "calibration.json")}
    hands = {name: digest(HANDS / f"{name}.txt") for name in sorted({reply.hand for reply in replies})}
    manifest = {
        "files": files,
        "hands": hands,
        "partner_lines": digest(PARTNER_LINES),
        "replies": len(replies),
        "recipe": dataclasses.asdict(recipe),
        "kept share": KEPT_SHARE if before and not taught else 0.0,
        "base": "all-MiniLM-L6-v2 (Apache 2.0)",
    }
    if before and not taught:
        manifest["graded"] = {path.stem: digest(path) for path in sorted(GRADED.glob("*.txt"))}
    if taught:
        manifest["teacher"] = {"base": "all-mpnet-base-v2 (Apache 2.0)", "recipe": dataclasses.asdict(TEACHER)}
        manifest["unlabelled"] = {path.stem: digest(path) for path in sorted(UNLABELLED.glob("*.txt"))}
    if before:
        manifest["gone on from"] = {name: before[name] for name in ("files", "hands", "replies", "recipe") if name in before}
    (target / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
