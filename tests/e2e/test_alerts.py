"""The morning in a browser: what somebody says of a signal stays, and a trace begins from it and leads back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from pages.words.catalogue import Catalogue

from .conftest import Reader

pytestmark = [pytest.mark.browser, pytest.mark.prove]
MORNING = "alerts?lang={language}&as_of=2026-10-20"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_signal_is_judged_traced_and_found_again(
    language: str, server: str, nothing_begun: None, reader: Callable[..., Reader]
) -> None:
    me, words = reader(locale=language, viewport={"width": 1366, "height": 768}), Catalogue.load(language)
    page = me.open(MORNING.format(language=language))
    real = page.locator("[class*='st-key-judge-real-']")
    me.press(real.first.get_by_role("button"))
    chosen = real.first.get_by_test_id("stBaseButton-primary")
    expect(chosen.first).to_be_visible()
    me.open(MORNING.format(language=language))
    expect(chosen.first).to_be_visible()
    me.press(page.locator("[class*='st-key-begin-']").first.get_by_role("button"))
    title = page.locator("h1").inner_text()
    assert title and "trace" in page.url and title != words.text("alerts.question")
    me.visit(words.text("page.alerts"))
    expect(page.locator("h1")).to_have_text(words.text("alerts.question"))
    me.open(MORNING.format(language=language))
    expect(page.get_by_test_id("stMain")).to_contain_text(words.text("alerts.no_plan"))
    assert me.trouble == []
