"""The work of one group as it stands now, to read and to comment on; nothing of it can be changed from here."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from analysis.training.class_results import answers_of
from data_access.statement import Problem
from data_access.workshop.class_records import TrainingClass
from data_access.workshop.records import Pin, Plan, PlanState
from data_access.workshop.tracing import EvidenceKind, Trace
from pages.act.classroom.desk import class_data
from pages.frame.context import Context, Frame
from pages.record import comments, heading, pinned_evidence
from pages.record import record_words as say
from pages.record.plan import lift
from pages.words import why_tree
from pages.words.markdown import escape_markdown

CHOSEN = "desk.work"


def choose(group: str) -> None:
    """Show the work of a group, with "" of none."""
    st.session_state[CHOSEN] = group


def draw(here: Frame, klass: TrainingClass) -> bool:
    """Whether the work of a group is open: it stands in the place of the cards of all."""
    wanted = st.session_state.get(CHOSEN, "")
    store = here.store()
    groups = [group for group in store.groups(here.user, klass.id) if group.key == wanted]
    found = answers_of(groups, store.traces(here.user, groups=[wanted])).get(wanted) if groups else None
    if found is None:
        return False
    with st.container(border=True, key="desk.work"):
        st.button(here.text("desk.close_work"), key="desk.work.close", icon=":material/arrow_back:", type="tertiary",
                  on_click=choose, args=("",))  # fmt: skip
        title = here.text("desk.work_of", group=groups[0].name, title=found.issue.title)
        st.markdown(f"## {escape_markdown(title)}")
        show(here, class_data.over(here, klass), found)
        comments.section(here, found)
    return True


def show(here: Frame, there: Context | None, row: Trace) -> None:
    """What a group found, and on what it stands, in the words of the class data."""
    heading.summary(here, row, there, at="")
    st.markdown(told(here, row))


def told(here: Frame, row: Trace) -> str:
    """Evidence, the tree of whys and the plans, as lists in Markdown."""
    plans = [plan for plan in row.plans if plan.state is not PlanState.DROPPED]
    parts = {
        here.text("workshop.evidence", count=len(row.pins)): [*_pinned(here, row), *_brought(here, row)],
        here.text("workshop.stage.why"): [*_whys(here, row)],
        here.text("workshop.stage.solution"): [_plan(here, plan) for plan in plans],
    }
    return "\n\n".join("\n".join([f"**{name}**", "", *lines]) for name, lines in parts.items() if lines)


def _pinned(here: Frame, row: Trace) -> Iterator[str]:
    yield from (f"- {_said_by(here, pin)}" for pin in row.pins)


def _brought(here: Frame, row: Trace) -> Iterator[str]:
    for piece in row.evidence:
        if piece.kind is not EvidenceKind.PIN:
            kind = here.text(f"workshop.evidence_kind.{piece.kind}")
            named = " ".join(filter(None, [piece.rule_id, ", ".join(piece.contacts[:5]), piece.text]))
            yield f"- {kind} {escape_markdown(named)}"


def _whys(here: Frame, row: Trace) -> Iterator[str]:
    for depth, why in why_tree.in_order(row.whys):
        status = here.text(f"workshop.status.{why.status}")
        yield f"{'    ' * depth}- {escape_markdown(why.statement)} :gray[{status}]"


def _plan(here: Frame, plan: Plan) -> str:
    promised = lift.in_words(here, plan.expected_lift, lift.unit_of(here, plan)) if plan.expected_lift else ""
    facts = [say.answerable(here, plan), here.plain.show(plan.due, "date") if plan.due else "", promised]
    return f"- {escape_markdown(plan.action)} :gray[{escape_markdown(' · '.join(filter(None, facts)))}]"


def _said_by(here: Frame, pin: Pin) -> str:
    """The first finding of a pin in words over its own data, where they are here."""
    try:
        words = pinned_evidence.over(here, pin).words
    except Problem:
        words = here.words
    return words.recall(pin.statements[0]) if pin.statements else say.method(here, pin)
