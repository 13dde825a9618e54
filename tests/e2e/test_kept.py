"""What is typed is kept while it is typed, and typing is not disturbed by it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from pages.words.catalogue import texts

from .conftest import Reader, free_port, serving

pytestmark = pytest.mark.browser
PAUSE_MS = 1_800  # more than a pause in typing after which it is sent
NOTES = {
    language: re.compile(texts(language)["kept.saved"].replace("{clock}", r"\d\d:\d\d"))
    for language in ("en", "zh-CN")
}
# a line to the server that a test can cut
LINE = """window.WebSocket = class extends window.WebSocket {
  constructor(...given) { super(...given); window.line = this }
}"""
CARET = "[document.activeElement.tagName, document.activeElement.selectionStart]"


def form(me: Reader) -> tuple[Locator, Locator]:
    """The text of the form for a new issue, and what stands beside its name."""
    me.press(me.keyed("issue.new").get_by_role("button").first)
    box = me.keyed("kept.issue.create.reason")
    expect(box).to_be_visible()
    return box.locator("textarea"), box


def kept(page: Page, box: Locator, language: str = "en") -> None:
    """Wait until a pause in typing was noticed and the draft is there."""
    expect(box).to_contain_text(NOTES[language])
    page.wait_for_timeout(PAUSE_MS)


def test_text_survives_whatever_happens(reader: Callable[..., Reader]) -> None:
    me = reader(locale="en-GB")
    me.page.add_init_script(LINE)
    page = me.open("workshop?lang=en")
    text, box = form(me)
    text.click()
    page.keyboard.type("Bills late")
    kept(page, box)
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.keyboard.type("are ")
    kept(page, box)
    assert page.evaluate(CARET) == ["TEXTAREA", 10], "the caret moved while somebody typed"
    page.keyboard.press("End")

    keyboard = me.context.new_cdp_session(page)
    page.evaluate("window.left = 0; document.addEventListener('focusout', () => window.left++, true)")
    keyboard.send("Input.imeSetComposition", {"text": "deng", "selectionStart": 4, "selectionEnd": 4})
    page.wait_for_timeout(PAUSE_MS)
    assert page.evaluate("window.left") == 0, "a word was sent while it was being composed"
    keyboard.send("Input.insertText", {"text": "等"})
    page.wait_for_timeout(PAUSE_MS)
    assert (page.evaluate("window.left"), text.input_value()) == (1, "Bills are late等")

    page.keyboard.type(" again")
    me.visit(texts("en")["page.trace"])  # at once: leaving the field is enough
    text, box = form(me)
    expect(text).to_have_value("Bills are late等 again")
    text.click()
    page.keyboard.press("End")
    page.keyboard.type(" today")
    me.context.set_offline(True)
    page.evaluate("window.line.close()")
    expect(text).to_be_disabled()
    me.context.set_offline(False)
    expect(text).to_be_enabled()
    page.wait_for_timeout(3_000)
    page.reload()
    me.settle()
    text, box = form(me)
    expect(text).to_have_value("Bills are late等 again today")
    text.click()
    page.keyboard.press("End")
    page.keyboard.type(" too")
    page.reload()  # in the middle of a word
    me.settle()
    text, box = form(me)
    expect(text).to_have_value("Bills are late等 again today too")
    kept(page, box)

    other = reader(locale="zh-CN")
    other.open("workshop?lang=zh-CN")
    text, box = form(other)
    expect(text).to_have_value("Bills are late等 again today too")
    expect(box).to_contain_text(NOTES["zh-CN"])
    text.fill("")
    text.press("Tab")
    expect(box).not_to_contain_text(NOTES["zh-CN"])  # nothing is left to keep
    assert other.trouble == []


@pytest.mark.prove
def test_text_survives_a_server_that_is_started_anew(reader: Callable[..., Reader], data_folder: Path) -> None:
    port, me = free_port(), reader(locale="en-GB")
    with serving(data_folder, port=port) as address:
        page = me.open(f"{address}/workshop?lang=en")
        text, box = form(me)
        text.click()
        page.keyboard.type("Bills")
        kept(page, box)
        page.keyboard.type(" are late")
    expect(text).to_be_disabled()
    with serving(data_folder, port=port):
        expect(text).to_be_enabled()
        page.wait_for_timeout(10_000)
        page.reload()
        me.settle()
        text, box = form(me)
        expect(text).to_have_value("Bills are late")
        text.fill("")
        text.press("Tab")
        expect(box).not_to_contain_text(NOTES["en"])


@pytest.mark.prove
def test_leaving_a_page_in_the_middle_of_a_word_changes_nothing_else(
    nothing_begun: None, reader: Callable[..., Reader]
) -> None:
    me = reader(locale="en-GB")
    page = me.open("overview?lang=en")
    words = texts("en")
    me.press(me.keyed("remedy.start").get_by_role("button"))
    me.press(me.keyed("adopt.all").get_by_role("button"))
    me.press(me.keyed("why.add").get_by_role("button"))
    page.locator('[class*="st-key-naming-"] summary').click()
    cause = page.get_by_label(words["workshop.field.cause"], exact=True)
    expect(cause).not_to_have_value("")
    before, address = cause.input_value(), parse_qs(urlsplit(page.url).query)
    me.keyed("why.editor").get_by_role("textbox").first.click()
    page.keyboard.type("Bills are")
    link = page.get_by_role("link", name=words["page.overview"]).bounding_box()
    assert link
    page.mouse.click(link["x"] + 20, link["y"] + 10)
    me.settle()
    assert "from=2026-10-01&to=2026-11-01" in page.url
    me.visit(words["page.trace"])
    expect(me.keyed("why.editor").get_by_role("textbox").first).to_have_value("Bills are")
    expect(cause).to_have_value(before)
    assert parse_qs(urlsplit(page.url).query) == address and me.trouble == []
