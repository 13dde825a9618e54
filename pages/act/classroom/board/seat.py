"""What a participant's board is drawn from: the class, the own group, its issue and how far that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from analysis.training.progress import Progress, progress
from data_access.workshop.class_records import Group, Hint, Member, Remark, TrainingClass
from data_access.workshop.store import Store
from data_access.workshop.tracing import Trace
from pages.frame.context import Frame
from pages.report import group_issue


@dataclass(frozen=True)
class Seat:
    """A member's place in a class. `rows`: the issues of the group, `row` the one that it works on or handed in."""

    klass: TrainingClass
    group: Group
    members: tuple[Member, ...]
    rows: tuple[Trace, ...]
    row: Trace | None
    hints: tuple[Hint, ...]
    remarks: tuple[Remark, ...]
    now: datetime

    @property
    def far(self) -> Progress:
        return progress(self.row, self.group, self.klass, self.now)

    @property
    def is_over(self) -> bool:
        """Whether the group can change nothing any more."""
        return bool(self.group.submitted_at or self.klass.revealed_at or self.klass.ended_at)


def taken(here: Frame, store: Store, klass: TrainingClass, group: Group) -> Seat:
    """The seat of this person as it is now. Raises Problem."""
    traces = tuple(trace for trace in store.traces(here.user) if trace.issue.group == group.key)
    own = group_issue.among(here, [trace.issue for trace in traces])
    return Seat(
        klass=klass,
        group=group,
        members=tuple(store.members(here.user, klass.id)),
        rows=traces,
        row=next((trace for trace in traces if own and trace.issue.id == own.id), None),
        hints=tuple(store.hints(here.user, klass.id)),
        remarks=tuple(store.remarks(here.user, klass.id)),
        now=datetime.now(UTC),
    )


def listed(texts: Iterable[str]) -> str:
    """Lines of Markdown, each with a dot."""
    return "\n".join(f"- {text}" for text in texts)
