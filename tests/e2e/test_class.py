"""Story 2: an instructor, two groups, a reference that nobody sees early; each person in a browser of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pptx import Presentation

from data_access.access import NotAllowed, Role, User
from data_access.statement import BadInput
from data_access.workshop.class_records import Stage, TrainingClass
from data_access.workshop.store import Store, open_store
from pages.words.catalogue import Catalogue

from .conftest import CALM, SCREEN, Reader, Server, free_port, started
from .lesson import PASSCODE, begun, opened_class, seated
from .steps import bar, bring, plan, says
from .tracing import CHINESE, WAITING, ask_whys, locate_alone, name_cause

pytestmark = pytest.mark.browser
ROOM, PHONE = {"width": 1920, "height": 1080}, {"width": 390, "height": 844}
TITLE, STORY = "3G热线为何全国最后", "本月满意度84.7分，下降1.6分；3G全国垫底。分丢在哪里，谁能改？"
REFERENCE = "账单与扣费短信错峰下发，月初月末加开席位"
TEXT = Catalogue.load("zh-CN").text
TEACHER = User("instructor-test", "王老师", frozenset({Role.INSTRUCTOR}))
Person = Callable[..., Reader]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Server]:
    with behind_door(tmp_path, free_port()) as server:
        yield server


def behind_door(data_folder: Path, port: int) -> AbstractContextManager[Server]:
    return started(data_folder, "--class", "--server.address", "127.0.0.1", port=port,
                   environment={"SATRACE_PASSCODE": PASSCODE})  # fmt: skip


@pytest.fixture
def store(tmp_path: Path, served: Server) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def person(browser: Browser, served: Server) -> Iterator[Person]:
    """Makes people, each with a browser of their own."""
    contexts: list[BrowserContext] = []

    def make(**options: object) -> Reader:
        given = {"viewport": SCREEN, **CALM, "locale": "zh-CN", **options}
        contexts.append(browser.new_context(**given))  # type: ignore[arg-type]
        return Reader(contexts[-1], served.address)

    yield make
    for context in contexts:
        context.close()


@pytest.mark.prove
def test_a_class_from_its_code_to_the_reveal(person: Person, store: Store, tmp_path: Path, shared: Path) -> None:
    """A case on own data, four stages; one group gets as far as a plan, for the other the teacher hands in."""
    teacher, first, second = person(viewport=ROOM), person(), person(viewport=PHONE)
    leads(teacher)
    klass = opens(teacher, store, shared)
    joins(first, klass.code, "小李")
    joins(second, klass.code, "小赵")
    for me, group in ((first, "A"), (second, "B")):
        me.press(me.page.get_by_role("button", name=TEXT("classroom.group", group=group)))
    traced(teacher, first, second)
    early(store, klass, second, teacher)
    handed_in(first, store, klass)
    revealed(teacher, first, second)
    taken_along(teacher, store, klass)
    assert [me.trouble for me in (teacher, first, second)] == [[], [], []]


def leads(me: Reader) -> None:
    me.page.goto(f"{me.server}/join")
    me.page.get_by_text(TEXT("door.leads")).click()
    me.page.locator("#name-passcode").fill("王老师")
    me.page.locator("#passcode").fill(PASSCODE)
    me.page.get_by_role("button", name=TEXT("door.come_in")).click()
    me.settle()


def joins(me: Reader, code: str, name: str) -> Page:
    me.page.goto(f"{me.server}/contribution")  # nothing but the door for strangers
    expect(me.page).to_have_url(f"{me.server}/join")
    me.page.goto(f"{me.server}/join?code={code}")
    me.page.locator("#name-code").fill(name)
    me.page.get_by_role("button", name=TEXT("door.join")).click()
    me.settle()
    assert name not in me.page.url
    return me.page


def opens(me: Reader, store: Store, shared: Path) -> TrainingClass:
    """A class on a file that the instructor brought, with a reference of the instructor's own."""
    bring(me, CHINESE, shared / "fixtures" / "f1_hotline.csv")
    me.visit(TEXT("page.class"))
    me.press(me.page.get_by_role("radio", name=TEXT("desk.sources.own")))
    me.choose(TEXT("desk.own.data"), "f1_hotline")
    for name, words in (("title", TITLE), ("story", STORY)):
        me.page.get_by_label(TEXT(f"desk.own.{name}"), exact=True).fill(words)
    for dimension, value in (("business", "3G"), ("reason", WAITING)):
        picks(me, TEXT("desk.own.dimensions"), dimension)
        picks(me, dimension, value)
    me.press(me.page.get_by_text(TEXT("desk.own.more")))
    me.page.get_by_label(TEXT("desk.own.location"), exact=True).fill(REFERENCE)
    me.page.get_by_label(TEXT("desk.groups"), exact=True).fill("A，B")
    me.press(me.keyed("desk.open_class").get_by_role("button"))
    expect(me.page.locator("h1")).to_have_text(TITLE)
    (klass,) = store.classes(TEACHER)
    expect(me.page.locator(".desk-code")).to_have_text(klass.code)
    return klass


