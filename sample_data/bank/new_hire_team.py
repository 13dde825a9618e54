"""The weakest of twelve teams: newcomers lose the points on complex topics, and one team has most of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from data_access.selection import Filter
from data_access.training import Truth
from sample_data.bank.plan import JUNE, MAY, Cell, Column, Event, Plan, days

TEAMS = {letter: (f"Team {letter}", f"{letter}班") for letter in "ABCDEFGHIJKL"}
NEW = "to_60_days"
SPREAD = {("complex", NEW): 24.0}
COLUMNS = (
    Column(name="team", label=("Team", "班组"), values=TEAMS),
    Column(
        name="tenure",
        label=("Days on the job", "在岗天数"),
        values={NEW: ("Up to 60 days", "60天以内"), "over_60_days": ("Over 60 days", "60天以上")},
        ordinal=True,
    ),
    Column(
        name="topic",
        label=("Topic", "业务难度"),
        values={"simple": ("Simple", "简单业务"), "complex": ("Complex", "复杂业务")},
        ordinal=True,
    ),
)
EVENTS = (
    Event(id="ORG-2026-002", kind="organisation", on=date(2026, 2, 2), owner="floor", concerns={"team": "K"},
          title=("New supervisor of team K", "K班班长换任")),
    Event(id="ORG-2026-004", kind="organisation", on=date(2026, 4, 13), owner="training",
          title=("Nesting shortened to two weeks, newcomers placed in team K", "带教期缩短为两周,新人集中编入K班")),
    Event(id="QF-2026-001", kind="standard", on=date(2026, 5, 4), owner="quality",
          title=("Newcomers are checked twice as often", "新人加倍抽检")),
)  # fmt: skip


def plan(figures: Mapping[str, Any]) -> Plan:
    """June as in the slice, and a May of the same shape."""
    cells = [_cell(period, *row) for period in (MAY, JUNE) for row in figures["rows"]]
    return Plan(
        cells=cells,
        columns=COLUMNS,
        events=EVENTS,
        truth=Truth(segment=(Filter("tenure", (NEW,)), Filter("topic", ("complex",)))),
        period=JUNE,
        baseline=None,
        teams=TEAMS,
        cluster="team",
        staff="tenure",
        errs_low=True,
    )


def _cell(period: Any, team: str, tenure: str, topic: str, n: int, points: float, fails: float) -> Cell:
    heavy = {"cannot_answer": 5.0, "unclear_answer": 3.0} if tenure == NEW and topic == "complex" else {}
    return Cell(
        n=n,
        points=points,
        days=days(period),
        columns={"tenure": tenure, "topic": topic},
        teams=("K",) if team == "K" else tuple(name for name in TEAMS if name != "K"),
        sd=SPREAD.get((topic, tenure), 18.0),
        fails=fails,
        doubled=tenure == NEW,
        reasons=heavy,
    )
