"""In which way the plans are seen, and which of them: all of it stands in the link."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from data_access.workshop.records import PlanState, Priority, Verdict
from pages.act.plans.register import Line
from pages.act.plans.ways import WAYS
from pages.frame import address
from pages.frame.context import Frame
from pages.frame.linked_choices import choose, choose_beside
from pages.record import record_words as say

ALL, NOBODY, UNSEEN = "all", "nobody", "unchecked"
WIDE = 168  # pixels of a filter: five of them stand in one line of a small screen


def way_asked(here: Frame) -> str:
    """The way that this run will show, before anything is drawn."""
    linked = st.session_state[address.ARRIVED].get("way", ())
    return str(linked[0] if linked else st.session_state.get(here.key("way"), ""))


def choose_way(here: Frame) -> tuple[str, bool]:
    """The way, and whether only what is overdue is seen."""
    with st.container(horizontal=True, vertical_alignment="center"):
        return _way(here), _only_late(here)


def _way(here: Frame) -> str:
    return choose_beside(here, "way", [*WAYS], lambda code: here.text(f"plan_register.way.{code}"))


def filtered(here: Frame, lines: Sequence[Line], *, late: bool) -> list[Line]:
    """By department, state, block, priority and verdict; late: only what is overdue."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        owner = _owner(here, lines)
        state = _one(here, "plan_state", [*PlanState], lambda code: here.text(f"workshop.state.plan.{code}"))
        block = _one(here, "plan_block", _blocks(here), lambda code: say.label(here, "block", code))
        priority = _one(here, "plan_priority", [*Priority], lambda code: here.text(f"workshop.priority.{code}"))
        verdict = _one(here, "plan_verdict", [*Verdict, UNSEEN],
                       lambda code: here.text("plan_register.unchecked" if code == UNSEEN else
                                              f"workshop.verdict.{code}"))  # fmt: skip
    kept = [
        line
        for line in lines
        if owner in (ALL, line.plan.owner or NOBODY)
        and state in (ALL, line.plan.state)
        and block in (ALL, line.plan.block)
        and priority in (ALL, line.plan.priority)
        and verdict in (ALL, line.standing.verdict if line.standing else UNSEEN)
        and (line.late or not late)
    ]
    if not kept:
        st.info(here.text("plan_register.none_left"), icon=":material/filter_alt_off:")
    return kept


def _one(here: Frame, name: str, options: Sequence[str], show: Callable[[str], str]) -> str:
    """A filter with its name in front, so that it needs no line of its own."""
    return choose(here, name, [ALL, *options], ALL, lambda code: here.text("plan_register.all") if code == ALL
                  else show(code), label=here.text(f"plan_register.filter.{name}"), width=WIDE)  # fmt: skip


def _blocks(here: Frame) -> list[str]:
    return [entry.code for entry in say.entries(here, "block")]


def _owner(here: Frame, lines: Sequence[Line]) -> str:
    """The departments that own a plan, and nobody; somebody's name is chosen too but never stands in the link."""
    owners = sorted({line.plan.owner for line in lines} - {""})
    options = [ALL, *owners, *([NOBODY] if any(not line.plan.owner for line in lines) else [])]
    known = {entry.code for entry in say.entries(here, "owner")}
    named = {ALL: here.text("plan_register.all"), NOBODY: say.label(here, "owner", "")}
    return choose(here, "plan_owner", options, ALL, lambda code: named.get(code) or say.label(here, "owner", code),
                  label=say.field(here, "owner"), width=WIDE, typed=set(owners) - known)  # fmt: skip


def _only_late(here: Frame) -> bool:
    key = here.key("overdue")
    address.take("overdue", key, lambda values: values[0] == "1")
    late = st.toggle(here.text("plan_register.only_late"), key=key, persist_state="session")
    if late:
        address.write("overdue", "1")
    return late
