"""The plans of an issue as a table: what, who, by when, what it would bring, how it is checked, what it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

import pandas as pd
from pandas.io.formats.style import Styler

from data_access.workshop.records import Plan, PlanState
from data_access.workshop.standing import latest
from data_access.workshop.tracing import Trace
from pages.frame.context import Frame
from pages.record import record_words as say
from pages.record.plan import cycles, verdicts
from pages.record.plan import lift as lifts
from pages.words import plan_words
from pages.words.markdown import escape_markdown

UNBROKEN = "\u00a0"
BAR = UNBROKEN  # a column without a name: the bar stands beside its number, not behind it
# heads, owners and states are not broken in the middle, as Chinese words would be
WHOLE_WORDS = """<style>.st-key-plan-table th, .st-key-plan-table th *{white-space:nowrap!important}
.st-key-plan-table td:nth-child(2) *,.st-key-plan-table td:last-child *{word-break:keep-all!important;
overflow-wrap:normal!important}</style>"""
BAR_LIGHT, BAR_DARK = "#0072B2", "#4FA8DD"


def plan_table(here: Frame, row: Trace) -> Styler:
    """One row per plan: its lift as a bar until there is a verdict, and what it still lacks."""
    plans, lift = row.plans, say.field(here, "expected_lift")
    values = [p.expected_lift if p.expected_lift is not None else float("nan") for p in plans]
    method = [say.shown(here, "check_method", p.check_method) for p in plans]
    effects = [_effect(here, row, plan) for plan in plans]
    promised = {BAR: values, here.text("workshop.check.column"): method}
    frame = pd.DataFrame(
        {
            say.field(here, "action"): [escape_markdown(cycles.name_of(here, p, plans)) for p in plans],
            say.field(here, "owner"): [escape_markdown(say.answerable(here, p)) for p in plans],
            say.field(here, "due"): [_due(here, p) for p in plans],
            say.field(here, "target_value"): [escape_markdown(target_in_words(here, p)) for p in plans],
            lift: values,
            **({here.text("verify.column"): effects} if any(effects) else promised),
            say.field(here, "state"): [_state(here, p) for p in plans],
        }
    )
    units = [lifts.unit_of(here, p) for p in plans]
    unbroken = [lifts.in_words(here, v, unit).replace(" ", UNBROKEN) for v, unit in zip(values, units, strict=True)]
    styled = frame.style.format(partial(_next, iter(unbroken)), subset=[lift])
    return styled if any(effects) else _with_bars(here, styled, values)


def _with_bars(here: Frame, styled: Styler, values: list[float]) -> Styler:
    styled = styled.format(lambda _: UNBROKEN * (4 if here.large else 8), subset=[BAR])
    most = max((abs(v) for v in values if not pd.isna(v)), default=1.0) or 1.0
    colour = BAR_DARK if here.dark else BAR_LIGHT
    return styled.bar(subset=[BAR], color=colour, height=30, vmin=0, vmax=most)


def _next(texts: Iterator[str], _: float) -> str:
    return next(texts)


def _due(here: Frame, plan: Plan) -> str:
    day = say.value(here, "due", plan.due).replace("-", "\u2011")  # a date is not broken into two lines
    days, step = latest(plan, date.today())
    if not days:
        return day
    late = here.text("plan_register.late_step", name=step) if step else here.text("workshop.overdue")
    return f"{day} :orange-badge[{late}]"


def target_in_words(here: Frame, plan: Plan) -> str:
    """Which metric is to reach what value, and where."""
    return plan_words.target(here.plain, plan, say.metric_name(here, plan.target_metric), lifts.unit_of(here, plan))


def _effect(here: Frame, row: Trace, plan: Plan) -> str:
    """The verdict that stands, with what was gained."""
    judged = verdicts.of(row, plan)
    if judged is None:
        return ""
    unit = lifts.unit_of(here, plan)
    gained = plan_words.gain(here.plain, judged.look.statistics, unit) if judged.look else ""
    early = f" :gray[{here.text('verify.look.early')}]" if judged.look and not judged.look.planned else ""
    if judged.ruling:
        who = escape_markdown(verdicts.names(here, judged.ruling))
        early = f" :orange-badge[:material/gavel: {here.text('verify.overruled')}] :gray[{who}]"
    return f"{verdicts.chip(here, judged.verdict)}{early} {escape_markdown(gained).replace(' ', UNBROKEN)}"


def _state(here: Frame, plan: Plan) -> str:
    state = here.text(f"workshop.state.plan.{plan.state}")
    lacking = [*plan_words.lacks(here.words, plan), *plan_words.lacks_to_show(here.words, plan)]
    if not lacking or plan.state in (PlanState.DROPPED, PlanState.CLOSED):
        return state
    return f"{state} :gray[{'; '.join(lacking)}]"
