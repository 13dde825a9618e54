"""From lost points to who can act on the cause: the table of all issues, or the one that is open."""

from __future__ import annotations

from pages.explain.trace import issue_table
from pages.frame.context import Frame
from pages.record import chosen_issue, new_issue, open_issue
from pages.record.examples import offer, reading, shelf


def asks_data(here: Frame) -> bool:
    """Rows with a data problem are measured anew; without any the data are asked once an issue is open or made."""
    if offer.asked(here):
        return shelf.is_configured(here.settings)
    store = here.store()
    is_open = chosen_issue.opened_issue(here, store) is not None
    return new_issue.is_made() or is_open or any(issue.origin for issue in store.issues(here.user))


def draw(here: Frame) -> None:
    """All rows in one grid; a click opens one with its four steps."""
    example = offer.asked(here)
    if example:
        return reading.draw(here, example)
    store = here.store()
    issue = chosen_issue.opened_issue(here, store)
    if issue is None:
        return issue_table.draw(here, store)
    return open_issue.draw(here, store, issue)
