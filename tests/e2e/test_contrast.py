"""From the overview to a contrast that can be relied on: the planted fall of 5G, told apart from chance, pinned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from .conftest import SCREEN, Reader
from .steps import TONGUES, figure
from .test_looks import WIDE, faults

pytestmark = pytest.mark.browser
CASES = (
    "ask=groups&by=business", "ask=groups&by=team", "ask=rest&by=business&segment=mobile_5g",
    "ask=period&by=business", "ask=period", "ask=target&by=business", "ask=benchmark&against=group",
    "ask=groups&by=business&measure=wait", "ask=groups&by=tier&metric=resolved",
    "ask=groups&by=channel&alike=business&complexity=handling",
)  # fmt: skip


def query(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


@pytest.mark.prove
def test_a_person_learns_whether_5g_really_fell(reader: Callable[..., Reader]) -> None:
    tongue = TONGUES[1]
    me = reader(locale=tongue.code)
    page = me.open("overview")
    me.visit(tongue.text("page.contrast"))
    expect(page.locator("h1")).to_have_text(tongue.text("contrast.question"))
    expect(figure(me, tongue.business)).to_be_visible()
    assert query(page.url)["ask"] == ["groups"] and query(page.url)["by"] == ["business"]

    me.press(page.get_by_role("radio", name=tongue.text("contrast_page.ask.rest")))
    one = tongue.text("contrast_page.one")
    me.choose(one, tongue.text("option.labelled", label=one, value=tongue.business))
    assert query(page.url)["segment"] == ["mobile_5g"]
    expect(page.get_by_test_id("stMain")).to_contain_text(tongue.business)

    me.press(page.get_by_role("radio", name=tongue.text("contrast_page.ask.period")))
    by, business = tongue.text("option.by"), "业务"
    me.choose(by, tongue.text("option.labelled", label=by, value=business))
    expect(figure(me, tongue.text("chart.verdict.lower"))).to_be_visible()
    badge = page.get_by_text(tongue.text("contrast_page.verdict.different_and_matters")).first
    expect(badge).to_be_visible()

    me.press(me.keyed("pin.open.contrast").get_by_role("button"))
    me.write("pin.title.contrast", tongue.issue)
    me.press(me.keyed("pin.save.contrast").get_by_role("button"))
    expect(page.get_by_text(tongue.text("pin.done"))).to_be_visible()
    page.keyboard.press("Escape")
    me.visit(tongue.text("page.workshop"))
    expect(page.locator("h1")).to_have_text(tongue.issue)
    me.press(page.get_by_text(tongue.text("workshop.check.button")).first)
    expect(page.get_by_text(tongue.text("workshop.check.holds"))).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_text(tongue.text("workshop.open_view")).first.click()
    again = opened.value
    expect(again.locator("h1")).to_have_text(tongue.text("contrast.question"))
    expect(again.get_by_text(tongue.text("contrast_page.verdict.different_and_matters")).first).to_be_visible()
    assert query(again.url)["ask"] == ["period"] and query(again.url)["by"] == ["business"]
    assert me.trouble == []


@pytest.mark.prove
@pytest.mark.parametrize(("language", "scheme", "size", "text", "cases"), [
    ("zh-CN", "light", SCREEN, "large", CASES), ("en", "light", SCREEN, "large", CASES[1::3]),  # the narrowest room
    ("zh-CN", "dark", WIDE, "normal", CASES[::4]), ("en", "dark", SCREEN, "normal", CASES[2::4]),
])  # fmt: skip
def test_no_question_clips_or_overlaps(
    language: str, scheme: str, size: dict[str, int], text: str, cases: Sequence[str], reader: Callable[..., Reader]
) -> None:
    me = reader(color_scheme=scheme, viewport=size)
    found = {}
    for case in cases:
        me.open(f"contrast?lang={language}&text={text}&depth=advanced&{case}")
        found[case] = faults(me.page)
    assert {case: fault for case, fault in found.items() if fault} == {}
    assert me.trouble == []
