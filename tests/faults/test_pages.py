"""A page that is open while its warehouse goes and comes: one sentence, and back by one click."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pages.frame.answers import FAILED_S
from pages.words.catalogue import Catalogue, texts
from tests.e2e.conftest import CALM, SCREEN, Reader, serving

from .proxy import Proxy
from .world import fill, settings

pytestmark = [pytest.mark.postgres, pytest.mark.prove]
LANGUAGES = ("en", "zh-CN")


def words_of(key: str, language: str) -> str:
    """The longest part of a sentence into which no value is put."""
    return max(re.split(r"\{.*?\}", texts(language)[key]), key=len)


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_is_open_comes_back_by_one_click(
    browser: Browser, line: Proxy, database: str, tmp_path: Path, language: str
) -> None:
    fill(database)
    with serving(tmp_path, environment=settings(tmp_path, warehouse=line.url)) as address:
        context = browser.new_context(viewport=SCREEN, **{**CALM, "locale": language})  # type: ignore[arg-type]
        me, sentence = Reader(context, address), words_of("warehouse.unreachable", language)
        page = me.open(f"change?lang={language}&from=2026-10-01&to=2026-10-20")
        told = page.get_by_text(sentence)
        expect(told).to_have_count(0)
        line.away()
        me.visit(Catalogue.load(language).text("page.contrast"))
        expect(told).to_have_count(1)
        line.heal()
        page.wait_for_timeout(1000 * FAILED_S + 500)
        me.press(me.keyed("running.again").get_by_role("button"))
        expect(told).to_have_count(0)
        assert me.trouble == []
        context.close()
