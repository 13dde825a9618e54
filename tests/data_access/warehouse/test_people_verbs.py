"""The verbs about agents and their checks, the same on every engine, against plain Python over the same rows."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest

from data_access.model_file import parse_model
from data_access.selection import Filter, Period
from data_access.statement import BadInput
from data_access.warehouse import Warehouse, open_warehouse
from tests.engines import Filled, Kinds

MODEL = """
table = "served"
contact_id = "id"
agent = "agent"
time = { column = "served_at" }
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[drivers]
tenure = { column = "days", unit = "d" }
[dimensions]
team = { column = "team" }
kind = { column = "kind" }
[reasons]
reason = { column = "reason", split = "|", not_stated = "none" }
[tables]
agents = "served_months"
quality = "served_checks"
"""
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
# id, agent, served_at, score, days, team, kind, reason
SERVED = [
    (1, "a1", "2026-10-01 09:00:00", 10, 20, "t1", "bill", None),
    (2, "a1", "2026-10-31 23:30:00", 4, 60, "t1", "plan", "fee|wait"),
    (3, "a2", "2026-10-02 10:00:00", 6, 61, "t1", "bill", "fee"),
    (4, "a3", "2026-10-02 11:00:00", 9, 700, "t2", None, ""),
    (5, "a3", "2026-10-03 12:00:00", None, 701, "t2", "bill", None),
    (6, None, "2026-10-04 12:00:00", 7, None, None, "bill", "wait"),
    (7, "a1", "2026-09-30 23:00:00", 3, 19, "t1", "bill", "wait|fee|wait"),
]
MONTHS = [  # agent, month, team, contacts, occupancy, left_centre
    ("a1", "2026-09-01", "t1", 1, 0.7, 0),
    ("a1", "2026-10-01", "t1", 2, 0.8, 1),
    ("a3", "2026-10-01", "t2", 2, None, 0),
]
CHECKS = [  # contact_id, agent, evaluated_at, sample, chance, critical_error, noncritical_errors, errors
    (1, "a1", "2026-10-02 08:00:00", "random", 0.5, 0, 2, "wording| polite|wording"),
    (2, "a1", "2026-10-03 08:00:00", "random", 0.25, 1, 0, "wrong"),
    (3, "a2", "2026-10-03 08:00:00", "targeted", None, 1, 0, "wrong"),
    (4, "a3", "2026-10-04 08:00:00", "doubled", 0.5, 0, 0, None),
    (5, "a3", "2026-10-04 09:00:00", "random", 0.5, 0, None, ""),
]


KINDS: dict[str, Kinds] = {
    "served": {"id": "integer", "agent": "text", "served_at": "time", "score": "integer", "days": "integer",
               "team": "text", "kind": "text", "reason": "text"},
    "served_months": {"agent": "text", "month": "date", "team": "text", "contacts": "integer",
                      "occupancy": "double", "left_centre": "integer"},
    "served_checks": {"contact_id": "integer", "agent": "text", "evaluated_at": "time", "sample": "text",
                      "chance": "double", "critical_error": "integer", "noncritical_errors": "integer",
                      "errors": "text"},
}  # fmt: skip


@pytest.fixture(scope="session")
def served(filled_on: Filled) -> Callable[[str], str]:
    given = dict(zip(KINDS, (SERVED, MONTHS, CHECKS), strict=True))
    tables = {name: (KINDS[name], [_row(KINDS[name], row) for row in rows]) for name, rows in given.items()}
    return functools.cache(lambda engine: filled_on(engine, tables))


@pytest.fixture
def warehouse(engine: str, served: Callable[[str], str]) -> Iterator[Warehouse]:
    found = open_warehouse(served(engine), parse_model(MODEL))
    yield found
    found.close()


def _row(kinds: Kinds, values: tuple[Any, ...]) -> dict[str, Any]:
    plain = {"time": datetime.fromisoformat, "date": date.fromisoformat}
    return {
        name: plain.get(kind, lambda same: same)(v) for (name, kind), v in zip(kinds.items(), values, strict=True)
    }


def test_agents_their_months_and_who_is_new(warehouse: Warehouse) -> None:
    rows = warehouse.agent_months(("team",), OCTOBER, ()).rows
    assert sorted(zip(rows["start"], rows["team"], rows["contacts"], rows["left_centre"], strict=True)) == [
        ("2026-10-01", "t1", 2.0, 1.0), ("2026-10-01", "t2", 2.0, 0.0)
    ]  # fmt: skip
    assert rows["occupancy"].isna().sum() == 1 and rows["training_hours"].isna().all()
    assert rows["who"].str.startswith("a-").all() and rows["who"].nunique() == 2
    only = warehouse.agent_months((), None, [Filter("team", ("t1",))]).rows
    assert only["start"].tolist() == ["2026-09-01", "2026-10-01"] and only["who"].nunique() == 1
    with pytest.raises(BadInput, match=r"service\.no_cut"):
        warehouse.agent_months(("kind",), OCTOBER, ())
    new = warehouse.newcomers("tenure", 60, ("team",), OCTOBER, ()).rows
    assert new.groupby("team")[["tenured", "new_hires"]].sum().to_dict("index") == {
        "t1": {"tenured": 3.0, "new_hires": 2.0}, "t2": {"tenured": 2.0, "new_hires": 0.0}
    }  # fmt: skip


def test_sums_by_agent_and_weighted_contacts(warehouse: Warehouse) -> None:
    scores = warehouse.scores_by_agent("score", ("team",), OCTOBER, ()).rows
    assert sorted(zip(scores["team"], scores["n"], scores["wx"], scores["vxx"], strict=True)) == [
        ("t1", 1.0, 6.0, 36.0), ("t1", 2.0, 14.0, 116.0), ("t2", 1.0, 9.0, 81.0)
    ]  # fmt: skip
    months = warehouse.agent_months(("team",), OCTOBER, ()).rows
    assert set(months["who"]) <= set(scores["who"]) and set(months["start"]) == set(scores["start"])
    loads = warehouse.loads("kind", {"bill": 1.0, "plan": 3.0}, ("team",), OCTOBER, ()).rows
    assert sorted(zip(loads["team"], loads["contacts"], loads["weighted"], strict=True)) == [
        ("t1", 1.0, 1.0), ("t1", 2.0, 4.0), ("t2", 1.0, 1.0)
    ]  # fmt: skip
    blank = warehouse.loads("kind", {"bill": 1.0, None: 2.0}, (), OCTOBER, ()).rows
    assert blank["weighted"].sum() == 1 + 1 + 2 + 1


def test_reasons_that_an_answer_names_stay_together(warehouse: Warehouse) -> None:
    rows = warehouse.named_reasons("score", "reason", ("team",), None, ()).rows
    found = Counter()
    for names, team, n, total in zip(rows["reasons"], rows["team"], rows["n"], rows["wx"], strict=True):
        found[frozenset(names), team] += n * 100 + total
    assert found == {
        (frozenset({"fee", "wait"}), "t1"): 200 + 4 + 3, (frozenset({"fee"}), "t1"): 106,
        (frozenset({"none"}), "t2"): 109, (frozenset({"wait"}), None): 107,
    }  # fmt: skip
    agents = warehouse.named_reasons("score", "reason", (), OCTOBER, (), agents=True).rows
    assert agents["who"].isna().sum() == 1 and agents["n"].sum() == 4


def test_checks_beside_answers_and_their_errors(warehouse: Warehouse) -> None:
    rows = warehouse.checked_and_rated("score", ("team",), OCTOBER, ()).rows
    assert sorted(zip(rows["result"], rows["x"], rows["team"], rows["weight"], rows["squares"], strict=True)) == [
        ("clean", 9.0, "t2", 2.0, 4.0), ("critical", 4.0, "t1", 4.0, 16.0), ("minor", 10.0, "t1", 2.0, 4.0)
    ]  # fmt: skip
    bad = warehouse.checked_and_rated("dissatisfied", (), OCTOBER, [Filter("team", ("t1",))]).rows
    assert sorted(zip(bad["result"], bad["x"], strict=True)) == [("critical", 1.0), ("minor", 0.0)]
    errors = warehouse.errors_by_agent(("team",), OCTOBER, ()).rows
    assert sorted(zip(errors["errors"], errors["team"], errors["n"], strict=True)) == [
        ((), "t2", 1.0), ((), "t2", 1.0), (("wording", "polite"), "t1", 1.0), (("wrong",), "t1", 1.0)
    ]  # fmt: skip
