"""The calendar against its rows: which events are near, whom they concern, and what is read from a blank."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from analysis.calendar import COLUMNS, MOST, Calendar, calendar_of
from analysis.diagnosis.comparator import PathScope
from analysis.diagnosis.rules import rules
from analysis.trace import timeline
from data_access.model_file import parse_model
from data_access.selection import Period, Selection
from data_access.warehouse import Warehouse, open_warehouse

MODEL = """
table = "answers"
time = { column = "day" }
score = { column = "score", scale = [1, 10] }
weight = { column = "w", kind = "survey" }
[tables]
events = "events"
[dimensions]
business = { column = "business" }
scenes = { columns = { home = "home", office = "office" } }
"""
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
Open = Callable[..., Warehouse]


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    rng, n = np.random.default_rng(6), 1_200
    return pd.DataFrame({
        "day": pd.Timestamp("2026-09-01") + pd.to_timedelta(rng.integers(0, 61, n), unit="D"),
        "score": rng.integers(1, 11, n), "w": rng.uniform(0.5, 2, n), "home": rng.random(n) < 0.8,
        "office": rng.random(n) < 0.8, "business": rng.choice(["a", "b", ""], n, p=[0.3, 0.6, 0.1]),
    })  # fmt: skip


@pytest.fixture
def opened(answers: pd.DataFrame, tmp_path: Path) -> Open:
    """A warehouse of the answers with some events."""

    def make(events: pd.DataFrame) -> Warehouse:
        path = tmp_path / "answers.duckdb"
        with duckdb.connect(str(path)) as connection:
            for name, frame in (("answers", answers), ("events", events)):
                connection.register("frame", frame)
                connection.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
                connection.unregister("frame")
        return open_warehouse(path, parse_model(MODEL))

    return make


def read(warehouse: Warehouse) -> Calendar:
    found = calendar_of(warehouse, OCTOBER)
    assert found is not None
    return found


def some(*rows: tuple[str | None, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["id", "kind", "date", "until", "business", "scenes"]).astype(object)


def test_whom_an_event_concerns(opened: Open, answers: pd.DataFrame) -> None:
    warehouse = opened(some(
        ("all", "rule", "2026-10-05", None, "", None), ("b", "rule", "2026-10-06", None, "b", None),
        ("home", "rule", "2026-10-07", None, None, "home"), ("both", "rule", "2026-10-08", None, "a", "office"),
        ("none", "rule", "2026-10-09", None, "z", None),
    ))  # fmt: skip
    events, sql = read(warehouse).of(warehouse, Selection(period=OCTOBER), OCTOBER)
    assert tuple(events) == COLUMNS and len(sql) == 1
    now = answers[answers["day"] >= "2026-10-01"]
    a, b, home = ((now["w"] * mask).sum() / now["w"].sum() for mask in (
        now["business"] == "a", now["business"] == "b", now["home"]))  # fmt: skip
    assert dict(zip(events["id"], events["share"], strict=True)) == pytest.approx(
        {"all": 1.0, "home": home, "b": b, "both": a, "none": 0.0}
    )
    assert events["share"].is_monotonic_decreasing


def test_which_are_near(opened: Open) -> None:
    warehouse = opened(some(
        ("before", None, "2026-09-30", None, None, None), ("lasts", None, "2026-09-01", "2026-10-01", None, None),
        ("first", "", "2026-10-01", None, None, None), ("last", None, "2026-10-31", None, None, None),
        ("after", None, "2026-11-01", None, None, None), ("some day", None, "soon", None, None, None),
    ))  # fmt: skip
    events, sql = read(warehouse).of(warehouse, Selection(period=OCTOBER), OCTOBER)
    assert events["id"].tolist() == ["lasts", "first", "last"] and sql == ()
    assert events["until"].tolist() == [date(2026, 10, 1), None, None]
    assert events["kind"].tolist() == [None] * 3 and events["owner"].tolist() == [None] * 3


def test_a_calendar_of_many_thousand_events_is_read_near_the_days_asked(opened: Open) -> None:
    """Nothing is cut unseen: of more than can be read the latest are, and the answer says so."""
    days = pd.date_range("2006-01-01", "2026-12-31").repeat(4)
    many = pd.DataFrame({"id": [f"R{place}" for place in range(len(days))], "date": days.strftime("%Y-%m-%d")})
    warehouse = opened(many)
    found = read(warehouse)
    assert 31 * 4 <= len(found.events) <= 33 * 4 and not found.is_cut
    assert len(found.of(warehouse, Selection(period=OCTOBER), OCTOBER)[0]) == 31 * 4
    years = Period(date(2006, 1, 1), date(2027, 1, 1))
    every = calendar_of(warehouse, years)
    assert every is not None and every.is_cut and len(every.events) == MOST
    assert set(every.events["date"]) == set(days[-MOST:].date)
    said = [caveat.key for caveat in timeline(warehouse, Selection(period=years)).caveats]
    assert said.count("caveat.calendar_cut") == 1
    assert "caveat.calendar_cut" not in [c.key for c in timeline(warehouse, Selection(period=OCTOBER)).caveats]


def test_events_that_name_no_dimension_concern_everybody(opened: Open) -> None:
    warehouse = opened(pd.DataFrame({"rule_id": [7], "effective_at": [pd.Timestamp("2026-10-05 10:00")]}))
    events, _ = read(warehouse).of(warehouse, Selection(period=OCTOBER), OCTOBER)
    assert events[["id", "date", "share"]].to_numpy().tolist() == [["7", date(2026, 10, 5), 1.0]]


def test_without_a_date_there_is_no_calendar(opened: Open) -> None:
    assert calendar_of(opened(pd.DataFrame({"id": ["R1"], "kind": ["rule"]})), OCTOBER) is None


def test_a_picture_shows_what_naming_does_not_blame(opened: Open) -> None:
    """Three in ten are enough to be drawn beside the score, not to carry the loss of the whole."""
    warehouse = opened(some(
        ("few", "rule", "2026-10-05", None, "a", None), ("most", "rule", "2026-10-06", None, "b", None),
        ("strike", "outage", "2026-10-06", None, None, None),
        ("long", "rule", "2026-01-01", "2026-12-31", None, None),
    ))  # fmt: skip
    selection = Selection(period=OCTOBER)
    assert set(timeline(warehouse, selection).parts["events"]["id"]) == {"few", "most", "strike", "long"}
    assert rules(PathScope.of(warehouse, selection, ()), None).table["id"].tolist() == ["most"]


def test_nothing_near_leaves_naming_with_a_calendar_and_no_rule(opened: Open) -> None:
    warehouse = opened(some(("old", "rule", "2025-01-01", None, "a", None)))
    found = rules(PathScope.of(warehouse, Selection(period=OCTOBER), ()), None)
    assert found.has_calendar and found.table.empty
