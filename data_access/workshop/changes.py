"""How did records become what they are? What happened, what was taken away, and two versions that disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from data_access.statement import Problem
from data_access.workshop.class_records import Mark, TrainingClass
from data_access.workshop.meeting_records import AgendaStep, MeetingSlide
from data_access.workshop.monitor_records import Arm, Judgement, RecoveryCase, SignalFeedback
from data_access.workshop.records import (
    Basis,
    CauseLevel,
    Comment,
    CommentKind,
    Confidence,
    Escalation,
    Issue,
    IssueState,
    Look,
    Plan,
    PlanState,
    Priority,
    Ruling,
    Verdict,
    Versioned,
    Why,
    WhyStatus,
)
from data_access.workshop.tracing import Evidence, EvidenceKind, Stance


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """One thing that happened. Names are kept as text, so it outlives the people and records it names.

    `before` and `after` hold the fields that changed, or all of them where a record came or went. `reach`, which no
    reader gets, says what of them was found in data, and in which.
    """

    number: int
    at: datetime
    who: str
    who_id: str
    action: str
    kind: str
    subject_id: str
    subject: str
    issue_id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    reach: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Removed:
    """A record that somebody took away and what it was called; it can be restored. `along`: the one it went with."""

    id: str
    kind: str
    issue_id: str
    along: str = ""
    removed_by: str
    removed_by_id: str
    removed_at: datetime
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class DateChange:
    """A day of a plan that was moved; `name` is that of the milestone where `field` is "milestones"."""

    plan_id: str
    at: datetime
    who: str
    field: str
    before: date | None
    after: date | None
    name: str = ""


@dataclass(frozen=True)
class Difference:
    """A field on which two versions disagree."""

    field: str
    theirs: Any
    mine: Any


Record = Issue | Plan | Why
Disputed = Record | TrainingClass | Mark
Changed = TypeVar("Changed", bound=Issue | Plan | Why)


class Conflict(Problem):
    """Somebody saved in between. `theirs` is what is stored now, `mine` what was to be saved; neither is lost."""

    def __init__(self, theirs: Disputed, mine: Disputed) -> None:
        self.theirs: Record = theirs  # type: ignore[assignment]
        self.mine: Record = mine  # type: ignore[assignment]  # who edits a class or a mark expects one
        super().__init__("workshop.conflict.text", who=theirs.updated_by, subject=name_of(theirs))

    def __reduce__(self) -> Any:
        return type(self), (self.theirs, self.mine)

    @property
    def differences(self) -> tuple[Difference, ...]:
        """The fields a user would have to decide about, in the order of the form."""
        theirs, mine = editable(self.theirs), editable(self.mine)
        return tuple(Difference(name, theirs[name], mine[name]) for name in theirs if theirs[name] != mine[name])


KEPT_BY_THE_STORE = frozenset({"issue_id", "scope", "asked", "state_since", *(f.name for f in fields(Versioned))})


def editable(record: Disputed) -> dict[str, Any]:
    """The fields a user may change; the store alone writes the others."""
    return {f.name: getattr(record, f.name) for f in fields(record) if f.name not in KEPT_BY_THE_STORE}


ENUMERATED: Mapping[type[Any], Mapping[str, type[StrEnum]]] = {
    Issue: {"state": IssueState, "basis": Basis},
    Plan: {"state": PlanState, "priority": Priority, "escalation": Escalation},
    Why: {"level": CauseLevel, "status": WhyStatus, "confidence": Confidence},
    Evidence: {"kind": EvidenceKind, "stance": Stance},
    Look: {"verdict": Verdict},
    Ruling: {"verdict": Verdict},
    Comment: {"kind": CommentKind},
    SignalFeedback: {"judgement": Judgement},
    RecoveryCase: {"arm": Arm},
    MeetingSlide: {"step": AgendaStep},
}
# what a value is read as that this program does not know: it claims least
NEAREST: Mapping[type[StrEnum], StrEnum] = {
    IssueState: IssueState.OPEN,
    Basis: Basis.DATA,
    PlanState: PlanState.PLANNED,
    Priority: Priority.NORMAL,
    Escalation: Escalation.NONE,
    CauseLevel: CauseLevel.SYMPTOM,
    WhyStatus: WhyStatus.HYPOTHESISED,
    Confidence: Confidence.LOW,
    EvidenceKind: EvidenceKind.NOTE,
    Stance: Stance.SUPPORTS,
    Verdict: Verdict.NOT_ENOUGH_EVIDENCE,
    CommentKind: CommentKind.COMMENT,
    Judgement: Judgement.REAL,
    Arm: Arm.HOLD_OUT,
    AgendaStep: AgendaStep.CHANGES,
}


def typed(kind: type[Any], content: Mapping[Any, Any]) -> dict[str, Any]:
    """The fields of a record as they were written down, those of a few values as such."""
    return {**content, **{name: _known(few, content[name]) for name, few in ENUMERATED.get(kind, {}).items()
                          if name in content}}  # fmt: skip


def _known(few: type[StrEnum], value: Any) -> StrEnum:
    """A newer program may know more values; one such record must not hide all others."""
    return few(value) if value in [*few] else NEAREST[few]


def with_content(record: Changed, content: Mapping[str, Any]) -> Changed:
    """The record with some fields as they were written down: as plain text where they are one of a few."""
    return replace(record, **typed(type(record), content))


def name_of(record: Disputed) -> str:
    """What a person calls the record by."""
    if isinstance(record, Issue | TrainingClass):
        return record.title
    if isinstance(record, Mark):
        return record.criterion
    return record.action if isinstance(record, Plan) else record.statement
