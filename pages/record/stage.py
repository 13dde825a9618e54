"""An issue itself: how far it is, what was found, and the form of the step that is written next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

import streamlit as st

from data_access.access import may_edit_issue
from data_access.statement import Problem
from data_access.workshop import rules
from data_access.workshop.records import Basis, Issue, IssueState, Plan
from data_access.workshop.tracing import Trace
from pages.frame.context import Frame
from pages.record import drafts, history
from pages.record import record_words as say
from pages.words.format import escape_markdown

STEPS = say.STAGES
CHOICES = ("cause_type", "gap", "system", "power", "owner")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "data_problem": ("title", "description", "data_problem"),
    "where": ("where",),
    "why": ("why", "cause"),
    "solution": ("solution",),
}
LINES = ("title", "cause", "exception")
FORWARD = {
    IssueState.OPEN: IssueState.DIAGNOSED,
    IssueState.DIAGNOSED: IssueState.PLANNED,
    IssueState.PLANNED: IssueState.CLOSED,
}
BACK = {
    (IssueState.CLOSED, IssueState.OPEN): "workshop.reopen",
    (IssueState.PLANNED, IssueState.DIAGNOSED): "workshop.back_to_diagnosed",
}


class Progress(StrEnum):
    """How far a step is."""

    DONE = "done"
    CURRENT = "current"
    LATER = "later"
    LOCKED = "locked"


LOOK = {
    Progress.DONE: (1.0, ":material/check_circle:"),
    Progress.CURRENT: (0.5, ":material/radio_button_checked:"),
    Progress.LATER: (0.0, ":material/radio_button_unchecked:"),
    Progress.LOCKED: (0.0, ":material/lock:"),
}


def progress(row: Trace) -> dict[str, Progress]:
    """How far each step is. A cause needs evidence, a solution needs a diagnosis: until then they are locked."""
    issue, pins = row.issue, row.pins
    diagnosed = issue.state is not IssueState.OPEN
    begun = bool(pins or issue.origin) or issue.basis is not Basis.DATA  # an origin may lie beyond a user's scope
    done = {
        "data_problem": diagnosed or begun,
        "where": diagnosed or bool(issue.path) or bool(begun and issue.where.strip()),
        "why": diagnosed,
        "solution": issue.state is IssueState.CLOSED,
    }
    open_to = {"data_problem": True, "where": True, "why": diagnosed or begun, "solution": diagnosed}
    found: dict[str, Progress] = {}
    for step in STEPS:
        following = Progress.LATER if Progress.CURRENT in found.values() else Progress.CURRENT
        found[step] = Progress.DONE if done[step] else following if open_to[step] else Progress.LOCKED
    return found


def heading(here: Frame, issue: Issue) -> None:
    """The title, and who opened it over which data."""
    st.title(escape_markdown(issue.title), anchor=False)
    facts = [here.text("workshop.opened", who=say.who(issue.created_by), moment=say.moment(here, issue.created_at))]
    if issue.group:
        facts.insert(0, here.text("workshop.of_group", group=issue.group))
    if issue.data_version:
        facts.append(here.text("line.version", version=issue.data_version))
    if issue.version > 1:
        saved = say.moment(here, issue.updated_at)
        facts.append(here.text("workshop.saved", who=say.who(issue.updated_by), moment=saved))
    st.markdown(f"{say.state_badge(here, issue)} {say.basis_badge(here, issue)} :small[:gray[{' · '.join(facts)}]]")


def stepper(here: Frame, row: Trace) -> str:
    """Four steps with their progress; a click opens the form of a step. Returns the open one."""
    found, place = progress(row), f"page.step.{row.issue.id}"
    current = next((step for step, how in found.items() if how is Progress.CURRENT), STEPS[-1])
    chosen = str(st.session_state.get(place, current))
    if found[chosen] is Progress.LOCKED:
        chosen = current
    for number, (step, column) in enumerate(zip(STEPS, st.columns(4), strict=True), start=1):
        share, icon = LOOK[found[step]]
        name = f"{number} {here.text(f'workshop.stage.{step}')}"
        with column:
            st.progress(share)
            told = here.text(f"workshop.progress.{found[step]}")
            if st.button(f"**{name}**" if step == chosen else name, icon=icon, key=f"step.{step}", type="tertiary",
                         disabled=found[step] is Progress.LOCKED, help=told):  # fmt: skip
                st.session_state[place] = step
                st.rerun()
    return chosen


def summary(here: Frame, issue: Issue) -> None:
    """What was found so far, as one card; nothing while nothing was written."""
    badges, written = _badges(here, issue), [step for step in STEPS if getattr(issue, step).strip()]
    if not (badges or written or issue.cause or issue.description):
        return
    with st.container(border=True):
        if badges:
            st.markdown(" ".join(badges))
        st.markdown(
            f"##### {escape_markdown(issue.cause)}" if issue.cause else f":gray[{here.text('workshop.no_cause')}]"
        )
        for step in written:
            st.markdown(f"**{here.text(f'workshop.stage.{step}')}** {escape_markdown(getattr(issue, step))}")
        if issue.description:
            st.caption(escape_markdown(issue.description))


def _badges(here: Frame, issue: Issue) -> list[str]:
    given = {name: getattr(issue, name) for name in CHOICES if getattr(issue, name)}
    return [
        f":{'orange' if name == 'cause_type' else 'gray'}-badge[{say.shown(here, name, code)}]"
        for name, code in given.items()
    ]


def write(here: Frame, row: Trace, step: str) -> None:
    """The form of one step. It stands on the version it was opened with."""
    issue = row.issue
    if issue.state is IssueState.CLOSED or not may_edit_issue(here.user):
        return
    base = drafts.opened(issue)
    with st.form(f"step.form.{step}"):
        written: dict[str, Any] = {name: _text(here, base, name) for name in FIELDS[step]}
        if step == "why" and (issue.exception or {"levels", "evidence"} & set(rules.lacks(row))):
            written["exception"] = _text(here, base, "exception")
        if step == "why":
            written |= _choose(here, base)
        with st.container(horizontal=True):
            saved = st.form_submit_button(here.text("workshop.save"), icon=":material/save:", key=f"save.{step}")
            diagnosed = step == "why" and issue.state is IssueState.OPEN and st.form_submit_button(
                here.text("workshop.save_diagnosed"), type="primary", icon=":material/check:", key="save.diagnosed"
            )  # fmt: skip
    if saved or diagnosed:
        state = IssueState.DIAGNOSED if diagnosed else base.state
        if written.get("cause_type") and not written.get("owner"):  # a kind of cause is routed to a department
            written["owner"] = next(iter(here.taxonomy.owners_for(written["cause_type"])), "")
        drafts.save(here, replace(base, **written, state=state))


def _text(here: Frame, base: Issue, name: str) -> str:
    if name in LINES:
        most = rules.LONGEST_LINE if name in rules.LINES else None
        return st.text_input(here.text(f"workshop.field.{name}"), key=drafts.key(base, name), max_chars=most)
    return st.text_area(
        here.text(f"workshop.field.{name}"), key=drafts.key(base, name), max_chars=rules.LONGEST_TEXT, height=96
    )


def _choose(here: Frame, base: Issue) -> dict[str, str]:
    """Codes of the taxonomy; an owner may also be a name."""
    found, places = {}, st.columns(3)
    for place, name in enumerate(CHOICES):
        with places[place % 3]:
            found[name] = choose_code(here, base, name)
    return found


def choose_code(here: Frame, base: Issue | Plan, name: str, content: str | None = None) -> str:
    """A code for a field; one that the list no longer holds stays until it is changed."""
    given = getattr(base, name) if content is None else content
    options = [say.NOT_SET, *(entry.code for entry in say.entries(here, name))]
    options += [rules.NO_GAP] if name == "gap" else []
    options += [given] if given not in options else []
    place = drafts.key_of(base, name if content is None else f"{name}.{content}", given)
    chosen = st.selectbox(
        say.field(here, name), options, key=place, format_func=lambda code: _option(here, name, code),
        help=_help(here, name), accept_new_options=name == "owner",
    )  # fmt: skip
    if chosen and chosen not in options:
        return say.code_of(say.entries(here, name), here.words.language, chosen)
    return str(chosen or say.NOT_SET)


def _option(here: Frame, name: str, code: str) -> str:
    entry = here.taxonomy.entry("gap", code) if name == "gap" else None
    label = say.label(here, name, code)
    return here.text("workshop.gap_option", label=label, question=entry.hint(here.words.language)) if entry else label


def _help(here: Frame, name: str) -> str | None:
    """What the codes of a list mean."""
    language = here.words.language
    known = [(e.label(language), e.hint(language) or e.definition(language)) for e in say.entries(here, name)]
    return "\n".join(f"- **{label}** {text}" for label, text in known if text) or None


def finish(here: Frame, row: Trace) -> None:
    """Where the issue may go from here, what that still lacks, and all of it as Excel."""
    with st.container(horizontal=True):
        missing = _moves(here, row)
        history.excel(here, row)
    if missing:
        st.caption(missing)


def _moves(here: Frame, row: Trace) -> str:
    """Buttons for the states the issue may be moved to. Returns in one sentence what is still missing."""
    issue, missing = row.issue, list[str]()
    base = drafts.opened(issue)
    for to in rules.issue_moves(here.user, issue):
        lacks = _lacking(here, row, to)
        forward = FORWARD.get(issue.state) is to and not lacks
        name = BACK.get((issue.state, to), f"workshop.move.issue.{to}")
        if st.button(here.text(name), key=f"issue.move.{to}", type="primary" if forward else "secondary",
                     disabled=bool(lacks)):  # fmt: skip
            drafts.save(here, replace(base, state=to))
        missing += [lacks] if lacks else []
    return missing[0] if missing else ""


def _lacking(here: Frame, row: Trace, to: IssueState) -> str:
    """What stands between the issue and a state, empty when nothing does."""
    issue, after = row.issue, replace(row.issue, state=to)
    try:
        rules.check_issue(issue, after, here.taxonomy)
        rules.check_issue_move(here.user, issue, after, pins=len(row.pins), plans=row.plans, whys=row.whys)
    except Problem as problem:
        return say.trouble(here, problem)
    return ""
