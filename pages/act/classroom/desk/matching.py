"""Where each group looked against where the cause is: only the key knows, and only who may see it asks."""

from __future__ import annotations

from analysis.training.scoring import Match, match_of
from data_access.statement import Problem
from data_access.training import Key
from data_access.workshop.class_records import TrainingClass
from data_access.workshop.rules import NO_REAL_CHANGE
from data_access.workshop.tracing import Trace
from pages.frame.context import Context, Frame
from pages.words.answer_words import match_key


def of(here: Frame, klass: TrainingClass, there: Context | None, row: Trace) -> str | None:
    """The text that says so; None where the data or the key are not here."""
    try:
        key = here.store().key(here.user, klass.id)
        match = against(there, key, row)
    except Problem:
        return None
    return match_key(match, row, key.truth) if match else None


def against(there: Context | None, key: Key, row: Trace | None) -> Match | None:
    """How an answer compares with the truth; none without data or without an answer."""
    if there is None or row is None or not (key.truth.nothing or key.truth.segment):
        return None
    nothing = row.issue.cause_type == NO_REAL_CHANGE
    if not nothing and not row.issue.path:
        return None
    try:
        return match_of(there.warehouse, row.issue.path, nothing, key.truth)
    except Problem:
        return None
