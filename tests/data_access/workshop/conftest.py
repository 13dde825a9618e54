"""Every store test runs on a SQLite file and on a database of its own in a real PostgreSQL."""

import shutil
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
from data_access.workshop.records import CauseLevel, Issue, IssueState, Pin, Plan, Why, WhyStatus
from data_access.workshop.store import Store, open_store
from data_access.workshop.tracing import Evidence, EvidenceKind, Stance

ANALYST = User("u1", "Li Na", frozenset({Role.ANALYST}))
INSTRUCTOR = User("u2", "Wang Wei", frozenset({Role.INSTRUCTOR}))
VIEWER = User("u3", "Zhao Min", frozenset({Role.VIEWER}))
GROUP_A = User("u4", "Chen Jie", frozenset({Role.PARTICIPANT}), groups=frozenset({"A"}))
GROUP_B = User("u5", "Sun Tao", frozenset({Role.PARTICIPANT}), groups=frozenset({"B"}))
TEAM_1 = User("u6", "Gao Yu", frozenset({Role.ANALYST}), Scope((Filter("team", ("1",)),)))


DIAGNOSIS = {
    "location_reason": "Calls about the bill, wherever they come from",
    "cause": "Flat roster against doubled billing calls",
    "cause_type": "capacity",
    "gap": "design",
    "exception": "Seen in the roster itself",
}


@pytest.fixture(scope="session")
def empty_database(postgres_url: str) -> str:
    """The name of a database with a store in it in which nothing was written."""
    name = f"empty_{uuid4().hex}"
    admin = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    open_store(make_url(postgres_url).set(database=name).render_as_string(hide_password=False)).engine.dispose()
    return name


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a test has its store: nothing yet, unless it asks for `store`, which is a copy of an empty one."""
    is_made = "store" in request.fixturenames
    if request.param == "sqlite":
        file = tmp_path / "folder" / "workshop.sqlite"
        if is_made:
            file.parent.mkdir()
            shutil.copy(request.getfixturevalue("empty_store"), file)
        yield f"sqlite:///{file}"
        return
    server = make_url(request.getfixturevalue("postgres_url"))
    model = f"TEMPLATE {request.getfixturevalue('empty_database')}" if is_made else ""
    name = f"workshop_{uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} {model}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    store = open_store(store_url)
    yield store
    store.engine.dispose()


@pytest.fixture
def sqlite_store(empty_store: Path, tmp_path: Path) -> Iterator[Store]:
    """For rules that do not depend on the database."""
    shutil.copy(empty_store, tmp_path)
    store = open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}")
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


def a_why(issue: Issue, statement: str = "Callers wait", **changes: object) -> Why:
    given: dict[str, object] = {"level": CauseLevel.DIRECT} | changes
    return Why(issue_id=issue.id, statement=statement, **given)  # type: ignore[arg-type]


def contacts(why: Why, *ids: str, **changes: object) -> Evidence:
    """Single contacts brought forward for a why, with what was seen of them then."""
    given: dict[str, object] = {
        "kind": EvidenceKind.CONTACTS,
        "stance": Stance.SUPPORTS,
        "text": "Both were told another amount",
        "dataset": "sample",
        "data_version": "a81f3c",
        "metric": "score",
        "statistics": {"n": len(ids), "score": 20.0, "lost_points": 80.0},
    }
    about = {"issue_id": why.issue_id, "why_id": why.id, "contacts": ids}
    return Evidence(**(about | given | changes))  # type: ignore[arg-type]


def note(why: Why, **changes: object) -> Evidence:
    given = {"issue_id": why.issue_id, "why_id": why.id, "kind": EvidenceKind.NOTE, "text": "Everybody knows"}
    return Evidence(**(given | changes))  # type: ignore[arg-type]


def chain(store: Store, issue: Issue, *, last: WhyStatus = WhyStatus.SUPPORTED, user: User = ANALYST) -> list[Why]:
    """Three whys, one below the other; the last stands on contacts, for or against it."""
    whys: list[Why] = []
    for statement, level in zip(("Callers wait", "Seats are missing", "The roster is flat"), CauseLevel, strict=True):
        above = whys[-1].id if whys else ""
        whys.append(store.save_why(user, a_why(issue, statement, level=level, parent_id=above)))
    stance = Stance.REFUTES if last is WhyStatus.REFUTED else Stance.SUPPORTS
    store.add_evidence(user, contacts(whys[-1], "c1", "c2", stance=stance))
    whys[-1] = store.save_why(user, replace(whys[-1], status=last))
    return whys


def key_of(error: pytest.ExceptionInfo[Problem]) -> str:
    return error.value.statement.key
