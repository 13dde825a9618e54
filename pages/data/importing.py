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
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from data_access.files import LoadedFile, ReadOptions, load_file
from data_access.files.compose import Settings
from data_access.files.draft import find_doubts, guess_settings
from data_access.files.kept_profile import profile_file
from data_access.files.profile import TableProfile
from data_access.files.roles import ColumnRole, guess_roles
from data_access.files.sniff import refuse_database
from data_access.library import id_of
from data_access.model_file import parse_model
from data_access.statement import Problem, Statement
from pages.frame import datasets
from pages.frame.context import Frame

LOG = logging.getLogger("satrace")
PREFIX = "import."
PENDING, CORRECTIONS, FAILURE, SEEN, ROUND, DONE = (
    f"{PREFIX}{name}" for name in ("pending", "corrections", "failure", "seen", "round", "done")
)
FORGOTTEN_AFTER_S = 24 * 3600
LONGEST_NAME = 80
Tell = Callable[[float], None]


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A file that was read and waits to be confirmed."""

    file: Path
    options: ReadOptions
    loaded: LoadedFile
    profile: TableProfile
    roles: tuple[ColumnRole, ...]
    settings: Settings
    doubts: tuple[Statement, ...]

    @property
    def id(self) -> str:
        return id_of(self.loaded.content_hash, self.options)


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


def round_of_uploads() -> int:
    """Part of the uploader's key: a new round begins with an empty one."""
    return int(st.session_state.get(ROUND, 0))


def receive(here: Frame, upload: UploadedFile, tell: Tell) -> None:
    """Read a file that was just uploaded, once; what comes of it is in `pending` or `failure`."""
    if st.session_state.get(SEEN) == upload.file_id:
        return
    st.session_state[SEEN] = upload.file_id
    st.session_state[FAILURE] = None
    place = here.settings.data_folder / "uploads"
    _sweep(place)
    folder = place / uuid.uuid4().hex
    name = Path(upload.name).name[-LONGEST_NAME:]
    try:
        folder.mkdir(parents=True)
        (folder / name).write_bytes(upload.getbuffer())
        refuse_database(folder / name)
        st.session_state[PENDING] = _read(folder / name, ReadOptions(), tell)
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
        st.session_state[PENDING] = _read(now.file, replace(now.options, **options), tell)
        st.session_state[FAILURE] = None
    except Problem as problem:
        st.session_state[FAILURE] = problem.statement


def _read(file: Path, options: ReadOptions, tell: Tell) -> Pending:
    loaded = load_file(file, cache=file.parent / "read", options=options, progress=lambda share: tell(0.8 * share))
    profile = profile_file(loaded)
    roles = guess_roles(profile)
    settings = guess_settings(profile, roles)
    tell(1.0)
    return Pending(
        file=file,
        options=options,
        loaded=loaded,
        profile=profile,
        roles=roles,
        settings=settings,
        doubts=find_doubts(profile, roles, settings),
    )


def use(here: Frame, name: str, text: str) -> None:
    """Keep the pending file as a data set and let this session work on it. Called before anything is drawn."""
    now = pending()
    if now is None:
        return
    try:
        parse_model(text)
        datasets.library(here.settings).add(now.id, name=name, database=now.loaded.database, model=text)
    except Problem as problem:
        st.session_state[FAILURE] = problem.statement
        return
    except OSError as error:
        detail = error.strerror or type(error).__name__
        st.session_state[FAILURE] = Statement("data.not_kept", {"name": name, "detail": detail})
        return
    put_aside()
    st.session_state["data"] = now.id
    st.session_state[DONE] = now.id


def put_aside() -> None:
    """Forget the pending file, what was corrected and its folder."""
    now = pending()
    if now is not None:
        shutil.rmtree(now.file.parent, ignore_errors=True)
    again = round_of_uploads() + 1
    for key in [key for key in st.session_state if str(key).startswith(PREFIX)]:
        del st.session_state[key]
    st.session_state[ROUND] = again


def _sweep(place: Path) -> None:
    """Folders of sessions that ended without a decision."""
    for folder in place.glob("*") if place.is_dir() else ():
        if time.time() - folder.stat().st_mtime > FORGOTTEN_AFTER_S:
            shutil.rmtree(folder, ignore_errors=True)
