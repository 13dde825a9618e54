"""From the number to the owner of the cause: the table of all traces, or the one that is open."""

from __future__ import annotations

from pages.ui import issues, trace_table, trace_view
from pages.ui.context import Frame


def draw(here: Frame) -> None:
    """All rows in one grid; a click opens one with its four steps."""
    store = here.store()
    issue = issues.opened_issue(here, store)
    if issue is None:
        trace_table.draw(here, store)
    else:
        trace_view.draw(here, store, issue)
