"""Which customers need protection, so that nobody is left alone for a comparison? As the model's own columns say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from analysis.stats.intervals import Array
from data_access.selection import Filter
from data_access.semantics import Dimension, Driver, Level, SemanticModel
from data_access.warehouse.codes import Column

OLD_FROM = 60.0  # years
AGE = re.compile(r"(^|_)age(_|$)|年龄", re.I)
VULNERABLE = re.compile(r"vulnerab|elder|senior_citizen|disab|特殊|老年|残障|残疾|弱势|银发", re.I)
YES = re.compile(r"1|y|yes|true|是|有", re.I)
NUMBER = re.compile(r"\d+")


def filters_of(model: SemanticModel, members: Callable[[str], Sequence[str | None]]) -> tuple[Filter, ...]:
    """Members of dimensions that say that a customer needs protection."""
    found = []
    for name, dimension in model.dimensions.items():
        says = _says(dimension)
        values = tuple(v for v in members(name) if v is not None and says(v)) if says else ()
        found += [Filter(name, values)] if values else []
    return tuple(found)


def _says(dimension: Dimension) -> Callable[[str], bool] | None:
    """Which members of a dimension say so; None where it speaks of something else."""
    if dimension.overlaps:
        return None
    if _named(dimension, AGE):
        return _is_old
    if _named(dimension, VULNERABLE):
        return lambda member: YES.fullmatch(member) is not None
    return None


def _is_old(member: str) -> bool:
    """Whether a band of ages begins with so many years.

    >>> _is_old("60+"), _is_old("65-70"), _is_old("18-59")
    (True, True, False)
    """
    found = NUMBER.search(member)
    return found is not None and float(found[0]) >= OLD_FROM


def ages_of(model: SemanticModel) -> tuple[str, ...]:
    """Drivers that hold an age."""
    return tuple(n for n, d in model.drivers.items() if d.level is Level.INTERVAL and _named(d, AGE))


def _named(part: Dimension | Driver, pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(name) for name in (part.name, part.column, *part.labels.all) if name)


def old(columns: Mapping[str, Column], names: Sequence[str], n: int) -> Array:
    """Whether any of the ages of a contact is OLD_FROM or more."""
    found = np.zeros(n, dtype=bool)
    for name in names:
        column = columns[name]
        found |= np.append(np.asarray(column.values, dtype=float) >= OLD_FROM, False)[column.codes]
    return found
