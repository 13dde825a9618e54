"""Builds rollups: tables of sums in a schema of their own, with a list of what they are of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.schema import CreateTableAs

from data_access.statement import BadInput, Unreachable
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Writer
from data_access.warehouse.rolled import statement
from data_access.warehouse.rollup_view import MANIFEST, TIMES, View, definition, is_served

Told = Callable[["Built"], None]
LISTED = ("name", "view", "rows", "contacts", "definition", "version", "built")


@dataclass(frozen=True, kw_only=True)
class Built:
    """A rollup as it was built: rows, and the contacts they stand for. kept: whether it is small enough to pay."""

    view: View
    rows: int
    contacts: int
    kept: bool


def check_served(contacts: Contacts) -> None:
    """Raises BadInput where rollups cannot stand for the contacts."""
    if not is_served(contacts.model):
        raise BadInput("rollup.weighed")


def build(
    contacts: Contacts,
    views: Sequence[View],
    version: Callable[[], str],
    *,
    writer: sa.URL | None = None,
    budget: float = float("inf"),
    tell: Told = lambda built: None,
) -> list[Built]:
    """Write the views of contacts, in the place of those before. One that turns out larger than what is left of the
    budget is not kept.

    version: the data version of the source. Raises BadInput where it changes meanwhile or the engine is not written
    to, Unreachable where writing fails.
    """
    check_served(contacts)
    before, built = version(), list[Built]()
    failures: tuple[type[Exception], ...] = (*contacts.dialect.failures, OSError)
    try:
        with contacts.dialect.writer(contacts.connection.url, writer or contacts.connection.url) as place:
            _forget(place)
            _list(place)
            for view in views:
                left = budget - sum(one.rows for one in built if one.kept)
                built.append(_built(contacts, view, place, left))
                tell(built[-1])
                if built[-1].kept:
                    _enter(place, built[-1], definition(contacts.model), before)
            if version() != before:
                raise BadInput("rollup.changed")
    except failures as error:
        raise Unreachable("rollup.not_reached", detail=_first_line(error)) from error
    return built


def _built(contacts: Contacts, view: View, place: Writer, left: float) -> Built:
    made = CreateTableAs(statement(contacts, view), view.name, schema=sa.quoted_name(place.schema, quote=False))
    place.connection.execute(made)
    table = f"{place.schema}.{view.name}"
    counted = place.connection.exec_driver_sql(f"SELECT count(*), coalesce(sum({TIMES}), 0) FROM {table}").one()
    built = Built(view=view, rows=int(counted[0]), contacts=int(counted[1]), kept=int(counted[0]) <= left)
    if not built.kept:
        place.connection.exec_driver_sql(f"DROP TABLE {table}")
    return built


def _forget(place: Writer) -> None:
    """Drop what was built before, as the list of it says."""
    inspector = sa.inspect(place.connection)
    schema = place.schema.rpartition(".")[2]
    for name in inspector.get_table_names(schema=schema):
        place.connection.exec_driver_sql(f'DROP TABLE {place.schema}."{name}"')


def _list(place: Writer) -> None:
    texts = ", ".join(f"{name} {'BIGINT' if name in ('rows', 'contacts') else 'VARCHAR(8000)'}" for name in _quoted())
    place.connection.exec_driver_sql(f"CREATE TABLE {place.schema}.{MANIFEST} ({texts})")


def _quoted() -> list[str]:
    return [f'"{name}"' for name in LISTED]


def _enter(place: Writer, built: Built, defined: str, version: str) -> None:
    values: dict[str, Any] = {
        "name": built.view.name,
        "view": built.view.to_json(),
        "rows": built.rows,
        "contacts": built.contacts,
        "definition": defined,
        "version": version,
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    columns, marks = ", ".join(_quoted()), ", ".join(f":{name}" for name in LISTED)
    place.connection.execute(sa.text(f"INSERT INTO {place.schema}.{MANIFEST} ({columns}) VALUES ({marks})"), values)


def _first_line(error: BaseException) -> str:
    cause = getattr(error, "orig", None) or error
    return next(iter(str(cause).splitlines()), type(cause).__name__)[:200].rstrip(". ")
