"""Is this semantic.toml sound? Reads and checks one; every complaint names the key and the probable intention."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from data_access.labels import Scalar
from data_access.metric_file import further_metrics, score_metrics
from data_access.metrics import Metric
from data_access.model_grammar import Table, check_keys, codes_of, labels_of, number, one_of, required, section
from data_access.preset_file import check_filters, check_presets, preset_of
from data_access.repeat_metrics import metrics_of
from data_access.repeats_file import check_repeats, repeats_of
from data_access.row_roles import Exclusion, Time, Weight
from data_access.semantics import (
    SCORE,
    SECONDS,
    Dimension,
    Driver,
    Level,
    Missing,
    Reason,
    SemanticModel,
    is_reserved,
    near,
)
from data_access.statement import BadInput
from data_access.toml_text import MOST_SIGNS, parsed

Entry = TypeVar("Entry")

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,99}")


def read_model(path: Path) -> SemanticModel:
    """The model of a TOML file. Raises BadInput when it is missing, no TOML, or not a sound model."""
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(MOST_SIGNS + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("model.unreadable", path=str(path), detail=str(error)) from error
    return parse_model(text)


def parse_model(text: str) -> SemanticModel:
    """The model of a TOML text. Raises BadInput."""
    return model_of(parsed(text))


def model_of(raw: Table) -> SemanticModel:
    """The model of a parsed TOML table. Raises BadInput naming the key."""
    check_keys(raw, "")
    model = SemanticModel(
        table=required(raw, "table", ""),
        metrics=_metrics(raw),
        dimensions=_entries(raw, "dimensions", _dimension),
        drivers=_entries(raw, "drivers", _driver),
        reasons=_entries(raw, "reasons", _reason),
        tables=dict(section(raw, "tables")),
        presets=_entries(raw, "presets", preset_of),
        time=_time(raw),
        contact_id=raw.get("contact_id"),
        customer_id=raw.get("customer_id"),
        cluster=raw.get("cluster"),
        weight=_weight(raw),
        excluded=_excluded(raw),
        responded=section(raw, "responded").get("column"),
        agent=raw.get("agent"),
        comment=raw.get("comment"),
        recording=raw.get("recording"),
        question=raw.get("question"),
        repeats=repeats_of(section(raw, "repeats")),
        disclose_from=_disclose_from(raw),
        reading=dict(section(raw, "reading")),
    )
    check_references(model)
    return model


def _disclose_from(raw: Table) -> int:
    least = raw.get("disclose_from", 0)
    if isinstance(least, bool) or not isinstance(least, int) or not (least == 0 or least >= 2):
        raise BadInput("model.bad_disclose", value=str(least))
    return least


def check_references(model: SemanticModel) -> None:
    """Names that point at others point at existing ones, and no name is used twice."""
    for name, dimension in model.dimensions.items():
        if dimension.under and dimension.under not in model.dimensions:
            raise BadInput("model.no_parent", key=f"dimensions.{name}.under", name=dimension.under,
                           near=near(dimension.under, model.dimensions))  # fmt: skip
    plain = [name for name, dimension in model.dimensions.items() if not dimension.overlaps]
    if model.cluster and model.cluster not in plain:
        raise BadInput("model.no_cluster", name=model.cluster, near=near(model.cluster, plain))
    if model.question and model.question not in plain:
        raise BadInput("model.no_question", name=model.question, near=near(model.question, plain))
    for name in model.reasons:
        if name in model.dimensions:
            raise BadInput("model.twice", key=f"reasons.{name}")
    check_filters(model)
    check_repeats(model)
    check_presets(model)


def _entries(raw: Table, kind: str, make: Callable[[str, Table, str], Entry]) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for name, entry in section(raw, kind).items():
        where = f"{kind}.{name[:100]}"
        if not NAME.fullmatch(name):
            raise BadInput("model.bad_name", key=where)
        if not isinstance(entry, Mapping):
            raise BadInput("model.not_a_table", key=where)
        check_keys(entry, where, kind)
        entries[name] = make(name, entry, where)
    return entries


def _metrics(raw: Table) -> dict[str, Metric]:
    score = section(raw, SCORE)
    metrics = score_metrics(score, score.get("labels") or raw.get("labels") or {}) if score else {}
    for entry, made in _entries(raw, "metrics", further_metrics).items():
        if not metrics.keys().isdisjoint(made):
            raise BadInput("model.twice", key=f"metrics.{entry}")
        metrics |= made
    if not metrics:
        raise BadInput("model.no_metric")
    if "repeats" in raw:
        metrics |= metrics_of(repeats_of(section(raw, "repeats")), same="question" in raw)
    return metrics


def _dimension(name: str, entry: Table, where: str) -> Dimension:
    if is_reserved(name):
        raise BadInput("model.reserved", key=where)
    return Dimension(
        level=Level(one_of(entry, "level", tuple(Level), "nominal", where)),
        under=entry.get("under") or None,
        order=tuple(str(v) for v in entry.get("order", ())),
        **_column_or_columns(name, entry, where),
    )


def _reason(name: str, entry: Table, where: str) -> Reason:
    if is_reserved(name):
        raise BadInput("model.reserved", key=where)
    not_stated = str(entry.get("not_stated", "not_stated"))
    return Reason(not_stated=not_stated, power=entry.get("power"), **_column_or_columns(name, entry, where))


def _column_or_columns(name: str, entry: Table, where: str) -> dict[str, Any]:
    if ("column" in entry) == ("columns" in entry):
        raise BadInput("model.column_or_columns", key=where)
    columns = entry.get("columns", {})
    if not isinstance(columns, Mapping):
        raise BadInput("model.not_a_table", key=f"{where}.columns")
    if columns and "missing" in entry:
        raise BadInput("model.unknown_key", key=f"{where}.missing", near="no")
    return {
        "name": name,
        "labels": labels_of(name, entry.get("labels", {})),
        "column": entry.get("column"),
        "columns": tuple((str(k), str(v)) for k, v in columns.items()),
        "yes": tuple(entry.get("yes", (1,))),
        "no": tuple(entry.get("no", ())),
        "split": entry.get("split"),
        "missing": codes_of(entry, where),
    }


def _driver(name: str, entry: Table, where: str) -> Driver:
    column, since = _column_or_span(entry, where)
    missing, codes = _missing(entry, where, of_times=bool(since))
    return Driver(
        name,
        column,
        labels_of(name, entry.get("labels", {})),
        level=Level(one_of(entry, "level", ("interval",) if since else tuple(Level), "interval", where)),
        unit=one_of(entry, "unit", tuple(SECONDS), "s", where) if since else str(entry.get("unit", "")),
        better=one_of(entry, "better", ("high", "low"), "low" if since else "high", where),
        missing=missing,
        codes=codes,
        since=since,
        least=number(entry["least"], f"{where}.least") if "least" in entry else None,
    )


def _missing(entry: Table, where: str, *, of_times: bool) -> tuple[Missing, tuple[Scalar, ...]]:
    """What a blank of a driver means, and its codes for no answer: a word alone, or both in one array."""
    given = entry.get("missing", [])
    listed = codes_of({"missing": [given] if isinstance(given, str) else given}, where)
    words = [code for code in listed if isinstance(code, str)] or ["unknown"]
    codes = tuple(code for code in listed if not isinstance(code, str))
    if len(words) > 1 or (of_times and codes):
        raise BadInput("model.bad_missing", key=f"{where}.missing", value=str(given))
    known = ("unknown",) if of_times else tuple(Missing)
    return Missing(one_of({"missing": words[0]}, "missing", known, "", where)), codes


def _column_or_span(entry: Table, where: str) -> tuple[str, str]:
    """The column of a driver; for the time between two columns the later one, and the earlier one."""
    if "from" not in entry and "to" not in entry:
        return required(entry, "column", where), ""
    if "column" in entry:
        raise BadInput("model.column_or_span", key=where)
    return required(entry, "to", where), required(entry, "from", where)


def _time(raw: Table) -> Time | None:
    time = section(raw, "time")
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
    weight = section(raw, "weight")
    if not weight:
        return None
    required(weight, "kind", "weight")
    kind = one_of(weight, "kind", ("frequency", "survey"), "", "weight")
    return Weight(required(weight, "column", "weight"), kind)


def _excluded(raw: Table) -> Exclusion | None:
    excluded = section(raw, "excluded")
    return Exclusion(required(excluded, "column", "excluded"), excluded.get("reason")) if excluded else None
