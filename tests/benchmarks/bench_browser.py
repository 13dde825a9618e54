"""Seconds in a real browser on the sample, beside a bare GROUP BY over the same file in the same run.

    python -m tests.benchmarks.bench_browser

cached page: an address that was open before, from the request until all is drawn. filter change: another month chosen
in the sidebar, asked for the first time. export: the Excel file of a page, from the press until it has come down. The
reader waits 0.15 s after each click for it to reach the server, which is counted. Bare is what a person would write
for one page. Medians.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
from playwright.sync_api import sync_playwright

from sample_data.make import ensure
from tests.e2e.conftest import CALM, FLAGS, NAMES, SCREEN, Reader, started

PAGES = ("overview", "service", "contribution", "change", "contrast", "alerts", "risk")
MONTHS = ("September 2026", "August 2026", "July 2026")
BARE = "SELECT team, count(*), sum(score), sum(score * score) FROM contacts WHERE score IS NOT NULL GROUP BY team"
RUNS = 5


def seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def bare(database: Path, runs: int) -> float:
    with duckdb.connect(str(database), read_only=True) as connection:
        return statistics.median(seconds(lambda: connection.execute(BARE).fetchall()) for _ in range(runs))


def export(reader: Reader) -> None:
    with reader.page.expect_download() as coming:
        reader.keyed("excel.contribution").get_by_role("button").click()
    coming.value.path()


def bench(folder: Path, database: Path, runs: int = RUNS) -> dict[str, float]:
    """Name -> median seconds; the first is the bare query."""
    found = {"bare GROUP BY": bare(database, runs)}
    path = next(filter(None, map(shutil.which, NAMES)))
    with started(folder) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        reader = Reader(browser.new_context(viewport=SCREEN, accept_downloads=True, **CALM), server.address)
        for page in PAGES:
            reader.open(f"{page}?lang=en")
            again = [seconds(lambda page=page: reader.open(f"{page}?lang=en")) for _ in range(runs)]
            found[f"cached page, {page}"] = statistics.median(again)
        reader.open("contribution?lang=en")
        changed = [seconds(lambda month=month: reader.choose("Period", month)) for month in MONTHS]
        found["filter change, contribution"] = statistics.median(changed)
        found["export, contribution"] = statistics.median(seconds(lambda: export(reader)) for _ in range(runs))
        browser.close()
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        found = bench(Path(place), Path(shutil.copy(ensure(), place)))
    base = found["bare GROUP BY"]
    for name, took in found.items():
        print(f"{name:34} {took:8.3f} s {took / base:8.1f} x")


if __name__ == "__main__":
    main()
