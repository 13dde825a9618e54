"""What does the store remember of a class? Plain frozen values: the class, its groups, members and what they did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data_access.training import Case
from data_access.workshop.records import Made, Versioned


class Stage(StrEnum):
    """The four stages of a class, the four steps of an issue, in their order."""

    DATA_PROBLEM = "data_problem"
    WHERE = "where"
    WHY = "why"
    SOLUTION = "solution"


@dataclass(frozen=True, kw_only=True)
class TrainingClass(Versioned):
    """A class on one case with data that do not change. `code` is what people join by.

    `stage` is the one that runs now, None before the first; work is taken in the stages that are `open`. The timer of
    the stage ends at `ends_at`; with `locks_at_end` its work is not taken after that.
    """

    title: str
    code: str = ""
    case: Case
    dataset: str = ""
    data_version: str = ""
    stage: Stage | None = None
    open: tuple[Stage, ...] = ()
    ends_at: datetime | None = None
    locks_at_end: bool = False
    revealed_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Group(Versioned):
    """A group of a class. `key` stands in `Issue.group` and `User.groups`; `answer` is the id of the issue handed in.

    `bet` is the group's confidence, 0 to 1, that its location is right, given before the reveal.
    """

    class_id: str
    name: str
    key: str = ""
    answer: str = ""
    bet: float | None = None
    bet_at: datetime | None = None
    submitted_at: datetime | None = None
    submitted_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Member(Made):
    """Somebody who joined a class; `group` is the key of a group, "" until the instructor or the person chose one."""

    class_id: str
    user_id: str
    name: str
    group: str = ""
    last_seen: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class QuizAnswer(Made):
    """A level of measurement that a member named for a column; each attempt is kept."""

    class_id: str
    user_id: str
    question: str
    level: str


@dataclass(frozen=True, kw_only=True)
class Hint(Made):
    """A hint that a group took; `number` counts from 1."""

    class_id: str
    group: str
    number: int


@dataclass(frozen=True, kw_only=True)
class Mark(Versioned):
    """The instructor's points for one criterion of the rubric."""

    class_id: str
    group: str
    criterion: str
    points: float
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Remark(Made):
    """What the instructor says to a group, or with `group` "" to all."""

    class_id: str
    group: str
    text: str
