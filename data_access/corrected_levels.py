"""How is a column measured, where somebody says otherwise than the model? A correction gives another model. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from data_access.semantics import Dimension, Driver, Level, SemanticModel, near
from data_access.statement import BadInput


def correctable(model: SemanticModel) -> Mapping[str, Level]:
    """The level of every column that can be corrected, by its name in the model: drivers, then dimensions.

    Reasons are categories by what they are; a dimension of several columns has no order to be given.
    """
    cuts = {name: d.level for name, d in model.dimensions.items() if not d.overlaps}
    return {**cuts, **{name: driver.level for name, driver in model.drivers.items()}}


def check_level(model: SemanticModel, name: str, level: str) -> None:
    """Whether the column can be measured so. Raises BadInput; `model` is as it is written, without corrections."""
    known = correctable(model)
    if name not in known:
        raise BadInput("levels.unknown", name=name, near=near(name, known))
    if level == known[name]:
        return
    if name in model.drivers:
        _check_driver(model, model.drivers[name], level)
    elif level == Level.INTERVAL:
        raise BadInput("levels.text", name={"dimension": name})
    elif level == Level.ORDINAL and not model.dimensions[name].order:
        raise BadInput("levels.no_order", name={"dimension": name})


def _check_driver(model: SemanticModel, driver: Driver, level: str) -> None:
    """Numbers can be taken for ranks; for categories only where nothing of the model needs them as numbers."""
    if level != Level.NOMINAL:
        return
    if driver.since:
        raise BadInput("levels.time", name={"dimension": driver.name})
    needed = next((preset for preset in model.presets.values() if driver.name in preset.columns), None)
    if needed is not None:
        raise BadInput("levels.needed", name={"dimension": driver.name}, preset=needed.labels.all)
    if driver.name in model.cuts:
        raise BadInput("levels.cut", name={"dimension": driver.name})


def corrected(model: SemanticModel, levels: Mapping[str, str]) -> SemanticModel:
    """The model with the levels of some columns. What no longer fits it, since it was written anew, is left out.

    A column of numbers that are names of categories, such as 1 for north, is cut by instead of averaged; a dimension
    without order loses the order of its members.
    """
    fitting = {name: Level(level) for name, level in levels.items() if _fits(model, name, level)}
    if not fitting:
        return model
    drivers, dimensions = dict(model.drivers), dict(model.dimensions)
    for name, level in fitting.items():
        if name not in drivers:
            dimensions[name] = _cut(dimensions[name], level)
        elif level is Level.NOMINAL:
            dimensions[name] = _as_cut(drivers.pop(name))
        else:
            drivers[name] = replace(drivers[name], level=level)
    return replace(model, drivers=drivers, dimensions=dimensions)


def _fits(model: SemanticModel, name: str, level: str) -> bool:
    try:
        check_level(model, name, level)
    except BadInput:
        return False
    return level != correctable(model)[name]


def _cut(dimension: Dimension, level: Level) -> Dimension:
    ordered: Any = dimension.order if level is Level.ORDINAL else ()
    return replace(dimension, level=level, order=ordered)


def _as_cut(driver: Driver) -> Dimension:
    return Dimension(driver.name, driver.labels, column=driver.column, level=Level.NOMINAL, missing=driver.codes)
