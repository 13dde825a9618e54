"""The plan that worked at once: the last of twelve equal regions in July is back at its level in August."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from data_access.selection import Period, months_later
from data_access.training import Truth
from sample_data.bank.plan import Cell, Column, Event, Plan, Text, days

JULY, AUGUST = Period(date(2026, 7, 1), date(2026, 8, 1)), Period(date(2026, 8, 1), date(2026, 9, 1))
NORTH = (83.2, 84.4, 84.9, 83.6, 84.2, 83.7)  # January to June
SIZES = {"north": (88, 89)}  # about ninety; those with which whole ratings give its two means to a tenth
NAMED = {"north": "north", "low_2": "east", "low_3": "hills", "low_4": "coast"}
REGIONS: Mapping[str, Text] = {
    "north": ("North", "北区"), "east": ("East", "东区"), "hills": ("Hills", "山区"), "coast": ("Coast", "沿海"),
    "central": ("Centre", "中心区"), "south": ("South", "南区"), "west": ("West", "西区"),
    "lake": ("Lake district", "湖区"), "plain": ("Plain", "平原"), "port": ("Port", "港区"),
    "old_town": ("Old town", "老城区"), "new_district": ("New district", "新区"),
}  # fmt: skip
PURPOSES = {"bill": ("Bill", "账单"), "plan_change": ("Plan change", "套餐变更"), "fault": ("Fault", "故障报修")}
COLUMNS = (Column(name="region", label=("Region", "区域"), values=REGIONS),)
IDLE = (Column(name="purpose", label=("Contact purpose", "来电目的"), values=PURPOSES),)
EVENTS = (
    Event(id="PLAN-2026-007", kind="plan", on=AUGUST.start, owner="floor", concerns={"region": "north"},
          title=("Politeness training and daily reading of bad ratings in North", "北区礼貌用语培训与每日差评通报")),
    Event(id="REL-2026-031", kind="release", on=date(2026, 7, 14), owner="it", concerns={"channel": "app"},
          title=("New version of the app", "APP新版上线")),
)  # fmt: skip


def plan(figures: Mapping[str, Any]) -> Plan:
    """July and August as in the slice, after half a year in which nothing happened."""
    sd, level, n = float(figures["sd"]), float(figures["level"]), 90
    told = {NAMED[row[0]]: row[1:4] for row in figures["rows"]}
    rng = np.random.default_rng(20)
    cells = []
    for region in REGIONS:
        means = _means(region, told, level, sd / n**0.5, rng)
        sizes = [n] * 6 + list(SIZES.get(region, (n, n)))
        for number, (points, size) in enumerate(zip(means, sizes, strict=True)):
            start = months_later(date(2026, 1, 1), number)
            month = Period(start, months_later(start, 1))
            cells.append(Cell(n=size, points=points, sd=sd, days=days(month), columns={"region": region}))
    return Plan(
        cells=cells,
        columns=COLUMNS,
        idle=IDLE,
        events=EVENTS,
        truth=Truth(nothing=True),
        period=AUGUST,
        baseline=JULY,
        factor=3,
    )


def _means(region: str, told: Mapping[str, Any], level: float, error: float, rng: np.random.Generator) -> list[float]:
    """Means of the eight months: chance around one level, in July above those that were the lowest."""
    usual = np.clip(rng.normal(level, error, 8), level - 1.6 * error, level + 1.9 * error)
    if region not in told:
        usual[6] = max(usual[6], level - 0.8 * error)
        return [float(mean) for mean in usual]
    earlier = NORTH if region == "north" else tuple(float(mean) for mean in usual[:6])
    return [*earlier, *(float(mean) for mean in told[region][1:])]
