"""The data of a class are a copy: whatever happens at the source afterwards, the class sees none of it."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from data_access.access import NotAllowed, Role, Scope, User, local_analyst
from data_access.frozen import freeze, freeze_case, version_of
from data_access.model_file import parse_model, read_model
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput
from data_access.training_file import CONTACTS, MODEL
from data_access.warehouse import Warehouse, open_warehouse

TEACHER = User("t", "T", frozenset({Role.INSTRUCTOR}))
TEXT = """
table = "{table}"
contact_id = "id"
time = {{ column = "began", timezone = "Asia/Shanghai" }}
score = {{ column = "score", scale = [1, 10], formula = "mean_of_max" }}
[dimensions]
team = {{ column = "team" }}
[drivers]
wait = {{ column = "wait" }}
[tables]
events = "events"
"""
CONTACTS_OF = [("1", "2026-10-01 09:00:00", "A", 9, None), ("2", "2026-10-02 09:00:00", "B", 4, 1.5),
               ("3", "2026-10-02 23:30:00", "B", None, 12.25)]  # fmt: skip
EVENTS = [("2026-10-02", "A", "Only A"), ("2026-10-03", "B", "Only B"), ("2026-10-04", None, "All")]
ENGINES = [
    "duckdb",
    pytest.param("sqlite", marks=pytest.mark.prove),
    pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.prove]),
]


def filled(engine: str, folder: Path, request: pytest.FixtureRequest) -> tuple[str, str]:
    """A source with contacts and events: its address, and the name of its table of contacts."""
    urls = {"sqlite": f"sqlite:///{folder / 's.sqlite'}", "duckdb": f"duckdb:///{folder / 's.duckdb'}"}
    url = urls.get(engine) or str(request.getfixturevalue("own_postgres_url"))
    table = "calls.contacts" if engine == "postgresql" else "contacts"
    moment = "TIMESTAMP WITH TIME ZONE" if engine == "postgresql" else "TIMESTAMP"
    zone = "+08" if engine == "postgresql" else ""
    rows = ", ".join(f"({id}, '{at}{zone}', '{team}', {score or 'NULL'}, {wait or 'NULL'}, 'secret')"
                     for id, at, team, score, wait in CONTACTS_OF)  # fmt: skip
    marks = ", ".join(f"('{at}', {repr(team) if team else 'NULL'}, '{title}')" for at, team, title in EVENTS)
    schema = ["CREATE SCHEMA calls"] if engine == "postgresql" else []
    change(url, *schema,
           f"CREATE TABLE {table} (id INTEGER, began {moment}, team VARCHAR(9), score INTEGER, wait NUMERIC(9, 2),"
           " name VARCHAR(20))", f"INSERT INTO {table} VALUES {rows}",
           "CREATE TABLE events (date DATE, team VARCHAR(9), title VARCHAR(20))",
           f"INSERT INTO events VALUES {marks}")  # fmt: skip
    return url, table


def change(url: str, *statements: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    engine.dispose()


def held(warehouse: Warehouse) -> tuple[object, ...]:
    """All that a page could see of the data."""
    days = Period(date(2026, 10, 2), date(2026, 10, 3))
    cells = [warehouse.cells("score", ["team"], period, ()).rows for period in (None, days)]
    waits = warehouse.cells("wait", [], None, ()).rows
    events = warehouse.companion("events")
    assert events is not None
    return (
        [cell[["team", "n", "wx"]].to_dict("list") for cell in cells], waits[["n", "wx"]].to_dict("list"),
        sorted(events["title"]), warehouse.extent().contacts,
    )  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
def test_what_changes_at_the_source_changes_nothing_in_the_class(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url, table = filled(engine, tmp_path, request)
    text = TEXT.format(table=table)
    shares: list[float] = []
    with closing(open_warehouse(url, parse_model(text))) as source:
        before = held(source)
        version = freeze(TEACHER, source, text, tmp_path / "classes" / "c1", progress=shares.append)
        scoped = User("s", "S", frozenset({Role.INSTRUCTOR}), Scope((Filter("team", ("B",)),)))
        freeze(scoped, source, text, tmp_path / "classes" / "c2")
    added = f"INSERT INTO {table} VALUES (4, '2026-10-02 10:00:00', 'A', 10, 1, 'x')"
    change(url, f"UPDATE {table} SET score = 1", added, "DELETE FROM events")
    folder = tmp_path / "classes" / "c1"
    assert version_of(folder) == version and shares[-1] == 1.0
    with closing(open_warehouse(folder / CONTACTS, read_model(folder / MODEL))) as frozen:
        assert held(frozen) == before
        assert not frozen.rows(Selection()).rows.astype(str).isin(["secret"]).any(axis=None)  # no column of the model
    with closing(open_warehouse(tmp_path / "classes" / "c2" / CONTACTS, parse_model(text))) as part:
        assert (part.members("team"), part.extent().contacts) == (["B"], 2)
        events = part.companion("events")
        assert events is not None and sorted(events["title"]) == ["All", "Only B"]
    assert sorted(place.name for place in (tmp_path / "classes").iterdir()) == ["c1", "c2"]


def test_what_may_not_be_frozen_leaves_nothing(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url, table = filled("duckdb", tmp_path, request)
    text, folder = TEXT.format(table=table), tmp_path / "classes" / "c"
    with closing(open_warehouse(url, parse_model(text))) as source:
        with pytest.raises(BadInput, match=r"training\.too_many_rows"):
            freeze(local_analyst(), source, text, folder, most=2)
        with pytest.raises(NotAllowed, match=r"class\.may_not\.teach"):
            freeze(User("p", "P", frozenset({Role.PARTICIPANT})), source, text, folder)
        with pytest.raises(BadInput, match=r"training\.no_case"):
            freeze_case(TEACHER, tmp_path / "nowhere", folder)
        assert not list((tmp_path / "classes").glob("*"))
        freeze(TEACHER, source, text, folder)
        with pytest.raises(BadInput, match=r"training\.frozen_already"):
            freeze(TEACHER, source, text, folder)
    again = freeze_case(TEACHER, folder, tmp_path / "classes" / "d")
    assert again == version_of(folder)
    with pytest.raises(BadInput, match=r"training\.no_frozen"):
        version_of(tmp_path / "classes" / "e")
