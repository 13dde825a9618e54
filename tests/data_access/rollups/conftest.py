"""Contacts with everything awkward for a rollup in them, on a clock that changes at midnight."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from data_access.model_file import parse_model
from data_access.rollups.build import build
from data_access.warehouse import Limits, Warehouse, open_warehouse
from data_access.warehouse.connection import Connection
from data_access.warehouse.rollup_view import View
from data_access.warehouse.source import make_engine

ROWS, HASH = 6_000, "0123456789ab"
MODEL = """
table = "contacts"
contact_id = "contact_id"
customer_id = "customer_id"
cluster = "team"
excluded = { column = "exempted" }
responded = { column = "invited" }
time = { column = "contacted_at", timezone = "America/Havana" }
score = { column = "score", scale = [0, 10], satisfied_from = 9, dissatisfied_to = 6, missing = [5] }
[metrics]
recommend = { column = "score", formula = "nps", scale = [0, 10] }
resolved = { column = "resolved", values = [0, 1], better = "high", where = { tier = ["gold", "basic"] } }
[drivers]
wait = { column = "wait", unit = "s", better = "low", missing = "zero" }
ringing = { from = "contacted_at", to = "answered_at", unit = "s", better = "low" }
[dimensions]
team = { column = "team" }
tier = { column = "tier", level = "ordinal", order = ["basic", "silver", "gold"] }
business = { column = "business", missing = ["n/a"] }
scenes = { columns = { home = "at_home", office = "at_office" }, yes = [1], no = [0] }
[reasons]
reason = { column = "reason", split = "|", not_stated = "none" }
"""
VIEWS = (
    View(name="r01", grain="day", dimensions=("business", "reason", "scenes", "team", "tier"), valued=True),
    View(name="r02", grain="month", dimensions=("business", "team", "tier"), valued=False, halved=True),
    View(name="r03", grain="hour", dimensions=("team",), valued=True),
    View(name="r04", grain="day", dimensions=("team", "tier"), valued=False),
)


def fill(path: Path, *, rows: int = ROWS) -> None:
    """Contacts around the nights of March and November 2026 in which Havana's clock is changed, some without time."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"""
            SET TimeZone = 'UTC'; CREATE TABLE contacts AS
            WITH drawn AS (SELECT i, hash(i * 16 + 1) % 1000 AS a, hash(i * 16 + 2) % 1000 AS b,
                hash(i * 16 + 3) % 1000 AS c, hash(i * 16 + 4) % 1000 AS d FROM range({rows}) AS r(i)),
            timed AS (SELECT *, CASE WHEN a % 97 > 0 THEN TIMESTAMPTZ '2026-02-15 00:00:00+00'
                + to_seconds(((i * 7919) % (90 * 1440) + CASE WHEN i % 3 = 0 THEN 250 * 1440 ELSE 0 END) * 60)
                END AS contacted_at FROM drawn)
            SELECT 'c' || i AS contact_id, 'k' || (i % 700) AS customer_id, contacted_at,
                contacted_at + to_seconds((b % 90)::INT) AS answered_at,
                CASE WHEN b % 3 > 0 THEN (b % 12)::TINYINT END AS score,
                CASE WHEN c % 4 > 0 THEN c % 2 END AS resolved,
                CASE WHEN d % 5 > 0 THEN d / 7.0 - 10 END AS wait, CASE WHEN a % 11 > 0 THEN 't' || a % 5 END AS team,
                ['basic', 'silver', 'gold'][(b % 3 + 1)::INT] AS tier,
                ['3G', 'n/a', '', 'O''Brien %x', NULL][(c % 5 + 1)::INT] AS business,
                a % 2 AS at_home, d % 2 AS at_office,
                ['wait', 'wait|fee', 'fee | wait', '', NULL][(d % 5 + 1)::INT] AS reason,
                c % 13 = 0 AS exempted, (a % 7 > 0)::INT AS invited FROM timed""")


def plain(source: Path | str, model: str = MODEL) -> Warehouse:
    """The contacts themselves, whatever lies beside them."""
    return Warehouse(Connection(make_engine(source, Limits()), Limits()), parse_model(model), content_hash=HASH)


def make(source: Path, views: tuple[View, ...] = VIEWS, *, model: str = MODEL, version: str = HASH) -> None:
    """Build rollups beside a source."""
    warehouse = plain(source, model)
    build(warehouse.everything, views, lambda: version)
    warehouse.close()


@pytest.fixture(scope="session")
def contacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The contacts with their rollups beside them; nothing may change either."""
    path = tmp_path_factory.mktemp("rollups") / "w.duckdb"
    fill(path)
    make(path)
    return path


@pytest.fixture(scope="module")
def both(contacts: Path) -> Iterator[tuple[Warehouse, Warehouse]]:
    """A warehouse without rollups and one with them."""
    pair = plain(contacts), open_warehouse(contacts, parse_model(MODEL), content_hash=HASH)
    yield pair
    for warehouse in pair:
        warehouse.close()
