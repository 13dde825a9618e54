"""What do tables beside the contacts say? Targets, events, benchmarks of a file, under the names the model knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pandas as pd

from data_access.files.load import load_file
from data_access.files.names import quoted
from data_access.metric_file import LABELS
from data_access.statement import BadInput
from data_access.warehouse.dialects.duckdb import to_read

ROLES = ("targets", "events", "benchmarks")
MOST_ROWS = 20_000
BUILT_IN = {word: name for name, words in LABELS.items() for word in (name, *words.values())}
NAMES: Mapping[str, Mapping[str, str]] = {  # what each column is called, in English and in Chinese
    "targets": {
        "metric": r"metric|指标",
        "target": r"target|goal|目标(值|分)?",
        "dimension": r"dimension|维度",
        "value": r"value|segment|取值|分组|对象",
        "valid_from": r"valid.?from|生效(日期|时间)?",
    },
    "events": {
        "date": r"(effective.?at|effective|date|from|start(ed.?at)?|日期|时间|开始(日期|时间)?|生效(日期|时间)?)",
        "until": r"(until|end(ed.?at)?|to|结束(日期|时间)?|截止(日期|时间)?)",
        "title": r"title|event|name|label|what|事件|名称|标题|内容",
        "title_en": r"(title|label|name).en",
        "title_zh": r"(title|label|name).zh",
        "kind": r"kind|type|类型|类别",
        "owner": r"owner|责任(人|部门)|负责人|部门",
        "id": r"(event|rule)?.?id|编号",
    },
    "benchmarks": {
        "source": r"source|来源",
        "metric": r"metric|指标",
        "month": r"month|月份?|日期",
        "score": r"score|value.?of.?metric|得分|分数|成绩|满意度",
        "dimension": r"dimension|维度",
        "value": r"value|segment|取值|分组|对象",
        "sd": r"sd|标准差",
        "n": r"n|answers|样本量?|评价数",
    },
}
NEEDED: Mapping[str, tuple[str, ...]] = {
    "targets": ("target",),
    "events": ("date",),
    "benchmarks": ("source", "month", "score"),
}


def read_beside(path: Path, role: str, *, cache: Path, names: Mapping[str, str]) -> pd.DataFrame:
    """The rows of a file as a table of its role. `names` maps what metrics and dimensions are called to their names.

    A table of targets or benchmarks that names no metric is about the score. Raises BadInput for a column it lacks.
    """
    loaded = load_file(path, cache=cache)
    with to_read(loaded.database) as db:
        frame = db.execute(f"SELECT * FROM {quoted(loaded.table)} LIMIT {MOST_ROWS}").df()
    frame = frame.rename(columns=_columns(list(frame.columns), role, names))
    missing = [name for name in NEEDED[role] if name not in frame]
    if missing:
        raise BadInput(f"beside.lacks_{role}", name=path.name, columns=missing)
    if role != "events":
        frame = frame.assign(metric=frame.get("metric", "score"))
    known = {word.casefold(): name for word, name in {**BUILT_IN, **names}.items()}
    for column in {"metric", "dimension"} & set(frame.columns):
        frame[column] = [_named(value, known) for value in frame[column]]
    if role != "events" and not set(frame["metric"]) & set(known.values()):
        raise BadInput("beside.no_metric", name=path.name, metrics=sorted(map(str, set(frame["metric"])))[:5])
    return frame


def kept_beside(database: Path, tables: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    """The tables beside the contacts of a database that was kept, by what they hold."""
    with to_read(database) as db:
        return {role: db.execute(f"SELECT * FROM {quoted(table)}").df() for role, table in tables.items()}


def add_beside(database: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write tables beside the contacts into a database, each under its own name."""
    with duckdb.connect(str(database)) as db:
        for name, frame in tables.items():
            db.register("given", frame)
            db.execute(f"CREATE OR REPLACE TABLE {quoted(name)} AS SELECT * FROM given")
            db.unregister("given")


def table_beside(role: str, table: str) -> str:
    """The name of a table beside the contacts, other than theirs.

    >>> table_beside("targets", "hotline"), table_beside("targets", "Targets")
    ('targets', 'targets_beside')
    """
    return f"{role}_beside" if role.casefold() == table.casefold() else role


def _columns(given: list[str], role: str, names: Mapping[str, str]) -> dict[str, str]:
    """How the columns are renamed: the first that is called like a known one, and those called like a dimension."""
    found: dict[str, str] = {}
    for name, pattern in NAMES[role].items():
        match = next((c for c in given if c not in found and re.fullmatch(pattern, c.strip(), re.I)), None)
        if match is not None:
            found[match] = name
    if role == "events":
        known = {word.casefold(): name for word, name in names.items()}
        found |= {c: known[c.strip().casefold()] for c in given if c not in found and c.strip().casefold() in known}
    return found


def _named(value: object, known: Mapping[str, str]) -> object:
    """A metric or dimension by its name, whatever it is called."""
    return known.get(value.strip().casefold(), value) if isinstance(value, str) else value
