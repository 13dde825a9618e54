"""The data an issue speaks of: the context over its data set, and the whole that its path leads into."""

from __future__ import annotations

from analysis.issue_results import whole_of
from data_access.workshop.tracing import Trace
from pages.frame.context import Context, Frame
from pages.record import pinned_evidence


def over(here: Frame, trace: Trace) -> Context | None:
    """A context whose selection is the whole of the issue: metric and periods of its data problem, the user's scope.

    None where no data problem was named yet. Raises BadInput or Unreachable where its data are not here.
    """
    if trace.origin is None:
        return None
    there = pinned_evidence.over(here, trace.origin)
    return there.over(whole_of(trace.origin).within(here.user.scope.filters))
