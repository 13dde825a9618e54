"""What do other tests of the same question say? Each with whether it fits these data, and if not, why."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.contrast import advice, compare
from analysis.contrast.assessment import Assessment
from analysis.contrast.samples import Samples
from analysis.contrast.setup import Setup, overall_test
from analysis.estimate import BLANK, FEW_CLUSTERS
from analysis.stats.intervals import NAN
from analysis.stats.wild_bootstrap import wild_cluster

COLUMNS = ["method", "statistic", "df", "p", "fit", "why", "used"]


def alternatives(assessment: Assessment) -> pd.DataFrame:
    """A row per method: of several groups the overall tests, else the tests of the most certain comparison."""
    setup, samples = assessment.setup, assessment.first
    if setup is None or samples is None:
        return pd.DataFrame(columns=COLUMNS)
    rows = _overall(setup) if setup.has_overall else _pair(setup, samples)
    table = pd.DataFrame(rows, columns=COLUMNS[:4]).drop_duplicates("method", ignore_index=True)
    why = [advice.unfit(method, setup.facts) for method in table["method"]]
    return table.assign(fit=[not w for w in why], why=why, used=[m == assessment.method for m in table["method"]])


def _overall(setup: Setup) -> list[dict[str, Any]]:
    tests = [overall_test(setup, method) for method in setup.candidates]
    return [{"method": t.method, "statistic": t.statistic, "df": t.df, "p": t.p} for t in tests if t is not None]


def _pair(setup: Setup, samples: Samples) -> list[dict[str, Any]]:
    comparisons = [compare.METHODS[method](samples) for method in setup.candidates]
    rows = [
        {"method": c.method, "statistic": float(c.statistic[0]), "df": float(c.df[0]), "p": float(c.p[0])}
        for c in comparisons
    ]
    return rows + _few_clusters(setup, samples)


def _few_clusters(setup: Setup, samples: Samples) -> list[dict[str, Any]]:
    """With few clusters the wild cluster bootstrap is the second opinion (Cameron, Gelbach and Miller 2008)."""
    if not 0 < setup.facts.clusters <= FEW_CLUSTERS:
        return []
    rows = pd.concat([samples.b.assign(s=0), samples.a.assign(s=1)])
    if (rows["c"] == BLANK).any():  # answers without a cluster would be as many clusters, and no longer few
        return []
    p = wild_cluster(*(rows[name].to_numpy() for name in ("s", "c", "w", "wx")))
    return [{"method": "wild_bootstrap", "statistic": NAN, "df": NAN, "p": p}]
