"""Which tests can answer a question at all, whether they fit these data or not?"""

from __future__ import annotations

from collections.abc import Sequence

from data_access.metrics import Metric

PAIRED = ("paired_t", "wilcoxon", "mcnemar")


def overall_methods(*, is_rate: bool, clustered: bool, ordered: Sequence[str]) -> list[str]:
    """Tests of three or more groups at once; those of a trend where the groups have an order."""
    clusters = ["clustered_wald"] if clustered else []
    if is_rate:
        return [*clusters, "chi2", "fisher", *(["cochran_armitage"] if ordered else [])]
    return [*clusters, "welch_anova", "kruskal_wallis", *(["linear_by_linear"] if ordered else [])]


def pair_methods(metric: Metric, *, clustered: bool) -> list[str]:
    """Tests of two sides."""
    clusters = ["clustered_t"] if clustered else []
    if metric.unit.is_share:
        return [*clusters, "two_proportions", "fisher"]
    promoters = ["nps"] if metric.kind.has_promoters else []
    return [*clusters, "welch_t", "brunner_munzel", "mann_whitney", *promoters]


def paired_methods(metric: Metric) -> list[str]:
    """Tests of the same customers in two periods."""
    return ["mcnemar"] if metric.unit.is_share else ["paired_t", "wilcoxon"]
