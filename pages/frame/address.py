"""The address bar as a value: what a link asks for, and what this run writes back so that it can be shared.

Codes stand in the address, so a link made in Chinese opens in English; labels only for codes that say nothing, as
column_3. Every run writes all of them, defaults included: "this month" would mean another month later. Nothing a
person typed and no id is ever written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from data_access.statement import Statement

Values = Mapping[str, Sequence[str]]
ARRIVED, WRITTEN, PENDING, NOTES = "address.arrived", "address.written", "address.pending", "address.notes"
NEW = "address.new"
TROUBLE, KEPT, SPOKEN = "address.trouble", "address.kept", "address.spoken"
IGNORED = ("embed", "embed_options")


def arrive() -> None:
    """Take over what the address asks for; it speaks once, until somebody changes it by hand or by a link."""
    now = {name: st.query_params.get_all(name) for name in st.query_params if name not in IGNORED}
    changed = bool(now) and now != st.session_state.get(WRITTEN)
    kept: Values = st.session_state.pop(KEPT, {})
    st.session_state[ARRIVED], st.session_state[NEW] = now if changed else dict(kept), changed
    st.session_state[PENDING] = {}
    st.session_state[NOTES] = []
    st.session_state[TROUBLE] = False
    st.session_state[SPOKEN] = {}


def speak(labels: Mapping[str, str]) -> None:
    """Write these codes by their labels, as a link may give them too."""
    st.session_state[SPOKEN] = labels


def _spoken() -> dict[str, list[str]]:
    """What this run stands for, as it is written."""
    labels, pending = st.session_state[SPOKEN], st.session_state[PENDING]
    return {labels.get(name, name): [labels.get(v, v) for v in values] for name, values in pending.items() if values}


def is_first_run() -> bool:
    """Whether this session has not drawn a page yet."""
    return WRITTEN not in st.session_state


def is_new() -> bool:
    """Whether this run came by a link, or back to what was before, and not by a widget."""
    return bool(st.session_state[NEW])


def requested(name: str) -> Sequence[str]:
    """The values a link gives for a name, once; empty when it gives none."""
    values: Sequence[str] = st.session_state[ARRIVED].pop(name, ())
    return values


def take(name: str, key: str, parse: Callable[[Sequence[str]], object | None]) -> None:
    """Put what a link asks for into the state of a widget; what cannot be used is dropped with a note."""
    values = requested(name)
    if not values:
        return
    parsed = parse(values)
    if parsed is None:
        note("link.dropped", name=name, value=", ".join(values)[:60])
    else:
        st.session_state[key] = parsed


def note(key: str, **values: object) -> None:
    """Say on this page that a part of the link was dropped."""
    st.session_state[NOTES].append(Statement(key, values))


def keep() -> None:
    """Something could not be drawn: what this run did not ask for stays in the address, for the next one."""
    st.session_state[TROUBLE] = True


def notes() -> Sequence[Statement]:
    """What was dropped; names nobody asked for count as dropped too, unless something could not be drawn."""
    for name in () if st.session_state[TROUBLE] else st.session_state[ARRIVED]:
        note("link.unknown", name=name[:40])
    st.session_state[ARRIVED] = {}
    statements: Sequence[Statement] = st.session_state[NOTES]
    return statements


def write(name: str, *values: str) -> None:
    """Say what this run stands for; shown in the address when the run ends."""
    st.session_state[PENDING][name] = list(values)


def publish() -> None:
    """Write the whole address at once."""
    pending = _spoken()
    now = {name: st.query_params.get_all(name) for name in st.query_params}
    if st.session_state[TROUBLE]:
        st.session_state[KEPT] = {n: v for n, v in now.items() if n not in pending and n not in IGNORED}
        pending |= st.session_state[KEPT]
    if pending != now:
        st.query_params.from_dict(pending)
    st.session_state[WRITTEN] = pending


def carried() -> dict[str, list[str]]:
    """What this run stands for, for the page it goes on to, which reads it like a link.

    Streamlit forgets what widgets stand for when a run, not the menu, goes to another page.
    """
    st.session_state[WRITTEN] = {}
    return {name: values for name, values in st.session_state[PENDING].items() if values}


def link() -> str:
    """The address of this run, complete, to be sent to somebody."""
    base = st.context.url or ""
    query = urlencode(_spoken(), doseq=True)
    return f"{base.split('?')[0]}?{query}"
