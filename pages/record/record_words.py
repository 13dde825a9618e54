"""How are the workshop's records said? Codes become words, moments are written as the reader's day and clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from data_access.access import local_analyst
from data_access.selection import Period
from data_access.statement import Problem, Statement
from data_access.taxonomy_entries import Entry
from data_access.workshop.changes import AuditEntry
from data_access.workshop.field_rules import CODES
from data_access.workshop.records import Basis, Issue, IssueState, Milestone, Pin, Plan
from pages.frame.context import Context, Frame
from pages.words import code_words, path_words
from pages.words.code_words import NOT_SET
from pages.words.markdown import escape_markdown

STAGES = ("data_problem", "where", "why", "solution")
LISTED = ("basis", "level", "status", "confidence", "priority", "escalation")  # our own lists, not the taxonomy's
IDS = ("origin", "parent_id", "cycle_of")
METRICS = ("target_metric", "guardrails", "unit")  # of metrics and dimensions
NAMED = ("milestones", "treated", "control", "starts")  # lists of what has a name of its own
STATE_COLOURS = {
    IssueState.OPEN: "gray",
    IssueState.DIAGNOSED: "primary",
    IssueState.PLANNED: "primary",
    IssueState.CLOSED: "gray",
}


def field(here: Frame, name: str) -> str:
    """The name of a field; that of a step is the step's."""
    return here.text(f"workshop.stage.{name}" if name in STAGES else f"workshop.field.{name}")


def value(here: Frame, name: str, content: Any, kind: str = "issue") -> str:
    """The content of a field as text, unescaped."""
    if content in (None, NOT_SET, ()):
        return here.text("workshop.field.not_set")
    if name == "state":
        return here.text(f"workshop.state.{kind}.{content}")
    if name in METRICS:
        names = content if isinstance(content, tuple) else (content,)
        return ", ".join(metric_name(here, str(one)) for one in names)
    if isinstance(content, datetime):
        return moment(here, content)
    if isinstance(content, date):
        return here.plain.show(content, "date")
    if isinstance(content, Period):
        return here.plain.show(content, "period")
    if isinstance(content, float):
        return here.plain.show(content, "factor")
    if name in NAMED:
        return "; ".join(_named(here, one) for one in content)
    if isinstance(content, tuple):
        paths = content if name == "branches" else (content,)
        return "; ".join(path_words.path(here.plain, path) for path in paths)
    if name in LISTED:
        return here.text(f"workshop.{name}.{content}")
    if name in IDS:
        return here.text("workshop.field.chosen")
    return label(here, name, str(content))


def _named(here: Frame, one: Milestone | str | tuple[str, date]) -> str:
    """A milestone or a member with its day."""
    if isinstance(one, str):
        return one
    if isinstance(one, tuple):
        return here.plain.text("workshop.milestone.member", name=one[0], day=one[1])
    key, day = ("done", one.done) if one.done else ("due", one.due)
    return here.plain.text(f"workshop.milestone.{key}", name=one.name, day=day) if day else one.name


def metric_name(here: Frame, name: str) -> str:
    """The name of a metric; its code where the data that know it cannot be opened."""
    return here.names.of_dimension(name) if isinstance(here, Context) else name


def label(here: Frame, name: str, code: str) -> str:
    """The words for a code of a field; what no list knows, such as the name of an owner, stands as it is."""
    return code_words.label(here.words, here.taxonomy, name, code)


def answerable(here: Frame, record: Issue | Plan) -> str:
    """Who answers for it: the department, and the person there."""
    owner = label(here, "owner", record.owner) if record.owner else ""
    return " · ".join(filter(None, [owner, record.person])) or label(here, "owner", NOT_SET)


def code_of(known: Sequence[Entry], language: str, typed: str) -> str:
    """The code somebody meant by typing its word or the beginning of it; other words, such as a name, stand."""
    plain = typed.strip().casefold()
    words = {entry.code: entry.label(language).casefold() for entry in known}
    begun = [code for code, word in words.items() if plain and word.startswith(plain)]
    return next((c for c in begun if words[c] == plain), begun[0] if len(begun) == 1 else typed.strip())


