"""What does the workshop remember? Plain frozen values: issues, whys, evidence, plans and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from data_access.selection import Filter, Period, Selection
from data_access.statement import Statement


class IssueState(StrEnum):
    """How far the diagnosis has come."""

    OPEN = "open"
    DIAGNOSED = "diagnosed"
    PLANNED = "planned"
    CLOSED = "closed"


class PlanState(StrEnum):
    """How far the remedy has come; CLOSED is done and judged."""

    PLANNED = "planned"
    DOING = "doing"
    DONE = "done"
    CLOSED = "closed"
    DROPPED = "dropped"


class Priority(StrEnum):
    """What comes first among plans."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Escalation(StrEnum):
    """How high a plan that does not move was taken."""

    NONE = "none"
    DEPARTMENT = "department"
    DIVISION = "division"
    BOARD = "board"


class Verdict(StrEnum):
    """Whether a remedy worked."""

    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not_effective"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"


class CommentKind(StrEnum):
    """A COMMENT says something, a REVIEW that its author has read and checked."""

    COMMENT = "comment"
    REVIEW = "review"


class Basis(StrEnum):
    """What an issue stands on; all but DATA are marked "not shown by data" and need a reason."""

    DATA = "data"
    RECORDING = "recording"
    COMPLAINT = "complaint"
    TOO_LITTLE = "too_little"


class CauseLevel(StrEnum):
    """How deep a why lies."""

    SYMPTOM = "symptom"
    DIRECT = "direct"
    ROOT = "root"


class WhyStatus(StrEnum):
    """What the evidence says of a why."""

    HYPOTHESISED = "hypothesised"
    SUPPORTED = "supported"
    REFUTED = "refuted"


class Confidence(StrEnum):
    """How sure its author is of a why."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


def new_id() -> str:
    """An id made before the database is asked, so that a record can be spoken of before it is saved."""
    return str(uuid4())


@dataclass(frozen=True, kw_only=True)
class Made:
    """What the store writes on every part of an issue: who made it and when."""

    id: str = field(default_factory=new_id)
    created_by: str = ""
    created_by_id: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Versioned(Made):
    """What can be changed, with who changed it last. `version` 0 has never been saved."""

    version: int = 0
    updated_by: str = ""
    updated_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Issue(Versioned):
    """A problem on its way from a number to a remedy: data problem, location, deep trace, solution.

    `notes` is free text. `cause_type`, `gap`, `system` and `power` are codes of the taxonomy, `owner` is a code of it
    or a name; `person` is who answers for it there. `data_version` is that of the data in which the issue was seen.
    `origin` is the id of the pin that is the data problem; `path` leads from it to the location, a step each,
    `branches` are paths left for another. Three reasons stand in for what is missing: `basis_reason` for data that
    show the problem, `location_reason` for a path, `exception` for three levels of whys or a supported one.
    The store writes `scope`, of the data in which path and branches were found, and `asked`, which stands for a title
    that may have been made of what was found.
    """

    title: str
    notes: str = ""
    state: IssueState = IssueState.OPEN
    cause: str = ""
    cause_type: str = ""
    gap: str = ""
    system: str = ""
    power: str = ""
    owner: str = ""
    person: str = ""
    group: str = ""
    data_version: str = ""
    basis: Basis = Basis.DATA
    basis_reason: str = ""
    origin: str = ""
    path: tuple[Filter, ...] = ()
    branches: tuple[tuple[Filter, ...], ...] = ()
    location_reason: str = ""
    exception: str = ""
    scope: tuple[Filter, ...] = ()
    asked: str = ""


@dataclass(frozen=True)
class Milestone:
    """A step on the way of a plan; `done` is the day on which it was reached."""

    name: str
    due: date | None = None
    done: date | None = None


@dataclass(frozen=True, kw_only=True)
class Plan(Versioned):
    """A remedy against an issue: what, who, by when, towards which value, and how it will be checked.

    `remedy`, `action_type`, `check_method` (a comparison), `block` and `template` are codes of the taxonomy. Target,
    lift and `smallest` (effect that matters) are in the unit of `target_metric` and speak of `segment`, or of all.
    `baseline` is the span before `start` that is compared, `noticed` that in which the problem was seen; the verdict
    is due on `check_on`. `treated` and `control` are members of `unit`; `starts` are those that begin on a day of
    their own. `guardrails` are metrics that must not get worse, `cycle_of` is the plan before this one.
    The store writes `state_since`, and `scope`: that of the data of segment, lift and units.
    """

    issue_id: str
    action: str
    remedy: str = ""
    action_type: str = ""
    owner: str = ""
    person: str = ""
    due: date | None = None
    target_metric: str = ""
    target_value: float | None = None
    expected_lift: float | None = None
    check_method: str = ""
    segment: tuple[Filter, ...] = ()
    state: PlanState = PlanState.PLANNED
    block: str = ""
    template: str = ""
    priority: Priority = Priority.NORMAL
    escalation: Escalation = Escalation.NONE
    blocker: str = ""
    cost: float | None = None
    closing: str = ""
    milestones: tuple[Milestone, ...] = ()
    baseline: Period | None = None
    noticed: Period | None = None
    start: date | None = None
    check_on: date | None = None
    unit: str = ""
    treated: tuple[str, ...] = ()
    control: tuple[str, ...] = ()
    starts: tuple[tuple[str, date], ...] = ()
    guardrails: tuple[str, ...] = ()
    smallest: float | None = None
    cycle_of: str = ""
    state_since: datetime | None = None
    scope: tuple[Filter, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Why(Versioned):
    """One answer to "why?" in the cause tree of an issue; `parent_id` is the why it explains, none at the top."""

    issue_id: str
    statement: str
    level: CauseLevel
    parent_id: str = ""
    status: WhyStatus = WhyStatus.HYPOTHESISED
    confidence: Confidence = Confidence.LOW


@dataclass(frozen=True, kw_only=True)
class Pin(Made):
    """Evidence as it was seen, with all that is needed to ask again: it never changes.

    `statistics` and `rows` (of the table) hold unrounded numbers, None where withheld; `sql` is the query behind
    them, a text for each statement. The store writes `scope`: what its author may see.
    """

    method: str
    selection: Selection
    data_version: str
    options: Mapping[str, Any] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    statistics: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[Mapping[str, Any], ...] = ()
    link: str = ""
    sql: tuple[str, ...] = ()
    issue_id: str = ""
    scope: tuple[Filter, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Look(Made):
    """The effect of a plan as it was computed once, with all that is needed to ask again: it never changes.

    `planned`: the data reached the day of the verdict. `rows` are the weeks of the picture, `options` what was asked
    besides the selection. The store writes `scope`: what its author may see.
    """

    plan_id: str
    issue_id: str
    dataset: str
    data_version: str
    selection: Selection
    verdict: Verdict
    method: str = "effect"
    options: Mapping[str, Any] = field(default_factory=dict)
    planned: bool = False
    statistics: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[Mapping[str, Any], ...] = ()
    parts: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    scope: tuple[Filter, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ruling(Made):
    """A person overrules the computed verdict: it stands once a second person agrees, until it is withdrawn."""

    plan_id: str
    issue_id: str
    verdict: Verdict
    reason: str
    second: str = ""
    second_id: str = ""
    second_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Comment(Made):
    """What somebody says about an issue or one of its plans."""

    issue_id: str
    text: str
    plan_id: str = ""
    kind: CommentKind = CommentKind.COMMENT
