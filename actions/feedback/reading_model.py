"""Run the trained reading model (ONNX, int8) over the windows of a reply."""

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from actions.feedback.wordpieces import OVERLAP_PIECES, Window

FOLDER = Path(__file__).parent / "model"


class ReadingModel:
    """Holds one inference session on one thread: many small calls are faster so, and the other core stays free for Rasa."""

    def __init__(self, model_file: Path = FOLDER / "reading.onnx") -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model_file), options, providers=["CPUExecutionProvider"])

    def read(self, windows: list[Window]) -> tuple[list[tuple[int, int]], NDArray[np.float32], NDArray[np.float32]]:
        """Spans of the pieces in the typed reply, piece logits (pieces, 19) and reply logits (19,), over all windows."""
        spans: list[tuple[int, int]] = []
        pieces, pairs = [], []
        for number, window in enumerate(windows):
            count = len(window.spans)
            replies = np.zeros((1, len(window.ids)), np.float32)
            replies[0, window.first_reply : window.first_reply + count] = 1.0
            inputs = {
                "ids": np.array([window.ids], np.int64),
                "types": np.array([window.types], np.int64),
                "attend": np.ones((1, len(window.ids)), np.float32),
                "replies": replies,
            }
            found, pair = self._session.run(["pieces", "pair"], inputs)
            skip = OVERLAP_PIECES // 2 if number else 0
            spans.extend(window.spans[skip:])
            pieces.append(found[0, window.first_reply + skip : window.first_reply + count])
            pairs.append(pair[0])
        piece_logits = np.concatenate(pieces)
        pair_logits = np.max(np.stack(pairs), axis=0)
        if not len(piece_logits):
            return spans, piece_logits, np.full(pair_logits.shape, -9.0, np.float32)
        highest = piece_logits.max(0)
        pooled = highest + np.log(np.exp(piece_logits - highest).sum(0))
        return spans, piece_logits, pooled + pair_logits
