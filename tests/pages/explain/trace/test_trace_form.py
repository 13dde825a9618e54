"""The printed form says all of a trace in the order of the course, fits its paper, and runs nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from data_access.metric_kinds import Unit
from pages.explain.trace.printed_form import FormPlan, FormRow, FormStep, FormWhy, workbook
from pages.words.catalogue import LANGUAGES, Catalogue

EN, ZH = Catalogue.load("en"), Catalogue.load("zh-CN")
TRACE = FormRow(
    number="TR-014", problem="3G lost most", metric="Satisfaction", period="October 2026 vs September 2026",
    score=84.7, change=-1.6, low=-2.7184, high=-0.4816, n=2000, lost_points=5.7,
    steps=(FormStep(label="3G", kept=1.0, kept_of_all=1140 / 3060),
           FormStep(label="waiting", kept=422 / 1140, kept_of_all=422 / 3060),
           FormStep(label="days 1–3, 28–31", kept=253 / 1140, kept_of_all=253 / 3060), FormStep(label="night")),
    whys=(FormWhy(depth=1, statement="Busy lines", level="symptom", status="supported"),
          FormWhy(depth=2, statement="Calls double", level="direct", status="supported"),
          FormWhy(depth=3, statement="Bill text unclear", level="root", status="hypothesised")),
    cause="The bill text", cause_type="Business rule", evidence=("Pin 1", "12 contacts"), gap="Design gap",
    system="Experience improvement", power="Business rule or authority", owner="Business department",
    plans=(FormPlan(action="Change the text", owner="Ms Li", due=date(2026, 11, 20), target="3G at 84.0",
                    check="Before and after", state="Planned"),),
    verification=("fell back to 16 %",), state="Diagnosed", filters="business: 3G", data_version="a81f3c",
    link="https://example.org/trace?issue=TR-014",
)  # fmt: skip


def book(*rows: FormRow, words: Catalogue = EN, **more: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(workbook(rows, words=words, title="Week 45 & more", **more)))


def cells(sheet: Any, row: int) -> dict[str, Any]:
    """The cells of a row by the words over them."""
    return {sheet.cell(4, c).value: sheet.cell(row, c).value for c in range(1, sheet.max_column + 1)}


def test_the_columns_stand_in_order_under_the_four_steps() -> None:
    sheet = book(TRACE, words=ZH).worksheets[0]
    heads = [cell.value for cell in sheet[4]]
    assert "/".join(heads) == "编号/问题/数据/定位/原因/证据/误差类型/服务体系/可控方/责任部门/计划/验证/效果"
    assert [cell.value for cell in sheet[3] if cell.value] == ["数据问题", "问题定位", "深度溯源", "解决方案"]
    assert {str(r) for r in sheet.merged_cells.ranges} == {"B3:C3", "E3:J3", "K3:M3"}


def test_a_row_says_everything_about_its_trace() -> None:
    row = cells(book(TRACE).worksheets[0], 5)
    assert row["No."] == "TR-014\nDiagnosed" and row["Problem"] == "3G lost most"
    assert row["Data"].splitlines() == [
        "Satisfaction", "October 2026 vs September 2026", "84.7 points",
        "change −1.6 points, interval −2.7 points to −0.5 points", "5.7 points lost", "n 2,000"]  # fmt: skip
    assert row["Location"].splitlines() == [
        "1. 3G: 100.0 %, 37.3 % of all lost points", "2. waiting: 37.0 %, 13.8 % of all lost points",
        "3. days 1–3, 28–31: 22.2 %, 8.3 % of all lost points", "4. night"]  # fmt: skip
    assert row["Cause"].splitlines() == [
        "Busy lines [symptom, supported]", "    Calls double [direct, supported]",
        "        Bill text unclear [root, hypothesised]", "Cause: The bill text (Business rule)"]  # fmt: skip
    assert row["Evidence"] == "• Pin 1\n• 12 contacts"
    assert [row[k] for k in ("Gap", "Service system", "Who can act", "Owner")] == [
        TRACE.gap, TRACE.system, TRACE.power, TRACE.owner]  # fmt: skip
    assert row["Remedy"] == "1. Change the text\n    Ms Li · by 2026-11-20 · Planned\n    3G at 84.0"
    assert row["Verification"] == "1. Before and after\nfell back to 16 %"


def test_rates_are_said_as_rates() -> None:
    rate = replace(TRACE, unit=Unit.RATE, score=2.8, change=0.2, low=None, high=None, lost_points=None)
    assert "2.8 %\nchange +0.2 pp\nn 2,000" in cells(book(rate).worksheets[0], 5)["Data"]


def test_an_empty_trace_leaves_empty_cells() -> None:
    row = cells(book(FormRow(number="TR-1", problem="Found on a recording")).worksheets[0], 5)
    assert {name for name, said in row.items() if said} == {"No.", "Problem"}


def test_what_data_do_not_show_is_marked() -> None:
    sheet = book(replace(TRACE, basis="one grave recording"), TRACE).worksheets[0]
    marked, plain = sheet["B5"], sheet["B6"]
    assert marked.value == "3G lost most\n▲ Not visible in the data: one grave recording"
    assert marked.fill.fgColor.rgb == "FFFDF1E7" and plain.fill.fill_type is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_fits_its_paper(language: str) -> None:
    sheet = book(TRACE, TRACE, words=Catalogue.load(language)).worksheets[0]
    setup = sheet.page_setup
    assert (setup.orientation, setup.paperSize, setup.fitToHeight) == ("landscape", 8, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$3:$4" and sheet.freeze_panes == "C5"
    assert sheet.print_area.endswith("$A$1:$M$8")
    assert sheet.oddFooter.left.text == "Week 45 && more"
    assert all(cell.alignment.wrap_text for row in (5, 6) for cell in sheet[row])
    letters = sum(column.width for column in sheet.column_dimensions.values())
    assert letters * 5.25 / (16.54 * 72 - 0.8 * 72) < 1.35, "at most a quarter smaller on A3: ten points stay legible"


def test_a_cell_holds_no_more_than_a_row_can_show() -> None:
    long = replace(TRACE, evidence=tuple(f"evidence {i}" for i in range(60)), cause="")
    said = cells(book(long).worksheets[0], 5)["Evidence"].splitlines()
    assert said[:2] == ["• evidence 0", "• evidence 1"] and said[-1] == "… and 34 more" and len(said) == 27
    wide = replace(TRACE, evidence=("很长的证据" * 40,) * 9)
    assert cells(book(wide).worksheets[0], 5)["Evidence"].endswith("… and 7 more")


def test_a_row_is_as_high_as_its_longest_cell() -> None:
    longer = replace(TRACE, cause="很长的原因" * 40)
    longest = replace(TRACE, whys=(), cause="long " * 2_000)
    sheet = book(TRACE, longer, longest, words=ZH).worksheets[0]
    heights = [sheet.row_dimensions[row].height for row in (5, 6, 7)]
    lines = [max(str(cell.value).count("\n") + 1 for cell in sheet[row]) for row in (5, 6, 7)]
    assert heights[0] >= 12 * lines[0] and heights[1] >= 12 * (3 + -(-400 // 38)) and heights[2] <= 409
    assert sheet["E7"].value.endswith("…") and len(sheet["E7"].value) <= 26 * 38


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝"])
def test_no_text_becomes_a_formula(sign: str) -> None:
    evil = sign + 'HYPERLINK("http://x","y")'
    row = FormRow(number=evil, problem=evil, basis=evil, metric=evil, period=evil, location_reason=evil, cause=evil,
                  gap=evil, system=evil, power=evil, owner=evil, verification=(evil,), filters=evil,
                  data_version=evil, plans=(FormPlan(action=evil, check=evil),), state=evil, link=evil)  # fmt: skip
    opened = book(row, facts={evil: evil})
    found = [c for sheet in opened for cells in sheet.iter_rows() for c in cells if c.value]
    assert {c.data_type for c in found} == {"s"} and not any(c.hyperlink for c in found)
    assert not [c.value for c in found if c.value.startswith(sign)]


def test_the_second_sheet_has_filters_versions_and_numbers_as_they_are() -> None:
    sheet = book(TRACE, replace(TRACE, number="TR-015", score=None, link=""), facts={"Review": "week 45"}).worksheets[
        1
    ]
    assert [sheet["A1"].value, sheet["B1"].value] == ["Review", "week 45"]
    heads = [cell.value for cell in sheet[3]]
    row = dict(zip(heads, (cell.value for cell in sheet[4]), strict=True))
    assert row == {
        "No.": "TR-014", "Metric": "Satisfaction", "Period": TRACE.period, "Filters": "business: 3G", "Answers": 2000,
        "Value": 84.7, "Change": -1.6, "Interval from": -2.7184, "Interval to": -0.4816, "Lost points": 5.7,
        "Share of the problem": TRACE.kept, "Share of all lost points": TRACE.kept_of_all,
        "Data version": "a81f3c", "Link": TRACE.link,
    }  # fmt: skip
    assert sheet.cell(4, len(heads)).hyperlink.target == TRACE.link
    assert sheet.cell(5, heads.index("Value") + 1).value is None


def test_equal_rows_give_equal_files() -> None:
    assert workbook([TRACE], words=ZH, title="t") == workbook([TRACE], words=ZH, title="t")
