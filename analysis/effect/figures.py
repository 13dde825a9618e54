"""The numbers of an effect by name, as the headless contract has them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.effect.asked import Asked
from analysis.effect.judged import Judged, Terms, oriented
from analysis.effect.pictures import Drifted
from analysis.effect.verdict import NOT_ENOUGH
from analysis.estimate import SUMS, residual_squares
from data_access.metrics import Metric


def figures(verdict: Judged, question: Asked, terms: Terms, drifted: Drifted | None) -> Mapping[str, Any]:
    """All of them; None where one does not apply."""
    e, test = verdict.effect, verdict.opinions.randomised
    gain, gain_low, gain_high = oriented(e, terms.sign)
    open_yet = verdict.verdict == NOT_ENOUGH
    slope = drifted.trend.slope if drifted else None
    return {
        "effect": e.value,
        "low": e.low,
        "high": e.high,
        "p": e.p,
        "gain": gain,
        "gain_low": gain_low,
        "gain_high": gain_high,
        "df": e.df,
        "clusters": e.clusters,
        "treated_clusters": e.treated_clusters,
        "n": float(verdict.rows["n"].sum()),
        "verdict": verdict.verdict,
        "design": question.design,
        "smallest": terms.smallest,
        "planned": question.planned,
        "raw_effect": verdict.raw if question.design == "did" else None,
        "wild_p": verdict.opinions.wild_p,
        "randomisation_p": test.p,
        "smallest_p": test.smallest,
        "pre_slope": slope.value if slope else None,
        "pre_low": slope.interval.low if slope else None,
        "pre_high": slope.interval.high if slope else None,
        "detectable_trend": drifted.trend.detectable if drifted else None,
        "breakdown": drifted.breakdown if drifted else None,
        "needed_weeks": verdict.needed.weeks if open_yet else None,
        "needed_answers": verdict.needed.answers if open_yet else None,
    }


def smallest_of(metric: Metric, found: pd.DataFrame) -> float:
    """The smallest gain that matters of a metric, from how the answers of both groups are."""
    t = found[list(SUMS)].sum()
    if not t["w"] > 0:
        return metric.kind.smallest
    mean = float(t["wx"] / t["w"])
    spread = math.sqrt(max(float(residual_squares(t, mean)), 0.0) / max(float(t["v"]), 1e-300))
    return metric.kind.smallest_that_matters(mean, spread)
