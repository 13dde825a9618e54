"""The plans against an issue: what, who, by when, what it would bring, and how its effect will be checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from data_access.access import may_edit_issue
from data_access.semantics import Metric
from data_access.statement import Problem
from data_access.taxonomy import Remedy
from data_access.workshop import rules
from data_access.workshop.records import Issue, IssueState, Pin, Plan, PlanState
from pages.ui import drafts, evidence, tables
from pages.ui import issue_words as say
from pages.ui.context import Context
from pages.ui.diagnosis import choose_code
from pages.ui.format import escape_markdown

NEW, NONE = "new", ""
COLUMNS = ("action", "owner", "due", "target_value", "expected_lift", "check_method", "state")
BAR_LIGHT, BAR_DARK = "#A9CDE5", "#28567A"


@dataclass(frozen=True)
class Segment:
    """A pinned segment: its share of the answers and the points it loses of the whole."""

    name: str
    metric: Metric
    share: float
    lost_points: float

    def lift(self, target: float) -> float:
        """What the metric gains when the segment reaches the target: share x (target - score) (variant DD6).

        Positive is better, whichever way the metric counts. From lost points, so that a withheld score counts too.
        """
        return self.lost_points - self.share * abs(self.metric.best - target)


def segments_of(here: Context, pins: Sequence[Pin]) -> dict[str, Segment]:
    """Segments of the pinned contributions, most lost first. A reason has no score of its own to lift."""
    found: dict[str, Segment] = {}
    for pin in pins:
        if pin.method != "contribution":
            continue
        try:
            there = evidence.over(here, pin)
            metric = there.warehouse.model.metric(pin.selection.metric)
            names = tables.segment_names(evidence.result_of(there, pin), there.plain)
        except Problem:
            continue  # its data are not here; the card of the pin says so
        if any(name in there.warehouse.model.reasons for name in pin.options["by"]):
            continue
        for place, (row, name) in enumerate(zip(pin.rows, names, strict=True)):
            if row["share"] is not None and row["lost_points"] is not None:
                found[f"{pin.id}.{place}"] = Segment(name, metric, row["share"], row["lost_points"])
    return found


def remedies(here: Context, issue: Issue, pins: Sequence[Pin], plans: Sequence[Plan]) -> None:
    """The table of plans, and the form of the one that is added or edited."""
    st.subheader(here.text("workshop.plans", count=len(plans)), anchor=False)
    worth = [plan for plan in plans if plan.expected_lift is not None and plan.state is not PlanState.DROPPED]
    largest = max(worth, key=lambda plan: plan.expected_lift or 0.0, default=None)
    if largest:
        text = here.text("workshop.largest_lift", lift=largest.expected_lift, unit=unit_of(here, largest))
        st.markdown(f"{text} {escape_markdown(largest.action)}")
    if plans:
        st.table(plan_table(here, plans), border="horizontal", hide_index=True)
    else:
        st.caption(here.text("workshop.no_plans"))
    if not may_edit_issue(here.user) or issue.state is IssueState.CLOSED:
        return
    chosen = _choose(here, issue, plans)
    if chosen is not None:
        _edit(here, issue, chosen, segments_of(here, pins))


def unit_of(here: Context, plan: Plan) -> str:
    known = here.warehouse.model.metrics.get(plan.target_metric)
    return known.unit if known else "points"


def plan_table(here: Context, plans: Sequence[Plan]) -> Styler:
    """One row a plan, its lift as a bar, and what it still lacks to be specific, measurable, owned and dated."""
    heads = {name: say.field(here, name) for name in COLUMNS}
    lift = heads["expected_lift"]
    frame = pd.DataFrame(
        {
            heads["action"]: [escape_markdown(p.action) for p in plans],
            heads["owner"]: [say.shown(here, "owner", p.owner) for p in plans],
            heads["due"]: [_due(here, p) for p in plans],
            heads["target_value"]: [_target(here, p) for p in plans],
            lift: [p.expected_lift if p.expected_lift is not None else float("nan") for p in plans],
            heads["check_method"]: [say.shown(here, "check_method", p.check_method) for p in plans],
            heads["state"]: [_state(here, p) for p in plans],
        }
    )
    units = iter([unit_of(here, p) for p in plans])
    styled = frame.style.format(lambda v: _lift(here, v, next(units)), subset=[lift])
    most = max((abs(v) for v in frame[lift].dropna()), default=1.0) or 1.0
    return styled.bar(subset=[lift], color=BAR_DARK if here.dark else BAR_LIGHT, width=72, vmin=0, vmax=most)


def _lift(here: Context, value: float, unit: str) -> str:
    if pd.isna(value):
        return here.text("format.none")
    number = here.plain.show(value, "factor_change")
    return here.text(
        "workshop.lift", number=number, unit=here.text(f"column.unit.{'pp' if unit == 'rate' else unit}")
    )


def _due(here: Context, plan: Plan) -> str:
    day = say.value(here, "due", plan.due)
    return f"{day} :orange-badge[{here.text('workshop.overdue')}]" if say.is_overdue(plan) else day


def _target(here: Context, plan: Plan) -> str:
    if not plan.target_metric:
        return say.value(here, "target_metric", None)
    name = escape_markdown(here.names.of_dimension(plan.target_metric))
    if plan.target_value is None:
        return name
    return f"{name} {here.plain.show(plan.target_value, 'metric', unit=unit_of(here, plan))}"


def _state(here: Context, plan: Plan) -> str:
    state = here.text(f"workshop.state.plan.{plan.state}")
    gaps = rules.smart_gaps(plan)
    if not gaps or plan.state is PlanState.DROPPED:
        return state
    lacking = here.text("workshop.lacks", fields=", ".join(say.field(here, name) for name in gaps))
    return f"{state} :gray[{lacking}]"


def _choose(here: Context, issue: Issue, plans: Sequence[Plan]) -> Plan | None:
    """The plan to be edited: one of the table, or a new one."""
    place = f"page.plan.{issue.id}"
    known = {plan.id: plan for plan in plans}
    if st.session_state.pop(f"plan.closed.{issue.id}", False):
        st.session_state[place] = NONE
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.button(here.text("workshop.add_plan"), icon=":material/add:", key="plan.add"):
            st.session_state[place] = NEW
            st.session_state[f"plan.new.{issue.id}"] = Plan(issue_id=issue.id, action="")
        if plans:
            if st.session_state.get(place) not in (NONE, NEW, *known):
                st.session_state[place] = NONE
            options = [NONE, *known] if st.session_state.get(place) != NEW else [NONE, NEW, *known]
            st.selectbox(here.text("workshop.edit_plan"), options, key=place, width=320,
                         format_func=lambda code: _choice(here, known, code))  # fmt: skip
    chosen = st.session_state.get(place, NONE)
    if chosen == NEW:
        draft: Plan = st.session_state.setdefault(f"plan.new.{issue.id}", Plan(issue_id=issue.id, action=""))
        return draft
    return known.get(chosen)


def _choice(here: Context, known: Mapping[str, Plan], code: str) -> str:
    if code == NEW:
        return here.text("workshop.new_plan")
    return known[code].action if code else here.text("workshop.choose_plan")


def _edit(here: Context, issue: Issue, plan: Plan, segments: Mapping[str, Segment]) -> None:
    if plan.version and drafts.settle(here, plan):
        return
    drafts.newer(here, plan)
    base = drafts.opened(plan)
    with st.container(border=True, key="plan.editor"):
        left, middle, right = st.columns([5, 4, 3])
        with left:
            suggested = _suggest(here, issue, base)
        with middle:
            segment = _segment(here, base, segments)
        with right:
            target = _target_value(here, base, segment)
        lift = _say_lift(here, segment, target)
        _form(here, issue, base, replace(suggested, target_value=target), segment, lift)
        if plan.version:
            _moves(here, base)


def _suggest(here: Context, issue: Issue, base: Plan) -> Plan:
    """The plan with what the library says of the remedy chosen."""
    offered = here.taxonomy.remedies_for(issue.cause_type) or here.taxonomy.remedies
    options = [NONE, *(remedy.code for remedy in offered)]
    options += [base.remedy] if base.remedy not in options else []
    code = st.selectbox(say.field(here, "remedy"), options, key=drafts.key(base, "remedy"),
                        format_func=lambda c: say.label(here, "remedy", c))  # fmt: skip
    remedy = here.taxonomy.entry("remedy", code)
    if not isinstance(remedy, Remedy):
        return replace(base, remedy=NONE)
    st.caption(remedy.definition(here.words.language))
    if code == base.remedy:
        return base
    return replace(base, remedy=code, action_type=remedy.action_type, owner=remedy.owner,
                   check_method=remedy.comparison)  # fmt: skip


def _segment(here: Context, base: Plan, segments: Mapping[str, Segment]) -> Segment | None:
    """The pinned segment the plan lifts; its metric is the plan's."""
    if not segments:
        st.caption(here.text("workshop.no_segment"))
        return None
    code = st.selectbox(
        here.text("workshop.segment"), [NONE, *segments], key=drafts.key_of(base, "segment", NONE),
        format_func=lambda c: segments[c].name if c else here.text("workshop.field.not_set"),
    )  # fmt: skip
    return segments.get(code)


