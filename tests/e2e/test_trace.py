"""Story 1: a manager, a drop, ten minutes. From 84.7 to the days on which 3G waits, and to the owner of the cause."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from playwright.sync_api import expect

from .conftest import Reader
from .steps import TONGUES, Tongue, bar, bring, figure, plan, says
from .tracing import CHINESE, NAMED, RULE, SEEN, WAITING, WHYS, ask_whys, locate, name_cause

pytestmark = pytest.mark.browser
ENGLISH = TONGUES[0]


@pytest.mark.prove
def test_a_manager_follows_a_drop_to_the_owner_of_its_cause(reader: Callable[..., Reader], shared: Path) -> None:
    me, tongue = reader(locale="zh-CN"), CHINESE
    _until_located(me, tongue, shared)
    _until_planned(me, tongue)
    _table(me, tongue)
    assert me.trouble == []


@pytest.mark.prove
def test_another_editor_works_on_the_same_issue_from_its_link(reader: Callable[..., Reader], shared: Path) -> None:
    """Both see the other's words; day by day tests of the pages show that without a browser."""
    me, tongue = reader(locale="zh-CN"), CHINESE
    _until_located(me, tongue, shared)
    _left_and_taken_up(me)
    other = reader(locale="en-GB")  # 12: the link opens the same elsewhere, here for someone who reads English
    other.open(me.page.url.replace("lang=zh-CN", "lang=en"))
    expect(other.page.locator("h1")).to_have_text(tongue.issue)
    other.press(other.keyed("step.where").get_by_role("button"))
    says(other, ENGLISH.text("trace_page.next"), "22.2 %", "253", "8.3 %")
    _until_planned(me, tongue)
    _met(other, tongue)
    _recording(other)
    assert me.trouble == [] and other.trouble == []


def _until_located(me: Reader, tongue: Tongue, shared: Path) -> None:
    bring(me, tongue, shared / "fixtures" / "f1_hotline.csv")
    _drop(me, tongue)
    _pinned(me, tongue)
    locate(me, tongue)


def _until_planned(me: Reader, tongue: Tongue) -> None:
    ask_whys(me, tongue)
    name_cause(me, tongue)
    me.press(me.keyed("step.solution").get_by_role("button"))
    plan(me, tongue, target="84")
    says(me, "+0.90")  # 0.30 × 3.0


def _drop(me: Reader, tongue: Tongue) -> None:
    page = me.page
    me.visit(tongue.text("page.overview"))  # 1: the drop with its interval and its answers
    says(me, "84.7", "86.3", "−2.7", "−0.5", "2,000")
    me.press(me.keyed("rows.overview").locator("summary"))  # 2: the rows behind the number
    says(me, tongue.text("how.rows_note", first=1, last=100))
    me.visit(tongue.text("page.contrast"))  # 3: alone 3G fell; picked out of four, that may be chance
    me.press(page.get_by_role("radio", name=tongue.text("contrast_page.ask.period")))
    says(me, "−3.0", "p = 0.017", "p = 0.069", "n 600 / 400")
    me.visit(tongue.text("page.change"))  # 4: what is service, what is mix
    says(me, "1.05", "0.55", "−1.05", "−0.25", "−0.22", "−0.07")
    me.visit(tongue.text("page.contribution"))  # 5: 3G loses more than its share
    for share in ("31.4", "37.3", "14.7", "16.7", "0.78", "1.24", "0.98", "1.11"):
        expect(figure(me, share)).to_be_visible()
    page.mouse.click(*bar(me, tongue.business))  # 6: why, and in whose power
    me.settle()
    for share in ("37.0", "28.0", "16.0", "12.0", "4.0", "3.0", "41.1", "43.9"):
        expect(figure(me, share)).to_be_visible()
    assert parse_qs(urlsplit(page.url).query)["segment"] == ["3G"]


def _pinned(me: Reader, tongue: Tongue) -> None:
    """11: an issue to trace, filled in."""
    me.press(me.keyed("pin.open.contribution").get_by_role("button"))
    me.write("pin.title.contribution", tongue.issue)
    me.press(me.keyed("pin.save.contribution").get_by_role("button"))
    expect(me.page.get_by_text(tongue.text("pin.done"))).to_be_visible()
    me.page.keyboard.press("Escape")
    me.visit(tongue.text("page.trace"))
    expect(me.page.locator("h1")).to_have_text(tongue.issue)


