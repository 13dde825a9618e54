"""What would a copy of the data hold? The columns that the model names, and the tables beside them, in batches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from data_access.warehouse import scoped
from data_access.warehouse.contacts import Contacts

Batch = tuple[str, Any]  # the name of a table, and some of its rows as an Arrow table


def batches(contacts: Contacts, members: scoped.Members | None) -> Iterator[Batch]:
    """The contacts first, then each table that the model names, once.

    members: of the dimensions, where only a part of the data is open: what names others stays away.
    """
    model, connection = contacts.model, contacts.connection
    columns = [contacts.table.c[name] for name in scoped.columns(contacts)]
    for batch in connection.batches(sa.select(*columns)):
        yield model.table, batch
    for name in _tables(contacts):
        table = connection.reflect(name)
        for batch in connection.batches(sa.select(table).where(*scoped.beside(contacts, table))):
            yield name, batch if members is None else _within(batch, contacts, members)


def _tables(contacts: Contacts) -> list[str]:
    model = contacts.model
    powers = (reason.power for reason in model.reasons.values())
    named = dict.fromkeys((*model.tables.values(), *(power for power in powers if power)))
    return [name for name in named if name != model.table]


def _within(batch: Any, contacts: Contacts, members: scoped.Members) -> Any:
    kept = scoped.occurring(batch.to_pandas(), contacts.model, members)
    return pa.Table.from_pandas(kept, schema=batch.schema, preserve_index=False)
