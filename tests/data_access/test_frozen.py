"""The data of a class are a copy: whatever happens at the source afterwards, the class sees none of it."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from data_access.access import NotAllowed, Role, Scope, User, local_analyst
from data_access.frozen import freeze, freeze_case, version_of
from data_access.model_file import parse_model, read_model
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput
from data_access.training_file import CONTACTS, MODEL
from data_access.warehouse import Warehouse, open_warehouse
from tests.engines import INSTALLED, Filled, Tables

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
CONTACTS_OF = [(1, datetime(2026, 10, 1, 9), "A", 9, None), (2, datetime(2026, 10, 2, 9), "B", 4, 1.5),
               (3, datetime(2026, 10, 2, 23, 30), "B", None, 12.25)]  # fmt: skip
EVENTS = [(date(2026, 10, 2), "A", "Only A"), (date(2026, 10, 3), "B", "Only B"), (date(2026, 10, 4), None, "All")]
KINDS = {"id": "integer", "began": "moment", "team": "text", "score": "integer", "wait": "decimal", "name": "text"}
MARKED = {"date": "date", "team": "text", "title": "text"}
FEW = [
    "duckdb",
    pytest.param("sqlite", marks=pytest.mark.prove),
    pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.prove]),
    *INSTALLED,
]


def tables(engine: str, contacts: list[tuple[Any, ...]], events: list[tuple[Any, ...]]) -> tuple[Tables, str]:
    """Contacts and events to be filled in, and the name of the table of contacts."""
    name = "calls.contacts" if engine == "postgresql" else "contacts"
    rows = [dict(zip(KINDS, (*row, "secret"), strict=True)) for row in contacts]
    marks = [dict(zip(MARKED, row, strict=True)) for row in events]
    return {name: (KINDS, rows), "events": (MARKED, marks)}, name


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


@pytest.mark.parametrize("engine", FEW)
def test_what_changes_at_the_source_changes_nothing_in_the_class(
    engine: str, tmp_path: Path, filled_on: Filled
) -> None:
    given, table = tables(engine, CONTACTS_OF, EVENTS)
    url = filled_on(engine, given)
    text = TEXT.format(table=table)
    shares: list[float] = []
    with closing(open_warehouse(url, parse_model(text))) as source:
        before = held(source)
        version = freeze(TEACHER, source, text, tmp_path / "classes" / "c1", progress=shares.append)
        scoped = User("s", "S", frozenset({Role.INSTRUCTOR}), Scope((Filter("team", ("B",)),)))
        freeze(scoped, source, text, tmp_path / "classes" / "c2")
    changed = [(id, began, team, 1, wait) for id, began, team, _, wait in CONTACTS_OF]
    added = (4, datetime(2026, 10, 2, 10), "A", 10, 1.0)
    filled_on(engine, tables(engine, [*changed, added], [])[0], again=url)
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


def test_what_may_not_be_frozen_leaves_nothing(tmp_path: Path, filled_on: Filled) -> None:
    given, table = tables("duckdb", CONTACTS_OF, EVENTS)
    url = filled_on("duckdb", given)
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
