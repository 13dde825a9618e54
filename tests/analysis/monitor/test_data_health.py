"""Each fault that is put into good data is found by its own check, and good data raise none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from analysis.monitor.as_of import full_day_of
from analysis.monitor.data_health import data_health
from analysis.monitor.health_checks import Limits, State, broke_on, moved, state_of
from analysis.result import Result
from data_access.model_file import parse_model
from data_access.selection import Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse, open_warehouse

from ..conftest import MakeWarehouse

DAYS, A_DAY = 80, 60
LAST = date(2026, 10, 30)
MODEL = """
contact_id = "id"
responded = { column = "asked" }
time = { column = "at", timezone = "Asia/Shanghai", loaded = "loaded" }
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[dimensions]
team = { column = "team" }
touchpoint = { column = "touchpoint" }
"""


def good(days: int = DAYS) -> pd.DataFrame:
    """Contacts of `days` days, as many each; half are asked, half of these answer; loaded on the next morning."""
    rng = np.random.default_rng(18)
    n = days * A_DAY
    day = np.repeat(np.arange(days), A_DAY)
    at = pd.Timestamp(LAST) - pd.to_timedelta(days - 1 - day, unit="D") + pd.Timedelta(hours=10)
    asked = rng.random(n) < 0.8
    frame = pd.DataFrame({"id": np.arange(n), "at": at, "loaded": at + pd.Timedelta(hours=16), "asked": asked * 1})
    frame["score"] = np.where(asked & (rng.random(n) < 0.5), rng.integers(5, 11, n), np.nan)
    frame["team"] = np.where(rng.random(n) < 0.05, None, rng.choice(["t1", "t2"], n))
    return frame.assign(touchpoint=rng.choice(["call", "chat"], n))


def of_last_week(frame: pd.DataFrame, back: int = 0) -> pd.Series:
    end = pd.Timestamp(LAST) + pd.Timedelta(days=1 - back)
    return (frame["at"] >= end - pd.Timedelta(days=7)) & (frame["at"] < end)


def row(result: Result, check: str) -> dict[Any, Any]:
    (found,) = result.table[result.table["check"] == check].to_dict("records")
    return found


def test_good_data_ask_for_nothing(warehouse_of: MakeWarehouse) -> None:
    result = data_health(warehouse_of(good(), MODEL), Selection())
    assert set(result.table["state"]) == {"ok"}
    assert result.findings[0].key == "data_health.all_ok"
    assert len(result.findings) == 1 + len(result.table)
    assert row(result, "sample_size")["n"] == good()[of_last_week(good())]["score"].notna().sum()


def blank_team(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(team=frame["team"].mask(of_last_week(frame) & (frame["id"] % 2 == 0), None))


def few_answers(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(score=frame["score"].mask(of_last_week(frame) & (frame["id"] % 10 < 7)))


def off_scale(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(score=frame["score"].mask(of_last_week(frame) & (frame["id"] % 25 == 0), 99))


def late(frame: pd.DataFrame) -> pd.DataFrame:
    later = frame["loaded"] + pd.Timedelta(days=5)
    return frame.assign(loaded=frame["loaded"].mask(of_last_week(frame, 3) & (frame["id"] % 4 == 0), later))


def double(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(id=frame["id"].mask(frame["id"] < 20, 21))


@pytest.mark.parametrize(
    ("fault", "checks"),
    [
        (blank_team, {"missing"}),
        (few_answers, {"response_rate", "sample_size"}),
        (off_scale, {"out_of_scale"}),
        (late, {"late"}),
        (double, {"keys"}),
    ],
)
def test_each_fault_is_found_by_its_own_check(
    warehouse_of: MakeWarehouse, fault: Callable[[pd.DataFrame], pd.DataFrame], checks: set[str]
) -> None:
    result = data_health(warehouse_of(fault(good()), MODEL), Selection())
    assert set(result.table.loc[result.table["state"] == "act", "check"]) == checks
    assert set(result.table.loc[result.table["state"] != "ok", "check"]) == checks
    assert result.findings[0].key == "data_health.all_act"


def test_a_fault_is_told_with_its_place(warehouse_of: MakeWarehouse) -> None:
    blank, broke = (
        data_health(warehouse_of(fault(good()), MODEL), Selection()) for fault in (blank_team, few_answers)
    )
    assert row(blank, "missing")["column"] == "team"
    since = date.fromisoformat(row(broke, "response_rate")["since"])
    assert abs((since - (LAST - timedelta(days=6))).days) <= 1


def test_the_rows_behind_a_check(warehouse_of: MakeWarehouse) -> None:
    warehouse = warehouse_of(double(off_scale(good())), MODEL)
    assert len(warehouse.unsound("keys", "score", "", 48, None, ()).rows) == 21  # the twenty and the one they copy
    shown = warehouse.unsound("out_of_scale", "score", "score", 48, None, ()).rows
    assert len(shown) and (shown["score"] == 99).all()
    assert list(shown) == ["id", "at", "loaded", "score"]


def test_rows_beside_that_name_no_contact(tmp_path: Path) -> None:
    path, beside = tmp_path / "w.duckdb", pd.DataFrame({"contact_id": [1.0, 2.0, 999_999.0, np.nan]})
    with duckdb.connect(str(path)) as db:
        for name, frame in {"answers": good(), "complaints": beside}.items():
            db.register("frame", frame)
            db.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
    model = 'table = "answers"\n' + MODEL + '[tables]\ncomplaints = "complaints"\n'
    warehouse = open_warehouse(path, parse_model(model))
    assert warehouse.strays() == {"complaints": 1}  # an id is the same as an integer and with a point
    assert row(data_health(warehouse, Selection()), "keys")["column"] == "complaints"
    warehouse.close()


def test_freshness_counts_from_today(warehouse_of: MakeWarehouse) -> None:
    warehouse = warehouse_of(good(), MODEL)
    states = [row(data_health(warehouse, Selection(), today=LAST + timedelta(days=n)), "freshness")["state"]
              for n in (1, 2, 9)]  # fmt: skip
    assert states == ["ok", "watch", "act"]
    earlier = LAST - timedelta(days=9)  # that morning these data were new
    seen = data_health(warehouse, Selection(), as_of=earlier, today=LAST + timedelta(days=30))
    assert row(seen, "freshness")["state"] == "ok" and seen.options["as_of"] == earlier


def test_half_a_day_is_not_the_last(warehouse_of: MakeWarehouse) -> None:
    frame = good()
    frame = frame[(frame["at"] < pd.Timestamp(LAST)) | (frame["id"] % 5 == 0)]
    assert data_health(warehouse_of(frame, MODEL), Selection()).statistics["last"] == LAST - timedelta(days=1)
    sunday = [100.0, 100, 100, 100, 100, 20, 20] * 5
    days = [str(date(2026, 9, 28) + timedelta(days=i))[:10] for i in range(len(sunday))]
    assert full_day_of(days, sunday).isoformat() == days[-1]  # a Sunday is held against Sundays


def test_little_data_say_so(warehouse_of: MakeWarehouse) -> None:
    tiny = data_health(warehouse_of(good().tail(30), MODEL), Selection())
    assert set(tiny.table["state"]) <= {"ok", "watch", "unknown"}
    assert "data_health.alone.response_rate" in [statement.key for statement in tiny.findings]
    with pytest.raises(BadInput, match="no_time"):
        data_health(warehouse_of(good().tail(30), MODEL.replace("time =", "#")), Selection())
    with pytest.raises(BadInput, match="secret"):
        data_health(warehouse_of(good().tail(30), "disclose_from = 10\n" + MODEL), Selection())
    with pytest.raises(NothingToShow):
        data_health(warehouse_of(good(), MODEL), Selection().where("team", "nobody"))


def test_what_the_model_does_not_say_is_unknown(warehouse_of: MakeWarehouse) -> None:
    frame = good()
    bare = MODEL.replace('contact_id = "id"', "").replace('responded = { column = "asked" }', "")
    bare = bare.replace(', loaded = "loaded"', "")
    warehouse: Warehouse = warehouse_of(frame[frame["score"].notna()], bare)
    table = data_health(warehouse, Selection()).table.set_index("check")["state"]
    assert dict(table[table == "unknown"]) == dict.fromkeys(("response_rate", "late", "keys"), "unknown")


def test_days_that_move_together_widen_chance() -> None:
    calm, wild = np.full(56, 10.0), np.tile([0.0, 20.0], 28)
    n, week = np.full(56, 100.0), np.full(7, 18.0)
    assert moved(week, n[:7], calm, n).p < 1e-5 < moved(week, n[:7], wild, n).p
    assert state_of(moved(week, n[:7], calm, n), Limits(0.02, 0.05)) is State.ACT
    assert state_of(moved(week, n[:7], calm, n), Limits(0.02, 0.05, "down")) is State.OK
    assert state_of(moved(np.zeros(7), np.zeros(7), calm, n), Limits(0.02, 0.05)) is State.UNKNOWN
    assert broke_on(pd.Series(["a", "b"]), np.ones(2), np.ones(2)) == ""
