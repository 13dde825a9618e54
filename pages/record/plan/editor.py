"""The form of a plan: what, who, by when, what it would bring, how it is shown to work, and how it is followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import streamlit as st

from data_access.taxonomy_entries import Remedy
from data_access.workshop.field_rules import longest
from data_access.workshop.records import Issue, Plan
from data_access.workshop.tracing import Trace
from pages.charts.look import DARK, LIGHT
from pages.frame import kept
from pages.frame.context import Context, Frame
from pages.record import drafts
from pages.record import record_words as say
from pages.record.fields import choose_code
from pages.record.plan import bar, draft, follow_up, how_shown, proposed, templates
from pages.record.plan import expected as promises
from pages.record.plan import lift as lifts
from pages.record.plan.lift import Segment

NONE = ""
PLACE = "plan.editor"


@kept.form
def edit(here: Frame, over: Context | None, row: Trace, plan: Plan, segments: Mapping[str, Segment]) -> None:
    """The form: what is done first, then how it will be shown to work, then how it is followed."""
    if plan.version and drafts.settle(here, plan):
        return
    drafts.newer(here, plan)
    base = drafts.opened(plan)
    with st.container(border=True, key=PLACE):
        st.html(bar.STYLE.format(background=(DARK if here.dark else LIGHT).background))
        begun, told = st.columns([4, 8], vertical_alignment="center")
        with begun:
            template = templates.choose(here, over, base)
        with told:
            draft.tell(here, base)
        done = replace(_first(here, over, row.issue, base, segments), template=template)
        given = proposed.proposed(here, over, row, done, date.today())
        done = how_shown.part(here, over, base, done, given)
        done = follow_up.part(here, base, done)
        bar.draw(here, row.issue, base, done)


def _first(here: Frame, over: Context | None, issue: Issue, base: Plan, segments: Mapping[str, Segment]) -> Plan:
    """What is done, by whom, by when, and what it brings: on one screen."""
    left, middle, right = st.columns([5, 4, 3])
    with left:
        suggested = _suggest(here, issue, base)
    with middle:
        segment = _segment(here, base, segments)
    with right:
        target = _target_value(here, base, segment)
    lift = lifts.say_gain(here, segment, target)
    where = segment.where if segment else () if segments else base.segment
    plan = replace(suggested, target_value=target, segment=where)
    return _fields(here, over, base, plan=plan, segment=segment, lift=lift)


def _suggest(here: Frame, issue: Issue, base: Plan) -> Plan:
    """The plan with what the library says of the remedy chosen."""
    offered = here.taxonomy.remedies_for(issue.cause_type) or here.taxonomy.remedies
    options = [NONE, *(remedy.code for remedy in offered)]
    options += [code for code in {base.remedy, drafts.now(base, "remedy")} if code not in options]
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


def _fields(
    here: Frame, over: Context | None, base: Plan, *, plan: Plan, segment: Segment | None, lift: float | None
) -> Plan:
    """The fields of the first part; empty ones take what the library suggests."""
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
        promises.tell(here, over, base, owner, expected)
    with fourth:
        method = choose_code(here, base, "check_method", plan.check_method)
        comparison, place = here.taxonomy.entry("comparison", plan.check_method), st.container()
        if comparison:
            place.caption(here.text("workshop.needs", needs=comparison.hint(here.words.language)))
    return replace(plan, action=action.strip() or wording, action_type=action_type, owner=owner, person=person,
                   due=due, target_metric=metric, expected_lift=expected, check_method=method)  # fmt: skip


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
