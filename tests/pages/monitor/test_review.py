"""The weekly review: meetings prepared and listed, slides on the wall without any data, actions typed in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from data_access.access import local_analyst
from data_access.taxonomy import load_taxonomy
from data_access.workshop.records import Basis, Plan, PlanState
from data_access.workshop.store import Store, open_store
from pages.frame import headers, printed, wall
from pages.words.catalogue import Catalogue
from pages.words.deck.department_pages import ask_rows, departments, loss_rows, title_of
from pages.words.meeting_told import told_of

from ..checks import check
from ..conftest import EACH_LANGUAGE, Downloads, OpenPage, file_of, seen
from ..words.test_meeting_files import texts_of

ME, TODAY, ZH = local_analyst(), date.today(), Catalogue.load("zh-CN")


@pytest.fixture
def store(empty_store: Path, tmp_path: Path) -> Iterator[Store]:
    """The store the pages of this test use, with an issue for what the meeting decides."""
    shutil.copy(empty_store, tmp_path)
    made = open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}")
    made.create_issue(ME, "热线为何丢分", basis=Basis.RECORDING, basis_reason="听了录音")
    yield made
    made.engine.dispose()


def prepared(open_page: OpenPage, language: str) -> AppTest:
    app = open_page("review", lang=language, review_span="chosen", **{"from": "2026-10-01", "to": "2026-11-01"})
    next(b for b in app.button if b.key == "review.prepare").click().run()
    assert not app.exception and not app.error
    return app


def pressed(app: AppTest, key: str) -> AppTest:
    next(b for b in app.button if b.key == key).click().run()
    return app


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_a_meeting_is_prepared_walked_through_and_opened_again_without_its_data(
    language: str, store: Store, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each slide says the same to who opens it later by its address, with the warehouse gone."""
    words = Catalogue.load(language)
    check(open_page("review", lang=language), language, "review")
    app = prepared(open_page, language)
    (meeting,) = store.meetings(ME)
    slides = store.slides(ME, meeting.id)
    told = []
    for number in range(1, len(slides) + 1):
        assert app.query_params["slide"] == f"{meeting.code}-{number}"
        told.append(_said(app, words))
        assert len(app.title) == 1 and meeting.code in told[-1] and "NaN" not in told[-1]
        if number < len(slides):
            pressed(app, "review.next")
    assert words.text("review.agenda.actions") in told[-1] and "83." in told[0]

    monkeypatch.setenv("SATRACE_WAREHOUSE", "postgresql+psycopg://nobody@127.0.0.1:1/gone")
    for number, before in enumerate(told, 1):
        again = open_page("review", lang=language, slide=f"{meeting.code}-{number}".lower())
        assert not again.exception and [one.value for one in (*again.error, *again.warning)] == []
        assert _said(again, words) == before


def _said(app: AppTest, words: Catalogue) -> str:
    """All that stands on the wall; the sidebar, which is hidden there, comes after it."""
    return seen(app).split(words.text("sidebar.language"))[0]


def test_an_action_is_saved_with_its_plan_and_seen_by_others(
    store: Store, open_page: OpenPage, downloads: Downloads
) -> None:
    """Department, person and day; the browser of another is told by another digest."""
    prepared(open_page, "zh-CN")
    (meeting,) = store.meetings(ME)
    last = len(store.slides(ME, meeting.id))
    app = open_page("review", lang="zh-CN", slide=f"{meeting.code}-{last}")
    before = wall.state_of(store, ME, meeting.id)
    app.text_input(key="review.action.what").input("与市场部核对套餐说明")
    app.selectbox(key="review.action.owner").set_value("marketing")
    app.text_input(key="review.action.who").input("陈晨")
    pressed(app, "review.action.save")
    (plan,) = store.plans(ME)
    assert (plan.action, plan.owner, plan.person) == ("与市场部核对套餐说明", "marketing", "陈晨")
    assert "与市场部核对套餐说明" in seen(app) and "陈晨" in seen(app)
    assert wall.state_of(store, ME, meeting.id) != before
    assert store.history(ME, plan.issue_id)[0].action == "decided"
    minutes, book = (file_of(downloads, ZH.text(f"file.{name}"), ending, meeting.code)() for name, ending in
                     (("minutes", ".pptx"), ("meeting_workbook", ".xlsx")))  # fmt: skip
    assert "与市场部核对套餐说明" in texts_of(minutes) and meeting.data_version in texts_of(minutes)
    numbers = openpyxl.load_workbook(BytesIO(book))[ZH.text("meeting_file.sheet.numbers")]
    (headline, *_) = store.slides(ME, meeting.id)
    assert numbers["C2"].value == headline.statistics["score"]
    pressed(app, "review.end")
    assert store.meeting(ME, meeting.id).ended_at and not [b for b in app.button if b.key == "review.action.save"]


