"""What became of a signal: the issue that was begun from it, its plans, and whether they worked."""

from __future__ import annotations

from data_access.statement import Problem
from data_access.workshop.records import Issue
from pages.frame.context import Context
from pages.monitor.alerts.plans import Due, Plans, when, who
from pages.monitor.alerts.signal import Signal
from pages.record.plan import verdicts
from pages.words.markdown import escape_markdown

SHOWN = 2  # plans that are named


def state(here: Context, signal: Signal) -> str:
    """What was said of it, else that it is new or still open."""
    code = signal.said.judgement if signal.said else signal.row["state"]
    return here.text(f"alerts.state.{code}")


def line(here: Context, signal: Signal, due: Plans) -> str:
    """The issue with its state, then its plans with who, when and verdict; empty where none was begun."""
    issue = begun(here, signal)
    if issue is None:
        return ""
    told = here.text("alerts.became", state=here.text(f"workshop.state.issue.{issue.state}"))
    link = f"[{escape_markdown(issue.title)}](trace?issue={issue.id}&lang={here.words.language})"
    return "  \n".join([f":material/account_tree: {told} {link}", *_plans(here, due, issue)])


def begun(here: Context, signal: Signal) -> Issue | None:
    """The trace that was begun from a signal, as long as it is there."""
    if not (signal.said and signal.said.issue_id):
        return None
    try:
        known = {issue.id: issue for issue in here.store().issues(here.user)}
    except Problem:
        return None
    return known.get(signal.said.issue_id)


def _plans(here: Context, due: Plans, issue: Issue) -> list[str]:
    own = due.of(issue.id)
    said = [_plan(here, one) for one in own[:SHOWN]]
    return said or [f":gray[{here.text('alerts.no_plan')}]"]


def _plan(here: Context, one: Due) -> str:
    judged = verdicts.chip(here, one.standing.verdict) if one.standing else when(here, one)
    return f":material/flag: {escape_markdown(one.plan.action)} · {escape_markdown(who(here, one))} · {judged}"
