"""A file on its way to a data set: read, looked at, corrected, confirmed. One at a time in a session.

Everything of it lies in one folder, which goes when the file is confirmed or put aside; what a person corrects is
kept in the session, so that no rerun, other page or language loses it.
"""

from __future__ import annotations

import logging
import shutil
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from data_access.files.account import Why
from data_access.files.beside import table_beside
from data_access.files.compose import Settings
from data_access.files.draft import find_doubts, guess_settings
from data_access.files.guess import guess_roles
from data_access.files.kept_profile import profile_file
from data_access.files.load import load_file
from data_access.files.options import LoadedFile, ReadOptions, options_said
from data_access.files.profile import TableProfile
from data_access.files.roles import ColumnRole
from data_access.files.score import DraftOptions
from data_access.files.sniff import refuse_database
from data_access.library import Dataset, id_of
from data_access.model_file import parse_model
from data_access.statement import Problem, Statement
from pages.data import uploads
from pages.frame import datasets
from pages.frame.context import Frame

LOG = logging.getLogger("satrace")
PREFIX = "import."
PENDING, CORRECTIONS, FAILURE, SEEN, ROUND, DONE, BESIDE, PRESETS, ASKED, CORRECT = (
    f"{PREFIX}{name}"
    for name in (
        "pending",
        "corrections",
        "failure",
        "seen",
        "round",
        "done",
        "beside",
        "presets",
        "asked",
        "correct",
    )
)
READERS = f"{PREFIX}readers"  # who else may open the data that are being brought
FORGOTTEN_AFTER_S = 24 * 3600
LONGEST_NAME = 80
Tell = Callable[[float], None]


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A file that was read and waits to be confirmed.

    sheets: all that any reading of it has found. kept: the data set that is being corrected, and how it was read.
    asked: what a person said of the score.
    """

    file: Path
    options: ReadOptions
    loaded: LoadedFile
    profile: TableProfile
    roles: tuple[ColumnRole, ...]
    settings: Settings
    doubts: tuple[Statement, ...]
    sheets: tuple[str, ...] = ()
    kept: Dataset | None = None
    kept_options: ReadOptions = field(default_factory=ReadOptions)
    asked: DraftOptions = field(default_factory=DraftOptions)

    @property
    def id(self) -> str:
        """The data version: that of the data set being corrected, as long as it is read as before."""
        if self.kept is not None and self.options == self.kept_options:
            return self.kept.id
        return id_of(self.loaded.content_hash, self.options)

    @property
    def name(self) -> str:
        return self.kept.name if self.kept else self.file.stem


def pending() -> Pending | None:
    """The file that waits to be confirmed."""
    waiting: Pending | None = st.session_state.get(PENDING)
    return waiting


def failure() -> Statement | None:
    """Why the last file could not be read."""
    reason: Statement | None = st.session_state.get(FAILURE)
    return reason


def corrections() -> dict[str, dict[str, Any]]:
    """What a person has corrected so far: column -> field -> value."""
    corrected: dict[str, dict[str, Any]] = st.session_state.setdefault(CORRECTIONS, {})
    return corrected


def beside() -> dict[str, pd.DataFrame]:
    """The tables given beside the contacts, by what they hold."""
    tables: dict[str, pd.DataFrame] = st.session_state.setdefault(BESIDE, {})
    return tables


def presets() -> list[dict[str, Any]]:
    """The questions worth asking again, as rows: name, columns, within."""
    rows: list[dict[str, Any]] = st.session_state.setdefault(PRESETS, [])
    return rows


def round_of_uploads() -> int:
    """Part of the uploader's key: a new round begins with an empty one."""
    return int(st.session_state.get(ROUND, 0))


def receive(here: Frame, upload: UploadedFile, tell: Tell) -> None:
    """Read a file that was just uploaded, once; what comes of it is in `pending` or `failure`."""
    if st.session_state.get(SEEN) == upload.file_id:
        return
    st.session_state[SEEN] = upload.file_id
    st.session_state[FAILURE] = None
    folder = new_folder(here)
    name = name_of(upload)
    try:
        folder.mkdir(parents=True)
        uploads.put(upload, folder / name)
        refuse_database(folder / name)
        st.session_state[PENDING] = read(folder / name, ReadOptions(), tell)
    except Problem as problem:
        st.session_state[FAILURE] = problem.statement
    except Exception:  # a file nobody thought of must not take the page away
        LOG.exception("reading an uploaded file failed")
        st.session_state[FAILURE] = Statement("data.failed", {"name": name})
    if pending() is None:
        shutil.rmtree(folder, ignore_errors=True)


