"""The contribution page's choices: what to cut by, a target to measure against, and the segment to look into."""

from __future__ import annotations

import streamlit as st

from analysis.result import Result
from pages.frame import address, top
from pages.frame.context import Context
from pages.frame.linked_choices import choose, choose_cut, choose_depth, choose_number
from pages.words.options import code_of
from pages.words.tables import segment_names

ALL = "all"
REASONS = "reasons"  # the place of the page where the reasons are drawn


def choose_cut_and_target(here: Context) -> tuple[str, float | None]:
    """The dimension, the depth, and deeper down a target."""
    model = here.warehouse.model
    beside_label = here.at_least("intermediate")  # the target has its label above it
    with st.container(horizontal=True, vertical_alignment="bottom" if beside_label else "center"):
        by = choose_cut(here, [*model.offered, *model.reasons])
        choose_depth(here)
        target = _choose_target(here) if here.at_least("intermediate") else None
    return by, target


def _choose_target(here: Context) -> float | None:
    """A value every segment is measured against; without one, what the table of targets says."""
    label = here.text("option.target", unit=here.text(f"unit.{here.metric.unit}"))
    default = here.targets.get(here.selection.metric)
    return choose_number(
        here, "target", label=label, default=default, limits=here.metric.unit.range, nothing="–", width=200
    )


def take_segment(here: Context, result: Result) -> str | None:
    """The place of the segment that is looked into, as a link or the reader asked; None for everything."""
    codes = _codes(result)
    if set(st.session_state[address.ARRIVED].get("segment", ())) & set(codes):
        top.go_to(REASONS)
    address.take("segment", here.key("segment"), lambda values: values[0] if values[0] in (ALL, *codes) else None)
    chosen = st.session_state.get(here.key("segment"))
    return str(codes.index(chosen)) if chosen in codes else None


def look_inside(here: Context, result: Result, place: int) -> None:
    """Look into the segment of a row; before its choice is drawn."""
    st.session_state[here.key("segment")] = _codes(result)[place]


def has_reasons(here: Context, by: str) -> bool:
    """Whether reasons can be looked at inside a segment: they are those of a rating."""
    reasons = here.warehouse.model.reasons
    return bool(reasons) and by not in reasons and here.metric.survey


def choose_segment(here: Context, result: Result, *, inside: bool) -> str:
    """The code of the segment to look into: clicked in the chart, chosen in the table or by name.

    inside: whether there is anything to see in it; else it is only where a trace of a pin begins.
    """
    codes = _codes(result)
    names = dict(zip(codes, segment_names(result, here.plain), strict=True))
    label = here.text("option.segment" if inside else "option.traced")
    return choose(
        here, "segment", [ALL, *codes], ALL, lambda c: names.get(c) or here.text("option.everything"), label=label
    )


def _codes(result: Result) -> list[str]:
    return [code_of(segment[0]) for segment in result.table["segment"]]
