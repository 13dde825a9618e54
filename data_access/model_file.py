"""Is this semantic.toml sound? Reads and checks one; every complaint names the key and the probable intention."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from data_access.semantics import (
    BUILT_IN_SCORES,
    TIME_BUCKETS,
    Dimension,
    Driver,
    Exclusion,
    Labels,
    Level,
    Metric,
    Missing,
    Reason,
    SemanticModel,
    Time,
    Weight,
    near,
)
from data_access.statement import BadInput

Table = Mapping[str, Any]
Entry = TypeVar("Entry")

KEYS = {
    "": (
        "table",
        "contact_id",
        "customer_id",
        "cluster",
        "weight",
        "excluded",
        "responded",
        "time",
        "score",
        "labels",
        "metrics",
        "dimensions",
        "drivers",
        "reasons",
        "tables",
    ),
    "weight": ("column", "kind"),
    "excluded": ("column", "reason"),
    "responded": ("column",),
    "time": ("column", "timezone", "loaded", "extracted"),
    "score": ("column", "scale", "formula", "satisfied_from", "dissatisfied_to", "missing", "labels"),
    "metrics": ("column", "values", "better", "labels", "missing"),
    "dimensions": ("column", "columns", "level", "under", "order", "yes", "no", "split", "labels"),
    "drivers": ("column", "level", "unit", "better", "missing", "labels"),
    "reasons": ("column", "columns", "split", "not_stated", "power", "yes", "no", "labels"),
    "tables": ("benchmarks", "targets", "events", "complaints", "quality", "bot", "agents", "labels"),
}
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
SCORE_LABELS = {"en": "Satisfaction", "zh-CN": "满意度"}
RATE_LABELS = {
    "satisfied": {"en": "Satisfied", "zh-CN": "满意率"},
    "dissatisfied": {"en": "Dissatisfied", "zh-CN": "差评率"},
}


def read_model(path: Path) -> SemanticModel:
    """The model of a TOML file. Raises BadInput when it is missing, no TOML, or not a sound model."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("model.unreadable", path=str(path), detail=str(error)) from error
    return parse_model(text)


