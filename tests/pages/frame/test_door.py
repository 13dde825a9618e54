"""The door of a class: strangers get nothing but the way in, wrong codes wait, and who came in stays who they are."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from data_access import passcode
from data_access.settings import Settings
from data_access.workshop.class_records import TrainingClass
from data_access.workshop.store import Store
from pages.frame import class_strip, open_data, visitors
from pages.frame.door import cookie, entrance, form_body, members, opening
from pages.frame.door.throttle import Limit
from pages.frame.gate import Gate
from pages.words.catalogue import Catalogue
from tests.data_access.workshop.class_fixtures import opened
from tests.data_access.workshop.conftest import INSTRUCTOR

from .own_loop import awaited

HERE = "http://127.0.0.1:8501"
PASSCODE = "a passcode of ours"
EN, ZH = (Catalogue.load(language).text for language in ("en", "zh-CN"))
Answer = httpx.Response


async def inside(scope: Scope, receive: Receive, send: Send) -> None:
    """Stands for the app behind the gate: it says who it thinks is here."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close"})
        return
    user = visitors.visitor(HTTPConnection(scope).cookies)
    await PlainTextResponse(user.id if user else "nobody")(scope, receive, send)


class Browser:
    """Somebody at an address, with cookies."""

    def __init__(self, gate: Gate, address: str) -> None:
        self._gate, self._address, self.cookies = gate, address, httpx.Cookies()

    def ask(self, method: str, url: str, **given: Any) -> Answer:
        async def asked() -> Answer:
            transport = httpx.ASGITransport(app=self._gate, client=(self._address, 50000))
            async with httpx.AsyncClient(transport=transport, base_url=HERE, cookies=self.cookies) as client:
                answer = await client.request(method, url, **given)
                self.cookies = client.cookies
                return answer

        return awaited(asked())

    def get(self, url: str, **given: Any) -> Answer:
        return self.ask("GET", url, **given)

    def post(self, url: str, **given: Any) -> Answer:
        return self.ask("POST", url, **given)

    def may_converse(self) -> bool:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        async def send(message: Message) -> None:
            sent.append(message)

        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = [(b"host", b"127.0.0.1:8501"), (b"cookie", cookies.encode())]
        scope = {"type": "websocket", "path": "/_stcore/stream", "query_string": b"", "headers": headers}
        awaited(self._gate(scope, receive, send))
        return sent[0]["type"] == "websocket.accept"


@dataclass
class Class:
    """A class behind a door, and the people before it."""

    settings: Settings
    store: Store
    klass: TrainingClass
    gate: Gate

    def browser(self, address: str = "10.0.0.1") -> Browser:
        return Browser(self.gate, address)

    def restart(self) -> None:
        """As after the end of the process."""
        opening.close_door()
        opening.open_door(self.settings)
        self.gate = Gate(inside)


@pytest.fixture
def held(tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Class]:
    monkeypatch.setattr(passcode, "COST", 2**4)  # what costs an attacker time would cost it here as well
    shutil.copy(empty_store, tmp_path)
    settings = Settings.from_environment({"SATRACE_DATA": str(tmp_path), "SATRACE_PASSCODE": PASSCODE})
    opening.open_door(settings)
    store = open_data.store(settings.store_url)
    yield Class(settings, store, opened(store, "A", "B"), Gate(inside))
    opening.close_door()


def post(browser: Browser, path: str = "join", *, origin: str | None = HERE, **fields: str) -> Answer:
    headers = {"Origin": origin} if origin else {}
    return browser.post(f"/{path}", data={"way": "code", "lang": "en", **fields}, headers=headers)


def lead(browser: Browser, words: str = PASSCODE, name: str = "Ms Chen") -> Answer:
    return post(browser, way="passcode", name=name, passcode=words)


def said(answer: Answer) -> str:
    return next(iter(re.findall(r'role="alert">(.*?)<', answer.text)), "")


def test_strangers_get_nothing_but_the_door(held: Class) -> None:
    stranger = held.browser()
    for path in ("", "overview", "data?x=1", "class", "join/more", "//evil.example.com/", "\\evil", "JOIN"):
        answer = stranger.get(f"{HERE}/{path}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/join"), path
    for path in ("_stcore/stream", "_stcore/host-config", "_stcore/metrics", "media/a.csv", "static/js/a.js",
                 "component/a", "class-pulse?class=1"):  # fmt: skip
        assert stranger.get(f"/{path}").status_code == 403, path
    for method, path in (("PUT", "_stcore/upload_file/a/b"), ("POST", "overview"), ("DELETE", "join")):
        assert stranger.ask(method, f"/{path}").status_code in (403, 405)
    assert stranger.get("/_stcore/health").text == "nobody"
    assert not stranger.may_converse()
    assert stranger.get("/join", headers={"Host": "evil.example.com"}).status_code == 403
    assert visitors.visitor({}) is None, "nobody is the local analyst here"


