"""Which filters does a link ask for? By codes as the app writes them, or by what a person sees on the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from data_access.columns import cut_meant
from data_access.semantics import SemanticModel
from pages.frame import address
from pages.words.links import RESERVED, parameter, parameters
from pages.words.options import option_meant


def rename(model: SemanticModel, page: str) -> None:
    """Filters of a link under the names they are written by today, whatever else the dimension is called."""
    arrived = st.session_state[address.ARRIVED]
    for given in [name for name in arrived if name not in RESERVED]:
        dimension = cut_meant(model, given)
        if dimension in model.filterable and given != dimension:
            arrived.setdefault(parameter(dimension), arrived.pop(given))
    for dimension in model.filterable:
        now, *before = parameters(dimension, page)
        for name in before:
            if name in arrived and now not in arrived:
                arrived[now] = arrived.pop(name)


def known(called: str, values: Sequence[str], options: Sequence[str], show: Callable[[str], str]) -> list[str] | None:
    """The values that exist; the others are noted, so that a narrower link never silently widens."""
    codes = {value: option_meant(value, options, show) for value in values}
    known = list(dict.fromkeys(code for code in codes.values() if code is not None))
    unknown = [value for value, code in codes.items() if code is None]
    if known and unknown:
        address.note("link.dropped", name=called, value=", ".join(unknown)[:60])
    return known or None
