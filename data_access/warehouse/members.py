"""Which values does a dimension have? Those that occur, most frequent first."""

from __future__ import annotations

from collections import Counter

from data_access.warehouse import cells
from data_access.warehouse.companions import MEMBERS
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import by_place


def members(contacts: Contacts, dimension: str) -> list[str | None]:
    """As `Warehouse.members` says."""
    chosen = contacts.model.dimension(dimension)
    if chosen.columns:
        return [member for member, _ in chosen.columns]
    key = contacts.expressions.keys(chosen)[0]
    count = contacts.number().label("contacts")
    query = contacts.select([key, count], None, ()).group_by(*by_place(1)).order_by(count.desc(), key)
    times: Counter[str | None] = Counter()
    for raw, number in contacts.connection.run(query.limit(MEMBERS)).rows.itertuples(index=False, name=None):
        times.update(dict.fromkeys(cells.segments_of(chosen, (raw,)), number))
    placed = {value: i for i, value in enumerate(chosen.order)}
    return sorted(times, key=lambda v: (placed.get(str(v), len(placed)), -times[v], v is None, str(v)))
