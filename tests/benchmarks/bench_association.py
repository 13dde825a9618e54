"""Seconds of a 30 x 30 matrix of mixed columns on synthetic contacts: the fetch, the pairs, and the whole answer.

    python -m tests.benchmarks.bench_association [ROWS ...]      default 1000000

The columns: a score of 1 to 10 in 30 % of the contacts, ten numbers of hundreds or thousands of values (two of them
blank in half), four of few values, five flags, four orders and six columns of names, with 24 teams as clusters.
Medians of three.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from analysis.association import association
from analysis.association.coded_rows import rows_of
from analysis.association.matrix import matrix_of
from data_access.model_file import parse_model
from data_access.selection import Selection
from data_access.warehouse import open_warehouse

WIDE, FEW, FLAGS, ORDERS, NAMES = 10, 4, 5, 4, 6
MEMBERS = (4, 6, 8, 12, 24, 40)
STEPS = ", ".join(f'"{i}"' for i in range(5))
RUNS = 3
MODEL = "\n".join([
    'table = "contacts"\ncluster = "names4"', 'score = { column = "score", scale = [1, 10] }', "[drivers]",
    *(f'wide{i} = {{ column = "wide{i}" }}' for i in range(WIDE)),
    *(f'few{i} = {{ column = "few{i}" }}' for i in range(FEW)),
    *(f'flag{i} = {{ column = "flag{i}" }}' for i in range(FLAGS)), "[dimensions]",
    *(f'order{i} = {{ column = "order{i}", level = "ordinal", order = [{STEPS}] }}' for i in range(ORDERS)),
    *(f'names{i} = {{ column = "names{i}" }}' for i in range(NAMES)),
])  # fmt: skip


def make(path: Path, rows: int) -> None:
    """Write the contacts as a DuckDB file."""
    columns = [
        "CASE WHEN random() < 0.3 THEN (10 - floor(pow(random(), 3) * 10))::TINYINT END AS score",
        *(f"CASE WHEN {i} > 1 OR random() < 0.5 THEN round(-{90 + 90 * i} * ln(1 - random()), {i % 2}) END AS wide{i}"
          for i in range(WIDE)),
        *(f"floor(pow(random(), 2) * {4 + i})::TINYINT AS few{i}" for i in range(FEW)),
        *(f"(random() < 0.{i + 1})::TINYINT AS flag{i}" for i in range(FLAGS)),
        *(f"floor(random() * 5)::INT::VARCHAR AS order{i}" for i in range(ORDERS)),
        *(f"'member_' || floor(random() * {k})::INT AS names{i}" for i, k in enumerate(MEMBERS)),
    ]  # fmt: skip
    with duckdb.connect(str(path)) as connection:
        connection.execute("SELECT setseed(0.5)")
        connection.execute(f"CREATE TABLE contacts AS SELECT {', '.join(columns)} FROM range({rows})")


def bench(rows: int, folder: Path, runs: int = RUNS) -> dict[str, float]:
    """Make the contacts, ask, print seconds."""
    path = folder / f"columns_{rows}.duckdb"
    make(path, rows)
    warehouse = open_warehouse(path, parse_model(MODEL))
    names = ["score", *warehouse.model.drivers, *warehouse.model.dimensions]
    codes = warehouse.codes(names, None, ())
    ready = rows_of(codes, list(codes.columns.values()))
    asked: dict[str, Callable[[], object]] = {
        "fetch of 30 columns": lambda: warehouse.codes(names, None, ()),
        "rows by cluster": lambda: rows_of(codes, list(codes.columns.values())),
        "435 pairs": lambda: matrix_of(ready, {}),
        "association, whole": lambda: association(warehouse, Selection()),
    }
    times = {name: [_seconds(ask) for _ in range(runs)] for name, ask in asked.items()}
    found = {name: statistics.median(wall for wall, _ in each) for name, each in times.items()}
    warehouse.close()
    print(f"\n{rows:,} rows{'seconds':>19}{'of processors':>16}")
    for name, seconds in found.items():
        print(f"{name:<22}{seconds:>10.2f}{statistics.median(own for _, own in times[name]):>16.2f}")
    return found


def _seconds(ask: Callable[[], object]) -> tuple[float, float]:
    """By the clock, and of this process: on a busy machine only these can be compared."""
    started, used = time.perf_counter(), time.process_time()
    ask()
    return time.perf_counter() - started, time.process_time() - used


def main(arguments: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for rows in [int(float(a)) for a in arguments] or [1_000_000]:
            bench(rows, Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
