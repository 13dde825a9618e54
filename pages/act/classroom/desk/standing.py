"""How does a whole class stand? One look at the store for all groups."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from analysis.training.class_results import answers_of, quiz_of
from analysis.training.progress import Progress, progress
from data_access.workshop.class_records import Group, Member, TrainingClass
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
    traces = answers_of(groups, store.traces(user, groups=[group.key for group in groups]))
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
