"""The service page's choices: how a service level is counted, which measure is open, by which dimension."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from analysis.overview import default_cut
from analysis.result import Result
from analysis.service.access.promises import CLOCKS, FORMULAS
from analysis.service.board.families import first_cut
from analysis.trail.column_roles import scenario_of, touchpoint_of
from pages.frame import address, top
from pages.frame.context import Context
from pages.frame.linked_choices import choose, choose_beside, choose_depth, is_offered
from pages.words.options import option_meant
from pages.words.service_words import measure_name

OPENED = "service.opened"  # where the open measure begins on the page
USUAL_CUT = "service.usual_cut"  # what the open measure was cut by before anybody chose
TREE = "tree"  # the picture of the board until another is chosen
USUAL = {"formula": "offered", "clock": "queue"}


def choose_counting(here: Context) -> tuple[str, dict[str, str]]:
    """Which picture of the board; formula and clock of a service level, from the second depth on; the depth."""
    chosen = dict(USUAL)
    with st.container(horizontal=True, vertical_alignment="center"):
        shape = choose_beside(here, "shape", _shapes(here), partial(_shape, here))
        for name, options in (("formula", [*FORMULAS]), ("clock", [*CLOCKS])):
            if is_offered(here, name, USUAL[name]):
                label = here.text(f"service.switch_{name}")
                show = partial(_written, here, name)
                chosen[name] = choose(here, name, options, USUAL[name], show, label=label)
        choose_depth(here)
    return shape, chosen


def _shapes(here: Context) -> list[str]:
    """The tree, and the dimensions that its measures can stand side by side by."""
    model = here.warehouse.model
    found = (touchpoint_of(model), scenario_of(model), model.question)
    return [TREE, *dict.fromkeys(name for name in found if name and name in here.cuts())]


def offer_touchpoints(here: Context) -> None:
    """Below the tree: that a whole may hide a touchpoint, and the way to where that shows."""
    touchpoint = touchpoint_of(here.warehouse.model)
    chosen = [part for part in here.selection.filters if part.dimension == touchpoint and len(part.values) == 1]
    if here.selection.baseline is None or chosen or touchpoint not in _shapes(here):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(here.text("service.tree_hides"), width="content")
        show = partial(st.session_state.__setitem__, here.key("shape"), touchpoint)
        st.button(_shape(here, touchpoint), key="service.by_touchpoint", type="tertiary", on_click=show)


def _shape(here: Context, code: str) -> str:
    if code == TREE:
        return here.text("service.shape_tree")
    return here.text("service.by_dimension", name=here.names.of_dimension(code))


def _written(here: Context, name: str, code: str) -> str:
    return here.text(f"access.{name}.{code}")


def choose_measure(here: Context, result: Result) -> tuple[str, str]:
    """The measure that is open, at first the one worst off, and by what it is cut, at first by what tells most.

    A row that is clicked opens its measure.
    """
    names, cuts = [str(name) for name in result.table["measure"]], here.cuts()
    top.here(OPENED)
    label, show = here.text("service.look_at"), partial(_measure_name, here)
    with st.container(horizontal=True, vertical_alignment="center"):
        measure = choose(here, "what", names, _worst(result), show, label=label)
        usual = _usual_cut(here, measure, cuts)
        by = choose(here, "by", cuts, usual, here.names.of_dimension)
    return measure, by


def _usual_cut(here: Context, measure: str, cuts: Sequence[str]) -> str:
    """What a measure is cut by until somebody chooses; it follows the measure as long as nobody has."""
    usual = first_cut(here.warehouse, measure)
    usual = usual if usual in cuts else default_cut(here.warehouse)[0]
    key, former = here.key("by"), st.session_state.get(USUAL_CUT)
    if former is not None and st.session_state.get(key) == former:
        st.session_state[key] = usual
    st.session_state[USUAL_CUT] = usual
    return usual


def _measure_name(here: Context, name: str) -> str:
    return measure_name(name, here.plain)


def _worst(result: Result) -> str:
    """A measure that got worse or misses its target, else the first."""
    rows = result.table[result.table["state"].isin(["worse", "missed"])]
    return str((rows if len(rows) else result.table)["measure"].iloc[0])


def opened(here: Context, result: Result) -> str:
    """The measure that is open, by a link or a click; before the choice is drawn."""
    names = [str(name) for name in result.table["measure"]]
    address.take("what", here.key("what"), lambda v: option_meant(v[0], names, partial(_measure_name, here)))
    chosen = st.session_state.get(here.key("what"))
    return str(chosen) if chosen in set(result.table["measure"]) else _worst(result)


def open_named(here: Context, shape: str, measure: str) -> None:
    """A measure was clicked in a picture; beside others by a dimension it is opened by that one."""
    st.session_state[here.key("what")] = measure
    if shape != TREE:
        st.session_state[here.key("by")] = shape
    top.go_to(OPENED)


def open_measure(here: Context, result: Result, place: int | None) -> None:
    """A row of the board was clicked; before the choice is drawn."""
    if place is not None:
        st.session_state[here.key("what")] = str(result.table["measure"].iloc[place])
        top.go_to(OPENED)
