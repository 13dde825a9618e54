"""A trace over the small sample: a number, the way to its place, whys with every kind of evidence, and a plan."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from analysis.overview import overview
from analysis.result import Result
from analysis.trail import contacts
from data_access.access import Role, User, local_analyst
from data_access.model_file import read_model
from data_access.selection import Filter, Period, Selection
from data_access.warehouse import Warehouse, open_warehouse
from data_access.workshop.codec import headline_rows
from data_access.workshop.records import CauseLevel, Confidence, Issue, Pin, Plan, Why, WhyStatus
from data_access.workshop.store import Store, open_store
from data_access.workshop.tracing import Evidence, EvidenceKind, Stance, Trace
from tests.pages.conftest import MODEL

ME = local_analyst()
LI = User("li", "Li", frozenset({Role.ANALYST}))
OCTOBER = Selection(
    "score", Period(date(2026, 10, 1), date(2026, 11, 1)), Period(date(2026, 9, 1), date(2026, 10, 1))
)
SINCE = tuple(str(day) for day in range(6, 32))
PATH = (Filter("sub_type", ("5g_bill",)), Filter("day_of_month", SINCE), Filter("reason", ("billing_dispute",)))
DUE = date(2027, 1, 31)
WHYS = ("账单看不懂", "五号起改了计费", "计费规则未先告知")
# what people wrote, which no language of the app may translate
WRITTEN = {
    "title": "账单为何丢分",
    "cause": "计费规则改得突然",
    "note": "班长说的",
    "rule": "按天计费",
    "action": "先告知再改",
}


@dataclass(frozen=True)
class Kept:
    """A store with one trace in it, to be copied for each test that changes it."""

    file: Path
    issue: str


@pytest.fixture(scope="session")
def opened(sample: Path) -> Warehouse:
    return open_warehouse(str(sample), read_model(MODEL))


@pytest.fixture(scope="session")
def drop(opened: Warehouse) -> Pin:
    """October's drop, as the overview pins it."""
    return pin_of(overview(opened, OCTOBER))


@pytest.fixture(scope="session")
def worst(opened: Warehouse) -> tuple[str, ...]:
    """Two contacts behind the last step of the path."""
    found = contacts(opened, replace(OCTOBER, filters=()), path=PATH, size=2)
    return tuple(found.table["contact_id"])


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory, drop: Pin, worst: tuple[str, ...]) -> Kept:
    """A trace that goes all the way to a plan, its diagnosis not yet made."""
    file = tmp_path_factory.mktemp("trace") / "workshop.sqlite"
    store = open_store(f"sqlite:///{file}")
    issue = begun(store, drop, PATH)
    grown(store, issue, worst)
    store.save_plan(ME, Plan(issue_id=issue.id, action=WRITTEN["action"], owner="business_dept", due=DUE,
                             target_metric="score", target_value=90.0, check_method="did"))  # fmt: skip
    store.engine.dispose()
    return Kept(file, issue.id)


@pytest.fixture
def store(kept: Kept, tmp_path: Path) -> Iterator[Store]:
    """The store the pages of this test use, with the trace in it."""
    shutil.copy(kept.file, tmp_path / "workshop.sqlite")
    opened = open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def traced(store: Store, kept: Kept) -> Trace:
    return store.traces(ME, kept.issue)[0]


def pin_of(result: Result, **options: Any) -> Pin:
    """A result as the pages pin it."""
    return Pin(method=result.method, selection=result.selection, data_version=result.data_version,
               options={**result.options, "data": "default", **options}, statements=result.findings,
               statistics=dict(result.statistics), rows=headline_rows(result.table),
               link=f"http://elsewhere.example:1/{result.method}")  # fmt: skip


def begun(store: Store, pin: Pin, path: tuple[Filter, ...], *, user: User = ME, **fields: Any) -> Issue:
    """An issue whose data problem is the pin, at the end of a path."""
    made = store.create_issue(user, fields.pop("title", WRITTEN["title"]), data_version=pin.data_version)
    origin = store.pin(user, made.id, replace(pin, id=f"pin-{made.id}")).id
    return store.save_issue(user, replace(made, origin=origin, path=path, **fields))


def grown(store: Store, issue: Issue, worst: tuple[str, ...]) -> None:
    """Three whys down to the root, with a piece of evidence of each kind; the root is supported."""
    parent, made = "", list[Why]()
    for level, statement in zip(CauseLevel, WHYS, strict=True):
        why = store.save_why(ME, Why(issue_id=issue.id, statement=statement, level=level, parent_id=parent))
        made.append(why)
        parent = why.id
    first, second, root = (why.id for why in made)
    pieces: list[dict[str, Any]] = [
        {"why_id": first, "kind": EvidenceKind.PIN, "pin_id": issue.origin},
        {"why_id": second, "kind": EvidenceKind.CONTACTS, "contacts": worst, "dataset": "default", "metric": "score",
         "statistics": {"n": 2, "missing": 0, "score": 10.0, "lost_points": 0.5}},
        {"why_id": root, "kind": EvidenceKind.RULE, "rule_id": "BR-2026-113", "effective": date(2026, 10, 6),
         "text": WRITTEN["rule"]},
        {"why_id": root, "kind": EvidenceKind.NOTE, "text": WRITTEN["note"], "stance": Stance.REFUTES},
        {"kind": EvidenceKind.LISTENING, "contacts": worst[:1], "dataset": "default", "metric": "score",
         "answers": {"standard_met": "yes", "rule_disliked": "yes"}},
    ]  # fmt: skip
    for piece in pieces:
        store.add_evidence(ME, Evidence(issue_id=issue.id, **piece))
    store.save_why(ME, replace(made[-1], status=WhyStatus.SUPPORTED, confidence=Confidence.HIGH))


def at_step(app: AppTest, step: str) -> AppTest:
    """The open trace at one of its steps."""
    return button(app, f"step.{step}").click().run()


def button(app: AppTest, key: str) -> Any:
    return next(b for b in app.button if b.key == key)


def keys(app: AppTest) -> set[str]:
    """The keys of everything that can be pressed."""
    return {b.key for b in app.button if b.key}


def marking(app: AppTest, *places: int) -> AppTest:
    """The trace once rows of its list of contacts were marked."""
    found = next(f.key for f in app.dataframe if f.key and f.key.startswith("contacts."))
    app.session_state[found] = {"selection": {"rows": list(places)}}
    return app.run()
