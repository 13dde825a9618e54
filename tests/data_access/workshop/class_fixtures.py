"""A class to try things in: its case, its key, and people who teach, take part or look on."""

from __future__ import annotations

from dataclasses import replace

from data_access.access import Role, User
from data_access.selection import Filter
from data_access.training import Case, Criterion, Key, Kind, Reference, Truth, Words
from data_access.workshop.class_records import Stage, TrainingClass
from data_access.workshop.store import Store
from tests.data_access.workshop.conftest import INSTRUCTOR

SAY = Words("Billing calls", "账单来电")
CASE = Case(
    code="3g",
    title=Words("Why is the 3G line last?", "3G热线为何全国最后"),
    story=SAY,
    hints=(Words("Look at the month", "看月份"), Words("Look at the bill", "看账单")),
    rubric=(Criterion(code="location", points=25, full=SAY, half=SAY, none=SAY),),
)
KEY = Key(
    truth=Truth(segment=(Filter("business", ("3G",)),), kind=Kind.RULE),
    reference=Reference(problem=SAY, location=SAY, gap="design", gap_why=SAY, system="rules", power="centre",
                        cause_type="capacity", remedies=("roster",), lift=SAY, check=SAY),
)  # fmt: skip


def person(number: int, **changes: object) -> User:
    """Somebody at the door of a class."""
    user = User(f"member-{number}", f"Person {number}", frozenset({Role.PARTICIPANT}))
    return replace(user, **changes)  # type: ignore[arg-type]


def opened(store: Store, *groups: str, title: str = "Monday") -> TrainingClass:
    fresh = TrainingClass(title=title, case=CASE, dataset="class-1", data_version="a81f3c")
    return store.open_class(INSTRUCTOR, fresh, KEY, groups or ("A", "B"))


def seated(store: Store, klass: TrainingClass, number: int, group: int = 0) -> User:
    """Somebody who joined and sits in a group, as the pages know the person in the next run."""
    user = person(number)
    member = store.join(user, klass.code, user.name)
    store.place(INSTRUCTOR, member.id, store.groups(INSTRUCTOR, klass.id)[group].key)
    return now(store, user)


def now(store: Store, user: User) -> User:
    """The user as the store says: what every run of a page asks first."""
    member = store.membership(user.id)
    groups = frozenset({member.group}) if member and member.group else frozenset[str]()
    return replace(user, groups=groups, attends=member.class_id if member else "")


def begun(store: Store, klass: TrainingClass, *stages: Stage) -> TrainingClass:
    for stage in stages or [*Stage]:
        klass = store.start_stage(INSTRUCTOR, klass.id, stage, minutes=20)
    return klass