def test_what_changed_since_is_marked_among_the_promises(store: Store, open_page: OpenPage) -> None:
    (issue,) = store.issues(ME)
    plan = store.save_plan(ME, Plan(issue_id=issue.id, action="加派人手", due=TODAY))
    prepared(open_page, "en")
    (meeting,) = store.meetings(ME)
    number = next(s.number for s in store.slides(ME, meeting.id) if s.kind == "promises")
    store.save_plan(ME, replace(plan, state=PlanState.DROPPED))
    words = Catalogue.load("en")
    app = open_page("review", lang="en", slide=f"{meeting.code}-{number}")
    assert words.text("review.now", value=words.text("workshop.state.plan.dropped")) in seen(app)


def test_a_code_that_nobody_knows_is_said(store: Store, open_page: OpenPage) -> None:
    app = open_page("review", lang="en", slide="ZZZZZZ-1")
    assert [t.value for t in app.title] == [Catalogue.load("en").text("review.unknown_title")]
    assert not app.exception and len(app.warning) == 1
    pressed(app, "review.leave")
    check(app, "en", "review")


def test_the_browser_may_run_the_keys_of_the_wall() -> None:
    assert wall.HASH in headers._policy()


def test_nothing_is_saved_without_an_action(store: Store, open_page: OpenPage) -> None:
    prepared(open_page, "en")
    (meeting,) = store.meetings(ME)
    app = open_page("review", lang="en", slide=f"{meeting.code}-99")
    assert app.query_params["slide"] == f"{meeting.code}-{len(store.slides(ME, meeting.id))}"
    pressed(app, "review.action.save")
    assert len(app.error) == 1 and not store.plans(ME) and len(store.issues(ME)) == 1


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_each_department_has_a_page_with_its_loss_the_ask_and_the_day(
    language: str, store: Store, open_page: OpenPage
) -> None:
    """From the last slide by a button, in the order of the file, under a code that opens it again."""
    words, (issue,) = Catalogue.load(language), store.issues(ME)
    store.save_plan(ME, Plan(issue_id=issue.id, action="核对套餐说明", owner="marketing", due=date(2026, 11, 6)))
    prepared(open_page, language)
    (meeting,) = store.meetings(ME)
    last = len(store.slides(ME, meeting.id))
    told = told_of(store, ME, meeting.id, words, load_taxonomy())
    found = departments(told)
    assert "customer_side" not in [page.code for page in found]
    app = open_page("review", lang=language, slide=f"{meeting.code}-{last}")
    for place, page in enumerate(found, last + 1):
        shown = pressed(app, f"review.department.{page.code}")
        assert shown.query_params["slide"] == f"{meeting.code}-{place}"
        assert unescape(shown.title[0].value).replace("\\", "") == title_of(told, page)
        for rows in (loss_rows(told, page), ask_rows(told, page)):
            for row in rows:
                assert row[0] in unescape(seen(shown)) and row[-1].split(" · ")[0] in unescape(seen(shown))
        app = pressed(shown, "review.to_actions")
        assert app.query_params["slide"] == f"{meeting.code}-{last}"
    assert [one.action for page in found if page.code == "marketing" for one in page.asked] == ["核对套餐说明"]


def test_the_clock_is_that_of_the_meeting(store: Store, open_page: OpenPage) -> None:
    """It runs from the first slide that anybody shows, begins anew for all, and a meeting that ended has none."""
    prepared(open_page, "en")
    (meeting,) = store.meetings(ME)
    first = wall.gone(meeting.id)
    assert first is not None and wall.gone("nobody's") is None
    app = open_page("review", lang="en", slide=f"{meeting.code}-2")
    again = wall.gone(meeting.id)
    assert again is not None and again > first and _has_clock(app)
    pressed(app, "wall.clock")
    anew = wall.gone(meeting.id)
    assert anew is not None and anew < again
    store.end_meeting(ME, meeting.id)
    assert not _has_clock(open_page("review", lang="en", slide=f"{meeting.code}-2"))


def _has_clock(app: AppTest) -> bool:
    return any('role="timer"' in one.value for one in app.get("html"))


def test_paper_says_which_slide_of_which_data_it_is(store: Store, open_page: OpenPage) -> None:
    """In the margin of the sheet, on each slide up to the last."""
    prepared(open_page, "en")
    (meeting,) = store.meetings(ME)
    for number in (1, len(store.slides(ME, meeting.id))):
        app = open_page("review", lang="en", slide=f"{meeting.code}-{number}")
        (sheet,) = [one.value for one in app.get("html") if "@bottom-left" in one.value]
        for told in (f"{meeting.code}-{number}", meeting.data_version):
            assert printed.quoted(told) in sheet
