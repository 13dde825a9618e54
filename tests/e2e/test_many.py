"""Two workers behind one address: what each of them does the other knows, and one that dies takes nobody along."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from data_access.access import Role, User
from data_access.workshop.class_records import Stage
from data_access.workshop.store import open_store
from pages.frame.door.throttle import ONE
from pages.words.catalogue import Catalogue, texts

from .conftest import CALM, SCREEN, Reader, Server, started
from .lesson import PASSCODE, opened_class
from .many import PATIENCE_S, STICKS, asked, at_each, await_so, children, is_alive, workers
from .test_kept import form, kept
from .visitor import visiting, words

pytestmark = [
    pytest.mark.prove,
    pytest.mark.skipif(shutil.which("caddy") is None, reason="no Caddy on PATH: sudo apt install caddy"),
]
TEACHER = User("instructor-many", "Instructor", frozenset({Role.INSTRUCTOR}))
CASE = Path(__file__).resolve().parents[1] / "cases" / "12-likert-chinese" / "满意度.csv"
# how often a page has lost its line to the server
LOST = """window.lost = 0
window.WebSocket = class extends window.WebSocket {
  constructor(...given) { super(...given); this.addEventListener("close", () => window.lost++) }
}"""


@pytest.fixture(scope="module")
def own_folder(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample, for these tests leave a file and drafts in it."""
    folder = tmp_path_factory.mktemp("many")
    for file in data_folder.glob("satrace_sample_*"):
        shutil.copy(file, folder)
    return folder


@pytest.fixture(scope="module")
def two(own_folder: Path) -> Iterator[Server]:
    with started(own_folder, "--workers", "2") as server:
        yield server


@pytest.fixture
def class_of_two(tmp_path: Path) -> Iterator[Server]:
    """Says of every client that it came over the network, as none of its own word is believed."""
    around = {"SATRACE_PASSCODE": PASSCODE, "FORWARDED_ALLOW_IPS": "192.0.2.1"}
    with started(tmp_path, "--class", "--server.address", "127.0.0.1", "--workers=2", environment=around) as server:
        yield server


@pytest.fixture
def people(browser: Browser, two: Server) -> Iterator[list[Reader]]:
    """One person at each worker."""
    found: dict[str, Reader] = {}
    while len(found) < 2:
        context = browser.new_context(viewport=SCREEN, **CALM)  # type: ignore[arg-type]
        reader = Reader(context, two.address)
        reader.page.add_init_script(LOST)
        reader.open("overview?lang=en&data=default")
        (at,) = (cookie["value"] for cookie in context.cookies() if cookie["name"] == STICKS)
        if at in found:
            context.close()
        else:
            found[at] = reader
    yield list(found.values())
    for reader in found.values():
        reader.context.close()


@pytest.mark.browser
def test_a_worker_that_dies_is_followed_by_another_and_nothing_typed_is_lost(
    two: Server, people: list[Reader]
) -> None:
    boxes = []
    for number, me in enumerate(people):
        me.open("workshop?lang=en&data=default&metric=score&from=2026-10-01&to=2026-11-01")
        text, box = form(me)
        text.click()
        me.page.keyboard.press("Control+a")
        me.page.keyboard.type(f"Bills {number}")
        kept(me.page, box)
        text.click()
        me.page.keyboard.press("End")
        me.page.keyboard.type(" late")
        boxes.append(text)
    before = workers(two)
    os.kill(before[0], signal.SIGKILL)
    lost = [0, 0]
    for _ in range(100):
        lost = [int(me.page.evaluate("window.lost")) for me in people]
        if any(lost):
            break
        people[0].page.wait_for_timeout(100)
    assert sorted(min(1, n) for n in lost) == [0, 1], "one of the two was at that worker"
    hit, spared = (0, 1) if lost[0] else (1, 0)
    for number in (hit, spared):
        expect(boxes[number]).to_be_enabled()
        expect(boxes[number]).to_have_value(f"Bills {number} late")
        expect(people[number].page.locator("h1")).to_be_visible()
    assert int(people[spared].page.evaluate("window.lost")) == 0
    await_so(lambda: len(workers(two)) == 2 and before[0] not in workers(two), "it is started again")
    people[hit].visit(texts("en")["page.change"])
    assert "from=2026-10-01" in people[hit].page.url


