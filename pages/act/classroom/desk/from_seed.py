"""A case that is made by a seed: what lies behind it is chosen, or a surprise to the instructor as well."""

from __future__ import annotations

from functools import partial
from secrets import randbelow

import streamlit as st

from data_access.frozen import freeze_case
from data_access.training import Kind
from data_access.training_file import read_case, read_key
from pages.act.classroom.desk.fields import about, place
from pages.act.classroom.desk.material import Material, Prepare
from pages.frame import kept
from pages.frame.context import Frame
from sample_data import case

SURPRISE = ""
SEEDS, HARDEST = 10_000, 3
FIRST = "desk.first_seed"


def choose(here: Frame) -> Prepare:
    first = st.session_state.setdefault(FIRST, 1 + randbelow(SEEDS))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            here.text("desk.kind_of_case"), [SURPRISE, *Kind], width=340,
            format_func=lambda code: here.text(f"desk.kind.{code}" if code else "desk.surprise"),
            **kept.options(here, about("kind"), place("kind")),
        )  # fmt: skip
        difficulty = st.segmented_control(
            here.text("desk.difficulty"), [*range(1, HARDEST + 1)], required=True,
            format_func=lambda level: here.text(f"desk.difficulties.d{level}"),
            **kept.options(here, about("difficulty", 2), place("difficulty")),
        )  # fmt: skip
        seed = st.number_input(here.text("desk.seed"), min_value=0, max_value=10**9, step=1, width=190,
                               help=here.text("desk.seed_help"),
                               **kept.options(here, about("seed"), place("seed"), first))  # fmt: skip
    st.caption(here.text("desk.made_note"))
    return partial(_prepared, here, int(seed or 0), int(difficulty or 1), Kind(kind) if kind else None)


def _prepared(here: Frame, seed: int, difficulty: int, kind: Kind | None) -> Material:
    folder = case.make(here.settings.data_folder / "cases", seed=seed, difficulty=difficulty, kind=kind)
    return Material(read_case(folder), read_key(folder), lambda place, _: freeze_case(here.user, folder, place))
