"""A click on a mark opens what stands behind it, at once; Back is one step; what is asked for is in view."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from .conftest import Reader
from .steps import TONGUES, bar

pytestmark = pytest.mark.browser
EN = TONGUES[0]


def click_bar(me: Reader, label: str) -> None:
    me.page.mouse.click(*bar(me, label))
    me.settle()


def in_view(place: Locator) -> bool:
    """Whether a place stands in the window, as a person sees it."""
    box = place.bounding_box()
    return box is not None and box["y"] >= 0 and box["y"] + min(box["height"], 40) <= 768


def test_marks_open_at_once_beside_the_chart_and_back_is_one_step(reader: Callable[..., Reader]) -> None:
    me = reader(locale="en-GB")
    page = me.open("overview")
    me.visit(EN.text("page.contribution"))
    panel = me.keyed("panel")
    for label in (EN.business, "Broadband"):  # the second click is no less than the first
        click_bar(me, label)
        expect(panel.get_by_role("heading", name=label, exact=True)).to_be_visible()
        assert in_view(panel)
        for button in ("drill", "filter", "contacts", "close"):
            expect(me.keyed(f"panel.{button}").get_by_role("button")).to_have_count(1)
    assert "segment=broadband" in page.url
    click_bar(me, "Broadband")
    expect(panel).to_have_count(0)
    me.press(page.get_by_role("button", name=EN.text("overview.to_reasons", segment=EN.business)))
    inside = page.get_by_role("heading", name=EN.inside)
    expect(inside).to_be_in_viewport()
    page.go_back()
    me.settle()
    assert "/overview" in page.url, "looking at segments leaves no steps behind"
    me.visit(EN.text("page.contribution"))
    click_bar(me, "Broadband")
    me.press(me.keyed("panel.drill").get_by_role("button"))
    assert "business=broadband" in page.url and "by=sub_type" in page.url
    expect(panel).to_have_count(0)
    page.locator('[data-testid="stMain"]').evaluate("main => main.scrollTo(0, 900)")
    me.visit(EN.text("page.change"))
    assert in_view(page.locator("h1")), "another page begins at its top"
    assert me.trouble == []
