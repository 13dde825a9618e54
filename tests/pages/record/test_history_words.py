"""Everything that happens to a plan is said in words in both languages: deeds, fields, codes, days, milestones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import select

from data_access.selection import Period, Selection
from data_access.settings import Settings
from data_access.statement import Statement
from data_access.taxonomy import load_taxonomy
from data_access.workshop.changes import editable
from data_access.workshop.records import (
    Comment,
    CommentKind,
    Escalation,
    Issue,
    Look,
    Milestone,
    Plan,
    PlanState,
    Priority,
    Ruling,
    Verdict,
    Why,
)
from data_access.workshop.store import Store, open_store
from data_access.workshop.tables import audit
from pages.frame.context import Frame
from pages.record import issue_cards
from pages.record import record_words as say
from pages.record.plan.table import plan_table
from pages.words.catalogue import LANGUAGES, Catalogue
from pages.words.markdown import escape_markdown
from tests.data_access.workshop.class_fixtures import begun, opened, seated
from tests.data_access.workshop.conftest import ANALYST, INSTRUCTOR, VIEWER

NOVEMBER = Period(date(2026, 10, 1), date(2026, 11, 1))
NAME = "a_b*c"  # would be Markdown
FULL = {
    "remedy": "topic_training", "action_type": "training", "owner": "training", "person": "Li",
    "due": date(2026, 12, 1),
    "target_metric": "score", "target_value": 84.0, "expected_lift": 0.4, "check_method": "did", "block": "bot_flow",
    "template": "training", "priority": Priority.HIGH, "escalation": Escalation.DIVISION, "blocker": "Seats",
    "cost": 9.5, "milestones": (Milestone(NAME, date(2026, 11, 2)), Milestone("Done", None, date(2026, 11, 9))),
    "baseline": NOVEMBER, "noticed": NOVEMBER, "start": date(2026, 11, 2), "check_on": date(2027, 1, 4),
    "unit": "team", "treated": ("A", "B"), "control": ("C",), "starts": (("B", date(2026, 11, 9)),),
    "guardrails": ("transferred",), "smallest": 0.5,
}  # fmt: skip


def frame(store: Store, language: str) -> Frame:
    words = Catalogue.load(language)
    settings = Settings(data_folder=Path(), store_url="")
    return Frame(user=ANALYST, settings=settings, taxonomy=load_taxonomy(), words=words.for_markdown(), plain=words,
                 large=False, dark=False, store=lambda: store, pages={}, page="workshop")  # fmt: skip


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Issue]:
    """An issue with all that can happen to a plan."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('words')}/workshop.sqlite")
    issue = store.create_issue(ANALYST, "3G")
    plan = store.save_plan(ANALYST, Plan(issue_id=issue.id, action="Train"))
    plan = store.save_plan(ANALYST, replace(plan, **FULL))  # type: ignore[arg-type]
    about = {"plan_id": plan.id, "issue_id": issue.id}
    said = store.comment(VIEWER, Comment(**about, text=f"# {NAME}\n- seen", kind=CommentKind.REVIEW))
    store.remove_comment(VIEWER, said.id)
    store.restore(VIEWER, said.id)
    store.add_look(VIEWER, Look(**about, dataset="d", data_version="v", selection=Selection(),
                                verdict=Verdict.NOT_EFFECTIVE,
                                statements=(Statement("effect.too_little"),)))  # fmt: skip
    ruling = store.overrule(ANALYST, Ruling(**about, verdict=Verdict.EFFECTIVE, reason=f"{NAME} [x](y)"))
    store.confirm_ruling(INSTRUCTOR, ruling.id)
    for state in (PlanState.DOING, PlanState.DONE, PlanState.CLOSED):
        plan = store.save_plan(ANALYST, replace(plan, state=state))
    store.withdraw_ruling(ANALYST, ruling.id)
    again = store.reopen(plan.id, Statement("workshop.gate.needs_plan", {"subject": "x"}), "v2")
    store.save_plan(ANALYST, replace(again, cycle_of="", template=""))
    return store, issue


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_history_is_in_words(lived: tuple[Store, Issue], language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store, issue = lived
    moment: Callable[..., str] = lambda *_: "now"  # noqa: E731
    monkeypatch.setattr(say, "moment", moment)  # the reader's clock is a browser's
    here = frame(store, language)
    told = "\n".join(say.happened(here, entry) for entry in store.history(ANALYST, issue.id))
    for word in ("2026-11-09", escape_markdown(NAME), "Done", "Seats"):
        assert word in told
    assert "\\\\" not in told  # nothing is escaped twice
    assert f"\n  - {escape_markdown(f'# {NAME} - seen')}" in told  # what people wrote, as text
    assert told.count(escape_markdown(f"{NAME} [x](y)")) == 3  # overruled, confirmed, withdrawn
    for code in ("Milestone(", "Period(", "bot_flow", "topic_training", "not_set", "Escalation", "datetime"):
        assert code not in told
    expected = {"en": ("Head of division", "Bot flow", "Why: "), "zh-CN": ("分管领导", "智能流程", "原因：")}
    assert all(word in told for word in cast(tuple[str, ...], expected[language]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_history_of_a_class_is_in_words(tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What happened to the class stands in the history of the issue; every deed that is written down has words."""
    moment: Callable[..., str] = lambda *_: "now"  # noqa: E731
    monkeypatch.setattr(say, "moment", moment)
    store = open_store(f"sqlite:///{tmp_path}/workshop.sqlite")
    klass = begun(store, opened(store, title=NAME))
    ann = seated(store, klass, 1)
    issue = store.create_issue(ann, "3G")
    store.bet(ann, klass.id, 0.5)
    store.submit(ann, klass.id)
    store.reveal(INSTRUCTOR, klass.id)
    here = frame(store, language)
    told = [say.happened(here, entry) for entry in store.history(ann, issue.id)]
    assert len(told) == 9 and all(escape_markdown(NAME) in told[place] for place in (0, -1))  # revealed, opened
    expected = {"en": ("Stage: Where", "handed in"), "zh-CN": ("阶段：问题定位", "提交")}
    assert all(word in "\n".join(told) for word in cast(tuple[str, ...], expected[language]))
    with store.engine.connect() as connection:
        kinds = connection.execute(select(audit.c.action, audit.c.kind).distinct()).all()
    words = here.plain
    assert [kind for kind in kinds if not words.has(f"workshop.audit.{kind.action}_{kind.kind}")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_and_code_has_its_name(language: str) -> None:
    words = Catalogue.load(language)
    records = (Issue(title="x"), Plan(issue_id="i", action="x"), Why(issue_id="i", statement="x", level="root"))  # type: ignore[arg-type]
    fields = {name for record in records for name in editable(record)} | {"reason", "second", "verdict", "comment"}
    assert [name for name in fields if not words.has(f"workshop.field.{name}")] == []
    lists = {"verdict": Verdict, "comment_kind": CommentKind, "priority": Priority, "escalation": Escalation,
             "state.plan": PlanState, "move.plan": PlanState}  # fmt: skip
    missing = [f"{name}.{code}" for name, codes in lists.items() for code in codes
               if not words.has(f"workshop.{name}.{code}")]  # fmt: skip
    assert missing == []


def test_a_plan_is_late_by_a_milestone_as_well(lived: tuple[Store, Issue]) -> None:
    store, issue = lived
    here, today = frame(store, "en"), date.today()
    steps = (Milestone(NAME, today - timedelta(days=3)),)
    plan = Plan(issue_id=issue.id, action="Train", due=today + timedelta(days=3), milestones=steps)
    row = replace(store.traces(ANALYST, issue.id)[0], plans=(plan,))
    due = plan_table(here, row).data[say.field(here, "due")].iloc[0]  # type: ignore[attr-defined]
    assert here.text("plan_register.late_step", name=NAME) in due
    assert issue_cards.Line(issue, (plan, replace(plan, milestones=()))).late == 1
