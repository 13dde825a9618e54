"""The frozen data of a class, opened whatever the sidebar stands for."""

from __future__ import annotations

from dataclasses import replace

from analysis.issue_results import whole_of
from data_access.statement import Problem
from data_access.workshop.class_records import TrainingClass
from data_access.workshop.tracing import Trace, dataset_of
from pages.frame import datasets
from pages.frame.context import Context, Frame
from pages.record import trace_numbers
from pages.words import path_words


def over(here: Frame, klass: TrainingClass) -> Context | None:
    """None where they are not here any more."""
    if isinstance(here, Context) and here.dataset == klass.dataset and here.asks:
        return here
    asking = replace(here, asks=True)
    try:
        return datasets.over(asking, klass.dataset, datasets.opened(asking, klass.dataset))
    except Problem:
        return None


def of_issue(there: Context | None, row: Trace) -> Context | None:
    """The data over the whole that an issue speaks of; None before it has a data problem."""
    if there is None or row.origin is None or dataset_of(row.origin) != there.dataset:
        return None
    return there.over(whole_of(row.origin).within(there.user.scope.filters))


def located(there: Context | None, here: Frame, row: Trace) -> tuple[str, float | None]:
    """Where the path of a group ends, in words, and the share of everything lost that is left there."""
    issue = row.issue
    if not issue.path:
        return issue.location_reason, None
    words = (there or here).plain
    said = path_words.path(words, issue.path)
    context, result = trace_numbers.along(there or here, row)
    if context is None or result is None:
        return said, None
    return said, trace_numbers.numbers_of(context, row, result).share
