"""From the number to the owner of the cause: the table of all traces, or the one that is open."""

from __future__ import annotations

from pages.explain.trace import table
from pages.frame.context import Frame
from pages.record import record_list, view


def draw(here: Frame) -> None:
    """All rows in one grid; a click opens one with its four steps."""
    store = here.store()
    issue = record_list.opened_issue(here, store)
    if issue is None:
        table.draw(here, store)
    else:
        view.draw(here, store, issue)
