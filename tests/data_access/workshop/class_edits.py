"""What a class does for the test of kills: five kinds of writing in turn, each of which leaves its number behind."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from data_access.access import User
from data_access.statement import BadInput
from data_access.training import Words
from data_access.workshop import tables
from data_access.workshop.class_records import TrainingClass
from data_access.workshop.store import Store
from tests.data_access.workshop.class_fixtures import CASE, KEY, begun, now, person
from tests.data_access.workshop.conftest import INSTRUCTOR

MANY_HINTS = replace(CASE, hints=tuple(Words(str(number), str(number)) for number in range(200)))
OF_A_BET = 10_000


def begun_class(store: Store, class_id: str) -> str:
    """A class that runs, with one member; opened where there is none yet."""
    try:
        klass = store.training_class(INSTRUCTOR, class_id)
    except BadInput:
        fresh = TrainingClass(id=class_id, title=class_id, case=MANY_HINTS)
        klass = store.open_class(INSTRUCTOR, fresh, KEY, ["base"])
    klass = klass if klass.open else begun(store, klass)
    member = store.join(_member(class_id), klass.code, "base")
    store.place(INSTRUCTOR, member.id, store.groups(INSTRUCTOR, class_id)[0].key)
    return class_id


def edit_class(store: Store, class_id: str, number: int) -> None:
    user = now(store, _member(class_id))
    match number % 5:
        case 0:
            code = store.training_class(INSTRUCTOR, class_id).code
            store.join(person(0, id=f"{class_id}-{number}"), code, str(number))
        case 1:
            store.answer_quiz(user, class_id, str(number), "nominal")
        case 2:
            store.bet(user, class_id, number / OF_A_BET)
        case 3:
            other = begun_class(store, f"{class_id}-{number}")
            store.submit(_member(other), other)
        case _:
            store.take_hint(user, class_id)


def written_class(store: Store, class_id: str) -> list[int]:
    """The numbers that stand in the store; each bet and each handing in has its place in the history, once."""
    row = tables.audit.c
    with store.engine.connect() as connection:
        told = connection.execute(select(tables.audit).where(row.issue_id.like(f"{class_id}%"))).mappings().all()
        asked = select(tables.groups.c.class_id).where(tables.groups.c.submitted_at.is_not(None))
        handed_in = connection.execute(asked.where(tables.groups.c.class_id.like(f"{class_id}-%"))).scalars().all()
    bets = [round(entry["after"]["bet"] * OF_A_BET) for entry in told if entry["action"] == "bet"]
    (group,) = store.groups(INSTRUCTOR, class_id)
    assert round((group.bet or 0) * OF_A_BET) == max(bets, default=0)
    assert sorted(handed_in) == sorted(entry["issue_id"] for entry in told if entry["action"] == "submitted")
    joined = [int(member.name) for member in store.members(INSTRUCTOR, class_id) if member.name.isdigit()]
    quiz = [int(answer.question) for answer in store.quiz_answers(INSTRUCTOR, class_id)]
    hints = [5 * hint.number - 1 for hint in store.hints(INSTRUCTOR, class_id)]
    return sorted([*bets, *joined, *quiz, *hints, *(int(one.rsplit("-", 1)[1]) for one in handed_in)])


def _member(class_id: str) -> User:
    return person(0, id=f"{class_id}-base")
