"""The columns of each method's table: how they are written, and from which depth on they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column of a method's table: how it is written, whether as a bar, and from which depth on it is shown."""

    name: str
    spec: str
    depth: str = "basic"
    bar: bool = False


METRIC, CHANGE, LOST, CODE, COEFFICIENT = "score", "change", "hundredth", "code", "coefficient"
COLUMNS: Mapping[str, Sequence[Column]] = {
    "overview": (
        Column("n", "count"),
        Column("score", METRIC),
        Column("low", METRIC),
        Column("high", METRIC),
        Column("baseline_score", METRIC),
        Column("change", CHANGE),
        Column("n0", "count", "intermediate"),
        Column("p", "p", "advanced"),
        Column("p_adjusted", "p", "intermediate"),
    ),
    "contribution": (
        Column("contribution", "share", bar=True),
        Column("share", "share"),
        Column("index", "factor"),
        Column("cumulative", "share"),
        Column("lost_points", LOST),
        Column("n", "count"),
        Column("score", METRIC),
        Column("target_gain", "factor_change", "intermediate"),
        Column("low", METRIC, "intermediate"),
        Column("high", METRIC, "intermediate"),
        Column("contribution_low", "share", "intermediate"),
        Column("contribution_high", "share", "intermediate"),
    ),
    "change": (
        Column("n0", "count"),
        Column("n1", "count"),
        Column("score0", METRIC),
        Column("score1", METRIC),
        Column("rate_effect", "exact_change"),
        Column("mix_effect", "exact_change"),
        Column("total_effect", "exact_change"),
        Column("change_share", "share"),
        Column("low", "exact_change", "intermediate"),
        Column("high", "exact_change", "intermediate"),
        Column("share0", "share", "intermediate"),
        Column("share1", "share", "intermediate"),
        Column("difference", CHANGE, "advanced"),
        Column("p", "p", "advanced"),
        Column("p_adjusted", "p", "intermediate"),
    ),
    "segments": (
        Column("kind", CODE),
        Column("score0", METRIC),
        Column("score1", METRIC),
        Column("change", CHANGE),
        Column("low", CHANGE, "intermediate"),
        Column("high", CHANGE, "intermediate"),
        Column("total_effect", "exact_change"),
        Column("p_adjusted", "p"),
        Column("n0", "count"),
        Column("n1", "count"),
        Column("rate_effect", "exact_change", "intermediate"),
        Column("mix_effect", "exact_change", "intermediate"),
        Column("share0", "share", "intermediate"),
        Column("share1", "share", "intermediate"),
        Column("split_change", CHANGE, "intermediate"),
    ),
    "contrast": (
        Column("n", "count"),
        Column("share", "share"),
        Column("score", METRIC),
        Column("low", METRIC),
        Column("high", METRIC),
        Column("reference", METRIC),
        Column("n0", "count"),
        Column("baseline_score", METRIC),
        Column("baseline_low", METRIC, "intermediate"),
        Column("baseline_high", METRIC, "intermediate"),
        Column("baseline_share", "share", "intermediate"),
        Column("response_rate", "rate"),
        Column("baseline_response_rate", "rate"),
        Column("rank", "count", "intermediate"),
        Column("rank_best", "count", "intermediate"),
        Column("rank_worst", "count", "intermediate"),
    ),
    "drivers": (
        Column("share", "share", bar=True),
        Column("step", "step"),
        Column("per_step", "factor_change"),
        Column("per_step_low", "factor_change"),
        Column("per_step_high", "factor_change"),
        Column("p", "p", "advanced"),
        Column("p_adjusted", "p"),
        Column("quadrant", "quadrant", "intermediate"),
        Column("importance", "share", "intermediate"),
        Column("low", "share", "intermediate"),
        Column("high", "share", "intermediate"),
        Column("performance", "number", "intermediate"),
        Column("performance_low", "number", "advanced"),
        Column("performance_high", "number", "advanced"),
        Column("standardised", "exact_change", "advanced"),
        Column("vif", "factor", "advanced"),
        Column("mean", "factor", "advanced"),
        Column("n_known", "share", "advanced"),
    ),
    "dose": (
        Column("x", "raw"),
        Column("n", "count"),
        Column("score", METRIC),
        Column("score_low", METRIC),
        Column("score_high", METRIC),
        Column("low", "raw", "advanced"),
        Column("high", "raw", "advanced"),
    ),
    "association": (
        Column("value", COEFFICIENT),
        Column("low", COEFFICIENT),
        Column("high", COEFFICIENT),
        Column("p_adjusted", "p"),
        Column("strength", CODE),
        Column("coefficient", CODE, "intermediate"),
        Column("n", "count"),
        Column("n_effective", "count", "intermediate"),
        Column("p", "p", "advanced"),
        Column("reason", CODE, "advanced"),
    ),
    "pair": (
        Column("x", "raw"),
        Column("n", "count"),
        Column("share", "share"),
        Column("residual", "raw_change", "intermediate"),
        Column("value", "raw"),
        Column("low", "raw"),
        Column("high", "raw"),
        Column("p5", "raw", "intermediate"),
        Column("q25", "raw", "intermediate"),
        Column("q50", "raw"),
        Column("q75", "raw", "intermediate"),
        Column("p95", "raw", "intermediate"),
    ),
}
