"""How will it be shown to work? Who begins, who is the control, from when to when, and what must not get worse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from analysis.effect.of_plan import where_of
from data_access.workshop.records import Plan
from pages.frame.context import Context, Frame
from pages.frame.kept import AS_IT_IS
from pages.record import drafts
from pages.record import record_words as say
from pages.record.plan import lift as lifts
from pages.record.plan import proposed, reach, taking
from pages.record.plan.shapes import MEMBERS, SHAPES, SPAN
from pages.words import path_words

NONE = ""


def part(here: Frame, over: Context | None, base: Plan, plan: Plan, given: Mapping[str, Any]) -> Plan:
    """The plan with what this part of its form holds now; `given` is proposed for what is still empty."""
    with st.expander(here.text("plan_form.shown"), expanded=True, icon=":material/science:"):
        if over is None:
            st.caption(here.text("plan_form.no_data"))
            return plan
        _offer(here, base, given)
        asked, known = _who(over, base, plan)
        asked = _limits(over, base, _when(here, base, asked))
        reach.tell(over, base, asked, known)
    return asked


def _offer(here: Frame, base: Plan, given: Mapping[str, Any]) -> None:
    """A plan written before it was asked how it is shown: one click fills in what the data tell."""
    lacking = taking.empty(base, given)
    place = st.container()
    if base.version and "start" in lacking:
        place.button(here.text("plan_form.propose"), key="plan.propose", icon=":material/auto_fix_high:",
                     on_click=taking.fill, args=(here, base, lacking))  # fmt: skip


def _who(over: Context, base: Plan, plan: Plan) -> tuple[Plan, Sequence[str]]:
    """Who begins and who is the control, of those whom the plan's segment has."""
    left, middle, right = st.columns([3, 4, 4])
    with left:
        unit = _unit(over, base)
    known = proposed.members(over, plan, unit) if unit else []
    with middle:
        treated = _members(over, base, "treated", known, unit)
    with right:
        control = _members(over, base, "control", [member for member in known if member not in treated], unit)
    starts = tuple((member, day) for member, day in drafts.now(base, "starts") if member in treated)
    plan = replace(plan, unit=unit, treated=treated, control=control, starts=starts)
    return _one_place(over, plan), known


def _one_place(over: Context, plan: Plan) -> Plan:
    """Of one dimension the plan names members once: those who begin stand for its segment, and that is said."""
    where = where_of(plan)
    gone = tuple(part for part in plan.segment if part not in where)
    if gone and proposed.members_in(gone, plan.unit) != plan.treated:
        segment = path_words.path(over.plain, gone)
        st.caption(f":material/info: {over.text('plan_form.segment_replaced', segment=segment)}")
        return replace(plan, segment=where)
    return plan


def _unit(over: Context, base: Plan) -> str:
    """The dimension whose members begin. Another one has other members."""
    options = [NONE, *proposed.units(over)]
    options += [base.unit] if base.unit not in options else []
    unit = str(st.selectbox(
        say.field(over, "unit"), options, **drafts.chosen(over, base, "unit"),
        format_func=lambda name: over.names.of_dimension(name) if name else say.label(over, "unit", NONE),
        help=over.text("plan_form.unit_help"),
    ))  # fmt: skip
    last = f"plan.unit.{base.id}"
    if st.session_state.setdefault(last, unit) != unit:
        st.session_state[last] = unit
        taking.fill(over, base, {"treated": (), "control": (), "starts": ()})
    return unit


def _members(over: Context, base: Plan, name: str, known: Sequence[str], unit: str) -> tuple[str, ...]:
    chosen = drafts.chosen(over, base, name, shape=MEMBERS)
    kept = [member for member in st.session_state[chosen["key"]] if member in known or name == "treated"]
    st.session_state[chosen["key"]] = kept
    options = [*known, *(member for member in kept if member not in known)]
    return tuple(st.multiselect(
        say.field(over, name), options, placeholder=over.text(f"plan_form.{name}_none"),
        format_func=lambda member: over.plain.show(member, "name", dimension=unit), **chosen,
    ))  # fmt: skip


def _when(here: Frame, base: Plan, plan: Plan) -> Plan:
    _follow(here, base, plan)
    days: dict[str, Any] = {}
    first, second, third, fourth = (*st.columns(2), *st.columns(2))
    for place, name in ((first, "start"), (second, "check_on")):
        with place:
            days[name] = st.date_input(say.field(here, name), value=None, format="YYYY-MM-DD",
                                       **drafts.chosen(here, base, name))  # fmt: skip
    for place, name in ((third, "baseline"), (fourth, "noticed")):
        with place:
            span = st.date_input(say.field(here, name), value=[], format="YYYY-MM-DD",
                                 help=here.text(f"plan_form.{name}_help"),
                                 **drafts.chosen(here, base, name, shape=SPAN))  # fmt: skip
            days[name] = SPAN.read(span)
    return replace(plan, **days)


def _follow(here: Frame, base: Plan, plan: Plan) -> None:
    """Another start moves along what was proposed from the one before: nothing that somebody chose."""
    place, start = f"plan.start.{base.id}", drafts.now(base, "start")
    last = st.session_state.setdefault(place, start)
    if start is None or start == last:
        return
    st.session_state[place] = start
    if last is None:
        return
    before, after = (proposed.days(here, replace(plan, noticed=drafts.now(base, "noticed", shape=SPAN)), day)
                     for day in (last, start))  # fmt: skip
    same = [name for name in before if drafts.now(base, name, shape=SHAPES.get(name, AS_IT_IS)) == before[name]]
    taking.fill(here, base, {name: after[name] for name in same})


def _limits(over: Context, base: Plan, plan: Plan) -> Plan:
    left, right = st.columns([7, 4])
    known = proposed.guardrails_of(over, plan.target_metric)
    with left:
        chosen = drafts.chosen(over, base, "guardrails", shape=MEMBERS)
        kept = st.session_state[chosen["key"]]
        guardrails = st.multiselect(
            say.field(over, "guardrails"), [*known, *(name for name in kept if name not in known)],
            format_func=over.names.of_dimension, placeholder=over.text("plan_form.guardrails_none"),
            help=over.text("plan_form.guardrails_help"), **chosen,
        )  # fmt: skip
    with right:
        unit = lifts.unit_of(over, plan)
        label = over.text("column.with_unit", title=say.field(over, "smallest"),
                          unit=over.text(f"column.unit.{unit.of_change}"))  # fmt: skip
        smallest = st.number_input(label, min_value=0.0, value=None, step=0.1, format="%.2f",
                                   placeholder=over.text("plan_form.smallest_none"),
                                   help=over.text("plan_form.smallest_help"),
                                   **drafts.chosen(over, base, "smallest"))  # fmt: skip
    return replace(plan, guardrails=tuple(guardrails), smallest=smallest)