def _left_and_taken_up(me: Reader) -> None:
    """A step that is left stays to be taken up again."""
    me.press(me.keyed("path.back").get_by_role("button"))
    expect(me.page.get_by_test_id("stMain")).not_to_contain_text("22.2 %")
    me.press(me.keyed("path.branch.0").get_by_role("button"))
    says(me, "22.2 %", "253", "8.3 %")


def _met(other: Reader, tongue: Tongue) -> None:
    """Another editor, still on the version before the diagnosis: both are shown, each keeps what it wrote."""
    notes = "Customers on 3G who cannot get through, says the review of week 45"
    other.press(other.keyed("step.data_problem").get_by_role("button"))
    other.page.get_by_label(ENGLISH.text("workshop.field.notes"), exact=True).fill(notes)
    other.press(other.keyed("save.data_problem").get_by_role("button"))
    says(other, ENGLISH.text("workshop.window.title"), notes, tongue.cause)
    other.press(other.page.get_by_role("button", name=ENGLISH.text("workshop.save"), exact=True))
    expect(other.page.get_by_role("heading", name=tongue.cause)).to_be_visible()
    other.press(other.keyed("step.where").get_by_role("button"))
    says(other, notes, ENGLISH.owner)


def _table(me: Reader, tongue: Tongue) -> None:
    """The row in the table, on paper, and in the letter to the department."""
    me.press(me.keyed("issue.back").get_by_role("button"))
    me.write("trace.find", tongue.issue)
    me.settle()
    said = (tongue.issue, "100.0 %", "37.0 %", "22.2 %", WAITING, WHYS[2], tongue.cause)
    row = me.keyed("trace.grid").locator("tbody tr")
    expect(row).to_have_count(1)
    for words in said:
        expect(row).to_contain_text(words)
    with me.page.expect_download() as download:
        me.keyed("trace.excel").get_by_role("button").click()
    sheet = openpyxl.load_workbook(BytesIO(download.value.path().read_bytes())).worksheets[0]
    printed = " ".join(str(cell) for cells in sheet.iter_rows(values_only=True) for cell in cells if cell)
    more = ("设计误差", "体验改进体系", NAMED["power"], tongue.owner, tongue.remedy, "2027-12-15", RULE, SEEN)
    assert [words for words in (*said, *more) if words not in printed] == []
    me.press(me.keyed("briefs").locator("summary"))
    brief = me.keyed("briefs").get_by_test_id("stCode")
    for words in (tongue.text("brief.title", department=tongue.owner), tongue.cause, tongue.remedy, "8.3 %"):
        expect(brief).to_contain_text(words)


def _recording(me: Reader) -> None:
    """An issue that no number shows is marked wherever it appears."""
    title, shown = "A recording that must not happen again", ENGLISH.text("trace_page.not_shown")
    me.press(me.keyed("issue.back").get_by_role("button"))
    me.press(me.keyed("issue.new").get_by_role("button"))
    me.write("issue.create.title", title)
    me.choose(ENGLISH.text("workshop.field.basis"), ENGLISH.text("workshop.basis.recording"))
    me.write("issue.create.reason", "The agent hung up on a customer in tears.")
    me.press(me.keyed("issue.create.save").get_by_role("button"))
    expect(me.page.locator("h1")).to_have_text(title)
    expect(me.page.locator(".stMarkdownBadge", has_text=shown)).to_be_visible()
    me.press(me.keyed("issue.back").get_by_role("button"))
    rows = me.keyed("trace.grid").locator("tbody tr")
    expect(rows.filter(has_text=title)).to_contain_text(shown)
    expect(rows.filter(has_text=CHINESE.issue)).not_to_contain_text(shown)
    me.visit(ENGLISH.text("page.workshop"))
    cards = me.page.locator('[class*="st-key-issue-card-"]')
    expect(cards.filter(has_text=title)).to_contain_text(shown)
    expect(cards.filter(has_text=CHINESE.issue)).not_to_contain_text(shown)
