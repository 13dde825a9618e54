"""A data set that is kept, opened again to be corrected: its file, and its model in the place of guesses."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from data_access.files.beside import kept_beside
from data_access.files.options import ReadOptions, options_from
from data_access.library import Dataset
from data_access.model_file import read_model
from data_access.statement import Problem, Statement
from pages.data import importing, kept
from pages.data.importing import PREFIX, Pending
from pages.frame.context import Frame


def correct(here: Frame, dataset: Dataset, tell: importing.Tell) -> None:
    """Open a data set that is kept: its file as it was read, and what its model says in the place of guesses."""
    if not dataset.may_correct(here.user):
        st.session_state[importing.FAILURE] = Statement("data.correct_whole")
        return
    importing.put_aside()
    folder = importing.new_folder(here)
    try:
        said, model = kept.read(dataset.model), read_model(dataset.model)
        folder.mkdir(parents=True)
        source = dataset.file or dataset.database
        file = folder / source.name
        shutil.copyfile(source, file)
        options = options_from(model.reading) if dataset.file else ReadOptions()
        now = importing.read(file, options, tell, table=model.table)
        tables = _beside_kept(dataset, model.tables, folder)
    except Problem as problem:
        st.session_state[importing.FAILURE] = problem.statement
        shutil.rmtree(folder, ignore_errors=True)
        return
    now = replace(now, kept=dataset, kept_options=options)
    st.session_state[importing.PENDING] = now
    st.session_state[importing.BESIDE] = tables
    _take_over(now, said)


def _beside_kept(dataset: Dataset, tables: Mapping[str, str], folder: Path) -> dict[str, pd.DataFrame]:
    """The tables beside the contacts of a data set, from a copy: the pages have the database itself open."""
    if not tables:
        return {}
    copy = folder / "kept.duckdb"
    shutil.copyfile(dataset.database, copy)
    return kept_beside(copy, tables)


def _take_over(now: Pending, model: Mapping[str, Any]) -> None:
    """What a kept model says, as if a person had typed it."""
    st.session_state[importing.CORRECTIONS] = kept.corrections_of(model, now.profile, now.roles)
    st.session_state[importing.PRESETS] = kept.presets_of(model)
    for name, value in kept.choices_of(model, now.settings).items():
        st.session_state[f"{PREFIX}{name}"] = value
    if scored := kept.score_column(model):
        st.session_state[f"{PREFIX}scaled"] = (scored, now.id, now.asked)
