"""How do hand-overs from bot to agent go? Scores by wait, by whether what was said went along, and by both legs.

Bot leg: whether the bot understood. Agent leg: whether the customer says that it was solved. One survey is about
both legs, so that its score cannot be split between them; the table shows how it goes with each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.result import Statement
from analysis.service.scores import moments, scores
from analysis.stats.intervals import SIGNIFICANCE, Difference, welch
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.warehouse import Warehouse
from data_access.warehouse.bots import WAIT_BANDS

SUMS = ["sessions", "n", "wx", "vxx"]
SCORED = ["sessions", "share", "n", "score", "low", "high"]
GROUPS, LEGS = ["kind", "group", *SCORED], ["understood", "solved", *SCORED]


@dataclass(frozen=True)
class Handover:
    """Hand-overs by `kind` of group (wait, context), and by both legs."""

    groups: pd.DataFrame
    legs: pd.DataFrame
    findings: tuple[Statement, ...] = ()
    sql: tuple[str, ...] = ()


def handover_of(warehouse: Warehouse, selection: Selection, metric: Metric) -> Handover:
    """The hand-overs of a selection; empty tables where there are none."""
    answer = warehouse.bot_handovers(metric.name, selection.period, selection.filters)
    rows = answer.rows
    rows[[*SUMS, "waited"]] = rows[[*SUMS, "waited"]].astype(float).fillna(0.0)
    if rows.empty:
        return Handover(pd.DataFrame(columns=GROUPS), pd.DataFrame(columns=LEGS), (), (answer.sql,))
    groups = pd.concat([_by(rows, "band", metric, "wait"), _by(rows, "briefed", metric, "context")])
    legs = rows.dropna(subset=["understood", "solved"]).groupby(["understood", "solved"])[SUMS].sum().reset_index()
    findings = (*_waited(rows), *_told(rows, metric))
    return Handover(groups.reset_index(drop=True)[GROUPS], _with_scores(legs, metric)[LEGS], findings, (answer.sql,))


def _by(rows: pd.DataFrame, column: str, metric: Metric, kind: str) -> pd.DataFrame:
    """Groups of a kind by their codes: `wait_0` up to the first limit of a band, `context_1` with what was said."""
    sums = rows.dropna(subset=[column]).groupby(column)[SUMS].sum().reset_index()
    named = sums.assign(kind=kind, group=[f"{kind}_{int(value)}" for value in sums[column]])
    return _with_scores(named, metric)


def _with_scores(sums: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    whole = max(float(sums["sessions"].sum()), 1.0)
    return sums.assign(share=sums["sessions"] / whole, **scores(sums, metric))


def _waited(rows: pd.DataFrame) -> list[Statement]:
    """How many were handed over, how long they waited on average, and how many longer than the last limit."""
    known = rows.dropna(subset=["band"])
    if known.empty:
        return []
    n, long = known["sessions"].sum(), known[known["band"] == len(WAIT_BANDS)]["sessions"].sum()
    values = {"n": float(n), "seconds": float(known["waited"].sum() / n), "share": float(long / n)}
    return [Statement("bot.handover_wait", {**values, "limit": WAIT_BANDS[-1]})]


def _told(rows: pd.DataFrame, metric: Metric) -> list[Statement]:
    """Scores of those whose words went along and of those who began anew, with the interval of the difference."""
    sums = rows.dropna(subset=["briefed"]).groupby("briefed")[SUMS].sum()
    if set(sums.index) != {0, 1}:
        return []
    n, _, error = moments(sums)
    score = scores(sums, metric)["score"]
    if np.isnan(score).any():
        return []
    scale = abs(metric.slope)
    (step,) = welch(score[:1], scale * error[:1], n[:1], score[1:], scale * error[1:], n[1:])
    return [_difference(step, score, n, metric)]


def _difference(step: Difference, score: np.ndarray, n: np.ndarray, metric: Metric) -> Statement:
    sure = step.p < SIGNIFICANCE
    values = dict(zip(("lost", "passed", "n_lost", "n_passed"), map(float, (*score, *n)), strict=True))
    values |= {"change": step.value, "low": step.interval.low, "high": step.interval.high}
    return Statement(f"bot.context_{'matters' if sure else 'open'}", {**values, "unit": metric.unit})
