"""Which column plays which part? One row a column, to be corrected."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from data_access.semantics import Level, Missing
from pages.data import importing, roles
from pages.data.importing import PREFIX, Pending
from pages.data.sizes import height_of, key_of, width_of
from pages.frame.context import Frame


def draw(here: Frame, now: Pending) -> None:
    """One row per column. Its frame holds codes, so that a change of language changes no data."""
    st.markdown(f"### {here.text('data.columns')}")
    st.caption(here.text("data.columns_hint"))
    frame = roles.frame_of(now.profile, now.roles, importing.corrections())
    key = key_of(f"{PREFIX}columns.{now.id}", here)
    st.data_editor(
        frame, key=key, hide_index=False, column_config=_looks(here), disabled=["_index", "examples"], placeholder="",
        height=height_of(len(frame), here), on_change=_keep, args=(key, list(frame.index)),
        alt=here.text("data.columns"),
    )  # fmt: skip


def _keep(key: str, columns: Sequence[str]) -> None:
    """Take over what was edited, so that it outlives the table."""
    kept = importing.corrections()
    for row, changes in st.session_state[key]["edited_rows"].items():
        kept.setdefault(columns[int(row)], {}).update(changes)


def _looks(here: Frame) -> dict[str, Any]:
    """Headers, choices and their words; side by side they fit a screen of 1366 pixels."""
    column, text, wide = st.column_config, here.text, partial(width_of, here=here)

    def choice(name: str, codes: Sequence[str], **more: Any) -> Any:
        return column.SelectboxColumn(
            text(f"data.head.{name}"),
            options=list(codes),
            format_func=lambda code: text(f"data.{name}.{code}"),
            **more,
        )

    return {
        "_index": column.TextColumn(text("data.head.column"), width=wide(120)),
        "part": choice("part", [part.value for part in roles.PARTS], required=True, width=wide(124)),
        "examples": column.TextColumn(text("data.head.examples"), width=wide(70)),
        "en": column.TextColumn(text("data.head.en"), max_chars=80, width=wide(80)),
        "zh": column.TextColumn(text("data.head.zh"), max_chars=80, width=wide(80)),
        "level": choice("level", [level.value for level in Level], help=text("data.help.level"), width=wide(80)),
        "order": column.ListColumn(text("data.head.order"), help=text("data.help.order"), width=wide(70)),
        "missing": choice(
            "missing", [blank.value for blank in Missing], help=text("data.help.missing"), width=wide(74)
        ),
        "codes": column.ListColumn(text("data.head.codes"), help=text("data.help.column_codes"), width=wide(74)),
        "better": choice("better", ("high", "low"), width=wide(76)),
        "split": column.TextColumn(
            text("data.head.split"), max_chars=3, help=text("data.help.split"), width=wide(66)
        ),
    }
