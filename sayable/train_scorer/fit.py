"""Fit the reading model on labelled replies: verdict loss on the pooled score, evidence loss on the marked words."""

import dataclasses
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from actions.feedback.wordpieces import WordPieces
from data.criteria import KEYS
from data.replies.hands import LabelledReply
from sayable.train_scorer.network import ReadingModel, load_pretrained, pool
from sayable.train_scorer.teacher import Teacher

Network = ReadingModel | Teacher

LONGEST = 256
HALF_IS_FASTER = torch.cpu._is_avx512_bf16_supported()
"""Without instructions of its own for it, a processor takes two and a half times as long in half precision (measured)."""


@dataclasses.dataclass(frozen=True)
class Recipe:
    """How to fit. Rates are per step; `evidence` weighs the piece loss against the verdict loss.

    `piece_dropout` blanks that share of the words that are no evidence, so that no single word is relied on. The model kept is the
    running mean of the weights over about 1 / (1 - `averaging`) steps (0: the last weights themselves).
    """

    epochs: int = 6
    batch: int = 16
    rate: float = 1.2e-4
    head_rate: float = 1e-3
    decay: float = 0.01
    warmup: float = 0.1
    evidence: float = 1.0
    smoothing: float = 0.02
    dropout: float = 0.1
    piece_dropout: float = 0.05
    averaging: float = 0.0
    seed: int = 7


@dataclasses.dataclass(frozen=True)
class Example:
    """Pieces and targets: `known` and `placed` (19,) are 1 where a verdict and where its words are known; `marked` is (pieces, 19)."""

    ids: np.ndarray
    types: np.ndarray
    first_reply: int
    labels: np.ndarray
    known: np.ndarray
    marked: np.ndarray
    placed: np.ndarray


def encode(reply: LabelledReply, wordpieces: WordPieces) -> Example:
    """Pieces and targets of one reply; `marked` is (pieces, 19) with 1 where a marked stretch covers the piece."""
    window = wordpieces.cut(reply.text, reply.context)[0]
    labels = np.array([reply.labels[key] or 0 for key in KEYS], np.float32)
    known = np.array([reply.labels[key] is not None for key in KEYS], np.float32)
    marked = np.zeros((len(window.ids), len(KEYS)), np.float32)
    for column, key in enumerate(KEYS):
        for start, end in reply.evidence.get(key, ()):
            for index, (left, right) in enumerate(window.spans):
                if left < end and start < right:
                    marked[window.first_reply + index, column] = 1.0
    return Example(np.array(window.ids), np.array(window.types), window.first_reply, labels, known, marked, known)


def collate(examples: Sequence[Example], rng: random.Random | None = None, recipe: Recipe | None = None) -> dict[str, torch.Tensor]:
    """Pad to the longest; with `rng`, blank some pieces so that no single word is relied on."""
    length = min(LONGEST, max(len(example.ids) for example in examples))
    size = len(examples)
    ids, types = np.zeros((size, length), np.int64), np.zeros((size, length), np.int64)
    attend, replies = np.zeros((size, length), np.float32), np.zeros((size, length), np.float32)
    marked = np.zeros((size, length, len(KEYS)), np.float32)
    for row, example in enumerate(examples):
        n = min(length, len(example.ids))
        ids[row, :n], types[row, :n], attend[row, :n] = example.ids[:n], example.types[:n], 1.0
        replies[row, example.first_reply : n - 1] = 1.0
        marked[row, :n] = example.marked[:n]
        if rng is not None and recipe is not None:
            for place in range(example.first_reply, n - 1):
                if rng.random() < recipe.piece_dropout and not marked[row, place].any():
                    ids[row, place] = 103
    labels, known = np.stack([e.labels for e in examples]), np.stack([e.known for e in examples])
    arrays = {"ids": ids, "types": types, "attend": attend, "replies": replies, "marked": marked, "labels": labels, "known": known}
    arrays["placed"] = np.stack([e.placed for e in examples])
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def loss_of(model: Network, batch: dict[str, torch.Tensor], recipe: Recipe, weights: torch.Tensor) -> torch.Tensor:
    pieces, pair = model(batch["ids"], batch["types"], batch["attend"], batch["replies"])
    logits = pool(pieces, pair, batch["replies"])
    target = batch["labels"] * (1 - 2 * recipe.smoothing) + recipe.smoothing
    verdict = functional.binary_cross_entropy_with_logits(logits, target, pos_weight=weights, reduction="none")
    verdict = (verdict * batch["known"]).sum() / batch["known"].sum()
    mask = batch["replies"][..., None] * batch["placed"][:, None, :]
    located = functional.binary_cross_entropy_with_logits(pieces, batch["marked"], reduction="none")
    located = (located * mask).sum() / mask.sum()
    return verdict + recipe.evidence * located


