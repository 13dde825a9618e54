"""Seconds per warehouse verb on synthetic contacts, beside a bare GROUP BY in the same run.

    python -m tests.benchmarks.bench_warehouse [ROWS ...]      default 1000000 10000000

The contacts: twelve months in order of time, eight dimensions of 4 to 40 values (ENUM, skewed), 24 teams, a score of
1 to 10 in 30 % of them (TINYINT, NULL elsewhere), waits in tenths of seconds, five contacts a customer. Bare is one
dimension with count, sum and sum of squares over the whole table. Verbs take two of the twelve months where they take
a period. Runs are interleaved, medians of five.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import duckdb
import sqlalchemy as sa

from analysis.change import change
from analysis.contrast import contrast
from analysis.contribution import contribution
from analysis.overview import overview
from data_access.model_file import parse_model
from data_access.selection import Filter, Period, Selection
from data_access.warehouse import Limits, Warehouse, open_warehouse
from data_access.warehouse.source import make_engine

VALUES = (8, 5, 12, 40, 6, 4, 20, 30)
DIMENSIONS = [f"dim{i}" for i in range(len(VALUES))]
TEAMS = 24
RUNS = 5
BARE = "SELECT dim3, count(*), sum(score), sum(score * score) FROM contacts GROUP BY dim3"
MODEL = f"""
table = "contacts"
contact_id = "contact_id"
customer_id = "customer_id"
cluster = "team"
time = {{ column = "contacted_at" }}
score = {{ column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }}
[drivers]
wait = {{ column = "wait_s", unit = "s", better = "low" }}
[dimensions]
team = {{ column = "team" }}
{"".join(f'{d} = {{ column = "{d}" }}{chr(10)}' for d in DIMENSIONS)}
"""
PERIOD = Period(date(2026, 9, 1), date(2026, 11, 1))
BASELINE = PERIOD.previous()
MONTH = Period(date(2026, 10, 1), date(2026, 11, 1))


def make(path: Path, rows: int) -> None:
    """Write the contacts as a DuckDB file."""
    with duckdb.connect(str(path)) as connection:
        for name, values in (*zip(DIMENSIONS, VALUES, strict=True), ("team", TEAMS)):
            names = ", ".join(f"'{name}_{j:02d}'" for j in range(values))
            connection.execute(f"CREATE TYPE {name}_t AS ENUM ({names})")
        skewed = ", ".join(_drawn(n, f"pow(random(), 1.7) * {v}") for n, v in zip(DIMENSIONS, VALUES, strict=True))
        connection.execute("SELECT setseed(0.5)")
        connection.execute(f"""
            CREATE TABLE contacts AS
            SELECT i AS contact_id, TIMESTAMP '2026-01-01' + INTERVAL (i * 31536e3 / {rows}) SECOND AS contacted_at,
                {skewed}, {_drawn("team", f"random() * {TEAMS}")},
                CASE WHEN random() < 0.3 THEN (10 - floor(pow(random(), 3) * 10))::TINYINT END AS score,
                round(-90 * ln(1 - random()), 1) AS wait_s, floor(random() * {rows} / 5)::INT AS customer_id
            FROM range({rows}) AS r(i) ORDER BY i""")


def _drawn(name: str, number: str) -> str:
    return f"('{name}_' || lpad(CAST(floor({number}) AS INT)::VARCHAR, 2, '0'))::{name}_t AS {name}"


def questions(warehouse: Warehouse, bare: sa.Connection) -> dict[str, Callable[[], object]]:
    """Name -> what is timed; the first is the bare query."""
    cuts = [[name] for name in DIMENSIONS]
    chosen = Selection(period=PERIOD, baseline=BASELINE)
    now = Selection(period=PERIOD)
    some = [Filter("dim0", ("dim0_00", "dim0_01"))]
    return {
        "bare GROUP BY, whole table": lambda: bare.exec_driver_sql(BARE).fetchall(),
        "cells, whole table": lambda: warehouse.cells("score", ["dim3"], None, ()),
        "cells": lambda: warehouse.cells("score", ["dim3"], PERIOD, ()),
        "cells, filtered": lambda: warehouse.cells("score", ["dim3"], PERIOD, some),
        "cells by team": lambda: warehouse.cells("score", ["dim3"], PERIOD, (), clustered=True),
        "cells of eight dimensions": lambda: warehouse.cells_each("score", cuts, PERIOD, ()),
        "cells of eight dimensions by team": lambda: warehouse.cells_each("score", cuts, PERIOD, (), clustered=True),
        "values": lambda: warehouse.values("score", ["dim3"], PERIOD, (), clustered=False),
        "values by team": lambda: warehouse.values("score", ["dim3"], PERIOD, ()),
        "values by team, one month": lambda: warehouse.values("score", ["dim3"], MONTH, ()),
        "values by team, whole table": lambda: warehouse.values("score", ["dim3"], None, ()),
        "values of a wait": lambda: warehouse.values("wait", ["dim3"], PERIOD, (), clustered=False),
        "values of a wait by team": lambda: warehouse.values("wait", ["dim3"], PERIOD, ()),
        "repeated": lambda: warehouse.repeated("score", PERIOD, BASELINE, ()),
        "population by one dimension": lambda: warehouse.population_by("score", ["dim3"], PERIOD, ()),
        "coverage": lambda: warehouse.coverage("score", PERIOD, ()),
        "extent": warehouse.extent,
        "members": lambda: warehouse.members("dim3"),
        "rows, first page": lambda: warehouse.rows(chosen, limit=100),
        "contribution, one dimension": lambda: contribution(warehouse, chosen, by=["dim3"]),
        "contribution, each of eight": lambda: [contribution(warehouse, chosen, by=by) for by in cuts],
        "change": lambda: change(warehouse, chosen, by=["dim3"]),
        "overview": lambda: overview(warehouse, chosen, by=["dim3"]),
        "contrast of groups": lambda: contrast(warehouse, now, by=["dim3"]),
        "contrast of each with the rest": lambda: contrast(warehouse, now, by=["dim3"], question="rest"),
        "contrast of two periods": lambda: contrast(warehouse, chosen, by=["dim3"]),
        "contrast of two periods, whole": lambda: contrast(warehouse, chosen),
    }


def measured(asked: dict[str, Callable[[], object]], runs: int = RUNS) -> dict[str, float]:
    """Median seconds of each question, asked in turn so that a busy moment is shared."""
    seconds: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(runs + 1):
        for name, ask in asked.items():
            started = time.perf_counter()
            ask()
            seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(times[1:]) for name, times in seconds.items()}  # the first run warms up


def bench(rows: int, folder: Path, runs: int = RUNS) -> dict[str, float]:
    """Make the contacts, ask everything, print seconds and ratios to the bare query."""
    path = folder / f"contacts_{rows}.duckdb"
    make(path, rows)
    warehouse = open_warehouse(path, parse_model(MODEL))
    with make_engine(path, Limits()).connect() as bare:
        found = measured(questions(warehouse, bare), runs)
    warehouse.close()
    base = next(iter(found.values()))
    print(f"\n{rows:,} rows{'seconds':>36}{'x bare':>9}")
    for name, seconds in found.items():
        print(f"{name:<36}{seconds:>10.4f}{seconds / base:>9.2f}")
    return found


def main(arguments: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for rows in [int(float(a)) for a in arguments] or [1_000_000, 10_000_000]:
            bench(rows, Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
