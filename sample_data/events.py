"""What changed when, and whose is each reason? The calendar of events and the reason lookup.

events        event_id (the rule id of a rule change), kind (rule_change | release | outage | campaign), effective_at,
              ended_at, business, scenario, region (NULL: all), owner, title_en, title_zh
reason_power  reason, power, owner: codes of the taxonomy
"""

from __future__ import annotations

import pandas as pd

from . import causes, world


def reason_power() -> pd.DataFrame:
    """reason -> power and owner, as codes of the taxonomy."""
    rows = [(reason["code"], reason["power"], reason["owner"]) for reason in world.taxonomy()["reason"]]
    return pd.DataFrame(rows, columns=["reason", "power", "owner"])


def events(planted: causes.Planted) -> pd.DataFrame:
    """The calendar: what changed, when, by which rule. The planted ones are there only when they are at work."""
    absent = {cause.event for name, cause in causes.CAUSES.items() if name not in planted}
    rows = [event for event in _EVENTS if event[0] not in absent]
    frame = pd.DataFrame(
        rows,
        columns=[
            "event_id",
            "kind",
            "effective_at",
            "ended_at",
            "business",
            "scenario",
            "region",
            "owner",
            "title_en",
            "title_zh",
        ],
    )
    for name in ("effective_at", "ended_at"):
        frame[name] = pd.to_datetime(frame[name], format="ISO8601").astype("datetime64[us]")
    return frame


_EVENTS: tuple[tuple[str | None, ...], ...] = (
    (
        "BR-2025-204",
        "rule_change",
        "2025-12-01",
        None,
        "broadband",
        None,
        None,
        "business_dept",
        "Free relocation once a year",
        "宽带每年免费移机一次",
    ),
    (
        "OUT-2026-007",
        "outage",
        "2026-03-11 09:20",
        "2026-03-11 15:40",
        "broadband",
        None,
        "west",
        "network",
        "Fibre cut in the west",
        "西部光缆中断",
    ),
    (
        "CMP-2026-012",
        "campaign",
        "2026-05-17",
        "2026-06-18",
        "mobile_5g",
        None,
        None,
        "marketing",
        "5G trade-in offer",
        "5G换机优惠活动",
    ),
    (
        "BR-2026-058",
        "rule_change",
        "2026-07-01",
        None,
        "mobile_4g",
        None,
        None,
        "business_dept",
        "Data can be carried over for two months",
        "流量可结转两个月",
    ),
    (
        causes.BOT_RELEASE,
        "release",
        "2026-08-17",
        None,
        None,
        causes.BOT_SCENARIO,
        None,
        "bot",
        "Bot flow 'plan change' 3.3",
        "“套餐变更”机器人流程3.3版",
    ),
    (
        "REL-2026-036",
        "release",
        "2026-09-21",
        None,
        None,
        "balance_query",
        None,
        "it",
        "New balance page in the app",
        "APP余额页改版",
    ),
    (
        "CMP-2026-027",
        "campaign",
        "2026-10-01",
        "2026-10-08",
        "mobile_4g",
        None,
        None,
        "marketing",
        "Holiday data packs",
        "国庆流量包活动",
    ),
    (
        causes.BILLING_RULE_ID,
        "rule_change",
        "2026-10-06",
        None,
        "mobile_5g",
        None,
        None,
        "billing",
        "5G plans: the first month is charged in full, no longer by the day",
        "5G套餐首月改按整月收费,不再按日折算",
    ),
    (
        "OUT-2026-019",
        "outage",
        "2026-10-13 20:10",
        "2026-10-13 22:30",
        None,
        None,
        "hills",
        "network",
        "Power failure at a site in the hills",
        "山区基站停电",
    ),
)
