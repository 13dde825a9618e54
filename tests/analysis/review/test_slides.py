"""The slides of a meeting over a small world: their numbers are kept, and no row that comes later changes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from analysis.result import Result
from analysis.review import Data, alerts_of, facts_of, meeting_slides, of_week, result_of
from analysis.review.people import persons_of, slide_without_people, without_people
from analysis.review.promises import promises_of
from data_access.access import local_analyst
from data_access.model_file import read_model
from data_access.selection import Filter, Period, Selection
from data_access.warehouse import Warehouse, open_warehouse
from data_access.workshop.codec import plain
from data_access.workshop.meeting_records import AgendaStep, Meeting, MeetingSlide
from data_access.workshop.monitor_records import WatchBaseline
from data_access.workshop.records import Basis, Plan
from data_access.workshop.store import Store, open_store
from data_access.workshop.tracing import CONFIGURED

ME = local_analyst()
LAST = date(2026, 10, 25)  # a Sunday
MODEL = """
table = "contacts"
contact_id = "id"
agent = "agent"
score = { column = "score", scale = [1, 10] }
time = { column = "at", timezone = "Asia/Shanghai" }
[dimensions.business]
column = "business"
[dimensions.agent]
column = "agent"
[reasons.reason]
column = "reason"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Five weeks of answers; in the last one 3G falls by two points of ten, for its waiting."""
    rng, n = np.random.default_rng(7), 6000
    ago, business = rng.integers(0, 35, n), rng.choice(["3G", "4G", "宽带"], n)
    falls = (ago < 7) & (business == "3G")
    score = np.clip(rng.integers(7, 11, n) - 3 * falls, 1, 10)
    why = np.where(falls, "等候/占线", rng.choice(["等候/占线", "收费/增值业务"], n))
    answers = pd.DataFrame({
        "id": [f"c{i}" for i in range(n)], "at": [datetime(2026, 10, 25, 12) - timedelta(days=int(d)) for d in ago],
        "business": business, "agent": rng.choice(["王芳", "李雷"], n), "score": score,
        "reason": np.where(score < 10, why, None),
    })  # fmt: skip
    place = tmp_path / "calls.duckdb"
    with duckdb.connect(str(place)) as made:
        made.register("answers", answers)
        made.execute("create table contacts as select * from answers")
    return place


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}")


@pytest.fixture
def opened(file: Path, tmp_path: Path) -> Callable[[str], Warehouse]:
    (tmp_path / "model.toml").write_text(MODEL, encoding="utf-8")
    return lambda version: open_warehouse(str(file), read_model(tmp_path / "model.toml"), content_hash=version)


def slides_of(warehouse: Warehouse, store: Store) -> tuple[MeetingSlide, ...]:
    def ask(analyse: Callable[..., Result], selection: Selection, **options: Any) -> Result:
        return analyse(warehouse, selection, **options)

    return meeting_slides(ask, of_week(warehouse, Selection()), store, ME, data_of=lambda _: Data(warehouse.model),
                          today=LAST)  # fmt: skip


def kinds(slides: tuple[MeetingSlide, ...]) -> Mapping[str, MeetingSlide]:
    return {slide.kind: slide for slide in slides}


def test_the_fall_is_the_alert_and_its_reason_the_first_likely_cause(
    opened: Callable[[str], Warehouse], store: Store
) -> None:
    slides = slides_of(opened("1"), store)
    assert [slide.step for slide in slides] == sorted((s.step for s in slides), key=[*AgendaStep].index)
    found = kinds(slides)
    (alert,) = [one for one in alerts_of(found["alerts"]) if not one.is_small]
    assert alert.segment == {"business": "3G"} and alert.low and alert.high and alert.low < alert.high < 0
    said = found["cause"].statements[0]
    assert said.key.startswith("review.cause") and said.values["reason"] == {"reason": "等候/占线"}
    assert sum(row["contribution"] for row in found["cause"].parts["powers"]) == pytest.approx(1)


def test_limits_rest_on_the_days_that_were_frozen(opened: Callable[[str], Warehouse], store: Store) -> None:
    days = Period(date(2026, 9, 21), date(2026, 10, 19))
    store.freeze_baseline(ME, WatchBaseline(dataset=CONFIGURED, period=days))
    slide = kinds(slides_of(opened("1"), store))["alerts"]
    assert slide.method == "monitor" and slide.options["baseline"] == (days.start.isoformat(), days.end.isoformat())


def test_a_row_that_comes_later_leaves_every_number_of_the_meeting(
    file: Path, opened: Callable[[str], Warehouse], store: Store
) -> None:
    """To the last digit, as kept and as drawn again; the data themselves say something else by then."""
    before = opened("1")
    slides = slides_of(before, store)
    question = replace(of_week(before, Selection()))
    meeting = store.open_meeting(
        ME, Meeting(title="周会", dataset="default", data_version=before.version(), selection=question, held_on=LAST),
        slides,
    )  # fmt: skip
    before.close()
    with duckdb.connect(str(file)) as changed:
        changed.execute("insert into contacts values ('late', timestamp '2026-10-22 10:00', '3G', '王芳', 1, '态度')")
    after = opened("2")
    later = slides_of(after, store)
    assert later[0].statistics != slides[0].statistics and after.version() != meeting.data_version
    after.close()
    file.unlink()
    kept = store.slides(ME, meeting.id)
    assert [plain(one.statistics) for one in kept] == [plain(one.statistics) for one in slides]
    assert [(one.rows, one.parts, one.statements) for one in kept] == [
        (plain(one.rows), plain(one.parts), plain(one.statements)) for one in slides
    ]
    again = result_of(kept[0])
    assert (again.data_version, again.selection) == ("1", question)
    assert again.statistics["score"] == slides[0].statistics["score"]
    assert list(again.parts["trend"]["score"]) == [row["score"] for row in slides[0].parts["trend"]]


def test_no_single_person_stands_on_a_slide(opened: Callable[[str], Warehouse], store: Store) -> None:
    """No agent is a dimension of any slide; where a plan is for one, a code stands."""
    warehouse = opened("1")
    told = repr(slides_of(warehouse, store))
    assert "王芳" not in told and "李雷" not in told and "3G" in told
    people = persons_of(warehouse.model)
    assert people == {"agent": "a"}
    about = MeetingSlide(
        step=AgendaStep.VERDICTS, kind="chain", selection=Selection(filters=(Filter("agent", ("王芳",)),)),
        rows=({"path": (Filter("agent", ("李雷",)), Filter("business", ("3G",)))},),
        parts={"units": ({"segment": (("agent", "王芳"),)},)}, sql=("select '王芳'",),
    )  # fmt: skip
    shown = repr(slide_without_people(about, people))
    assert "王芳" not in shown and "李雷" not in shown and "3G" in shown and "a-" in shown
    assert without_people({"agent": "王芳", "business": "3G"}, people)["business"] == "3G"


def test_promises_come_overdue_first_with_every_day_they_had(store: Store) -> None:
    issue = store.create_issue(ME, "排队", basis=Basis.RECORDING, basis_reason="听了录音")
    late, soon, later = (LAST - timedelta(days=3), LAST + timedelta(days=1), LAST + timedelta(days=9))
    plans = [store.save_plan(ME, Plan(issue_id=issue.id, action=f"p{day}", due=day)) for day in (later, soon, late)]
    store.save_plan(ME, replace(plans[0], due=later + timedelta(days=1)))
    rows = [one.row() for one in promises_of(store.traces(ME), store.date_changes(ME), LAST)]
    assert [(row["late"], row["due"]) for row in rows] == [(3, late), (0, soon), (0, later + timedelta(days=1))]
    assert rows[2]["days"] == (later, later + timedelta(days=1)) and rows[0]["days"] == ()


def test_seven_promises_are_a_screen(opened: Callable[[str], Warehouse], store: Store) -> None:
    issue = store.create_issue(ME, "排队", basis=Basis.RECORDING, basis_reason="听了录音")
    for number in range(9):
        store.save_plan(ME, Plan(issue_id=issue.id, action=f"p{number}", due=LAST))
    screens = [slide for slide in slides_of(opened("1"), store) if slide.kind == "promises"]
    assert [len(slide.rows) for slide in screens] == [7, 2]
    assert facts_of(screens[1]).more["page"] == 2 and facts_of(screens[1]).more["count"] == 9
