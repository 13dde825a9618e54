"""Issues, their evidence, causes and remedies."""

from __future__ import annotations

from pages.ui import issues, trace_view
from pages.ui.context import Frame


def draw(here: Frame) -> None:
    """The list of issues, or the one that is open. Records can be read and written while the data are away."""
    store = here.store()
    issue = issues.opened_issue(here, store)
    if issue is None:
        issues.issue_list(here, store)
    else:
        trace_view.draw(here, store, issue)
