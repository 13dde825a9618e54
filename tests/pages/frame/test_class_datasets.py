"""The data of a class: whoever attends has these and no others; pages begin on the case's period; a link wins."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from data_access.access import Role, Scope, User
from data_access.frozen import freeze_case
from data_access.selection import Filter, Period, Selection
from data_access.settings import Settings
from data_access.statement import BadInput
from data_access.training import Case, Key, Reference, Truth, Words
from data_access.training_file import CONTACTS, MODEL
from data_access.workshop.class_records import TrainingClass
from data_access.workshop.store import open_store
from data_access.workshop.tracing import CONFIGURED
from pages.frame import class_datasets
from pages.frame.door.members import attending

TEACHER = User("t", "T", frozenset({Role.INSTRUCTOR}))
OTHER = User("o", "O", frozenset({Role.INSTRUCTOR}))
JULY, MAY = Period(date(2026, 7, 1), date(2026, 8, 1)), Period(date(2026, 5, 1), date(2026, 6, 1))
WORDS = Words("A", "甲")
CASE = Case(code="a", title=WORDS, story=WORDS, period=JULY, baseline=MAY)
REFERENCE = Reference(problem=WORDS, location=WORDS, gap="none", gap_why=WORDS, system="monitoring", power="centre",
                      cause_type="artefact", remedies=(), lift=WORDS, check=WORDS)  # fmt: skip
TEXT = """
table = "contacts"
time = { column = "began", timezone = "UTC" }
score = { column = "score", scale = [1, 10], formula = "mean_of_max" }
[dimensions]
team = { column = "team" }
"""
PAGE = """
import streamlit as st
from data_access.access import Role, Scope, User
from data_access.taxonomy import load_taxonomy
from pages.frame import address, class_datasets, datasets, open_data, sidebar
from pages.frame.context import Frame
from pages.words.catalogue import Catalogue

address.arrive()
words = Catalogue.load(sidebar.choose_language())
settings = open_data.settings()
user = User(ID, ID, frozenset({Role(ROLE)}), attends=ATTENDS)
frame = Frame(user=user, settings=settings, taxonomy=load_taxonomy(), words=words, plain=words, large=False,
              dark=False, store=lambda: open_data.store(settings.store_url), pages={}, page="overview")
dataset = datasets.chosen(settings, words, user)
st.session_state["dataset"] = dataset
if dataset.startswith("class-"):
    here = datasets.over(frame, dataset, datasets.opened(frame, dataset))
    calendar = open_data.calendar(here)
    class_datasets.begin(frame, dataset, calendar)
    st.session_state["chosen"] = sidebar.choose_selection(
        here.warehouse.model, calendar, members=lambda name: ["A", "B"], names=here.names, words=words,
        scope=user.scope, page="overview")
    st.session_state["version"] = here.version
for asked in ("default", "class-other", "0123456789ab") if ATTENDS else ():
    try:
        datasets.opened(frame, asked)
    except Exception as error:
        st.caption(f"{asked} {getattr(error, 'statement', error)}")
address.publish()
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A data folder with two classes of one teacher, of which only one has its data."""
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path))
    case = tmp_path / "case"
    case.mkdir()
    (case / MODEL).write_text(TEXT, encoding="utf-8")
    with duckdb.connect(str(case / CONTACTS)) as db:
        db.execute(
            "CREATE TABLE contacts AS SELECT DATE '2026-05-01' + CAST(i // 2 AS INTEGER) AS began, "
            "6 + i % 4 AS score, CASE i % 2 WHEN 0 THEN 'A' ELSE 'B' END AS team FROM range(240) t(i)"
        )
    made = Settings.from_environment()
    store = open_store(made.store_url)
    for number, title in enumerate(("First", "Second")):
        klass = TrainingClass(
            id=f"{number}" * 12, title=title, case=CASE, dataset=class_datasets.id_of(f"{number}" * 12)
        )
        store.open_class(TEACHER, klass, Key(truth=Truth(nothing=True), reference=REFERENCE), ["A"])
    freeze_case(TEACHER, case, class_datasets.folder_of(made, "0" * 12))
    return made


def opened(user: User, **asked: str) -> AppTest:
    head = f"ID, ROLE, ATTENDS = {user.id!r}, {next(iter(user.roles)).value!r}, {user.attends!r}\n"
    app = AppTest.from_string(head + PAGE, default_timeout=30)
    app.query_params.update(asked)
    app.run()
    assert not app.exception
    return app


def test_a_participant_has_the_class_s_data_alone_and_begins_on_its_period(settings: Settings) -> None:
    store = open_store(settings.store_url)
    somebody = User("m", "M", frozenset({Role.PARTICIPANT}), Scope((Filter("city", ("x",)),)))
    code = next(klass.code for klass in store.classes(TEACHER) if klass.title == "First")
    store.join(somebody, code, "M")
    user = attending(somebody, settings)
    assert user.scope == Scope()  # all of the class's data
    app = opened(user)
    assert app.session_state["dataset"] == "class-000000000000" and not app.selectbox(key="metric").disabled
    assert app.session_state["chosen"] == Selection("score", JULY, MAY)
    assert not [box for box in app.selectbox if box.key == "data"]
    refused = [caption.value.split(" ")[0] for caption in app.caption if "library.unknown" in caption.value]
    assert refused == [CONFIGURED, "class-other", "0123456789ab"]
    link = opened(user, data=CONFIGURED, **{"from": "2026-06-01", "to": "2026-07-01", "base": "previous"})
    assert link.session_state["dataset"] == "class-000000000000"
    assert link.session_state["chosen"] == Selection("score", Period(MAY.end, JULY.start), MAY)
    assert link.session_state["version"] == app.session_state["version"]


def test_a_teacher_has_the_data_of_the_own_classes_beside_the_others(settings: Settings) -> None:
    assert class_datasets.names(settings, TEACHER) == {"class-000000000000": "First"}
    assert class_datasets.names(settings, OTHER) == {}
    assert class_datasets.names(settings, User("v", "V")) == {}
    app = opened(TEACHER, data="class-000000000000")
    assert app.session_state["chosen"] == Selection("score", JULY, MAY)
    assert list(app.selectbox(key="data").options)[-1] == "First"
    with pytest.raises(BadInput, match=r"library\.unknown"):
        class_datasets.check(User("v", "V"), "class-000000000000")
    with pytest.raises(BadInput, match=r"training\.no_frozen"):
        class_datasets.place(settings, TEACHER, "class-111111111111")
