"""The fields of a class that is not open yet: kept while they are typed, and forgotten once the class is open."""

from __future__ import annotations

from typing import Any

import streamlit as st

from data_access.workshop.drafts import Draft
from pages.frame import kept
from pages.frame.context import Frame

NEW, KIND = "class.new", "class"


def about(field: str, before: Any = "") -> Draft:
    """Where the draft of a field belongs before there is a class."""
    return Draft(kind=KIND, subject_id=NEW, field=field, content=before, before=before)


def place(field: str) -> str:
    """The key of a field's widget."""
    return f"desk.new.{field}"


def forget(here: Frame) -> None:
    """The form begins empty again."""
    kept.drop(here, *[draft for draft in kept.drafts() if draft.subject_id == NEW])
    for key in [key for key in st.session_state if str(key).startswith("desk.new.")]:
        del st.session_state[key]
