"""Which tests can answer a question at all, whether they fit these data or not?"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.contrast.advice import Facts
from data_access.metric_kinds import Unit
from data_access.semantics import Metric

PAIRED = ("paired_t", "wilcoxon", "mcnemar")
SCALE_OF_TEN = 10.0


def overall_methods(facts: Facts, ordered: Sequence[str]) -> list[str]:
    """Tests of three or more groups at once; those of a trend where the groups have an order."""
    clusters = ["clustered_wald"] if facts.clusters else []
    if facts.is_rate:
        return [*clusters, "chi2", "fisher", *(["cochran_armitage"] if ordered else [])]
    return [*clusters, "welch_anova", "kruskal_wallis", *(["linear_by_linear"] if ordered else [])]


def pair_methods(facts: Facts, metric: Metric) -> list[str]:
    """Tests of two sides. Promoters and detractors are counted on a scale of ten only."""
    clusters = ["clustered_t"] if facts.clusters else []
    if facts.is_rate:
        return [*clusters, "two_proportions", "fisher"]
    counts_promoters = metric.unit is Unit.POINTS and metric.high == SCALE_OF_TEN
    return [*clusters, "welch_t", "brunner_munzel", "mann_whitney", *(["nps"] if counts_promoters else [])]
