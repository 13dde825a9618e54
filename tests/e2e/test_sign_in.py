"""Who opens a link while signed out signs in and then sees what the link asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pages.words.catalogue import Catalogue

from .conftest import CALM, Reader, free_port, serving
from .provider import CLIENT, provider
from .test_link import query

pytestmark = pytest.mark.browser
ZH = Catalogue.load("zh-CN")
SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "no secret at all"
client_id = "{client}"
client_secret = "none"
server_metadata_url = "{metadata}"
"""


def test_a_link_outlives_the_sign_in(browser: Browser, server: str, data_folder: Path, tmp_path: Path) -> None:
    """`server` made the sample already, so this one starts at once."""
    port, secrets = free_port(), tmp_path / "secrets.toml"
    li = {"sub": "li", "name": "Li", "satrace_roles": ["analyst"], "satrace_scope": {"region": ["east", "north"]}}
    context = browser.new_context(**CALM)  # type: ignore[arg-type]
    with provider(li) as metadata:
        secrets.write_text(SECRETS.format(port=port, client=CLIENT, metadata=metadata))
        with serving(data_folder, "--secrets.files", str(secrets), port=port) as address:
            me = Reader(context, address)
            page = me.open("change?lang=zh-CN&by=region&region=east&from=2026-08-01&to=2026-09-01")
            expect(page.locator("h1")).to_have_text(ZH.text("sign_in.title"))
            expect(page.get_by_role("dialog")).to_have_count(0)
            expect(page.get_by_test_id("stTopNavLinkContainer")).to_have_count(0)
            page.get_by_role("button", name=ZH.text("sign_in.button")).click()
            expect(page.locator("h1")).to_have_text(ZH.text("change.question"))
            me.settle()
            assert page.url.split("?")[0] == f"{address}/change"
            found = query(page.url)
            assert {name: found[name] for name in ("lang", "by", "region", "from")} == {
                "lang": ["zh-CN"], "by": ["region"], "region": ["east"], "from": ["2026-08-01"],
            }  # fmt: skip
            page = me.open("")  # it opens once only
            expect(page.locator("h1")).to_have_text(Catalogue.load("en").text("overview.question"))
    context.close()
