"""One click narrows every page to a touchpoint: a row of them over the page's question.

They are the members of the touchpoint's filter in the sidebar, in its place in the session and in the link. A click
takes the touchpoint instead of those before; several at once are chosen in the sidebar, and are marked here too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from analysis.trail.column_roles import touchpoint_of
from data_access.access import Scope
from data_access.semantics import SemanticModel
from data_access.taxonomy import Taxonomy
from pages.words.catalogue import Catalogue
from pages.words.options import code_of, member_of

KEY, ALL = "presets.row", "*all*"
MOST = 10  # touchpoints in one row; of more, the filter in the sidebar has a list to search
LABELS = {False: "presets.label", True: "presets.of_new_issues"}


def show(
    model: SemanticModel,
    *,
    members: Callable[[str], Sequence[str | None]],
    words: Catalogue,
    taxonomy: Taxonomy,
    scope: Scope,
    of_records: bool,
) -> None:
    """The row; nothing where the data know no touchpoint, or only one that this person may see.

    of_records: on a page of records it says what a new issue would ask. After the sidebar, whose filter it shows.
    """
    name = touchpoint_of(model)
    codes = _in_order(_codes(name, members, scope), taxonomy) if name else []
    if not 1 < len(codes) <= MOST:
        return
    marked = [code for code in st.session_state.get(f"filter.{name}", []) if code in codes] or [ALL]
    st.session_state[KEY] = marked

    def called(code: str) -> str:
        return words.text("presets.all") if code == ALL else words.show(member_of(code), "name", dimension=name)

    with st.container(key="presets"):
        st.pills(
            words.text(LABELS[of_records]),
            [ALL, *codes],
            key=KEY,
            selection_mode="multi",
            label_visibility="visible" if of_records else "collapsed",
            format_func=called,
            on_change=_take,
            args=(name, marked),
        )


def _codes(name: str, members: Callable[[str], Sequence[str | None]], scope: Scope) -> list[str]:
    allowed = next((part.values for part in scope.filters if part.dimension == name), None)
    return [code_of(m) for m in members(name) if m is not None and (allowed is None or m in allowed)]


def _in_order(codes: Sequence[str], taxonomy: Taxonomy) -> list[str]:
    """As the list of touchpoints has them: calls, online, bots; others behind."""
    places = {entry.code: place for place, entry in enumerate(taxonomy.entries("touchpoint"))}
    return sorted(codes, key=lambda code: places.get(code, len(places)))


def _take(name: str, before: Sequence[str]) -> None:
    """The touchpoint that was clicked and no other; a click on the only one ends the narrowing."""
    now = st.session_state[KEY]
    added = [code for code in now if code not in before]
    kept = added or (now if len(before) > 1 else [])
    st.session_state[f"filter.{name}"] = [code for code in kept if code != ALL]
    st.session_state.setdefault("filters.more", set()).add(name)
