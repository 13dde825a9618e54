"""Who opens a link while signed out signs in and then sees what the link asked for; who does not, gets nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from pages.words.catalogue import Catalogue

from .conftest import CALM, Reader, free_port, serving
from .provider import CLIENT, provider
from .strangers import Stranger
from .test_link import query

pytestmark = pytest.mark.browser
ZH = Catalogue.load("zh-CN")
CLOSED = (
    ("GET", "_stcore/script-health-check"),
    ("GET", "_stcore/metrics"),
    ("POST", "_stcore/agent/interact"),
    ("GET", "_stcore/agent/openapi.json"),
    ("GET", "media/0123456789abcdef.csv"),
    ("GET", "component/any/index.html"),
    ("DELETE", "_stcore/upload_file/session/file"),
)
SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "no secret at all"
client_id = "{client}"
client_secret = "none"
server_metadata_url = "{metadata}"
"""


@pytest.fixture(scope="module")
def signing_in(server: str, data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server where Li signs in; `server` made the sample already, so this one starts at once."""
    port, secrets = free_port(), tmp_path_factory.mktemp("secrets") / "secrets.toml"
    li = {"sub": "li", "name": "Li", "satrace_roles": ["analyst"], "satrace_scope": {"region": ["east", "north"]}}
    with provider(li) as metadata:
        secrets.write_text(SECRETS.format(port=port, client=CLIENT, metadata=metadata))
        with serving(data_folder, "--secrets.files", str(secrets), port=port) as address:
            yield address


@pytest.fixture
def li(browser: Browser, signing_in: str) -> Iterator[Reader]:
    context = browser.new_context(**CALM)  # type: ignore[arg-type]
    yield Reader(context, signing_in)
    context.close()


def sign_in(me: Reader) -> None:
    me.page.get_by_test_id("stMain").get_by_role("button").first.click()
    expect(me.keyed("sign_out").first).to_be_visible()
    me.settle()


def test_a_link_outlives_the_sign_in(li: Reader) -> None:
    """And whatever a stranger asks of the server in the meantime."""
    page = li.open("change?lang=zh-CN&by=region&region=east&from=2026-08-01&to=2026-09-01")
    expect(page.locator("h1")).to_have_text(ZH.text("sign_in.title"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_test_id("stTopNavLinkContainer")).to_have_count(0)
    with Stranger(li.server).session(BackMsg(clear_cache=True)):  # where the link waits
        page.get_by_role("button", name=ZH.text("sign_in.button")).click()
        expect(page.locator("h1")).to_have_text(ZH.text("change.question"))
    li.settle()
    assert page.url.split("?")[0] == f"{li.server}/change"
    found = query(page.url)
    assert {name: found[name] for name in ("lang", "by", "region", "from")} == {
        "lang": ["zh-CN"], "by": ["region"], "region": ["east"], "from": ["2026-08-01"],
    }  # fmt: skip
    page = li.open("")  # it opens once only
    expect(page.locator("h1")).to_have_text(Catalogue.load("en").text("overview.question"))


def test_a_stranger_gets_nothing(signing_in: str) -> None:
    stranger = Stranger(signing_in)
    for method, path in CLOSED:
        assert stranger.ask(method, path).status == 403, path
    with stranger.session() as session:
        assert session.places(1) == []
        place = f"_stcore/upload_file/{session.id}/a"
        assert stranger.upload(place, b"x" * 100_000) == 403
        with stranger.announced(place, 150_000_000) as answer:
            assert answer == 403
    for path in ("", "overview", "_stcore/health", "_stcore/host-config", "static/js/x.js"):
        assert stranger.ask("GET", path).status in (200, 404), path


def test_a_file_is_for_the_session_that_asked_for_it(li: Reader) -> None:
    li.open("overview?lang=en")
    sign_in(li)
    with li.page.expect_download() as made:
        li.keyed("csv.overview").get_by_role("button").click()
    address = made.value.url
    assert li.context.request.get(address).body().startswith(b"\xef\xbb\xbf")
    li.context.clear_cookies(name="_streamlit_xsrf")  # the same person in another browser
    assert li.context.request.get(address).status == 403
    assert Stranger(li.server).ask("GET", address.removeprefix(f"{li.server}/")).status == 403
    assert li.trouble == []
