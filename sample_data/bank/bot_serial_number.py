"""More contained, less content: one node of one bot flow asks for a number that customers do not have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from data_access.selection import Filter, Period
from data_access.training import Truth
from sample_data.bank.plan import JUNE, MAY, Cell, Column, Event, Plan, Text, days

RELEASE, SCENARIO, NODE = "REL-2026-052", "broadband_fault", "serial_number"
STUCK = {0: 45, 1: 102}  # answers of the scenario that ended at the node
USUAL = 79.0  # of those that did not
VERSIONS = {
    "balance": ("2.1", "2.2"),
    "plan_change": ("3.0", "3.0"),
    SCENARIO: ("1.7", "1.8"),
    "other": ("1.2", "1.2"),
}
SCENARIOS: Mapping[str, Text] = {
    "balance": ("Balance query", "余额查询"),
    "plan_change": ("Plan change", "套餐变更"),
    SCENARIO: ("Broadband fault", "宽带报障"),
    "other": ("Other", "其他"),
}
NODES: Mapping[str, Text] = {
    "greeting": ("Greeting", "问候"),
    "purpose": ("Purpose", "意图识别"),
    NODE: ("Modem serial number", "询问光猫序列号"),
    "line_test": ("Line test", "线路检测"),
    "done": ("Done", "完成"),
}


COLUMNS = (
    Column(name="scenario", label=("Bot scenario", "机器人场景"), values=SCENARIOS),
    Column(name="last_node", label=("Last node reached", "到达的最后节点"), values=NODES),
    Column(
        name="outage_day",
        label=("Local outage", "局部断网"),
        values={"yes": ("Outage day", "断网日"), "no": ("Other day", "其他日")},
    ),
)
RAIN = Period(date(2026, 6, 17), date(2026, 6, 19))
EVENTS = (
    Event(id=RELEASE, kind="release", on=JUNE.start, owner="bot", concerns={"scenario": SCENARIO},
          title=("Bot flow “broadband fault” 1.8", "“宽带报障”机器人流程1.8版")),
    Event(id="REL-2026-055", kind="release", on=date(2026, 6, 9), owner="bot", concerns={"scenario": "balance"},
          title=("Bot flow “balance query” 2.2", "“余额查询”机器人流程2.2版")),
    Event(id="OUT-2026-011", kind="outage", on=RAIN.start, until=RAIN.last_day, owner="network",
          concerns={"region": "west"}, title=("Heavy rain: local outage", "暴雨造成局部断网")),
    Event(id="REL-2026-058", kind="release", on=date(2026, 6, 22), owner="it", concerns={"channel": "app"},
          title=("New chat window in the app", "APP会话窗口改版")),
)  # fmt: skip


def plan(figures: Mapping[str, Any]) -> Plan:
    """May and June of the slice."""
    cells = []
    for row in (dict(zip(figures["columns"], values, strict=True)) for values in figures["rows"]):
        for month in (0, 1):
            cells += _cells(row, month)
    segment = (
        Filter("scenario", (SCENARIO,)),
        Filter("last_node", (NODE,)),
    )
    return Plan(
        cells=cells,
        columns=COLUMNS,
        events=EVENTS,
        truth=Truth(segment=segment, since=JUNE.start, event=RELEASE),
        period=JUNE,
        baseline=MAY,
        factor=10,
        staffed=False,
        unit=("Bot flow", "机器人流程"),
        teams={
            f"flow_{code}": (f"Text bot: {en.lower()}", f"文本机器人·{zh}") for code, (en, zh) in SCENARIOS.items()
        },
        called={"bot_node": NODES, "flow_version": _versions()},
        settle=settle,
        rates={
            "contained": ("high", ("Contained (ended without an agent)", "拦截率（未转人工）")),
            "verified": ("high", ("Verified resolution (no repeat in 48 h)", "核实解决率（48小时内未再来）")),
        },
    )


def _versions() -> dict[str, Text]:
    return {
        f"{code} {version}": (f"{SCENARIOS[code][0]} {version}", f"{SCENARIOS[code][1]} {version}")
        for code, both in VERSIONS.items()
        for version in dict.fromkeys(both)
    }


def settle(table: pd.DataFrame) -> None:
    """Mark the two days of the rain."""
    rain = table["contacted_at"].between(pd.Timestamp(RAIN.start), pd.Timestamp(RAIN.end), inclusive="left")
    table.loc[rain, "outage_day"] = "yes"


def _cells(row: Mapping[str, Any], month: int) -> list[Cell]:
    """A scenario in one month, by the node at which sessions ended."""
    n, points = row[f"rated{month}"], row[f"score{month}"]
    if row["scenario"] != SCENARIO:
        return [_cell(row, month, n, points, node, part) for node, part in _ends(n)]
    stuck = STUCK[month]
    low = (n * points - (n - stuck) * USUAL) / stuck
    rest = [("line_test", (n - stuck) // 2), ("done", n - stuck - (n - stuck) // 2)]
    return [_cell(row, month, n, low, NODE, stuck), *(_cell(row, month, n, USUAL, node, part) for node, part in rest)]


def _ends(n: int) -> list[tuple[str, int]]:
    return [("purpose", n // 4), ("done", n - n // 4)]


def _cell(row: Mapping[str, Any], month: int, n: int, points: float, node: str, part: int) -> Cell:
    period, code = (MAY, JUNE)[month], row["scenario"]
    at_node = node == NODE and month
    stuck = {"bot_loop": 14.0, "no_human": 4.0} if at_node else {"bot_misunderstood": 2.0, "bot_loop": 0.5}
    return Cell(
        n=part,
        points=points,
        days=days(period),
        joint=f"{code} {month}",
        columns={"scenario": code, "flow_version": f"{code} {VERSIONS[code][month]}", "last_node": node,
                 "team": f"flow_{code}", "outage_day": "no"},
        rates={"contained": row[f"containment{month}"], "verified": row[f"verified{month}"]},
        reasons=stuck,
    )  # fmt: skip