def test_who_joins_is_a_member_whose_name_stands_in_no_address(held: Class, caplog: pytest.LogCaptureFixture) -> None:
    ann = held.browser()
    answer = post(ann, code=f" {held.klass.code.lower()} ", name=" Änn\u202e\n Li ", lang="zh-CN")
    assert (answer.status_code, answer.headers["location"]) == (303, "/class?lang=zh-CN")
    told = answer.headers["set-cookie"]
    assert f"{cookie.NAME}=" in told and "HttpOnly" in told and "SameSite=lax" in told and "Max-Age=259200" in told
    assert answer.headers["cache-control"] == "no-store" and "Secure" not in told
    (member,) = held.store.members(INSTRUCTOR, held.klass.id)
    assert member.name == "Änn Li" and ann.get("/overview").text == member.user_id
    assert ann.may_converse()
    assert ann.ask("PUT", "/_stcore/upload_file/a/b", content=b"x").status_code == 403
    assert "nn" not in "".join([answer.headers["location"], caplog.text])
    page = ann.get("/join")
    assert EN("door.inside", name="Änn Li") in page.text and "<input id" not in page.text
    assert post(held.browser("10.0.0.2"), code=held.klass.code, name="änn LI").status_code == 422, "one of a name"


def test_after_a_restart_everybody_is_who_they_were(held: Class) -> None:
    ann, chen = held.browser(), held.browser()
    post(ann, code=held.klass.code, name="Ann")
    assert lead(chen).status_code == 303
    before = [one.get("/x").text for one in (ann, chen)]
    held.restart()
    again = [held.browser(), held.browser()]
    for one, kept in zip(again, (ann, chen), strict=True):
        one.cookies = kept.cookies
    assert [one.get("/x").text for one in again] == before and "nobody" not in before
    other = Settings.from_environment(
        {"SATRACE_DATA": str(held.settings.data_folder), "SATRACE_PASSCODE": "another!"}
    )
    opening.open_door(other)
    assert [one.get("/x").status_code for one in again] == [200, 303], "with another passcode instructors come anew"
    assert post(again[0], "leave").headers["location"] == "/join?lang=en"
    assert again[0].get("/x").status_code == 303


def test_wrong_ones_wait_each_way_for_itself(held: Class) -> None:
    guesser = held.browser()
    answers = [lead(guesser, f"guess {n}") for n in range(7)]
    assert [a.status_code for a in answers] == [403] * 5 + [429] * 2
    assert said(answers[0]) == EN("door.wrong_passcode") and "guess" not in answers[0].text
    assert int(answers[5].headers["retry-after"]) >= 1 and said(answers[5]).startswith("Too many")
    assert lead(guesser).status_code == 429, "the right one waits as well"
    assert lead(held.browser("10.0.0.9")).status_code == 303
    assert post(guesser, code=held.klass.code, name="Gus").status_code == 303
    assert lead(guesser).status_code == 429, "a right code shortens nothing"
    codes = [post(held.browser("10.0.0.7"), code="ZZZZZZ", name="Gus").status_code for _ in range(6)]
    assert codes == [403] * 5 + [429]


def test_who_knows_a_code_does_not_fill_the_class_at_once(held: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrance, "ARRIVALS", Limit(2, 10.0))
    held.restart()
    assert [post(held.browser(), code=held.klass.code, name=f"G{n}").status_code for n in range(3)] == [303, 303, 429]
    assert post(held.browser("10.0.0.9"), code=held.klass.code, name="Li").status_code == 303
    assert lead(held.browser()).status_code == 303, "whoever teaches does not wait for a crowd"


