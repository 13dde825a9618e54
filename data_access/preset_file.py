"""Are the presets of a semantic.toml sound? Each is read for its form, then its names are looked up in the model."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from data_access.columns import known_columns
from data_access.model_grammar import Table, labels_of, required
from data_access.preset import Preset
from data_access.selection import Filter
from data_access.semantics import Reason, SemanticModel, near
from data_access.statement import BadInput

LEAST_COLUMNS = 2


def preset_of(name: str, entry: Table, where: str) -> Preset:
    """One entry of [presets]; its names are not looked at yet. Raises BadInput naming the key."""
    columns = _names(required(entry, "columns", where), f"{where}.columns")
    if len(columns) < LEAST_COLUMNS:
        raise BadInput("model.one_column", key=f"{where}.columns")
    return Preset(
        name=name,
        labels=labels_of(name, entry.get("labels", {})),
        columns=columns,
        of=str(entry.get("of", "")),
        where=filters_of(entry.get("where", {}), f"{where}.where"),
        within=_names(entry.get("within", []), f"{where}.within"),
    )


def check_filters(model: SemanticModel) -> None:
    """Metrics are filtered by dimensions there are. Raises BadInput naming the key and the nearest name."""
    for name, metric in model.metrics.items():
        _look_up(
            [f.dimension for f in metric.where], _sides(model), f"metrics.{name}.where", "model.no_preset_dimension"
        )


def _sides(model: SemanticModel) -> list[str]:
    """What may be filtered by: all but reasons, which only losses have."""
    return [n for n, d in model.cuts.items() if not isinstance(d, Reason)]


def check_presets(model: SemanticModel) -> None:
    """Every name in a preset is one that can stand there. Raises BadInput naming the key and the nearest name."""
    columns, sides = known_columns(model), _sides(model)
    apart = [n for n in sides if not model.cuts[n].overlaps]
    for name, preset in model.presets.items():
        _look_up(preset.columns, columns, f"presets.{name}.columns", "model.no_preset_column")
        _look_up([preset.of] if preset.of else [], apart, f"presets.{name}.of", "model.no_preset_dimension")
        _look_up(preset.within, apart, f"presets.{name}.within", "model.no_preset_dimension")
        _look_up([f.dimension for f in preset.where], sides, f"presets.{name}.where", "model.no_preset_dimension")


def _look_up(names: Collection[str], known: Collection[str], key: str, problem: str) -> None:
    for name in names:
        if name not in known:
            raise BadInput(problem, key=key, name=name, near=near(name, known))


def _names(value: Any, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise BadInput("model.not_names", key=key)
    return tuple(dict.fromkeys(value))


def filters_of(value: Any, key: str) -> tuple[Filter, ...]:
    """A table of dimension -> values as filters. Raises BadInput naming the key."""
    if not isinstance(value, Mapping):
        raise BadInput("model.not_a_table", key=key)
    return tuple(Filter(str(name), _values(values, f"{key}.{name}")) for name, values in value.items())


def _values(values: Any, key: str) -> tuple[str | None, ...]:
    """Values as filters name them; a text of no letters is a blank cell."""
    if not isinstance(values, list) or not values:
        raise BadInput("model.no_values", key=key)
    return tuple((str(v).lower() if isinstance(v, bool) else str(v)) or None for v in values)
