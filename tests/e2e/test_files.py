"""Files as people have them, brought by the Data page: a glance, one button, and the right number on Overview."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from pages.words.catalogue import Catalogue

from .conftest import Reader

pytestmark = pytest.mark.browser
CASES = Path(__file__).resolve().parents[1] / "cases"
FILES = {  # the file, its headline and its answers
    "18-totals-and-footer": ("report.csv", "73.2", "200"),
    "19-chinese-title-merged": ("客服月报.xlsx", "76.1", "219"),
    "25-sheets-hidden": ("book.xlsx", "74.1", "240"),
    "12-likert-chinese": ("满意度.csv", "74.2", "250"),
    "21-duplicate-contacts": ("tickets.csv", "72.0", "220"),
}
IN_SIGHT = "e => { const box = e.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight }"

FIRST = ("19-chinese-title-merged",)  # the others when all is proven


@pytest.mark.parametrize(
    ("case", "language"),
    [
        pytest.param(case, language, marks=[] if case in FIRST else pytest.mark.prove)
        for case, language in zip(FILES, ("en", "zh-CN", "en", "zh-CN", "en"), strict=True)
    ],
)
def test_a_file_is_brought_by_one_button(case: str, language: str, reader: Callable[..., Reader]) -> None:
    name, headline, answers = FILES[case]
    me = reader(locale=language)
    me.open(f"data?lang={language}&data=default")
    place = me.page.get_by_test_id("stFileUploaderDropzone").get_by_role("button").locator("p")
    expect(place).to_have_text(Catalogue.load(language).text("data.choose_file"))
    me.page.locator('input[type="file"]').set_input_files(CASES / case / name)
    use = me.keyed("import.use").get_by_role("button")
    expect(use).to_be_enabled()
    me.settle()
    assert use.evaluate(IN_SIGHT)
    me.press(use)
    data = parse_qs(urlsplit(me.page.url).query)["data"]
    assert data != ["default"]
    me.open(f"overview?lang={language}&data={data[0]}&from=all")
    expect(me.page.get_by_test_id("stMetricValue").first).to_contain_text(headline)
    expect(me.page.get_by_test_id("stMain")).to_contain_text(answers)
    assert me.trouble == []


@pytest.mark.prove
def test_another_reading_is_seen_at_once(reader: Callable[..., Reader]) -> None:
    """One of two sheets, and back; what was called otherwise by a person stays."""
    me, words = reader(locale="en"), Catalogue.load("en")
    me.open("data?lang=en&data=default")
    me.page.locator('input[type="file"]').set_input_files(CASES / "25-sheets-hidden" / "book.xlsx")
    main = me.page.get_by_test_id("stMain")
    expect(main).to_contain_text(words.text("data.was_read", name="book.xlsx", rows=240, columns=5))
    me.settle()
    me.page.locator('[class*="st-key-import-read-sheet"] input').press("Backspace")
    expect(main).to_contain_text(words.text("data.was_read", name="book.xlsx", rows=120, columns=4))
    me.settle()
    me.press(me.keyed("import.plain").get_by_role("button"))
    expect(main).to_contain_text(words.text("data.was_read", name="book.xlsx", rows=240, columns=5))
    assert me.trouble == []


@pytest.mark.prove
def test_the_way_on_keeps_the_data_and_all_that_is_chosen(reader: Callable[..., Reader]) -> None:
    """From a file to Overview, in a language and a text size that are not the browser's; chosen while it waits."""
    me = reader(locale="en")
    me.open("data?lang=en&text=large&data=default")
    me.page.locator('input[type="file"]').set_input_files(CASES / "19-chinese-title-merged" / "客服月报.xlsx")
    expect(me.keyed("import.use").get_by_role("button")).to_be_enabled()
    me.press(me.page.get_by_test_id("stSidebar").get_by_text("简体中文", exact=True))
    me.press(me.keyed("import.use").get_by_role("button"))
    before = parse_qs(urlsplit(me.page.url).query)
    assert before["data"] != ["default"]
    me.press(me.keyed("data.to.overview").get_by_role("button"))
    after = parse_qs(urlsplit(me.page.url).query)
    assert {name: after[name] for name in before} == before
    expect(me.page.get_by_test_id("stMetricValue").first).to_contain_text("74.8")
    assert (before["lang"], before["text"], me.trouble) == (["zh-CN"], ["large"], [])
