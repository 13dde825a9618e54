"""The Workshop as people use it: open an issue, diagnose it, plan, and meet somebody else's save."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from analysis.result import Result
from data_access.access import local_analyst
from data_access.selection import Selection
from data_access.taxonomy import load_taxonomy
from data_access.workshop.records import Issue, IssueState, Pin, Plan, PlanState
from data_access.workshop.store import Store
from pages.frame import open_data
from pages.record import record_words
from pages.words.catalogue import Catalogue

from ..conftest import EACH_CATALOGUE, OpenPage, seen
from .conftest import DIAGNOSIS, EN, LI, ME, ZH, button, field, labelled, told


def test_an_issue_is_opened_by_hand_and_needs_a_title(open_page: OpenPage, store: Store) -> None:
    app = open_page("workshop", lang="zh-CN")
    create = next(b for b in app.button if b.key == "issue.create.save")
    create.click().run()
    assert [e.value for e in app.error] == [ZH.text("workshop.form.blank", field=ZH.text("workshop.field.title"))]
    app.text_input(key="issue.create.title").set_value("宽带 *账单* 问题")
    next(b for b in app.button if b.key == "issue.create.save").click().run()
    assert [i.title for i in store.issues(ME)] == ["宽带 *账单* 问题"]
    assert [t.value for t in app.title] == [r"宽带 \*账单\* 问题"]
    assert not button(app, "step.why").disabled and button(app, "step.solution").disabled


def test_a_diagnosis_takes_a_cause_and_its_codes(open_page: OpenPage, store: Store, issue: Issue) -> None:
    app = open_page("workshop", lang="en", issue=issue.id)
    assert button(app, "issue.move.diagnosed").disabled and EN.text(
        "workshop.gate.needs_cause", subject=issue.title
    ) in told(app)
    for name in ("cause", "exception"):
        field(app, "text_input", name).set_value(DIAGNOSIS[name])
    for name in ("cause_type", "gap", "system", "power", "owner"):
        field(app, "selectbox", name).set_value(DIAGNOSIS[name])
    button(app, "save.diagnosed").click().run()
    saved = store.issue(ME, issue.id)
    assert saved.state is IssueState.DIAGNOSED and saved.version == issue.version + 1
    assert {name: getattr(saved, name) for name in DIAGNOSIS} == DIAGNOSIS
    assert not button(app, "step.solution").disabled
    assert labelled("cause_type", "capacity", "en") in told(app)


@pytest.mark.parametrize(
    ("typed", "language", "meant"),
    [("workforce m", "en", "workforce"), ("话务", "zh-CN", "workforce"), ("Marketing", "en", "marketing"),
     ("Wang Fang", "en", "Wang Fang"), ("b", "en", "b"), (" ", "en", "")],
)  # fmt: skip
def test_an_owner_typed_by_the_start_of_its_word_is_the_owner(typed: str, language: str, meant: str) -> None:
    assert record_words.code_of(load_taxonomy().entries("owner"), language, typed) == meant


def test_a_plan_takes_what_the_library_suggests_and_what_its_segment_brings(
    open_page: OpenPage, store: Store, diagnosed: Issue, result: Result
) -> None:
    row, target = result.table.iloc[0], 95.0
    lift = row["share"] * (target - row["score"])
    app = open_page("workshop", lang="en", issue=diagnosed.id)
    button(app, "plan.add").click().run()
    field(app, "selectbox", "remedy").set_value("month_profile_roster")
    segments = field(app, "selectbox", "segment")
    segments.set_value(f"{store.pins(ME, diagnosed.id)[0].id}.0")
    field(app, "number_input", "target_value").set_value(target).run()
    assert EN.show(lift, "factor_change") in told(app)
    app.date_input[0].set_value(date(2027, 1, 31))
    button(app, "plan.save").click().run()
    (plan,) = store.plans(ME, diagnosed.id)
    assert (plan.remedy, plan.action_type, plan.owner) == ("month_profile_roster", "staffing", "workforce")
    assert (plan.target_metric, plan.target_value, plan.due) == ("score", target, date(2027, 1, 31))
    assert plan.check_method == "day_type" and plan.expected_lift == pytest.approx(lift, abs=0.005)
    assert plan.action == labelled("remedy", "month_profile_roster", "en")
    button(app, "issue.move.planned").click().run()
    assert store.issue(ME, diagnosed.id).state is IssueState.PLANNED


def test_a_plan_is_edited_and_moved_by_the_rules_only(open_page: OpenPage, store: Store, diagnosed: Issue) -> None:
    plan = store.save_plan(ME, Plan(issue_id=diagnosed.id, action="调整排班"))
    app = open_page("workshop", lang="en", issue=diagnosed.id)
    app.selectbox(key=f"page.plan.{diagnosed.id}").set_value(plan.id).run()
    assert {b.key for b in app.button if b.key and b.key.startswith("plan.move.")} == {
        "plan.move.doing", "plan.move.dropped"
    }  # fmt: skip
    button(app, "plan.move.doing").click().run()
    assert [e.value for e in app.error] == [EN.text("workshop.gate.plan_incomplete", subject=plan.action)]
    field(app, "text_input", "action").set_value("重新排班")
    button(app, "plan.save").click().run()
    assert store.plans(ME, diagnosed.id)[0].action == "重新排班"


def test_two_people_who_save_lose_nothing(open_page: OpenPage, store: Store, issue: Issue) -> None:
    mine, theirs = (open_page("workshop", lang="en", issue=issue.id) for _ in range(2))
    field(theirs, "text_input", "cause").set_value("Their cause")
    field(theirs, "selectbox", "power").set_value("network")
    button(theirs, "save.why").click().run()
    field(mine, "text_input", "cause").set_value("My cause")
    field(mine, "text_input", "exception").set_value("My reasoning")
    button(mine, "save.why").click().run()
    assert store.issue(ME, issue.id).cause == "Their cause"
    shown = told(mine)
    assert "Their cause" in shown and "My cause" in shown and "My reasoning" in shown
    choices = {g.key.rpartition(".")[2]: g for g in mine.button_group if g.key and g.key.startswith("conflict.")}
    assert {name: g.value for name, g in choices.items()} == {"cause": "mine", "exception": "mine", "power": "theirs"}
    choices["cause"].set_value("theirs")
    next(b for b in mine.button if b.form_id and b.form_id.startswith("conflict.")).click().run()
    saved = store.issue(ME, issue.id)
    assert (saved.cause, saved.exception, saved.power) == ("Their cause", "My reasoning", "network")
    assert not [s.value for s in mine.header if s.value == EN.text("workshop.window.title")]


@pytest.mark.parametrize("words", EACH_CATALOGUE)
def test_a_conflict_with_oneself_is_one_of_two_windows(
    open_page: OpenPage, store: Store, issue: Issue, words: Catalogue
) -> None:
    windows = [open_page("workshop", lang=words.language, issue=issue.id) for _ in range(2)]
    for number, app in enumerate(windows):
        field(app, "text_input", "cause").set_value(f"Cause {number}")
        button(app, "save.why").click().run()
    shown = seen(windows[1])
    assert [s.value for s in windows[1].header] == [words.text("workshop.window.title")]
    assert [w.value for w in windows[1].warning] == [words.text("workshop.window.text", subject=issue.title)]
    for name in ("theirs", "mine", "keep_theirs", "keep_mine"):
        assert words.text(f"workshop.window.{name}") in shown


def test_a_conflict_with_somebody_else_names_them(open_page: OpenPage, store: Store, issue: Issue) -> None:
    app = open_page("workshop", lang="en", issue=issue.id)
    store.save_issue(LI, replace(issue, cause="Li's cause"))
    field(app, "text_input", "cause").set_value("My cause")
    button(app, "save.why").click().run()
    assert [s.value for s in app.header] == [EN.text("workshop.conflict.title")]
    assert [w.value for w in app.warning] == [EN.text("workshop.conflict.text", who="Li", subject=issue.title)]


@pytest.mark.parametrize("words", EACH_CATALOGUE)
def test_a_save_in_another_window_is_announced(
    open_page: OpenPage, store: Store, issue: Issue, words: Catalogue
) -> None:
    app = open_page("workshop", lang=words.language, issue=issue.id)
    store.save_issue(local_analyst(), replace(issue, cause="Mine"))
    app.run()
    assert [i.value for i in app.info] == [words.text("workshop.window.newer")]


def test_the_list_asks_for_the_evidence_of_a_page_at_once(open_page: OpenPage, store: Store) -> None:
    issues = [store.create_issue(ME, f"Issue {number}") for number in range(23)]
    for issue, count in ((issues[-1], 2), (issues[-2], 1)):
        for _ in range(count):
            store.pin(ME, issue.id, Pin(method="contribution", selection=Selection(), data_version="v1"))
    asked: list[str] = []
    engine = open_data.store(store.engine.url.render_as_string(hide_password=False)).engine
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    app = open_page("workshop", lang="en")
    assert sum("FROM workshop_pin" in statement for statement in asked) == 1
    counts = [c.value for c in app.caption if "Evidence:" in c.value]
    assert len(counts) == 20
    assert sum("Evidence: 2" in c for c in counts) == sum("Evidence: 1" in c for c in counts) == 1


def test_a_newer_version_is_announced_before_anything_is_saved(
    open_page: OpenPage, store: Store, issue: Issue
) -> None:
    app = open_page("workshop", lang="en", issue=issue.id)
    store.save_issue(LI, replace(issue, cause="Li's cause"))
    app.run()
    assert [i.value for i in app.info] == [EN.text("workshop.conflict.newer", who="Li")]
    button(app, f"draft.load.{issue.id}").click().run()
    assert not app.info and field(app, "text_input", "cause").value == "Li's cause"


def test_what_is_late_comes_first_and_what_is_closed_last(open_page: OpenPage, store: Store) -> None:
    today = date.today()
    made: Mapping[str, Issue] = {name: store.create_issue(ME, name) for name in ("late", "soon", "bare")}
    for name, due in (("late", today - timedelta(days=1)), ("soon", today + timedelta(days=9))):
        store.save_plan(ME, Plan(issue_id=made[name].id, action="x", due=due))
    app = open_page("workshop", lang="en")
    titles = [b.label.strip("*") for b in app.button if b.key and b.key.startswith("issue.open.")]
    assert titles == ["late", "soon", "bare"]
    assert [EN.text("workshop.overdue") in m.value for m in app.markdown if "badge" in m.value][:3] == [
        True,
        False,
        False,
    ]
    assert EN.text("workshop.summary", going=3, late=1) in [c.value for c in app.caption]


def test_a_long_list_is_paged(open_page: OpenPage, store: Store) -> None:
    for number in range(23):
        store.create_issue(ME, f"issue {number}")
    app = open_page("workshop", lang="en")
    assert len([b for b in app.button if b.key and b.key.startswith("issue.open.")]) == 20
    app.session_state["issues.page"] = 2
    app.run()
    assert len([b for b in app.button if b.key and b.key.startswith("issue.open.")]) == 3


def test_a_link_to_an_issue_that_is_not_there_shows_the_list_and_says_so(open_page: OpenPage, issue: Issue) -> None:
    app = open_page("workshop", lang="en", issue="0")
    assert [t.value for t in app.title] == [EN.text("workshop.question")]
    assert any("issue" in toast.value for toast in app.toast) and "issue" not in app.query_params


def test_a_closed_issue_can_only_be_reopened(open_page: OpenPage, store: Store, diagnosed: Issue) -> None:
    plan = Plan(issue_id=diagnosed.id, action="x", owner="it", due=date(2026, 1, 1), target_metric="score")
    plan = store.save_plan(ME, plan)
    planned = store.save_issue(ME, replace(diagnosed, state=IssueState.PLANNED))
    store.save_plan(ME, replace(plan, state=PlanState.DROPPED))
    closed = store.save_issue(ME, replace(planned, state=IssueState.CLOSED))
    app = open_page("workshop", lang="en", issue=closed.id)
    assert not app.text_input and [b.key for b in app.button if b.key and "move" in b.key] == ["issue.move.open"]
    button(app, "issue.move.open").click().run()
    assert store.issue(ME, closed.id).state is IssueState.OPEN and field(app, "text_input", "cause")