def _target_value(here: Context, base: Plan, segment: Segment | None) -> float | None:
    unit = segment.metric.unit if segment else unit_of(here, base)
    return st.number_input(
        here.text("option.target", unit=here.text(f"unit.{unit}")), 0.0, 100.0, value=None, step=0.5, format="%.1f",
        key=drafts.key(base, "target_value"),
    )  # fmt: skip


def _say_lift(here: Context, segment: Segment | None, target: float | None) -> float | None:
    """What the segment would bring at the target, with the formula's numbers."""
    if segment is None or target is None:
        return None
    lift = segment.lift(target)
    values = {
        "segment": segment.name,
        "target": target,
        "lift": lift,
        "share": segment.share,
        "unit": segment.metric.unit,
    }
    key = "workshop.lift_formula" if lift > 0 else "workshop.lift_none"
    st.markdown(here.text(key, **values))
    return lift if lift > 0 else None


def _form(here: Context, issue: Issue, base: Plan, plan: Plan, segment: Segment | None, lift: float | None) -> None:
    """The fields that are saved; empty ones take what the library suggests."""
    wording = say.label(here, "remedy", plan.remedy) if plan.remedy else ""
    with st.form("plan.form", border=False):
        action = st.text_input(say.field(here, "action"), key=drafts.key(base, "action"), placeholder=wording,
                               max_chars=rules.LONGEST_LINE)  # fmt: skip
        first, second, third = st.columns(3)
        with first:
            action_type = choose_code(here, base, "action_type", plan.action_type)
            metric = _metric(here, base, segment)
        with second:
            owner = choose_code(here, base, "owner", plan.owner)
            given = round(lift, 2) if lift is not None else base.expected_lift
            expected = st.number_input(say.field(here, "expected_lift"), value=None, step=0.1, format="%.2f",
                                       key=drafts.key_of(base, f"expected_lift.{given}", given))  # fmt: skip
        with third:
            due = st.date_input(say.field(here, "due"), value=None, key=drafts.key(base, "due"), format="YYYY-MM-DD")
            method = choose_code(here, base, "check_method", plan.check_method)
        comparison = here.taxonomy.entry("comparison", plan.check_method)
        if comparison:
            st.caption(here.text("workshop.needs", needs=comparison.hint(here.words.language)))
        with st.container(horizontal=True):
            saved = st.form_submit_button(here.text("workshop.save_plan"), type="primary", icon=":material/save:",
                                          key="plan.save")  # fmt: skip
            closed = st.form_submit_button(here.text("workshop.cancel"), type="tertiary", key="plan.cancel")
    if closed:
        _close(issue)
        st.rerun()
    if saved:
        done = replace(plan, action=action.strip() or wording, action_type=action_type, owner=owner, due=due,
                       target_metric=metric, expected_lift=expected, check_method=method)  # fmt: skip
        drafts.save(here, done, then=lambda: _close(issue))


def _metric(here: Context, base: Plan, segment: Segment | None) -> str:
    given = segment.metric.name if segment else base.target_metric
    options = [NONE, *here.warehouse.model.metrics]
    options += [given] if given not in options else []
    return str(st.selectbox(
        say.field(here, "target_metric"), options, key=drafts.key_of(base, f"target_metric.{given}", given),
        format_func=lambda name: say.value(here, "target_metric", name),
    ))  # fmt: skip


def _moves(here: Context, base: Plan) -> None:
    with st.container(horizontal=True):
        for to in rules.plan_moves(base):
            if st.button(here.text(f"workshop.move.plan.{to}"), key=f"plan.move.{to}"):
                drafts.save(here, replace(base, state=to))


def _close(issue: Issue) -> None:
    """Leave the editor in the next run: a widget that is drawn cannot be given another value."""
    st.session_state[f"plan.closed.{issue.id}"] = True
    st.session_state.pop(f"plan.new.{issue.id}", None)
