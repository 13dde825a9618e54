"""What can be done, and what it costs: days looked back, contacts a day, cost of one, value of a customer."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.frame import address
from pages.frame.context import Context
from pages.frame.linked_choices import choose_depth

WHOLE = {"days": ("last_days", 7, 92), "capacity": ("capacity", 50, 5_000)}  # name: (in the link, usual, most)
MONEY = {"cost": ("cost", 1.0), "value": ("worth", 5.0)}
MOST_MONEY = 1e9


def choose(here: Context) -> dict[str, Any]:
    """The options of the analysis, each a part of the link."""
    chosen: dict[str, Any] = {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name, (link, usual, most) in WHOLE.items():
            chosen[name] = int(_number(here, name, link, usual, least=1, most=most, step=1))
        for name, (link, price) in MONEY.items():
            chosen[name] = float(_number(here, name, link, price, least=0.01, most=MOST_MONEY, step=1.0))
        choose_depth(here)
    return chosen


def _number(here: Context, name: str, link: str, usual: float, *, least: float, most: float, step: float) -> float:
    key, kind = here.key(name), type(step)
    address.take(link, key, lambda values: _read(values[0], kind(least), kind(most)))
    st.session_state.setdefault(key, usual)
    value = st.number_input(
        here.text(f"risk_page.{name}"), kind(least), kind(most), step=step, key=key, width=160,
        persist_state="session", format="%d" if kind is int else "%g", help=here.text(f"risk_page.{name}_help"),
    )  # fmt: skip
    address.write(link, f"{value:g}")
    return value


def _read(text: str, least: float, most: float) -> float | None:
    """A number of the kind of its limits; None for what is none or lies outside of them."""
    try:
        value = type(least)(text)
    except ValueError:
        return None
    return value if least <= value <= most else None
