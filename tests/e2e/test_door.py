"""A class at a real server: a phone comes in by the code, finds its class only, and is back after the server died."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from data_access.workshop.store import open_store
from pages.frame.open_data import SAMPLE_MODEL
from pages.words.catalogue import Catalogue
from tests.data_access.workshop.class_fixtures import opened

from .conftest import CALM, Reader, free_port, started
from .test_everybody import AXE, SERIOUS

pytestmark = [pytest.mark.browser, pytest.mark.prove]
TEXT = Catalogue.load("en").text
NAME, PASSCODE = "Xu Wenqing", "a passcode of the proof"
PHONE = {"viewport": {"width": 390, "height": 844}, "bypass_csp": True}  # axe comes from outside


def where(me: Reader) -> str:
    return urlsplit(me.page.url).path


def join(me: Reader, code: str) -> None:
    """From any link of the app to the class, by the door."""
    me.page.goto(f"{me.server}/data")
    assert where(me) == "/join"
    me.page.evaluate(AXE)
    assert me.page.evaluate(SERIOUS) == []
    me.page.get_by_label(TEXT("door.code")).fill(code.lower())
    me.page.get_by_label(TEXT("door.name")).first.fill(NAME)
    me.page.get_by_role("button", name=TEXT("door.join")).click()
    me.settle()


def refused(me: Reader) -> None:
    for page in ("data", "plans", "workshop"):
        me.open(page)
        expect(me.page.get_by_text(TEXT("door.closed_page"))).to_be_visible()


def test_a_phone_is_in_its_class_over_a_killed_server(browser: Browser, data_folder: Path, tmp_path: Path) -> None:
    sample = next(data_folder.glob("*.duckdb"))
    around = {"SATRACE_WAREHOUSE": str(sample), "SATRACE_MODEL": str(SAMPLE_MODEL), "SATRACE_PASSCODE": PASSCODE}
    options, port, logs = ("--class", "--server.address", "127.0.0.1"), free_port(), []
    context = browser.new_context(**{**CALM, **PHONE})  # type: ignore[arg-type]
    with started(tmp_path, *options, port=port, environment=around) as server:
        store = open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}")
        klass = opened(store, "A", "B")
        store.engine.dispose()
        me = Reader(context, server.address)
        join(me, klass.code)
        assert where(me) == "/class"
        refused(me)
        server.process.kill()
        logs.append((tmp_path / f"server-{port}.log").read_text())
    with started(tmp_path, *options, port=port, environment=around) as server:
        me.open("class")
        assert where(me) == "/class"
        me.page.goto(f"{server.address}/join")
        expect(me.page.locator("h1")).to_have_text(TEXT("door.inside", name=NAME))
        me.page.get_by_role("button", name=TEXT("door.leave")).click()
        expect(me.page.get_by_role("button", name=TEXT("door.join"))).to_be_visible()
        me.page.goto(f"{server.address}/class")
        assert where(me) == "/join"
        logs.append((tmp_path / f"server-{port}.log").read_text())
    context.close()
    assert not any(secret in log for log in logs for secret in (NAME, NAME.split()[0], PASSCODE))
    assert all(f"127.0.0.1:{port}/join" in log for log in logs)