def picks(me: Reader, label: str, words: str) -> None:
    box = me.page.get_by_test_id("stMain").get_by_role("combobox", name=label)
    box.click()
    box.fill(words)
    me.page.get_by_role("option", name=words, exact=True).first.click()
    me.page.keyboard.press("Escape")
    me.settle()


def starts(teacher: Reader, stage: Stage, *others: Reader) -> None:
    """The stage begins, and all see it without doing anything."""
    teacher.press(teacher.keyed(f"desk.start.{stage}").get_by_role("button"))
    said = TEXT("class_strip.stage", number=[*Stage].index(stage) + 1, stage=TEXT(f"workshop.stage.{stage}"))
    for me in others:
        expect(me.page.locator(".class-strip")).to_contain_text(said, timeout=8_000)
        me.settle()


def traced(teacher: Reader, first: Reader, second: Reader) -> None:
    """Each stage is locked until it begins; what is pinned lands on the group's board."""
    teacher.press(teacher.page.get_by_role("radio", name=TEXT("desk.views.live")))
    starts(teacher, Stage.DATA_PROBLEM, first, second)
    first.visit(TEXT("page.contribution"))
    first.page.mouse.click(*bar(first, CHINESE.business))
    first.settle()
    first.press(first.keyed("pin.open.contribution").get_by_role("button"))
    first.press(first.keyed("pin.save.contribution").get_by_role("button"))
    expect(first.page.get_by_text(TEXT("pin.done_group"))).to_be_visible()
    first.page.keyboard.press("Escape")
    first.visit(TEXT("page.trace"))
    first.press(first.keyed("step.where").get_by_role("button"))
    says(first, TEXT("class.gate.stage_closed", stage=TEXT("workshop.stage.where")))
    starts(teacher, Stage.WHERE, first)
    locate_alone(first, CHINESE)
    starts(teacher, Stage.WHY, first, second)
    ask_whys(first, CHINESE)
    name_cause(first, CHINESE)
    starts(teacher, Stage.SOLUTION, first, second)
    first.press(first.keyed("step.solution").get_by_role("button"))
    plan(first, CHINESE, target="84")
    says(first, "+0.90")


def early(store: Store, klass: TrainingClass, second: Reader, teacher: Reader) -> None:
    """Nobody sees the reference before the reveal: not on the page, not by an address, not by the store."""
    second.open("class?lang=zh-CN&view=reveal")
    for page in ("class", "plans", "data", "workshop"):
        second.page.goto(f"{second.server}/{page}")
        second.page.wait_for_timeout(2_000)
        assert REFERENCE not in second.page.content()
    assert second.page.request.get(f"{second.server}/data").ok
    for member in store.members(TEACHER, klass.id):
        with pytest.raises(NotAllowed):
            store.key(seated(member), klass.id)
        with pytest.raises(NotAllowed):
            store.reveal(seated(member), klass.id)
    with pytest.raises(BadInput):
        store.reveal(TEACHER, klass.id)
    teacher.press(teacher.page.get_by_role("radio", name=TEXT("desk.views.reveal")))
    says(teacher, TEXT("desk.waits_for", groups="A、B"))
    expect(teacher.keyed("desk.reveal.ask").get_by_role("button")).to_be_disabled()


