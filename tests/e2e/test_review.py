"""The weekly review: what was promised, whether it worked, and who does what next, on a shared screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from data_access.workshop.store import Store, open_store
from pages.words.catalogue import Catalogue

from .conftest import Reader
from .loop import ME, PILOT, REMINDER, SMALL, piloted, reminded

pytestmark = pytest.mark.browser
ROOM = {"width": 1920, "height": 1080}
LANGUAGES = [pytest.param(language, marks=pytest.mark.prove) for language in ("en", "zh-CN")]


@pytest.fixture
def review(server: str, data_folder: Path, nothing_begun: None) -> Iterator[Store]:
    """The store before the meeting: the pilot at 1,200 and at 300 answers a cell, one of them late."""
    store = open_store(f"sqlite:///{data_folder / 'workshop.sqlite'}")
    piloted(store, data_folder)
    yield store
    store.engine.dispose()


@pytest.mark.parametrize("language", LANGUAGES)
def test_promises_are_followed_to_their_verdict(language: str, review: Store, reader: Callable[..., Reader]) -> None:
    """Late first with days and every date it had; the trace behind it; effective at 1,200, not enough at 300."""
    me, words = reader(locale=language, viewport=ROOM), Catalogue.load(language)
    page = me.open(f"plans?lang={language}")
    main = page.get_by_test_id("stMain")
    late = page.locator("[class*='st-key-plans-late-']").filter(has_text=PILOT).first
    for said in (PILOT, "30", "15"):
        expect(late).to_contain_text(said)

    me.press(page.get_by_role("button", name=PILOT).first)
    expect(page.locator("h1")).to_have_text(f"{PILOT}?")
    expect(main).to_contain_text("坐席无权当场赔付")
    expect(main).to_contain_text(re.compile(r"2\.50 \[1\.72, 3\.28\]"))
    expect(main).to_contain_text(words.text("workshop.verdict.effective"))
    expect(main).to_contain_text("1,200")
    expect(main).to_contain_text("control_1")
    expect(me.keyed("plan.effect")).to_be_in_viewport()
    expect(me.keyed("plan.editor")).to_have_count(0)
    me.press(page.get_by_role("button", name=words.text("verify.change")))
    expect(me.keyed("plan.editor")).to_be_in_viewport()

    me.visit(words.text("page.plans"))
    me.press(page.get_by_role("button", name=SMALL).first)
    expect(main).to_contain_text(re.compile(r"2\.43 \[−0\.49, 5\.36\]"))
    expect(main).to_contain_text(words.text("workshop.verdict.not_enough_evidence"))
    assert me.trouble == []


@pytest.mark.prove
def test_a_closed_plan_whose_reason_is_back_begins_again_by_itself(
    server: str, data_folder: Path, nothing_begun: None, reader: Callable[..., Reader]
) -> None:
    """Seen by whoever opens its issue; the next cycle is linked to the one before it and first among what is new."""
    me, words = reader(locale="zh-CN", viewport=ROOM), Catalogue.load("zh-CN")
    store = open_store(f"sqlite:///{data_folder / 'workshop.sqlite'}")
    issue, plan = reminded(store, data_folder)
    me.open(f"trace?lang=zh-CN&issue={issue.id}")
    again = next(one for one in store.plans(ME) if one.cycle_of == plan.id)
    assert (again.created_by, store.history(ME, again.id)[0].action) == ("Satrace", "reopened")
    main = me.page.get_by_test_id("stMain")
    expect(main).to_contain_text(words.text("verify.cycle", number=2, action=REMINDER, before=REMINDER))
    expect(main).to_contain_text(words.text("verify.reopened", reason="")[:6])
    expect(main).to_contain_text("16")
    me.visit(words.text("page.plans"))
    expect(main).to_contain_text(words.text("plan_register.cycle", earlier=REMINDER, number=2))
    assert len(store.plans(ME)) == 2 and me.trouble == []
    store.engine.dispose()
