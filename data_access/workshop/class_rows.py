"""How do classes and what belongs to them come out of the tables and go into them? Whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, Table, insert, or_, select, update

from data_access.access import User
from data_access.statement import BadInput
from data_access.training import Case, Key
from data_access.training_file import from_json, to_json
from data_access.workshop import audit, tables
from data_access.workshop.class_records import (
    Group,
    Hint,
    Mark,
    Member,
    QuizAnswer,
    Remark,
    Stage,
    TrainingClass,
)
from data_access.workshop.records import Versioned
from data_access.workshop.writing import stamp

Part = TypeVar("Part", Group, Member, QuizAnswer, Hint, Mark, Remark)
Change = TypeVar("Change", TrainingClass, Group, Member)
TABLES: Mapping[type[Any], Table] = {
    TrainingClass: tables.classes,
    Group: tables.groups,
    Member: tables.members,
    QuizAnswer: tables.quiz_answers,
    Hint: tables.hints,
    Mark: tables.marks,
    Remark: tables.remarks,
}
_CLASS = [column for column in tables.classes.c if column.name != "key"]


def classes(connection: Connection, user_id: str | None = None) -> list[TrainingClass]:
    """All classes, or those that somebody is a member of; newest first."""
    query = select(*_CLASS).order_by(tables.classes.c.created_at.desc(), tables.classes.c.id)
    if user_id is not None:
        own = select(tables.members.c.class_id).where(tables.members.c.user_id == user_id)
        query = query.where(tables.classes.c.id.in_(own))
    return [_class(row) for row in connection.execute(query).mappings()]


def class_of(connection: Connection, class_id: str, *, lock: bool = False) -> TrainingClass:
    """Raises: BadInput where there is none."""
    found = _one(connection, select(*_CLASS).where(tables.classes.c.id == class_id), lock=lock)
    if found is None:
        raise BadInput("class.missing.class")
    return _class(found)


def class_of_code(connection: Connection, code: str) -> TrainingClass | None:
    """The class that can be joined by a code."""
    row = tables.classes.c
    found = _one(connection, select(*_CLASS).where(row.code == code, row.ended_at.is_(None)))
    return _class(found) if found else None


def is_code(connection: Connection, code: str) -> bool:
    """Whether a code was ever given to a class."""
    return _one(connection, select(tables.classes.c.id).where(tables.classes.c.code == code)) is not None


def key(connection: Connection, class_id: str) -> Key:
    written = connection.execute(select(tables.classes.c.key).where(tables.classes.c.id == class_id)).scalar_one()
    return from_json(Key, written)


def add_class(connection: Connection, user: User, klass: TrainingClass, key: Key) -> TrainingClass:
    signed = replace(klass, version=1, created_by_id=user.id, **stamp("created", user), **stamp("updated", user))
    connection.execute(insert(tables.classes), _values(signed) | {"key": to_json(key)})
    return signed


def add(connection: Connection, user: User, part: Part) -> Part:
    """A new part of a class, signed and dated."""
    stamps: dict[str, Any] = {**stamp("created", user), "created_by_id": user.id}
    if isinstance(part, Versioned):
        stamps |= {**stamp("updated", user), "version": 1}
    made = replace(part, **stamps)
    connection.execute(insert(TABLES[type(part)]), _values(made))
    return made


def change(connection: Connection, user: User, record: Change, **changes: Any) -> Change:
    """The record with some fields changed, in the table too. Its version stays: nobody typed these fields into a form
    that somebody else could have opened before."""
    signed: dict[str, Any] = stamp("updated", user) if isinstance(record, Versioned) else {}
    after = replace(record, **changes, **signed)
    table, row = TABLES[type(record)], _values(after)
    names = (*changes, *signed)
    connection.execute(update(table).where(table.c.id == record.id).values({name: row[name] for name in names}))
    return after


def save(connection: Connection, user: User, record: TrainingClass | Mark, **changes: Any) -> bool:
    """Write some fields over exactly the version that was read; whether it still was that one."""
    table = TABLES[type(record)]
    at_my_version = update(table).where(table.c.id == record.id, table.c.version == record.version)
    row = _values(replace(record, **changes, version=record.version + 1, **stamp("updated", user)))
    names = (*changes, "version", "updated_by", "updated_at")
    return connection.execute(at_my_version.values({name: row[name] for name in names})).rowcount == 1


def parts(connection: Connection, kind: type[Part], class_id: str, *asked: ColumnElement[bool]) -> list[Part]:
    """The groups, members, answers, hints, marks or remarks of a class, oldest first."""
    table = TABLES[kind]
    query = select(table).where(table.c.class_id == class_id, *asked).order_by(table.c.created_at, table.c.id)
    return [kind(**row) for row in connection.execute(query).mappings()]


def part(connection: Connection, kind: type[Part], id: str, missing: str) -> Part:
    """Raises: BadInput, `missing`, where there is none."""
    table = TABLES[kind]
    found = _one(connection, select(table).where(table.c.id == id))
    if found is None:
        raise BadInput(missing)
    return kind(**found)


def group(connection: Connection, class_id: str, key: str, *, lock: bool = False) -> Group:
    """A group of a class by its key. Raises: BadInput where there is none."""
    row = tables.groups.c
    found = _one(connection, select(tables.groups).where(row.class_id == class_id, row.key == key), lock=lock)
    if found is None:
        raise BadInput("class.missing.group")
    return Group(**found)


def groups_of_keys(connection: Connection, *keys: str, lock: bool = False) -> list[tuple[TrainingClass, Group]]:
    """The groups of these keys that belong to a class, each with it; with `lock` nobody else changes them."""
    query = select(tables.groups).where(tables.groups.c.key.in_(keys)).order_by(tables.groups.c.key)
    found = connection.execute(_locked(query) if lock else query).mappings().all()
    return [(class_of(connection, row["class_id"]), Group(**row)) for row in found]


def member(connection: Connection, class_id: str, user_id: str) -> Member | None:
    row = tables.members.c
    found = _one(connection, select(tables.members).where(row.class_id == class_id, row.user_id == user_id))
    return Member(**found) if found else None


def membership(connection: Connection, user_id: str, *, over: bool = False) -> Member | None:
    """Where somebody takes part now: of the classes that go on, the one that was joined or visited last.

    over: of those that have ended instead, and in a group.
    """
    row, klass = tables.members.c, tables.classes.c
    query = select(tables.members).join(tables.classes, klass.id == row.class_id)
    those = (klass.ended_at.is_not(None), row.group != "") if over else (klass.ended_at.is_(None),)
    query = query.where(row.user_id == user_id, *those)
    found = _one(connection, query.order_by(row.last_seen.desc().nulls_last(), row.id).limit(1))
    return Member(**found) if found else None


def any_issue_of(connection: Connection, group_key: str) -> bool:
    """Whether a group has an issue, one that was taken away too."""
    query = select(tables.issues.c.id).where(tables.issues.c.group == group_key).limit(1)
    return _one(connection, query) is not None


def of_group_or_all(key: str) -> ColumnElement[bool]:
    """The remarks that a group reads."""
    return or_(tables.remarks.c.group == key, tables.remarks.c.group == "")


def tell(connection: Connection, user: User, klass: TrainingClass, action: str, **content: Any) -> None:
    """Write into the history what happened to a class; `content` is `before`, `after` or both."""
    about = audit.Subject("class", klass.id, klass.title, klass.id)
    audit.happened(connection, user, about, action=action, **content)


def tell_of_group(connection: Connection, user: User, group: Group, action: str, **content: Any) -> None:
    """The same of a group: it stands in the history of its answer, where it has one."""
    about = audit.Subject("group", group.id, group.name, group.answer or group.class_id)
    audit.happened(connection, user, about, action=action, **content)


def tell_of_part(
    connection: Connection, user: User, part: Member | Mark | Remark, action: str, **content: Any
) -> None:
    """The same of what only the class has: a member, a mark, a remark."""
    subject = part.name if isinstance(part, Member) else part.group
    about = audit.Subject(type(part).__name__.lower(), part.id, subject, part.class_id)
    audit.happened(connection, user, about, action=action, **content)


def _one(connection: Connection, query: Select[Any], *, lock: bool = False) -> Mapping[Any, Any] | None:
    return connection.execute(_locked(query) if lock else query).mappings().one_or_none()


def _locked(query: Select[Any]) -> Select[Any]:
    """For one writer at a time; others may add what refers to the line, or two could wait for each other."""
    return query.with_for_update(key_share=True)


def _class(row: Mapping[Any, Any]) -> TrainingClass:
    """A stage that only a newer program knows is none here: its work is not taken."""
    known = {stage.value: stage for stage in Stage}
    opened = tuple(known[stage] for stage in row["open"] if stage in known)
    return TrainingClass(**{**row, "case": _case(row["case"]), "stage": known.get(row["stage"]), "open": opened})


@lru_cache(maxsize=64)
def _case(written: str) -> Case:
    """Read once: everybody in a class asks for the same case every few seconds."""
    return from_json(Case, written)


def _values(record: Any) -> dict[str, Any]:
    row = {field.name: getattr(record, field.name) for field in fields(record)}
    return row | {"case": to_json(record.case)} if isinstance(record, TrainingClass) else row
