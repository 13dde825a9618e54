"""How far is a score from a target, the group or a competitor? The other side is a number without answers here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from analysis.contrast import compare
from analysis.contrast.compare import Comparison, Effects
from analysis.contrast.precision import Pooled, variance_of_answers
from analysis.contrast.question import TARGET, Question
from analysis.contrast.samples import Answers, with_property
from analysis.estimate import Estimates, Segment, possible
from analysis.stats import means
from analysis.stats.intervals import NAN, Array, differences, wilson_bounds
from data_access.metrics import Metric
from data_access.selection import Period
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What each group is compared with: a value, its sample size (NaN: unknown; inf: exact) and sd."""

    value: Array
    n: Array
    sd: Array
    spread_borrowed: bool = False  # the source reports no standard deviation; ours is used
    same_customers: bool = True  # False where the source speaks of more customers than our selection
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)  # everything the source reports, for every month

    @property
    def error(self) -> Array:
        return np.where(np.isinf(self.n), 0.0, self.sd / np.sqrt(self.n))


def reference_of(warehouse: Warehouse, question: Question, groups: Sequence[Segment], pooled: Pooled) -> Reference:
    """The target or the benchmark of each group. Raises BadInput or NothingToShow when there is none."""
    if question.kind == "target":
        value = _targets(warehouse, question, groups)
        return Reference(value=value, n=np.full(len(groups), np.inf), sd=np.zeros(len(groups)))
    return _benchmarks(warehouse, question, groups, pooled)


def _targets(warehouse: Warehouse, question: Question, groups: Sequence[Segment]) -> Array:
    if question.against != TARGET:
        return np.full(len(groups), float(question.against))
    rows = warehouse.targets(question.metric.name)
    targets = np.array([_rows_about(rows, question, group)["target"].mean() for group in groups], dtype=float)
    if np.isnan(targets).all():
        raise BadInput("contrast.no_target")
    return targets


def _benchmarks(warehouse: Warehouse, question: Question, groups: Sequence[Segment], pooled: Pooled) -> Reference:
    rows = warehouse.benchmarks(question.metric.name)
    known = sorted(set(rows["source"]))
    if question.against not in known:
        raise BadInput("contrast.unknown_benchmark", name=question.against, known=known)
    rows = rows[rows["source"] == question.against]
    own = [_rows_about(during(rows, question.selection.period), question, group) for group in groups]
    if all(part.empty for part in own):
        raise NothingToShow(
            "contrast.benchmark_empty", name={"source": question.against}, period=question.selection.period
        )
    value, n, sd = (np.array(column) for column in zip(*(summed(part) for part in own), strict=True))
    borrowed = np.isnan(sd) & ~np.isnan(n)
    sd = np.where(borrowed, sd_of_answers(question.metric, value, pooled), sd)
    alike = all(_of_same_customers(part, question) for part in own if len(part))
    return Reference(
        value=value,
        n=n,
        sd=sd,
        spread_borrowed=bool(borrowed.any() and not question.metric.unit.is_share),
        same_customers=alike,
        rows=rows,
    )


def sd_of_answers(metric: Metric, value: Array, pooled: Pooled) -> Array:
    """The standard deviation of single answers where a source reports none: a rate implies it, else ours is used."""
    implied = metric.kind.spread(value)
    return np.where(np.isnan(implied), pooled.sd, implied)


def during(rows: pd.DataFrame, period: Period | None) -> pd.DataFrame:
    if period is None:
        return rows
    months = pd.to_datetime(rows["month"]).dt.date
    return rows[(months >= period.start.replace(day=1)) & (months < period.end)]


def _rows_about(rows: pd.DataFrame, question: Question, group: Segment) -> pd.DataFrame:
    """A source's rows about one group; about all customers where the source does not break down that way."""
    wanted = (question.by[0], group[0]) if len(question.by) == 1 else _filtered(question) if not question.by else None
    if wanted:
        own = rows[(rows["dimension"] == wanted[0]) & (rows["value"] == wanted[1])]
        if len(own) or (rows["dimension"] == wanted[0]).any():
            return own
    return rows[rows["dimension"].isna()]


