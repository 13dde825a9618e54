"""What does a kept model say, in the terms of the editor? The way back from TOML to corrections. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from data_access.files.compose import Settings
from data_access.files.profile import TableProfile
from data_access.files.roles import ColumnRole, Part
from data_access.semantics import Missing

Corrections = dict[str, dict[str, Any]]
SINGLE = ("contact_id", "customer_id", "agent", "comment", "recording")
NESTED = {"weight": "weight", "excluded": "excluded", "responded": "responded", "score": "score", "time": "time"}


def read(model: Path) -> Mapping[str, Any]:
    """The tables of a model that is sound."""
    return tomllib.loads(model.read_text(encoding="utf-8"))


def corrections_of(model: Mapping[str, Any], profile: TableProfile, guesses: Sequence[ColumnRole]) -> Corrections:
    """For each column of the file the part it plays in the model, with all that goes with the part."""
    said: Corrections = {}
    for column, correction in _said(model):
        said.setdefault(column, correction)
        if correction["part"] == Part.AGENT:  # a dimension that is who served
            said[column] |= correction
    for guess in guesses:
        unused = guess.part if guess.part is Part.PERSONAL else Part.IGNORED
        said.setdefault(guess.column, {"part": unused.value})
    return {name: said[name] for name in profile.headers}


def _said(model: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Columns with their part; one that plays several is given first what says most."""
    for kind, part in (
        ("metrics", Part.METRIC),
        ("dimensions", Part.DIMENSION),
        ("drivers", Part.DRIVER),
        ("reasons", Part.REASON),
    ):
        for name, entry in model.get(kind, {}).items():
            if "column" in entry:
                yield entry["column"], {"part": part.value, "name": name, **_fields(part, entry)}
            for column in entry.get("columns", {}).values():
                yield column, {"part": Part.CHOICE.value}
    for key, part_name in NESTED.items():
        if key in model:
            labels = model.get("labels", {}) if key == "score" else {}
            yield model[key]["column"], {"part": part_name, **_words(labels)}
    for key in ("loaded", "extracted"):
        if key in model.get("time", {}):
            yield model["time"][key], {"part": key}
    for key in SINGLE:
        if key in model and key in set(Part):
            yield model[key], {"part": key}


def _fields(part: Part, entry: Mapping[str, Any]) -> dict[str, Any]:
    order = entry.get("values" if part is Part.METRIC else "order", ())
    found: dict[str, Any] = {"order": [str(value) for value in order]}
    found |= {key: entry[key] for key in ("level", "better", "split", "not_stated") if key in entry}
    listed = entry.get("missing", [])
    words, codes = ([listed], []) if isinstance(listed, str) else ([], list(listed))
    if part is Part.DRIVER:
        words += [code for code in codes if code in set(Missing)]
        found["missing"] = words[0] if words else Missing.UNKNOWN.value
    found["codes"] = [code for code in codes if code not in words]
    if part is Part.DIMENSION:
        found["under"] = entry.get("under", "")
    return found | _words(entry.get("labels", {}))


def _words(labels: Mapping[str, str]) -> dict[str, Any]:
    return {field: labels[code] for field, code in (("en", "en"), ("zh", "zh-CN")) if code in labels}


def score_column(model: Mapping[str, Any]) -> str | None:
    """The column of the score."""
    column = model.get("score", {}).get("column")
    return str(column) if column else None


def choices_of(model: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """What stands in the fields that say how the score is read, and in those of the whole table."""
    score, scale = model.get("score", {}), settings.scale
    low, high = score.get("scale", (scale.low, scale.high))
    return {
        "low": low,
        "high": high,
        "satisfied": score.get("satisfied_from", scale.satisfied_from),
        "dissatisfied": score.get("dissatisfied_to", scale.dissatisfied_to),
        "turned": score.get("worst", low) == high,
        "codes": ", ".join(map(str, score.get("missing", ()))),
        "formula": score.get("formula", settings.formula),
        "zone": model.get("time", {}).get("timezone", settings.timezone),
        "cluster": model.get("cluster", ""),
    }


def presets_of(model: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The presets as rows."""
    return [
        {
            "name": name,
            "columns": entry["columns"],
            "within": entry.get("within", []),
            **_words(entry.get("labels", {})),
        }
        for name, entry in model.get("presets", {}).items()
    ]
