"""Which trained model fits the present recipe: a fingerprint over everything that goes into training.

Standard library only, so that whoever starts the house can ask without Rasa's environment.
"""

import hashlib
from pathlib import Path
from typing import List

ROOT = Path(__file__).resolve().parent.parent


def list_ingredients(root: Path = ROOT) -> List[Path]:
    """Everything training reads, in a fixed order: recipe, domain, NLU examples, rules, our component, Rasa's lock."""
    dialogue = root / "data" / "dialogue"
    found = [root / "config.yml", root / "rasa_project" / "uv.lock", root / "rasa_project" / "sentence_encoder.py"]
    found += [root / "rasa_project" / "sentence_featurizer.py", root / "rasa_project" / "scene_nearness.py"]
    found += sorted((root / "rasa_project" / "domain").glob("*.yml"))
    for kind in ("nlu", "rules", "stories"):
        found += sorted(dialogue.glob(f"{kind}*.yml")) + sorted((dialogue / kind).glob("*.yml"))
    return [path for path in found if path.is_file()]


def fingerprint(root: Path = ROOT) -> str:
    """16 hexadecimal digits that change whenever an ingredient's name or content does."""
    digest = hashlib.sha256()
    for path in list_ingredients(root):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def model_path(home: Path, root: Path = ROOT) -> Path:
    """Where the model for the present recipe lies once it is trained; when this file is missing, train."""
    return Path(home) / "models" / f"practice-{fingerprint(root)}.tar.gz"
