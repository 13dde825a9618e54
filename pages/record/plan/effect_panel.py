"""Did the plan work? The verdict with its sentence, the picture, the units, what must not get worse, every look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from analysis.effect.of_plan import lacking, planned_day
from analysis.result import Result
from data_access.statement import Problem, Statement
from data_access.workshop.records import Plan, Verdict
from data_access.workshop.tracing import Trace
from pages.frame import top
from pages.frame.context import Context, Frame
from pages.frame.folded import folded
from pages.record import record_words as say
from pages.record.plan import cycles, effect_picture, looks, rulings, verdicts
from pages.report import further_table, report
from pages.words import further_tables, plan_words
from pages.words.format import sentences
from pages.words.markdown import escape_markdown

OUTSIDE = "effect.start_outside"
DEEPER = ("cohorts", "bounds")


def section(here: Frame, row: Trace, over: Context | None) -> None:
    """One plan at a time; of several the first that has begun is open."""
    begun, without = looks.begun(row), looks.without_effect(row)
    if not begun and not without:
        return
    top.here(verdicts.PLACE)
    if begun:
        _of_one(here, row, begun, over)
    else:
        st.header(here.text("verify.title"), anchor=False, width="content")
    for plan in without:
        _lacks(here, row, plan)


def _lacks(here: Frame, row: Trace, plan: Plan) -> None:
    """Why a plan that has begun shows no effect, and the way to its form."""
    fields = ", ".join(say.field(here, name) for name in lacking(plan))
    with st.container(horizontal=True, vertical_alignment="center", key=f"plan.lacks.{plan.id}"):
        st.info(here.text("verify.lacks", action=escape_markdown(plan.action), fields=fields), icon=":material/info:")
        cycles.change(here, row, plan)


def _of_one(here: Frame, row: Trace, begun: Sequence[Plan], over: Context | None) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.header(here.text("verify.title"), anchor=False, width="content")
        plan = _chosen(here, begun, row.plans)
    with st.container(border=True, key=verdicts.PLACE):
        _panel(here, row, plan, over)


def _chosen(here: Frame, plans: Sequence[Plan], all_plans: Sequence[Plan]) -> Plan:
    if len(plans) == 1:
        return plans[0]
    known = {plan.id: plan for plan in plans}
    place = verdicts.chosen_in(plans[0].issue_id)
    if st.session_state.get(place) not in known:
        st.session_state[place] = plans[0].id
    chosen = st.selectbox(here.text("verify.of"), list(known), key=place, width=480,
                          format_func=lambda id: cycles.name_of(here, known[id], all_plans))  # fmt: skip
    return known[str(chosen)]


def _panel(here: Frame, row: Trace, plan: Plan, over: Context | None) -> None:
    result = None if over is None else _asked(over, row, plan)
    if over is not None and result is not None:
        _answer(over, row, plan, result)
        rulings.shown(here, row, plan)
        judged = replace(plan, check_on=planned_day(plan, row.looks))
        effect_picture.draw(over, judged, result)
        _tables(over, judged, result)
    else:
        looks.recalled(here, row, plan)
        rulings.shown(here, row, plan)
    is_judged = result is not None or verdicts.newest(row, plan) is not None
    with st.container(horizontal=True):
        cycles.change(here, row, plan)
        if is_judged:
            rulings.form(here, row, plan)
            cycles.moves(here, row, plan)
    if is_judged:
        looks.table(here, row, plan)
    if over is not None and result is not None:
        _made_of(over, result)


def _asked(over: Context, row: Trace, plan: Plan) -> Result | None:
    """The effect over the data of today. Where nothing can be said yet, that is said in a sentence."""
    try:
        return looks.result_of(over, row, plan)
    except Problem as problem:
        said, last = problem.statement, problem.statement.values.get("last")
        if said.key == OUTSIDE and plan.start and last and plan.start > last:
            said = Statement("verify.not_begun", {"start": plan.start, "last": last})
            st.info(over.say(said), icon=":material/hourglass_empty:")
            return None
        st.warning(say.trouble(over, problem), icon=":material/info:")
        return None


def _answer(over: Context, row: Trace, plan: Plan, result: Result) -> None:
    """The verdict with its sentence, what it rests on, and what to beware of."""
    judged = verdicts.of(row, plan)
    computed = Verdict(result.statistics["verdict"])
    chips = [verdicts.chip(over, computed)]
    if judged and judged.ruling:
        told = over.text("verify.computed", verdict=over.text(f"workshop.verdict.{computed}"))
        badge = f":orange-badge[:material/gavel: {over.text('verify.overruled')}]"
        chips = [verdicts.chip(over, judged.verdict), badge, f":gray[{told}]"]
    first, *others = result.findings
    st.markdown(f"{' '.join(chips)}\n\n## {over.say(first)}")
    st.markdown(f"**{_facts(over, plan, result)}**")
    if others:
        st.markdown(sentences(over.say(said) for said in others))
    caveats = [*_day(row, plan), *result.caveats]
    if caveats:
        st.caption(sentences(over.say(said) for said in caveats))


def _day(row: Trace, plan: Plan) -> list[Statement]:
    """On which day the verdict is due where that is not what the plan says."""
    day = planned_day(plan, row.looks)
    if day == plan.check_on:
        return []
    if plan.check_on is None:
        return [Statement("verify.no_day", {"day": day})]
    return [Statement("verify.day_stays", {"day": day, "moved": plan.check_on})]


def _facts(over: Context, plan: Plan, result: Result) -> str:
    """The effect with its interval, the control by name, the answers of each cell, and what the errors go by."""
    n, clusters = result.table["n"], result.statistics.get("clusters")
    named = over.text("verify.against", names=effect_picture.named(over, plan, "control"))
    cells = "verify.cells" if n.min() < n.max() else "verify.each_cell"
    told = [
        plan_words.gain(over.words, result.statistics, result.unit),
        named if plan.control else over.text("plan_form.no_control"),
        over.text(cells, least=n.min(), most=n.max()),
    ]
    cluster = result.options.get("cluster") or result.options.get("unit") or over.warehouse.model.cluster
    if clusters:
        told.append(over.text("verify.clusters", clusters=clusters, dimension=cluster))
    return " · ".join(told)


def _tables(over: Context, plan: Plan, result: Result) -> None:
    """What must not get worse, who is in it, and all of it as a file; on demand, what the verdict bears."""
    for name in ("guardrails", "units"):
        if further_tables.has(result, name):
            further_table.part(over, result, name)
    report.keep(over, result, "effect")
    deeper = folded(over.text("verify.deeper"), "stacked_line_chart", f"effect.deeper.{plan.id}")
    if deeper.open:
        with deeper:
            effect_picture.before(over, plan, result)
            for name in DEEPER:
                if further_tables.has(result, name):
                    further_table.part(over, result, name)


def _made_of(over: Context, result: Result) -> None:
    how = folded(over.text("how.title"), "function", "how.effect")
    if not (how.open and result.how):
        return
    with how:
        for statement in (result.how.formula, *result.how.assumptions):
            st.markdown(over.say(statement))
