"""Before single contacts are shown, it is kept who sees them; what cannot be kept is not shown.

An installation without sign-in knows nobody by name, so that there it keeps nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from analysis.result import Result
from data_access.access import User, is_local
from data_access.selection import Filter
from data_access.semantics import SemanticModel
from data_access.statement import Problem, Unreachable
from data_access.warehouse.rows import masked
from data_access.workshop.seen_records import Seen, asked_of
from data_access.workshop.store import Store

CONTACT = "contact_id"  # a column of tables whose rows are single contacts
WHICH = ("order", "page", "days")  # options that say which rows of a selection were shown


@dataclass(frozen=True)
class Witness:
    """Keeps what one person sees, in the store, for so many days."""

    user: User
    store: Callable[[], Store]
    keep_days: int

    @property
    def is_needed(self) -> bool:
        return not is_local(self.user)

    def note(self, what: Seen) -> None:
        """Raises Unreachable where it could not be kept."""
        try:
            self.store().note_seen(self.user, what, keep_days=self.keep_days)
        except Problem as problem:
            raise Unreachable("seen.not_kept") from problem

    def note_once(self, what: Seen) -> None:
        """Keep that something is about to be shown: once a session, however often the page runs."""
        noted = st.session_state.setdefault("seen.noted", set())
        if self.is_needed and repr(what) not in noted:
            self.note(what)
            noted.add(repr(what))

    def note_rows(self, result: Result, model: SemanticModel, dataset: str) -> None:
        """The same of the rows of a result, where these are single contacts."""
        if self.is_needed and CONTACT in result.table and len(result.table):
            self.note_once(Seen(what=result.method, dataset=dataset, data_version=result.data_version,
                                asked=asked_for(result, model), count=len(result.table)))  # fmt: skip


def asked_for(result: Result, model: SemanticModel) -> Mapping[str, Any]:
    """The selection of a result and which rows of it, without what names a person."""
    options = result.options
    which = {name: options[name] for name in WHICH if name in options}
    which |= {"contact": masked(options["contact"])} if "contact" in options else {}
    path = [Filter(name, tuple(values)) for name, values in options.get("path", ())]
    return {**asked_of(model, result.selection, path), **which}
