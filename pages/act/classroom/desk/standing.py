"""How does a whole class stand? One look at the store for all groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from analysis.training.progress import Progress, progress
from data_access.training_file import load_quiz
from data_access.workshop.class_records import Group, Member, QuizAnswer, TrainingClass
from data_access.workshop.tracing import Trace
from pages.frame.context import Frame


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A group with its work. `quiz_right` of `quiz_asked` columns were named rightly at the first attempt."""

    group: Group
    members: tuple[Member, ...]
    trace: Trace | None
    progress: Progress
    hints: int
    quiz_right: int
    quiz_asked: int

    @property
    def pins(self) -> int:
        return len(self.trace.pins) if self.trace else 0

    @property
    def whys(self) -> int:
        return len(self.trace.whys) if self.trace else 0


@dataclass(frozen=True, kw_only=True)
class Classroom:
    """A class at one moment; `alone` are members without a group."""

    klass: TrainingClass
    standings: tuple[Standing, ...]
    alone: tuple[Member, ...]
    at: datetime


def look(here: Frame, class_id: str) -> Classroom:
    """A fixed number of store calls, however many groups there are."""
    store, user, now = here.store(), here.user, datetime.now(UTC)
    klass = store.training_class(user, class_id)
    groups, members = store.groups(user, class_id), store.members(user, class_id)
    traces = answers_of(groups, store.traces(user))
    hints = Counter(hint.group for hint in store.hints(user, class_id))
    quiz = quiz_of(members, store.quiz_answers(user, class_id))
    return Classroom(
        klass=klass,
        standings=tuple(
            Standing(
                group=group,
                members=tuple(member for member in members if member.group == group.key),
                trace=(trace := traces.get(group.key)),
                progress=progress(trace, group, klass, now),
                hints=hints[group.key],
                quiz_right=quiz.get(group.key, (0, 0))[0],
                quiz_asked=quiz.get(group.key, (0, 0))[1],
            )
            for group in groups
        ),
        alone=tuple(member for member in members if not member.group),
        at=now,
    )


def answers_of(groups: Sequence[Group], traces: Sequence[Trace]) -> dict[str, Trace]:
    """The issue of each group: the one that it chose for its answer, else the one that it changed last."""
    found: dict[str, Trace] = {}
    for group in groups:
        own = [row for row in traces if row.issue.group == group.key]
        chosen = [row for row in own if row.issue.id == group.answer]
        if own:
            found[group.key] = (chosen or own)[0]
    return found


def quiz_of(members: Sequence[Member], answers: Sequence[QuizAnswer]) -> Mapping[str, tuple[int, int]]:
    """By group: how many columns its members named rightly at the first attempt, and how many they were asked."""
    levels = {question.code: question.level for question in load_quiz()}
    groups = {member.user_id: member.group for member in members}
    first: dict[tuple[str, str], QuizAnswer] = {}
    for answer in sorted(answers, key=lambda one: str(one.created_at)):
        first.setdefault((answer.user_id, answer.question), answer)
    right, asked = Counter[str](), Counter[str]()
    for answer in first.values():
        group = groups.get(answer.user_id, "")
        asked[group] += 1
        right[group] += levels.get(answer.question) == answer.level
    return {group: (right[group], asked[group]) for group in asked}
