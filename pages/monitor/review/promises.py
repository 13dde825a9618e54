"""What was promised: as it stood when the meeting was prepared, and marked what has changed since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any

import streamlit as st

from data_access.statement import Problem
from data_access.workshop.records import Plan
from pages.frame import wall
from pages.monitor.review.html import Cell, cell, mark, strong, table
from pages.monitor.review.seen import Seen
from pages.words.format import sentences
from pages.words.markdown import escape_markdown

ARROW = " → "
Row = Mapping[str, Any]


def draw(seen: Seen) -> None:
    """Owner, day and state of each plan, the longest overdue first; below the ways to what is known of its effect."""
    more, rows = seen.facts.more, seen.slide.rows
    late = sum(row["late"] > 0 for slide in seen.slides if slide.kind == "promises" for row in slide.rows)
    key = "review.no_promises" if not more["count"] else "review.promises_late" if late else "review.promises"
    st.title(seen.words.text(key, count=more["count"], late=late), anchor=False)
    if not rows:
        return
    heads = [(seen.text(f"review.head.{name}"), "") for name in ("action", "owner", "due", "state")]
    now = _plans(seen)
    st.html(table(heads, [(_cells(seen, row, now), "") for row in rows]))
    _ways(seen)
    others = more["count"] - len(rows)
    told = [seen.text("review.others_pages", count=others, page=more["page"], pages=more["pages"])] if others else []
    st.html(f'<p class="wall-quiet">{escape(sentences([*told, seen.text("review.as_of", day=more["as_of"])]))}</p>')


def _plans(seen: Seen) -> Mapping[str, Plan]:
    """As they are now; none where the store cannot say."""
    try:
        return {plan.id: plan for plan in seen.here.store().plans(seen.here.user)}
    except Problem:
        return {}


def _cells(seen: Seen, row: Row, now: Mapping[str, Plan]) -> list[Cell]:
    plan = now.get(row["plan_id"])
    owner = seen.label("owner", row["owner"]) if row["owner"] else seen.text("review.nobody")
    return [_action(seen, row), strong(owner, row["person"]), _due(seen, row, plan), _state(seen, row, plan)]


def _action(seen: Seen, row: Row) -> Cell:
    """What it is called, its issue, and which cycle it is."""
    again = ""
    if row["reopened_on"]:
        again = seen.text("review.reopened", day=row["reopened_on"], number=row["cycle"], earlier=row["earlier"])
    elif row["earlier"]:
        again = seen.text("review.cycle", number=row["cycle"], earlier=row["earlier"])
    return strong(row["action"], row["issue"], again)


def _due(seen: Seen, row: Row, plan: Plan | None) -> Cell:
    """The day, by how many days it is late, and every day it had."""
    lines = [f"<b>{escape(_day(seen, row['due']))}</b>"]
    if row["late"]:
        lines.append(" " + mark(seen.text("plan_register.late", days=row["late"])))
    if row["days"]:
        days = ARROW.join(_day(seen, day) for day in row["days"])
        lines.append(
            f"<small>{escape(seen.text('plan_register.moved', count=len(row['days']) - 1, days=days))}</small>"
        )
    if plan and plan.due != row["due"]:
        lines.append(f"<small>{mark(seen.text('review.now', value=_day(seen, plan.due)), 'new')}</small>")
    return Cell("".join(lines))


def _day(seen: Seen, day: date | None) -> str:
    return seen.plain.show(day, "day") if day else seen.text("plan_register.no_date")


def _state(seen: Seen, row: Row, plan: Plan | None) -> Cell:
    told = mark(seen.text(f"workshop.state.plan.{row['state']}"), "calm")
    if plan and str(plan.state) != row["state"]:
        now = seen.text("review.now", value=seen.text(f"workshop.state.plan.{plan.state}"))
        told += f"<small>{mark(now, 'new')}</small>"
    return Cell(told)


def _ways(seen: Seen) -> None:
    """To the chain of each plan of this screen whose effect was seen."""
    known = [(row, number) for row in seen.slide.rows if (number := seen.about(row["plan_id"], "chain"))]
    if not known:
        return
    with st.container(horizontal=True, gap="small"):
        for row, number in known:
            st.button(escape_markdown(seen.text("review.to_plan", action=row["action"])), key=f"review.to.{number}",
                      icon=":material/account_tree:", on_click=wall.go_to,
                      args=(seen.meeting.code, number))  # fmt: skip


def reopened(seen: Seen) -> None:
    """A closed plan whose reason came back: what came back, the cycle before, and the one that began by itself."""
    (row,) = seen.slide.rows
    st.title(escape_markdown(seen.text("review.reopened_title", action=row["action"])), anchor=False)
    st.html("".join(f'<p class="wall-say">{seen.html(statement)}</p>' for statement in seen.slide.statements))
    heads = [(seen.text(f"review.head.{name}"), "") for name in ("cycle", "owner", "due", "state")]
    earlier = [strong(seen.text("review.cycle_earlier", number=row["cycle"] - 1), row["earlier"]), cell(""), cell(""),
               Cell(mark(seen.text("workshop.state.plan.closed"), "calm"))]  # fmt: skip
    plan = _plans(seen).get(row["plan_id"])
    now = [strong(seen.text("review.cycle_now", number=row["cycle"]), row["action"]), *_cells(seen, row, {})[1:3],
           _state(seen, row, plan)]  # fmt: skip
    st.html(table(heads, [(earlier, "grey"), (now, "")]))
