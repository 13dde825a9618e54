"""A brief says to one department on one page what was lost, how that is known, and what is asked by when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from data_access.metric_kinds import Unit
from pages.explain.trace.brief_page import Brief, BriefItem, text, workbook
from pages.words.catalogue import LANGUAGES, Catalogue
from pages.words.writers.effect_weeks import Course, Week

EN, ZH = Catalogue.load("en"), Catalogue.load("zh-CN")
ITEM = BriefItem(
    number="TR-014", problem="The bill text is unclear", lost_points=2.11, share=422 / 3060, low=0.11, high=0.169,
    n=130, where="3G → waiting", cause="Text rule BR-117", supported=True,
    evidence=("37.0 % of 3G's loss", "9 of 12 contacts"),
    ask=("Change the text",), deadline=date(2026, 11, 20), link="https://example.org/trace",
)  # fmt: skip
BARE = BriefItem(
    number="TR-015", problem="Charged while suspended", basis="one grave recording", cause="No rule for it"
)
BRIEF = Brief(department="Billing/accounts", metric="Satisfaction", period="October 2026", data_version="a81f3c",
              items=(ITEM, BARE))  # fmt: skip


def sheets(*briefs: Brief, words: Catalogue = EN) -> list[Any]:
    return list(openpyxl.load_workbook(BytesIO(workbook(briefs, words=words))).worksheets)


def lines(sheet: Any) -> list[tuple[Any, Any]]:
    return [(a.value, b.value) for a, b in sheet.iter_rows(max_col=2) if a.value or b.value]


def test_a_department_has_one_sheet_of_one_page() -> None:
    found = sheets(BRIEF, replace(BRIEF, department="Marketing"))
    assert [sheet.title for sheet in found] == ["Billing accounts", "Marketing"]
    for sheet in found:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("portrait", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight in (None, 1)
        assert sheet.print_area.endswith(f"$A$1:$B${sheet.max_row}")


def test_it_says_loss_evidence_ask_deadline_and_link() -> None:
    sheet = sheets(BRIEF)[0]
    assert lines(sheet)[2:11] == [
        ("TR-014", "The bill text is unclear"),
        ("Loss", "2.1 points · 13.8 % of all lost points (95 % interval 11.0 % to 16.9 %) · 130 answers"),
        ("Where", "3G → waiting"), ("Cause", "Text rule BR-117 (supported by evidence)"),
        ("Evidence", "• 37.0 % of 3G's loss\n• 9 of 12 contacts"), ("Our request", "Change the text"),
        ("Deadline", "by 2026-11-20"), ("See it here", ITEM.link), ("TR-015", "Charged while suspended"),
    ]  # fmt: skip
    assert [cell.hyperlink.target for row in sheet.iter_rows() for cell in row if cell.hyperlink] == [ITEM.link]


def test_what_is_not_known_is_not_said() -> None:
    told = dict(lines(sheets(replace(BRIEF, items=(BARE,)))[0])[3:-2])
    assert told == {
        "Not visible in the data": "one grave recording", "Cause": "No rule for it (assumed; evidence still missing)",
        "Deadline": "to be agreed",
    }  # fmt: skip


def test_a_loss_without_interval_and_in_a_rate() -> None:
    item = replace(ITEM, unit=Unit.RATE, lost_points=0.24, low=None, high=None, n=None)
    assert "Loss: 0.2 pp · 13.8 % of all lost points\n" in text(replace(BRIEF, items=(item,)), words=EN)


def test_much_evidence_leaves_room_for_the_next_problem() -> None:
    item = replace(ITEM, evidence=tuple(f"e{i}" for i in range(9)))
    said = dict(lines(sheets(replace(BRIEF, items=(item,)))[0]))["Evidence"].splitlines()
    assert said == ["• e0", "• e1", "• e2", "• e3", "• e4", "• … and 4 more"]


def test_the_message_says_the_same() -> None:
    message = text(BRIEF, words=ZH)
    assert message.splitlines()[0].startswith("致 Billing/accounts：")
    for name, said in lines(sheets(BRIEF, words=ZH)[0])[2:-2]:
        assert name in message
        assert all(line.removeprefix("• ") in message for line in said.splitlines())
    assert "证据：\n  • 37.0 % of 3G's loss\n  • 9 of 12 contacts\n" in message
    assert "\u00a0" not in message and " \n" not in message


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_titles_have_the_height_they_need(language: str) -> None:
    words = Catalogue.load(language)
    short, long = sheets(BRIEF, replace(BRIEF, department="部门" * 30), words=words)
    assert long.row_dimensions[1].height >= short.row_dimensions[1].height + 26


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_text_becomes_a_formula(sign: str) -> None:
    evil = sign + "1+1"
    item = BriefItem(number=evil, problem=evil, basis=evil, where=evil, evidence=(evil,), ask=(evil,), link=evil)
    sheet = sheets(Brief(department=evil, metric=evil, period=evil, data_version=evil, items=(item,)))[0]
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in found} == {"s"} and not any(cell.hyperlink for cell in found)
    assert not [cell.value for cell in found if cell.value.startswith(sign)]


def test_equal_briefs_give_equal_files() -> None:
    assert workbook([BRIEF], words=EN) == workbook([BRIEF], words=EN)


def test_an_effect_is_drawn_from_its_weeks() -> None:
    """A chart that a spreadsheet draws, on the page of the brief, from unrounded numbers on a sheet of their own."""
    weeks = tuple(
        Week(begins=date(2026, 9, 7 + 7 * k), treated=81 + k / 3, control=None if k == 2 else 82.0, n_treated=40)
        for k in range(4) if 7 + 7 * k <= 28
    )  # fmt: skip
    course = Course(number="TR-014", action="=Change", effect="effective", start=date(2026, 9, 14), weeks=weeks)
    brief = replace(BRIEF, items=(replace(ITEM, judged=("p1", "unknown")),))
    book = openpyxl.load_workbook(BytesIO(workbook([brief], words=ZH, courses={"p1": course})))
    page, data = book.worksheets
    (chart,) = page._charts
    assert (data.title, [cell.value for cell in data[3]]) == (
        "效果逐周数据", ["TR-014", "'=Change", "2026-09-14", 81 + 1 / 3, 82, 40, 0])  # fmt: skip
    assert [line.val.numRef.f for line in chart.series] == [f"效果逐周数据!$D$2:$D${len(weeks) + 1}",
                                                            f"效果逐周数据!$E$2:$E${len(weeks) + 1}"]  # fmt: skip
    assert data["E4"].value is None
