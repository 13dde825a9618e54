"""The work of one group as it stands now, to read and to comment on; nothing of it can be changed from here."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from data_access.statement import Problem
from data_access.workshop.class_records import TrainingClass
from data_access.workshop.records import Pin, PlanState
from data_access.workshop.tracing import EvidenceKind, Trace
from pages.act.classroom.desk.standing import answers_of
from pages.frame.context import Frame
from pages.record import comments, heading, pinned_evidence
from pages.record import record_words as say
from pages.record.plan import lift
from pages.words import why_tree
from pages.words.markdown import escape_markdown

CHOSEN = "desk.work"


def choose(group: str) -> None:
    """Show the work of a group, with "" of none."""
    st.session_state[CHOSEN] = group


def draw(here: Frame, klass: TrainingClass) -> None:
    wanted = st.session_state.get(CHOSEN, "")
    store = here.store()
    groups = [group for group in store.groups(here.user, klass.id) if group.key == wanted]
    found = answers_of(groups, store.traces(here.user)).get(wanted) if groups else None
    if found is None:
        return
    with st.container(border=True, key="desk.work"):
        st.button(here.text("desk.close_work"), key="desk.work.close", icon=":material/close:", type="tertiary",
                  on_click=choose, args=("",))  # fmt: skip
        st.markdown(f"## {escape_markdown(groups[0].name)}: {escape_markdown(found.issue.title)}")
        heading.summary(here, found, None, at="")
        for line in lines_of(here, found):
            st.markdown(line)
        comments.section(here, found)


def lines_of(here: Frame, row: Trace) -> Iterator[str]:
    """Evidence, the tree of whys and the plans, a line of Markdown each."""
    yield f"**{here.text('workshop.evidence', count=len(row.pins))}**"
    for pin in row.pins:
        yield f"- {_said_by(here, pin)}"
    for piece in row.evidence:
        if piece.kind is not EvidenceKind.PIN:
            kind = here.text(f"workshop.evidence_kind.{piece.kind}")
            named = " ".join(filter(None, [piece.rule_id, ", ".join(piece.contacts[:5]), piece.text]))
            yield f"- {kind} {escape_markdown(named)}"
    if row.whys:
        yield f"**{here.text('workshop.stage.why')}**"
    for depth, why in why_tree.in_order(row.whys):
        status = here.text(f"workshop.status.{why.status}")
        yield f"{'    ' * depth}- {escape_markdown(why.statement)} :gray[{status}]"
    plans = [plan for plan in row.plans if plan.state is not PlanState.DROPPED]
    if plans:
        yield f"**{here.text('workshop.stage.solution')}**"
    for plan in plans:
        promised = lift.in_words(here, plan.expected_lift, lift.unit_of(here, plan)) if plan.expected_lift else ""
        facts = [say.answerable(here, plan), here.plain.show(plan.due, "date") if plan.due else "", promised]
        yield f"- {escape_markdown(plan.action)} :gray[{escape_markdown(' · '.join(filter(None, facts)))}]"


def _said_by(here: Frame, pin: Pin) -> str:
    """The first finding of a pin in words over its own data, where they are here."""
    try:
        words = pinned_evidence.over(here, pin).words
    except Problem:
        words = here.words
    return words.recall(pin.statements[0]) if pin.statements else say.method(here, pin)
