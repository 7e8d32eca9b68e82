"""Turn a logit of the reading model and the signs of grammar into a calibrated score, and know from which score on it counts."""

import dataclasses
import json
import math
from collections.abc import Iterable
from pathlib import Path

from data.criteria import KEYS


@dataclasses.dataclass(frozen=True)
class Curve:
    """score = sigmoid(slope · logit + offset + Σ signs); present from `threshold` on. Fitted on replies of hands left out."""

    slope: float
    offset: float
    threshold: float
    signs: dict[str, float]

    def score(self, logit: float, signs: Iterable[str]) -> float:
        """A probability in 0-1."""
        value = self.slope * logit + self.offset + sum(self.signs.get(sign, 0.0) for sign in signs)
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))


def read_calibration(path: Path) -> dict[str, Curve]:
    """One curve per criterion from calibration.json. Raises OSError, or KeyError when a criterion is missing."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    return {key: Curve(raw[key]["slope"], raw[key]["offset"], raw[key]["threshold"], raw[key].get("signs", {})) for key in KEYS}
