"""What do the data of a case say? Counted from the rows of its contacts table, for story and model answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from data_access.selection import Period
from sample_data import world
from sample_data.case import rota
from sample_data.case.centre import moment
from sample_data.case.planted import HARD_LINES, Planted

Z_95 = 1.959964


@dataclass(frozen=True)
class Facts:
    """The contacts table of a case and what was planted in it."""

    contacts: pd.DataFrame
    plan: Planted

    @cached_property
    def answers(self) -> pd.DataFrame:
        """The ratings that count, in points."""
        counted = self.contacts[self.contacts["score"].notna() & (self.contacts["exempted"] == 0)]
        return counted.assign(points=10.0 * counted["score"].astype(float))

    def during(self, period: Period, rows: pd.DataFrame | None = None) -> pd.DataFrame:
        """The answers of a time, or some other rows of it."""
        table = self.answers if rows is None else rows
        when = table["contacted_at"].to_numpy()
        return table[(when >= moment(period.start)) & (when < moment(period.end))]

    def score(self, period: Period, place: Mapping[str, str] | None = None) -> float:
        """Mean points of a place in a time."""
        return float(inside(self.during(period), place or {})["points"].mean())

    def share(self, period: Period, place: Mapping[str, str]) -> float:
        """The part of the answers of a time that a place has, 0..1."""
        answers = self.during(period)
        return len(inside(answers, place)) / len(answers)

    @property
    def after(self) -> Period:
        return Period(self.plan.period.end, self.plan.span.end)

    @property
    def change(self) -> tuple[float, float, float]:
        """The change of the total, and its 95 % interval (Welch)."""
        before, now = (self.during(period)["points"] for period in (self.plan.baseline, self.plan.period))
        change, error = now.mean() - before.mean(), np.sqrt(now.var() / len(now) + before.var() / len(before))
        return float(change), float(change - Z_95 * error), float(change + Z_95 * error)

    def rest(self, place: Mapping[str, str]) -> float:
        """The change of everything but a place."""
        outside = [
            answers.drop(inside(answers, place).index)["points"].mean()
            for answers in (self.during(self.plan.baseline), self.during(self.plan.period))
        ]
        return float(outside[1] - outside[0])

    def grown(self) -> tuple[str, float, float]:
        """The line of business whose share of the contacts grew most, with its shares (0..1) before and now."""
        shares = [
            self.during(period, self.contacts)["business"].value_counts(normalize=True)
            for period in (self.plan.baseline, self.plan.period)
        ]
        line = str((shares[1] - shares[0]).astype(float).idxmax())
        return line, float(shares[0][line]), float(shares[1][line])

    def ranking(self, dimension: str) -> pd.DataFrame:
        """Scores of the members of a dimension (x0 before, x1 now), of teams those of voice."""
        means = [
            self.during(period).groupby(dimension, observed=True)["points"].mean()
            for period in (self.plan.baseline, self.plan.period)
        ]
        members = rota.VOICE_TEAMS if dimension == "team" else world.REGIONS
        return pd.DataFrame({"x0": means[0], "x1": means[1]}).reindex(list(members)).dropna()

    def mix_effect(self, line: str) -> float:
        """By how much the total moved because a line has another share of the answers."""
        place = {"business": line}
        now, before = (self.share(period, place) for period in (self.plan.period, self.plan.baseline))
        answers = self.during(self.plan.baseline)
        others = answers[answers["business"] != line]["points"].mean()
        return float((now - before) * (self.score(self.plan.baseline, place) - others))

    def hard_share(self, place: Mapping[str, str], *, elsewhere: bool) -> float:
        """The part of the answers, there or elsewhere, that is about the lines which please least."""
        answers = self._beside(place)
        there = inside(answers, place)
        rows = answers.drop(there.index) if elsewhere else there
        return float(rows["business"].isin(HARD_LINES).mean())

    def gap(self, place: Mapping[str, str]) -> float:
        """How far a place stands from all beside it."""
        answers = self._beside(place)
        there = inside(answers, place)
        return float(there["points"].mean() - answers.drop(there.index)["points"].mean())

    def gap_within(self, place: Mapping[str, str]) -> float:
        """The same within sub-type and touchpoint, by the answers of the place."""
        answers = self._beside(place)
        there = inside(answers, place)
        own, other = (
            rows.groupby(["sub_type", "touchpoint"], observed=True)["points"].agg(["mean", "size"])
            for rows in (there, answers.drop(there.index))
        )
        both = own.join(other.add_prefix("other_"), how="inner")
        weight = both["size"] * both["other_size"] / (both["size"] + both["other_size"])
        return float(np.average(both["mean"] - both["other_mean"], weights=weight))

    def _beside(self, place: Mapping[str, str]) -> pd.DataFrame:
        """All answers that can be held beside a place: of a team those of other voice teams."""
        return self.answers[self.answers["team"].isin(rota.VOICE_TEAMS)] if "team" in place else self.answers

    def month_error(self, place: Mapping[str, str]) -> float:
        """Standard error of the change of a place from one month to the next."""
        before, now = (
            inside(self.during(period), place)["points"] for period in (self.plan.baseline, self.plan.period)
        )
        return float(np.sqrt(now.var() / len(now) + before.var() / len(before)))


def inside(rows: pd.DataFrame, place: Mapping[str, Any]) -> pd.DataFrame:
    """The rows of a place."""
    for dimension, value in place.items():
        rows = rows[rows[dimension] == value]
    return rows
