"""Contacts as people read them: a table of some, those that were marked, and what they say now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from analysis.result import Result
from analysis.trail import recheck
from data_access.workshop.records import Issue
from pages.frame.context import Context


def contact_frame(here: Context, contacts: Result) -> pd.DataFrame:
    """The contacts as people read them; columns that say nothing are left out."""
    table, words = contacts.table, here.plain
    reasons = next(iter(here.warehouse.model.reasons), None)
    columns: dict[str, Sequence[Any]] = {
        "stands_out": [", ".join(flags_of(here, flags)) for flags in table["flags"]],
        "contact_id": table["contact_id"],
        "time": [f"{t:%Y-%m-%d %H:%M}" if pd.notna(t) else "" for t in table["time"]],
        "given": table["given"],
        "lost": table["lost"],
        "reasons": [", ".join(words.show(r, "name", dimension=reasons) for r in named) for named in table["reasons"]],
        "wait": table["wait"],
        "transfers": table["transfers"],
        "errors": table["errors"],
        "comment": table["comment"].fillna(""),
        "recording": table["recording"].fillna(""),
    }
    said = {name: values for name, values in columns.items() if _says_something(values)}
    return pd.DataFrame({here.text(f"trace_page.contact.{name}"): list(v) for name, v in said.items()})


def flags_of(here: Context, flags: Sequence[str]) -> list[str]:
    """What stands out about a contact."""
    return [here.plain.text(f"trace_page.flag.{flag}") for flag in flags]


def _says_something(values: Sequence[Any]) -> bool:
    return any(value is not None and value == value and value != "" for value in values)


def marks(issue: Issue) -> str:
    """Where the session keeps the contacts last marked in the list of an issue."""
    return f"contacts.marked.{issue.id}"


def marked(issue: Issue) -> tuple[str, ...]:
    """The contacts last marked in the list of this issue."""
    chosen: tuple[str, ...] = st.session_state.get(marks(issue), ())
    return chosen


def figures(there: Context, ids: Sequence[str]) -> Mapping[str, Any]:
    """How many of these contacts are there, and what they score and lose now."""
    again = there.run(recheck, contact_ids=tuple(ids))
    return {name: again.statistics[name] for name in ("n", "missing", "score", "lost_points")}
