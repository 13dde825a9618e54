"""A plan says how it is shown to work: proposed while it is written, kept while it is typed, never overwritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from data_access.selection import Filter, Period
from data_access.statement import Statement
from data_access.workshop.records import Milestone, Pin, Plan, PlanState, Priority
from data_access.workshop.store import Store
from data_access.workshop.tracing import Trace
from pages.words.catalogue import Catalogue
from tests.pages.act.conftest import field, told
from tests.pages.conftest import OpenPage, seen
from tests.pages.explain.trace.conftest import LI, ME, OCTOBER, begun, button, keys

EN = Catalogue.load("en")
BILL = (Filter("sub_type", ("5g_bill",)),)


@pytest.mark.prove
def test_what_is_known_is_filled_in_and_the_roll_out_is_one_click(
    open_page: OpenPage, store: Store, drop: Pin
) -> None:
    issue = begun(store, drop, BILL, cause="Rule", cause_type="business_rule").id
    app = open_page("trace", lang="zh-CN", issue=issue)
    button(app, "step.solution").click().run()
    begins = field(app, "date_input", "start").value
    assert begins > date.today() and begins.weekday() == 0
    assert field(app, "selectbox", "unit").value == "team" and not field(app, "multiselect", "treated").value
    assert "批" in told(app)  # what could be shown, before anything is saved
    button(app, "plan.take.rollout").click().run()
    field(app, "text_input", "action").set_value("先告知再改")
    button(app, "plan.save").click().run()
    assert not app.exception and not app.error
    (plan,) = store.plans(ME, issue)
    assert plan.noticed == OCTOBER.period and plan.baseline and plan.baseline.end == plan.start == begins
    beside = plan.baseline.days - (plan.noticed.days if plan.baseline.start <= plan.noticed.start else 0)
    assert beside == 56  # eight weeks besides those in which it was noticed
    assert len(plan.treated) >= 4 and {unit for unit, _ in plan.starts} == set(plan.treated)
    assert min(day for _, day in plan.starts) == begins < max(day for _, day in plan.starts)
    assert plan.check_on and plan.check_on >= begins + timedelta(weeks=8) and plan.guardrails


@pytest.mark.prove
def test_a_template_fills_only_what_is_empty(open_page: OpenPage, store: Store, traced: Trace) -> None:
    app = open_page("trace", lang="en", issue=traced.issue.id)
    button(app, "plan.add").click().run()
    field(app, "text_input", "action").set_value("My own words").run()
    field(app, "selectbox", "template").set_value("training").run()
    button(app, "plan.save").click().run()
    plan = next(one for one in store.plans(ME, traced.issue.id) if one.template == "training")
    assert plan.action == "My own words" and plan.block and len(plan.milestones) >= 2
    assert all(step.due and step.due > date.today() for step in plan.milestones) and not app.exception


@pytest.mark.prove
def test_what_is_typed_is_there_again_and_meets_what_was_saved_since(
    open_page: OpenPage, store: Store, traced: Trace
) -> None:
    (plan,) = traced.plans
    plan = store.save_plan(ME, replace(plan, unit="team", treated=("team_01",), start=date(2026, 10, 12),
                                       milestones=(Milestone("Told"),)))  # fmt: skip
    app = open_page("trace", lang="en", issue=traced.issue.id)
    app.session_state[f"page.plan.{traced.issue.id}"] = plan.id
    app.run()
    field(app, "multiselect", "treated").set_value(["team_02", "team_03"])
    field(app, "date_input", "baseline").set_value((date(2026, 8, 3), date(2026, 9, 27)))
    field(app, "selectbox", "priority").set_value("urgent").run()
    store.save_plan(LI, replace(plan, treated=("team_07",), cost=5_000.0))
    again = open_page("trace", lang="en", issue=traced.issue.id)
    said = seen(again).replace("\\_", "_")
    for words in ("team_07", "team_02; team_03", "3 Aug 2026", EN.text("workshop.priority.urgent")):
        assert words in said, words
    button(again, f"conflict.save.{plan.id}").click().run()
    (saved,) = store.plans(ME, traced.issue.id)
    assert (saved.treated, saved.cost, saved.priority) == (("team_02", "team_03"), 5_000.0, Priority.URGENT)
    assert saved.baseline == Period(date(2026, 8, 3), date(2026, 9, 28)) and not again.exception


@pytest.mark.prove
def test_whoever_sees_the_issue_may_speak_and_take_it_back(open_page: OpenPage, store: Store, traced: Trace) -> None:
    app = open_page("trace", claims={"satrace_roles": ["viewer"]}, lang="zh-CN", issue=traced.issue.id)
    button(app, "comment.save").click().run()
    assert app.error  # nothing said
    text = next(area for area in app.text_area if area.key == f"comment.text.{traced.issue.id}")
    text.set_value("**我们**已核对")
    button(app, "comment.review").click().run()
    (comment,) = store.comments(ME, traced.issue.id)
    assert (comment.text, comment.kind, comment.created_by_id) == ("**我们**已核对", "review", "li")
    assert "已审阅" in seen(app)
    button(app, f"comment.off.{comment.id}").click().run()
    assert store.comments(ME, traced.issue.id) == ()
    button(app, "undo.restore").click().run()
    assert store.comments(ME, traced.issue.id) == (comment,) and not app.exception
    other = open_page("trace", lang="zh-CN", issue=traced.issue.id)
    assert f"comment.off.{comment.id}" not in keys(other)


@pytest.mark.prove
def test_a_plan_that_began_again_says_why_and_leads_to_the_cycle_before(
    open_page: OpenPage, store: Store, traced: Trace
) -> None:
    (plan,) = traced.plans
    for state in ("doing", "done", "closed"):
        plan = store.save_plan(ME, replace(plan, state=PlanState(state), closing="No answers left"))
    again = store.reopen(plan.id, Statement("undo.deleted", {"name": "16 %"}), "v2")
    app = open_page("trace", lang="en", issue=traced.issue.id)
    assert EN.text("verify.cycle", number=2, action=again.action, before=plan.action) in told(app)
    assert "16 %" in told(app)
    button(app, f"plan.earlier.{again.id}").click().run()
    assert app.session_state[f"page.plan.{traced.issue.id}"] == plan.id and not app.exception and not app.error


@pytest.mark.prove
def test_a_plan_that_begins_says_what_its_verdict_lacks_and_who_begins_stands_for_the_segment(
    open_page: OpenPage, store: Store, drop: Pin
) -> None:
    """Written from evidence of a single team whose span runs past the start."""
    until = Period(date(2026, 10, 1), date(2027, 12, 1))
    late = replace(drop, method="contrast", rows=(), selection=replace(drop.selection, period=until))
    issue = begun(store, late, (), cause="Rule", cause_type="business_rule").id
    team = (Filter("team", ("team_05",)),)
    store.save_plan(ME, Plan(issue_id=issue, action="No metric", start=date(2026, 10, 1), segment=team))
    app = open_page("trace", lang="en", issue=issue)
    button(app, "step.solution").click().run()
    said = EN.text("verify.lacks", action="No metric", fields=EN.text("workshop.field.target_metric"))
    assert said in told(app) + " ".join(info.value for info in app.info)
    button(app, "plan.add").click().run()
    assert field(app, "selectbox", "target_metric").value == "score" and not app.exception
    assert field(app, "date_input", "noticed").value[1] < field(app, "date_input", "start").value
    field(app, "text_input", "action").set_value("Teams first")
    field(app, "selectbox", "unit").set_value("team").run()
    field(app, "multiselect", "treated").set_value(["team_01", "team_02"]).run()
    button(app, "plan.save").click().run()
    plan = next(one for one in store.plans(ME, issue) if one.action == "Teams first")
    assert plan.target_metric == "score" and plan.treated == ("team_01", "team_02")
    assert all(part.dimension != plan.unit for part in plan.segment) and not app.exception and not app.error


@pytest.mark.prove
def test_the_next_cycle_is_open_with_its_number_and_a_dropped_plan_is_no_next_step(
    open_page: OpenPage, store: Store, drop: Pin
) -> None:
    issue = begun(store, drop, BILL, cause="Rule", cause_type="business_rule").id
    plan = store.save_plan(ME, Plan(issue_id=issue, action="Tell first"))
    app = open_page("trace", lang="en", issue=issue)
    button(app, "step.solution").click().run()
    assert EN.text("workshop.next.open") in told(app)
    store.save_plan(ME, replace(plan, state=PlanState.DROPPED))
    app.run()
    assert EN.text("workshop.next.open") not in told(app) and not app.exception
    done = store.save_plan(ME, Plan(issue_id=issue, action="Teams", owner="business_dept", due=date(2026, 10, 20),
                                    target_metric="score", segment=BILL, start=date(2026, 10, 12)))  # fmt: skip
    for state in (PlanState.DOING, PlanState.DONE):
        done = store.save_plan(ME, replace(done, state=state))
    app.run()
    place = f"page.plan.{issue}"
    field_of = next(box for box in app.selectbox if box.key == place)
    field_of.set_value(done.id).run()
    button(app, f"plan.cycle.{done.id}").click().run()
    (again,) = (one for one in store.plans(ME, issue) if one.cycle_of == done.id)
    assert app.session_state[place] == again.id and not app.exception
    named = next(box for box in app.selectbox if box.key == place)
    assert EN.text("verify.name_of_cycle", action="Teams", number=2) in named.options
