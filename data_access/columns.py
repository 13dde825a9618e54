"""Which part of the model does a name mean? One rule for all that compare columns of any level of measurement."""

from __future__ import annotations

from collections.abc import Mapping

from data_access.labels import meant
from data_access.metrics import Metric
from data_access.semantics import Dimension, Driver, Reason, SemanticModel, near
from data_access.statement import BadInput

Named = Metric | Driver | Dimension


def column_of(model: SemanticModel, name: str) -> Metric | Driver | Dimension:
    """A metric, else a driver, else a dimension or one that comes from time.

    Raises BadInput for a reason, which only losses have, for a dimension whose segments overlap, and for an unknown
    name with the nearest one.
    """
    part = model.metrics.get(name) or model.drivers.get(name) or model.cuts.get(name)
    if part is None:
        raise BadInput("model.unknown_name", name=name, near=near(name, known_columns(model)))
    return dividing(part) if isinstance(part, Dimension) else part


def dividing(dimension: Dimension) -> Dimension:
    """The dimension, if each contact is in one segment. Raises BadInput for a reason, or where they overlap."""
    if isinstance(dimension, Reason):
        raise BadInput("cut.reason", name=dimension.name)
    if dimension.overlaps:
        raise BadInput("cut.overlap", name=dimension.name)
    return dimension


def name_meant(model: SemanticModel, text: str) -> str:
    """The metric, driver or dimension that is called so in any language; the text as it stands where that is open."""
    parts: tuple[Mapping[str, Named], ...] = (model.metrics, model.drivers, model.cuts)
    if any(text in part for part in parts):
        return text
    return next(filter(None, (_meant(text, part) for part in parts)), text)


def cut_meant(model: SemanticModel, text: str) -> str:
    """The dimension that is called so in any language; the text as it stands where that is open."""
    return _meant(text, model.cuts) or text


def _meant(text: str, part: Mapping[str, Named]) -> str | None:
    return meant(text, {name: one.labels.all for name, one in part.items()})


def known_columns(model: SemanticModel) -> tuple[str, ...]:
    """Every name that `column_of` knows, in its order."""
    cuts = (n for n, d in model.cuts.items() if not isinstance(d, Reason) and not d.overlaps)
    return tuple(dict.fromkeys((*model.metrics, *model.drivers, *cuts)))
