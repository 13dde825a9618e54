"""The statistics of a contrast, by name: of the overall test or of the most certain comparison."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.contrast import compare
from analysis.contrast.assessment import Assessment
from analysis.contrast.benchmark import Reference
from analysis.contrast.precision import effective_sizes, pooled
from analysis.contrast.response import Respondents, Response, bounds, rate_name, respondents_of
from analysis.stats import power
from analysis.stats.intervals import NAN, t_interval

LARGE = 1e9  # degrees of freedom of a normal statistic


def statistics(
    assessment: Assessment, response: Response, earlier: Response | None, *, survey: bool
) -> dict[str, Any]:
    """All statistics of the contrast as a whole, on the scale of its test."""
    assessment = _on_scale_of_test(assessment)
    top = assessment.family.table.iloc[0]
    return {
        "question": assessment.question.kind,
        **_test(assessment, top),
        "threshold": assessment.threshold,
        "verdict": assessment.verdict,
        "n": float(
            assessment.now.rows["n"].sum() + (assessment.before.rows["n"].sum() if assessment.before else 0.0)
        ),
        "groups": len(assessment.now.groups),
        "compared": len(assessment.groups),
        "family": assessment.family.size,
        "adjustment": assessment.family.adjustment,
        "difference": top["difference"],
        "low": top["low"],
        "high": top["high"],
        "p_adjusted": top["p_adjusted"],
        **_clusters(assessment),
        **_power(assessment, top),
        "survey": survey,
        **_response(assessment, response, earlier),
    }


def _on_scale_of_test(assessment: Assessment) -> Assessment:
    now, before = assessment.now, assessment.before
    if assessment.method != "nps":
        return assessment
    tested = compare.as_tested(now, "nps")
    then = compare.as_tested(before, "nps") if before is not None else None
    return replace(assessment, now=tested, before=then, pooled=pooled(tested))


def _test(assessment: Assessment, top: pd.Series) -> dict[str, Any]:
    """The test, why it was chosen, its result and effect size."""
    overall = assessment.overall
    if overall is None:
        effect = {"name": assessment.family.effect, "value": top["effect"], "low": top["effect_low"],
                  "high": top["effect_high"], "size": top["size"]}  # fmt: skip
        numbers = {"test": assessment.family.method, "statistic": top["statistic"], "df": top["df"], "p": top["p"]}
    else:
        size = compare.size_of(overall.effect, overall.value)
        effect = {
            "name": overall.effect,
            "value": overall.value,
            "low": overall.low,
            "high": overall.high,
            "size": size,
        }
        numbers = {
            "test": overall.method,
            "statistic": overall.statistic,
            "df": overall.df,
            "df2": overall.df2,
            "p": overall.p,
            "overall_p": overall.p,
        }
    return {**numbers, "reason": assessment.advice.reason, "advised": assessment.advice.method, "effect": effect}


def _clusters(assessment: Assessment) -> dict[str, float]:
    """Number of clusters, design effect and effective sample size."""
    if not assessment.facts.clusters:
        return {"clusters": 0}
    n = assessment.now.estimates.n
    each = effective_sizes(assessment.now)
    shown = n > 0
    return {
        "clusters": assessment.facts.clusters,
        "design_effect": float(n[shown].sum() / each[shown].sum()),
        "effective_n": float(each[shown].sum()),
    }


def _power(assessment: Assessment, top: pd.Series) -> dict[str, float]:
    """The smallest difference detectable with 80 % power, and the sample size for the one that matters."""
    df = top["df"] if top["df"] > 0 else LARGE
    one_error = t_interval(0.0, 1.0, df).high
    error = (top["high_raw"] - top["low_raw"]) / 2 / one_error
    sd, deff = assessment.pooled.sd, _clusters(assessment).get("design_effect", 1.0)
    detectable = {"detectable": float(power.detectable(error, df))}
    if assessment.reference is None:
        needed = power.needed_for_means(assessment.threshold, sd, sd)
        worse = _worse_than_alone(error, sd, top) if assessment.facts.clusters else 1.0
        return {**detectable, "needed_n": float(np.ceil(worse * needed))}
    return {
        **detectable,
        **_against(assessment, assessment.reference, assessment.now.groups.index(top["a"]), sd * np.sqrt(deff)),
    }


def _worse_than_alone(error: float, sd: float, top: pd.Series) -> float:
    """How many times as many answers a comparison needs as one of answers that are not alike: its own design effect.

    Where clusters are compared with themselves it is less than that of either side's mean.
    """
    alone = sd**2 * (1 / top["n_a"] + 1 / top["n_b"])
    return float(error**2 / alone) if alone > 0 else 1.0


def _against(assessment: Assessment, reference: Reference, place: int, sd: float) -> dict[str, float]:
    """Our sample size for the difference that matters and for the observed gap, given the reference's error.

    `sd`: of single answers, inflated by the design effect.
    """
    error, gap = (
        float(reference.error[place]),
        abs(float(assessment.now.estimates.value[place] - reference.value[place])),
    )
    alone, each_side = _for_gap(assessment, reference, place, sd) if gap > 0 else (NAN, NAN)
    return {
        "needed_n": power.needed_against_benchmark(assessment.threshold, sd, 0.0 if np.isnan(error) else error),
        "needed_for_gap": alone,
        "needed_for_gap_both": each_side,
        "needed_for_gap_here": power.needed_against_benchmark(gap, sd, error) if gap > 0 else NAN,
    }


def _for_gap(assessment: Assessment, reference: Reference, place: int, sd: float) -> tuple[float, float]:
    """Sample size for the observed gap: against an exact reference, and per sample when both have errors."""
    ours, theirs = float(assessment.now.estimates.value[place]), float(reference.value[place])
    if not assessment.now.metric.unit.is_share:
        return power.needed_against_fixed(abs(ours - theirs), sd), power.needed_for_means(ours - theirs, sd, sd)
    middle = (ours + theirs) / 200
    spread = float(np.sqrt(middle * (1 - middle)))
    worse = (sd / assessment.pooled.sd) ** 2 if assessment.pooled.sd else 1.0
    each_side = worse * power.needed_for_proportions(theirs / 100, ours / 100)
    return power.needed_against_fixed(abs(ours - theirs) / 100, spread * np.sqrt(worse)), float(np.ceil(each_side))


def _response(assessment: Assessment, response: Response, earlier: Response | None) -> dict[str, float]:
    """Response rates of both samples of the most certain comparison, and its bounds under non-response."""
    every = range(len(assessment.now.groups))
    if assessment.setup is None:
        return {rate_name(assessment.now.metric): Respondents(*response.of(every), NAN).rate}
    metric = assessment.now.metric
    name = rate_name(metric)
    a, b = respondents_of(assessment, response, earlier)
    rates = {name: a.rate, f"other_{name}": b.rate}
    if not metric.unit.is_bounded:  # a raw measure has no worst value
        return rates
    ends = sorted((metric.worst, metric.best))
    low, high = bounds(a, b, (ends[0], ends[1]))
    return {**rates, "bound_low": low, "bound_high": high}
