"""The drivers page's choices: which drivers enter, what is held constant, and the driver that is followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from analysis.drivers.strengths import LINES
from analysis.result import Result
from analysis.stats.intervals import SIGNIFICANCE
from data_access.semantics import Level
from pages.frame import address, open_data, top
from pages.frame.context import Context
from pages.frame.linked_choices import choose, choose_depth, choose_several
from pages.report import ways

FOLLOWED = "driver"  # the place of the page where the driver that is followed is drawn


def choose_drivers(here: Context) -> dict[str, Any]:
    """The depth, and deeper down which drivers enter, what is held constant and what divides the map."""
    first, second = (st.container(horizontal=True, vertical_alignment="bottom") for _ in range(2))
    with first:
        choose_depth(here)
    offered = [*interval_drivers(here), *here.cuts()]
    with second:
        columns = _choose_columns(here, "columns", offered)
        hold = _choose_columns(here, "hold", [name for name in offered if name not in columns])
        lines = _choose_lines(here)
    deep = {"deep": True} if here.at_least("advanced") else {}
    options = {"columns": columns, "hold": hold, "lines": "" if lines == LINES[0] else lines}
    return {**{name: chosen for name, chosen in options.items() if chosen}, **deep}


def interval_drivers(here: Context) -> list[str]:
    """Drivers measured in numbers, without the metric's own column."""
    model = here.warehouse.model
    return [name for name, d in model.drivers.items() if d.level is Level.INTERVAL and d.column != here.metric.column]


def any_drivers(here: Context, options: dict[str, Any]) -> bool:
    """Whether anything could be related to the score."""
    return bool(options.get("columns") or interval_drivers(here))


def _choose_columns(here: Context, name: str, offered: Sequence[str]) -> tuple[str, ...]:
    label, nothing = here.text(f"option.{name}"), here.text(f"drivers_page.none.{name}")
    return choose_several(here, name, offered, label=label, nothing=nothing)


def _choose_lines(here: Context) -> str:
    """What divides the map, where the table of targets names a driver: else there is nothing to choose."""
    targets = open_data.companion(here, "targets")
    names = set() if targets is None or "metric" not in targets else set(targets["metric"])
    if not here.at_least("intermediate") or not names & set(interval_drivers(here)):
        return LINES[0]
    return choose(here, "lines", LINES, LINES[0], lambda code: here.text(f"drivers_page.lines.{code}"))


def lead_on(here: Context, result: Result) -> None:
    """From the most important drivers to the score along them, or to what is lost by them."""
    known = result.table[result.table["p_adjusted"] < SIGNIFICANCE]
    ways.on(here, [way for driver in known["driver"].head(2) for way in ways.along(here, driver)])


@dataclass(frozen=True)
class Following:
    """A click on a bar or the choice of a row follows the score along that driver."""

    here: Context
    result: Result

    @property
    def codes(self) -> list[str]:
        """The drivers that can be followed."""
        return _followable(self.here, self.result)

    def click(self, driver: str) -> None:
        if driver in self.codes:
            st.session_state[self.here.key("driver")] = driver
            top.go_to(FOLLOWED)

    def row(self, place: int | None) -> None:
        if place is not None:
            self.click(self.result.table["driver"][place])


def choose_driver(here: Context, result: Result) -> str | None:
    """The driver that is followed: clicked in the chart, chosen in the table or by name."""
    codes = _followable(here, result)
    if not codes:
        return None
    arrived = st.session_state[address.ARRIVED]
    if "driver" in arrived and "v" not in arrived:  # a link within the app; one that was copied shows the page
        top.go_to(FOLLOWED)
    top.here(FOLLOWED)
    return choose(here, "driver", codes, codes[0], here.names.of_dimension)


def _followable(here: Context, result: Result) -> list[str]:
    """Drivers whose dose can be followed: those of the model by importance, then the others."""
    measured = interval_drivers(here)
    return list(dict.fromkeys([*(name for name in result.table["driver"] if name in measured), *measured]))
