"""What does the store remember of a meeting? The numbers it saw, which never change, and what was decided there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from data_access.selection import Filter, Selection
from data_access.statement import Statement
from data_access.workshop.records import Made, Versioned


class AgendaStep(StrEnum):
    """The items of the agenda, in their order."""

    CHANGES = "changes"
    CAUSES = "causes"
    PROMISES = "promises"
    VERDICTS = "verdicts"
    ACTIONS = "actions"


@dataclass(frozen=True, kw_only=True)
class Meeting(Versioned):
    """A meeting over one version of the data. `code` opens it, `CODE-3` its third slide. `ended_at`: nothing is added
    any more. The store writes `code` and `scope`: what its author may see."""

    title: str
    dataset: str
    data_version: str
    selection: Selection
    held_on: date
    code: str = ""
    ended_at: datetime | None = None
    scope: tuple[Filter, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MeetingSlide(Made):
    """One message of a meeting with all its numbers, as they were when the meeting began: it never changes.

    `kind` says how it is drawn. `method`, `selection`, `options`, `statements`, `caveats`, `statistics`, `rows` (of
    the table) and `parts` are the result's, unrounded, None where withheld. Of a slide about plans `rows` holds
    what was promised, and `subject` is the id of the plan that it is about.
    """

    meeting_id: str = ""
    number: int = 0
    step: AgendaStep
    kind: str
    method: str = ""
    selection: Selection = field(default_factory=Selection)
    options: Mapping[str, Any] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    caveats: tuple[Statement, ...] = ()
    statistics: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[Mapping[str, Any], ...] = ()
    parts: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    sql: tuple[str, ...] = ()
    subject: str = ""


@dataclass(frozen=True, kw_only=True)
class MeetingNote(Made):
    """What was said or decided at a slide; 0 is the meeting as a whole."""

    meeting_id: str
    number: int = 0
    text: str


@dataclass(frozen=True, kw_only=True)
class MeetingAction(Made):
    """A plan that a meeting made; the plan itself lies with its issue."""

    meeting_id: str
    number: int = 0
    plan_id: str
    issue_id: str
