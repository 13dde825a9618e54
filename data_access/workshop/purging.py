"""What lets single persons be known is forgotten once it is old: contacts, pins, chances of recovery, who saw what.

Issues keep their words, whys, plans, looks and verdicts, and evidence its counts. What is forgotten is gone for good.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

from sqlalchemy import ColumnElement, Connection, Engine, Table, and_, delete, func, null, or_, select, text, update

from data_access.access import Role, User
from data_access.workshop import audit, monitor_tables, tables
from data_access.workshop.engine import reading, transaction
from data_access.workshop.seeing import LEAST_DAYS
from data_access.workshop.seen_tables import seen

OPERATOR = User("operator", "operator", frozenset({Role.ADMIN}))  # whoever may run it reads the store itself as well
OF_PERSONS = ("pin", "evidence", "round")  # records whose content stands in the history as well


def to_forget(engine: Engine, before: date) -> Mapping[str, int]:
    """How much `purged` would forget, by what it is. Raises: Unreachable."""
    with reading(engine) as connection:
        return MappingProxyType(_counted(connection, _midnight(before)))


def purged(engine: Engine, before: date) -> Mapping[str, int]:
    """Forget what was written before a day (UTC), all of it or nothing; how much, by what it was.

    Pins that newer evidence rests on stay. That this was done is kept in the history. Raises: Unreachable.
    """
    until = _midnight(before)
    with transaction(engine) as connection:
        counted = _counted(connection, until)
        for name, (table, old) in _old(until).items():
            if name == "contacts":
                connection.execute(update(table).where(old).values(contacts=()))
            elif name == "history":
                with _rewritten(connection):
                    connection.execute(update(table).where(old).values(before=null(), after=null(), reach=null()))
            else:
                connection.execute(delete(table).where(old))
        about = audit.Subject("purge", "", before.isoformat(), "")
        audit.happened(connection, OPERATOR, about, action="purged", after=dict(counted))
    return MappingProxyType(counted)


def _counted(connection: Connection, until: datetime) -> dict[str, int]:
    asked = {name: select(func.count()).select_from(table).where(old) for name, (table, old) in _old(until).items()}
    return {name: int(connection.execute(query).scalar_one()) for name, query in asked.items()}


def _old(until: datetime) -> dict[str, tuple[Table, ColumnElement[bool]]]:
    """Tables and which of their rows are old, in an order in which they can go."""
    pin, evidence, rounds, cases = (
        tables.pins,
        tables.evidence,
        monitor_tables.recovery_rounds,
        monitor_tables.recovery_cases,
    )
    needed = select(evidence.c.pin_id).where(evidence.c.created_at >= until)
    old_rounds = select(rounds.c.id).where(rounds.c.created_at < until)
    entry, kept_at_least = tables.audit.c, datetime.now(UTC) - timedelta(days=LEAST_DAYS + 1)
    told = and_(entry.kind.in_(OF_PERSONS), or_(entry.before.is_not(None), entry.after.is_not(None)))
    return {
        "contacts": (evidence, and_(evidence.c.created_at < until, evidence.c.contacts != ())),
        "pins": (pin, and_(pin.c.created_at < until, pin.c.id.not_in(needed))),
        "cases": (cases, cases.c.round_id.in_(old_rounds)),
        "rounds": (rounds, rounds.c.created_at < until),
        "history": (tables.audit, and_(entry.at < until, told)),
        "seen": (seen, seen.c.at < min(until, kept_at_least)),
    }


@contextmanager
def _rewritten(connection: Connection) -> Iterator[None]:
    """The history is append-only but here, and again when this transaction ends, however it does."""
    name = tables.audit.name
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
        yield
        connection.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))
        return
    asked = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    triggers = connection.execute(asked, {"table": name}).all()
    for trigger, _ in triggers:
        connection.execute(text(f"DROP TRIGGER {trigger}"))
    yield
    for _, made in triggers:
        connection.exec_driver_sql(made)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
