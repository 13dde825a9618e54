"""Which rollups lie beside a warehouse, and which one answers a question exactly? The smallest, or none.

Those of another model, of other data than these, or not whole any more are as if they were not there.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import sqlalchemy as sa

from data_access.selection import Filter
from data_access.semantics import SemanticModel
from data_access.statement import Problem
from data_access.warehouse.connection import Connection
from data_access.warehouse.dialects import SCHEMA
from data_access.warehouse.rolled import RolledContacts, rolled
from data_access.warehouse.rollup_view import (
    MANIFEST,
    TIMES,
    Needs,
    View,
    answers,
    definition,
    is_served,
)

LOOKED_AFTER_S = 5.0  # as long as a data version is kept
CHECKED_S = 600.0
Opener = Callable[[sa.URL], sa.Engine]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A rollup that was built: rows it has, contacts they stand for, and of which model and data version it is."""

    view: View
    rows: int
    contacts: int
    definition: str
    version: str
    built: str


class Rollups:
    """The rollups beside one source. Safe between threads."""

    def __init__(self, connection: Connection, model: SemanticModel, opener: Opener) -> None:
        self._source = connection
        self._model = model
        self._opener = opener
        self._lock = Lock()
        self._looked = -LOOKED_AFTER_S
        self._stamp: object = None
        self._connection: Connection | None = None
        self._kept: tuple[Kept, ...] = ()
        self._whole: dict[tuple[str, str], tuple[float, RolledContacts | None]] = {}
        self._definition = definition(model)

    def find(self, needs: Needs, scope: Sequence[Filter], version: Callable[[], str]) -> RolledContacts | None:
        """The rows of the smallest rollup that answers exactly what is asked, within a scope."""
        if not is_served(self._model):
            return None
        able = [kept for kept in self.kept() if kept.definition == self._definition]
        able = sorted((k for k in able if answers(k.view, needs, self._model)), key=lambda kept: kept.rows)
        if not able or able[0].version != version():
            return None
        found = (self._of(kept) for kept in able)
        whole = next((contacts for contacts in found if contacts is not None), None)
        return None if whole is None else whole.within(scope)

    def kept(self) -> tuple[Kept, ...]:
        """All that lie there, whatever they are of; looked after every few seconds."""
        with self._lock:
            if time.monotonic() - self._looked > LOOKED_AFTER_S:
                self._look()
                self._looked = time.monotonic()
            return self._kept

    def close(self) -> None:
        if self._connection is not None and self._connection is not self._source:
            self._connection.close()

    def _look(self) -> None:
        """Where another file lies than before, that one is read; a schema is read again."""
        place = self._source.dialect.rollups_at(self._source.url)
        if place is None:
            self._connection, self._kept = None, ()
            return
        if place == self._source.url:
            self._connection = self._source
            self._kept = self._listed(self._source)
        elif self._stamp != (place, _stamp(place)):
            self._stamp = (place, _stamp(place))
            self._connection = self._source.beside(self._opener(place))
            self._kept = self._listed(self._connection)

    def _listed(self, connection: Connection) -> tuple[Kept, ...]:
        with contextlib.suppress(Problem, ValueError, TypeError, KeyError):  # nobody built any, or for others alone
            table = connection.reflect(f"{SCHEMA}.{MANIFEST}")
            rows = connection.run(sa.select(table)).rows
            return tuple(_kept(row) for row in rows.to_dict("records"))
        return ()

    def _of(self, kept: Kept) -> RolledContacts | None:
        """The rows of a rollup that is as whole as it was built, else None."""
        key = (kept.view.name, kept.built)
        at, known = self._whole.get(key, (-CHECKED_S, None))
        if time.monotonic() - at > CHECKED_S:
            known = self._checked(kept)
            self._whole[key] = time.monotonic(), known
        return known

    def _checked(self, kept: Kept) -> RolledContacts | None:
        assert self._connection is not None, "what is kept was read somewhere"
        with contextlib.suppress(Problem):
            contacts = rolled(self._model, kept.view, self._connection)
            counted = [sa.func.count().label("rows"), sa.func.sum(contacts.table.c[TIMES]).label("contacts")]
            rows, number = self._connection.run(sa.select(*counted).select_from(contacts.table)).rows.iloc[0]
            return contacts if (int(rows), int(number or 0)) == (kept.rows, kept.contacts) else None
        return None


def _kept(row: dict[str, object]) -> Kept:
    view = View.from_json(str(row["view"]))
    rows, contacts = (int(str(row[name])) for name in ("rows", "contacts"))
    texts = {name: str(row[name]) for name in ("definition", "version", "built")}
    return Kept(view=view, rows=rows, contacts=contacts, **texts)


def _stamp(place: sa.URL) -> object:
    at = Path(place.database or "").stat()
    return at.st_ino, at.st_mtime_ns
