"""Bot sessions on DuckDB, SQLite and PostgreSQL: the same counts, paths, versions and hand-overs."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from data_access.model_file import parse_model
from data_access.selection import Filter, Period
from data_access.warehouse import Warehouse, open_warehouse

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
MODEL = """
table = "contacts"
contact_id = "contact_id"
customer_id = "customer_id"
agent = "agent"
question = "topic"
time = { column = "came_at", timezone = "Asia/Shanghai" }
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[repeats]
survey = "solved"
[metrics]
solved = { column = "solved" }
[dimensions]
topic = { column = "topic" }
scenario = { column = "scenario" }
[tables]
bot = "talks"
"""
CONTACTS = """contact_id TEXT, customer_id TEXT, came_at TIMESTAMP, topic TEXT, scenario TEXT, agent TEXT,
score INTEGER, solved INTEGER, handover_wait_s INTEGER, context_passed INTEGER"""
TALKS = """contact_id TEXT, started_at TIMESTAMP, outcome TEXT, recognised INTEGER, fallbacks INTEGER, path TEXT,
last_node TEXT, flow_version TEXT, bot_owner TEXT"""
ROWS = [
    ("a", "ann", "2026-10-05 09:00:00", "bill", "plan", None, 9, None, None, None),
    ("b", "bob", "2026-10-05 10:00:00", "bill", "plan", None, None, None, None, None),
    ("b2", "bob", "2026-10-06 10:00:00", "bill", None, "t1", 4, 1, None, None),
    ("c", "cid", "2026-10-06 11:00:00", "bill", "plan", "t1", 7, 1, 75, 1),
    ("d", "dan", "2026-10-07 12:00:00", "fault", "other", None, 3, None, None, None),
    ("z", "zoe", "2026-10-30 12:00:00", "bill", None, "t1", 8, 0, None, None),
]
SAID = [
    ("a", "2026-10-05 09:00:00", "contained", 1, 0, "greet>done", "done", "plan 1", "national"),
    ("b", "2026-10-05 10:00:00", "contained", 0, 2, "greet>repeat", "repeat", "plan 1", "national"),
    ("c", "2026-10-06 11:00:00", "handed_over", 1, 0, "greet>handover", "handover", "plan 2", "national"),
    ("d", "2026-10-07 12:00:00", "dropped", None, None, "greet", "greet", "other 1", None),
]


def stored(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str | Path:
    """The two tables in an engine."""
    tables = {"contacts": (CONTACTS, ROWS), "talks": (TALKS, SAID)}
    if engine == "duckdb":
        path = tmp_path / "b.duckdb"
        with duckdb.connect(str(path)) as db:
            for name, (columns, rows) in tables.items():
                db.execute(f"CREATE TABLE {name} ({columns})")
                db.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        return path
    url = (
        request.getfixturevalue("own_postgres_url")
        if engine == "postgresql"
        else f"sqlite:///{tmp_path / 'b.sqlite'}"
    )
    writer = sa.create_engine(url)
    with writer.begin() as connection:
        for name, (columns, rows) in tables.items():
            connection.execute(sa.text(f"DROP TABLE IF EXISTS {name}"))
            connection.execute(sa.text(f"CREATE TABLE {name} ({columns})"))
            names = [column.split()[0] for column in columns.replace("\n", " ").split(", ")]
            values = ", ".join(f":{column}" for column in names)
            connection.execute(
                sa.text(f"INSERT INTO {name} VALUES ({values})"), [dict(zip(names, row, strict=True)) for row in rows]
            )
    writer.dispose()
    return str(url)


def check(warehouse: Warehouse) -> None:
    counts = warehouse.bot_sessions((), OCTOBER, ()).rows.drop(columns="day").sum()
    assert counts.to_dict() == {
        "sessions": 4, "heard": 3, "recognised": 2, "asked": 3, "unanswered": 1, "handed_over": 1, "contained": 3,
        "dropped": 1, "silent": 1, "ripe": 4, "unknown": 0, "loaded_late": 0,
        "returned": 1, "resolved": 1, "rated": 3, "satisfied": 1, "told": 1, "briefed": 1,
    }  # fmt: skip
    cut = warehouse.bot_sessions(("scenario",), OCTOBER, (Filter("topic", ("bill",)),)).rows
    assert cut.groupby("scenario")["sessions"].sum().to_dict() == {"plan": 3}
    assert warehouse.contacts_by_day((), OCTOBER, ()).rows["contacts"].sum() == 6
    versions = warehouse.bot_versions(OCTOBER, ()).rows
    assert versions["flow_version"].tolist() == ["other 1", "plan 1", "plan 2"] or versions["scenario"].isna().all()
    assert [str(day)[:10] for day in versions.sort_values("flow_version")["first"]] == [
        "2026-10-07", "2026-10-05", "2026-10-06"]  # fmt: skip
    paths = warehouse.bot_paths("score", None, OCTOBER, ()).rows
    assert dict(zip(paths["path"], paths["n"], strict=True)) == {
        "greet>done": 1, "greet>repeat": 0, "greet>handover": 1, "greet": 1}  # fmt: skip
    (over,) = warehouse.bot_handovers("score", OCTOBER, ()).rows.to_dict("records")
    assert (over["understood"], over["solved"], over["briefed"], over["band"]) == (1, 1, 1, 3)
    assert (over["sessions"], over["wx"], over["waited"]) == (1, 7, 75)


@pytest.mark.parametrize("engine", ["duckdb", "sqlite", "postgresql"])
def test_the_verbs_are_alike(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with closing(open_warehouse(stored(engine, tmp_path, request), parse_model(MODEL))) as warehouse:
        check(warehouse)
