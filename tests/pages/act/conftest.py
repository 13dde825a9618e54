"""A workshop store with an issue in it, and the widgets of a record found by their field."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from analysis.contribution import contribution
from analysis.result import Result
from data_access.access import Role, User, local_analyst
from data_access.model_file import read_model
from data_access.selection import Period, Selection
from data_access.taxonomy import load_taxonomy
from data_access.warehouse import open_warehouse
from data_access.workshop.codec import headline_rows
from data_access.workshop.records import Issue, IssueState, Pin
from data_access.workshop.store import Store, open_store
from pages.words.catalogue import Catalogue

from ..conftest import MODEL

ME = local_analyst()
LI = User("li", "Li", frozenset({Role.ANALYST}))
OCTOBER = Selection(
    "score", Period(date(2026, 10, 1), date(2026, 11, 1)), Period(date(2026, 9, 1), date(2026, 10, 1))
)
DIAGNOSIS = {"location_reason": "各业务都有", "cause": "排班未随账期调整", "cause_type": "capacity",
             "gap": "design", "system": "improvement", "power": "centre", "owner": "workforce",
             "exception": "培训示例"}  # fmt: skip
EN, ZH = Catalogue.load("en"), Catalogue.load("zh-CN")


@pytest.fixture
def store(empty_store: Path, tmp_path: Path) -> Store:
    """The store the pages of this test use."""
    shutil.copy(empty_store, tmp_path)
    return open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}")


@pytest.fixture(scope="session")
def result(sample: Path) -> Result:
    """Lost points by business in October."""
    return contribution(open_warehouse(str(sample), read_model(MODEL)), OCTOBER, by=("business",))


@pytest.fixture
def evidence(result: Result) -> Pin:
    return Pin(method=result.method, selection=result.selection, data_version=result.data_version,
               options={**result.options, "data": "default"}, statements=result.findings,
               statistics=dict(result.statistics), rows=headline_rows(result.table),
               link="http://elsewhere.example:1/contribution?depth=advanced&segment=broadband")  # fmt: skip


@pytest.fixture
def issue(store: Store, evidence: Pin) -> Issue:
    """An open issue with one piece of evidence, its data problem."""
    made = store.create_issue(ME, "热线为何丢分", data_version=evidence.data_version)
    origin = store.pin(ME, made.id, evidence).id
    return store.save_issue(ME, replace(made, origin=origin, location_reason=DIAGNOSIS["location_reason"]))


@pytest.fixture
def diagnosed(store: Store, issue: Issue) -> Issue:
    return store.save_issue(ME, replace(issue, **DIAGNOSIS, state=IssueState.DIAGNOSED))


def field(app: AppTest, kind: str, name: str) -> Any:
    """The widget of a record's field, whichever record and round it belongs to."""
    pattern = re.compile(rf"edit\.[^.]+\.\d+\.{name}(\..*)?")
    return next(widget for widget in getattr(app, kind) if widget.key and pattern.fullmatch(widget.key))


def button(app: AppTest, key: str) -> Any:
    return next(b for b in app.button if b.key == key)


def told(app: AppTest) -> str:
    return "\n".join(m.value for m in [*app.markdown, *app.caption])


def labelled(section: str, code: str, language: str) -> str:
    return load_taxonomy().label(section, code, language) or ""
