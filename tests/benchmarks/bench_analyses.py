"""What whole analyses cost beside a bare GROUP BY, the command line beside the API, and a search over a whole year.

    python -m tests.benchmarks.bench_analyses [ROWS ...]      default 10000000

The contacts are those of `bench_warehouse`: bare is its query over the whole table. A month is one of the twelve; the
year is its second half against the first, in nine dimensions: nearly every answer is a cell of its own. Seconds by
the clock and of the processors: on a busy machine only these can be compared. The search has a process of its own, so
that the most memory is its own. Command line and API are each a new process, imports and all. Medians of five, asked
in turn; the search and the processes once.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import sqlalchemy as sa

from analysis.association import association
from analysis.contrast import contrast
from analysis.drivers.importance import drivers
from analysis.segments import segments
from data_access.model_file import parse_model
from data_access.selection import Period, Selection
from data_access.warehouse import Limits, Warehouse, open_warehouse
from data_access.warehouse.source import make_engine
from tests.benchmarks.bench_segments import middle, seconds_of
from tests.benchmarks.bench_warehouse import BARE, DIMENSIONS, MODEL, MONTH, RUNS, make

Cost = tuple[float, float]  # seconds by the clock, of the processors
SUMMER = date(2026, 7, 1)
YEAR = Selection(period=Period(SUMMER, date(2027, 1, 1)), baseline=Period(date(2026, 1, 1), SUMMER))
COLUMNS = ["score", "wait", "team", *DIMENSIONS, "weekday", "hour", "day_of_month"]
COMMAND = ("-m", "analysis", "contrast", "--by", "dim3", "--from", "2026-10-01", "--to", "2026-11-01")
API = """import sys
from datetime import date
from pathlib import Path
from analysis.contrast import contrast
from data_access.model_file import parse_model
from data_access.selection import Period, Selection
from data_access.warehouse import open_warehouse
warehouse = open_warehouse(Path(sys.argv[1]), parse_model(Path(sys.argv[2]).read_text()))
contrast(warehouse, Selection(period=Period(date(2026, 10, 1), date(2026, 11, 1))), by=["dim3"], deep=True)
"""


def questions(warehouse: Warehouse, bare: sa.Connection) -> dict[str, Callable[[], object]]:
    """Name -> what is timed; the first is the bare query."""
    month, whole = Selection(period=MONTH), Selection()
    return {
        "bare GROUP BY, whole table": lambda: bare.exec_driver_sql(BARE).fetchall(),
        "contrast of groups, a month": lambda: contrast(warehouse, month, by=["dim3"]),
        "contrast of groups, all": lambda: contrast(warehouse, whole, by=["dim3"]),
        "contrast of groups, a month, deep": lambda: contrast(warehouse, month, by=["dim3"], deep=True),
        "drivers, a month": lambda: drivers(warehouse, month, columns=["wait", *DIMENSIONS[:3]]),
        "association of 14, a month": lambda: association(warehouse, month, columns=COLUMNS),
    }


def _search(path: Path) -> tuple[float, float, float]:
    """Seconds by the clock and of the processors, and the most GiB, of a process that does nothing else."""
    warehouse = open_warehouse(path, parse_model(MODEL), limits=Limits(seconds=600))
    cost = seconds_of(lambda: segments(warehouse, YEAR))
    warehouse.close()
    return *cost, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**30 if sys.platform == "darwin" else 2**20)


def _process(*arguments: str) -> Cost:
    """A Python of its own; the time of its processors is that of children of this one."""
    before, started = os.times(), time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    seconds, after = time.perf_counter() - started, os.times()
    return seconds, after.children_user + after.children_system - before.children_user - before.children_system


def bench(rows: int, folder: Path, runs: int = RUNS) -> dict[str, Cost]:
    """Make the contacts, ask everything, print seconds and ratios to the bare query."""
    path, model = folder / f"contacts_{rows}.duckdb", folder / "model.toml"
    make(path, rows)
    model.write_text(MODEL, encoding="utf-8")
    warehouse = open_warehouse(path, parse_model(MODEL))
    with make_engine(path, Limits()).connect() as bare:
        asked = questions(warehouse, bare)
        times = [{name: seconds_of(ask) for name, ask in asked.items()} for _ in range(runs + 1)][1:]  # one warms up
    warehouse.close()
    found = {name: middle([each[name] for each in times]) for name in asked}
    found["command line, a process"] = _process(*COMMAND, "--source", str(path), "--model", str(model))
    found["API, a process"] = _process("-c", API, str(path), str(model))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        *cost, most = beside.submit(_search, path).result()
    found["segments over a year"] = (cost[0], cost[1])
    _print(rows, found, most)
    return found


def _print(rows: int, found: dict[str, Cost], most: float) -> None:
    bare = next(iter(found.values()))
    print(f"\n{f'{rows:,} rows':<36}{'seconds':>10}{'x bare':>9}{'of processors':>16}{'x bare':>9}")
    for name, (seconds, used) in found.items():
        print(f"{name:<36}{seconds:>10.3f}{seconds / bare[0]:>9.2f}{used:>16.3f}{used / bare[1]:>9.2f}")
    print(f"{'most memory of the search':<36}{most:>10.2f} GiB")


def main(arguments: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for rows in [int(float(a)) for a in arguments] or [10_000_000]:
            bench(rows, Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
