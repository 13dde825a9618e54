"""Seconds to fetch thirty mixed columns as codes, and of sums of products beside a bare GROUP BY in the same run.

    python -m tests.benchmarks.bench_pairs [ROWS [ROWS]]      default 1000000 (codes) 10000000 (products)

The columns: eight ENUMs, six of words, four doubles with a value a row, four in tenths, four small counts with
blanks, two flags, the score and the month; 200 teams. The products are over the contacts of `bench_warehouse`: those
of score and wait by two dimensions and team. Bare is what a person would write for the same sums of the same answers.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from data_access.model_file import parse_model
from data_access.warehouse import Limits, open_warehouse
from data_access.warehouse.source import make_engine
from tests.benchmarks import bench_warehouse
from tests.benchmarks.bench_warehouse import RUNS, measured

COLUMNS = {  # name -> (how many, what is drawn)
    "kind": (
        8,
        "CASE WHEN random() < 0.9 THEN ('m' || lpad(floor(random() * 20)::INT::VARCHAR, 2, '0'))::kind_t END",
    ),
    "word": (6, "'w' || floor(random() * 90)::INT"),
    "share": (4, "CASE WHEN random() < 0.8 THEN random() * 100 END"),
    "seconds": (4, "round(-90 * ln(1 - random()), 1)"),
    "times": (4, "CASE WHEN random() < 0.4 THEN floor(random() * 10)::TINYINT END"),
    "flag": (2, "random() < 0.3"),
}
NUMBERS = {"share": "", "seconds": "", "times": ', missing = "zero"'}
NAMES = {kind: [f"{kind}{i}" for i in range(many)] for kind, (many, _) in COLUMNS.items()}
MODEL = f"""
table = "contacts"
contact_id = "contact_id"
cluster = "team"
time = {{ column = "contacted_at" }}
score = {{ column = "score", scale = [1, 10] }}
[drivers]
{"".join(f'{n} = {{ column = "{n}"{more} }}{chr(10)}' for kind, more in NUMBERS.items() for n in NAMES[kind])}
[dimensions]
team = {{ column = "team" }}
{"".join(f'{n} = {{ column = "{n}" }}{chr(10)}' for kind in NAMES if kind not in NUMBERS for n in NAMES[kind])}
"""
ASKED = ["score", "month", *(name for names in NAMES.values() for name in names)]
BY = ["dim1", "dim5"]
BARE = """SELECT dim1, dim5, team, count(*), sum(score), sum(wait_s), sum(score * score), sum(score * wait_s),
    sum(wait_s * wait_s) FROM contacts WHERE score IS NOT NULL GROUP BY dim1, dim5, team"""


def make(path: Path, rows: int) -> None:
    """Write contacts of thirty mixed columns as a DuckDB file."""
    with duckdb.connect(str(path)) as connection:
        members = ", ".join(f"'m{i:02d}'" for i in range(20))
        connection.execute(f"CREATE TYPE kind_t AS ENUM ({members})")
        drawn = ", ".join(f"{text} AS {name}" for kind, (_, text) in COLUMNS.items() for name in NAMES[kind])
        connection.execute("SELECT setseed(0.5)")
        connection.execute(f"""
            CREATE TABLE contacts AS
            SELECT i AS contact_id, TIMESTAMP '2026-01-01' + INTERVAL (i * 31536e3 / {rows}) SECOND AS contacted_at,
                CASE WHEN random() < 0.3 THEN (10 - floor(pow(random(), 3) * 10))::TINYINT END AS score,
                't' || floor(random() * 200)::INT AS team, {drawn} FROM range({rows}) AS r(i) ORDER BY i""")


def bench_codes(rows: int, folder: Path, runs: int = RUNS) -> dict[str, float]:
    """Median seconds of all columns, of a sample of them and of a pair."""
    path = folder / f"mixed_{rows}.duckdb"
    make(path, rows)
    warehouse = open_warehouse(path, parse_model(MODEL))
    asked: dict[str, Callable[[], object]] = {
        f"codes of {len(ASKED)} columns": lambda: warehouse.codes(ASKED, None, ()),
        "codes, a sample of a tenth": lambda: warehouse.codes(ASKED, None, (), most=rows // 10),
        "codes of a pair": lambda: warehouse.codes(["score", "seconds0"], None, ()),
    }
    found = measured(asked, runs)
    warehouse.close()
    return found


def bench_products(rows: int, folder: Path, runs: int = RUNS) -> dict[str, float]:
    """Median seconds of the bare query and of the sums of products."""
    path = folder / f"contacts_{rows}.duckdb"
    bench_warehouse.make(path, rows)
    warehouse = open_warehouse(path, parse_model(bench_warehouse.MODEL))
    with make_engine(path, Limits()).connect() as bare:
        asked: dict[str, Callable[[], object]] = {
            "bare GROUP BY, same sums": lambda: bare.exec_driver_sql(BARE).fetchall(),
            "products": lambda: warehouse.products("score", ["wait"], BY, None, ()),
        }
        found = measured(asked, runs)
    warehouse.close()
    return found


def main(arguments: Sequence[str]) -> None:
    sizes = [int(float(a)) for a in arguments]
    coded, summed = [*sizes, *(1_000_000, 10_000_000)[len(sizes) :]][:2]
    with tempfile.TemporaryDirectory() as folder:
        for rows, found in (
            (coded, bench_codes(coded, Path(folder))),
            (summed, bench_products(summed, Path(folder))),
        ):
            print(f"\n{rows:,} rows{'seconds':>36}")
            for name, seconds in found.items():
                print(f"{name:<36}{seconds:>10.4f}")
        print(f"{'products x bare':<36}{found['products'] / found['bare GROUP BY, same sums']:>10.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
