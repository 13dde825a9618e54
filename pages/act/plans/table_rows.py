"""What does the register's table say? The same cells on the screen, in Excel and in CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

import pandas as pd
import streamlit as st

from data_access.workshop.records import PlanState, Priority
from pages.act.plans import said
from pages.act.plans.register import Line
from pages.frame.context import Frame
from pages.record import record_words as say
from pages.words.format import spaced

WIDTHS_PX = MappingProxyType({  # what a meeting asks for stands within the width of a small screen
    "late": 86, "action": 256, "owner": 148, "due": 92, "state": 88, "verdict": 124, "effect": 150, "moves": 190,
    "priority": 76, "days": 76, "promised": 96, "blocker": 150, "escalation": 110, "block": 130, "check_on": 96,
    "cycle": 170, "issue": 200,
})  # fmt: skip
FEW = ("late", "action", "owner", "due", "state", "verdict")  # columns of the table in large text
IN_NUMBERS = ("gain", "gain_low", "gain_high", "lift")  # in the files, unrounded, for what the screen writes in words
FILE = (*(name for name in WIDTHS_PX if name not in ("effect", "promised")), *IN_NUMBERS)
# of the table in large text, which has no heads to click
ORDERS: Mapping[str, Callable[[Line], Any]] = MappingProxyType({
    "late": lambda line: 0,  # as they come: overdue first
    "due": lambda line: line.plan.due or date.max,
    "owner": lambda line: line.plan.owner,
    "state": lambda line: [*PlanState].index(line.plan.state),
    "days": lambda line: -line.days,
    "priority": lambda line: -[*Priority].index(line.plan.priority),
})  # fmt: skip
NUMBERS = frozenset({"late", "days"})
DATES = frozenset({"due", "check_on"})


def frame(here: Frame, lines: Sequence[Line]) -> pd.DataFrame:
    """The table on the screen: days and dates sort as such."""
    cells = [{**in_words(here, line), **_values(line)} for line in lines]
    return pd.DataFrame({_head(here, name): [cell[name] for cell in cells] for name in WIDTHS_PX})


def widths(here: Frame) -> dict[str, Any]:
    kinds: dict[str, Callable[..., Any]] = {
        **dict.fromkeys(NUMBERS, st.column_config.NumberColumn),
        **dict.fromkeys(DATES, st.column_config.DateColumn),
    }
    return {_head(here, name): kinds.get(name, st.column_config.TextColumn)(width=wide)
            for name, wide in WIDTHS_PX.items()}  # fmt: skip


def exported(here: Frame, lines: Sequence[Line]) -> pd.DataFrame:
    """The table of the files: what the screen shows, and the numbers behind it."""
    cells = [{**in_words(here, line), **_values(line), **_numbers(line)} for line in lines]
    return pd.DataFrame({_head(here, name): [cell[name] for cell in cells] for name in FILE})


def in_words(here: Frame, line: Line) -> Mapping[str, str]:
    """Each cell as text, not escaped."""
    plan, words = line.plan, here.plain
    told = {
        "late": words.text("plan_register.days", days=line.late) if line.late else "",
        "action": said.name(here, line),
        "owner": say.answerable(here, plan),
        "due": said.due(words, line),
        "moves": said.moved(words, line),
        "state": said.state(words, plan),
        "days": words.text("plan_register.days", days=line.days),
        "priority": words.text(f"workshop.priority.{plan.priority}"),
        "verdict": said.verdict(here, line),
        "effect": said.effect(here, line),
        "promised": said.promised(here, line),
        "blocker": plan.blocker,
        "escalation": words.text(f"workshop.escalation.{plan.escalation}"),
        "block": say.label(here, "block", plan.block) if plan.block else "",
        "check_on": words.show(plan.check_on, "date") if plan.check_on else "",
        "cycle": said.cycle(words, line),
        "issue": line.issue.title,
    }
    return {name: spaced(text) for name, text in told.items()}


def _values(line: Line) -> dict[str, Any]:
    """What is no text: days and dates."""
    return {
        "late": float(line.late or "nan"),
        "days": line.days,
        "due": line.plan.due,
        "check_on": line.plan.check_on,
    }


def _numbers(line: Line) -> dict[str, Any]:
    gain, low, high = said.effect_numbers(line)
    return {"gain": gain, "gain_low": low, "gain_high": high, "lift": line.plan.expected_lift}


def _head(here: Frame, name: str) -> str:
    return here.plain.text(f"plan_register.column.{name}")
