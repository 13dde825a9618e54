"""Did a remedy work, beyond what happened anyway? The verdict on a start, with all it rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from analysis.disclosure import check_selection
from analysis.effect.asked import Asked, asked
from analysis.effect.figures import figures, smallest_of
from analysis.effect.findings import caveats, findings, how
from analysis.effect.guardrails import guarded
from analysis.effect.judged import Judge, Judged, Terms, did_judged, judged
from analysis.effect.mix import mix_strata
from analysis.effect.other_designs import Setting, arms_judged, cohorts_judged, series_judged
from analysis.effect.pictures import four_scores, parts, pretrend_of
from analysis.effect.sums import Sums, passes, sums, sums_beside
from analysis.limits import within_limits
from analysis.result import Result
from data_access.selection import Filter, Period, Selection
from data_access.statement import NothingToShow
from data_access.warehouse import Warehouse


@within_limits
def effect(
    warehouse: Warehouse,
    selection: Selection,
    *,
    control: tuple[Filter, ...] = (),
    start: date | None = None,
    starts: tuple[tuple[str, date], ...] = (),
    unit: str = "",
    cluster: str = "",
    baseline: Period | None = None,
    noticed: Period | None = None,
    check_on: date | None = None,
    smallest: float | None = None,
    guardrails: tuple[str, ...] = (),
    design: str = "",
    ratio: str = "",
) -> Result:
    """By how much more the selection's segment changed from `start` on than the control did, and whether that counts.

    The selection's filters are the treated; `control` replaces their members of some dimensions. unit: the dimension
    whose members are treated (the control's); cluster: what varies by chance (the unit). noticed: when the problem
    was seen, which is no part of the baseline. check_on: the planned day of the verdict. smallest: the smallest gain
    that matters (the metric's own). ratio: in which two arms were to be drawn, treated to control (1:1). table:
    period, group, n, score, low, high. statistics: effect with low, high and p between clusters, gain (positive is
    better), clusters, treated_clusters, n, verdict, raw_effect, wild_p, randomisation_p, smallest_p, needed_weeks,
    needed_answers. parts: weeks, units, guardrails, cohorts, bounds.
    Raises BadInput for what cannot be meant, NothingToShow without answers of a group on a side of the start.
    """
    question = asked(
        warehouse, selection, control=control, start=start, starts=starts, unit=unit, cluster=cluster,
        baseline=baseline, noticed=noticed, check_on=check_on, smallest=smallest, guardrails=guardrails,
        design=design, ratio=ratio,
    )  # fmt: skip
    check_selection(warehouse, replace(selection, filters=question.others))
    strata, asking = mix_strata(warehouse, question) if question.design == "did" else ((), ())
    found = sums(warehouse, question, strata)
    _check(found, question, warehouse.model.disclose_from)
    least = question.smallest or smallest_of(question.metric, found.cells)
    terms = Terms(
        start=question.start, smallest=least, sign=question.metric.sign, baseline=question.baseline,
        noticed=question.noticed, until=question.whole.end, check_on=question.check_on,
    )  # fmt: skip
    setting = _setting(warehouse, question)
    judge = judge_of(question.design, setting)
    verdict = judged(found.of(question.design), terms, judge)
    guards, guarding = _guardrails(warehouse, question, verdict, terms, setting)
    drifted = pretrend_of(verdict, question, found.weeks)
    table = four_scores(verdict.rows, verdict.after, question.metric)
    return Result.of(
        warehouse, selection, question.metric, "effect",
        statistics=figures(verdict, question, terms, drifted),
        table=table,
        findings=findings(verdict, question, terms, guards),
        caveats=caveats(verdict, question, drifted, found.without),
        how=how(verdict, question, table, strata),
        options=question.options,
        parts=parts(verdict, question, terms, setting, _weeks(warehouse, found), guards, drifted),
        sql=tuple(dict.fromkeys((*asking, found.sql, *guarding))),
    )  # fmt: skip


def _weeks(warehouse: Warehouse, found: Sums) -> pd.DataFrame:
    """The weeks that may be shown: none where small groups are secret, for they could be had as differences."""
    return found.weeks.iloc[:0] if warehouse.model.disclose_from else found.weeks


def judge_of(design: str, setting: Setting) -> Judge:
    """How a design is judged at one look."""
    others = {"cohorts": cohorts_judged, "series": series_judged, "arms": arms_judged}
    return partial(others[design], setting=setting) if design in others else did_judged


def _setting(warehouse: Warehouse, question: Asked) -> Setting:
    """The starts of a roll-out; of two arms, how many contacts fell into each, whether they answered or not."""
    if question.design != "arms":
        return Setting(starts=question.starts)
    period = Period(question.start, question.whole.end)
    answer = warehouse.population_by(question.metric.name, [*question.treated], period, question.everybody)
    treated, control = (passes(answer.rows, members) for members in question.sides)
    counts = tuple(float(answer.rows.loc[own, "population"].sum()) for own in (treated, control))
    drawn = (counts[0], counts[1]) if min(counts) > 0 else None
    return Setting(contacts=drawn, planned=question.planned_share, share=question.metric.unit.is_share)


def _guardrails(
    warehouse: Warehouse, question: Asked, verdict: Judged, terms: Terms, setting: Setting
) -> tuple[pd.DataFrame, list[str]]:
    """Each guardrail by the same design, without the month that was left out of the metric's own baseline."""
    found, sql = {}, []
    for name in question.guardrails:
        metric = warehouse.model.measure(name)
        own, asking = sums_beside(warehouse, question, metric)
        sql.append(asking)
        least = smallest_of(metric, own)
        same = replace(terms, smallest=least, sign=metric.sign, noticed=verdict.before.left_out or terms.noticed)
        if not own.empty:
            judge = judge_of(question.design, replace(setting, share=metric.unit.is_share))
            found[name] = metric, least, judged(own, same, judge)
    return guarded(found), sql


def _check(found: Sums, question: Asked, least: int) -> None:
    """Raises NothingToShow where a group has no answers before (but for two arms) or after the start, or fewer than
    may be shown.
    """
    after = np.array([day >= question.start for day in found.weeks["day"]], dtype=bool)
    treated = found.weeks["treated"].to_numpy(dtype=bool)
    sides = (("before", ~after), ("after", after))[question.design == "arms" :]
    for group, own in (("treated", treated), *((("control", ~treated),) if question.control else ())):
        for side, inside in sides:
            n = float(found.weeks.loc[own & inside, "n"].sum())
            if not n:
                raise NothingToShow(f"effect.none_{group}_{side}", start=question.start)
            if n < least:
                raise NothingToShow("disclose.too_few", least=least)
