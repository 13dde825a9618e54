"""The prize for the best team: complaints score low whoever answers, and one team has most of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from data_access.training import Truth
from sample_data.bank.plan import JUNE, MAY, Cell, Column, Event, Plan, days

TEAMS = {letter: (f"Team {letter}", f"{letter}班") for letter in "ABCDE"}
MORE = (  # teams of which the story says nothing: one between, one last
    ("D", "enquiry", 80, 87.0, 18), ("D", "complaint", 420, 72.5, 22),
    ("E", "enquiry", 280, 87.0, 18), ("E", "complaint", 220, 72.5, 22),
)  # fmt: skip
COLUMNS = (
    Column(name="team", label=("Team", "班组"), values=TEAMS),
    Column(
        name="purpose",
        label=("Queue", "队列"),
        values={"enquiry": ("Enquiry", "咨询"), "complaint": ("Complaint", "投诉")},
    ),
)
EVENTS = (
    Event(id="ORG-2026-003", kind="organisation", on=date(2026, 5, 11), owner="floor",
          title=("Prize for the team with the best mean", "设立流动红旗")),
    Event(id="REL-2026-020", kind="release", on=date(2026, 6, 11), owner="it", concerns={"channel": "app"},
          title=("Chat window renewed", "会话窗口改版")),
)  # fmt: skip


def plan(figures: Mapping[str, Any]) -> Plan:
    """June as in the slice, and a May of the same shape."""
    rows = [*figures["rows"], *MORE]
    return Plan(
        cells=[_cell(period, *row) for period in (MAY, JUNE) for row in rows],
        columns=COLUMNS,
        events=EVENTS,
        truth=Truth(nothing=True),
        period=JUNE,
        baseline=None,
        factor=4,
        teams=TEAMS,
    )


def _cell(period: Any, team: str, purpose: str, n: int, points: float, sd: float) -> Cell:
    heavy = {"outcome_rejected": 2.0, "ticket_overdue": 2.0} if purpose == "complaint" else {}
    return Cell(n=n, points=points, sd=sd, days=days(period), reasons=heavy,
                columns={"team": team, "purpose": purpose})  # fmt: skip
