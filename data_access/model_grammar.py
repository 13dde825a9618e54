"""The grammar of semantic.toml: which keys each table may have, and how one value is read from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data_access.labels import Labels, Scalar
from data_access.semantics import near
from data_access.statement import BadInput

Table = Mapping[str, Any]

KEYS = {
    "": (
        "table",
        "reading",
        "contact_id",
        "customer_id",
        "cluster",
        "weight",
        "excluded",
        "responded",
        "agent",
        "comment",
        "recording",
        "question",
        "disclose_from",
        "time",
        "score",
        "labels",
        "metrics",
        "dimensions",
        "drivers",
        "reasons",
        "tables",
        "presets",
        "repeats",
    ),
    "reading": ("sheet", "header", "skip_last", "encoding", "delimiter", "day_first", "repeated"),
    "weight": ("column", "kind"),
    "excluded": ("column", "reason"),
    "responded": ("column",),
    "time": ("column", "timezone", "loaded", "extracted"),
    "score": (
        "column",
        "scale",
        "worst",
        "formula",
        "satisfied_from",
        "dissatisfied_to",
        "missing",
        "labels",
        "where",
    ),
    "metrics": ("column", "formula", "scale", "worst", "values", "better", "labels", "missing", "survey", "where"),
    "dimensions": ("column", "columns", "level", "under", "order", "yes", "no", "split", "missing", "labels"),
    "drivers": ("column", "from", "to", "least", "level", "unit", "better", "missing", "labels"),
    "reasons": ("column", "columns", "split", "missing", "not_stated", "power", "yes", "no", "labels"),
    "repeats": ("windows", "on_time", "survey", "not_applicable"),
    "presets": ("columns", "of", "where", "within", "labels"),
    "tables": (
        "benchmarks",
        "targets",
        "events",
        "complaints",
        "quality",
        "bot",
        "agents",
        "calls",
        "service_targets",
        "calibration",
        "labels",
    ),
}


TEXTS = frozenset(
    ("table", "contact_id", "customer_id", "cluster", "agent", "comment", "recording", "question", "column", "kind",
     "reason", "timezone", "loaded", "level", "under", "unit", "better", "from", "to", "split", "power", "of",
     "formula")
)  # fmt: skip
VALUES = frozenset(("order", "yes", "no"))
SHOWN = 80  # signs of what was written, in a message
BEYOND = 2**63  # numbers that no database has


def check_keys(table: Table, where: str, kind: str | None = None) -> None:
    """Every key of a table is one the grammar knows, and its value of the kind that belongs to it."""
    known = KEYS[where if kind is None else kind]
    for key, value in table.items():
        named = f"{where}.{key[:SHOWN]}" if where else key[:SHOWN]
        if key not in known:
            raise BadInput("model.unknown_key", key=named, near=near(key[:SHOWN], known))
        is_text = key in TEXTS or where == "tables"
        if is_text and not isinstance(value, str):
            raise BadInput("model.not_a_text", key=named, value=str(value)[:SHOWN])
        if key in VALUES and not (isinstance(value, list) and all(map(_is_scalar, value))):
            raise BadInput("model.not_values", key=named)
        if key == "labels" and not is_text and not isinstance(value, Mapping):
            raise BadInput("model.not_a_table", key=named)


def required(table: Table, key: str, where: str) -> Any:
    """The value of a key that must be there."""
    if key not in table:
        raise BadInput("model.missing_key", key=f"{where}.{key}" if where else key)
    return table[key]


def one_of(table: Table, key: str, known: tuple[str, ...], default: str, where: str) -> str:
    """A closed choice."""
    value = table.get(key, default)
    if value not in known:
        said = str(value)[:SHOWN]
        raise BadInput("model.not_a_choice", key=f"{where}.{key}", value=said, near=near(said, known))
    return str(value)


def section(raw: Table, name: str) -> Table:
    """A sub-table, empty when absent. Raises BadInput when it is none or has unknown keys."""
    section = raw.get(name, {})
    if not isinstance(section, Mapping):
        raise BadInput("model.not_a_table", key=name)
    if name in ("reading", "weight", "excluded", "responded", "time", "score", "tables", "repeats"):
        check_keys(section, name)
    return section


def number(value: Any, key: str) -> float:
    """A value that must be a number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_scalar(value):
        raise BadInput("model.not_a_number", key=key, value=str(value)[:SHOWN])
    return float(value)


def codes_of(table: Table, where: str) -> tuple[Scalar, ...]:
    """The values under `missing`, each of which stands for no answer: numbers, words or truth values in an array."""
    codes = table.get("missing", [])
    if not isinstance(codes, list) or not all(map(_is_scalar, codes)):
        raise BadInput("model.bad_missing", key=f"{where}.missing", value=str(codes)[:SHOWN])
    return tuple(codes)


def _is_scalar(value: Any) -> bool:
    """Text, a truth value, or a number that a database can hold."""
    return isinstance(value, str) or (isinstance(value, int | float) and -BEYOND <= value < BEYOND)


def labels_of(name: str, texts: Table) -> Labels:
    """The texts of a name by language."""
    return Labels(name, tuple((str(k), str(v)) for k, v in texts.items()))
