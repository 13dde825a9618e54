"""Two real sign-in services behind a proxy with TLS: who comes in by which, how far, and until when."""

from __future__ import annotations

import base64
import datetime
import hashlib
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID
from playwright.sync_api import Browser, BrowserContext, expect

from pages.words.catalogue import Catalogue
from tests.openid import CLIENT, SECRET, OpenId, provider

from .conftest import CALM, FLAGS, NAMES, Reader, free_port, serving

pytestmark = [pytest.mark.browser, pytest.mark.prove]
EN, ZH = Catalogue.load("en"), Catalogue.load("zh-CN")
USER = "_streamlit_user"
AGAIN_S = 5
SECRETS = """
[auth]
redirect_uri = "{outside}/oauth2callback"
cookie_secret = "a long text that is known to the tests alone"

[auth.main]
client_id = "{client}"
client_secret = "{secret}"
server_metadata_url = "{main}"
satrace_title = {{ en = "Our staff", "zh-CN" = "本公司员工" }}
satrace_roles = ["viewer", "analyst", "instructor", "admin"]
satrace_scope = "*"
satrace_ask_again = {again}

[auth.partner]
client_id = "{client}"
client_secret = "{secret}"
server_metadata_url = "{partner}"
satrace_title = {{ en = "Partner hotline", "zh-CN" = "合作热线" }}
satrace_roles = ["viewer", "analyst"]
satrace_scope = {{ region = ["east"] }}
"""
CADDYFILE = """
{{
	admin off
	auto_https off
}}
https://localhost:{outside} {{
	bind 127.0.0.1
	tls {certificate} {key}
	reverse_proxy 127.0.0.1:{inside}
}}
"""
BOSS = {"name": "Li", "satrace_roles": ["admin", "analyst"], "satrace_scope": "*"}


@dataclass(frozen=True)
class Place:
    """The app behind its proxy, its two services, and the key of its certificate as Chromium names it."""

    outside: str
    inside: str
    main: OpenId
    partner: OpenId
    authority: ssl.SSLContext
    key: str


@pytest.fixture(scope="module")
def place(server: str, data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    if shutil.which("caddy") is None:
        pytest.skip("no Caddy: apt-get install caddy")
    folder, outside, inside = tmp_path_factory.mktemp("tls"), free_port(), free_port()
    key = certified(folder)
    with ExitStack() as stack:
        main, partner = (stack.enter_context(provider(free_port(), {"sub": "li", **BOSS})) for _ in range(2))
        secrets = folder / "secrets.toml"
        secrets.write_text(SECRETS.format(outside=f"https://localhost:{outside}", client=CLIENT, secret=SECRET,
                                          main=main.metadata, partner=partner.metadata, again=AGAIN_S))  # fmt: skip
        options = ("--secrets.files", str(secrets), "--server.allowedHosts", "localhost")
        at = stack.enter_context(serving(data_folder, *options, port=inside))
        stack.enter_context(proxied(folder, outside, inside))
        yield Place(f"https://localhost:{outside}", at, main, partner, trusted(folder), key)


def certified(folder: Path) -> str:
    """An authority and a certificate of it for this machine; the digest of the certificate's key."""
    authority, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tests")])
    now = datetime.datetime.now(datetime.UTC)

    def begun(subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        return builder.not_valid_before(now - datetime.timedelta(1)).not_valid_after(now + datetime.timedelta(1))

    root = begun(issuer, authority).add_extension(x509.BasicConstraints(True, 0), critical=True)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    leaf = begun(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]), own)
    leaf = leaf.add_extension(names, critical=False)
    (folder / "authority.pem").write_bytes(root.sign(authority, SHA256()).public_bytes(Encoding.PEM))
    (folder / "own.pem").write_bytes(leaf.sign(authority, SHA256()).public_bytes(Encoding.PEM))
    written = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "own.key").write_bytes(written)
    public = own.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(public).digest()).decode()


def trusted(folder: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(folder / "authority.pem"))


@contextmanager
def proxied(folder: Path, outside: int, inside: int) -> Iterator[None]:
    file = folder / "Caddyfile"
    file.write_text(CADDYFILE.format(outside=outside, inside=inside, certificate=folder / "own.pem",
                                     key=folder / "own.key"))  # fmt: skip
    with (folder / "caddy.log").open("w") as log:
        command = ["caddy", "run", "--config", str(file), "--adapter", "caddyfile"]
        caddy = subprocess.Popen(command, stdout=log, stderr=log, env={"HOME": str(folder), "PATH": "/usr/bin:/bin"})
        try:
            until = time.monotonic() + 30
            while time.monotonic() < until:
                try:
                    httpx.get(f"https://localhost:{outside}/_stcore/health", verify=trusted(folder))
                    break
                except httpx.HTTPError:
                    time.sleep(0.1)
            yield
        finally:
            caddy.terminate()
            caddy.wait(20)


