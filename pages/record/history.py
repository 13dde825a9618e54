"""What remains of an issue: its history in words, and all of it as Excel."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from data_access.statement import Problem
from data_access.workshop.changes import AuditEntry
from data_access.workshop.records import Issue, Pin, Plan, Why
from data_access.workshop.store import Store
from data_access.workshop.tracing import Evidence, Trace
from pages.frame import taken_along
from pages.frame.context import Frame
from pages.frame.folded import folded
from pages.record import issue_link, pinned_evidence, removal
from pages.record import record_words as say
from pages.record.plan import verdicts
from pages.report import pinning
from pages.report.report import XLSX
from pages.words import why_tree
from pages.words.file_names import file_name
from pages.words.format import sentences
from pages.words.markdown import unescaped
from pages.words.writers import spreadsheet

ISSUE_FIELDS = ("title", "state", "basis", "basis_reason", "path", "location_reason", "cause", "cause_type", "gap",
                "system", "power", "owner", "person", "exception", "notes", "group", "data_version", "created_by",
                "created_at", "updated_by", "updated_at")  # fmt: skip
PLAN_FIELDS = ("action", "remedy", "action_type", "owner", "person", "due", "target_metric", "target_value",
               "expected_lift", "segment", "check_method", "state", "start", "check_on", "baseline", "noticed",
               "unit", "treated", "control", "starts", "guardrails", "smallest", "milestones", "priority",
               "escalation", "blocker", "block", "cost", "closing")  # fmt: skip
AS_IT_IS = ("due", "target_value", "expected_lift", "start", "check_on", "smallest", "cost")  # days, numbers
FOUND = ("gain", "gain_low", "gain_high")
ENTRIES_SHOWN = 100


def history(here: Frame, store: Store, issue: Issue) -> None:
    """What was deleted, then who did what when, newest first; asked for only when opened."""
    place = folded(here.text("workshop.history"), "history", f"history.{issue.id}")
    if place.open:
        with place:
            removal.deleted_parts(here, issue)
            entries = store.history(here.user, issue.id)
            withheld = _taken_back(entries)
            for entry in entries[:ENTRIES_SHOWN]:
                st.markdown(say.happened(here, entry, quoted=entry.subject_id not in withheld))


def _taken_back(entries: Sequence[AuditEntry]) -> set[str]:
    """The comments that their authors deleted and did not restore: what they said is not said again."""
    last = {entry.subject_id: entry.action for entry in reversed(entries) if entry.kind == "comment"}
    return {comment for comment, action in last.items() if action == "removed"}


def excel(here: Frame, row: Trace) -> None:
    """A button that gives the whole issue as Excel; made now, as it needs this run's address and time zone."""
    name = file_name(here.plain.text("file.issue_record"), row.issue.title, ending="xlsx")
    book = workbook(here, row)
    make = taken_along.noted(here, lambda: book, "xlsx", subject=f"issue {row.issue.id}")
    st.download_button(here.text("action.excel"), make, name, XLSX, icon=":material/table_view:",
                       key="issue.excel", on_click="ignore")  # fmt: skip


def workbook(here: Frame, row: Trace) -> bytes:
    """The issue on a sheet of facts, then its whys, its evidence and its plans."""
    facts = {say.field(here, name): _fact(here, row.issue, name) for name in ISSUE_FIELDS}
    sheets = {
        here.text("workshop.sheet.evidence"): pd.DataFrame([_pin_row(here, pin) for pin in row.pins]),
        here.text("workshop.sheet.plans"): pd.DataFrame([_plan_row(here, row, plan) for plan in row.plans]),
    }
    if row.whys:
        whys = [_why_row(here, depth, why, row.evidence) for depth, why in why_tree.in_order(row.whys)]
        sheets[here.text("trace_page.whys")] = pd.DataFrame(whys)
    return spreadsheet.to_excel(sheets, facts=facts)


def _fact(here: Frame, issue: Issue, name: str) -> str:
    content = getattr(issue, name)
    if name in ("created_by", "updated_by"):
        return here.plain.text("workshop.by", who=say.who(content))
    return say.value(here, name, content)


def _pin_row(here: Frame, pin: Pin) -> dict[str, object]:
    try:
        there = pinned_evidence.over(here, pin)
        words, asked = there.plain, unescaped(pinned_evidence.asked_in_words(there, pin))
    except Problem:
        words, asked = here.plain, ""
    return {
        say.field(here, "method"): say.method(here, pin),
        here.text("fact.answer"): sentences(words.recall(s) for s in pin.statements),
        here.text("fact.selection"): asked,
        here.text("fact.version"): pin.data_version,
        say.field(here, "created_by"): here.plain.text("workshop.by", who=say.who(pin.created_by)),
        say.field(here, "created_at"): say.moment(here, pin.created_at),
        here.text("fact.link"): issue_link.outward(pinning.link_to(pin, here.words.language)),
    }


def _why_row(here: Frame, depth: int, why: Why, evidence: Sequence[Evidence]) -> dict[str, object]:
    told = [_piece(here, piece) for piece in evidence if piece.why_id == why.id]
    return {
        "": depth + 1,
        say.field(here, "statement"): why.statement,
        **{say.field(here, name): here.text(f"workshop.{name}.{getattr(why, name)}")
           for name in ("level", "status", "confidence")},
        say.field(here, "evidence"): "\n".join(told),
    }  # fmt: skip


def _piece(here: Frame, piece: Evidence) -> str:
    stance, kind = here.text(f"workshop.stance.{piece.stance}"), here.text(f"workshop.evidence_kind.{piece.kind}")
    return f"{stance}: {kind} {piece.text}".strip()


def _plan_row(here: Frame, row: Trace, plan: Plan) -> dict[str, object]:
    """All a plan says, then its verdict with the numbers behind it, unrounded."""
    judged = verdicts.of(row, plan)
    found = judged.look.statistics if judged and judged.look else {}
    said = {
        say.field(here, name): getattr(plan, name)
        if name in AS_IT_IS
        else say.value(here, name, getattr(plan, name), "plan")
        for name in PLAN_FIELDS
    }
    said |= {here.text(f"form.fact.{name}"): found.get(name) for name in FOUND}
    return said | {say.field(here, "verdict"): verdicts.verdict(here, judged) if judged else ""}
