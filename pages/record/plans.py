"""The plans against an issue: what, who, by when, what it would bring, and how its effect will be checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from data_access.access import may_edit_issue
from data_access.taxonomy import Remedy
from data_access.workshop import rules
from data_access.workshop.field_rules import longest
from data_access.workshop.records import Issue, IssueState, Plan, PlanState
from data_access.workshop.tracing import Trace
from pages.frame import kept
from pages.frame.context import Context, Frame
from pages.record import drafts, plan_draft, removal
from pages.record import lift as lifts
from pages.record import record_words as say
from pages.record.fields import choose_code, save_or_cancel
from pages.record.lift import Segment
from pages.words import path_words
from pages.words.markdown import escape_markdown

NEW, NONE = "new", ""
UNBROKEN = "\u00a0"
BAR = UNBROKEN  # a column without a name: the bar stands beside its number, not behind it
# heads, owners and states are not broken in the middle, as Chinese words would be
WHOLE_WORDS = """<style>.st-key-plan-table th, .st-key-plan-table th *{white-space:nowrap!important}
.st-key-plan-table td:nth-child(2) *,.st-key-plan-table td:last-child *{word-break:keep-all!important;
overflow-wrap:normal!important}</style>"""
BAR_LIGHT, BAR_DARK = "#0072B2", "#4FA8DD"


def remedies(here: Frame, row: Trace, over: Context | None, *, begins: bool = False) -> None:
    """The table of plans, and the form of the one that is added or edited; `over` is the data of the issue.

    begins: where there is no plan yet the form is open.
    """
    issue, plans = row.issue, row.plans
    st.header(here.text("workshop.plans", count=len(plans)), anchor=False)
    worth = [plan for plan in plans if plan.expected_lift is not None and plan.state is not PlanState.DROPPED]
    largest = max(worth, key=lambda plan: plan.expected_lift or 0.0, default=None)
    if largest:
        st.markdown(here.text("workshop.largest_lift", lift=_worth(here, largest), action=largest.action))
    if plans:
        with st.container(key="plan.table"):
            st.html(WHOLE_WORDS)
            st.table(plan_table(here, plans), border="horizontal", hide_index=True)
    elif not begins:
        st.caption(here.text("workshop.no_plans"))
    if not may_edit_issue(here.user) or issue.state is IssueState.CLOSED:
        return
    segments = lifts.offered(here, over, row)
    chosen = _choose(here, issue, plans, plan_draft.drafted(here, issue, segments), begins=begins)
    if chosen is not None:
        _edit(here, issue, chosen, segments)


def _worth(here: Frame, plan: Plan) -> str:
    return lifts.in_words(here, plan.expected_lift or 0.0, lifts.unit_of(here, plan))


def plan_table(here: Frame, plans: Sequence[Plan]) -> Styler:
    """One row per plan, its lift as a bar, and what it still lacks to be specific, measurable, owned and dated."""
    lift = say.field(here, "expected_lift")
    values = [p.expected_lift if p.expected_lift is not None else float("nan") for p in plans]
    frame = pd.DataFrame(
        {
            say.field(here, "action"): [escape_markdown(p.action) for p in plans],
            say.field(here, "owner"): [escape_markdown(say.answerable(here, p)) for p in plans],
            say.field(here, "due"): [_due(here, p) for p in plans],
            say.field(here, "target_value"): [escape_markdown(target_in_words(here, p)) for p in plans],
            lift: values,
            BAR: values,
            here.text("workshop.check.column"): [say.shown(here, "check_method", p.check_method) for p in plans],
            say.field(here, "state"): [_state(here, p) for p in plans],
        }
    )
    units = [lifts.unit_of(here, p) for p in plans]
    unbroken = [lifts.in_words(here, v, unit).replace(" ", UNBROKEN) for v, unit in zip(values, units, strict=True)]
    styled = frame.style.format(partial(_next, iter(unbroken)), subset=[lift])
    styled = styled.format(lambda _: UNBROKEN * (4 if here.large else 8), subset=[BAR])
    most = max((abs(v) for v in frame[lift].dropna()), default=1.0) or 1.0
    colour = BAR_DARK if here.dark else BAR_LIGHT
    return styled.bar(subset=[BAR], color=colour, height=30, vmin=0, vmax=most)


def _next(texts: Iterator[str], _: float) -> str:
    return next(texts)


def _due(here: Frame, plan: Plan) -> str:
    day = say.value(here, "due", plan.due).replace("-", "\u2011")  # a date is not broken into two lines
    return f"{day} :orange-badge[{here.text('workshop.overdue')}]" if say.is_overdue(plan) else day


def target_in_words(here: Frame, plan: Plan) -> str:
    """Which metric is to reach what value, and where."""
    if not plan.target_metric:
        return say.value(here, "target_metric", None)
    name = say.metric_name(here, plan.target_metric)
    if plan.segment:
        name = here.plain.text("workshop.target_of", segment=path_words.path(here.plain, plan.segment), metric=name)
    if plan.target_value is None:
        return name
    return f"{name} {here.plain.show(plan.target_value, 'metric', unit=lifts.unit_of(here, plan))}"


def _state(here: Frame, plan: Plan) -> str:
    state = here.text(f"workshop.state.plan.{plan.state}")
    gaps = rules.smart_gaps(plan)
    if not gaps or plan.state is PlanState.DROPPED:
        return state
    lacking = here.text("workshop.lacks", fields=", ".join(say.field(here, name) for name in gaps))
    return f"{state} :gray[{lacking}]"


def _choose(here: Frame, issue: Issue, plans: Sequence[Plan], draft: Plan, *, begins: bool) -> Plan | None:
    """The plan to be edited: one of the table, or the new one."""
    place = f"page.plan.{issue.id}"
    known = {plan.id: plan for plan in plans}
    if st.session_state.pop(f"plan.closed.{issue.id}", False):
        st.session_state[place] = NONE
    if place not in st.session_state and (unsaved := _unsaved(issue, plans)):
        st.session_state[place] = unsaved
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.button(here.text("workshop.add_plan"), icon=":material/add:", key="plan.add"):
            st.session_state[place] = NEW
            st.session_state[f"plan.new.{issue.id}"] = draft
        if plans:
            if st.session_state.get(place) not in (NONE, NEW, *known):
                st.session_state[place] = NONE
            options = [NONE, *known] if st.session_state.get(place) != NEW else [NONE, NEW, *known]
            st.selectbox(here.text("workshop.edit_plan"), options, key=place, width=320,
                         format_func=lambda code: _choice(here, known, code))  # fmt: skip
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
    with st.container(border=True, key="plan.editor"):
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
    first, second, third = st.columns(3)
    with first:
        action_type = choose_code(here, base, "action_type", plan.action_type)
        metric = _metric(here, base, segment)
    with second:
        owner = choose_code(here, base, "owner", plan.owner)
        given = round(lift, 2) if lift is not None else base.expected_lift
        person = drafts.line(here, say.field(here, "person"), base, "person", max_chars=longest("person"))
        expected = st.number_input(say.field(here, "expected_lift"), value=None, step=0.1, format="%.2f",
                                   **drafts.chosen(here, base, "expected_lift", given))  # fmt: skip
    with third:
        due = st.date_input(say.field(here, "due"), value=None, format="YYYY-MM-DD",
                            **drafts.chosen(here, base, "due"))  # fmt: skip
        method = choose_code(here, base, "check_method", plan.check_method)
    comparison, place = here.taxonomy.entry("comparison", plan.check_method), st.container()
    if comparison:
        place.caption(here.text("workshop.needs", needs=comparison.hint(here.words.language)))
    saved, left = save_or_cancel(here, "plan", "workshop.save_plan")
    if left:
        drafts.leave(here, base)
        _close(issue)
        st.rerun()
    if saved:
        done = replace(plan, action=action.strip() or wording, action_type=action_type, owner=owner, person=person,
                       due=due, target_metric=metric, expected_lift=expected, check_method=method)  # fmt: skip
        drafts.save(here, done, then=lambda: _close(issue))


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
    """Leave the editor in the next run: a widget that is drawn cannot be given another value."""
    st.session_state[f"plan.closed.{issue.id}"] = True
    st.session_state.pop(f"plan.new.{issue.id}", None)
