"""The door itself: what the server answers at /join and /leave. Nothing typed ever stands in an address or a log."""

from __future__ import annotations

import asyncio
import logging
import math
from collections import Counter
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from data_access.access import User
from data_access.statement import Problem, Statement
from data_access.workshop import class_rules
from pages.frame.door import cookie, form_body, members
from pages.frame.door.address import below
from pages.frame.door.entering import Wrong, let_in
from pages.frame.door.form_body import Refused
from pages.frame.door.join_page import CODE, LONGEST_CODE, PASSCODE, Filled, drawn, drawn_inside
from pages.frame.door.opening import Door
from pages.frame.door.throttle import Limit, Throttle, network
from pages.words.catalogue import LANGUAGES, Catalogue

LOG = logging.getLogger("satrace")
JOIN, LEAVE = "join", "leave"
MOST_AT_ONCE, MOST_OF_ONE = 400, 60  # forms that are being read or wait for their turn
# Whoever knows a code could fill the class with names before the others come.
ARRIVALS, ARRIVALS_OF_ALL = Limit(60, 10.0), Limit(200, 2.0)
OTHERS = {"Cache-Control": "no-store", "Vary": "Cookie, Accept-Language"}
ANSWERS = {403: "Not from here.", 405: "Not in this way.", 408: "Too slow.", 413: "Too much.", 415: "No form."}


class Entrance:
    """Answers one request at a time of each way in: nobody gets more tries by sending them at once."""

    def __init__(self) -> None:
        self._throttles = {CODE: Throttle(), PASSCODE: Throttle()}
        self._arrivals = Throttle(one=ARRIVALS, everybody=ARRIVALS_OF_ALL)
        self._turns = {CODE: asyncio.Lock(), PASSCODE: asyncio.Lock()}
        self._inside: Counter[str] = Counter()

    async def answer(self, door: Door, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request to /join or /leave."""
        request = Request(scope, receive)
        response = await self._response(door, path, request)
        response.headers.update(OTHERS)
        await response(scope, receive, send)

    async def _response(self, door: Door, path: str, request: Request) -> Response:
        verb = request.method
        try:
            if verb == "POST":
                return await self._post(door, path, request)
            if verb in ("GET", "HEAD") and path == JOIN:
                return await _shown(door, request)
        except Refused as refused:
            return _plain(refused.status)
        return _plain(405)

    async def _post(self, door: Door, path: str, request: Request) -> Response:
        if not form_body.is_from_here(request):
            return _plain(403)
        whose = _address(request)
        if self._inside.total() >= MOST_AT_ONCE or self._inside[network(whose)] >= MOST_OF_ONE:
            return _plain(429)
        self._inside[network(whose)] += 1
        try:
            given = await form_body.fields(request)
            return _left(given) if path == LEAVE else await self._entered(door, whose, given, request)
        finally:
            self._inside -= Counter([network(whose)])

    async def _entered(self, door: Door, whose: str, given: Mapping[str, str], request: Request) -> Response:
        said, words = _filled(given), _words(given.get("lang", ""), request)
        throttle = self._throttles[said.way]
        async with self._turns[said.way]:
            if wait := math.ceil(throttle.wait_s(whose)):
                return _later(words, said, "door.wait", wait)
            if said.way == CODE and (wait := math.ceil(self._arrivals.wait_s(whose))):
                return _later(words, said, "door.crowd", wait)
            try:
                user = await asyncio.to_thread(let_in, door, said)
            except Wrong:
                throttle.note(whose)
                return HTMLResponse(drawn(words, said, Statement(f"door.wrong_{said.way}")), 403)
            except Problem as problem:
                return HTMLResponse(drawn(words, said, problem.statement), 422)
            except Exception as error:  # what it says may hold what was typed
                LOG.error("nobody can join: %s", type(error).__name__)
                return HTMLResponse(drawn(words, said, Statement("door.trouble")), 503)
            if said.way == CODE:
                self._arrivals.note(whose)
        return _welcomed(door, user, words)


def _later(words: Catalogue, said: Filled, why: str, seconds: int) -> Response:
    trouble = Statement(why, {"seconds": seconds})
    return HTMLResponse(drawn(words, said, trouble), 429, {"Retry-After": str(seconds)})


async def _shown(door: Door, request: Request) -> Response:
    """The page at the door; whoever is in already is led on, unless their class is over and a code asks them in."""
    words = _words(request.query_params.get("lang", ""), request)
    user = door.signer.user(request.cookies)
    here = user and await asyncio.to_thread(members.present, door, user)
    code = class_rules.typed_code(request.query_params.get("code", ""))[:LONGEST_CODE]
    over = await asyncio.to_thread(members.is_over, door, here) if here and code else False
    if here and not over:
        return HTMLResponse(drawn_inside(words, here.name))
    return HTMLResponse(drawn(words, Filled(code=code)))


def _welcomed(door: Door, user: User, words: Catalogue) -> Response:
    """On to the class, with what tells this person from now on."""
    response = RedirectResponse(f"{below()}/class?lang={words.language}", 303)
    response.set_cookie(
        cookie.NAME, door.signer.written(user), cookie.LASTS_S, path=below() or "/", httponly=True, samesite="lax"
    )
    return response


def _left(given: Mapping[str, str]) -> Response:
    language = given.get("lang", "")
    query = f"?lang={language}" if language in LANGUAGES else ""
    response = RedirectResponse(f"{below()}/{JOIN}{query}", 303)
    response.delete_cookie(cookie.NAME, path=below() or "/", httponly=True, samesite="lax")
    return response


def _filled(given: Mapping[str, str]) -> Filled:
    way = PASSCODE if given.get("way") == PASSCODE else CODE
    return Filled(way, given.get("code", "")[:64], given.get("name", "")[:256], given.get("passcode", "")[:1024])


def _words(asked: str, request: Request) -> Catalogue:
    """In the language that was asked for, else in the browser's first."""
    if asked in LANGUAGES:
        return Catalogue.load(asked)
    first = request.headers.get("accept-language", "").strip().lower()
    return Catalogue.load("zh-CN" if first.startswith("zh") else "en")


def _plain(status: int) -> Response:
    return PlainTextResponse(ANSWERS.get(status, "Not now."), status)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
