"""All targets green, callers red: on the first three days of the month callers wait, and the mean hides it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from data_access.selection import Filter
from data_access.training import Truth
from sample_data.bank.plan import JUNE, MAY, Cell, Column, Event, Plan, days, split, teams

LATER, START = "later", "d01_03"
PURPOSES = {
    "bill": ("Bill", "账单"),
    "suspension": ("Suspension", "停复机"),
    "plan_change": ("Plan change", "套餐变更"),
    "fault": ("Fault", "故障报修"),
}
SHARES = {True: (4, 3, 2, 1), False: (2, 1, 4, 3)}  # of the purposes, on the first days and on the others
COLUMNS = (
    Column(
        name="month_part",
        label=("Part of the month", "月内时段"),
        values={
            START: ("1st to 3rd", "1至3日"),
            "d04_10": ("4th to 10th", "4至10日"),
            "d11_20": ("11th to 20th", "11至20日"),
            "d21_31": ("21st to the end", "21日至月末"),
        },
        ordinal=True,
    ),
    Column(
        name="answered",
        label=("Answered", "接通时间"),
        values={"within_20s": ("Within 20 seconds", "20秒内"), LATER: ("Later", "20秒后")},
        ordinal=True,
    ),
    Column(name="purpose", label=("Contact purpose", "来电目的"), values=PURPOSES),
)
EVENTS = (
    Event(id="MSG-2026-05", kind="campaign", on=MAY.start, owner="billing",
          title=("Bills and suspensions sent to all customers", "全量出账并停机")),
    Event(id="MSG-2026-06", kind="campaign", on=JUNE.start, owner="billing",
          title=("Bills and suspensions sent to all customers", "全量出账并停机")),
    Event(id="REL-2026-021", kind="release", on=date(2026, 6, 15), owner="it", concerns={"channel": "app"},
          title=("Bill page of the app renewed", "APP账单页改版")),
)  # fmt: skip


def plan(figures: Mapping[str, Any]) -> Plan:
    """June as in the slice, and a May of the same shape."""
    cells = [cell for period in (MAY, JUNE) for row in figures["rows"] for cell in _cells(period, *row)]
    return Plan(
        cells=cells,
        columns=COLUMNS,
        events=EVENTS,
        truth=Truth(segment=(Filter("month_part", (START,)), Filter("answered", (LATER,)))),
        period=JUNE,
        baseline=None,
        teams=teams(8),
        cluster="team",
        rates={"in_time": ("high", ("Answered within 20 seconds", "20秒内人工接通率"))},
    )


def _cells(period: Any, span: str, answered: str, n: int, points: float) -> list[Cell]:
    late, start = answered == LATER, span == "1-3"
    parts = {START: days(period, 1, 3)} if start else {
        "d04_10": days(period, 4, 10), "d11_20": days(period, 11, 20), "d21_31": days(period, 21, 31)}  # fmt: skip
    total, cells = sum(map(len, parts.values())), []
    wait = (21.0, 150.0 if start else 60.0) if late else (2.0, 9.0)
    left = n
    for number, (name, on) in enumerate(parts.items(), 1):
        size = left if number == len(parts) else round(n * len(on) / total)
        left -= size
        cells += [
            Cell(n=part, points=points, days=on, joint=f"{period.start} {span} {answered}", sd=22.0 if late else 18.0,
                 columns={"month_part": name, "answered": answered, "purpose": purpose},
                 rates={"in_time": 0.0 if late else 100.0},
                 reasons={"wait_busy": 22.0} if late else {}, wait=wait)
            for purpose, part in zip(PURPOSES, _shared(size, SHARES[start]), strict=True)
        ]  # fmt: skip
    return cells


def _shared(n: int, shares: tuple[int, ...]) -> list[int]:
    parts = [n * share // sum(shares) for share in shares]
    return [part + more for part, more in zip(parts, split(n - sum(parts), len(parts)), strict=True)]
