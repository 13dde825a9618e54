"""The weekly review on a shared screen: what is overdue, a plan given to a department, two browsers on one row."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from data_access.access import local_analyst
from data_access.workshop.records import Basis, Plan, PlanState
from data_access.workshop.store import Store, open_store

from .conftest import Reader
from .steps import TONGUES, Tongue

pytestmark = [pytest.mark.browser, pytest.mark.prove]
ME, TODAY = local_analyst(), date.today()
WIDE = {"width": 1920, "height": 1080}


@pytest.fixture
def store(server: str, data_folder: Path, nothing_begun: None) -> Iterator[Store]:
    """The store of the server with one issue, a plan that is late and one that nobody owns."""
    store = open_store(f"sqlite:///{data_folder / 'workshop.sqlite'}")
    issue = store.create_issue(ME, "收费说明", basis=Basis.RECORDING, basis_reason="听了录音")
    late = store.save_plan(ME, Plan(issue_id=issue.id, action="收费提示短信", owner="billing", target_metric="score",
                                    due=TODAY - timedelta(days=20)))  # fmt: skip
    late = store.save_plan(ME, replace(late, due=TODAY - timedelta(days=6)))
    store.save_plan(ME, replace(late, state=PlanState.DOING))
    store.save_plan(ME, Plan(issue_id=issue.id, action="新话术", due=TODAY + timedelta(days=9)))
    yield store
    store.engine.dispose()


def edit(me: Reader, plan: Plan, tongue: Tongue) -> None:
    """Open the small form of a plan from its card."""
    me.press(me.keyed(f"plans.card.{plan.id}").get_by_role("button", name=tongue.text("plan_register.more")))
    me.press(me.keyed(f"plans.edit.{plan.id}").get_by_role("button"))
    expect(me.keyed("plans.panel")).to_be_visible()


@pytest.mark.parametrize("tongue", TONGUES, ids=lambda tongue: tongue.code)
def test_a_review_of_last_weeks_promises(tongue: Tongue, reader: Callable[..., Reader], store: Store) -> None:
    me, other = reader(viewport=WIDE, locale=tongue.code), reader(viewport=WIDE, locale=tongue.code)
    late, new = store.plans(ME)
    me.open(f"plans?lang={tongue.code}&text=large")
    expect(me.page.get_by_role("heading", level=2)).to_contain_text(
        tongue.text("plan_register.answer_late", late=1, count=2, days=6)
    )
    first = me.keyed(f"plans.late.{late.id}")
    expect(first).to_contain_text(tongue.text("plan_register.late", days=6))
    expect(first).to_contain_text("→")
    assert first.bounding_box()["y"] < WIDE["height"] / 3  # type: ignore[index]
    edit(me, new, tongue)
    marketing = store.taxonomy.label("owner", "marketing", tongue.code) or ""
    me.choose(tongue.text("workshop.field.owner"), marketing, within=me.keyed("plans.panel"))
    begun = time.monotonic()
    me.press(me.keyed("plans.panel.save").get_by_role("button"))
    assert time.monotonic() - begun < 10  # a second on a machine that does nothing else
    other.open(f"plans?lang={tongue.code}&plan_owner=marketing")
    expect(other.keyed(f"plans.card.{new.id}")).to_contain_text(marketing)
    assert store.history(ME, new.id)[0].after == {"owner": "marketing"}
    edit(other, new, tongue)
    person = other.keyed("plans.panel").get_by_label(tongue.text("workshop.field.person"), exact=True)
    person.fill("李雷")
    person.press("Tab")
    me.choose(tongue.text("workshop.field.priority"), tongue.text("workshop.priority.high"),
              within=me.keyed("plans.panel"))  # fmt: skip
    me.press(me.keyed("plans.panel.save").get_by_role("button"))
    other.press(other.keyed("plans.panel.save").get_by_role("button"))
    expect(other.page.get_by_text(tongue.text("workshop.window.title"))).to_be_visible()
    other.press(other.keyed(f"conflict.save.{new.id}").get_by_role("button"))
    saved = next(plan for plan in store.plans(ME) if plan.id == new.id)
    assert (saved.owner, saved.person, saved.priority) == ("marketing", "李雷", "high")
    me.press(me.keyed(f"plans.card.open.{late.id}").get_by_role("button"))
    expect(me.keyed("plan.editor")).to_be_visible()
    assert f"issue={late.issue_id}" in me.page.url and me.trouble == other.trouble == []
