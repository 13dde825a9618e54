"""Finished examples say what the analyses say, cannot be changed, and are counted nowhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from analysis.methods import analysis_of
from analysis.trace import trace
from data_access.access import Role, User, local_analyst
from data_access.model_file import read_model
from data_access.statement import Problem
from data_access.warehouse import Warehouse, open_warehouse
from data_access.workshop import rules
from data_access.workshop.codec import headline_rows, plain
from data_access.workshop.records import CauseLevel, Comment, IssueState, Plan, Why, WhyStatus
from data_access.workshop.store import Store, open_store
from data_access.workshop.tracing import Evidence, EvidenceKind, Stance, Trace
from pages.record.examples import offer
from pages.record.examples.recipes import RECIPES
from pages.words.catalogue import Catalogue
from sample_data.causes import CAUSES
from tests.pages.conftest import MODEL, OpenPage
from tests.pages.explain.trace.conftest import button, keys

ME = local_analyst()
FIRST = "new_hire_team"
EACH = [
    pytest.param(name, language, ("where", "why", "solution"), marks=pytest.mark.prove)
    for name in RECIPES
    for language in ("zh-CN", "en")
]
EACH += [pytest.param(FIRST, "zh-CN", ("solution",))]
WRITES = {"issue.new", "example.open", "why.add", "plan.add", "plan.save", "comment.save", "save.why", "issue.delete"}


@pytest.fixture(scope="module")
def warehouse(sample: Path) -> Warehouse:
    return open_warehouse(str(sample), read_model(MODEL))


def file_of(folder: Path, name: str, language: str) -> Path:
    (file,) = (folder / "examples").glob(f"*/{name}.{language}.sqlite")
    return file


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_there_is_an_example_for_each_planted_cause_which_leads_to_its_place() -> None:
    assert set(RECIPES) == set(CAUSES)
    for name, recipe in RECIPES.items():
        found = {part.dimension: [*part.values] for part in recipe.path}
        planted = {dimension: [str(value) for value in values] for dimension, values in CAUSES[name].segment.items()}
        narrowed = {dimension: sorted(values) for dimension, values in found.items() if dimension in planted}
        assert narrowed == {dimension: sorted(values) for dimension, values in planted.items()}, name


@pytest.mark.parametrize(("name", "language", "steps"), EACH)
def test_an_example_says_what_the_analyses_say_and_stays_as_it_is(
    name: str, language: str, steps: tuple[str, ...], on_sample: OpenPage, warehouse: Warehouse, tmp_path: Path
) -> None:
    words, app = Catalogue.load(language), on_sample("trace", lang=language, example=name)
    assert not app.exception and not app.error and not app.warning
    assert app.title[0].value == words.text(f"example.{name}.title")
    assert {words.text(f"example.{name}.{part}") for part in ("seen", "guess", "done")} <= {
        m.value for m in app.markdown
    }
    file = file_of(tmp_path, name, language)
    before, store = digest(file), open_store(f"sqlite:///{file}?mode=ro")
    (row,) = store.traces(ME)
    same_as_asked(row, name, warehouse)
    whole(row, name, warehouse)
    nothing_can_be_written(store, row)
    assert not WRITES & keys(app)
    for step in steps:
        button(app, f"step.{step}").click().run()
        assert not app.exception and not app.error and not WRITES & keys(app)
    assert digest(file) == before
    assert app.query_params["example"] == name and row.issue.id not in str(dict(app.query_params))
    counted_nowhere(tmp_path)
    store.engine.dispose()
    assert "example.yourself" in keys(app)
    button(app, "example.back").click().run()
    assert {f"example.open.{name}" for name in RECIPES} <= keys(app) and "example" not in app.query_params


def same_as_asked(row: Trace, name: str, warehouse: Warehouse) -> None:
    recipe = RECIPES[name]
    for pin, ask in zip(row.pins, recipe.asks, strict=True):
        answer = analysis_of(ask.method)(warehouse, recipe.selection(ask.where), **ask.options)
        assert [s.key for s in pin.statements] == [s.key for s in answer.findings]
        assert plain(dict(pin.statistics)) == plain(dict(answer.statistics))
        assert plain([dict(r) for r in pin.rows]) == plain([dict(r) for r in headline_rows(answer.table)])
        assert pin.sql == answer.sql


def whole(row: Trace, name: str, warehouse: Warehouse) -> None:
    """All that a trace needs is there; a remedy promises its share of the way to the target."""
    recipe = RECIPES[name]
    assert not rules.lacks(row) and row.issue.path == recipe.path and row.origin == row.pins[0]
    refuted = [why for why in row.whys if why.status is WhyStatus.REFUTED]
    assert len(refuted) == 1 and all(why.status is WhyStatus.SUPPORTED for why in row.whys if why not in refuted)
    assert {piece.stance for piece in row.evidence if piece.why_id == refuted[0].id} == {Stance.REFUTES}
    if not recipe.remedy:
        assert row.issue.state is IssueState.CLOSED and not row.plans
        return
    (plan,) = row.plans
    end = trace(warehouse, recipe.selection(), path=recipe.path).table.iloc[-1]
    assert row.issue.state is IssueState.PLANNED and not rules.smart_gaps(plan)
    assert plan.target_value is not None and plan.expected_lift is not None and plan.expected_lift > 0
    assert plan.expected_lift == pytest.approx(end["share"] * (plan.target_value - end["score"]), abs=0.006)


def nothing_can_be_written(store: Store, row: Trace) -> None:
    """Whoever tries: the file itself is only read."""
    issue, (pin, *_), (why, *_), piece = row.issue, row.pins, row.whys, row.evidence[0]
    note = Evidence(issue_id=issue.id, kind=EvidenceKind.NOTE, text="note")
    writes: list[Callable[[User], Any]] = [
        lambda who: store.create_issue(who, "new"),
        lambda who: store.begin(who, "new", pin, ()),
        lambda who: store.save_issue(who, replace(issue, state=IssueState.OPEN)),
        lambda who: store.pin(who, issue.id, replace(pin, id="another")),
        lambda who: store.save_why(who, Why(issue_id=issue.id, statement="new", level=CauseLevel.ROOT)),
        lambda who: store.save_why(who, replace(why, statement="new")),
        lambda who: store.add_evidence(who, note),
        lambda who: store.save_plan(who, Plan(issue_id=issue.id, action="new")),
        lambda who: store.comment(who, Comment(issue_id=issue.id, text="new")),
        lambda who: store.remove_issue(who, issue.id),
        lambda who: store.remove_why(who, why.id),
        lambda who: store.remove_evidence(who, piece.id),
        lambda who: store.unpin(who, pin.id),
    ]
    for who in (ME, User("boss", "Boss", frozenset({Role.ADMIN})), User("reader", "")):
        for write in writes:
            with pytest.raises(Problem):
                write(who)
    (again,) = store.traces(ME)
    assert again == row


def counted_nowhere(folder: Path) -> None:
    own = open_store(f"sqlite:///{folder / 'workshop.sqlite'}")
    assert not own.issues(ME) and not own.plans(ME)
    own.engine.dispose()


@pytest.mark.prove
@pytest.mark.parametrize("page", ["workshop", "plans"])
def test_an_empty_page_offers_all_of_them(page: str, on_sample: OpenPage) -> None:
    app = on_sample(page, lang="en")
    assert {f"example.open.{name}" for name in RECIPES} <= keys(app)
    button(app, f"example.open.{FIRST}").click().run()
    assert not app.exception and not app.error


@pytest.mark.prove
def test_it_is_on_the_sample_where_the_pages_work_on_other_data(
    on_sample: OpenPage, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SATRACE_WAREHOUSE", str(sample))
    monkeypatch.setenv("SATRACE_MODEL", str(MODEL))
    app: AppTest = on_sample("trace", lang="en", example=FIRST)
    assert Catalogue.load("en").text("example.other_data") in {
        c.value for c in app.caption
    } and "example.yourself" not in keys(app)
    assert not app.exception and not app.error


def test_who_attends_a_class_finds_the_causes_out_first() -> None:
    attending = User("member-1", "Li", frozenset({Role.PARTICIPANT}), attends="class")
    assert not offer.may_read(attending) and offer.may_read(ME)
