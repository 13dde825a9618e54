"""The widgets by which a page asks what to show. Every choice is a code in the session and part of the link.

A choice is kept under `here.key(name)` and called `name` in the address. Those of the deeper levels stay in force at
the basic depth once they are made, because a depth changes how much is shown and never a number.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from types import MappingProxyType

import streamlit as st

from data_access.statement import BadInput
from pages.frame import address
from pages.frame.context import Context, Frame
from pages.words.columns import DEPTHS
from pages.words.options import option_meant

FIRST_CUT = "business"


def choose(
    here: Frame,
    name: str,
    options: Sequence[str],
    default: str,
    show: Callable[[str], str],
    *,
    label: str = "",
    width: int = 260,
    typed: Container[str] = (),
) -> str:
    """One of several, in a selectbox. typed: options that somebody typed, which never stand in the link."""
    key = here.key(name)
    _take_one(name, key, options, default, show)
    label = label or here.text(f"option.{name}")
    chosen = st.selectbox(
        label,
        options,
        key=key,
        persist_state="session",
        width=width,
        label_visibility="collapsed",
        format_func=lambda code: here.plain.text("option.labelled", label=label, value=show(code)),
    )
    if chosen not in typed:
        address.write(name, chosen)
    return chosen


def choose_cut(here: Context, options: Sequence[str]) -> str:
    """The dimension to cut by."""
    if not options:
        raise BadInput(f"{here.page}.no_dimension")
    return choose(here, "by", options, usual_cut(options), here.names.of_dimension)


def usual_cut(options: Sequence[str]) -> str:
    """The dimension a page is cut by until somebody chooses another."""
    return FIRST_CUT if FIRST_CUT in options else options[0]


def choose_depth(here: Context) -> None:
    """Basic, intermediate, advanced: how much is shown, never which numbers."""
    _take_one("depth", "depth", DEPTHS, DEPTHS[0], str)
    _segmented(here.text("option.depth"), DEPTHS, "depth", lambda code: here.text(f"depth.{code}"))
    address.write("depth", here.depth)


def choose_beside(here: Frame, name: str, options: Sequence[str], show: Callable[[str], str]) -> str:
    """One of a few that stand side by side; the first until somebody chooses another."""
    key = here.key(name)
    _take_one(name, key, options, options[0], show)
    _segmented(here.text(f"option.{name}"), options, key, show)
    chosen = str(st.session_state[key])
    address.write(name, chosen)
    return chosen


def _several_meant(values: Sequence[str], options: Sequence[str], show: Callable[[str], str]) -> list[str] | None:
    found = (option_meant(value, options, show) for value in values)
    return [code for code in found if code is not None] or None


def _take_one(name: str, key: str, options: Sequence[str], default: str, show: Callable[[str], str]) -> None:
    """Put what a link asks for, what was chosen before or the default where the widget finds it."""
    address.take(name, key, lambda values: option_meant(values[0], options, show))
    if st.session_state.get(key) not in options:
        st.session_state[key] = default


def _segmented(label: str, options: Sequence[str], key: str, show: Callable[[str], str]) -> None:
    st.segmented_control(
        label,
        options,
        key=key,
        required=True,
        persist_state="session",
        label_visibility="collapsed",
        format_func=show,
    )


def choose_several(
    here: Context, name: str, options: Sequence[str], *, label: str, nothing: str, width: int = 420
) -> tuple[str, ...]:
    """Any number of columns; offered deeper down, or where some are chosen. nothing: what none stands for."""
    key = here.key(name)
    address.take(name, key, lambda values: _several_meant(values, options, here.names.of_dimension))
    st.session_state[key] = [code for code in st.session_state.get(key, []) if code in options]
    if not (here.at_least("intermediate") or st.session_state[key]):
        return ()
    chosen = st.multiselect(
        label,
        options,
        key=key,
        persist_state="session",
        select_all=False,
        width=width,
        placeholder=nothing,
        format_func=here.names.of_dimension,
    )
    address.write(name, *chosen)
    return tuple(chosen)


def choose_number(
    here: Context,
    name: str,
    *,
    label: str,
    default: float | None,
    limits: tuple[float, float],
    nothing: str,
    kept_as: str = "",
    width: int = 290,
    named: Mapping[str, float | None] = MappingProxyType({}),
) -> float | None:
    """A number within limits; None where the field is empty.

    kept_as: its name in the session, where that is another. named: words that a link may give instead of a number.
    """
    key = here.key(kept_as or name)
    address.take(name, key, lambda values: named.get(values[0]) or _number(values[0], limits))
    st.session_state.setdefault(key, default)
    value = st.number_input(
        label,
        *limits,
        step=0.5,
        key=key,
        width=width,
        placeholder=nothing,
        persist_state="session",
        format="%g",
    )
    if value is None:
        return None
    address.write(name, f"{value:g}")
    return float(value)


def _number(text: str, limits: tuple[float, float]) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if limits[0] <= value <= limits[1] else None


def is_offered(here: Context, name: str, default: object) -> bool:
    """Whether a choice of the deeper levels is drawn: there, where a link asks for it, or where it has been made."""
    linked = name in st.session_state[address.ARRIVED]
    return here.at_least("intermediate") or linked or st.session_state.get(here.key(name), default) != default
