"""What may be given beside the contacts: targets, events, benchmarks, and questions worth asking again."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from data_access.files import names
from data_access.files.beside import ROLES, read_beside, table_beside
from data_access.files.compose import Settings
from data_access.files.roles import ColumnRole, Part
from data_access.files.sniff import refuse_database
from data_access.labels import Labels
from data_access.preset import Preset
from data_access.preset_file import LEAST_COLUMNS
from data_access.semantics import SCORE
from data_access.statement import Problem, Statement
from pages.data import importing, reading, uploads
from pages.data.importing import PREFIX, Pending
from pages.frame.context import Frame

FAILED = f"{PREFIX}beside.failed"
MEGABYTES = 20


def draw(here: Frame, now: Pending, chosen: Sequence[ColumnRole], settings: Settings) -> Settings:
    """A place for each table, then the presets; returns the settings with what is there."""
    called = _called(here, chosen, settings)
    with st.expander(here.text("data.beside"), icon=":material/add:", type="compact"):
        for place, role in zip(st.columns(len(ROLES), gap="medium"), ROLES, strict=True):
            with place:
                _table(here, role, called)
        _presets(here, chosen, called)
    tables = tuple((role, table_beside(role, now.loaded.table)) for role in importing.beside())
    return replace(settings, tables=tables, presets=tuple(_kept_presets(called)))


def _called(here: Frame, chosen: Sequence[ColumnRole], settings: Settings) -> dict[str, str]:
    """What every metric, driver and dimension is called now, by its name in the model."""
    fields = {"en": "en", "zh-CN": "zh"}
    found: dict[str, str] = {}
    for role in chosen:
        name = SCORE if role.part is Part.SCORE else role.name
        if role.is_dimension or role.part in (Part.SCORE, Part.METRIC, Part.DRIVER):
            given = importing.corrections().get(role.column, {})
            found[name] = given.get(fields[here.words.language]) or role.said
    return found | {span.name: f"{span.since} → {span.column}" for span in settings.spans}


def _table(here: Frame, role: str, called: Mapping[str, str]) -> None:
    """One table: what it may hold, a file for it, or how many rows it has."""
    st.markdown(f"**{here.text(f'data.beside_{role}')}**")
    given = importing.beside().get(role)
    if given is not None:
        st.markdown(here.text("data.beside_rows", n=len(given)))
        st.button(here.text("data.beside_remove"), key=f"{PREFIX}beside.gone.{role}", type="tertiary",
                  icon=":material/delete:", on_click=_remove, args=(role,))  # fmt: skip
        return
    st.caption(here.text(f"data.beside_{role}_help"))
    upload = st.file_uploader(
        here.text(f"data.beside_{role}"), key=f"{PREFIX}beside.{role}", label_visibility="collapsed",
        max_upload_size=MEGABYTES,
    )  # fmt: skip
    if upload is not None and st.session_state.get(f"{PREFIX}beside.seen.{role}") != upload.file_id:
        st.session_state[f"{PREFIX}beside.seen.{role}"] = upload.file_id
        _receive(here, role, upload, called)
        st.rerun()
    failed: Statement | None = st.session_state.get(f"{FAILED}.{role}")
    if failed:
        st.warning(reading.in_words(here, failed), icon=":material/error:")


def _remove(role: str) -> None:
    del importing.beside()[role]


def _receive(here: Frame, role: str, upload: UploadedFile, called: Mapping[str, str]) -> None:
    """Read a table that was just uploaded; what is wrong with it is kept for the page."""
    folder = importing.new_folder(here)
    words = {**{text: name for name, text in called.items()}, **{name: name for name in called}}
    try:
        folder.mkdir(parents=True)
        file = folder / importing.name_of(upload)
        uploads.put(upload, file)
        refuse_database(file)
        importing.beside()[role] = read_beside(file, role, cache=folder / "read", names=words)
        st.session_state.pop(f"{FAILED}.{role}", None)
    except Problem as problem:
        st.session_state[f"{FAILED}.{role}"] = problem.statement
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _presets(here: Frame, chosen: Sequence[ColumnRole], called: Mapping[str, str]) -> None:
    """The presets there are, and a row for another one."""
    st.markdown(f"**{here.text('data.presets')}**")
    for number, row in enumerate(importing.presets()):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_said(here, row, called), width="stretch")
            st.button(here.text("data.beside_remove"), key=f"{PREFIX}preset.gone.{number}", type="tertiary",
                      icon=":material/delete:", on_click=_drop, args=(number,))  # fmt: skip
    st.caption(here.text("data.presets_help"))
    dimensions = [role.name for role in chosen if role.is_dimension]
    name, columns, within, add = st.columns([3, 4, 3, 2], vertical_alignment="bottom")
    key = f"{PREFIX}preset."
    title = name.text_input(here.text("data.head.name"), key=f"{key}name", max_chars=60)
    picked = columns.multiselect(here.text("data.preset_columns"), list(called), key=f"{key}columns", placeholder="",
                                 select_all=False, format_func=lambda code: called[code])  # fmt: skip
    inside = within.multiselect(here.text("data.preset_within"), dimensions, key=f"{key}within", placeholder="",
                                select_all=False, format_func=lambda code: called[code])  # fmt: skip
    ready = bool(title.strip()) and len(picked) >= LEAST_COLUMNS
    add.button(here.text("data.preset_add"), key=f"{key}add", disabled=not ready,
               on_click=_add, args=(title.strip(), picked, inside))  # fmt: skip


def _drop(number: int) -> None:
    del importing.presets()[number]


def _add(title: str, columns: Sequence[str], within: Sequence[str]) -> None:
    """Another preset, under a name that none has; the fields are empty again."""
    taken = {row["name"] for row in importing.presets()}
    base, number = names.slug(title) or "question", 1
    name = base
    while name in taken:
        number += 1
        name = f"{base}_{number}"
    row = {"name": name, "en": title, "zh": title, "columns": list(columns), "within": list(within)}
    importing.presets().append(row)
    for field in ("name", "columns", "within"):
        st.session_state.pop(f"{PREFIX}preset.{field}", None)


def _said(here: Frame, row: Mapping[str, Any], called: Mapping[str, str]) -> str:
    title = row.get({"en": "en", "zh-CN": "zh"}[here.words.language]) or row["name"]
    columns, within = ([called.get(n, n) for n in row[part] if n in called] for part in ("columns", "within"))
    key = "data.preset_row_within" if within else "data.preset_row"
    return here.text(key, name=title, columns=columns, within=within)


def _kept_presets(called: Mapping[str, str]) -> list[Preset]:
    """Those that still have two columns of the model, with the names that it has."""
    found = []
    for row in importing.presets():
        columns, within = (tuple(n for n in row[part] if n in called) for part in ("columns", "within"))
        labels = Labels(
            row["name"], tuple((code, row[f]) for code, f in (("en", "en"), ("zh-CN", "zh")) if row.get(f))
        )
        if len(columns) >= LEAST_COLUMNS:
            found.append(Preset(name=row["name"], labels=labels, columns=columns, within=within))
    return found
