"""The contrast of a selection, from the question to the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.contrast import advice, benchmark, findings
from analysis.contrast.alternatives import alternatives
from analysis.contrast.assessment import Assessment, assess
from analysis.contrast.question import question_of
from analysis.contrast.ranking import league, ranks_over_time, with_ranks
from analysis.contrast.response import Response, rate_name, response_of
from analysis.contrast.samples import BASELINE, Answers, fetched_answers
from analysis.contrast.standardisation import standardise
from analysis.contrast.statistics import statistics
from analysis.estimate import Segment
from analysis.limits import within_limits
from analysis.not_recorded import set_apart
from analysis.own_order import in_own_order
from analysis.result import Result
from data_access.selection import Selection
from data_access.warehouse import Warehouse

MOST_SHAPES = 8  # distributions that can be told apart in one picture
Parts = dict[str, pd.DataFrame]


@within_limits
def contrast(
    warehouse: Warehouse,
    selection: Selection,
    *,
    by: Sequence[str] = (),
    question: str = "",
    method: str = "",
    threshold: float | None = None,
    segment: Sequence[str | None] | None = None,
    against: str = "",
    alike: Sequence[str] = (),
    complexity: str = "",
    deep: bool = False,
) -> Result:
    """Contrast groups, one with the rest, two periods, or either with a target or a benchmark.

    question: groups, rest, period, target or benchmark; by default what the other arguments suggest.
    threshold: the smallest difference that matters, in the unit of the metric (default: see `verdicts`).
    alike: dimensions to standardise over; complexity: a driver that weights strata by effort.
    deep: with the tables that no finding needs: `ranks` (beside earlier ones), `months` (of a benchmark), `league`,
    `distribution` and `alternatives` (what other tests say).

    The table has a row per group, part `pairs` a row per comparison, smallest p first; see README for the others.
    Raises BadInput for a question that makes no sense, NothingToShow when a sample has no answers.
    """
    checked = question_of(
        warehouse, selection, by=by, question=question, method=method, threshold=threshold, segment=segment,
        against=against, alike=alike, complexity=complexity,
    )  # fmt: skip
    assessment = assess(warehouse, checked)
    response = response_of(warehouse, checked, assessment.now, selection.period)
    earlier = response_of(warehouse, checked, assessment.before, selection.baseline) if assessment.before else None
    parts, sql = _parts(warehouse, assessment, deep=deep)
    numbers = statistics(assessment, response, earlier, survey=checked.metric.survey)
    return Result.of(
        warehouse,
        selection,
        checked.metric,
        "contrast",
        statistics=numbers,
        table=in_own_order(
            _table(assessment, response, earlier), [warehouse.model.dimension(name) for name in checked.by]
        ),
        findings=findings.findings(assessment, numbers, parts),
        caveats=findings.caveats(assessment, numbers),
        how=findings.how(assessment, numbers),
        options={**checked.options, **({"deep": True} if deep else {})},
        parts=parts,
        sql=(
            *assessment.now.sql,
            *(assessment.before.sql if assessment.before else ()),
            response.sql,
            *assessment.sql,
            *sql,
        ),
    )


def _table(assessment: Assessment, response: Response, earlier: Response | None) -> pd.DataFrame:
    """A row per group, best score first; two rows where the whole is contrasted with a baseline or a reference."""
    rate = rate_name(assessment.now.metric)
    rows = with_ranks(assessment.ranks, _group_rows(assessment.now, response, ""))
    if assessment.before is not None and earlier is not None:
        then = _group_rows(assessment.before, earlier, "")
        if assessment.question.by:
            names = {"n": "n0", **{c: f"baseline_{c}" for c in ("score", "low", "high", "share", rate)}}
            return _best_first(assessment, rows.join(then[list(names)].rename(columns=names)))
        return pd.concat([rows.assign(group="period"), then.assign(group=BASELINE[0])], ignore_index=True)
    if assessment.reference is not None and not assessment.question.by:
        other = {"segment": (), "group": assessment.question.kind, "score": float(assessment.reference.value[0]),
                 "n": float(assessment.reference.n[0])}  # fmt: skip
        known = {k: v for k, v in other.items() if v != np.inf}
        return pd.concat([rows.assign(group="ours"), pd.DataFrame([known])], ignore_index=True)
    if assessment.reference is not None:
        rows["reference"] = assessment.reference.value
    return _best_first(assessment, rows)


def _group_rows(answers: Answers, response: Response, group: str) -> pd.DataFrame:
    e = answers.estimates
    return pd.DataFrame({
        "segment": pd.Series(list(answers.groups), dtype=object), "group": group, "n": e.n,
        "share": e.weight / e.weight.sum(), "score": e.shown("value"), "low": e.shown("low"), "high": e.shown("high"),
        rate_name(answers.metric): response.rates,
    })  # fmt: skip


def _best_first(assessment: Assessment, rows: pd.DataFrame) -> pd.DataFrame:
    better = assessment.now.metric.better
    return set_apart(rows.sort_values("score", ascending=better == "low", kind="stable"))


def _parts(warehouse: Warehouse, assessment: Assessment, *, deep: bool) -> tuple[Parts, tuple[str, ...]]:
    """The further tables, with the queries they took."""
    parts: Parts = {"pairs": assessment.family.table, "checks": pd.DataFrame(advice.checks(assessment.facts))}
    sql: tuple[str, ...] = ()
    if (fair := standardise(warehouse, assessment.question, assessment.now)) is not None:
        parts["fair"], sql = fair, fair.attrs.pop("sql")
    if not deep:
        return parts, sql
    further, more = _deep_parts(warehouse, assessment)
    return {**parts, **further}, sql + more


def _deep_parts(warehouse: Warehouse, assessment: Assessment) -> tuple[Parts, tuple[str, ...]]:
    """The tables that are only asked for by who looks at them, with the queries they took."""
    question, now = assessment.question, assessment.now
    sql: tuple[str, ...] = ()
    parts = {"distribution": _distribution(assessment), "alternatives": alternatives(assessment)}
    if (units := league(now, assessment.pooled, assessment.groups, assessment.ranks)) is not None:
        parts["league"] = units
    if question.kind in ("groups", "rest") and (standing := ranks_over_time(warehouse, question, now)):
        parts["ranks"], sql = standing
    if assessment.reference is not None and question.kind == "benchmark" and warehouse.model.time:
        whole = replace(question, by=())
        months = fetched_answers(warehouse, whole, None, ("month",))
        parts["months"] = benchmark.monthly(assessment.reference.rows, whole, months, assessment.pooled)
        sql += months.sql
    return parts, sql


def _distribution(assessment: Assessment) -> pd.DataFrame:
    """Distribution of the answers of the first groups over the values of the metric."""
    frames = []
    places = assessment.groups[:MOST_SHAPES]
    for group, answers in (("", assessment.now), *((("baseline", assessment.before),) if assessment.before else ())):
        shown = answers.rows[answers.rows["s"].isin(places)].assign(value=lambda r: r["wx"] / r["w"])
        counts = shown.groupby(["s", "x"], as_index=False).agg(n=("n", "sum"), value=("value", "mean"))
        frames.append(counts.assign(share=counts["n"] / counts.groupby("s")["n"].transform("sum"), group=group))
    distribution = pd.concat(frames, ignore_index=True)
    names: list[Segment] = [assessment.now.groups[s] for s in distribution["s"]]
    return distribution.assign(segment=pd.Series(names, dtype=object))[["segment", "group", "value", "n", "share"]]
