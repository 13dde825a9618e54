"""Files of a meeting: they open without a warning, say what the screen says, and run nobody's text."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from pptx import Presentation

from analysis.review.kept import KEPT
from data_access.selection import Period, Selection
from data_access.statement import Statement
from data_access.taxonomy import load_taxonomy
from data_access.workshop.meeting_records import AgendaStep, Meeting, MeetingNote, MeetingSlide
from data_access.workshop.records import Plan
from pages.words.catalogue import LANGUAGES, Catalogue
from pages.words.deck.department_pages import departments, title_of
from pages.words.deck.meeting_deck import department_deck, meeting_deck, meeting_minutes
from pages.words.deck.meeting_workbook import meeting_workbook
from pages.words.format import is_missing
from pages.words.meeting_told import MeetingTold

WEEK = Period(date(2026, 10, 19), date(2026, 10, 26))
ASKED = Selection("score", WEEK, Period(date(2026, 9, 21), date(2026, 10, 19)))
FACTS = {"unit": "points", "better": "high", "version": "v1", "survey": True,
         "names": (("", "score", "Satisfaction", "满意度"), ("business", "3g", "3G", "3G业务"))}  # fmt: skip
EVIL = "=cmd|' /C calc'!A0 <b>收费\u202e</b>"


def slide(
    number: int, step: AgendaStep, kind: str, facts: dict[str, Any] | None = None, **given: Any
) -> MeetingSlide:
    kept = {**given.pop("options", {}), KEPT: {**FACTS, **(facts or {})}}
    return MeetingSlide(number=number, step=step, kind=kind, options=kept, selection=ASKED, **given)


def reason(name: str, power: str, lost: float, share: float) -> dict[str, Any]:
    return {"segment": (name,), "power": power, "n": 40, "lost_points": lost, "contribution": share,
            "contribution_low": share - 0.05, "contribution_high": share + 0.05}  # fmt: skip


REASONS = (reason("wait_busy", "centre", 422 / 114, 422 / 1140), reason("cannot_answer", "business_rule", 319 / 114,
           319 / 1140), reason("billing_vas", "business_rule", 182 / 114, 182 / 1140))  # fmt: skip
SLIDES = (
    slide(1, AgendaStep.CHANGES, "headline", options={"by": ("business",)},
          statements=(Statement("overview.headline", {"score": 84.7, "unit": "points"}),),
          statistics={"score": 84.7, "low": 84.0, "high": 85.4, "responses": 2000.0, "baseline_score": 86.3,
                      "baseline_responses": 2000.0, "change": 84.7 - 86.3, "change_low": -2.7, "change_high": -0.5,
                      "p": 0.004},
          rows=({"segment": ("3g",), "n": 600.0, "score": 81.0, "low": 79.0, "high": 83.0, "n0": 400.0,
                 "baseline_score": 84.0},),
          parts={"trend": tuple({"start": date(2026, 9, day), "n": 100.0, "score": 80.0 + day / 10, "low": 79.0,
                                 "high": None if day == 7 else 85.0} for day in (7, 14, 21))},
          sql=("select 1",)),
    slide(2, AgendaStep.CHANGES, "alerts", statements=(), statistics={"candidates": 214},
          rows=({"segment": {"business": "3g"}, "score1": 81.0, "n1": 600.0, "change": -3.0, "low": -5.5,
                 "high": -0.5},),
          parts={"small": ({"segment": {"business": "odd"}, "score": None, "n": 8, "change": None},)}),
    slide(3, AgendaStep.CAUSES, "cause", {"segment": {"business": "3g"}, "place": 1, "change": -3.0},
          options={"by": ("reason",)},
          statements=(Statement("review.cause_unknown", {"segment": {"business": "3g"}}),), rows=REASONS,
          parts={"powers": (
              {"segment": ("business_rule",), "n": 90, "lost_points": 501 / 114, "contribution": 501 / 1140},
              {"segment": ("centre",), "n": 80, "lost_points": 422 / 114, "contribution": 422 / 1140})}),
    slide(4, AgendaStep.PROMISES, "promises", {"count": 1, "page": 1, "pages": 1, "as_of": date(2026, 10, 26)},
          rows=({"plan_id": "p", "issue_id": "i", "issue": "3G", "action": EVIL, "owner": "business_dept",
                 "person": "", "due": date(2026, 10, 20), "state": "doing", "late": 6, "late_step": "",
                 "days": (date(2026, 10, 1), date(2026, 10, 20)), "cycle": 1, "earlier": "", "reopened_on": None},)),
    slide(5, AgendaStep.ACTIONS, "actions"),
)  # fmt: skip


def told(language: str, **given: Any) -> MeetingTold:
    meeting = Meeting(title="Review", dataset="", data_version="v1", selection=ASKED, held_on=date(2026, 10, 26),
                      code="K7M4QX", created_by="Li")  # fmt: skip
    return MeetingTold(
        meeting=meeting, slides=SLIDES, words=Catalogue.load(language), taxonomy=load_taxonomy(),
        made=date(2026, 10, 26), notes=(MeetingNote(meeting_id=meeting.id, number=1, text=EVIL),),
        actions=(Plan(issue_id="i", action="告知客户收费", owner="市场部", due=date(2026, 11, 2)),),
        issues={"i": "3G"}, **given,
    )  # fmt: skip


def texts_of(content: bytes) -> str:
    found = []
    for page in Presentation(BytesIO(content)).slides:
        for shape in page.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if getattr(shape, "has_table", False) and shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_slides_say_each_message_with_native_charts(language: str) -> None:
    seen = told(language)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        content = meeting_deck(seen)
        deck = Presentation(BytesIO(content))
    said = texts_of(content)
    for one in seen.shown:
        assert one.title() in said
    assert "K7M4QX-3" in said and "告知客户收费" in said and "市场部" in said and "\u202e" not in said
    charts = [shape.chart for page in deck.slides for shape in page.shapes if getattr(shape, "has_chart", False)]
    assert len(charts) == 3
    assert charts[0].plots[0].series[0].values == tuple(row["score"] for row in SLIDES[0].parts["trend"])
    assert charts[2].plots[0].series[0].values == tuple(row["contribution"] for row in REASONS)
    assert len(Presentation(BytesIO(meeting_minutes(seen))).slides) < len(deck.slides)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_holds_every_number_unrounded_and_only_our_formulas(language: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = openpyxl.load_workbook(BytesIO(meeting_workbook(told(language))))
        values = openpyxl.load_workbook(BytesIO(meeting_workbook(told(language))), data_only=True)
    words = Catalogue.load(language)
    sheet, known = (b[words.text("meeting_file.sheet.numbers")] for b in (book, values))
    assert sheet["C2"].value == 84.7 and sheet["I2"].value == "=C2-G2" and known["I2"].value == 84.7 - 86.3
    causes = values[words.text("meeting_file.sheet.causes")]
    assert [causes.cell(row, 7).value for row in (2, 3, 4)] == [row["contribution"] for row in REASONS]
    assert book[words.text("meeting_file.sheet.causes")]["G2"].value == "=F2/F$5"
    ours = {cell.value for one in book for row in one for cell in row if cell.data_type == "f"}
    assert ours and not [text for text in ours if "cmd" in str(text)]
    assert all(one.auto_filter.ref for one in book.worksheets[1:])
    said = {str(cell.value) for one in book for row in one for cell in row}
    assert {"v1", "K7M4QX", "select 1"} <= said


def test_a_department_is_told_its_loss_what_is_asked_and_by_when() -> None:
    seen = told("zh-CN")
    found = {page.code: page for page in departments(seen)}
    assert set(found) == {"business_rule", "市场部"}  # not the centre itself
    page = found["business_rule"]
    assert title_of(seen, page).startswith("致业务规则") and "43.9 %" in title_of(seen, page)
    assert [one.late for one in page.asked] == [6] and found["市场部"].asked[0].due == date(2026, 11, 2)
    said = texts_of(department_deck(seen))
    assert "43.9 %" in said and "2026-10-20" in said and "K7M4QX" in said
    unkept = texts_of(department_deck(replace(seen, meeting=replace(seen.meeting, code=""))))
    assert "43.9 %" in unkept and seen.text("meeting_file.opens", code="")[:2] not in unkept
    alone = replace(seen, slides=SLIDES[:1], actions=())
    assert seen.text("meeting_file.no_department") in texts_of(department_deck(alone))


def test_what_was_withheld_stays_so() -> None:
    seen = told("en")
    book = openpyxl.load_workbook(BytesIO(meeting_workbook(seen)))
    small = [[cell.value for cell in row] for row in book["Changes"].iter_rows(min_row=3)]
    assert [row[1] for row in small] == [None] and all(is_missing(value) for value in small[0][3:7])


SIGNALS = slide(
    2, AgendaStep.CHANGES, "alerts", method="monitor",
    statistics={"signals": 5, "family": 109, "baseline_start": "2026-07-01", "baseline_end": "2026-10-01",
                "last": "2026-10-25"},
    rows=({"segment": {"business": "3g"}, "since": "2026-10-06", "value": 71.1, "n": 439, "change": -16.9,
           "change_low": -19.5, "change_high": -14.2},),
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_signals_are_told_since_their_day_and_counted_in_all(language: str) -> None:
    seen = replace(told(language), slides=(SLIDES[0], SIGNALS))
    one, words = seen.shown[1], seen.words
    assert one.title() == words.text("review.signals", count=5)
    assert words.show(Period(date(2026, 7, 1), date(2026, 10, 1)), "period") in one.period()
    said = texts_of(meeting_deck(seen))
    assert words.text("review.since", day=date(2026, 10, 6)) in said and words.text("review.others", count=4) in said
    cells = said.split("\n")
    assert words.text("review.head.since") in cells and words.text("review.head.value") not in cells
    sheet = openpyxl.load_workbook(BytesIO(meeting_workbook(seen)))[words.text("meeting_file.sheet.alerts")]
    assert "2026-10-06" in str(sheet["D2"].value) and sheet["E2"].value == 71.1
    quiet = replace(
        seen, slides=(SLIDES[0], replace(SIGNALS, rows=(), statistics=SIGNALS.statistics | {"signals": 0}))
    )
    assert quiet.shown[1].title() == words.text("review.quiet", candidates=109)


def test_no_page_asks_the_customers_themselves() -> None:
    powers = ({"segment": ("customer_side",), "n": 12, "lost_points": 0.4, "contribution": 0.1},
              {"segment": ("unstated",), "n": 12, "lost_points": 0.4, "contribution": 0.1})  # fmt: skip
    cause = replace(SLIDES[2], parts={"powers": powers})
    assert not departments(replace(told("en"), slides=(SLIDES[0], cause), actions=()))
