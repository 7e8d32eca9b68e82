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
        """Spans of the pieces in the typed reply, piece logits (pieces, 19) and reply logits (19,), over all windows.

        Of an overlap each window gives the half that is nearer to its middle. A reply says something when one of its windows does:
        a sum over all of them would find anything in what is only long.
        """
        spans: list[tuple[int, int]] = []
        pieces, whole = [], []
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
            shared = OVERLAP_PIECES // 2
            begin, end = shared if number else 0, count - shared if number + 1 < len(windows) else count
            spans.extend(window.spans[begin:end])
            own = found[0, window.first_reply + begin : window.first_reply + end]
            pieces.append(own)
            whole.append(pair[0] + _pool(own) if len(own) else np.full(pair[0].shape, -9.0, np.float32))
        return spans, np.concatenate(pieces), np.max(np.stack(whole), axis=0)


def _pool(pieces: NDArray[np.float32]) -> NDArray[np.float32]:
    """Log-sum-exp over the pieces (n, 19), as the model was fitted."""
    highest = pieces.max(0)
    return np.asarray(highest + np.log(np.exp(pieces - highest).sum(0)), np.float32)
