"""The service page's choices: how a service level is counted, which measure is open, by which dimension."""

from __future__ import annotations

from functools import partial

import streamlit as st

from analysis.overview import default_cut
from analysis.result import Result
from analysis.service.promises import CLOCKS, FORMULAS
from pages.frame.context import Context
from pages.frame.linked_choices import choose, choose_depth, is_offered
from pages.words.service_words import measure_name

USUAL = {"formula": "offered", "clock": "queue"}


def choose_counting(here: Context) -> dict[str, str]:
    """The formula and the clock of a service level, offered from the second depth on; the depth beside them."""
    chosen = dict(USUAL)
    with st.container(horizontal=True, vertical_alignment="center"):
        for name, options in (("formula", [*FORMULAS]), ("clock", [*CLOCKS])):
            if is_offered(here, name, USUAL[name]):
                label = here.text(f"service.switch_{name}")
                show = partial(_written, here, name)
                chosen[name] = choose(here, name, options, USUAL[name], show, label=label)
        choose_depth(here)
    return chosen


def _written(here: Context, name: str, code: str) -> str:
    return here.text(f"access.{name}.{code}")


def choose_measure(here: Context, result: Result) -> tuple[str, str]:
    """The measure that is open, at first the one worst off, and by what it is cut, at first the touchpoint.

    A row that is clicked opens its measure.
    """
    names, cuts = [str(name) for name in result.table["measure"]], here.cuts()
    label, show = here.text("service.look_at"), lambda name: measure_name(name, here.plain)
    with st.container(horizontal=True, vertical_alignment="center"):
        measure = choose(here, "what", names, _worst(result), show, label=label)
        by = choose(here, "by", cuts, default_cut(here.warehouse)[0], here.names.of_dimension)
    return measure, by


def _worst(result: Result) -> str:
    """A measure that got worse or misses its target, else the first."""
    rows = result.table[result.table["state"].isin(["worse", "missed"])]
    return str((rows if len(rows) else result.table)["measure"].iloc[0])


def open_measure(here: Context, result: Result, place: int | None) -> None:
    """A row of the board was clicked; before the choice is drawn."""
    if place is not None:
        st.session_state[here.key("what")] = str(result.table["measure"].iloc[place])