@pytest.fixture(scope="module")
def trusting(browser: Browser, place: Place) -> Iterator[Browser]:
    """A browser that takes the proxy's own certificate, and no other that it does not know."""
    path = next(filter(None, map(shutil.which, NAMES)))
    flags = [*FLAGS, f"--ignore-certificate-errors-spki-list={place.key}"]
    found = browser.browser_type.launch(executable_path=path, args=flags)
    yield found
    found.close()


@pytest.fixture
def somebody(trusting: Browser, place: Place) -> Iterator[Callable[[], Reader]]:
    contexts: list[BrowserContext] = []

    def made() -> Reader:
        contexts.append(trusting.new_context(**CALM))  # type: ignore[arg-type]
        return Reader(contexts[-1], place.outside)

    for one in (place.main, place.partner):
        one.says("li", **BOSS)
    yield made
    for context in contexts:
        context.close()


def comes_in(me: Reader, title: str, language: Catalogue = EN) -> str:
    """Choose a service and come in as Li; the address at which the service was asked."""
    me.open(f"overview?lang={language.language}")
    me.page.get_by_role("button", name=language.text("sign_in.with", provider=title)).click()
    me.page.wait_for_url(re.compile("oauth2/authorize"))
    asked = me.page.url
    me.page.get_by_role("button", name="li", exact=True).click()
    expect(me.keyed("sign_out").first).to_be_visible()
    me.settle()
    return asked


def answers(me: Reader) -> int:
    """How many answers the page is about."""
    me.open("overview?lang=en&from=2026-06-01&to=2026-11-01")
    shown = me.page.get_by_test_id("stMain").inner_text()
    said = re.search(r"([\d,\u00a0\u202f]+)[ \u00a0]answers", shown)
    assert said, shown
    return int(re.sub(r"\D", "", said[1]))


def cookies(me: Reader) -> dict[str, dict[str, object]]:
    return {str(one["name"]): dict(one) for one in me.context.cookies()}  # type: ignore[typeddict-item]


def test_a_person_comes_in_by_the_service_of_their_choice(somebody: Callable[[], Reader], place: Place) -> None:
    me = somebody()
    sockets: list[str] = []
    me.page.on("websocket", lambda socket: sockets.append(socket.url))
    asked = parse_qs(urlsplit(comes_in(me, "本公司员工", ZH)).query)
    assert asked["response_type"] == ["code"] and asked["redirect_uri"] == [f"{place.outside}/oauth2callback"]
    assert min(len(asked[name][0]) for name in ("state", "nonce")) >= 16
    expect(me.page.get_by_text(ZH.text("sign_in.as", name="Li"))).to_be_visible()
    kept = cookies(me)
    assert kept[USER]["httpOnly"] and kept[USER]["sameSite"] == "Lax"
    assert all(one["secure"] for one in kept.values()), kept
    assert sockets and all(socket.startswith("wss://") for socket in sockets)
    answer = httpx.get(place.outside, verify=place.authority)
    assert "max-age=" in answer.headers["strict-transport-security"]
    assert [one for one in me.trouble if "jsdelivr" not in one and place.main.issuer not in one] == []


def test_a_partner_gives_no_more_than_is_written_of_it(somebody: Callable[[], Reader]) -> None:
    """Both services call the person the same, and say the same of them."""
    boss, partner = somebody(), somebody()
    comes_in(boss, "Our staff")
    comes_in(partner, "Partner hotline")
    assert 0 < answers(partner) < answers(boss)
    for me, is_admin in ((boss, True), (partner, False)):
        me.open("data?lang=en")
        assert (me.page.get_by_text(EN.text("seen.title")).count() > 0) == is_admin


def test_nothing_is_taken_from_another_who_says_to_be_the_proxy(place: Place) -> None:
    """A request by the proxy is what the proxy says of it, whatever a client says."""
    forged = {"X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "1.2.3.4"}
    answer = httpx.get(f"{place.outside}/_stcore/health", headers=forged, verify=place.authority)
    assert answer.status_code == 200 and "strict-transport-security" in answer.headers
    assert "; secure" in answer.headers["set-cookie"].lower() and "evil" not in str(answer.headers)
    with pytest.raises(httpx.ConnectError):
        httpx.get(place.outside)  # an authority that nobody knows
