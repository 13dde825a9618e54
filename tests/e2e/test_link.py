"""A link opens the same view for somebody else; the language changes in place; the first link after a start works."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from playwright.sync_api import Browser, expect

from pages.words.catalogue import Catalogue

from .conftest import CALM, Reader, serving

pytestmark = pytest.mark.browser
ASKED = {
    "metric": "score", "from": "2026-08-01", "to": "2026-10-01", "base": "year", "region": "east", "tier": "gold",
    "by": "business", "depth": "intermediate", "segment": "broadband", "target": "90",
}  # fmt: skip
PLACES = ("h1", "h2", "h3", ".js-plotly-plot", '[data-testid="stCaptionContainer"]')


def query(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


def test_a_link_opens_the_same_view_in_another_browser(reader: Callable[..., Reader]) -> None:
    mine, theirs = reader(locale="en-GB"), reader(locale="en-GB")
    page = mine.open("contribution?" + "&".join(f"{name}={value}" for name, value in ASKED.items()) + "&lang=zh-CN")
    assert {name: query(page.url)[name] for name in ASKED} == {name: [value] for name, value in ASKED.items()}
    drawn = {place: page.locator(place).all_text_contents() for place in PLACES}
    mine.context.grant_permissions(["clipboard-read"])
    mine.press(page.get_by_text(Catalogue.load("zh-CN").text("action.link")))
    expect(page.get_by_text(Catalogue.load("zh-CN").text("action.link_done"))).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert urlsplit(link)._replace(query="") == urlsplit(page.url)._replace(query="")
    assert query(link) == query(page.url)
    other = theirs.open(link)
    assert {place: other.locator(place).all_text_contents() for place in PLACES} == drawn
    assert query(other.url) == query(page.url)
    assert mine.trouble == theirs.trouble == []


@pytest.mark.prove
def test_files_come_down_with_their_link(reader: Callable[..., Reader]) -> None:
    me = reader(locale="en-GB")
    page = me.open("contribution?by=region&base=none")
    content = {}
    for kind in ("excel", "csv"):
        with page.expect_download() as coming:
            me.keyed(f"{kind}.contribution").get_by_role("button").click()
        assert coming.value.suggested_filename.startswith(Catalogue.load("en").text("page.contribution"))
        content[kind] = Path(coming.value.path()).read_bytes()
    facts, table = openpyxl.load_workbook(io.BytesIO(content["excel"])).worksheets
    assert query(str(facts.cell(facts.max_row, 2).value)) == query(page.url)
    lines = content["csv"].decode("utf-8-sig").splitlines()
    assert [str(cell.value) for cell in table["A"]] == [line.split(",")[0].strip('"') for line in lines]
    assert len(lines) > 8  # eight regions below the header
    assert me.trouble == []


@pytest.mark.prove
def test_the_language_changes_in_place(reader: Callable[..., Reader]) -> None:
    me = reader(locale="en-GB")
    page = me.open("change?region=east&by=channel&from=2026-09-01&to=2026-10-01")
    before = query(page.url)
    expect(page.locator("h1")).to_have_text(Catalogue.load("en").text("change.question"))
    me.press(page.get_by_text("简体中文", exact=True))
    expect(page.locator("h1")).to_have_text(Catalogue.load("zh-CN").text("change.question"))
    expect(page.get_by_test_id("stTopNavLinkContainer").first).to_contain_text(
        Catalogue.load("zh-CN").text("page.overview")
    )
    assert query(page.url) == {**before, "lang": ["zh-CN"]}
    assert me.trouble == []


@pytest.mark.prove
def test_the_first_link_after_a_start_finds_its_page(browser: Browser, server: str, data_folder: Path) -> None:
    """`server` made the sample already, so this one starts at once."""
    context = browser.new_context(**CALM)  # type: ignore[arg-type]
    with serving(data_folder) as fresh:
        me = Reader(context, fresh)
        me.page.add_init_script(
            "new MutationObserver(() => { if (document.querySelector('[role=dialog]')) window.blinked = true })"
            ".observe(document, {subtree: true, childList: true})"
        )
        page = me.open("change?lang=zh-CN&by=region")
        expect(page.locator("h1")).to_have_text(Catalogue.load("zh-CN").text("change.question"))
        assert page.evaluate("window.blinked") is None
        assert query(page.url)["by"] == ["region"]
        assert me.trouble == []
    context.close()
