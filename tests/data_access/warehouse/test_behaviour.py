"""What happened in contacts that were answered and in those that were not; persons are masked, scopes hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from data_access.model_file import parse_model
from data_access.selection import Filter, Period
from data_access.statement import BadInput
from data_access.warehouse import Warehouse, open_warehouse
from data_access.warehouse.behaviour import Behaviour, contact_code

MODEL = """
table = "contacts"
contact_id = "id"
customer_id = "customer"
excluded = { column = "exempted" }
time = { column = "at", timezone = "Asia/Shanghai" }
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[dimensions]
team = { column = "team" }
[drivers]
wait = { column = "wait", unit = "s" }
[tables]
complaints = "complaints"
"""
START = pd.Timestamp("2026-10-01 09:00")
HOURS = [0, 40, 100, 200, 201, 300, 500]
ROWS = pd.DataFrame({
    "id": range(1, 8), "customer": ["a", "a", "a", "b", None, "c", "d"],
    "at": [START + pd.Timedelta(hours=h) for h in HOURS],
    "score": [np.nan, 3, 9, np.nan, np.nan, 2, np.nan], "exempted": [0, 0, 0, 0, 0, 1, 0],
    "team": ["x", "x", "y", "y", "x", "x", "x"], "wait": [10, 20, 30, 40, 50, 60, 70],
})  # fmt: skip
COMPLAINTS = pd.DataFrame({"id": [3, 4], "opened_at": [START] * 2, "level": "local", "reopened": [0, 1]})


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    path: Path = tmp_path_factory.mktemp("behaviour") / "contacts.duckdb"
    with duckdb.connect(str(path)) as connection:
        for name, frame in (("contacts", ROWS), ("complaints", COMPLAINTS)):
            connection.register("frame", frame)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
            connection.unregister("frame")
    opened = open_warehouse(path, parse_model(MODEL))
    yield opened
    opened.close()


def by_id(found: Behaviour) -> dict[int, int]:
    """The place of each contact by its plain id."""
    plain = {contact_code(one): one for one in ROWS["id"]}
    return {plain[code]: row for row, code in enumerate(found.contacts(np.arange(found.codes.n)))}


def test_the_answered_and_the_others(warehouse: Warehouse) -> None:
    heard = warehouse.behaviour("dissatisfied", ["wait"], None, (), answered=True)
    others = warehouse.behaviour("dissatisfied", ["wait"], None, (), answered=False)
    assert set(by_id(heard)) == {2, 3} and set(by_id(others)) == {1, 4, 5, 7}  # an exempted rating is in neither
    assert heard.x[[by_id(heard)[2], by_id(heard)[3]]].tolist() == [1, 0] and np.isnan(others.x).all()


def test_who_came_back_and_who_had_been_there(warehouse: Warehouse) -> None:
    found = warehouse.behaviour("dissatisfied", [], None, (), answered=False)
    place = by_id(found)
    assert [found.back[place[i]] for i in (1, 4)] == [1, 0] and np.isnan(found.back[place[5]])  # of nobody known
    assert np.isnan(found.before[place[1]]) and found.before[place[4]] == 0  # nothing is known of before the start
    assert found.young[place[7]] and not found.young[place[1]]
    heard = warehouse.behaviour("dissatisfied", [], None, (), answered=True)
    assert heard.before[by_id(heard)[2]] == 1 and heard.before[by_id(heard)[3]] == 0


def test_who_complained(warehouse: Warehouse) -> None:
    found = warehouse.behaviour("dissatisfied", [], None, (), answered=False)
    place = by_id(found)
    assert [(found.complained[place[i]], found.reopened[place[i]]) for i in (1, 4)] == [(0, 0), (1, 1)]
    assert [bool(found.touched[place[i]]) for i in (1, 4, 5)] == [True, True, False]  # a complained another time


def test_periods_filters_and_marks(warehouse: Warehouse) -> None:
    day = Period(date(2026, 10, 1), date(2026, 10, 2))
    first = warehouse.behaviour("dissatisfied", [], day, (), answered=False, apart=[Filter("team", ("x",))])
    assert set(by_id(first)) == {1} and first.apart.tolist() == [True]
    assert first.back.tolist() == [1]  # what came on the next day is seen all the same
    assert first.day.tolist() == [date(2026, 10, 1).toordinal()]
    only = warehouse.behaviour("dissatisfied", [], None, [Filter("team", ("y",))], answered=False)
    assert set(by_id(only)) == {4}
    scoped = warehouse.within([Filter("team", ("x",))]).behaviour("dissatisfied", [], None, (), answered=False)
    assert set(by_id(scoped)) == {1, 5, 7} and scoped.touched.tolist() == [False] * 3


def test_persons_are_masked(warehouse: Warehouse) -> None:
    found = warehouse.behaviour("dissatisfied", [], None, (), answered=False)
    codes, customers = found.contacts(np.arange(4)), found.customers(np.arange(4))
    assert all(code.startswith("t-") and len(code) == 12 for code in codes) and len(set(codes)) == 4
    assert customers[by_id(found)[5]] == "" and customers[by_id(found)[1]].startswith("c-")


def test_a_sample_is_always_the_same(warehouse: Warehouse) -> None:
    asked = [warehouse.behaviour("dissatisfied", [], None, (), answered=False, most=3) for _ in range(2)]
    assert asked[0].codes.of == 4 and asked[0].codes.n < 4
    assert set(by_id(asked[0])) == set(by_id(asked[1]))


def test_what_became_of_customers(warehouse: Warehouse) -> None:
    codes = [contact_code(i) for i in (1, 4, 5)]
    week = Period(date(2026, 10, 1), date(2026, 10, 15))
    rows = warehouse.aftermath("score", codes, week, Period(date(2026, 10, 2), date(2026, 10, 12))).rows
    rows = rows.set_index("contact")
    assert set(rows.index) == set(codes[:2])  # of a contact of nobody known nothing can be said
    assert rows.loc[codes[0], ["back", "complained", "x"]].tolist() == [1, 1, 3]  # the next answer, not the last
    assert rows.loc[codes[1], "back"] == 1 and np.isnan(rows.loc[codes[1], "x"])
    later = warehouse.aftermath("score", codes, week, Period(date(2026, 11, 1), date(2026, 11, 9))).rows
    assert later["back"].tolist() == [0, 0]


def test_ids_and_customers_are_needed(tmp_path: Path) -> None:
    path = tmp_path / "plain.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.register("frame", ROWS)
        connection.execute("CREATE TABLE contacts AS SELECT * FROM frame")
    kept = [line for line in MODEL.splitlines() if not line.startswith(("contact_id", "customer_id", "[tables]",
                                                                        "complaints"))]  # fmt: skip
    warehouse = open_warehouse(path, parse_model("\n".join(kept)))
    with pytest.raises(BadInput, match=r"trail\.no_contact_ids"):
        warehouse.behaviour("dissatisfied", [], None, (), answered=False)
    with pytest.raises(BadInput, match=r"repeats\.no_customers"):
        warehouse.aftermath("score", ["t-1"], Period(date(2026, 10, 1), date(2026, 10, 2)),
                            Period(date(2026, 10, 2), date(2026, 10, 3)))  # fmt: skip
    warehouse.close()


def test_ids_of_some_days_alone(warehouse: Warehouse) -> None:
    last = Period(date(2026, 10, 9), date(2026, 11, 1))
    found = warehouse.behaviour("dissatisfied", [], None, (), answered=False, named=last)
    named = [code for code in found.contacts(np.arange(found.codes.n)) if code]
    assert found.codes.n == 4 and set(named) == {contact_code(one) for one in (4, 5, 7)}
    assert (
        sum(bool(code) for code in found.customers(np.arange(4))) == 2
    )  # of one of the three nobody knows who it was


def test_whose_contacts_these_are(warehouse: Warehouse) -> None:
    codes, days = [contact_code(i) for i in (1, 2, 4, 5)], Period(date(2026, 10, 1), date(2026, 10, 12))
    whose = warehouse.customers_of(codes, days)
    assert set(whose) == {codes[0], codes[1], codes[2]}  # of the last nobody knows who it was
    assert whose[codes[0]] == whose[codes[1]] != whose[codes[2]] and whose[codes[0]].startswith("c-")
    assert not warehouse.customers_of(codes, Period(date(2026, 11, 1), date(2026, 11, 2)))
    assert not warehouse.within([Filter("team", ("z",))]).customers_of(codes, days)
