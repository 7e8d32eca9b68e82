"""Talk that no hand has labelled, and what the teacher says of it: the small model learns from it beside the hands."""

import random
from collections.abc import Sequence

import numpy as np
import torch

from actions.feedback.wordpieces import WordPieces
from data.criteria import KEYS
from data.replies.dialogues import HAND
from data.replies.hands import LabelledReply
from data.scenarios import list_scenes
from sayable.train_scorer.fit import HALF_IS_FASTER, Example, Network, collate, encode, pool


def read_scene_lines(seed: int = 7) -> list[LabelledReply]:
    """The lines of our own scenes, in pairs by chance within a scene: the first has no context, the second has the first."""
    rng, nothing, found = random.Random(seed), dict.fromkeys(KEYS), []
    for scene in sorted(list_scenes(), key=lambda scene: scene.id):
        lines = sorted({line for group in scene.lines.values() for line in (*group.closed, *group.open, *group.any) if "{" not in line})
        rng.shuffle(lines)
        for number, line in enumerate(lines):
            found.append(LabelledReply(f"{scene.id}-{number}", HAND, lines[number - 1] if number % 2 else None, line, nothing, {}))
    return found


def read_contexts(replies: Sequence[LabelledReply]) -> list[LabelledReply]:
    """What the partners say in the hands, each different line once and without a context: in the hands only the replies are labelled."""
    nothing: dict[str, int | None] = dict.fromkeys(KEYS)
    lines = sorted({reply.context for reply in replies if reply.context})
    return [LabelledReply(f"context-{number}", HAND, None, line, nothing, {}) for number, line in enumerate(lines)]


def teach(
    teacher: Network, replies: Sequence[LabelledReply], wordpieces: WordPieces, balance: torch.Tensor, smoothing: float
) -> list[Example]:
    """`replies` with the teacher's chances as labels, for the whole and for each word piece.

    What `balance` (19, weights of a yes) and `smoothing` did to the teacher's chances is taken out, since the one who learns adds it again.
    """
    teacher.eval()
    examples = [encode(reply, wordpieces) for reply in replies]
    order = sorted(range(len(examples)), key=lambda index: len(examples[index].ids))
    taught = list(examples)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=HALF_IS_FASTER):
        for start in range(0, len(order), 32):
            chunk = order[start : start + 32]
            batch = collate([examples[index] for index in chunk])
            pieces, pair = teacher(batch["ids"], batch["types"], batch["attend"], batch["replies"])
            logits = pool(pieces.float(), pair.float(), batch["replies"]) - torch.log(balance)
            chances = ((logits.sigmoid() - smoothing) / (1 - 2 * smoothing)).clamp(0.0, 1.0).numpy()
            marked = (pieces.float().sigmoid() * batch["replies"][..., None]).numpy()
            for row, index in enumerate(chunk):
                one = examples[index]
                known = np.ones(len(KEYS), np.float32)
                taught[index] = Example(one.ids, one.types, one.first_reply, chances[row], known, marked[row, : len(one.ids)], known)
    return taught
