"""The script that says Streamlit's own words in the reader's language leaves the words of the data alone."""

from __future__ import annotations

import json
from html import escape

from playwright.sync_api import Browser

from pages.frame.in_browser import PLACE, SCRIPT, said_instead
from pages.words.catalogue import Catalogue

CHOSEN = (
    '<span data-tag aria-label="{0}"><span title="{0}">{0}</span><button aria-label="Remove {0}"></button></span>'
)
WORDS = ("Upload", "Empty", "Choose options", "Page 3", "Add: x")


def test_an_option_that_is_called_like_a_word_of_streamlit_keeps_its_name(browser: Browser) -> None:
    words = Catalogue.load("zh-CN")
    script = PLACE.format(words=escape(json.dumps(said_instead(words))), language="zh-CN", by_hand="", script=SCRIPT)
    chips = "".join(CHOSEN.format(word) for word in WORDS)
    menu = '<p data-testid="stTopNavSection"><b data-testid="stMarkdownContainer">2 more</b></p>'
    page = browser.new_page()
    page.set_content(f'<button title="Fullscreen">Upload</button><div role="option">Empty</div>{menu}{chips}{script}')
    assert page.evaluate("() => [navigator.language, ...navigator.languages]") == ["zh-CN"] * 2  # of months
    assert page.locator("button").first.inner_text() == words.text("data.choose_file")
    assert page.locator("button").first.get_attribute("title") == words.text("streamlit.fullscreen")
    assert page.locator("[role=option]").inner_text() == "Empty"
    assert page.locator("b").inner_text() == words.text(
        "streamlit.menu_more", any="2"
    )  # of the menu, though in markup
    for place, word in enumerate(WORDS):
        chip = page.locator("[data-tag]").nth(place)
        inside, button = chip.locator("span"), chip.locator("button")
        assert [inside.inner_text(), inside.get_attribute("title"), chip.get_attribute("aria-label")] == [word] * 3
        assert button.get_attribute("aria-label") == words.text("streamlit.remove", any=word)
    page.close()