def handed_in(me: Reader, store: Store, klass: TrainingClass) -> None:
    """The bet, the second press, then all is locked and has its time."""
    me.visit(TEXT("page.class"))
    me.press(me.keyed("class.bet.save").get_by_role("button"))
    me.press(me.keyed("class.submit").get_by_role("button"))
    me.press(me.keyed("class.submit.now").get_by_role("button"))
    group = next(one for one in store.groups(TEACHER, klass.id) if one.name == "A")
    assert group.submitted_at and group.bet == 0.5
    issue = next(one for one in store.issues(TEACHER) if one.group == group.key)
    (member,) = (one for one in store.members(TEACHER, klass.id) if one.group == group.key)
    with pytest.raises(BadInput):
        store.save_issue(seated(member), replace(issue, notes="nach der Abgabe"))


def revealed(teacher: Reader, first: Reader, second: Reader) -> None:
    """The teacher hands in for the rest, compares, gives points and reveals; only then all see the reference."""
    teacher.press(teacher.keyed("desk.collect.ask").get_by_role("button"))
    teacher.press(teacher.keyed("desk.collect").get_by_role("button"))
    teacher.press(teacher.page.get_by_role("radio", name=TEXT("desk.views.beside")))
    beside = teacher.page.locator(".desk-beside")
    for said in ("A", "B", CHINESE.cause, "8.3 %", "0.90", CHINESE.remedy):
        expect(beside).to_contain_text(said)
    teacher.press(teacher.page.get_by_role("radio", name=TEXT("desk.views.reveal")))
    teacher.press(teacher.keyed("desk.reveal.ask").get_by_role("button"))
    teacher.press(teacher.keyed("desk.reveal.sure").get_by_role("button"))
    says(teacher, REFERENCE, TEXT("desk.reference"))
    for me in (first, second):
        expect(me.page.locator(".class-strip")).to_contain_text(TEXT("class_strip.revealed"), timeout=8_000)
    me = first
    me.visit(TEXT("page.class"))
    says(me, REFERENCE, TEXT("desk.reference"), TEXT("classroom.result"))


def taken_along(teacher: Reader, store: Store, klass: TrainingClass) -> None:
    """The report and the slides open again, with their Chinese."""
    teacher.press(teacher.page.get_by_role("radio", name=TEXT("desk.views.ending")))
    for name, said in ((f"take.{klass.id}.class_slides", TITLE), (slides_of(store), CHINESE.cause)):
        with teacher.page.expect_download() as download:
            teacher.keyed(name).get_by_role("button").click()
        deck = Presentation(BytesIO(download.value.path().read_bytes()))
        texts = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
        assert any(said in text for text in texts), name


def slides_of(store: Store) -> str:
    issue = next(one for one in store.issues(TEACHER) if one.cause)
    return f"take.{issue.id}.slides"


@pytest.mark.prove
def test_a_killed_server_has_everybody_back_where_they_were(browser: Browser, tmp_path: Path) -> None:
    """A member in the middle of a page is on it again, in the same group, with the same selection; so is the desk."""
    port = free_port()
    context = browser.new_context(**{"viewport": SCREEN, **CALM, "locale": "zh-CN"})  # type: ignore[arg-type]
    lead = browser.new_context(**{"viewport": SCREEN, **CALM, "locale": "zh-CN"})  # type: ignore[arg-type]
    store = open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}")
    klass = opened_class(store, tmp_path, TEACHER, groups=["A"])
    with behind_door(tmp_path, port) as server:
        me, teacher = Reader(context, server.address), Reader(lead, server.address)
        leads(teacher)
        teacher.press(teacher.keyed(f"desk.open.{klass.id}").get_by_role("button"))
        joins(me, klass.code, "小李")
        me.press(me.page.get_by_role("button", name=TEXT("classroom.group", group="A")))
        store.start_stage(TEACHER, klass.id, Stage.DATA_PROBLEM, minutes=20)
        (member,) = store.members(TEACHER, klass.id)
        issue = begun(store, tmp_path, klass, member)
        me.open("contribution?lang=zh-CN&by=team")
        address = me.page.url
        server.process.kill()
        server.process.wait()
    with behind_door(tmp_path, port):
        expect(me.page.locator(".class-strip")).to_contain_text("A", timeout=60_000)
        me.settle()
        assert me.page.url == address
        me.visit(TEXT("page.class"))
        says(me, issue.title)
        teacher.page.reload()
        teacher.settle()
        expect(teacher.page.locator("h1")).to_have_text(klass.title)
    context.close()
    lead.close()
    store.engine.dispose()
