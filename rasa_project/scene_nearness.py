"""How near the scenes come to what somebody typed in the lobby, by sentence vectors.

Reads only `id`, `title`, `summary`, `client_goal` and `asks_for` of data/scenarios/*.yml, when Rasa starts; a new scene needs no training.
A file that cannot be read is left out: actions/ checks scenes and says what is wrong with them.
"""

import threading
from pathlib import Path
from typing import Dict, List, Optional, Tuple

import numpy as np
import yaml

from rasa_project.kept_vectors import keep_vectors, name_phrase, read_vectors
from rasa_project.sentence_encoder import WIDTH, SentenceEncoder

NAMED = 8
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class SceneNearness:
    """One vector per phrase, reckoned in the background so that Rasa need not wait for it when it starts.

    `kept` is the file that holds the vectors of earlier starts; None: everything is reckoned.
    """

    def __init__(self, encoder: SentenceEncoder, folder: Path, kept: Optional[Path] = None) -> None:
        self._encoder = encoder
        self._folder = folder
        self._kept = kept
        self._scenes: List[str] = []
        self._vectors = np.zeros((0, WIDTH), dtype=np.float32)
        self._learning = threading.Thread(target=self._learn, name="scene nearness", daemon=True)
        self._learning.start()

    def find_nearest(self, vector: np.ndarray) -> List[Dict[str, object]]:
        """`[{"scene": "S17", "score": 0.61}, …]`, nearest first, at most eight; `vector` has length 1 and shape (384,).

        Empty while the scenes are still being read, in the first second or two: then shared words have to do.
        """
        if self._learning.is_alive():
            return []
        best: Dict[str, float] = {}
        for scene, score in zip(self._scenes, self._vectors @ vector, strict=True):
            best[scene] = max(best.get(scene, -1.0), float(score))
        ordered = sorted(best.items(), key=lambda each: -each[1])[:NAMED]
        return [{"scene": scene, "score": round(score, 3)} for scene, score in ordered]

    def wait_until_learnt(self) -> None:
        """Returns when every scene has been read."""
        self._learning.join()

    def _learn(self) -> None:
        phrases = list_phrases(self._folder)
        self._scenes = [scene for scene, _ in phrases]
        if not phrases:
            return
        known = {} if self._kept is None else read_vectors(self._kept, WIDTH)
        names = [name_phrase(phrase) for _, phrase in phrases]
        vectors = [known[name] if name in known else self._encoder.encode(phrase) for name, (_, phrase) in zip(names, phrases, strict=True)]
        self._vectors = np.stack(vectors).astype(np.float32)
        if self._kept is not None and set(names) != set(known):
            keep_vectors(self._kept, names, self._vectors)


def list_phrases(folder: Path) -> List[Tuple[str, str]]:
    """(scene id, phrase) for everything that tells what a scene is for."""
    phrases = []
    for path in sorted(folder.glob("*.yml")):
        if path.name.startswith("_"):
            continue
        try:
            scene = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - a safe loader
            told = [f"{scene['title']}. {scene['summary']}", scene["client_goal"], *scene["asks_for"]]
            phrases += [(str(scene["id"]), text) for text in told if isinstance(text, str)]
        except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError):
            continue
    return phrases
