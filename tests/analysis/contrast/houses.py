"""Warehouses made of frames: answers, and beside them benchmarks and targets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from analysis.contrast.samples import Answers, Samples
from analysis.estimate import coded, scaled
from analysis.result import Result
from data_access.labels import Labels
from data_access.metric_kinds import MeanOfMaximum, Rate
from data_access.metrics import Metric
from data_access.model_file import parse_model
from data_access.selection import Period
from data_access.warehouse import Warehouse, open_warehouse

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
SEPTEMBER = Period(date(2026, 9, 1), date(2026, 10, 1))
SCORE = Metric("score", "score", Labels("score"), MeanOfMaximum(1, 10))
RATE = Metric("solved", "solved", Labels("solved"), Rate())
BENCHMARKS = ["source", "metric", "dimension", "value", "month", "score", "sd", "n"]
TARGETS = ["metric", "dimension", "value", "target"]


def house(path: Path, model: str, tables: Mapping[str, pd.DataFrame]) -> Warehouse:
    """A DuckDB file with these tables (`answers` first) behind a model (TOML without `table` and `[tables]`)."""
    with duckdb.connect(str(path)) as connection:
        for name, frame in tables.items():
            connection.register("frame", frame)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
            connection.unregister("frame")
    beside = "".join(f'{name} = "{name}"\n' for name in tables if name != "answers")
    return open_warehouse(path, parse_model(f'table = "answers"\n{model}\n[tables]\n{beside}'))


def answers_of(frame: pd.DataFrame, metric: Metric = SCORE) -> Answers:
    """Answers as the analysis has them, from rows: group, x and, where there are any, cluster, w."""
    rows = frame.assign(segment=[(g,) for g in frame["group"]], n=1.0)
    rows["w"] = rows.get("w", 1.0)
    rows["v"] = rows["w"] ** 2
    for name, base, power in (("wx", "w", 1), ("vx", "v", 1), ("vxx", "v", 2)):
        rows[name] = rows[base] * rows["x"] ** power
    groups, (numbered,) = coded(scaled(rows, metric))
    return Answers(numbered, tuple(groups), metric, ())


def two_sides(a: pd.DataFrame, b: pd.DataFrame, metric: Metric = SCORE) -> Samples:
    """Two sides of one comparison, from rows with x and, where there are any, cluster and w."""
    both = answers_of(pd.concat([a.assign(group="a"), b.assign(group="b")], ignore_index=True), metric).rows
    first = both["segment"] == ("a",)
    rows = [both[chosen].assign(s=0).reset_index(drop=True) for chosen in (first, ~first)]
    return Samples(rows[0], rows[1], ((("a",), ("b",)),), metric)


def pairs(found: Result) -> pd.DataFrame:
    """The comparisons by the name of their first side."""
    table = found.parts["pairs"]
    return table.set_index(table["a"].map(lambda segment: segment[0] if segment else ""))


def keys(found: Result) -> list[str]:
    """Keys of all that is said."""
    return [s.key for s in (*found.findings, *found.caveats)]


def months(period: Period, n: int) -> pd.DatetimeIndex:
    """So many moments spread evenly over a period."""
    return pd.date_range(period.start, period.end, n + 1)[:-1].floor("s")


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)
