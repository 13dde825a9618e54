"""The statements of an engine's own views, for whoever rather lets the engine keep them."""

from __future__ import annotations

from collections.abc import Iterable

from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import SCHEMA
from data_access.warehouse.rolled import statement
from data_access.warehouse.rollup_view import HALF, View, key_columns


def statements(contacts: Contacts, views: Iterable[View]) -> list[str]:
    """One statement a view, in the engine's own words."""
    return [_statement(contacts, view) for view in views]


def _statement(contacts: Contacts, view: View) -> str:
    time = contacts.model.time
    keys = [time.column] if time and view.grain else []
    keys += [*key_columns(contacts.model, view), *([HALF] if view.halved else [])]
    query = contacts.connection.text(statement(contacts, view))
    return contacts.dialect.materialised(f"{SCHEMA}.{view.name}", query, keys)
