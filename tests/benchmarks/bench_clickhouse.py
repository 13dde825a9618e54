"""Seconds per warehouse verb in ClickHouse on the contacts of `bench_warehouse`, beside a bare GROUP BY.

    python -m tests.benchmarks.bench_clickhouse [ROWS ...]      default 1000000 10000000

The engine is chdb-core's behind the HTTP server of the tests. The table is as people make them there: MergeTree in
order of time, words in LowCardinality, a score that can be NULL, moments in DateTime of Shanghai.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa

from data_access.model_file import parse_model
from data_access.warehouse import Limits, open_warehouse
from data_access.warehouse.source import make_engine
from tests.benchmarks.bench_warehouse import DIMENSIONS, MODEL, RUNS, TEAMS, VALUES, measured, questions
from tests.engines.clickhouse import reader, served

ORIGIN = "2026-01-01 00:00:00"


def make(address: str, rows: int) -> None:
    """Write the contacts: random numbers by hashes of the row, so that they are the same each time."""
    numbers = {n: f"pow({_random(i)}, 1.7) * {v}" for i, (n, v) in enumerate(zip(DIMENSIONS, VALUES, strict=True))}
    words = ", ".join(_drawn(n, e) for n, e in {**numbers, "team": f"{_random(20)} * {TEAMS}"}.items())
    query = f"""
        CREATE TABLE contacts ENGINE = MergeTree ORDER BY contacted_at AS
        SELECT number AS contact_id,
            toDateTime('{ORIGIN}', 'Asia/Shanghai') + toUInt32(number * 31536e3 / {rows}) AS contacted_at, {words},
            if({_random(21)} < 0.3, toNullable(toInt8(10 - floor(pow({_random(22)}, 3) * 10))), NULL) AS score,
            round(-90 * ln(1 - {_random(23)}), 1) AS wait_s, toInt32({_random(24)} * {rows} / 5) AS customer_id
        FROM numbers({rows})"""
    engine = sa.create_engine(address, connect_args={"send_receive_timeout": 1_200})
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS contacts")
        connection.exec_driver_sql(query)
        connection.exec_driver_sql("OPTIMIZE TABLE contacts FINAL")
    engine.dispose()


def _random(seed: int) -> str:
    return f"(bitAnd(sipHash64(number, {seed}), 4294967295) / 4294967296)"


def _drawn(name: str, number: str) -> str:
    word = f"concat('{name}_', leftPad(toString(toUInt8(floor({number}))), 2, '0'))"
    return f"CAST({word} AS LowCardinality(String)) AS {name}"


def bench(rows: int, address: str, runs: int = RUNS) -> dict[str, float]:
    """Make the contacts, ask everything, print seconds and ratios to the bare query."""
    make(address, rows)
    warehouse = open_warehouse(reader(address), parse_model(MODEL), limits=Limits(seconds=300))
    with make_engine(reader(address), Limits()).connect() as bare:
        found = measured(questions(warehouse, bare), runs)
    warehouse.close()
    base = next(iter(found.values()))
    print(f"\n{rows:,} rows{'seconds':>36}{'x bare':>9}")
    for name, seconds in found.items():
        print(f"{name:<36}{seconds:>10.4f}{seconds / base:>9.2f}")
    return found


def main(arguments: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as address:
        for rows in [int(float(a)) for a in arguments] or [1_000_000, 10_000_000]:
            bench(rows, f"{address}/default")


if __name__ == "__main__":
    main(sys.argv[1:])
