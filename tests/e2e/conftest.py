"""A real server and a real Chromium: what a person does, done as a person does it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect, sync_playwright

from data_access.access import local_analyst
from data_access.workshop.store import open_store

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync",
         "--js-flags=--single-threaded --no-opt"]  # fmt: skip  # a page is drawn once: code made faster never pays
NAMES = ("chromium", "chromium-browser", "google-chrome")
SCREEN = {"width": 1366, "height": 768}
# of a browser context: frames of an animation, drawn without a graphics card, cost a third of all work
CALM = {"reduced_motion": "reduce", "locale": "en-GB"}
PATIENCE_MS = 30_000
# below a page's address Streamlit first asks in the wrong place, then finds its way
HARMLESS = re.compile(r"_stcore/|favicon|Failed to load resource: .*404")
expect.set_options(timeout=PATIENCE_MS)
OpenPage = Callable[..., Page]
# What a person does is asked of the server in a message (field 11 of it: run the script); a run that begins (field 4
# of what comes) answers all of them, and one that ends early (2 in field 6) is followed by another. A busy server may
# begin late, and until then the page looks as if nothing had been done.
LISTENER = """
const told = (data) => {
  let place = 0
  while ((data[place] & 7) === 2 && data[place] >> 3 < 4) {
    let size = 0, shift = 0
    do { size |= (data[++place] & 127) << shift; shift += 7 } while (data[place] > 127)
    place += size + 1
  }
  if (data[place] >> 3 === 4) window.waiting = false
  if (data[place] >> 3 === 6 && data[place + 1] === 2) window.waiting = true
}
window.waiting = false
window.WebSocket = class extends window.WebSocket {
  constructor(...given) {
    super(...given)
    this.addEventListener("message", ({ data }) => told(new Uint8Array(data)))
  }
  send(data) {
    if (data[0] >> 3 === 11) window.waiting = true
    super.send(data)
  }
}
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", action="store_true", help="keep the pictures of the README and all others")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as found on PATH. Without one the tests are skipped, but fail where CI promises it."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"no browser on PATH: {', '.join(NAMES)}")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory, sample_of: Callable[..., Path]) -> Path:
    """The user's data folder of these tests, with the sample in it."""
    folder = tmp_path_factory.mktemp("satrace")
    made = sample_of()
    for file in (made, made.with_suffix(".truth.json")):
        shutil.copy(file, folder)
    return folder


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """A server that listens: where, and what it takes of this machine."""

    address: str
    process: subprocess.Popen[bytes]

    def processor_s(self) -> float:
        """Seconds of processor so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        """Memory that it holds now."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20


@contextmanager
def serving(
    data_folder: Path, *options: str, port: int | None = None, environment: Mapping[str, str] = MappingProxyType({})
) -> Iterator[str]:
    """`python app.py` on a free port, as the README starts it; yields its address as soon as it listens."""
    with started(data_folder, *options, port=port, environment=environment) as server:
        yield server.address


@contextmanager
def started(
    data_folder: Path, *options: str, port: int | None = None, environment: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Server]:
    """The same with its process."""
    port = port or free_port()
    around = {k: v for k, v in os.environ.items() if not k.startswith("SATRACE_")}
    log = (data_folder / f"server-{port}.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "app.py", "--server.port", str(port), "--server.headless", "true", *options],
        cwd=ROOT, env={**around, "SATRACE_DATA": str(data_folder), **environment}, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, server, Path(log.name))
        yield Server(address, server)
    finally:
        server.terminate()
        server.wait(60)
        log.close()


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    started = time.monotonic()
    while time.monotonic() - started < 120:
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=5).close()
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"the server did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def server(data_folder: Path) -> Iterator[str]:
    with serving(data_folder) as address:
        yield address


class Reader:
    """A person with a browser of their own: a context, one tab, and what the console said."""

    def __init__(self, context: BrowserContext, server: str) -> None:
        self.context, self.server = context, server
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.add_init_script(LISTENER)
        self.trouble: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        place = message.location.get("url", "")
        if message.type == "error" and not (HARMLESS.search(message.text) and "_stcore" in place):
            self.trouble.append(f"{message.text} {place}")

    def open(self, address: str) -> Page:
        """Open an address below the server's, or a whole link, and wait until it is drawn."""
        self.page.goto(address if address.startswith("http") else f"{self.server}/{address}")
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until the script has run and everything it sent is drawn."""
        app = self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')
        expect(app).to_be_visible()
        self.page.wait_for_timeout(150)  # a click is on its way to the server
        while self.page.evaluate("window.waiting"):  # waiting within the page would need `eval`, which no page allows
            self.page.wait_for_timeout(50)
        expect(app).to_be_visible()
        expect(self.page.locator("h1")).to_be_visible()
        expect(self.page.get_by_test_id("stSkeleton")).to_have_count(0)
        expect(self.page.locator('[data-stale="true"]')).to_have_count(0)

    def press(self, widget: Locator) -> None:
        self.settle()  # a second run may follow the first, and a widget that moves is then drawn twice
        expect(widget).to_have_count(1)
        widget.click()
        self.settle()

    def keyed(self, key: str) -> Locator:
        """The widget of a key."""
        return self.page.locator(".st-key-" + re.sub(r"[^a-zA-Z0-9_-]", "-", key))

    def choose(self, label: str, words: str, *, within: Locator | None = None) -> None:
        """Choose an option of a select box."""
        box = (within or self.page).get_by_role("combobox", name=label).first
        box.click()
        box.fill(words)
        self.page.get_by_role("option", name=words, exact=True).first.click()
        self.settle()

    def write(self, key: str, words: str) -> None:
        field = self.keyed(key).locator("input, textarea").first
        field.fill(words)
        field.press("Tab")

    def visit(self, name: str) -> None:
        """Go to a page by the menu, or by the part of the menu that it lies in."""
        link = self.page.get_by_test_id("stTopNavLinkContainer").get_by_text(name, exact=True)
        for part in self.page.get_by_test_id("stTopNavSection").all():
            if link.count():
                break
            part.click()
            self.page.wait_for_timeout(300)
        self.press(link)


@pytest.fixture
def nothing_begun(server: str, data_folder: Path) -> None:
    """Nothing is begun any more in the workshop of the server."""
    store = open_store(f"sqlite:///{data_folder / 'workshop.sqlite'}")
    for issue in store.issues(local_analyst()):
        store.remove_issue(local_analyst(), issue.id)
    store.engine.dispose()


@pytest.fixture
def reader(browser: Browser, server: str, data_folder: Path) -> Iterator[Callable[..., Reader]]:
    """Makes readers; `options` are those of a browser context: color_scheme, viewport, locale.

    Whoever comes after has used no data yet, so that a bare address opens the sample.
    """
    contexts: list[BrowserContext] = []

    def make(**options: object) -> Reader:
        context = browser.new_context(**{"viewport": SCREEN, **CALM, **options})  # type: ignore[arg-type]
        contexts.append(context)
        return Reader(context, server)

    yield make
    for context in contexts:
        context.close()
    (data_folder / "imports" / "last.json").unlink(missing_ok=True)
