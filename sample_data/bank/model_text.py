"""What do the columns of a case mean? Its semantic.toml, as a text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from sample_data.bank.plan import Column, Plan, Text
from sample_data.bank.rows import idle

COMMON = Path(__file__).with_name("common.toml")
OF_AGENTS: Mapping[str, tuple[str, str, str, Text]] = {  # driver -> column, unit, which is better, label
    "wait": ("wait_s", "s", "low", ("Wait in the queue", "排队等候时长")),
    "handling": ("handle_s", "s", "low", ("Handling time", "通话处理时长")),
    "transfers": ("transfers", "", "low", ("Transfers", "转接次数")),
    "tenure_days": ("tenure_days", "d", "high", ("Agent tenure in days", "座席司龄（天）")),
}
OF_BOTS: Mapping[str, tuple[str, str, str, Text]] = {
    "turns": ("turns", "", "low", ("Turns with the bot", "机器人对话轮次")),
}


def model_text(plan: Plan) -> str:
    """The common roles, with the case's own dimensions, rates and drivers."""
    own = {column.name for column in plan.columns}
    team = [] if "team" in own else [Column(name="team", label=plan.unit, values=plan.teams)]
    roles = ['agent = "agent"'] if plan.staffed else []
    roles += [f"cluster = {json.dumps(plan.cluster)}"] if plan.cluster else []
    drivers = OF_AGENTS if plan.staffed else OF_BOTS
    lines = [
        *roles,
        COMMON.read_text(encoding="utf-8")
        + ('quality = "qa_evaluations"\n' if plan.staffed else 'bot = "bot_sessions"\n'),
        "[metrics]",
        *(_rate(name, better, label) for name, (better, label) in plan.rates.items()),
        "\n[drivers]",
        *(_driver(name, *entry) for name, entry in drivers.items()),
        "\n[dimensions]",
        *(_dimension(column) for column in (*plan.columns, *team, *idle(plan))),
    ]
    return "\n".join(lines) + "\n"


def _rate(name: str, better: str, label: Text) -> str:
    return f'{name} = {{ column = "{name}", values = [0, 1], better = "{better}", labels = {_labels(label)} }}'


def _driver(name: str, column: str, unit: str, better: str, label: Text) -> str:
    said = f', unit = "{unit}"' if unit else ""
    kind = f'column = "{column}", level = "interval"{said}, better = "{better}", missing = "unknown"'
    return f"{name} = {{ {kind}, labels = {_labels(label)} }}"


def _dimension(column: Column) -> str:
    level = "ordinal" if column.ordinal else "nominal"
    order = f", order = {json.dumps(list(column.values))}" if column.ordinal else ""
    under = f', under = "{column.under}"' if column.under else ""
    label = _labels(column.label)
    return f'{column.name} = {{ column = "{column.name}", level = "{level}"{order}{under}, labels = {label} }}'


def _labels(label: Text) -> str:
    return f'{{ en = {json.dumps(label[0])}, "zh-CN" = {json.dumps(label[1], ensure_ascii=False)} }}'