def parse_model(text: str) -> SemanticModel:
    """The model of a TOML text. Raises BadInput."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput("model.not_toml", detail=str(error)) from error
    return model_of(raw)


def model_of(raw: Table) -> SemanticModel:
    """The model of a parsed TOML table. Raises BadInput naming the key."""
    check_keys(raw, "")
    model = SemanticModel(
        table=required(raw, "table", ""),
        metrics=_metrics(raw),
        dimensions=_entries(raw, "dimensions", _dimension),
        drivers=_entries(raw, "drivers", _driver),
        reasons=_entries(raw, "reasons", _reason),
        tables=dict(_section(raw, "tables")),
        time=_time(raw),
        contact_id=raw.get("contact_id"),
        customer_id=raw.get("customer_id"),
        cluster=raw.get("cluster"),
        weight=_weight(raw),
        excluded=_excluded(raw),
        responded=_section(raw, "responded").get("column"),
    )
    check_references(model)
    return model


def check_keys(table: Table, where: str, kind: str | None = None) -> None:
    """Every key of a table is one the grammar knows."""
    known = KEYS[where if kind is None else kind]
    for key in table:
        if key not in known:
            raise BadInput("model.unknown_key", key=f"{where}.{key}" if where else key, near=near(key, known))


def check_references(model: SemanticModel) -> None:
    """Names that point at dimensions point at existing ones, and no name is used twice."""
    for name, dimension in model.dimensions.items():
        if dimension.under and dimension.under not in model.dimensions:
            raise BadInput("model.no_parent", key=f"dimensions.{name}.under", name=dimension.under,
                           near=near(dimension.under, model.dimensions))  # fmt: skip
    plain = [name for name, dimension in model.dimensions.items() if not dimension.overlaps]
    if model.cluster and model.cluster not in plain:
        raise BadInput("model.no_cluster", name=model.cluster, near=near(model.cluster, plain))
    for name in model.reasons:
        if name in model.dimensions or name in TIME_BUCKETS:
            raise BadInput("model.twice", key=f"reasons.{name}")


def required(table: Table, key: str, where: str) -> Any:
    """The value of a key that must be there."""
    if key not in table:
        raise BadInput("model.missing_key", key=f"{where}.{key}" if where else key)
    return table[key]


def one_of(table: Table, key: str, known: tuple[str, ...], default: str, where: str) -> str:
    """A closed choice."""
    value = table.get(key, default)
    if value not in known:
        raise BadInput("model.not_a_choice", key=f"{where}.{key}", value=str(value), near=near(str(value), known))
    return str(value)


def _section(raw: Table, name: str) -> Table:
    section = raw.get(name, {})
    if not isinstance(section, Mapping):
        raise BadInput("model.not_a_table", key=name)
    if name in ("weight", "excluded", "responded", "time", "score", "tables"):
        check_keys(section, name)
    return section


def _entries(raw: Table, kind: str, make: Callable[[str, Table, str], Entry]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for name, entry in _section(raw, kind).items():
        where = f"{kind}.{name}"
        if not NAME.fullmatch(name):
            raise BadInput("model.bad_name", key=where)
        if not isinstance(entry, Mapping):
            raise BadInput("model.not_a_table", key=where)
        check_keys(entry, where, kind)
        found[name] = make(name, entry, where)
    return found


def _labels(name: str, texts: Table) -> Labels:
    return Labels(name, tuple((str(k), str(v)) for k, v in texts.items()))


def _metrics(raw: Table) -> dict[str, Metric]:
    metrics = _score_metrics(raw)
    for name, metric in _entries(raw, "metrics", _metric).items():
        if name in metrics:
            raise BadInput("model.twice", key=f"metrics.{name}")
        metrics[name] = metric
    if not metrics:
        raise BadInput("model.no_metric")
    return metrics


def _score_metrics(raw: Table) -> dict[str, Metric]:
    """The score itself, and the rates of satisfied and dissatisfied answers where their limits are given."""
    score = _section(raw, "score")
    if not score:
        return {}
    low, high = _scale(score)
    formula = one_of(score, "formula", ("mean_of_max", "rescaled"), "mean_of_max", "score")
    if formula == "mean_of_max" and low < 0:
        raise BadInput("model.negative_scale", low=low)
    column, missing = required(score, "column", "score"), tuple(score.get("missing", ()))
    labels = _labels("score", score.get("labels") or raw.get("labels") or SCORE_LABELS)
    metrics = {"score": Metric("score", column, labels, "points", low, high, formula, "high", missing)}
    limits = {"satisfied": ("satisfied_from", "high"), "dissatisfied": ("dissatisfied_to", "low")}
    for name, (key, better) in limits.items():
        if key in score:
            limit = _number(score[key], f"score.{key}")
            if not low <= limit <= high:
                raise BadInput("model.limit_outside", key=f"score.{key}", value=limit, low=low, high=high)
            metrics[name] = Metric(
                name, column, _labels(name, RATE_LABELS[name]), "rate", low, high, better=better, missing=missing,
                at_least=limit if better == "high" else None, at_most=limit if better == "low" else None,
            )  # fmt: skip
    return metrics


def _scale(score: Table) -> tuple[float, float]:
    scale = required(score, "scale", "score")
    if not isinstance(scale, list) or len(scale) != 2:
        raise BadInput("model.bad_scale", value=str(scale))
    low, high = (_number(v, "score.scale") for v in scale)
    if low >= high or high <= 0:
        raise BadInput("model.bad_scale", value=str(scale))
    return low, high


def _number(value: Any, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput("model.not_a_number", key=key, value=str(value))
    return float(value)


def _metric(name: str, entry: Table, where: str) -> Metric:
    if name in BUILT_IN_SCORES:
        raise BadInput("model.reserved", key=where)
    values = entry.get("values", [0, 1])
    if not isinstance(values, list) or len(values) != 2 or values[0] == values[1]:
        raise BadInput("model.bad_values", key=f"{where}.values")
    better = one_of(entry, "better", ("high", "low"), "high", where)
    labels = _labels(name, entry.get("labels", {}))
    column, missing = required(entry, "column", where), tuple(entry.get("missing", ()))
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        low, high = sorted(map(float, values))
        return Metric(name, column, labels, "rate", low, high, better=better, missing=missing)
    return Metric(name, column, labels, "rate", better=better, missing=missing, yes=values[1], no=values[0])


def _dimension(name: str, entry: Table, where: str) -> Dimension:
    if name in TIME_BUCKETS:
        raise BadInput("model.reserved", key=where)
    return Dimension(
        level=Level(one_of(entry, "level", tuple(Level), "nominal", where)),
        under=entry.get("under") or None,
        order=tuple(str(v) for v in entry.get("order", ())),
        **_column_or_columns(name, entry, where),
    )


def _reason(name: str, entry: Table, where: str) -> Reason:
    not_stated = str(entry.get("not_stated", "not_stated"))
    return Reason(not_stated=not_stated, power=entry.get("power"), **_column_or_columns(name, entry, where))


def _column_or_columns(name: str, entry: Table, where: str) -> dict[str, Any]:
    if ("column" in entry) == ("columns" in entry):
        raise BadInput("model.column_or_columns", key=where)
    columns = entry.get("columns", {})
    if not isinstance(columns, Mapping):
        raise BadInput("model.not_a_table", key=f"{where}.columns")
    return {
        "name": name,
        "labels": _labels(name, entry.get("labels", {})),
        "column": entry.get("column"),
        "columns": tuple((str(k), str(v)) for k, v in columns.items()),
        "yes": tuple(entry.get("yes", (1,))),
        "no": tuple(entry.get("no", ())),
        "split": entry.get("split"),
    }


def _driver(name: str, entry: Table, where: str) -> Driver:
    return Driver(
        name,
        required(entry, "column", where),
        _labels(name, entry.get("labels", {})),
        level=Level(one_of(entry, "level", tuple(Level), "interval", where)),
        unit=str(entry.get("unit", "")),
        better=one_of(entry, "better", ("high", "low"), "high", where),
        missing=Missing(one_of(entry, "missing", tuple(Missing), "unknown", where)),
    )


def _time(raw: Table) -> Time | None:
    time = _section(raw, "time")
    if not time:
        return None
    zone = str(time.get("timezone", "UTC"))
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise BadInput("model.bad_timezone", value=zone) from error
    extracted = time.get("extracted")
    column = required(time, "column", "time")
    return Time(column, zone, time.get("loaded"), str(extracted) if extracted is not None else None)


def _weight(raw: Table) -> Weight | None:
    weight = _section(raw, "weight")
    if not weight:
        return None
    required(weight, "kind", "weight")
    kind = one_of(weight, "kind", ("frequency", "survey"), "", "weight")
    return Weight(required(weight, "column", "weight"), kind)


def _excluded(raw: Table) -> Exclusion | None:
    excluded = _section(raw, "excluded")
    return Exclusion(required(excluded, "column", "excluded"), excluded.get("reason")) if excluded else None