def weigh_yes(examples: Sequence[Example]) -> torch.Tensor:
    """(19,): how much more a yes counts than a no, so that rare criteria are learnt too."""
    positives = sum(e.labels * e.known for e in examples)
    negatives = sum((1 - e.labels) * e.known for e in examples)
    return torch.from_numpy(np.clip(np.sqrt(negatives / np.maximum(positives, 1)), 1.0, 4.0).astype(np.float32))


def fit(
    replies: Sequence[LabelledReply],
    start: Path | Network,
    wordpieces: WordPieces,
    recipe: Recipe,
    report: Callable[[str], None] = print,
    after_epoch: Callable[[int, Network, Network], None] | None = None,
    taught: Sequence[Example] = (),
) -> Network:
    """Fit on `replies` from the encoder in the file `start`, or go on from the model `start`; word vectors of the latter stay.

    `taught` are learnt beside them; how a yes is weighed goes by `replies` alone. The same seed, data and machine give the same model.
    `after_epoch` is shown the epoch, the model and its running mean.
    """
    torch.manual_seed(recipe.seed)
    rng = random.Random(recipe.seed)
    model = load_pretrained(start, recipe.dropout) if isinstance(start, Path) else start
    model.words.weight.requires_grad_(isinstance(start, Path))
    examples = [encode(reply, wordpieces) for reply in replies]
    balance = weigh_yes(examples)
    examples.extend(taught)
    heads = [p for n, p in model.named_parameters() if "head" in n]
    body = [p for n, p in model.named_parameters() if "head" not in n and p.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": recipe.rate}, {"params": heads, "lr": recipe.head_rate}], weight_decay=recipe.decay, fused=True
    )
    steps = recipe.epochs * ((len(examples) + recipe.batch - 1) // recipe.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, (s + 1) / (recipe.warmup * steps)) * max(0.0, (steps - s) / steps)
    )
    mean = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(recipe.averaging))
    started = time.monotonic()
    for epoch in range(recipe.epochs):
        model.train()
        total, batches = 0.0, _batches(examples, recipe.batch, rng)
        for batch in batches:
            with torch.autocast("cpu", torch.bfloat16, enabled=HALF_IS_FASTER):
                loss = loss_of(model, collate(batch, rng, recipe), recipe, balance)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            mean.update_parameters(model)
            total += loss.item()
        report(f"epoch {epoch + 1}/{recipe.epochs}  loss {total / len(batches):.4f}  {time.monotonic() - started:.0f} s")
        if after_epoch is not None:
            after_epoch(epoch + 1, model, mean.module)
    return mean.module.eval()


def _batches(examples: list[Example], size: int, rng: random.Random) -> list[list[Example]]:
    """Batches of like length (less padding), in random order."""
    order = sorted(examples, key=lambda e: len(e.ids) + rng.randint(0, 12))
    batches = [order[i : i + size] for i in range(0, len(order), size)]
    rng.shuffle(batches)
    return batches


def predict(model: Network, replies: Sequence[LabelledReply], wordpieces: WordPieces, size: int = 32) -> np.ndarray:
    """Reply logits (n, 19)."""
    examples = [encode(reply, wordpieces) for reply in replies]
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].ids))
    logits = np.zeros((len(examples), len(KEYS)), np.float32)
    with torch.no_grad():
        for start in range(0, len(order), size):
            chunk = order[start : start + size]
            batch = collate([examples[i] for i in chunk])
            pieces, pair = model(batch["ids"], batch["types"], batch["attend"], batch["replies"])
            logits[chunk] = pool(pieces, pair, batch["replies"]).numpy()
    return logits