def entries(here: Frame, name: str) -> tuple[Entry, ...]:
    """What may be chosen for a field."""
    return here.taxonomy.entries(CODES.get(name, name))


def shown(here: Frame, name: str, content: Any, kind: str = "issue") -> str:
    """The content of a field for Markdown: what somebody typed cannot become a heading or a link."""
    return escape_markdown(value(here, name, content, kind))


def who(name: str) -> Statement | str:
    """A person as a value of a text; the user of an installation without sign-in has no name of their own."""
    return Statement("workshop.local_user") if name == local_analyst().name else name


def moment(here: Frame, at: datetime | None) -> str:
    """A moment by the reader's own clock."""
    if at is None:
        return here.text("workshop.field.not_set")
    zone = st.context.timezone
    local = at.astimezone(ZoneInfo(zone) if zone else None)
    return f"{here.plain.show(local, 'date')} {local:%H:%M}"


def method(here: Frame, pin: Pin) -> str:
    """The name of the page whose analysis was pinned."""
    return here.text(f"page.{pin.method}") if here.words.has(f"page.{pin.method}") else pin.method


def trouble(here: Frame, problem: Problem) -> str:
    """A problem as one sentence, the field it names by its name."""
    values = dict(problem.statement.values)
    if "field" in values:
        values["field"] = field(here, values["field"])
    return here.say(Statement(problem.statement.key, values))


def state_badge(here: Frame, issue: Issue) -> str:
    return f":{STATE_COLOURS[issue.state]}-badge[{here.text(f'workshop.state.issue.{issue.state}')}]"


def basis_badge(here: Frame, issue: Issue) -> str:
    """A mark that stands wherever an issue does that data do not show; else nothing."""
    if issue.basis is Basis.DATA:
        return ""
    return f":orange-badge[:material/report: {here.text('trace_page.not_shown')}]"


def happened(here: Frame, entry: AuditEntry, *, quoted: bool = True) -> str:
    """One entry of the history as a sentence, with the fields that changed or, `quoted`, what somebody wrote."""
    key = f"workshop.audit.{entry.action}_{entry.kind}"
    sentence = here.text(key, who=who(entry.who), subject=entry.subject)
    changed = entry.kind in ("issue", "plan", "why") and entry.before is not None and entry.after is not None
    changes = _changes(here, entry) if changed else _because(here, entry)
    changes += _quoted(here, entry) if quoted else []
    return " ".join([f":gray[{moment(here, entry.at)}]", sentence, *changes])


def _because(here: Frame, entry: AuditEntry) -> list[str]:
    """For what the program began a new cycle, as far as the reader may know it; which stage of a class it was."""
    content = entry.after or {}
    if entry.kind == "class" and content.get("stage"):
        return ["\n  - " + here.text("workshop.audit.stage", stage=here.text(f"workshop.stage.{content['stage']}"))]
    why = content.get("why", {}) if entry.action == "reopened" else {}
    return ["\n  - " + here.text("workshop.audit.because", reason=why["reason"])] if why else []


def _quoted(here: Frame, entry: AuditEntry) -> list[str]:
    """What a comment said; the verdict of a ruling and its reason. As text, on one line."""
    content = entry.after or entry.before or {}
    if entry.kind == "comment":
        told = str(content.get("text", ""))
    elif entry.kind == "ruling" and "verdict" in content:
        verdict = here.plain.text(f"workshop.verdict.{content['verdict']}")
        told = here.plain.text("workshop.audit.ruled", verdict=verdict, reason=content.get("reason", ""))
    else:
        return []
    return ["\n  - " + escape_markdown(" ".join(told.split()))] if told.strip() else []


def _changes(here: Frame, entry: AuditEntry) -> list[str]:
    before, after = entry.before or {}, entry.after or {}
    return [
        "\n  - " + here.text("workshop.audit.change", field=field(here, name),
                            before=value(here, name, before[name], entry.kind),
                            after=value(here, name, after.get(name), entry.kind))
        for name in before
    ]  # fmt: skip
