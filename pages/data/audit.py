"""Who brought, changed and deleted which data? An admin sees all of it, anybody else what became of their own."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from data_access.access import may_import
from data_access.library import Happened
from pages.data import readers
from pages.data.sizes import height_of, place_of
from pages.frame import datasets
from pages.frame.context import Frame
from pages.frame.folded import folded
from pages.record import record_words as say


def draw(here: Frame) -> None:
    """Everything that happened to the data sets, the latest first; asked for only when opened."""
    if not may_import(here.user):
        return
    place = folded(here.text("data.audit"), "history", "data.audit")
    if not place.open:
        return
    with place:
        happened = datasets.library(here.settings, here.user).happened()
        if not happened:
            st.markdown(here.text("data.audit_empty"))
            return
        table = _table(here, happened)
        place_of(here).dataframe(
            table, hide_index=True, key="data.audit.table", placeholder="", height=height_of(len(table), here)
        )


def _table(here: Frame, happened: list[Happened]) -> pd.DataFrame:
    heads = [here.text(f"data.audit_{name}") for name in ("at", "who", "what", "name", "version", "readers")]
    name_of = readers.names(here)
    rows = [
        (
            say.moment(here, datetime.fromisoformat(one.at)),
            name_of(one.who),
            here.text(f"data.audit_{one.what}"),
            one.name,
            one.version,
            here.plain.show([name_of(reader) for reader in one.readers], "names"),
        )
        for one in happened
    ]
    return pd.DataFrame(rows, columns=heads)
