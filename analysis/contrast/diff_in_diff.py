"""Did a group move, or did everything move? Its change beyond that of all the others (difference in differences).

Four means: the group now and before, the others now and before. Where the model names clusters, the covariance
between the four is taken from them; else the four variances add up (Welch).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.contrast.samples import Answers, Samples, samples_with_rest
from analysis.estimate import Estimates, cluster_sums, estimates
from analysis.stats.clustered import Contrasts, contrasts
from analysis.stats.intervals import Array, Difference, differences

SIGNS = np.array([1.0, -1.0, -1.0, 1.0])  # group now, group before, others now, others before


def difference_in_differences(own: Samples, now: Answers, before: Answers, groups: Sequence[int]) -> pd.DataFrame:
    """rest_difference and rest_p of each group; blank where there are no others. `own`: the groups over time."""
    rest = [samples_with_rest(answers, groups).b for answers in (now, before)]
    frames = [own.a, own.b, *rest]
    each = [*own.each, *(estimates(rows, len(groups), now.metric) for rows in rest)]
    moved = net_changes(frames, each, len(groups))
    return pd.DataFrame({"rest_difference": [d.value for d in moved], "rest_p": [d.p for d in moved]})


def net_changes(frames: Sequence[pd.DataFrame], each: Sequence[Estimates], groups: int) -> list[Difference]:
    """The change of each group beyond that of the others, from coded cells (s, c) in the order of SIGNS."""
    value = sum(sign * e.value for sign, e in zip(SIGNS, each, strict=True))
    error, df = _independent(each)
    if "c" in frames[0]:
        clustered = _clustered(frames, groups)
        known = np.isfinite(clustered.error) & (np.array([e.clusters for e in each]) > 0).all(axis=0)
        error, df = np.where(known, clustered.error, error), np.where(known, clustered.df, df)
    return differences(np.asarray(value), error, df)


def _independent(each: Sequence[Estimates]) -> tuple[Array, Array]:
    """Standard error and Satterthwaite's degrees of freedom of four independent means."""
    variances = np.array([e.error**2 for e in each])
    df = np.array([e.df for e in each])
    with np.errstate(divide="ignore", invalid="ignore"):
        freedom = variances.sum(axis=0) ** 2 / (variances**2 / df).sum(axis=0)
    return np.sqrt(variances.sum(axis=0)), freedom


def _clustered(frames: Sequence[pd.DataFrame], groups: int) -> Contrasts:
    rows = pd.concat([f.assign(k=k) for k, f in enumerate(frames)])
    return contrasts(cluster_sums(rows, problems=groups, groups=len(frames)), SIGNS)