def _of_same_customers(own: pd.DataFrame, question: Question) -> bool:
    """Whether a source reports on the selected segment itself, not on all customers."""
    cut = [*question.by, *(f.dimension for f in question.selection.filters)]
    return not cut or (len(cut) == 1 and own["dimension"].iloc[0] == cut[0])


def _filtered(question: Question) -> tuple[str, str | None] | None:
    """The one segment that the selection is about."""
    filters = question.selection.filters
    if len(filters) == 1 and len(filters[0].values) == 1:
        return filters[0].dimension, filters[0].values[0]
    return None


def summed(rows: pd.DataFrame) -> tuple[float, float, float]:
    """Value, sample size and standard deviation of several months together; without sizes months count equally."""
    if rows.empty:
        return NAN, NAN, NAN
    n = rows["n"].to_numpy(dtype=float)
    if np.isnan(n).any() or not n.sum():
        return float(rows["score"].mean()), NAN, NAN
    mean = float(np.average(rows["score"], weights=n))
    within = np.average(rows["sd"].to_numpy(dtype=float) ** 2, weights=n)
    return mean, float(n.sum()), float(np.sqrt(within + np.average((rows["score"] - mean) ** 2, weights=n)))


def compared(answers: Answers, reference: Reference) -> Comparison:
    """Each group against its reference: a fixed value (one sample), or another sample known by its size and sd."""
    e = answers.estimates
    fixed = bool(np.isinf(reference.n).all())
    if answers.metric.unit.is_share and not e.clusters.any():
        ours = with_property(answers.rows, len(answers.groups))
        return _rate_with_value(*ours, reference) if fixed else _two_rates(*ours, reference)
    gaps = differences(e.value - reference.value, np.hypot(e.error, reference.error), _freedom(e, reference))
    method = "one_sample" if fixed else "gap_only" if np.isnan(reference.n).all() else "welch_t"
    if e.clusters.any() and method == "welch_t":
        method = "clustered_t"
    least, most = possible(answers.metric)
    return compare.from_differences(method, gaps, widest=most - least)


def _freedom(e: Estimates, reference: Reference) -> Array:
    """Satterthwaite's degrees of freedom of a difference, one side of which may be exact."""
    ours, theirs = e.error**2, reference.error**2
    with np.errstate(divide="ignore", invalid="ignore"):
        other = np.where(theirs > 0, theirs**2 / (reference.n - 1), 0.0)
        return np.where(np.isnan(reference.n), NAN, (ours + theirs) ** 2 / (ours**2 / e.df + other))


def _rate_with_value(x: Array, n: Array, reference: Reference) -> Comparison:
    """A rate against a fixed rate: score test, Wilson's interval."""
    fixed = reference.value / 100
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (x / n - fixed) / np.sqrt(fixed * (1 - fixed) / n)

    def bounds(confidence: Array) -> tuple[Array, Array]:
        levels = np.broadcast_to(confidence, x.shape)
        pairs = [wilson_bounds(x[[i]], n[[i]], confidence=float(c)) for i, c in enumerate(levels)]
        low, high = (np.array([pair[k][0] for pair in pairs]) for k in (0, 1))
        return 100 * (low - fixed), 100 * (high - fixed)

    return Comparison(
        method="one_sample",
        value=100 * (x / n - fixed),
        statistic=z,
        df=np.full(len(z), NAN),
        p=compare.two_sided(z),
        bounds=bounds,
    )


