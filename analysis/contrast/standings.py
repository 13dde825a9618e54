"""Where does each group stand? Shares and ranks beside earlier ones, and a league table that allows for luck.

A rank is never told naked: with it goes the range of ranks that the answers leave possible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.contrast.compare import Whole, effective, whole
from analysis.contrast.question import Question
from analysis.contrast.sides import Answers, counted
from analysis.estimate import WITHHELD_BELOW
from analysis.stats.league import Ranks, compatible_ranks, funnel, shrink
from data_access.selection import Period
from data_access.warehouse import Warehouse

LEAGUE_FROM = 8  # fewer groups are seen at a glance
DIGITS = 9  # beyond them two equal means differ by rounding only


def ranks_of(answers: Answers) -> Ranks:
    """Rank of each group by score, 1 the best, with the best and worst its answers leave open; NaN below ten.

    A group whose answers are all alike knows nothing of its spread: that of all answers stands in.
    """
    e, spread = answers.estimates, whole(answers).sd
    with np.errstate(divide="ignore"):
        error = np.where(e.error > 0, e.error, spread / np.sqrt(e.n))
    score = e.shown("value").round(DIGITS)
    return compatible_ranks(score, error, df=e.df, better_high=answers.metric.better == "high")


def with_ranks(answers: Answers, table: pd.DataFrame) -> pd.DataFrame:
    """A table of the groups, in the order of their numbers, with their ranks."""
    found = ranks_of(answers)
    return table.assign(rank=found.rank, rank_best=found.best, rank_worst=found.worst)


def crosstab(warehouse: Warehouse, question: Question, now: Answers) -> tuple[pd.DataFrame, tuple[str, ...]] | None:
    """Share, score and rank of each group now, in the period before and a year before, as far as there are data."""
    period = question.selection.period
    if period is None or not question.by or len(now.groups) < 2:
        return None
    table = _standing(now)
    earlier = {"previous": period.previous(), "year": period.year_earlier()}
    sql: tuple[str, ...] = now.sql
    for name, span in earlier.items():
        then = _asked(warehouse, question, span)
        sql += then.sql
        if then.groups:
            columns = {c: f"{name}_{c}" for c in ("share", "score", "rank")}
            table = table.merge(_standing(then).drop(columns="n").rename(columns=columns), on="segment", how="left")
    best_first = table.sort_values("rank", kind="stable", ignore_index=True)
    return best_first, sql


def _asked(warehouse: Warehouse, question: Question, period: Period) -> Answers:
    there = replace(question, selection=replace(question.selection, period=period))
    return counted(warehouse, there, period, question.by)


def _standing(answers: Answers) -> pd.DataFrame:
    e = answers.estimates
    columns: Mapping[str, object] = {
        "segment": list(answers.groups),
        "n": e.n,
        "share": e.weight / e.weight.sum(),
        "score": e.shown("value"),
        "rank": ranks_of(answers).rank,
    }
    return pd.DataFrame(columns)


def league(answers: Answers, everyone: Whole, groups: list[int]) -> pd.DataFrame | None:
    """Funnel limits by size, scores drawn to the mean as far as luck goes, possible ranks; None for few groups."""
    if len(groups) < LEAGUE_FROM:
        return None
    e, metric = answers.estimates, answers.metric
    few = e.n < WITHHELD_BELOW
    score = np.where(few, np.nan, e.value)
    low, high = metric.value(metric.low), metric.value(metric.high)
    limits = funnel(score, everyone.sd / np.sqrt(effective(answers)), everyone.value, low=low, high=high)
    drawn = shrink(score, np.where(few, np.nan, e.error))
    table = pd.DataFrame({
        "segment": pd.Series(list(answers.groups), dtype=object), "n": e.n, "score": score, **vars(limits),
        "shrunken": drawn.value, "shrunken_low": drawn.low, "shrunken_high": drawn.high,
    })  # fmt: skip
    ranked = with_ranks(answers, table)
    return ranked.sort_values("shrunken", ascending=metric.better == "low", ignore_index=True)
