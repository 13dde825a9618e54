"""A new class: what it is called, on which case, with which groups; then its data are frozen and it opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data_access.statement import Problem
from data_access.workshop.class_records import TrainingClass
from data_access.workshop.field_rules import longest
from pages.act.classroom.desk import choosing, from_bank, from_own, from_seed
from pages.act.classroom.desk.fields import about, forget
from pages.act.classroom.desk.material import Prepare, group_names
from pages.frame import class_datasets, kept, top
from pages.frame.context import Frame

SOURCES: Mapping[str, Callable[[Frame], Prepare | None]] = {
    "bank": from_bank.choose,
    "made": from_seed.choose,
    "own": from_own.choose,
}


def draw(here: Frame) -> None:
    """Everything typed is kept until the class is open."""
    kept.read(here)
    with st.container(border=True, key="desk.new"):
        st.header(here.text("desk.new"), anchor=False)
        _form(here)


@kept.form
def _form(here: Frame) -> None:
    source = str(st.segmented_control(
        here.text("desk.source"), [*SOURCES], required=True,
        format_func=lambda code: here.text(f"desk.sources.{code}"),
        **kept.options(here, about("source", "bank"), "desk.new.source"),
    ))  # fmt: skip
    prepare = SOURCES.get(source, from_bank.choose)(here)
    title = kept.line(here, here.text("desk.title"), about("title"), "desk.new.title", max_chars=longest("title"),
                      placeholder=here.text("desk.title_hint"))  # fmt: skip
    groups = kept.line(here, here.text("desk.groups"), about("groups", "4"), "desk.new.groups",
                       help=here.text("desk.groups_help"))  # fmt: skip
    pressed = st.button(here.text("desk.open_class"), key="desk.open_class", type="primary", icon=":material/school:",
                        disabled=prepare is None)  # fmt: skip
    if pressed and prepare is not None:
        _open(here, title.strip(), groups, prepare)


def _open(here: Frame, title: str, groups: str, prepare: Prepare) -> None:
    """Make the data, freeze them, open the class; trouble leaves the form as it is."""
    place = st.empty()
    bar = place.progress(0.1, text=here.text("desk.making_data"))
    try:
        names, material = group_names(groups), prepare()
        _tell(here, bar, 0.0)
        klass = TrainingClass(title=title or material.case.title.said(here.words.language), case=material.case)
        folder = class_datasets.folder_of(here.settings, klass.id)
        version = material.freeze(folder, lambda share: _tell(here, bar, share))
        bar.progress(0.95, text=here.text("desk.opening"))
        opened = here.store().open_class(here.user, _on(klass, version), material.key, names)
    except Problem as problem:
        place.empty()
        top.refuse(here.say(problem.statement))
        return
    forget(here)
    choosing.go_to(opened.id)
    st.rerun()


def _tell(here: Frame, bar: DeltaGenerator, share: float) -> None:
    bar.progress(0.3 + 0.6 * share, text=here.text("desk.freezing"))


def _on(klass: TrainingClass, version: str) -> TrainingClass:
    return replace(klass, dataset=class_datasets.id_of(klass.id), data_version=version)
