"""Does the model fit the live table? Every column it names must exist; the nearest one is named when not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from data_access.semantics import SCORE, Dimension, SemanticModel, near
from data_access.statement import BadInput


def check_columns(model: SemanticModel, columns: Sequence[str]) -> None:
    """Raises BadInput for the first key of the model whose column the table lacks."""
    for key, column in named_columns(model):
        if column not in columns:
            raise BadInput("model.no_column", key=key, name=column, table=model.table, near=near(column, columns))


def named_columns(model: SemanticModel) -> Iterator[tuple[str, str]]:
    """Every (key of the model, column it names)."""
    single = {
        "contact_id": model.contact_id,
        "customer_id": model.customer_id,
        "weight.column": model.weight and model.weight.column,
        "excluded.column": model.excluded and model.excluded.column,
        "excluded.reason": model.excluded and model.excluded.reason,
        "responded.column": model.responded,
        "agent": model.agent,
        "comment": model.comment,
        "recording": model.recording,
        "time.column": model.time and model.time.column,
        "time.loaded": model.time and model.time.loaded,
    }
    yield from ((key, column) for key, column in single.items() if column)
    yield from ((_metric_key(m.of or name), m.column) for name, m in model.metrics.items() if not m.repeat)
    for kind, entries in (("dimensions", model.dimensions), ("reasons", model.reasons)):
        for name, entry in entries.items():
            yield from _of_dimension(f"{kind}.{name}", entry)
    for name, driver in model.drivers.items():
        yield f"drivers.{name}.{'to' if driver.since else 'column'}", driver.column
        yield from [(f"drivers.{name}.from", driver.since)] if driver.since else []


def _metric_key(name: str) -> str:
    return f"{SCORE}.column" if name == SCORE else f"metrics.{name}.column"


def _of_dimension(key: str, dimension: Dimension) -> Iterator[tuple[str, str]]:
    if dimension.column:
        yield f"{key}.column", dimension.column
    yield from ((f"{key}.columns.{member}", column) for member, column in dimension.columns)