def test_many_at_once_are_no_more_tries(held: Class) -> None:
    async def guess() -> list[int]:
        transport = httpx.ASGITransport(app=held.gate, client=("10.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url=HERE, headers={"Origin": HERE}) as client:
            forms = [{"way": "passcode", "name": "x", "passcode": f"guess {n}"} for n in range(30)]
            asked = [client.post("/join", data=form) for form in forms]
            return [answer.status_code for answer in await asyncio.gather(*asked)]

    assert sorted(awaited(guess())) == [403] * 5 + [429] * 25


FROM_HERE = ({"Origin": HERE}, {"Sec-Fetch-Site": "same-origin"})
FROM_ELSEWHERE = ({}, {"Origin": "null"}, {"Origin": "http://127.0.0.1:9"}, {"Origin": "http://["},
                  {"Origin": HERE, "Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
                  {"Sec-Fetch-Site": "none"})  # fmt: skip


def test_only_a_form_of_this_server_is_taken(held: Class) -> None:
    """One from elsewhere is not even compared, and takes nobody out."""
    for headers in (*FROM_HERE, *FROM_ELSEWHERE):
        is_ours = headers in FROM_HERE
        answer = held.browser().post("/join", data={"code": "ZZZZZZ", "name": "x"}, headers=headers)
        assert (answer.status_code, bool(said(answer))) == (403, is_ours), headers
        assert (held.browser().post("/leave", headers=headers).status_code == 403) != is_ours, headers


def test_a_form_is_bounded(held: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    form, browser = {"Origin": HERE, "Content-Type": form_body.KIND}, held.browser()
    long = b"name=" + b"x" * form_body.MOST_BYTES
    for body, kind, status in ((long, form_body.KIND, 413), (b"{}", "application/json", 415),
                               (b"name=%ff", form_body.KIND, 400), (b"name=\xff", form_body.KIND, 400),
                               (b"&".join([b"a=1"] * 20), form_body.KIND, 400)):  # fmt: skip
        assert browser.post("/join", content=body, headers={**form, "Content-Type": kind}).status_code == status
    monkeypatch.setattr(form_body, "LONGEST_S", 0.01)
    assert awaited(_stalled(held.gate)) == 408


async def _stalled(gate: Gate) -> int:
    """The answer to a form of which nothing comes."""
    sent: list[int] = []

    async def never() -> dict[str, object]:
        await asyncio.sleep(60)
        return {}

    async def send(message: dict[str, object]) -> None:
        sent.append(int(str(message.get("status", 0))))

    headers = [(b"host", b"127.0.0.1:8501"), (b"origin", HERE.encode()), (b"content-type", form_body.KIND.encode())]
    scope = {"type": "http", "method": "POST", "path": "/join", "query_string": b"", "headers": headers,
             "client": ("10.0.0.1", 1), "scheme": "http", "server": ("127.0.0.1", 8501)}  # fmt: skip
    await gate(scope, never, send)  # type: ignore[arg-type]
    return sent[0]


def test_the_page_speaks_both_languages_and_runs_nothing(held: Class) -> None:
    browser = held.browser()
    english, chinese = browser.get("/join"), browser.get("/join", headers={"Accept-Language": "zh-CN,en"})
    assert EN("door.title") in english.text and ZH("door.title") in chinese.text
    assert 'lang="zh-CN"' in browser.get("/join?lang=zh-CN").text
    policy = english.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script" not in policy and "frame-ancestors 'none'" in policy
    hostile = browser.get('/join?code=ab"><script>alert(1)</script>&lang=xx').text
    assert "<script" not in hostile and 'value="ABSCRIPTALERT1SC' in hostile
    again = post(browser, code='"><script>', name='"><script>')
    assert "<script" not in again.text and again.text.count("&quot;&gt;&lt;script&gt;") >= 2
    assert lead(browser, name=" \u200b").status_code == 422


def test_a_cookie_ends_after_three_days(held: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = held.browser()
    post(ann, code=held.klass.code, name="Ann")
    assert ann.get("/x").status_code == 200
    monkeypatch.setattr(cookie, "LASTS_S", -1)
    assert ann.get("/x").status_code == 303


def test_who_was_taken_out_is_out_and_who_was_moved_is_there(held: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = held.browser()
    post(ann, code=held.klass.code, name="Ann")
    user, door, now = visitors.visitor(dict(ann.cookies)), opening.current(), [0.0]
    assert user is not None and door is not None
    monkeypatch.setattr(members.RECENT, "clock", lambda: now[0])
    (member,) = held.store.members(INSTRUCTOR, held.klass.id)
    a, b = (group.key for group in held.store.groups(INSTRUCTOR, held.klass.id))
    for group in (a, b):
        held.store.place(INSTRUCTOR, member.id, group)
        now[0] += members.KEPT_S
        here = members.present(door, user)
        assert here is not None and (here.groups, here.attends) == ({group}, held.klass.id)
    held.store.remove_member(INSTRUCTOR, member.id)
    kept = "; ".join(f"{name}={value}" for name, value in ann.cookies.items()).encode()
    asked = {"type": "http", "query_string": f"class={held.klass.id}".encode(), "headers": [(b"cookie", kept)]}
    assert b'"away"' in bytes(awaited(class_strip.pulse(Request(asked))).body)
    assert members.present(door, user) is None, "known at once to a page that asks for news"
    assert EN("door.join") in ann.get("/join").text, "and can join again"
