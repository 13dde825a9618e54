"""Can this ever be shown? Said while the plan is filled in, with the units to start first and the control to take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from analysis.effect.of_plan import where_of
from analysis.effect.reachability import reachability
from analysis.result import Result
from data_access.selection import Filter, Selection
from data_access.workshop.records import Plan
from pages.frame.context import Context
from pages.record.plan import lift as lifts
from pages.record.plan import taking
from pages.report import report
from pages.words.format import sentences

VERDICTS = {"reachable": ("blue", ":material/check:"), "not_reachable": ("orange", ":material/schedule:"),
            "never": ("orange", ":material/block:"), "unknown": ("grey", ":material/help:")}  # fmt: skip
CONTROLS_SHOWN = 7


def tell(over: Context, base: Plan, plan: Plan, known: Sequence[str]) -> None:
    """The sentence with its verdict, then what would do: a roll-out, a control. known: all who could begin."""
    with st.container(key="plan.reach", border=True, gap="small"):
        if not (plan.target_metric and plan.start and plan.unit and (plan.treated or known)):
            st.caption(over.text("plan_form.reach_needs"))
            return
        where = where_of(replace(plan, treated=plan.treated or tuple(known)))
        own = _own_lift(over, plan, where)
        result = _asked(over, plan, known, where, own)
        if result is None:
            return
        _say(over, plan, result)
        _say_lift(over, plan, own)
        with st.container(horizontal=True, vertical_alignment="center"):
            _take(over, base, plan, result)


def _say(over: Context, plan: Plan, result: Result) -> None:
    """Of a roll-out in waves that was taken, what the waves show; else the verdict and what would do."""
    if not plan.treated:
        st.caption(over.text("plan_form.reach_all"))
    first, *others = result.findings
    verdict = str(result.statistics["verdict"])
    waves = [said for said in result.findings if said.key == "reachability.way_staggered"]
    if plan.starts and waves:
        first, others, verdict = waves[0], [], "reachable"
    colour, icon = VERDICTS[verdict]
    st.markdown(f"### :{colour}[{icon}] {over.say(first)}")
    if others or result.caveats:
        st.markdown(sentences(over.say(said) for said in (*others, *result.caveats)))
    for day in sorted({day for _, day in plan.starts}):
        names = _names(over, plan, [unit for unit, start in plan.starts if start == day])
        st.markdown(f"- {over.text('plan_form.wave', day=day, names=names)}")


def _names(over: Context, plan: Plan, members: Sequence[str]) -> str:
    return ", ".join(over.plain.show(member, "name", dimension=plan.unit) for member in members)


def _asked(
    over: Context, plan: Plan, known: Sequence[str], where: tuple[Filter, ...], lift: float | None
) -> Result | None:
    """Where nobody is chosen yet it is asked of all, so that an order is proposed in which they begin."""
    there = over.over(Selection(plan.target_metric, None, None, where).within(over.data_key.scope))
    return report.attempt(there, reachability, unit=plan.unit, treated=plan.treated or tuple(known),
                          control=plan.control, start=plan.start, check_on=plan.check_on, smallest=plan.smallest,
                          lift=lift)  # fmt: skip


def _own_lift(over: Context, plan: Plan, where: tuple[Filter, ...]) -> float | None:
    """What was promised of the whole, as what the segment itself must gain for it."""
    if not plan.expected_lift or plan.expected_lift <= 0:
        return None
    segment = lifts.of_path(over, where) if where else None
    return plan.expected_lift / segment.share if segment and segment.share > 0 else plan.expected_lift


def _say_lift(over: Context, plan: Plan, own: float | None) -> None:
    """The promise beside what can be shown: one is of the whole, the other of the segment."""
    if own and plan.expected_lift and own > plan.expected_lift:
        unit = lifts.unit_of(over, plan)
        st.caption(over.text("plan_form.lift_in_segment", lift=lifts.in_words(over, plan.expected_lift, unit),
                             own=lifts.in_words(over, own, unit)))  # fmt: skip


def _take(over: Context, base: Plan, plan: Plan, result: Result) -> None:
    """One click each; what was taken can be changed in the fields above."""
    rollout, controls = result.parts.get("rollout"), result.parts.get("controls")
    if rollout is not None and len(rollout):
        starts = tuple((str(row.unit), row.start) for row in rollout.itertuples())
        taken = {"treated": tuple(unit for unit, _ in starts), "control": (), "starts": starts,
                 "start": min(day for _, day in starts),
                 "due": max(plan.due or date.min, max(day for _, day in starts))}  # fmt: skip
        _button(over, base, plan, taken, "rollout")
    if controls is not None and len(controls) and not plan.control:
        named = tuple(str(unit) for unit in controls[controls["proposed"].astype(bool)]["unit"])
        if named:
            _button(over, base, plan, {"control": named}, "controls")
    if plan.starts:
        _button(over, base, plan, {"starts": ()}, "together")


def _button(over: Context, base: Plan, plan: Plan, taken: dict[str, Any], name: str) -> None:
    if all(getattr(plan, field) == content for field, content in taken.items()):
        return
    icon = {"rollout": ":material/stairs:", "controls": ":material/balance:", "together": ":material/undo:"}[name]
    members = taken.get("control") or ()
    told = _names(over, plan, members[:CONTROLS_SHOWN]) + (" …" if len(members) > CONTROLS_SHOWN else "")
    st.button(over.text(f"plan_form.take_{name}", members=told), key=f"plan.take.{name}", icon=icon,
              on_click=taking.fill, args=(over, base, taken))  # fmt: skip
