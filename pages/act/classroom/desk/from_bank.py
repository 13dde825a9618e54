"""One of the six cases of the taxonomy, chosen by its story."""

from __future__ import annotations

from functools import partial

import streamlit as st

from data_access.frozen import freeze_case
from data_access.training_file import load_cases, read_case, read_key
from pages.act.classroom.desk.fields import about
from pages.act.classroom.desk.material import Material, Prepare
from pages.frame import kept
from pages.frame.context import Frame
from pages.words.markdown import escape_markdown
from sample_data import bank


def choose(here: Frame) -> Prepare:
    language = here.words.language
    cases = {case.code: case for case, _ in load_cases()}
    code = str(st.selectbox(
        here.text("desk.case"), list(cases), format_func=lambda code: cases[code].title.said(language),
        **kept.options(here, about("case", next(iter(cases))), "desk.new.case"),
    ))  # fmt: skip
    st.markdown(escape_markdown(cases[code].story.said(language)))
    return partial(_prepared, here, code)


def _prepared(here: Frame, code: str) -> Material:
    folder = bank.make(here.settings.data_folder / "cases", code)
    return Material(read_case(folder), read_key(folder), lambda place, _: freeze_case(here.user, folder, place))
