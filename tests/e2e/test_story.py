"""From the number to the cause to the remedy: the planted billing rule, found by following the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from .conftest import Reader
from .steps import TONGUES, Tongue, bar, diagnose, figure, pin, plan

pytestmark = pytest.mark.browser


@pytest.mark.prove
@pytest.mark.parametrize("tongue", TONGUES, ids=["en", "zh-CN"])
def test_a_person_finds_the_cause_and_writes_the_remedy(tongue: Tongue, reader: Callable[..., Reader]) -> None:
    me = reader(locale=tongue.code)
    page = me.open("")
    expect(page.locator("h1")).to_have_text(tongue.text("overview.question"))
    expect(page.get_by_test_id("stMetricValue")).to_contain_text(re.compile(r"\d\d\.\d"))
    fell = re.escape(tongue.text("overview.chip_down", change=0.0, unit="points")).replace(r"0\.0", r"1\.\d")
    expect(page.get_by_test_id("stMetricDelta")).to_contain_text(re.compile(fell))
    expect(page.get_by_test_id("stMain")).to_contain_text(tongue.sub_type)

    main = page.get_by_test_id("stMain")
    main.evaluate("it => it.scrollTo(0, 300)")
    me.visit(tongue.text("page.contribution"))
    assert main.evaluate("it => it.scrollTop") == 0, "another page begins at its top"
    expect(page.locator("h1")).to_have_text(tongue.text("contribution.question"))
    page.mouse.click(*bar(me, tongue.business))
    me.settle()
    expect(page.get_by_role("heading", name=tongue.inside)).to_be_visible()
    reasons = figure(me, tongue.reason).locator(".annotation-text").all_text_contents()
    assert parse_qs(urlsplit(page.url).query)["segment"] == ["mobile_5g"]
    named = [text for text in reasons if not re.search(r"\d", text)]
    assert named[0] == tongue.reason, named

    pin(me, tongue)
    me.visit(tongue.text("page.workshop"))
    expect(page.locator("h1")).to_have_text(tongue.issue)
    diagnose(me, tongue)
    plan(me, tongue)

    me.press(page.get_by_text(tongue.text("workshop.check.button")).first)
    expect(page.get_by_text(tongue.text("workshop.check.holds"))).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_text(tongue.text("workshop.open_view")).first.click()
    again = opened.value
    expect(again.locator("h1")).to_have_text(tongue.text("contribution.question"))
    expect(again.get_by_role("heading", name=tongue.inside)).to_be_visible()
    assert me.trouble == []
