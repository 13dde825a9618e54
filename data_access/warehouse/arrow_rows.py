"""How do rows of a driver become an Arrow table? Each column in the type that its database says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from data_access.statement import BadInput


def of_kinds(columns: Sequence[tuple[str, Any]], rows: Sequence[Sequence[Any]]) -> Any:
    """Rows of a driver as an Arrow table; columns: names with their types in the database.

    Raises BadInput for a column that holds values of another kind than it says.
    """
    arrays, names = [], []
    for place, (name, kind) in enumerate(columns):
        of = _kind(kind)
        try:
            arrays.append(pa.array([_value(row[place], of) for row in rows], type=of))
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, ValueError) as error:
            raise BadInput("warehouse.mixed_column", column=name) from error
        names.append(name)
    return pa.table(arrays, names=names)


def _kind(kind: Any) -> Any:
    """The Arrow type of a database's; what there is none for becomes text."""
    if isinstance(kind, sa.Boolean):
        return pa.bool_()
    if isinstance(kind, sa.Integer):
        return pa.int64()
    if isinstance(kind, sa.Numeric):
        return pa.float64()
    if isinstance(kind, sa.DateTime):
        return pa.timestamp("us", tz="UTC" if kind.timezone else None)
    return pa.date32() if isinstance(kind, sa.Date) else pa.string()


def _value(value: Any, of: Any) -> Any:
    if isinstance(value, Decimal) and of != pa.string():
        return float(value)
    if of == pa.string() and value is not None:
        return value if isinstance(value, str) else _written(value)
    return value


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
