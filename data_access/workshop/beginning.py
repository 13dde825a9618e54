"""How does an issue begin? In the same way wherever it is begun: by hand, from evidence, or in a meeting."""

from __future__ import annotations

from sqlalchemy import Connection

from data_access.access import User
from data_access.taxonomy import Taxonomy
from data_access.workshop import class_gate, rules
from data_access.workshop.class_records import Stage
from data_access.workshop.records import Issue
from data_access.workshop.writing import add


def add_issue(connection: Connection, user: User, issue: Issue, taxonomy: Taxonomy) -> Issue:
    """A new issue, with its entry in the history."""
    rules.check_group(user, issue)
    rules.check_issue(issue, issue, taxonomy)
    class_gate.check(connection, user, issue, Stage.DATA_PROBLEM)
    added = add(connection, user, issue)
    class_gate.note_begun(connection, user, added)
    return added
