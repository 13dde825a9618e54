"""The contacts behind a number: a bounded page of rows, with personal ids masked."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from data_access.salt import salt
from data_access.selection import Selection
from data_access.semantics import Dimension, SemanticModel
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.expressions import Expressions

PAGE_ROWS = 1_000
HIDDEN = "***"
EMAIL = re.compile(r"[^@\s,;:，；：<>()（）]+@[^@\s,;，；<>()（）]+\.[A-Za-z]{2,}")
DATE = r"(?:19|20)\d{2}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?!\d)"
DIGITS = re.compile(rf"(?<!\d){DATE}|(\d(?:[ -]?\d){{5,}}[Xx]?)")


def page(contacts: Contacts, selection: Selection, *, offset: int, limit: int, scored: bool) -> Answer:
    """As `Warehouse.rows` says."""
    contacts.check_open()
    e, model = contacts.expressions, contacts.model
    conditions = e.where(selection.period, selection.filters)
    if scored:
        conditions += [*e.counted(), *e.valid(model.measure(selection.metric))]
    columns = listed(model, e)
    order = [c.desc() for c in columns if model.time and c.name == model.time.column] + columns
    query = contacts.select(columns, None, ()).where(*conditions)
    answer = contacts.connection.run(query.order_by(*order).offset(offset).limit(min(limit, PAGE_ROWS)))
    if model.customer_id:
        answer.rows[model.customer_id] = [masked(v) for v in answer.rows[model.customer_id]]
    return answer


def listed(model: SemanticModel, expressions: Expressions) -> list[Any]:
    """Columns shown of a contact: those the model gives a role, each once, under their own names."""
    names: dict[str, None] = {}
    for column in (model.contact_id, model.customer_id, model.time and model.time.column):
        names.update({column: None} if column else {})
    names.update({metric.column: None for metric in model.metrics.values() if not metric.repeat})
    for dimension in (*model.dimensions.values(), *model.reasons.values()):
        names.update(dict.fromkeys(_columns(dimension)))
    for driver in model.drivers.values():
        names.update(dict.fromkeys(filter(None, (driver.since, driver.column))))
    return [expressions.column(name).label(name) for name in names]


def _columns(dimension: Dimension) -> list[str]:
    return [column for _, column in dimension.columns] or [str(dimension.column)]


def masked(value: Any, kind: str = "c") -> str | None:
    """A person's id as a short code: equal ids stay equal, the id itself can neither be read off nor tried out."""
    if value is None or value != value:
        return None
    return f"{kind}-" + hashlib.blake2b(str(value).encode(), key=salt(), digest_size=5).hexdigest()


def without_contacts(text: str) -> str:
    """A text without e-mail addresses and long numbers (telephone, card, account); dates stay.

    >>> without_contacts("Call 138 0013 8000 or a.b@c.com, bill of 2026-10-31: 128.50")
    'Call *** or ***, bill of 2026-10-31: 128.50'
    """
    return DIGITS.sub(lambda hit: HIDDEN if hit[1] else hit[0], EMAIL.sub(HIDDEN, text))
