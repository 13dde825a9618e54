"""The ten minutes of an operations manager: from the number to a plan with an owner, by what the screens suggest."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.proof import Figure

from .conftest import Reader
from .steps import TONGUES, Tongue

pytestmark = pytest.mark.browser
MOST_CLICKS = 15
COUNTER = """
window.clicks = 0
window.addEventListener("pointerdown", (event) => { if (event.isTrusted) window.clicks += 1 }, true)
"""
TOASTS = '[data-testid="stToast"]'
LANGUAGES = [pytest.param(TONGUES[1], id="zh-CN"), pytest.param(TONGUES[0], id="en", marks=pytest.mark.prove)]
# what is planted besides the leading cause, in the order of the sample's truth: dimension, member, a word of the page
OTHERS = (  # of the sample, besides the rule
    pytest.param("team", "team_17", marks=pytest.mark.prove),
    pytest.param("scenario", "plan_change", marks=pytest.mark.prove),
    pytest.param("day_of_month", None, marks=pytest.mark.prove),
)


def begun(me: Reader, tongue: Tongue) -> Page:
    """The first screen, with nothing clicked yet."""
    me.page.add_init_script(COUNTER)
    return me.open(f"overview?lang={tongue.code}")


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_from_the_number_to_a_plan_with_an_owner(
    tongue: Tongue, nothing_begun: None, reader: Callable[..., Reader], figure: Figure
) -> None:
    me = reader(locale=tongue.code)
    page = begun(me, tongue)
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text(tongue.sub_type)
    expect(main).to_contain_text("BR-2026-113")
    expect(main).to_contain_text(tongue.reason)
    for seen in (page.get_by_test_id("stMetricValue"), me.keyed("remedy.start").get_by_role("button")):
        expect(seen).to_be_in_viewport()  # the answer and the next step without scrolling
    me.press(me.keyed("remedy.start").get_by_role("button"))
    expect(page.locator(TOASTS)).to_have_count(0)  # nothing was lost on the way
    expect(page.get_by_role("heading", name=tongue.text("remedy.proposed"))).to_be_visible()
    me.press(me.keyed("adopt.all").get_by_role("button"))
    expect(main).to_contain_text(tongue.text("remedy.named"))
    me.press(me.keyed("adopt.next").get_by_role("button"))
    action = page.get_by_label(tongue.text("workshop.field.action"), exact=True)
    if not action.count():
        me.press(me.keyed("plan.add").get_by_role("button"))
    action.click()
    action.fill(tongue.remedy)
    me.press(me.keyed("plan.save").get_by_role("button"))
    row = page.get_by_test_id("stTable").filter(has_text=tongue.remedy)
    expect(row).to_contain_text(owner_of(tongue))
    assert figure(f"clicks, {tongue.code}", page.evaluate("window.clicks")) <= MOST_CLICKS
    assert me.trouble == []


def owner_of(tongue: Tongue) -> str:
    """Who the first screen says can act."""
    return {"en": "Billing and accounts", "zh-CN": "计费账务"}[tongue.code]


@pytest.mark.parametrize(("dimension", "member"), OTHERS)
def test_the_other_causes_are_one_click_from_the_first_screen(
    dimension: str, member: str | None, reader: Callable[..., Reader]
) -> None:
    tongue = TONGUES[1]
    me = reader(locale=tongue.code)
    page = begun(me, tongue)
    finds = me.keyed("others")
    me.press(finds.locator(f'a[href*="by={dimension}"]').first)
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["by"] == [dimension] and (member is None or asked["segment"] == [member])
    assert page.evaluate("window.clicks") == 1
    expect(page.locator("h1")).to_have_text(tongue.text("contribution.question"))
    expect(page.locator(TOASTS)).to_have_count(0)
    assert me.trouble == []
