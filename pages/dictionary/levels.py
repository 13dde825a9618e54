"""How are the columns of these data measured, and who said otherwise? A correction holds for everybody."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data_access.access import may_correct_levels
from data_access.corrected_levels import check_level, correctable
from data_access.model_file import parse_model
from data_access.semantics import Level, SemanticModel
from data_access.statement import BadInput, Problem
from data_access.workshop.monitor_records import LevelCorrection
from pages.frame import datasets
from pages.frame.context import Context

DONE, FAILED = "levels.done", "levels.failed"


def show(here: Context) -> None:
    """What each column is now, the form of a correction for who may, and what was corrected before."""
    st.markdown(f"## {here.text('levels.heading')}")
    st.markdown(here.text("levels.about"))
    _told(here)
    written = parse_model(datasets.model_text(here, here.dataset))
    if may_correct_levels(here.user):
        _form(here, written)
    else:
        st.caption(here.text("levels.may_not"))
    _now(here)
    _history(here)


def _told(here: Context) -> None:
    done, failed = (st.session_state.pop(name, None) for name in (DONE, FAILED))
    if failed is not None:
        st.warning(here.say(failed), icon=":material/error:")
    if done is not None:
        st.success(here.text("levels.saved", **done), icon=":material/check_circle:")


def _level(here: Context, level: str) -> str:
    return here.text(f"data.level.{level}")


def _now(here: Context) -> None:
    heads = [here.text(f"levels.{name}") for name in ("which", "now")]
    rows = [(here.plain.show({"dimension": n}, "name"), _level(here, level))
            for n, level in correctable(here.warehouse.model).items()]  # fmt: skip
    st.dataframe(pd.DataFrame(rows, columns=heads), hide_index=True, key="levels.now", placeholder="",
                 alt=here.text("levels.heading"))  # fmt: skip


def _form(here: Context, written: SemanticModel) -> None:
    named = lambda name: here.plain.show({"dimension": name}, "name")  # noqa: E731
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = list(correctable(written))
        st.selectbox(here.text("levels.which"), names, format_func=named, key="levels.name", width=260)
        st.selectbox(here.text("levels.now"), [*map(str, Level)], format_func=lambda level: _level(here, level),
                     key="levels.level", width=160)  # fmt: skip
        st.text_input(here.text("levels.reason"), key="levels.reason", max_chars=300, width="stretch")
        st.button(here.text("levels.save"), key="levels.save", on_click=_save, args=(here, written))


def _save(here: Context, written: SemanticModel) -> None:
    name, level, reason = (st.session_state[f"levels.{part}"] for part in ("name", "level", "reason"))
    try:
        check_level(written, name, level)
        if correctable(here.warehouse.model).get(name) == level:
            raise BadInput("levels.same")
        if not reason.strip():
            raise BadInput("levels.no_reason")
        said = LevelCorrection(dataset=here.dataset, column=name, level=level, reason=reason.strip())
        here.store().correct_level(here.user, said)
    except Problem as problem:
        st.session_state[FAILED] = problem.statement
        return
    st.session_state[DONE] = {"name": {"dimension": name}, "level": _level(here, level)}
    st.session_state["levels.reason"] = ""


def _history(here: Context) -> None:
    corrected = here.store().level_corrections(here.user, here.dataset)
    if not corrected:
        return
    st.markdown(f"### {here.text('levels.history')}")
    heads = [here.text(f"levels.{name}") for name in ("when", "who", "which", "now", "reason")]
    rows = [
        (here.plain.show(one.created_at, "date"), one.created_by,
         here.plain.show({"dimension": one.column}, "name"), _level(here, one.level), one.reason)
        for one in reversed(corrected)
    ]  # fmt: skip
    st.dataframe(pd.DataFrame(rows, columns=heads), hide_index=True, key="levels.history", placeholder="",
                 alt=here.text("levels.history"))  # fmt: skip
