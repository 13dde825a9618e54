"""Issues, their evidence, causes and remedies."""

from __future__ import annotations

from pages.frame.context import Frame
from pages.record import record_list, view


def draw(here: Frame) -> None:
    """The list of issues, or the one that is open. Records can be read and written while the data are away."""
    store = here.store()
    issue = record_list.opened_issue(here, store)
    if issue is None:
        record_list.issue_list(here, store)
    else:
        view.draw(here, store, issue)