def read_again(options: Mapping[str, Any], tell: Tell) -> None:
    """Read the pending file in another way; when that fails the present reading stays."""
    now = pending()
    if now is None:
        return
    try:
        again = read(now.file, replace(now.options, **options), tell)
    except Problem as problem:
        st.session_state[FAILURE] = problem.statement
        return
    sheets = tuple(dict.fromkeys((*now.sheets, *again.sheets)))
    again = replace(again, sheets=sheets, kept=now.kept, kept_options=now.kept_options)
    with suppress(Problem):  # a column that is called otherwise now: nothing was said of it
        again = _drafted(replace(again, asked=now.asked))
    st.session_state[PENDING] = again
    st.session_state[FAILURE] = None


def draft_again(**said: Any) -> None:
    """Draft the model anew with what a person says of the score; what cannot be changes nothing and is said."""
    now = pending()
    if now is None:
        return
    asked = replace(now.asked, **said)
    try:
        st.session_state[PENDING] = _drafted(replace(now, asked=asked))
        st.session_state[FAILURE] = None
    except Problem as problem:
        st.session_state[FAILURE] = problem.statement


def read(file: Path, options: ReadOptions, tell: Tell, table: str | None = None) -> Pending:
    loaded = load_file(
        file, cache=file.parent / "read", options=options, table=table, progress=lambda share: tell(0.8 * share)
    )
    profile = profile_file(loaded)
    tell(1.0)
    now = Pending(
        file=file, options=options, loaded=loaded, profile=profile, roles=(), settings=Settings(loaded.table),
        doubts=(), sheets=_sheets(loaded),
    )  # fmt: skip
    return _drafted(now)


def _drafted(now: Pending) -> Pending:
    """The file with the roles, settings and doubts of its draft."""
    roles = guess_roles(now.profile, now.asked)
    settings = guess_settings(now.profile, roles, now.asked)
    settings = replace(settings, reading=tuple(options_said(now.options).items()))
    return replace(now, roles=roles, settings=settings, doubts=find_doubts(now.profile, roles, settings))


def _sheets(loaded: LoadedFile) -> tuple[str, ...]:
    """Every sheet of a workbook that holds something."""
    account = loaded.account
    if account is None:
        return ()
    others = (one.text for one in account.left_out if one.why in (Why.OTHER_SHEET, Why.HIDDEN_SHEET))
    return (*account.sheets, *others)


def use(here: Frame, name: str, text: str) -> None:
    """Keep the pending file as a data set and let this session work on it. Called before anything is drawn."""
    now = pending()
    if now is None:
        return
    tables = {table_beside(role, now.loaded.table): frame for role, frame in beside().items()}
    file = now.file if now.loaded.account else None
    try:
        parse_model(text)
        kept = datasets.library(here.settings, here.user).add(
            now.id, name=name, database=now.loaded.database, model=text, file=file, beside=tables,
            readers=tuple(st.session_state.get(READERS, ())),
        )  # fmt: skip
    except Problem as problem:
        st.session_state[FAILURE] = problem.statement
        return
    except OSError as error:
        detail = error.strerror or type(error).__name__
        st.session_state[FAILURE] = Statement("data.not_kept", {"name": name, "detail": detail})
        return
    put_aside()
    st.session_state["data"] = kept.id
    st.session_state[DONE] = kept.id


def put_aside() -> None:
    """Forget the pending file, what was corrected and its folder."""
    now = pending()
    if now is not None:
        shutil.rmtree(now.file.parent, ignore_errors=True)
    again = round_of_uploads() + 1
    for key in [key for key in st.session_state if str(key).startswith(PREFIX)]:
        del st.session_state[key]
    st.session_state[ROUND] = again


def new_folder(here: Frame) -> Path:
    """A folder of its own for a file on its way, not made yet."""
    place = here.settings.data_folder / "uploads"
    _sweep(place)
    return place / uuid.uuid4().hex


def name_of(upload: UploadedFile) -> str:
    """The name a file was uploaded by, without a path and not too long."""
    return Path(upload.name).name[-LONGEST_NAME:]


def _sweep(place: Path) -> None:
    """Folders of sessions that ended without a decision."""
    for folder in place.glob("*") if place.is_dir() else ():
        if time.time() - folder.stat().st_mtime > FORGOTTEN_AFTER_S:
            shutil.rmtree(folder, ignore_errors=True)
