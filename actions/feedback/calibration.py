"""Turn the reading model's logits into calibrated scores and decide from which score on a criterion counts as present."""

import dataclasses
import json
import math
from pathlib import Path

from data.criteria import KEYS


@dataclasses.dataclass(frozen=True)
class Calibration:
    """Per criterion: score = sigmoid(slope · logit + offset); present from `threshold` on. Fitted on replies of hands left out."""

    slope: dict[str, float]
    offset: dict[str, float]
    threshold: dict[str, float]

    def score(self, key: str, logit: float) -> float:
        """A probability in 0–1."""
        value = self.slope[key] * logit + self.offset[key]
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))


def read_calibration(path: Path) -> Calibration:
    """Read calibration.json. Raises OSError, or KeyError when a criterion is missing."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    return Calibration(*({key: float(raw[key][part]) for key in KEYS} for part in ("slope", "offset", "threshold")))
