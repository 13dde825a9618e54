"""Did a remedy work, beyond what happened anyway? The verdict on a start, with all it rests on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from analysis.effect.asked import Asked, asked
from analysis.effect.findings import caveats, findings, how
from analysis.effect.judged import Judged, Terms, judged, oriented
from analysis.effect.mix import mix_strata
from analysis.effect.pictures import four_scores, units, weeks
from analysis.effect.sums import Sums, sums
from analysis.effect.verdict import NOT_ENOUGH
from analysis.estimate import residual_squares
from analysis.limits import within_limits
from analysis.result import Result
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse


@within_limits
def effect(
    warehouse: Warehouse,
    selection: Selection,
    *,
    control: tuple[Filter, ...] = (),
    start: date,
    starts: tuple[tuple[str, date], ...] = (),
    unit: str = "",
    cluster: str = "",
    baseline: Period | None = None,
    noticed: Period | None = None,
    check_on: date | None = None,
    smallest: float | None = None,
    guardrails: tuple[str, ...] = (),
    design: str = "",
) -> Result:
    """By how much more the selection's segment changed from `start` on than the control did, and whether that counts.

    The selection's filters are the treated; `control` replaces their members of some dimensions. unit: the dimension
    whose members are treated (the control's); cluster: what varies by chance (the unit). noticed: when the problem
    was seen, which is no part of the baseline. check_on: the planned day of the verdict. smallest: the smallest gain
    that matters (the metric's own). table: period, group, n, score, low, high. statistics: effect with low, high and
    p between clusters, gain (positive is better), clusters, treated_clusters, n, verdict, raw_effect, wild_p,
    randomisation_p, smallest_p, needed_weeks, needed_answers. parts: weeks, units. Raises BadInput for what cannot be
    meant, NothingToShow without answers of a group on a side of the start.
    """
    question = asked(
        warehouse, selection, control=control, start=start, starts=starts, unit=unit, cluster=cluster,
        baseline=baseline, noticed=noticed, check_on=check_on, smallest=smallest, guardrails=guardrails,
        design=design,
    )  # fmt: skip
    if not question.control:
        raise BadInput("effect.no_control")
    strata, asking = mix_strata(warehouse, question)
    found = sums(warehouse, question, strata)
    _check(found, question)
    least = question.smallest or _smallest(found, question)
    terms = Terms(
        start=question.start, smallest=least, sign=question.metric.sign, baseline=question.baseline,
        noticed=question.noticed, until=question.whole.end,
    )  # fmt: skip
    verdict = judged(found.cells, terms)
    table = four_scores(verdict.rows, verdict.after, question.metric)
    statistics = _statistics(verdict, question, terms)
    return Result.of(
        warehouse,
        selection,
        question.metric,
        "effect",
        statistics=statistics,
        table=table,
        findings=findings(verdict, question, terms),
        caveats=caveats(verdict, question),
        how=how(verdict, question, table, strata),
        options=question.options,
        parts={"weeks": weeks(found.weeks, question.start), "units": units(verdict, question)},
        sql=tuple(dict.fromkeys((*asking, found.sql))),
    )


def _check(found: Sums, question: Asked) -> None:
    """Raises NothingToShow where a group has no answers before or after the start."""
    after = np.array([day >= question.start for day in found.weeks["day"]], dtype=bool)
    treated = found.weeks["treated"].to_numpy(dtype=bool)
    for group, own in (("treated", treated), *((("control", ~treated),) if question.control else ())):
        for side, inside in (("before", ~after), ("after", after)):
            if not found.weeks.loc[own & inside, "n"].sum():
                raise NothingToShow(f"effect.none_{group}_{side}", start=question.start)


def _smallest(found: Sums, question: Asked) -> float:
    """The smallest gain that matters of this metric, from how the answers of both groups are."""
    t = found.weeks[["n", "w", "wx", "v", "vx", "vxx"]].sum()
    mean = float(t["wx"] / t["w"])
    spread = math.sqrt(max(float(residual_squares(t, mean)), 0.0) / max(float(t["v"]), 1e-300))
    return question.metric.kind.smallest_that_matters(mean, spread)


def _statistics(verdict: Judged, question: Asked, terms: Terms) -> Mapping[str, Any]:
    e, opinions = verdict.effect, verdict.opinions
    gain, gain_low, gain_high = oriented(e, terms.sign)
    return {
        "effect": e.value,
        "low": e.low,
        "high": e.high,
        "p": e.p,
        "gain": gain,
        "gain_low": gain_low,
        "gain_high": gain_high,
        "df": e.df,
        "clusters": e.clusters,
        "treated_clusters": e.treated_clusters,
        "n": float(verdict.rows["n"].sum()),
        "verdict": verdict.verdict,
        "design": "did",
        "smallest": terms.smallest,
        "planned": question.planned,
        "raw_effect": verdict.raw,
        "wild_p": opinions.wild_p,
        "randomisation_p": opinions.randomised.p,
        "smallest_p": opinions.randomised.smallest,
        "needed_weeks": verdict.needed.weeks if verdict.verdict == NOT_ENOUGH else None,
        "needed_answers": verdict.needed.answers if verdict.verdict == NOT_ENOUGH else None,
    }
