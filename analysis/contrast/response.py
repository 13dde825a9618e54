"""Who did not answer? Response rates of both samples, and how far non-respondents could move the difference.

A survey is answered by some of those invited; anything else is recorded for some of all contacts.

The bounds (Manski 1989) assume nothing: all non-respondents have the worst value in one sample and the best in the
other. They are wide on purpose: with low response rates a small difference proves little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.contrast.assessment import Assessment
from analysis.contrast.question import Question
from analysis.contrast.samples import Answers
from analysis.estimate import totals
from analysis.stats.intervals import NAN, Array
from data_access.metrics import Metric
from data_access.selection import Period
from data_access.warehouse import Warehouse


@dataclass(frozen=True)
class Response:
    """Contacts that could have a value (of a survey: invited) and valid values of each group, in their order."""

    invited: Array
    responses: Array
    sql: str

    @property
    def rates(self) -> Array:
        """Answers per hundred invited; NaN where nobody was."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.invited > 0, 100 * self.responses / self.invited, NAN)

    def of(self, places: Sequence[int]) -> tuple[float, float]:
        return float(self.invited[list(places)].sum()), float(self.responses[list(places)].sum())


def response_of(warehouse: Warehouse, question: Question, answers: Answers, period: Period | None) -> Response:
    """Invited contacts and answers of each group in a period."""
    population = warehouse.population_by(question.metric.name, question.by, period, question.selection.filters)
    keys = [population.rows[name] for name in question.by]
    segments = list(zip(*keys, strict=True)) if question.by else [()] * len(population.rows)
    counts = dict(zip(segments, population.rows["population"].astype(float), strict=True))
    invited = np.array([counts.get(g, 0.0) for g in answers.groups])
    return Response(invited, totals(answers.rows, "n", len(answers.groups)), population.sql)


def rate_name(metric: Metric) -> str:
    """What is said of the share that has a value: of a survey it is the response rate."""
    return "response_rate" if metric.survey else "recorded_rate"


@dataclass(frozen=True)
class Respondents:
    """One sample of a comparison: invited, answered, and the mean of those who answered."""

    invited: float
    responses: float
    mean: float

    @property
    def rate(self) -> float:
        return 100 * self.responses / self.invited if self.invited else NAN

    def mean_if_silent(self, value: float) -> float:
        """The mean if all non-respondents had this value; NaN where nobody knows how many were asked."""
        invited = max(self.invited, self.responses)
        return (self.responses * self.mean + (invited - self.responses) * value) / invited if self.invited else NAN


def bounds(a: Respondents, b: Respondents, ends: tuple[float, float]) -> tuple[float, float]:
    """Lowest and highest difference a - b that non-response leaves possible.

    >>> bounds(Respondents(100, 50, 80.0), Respondents(100, 100, 80.0), (0.0, 100.0))
    (-40.0, 10.0)
    """
    low, high = ends
    return (
        a.mean_if_silent(low) - b.mean_if_silent(high),
        a.mean_if_silent(high) - b.mean_if_silent(low),
    )


def respondents_of(
    assessment: Assessment, current: Response, earlier: Response | None
) -> tuple[Respondents, Respondents]:
    """Both samples of the most certain comparison, combined from their groups."""
    top, now = assessment.family.table.iloc[0], assessment.now
    place = now.groups.index(top["a"])
    a = _side(now, current, [place])
    if assessment.before is not None and earlier is not None:
        return a, _side(assessment.before, earlier, [place])
    others = (
        [now.groups.index(top["b"])] if assessment.names_other else [i for i in range(len(now.groups)) if i != place]
    )
    return a, _side(now, current, others)


def _side(answers: Answers, response: Response, places: Sequence[int]) -> Respondents:
    rows = answers.rows[answers.rows["s"].isin(places)]
    mean = float(rows["wx"].sum() / rows["w"].sum()) if len(rows) else NAN
    return Respondents(*response.of(places), mean)
