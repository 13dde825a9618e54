"""Issues, their evidence, causes and remedies."""

from __future__ import annotations

from pages.frame.context import Frame
from pages.record import chosen_issue, issue_cards, new_issue, open_issue


def asks_data(here: Frame) -> bool:
    """The list asks nothing; an issue that is open or made now does."""
    return new_issue.is_made() or chosen_issue.opened_issue(here, here.store()) is not None


def draw(here: Frame) -> None:
    """The list of issues, or the one that is open. Records can be read and written while the data are away."""
    store = here.store()
    issue = chosen_issue.opened_issue(here, store)
    if issue is None:
        issue_cards.cards(here, store)
    else:
        open_issue.draw(here, store, issue)
