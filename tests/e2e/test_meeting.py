"""The weekly review on a shared screen: eight people, five metres away, and one on a phone."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Locator, expect

from data_access.workshop.store import Store, open_store
from pages.frame import printed
from pages.words.catalogue import Catalogue

from .conftest import Reader
from .loop import ME, PILOT, REMINDER, SMALL, piloted, reminded

pytestmark = pytest.mark.browser
ROOM, PHONE = {"width": 1920, "height": 1080}, {"width": 390, "height": 844}
LANGUAGES = [pytest.param("en", marks=pytest.mark.prove), "zh-CN"]
BASE_PX, ROWS, SOME = 20, 7, 3
SMALLEST = """() => {
  const sizes = []
  const nodes = document.createTreeWalker(document.querySelector('[data-testid=stMain]'), NodeFilter.SHOW_TEXT)
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    const at = node.parentElement, box = at.getBoundingClientRect()
    if (!node.nodeValue.trim() || !box.width || !box.height || at.closest('script, style')) continue
    if (at.closest('[data-testid=stIconMaterial], [data-testid=stSkeleton]')) continue
    if (getComputedStyle(at).visibility === 'hidden' || !at.checkVisibility()) continue
    sizes.push([parseFloat(getComputedStyle(at).fontSize), node.nodeValue.trim()])
  }
  return sizes.sort((a, b) => a[0] - b[0])[0]
}"""


@pytest.fixture
def review(server: str, data_folder: Path, nothing_begun: None) -> Iterator[Store]:
    """The store before the meeting: the pilot at 1,200 and at 300 answers a cell, one late, and a closed plan."""
    store = open_store(f"sqlite:///{data_folder / 'workshop.sqlite'}")
    piloted(store, data_folder)
    reminded(store, data_folder)
    yield store
    store.engine.dispose()


class Wall:
    """The screen of the room."""

    def __init__(self, me: Reader, words: Catalogue) -> None:
        self.me, self.page, self.words = me, me.page, words
        self.main = me.page.get_by_test_id("stMain")

    @property
    def title(self) -> Locator:
        return self.page.locator("h1")

    @property
    def code(self) -> str:
        return self.page.locator(".wall-foot b").inner_text()

    @property
    def version(self) -> str:
        return self.page.locator(".wall-foot").inner_text().split(" ")[-1]

    def prepare(self) -> None:
        """The meeting is worked out and its first slide stands on the wall."""
        self.page.locator(".st-key-review-prepare button").click()
        expect(self.page.locator("[data-meeting]")).to_have_count(1, timeout=90_000)
        self.me.settle()

    def turn(self, key: str) -> None:
        before = self.code
        self.page.keyboard.press(key)
        expect(self.page.locator(".wall-foot b")).not_to_have_text(before)
        self.me.settle()

    def is_last(self) -> bool:
        return self.page.locator(".st-key-review-next button").is_disabled()

    def check(self) -> str:
        """What holds for every slide; answers with its message."""
        expect(self.title).to_have_count(1)
        expect(self.page.get_by_test_id("stSidebar")).not_to_be_visible()
        expect(self.page.get_by_test_id("stHeader")).not_to_be_visible()
        size, text = self.page.evaluate(SMALLEST)
        assert size >= BASE_PX, (size, text)
        assert self.page.locator(".wall-table tbody tr").count() <= ROWS
        expect(self.page.locator(".wall-clock")).to_have_text(re.compile(r"\d+:\d\d"))
        assert self.page.url.split("slide=")[1].startswith(self.code)
        return self.title.inner_text()


def test_the_preparation_of_a_meeting_is_stopped(review: Store, reader: Callable[..., Reader]) -> None:
    """A press while it is worked out ends it; nothing of it is kept, and it can be begun again."""
    me, known = reader(locale="en-GB", viewport=ROOM), len(review.meetings(ME))
    me.open("review?lang=en&data=default&review_span=week")
    me.keyed("review.prepare").get_by_role("button").click()
    me.keyed("review.stop").get_by_role("button").click()
    expect(me.keyed("review.stop")).to_have_count(0)
    me.settle()
    expect(me.keyed("review.prepare").get_by_role("button")).to_be_enabled()
    assert len(review.meetings(ME)) == known and me.trouble == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_weekly_review_from_what_changed_to_who_does_what(
    language: str, review: Store, data_folder: Path, reader: Callable[..., Reader], tmp_path: Path
) -> None:
    """Story 3, row by row: large and without menu, promises to verdicts, a new action on every screen at once."""
    me, words = reader(locale=language, viewport=ROOM), Catalogue.load(language)
    me.open(f"review?lang={language}&data=default&review_span=chosen")
    wall = Wall(me, words)
    wall.prepare()
    said = {wall.code: wall.check()}
    while not wall.is_last():
        wall.turn("ArrowRight")
        said[wall.code] = wall.check()
    assert len(said) == len(review.slides(ME, review.meetings(ME)[0].id))
    wall.turn("Home")
    wall.turn("ArrowRight")
    expect(wall.main.locator(".wall-table")).to_contain_text(re.compile(r"\[[−+]?\d+\.\d, [−+]?\d+\.\d\]"))

    _promises(wall, review)
    _verdicts(wall)
    wall.turn("End")
    _files(wall)
    _departments(wall)
    link = _action(wall, review, reader(locale=language, viewport=ROOM))
    _printed(wall)
    _on_a_phone(wall, said, reader(locale=language, viewport=PHONE), data_folder)
    assert link.startswith(me.server) and me.trouble == []


def _promises(wall: Wall, store: Store) -> None:
    """Overdue first with days, each date it had; what began again by itself, with the cycle before it."""
    me, words = wall.me, wall.words
    me.press(me.keyed("review.step.promises").get_by_role("button"))
    first = wall.page.locator(".wall-table tbody tr").first
    late = (date.today() - date(2026, 10, 15)).days
    for told in (PILOT, words.text("plan_register.late", days=late).replace("\u00a0", " "), "30", "15"):
        expect(first).to_contain_text(told)
    wall.turn("ArrowRight")
    expect(wall.title).to_contain_text(REMINDER)
    expect(wall.main).to_contain_text(re.compile(r"7\.\d.*1[56]\.\d"))
    expect(wall.main).to_contain_text(words.text("review.cycle_earlier", number=1))
    assert [plan.created_by for plan in store.plans(ME) if plan.cycle_of] == ["Satrace"]
    wall.turn("ArrowLeft")


def _verdicts(wall: Wall) -> None:
    """From the promise to its chain, then the verdict: effective at 1,200, not enough evidence at 300."""
    me, words, main = wall.me, wall.words, wall.main
    me.press(wall.page.get_by_role("button", name=words.text("review.to_plan", action=PILOT)))
    expect(wall.title).to_have_text(PILOT)
    for told in ("坐席无权当场赔付", words.text("workshop.verdict.effective"), f"{PILOT}?"):
        expect(main.locator(".wall-chain")).to_contain_text(told)
    me.press(me.keyed("review.to_verdict").get_by_role("button"))
    expect(wall.title).to_contain_text(re.compile(r"\+2\.50 \[1\.72, 3\.28\]"))
    expect(wall.title).to_contain_text(words.text("workshop.verdict.effective"))
    for told in ("1,200", "control_1", "12"):
        expect(main).to_contain_text(told)
    expect(main.get_by_test_id("stPlotlyChart")).to_have_count(2)
    me.press(me.keyed("review.step.promises").get_by_role("button"))
    me.press(wall.page.get_by_role("button", name=words.text("review.to_plan", action=SMALL)))
    wall.turn("ArrowRight")
    expect(wall.title).to_contain_text(re.compile(r"\+2\.43 \[−0\.49, 5\.36\]"))
    expect(wall.title).to_contain_text(words.text("workshop.verdict.not_enough_evidence"))


def _files(wall: Wall) -> None:
    """Minutes, slides and a page per department as PowerPoint, the numbers as a workbook."""
    code = wall.code.split("-")[0]
    for kind, ending in (("minutes", "pptx"), ("departments", "pptx"), ("meeting_workbook", "xlsx")):
        with wall.page.expect_download() as coming:
            wall.me.keyed(f"review.file.{kind}.{code}").get_by_role("button").click()
        name = coming.value.suggested_filename
        assert code in name and name.endswith(f".{ending}")
        assert Path(coming.value.path()).read_bytes()[:2] == b"PK"
    wall.me.settle()


def _action(wall: Wall, store: Store, other: Reader) -> str:
    """Typed in and saved by Enter; another browser on the meeting shows it without being asked."""
    me, page = wall.me, wall.page
    other.open(page.url)
    me.choose(wall.words.text("review.head.owner"), "市场部" if wall.words.language == "zh-CN" else "Marketing")
    field = me.keyed("review.action.what").locator("input")
    field.fill("与市场部核对套餐说明")
    begun = time.perf_counter()
    field.press("Enter")
    expect(page.locator(".wall-table")).to_contain_text("与市场部核对套餐说明")
    print(f"\nsaved and seen after {time.perf_counter() - begun:.2f} s")
    expect(other.page.locator(".wall-table")).to_contain_text("与市场部核对套餐说明")
    me.settle()
    (plan,) = [plan for plan in store.plans(ME) if plan.action == "与市场部核对套餐说明"]
    assert plan.owner == "marketing" and plan.due
    assert store.history(ME, plan.id)[0].action == "decided"
    _begun_here(wall, store)
    assert other.trouble == []
    return page.url


def _begun_here(wall: Wall, store: Store) -> None:
    """An action of an issue that nobody wrote down yet: its title is typed beside it."""
    me = wall.me
    box = wall.page.get_by_role("combobox", name=wall.words.text("review.head.issue"))
    box.click()
    box.fill("账单为何出人意料")
    box.press("Enter")
    me.settle()
    me.write("review.action.what", "账单上写明套餐")
    me.press(me.keyed("review.action.save").get_by_role("button"))
    expect(wall.page.locator(".wall-table tbody tr").first).to_contain_text("账单为何出人意料")
    (begun,) = [issue for issue in store.issues(ME) if issue.title == "账单为何出人意料"]
    assert wall.code.split("-")[0] in begun.notes
    assert [plan.action for plan in store.plans(ME) if plan.issue_id == begun.id] == ["账单上写明套餐"]


def _departments(wall: Wall) -> None:
    """A button of the last slide leads to the page of a department, and the way back is there."""
    me, last = wall.me, wall.code
    first = me.keyed("review.departments").get_by_role("button").first
    name = first.inner_text().splitlines()[-1]
    me.press(first)
    expect(wall.title).to_contain_text(name)
    wall.check()
    expect(wall.main.locator(".wall-table").first).to_contain_text(re.compile(r"\d % \[\d"))
    wall.turn("ArrowLeft")
    assert wall.code == last


def _printed(wall: Wall) -> None:
    """The sheet has the message and what was decided, and below it the code and the version of the data."""
    page = wall.page
    page.emulate_media(media="print")
    for seen_, hidden in (
        (wall.title, ".st-key-review-foot"),
        (page.locator(".wall-table"), ".st-key-review-agenda"),
    ):
        expect(seen_).to_be_visible()
        expect(page.locator(hidden)).not_to_be_visible()
    for pressed in ("review.departments", "review.action.what"):
        expect(wall.me.keyed(pressed)).not_to_be_visible()
    page.emulate_media(media="screen")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    sheets = "".join(page.locator("style").all_inner_texts())
    assert all(
        printed.quoted(told) in sheets
        for told in (wall.code, "数据版本" if wall.words.language == "zh-CN" else "data")
    )


def _on_a_phone(wall: Wall, said: dict[str, str], phone: Reader, data_folder: Path) -> None:
    """The same messages, nothing wider than the phone, and no agent's id anywhere."""
    sample = next(data_folder.glob("satrace_sample_*.duckdb"))
    with duckdb.connect(str(sample), read_only=True) as data:
        agents = [
            row[0] for row in data.execute("select distinct agent from contacts where agent is not null").fetchall()
        ]
    for code, message in [*said.items()][::SOME]:
        phone.open(f"review?lang={wall.words.language}&slide={code}")
        expect(phone.page.locator(".wall-foot b")).to_have_text(code)
        if code != [*said][-1]:  # the last one grew by the action
            expect(phone.page.locator("h1")).to_have_text(message)
        text = phone.page.get_by_test_id("stMain").inner_text()
        assert not [agent for agent in agents if re.search(rf"\b{re.escape(agent)}\b", text)]
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert phone.trouble == []
