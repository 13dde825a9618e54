"""Times between two columns and lines of staff: found where they are, and said where they do not hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from data_access.files.draft import draft_model
from data_access.files.fit import check_fit
from data_access.files.options import LoadedFile
from data_access.model_file import parse_model
from data_access.selection import Filter, Period
from data_access.semantics import SemanticModel
from data_access.warehouse import Limits, Warehouse, open_warehouse
from data_access.warehouse.source import make_engine
from tests.data_access.files.conftest import Load
from tests.data_access.files.test_draft import table

WAITED = (600, 120, -300, 0, None, -1)  # seconds from the question to the answer, again and again


def tickets(load: Load, **more: list[Any]) -> LoadedFile:
    """Sixty tickets: opened at ten, answered as `WAITED` says."""
    seconds = [WAITED[i % len(WAITED)] for i in range(60)]
    answered = [None if s is None else f"2026-10-02 {10 + (s - s % 3600) // 3600:02}:{s % 3600 // 60:02}:{s % 60:02}"
                for s in seconds]  # fmt: skip
    columns = {
        "created_at": ["2026-10-02 10:00:00"] * 60,
        "answered_at": answered,
        "score": [i % 5 + 1 for i in range(60)],
    }
    return load(table(**columns, **more))  # type: ignore[arg-type]


def drafted(loaded: LoadedFile) -> tuple[SemanticModel, dict[str, dict[str, Any]], Warehouse]:
    draft = draft_model(loaded)
    model = parse_model(draft.text)
    return model, {s.key: dict(s.values) for s in draft.doubts}, open_warehouse(loaded.database, model)


def test_the_time_between_two_columns_is_a_driver(load: Load) -> None:
    model, told, warehouse = drafted(tickets(load))
    driver = model.drivers["time_to_answered_at"]
    assert (driver.since, driver.column, driver.unit, driver.better, driver.least) == (
        "created_at", "answered_at", "s", "low", 0,
    )  # fmt: skip
    assert told["draft.span_impossible"] == {
        "since": "created_at", "column": "answered_at", "n": 50, "impossible": 20,
    }  # fmt: skip
    sums = warehouse.cells("time_to_answered_at", (), None, ()).rows
    assert (sums["n"].sum(), sums["wx"].sum()) == (30, 10 * (600 + 120 + 0))
    assert warehouse.coverage("time_to_answered_at", None, ()).out_of_scale == 20


def test_what_cannot_be_is_told_when_a_model_is_checked(load: Load) -> None:
    loaded = tickets(load)
    model, _, _ = drafted(loaded)
    found = {f.statement.key: f for f in check_fit(make_engine(loaded.database, Limits()), model)}
    assert found["draft.impossible"].statement.values["n"] == 20
    assert not any(f.fatal for f in found.values())


def test_times_that_begin_nothing_are_no_driver(load: Load) -> None:
    columns = {"order_date": ["2026-10-01 08:00:00"] * 20, "answered_at": ["2026-10-02 08:00:00"] * 20,
               "score": [1, 5] * 10}  # fmt: skip
    model, told, _ = drafted(load(table(**columns)))  # type: ignore[arg-type]
    assert not model.drivers
    assert not {key for key in told if key.startswith("draft.span")}


@pytest.mark.parametrize(("unit", "value"), [("s", 90.0), ("min", 1.5), ("h", 0.025), ("d", 90 / 86_400)])
def test_units_of_a_time(load: Load, unit: str, value: float) -> None:
    loaded = load(table(begun=["2026-10-02 23:59:30"] * 20, ended=["2026-10-03 00:01:00"] * 20, score=[1, 5] * 10))
    entry = f'[drivers]\ntook = {{ from = "begun", to = "ended", unit = "{unit}" }}'
    model = parse_model(f'table = "{loaded.table}"\nscore = {{ column = "score", scale = [1, 5] }}\n{entry}')
    sums = open_warehouse(loaded.database, model).cells("took", (), None, ()).rows
    assert (sums["n"].sum(), sums["wx"].sum()) == (20, pytest.approx(20 * value))


def staff(moving: int) -> dict[str, list[Any]]:
    """Six agents of ten contacts under three leaders and two managers; so many agents change their leader."""
    agents, leaders = [i % 6 for i in range(60)], ["Ann Lee", "Bob Day", "Cyd Fox"]
    own = [leaders[(a + (a < moving and i >= 30)) % 3] for i, a in enumerate(agents)]
    return {
        "Agent": [f"{'ABCDEF'[a]}dam Smith" for a in agents],
        "Team Leader": own,
        "Manager": [["Eve Ray", "Guy Orr"][a % 2] for a in agents],
    }


def test_staff_become_a_line(load: Load) -> None:
    model, told, warehouse = drafted(tickets(load, **staff(0)))
    assert (model.dimension("agent").under, model.dimension("team_leader").under) == ("team_leader", "manager")
    assert told["draft.staff_moves"] == {"child": "Team Leader", "parent": "Manager", "moving": 3, "members": 3}
    ann = warehouse.cells("score", ("agent",), None, (Filter("team_leader", ("Ann Lee",)),)).rows
    assert sorted(ann["agent"].unique()) == ["Adam Smith", "Ddam Smith"]


def test_staff_who_move_are_no_line(load: Load) -> None:
    loaded = tickets(load, **staff(4))
    model, _, _ = drafted(loaded)
    told = [dict(s.values) for s in draft_model(loaded).doubts if s.key == "draft.staff_moves"]
    assert told[0] == {"child": "Agent", "parent": "Team Leader", "moving": 4, "members": 6}
    assert not {"agent", "team_leader"} & {n for n, d in model.dimensions.items() if d.under}


def test_shifts_and_teams_are_no_staff(load: Load) -> None:
    more: dict[str, list[Any]] = {"Agent Shift": ["day", "night"] * 30, "Manager level": ["one", "two", "two"] * 20}
    model, told, _ = drafted(tickets(load, **more))
    assert model.agent is None
    assert not {key for key in told if key.startswith("draft.staff")}


def test_a_date_is_its_midnight(load: Load) -> None:
    loaded = load(table(opened_on=["2026-10-01"] * 20, ended_at=["2026-10-02 06:00:00"] * 20, score=[1, 5] * 10))
    text = f'table = "{loaded.table}"\nscore = {{ column = "score", scale = [1, 5] }}\n'
    text += 'time = { column = "ended_at" }\n[drivers]\ntook = { from = "opened_on", to = "ended_at", unit = "h" }'
    warehouse = open_warehouse(loaded.database, parse_model(text))
    sums = warehouse.cells("took", (), Period(date(2026, 10, 1), date(2026, 11, 1)), ()).rows
    assert sums["wx"].sum() == pytest.approx(20 * 30)
