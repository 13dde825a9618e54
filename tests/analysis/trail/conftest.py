"""A few contacts of a few customers, each there for a reason, the same on every engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from data_access.model_file import parse_model
from data_access.warehouse import Warehouse, open_warehouse
from tests.engines import ENGINES, Filled

Opened = Callable[..., Warehouse]
MODEL = """
table = "calls"
{ids}
agent = "agent"
comment = "said"
recording = "heard_at"
cluster = "team"
time = {{ column = "called", timezone = "Asia/Shanghai", extracted = "2026-11-01T00:00:00" }}
score = {{ column = "score", scale = [1, 10], formula = "mean_of_max" }}
[metrics]
resolved = {{ column = "resolved" }}
[dimensions]
channel = {{ column = "channel" }}
business = {{ column = "business" }}
sub_type = {{ column = "sub_type", under = "business" }}
team = {{ column = "team" }}
served_by = {{ column = "agent" }}
[drivers]
queue_wait = {{ column = "wait_s", unit = "s", better = "low" }}
transfers = {{ column = "transfers", better = "low" }}
answered_in = {{ from = "called", to = "answered", level = "interval", unit = "min", least = 0 }}
[reasons]
reason = {{ column = "reason", split = "|", not_stated = "none" }}
[tables]
complaints = "cases"
quality = "checks"
bot = "sessions"
events = "bare"
"""
IDS = 'contact_id = "id"\ncustomer_id = "customer"'


def at(day: int, hour: int = 9, minute: int = 0, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute)


CALLS: list[dict[str, Any]] = [
    {"id": 1, "customer": "13800138000", "called": at(1), "answered": at(1, 9, 5), "agent": "Li Lei", "team": "t1",
     "score": 2, "resolved": 0, "channel": "phone", "business": "net", "sub_type": "fee", "wait_s": 90,
     "transfers": 1, "reason": "wait|fee", "said": "Ring me on 138-0013-8000, li@mail.cn", "heard_at": "https://calls.example/1"},
    {"id": 2, "customer": "13800138000", "called": at(3), "answered": at(2, 23), "agent": "Han Mei", "team": "t1",
     "score": None, "resolved": 1, "channel": "bot", "business": "net", "sub_type": "fee", "wait_s": None,
     "transfers": 0, "reason": None, "said": None, "heard_at": "javascript:alert(1)"},
    {"id": 3, "customer": "13800138000", "called": at(20), "answered": at(20, 9, 1), "agent": "Li Lei", "team": "t1",
     "score": 10, "resolved": 1, "channel": "phone", "business": "net", "sub_type": "fee", "wait_s": 5,
     "transfers": 0, "reason": None, "said": "", "heard_at": "file:///calls/3"},
    {"id": 4, "customer": "13900139000", "called": at(5), "answered": at(5, 10), "agent": "Li Lei", "team": "t1",
     "score": 6, "resolved": 0, "channel": "phone", "business": "net", "sub_type": "speed", "wait_s": 30,
     "transfers": 0, "reason": "wait", "said": "due 2026-10-31", "heard_at": None},
    {"id": 5, "customer": "13900139000", "called": at(6), "answered": None, "agent": "Li Lei", "team": "t1",
     "score": 4, "resolved": 1, "channel": "phone", "business": "net", "sub_type": "speed", "wait_s": 10,
     "transfers": 2, "reason": "fee", "said": None, "heard_at": None},
    {"id": 6, "customer": None, "called": at(7), "answered": at(7, 8, 59), "agent": None, "team": "t2", "score": 9,
     "resolved": 1, "channel": "web", "business": "net", "sub_type": "fee", "wait_s": 1, "transfers": 0,
     "reason": "wait", "said": None, "heard_at": None},
    {"id": 7, "customer": "", "called": at(8), "answered": at(8), "agent": "", "team": "t3", "score": 2,
     "resolved": 0, "channel": "web", "business": "net", "sub_type": "fee", "wait_s": 1, "transfers": 0,
     "reason": "fee", "said": None, "heard_at": None},
    {"id": 8, "customer": "13800138000", "called": at(25, month=11), "answered": at(25, 9, month=11),
     "agent": "Han Mei", "team": "t1", "score": 1, "resolved": 0, "channel": "phone", "business": "net",
     "sub_type": "fee", "wait_s": 1, "transfers": 0, "reason": "wait", "said": None, "heard_at": None},
    {"id": 9, "customer": "13900139000", "called": at(9), "answered": at(9), "agent": "Han Mei", "team": "t2",
     "score": 10, "resolved": 1, "channel": "phone", "business": "net", "sub_type": "fee", "wait_s": 1,
     "transfers": 0, "reason": "wait", "said": None, "heard_at": None},
]  # fmt: skip
CASES: list[dict[str, Any]] = [
    {"contact_id": 1, "opened_at": at(1), "due_at": at(3), "closed_at": None, "reopened": 0, "level": "local",
     "outcome": None},
    {"contact_id": 4, "opened_at": at(5), "due_at": at(7), "closed_at": at(9), "reopened": 1, "level": "escalated",
     "outcome": "upheld"},
    {"contact_id": 5, "opened_at": at(6), "due_at": at(8, month=11), "closed_at": None, "reopened": 0,
     "level": "local", "outcome": None},
]  # fmt: skip
CHECKS: list[dict[str, Any]] = [
    {"contact_id": 1, "sample": "random", "critical_error": 1, "noncritical_errors": 2},
    {"contact_id": 1, "sample": "targeted", "critical_error": 0, "noncritical_errors": 1},
]
SESSIONS: list[dict[str, Any]] = [{"contact_id": 2, "path": "greet>handover", "outcome": "handed_over"}]
KINDS = {
    **dict.fromkeys(("called", "answered", "opened_at", "due_at", "closed_at"), "time"),
    **dict.fromkeys(
        ("id", "contact_id", "score", "resolved", "wait_s", "transfers", "reopened", "critical_error",
         "noncritical_errors"), "integer"),
}  # fmt: skip
TABLES = {"calls": CALLS, "cases": CASES, "checks": CHECKS, "sessions": SESSIONS, "bare": [{"title": "a rule"}]}


@pytest.fixture(scope="session", params=ENGINES)
def source(request: pytest.FixtureRequest, filled_on: Filled) -> str:
    """Where the tables are, for each engine."""
    tables = {name: ({c: KINDS.get(c, "text") for c in rows[0]}, rows) for name, rows in TABLES.items()}
    return filled_on(request.param, tables)


@pytest.fixture
def opened(source: str) -> Iterator[Opened]:
    """Opens the tables behind the model; `ids` are the lines that tell contacts and customers apart."""
    warehouses: list[Warehouse] = []

    def make(ids: str = IDS) -> Warehouse:
        warehouses.append(open_warehouse(source, parse_model(MODEL.format(ids=ids))))
        return warehouses[-1]

    yield make
    for warehouse in warehouses:
        warehouse.close()