@pytest.mark.browser
def test_a_file_that_one_worker_took_in_is_open_at_the_other(people: list[Reader]) -> None:
    one, other = people
    one.open("data?lang=en&data=default")
    one.page.locator('input[type="file"]').set_input_files(CASE)
    use = one.keyed("import.use").get_by_role("button")
    expect(use).to_be_enabled()
    one.press(use)
    (data,) = parse_qs(urlsplit(one.page.url).query)["data"]
    other.open(f"overview?lang=en&data={data}&from=all")
    expect(other.page.get_by_test_id("stMetricValue").first).to_contain_text("74.2")
    assert one.trouble == [] and other.trouble == []


def test_wrong_passcodes_are_counted_together_whatever_a_client_says_of_itself(class_of_two: Server) -> None:
    """Without a cookie each attempt could be at another worker, and by a header come from another address."""
    said = {"way": "passcode", "name": "Somebody", "lang": "en"}
    status = [
        asked(class_of_two.address, "/join", form={**said, "passcode": f"a wrong one {n}"},
              **{"X-Forwarded-For": f"198.51.100.{n}"})[0]
        for n in range(ONE.free + 1)
    ]  # fmt: skip
    assert status == [403] * ONE.free + [429]


def test_a_class_is_one_class_at_both_workers(class_of_two: Server, tmp_path: Path) -> None:
    server, store = class_of_two.address, open_store(f"sqlite:///{tmp_path / 'workshop.sqlite'}")
    klass = opened_class(store, tmp_path, TEACHER, groups=["A", "B"])
    status, headers, _ = asked(server, "/join", form={"way": "code", "code": klass.code, "name": "Li", "lang": "en"})
    assert status == 303
    mine = next(one.partition(";")[0] for one in headers.get_all("Set-Cookie") or [] if "satrace_class" in one)
    (member,) = store.members(TEACHER, klass.id)
    store.place(TEACHER, member.id, store.groups(TEACHER, klass.id)[0].key)

    def state(worker: str) -> str:
        status, _, body = asked(server, f"/class-pulse?class={klass.id}&work=1", cookie=f"{mine}; {worker}")
        assert status == 200
        return str(json.loads(body)["state"])

    each = at_each(server)
    for stage in (Stage.DATA_PROBLEM, *(() if len(Stage) < 2 else [[*Stage][1]])):
        before = {state(worker) for worker in each}
        assert len(before) == 1, "both say the same"
        store.start_stage(TEACHER, klass.id, stage, minutes=20)
        await_so(lambda before=before: not {state(worker) for worker in each} & before, "news")  # type: ignore[misc]
    for worker in each:
        with visiting(server, f"{mine}; {worker}") as visitor:
            assert klass.title in words(visitor.open("class", lang="en"))
    store.engine.dispose()


def test_a_worker_answers_its_proxy_alone(two: Server) -> None:
    for worker in workers(two):
        command = Path(f"/proc/{worker}/cmdline").read_text().split("\0")
        port = [command[k + 1] for k, part in enumerate(command) if part == "--server.port"][-1]
        for path in ("/", "/_stcore/health", "/join"):
            assert asked(f"http://127.0.0.1:{port}", path)[0] == 403


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_all_end_together(how: signal.Signals, own_folder: Path) -> None:
    with started(own_folder, "--workers", "2") as server:
        began = children(server.process.pid)
        assert len(began) == 3
        server.process.send_signal(how)
        server.process.wait(PATIENCE_S)
        assert server.process.returncode == (0 if how != signal.SIGKILL else -how)
        await_so(lambda: not any(is_alive(pid) for pid in began), f"{began} end")


def test_the_page_while_no_worker_answers_asks_again(two: Server) -> None:
    for worker in workers(two):
        os.kill(worker, signal.SIGSTOP)  # it takes no connection any more, as one that hangs
    try:
        for worker in workers(two):
            os.kill(worker, signal.SIGKILL)
        status, _, body = asked(two.address, "/")
        while status == 200:
            status, _, body = asked(two.address, "/")
        assert status in (502, 503) and 'http-equiv="refresh"' in body.decode()
        assert all(Catalogue.load(one).text("workers.away") in body.decode() for one in ("en", "zh-CN"))
    finally:
        await_so(lambda: asked(two.address, "/")[0] == 200, "they are back")
