"""Contacts of any size by a seeded generator in SQL: the same rows every time, however many threads draw them.

Twelve months in order of time (2026), six dimensions of 3 to 23 words (skewed, independent: 549,000 combinations), of
which the team is the cluster; a score of 1 to 10 in 30 % of them, which falls by 2 in October in one segment of two
dimensions; a wait in tenths of seconds; five contacts a customer.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

VALUES = {"touchpoint": 9, "business": 23, "region": 13, "tier": 4, "team": 17, "network": 3}
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
{"".join(f'{name} = {{ column = "{name}" }}{chr(10)}' for name in VALUES)}
"""
SEED, MEMORY, THREADS = 20261201, "6GB", 2
YEAR_US = 31_536_000_000_000


def make(path: Path, rows: int, *, threads: int = THREADS) -> None:
    """Write the contacts as a DuckDB file."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"SET enable_progress_bar = false; SET memory_limit = '{MEMORY}'; SET threads = {threads}")
        for name, values in VALUES.items():
            words = ", ".join(f"'{name}_{j:02d}'" for j in range(values))
            connection.execute(f"CREATE TYPE {name}_t AS ENUM ({words})")
        drawn = [f"{_word(name, i)} AS {name}" for i, name in enumerate(VALUES)]
        inside = "business = 'business_04' AND region = 'region_02' AND month(contacted_at) = 10"
        fall = f"CASE WHEN {inside} THEN 2 ELSE 0 END"
        connection.execute(f"""
            CREATE TABLE contacts AS
            WITH drawn AS (
                SELECT i AS contact_id, TIMESTAMP '2026-01-01' + to_microseconds(i * {YEAR_US // rows})
                    AS contacted_at, {", ".join(drawn)},
                    CASE WHEN {_chance(10)} < 0.3 THEN 10 - floor(pow({_chance(11)}, 3) * 10) END AS given,
                    round(-90 * ln(1 - {_chance(12)}), 1) AS wait_s,
                    floor({_chance(13)} * {rows} / 5)::INT AS customer_id
                FROM range({rows}::BIGINT) AS r(i))
            SELECT * EXCLUDE (given), CASE WHEN given > 0 THEN greatest(1, given - {fall}) END::TINYINT AS score
            FROM drawn""")


def _chance(which: int) -> str:
    """A number from 0 to 1 that is always the same for a row."""
    return f"((hash(i * 64 + {which + SEED * 2**32}) >> 11) / {2**53}.0)"


def _word(name: str, which: int) -> str:
    place = f"floor(pow({_chance(which)}, 1.7) * {VALUES[name]})::INT"
    return f"('{name}_' || lpad({place}::VARCHAR, 2, '0'))::{name}_t"
