"""People may overrule what was computed: with a reason, and once a second person agrees. Both verdicts stay."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from data_access.access import is_local, may_edit_issue
from data_access.statement import Problem
from data_access.workshop.field_rules import longest
from data_access.workshop.records import Plan, Ruling, Verdict
from data_access.workshop.standing import stands
from data_access.workshop.tracing import Trace
from pages.frame import top
from pages.frame.context import Frame
from pages.record import record_words as say
from pages.record.plan import verdicts
from pages.words.markdown import escape_markdown


def shown(here: Frame, row: Trace, plan: Plan) -> None:
    """Each ruling on the plan that was not withdrawn, and whose word it still waits for."""
    for ruling in row.rulings:
        if ruling.plan_id == plan.id and ruling.withdrawn_at is None:
            _one(here, ruling)


def _one(here: Frame, ruling: Ruling) -> None:
    is_agreed = stands(ruling)
    with st.container(border=True, gap="small", key=f"ruling.{ruling.id}"):
        key = "verify.ruling_stands" if is_agreed else "verify.ruling_waits"
        said = here.text(key, first=say.who(ruling.created_by), second=ruling.second)
        reason = escape_markdown(ruling.reason)
        st.markdown(f"{verdicts.chip(here, ruling.verdict)} {said}  \n{reason}")
        if not may_edit_issue(here.user):
            return
        trouble = st.container()
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if not is_agreed:
                _confirm(here, ruling, trouble)
            if st.button(here.text("verify.withdraw"), key=f"ruling.withdraw.{ruling.id}", type="tertiary"):
                _do(here, lambda: here.store().withdraw_ruling(here.user, ruling.id), trouble)


def _confirm(here: Frame, ruling: Ruling, trouble: st.delta_generator.DeltaGenerator) -> None:
    """Somebody else's button; without sign-in another name is asked for."""
    name = None
    if is_local(here.user):
        name = st.text_input(here.text("verify.second"), key=f"ruling.second.{ruling.id}", width=240,
                             max_chars=longest("second"))  # fmt: skip
    elif here.user.id == ruling.created_by_id:
        return
    if st.button(here.text("verify.confirm"), key=f"ruling.confirm.{ruling.id}", icon=":material/how_to_reg:"):
        _do(here, lambda: here.store().confirm_ruling(here.user, ruling.id, name=name), trouble)


def form(here: Frame, row: Trace, plan: Plan) -> None:
    """Another verdict with its reason."""
    if not may_edit_issue(here.user):
        return
    made = sum(ruling.plan_id == plan.id for ruling in row.rulings)  # it closes with each decision
    with st.popover(here.text("verify.overrule"), icon=":material/gavel:", key=f"ruling.open.{plan.id}.{made}"):
        st.caption(here.text("verify.overrule_note"))
        verdict = st.selectbox(say.field(here, "verdict"), [*Verdict], key=f"ruling.verdict.{plan.id}",
                               format_func=lambda code: here.text(f"workshop.verdict.{code}"))  # fmt: skip
        reason = st.text_area(say.field(here, "reason"), key=f"ruling.reason.{plan.id}", max_chars=longest("reason"))
        name = ""
        if is_local(here.user):
            name = st.text_input(here.text("verify.your_name"), key=f"ruling.name.{plan.id}",
                                 max_chars=longest("second"))  # fmt: skip
        trouble = st.container()
        if st.button(here.text("verify.rule"), key=f"ruling.save.{plan.id}", type="primary"):
            ruling = Ruling(plan_id=plan.id, issue_id=row.issue.id, verdict=Verdict(verdict), reason=reason.strip(),
                            created_by=name.strip())  # fmt: skip
            _do(here, lambda: here.store().overrule(here.user, ruling), trouble)


def _do(here: Frame, work: Callable[[], object], trouble: st.delta_generator.DeltaGenerator) -> None:
    """Done, and all drawn anew; what was refused is said above its button."""
    try:
        work()
    except Problem as problem:
        with trouble:
            top.refuse(say.trouble(here, problem))
        return
    top.go_to(verdicts.PLACE)
    st.rerun()
