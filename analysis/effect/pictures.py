"""What a verdict is looked at with: four scores, each group week by week, each unit before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analysis.effect.asked import Asked
from analysis.effect.judged import Judged, Terms
from analysis.effect.other_designs import Setting, cohorts_of
from analysis.effect.pretrend import Bound, Pretrend, bounds, breakdown, drift, pretrend
from analysis.effect.weekly import weekly
from analysis.estimate import BLANK, SUMS, WITHHELD_BELOW, as_one, estimates
from analysis.stats.intervals import NAN, Array, Difference, Interval
from data_access.metrics import Metric

GROUPS, PERIODS = ("treated", "control"), ("before", "after")


def four_scores(rows: pd.DataFrame, after: Array, metric: Metric) -> pd.DataFrame:
    """period, group, n, score, low, high: the means as they are, of the cells that were compared.

    Without limits where too few clusters answer to say how far apart these are.
    """
    place = 2 * (~rows["treated"].to_numpy(dtype=bool)) + after
    cells = as_one(rows)[0].assign(s=place)
    groups = GROUPS[: int(place.max()) // 2 + 1]
    e = estimates(cells, 2 * len(groups), metric)
    known = e.clusters > 0 if "c" in cells and (cells["c"] != BLANK).any() else np.ones(len(e.n), dtype=bool)
    low, high = (np.where(known, e.shown(name), np.nan) for name in ("low", "high"))
    columns = {"n": e.n, "score": e.shown("value"), "low": low, "high": high}
    table = pd.DataFrame({"period": [*PERIODS] * len(groups), "group": np.repeat(groups, 2), **columns})
    return table[table["n"] > 0].reset_index(drop=True)  # two arms have no time before


@dataclass(frozen=True)
class Drifted:
    """Whether both sides went the same way before the start, and what the verdict stands if they had not gone on so.

    breakdown: how many of the largest jumps before the start they could have drifted apart before the effect is gone.
    """

    trend: Pretrend
    bounds: list[Bound]
    breakdown: float


def pretrend_of(verdict: Judged, question: Asked, sums: pd.DataFrame) -> Drifted | None:
    """The time before the start of a control group that is not treated; nothing of other designs."""
    if question.design != "did":
        return None
    rows, e = _compared_weeks(verdict, question, sums), verdict.effect
    effect = Difference(e.value, e.error, e.df, Interval(e.low, e.high), e.p, e.clusters)
    moved = drift(rows)
    return Drifted(pretrend(rows[rows["week"] < 0]), bounds(effect, moved), breakdown(effect, moved))


def _compared_weeks(verdict: Judged, question: Asked, sums: pd.DataFrame) -> pd.DataFrame:
    """The weeks of what was compared; those before the start end at it, whatever was left out between."""
    day, left_out = sums["day"], None if verdict.before.alone else verdict.before.left_out
    kept = [d < verdict.look.until and not (left_out and left_out.start <= d < left_out.end) for d in day]
    rows = weekly(sums[np.array(kept, dtype=bool)], question.start)
    before = rows["week"] < 0
    last = rows.loc[before, "week"].max() if before.any() else -1
    return rows.assign(week=rows["week"] - (last + 1) * before)


def parts(
    verdict: Judged, question: Asked, terms: Terms, setting: Setting, sums: pd.DataFrame, guards: pd.DataFrame,
    drifted: Drifted | None,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """The further tables by name; only those that there are."""
    found = {"weeks": weeks(sums, question.start), "units": units(verdict, question), "guardrails": guards}
    if question.design == "cohorts":
        rows = [(day, c.clusters, c.effect.value, c.effect.interval.low, c.effect.interval.high)
                for day, c in cohorts_of(verdict, terms, setting)]  # fmt: skip
        found["cohorts"] = pd.DataFrame(rows, columns=["start", "units", "effect", "low", "high"])
    if drifted:
        found["bounds"] = pd.DataFrame([(b.m, b.low, b.high) for b in drifted.bounds], columns=["m", "low", "high"])
    return {name: table for name, table in found.items() if len(table)}


def weeks(sums: pd.DataFrame, start: date) -> pd.DataFrame:
    """week (its Monday, or the start within it), group, n, score; a week's answers before the start stand apart."""
    monday = [day - timedelta(days=day.weekday()) for day in sums["day"]]
    week = [max(first, start) if day >= start else first for day, first in zip(sums["day"], monday, strict=True)]
    return _scores(sums.assign(week=week, group=np.where(sums["treated"], *GROUPS)), ["week", "group"])


def units(verdict: Judged, question: Asked) -> pd.DataFrame:
    """unit, group, start, n0, n1, score0, score1, change: each cluster of what was compared, the treated first."""
    rows = verdict.rows.assign(group=np.where(verdict.rows["treated"], *GROUPS))
    keys = ["cluster", "group"]
    own = [question.starts.get(c, question.start) if t else question.start
           for c, t in zip(rows["cluster"], rows["treated"], strict=True)]  # fmt: skip
    since = np.array([day >= first for day, first in zip(rows["day"], own, strict=True)], dtype=bool)
    before, after = (_scores(rows[side], keys).set_index(keys) for side in (~since, since))
    both = before.join(after, how="outer", suffixes=("0", "1")).reset_index()
    both = both.fillna({"n0": 0.0, "n1": 0.0})
    starts = [question.starts.get(u, question.start) if g == GROUPS[0] else None
              for u, g in zip(both["cluster"], both["group"], strict=True)]  # fmt: skip
    found = both.assign(unit=both["cluster"], start=starts, change=both["score1"] - both["score0"])
    order = ["unit", "group", "start", "n0", "n1", "score0", "score1", "change"]
    return found.sort_values(["group", "unit"], ascending=[False, True], ignore_index=True)[order]


def _scores(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Answers and score of each combination of some columns; the score of few answers is withheld."""
    found = rows.groupby(keys, dropna=False, observed=True)[list(SUMS)].sum().reset_index()
    score = np.where(found["n"] < WITHHELD_BELOW, NAN, found["wx"] / found["w"])
    return found[[*keys, "n"]].assign(score=score)
