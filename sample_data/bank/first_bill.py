"""Bill calls turned sour in June: a billing rule for those who joined in the month, among three idle events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from data_access.selection import Filter
from data_access.training import Truth
from sample_data.bank.plan import JUNE, MAY, Cell, Column, Event, Plan, days, split

RULE = "BR-2026-041"
OTHERS = ("plan_change", "coverage", "fault", "sales")
JOINED = 0.1  # of the calls about anything else
TOLD = {0: ((160, 84.2), (200, 83.84)), 1: ((400, 72.4), (500, 71.7))}  # answers and score: told the rule, not told
SPREAD = 20.0  # of those who joined in the month
LEAST, MOST = 4.2, 5.8  # points that every team loses on bill calls

COLUMNS = (
    Column(
        name="purpose",
        label=("Contact purpose", "来电目的"),
        values={
            "bill": ("Bill", "账单"),
            "plan_change": ("Plan change", "套餐变更"),
            "coverage": ("Coverage", "信号覆盖"),
            "fault": ("Fault", "故障报修"),
            "sales": ("New services", "新业务办理"),
        },
    ),
    Column(
        name="customer",
        label=("Customer since", "入网时长"),
        values={"joined_this_month": ("Joined this month", "当月入网"), "existing": ("Existing customer", "老客户")},
    ),
    Column(
        name="told",
        label=("Told the billing rule at sign-up", "开户时告知计费规则"),
        values={"yes": ("Told", "已告知"), "no": ("Not told", "未告知")},
    ),
)
EVENTS = (
    Event(
        id="ORG-2026-006", kind="organisation", on=date(2026, 5, 25), owner="floor",
        title=("Teams 3 and 4 reshuffled", "3班与4班人员调整"), concerns={"team": "T03"},
    ),
    Event(
        id=RULE, kind="rule_change", on=JUNE.start, owner="billing",
        title=("First month charged in full, no longer by the day", "首月改按整月收费,取消按日折算"),
        concerns={"purpose": "bill", "customer": "joined_this_month"},
    ),
    Event(
        id="QF-2026-002", kind="standard", on=date(2026, 6, 3), owner="quality",
        title=("Quality form revised", "质检表修订"),
    ),
    Event(
        id="REL-2026-019", kind="release", on=date(2026, 6, 9), owner="it",
        title=("New version of the app", "APP新版上线"), concerns={"channel": "app"},
    ),
)  # fmt: skip


def plan(figures: Mapping[str, Any]) -> Plan:
    """May and June of the slice."""
    return Plan(
        cells=[*_bill(figures["rows"]), *_other(figures["rows"])],
        columns=COLUMNS,
        events=EVENTS,
        truth=Truth(
            segment=(Filter("purpose", ("bill",)), Filter("customer", ("joined_this_month",))),
            since=JUNE.start,
            event=RULE,
        ),
        period=JUNE,
        baseline=MAY,
        cluster="team",
        settle=settle,
    )


def _bill(rows: list[Any]) -> list[Cell]:
    cells = []
    for purpose, customer, *figures in rows:
        for month, period in enumerate((MAY, JUNE)):
            if purpose != "bill":
                continue
            n, points = figures[month], figures[2 + month]
            new = customer == "joined_this_month"
            told = TOLD[month] if new else tuple((part, points) for part in split(n, 2))
            heavy = {"billing_dispute": 14.0 if new and month else 4.0}
            cells += [
                Cell(n=part, points=level, days=days(period), sd=SPREAD, reasons=heavy, joint=f"{customer} {month}",
                     columns={"purpose": purpose, "customer": customer, "told": answer})
                for (part, level), answer in zip(told, ("yes", "no"), strict=True)
            ]  # fmt: skip
    return cells


def _other(rows: list[Any]) -> list[Cell]:
    _, _, *figures = next(row for row in rows if row[0] == "other")
    cells = []
    for month, period in enumerate((MAY, JUNE)):
        for purpose, n in zip(OTHERS, split(figures[month], len(OTHERS)), strict=True):
            joined = round(n * JOINED)
            for customer, part in (("joined_this_month", joined), ("existing", n - joined)):
                cells += [
                    Cell(n=half, points=figures[2 + month], days=days(period), sd=18.0, joint=f"other {month}",
                         columns={"purpose": purpose, "customer": customer, "told": answer})
                    for half, answer in zip(split(part, 2), ("yes", "no"), strict=True)
                ]  # fmt: skip
    return cells


def settle(table: pd.DataFrame) -> None:
    """Exchange answers of existing customers between teams until every team loses about as much on bill calls."""
    bill = table[(table["purpose"] == "bill") & table["score"].notna()]
    june = bill["contacted_at"] >= pd.Timestamp(JUNE.start)
    groups = bill[june].groupby("team")["score"]
    lost = 10 * (bill[~june].groupby("team")["score"].mean() - groups.mean())
    size = groups.size()
    open_to = bill[june & (bill["customer"] == "existing")].sort_values("score", kind="stable")
    rows = {team: list(part.index) for team, part in open_to.groupby("team")}
    while not lost.between(LEAST, MOST).all():
        worst, best = lost.idxmax(), lost.idxmin()
        low, high = rows[worst].pop(0), rows[best].pop()
        table.loc[[low, high], "team"] = [best, worst]
        gained = 10 * (table.at[high, "score"] - table.at[low, "score"])
        lost[worst] -= gained / size[worst]
        lost[best] += gained / size[best]
