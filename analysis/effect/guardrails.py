"""Did anything else get worse meanwhile? Other metrics by the same estimator, asked one way only: worse?"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.effect.judged import Judged, oriented
from analysis.stats.intervals import SIGNIFICANCE
from analysis.stats.multiplicity import holm
from data_access.metrics import Metric

WORSE, OK, UNCLEAR = "worse", "ok", "unclear"
COLUMNS = ["metric", "measured_in", "effect", "low", "high", "p_adjusted", "verdict"]


def guarded(found: Mapping[str, tuple[Metric, float, Judged]]) -> pd.DataFrame:
    """metric, measured_in (its unit), effect, low, high, p_adjusted (one-sided, Holm over all of them), verdict.

    found: by name the metric, the smallest change of it that matters, and what was judged. `worse` beyond chance;
    `ok` where the interval leaves no change for the worse that matters; else `unclear`.
    """
    p = holm([_worse(metric, judged) for metric, _, judged in found.values()])
    rows = []
    for (name, (metric, smallest, judged)), adjusted in zip(found.items(), p.tolist(), strict=True):
        low = oriented(judged.effect, metric.sign)[1]
        verdict = WORSE if adjusted <= SIGNIFICANCE else OK if low > -smallest else UNCLEAR
        e = judged.effect
        rows.append((name, str(metric.unit), e.value, e.low, e.high, adjusted, verdict))
    return pd.DataFrame(rows, columns=COLUMNS)


def _worse(metric: Metric, judged: Judged) -> float:
    """One-sided p of a change for the worse."""
    half = judged.effect.p / 2
    return half if oriented(judged.effect, metric.sign)[0] < 0 else 1 - half
