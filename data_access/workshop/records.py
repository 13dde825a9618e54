"""What does the workshop remember? Issues, their whys, what is pinned to them, the plans against them, who did what.

Plain frozen values: the store takes and gives them, nothing of a database clings to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import uuid4

from data_access.selection import Filter, Selection
from data_access.statement import Problem, Statement


class IssueState(StrEnum):
    """How far the diagnosis has come."""

    OPEN = "open"
    DIAGNOSED = "diagnosed"
    PLANNED = "planned"
    CLOSED = "closed"


class PlanState(StrEnum):
    """How far the remedy has come."""

    PLANNED = "planned"
    DOING = "doing"
    DONE = "done"
    DROPPED = "dropped"


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
    or a name; `person` is who answers for it there.
    `origin` is the id of the pin that is the data problem; `path` leads from it to the location, a step each,
    `branches` are paths left for another. Three reasons stand in for what is missing: `basis_reason` for data that
    show the problem, `location_reason` for a path, `exception` for three levels of whys or a supported one.
    `data_version` is that of the data in which the issue was seen.
    The store writes `scope`, that of the data in which path and branches were found, and `asked`, which stands for a
    title that may have been made of what was found.
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


@dataclass(frozen=True, kw_only=True)
class Plan(Versioned):
    """A remedy against an issue: what, who, by when, towards which value, and how it will be checked.

    `remedy`, `action_type` and `check_method` (a comparison) are codes of the taxonomy. `target_value` and
    `expected_lift` are in the unit of `target_metric`; `segment` is what they speak of, a condition each, empty for
    everything. The store writes `scope`: that of the data of segment and lift.
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

    `statistics` and `rows` (the headline rows of the table) hold unrounded numbers, None where withheld; `sql` is
    the query behind them, a text for each statement sent. The store writes `scope`: what its author may see.
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


@dataclass(frozen=True)
class Difference:
    """A field on which two versions disagree."""

    field: str
    theirs: Any
    mine: Any


Record = Issue | Plan | Why
Changed = TypeVar("Changed", bound=Issue | Plan | Why)


class Conflict(Problem):
    """Somebody saved in between. `theirs` is what is stored now, `mine` what was to be saved; neither is lost."""

    def __init__(self, theirs: Record, mine: Record) -> None:
        self.theirs, self.mine = theirs, mine
        super().__init__("workshop.conflict.text", who=theirs.updated_by, subject=name_of(theirs))

    def __reduce__(self) -> Any:
        return type(self), (self.theirs, self.mine)

    @property
    def differences(self) -> tuple[Difference, ...]:
        """The fields a user would have to decide about, in the order of the form."""
        theirs, mine = editable(self.theirs), editable(self.mine)
        return tuple(Difference(name, theirs[name], mine[name]) for name in theirs if theirs[name] != mine[name])


KEPT_BY_THE_STORE = frozenset({"issue_id", "scope", "asked", *(f.name for f in fields(Versioned))})


def editable(record: Record) -> dict[str, Any]:
    """The fields a user may change; the store alone writes the others."""
    return {f.name: getattr(record, f.name) for f in fields(record) if f.name not in KEPT_BY_THE_STORE}


ENUMERATED: Mapping[type[Any], Mapping[str, type[StrEnum]]] = {
    Issue: {"state": IssueState, "basis": Basis},
    Plan: {"state": PlanState},
    Why: {"level": CauseLevel, "status": WhyStatus, "confidence": Confidence},
}


def with_content(record: Changed, content: Mapping[str, Any]) -> Changed:
    """The record with some fields as they were written down: as plain text where they are one of a few."""
    kinds = ENUMERATED[type(record)]
    typed: dict[str, Any] = {name: kinds[name](value) if name in kinds else value for name, value in content.items()}
    return replace(record, **typed)


def name_of(record: Record) -> str:
    """What a person calls the record by."""
    if isinstance(record, Issue):
        return record.title
    return record.action if isinstance(record, Plan) else record.statement
