"""What a page's questions cost with rollups and without, beside a bare GROUP BY in the same run, at 1e6, 1e7 and 1e8.

    python -m tests.benchmarks.bench_scale FOLDER [ROWS ...]      default 1000000 10000000 100000000

The contacts are those of `scale_contacts`, made once in the folder and kept there (1e8: 0.9 GB and some minutes), and
so are their rollups. Bare is one dimension with count, sum and sum of squares over the whole table. Questions are
those that pages ask of October against September, of a quarter by days and of the year, some of one tier. Seconds by
the clock, medians; of the pages' questions the 95th percentile over all runs.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from analysis.change import change
from analysis.contrast import contrast
from analysis.contribution import contribution
from analysis.monitor.control_chart import control_chart
from analysis.overview import overview
from analysis.segments import segments
from data_access.files.kept_hash import kept_hash
from data_access.model_file import parse_model
from data_access.rollups.build import build
from data_access.rollups.choose import propose
from data_access.selection import Filter, Period, Selection
from data_access.warehouse import Limits, Warehouse, open_warehouse
from data_access.warehouse.connection import Connection
from data_access.warehouse.source import make_engine
from tests.benchmarks.scale_contacts import MODEL, VALUES, make

RUNS = 3
BARE = "SELECT business, count(*), sum(score), sum(score * score) FROM contacts GROUP BY business"
MONTH = Period(date(2026, 10, 1), date(2026, 11, 1))
CHOSEN = Selection(period=MONTH, baseline=MONTH.previous())
GOLD = Selection(period=MONTH, baseline=MONTH.previous(), filters=(Filter("tier", ("tier_02",)),))
QUARTER = Period(date(2026, 8, 1), date(2026, 11, 1))
LIMITS = Limits(seconds=600)
Questions = dict[str, Callable[[], object]]


def pages(warehouse: Warehouse) -> Questions:
    """Name -> what a page asks."""
    cuts = [["day", name] for name in VALUES]
    return {
        "overview": lambda: overview(warehouse, CHOSEN, by=["touchpoint"]),
        "overview of one tier": lambda: overview(warehouse, GOLD, by=["business"]),
        "contribution": lambda: contribution(warehouse, CHOSEN, by=["business"]),
        "contribution of one tier": lambda: contribution(warehouse, GOLD, by=["region"]),
        "change": lambda: change(warehouse, CHOSEN, by=["region"]),
        "contrast of groups": lambda: contrast(warehouse, CHOSEN, by=["touchpoint"]),
        "contrast of two periods": lambda: contrast(warehouse, CHOSEN),
        "control chart": lambda: control_chart(warehouse, CHOSEN),
        "days of each dimension": lambda: warehouse.cells_each("score", cuts, QUARTER, ()),
        "coverage of all": lambda: warehouse.coverage("score", None, ()),
        "members": lambda: warehouse.members("business"),
        "waits by team": lambda: warehouse.cells("wait", ["network"], MONTH, (), clustered=True),
    }


def searches(warehouse: Warehouse) -> Questions:
    return {"segments of depth 2": lambda: segments(warehouse, CHOSEN, depth=2)}


def prepared(folder: Path, rows: int) -> tuple[Path, str]:
    """The contacts and their version, made where they are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"contacts_{rows}.duckdb"
    if not path.exists():
        make(path, rows)
    return path, kept_hash(path, folder)


def rolled_up(path: Path, version: str) -> None:
    """Build the rollups that pay where there are none, and tell how large they are."""
    without = Warehouse(Connection(make_engine(path, LIMITS), LIMITS), parse_model(MODEL), content_hash=version)
    if not list(path.parent.glob(f"{path.stem}.rollups.*")):
        started = time.perf_counter()
        proposals, most = propose(without.everything)
        print(f"proposed in {time.perf_counter() - started:.0f} s")
        views = [proposal.view for proposal in proposals]
        build(without.everything, views, without.whole_version, budget=most, tell=lambda built: print(
            f"{built.view.name} {built.view.grain:<6}{'+'.join(built.view.dimensions):<60}{built.rows:>12,} rows"
            f"{'' if built.kept else ', too many'}{time.perf_counter() - started:>8.0f} s", flush=True,
        ))  # fmt: skip
    without.close()
    for file in path.parent.glob(f"{path.stem}.rollups.*"):
        own, whole = (each.stat().st_size / 2**20 for each in (file, path))
        print(f"rollups {own:,.0f} MiB beside {whole:,.0f} MiB of contacts")


def measured(asked: Questions, runs: int) -> dict[str, list[float]]:
    """Seconds of each question in each run, asked in turn so that a busy moment is shared; the first run warms up."""
    seconds: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(runs + 1):
        for name, ask in asked.items():
            started = time.perf_counter()
            ask()
            seconds[name].append(time.perf_counter() - started)
    return {name: times[1:] for name, times in seconds.items()}


def bench(rows: int, folder: Path, runs: int = RUNS) -> dict[str, list[float]]:
    """Ask everything with rollups and without; print seconds and ratios to the bare query."""
    path, version = prepared(folder, rows)
    print(f"\n{rows:,} contacts")
    rolled_up(path, version)
    model = parse_model(MODEL)
    with_rollups = open_warehouse(path, model, limits=LIMITS, content_hash=version)
    without = Warehouse(Connection(make_engine(path, LIMITS), LIMITS), model, content_hash=version)
    with make_engine(path, LIMITS).connect() as bare:
        asked: Questions = {"bare GROUP BY": lambda: bare.exec_driver_sql(BARE).fetchall()}
        for warehouse, said in ((without, ""), (with_rollups, ", rollups")):
            asked |= {f"{name}{said}": ask for name, ask in (pages(warehouse) | searches(warehouse)).items()}
        found = measured(asked, runs)
    without.close()
    with_rollups.close()
    _print(found, list(pages(without)))
    return found


def _print(found: dict[str, list[float]], questions: Sequence[str]) -> None:
    base = statistics.median(found["bare GROUP BY"])
    print(f"{'':<36}{'seconds':>10}{'x bare':>9}")
    for name, times in found.items():
        print(f"{name:<36}{statistics.median(times):>10.3f}{statistics.median(times) / base:>9.2f}")
    for said in ("", ", rollups"):
        every = [seconds for name in questions for seconds in found[name + said]]
        print(
            f"{f'95th percentile{said}':<36}{np.percentile(every, 95):>10.3f}{np.percentile(every, 95) / base:>9.2f}"
        )


def main(arguments: Sequence[str]) -> None:
    folder, *sizes = arguments
    for rows in [int(float(size)) for size in sizes] or [10**6, 10**7, 10**8]:
        bench(rows, Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
