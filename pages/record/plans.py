"""The plans against an issue: what, who, by when, what it would bring, and how its effect will be checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from data_access.access import may_edit_issue
from data_access.taxonomy import Remedy
from data_access.workshop import rules
from data_access.workshop.field_rules import longest
from data_access.workshop.records import Issue, IssueState, Plan, PlanState
from data_access.workshop.tracing import Trace
from pages.frame import kept, top
from pages.frame.context import Context, Frame
from pages.record import drafts, moves, plan_draft, plan_table, removal, steps
from pages.record import lift as lifts
from pages.record import record_words as say
from pages.record.fields import choose_code, save_or_cancel
from pages.record.lift import Segment

NEW, NONE = "new", ""
EDITOR = "plan.editor"


def remedies(here: Frame, row: Trace, over: Context | None, *, begins: bool = False) -> None:
    """The table of plans, and the form of the one that is added or edited; `over` is the data of the issue.

    begins: where there is no plan yet the form is open.
    """
    issue, plans = row.issue, row.plans
    top.here(steps.PLANS)
    head = st.container(horizontal=True, vertical_alignment="center")
    head.header(here.text("workshop.plans", count=len(plans)), anchor=False, width="content")
    worth = [plan for plan in plans if plan.expected_lift is not None and plan.state is not PlanState.DROPPED]
    largest = max(worth, key=lambda plan: plan.expected_lift or 0.0, default=None)
    if largest:
        st.markdown(here.text("workshop.largest_lift", lift=_worth(here, largest), action=largest.action))
    if plans:
        with st.container(key="plan.table"):
            st.html(plan_table.WHOLE_WORDS)
            st.table(plan_table.plan_table(here, plans), border="horizontal", hide_index=True)
    elif not begins:
        st.caption(here.text("workshop.no_plans"))
    if not can_grow(here, row):
        return
    if begins and plans:
        moves.next_step(here, row)
    segments = lifts.offered(here, over, row)
    beside = st.container(horizontal=True, vertical_alignment="bottom") if plans else head
    with beside:
        chosen = _choose(here, issue, plans, plan_draft.drafted(here, issue, segments), begins=begins)
    if chosen is not None:
        top.here(EDITOR)
        _edit(here, issue, chosen, segments)


def can_grow(here: Frame, row: Trace) -> bool:
    """Whether this person may add plans, and take the issue on, right here."""
    return may_edit_issue(here.user) and row.issue.state is not IssueState.CLOSED


def _worth(here: Frame, plan: Plan) -> str:
    return lifts.in_words(here, plan.expected_lift or 0.0, lifts.unit_of(here, plan))


def _choose(here: Frame, issue: Issue, plans: Sequence[Plan], draft: Plan, *, begins: bool) -> Plan | None:
    """The plan to be edited: one of the table, or the new one."""
    place = f"page.plan.{issue.id}"
    known = {plan.id: plan for plan in plans}
    if st.session_state.pop(f"plan.closed.{issue.id}", False):
        st.session_state[place] = NONE
    if place not in st.session_state and (unsaved := _unsaved(issue, plans)):
        st.session_state[place] = unsaved
    if st.button(here.text("workshop.add_plan"), icon=":material/add:", key="plan.add"):
        st.session_state[place] = NEW
        st.session_state[f"plan.new.{issue.id}"] = draft
        top.go_to(EDITOR)
    if plans:
        if st.session_state.get(place) not in (NONE, NEW, *known):
            st.session_state[place] = NONE
        options = [NONE, *known] if st.session_state.get(place) != NEW else [NONE, NEW, *known]
        st.selectbox(here.text("workshop.edit_plan"), options, key=place, width=320, on_change=top.go_to,
                     args=(EDITOR,), format_func=lambda code: _choice(here, known, code))  # fmt: skip
    chosen = st.session_state.get(place, NEW if begins and not plans else NONE)
    if chosen == NEW:
        new: Plan = st.session_state.setdefault(f"plan.new.{issue.id}", draft)
        return new
    return known.get(chosen)


def _unsaved(issue: Issue, plans: Sequence[Plan]) -> str:
    """The plan that this person typed in another session and has not saved."""
    if drafts.begun(issue, "plan"):
        return NEW
    changed = drafts.changed(plans)
    return changed.id if changed else NONE


def _choice(here: Frame, known: Mapping[str, Plan], code: str) -> str:
    if code == NEW:
        return here.text("workshop.new_plan")
    return known[code].action if code else here.text("workshop.choose_plan")


@kept.form
def _edit(here: Frame, issue: Issue, plan: Plan, segments: Mapping[str, Segment]) -> None:
    if plan.version and drafts.settle(here, plan):
        return
    drafts.newer(here, plan)
    base = drafts.opened(plan)
    with st.container(border=True, key=EDITOR):
        plan_draft.tell(here, base)
        left, middle, right = st.columns([5, 4, 3])
        with left:
            suggested = _suggest(here, issue, base)
        with middle:
            segment = _segment(here, base, segments)
        with right:
            target = _target_value(here, base, segment)
        lift = lifts.say_gain(here, segment, target)
        where = segment.where if segment else () if segments else base.segment
        proposed = replace(suggested, target_value=target, segment=where)
        _form(here, issue, base, plan=proposed, segment=segment, lift=lift)
        if plan.version:
            _moves(here, base)


def _suggest(here: Frame, issue: Issue, base: Plan) -> Plan:
    """The plan with what the library says of the remedy chosen."""
    offered = here.taxonomy.remedies_for(issue.cause_type) or here.taxonomy.remedies
    options = [NONE, *(remedy.code for remedy in offered)]
    options += [base.remedy] if base.remedy not in options else []
    code = st.selectbox(say.field(here, "remedy"), options, **drafts.chosen(here, base, "remedy"),
                        format_func=lambda c: say.label(here, "remedy", c))  # fmt: skip
    remedy = here.taxonomy.entry("remedy", code)
    if not isinstance(remedy, Remedy):
        return replace(base, remedy=NONE)
    told = here.text("trace_page.days", days=remedy.days) if remedy.days else ""
    st.caption(f"{remedy.definition(here.words.language)} {told}")
    if code == base.remedy:
        return base
    return replace(base, remedy=code, action_type=remedy.action_type, owner=base.owner or remedy.owner,
                   check_method=remedy.comparison)  # fmt: skip


def _segment(here: Frame, base: Plan, segments: Mapping[str, Segment]) -> Segment | None:
    """The segment the plan lifts; its metric is the plan's."""
    if not segments:
        st.caption(here.text("workshop.no_segment"))
        return None
    code = st.selectbox(
        here.text("workshop.segment"), [NONE, *segments], key=drafts.key_of(base, "segment", _own(base, segments)),
        format_func=lambda c: segments[c].name if c else here.text("workshop.field.not_set"),
    )  # fmt: skip
    return segments.get(code)


