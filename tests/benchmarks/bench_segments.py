"""Seconds to fetch the cells of a change and to find its segments, beside a bare GROUP BY in the same run.

    python -m tests.benchmarks.bench_segments [ROWS ...]      default 100000 1000000 10000000

The contacts: two months in order of time, six dimensions of 3 to 23 words (skewed; 549,000 combinations), a score of
1 to 10 in every one of them, which falls by 2 in the second month in one segment of two dimensions. Bare is what a
person would write for the same sums: one GROUP BY of the six dimensions over both months. Cells, not rows, are what
the search takes its time for: their number is told. Medians of three, by the clock and of the processors
(on a busy machine only these can be compared); the most memory is that of the process so far.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import duckdb

from analysis.segments import segments
from data_access.model_file import parse_model
from data_access.selection import Period, Selection
from data_access.warehouse import Limits, open_warehouse
from data_access.warehouse.source import make_engine

VALUES = {"touchpoint": 9, "business": 23, "region": 13, "tier": 4, "team": 17, "network": 3}
RUNS = 3
ARROW = {"duckdb_arrow": True}  # whole columns, as the verb fetches them
MODEL = f"""
table = "contacts"
contact_id = "contact_id"
time = {{ column = "contacted_at" }}
score = {{ column = "score", scale = [1, 10], formula = "mean_of_max" }}
[dimensions]
{"".join(f'{name} = {{ column = "{name}" }}{chr(10)}' for name in VALUES)}
"""
PERIOD = Period(date(2026, 10, 1), date(2026, 11, 1))
BASELINE = PERIOD.previous()
BOTH = Selection(period=PERIOD, baseline=BASELINE)
SIDES = ("contacted_at < TIMESTAMP '2026-10-01'", "contacted_at >= TIMESTAMP '2026-10-01'")
BARE = f"""SELECT {", ".join(VALUES)},
    {", ".join(f"count(*) FILTER ({s}), sum(score) FILTER ({s}), sum(score * score) FILTER ({s})" for s in SIDES)}
    FROM contacts WHERE score BETWEEN 1 AND 10
        AND contacted_at >= TIMESTAMP '2026-09-01' AND contacted_at < TIMESTAMP '2026-11-01'
    GROUP BY {", ".join(VALUES)}""".replace("FILTER (", "FILTER (WHERE ")


def make(path: Path, rows: int) -> None:
    """Write the contacts as a DuckDB file."""
    words = ", ".join(f"'{n}_' || floor(pow(random(), 1.7) * {k})::INT AS {n}" for n, k in VALUES.items())
    with duckdb.connect(str(path)) as connection:
        connection.execute("SET enable_progress_bar = false; SELECT setseed(0.5)")
        connection.execute(f"""
            CREATE TABLE contacts AS
            WITH drawn AS (
                SELECT i AS contact_id, TIMESTAMP '2026-09-01' + INTERVAL (i * 61 * 86400.0 / {rows}) SECOND
                    AS contacted_at, {words}, 10 - floor(pow(random(), 3) * 10) AS given FROM range({rows}) AS r(i))
            SELECT * EXCLUDE (given), greatest(1, given - CASE WHEN contacted_at >= TIMESTAMP '2026-10-01'
                AND business = 'business_4' AND region = 'region_2' THEN 2 ELSE 0 END)::TINYINT AS score
            FROM drawn ORDER BY contact_id""")


def bench(rows: int, folder: Path, runs: int = RUNS) -> dict[str, tuple[float, float]]:
    """Make the contacts beside this process, ask, print seconds and ratios to the bare query."""
    path, by = folder / f"two_months_{rows}.duckdb", list(VALUES)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        beside.submit(make, path, rows).result()
    warehouse = open_warehouse(path, parse_model(MODEL))
    with make_engine(path, Limits()).connect() as bare:
        asked: dict[str, Callable[[], object]] = {
            "bare GROUP BY, same sums": lambda: bare.exec_driver_sql(BARE, execution_options=ARROW).arrow,
            "change_cells": lambda: warehouse.change_cells("score", by, PERIOD, BASELINE, ()),
            "change_cells by halves": lambda: warehouse.change_cells("score", by, PERIOD, BASELINE, (), halves=True),
            "segments of depth 2, whole": lambda: segments(warehouse, BOTH, depth=2),
            "segments of depth 3, whole": lambda: segments(warehouse, BOTH, depth=3),
        }
        times = [{name: seconds_of(ask) for name, ask in asked.items()} for _ in range(runs + 1)][1:]  # one warms up
    cells = len(warehouse.change_cells("score", by, PERIOD, BASELINE, ()).n)
    warehouse.close()
    found = {name: middle([each[name] for each in times]) for name in asked}
    _print(rows, cells, found)
    return found


def seconds_of(ask: Callable[[], object]) -> tuple[float, float]:
    started, used = time.perf_counter(), time.process_time()
    ask()
    return time.perf_counter() - started, time.process_time() - used


def middle(times: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(t[0] for t in times), statistics.median(t[1] for t in times)


def _print(rows: int, cells: int, found: dict[str, tuple[float, float]]) -> None:
    base = next(iter(found.values()))[0]
    print(f"\n{f'{rows:,} rows, {cells:,} cells':<36}{'seconds':>10}{'x bare':>9}{'of processors':>16}")
    for name, (seconds, used) in found.items():
        print(f"{name:<36}{seconds:>10.3f}{seconds / base:>9.2f}{used:>16.3f}")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**30 if sys.platform == "darwin" else 2**20)
    print(f"{'most memory so far':<36}{most:>10.2f} GiB")


def main(arguments: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for rows in [int(float(a)) for a in arguments] or [100_000, 1_000_000, 10_000_000]:
            bench(rows, Path(folder), runs=RUNS if rows < 5_000_000 else 1)


if __name__ == "__main__":
    main(sys.argv[1:])
