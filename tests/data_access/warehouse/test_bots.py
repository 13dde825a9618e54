"""Bot sessions on every engine: the same counts, paths, versions and hand-overs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime
from typing import Any

from data_access.model_file import parse_model
from data_access.selection import Filter, Period
from data_access.warehouse import Warehouse, open_warehouse
from tests.engines import Filled, Kinds, Rows

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
CONTACTS = {
    "contact_id": "text", "customer_id": "text", "came_at": "time", "topic": "text", "scenario": "text",
    "agent": "text", "score": "integer", "solved": "integer", "handover_wait_s": "integer",
    "context_passed": "integer",
}  # fmt: skip
TALKS = {
    "contact_id": "text", "started_at": "time", "outcome": "text", "recognised": "integer", "fallbacks": "integer",
    "path": "text", "last_node": "text", "flow_version": "text", "bot_owner": "text",
}  # fmt: skip
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


def rows(kinds: Kinds, values: Sequence[tuple[Any, ...]]) -> Rows:
    named = [dict(zip(kinds, row, strict=True)) for row in values]
    return [{c: datetime.fromisoformat(v) if kinds[c] == "time" else v for c, v in row.items()} for row in named]


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


def test_the_verbs_are_alike(engine: str, filled_on: Filled) -> None:
    source = filled_on(engine, {"contacts": (CONTACTS, rows(CONTACTS, ROWS)), "talks": (TALKS, rows(TALKS, SAID))})
    with closing(open_warehouse(source, parse_model(MODEL))) as warehouse:
        check(warehouse)
