"""The frozen data of classes as data sets: whoever attends a class has these and no others, whatever is asked for."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from data_access.access import Role, User, is_outside_class, may_teach
from data_access.frozen import version_of
from data_access.selection import Selection
from data_access.settings import Settings
from data_access.statement import BadInput, Problem
from data_access.training_file import CONTACTS, MODEL
from data_access.workshop.class_records import TrainingClass
from pages.frame import open_data, periods, sidebar
from pages.frame.context import Frame
from pages.frame.periods import Calendar

PREFIX = "class-"


def id_of(class_id: str) -> str:
    """The id of a class's data set."""
    return f"{PREFIX}{class_id}"


def is_class(dataset: str) -> bool:
    return dataset.startswith(PREFIX)


def names(settings: Settings, user: User) -> dict[str, str]:
    """The data sets of the classes that somebody attends or has opened, by title; none while the store is away.

    Whoever attends a class gets its data set in any case, and no other.
    """
    try:
        classes = open_data.store(settings.store_url).classes(user)
    except Problem:
        classes = ()
    if not is_outside_class(user):
        own = id_of(user.attends)
        return {own: next((klass.title for klass in classes if klass.id == user.attends), "")}
    mine = [klass for klass in classes if _opened_by(klass, user) and folder_of(settings, klass.id).is_dir()]
    titles = [klass.title for klass in mine]
    return {
        id_of(k.id): k.title if titles.count(k.title) == 1 else f"{k.title} ({k.code})"
        for k in mine
    }  # fmt: skip


def _opened_by(klass: TrainingClass, user: User) -> bool:
    return may_teach(user) and (klass.created_by_id == user.id or user.has(Role.ADMIN))


def check(user: User, dataset: str) -> None:
    """Raises BadInput for a data set that somebody attending a class may not open, and for a class of others."""
    allowed = (
        dataset == id_of(user.attends) if not is_outside_class(user) else may_teach(user) or not is_class(dataset)
    )
    if not allowed:
        raise BadInput("library.unknown", id=dataset[:20])


def folder_of(settings: Settings, class_id: str) -> Path:
    return settings.data_folder / "classes" / class_id


def place(settings: Settings, user: User, dataset: str) -> tuple[Path, Path, str]:
    """Database, model and version of a class's data. Raises BadInput where there are none for this user."""
    folder = _folder(settings, user, dataset)
    return folder / CONTACTS, folder / MODEL, version_of(folder)


def _folder(settings: Settings, user: User, dataset: str) -> Path:
    """The store knows which classes there are, so that no other name leads anywhere."""
    check(user, dataset)
    klass = open_data.store(settings.store_url).training_class(user, dataset.removeprefix(PREFIX))
    return folder_of(settings, klass.id)


def begin(frame: Frame, dataset: str, calendar: Calendar | None) -> None:
    """Let the pages begin with the case's period and baseline, unless others were chosen.

    Before the sidebar is drawn: what a link asks for comes after this and wins.
    """
    if calendar is None or not is_class(dataset) or "period" in st.session_state:
        return
    case = frame.store().training_class(frame.user, dataset.removeprefix(PREFIX)).case
    if case.period is not None:
        st.session_state.setdefault("base", periods.PREVIOUS)
        sidebar.go_to(Selection(period=case.period, baseline=case.baseline), calendar, ())
