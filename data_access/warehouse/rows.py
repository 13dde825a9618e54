"""The contacts behind a number: a bounded page of rows, with personal ids masked."""

from __future__ import annotations

import hashlib
from typing import Any

from data_access.semantics import Dimension, SemanticModel
from data_access.warehouse.expressions import Expressions


def listed(model: SemanticModel, expressions: Expressions) -> list[Any]:
    """Columns shown of a contact: those the model gives a role, each once, under their own names."""
    names: dict[str, None] = {}
    for column in (model.contact_id, model.customer_id, model.time and model.time.column):
        names.update({column: None} if column else {})
    for metric in model.metrics.values():
        names[metric.column] = None
    for dimension in (*model.dimensions.values(), *model.reasons.values()):
        names.update(dict.fromkeys(_columns(dimension)))
    names.update({driver.column: None for driver in model.drivers.values()})
    return [expressions.column(name).label(name) for name in names]


def _columns(dimension: Dimension) -> list[str]:
    return [column for _, column in dimension.columns] or [str(dimension.column)]


def masked(value: Any) -> str | None:
    """A customer's id as a short code: equal ids stay equal, the id itself cannot be read off.

    >>> masked("13800138000") == masked("13800138000"), masked(None)
    (True, None)
    """
    if value is None or value != value:
        return None
    return "c-" + hashlib.sha256(f"satrace:{value}".encode()).hexdigest()[:10]
