"""Did the same customers change? Those with answers in both periods, each compared with itself.

A customer with several answers in a period counts with their mean. Run only on request: it reads every customer.
"""

from __future__ import annotations

import numpy as np

from analysis.contrast.compare import Comparison, Effects, from_differences
from analysis.contrast.family import Compared, Family, family
from analysis.contrast.samples import BASELINE
from analysis.contrast.setup import Setup
from analysis.estimate import WITHHELD_BELOW
from analysis.stats import means, paired
from analysis.stats.intervals import NAN, Array
from analysis.stats.paired import PairedDifferences
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse


def paired_family(warehouse: Warehouse, setup: Setup, method: str) -> Family:
    """The change of the customers who answered in both periods, as a family of one.

    Raises BadInput where the data name no customers, NothingToShow when fewer than ten of them answered twice.
    """
    question = setup.question
    period, baseline = question.selection.period, question.selection.baseline
    assert period is not None and baseline is not None, "a period is contrasted with a baseline"
    customers = warehouse.repeated(question.metric.name, period, baseline, question.selection.filters)
    if customers is None:
        raise BadInput("contrast.no_customers")
    slope, offset = setup.now.metric.slope, setup.now.metric.offset
    before, after = (np.unique(slope * customers.rows[name] + offset) for name in ("before", "after"))
    counts = np.zeros((len(before), len(after)))
    places = (np.searchsorted(values, slope * customers.rows[name] + offset)
              for name, values in (("before", before), ("after", after)))  # fmt: skip
    np.add.at(counts, tuple(places), customers.rows["n"].to_numpy(dtype=float))
    if counts.sum() < WITHHELD_BELOW:
        raise NothingToShow("contrast.too_few_repeated", customers=int(counts.sum()))
    differences = paired.paired_differences(before, after, counts)
    comparison, effects = _tested(method, differences, before, after, counts)
    n = np.array([differences.n])
    return family(Compared((((), BASELINE),), n, n), comparison, effects, threshold=setup.threshold)


def _tested(
    method: str, d: PairedDifferences, before: Array, after: Array, counts: Array
) -> tuple[Comparison, Effects]:
    mean = from_differences("paired_t", [means.paired_t(d.n, d.mean, d.variance)])
    sd = np.array([np.sqrt(d.variance) or NAN])
    low, high = means.standardised_bounds(mean.value, sd / np.sqrt(d.n), np.array([d.n - 1]), sd)
    effect = Effects("cohens_d", mean.value / sd, low, high)
    if method == "paired_t":
        return mean, effect
    if method == "mcnemar":
        turned = paired.mcnemar(d.down, d.up)
        return _by_p(mean, method, turned.statistic, turned.p), effect
    ranked = paired.wilcoxon_signed_rank(before, after, counts, zeros="pratt")
    rank = np.array([ranked.rank_biserial])
    return _by_p(mean, method, ranked.statistic, ranked.p), Effects("rank_biserial", rank, rank * NAN, rank * NAN)


def _by_p(mean: Comparison, method: str, statistic: float, p: float) -> Comparison:
    return Comparison(
        method=method,
        value=mean.value,
        statistic=np.array([statistic]),
        df=np.array([NAN]),
        p=np.array([p]),
        bounds=mean.bounds,
        by_interval=False,
    )
