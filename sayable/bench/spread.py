"""What many measured times come to: median, p95, p99; and ratios between two ways."""

import math
import statistics
from collections.abc import Sequence
from typing import Any


def spread(times: Sequence[float]) -> dict[str, Any]:
    """Count, mean and the nearest-rank percentiles of `times`, in their unit. Raises ValueError without any."""
    if not times:
        raise ValueError("nothing was measured")
    ordered = sorted(times)
    return {
        "count": len(ordered),
        "mean": round(statistics.fmean(ordered), 2),
        "median": round(statistics.median(ordered), 2),
        "p95": round(ordered[rank(len(ordered), 0.95)], 2),
        "p99": round(ordered[rank(len(ordered), 0.99)], 2),
    }


def rank(count: int, share: float) -> int:
    """Index, in order of size, of the smallest value that `share` of all values do not exceed."""
    return max(0, math.ceil(share * count) - 1)


def ratio(ours: float, theirs: float) -> float:
    """Ours to theirs, as it is written down."""
    return round(ours / theirs, 3)
