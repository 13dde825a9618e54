"""What does the sample centre look like when nothing is wrong? Shares, effects and the calendar.

Effects are in points of mean x 10 and add up; `draws.rate` turns their sum into ratings with exactly that mean.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

TAXONOMY = Path(__file__).parents[1] / "data_access" / "taxonomy.toml"

START = np.datetime64("2025-10-01T00:00:00", "s")
END = np.datetime64("2026-11-01T00:00:00", "s")
EXTRACT = np.datetime64("2026-11-01T03:00:00", "s")
MONTH = (np.datetime64("2026-10-01T00:00:00", "s"), END)
MONTH_BEFORE = (np.datetime64("2026-09-01T00:00:00", "s"), MONTH[0])
HOLIDAYS = (
    ("2025-10-01", "2025-10-08"),
    ("2026-02-16", "2026-02-23"),
    ("2026-05-01", "2026-05-05"),
    ("2026-10-01", "2026-10-07"),
)
WEEKDAYS = (1.22, 1.12, 1.06, 1.02, 1.00, 0.82, 0.74)  # Monday first
HOURS = (2, 1, 1, 1, 1, 2, 5, 14, 38, 62, 66, 54, 34, 38, 56, 62, 58, 48, 36, 34, 34, 26, 13, 5)

BASE = 89.5
BUSINESS = {  # name: (share of contacts, points)
    "mobile_4g": (0.30, 0.5),
    "mobile_5g": (0.25, 1.0),
    "broadband": (0.22, -6.0),
    "fixed_line": (0.10, 0.3),
    "iot": (0.05, 1.5),
    "value_added": (0.08, -11.0),
}
SUB_TYPE = {  # name: (business, share within it, points)
    "4g_bill": ("mobile_4g", 0.30, -0.5),
    "4g_plan": ("mobile_4g", 0.34, 0.8),
    "4g_coverage": ("mobile_4g", 0.22, -1.0),
    "4g_roaming": ("mobile_4g", 0.14, 0.7),
    "5g_bill": ("mobile_5g", 0.34, -0.4),
    "5g_plan": ("mobile_5g", 0.32, 0.9),
    "5g_coverage": ("mobile_5g", 0.21, -0.9),
    "5g_device": ("mobile_5g", 0.13, 0.3),
    "bb_fault": ("broadband", 0.42, -1.2),
    "bb_install": ("broadband", 0.26, 0.2),
    "bb_bill": ("broadband", 0.20, 1.0),
    "bb_move": ("broadband", 0.12, 2.0),
    "fixed_fault": ("fixed_line", 0.45, -0.6),
    "fixed_bill": ("fixed_line", 0.35, 0.4),
    "fixed_move": ("fixed_line", 0.20, 0.6),
    "iot_card": ("iot", 0.60, 0.2),
    "iot_platform": ("iot", 0.40, -0.3),
    "vas_cancel": ("value_added", 0.55, -1.0),
    "vas_refund": ("value_added", 0.25, -0.6),
    "vas_use": ("value_added", 0.20, 3.4),
}
TOUCHPOINT = {  # name: (share of contacts, points, invited, answers when invited)
    "enquiry_call": (0.34, 0.0, 0.90, 0.42),
    "sales_call": (0.07, -0.8, 0.70, 0.32),
    "complaint": (0.06, -8.0, 0.92, 0.49),
    "online_self": (0.14, 1.2, 0.75, 0.27),
    "online_agent": (0.12, 1.6, 0.88, 0.40),
    "bot_ivr": (0.10, -2.6, 0.80, 0.26),
    "bot_text": (0.11, -2.0, 0.80, 0.29),
    "handover": (0.06, -2.8, 0.88, 0.40),
}
TOUCHPOINT_TILT = {  # business: {touchpoint: factor}
    "broadband": {"complaint": 1.3, "bot_ivr": 1.2},
    "iot": {"online_agent": 1.8, "sales_call": 0.4},
    "value_added": {"complaint": 1.4, "sales_call": 0.5},
}
REPEAT_TILT = {
    "enquiry_call": 1.3,
    "complaint": 2.2,
    "online_agent": 1.3,
    "bot_ivr": 0.5,
    "bot_text": 0.5,
    "online_self": 0.5,
    "sales_call": 0.1,
}
CHANNEL = ("phone", "app", "web", "wechat")
CHANNEL_SHARE = {  # touchpoint: shares in the order of CHANNEL
    "enquiry_call": (1, 0, 0, 0),
    "sales_call": (1, 0, 0, 0),
    "complaint": (0.8, 0.12, 0.05, 0.03),
    "online_self": (0, 0.62, 0.2, 0.18),
    "online_agent": (0, 0.5, 0.16, 0.34),
    "bot_ivr": (1, 0, 0, 0),
    "bot_text": (0, 0.46, 0.14, 0.4),
    "handover": (0.55, 0.25, 0.06, 0.14),
}
SCENARIO = {  # name: (share of bot contacts, points, owner of the flow)
    "bill_query": (0.24, 0.3, "national"),
    "balance_query": (0.20, 0.8, "national"),
    "plan_change": (0.15, 0.0, "provincial"),
    "fault_report": (0.15, -1.0, "provincial"),
    "password_reset": (0.11, 0.4, "national"),
    "outage_check": (0.08, -0.6, "provincial"),
    "roaming": (0.07, 0.2, "national"),
}
BOT_OWNER = ("national", "provincial")
REGION = {  # name: (share of customers, points)
    "central": (0.27, 0.3),
    "east": (0.19, 0.5),
    "south": (0.15, 0.0),
    "west": (0.11, -0.6),
    "north": (0.10, -0.3),
    "coast": (0.09, 0.4),
    "hills": (0.05, -1.0),
    "new_district": (0.03, -0.2),
}
REGION_UNKNOWN = 0.012
TIER = {"basic": (0.58, -0.3), "silver": (0.26, 0.2), "gold": (0.12, 0.7), "vip": (0.04, 1.2)}
SKILL = {"junior": -0.6, "intermediate": 0.0, "senior": 0.4, "expert": 0.8}
TENURE_BAND = {"d0_60": 60, "d61_180": 180, "d181_365": 365, "d366_plus": 10**6}  # upper end in days, inclusive
PROVINCES = tuple(f"province_{i:02}" for i in range(1, 13))  # whose surveys ask the same
EXEMPT_REASON = ("abusive_customer", "misdirected_rating", "known_outage", "test_contact")

BUSINESSES, SUB_TYPES, TOUCHPOINTS = tuple(BUSINESS), tuple(SUB_TYPE), tuple(TOUCHPOINT)
SCENARIOS, REGIONS, TIERS = tuple(SCENARIO), tuple(REGION), tuple(TIER)
SKILLS, TENURE_BANDS = tuple(SKILL), tuple(TENURE_BAND)

AGENT_TOUCHPOINTS = ("enquiry_call", "sales_call", "complaint", "online_agent", "handover")
QUEUE_TOUCHPOINTS = ("enquiry_call", "complaint", "handover")  # a telephone queue stands before these
BOT_TOUCHPOINTS = ("bot_ivr", "bot_text", "handover")
SELF_TOUCHPOINTS = ("online_self", "bot_ivr", "bot_text")


def column(table: dict[str, Any], place: int) -> np.ndarray[Any, Any]:
    """One figure of every entry of a table above, in its order."""
    return np.array([entry[place] for entry in table.values()])


def is_one_of(codes: np.ndarray[Any, Any], names: tuple[str, ...], wanted: tuple[str, ...]) -> np.ndarray[Any, Any]:
    """Which rows carry one of the wanted names."""
    return np.isin(codes, [names.index(name) for name in wanted])


@cache
def taxonomy() -> dict[str, Any]:
    """The bilingual content: reasons, powers, owners, touchpoints."""
    return tomllib.loads(TAXONOMY.read_text(encoding="utf-8"))


def reasons() -> tuple[str, ...]:
    """Codes of the reasons, in the order of the taxonomy."""
    return tuple(reason["code"] for reason in taxonomy()["reason"])