def _own(base: Plan, segments: Mapping[str, Segment]) -> str:
    """The segment that the plan was made for."""
    return next((code for code, segment in segments.items() if segment.where == base.segment), NONE)


def _target_value(here: Frame, base: Plan, segment: Segment | None) -> float | None:
    unit = segment.metric.unit if segment else lifts.unit_of(here, base)
    return st.number_input(
        here.text("option.target", unit=here.text(f"unit.{unit}")), *unit.range, value=None, step=0.5, format="%.1f",
        **drafts.chosen(here, base, "target_value"),
    )  # fmt: skip


def _form(here: Frame, issue: Issue, base: Plan, *, plan: Plan, segment: Segment | None, lift: float | None) -> None:
    """The fields that are saved; empty ones take what the library suggests."""
    wording = say.label(here, "remedy", plan.remedy) if plan.remedy else ""
    action = drafts.line(here, say.field(here, "action"), base, "action", placeholder=wording,
                         max_chars=longest("action"))  # fmt: skip
    first, second, third, fourth = st.columns(4)
    with first:
        owner = choose_code(here, base, "owner", plan.owner)
        action_type = choose_code(here, base, "action_type", plan.action_type)
    with second:
        person = drafts.line(here, say.field(here, "person"), base, "person", max_chars=longest("person"))
        metric = _metric(here, base, segment)
    with third:
        due = st.date_input(say.field(here, "due"), value=None, format="YYYY-MM-DD",
                            **drafts.chosen(here, base, "due"))  # fmt: skip
        expected = _expected(here, base, segment, lift)
    with fourth:
        method = choose_code(here, base, "check_method", plan.check_method)
        comparison, place = here.taxonomy.entry("comparison", plan.check_method), st.container()
        if comparison:
            place.caption(here.text("workshop.needs", needs=comparison.hint(here.words.language)))
    trouble = st.container()  # above the buttons, where the eye is
    saved, left = save_or_cancel(here, "plan", "workshop.save_plan")
    if left:
        drafts.leave(here, base)
        _close(issue)
        st.rerun()
    if saved:
        done = replace(plan, action=action.strip() or wording, action_type=action_type, owner=owner, person=person,
                       due=due, target_metric=metric, expected_lift=expected, check_method=method)  # fmt: skip
        with trouble:
            drafts.save(here, done, then=lambda: _close(issue))


def _expected(here: Frame, base: Plan, segment: Segment | None, lift: float | None) -> float | None:
    """What the metric as a whole is to gain, in its unit; worked out from the target where that is known."""
    given = round(lift, 2) if lift is not None else base.expected_lift
    unit = segment.metric.unit if segment else lifts.unit_of(here, base)
    label = here.text("column.with_unit", title=say.field(here, "expected_lift"),
                      unit=here.text(f"column.unit.{unit.of_change}"))  # fmt: skip
    return st.number_input(label, value=None, step=0.1, format="%.2f", help=here.text("workshop.expected_lift_help"),
                           **drafts.chosen(here, base, "expected_lift", given))  # fmt: skip


def _metric(here: Frame, base: Plan, segment: Segment | None) -> str:
    given = segment.metric.name if segment else base.target_metric
    options = [NONE, *(here.warehouse.model.metrics if isinstance(here, Context) else ())]
    options += [given] if given not in options else []
    return str(st.selectbox(
        say.field(here, "target_metric"), options, **drafts.chosen(here, base, "target_metric", given),
        format_func=lambda name: say.value(here, "target_metric", name),
    ))  # fmt: skip


def _moves(here: Frame, base: Plan) -> None:
    with st.container(horizontal=True):
        for to in rules.plan_moves(base):
            if st.button(here.text(f"workshop.move.plan.{to}"), key=f"plan.move.{to}"):
                drafts.save(here, replace(base, state=to))
        removal.undo(here, base)
        removal.delete_plan(here, base)


def _close(issue: Issue) -> None:
    """Leave the editor in the next run: a widget that is drawn cannot be given another value. The plans are shown."""
    top.go_to(steps.PLANS)
    st.session_state[f"plan.closed.{issue.id}"] = True
    st.session_state.pop(f"plan.new.{issue.id}", None)