def _two_rates(x1: Array, n1: Array, reference: Reference) -> Comparison:
    """A rate against that of another sample of known size; without a size only the gap."""
    n0 = reference.n
    x0 = reference.value / 100 * n0
    gap = 100 * x1 / n1 - reference.value
    if np.isnan(n0).all():
        blank = np.full(len(gap), NAN)
        return Comparison(
            method="gap_only", value=gap, statistic=blank, df=blank, p=blank, bounds=lambda c: (blank, blank)
        )
    z, p = (np.array(v) for v in zip(*(compare.pooled_z(*four) for four in zip(x0, n0, x1, n1, strict=True)),
                                     strict=True))  # fmt: skip
    return Comparison(
        method="two_proportions",
        value=gap,
        statistic=z,
        df=np.full(len(z), NAN),
        p=p,
        bounds=compare.newcombe_bounds(x0, n0, x1, n1),
    )


def effects(comparison: Comparison, answers: Answers, pooled: Pooled) -> Effects:
    """The gap itself for rates, else in standard deviations of our answers.

    To a fixed value those of each group, with the noncentral interval of its t.
    """
    low, high = comparison.bounds(np.array(0.95))
    if answers.metric.unit.is_share:
        return Effects("risk_difference", comparison.value, low, high)
    if comparison.method == "one_sample":
        e, sd = answers.estimates, np.sqrt(variance_of_answers(answers.plain))
        low, high = means.standardised_bounds(comparison.value, e.error, e.df, sd)
        return Effects("cohens_d", np.divide(comparison.value, sd, out=sd * NAN, where=sd > 0), low, high)
    return Effects("cohens_d", *(v / pooled.sd if pooled.sd else v * NAN for v in (comparison.value, low, high)))


MOST_DAYS = 3_700  # ten years: a stray date far away must not make hundreds of empty months
MONTH_COLUMNS = ["month", "n", "score", "low", "high", "benchmark", "benchmark_n", "gap", "gap_low", "gap_high", "p",
                 "missing"]  # fmt: skip


def monthly(rows: pd.DataFrame, question: Question, months: Answers, pooled: Pooled) -> pd.DataFrame:
    """The gap to a source in every month from the first to the last; `missing` names the side that has no data."""
    by_month = {m: _rows_about(part, question, ()) for m, part in rows.groupby(pd.to_datetime(rows["month"]).dt.date)}
    names = {_first_day(group[0]): place for place, group in enumerate(months.groups) if group[0] is not None}
    known = {*names, *(m for m, part in by_month.items() if len(part))}
    every = sorted(known)
    if known and (max(known) - min(known)).days < MOST_DAYS:
        every = list(pd.date_range(min(known), max(known), freq="MS").date)
    rows_by_month = [_month(day, months, names.get(day), by_month.get(day), pooled) for day in every]
    return pd.DataFrame(rows_by_month, columns=MONTH_COLUMNS)


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month[:7]}-01")


def _month(
    day: date, months: Answers, place: int | None, theirs: pd.DataFrame | None, pooled: Pooled
) -> dict[str, object]:
    row: dict[str, object] = {"month": day, "missing": ""}
    value, n, sd = summed(theirs) if theirs is not None else (NAN, NAN, NAN)
    row |= {"benchmark": value, "benchmark_n": n}
    if place is None:
        return {**row, "n": 0.0, "missing": "both" if np.isnan(value) else "ours"}
    one = Answers(months.rows[months.rows["s"] == place].assign(s=0), (months.groups[place],), months.metric, ())
    e = one.estimates
    row |= {"n": e.n[0], "score": e.shown("value")[0], "low": e.shown("low")[0], "high": e.shown("high")[0]}
    if np.isnan(value):
        return {**row, "missing": "theirs"}
    if e.withheld[0]:
        return row
    theirs_, size = np.array([value]), np.array([n])
    spread = sd_of_answers(months.metric, theirs_, pooled) if np.isnan(sd) else np.array([sd])
    comparison = compared(one, Reference(value=theirs_, n=size, sd=spread))
    low, high = comparison.bounds(np.array(0.95))
    return {**row, "gap": comparison.value[0], "gap_low": low[0], "gap_high": high[0], "p": comparison.p[0]}
