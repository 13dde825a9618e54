"""Where does each group stand? Shares and ranks beside earlier ones, and a league table that allows for chance.

A rank is always reported with its plausible range.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.contrast.precision import Pooled, effective_sizes, pooled
from analysis.contrast.question import Question
from analysis.contrast.samples import Answers
from analysis.estimate import WITHHELD_BELOW, Segment, coded, scaled, totals
from analysis.stats.intervals import Array
from analysis.stats.league import Ranks, compatible_ranks, funnel, shrink
from data_access.selection import Period
from data_access.warehouse import Warehouse

LEAGUE_FROM = 8  # fewer groups need no league table
DIGITS = 9  # beyond them two equal means differ by rounding only


def ranks_of(answers: Answers) -> Ranks:
    """Rank of each group by score, 1 the best, with its plausible best and worst; NaN below ten answers.

    A group whose answers are all equal has no variance of its own: that of all answers is used.
    """
    e, spread = answers.estimates, pooled(answers).sd
    with np.errstate(divide="ignore"):
        error = np.where(e.error > 0, e.error, spread / np.sqrt(e.n))
    score = e.shown("value").round(DIGITS)
    return compatible_ranks(score, error, df=e.df, better_high=answers.metric.better == "high")


def with_ranks(ranks: Ranks, table: pd.DataFrame) -> pd.DataFrame:
    """A table of the groups, in the order of their numbers, with their ranks."""
    return table.assign(rank=ranks.rank, rank_best=ranks.best, rank_worst=ranks.worst)


def ranks_over_time(
    warehouse: Warehouse, question: Question, now: Answers
) -> tuple[pd.DataFrame, tuple[str, ...]] | None:
    """Share, score and rank of each group now, in the period before and a year before, as far as there are data."""
    period = question.selection.period
    if period is None or not question.by or len(now.groups) < 2:
        return None
    e, better = now.estimates, question.metric.better
    table = _ranked(now.groups, e.n, e.weight, e.value, better)
    sql: tuple[str, ...] = ()
    for name, span in {"previous": period.previous(), "year": period.year_earlier()}.items():
        then, query = _earlier(warehouse, question, span)
        sql = (*sql, query)
        if len(then):
            columns = {c: f"{name}_{c}" for c in ("share", "score", "rank")}
            table = table.merge(then.drop(columns="n").rename(columns=columns), on="segment", how="left")
    return table.sort_values("rank", kind="stable", ignore_index=True), sql


def _earlier(warehouse: Warehouse, question: Question, period: Period) -> tuple[pd.DataFrame, str]:
    """Shares, scores and ranks in another period; sums are enough for these."""
    cells = warehouse.cells(question.metric.name, question.by, period, question.selection.filters)
    keys = [cells.rows[name] for name in question.by]
    rows = cells.rows.assign(segment=pd.Series(list(zip(*keys, strict=True)), index=cells.rows.index, dtype=object))
    groups, (numbered,) = coded(scaled(rows, question.metric))
    n, w, wx = (totals(numbered, name, len(groups)) for name in ("n", "w", "wx"))
    return _ranked(groups, n, w, wx / w, question.metric.better), cells.sql


def _ranked(groups: Sequence[Segment], n: Array, weight: Array, value: Array, better: str) -> pd.DataFrame:
    score = np.where(n >= WITHHELD_BELOW, value, np.nan)
    ahead = pd.Series(score.round(DIGITS))
    return pd.DataFrame({
        "segment": pd.Series(list(groups), dtype=object), "n": n, "share": weight / weight.sum(), "score": score,
        "rank": ahead.rank(method="min", ascending=better == "low"),
    })  # fmt: skip


def league(answers: Answers, pooled_: Pooled, groups: list[int], ranks: Ranks) -> pd.DataFrame | None:
    """Funnel limits by size, shrunken scores and plausible ranks; None for few groups."""
    if len(groups) < LEAGUE_FROM:
        return None
    e, metric = answers.estimates, answers.metric
    few = e.n < WITHHELD_BELOW
    score = np.where(few, np.nan, e.value)
    low, high = metric.kind.range
    limits = funnel(score, pooled_.sd / np.sqrt(effective_sizes(answers)), pooled_.value, low=low, high=high)
    drawn = shrink(score, np.where(few, np.nan, e.error))
    table = pd.DataFrame({
        "segment": pd.Series(list(answers.groups), dtype=object), "n": e.n, "score": score, **vars(limits),
        "shrunken": drawn.value, "shrunken_low": drawn.low, "shrunken_high": drawn.high,
    })  # fmt: skip
    return with_ranks(ranks, table).sort_values("shrunken", ascending=metric.better == "low", ignore_index=True)
