"""The Service page in a browser: two clicks from the first screen to each measure, and one to a touchpoint alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .conftest import Reader
from .steps import TONGUES, Tongue

pytestmark = pytest.mark.browser
EN, ZH = TONGUES
TREE = '[class*="st-key-mark-service-tree"] .js-plotly-plot'
KEYS = f"""() => [...document.querySelector('{TREE}').data[0].customdata]"""


def click_card(me: Reader, measure: str) -> None:
    """The middle of a measure's card in the tree of drivers."""
    place = me.page.evaluate(KEYS).index(measure)
    card = me.page.locator(f"{TREE} .barlayer .point").nth(place)
    me.page.keyboard.press("Shift")  # who takes over is no longer scrolled to what was opened before
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    assert box
    me.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    me.settle()


def open_service(me: Reader, tongue: Tongue) -> None:
    """The first screen, and the first click."""
    me.open(f"overview?lang={tongue.code}")
    me.visit(tongue.text("page.service"))


def test_a_click_on_a_card_opens_its_measure_in_view(reader: Callable[..., Reader]) -> None:
    me = reader(locale="zh-CN")
    me.open("service?lang=zh-CN")
    click_card(me, "redial_rate")
    expect(me.page.get_by_role("heading", level=2).filter(has_text="重拨率").last).to_be_in_viewport()
    assert "what=redial_rate" in me.page.url
    assert me.trouble == []


@pytest.mark.prove
@pytest.mark.parametrize("tongue", TONGUES, ids=lambda tongue: tongue.code)
def test_each_measure_is_two_clicks_from_the_first_screen(tongue: Tongue, reader: Callable[..., Reader]) -> None:
    me = reader(locale=tongue.code)
    open_service(me, tongue)
    measures = me.page.evaluate(KEYS)
    assert len(measures) >= 22
    for measure in measures:
        click_card(me, measure)
        assert f"what={measure}" in me.page.url
        expect(me.page.get_by_test_id("stException")).to_have_count(0)
    for shape in ("touchpoint", "scenario"):
        me.open(f"service?lang={tongue.code}&shape={shape}&what={measures[0]}")
        expect(me.page.locator(f'[class*="st-key-mark-service-{shape}"] .js-plotly-plot')).to_have_count(1)
    assert me.trouble == []


@pytest.mark.prove
@pytest.mark.parametrize("tongue", TONGUES, ids=lambda tongue: tongue.code)
def test_touchpoints_stand_over_every_page_and_go_with_the_reader(
    tongue: Tongue, reader: Callable[..., Reader]
) -> None:
    me = reader(locale=tongue.code)
    me.open(f"overview?lang={tongue.code}")
    (touchpoint,) = [name for name in me.keyed("presets.row").get_by_role("button").all_inner_texts()
                     if name in ("Text bot", "智能文本")]  # fmt: skip
    me.press(me.keyed("presets.row").get_by_role("button", name=touchpoint, exact=True))
    for page in ("service", "contribution", "change", "contrast", "correlation", "drivers", "trace", "workshop"):
        me.visit(tongue.text(f"page.{page}"))
        chosen = me.keyed("presets.row").get_by_role("button", name=touchpoint, exact=True)
        expect(chosen).to_have_attribute("aria-pressed", "true")
        assert "touchpoint=bot_text" in me.page.url
    assert me.trouble == []
