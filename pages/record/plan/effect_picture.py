"""The picture of a plan's effect, of today's data or as it was when somebody looked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from analysis.effect.of_plan import cut
from analysis.result import Result
from data_access.workshop.records import Look, Plan, Verdict
from pages import charts
from pages.charts.effect import Course
from pages.charts.look import Look as Drawn
from pages.frame.context import Context, Frame
from pages.record.plan import lift as lifts

NAMED = 2  # members that are named one by one


def draw(over: Context, plan: Plan, result: Result) -> None:
    """Of today's data."""
    look = over.over(result.selection).look
    course = _course(over, plan, result.statistics)
    _show(over, charts.effect(result.parts["weeks"], result.table, course, look=look), "effect")


def before(over: Context, plan: Plan, result: Result) -> None:
    """Whether both groups went the same way before it began."""
    look = over.over(result.selection).look
    if result.parts["weeks"]["group"].nunique() > 1:
        st.markdown(f"## {over.text('verify.before')}")
        course = _course(over, plan, result.statistics)
        _show(over, charts.effect_gaps(result.parts["weeks"], course, look=look), "effect.gaps")


def recalled(here: Frame, plan: Plan, seen: Look) -> None:
    """As it was; also where the data cannot be opened."""
    weeks, levels = pd.DataFrame(list(seen.rows)), pd.DataFrame(list(seen.parts.get("levels", ())))
    if len(weeks) and len(levels):
        look = Drawn(here.plain, lifts.unit_of(here, plan), _is_lower_better(here, plan), here.dark, here.large)
        _show(here, charts.effect(weeks, levels, _course(here, plan, seen.statistics), look=look), "effect.recalled")


def _is_lower_better(here: Frame, plan: Plan) -> bool:
    known = here.warehouse.model.metrics.get(plan.target_metric) if isinstance(here, Context) else None
    return known is not None and known.better == "low"


def _course(here: Frame, plan: Plan, statistics: Mapping[str, Any]) -> Course:
    """Colour only where the verdict is that it worked; where it did harm, that of a loss."""
    assert plan.start is not None
    worked = statistics.get("verdict") == Verdict.EFFECTIVE
    harmed = (statistics.get("gain_high") or 0.0) < 0
    return Course(
        start=plan.start, check_on=plan.check_on, noticed=cut(plan.noticed, plan.start), before=plan.baseline,
        treated=called(here, plan, "treated"), control=called(here, plan, "control"),
        effect=statistics.get("effect"), low=statistics.get("low"), high=statistics.get("high"),
        verdict="gain" if worked else "loss" if harmed else "none",
    )  # fmt: skip


def named(here: Frame, plan: Plan, group: str) -> str:
    """A group by the names of its members, of many the first ones and how many there are."""
    members: tuple[str, ...] = getattr(plan, group)
    first = ", ".join(here.plain.show(member, "name", dimension=plan.unit) for member in members[: NAMED + 1])
    if len(members) > NAMED + 1:
        first = here.plain.text("verify.more_names", names=first, count=len(members))
    return first


def called(here: Frame, plan: Plan, group: str) -> str:
    """What a group is called: one or two members by name, more by their number."""
    members: tuple[str, ...] = getattr(plan, group)
    if 0 < len(members) <= NAMED:
        return ", ".join(here.plain.show(member, "name", dimension=plan.unit) for member in members)
    return here.plain.text(f"verify.{group}", count=len(members))


def _show(here: Frame, figure: Any, name: str) -> None:
    shade = "dark" if here.dark else "light"
    st.plotly_chart(figure, theme=None, config=charts.CONFIG, key=f"chart.{name}.{shade}",
                    alt=charts.alt_text(figure))  # fmt: skip
