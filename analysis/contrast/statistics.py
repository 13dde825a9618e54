"""The statistics of a contrast: one number a name, of the overall test or of the most certain comparison."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.contrast import compare
from analysis.contrast.assessment import Judged
from analysis.contrast.benchmark import Reference
from analysis.contrast.response import Response, Side, bounds, sides_of
from analysis.stats import power
from analysis.stats.intervals import NAN, t_interval

LARGE = 1e9  # freedom of a normal statistic


def statistics(judged: Judged, response: Response, earlier: Response | None, *, survey: bool) -> dict[str, Any]:
    """Everything the sentences and the command line say of the contrast as a whole."""
    top = judged.family.table.iloc[0]
    return {
        "question": judged.question.kind,
        **_test(judged, top),
        "threshold": judged.threshold,
        "verdict": judged.verdict,
        "n": float(judged.now.rows["n"].sum() + (judged.before.rows["n"].sum() if judged.before else 0.0)),
        "groups": len(judged.now.groups),
        "compared": len(judged.groups),
        "family": judged.family.size,
        "adjustment": judged.family.adjustment,
        "difference": top["difference"],
        "low": top["low"],
        "high": top["high"],
        "p_adjusted": top["p_adjusted"],
        **_clusters(judged),
        **_power(judged, top),
        "survey": survey,
        **_response(judged, response, earlier),
    }


def _test(judged: Judged, top: pd.Series) -> dict[str, Any]:
    """The test, why it was chosen, what it found, and the size of the effect."""
    found = judged.overall
    if found is None:
        effect = {"name": judged.family.effect, "value": top["effect"], "low": top["effect_low"],
                  "high": top["effect_high"], "size": top["size"]}  # fmt: skip
        numbers = {"test": judged.family.method, "statistic": top["statistic"], "df": top["df"], "p": top["p"]}
    else:
        size = compare.size_of(found.effect, found.value)
        effect = {"name": found.effect, "value": found.value, "low": found.low, "high": found.high, "size": size}
        numbers = {"test": found.method, "statistic": found.statistic, "df": found.df, "df2": found.df2, "p": found.p,
                   "overall_p": found.p}  # fmt: skip
    return {**numbers, "reason": judged.advice.reason, "advised": judged.advice.method, "effect": effect}


def _clusters(judged: Judged) -> dict[str, float]:
    """How many clusters stand behind the answers, and how much fewer answers they are worth for that."""
    if not judged.facts.clusters:
        return {"clusters": 0}
    n = judged.now.estimates.n
    worth = compare.effective(judged.now)
    shown = n > 0
    return {
        "clusters": judged.facts.clusters,
        "design_effect": float(n[shown].sum() / worth[shown].sum()),
        "effective_n": float(worth[shown].sum()),
    }


def _power(judged: Judged, top: pd.Series) -> dict[str, float]:
    """The smallest difference these answers show with 80 % power, and how many would show the one that matters."""
    df = top["df"] if top["df"] > 0 else LARGE
    one_error = t_interval(0.0, 1.0, df).high
    error = (top["high_raw"] - top["low_raw"]) / 2 / one_error
    sd, deff = judged.whole.sd, _clusters(judged).get("design_effect", 1.0)
    found = {"detectable": float(power.detectable(error, df))}
    if judged.reference is None:
        return {**found, "needed_n": float(np.ceil(deff * power.needed_for_means(judged.threshold, sd, sd)))}
    return {**found, **_against(judged, judged.reference, judged.now.groups.index(top["a"]), sd * np.sqrt(deff))}


def _against(judged: Judged, reference: Reference, place: int, sd: float) -> dict[str, float]:
    """Answers of ours that would show the difference that matters, and the gap seen, beside the other side's error.

    `sd`: of single answers, grown by what clusters cost.
    """
    error, gap = float(reference.error[place]), abs(float(judged.now.estimates.value[place] - reference.value[place]))
    alone, both = _for_gap(judged, reference, place, sd) if gap > 0 else (NAN, NAN)
    return {
        "needed_n": power.needed_against_benchmark(judged.threshold, sd, 0.0 if np.isnan(error) else error),
        "needed_for_gap": alone,
        "needed_for_gap_both": both,
        "needed_for_gap_here": power.needed_against_benchmark(gap, sd, error) if gap > 0 else NAN,
    }


def _for_gap(judged: Judged, reference: Reference, place: int, sd: float) -> tuple[float, float]:
    """Answers that would show the gap seen: if the reference were exact, and on each side with its own error."""
    ours, theirs = float(judged.now.estimates.value[place]), float(reference.value[place])
    if not judged.now.metric.unit.is_share:
        return power.needed_against_fixed(abs(ours - theirs), sd), power.needed_for_means(ours - theirs, sd, sd)
    middle = (ours + theirs) / 200
    spread = float(np.sqrt(middle * (1 - middle)))
    worse = (sd / judged.whole.sd) ** 2 if judged.whole.sd else 1.0
    both = worse * power.needed_for_proportions(theirs / 100, ours / 100)
    return power.needed_against_fixed(abs(ours - theirs) / 100, spread * np.sqrt(worse)), float(np.ceil(both))


def _response(judged: Judged, response: Response, earlier: Response | None) -> dict[str, float]:
    """Response rates of both sides of the most certain comparison, and how far the silent could move it."""
    every = range(len(judged.now.groups))
    if judged.posed is None:
        return {"response_rate": Side(*response.of(every), NAN).rate}
    metric = judged.now.metric
    a, b = sides_of(judged, response, earlier)
    found = {"response_rate": a.rate, "other_response_rate": b.rate}
    if not metric.unit.is_bounded:  # a measure has no worst value
        return found
    ends = sorted((metric.worst, metric.best))
    low, high = bounds(a, b, (ends[0], ends[1]))
    return {**found, "bound_low": low, "bound_high": high}
