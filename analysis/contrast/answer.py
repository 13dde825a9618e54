"""The contrast of a selection, from the question to the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.contrast import advice, benchmark, findings
from analysis.contrast.alternatives import alternatives
from analysis.contrast.assessment import Judged, judge
from analysis.contrast.question import question_of
from analysis.contrast.ranking import crosstab, league, with_ranks
from analysis.contrast.response import Response, is_survey, response_of
from analysis.contrast.samples import BASELINE, Answers, counted
from analysis.contrast.standardisation import alike
from analysis.contrast.statistics import statistics
from analysis.estimate import Segment
from analysis.result import Result
from data_access.selection import Selection
from data_access.warehouse import Warehouse

MOST_SHAPES = 8  # distributions that can be told apart in one picture
Parts = dict[str, pd.DataFrame]


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
) -> Result:
    """Contrast groups, one with the rest, two periods, or either with a target or a benchmark.

    question: groups, rest, period, target or benchmark; by default what the other arguments suggest.
    threshold: the smallest difference that matters, in the unit of the metric (default: see `verdicts`).
    alike: dimensions whose mix is held alike; complexity: a driver that weighs strata by effort.

    The table has a row per group, part `pairs` a row per comparison, most certain first; see README for the others.
    Raises BadInput for a question that cannot be put, NothingToShow when a side has no answers.
    """
    asked = question_of(
        warehouse, selection, by=by, question=question, method=method, threshold=threshold, segment=segment,
        against=against, alike=alike, complexity=complexity,
    )  # fmt: skip
    judged = judge(warehouse, asked)
    response = response_of(warehouse, asked, judged.now, selection.period)
    earlier = response_of(warehouse, asked, judged.before, selection.baseline) if judged.before else None
    parts, sql = _parts(warehouse, judged)
    numbers = statistics(judged, response, earlier, survey=is_survey(warehouse.model, asked.metric))
    return Result.of(
        warehouse,
        selection,
        asked.metric,
        "contrast",
        statistics=numbers,
        table=_table(judged, response, earlier),
        findings=findings.findings(judged, numbers, parts),
        caveats=findings.caveats(judged, numbers),
        how=findings.how(judged, numbers),
        options=asked.options,
        parts=parts,
        sql=(*judged.now.sql, *(judged.before.sql if judged.before else ()), response.sql, *judged.sql, *sql),
    )


def _table(judged: Judged, response: Response, earlier: Response | None) -> pd.DataFrame:
    """A row per group, best score first; two rows where the whole is contrasted with a baseline or a reference."""
    rows = with_ranks(judged.ranks, _sides(judged.now, response, ""))
    if judged.before is not None and earlier is not None:
        then = _sides(judged.before, earlier, "")
        if judged.question.by:
            names = {"n": "n0", **{c: f"baseline_{c}" for c in ("score", "low", "high", "share", "response_rate")}}
            return _best_first(judged, rows.join(then[list(names)].rename(columns=names)))
        return pd.concat([rows.assign(group="period"), then.assign(group=BASELINE[0])], ignore_index=True)
    if judged.reference is not None and not judged.question.by:
        other = {"segment": (), "group": judged.question.kind, "score": float(judged.reference.value[0]),
                 "n": float(judged.reference.n[0])}  # fmt: skip
        known = {k: v for k, v in other.items() if v != np.inf}
        return pd.concat([rows.assign(group="ours"), pd.DataFrame([known])], ignore_index=True)
    if judged.reference is not None:
        rows["reference"] = judged.reference.value
    return _best_first(judged, rows)


def _sides(answers: Answers, response: Response, group: str) -> pd.DataFrame:
    e = answers.estimates
    return pd.DataFrame({
        "segment": pd.Series(list(answers.groups), dtype=object), "group": group, "n": e.n,
        "share": e.weight / e.weight.sum(), "score": e.shown("value"), "low": e.shown("low"), "high": e.shown("high"),
        "response_rate": response.rates,
    })  # fmt: skip


def _best_first(judged: Judged, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values("score", ascending=judged.now.metric.better == "low", kind="stable", ignore_index=True)


def _parts(warehouse: Warehouse, judged: Judged) -> tuple[Parts, tuple[str, ...]]:
    """What stands beside the answer, with the queries it took."""
    asked = judged.question
    found: dict[str, pd.DataFrame | None] = {
        "pairs": judged.family.table,
        "distribution": _distribution(judged),
        "alternatives": alternatives(judged),
        "checks": pd.DataFrame(advice.checks(judged.facts)),
        "league": league(judged.now, judged.whole, judged.groups, judged.ranks),
    }
    sql: tuple[str, ...] = ()
    found["fair"] = fair = alike(warehouse, asked, judged.now)
    if fair is not None:
        sql += fair.attrs.pop("sql")
    if asked.kind in ("groups", "rest") and (standing := crosstab(warehouse, asked, judged.now)):
        found["ranks"], more = standing
        sql += more
    if judged.reference is not None and asked.kind == "benchmark" and warehouse.model.time:
        months = counted(warehouse, replace(asked, by=()), None, ("month",))
        found["months"] = benchmark.monthly(judged.reference.rows, replace(asked, by=()), months, judged.whole)
        sql += months.sql
    return {name: part for name, part in found.items() if part is not None}, sql


def _distribution(judged: Judged) -> pd.DataFrame:
    """How the answers of the first groups of the table spread over the values of the metric."""
    frames = []
    places = judged.groups[:MOST_SHAPES]
    for group, answers in (("", judged.now), *((("baseline", judged.before),) if judged.before else ())):
        shown = answers.rows[answers.rows["s"].isin(places)].assign(value=lambda r: r["wx"] / r["w"])
        counts = shown.groupby(["s", "x"], as_index=False).agg(n=("n", "sum"), value=("value", "mean"))
        frames.append(counts.assign(share=counts["n"] / counts.groupby("s")["n"].transform("sum"), group=group))
    found = pd.concat(frames, ignore_index=True)
    names: list[Segment] = [judged.now.groups[s] for s in found["s"]]
    return found.assign(segment=pd.Series(names, dtype=object))[["segment", "group", "value", "n", "share"]]
