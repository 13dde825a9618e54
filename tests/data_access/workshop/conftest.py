"""Every store test runs on a SQLite file and on a database of its own in a real PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from data_access.access import Role, Scope, User
from data_access.selection import Filter, Period, Selection
from data_access.statement import Problem, Statement
from data_access.workshop.records import Issue, IssueState, Pin, Plan
from data_access.workshop.store import Store, open_store

ANALYST = User("u1", "Li Na", frozenset({Role.ANALYST}))
INSTRUCTOR = User("u2", "Wang Wei", frozenset({Role.INSTRUCTOR}))
VIEWER = User("u3", "Zhao Min", frozenset({Role.VIEWER}))
GROUP_A = User("u4", "Chen Jie", frozenset({Role.PARTICIPANT}), groups=frozenset({"A"}))
GROUP_B = User("u5", "Sun Tao", frozenset({Role.PARTICIPANT}), groups=frozenset({"B"}))
TEAM_1 = User("u6", "Gao Yu", frozenset({Role.ANALYST}), Scope((Filter("team", ("1",)),)))


DIAGNOSIS = {
    "where": "Calls about the bill on the last days of the month",
    "cause": "Flat roster against doubled billing calls",
    "cause_type": "capacity",
    "gap": "design",
    "exception": "Seen in the roster itself",
}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'folder' / 'workshop.sqlite'}"
        return
    server = make_url(request.getfixturevalue("postgres_url"))
    name = f"workshop_{uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    store = open_store(store_url)
    yield store
    store.engine.dispose()


def evidence(**changes: object) -> Pin:
    """A pin as the contribution page would make it."""
    october = Period(date(2026, 10, 1), date(2026, 11, 1))
    given: dict[str, object] = {
        "method": "contribution",
        "selection": Selection("score", october, october.previous(), (Filter("business", ("3G", None)),)),
        "data_version": "a81f3c",
        "options": {"by": ("business",), "level": 0.95},
        "statements": (Statement("contribution.top", {"segment": "3G", "contribution": 0.373}),),
        "statistics": {"score": 84.7, "lost_points": 15.3, "additive": True},
        "rows": ({"business": "3G", "n": 600, "score": 81.0}, {"business": None, "n": 4, "score": None}),
        "link": "/contribution?from=2026-10-01",
    }
    return Pin(**(given | changes))  # type: ignore[arg-type]


def diagnosed(store: Store, user: User = ANALYST) -> Issue:
    issue = store.create_issue(user, "3G callers wait")
    store.pin(user, issue.id, evidence())
    return store.save_issue(user, replace(issue, state=IssueState.DIAGNOSED, **DIAGNOSIS))


def roster(issue: Issue, **changes: object) -> Plan:
    given = {"owner": "workforce", "due": date(2026, 12, 15), "target_metric": "score", "target_value": 84.0}
    return Plan(issue_id=issue.id, action="Roster follows the bill", **(given | changes))  # type: ignore[arg-type]


def key_of(error: pytest.ExceptionInfo[Problem]) -> str:
    return error.value.statement.key
