"""From a leading cause to a plan with an owner: proposals are adopted, the plan is filled in, only words typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from analysis.leading_cause import leading_cause
from data_access.selection import Filter
from data_access.warehouse import Warehouse
from data_access.workshop.records import CauseLevel, Pin, WhyStatus
from data_access.workshop.store import Store
from data_access.workshop.tracing import EvidenceKind
from pages.words.catalogue import Catalogue
from tests.pages.act.conftest import field, told
from tests.pages.conftest import EACH_CATALOGUE, OpenPage
from tests.pages.explain.trace.conftest import ME, OCTOBER, at_step, begun, button, keys, pin_of

RULE = "BR-2026-113"
BILL = (Filter("sub_type", ("5g_bill",)),)


@pytest.fixture(scope="module")
def leading(opened: Warehouse) -> Pin:
    return pin_of(leading_cause(opened, OCTOBER))


@pytest.mark.parametrize("words", EACH_CATALOGUE)
def test_from_what_was_found_to_a_plan_with_an_owner(
    words: Catalogue, open_page: OpenPage, store: Store, leading: Pin
) -> None:
    issue = begun(store, leading, BILL).id
    app = open_page("trace", lang=words.language, issue=issue)
    for grade in ("shown", "likely"):
        assert words.text(f"leading_cause.grade.{grade}") in told(app)
    assert words.text("remedy.no_proof") in told(app) and RULE in told(app)
    button(app, "adopt.all").click().run()
    found = store.issue(ME, issue)
    assert RULE in found.cause and (found.cause_type, found.gap) == ("business_rule", "design")
    assert (found.power, found.owner) == ("business_rule", "billing")
    button(app, "adopt.next").click().run()
    assert field(app, "selectbox", "owner").value == "billing"
    field(app, "text_input", "action").set_value("先告知再改")
    field(app, "text_input", "person").set_value("李娜")
    button(app, "plan.save").click().run()
    (plan,) = store.plans(ME, issue)
    cells = [str(cell) for table in app.table for cell in table.value.to_numpy().ravel()]
    assert plan.person == "李娜" and any("李娜" in cell for cell in cells)
    assert not app.exception and not app.error
    assert plan.owner == "billing" and plan.due and plan.due > date.today()
    assert plan.target_metric == "score" and plan.target_value and plan.expected_lift and plan.expected_lift > 0
    assert plan.check_method == "event_control"


def test_the_rule_becomes_the_deepest_why_with_itself_as_evidence(
    open_page: OpenPage, store: Store, leading: Pin
) -> None:
    issue = begun(store, leading, BILL).id
    app = open_page("trace", lang="zh-CN", issue=issue)
    button(app, "adopt.whys").click().run()
    whys, (*others, rule) = store.whys(ME, issue), store.evidence(ME, issue)
    assert [why.level for why in whys] == [CauseLevel.SYMPTOM, CauseLevel.DIRECT, CauseLevel.ROOT]
    grades = [leading.statistics[name] for name in ("grade_what", "grade_why", "grade_since")]
    shown = [WhyStatus.SUPPORTED if grade == "shown" else WhyStatus.HYPOTHESISED for grade in grades]
    assert [why.status for why in whys] == shown
    assert [whys[1].parent_id, whys[2].parent_id] == [whys[0].id, whys[1].id]
    assert (rule.kind, rule.rule_id, rule.effective) == (EvidenceKind.RULE, RULE, date(2026, 10, 6))
    assert {piece.kind for piece in others} == {EvidenceKind.PIN}
    assert not store.issue(ME, issue).cause and "adopt.whys" not in keys(app) and "adopt.cause" in keys(app)


def test_proposals_are_asked_for_where_no_leading_cause_is_pinned(
    open_page: OpenPage, store: Store, drop: Pin
) -> None:
    issue = begun(store, drop, BILL).id
    app = open_page("trace", lang="zh-CN", issue=issue)
    assert "adopt.all" not in keys(app)
    button(app, "adopt.ask").click().run()
    button(app, "adopt.cause").click().run()
    assert RULE in store.issue(ME, issue).cause
    button(app, "adopt.later").click().run()
    assert not keys(app) & {"adopt.all", "adopt.ask"}


def test_what_was_typed_elsewhere_stays_when_a_proposal_is_adopted(
    open_page: OpenPage, store: Store, leading: Pin
) -> None:
    issue = begun(store, leading, BILL).id
    app = at_step(open_page("trace", lang="zh-CN", issue=issue), "why")
    app.session_state[field(app, "text_input", "exception").key] = "培训示例"  # as typed: a form sends it only later
    button(app, "adopt.owner").click().run()
    assert field(app, "text_input", "exception").value == "培训示例"
    assert field(app, "selectbox", "owner").value == "billing" == store.issue(ME, issue).owner


def test_a_plan_keeps_the_segment_it_was_made_for(open_page: OpenPage, store: Store, leading: Pin) -> None:
    issue = begun(store, leading, BILL)
    app = open_page("trace", lang="zh-CN", issue=issue.id)
    button(app, "plan.add").click().run()
    field(app, "text_input", "action").set_value("先告知再改")
    button(app, "plan.save").click().run()
    (plan,) = store.plans(ME, issue.id)
    assert plan.segment == BILL
    elsewhere = (Filter("business", ("broadband",)),)
    store.save_issue(ME, replace(store.issue(ME, issue.id), path=elsewhere))
    app = open_page("trace", lang="zh-CN", issue=issue.id)
    app.session_state[f"page.plan.{issue.id}"] = plan.id
    app.run()
    assert field(app, "selectbox", "segment").value == plan.id
    button(app, "plan.save").click().run()
    assert store.plans(ME, issue.id)[0].segment == BILL
